/// What all parts of the script use: nodes, times, words, and what is known.
extension PageScript {
  static let base = #"""
    "use strict";
    // Whatever a peer sent becomes text by way of textContent, and nothing else.
    const isLive = document.body.dataset.live === "true";
    const root = document.getElementById("page");
    const SVG = "http://www.w3.org/2000/svg";

    function make(space, name, attributes, children) {
      const node = space ? document.createElementNS(space, name) : document.createElement(name);
      for (const [key, value] of Object.entries(attributes || {})) {
        if (value === null || value === undefined || value === false) continue;
        if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
        else node.setAttribute(key, value === true ? "" : value);
      }
      for (const child of children.flat(Infinity)) {
        if (child === null || child === undefined || child === false) continue;
        node.append(child.nodeType ? child : document.createTextNode(String(child)));
      }
      return node;
    }
    const h = (name, attributes, ...children) => make(null, name, attributes, children);
    const s = (name, attributes, ...children) => make(SVG, name, attributes, children);
    const shown = (text) =>
      (text || "").replace(/\r/g, "").replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, "\uFFFD");
    const party = (uri) => (uri || "–").replace(/^sips?:/, "");
    const short = (uri) => party(uri).replace(/[;?].*$/, "");

    // MARK: what is known

    const state = {
      calls: [], index: -1, entry: -1, entries: [], failedOnly: false, words: "", time: "local",
      edition: -1,
    };

    function stored(id) {
      const node = document.getElementById(id);
      return node ? JSON.parse(node.textContent) : [];
    }

    // Of a page that holds everything: the entries of a call are read when somebody looks at it.
    async function entriesOf(index) {
      if (index < 0) return [];
      if (!isLive) return stored("call-" + index);
      const answer = await fetch("call.json?call=" + state.calls[index].call, { cache: "no-store" });
      return answer.ok ? answer.json() : [];
    }

    // MARK: times

    const two = (number) => String(number).padStart(2, "0");
    function clock(us) {
      const date = new Date(us / 1000);
      const utc = state.time === "utc";
      const parts = utc
        ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
        : [date.getHours(), date.getMinutes(), date.getSeconds()];
      return parts.map(two).join(":") + "." + String(date.getUTCMilliseconds()).padStart(3, "0");
    }
    function day(us) {
      const date = new Date(us / 1000);
      const parts = state.time === "utc"
        ? [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
        : [date.getFullYear(), date.getMonth() + 1, date.getDate()];
      return parts.map(two).join("-");
    }
    const seconds = (us) => (Math.max(0, us) / 1e6).toFixed(3);
    // Of a thing in a call; without a calendar, since the call began.
    function when(thing, call) {
      if (state.time === "relative" || !thing.unix_us) return seconds(thing.at_us - call.at_us);
      return clock(thing.unix_us);
    }
    const began = (call) => call.unix_us && state.time !== "relative"
      ? clock(call.unix_us) : seconds(call.at_us);

    // MARK: words

    function outcome(call) {
      if (!call.status) return isLive ? "running" : "not ended";
      return call.status + (call.sip_code ? " " + call.sip_code : "");
    }
    const tone = (call) => !call.failed ? (call.status ? "" : "now")
      : call.status === "completed" ? "warn" : "bad";
    const length = (call) => call.duration ? call.duration + " s" : "";
    const sentence = (text) => shown(text).replace(/\.?$/, ".")
      .replace(/^[a-z]+(?= )/, (word) => word[0].toUpperCase() + word.slice(1));
    const plural = (count, word) => count + " " + word + (count === 1 ? "" : "s");
    """#
}
