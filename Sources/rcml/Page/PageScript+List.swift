/// The list of calls and its filter.
extension PageScript {
  static let list = #"""
    // MARK: the list of calls

    let rows = [];
    const list = h("div", { class: "rows", role: "list", "aria-label": "Calls" });
    const nothing = h("p", { class: "none", hidden: true }, "No call is like that.");
    const find = h("input", {
      type: "search", placeholder: "Filter: party, CallSid, status, reason", "aria-label": "Filter",
      oninput: () => { state.words = find.value.toLowerCase(); filter(); },
    });
    const failedOnly = h("div", { class: "seg" }, h("button", {
      "aria-pressed": "false", title: "Only calls that failed (f)", onclick: () => showFailed(),
    }, "Failed"));
    const title = h("h1", {}, document.title);
    const sum = h("span", { class: "sum" });
    const liveMark = h("span", { class: "live" }, "live");

    function row(call, index) {
      const why = call.failed && call.reason && call.reason.text;
      const node = h("a", {
        class: "row " + tone(call), href: "#/" + call.call, role: "listitem", "data-index": index,
      },
        h("div", { class: "top" },
          h("span", { class: "no" }, call.call), h("span", { class: "time" }, began(call)),
          h("span", { class: "how" }, [outcome(call), length(call)].filter(Boolean).join(" · "))),
        h("div", { class: "who" }, short(call.from), h("i", {}, " → "), short(call.to)),
        why && h("div", { class: "why", title: shown(why) }, shown(why)));
      const words = [call.call, call.sid, call.call_id, call.from, call.to, outcome(call),
        call.reason && call.reason.text, call.reason && call.reason.name,
        ...(call.legs || []).flatMap((leg) => [leg.to, leg.sid, leg.call_id])];
      return { node, call, words: words.filter(Boolean).join("\n").toLowerCase() };
    }

    function drawList() {
      const top = list.scrollTop;
      rows = state.calls.map(row);
      list.replaceChildren(...rows.map((row) => row.node), nothing);
      list.scrollTop = top;
      const failed = state.calls.filter((call) => call.failed).length;
      sum.replaceChildren(plural(state.calls.length, "call"),
        failed ? h("b", {}, " · " + failed + " failed") : "");
      filter();
      markRow();
    }

    function filter() {
      const wanted = state.words.split(/\s+/).filter(Boolean);
      let count = 0;
      for (const row of rows) {
        const isShown = (!state.failedOnly || row.call.failed)
          && wanted.every((word) => row.words.includes(word));
        row.node.hidden = !isShown;
        if (isShown) count += 1;
      }
      nothing.hidden = count > 0;
    }

    function showFailed(value = !state.failedOnly) {
      state.failedOnly = value;
      failedOnly.firstChild.setAttribute("aria-pressed", String(value));
      filter();
    }

    function markRow() {
      rows.forEach((row, index) => {
        if (index === state.index) row.node.setAttribute("aria-current", "true");
        else row.node.removeAttribute("aria-current");
      });
    }

    // Where a key leads, before the hash is followed: the next key may come sooner.
    let aim = null;
    function step(by) {
      const seen = rows.map((row, index) => index).filter((index) => !rows[index].node.hidden);
      const at = seen.indexOf(aim === null ? state.index : aim);
      const next = seen[Math.max(0, Math.min(seen.length - 1, at < 0 ? 0 : at + by))];
      if (next === undefined) return;
      aim = next;
      location.hash = "#/" + state.calls[next].call;
      rows[next].node.scrollIntoView({ block: "nearest" });
    }

    function choice(name, values, current, change) {
      const box = h("div", { class: "seg", role: "group", "aria-label": name });
      for (const value of values) {
        box.append(h("button", {
          "aria-pressed": String(value === current), onclick: () => {
            for (const button of box.children) {
              button.setAttribute("aria-pressed", String(button.textContent === value));
            }
            change(value);
          },
        }, value));
      }
      return box;
    }
    """#
}
