/// Where the reader is, keys, and a live page's questions.
extension PageScript {
  static let main = #"""
    // MARK: where we are: #/3 is a call, #/3/17 one thing in it, #/3/web a part of it

    async function follow() {
      const [, number, part] = location.hash.split("/");
      let index = state.calls.findIndex((call) => String(call.call) === number);
      if (index < 0) {
        const failed = state.calls.findIndex((call) => call.failed);
        index = number === undefined ? Math.max(failed, state.calls.length ? 0 : -1) : -1;
      }
      const isOther = index !== state.index;
      aim = null;
      state.index = index;
      if (isOther) {
        state.entries = await entriesOf(index);
        state.entry = -1;
        draw();
        root.querySelector("main").scrollTop = 0;
      }
      markRow();
      open(/^\d+$/.test(part || "") ? Number(part) : -1);
      const section = part && document.getElementById(/^\d+$/.test(part) ? "e" + part : part);
      if (section) {
        const isSection = section.tagName === "SECTION";
        section.scrollIntoView({ block: isSection ? "start" : "nearest" });
        if (!isSection && isOther === false) section.focus({ preventScroll: true });
      }
    }

    function move(by) {
      const seen = state.entries.map((entry, index) => index)
        .filter((index) => isDrawn(state.entries[index]));
      if (!seen.length) return;
      const at = seen.indexOf(state.entry);
      const next = at < 0 ? (by > 0 ? 0 : seen.length - 1)
        : Math.max(0, Math.min(seen.length - 1, at + by));
      // The next key may come before the hash is followed.
      state.entry = seen[next];
      location.hash = "#/" + state.calls[state.index].call + "/" + seen[next];
    }

    const keys = [["j, ↓", "next line of the ladder"], ["k, ↑", "line before"],
      ["n, ]", "next call"], ["p, [", "call before"], ["/", "filter"], ["f", "only calls that failed"],
      ["t", "local time, UTC, seconds"], ["1 2 3 4", "ladder, documents, web, sound"],
      ["Esc", "close"], ["?", "these keys"]];
    function help() {
      const old = document.querySelector(".keys");
      if (old) return old.remove();
      const box = h("div", { class: "keys", onclick: () => box.remove() }, h("div", { role: "dialog" },
        h("h3", {}, "Keys"), h("table", {}, keys.map(([key, what]) =>
          h("tr", {}, h("td", {}, key.split(" ").map((one) => [h("kbd", {}, one.replace(",", "")), " "])),
            h("td", {}, what))))));
      document.body.append(box);
    }

    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") {
        if (document.querySelector(".keys")) return help();
        if (event.target === find) return find.blur();
        return shut();
      }
      if (event.target === find) return event.key === "Enter" ? (find.blur(), step(0)) : undefined;
      const call = state.calls[state.index];
      const parts = ["ladder", "document", "web", "sound"];
      const act = {
        "/": () => find.focus(), f: () => showFailed(), "?": help, n: () => step(1), "]": () => step(1),
        p: () => step(-1), "[": () => step(-1), j: () => move(1), ArrowDown: () => move(1),
        k: () => move(-1), ArrowUp: () => move(-1),
        t: () => times.children[(["local", "utc", "relative"].indexOf(state.time) + 1) % 3].click(),
      }[event.key] || (/^[1-4]$/.test(event.key) && call
        && (() => { location.hash = "#/" + call.call + "/" + parts[event.key - 1]; }));
      if (!act) return;
      event.preventDefault();
      act();
    });

    const times = choice("Times", ["local", "UTC", "seconds"], "local", (value) => {
      state.time = { local: "local", UTC: "utc", seconds: "relative" }[value];
      drawList();
      draw();
      open(state.entry);
    });

    // MARK: live

    // The list is asked for again and again; a call that is looked at, when something happened in it.
    async function refresh() {
      try {
        const answer = await fetch("calls.json?edition=" + state.edition, { cache: "no-store" });
        if (!answer.ok) throw new Error(answer.status);
        liveMark.classList.remove("lost");
        liveMark.firstChild.data = "live";
        if (answer.status === 204) return;
        const told = await answer.json();
        const before = state.calls[state.index];
        state.edition = told.edition;
        state.calls = told.calls;
        state.index = before ? state.calls.findIndex((call) => call.call === before.call) : -1;
        drawList();
        const call = state.calls[state.index];
        if (!call) return follow();
        if (JSON.stringify(call) === JSON.stringify(before)) return;
        state.entries = await entriesOf(state.index);
        const main = root.querySelector("main"), top = main.scrollTop;
        draw();
        main.scrollTop = top;
      } catch {
        liveMark.classList.add("lost");
        liveMark.firstChild.data = "not connected";
      }
    }

    root.append(
      h("header", { class: "bar" }, title, sum, isLive && liveMark, h("span", { class: "fill" }), times,
        h("div", { class: "seg" }, h("button", { title: "Keys (?)", onclick: help }, "?"))),
      h("nav", { class: "calls", "aria-label": "Calls" }, h("div", { class: "find" }, find, failedOnly),
        list),
      h("main", {}), panel);
    window.addEventListener("hashchange", follow);
    let width = window.innerWidth;
    window.addEventListener("resize", () => {
      if (width === window.innerWidth) return;
      width = window.innerWidth;
      fit();
    });
    if (isLive) {
      draw();
      let timer;
      const again = () => {
        clearTimeout(timer);
        refresh().then(() => { timer = setTimeout(again, document.hidden ? 10000 : 2000); });
      };
      document.addEventListener("visibilitychange", () => document.hidden || again());
      again();
    } else {
      state.calls = stored("calls");
      drawList();
      // Milliseconds since the page was asked for, for whoever measures it.
      follow().then(() => document.documentElement.setAttribute(
        "data-ready", Math.round(performance.now())));
    }
    """#
}
