/// What an arrow opens.
extension PageScript {
  static let panel = #"""
    // MARK: what an arrow opens

    const panel = h("aside", { hidden: true, "aria-label": "Message", tabindex: "-1" });

    function open(index) {
      const entry = state.entries[index], call = state.calls[state.index];
      state.entry = entry ? index : -1;
      for (const node of root.querySelectorAll("[data-entry]")) {
        if (Number(node.dataset.entry) === state.entry) node.setAttribute("aria-current", "true");
        else node.removeAttribute("aria-current");
      }
      const was = root.classList.contains("open");
      root.classList.toggle("open", Boolean(entry));
      panel.hidden = !entry;
      if (was !== Boolean(entry)) fit();
      if (!entry) return;
      const time = (entry.unix_us ? day(entry.unix_us) + " " + clock(entry.unix_us) + " · " : "")
        + seconds(entry.at_us - call.at_us) + " s";
      panel.replaceChildren(
        h("button", { class: "close", title: "Close (Esc)", "aria-label": "Close",
          onclick: () => shut() }, "×"), contents(entry, time));
      panel.scrollTop = 0;
    }

    function contents(entry, time) {
      const meta = (...parts) => h("p", { class: "meta" }, parts.filter(Boolean).join(" · "));
      if (entry.kind === "message") {
        return h("div", {}, h("h3", {}, label(entry)),
          meta((entry.sent ? "to " : "from ") + (entry.leg ? "leg " + entry.leg : "the caller"), entry.peer,
            time), message(shown(entry.text)));
      }
      if ("exchange" in entry) return exchange(entry, meta, time);
      const name = { finding: entry.severity + " " + entry.name, verb: "<" + entry.name + ">" }[entry.kind];
      return h("div", {}, h("h3", {}, name || entry.kind), meta(time, entry.code,
        entry.line && "line " + entry.line + (entry.column ? ", column " + entry.column : "")),
        entry.text && h("p", {}, shown(entry.text)), entry.body && h("pre", {}, shown(entry.body)),
        entry.fix && h("p", {}, h("b", {}, "Try: "), entry.fix),
        entry.kind === "verb" && h("p", {}, h("a", {
          href: "#/" + state.calls[state.index].call + "/document" }, "Show it in its document.")));
    }

    // A SIP message: its first line, its headers, its body.
    function message(text) {
      const [top, ...rest] = text.split("\n\n");
      const body = rest.join("\n\n").trim();
      const [first, ...headers] = top.trim().split("\n");
      return h("pre", {}, h("b", {}, first), "\n", headers.map((line) => {
        const mark = line.search(/:/);
        return mark > 0 && !/^\s/.test(line)
          ? [h("span", { class: "n" }, line.slice(0, mark)), line.slice(mark), "\n"] : [line, "\n"];
      }), body && h("span", { class: "body" }, body));
    }

    function exchange(entry, meta, time) {
      const both = state.entries.filter((other) => other.exchange === entry.exchange);
      const request = both.find((other) => other.kind === "request") || entry;
      const end = both.filter((other) => other.kind !== "request").pop();
      return h("div", {},
        h("h3", {}, request.method ? request.method + " " + shown(request.url) : label(entry)),
        meta(time, end && end !== request ? "answered after "
          + Math.round((end.at_us - request.at_us) / 1000) + " ms" : "no answer"),
        h("h4", {}, "Answer"),
        h("pre", {}, h("b", {}, result(end) + (end && end.type ? " " + end.type : "")),
          end && end.location ? "\nLocation: " + shown(end.location) : "",
          end && end.body && h("span", { class: "body" }, shown(end.body))),
        request.body && [h("h4", {}, "Parameters"), form(request.body)],
        request.headers && request.headers.length > 0 && [h("h4", {}, "Request headers"),
          h("pre", {}, request.headers.map(shown).join("\n"))]);
    }

    function form(body) {
      const pairs = body.split("&").map((pair) => pair.split("=").map((part) => {
        try { return decodeURIComponent(part.replace(/\+/g, " ")); } catch { return part; }
      }));
      return h("table", {}, h("tbody", {}, pairs.map(([name, value]) =>
        h("tr", {}, h("td", {}, shown(name)), h("td", { class: "mono" }, shown(value))))));
    }

    function shut() {
      const call = state.calls[state.index];
      if (call) location.hash = "#/" + call.call;
    }
    """#
}
