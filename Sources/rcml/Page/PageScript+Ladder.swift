/// The ladder, as a drawing.
extension PageScript {
  static let ladder = #"""
    // MARK: the ladder

    const ROW = 25, HEAD = 46, LEFT = 104;

    // Only what is drawn; the documents' own section has the rest.
    const isDrawn = (entry) => !["document", "reception"].includes(entry.kind);
    const isArrow = (entry) =>
      ["message", "request", "reply", "failure", "abort"].includes(entry.kind);

    function columns(call, entries) {
      const legs = (call.legs || []).map((leg) => ({ key: leg.leg, name: "leg " + leg.leg,
        sub: short(leg.to) }));
      // Whom we call is the caller of the document all the same.
      const isOurs = call.direction === "outgoing";
      const found = [{ key: 0, name: "caller", sub: short(isOurs ? call.to : call.from) },
        { key: "own", name: "rcml", sub: isOurs && !call.from ? "" : short(isOurs ? call.from : call.to) },
        ...legs];
      if (entries.some((entry) => "exchange" in entry)) found.push({ key: "web", name: "web", sub: "" });
      return found;
    }

    const code = (entry) => entry.kind === "message"
      ? Number((/^SIP\/2\.0 (\d{3})/.exec(entry.text) || [])[1] || 0)
      : entry.kind === "reply" ? entry.status : 0;
    // 401 and 407 ask for credentials, and 487 follows a CANCEL: nothing has failed by them, unless they are asked for again.
    function toneOf(entry) {
      const status = code(entry);
      const isExpected = status === 487 || [401, 407].includes(status) && entry.kind === "message"
        && /^CSeq: *1 /mi.test(entry.text);
      if (entry.kind === "failure" || status >= 400 && !isExpected) return "bad";
      if (entry.kind !== "message") return "web";
      return status > 0 && status < 200 || /^ACK /.test(entry.text) ? "dim" : "";
    }
    function noteTone(entry) {
      if (entry.kind === "verb") return "verb";
      if (entry.kind === "finding") return entry.severity === "error" ? "bad" : "warn";
      if (entry.kind === "journal" || entry.kind === "refusal") return "warn";
      // A reason says its word and its number first.
      const reason = /^([a-z-]+) \d{5}: /.exec(entry.text);
      if (reason) return ["end", "hangup", "replaced", "canceled"].includes(reason[1]) ? "" : "bad";
      return /\((failed|busy|no-answer)\)|: (failed|busy|no-answer)$/.test(entry.text) ? "bad" : "";
    }
    function words(entry) {
      if (entry.kind === "verb") return "<" + entry.name + ">" + (entry.line ? " line " + entry.line : "")
        + (entry.leg ? ", leg " + entry.leg : "");
      if (entry.kind === "finding") return (entry.line ? "line " + entry.line + ": " : "")
        + shown(entry.text);
      return shown(entry.text);
    }
    function label(entry) {
      if (entry.kind === "failure") return "✗ " + shown(entry.text);
      if (entry.kind === "abort") return "given up";
      const text = shown(entry.label).trim();
      return entry.repeated ? text + " again" : text;
    }
    const clip = (text, most) => text.length > most ? text.slice(0, Math.max(1, most - 1)) + "…" : text;

    function ladder(call, entries) {
      const cols = columns(call, entries);
      const room = Math.max(560, root.querySelector("main").clientWidth - 60);
      const gap = Math.max(136, Math.min(270, (room - LEFT - 130) / Math.max(1, cols.length - 1)));
      const first = LEFT + 60;
      const place = new Map(cols.map((column, index) => [column.key, first + index * gap]));
      const own = place.get("own");
      const width = Math.max(first + gap * (cols.length - 1) + 70, Math.min(room, own + 520));
      const body = [];
      let y = HEAD + 10, before = null, said = "";
      entries.forEach((entry, index) => {
        if (!isDrawn(entry)) return;
        if (before !== null && entry.at_us - before >= 1e6) {
          body.push(s("text", { class: "gap", x: own + 10, y: y + 11 },
            "⋮ " + ((entry.at_us - before) / 1e6).toFixed(1) + " s"));
          y += 20;
        }
        before = entry.at_us;
        const time = when(entry, call);
        body.push(line(call, entry, index, { y, own, place, gap, width, time: time === said ? "" : time }));
        said = time;
        y += ROW;
      });
      const rails = cols.map((column) => s("line", {
        class: "rail" + (column.key === "own" ? " own" : ""), x1: place.get(column.key),
        x2: place.get(column.key), y1: HEAD - 4, y2: y + 4 }));
      const heads = cols.flatMap((column) => [
        s("text", { class: "party", x: place.get(column.key), y: 17, "text-anchor": "middle" },
          column.name),
        s("text", { class: "sub", x: place.get(column.key), y: 33, "text-anchor": "middle" },
          clip(column.sub, Math.floor(gap / 6.2)), s("title", {}, column.sub))]);
      return h("div", { class: "ladder" },
        s("svg", { width, height: y + 10, viewBox: `0 0 ${width} ${y + 10}`, role: "group",
          "aria-label": "Ladder" }, rails, heads, body));
    }

    function line(call, entry, index, { y, own, place, gap, width, time }) {
      const mid = y + ROW / 2;
      const parts = [s("rect", { class: "row-hit", x: 0.5, y: y + 0.5, width: width - 1, height: ROW - 1,
        rx: 4 })];
      if (time) parts.push(s("text", { class: "when", x: LEFT - 8, y: mid + 4 }, time));
      let name, style;
      if (isArrow(entry)) {
        const other = place.get("exchange" in entry ? "web" : entry.leg) || own;
        const from = entry.sent ? own : other, to = entry.sent ? other : own;
        const way = to > from ? 1 : -1;
        style = toneOf(entry) + (entry.repeated ? " again" : "");
        name = label(entry);
        const near = other > own ? own + gap / 2 : own - gap / 2;
        const far = Math.abs(other - own), isFar = far > gap * 1.5;
        parts.push(
          s("line", { class: "shaft", x1: from, x2: to - way * 7, y1: mid + 5, y2: mid + 5 }),
          s("path", { class: "tip", d: `M${to} ${mid + 5}l${-way * 8} -3.6v7.2z` }),
          s("text", { class: "label" + (isFar ? " far" : ""), x: isFar ? own + 15 : near, y: mid },
            clip(name, Math.floor((isFar ? far - 30 : gap - 18) / 7.3))));
      } else {
        const kind = noteTone(entry);
        style = "";
        name = words(entry);
        parts.push(s("circle", { class: "dot " + kind, cx: own, cy: mid, r: 3 }),
          s("text", { class: "note " + kind, x: own + 11, y: mid + 4 },
            clip(name, Math.floor((width - own - 14) / 6.7))));
      }
      return s("a", {
        href: "#/" + call.call + "/" + index, id: "e" + index, class: style, "data-entry": index,
        "aria-label": when(entry, call) + " " + name,
        "aria-current": index === state.entry ? "true" : null,
      }, parts, s("title", {}, name));
    }
    """#
}
