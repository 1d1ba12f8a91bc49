/// What was said and heard, and how it came.
extension PageScript {
  static let sound = #"""
    // MARK: sound

    function heard(call, entries) {
      const said = entries.filter((entry) => entry.kind === "sound"
        || entry.kind === "event" && /^recording/.test(entry.text)
        || entry.kind === "host" && /speech/.test(entry.text));
      const lines = said.length
        ? h("ul", { class: "heard" }, said.map((entry) => h("li", {},
          h("span", { class: "time" }, when(entry, call)), h("span", {}, shown(entry.text)))))
        : h("p", { class: "quiet" }, "Nothing was said, played or pressed by way of the engine.");
      const parties = new Map();
      for (const entry of entries) {
        if (entry.kind !== "reception") continue;
        if (!parties.has(entry.leg)) parties.set(entry.leg, []);
        parties.get(entry.leg).push(entry);
      }
      const plots = [...parties].sort((a, b) => a[0] - b[0]).map(([leg, reports]) =>
        reception(call, leg, reports));
      return [lines, plots.length ? plots : h("p", { class: "quiet" },
        "No RTP came by here: the sound went from phone to phone, nobody was heard, or the call was "
        + "simulated.")];
    }

    // What came from a party between two reports: packets a second, the share that was lost, jitter. An interval without a
    // packet is silence on the wire.
    function reception(call, leg, reports) {
      const points = [];
      // The first report speaks of all that came before it, which is five seconds at most.
      const start = Math.max(call.at_us, reports[0].at_us - 5e6);
      let last = { packets: 0, lost: 0, at_us: null };
      for (const report of reports) {
        const span = (report.at_us - (last.at_us === null ? start : last.at_us)) / 1e6;
        const packets = Math.max(0, report.packets - last.packets);
        const lost = Math.max(0, report.lost - last.lost);
        points.push({ from: last.at_us === null ? start : last.at_us, at: report.at_us, rate: span > 0 ? packets / span : 0,
          loss: packets + lost > 0 ? 100 * lost / (packets + lost) : 0,
          jitter: report.jitter_us / 1000, hush: packets === 0 });
        last = report;
      }
      const name = leg === 0 ? "From the caller" : "From leg " + leg;
      const worst = (key) => Math.max(...points.map((point) => point[key]));
      const end = reports[reports.length - 1];
      return h("div", {},
        h("h4", { class: "quiet" }, name + ": " + plural(end.packets, "packet") + ", "
          + Math.max(0, end.lost) + " lost"),
        h("div", { class: "plots" },
          plot(call, "Lost", points, "loss", Math.max(5, worst("loss")), "%", worst("loss") >= 1),
          plot(call, "Jitter", points, "jitter", Math.max(20, worst("jitter")), "ms", worst("jitter") >= 30),
          plot(call, "Packets a second", points, "rate", Math.max(50, worst("rate")), "", false,
            points.some((point) => point.hush) ? "amber: silence" : "")));
    }

    function plot(call, name, points, key, top, unit, isBad, hint) {
      const start = points[0].from, span = Math.max(1, points[points.length - 1].at - start);
      const x = (at) => 300 * (at - start) / span, y = (value) => 52 - 48 * Math.min(1, value / top);
      // One level for each interval, since a report speaks of all of it.
      let path = "", before = 0;
      points.forEach((point, index) => {
        const to = x(point.at);
        path += (index ? "L" : "M") + before.toFixed(1) + " " + y(point[key]).toFixed(1)
          + "L" + to.toFixed(1) + " " + y(point[key]).toFixed(1);
        before = to;
      });
      const hushes = key === "rate" ? points.map((point, index) => point.hush && s("rect", {
        class: "hush", x: index ? x(points[index - 1].at) : 0, y: 4, height: 48,
        width: x(point.at) - (index ? x(points[index - 1].at) : 0) })) : [];
      const most = Math.max(...points.map((point) => point[key]));
      const figure = (value) => (value >= 10 ? Math.round(value) : Number(value.toFixed(1)))
        + (unit ? " " + unit : "");
      return h("div", { class: "plot" + (isBad ? " bad" : "") },
        h("h5", {}, name, h("b", {}, "max " + figure(most))),
        s("svg", { viewBox: "0 0 300 56", preserveAspectRatio: "none", role: "img",
          "aria-label": name + ", at most " + figure(most) },
          hushes, s("line", { class: "base", x1: 0, x2: 300, y1: 52, y2: 52 }),
          s("path", { class: "area", d: path + "L" + before.toFixed(1) + " 52L0 52Z" }),
          s("path", { class: "curve", d: path })),
        h("small", {}, h("span", {}, seconds(Math.max(0, start - call.at_us)).slice(0, -4) + " s"),
          h("span", {}, hint || ""), h("span", {},
          seconds(points[points.length - 1].at - call.at_us).slice(0, -4) + " s")));
    }
    """#
}
