/// One call: its head, its documents, its web requests.
extension PageScript {
  static let call = #"""
    // MARK: one call

    function fact(name, value, isCode) {
      return value !== undefined && value !== "" && value !== null
        && h("div", {}, h("dt", {}, name), h("dd", { class: isCode ? "mono" : null }, value));
    }

    function head(call) {
      const reason = call.reason || {};
      const isBad = call.failed;
      return h("div", { class: "head" },
        h("div", { class: "kick" }, "Call " + call.call, h("span", { class: "badge " + tone(call) },
          outcome(call))),
        h("h2", {}, party(call.from), h("i", {}, " → "), party(call.to)),
        reason.text && (call.status || isBad) && h("div", { class: "verdict " + tone(call) },
          h("p", { class: "say" }, sentence(reason.text),
            isBad && reason.code && h("code", {}, reason.code + " " + reason.name)),
          isBad && reason.fix && h("p", { class: "try" }, h("b", {}, "Try: "), reason.fix)),
        h("dl", { class: "facts" },
          fact("Began", call.unix_us ? day(call.unix_us) + " " + clock(call.unix_us)
            : seconds(call.at_us) + " s"),
          fact("Lasted", call.duration !== undefined ? call.duration + " s" : ""),
          fact("Ended by", call.hangup_by), fact("Direction", call.direction),
          fact("CallSid", call.sid, true), fact("Call-ID", call.call_id, true)));
    }

    function draw() {
      const call = state.calls[state.index];
      const main = root.querySelector("main");
      if (!call) {
        main.replaceChildren(h("p", { class: "quiet" }, state.calls.length
          ? "Choose a call. Keys: ? tells them."
          : isLive ? "No call yet. This page shows it when it comes." : "There is no call in it."));
        return;
      }
      const entries = state.entries;
      const texts = documents(entries), web = exchanges(entries), sound = heard(call, entries);
      const part = (id, name, count, content) => h("section", { id, "aria-label": name },
        h("h3", {}, name), content);
      main.replaceChildren(head(call),
        h("nav", { class: "parts", "aria-label": "Parts" },
          [["ladder", "Ladder", 0], ["document", "Documents", texts.length],
            ["web", "Web requests", web.length], ["sound", "Sound", 0]].map(([id, name, count]) =>
            h("a", { href: "#/" + call.call + "/" + id }, name, count > 0 && h("small", {}, count)))),
        part("ladder", "Ladder", 0, ladder(call, entries)),
        part("document", "Documents", texts.length, texts.length
          ? texts.map((text) => documentBox(call, text))
          : h("p", { class: "quiet" }, "No document was read.")),
        part("web", "Web requests", web.length, web.length ? webTable(call, web)
          : h("p", { class: "quiet" }, "Nothing was asked of the web.")),
        part("sound", "Sound", 0, sound));
    }

    // The ladder has the room that it is given.
    function fit() {
      const old = root.querySelector(".ladder"), call = state.calls[state.index];
      if (old && call) old.replaceWith(ladder(call, state.entries));
    }

    // MARK: documents

    // Documents in the order in which they came, each with the verbs that ran and what was found.
    function documents(entries) {
      const found = [], asked = new Map();
      for (const entry of entries) {
        if (entry.kind === "request") asked.set(entry.exchange, entry);
        if (entry.kind === "document") found.push(read("given by the host", entry));
        const request = asked.get(entry.exchange);
        if (entry.kind === "reply" && entry.body && isDocument(entry) && !isCallback(request)) {
          found.push(read(request ? request.method + " " + request.url : "web", entry));
        }
        if (entry.kind === "verb" && entry.line) {
          const at = found.slice().reverse().find((text) =>
            (text.lines[entry.line - 1] || "").includes("<" + entry.name));
          if (at) (at.ran[entry.line] = at.ran[entry.line] || []).push(entry);
        }
        if (entry.kind === "finding" && entry.line && found.length) {
          const at = found[found.length - 1];
          (at.told[entry.line] = at.told[entry.line] || []).push(entry);
        }
      }
      return found;
    }
    // What a callback is answered is read by nobody.
    const isCallback = (request) => request
      && /(^|&)(StatusCallbackEvent|RecordingStatus)=/.test(request.body || "");
    const isDocument = (entry) => /xml|html|plain/.test(entry.type || "")
      && /^\s*(\uFEFF)?</.test(entry.body);
    function read(source, entry) {
      return { source, entry, ran: {}, told: {}, lines: shown(entry.body).replace(/\n$/, "").split("\n") };
    }

    function documentBox(call, text) {
      const items = [];
      text.lines.forEach((content, index) => {
        const ran = text.ran[index + 1] || [], told = text.told[index + 1] || [];
        items.push(h("li", { class: told.length ? "found" : ran.length ? "ran" : null },
          h("i", {}, index + 1), h("code", {}, coloured(content)),
          ran.length > 0 && h("span", {}, "ran " + ran.slice(0, 3).map((entry) =>
            when(entry, call) + (entry.leg ? " (leg " + entry.leg + ")" : "")).join(", ")
            + (ran.length > 3 ? " and " + (ran.length - 3) + " times more" : ""))));
        for (const finding of told) {
          items.push(h("li", { class: "told " + finding.severity }, h("i", {}, "▲"),
            h("span", {}, shown(finding.text))));
        }
      });
      return h("div", { class: "doc" },
        h("h4", {}, h("b", {}, text.source), " · " + when(text.entry, call) + " · "
          + plural(text.entry.size || 0, "octet"), text.entry.type ? " · " + text.entry.type : ""),
        h("ol", {}, items));
    }

    // Tags and attributes of one line, as nodes.
    function coloured(text) {
      const nodes = [];
      let rest = 0;
      for (const match of text.matchAll(/<\/?[A-Za-z][\w:.-]*|\s[\w:.-]+(?==")|\/?>/g)) {
        nodes.push(text.slice(rest, match.index));
        nodes.push(h("span", { class: match[0].startsWith("<") || match[0].endsWith(">") ? "tag" : "att" },
          match[0]));
        rest = match.index + match[0].length;
      }
      nodes.push(text.slice(rest));
      return nodes;
    }

    // MARK: requests and replies

    function exchanges(entries) {
      const found = new Map();
      entries.forEach((entry, index) => {
        if (!("exchange" in entry)) return;
        if (entry.kind === "request") found.set(entry.exchange, { request: entry, index });
        else if (found.has(entry.exchange)) found.get(entry.exchange).end = entry;
      });
      return [...found.values()];
    }

    const result = (end) => !end ? "no answer yet" : end.kind === "reply" ? end.status
      : end.kind === "abort" ? "given up" : shown(end.text);

    function webTable(call, web) {
      return h("div", { class: "wide" }, h("table", {},
        h("thead", {}, h("tr", {}, ["Time", "", "URL", "Answer", "Type"].map((name) => h("th", {}, name)),
          h("th", { class: "num" }, "Took"), h("th", { class: "num" }, "Octets"))),
        h("tbody", {}, web.map(({ request, end, index }) => h("tr", {
          class: "go " + (end && toneOf(end) === "bad" ? "bad" : ""),
          onclick: () => { location.hash = "#/" + call.call + "/" + index; } },
          h("td", { class: "time" }, when(request, call)),
          h("td", {}, h("a", { href: "#/" + call.call + "/" + index }, request.method)),
          h("td", { class: "url" }, shown(request.url)),
          h("td", {}, result(end)), h("td", {}, end && (end.type || "").split(";")[0]),
          h("td", { class: "num" }, end ? Math.round((end.at_us - request.at_us) / 1000) + " ms" : ""),
          h("td", { class: "num" }, end && end.size || ""))))));
    }
    """#
}
