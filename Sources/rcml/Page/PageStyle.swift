/// How the page looks: light and dark, wide and narrow, on screen and on paper.
enum PageStyle {
  static let text = #"""
    :root {
      color-scheme: light dark;
      --paper: #faf9f7; --sheet: #ffffff; --ink: #1d1c1a; --soft: #66625c; --faint: #928d85;
      --line: #e4e0d8; --rail: #cfc9bf; --wash: #f1eee8; --mark: #0a5ca8; --mark-wash: #e6f0f9;
      --bad: #b3261e; --bad-wash: #fbeae8; --warn: #8a5a00; --warn-wash: #faf1dc;
      --good: #2d6a3a; --good-wash: #e7f2e8;
      --text: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
      --code: ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace;
    }
    @media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) {
      --paper: #141517; --sheet: #1a1c1f; --ink: #e6e3de; --soft: #a5a19a; --faint: #7d7a74;
      --line: #2b2e33; --rail: #41454c; --wash: #212429; --mark: #7db9f2; --mark-wash: #1a2a3a;
      --bad: #ff8f85; --bad-wash: #3a1f1d; --warn: #e8b75a; --warn-wash: #352a15;
      --good: #8ccf98; --good-wash: #1b2f20;
    } }
    :root[data-theme="dark"] {
      color-scheme: dark;
      --paper: #141517; --sheet: #1a1c1f; --ink: #e6e3de; --soft: #a5a19a; --faint: #7d7a74;
      --line: #2b2e33; --rail: #41454c; --wash: #212429; --mark: #7db9f2; --mark-wash: #1a2a3a;
      --bad: #ff8f85; --bad-wash: #3a1f1d; --warn: #e8b75a; --warn-wash: #352a15;
      --good: #8ccf98; --good-wash: #1b2f20;
    }
    :root[data-theme="light"] { color-scheme: light; }
    * { box-sizing: border-box; }
    html, body { height: 100%; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 var(--text);
      -webkit-text-size-adjust: 100%; }
    noscript p { padding: 1rem 2rem; }
    #page { display: grid; height: 100%; grid-template: auto minmax(0, 1fr) / 340px minmax(0, 1fr); }
    #page.open { grid-template-columns: 340px minmax(0, 1fr) minmax(360px, 30vw); }
    a { color: inherit; text-decoration: none; }
    button, input { font: inherit; color: inherit; }
    :focus-visible { outline: 2px solid var(--mark); outline-offset: 1px; border-radius: 4px; }
    .mono, pre, code, .time, .sid { font-family: var(--code); font-size: 12px;
      font-variant-numeric: tabular-nums; }

    /* The bar */
    header.bar { grid-column: 1 / -1; display: flex; gap: 16px; align-items: center;
      padding: 9px 20px; border-bottom: 1px solid var(--line); background: var(--sheet); }
    .bar h1 { font-size: 14px; font-weight: 650; margin: 0; overflow: hidden; white-space: nowrap;
      text-overflow: ellipsis; letter-spacing: -.005em; }
    .bar .sum { color: var(--soft); white-space: nowrap; }
    .bar .sum b { font-weight: 600; color: var(--bad); }
    .bar .fill { flex: 1; }
    .seg { display: inline-flex; border: 1px solid var(--line); border-radius: 7px; overflow: hidden; }
    .seg button { border: 0; background: none; padding: 2px 10px; color: var(--soft); cursor: pointer;
      font-size: 12px; line-height: 20px; }
    .seg button + button { border-left: 1px solid var(--line); }
    .seg button[aria-pressed="true"] { background: var(--wash); color: var(--ink); font-weight: 600; }
    .live { display: inline-flex; align-items: center; gap: 6px; color: var(--soft); font-size: 12px; }
    .live::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: var(--good); }
    .live.lost::before { background: var(--bad); }

    /* The list of calls */
    nav.calls { display: flex; flex-direction: column; min-height: 0;
      border-right: 1px solid var(--line); background: var(--sheet); }
    .find { padding: 10px 12px; display: flex; gap: 8px; border-bottom: 1px solid var(--line); }
    .find input { flex: 1; min-width: 0; padding: 3px 10px; border: 1px solid var(--line);
      border-radius: 7px; background: var(--paper); }
    .find input::placeholder { color: var(--faint); }
    .rows { overflow-y: auto; min-height: 0; flex: 1; }
    .row { display: block; padding: 8px 14px 9px; border-bottom: 1px solid var(--line);
      border-left: 3px solid transparent; content-visibility: auto; contain-intrinsic-size: auto 66px; }
    .row[hidden] { display: none; }
    .row:hover { background: var(--wash); }
    .row[aria-current="true"] { background: var(--mark-wash); border-left-color: var(--mark); }
    .row .top { display: flex; gap: 8px; align-items: baseline; }
    .row .no { font-weight: 650; font-variant-numeric: tabular-nums; min-width: 1.2em; }
    .row .time { color: var(--soft); flex: 1; }
    .row .how { font-size: 12px; color: var(--soft); white-space: nowrap; }
    .row.bad .how { color: var(--bad); font-weight: 600; }
    .row.warn .how { color: var(--warn); font-weight: 600; }
    .row .who, .row .why { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
    .row .who { font-size: 13px; }
    .row .who i { font-style: normal; color: var(--faint); padding: 0 2px; }
    .row .why { font-size: 12px; color: var(--soft); }
    .none { padding: 28px 18px; color: var(--soft); }

    /* One call */
    main { overflow: auto; min-width: 0; padding: 22px 28px 64px; scroll-padding-top: 48px; }
    .head { max-width: 1080px; }
    .head h2 { font-size: 21px; line-height: 1.3; font-weight: 640; letter-spacing: -.015em; margin: 0;
      overflow-wrap: anywhere; }
    .head h2 i { font-style: normal; color: var(--faint); font-weight: 400; padding: 0 4px; }
    .badge { display: inline-block; padding: 0 8px; border-radius: 5px; font-size: 12px;
      font-weight: 600; line-height: 20px; background: var(--good-wash); color: var(--good);
      vertical-align: 2px; }
    .badge.bad { background: var(--bad-wash); color: var(--bad); }
    .badge.warn { background: var(--warn-wash); color: var(--warn); }
    .badge.now { background: var(--mark-wash); color: var(--mark); }
    .kick { color: var(--soft); margin-bottom: 2px; display: flex; gap: 10px; align-items: center; }
    .verdict { margin: 14px 0 0; padding: 11px 15px; border-left: 3px solid var(--good);
      background: var(--good-wash); border-radius: 0 7px 7px 0; overflow-wrap: anywhere; }
    .verdict.bad { border-color: var(--bad); background: var(--bad-wash); }
    .verdict.warn { border-color: var(--warn); background: var(--warn-wash); }
    .verdict p { margin: 0; }
    .verdict .say { font-weight: 600; }
    .verdict .try { color: var(--ink); margin-top: 3px; }
    .verdict .try b { font-weight: 600; }
    .verdict code { color: var(--soft); padding-left: 6px; white-space: nowrap; }
    dl.facts { display: flex; flex-wrap: wrap; gap: 8px 30px; margin: 16px 0 0; }
    dl.facts div { min-width: 0; }
    dl.facts dt { font-size: 11.5px; color: var(--faint); }
    dl.facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
    nav.parts { position: sticky; top: -22px; z-index: 2; margin: 22px -28px 0; padding: 0 28px;
      display: flex; gap: 22px; background: var(--paper); border-bottom: 1px solid var(--line); }
    nav.parts a { padding: 8px 0 7px; color: var(--soft); border-bottom: 2px solid transparent; }
    nav.parts a:hover { color: var(--ink); border-color: var(--rail); }
    nav.parts small { color: var(--faint); font-size: 12px; padding-left: 3px; }
    section { padding-top: 20px; scroll-margin-top: 24px; }
    section h3 { font-size: 14px; font-weight: 650; margin: 8px 0 10px; }
    .quiet { color: var(--soft); margin: 4px 0; }

    /* The ladder */
    .ladder { overflow-x: auto; margin: 0 -28px; padding: 0 28px; }
    .ladder svg { display: block; font-family: var(--code); font-size: 12px; }
    .ladder text { fill: var(--ink); }
    .ladder .rail { stroke: var(--rail); }
    .ladder .rail.own { stroke: var(--ink); stroke-opacity: .55; }
    .ladder .party { font-family: var(--text); font-size: 13px; font-weight: 620; }
    .ladder .sub { fill: var(--faint); font-size: 11px; font-family: var(--text); }
    .ladder .when { fill: var(--faint); font-size: 11px; text-anchor: end; }
    .ladder .row-hit { fill: transparent; }
    .ladder a:hover .row-hit, .ladder a:focus .row-hit { fill: var(--wash); }
    .ladder a[aria-current="true"] .row-hit { fill: var(--mark-wash); }
    .ladder a:focus { outline: none; }
    .ladder a:focus-visible .row-hit { stroke: var(--mark); }
    .ladder .shaft { stroke: var(--ink); stroke-width: 1.25; fill: none; }
    .ladder .tip { fill: var(--ink); }
    .ladder .label { text-anchor: middle; paint-order: stroke; stroke: var(--paper);
      stroke-width: 4px; stroke-linejoin: round; }
    .ladder .label.far { text-anchor: start; }
    .ladder .dim .shaft { stroke: var(--faint); } .ladder .dim .tip { fill: var(--faint); }
    .ladder .dim .label { fill: var(--soft); }
    .ladder .web .shaft { stroke: var(--mark); } .ladder .web .tip { fill: var(--mark); }
    .ladder .web .label { fill: var(--mark); }
    .ladder .bad .shaft { stroke: var(--bad); } .ladder .bad .tip { fill: var(--bad); }
    .ladder .bad .label { fill: var(--bad); font-weight: 600; }
    .ladder .again .shaft { stroke-dasharray: 3 3; }
    .ladder .note { font-family: var(--text); font-size: 12px; fill: var(--soft);
      paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
    .ladder .note.bad { fill: var(--bad); } .ladder .note.warn { fill: var(--warn); }
    .ladder .note.verb { fill: var(--ink); font-family: var(--code); }
    .ladder .dot { fill: var(--rail); } .ladder .dot.bad { fill: var(--bad); }
    .ladder .dot.warn { fill: var(--warn); } .ladder .dot.verb { fill: var(--ink); }
    .ladder .gap { fill: var(--faint); font-size: 11px; font-family: var(--text); }

    /* Documents */
    .doc { border: 1px solid var(--line); border-radius: 8px; background: var(--sheet);
      margin: 0 0 16px; overflow: hidden; max-width: 1080px; }
    .doc > h4 { margin: 0; padding: 7px 14px; font-size: 12.5px; font-weight: 500; color: var(--soft);
      border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
    .doc > h4 b { color: var(--ink); font-weight: 600; }
    .doc ol { list-style: none; margin: 0; padding: 6px 0; overflow-x: auto; font: 12.5px/1.6 var(--code);
      counter-reset: line; }
    .doc li { display: grid; grid-template-columns: 46px minmax(0, 1fr) auto; padding-right: 14px;
      border-left: 3px solid transparent; }
    .doc li > i { font-style: normal; color: var(--faint); text-align: right; padding-right: 14px;
      user-select: none; }
    .doc li > code { white-space: pre-wrap; overflow-wrap: anywhere; font-size: inherit; }
    .doc li > span { color: var(--good); font-size: 11.5px; padding-left: 18px; white-space: nowrap; }
    .doc li.ran { background: var(--good-wash); border-left-color: var(--good); }
    .doc li.found { background: var(--bad-wash); border-left-color: var(--bad); }
    .doc li.told > span { color: inherit; font-size: 12.5px; padding: 0; white-space: normal;
      overflow-wrap: anywhere; }
    .doc li.told > i { color: inherit; }
    .doc li.told { grid-template-columns: 46px minmax(0, 1fr); font-family: var(--text);
      color: var(--bad); background: var(--bad-wash); border-left-color: var(--bad); }
    .doc li.told.warning, .doc li.told.note { color: var(--warn); background: var(--warn-wash);
      border-left-color: var(--warn); }
    .doc .tag { color: var(--mark); } .doc .att { color: var(--soft); }

    /* Tables */
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; max-width: 1080px; font-variant-numeric: tabular-nums; }
    th { text-align: left; font-weight: 500; color: var(--faint); font-size: 12px; }
    th, td { padding: 5px 16px 5px 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
    td.num, th.num { text-align: right; white-space: nowrap; }
    td.url { overflow-wrap: anywhere; min-width: 12em; }
    tr.go { cursor: pointer; } tr.go:hover td { background: var(--wash); }
    tr.bad td { color: var(--bad); }
    tr.now td { background: var(--mark-wash); }

    /* Plots */
    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); gap: 16px 22px;
      max-width: 1080px; margin: 6px 0 22px; }
    .plot h5 { margin: 0 0 3px; font-size: 12px; font-weight: 500; color: var(--soft);
      display: flex; justify-content: space-between; }
    .plot h5 b { color: var(--ink); font-weight: 600; font-variant-numeric: tabular-nums; }
    .plot svg { display: block; width: 100%; height: 56px; overflow: visible; }
    .plot .area { fill: var(--mark); fill-opacity: .13; }
    .plot .curve { fill: none; stroke: var(--mark); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
    .plot.bad .area { fill: var(--bad); } .plot.bad .curve { stroke: var(--bad); }
    .plot .base { stroke: var(--line); vector-effect: non-scaling-stroke; }
    .plot .hush { fill: var(--warn); fill-opacity: .2; }
    .plot small { color: var(--faint); font-size: 11px; display: flex; justify-content: space-between; }
    .heard { list-style: none; padding: 0; margin: 0 0 18px; max-width: 1080px; }
    .heard li { display: grid; grid-template-columns: 104px 1fr; gap: 14px; padding: 3px 0; }
    .heard .time { color: var(--faint); line-height: 21px; }

    /* What an arrow opens */
    aside { border-left: 1px solid var(--line); background: var(--sheet); overflow: auto; min-width: 0;
      padding: 16px 20px 40px; }
    aside[hidden] { display: none; }
    aside .close { float: right; border: 0; background: none; cursor: pointer; color: var(--soft);
      font-size: 18px; line-height: 20px; padding: 2px 6px; margin: -2px -6px 0 8px; }
    aside h3 { margin: 0 0 2px; font: 600 14px/1.4 var(--code); overflow-wrap: anywhere; }
    aside .meta { color: var(--soft); font-size: 12.5px; margin: 0 0 12px; overflow-wrap: anywhere; }
    aside pre { margin: 0 0 14px; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.55; }
    aside pre b { font-weight: 600; } aside pre .n { color: var(--mark); }
    aside pre .body { display: block; border-top: 1px solid var(--line); margin-top: 10px;
      padding-top: 10px; }
    aside h4 { font-size: 12px; font-weight: 500; color: var(--faint); margin: 16px 0 4px; }
    aside table { font-size: 12.5px; } aside td:first-child { color: var(--soft); }
    aside td { overflow-wrap: anywhere; padding-right: 10px; }
    .keys { position: fixed; inset: 0; display: grid; place-items: center; background: #0006; z-index: 9; }
    .keys div { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px;
      padding: 20px 28px; box-shadow: 0 12px 40px #0003; }
    .keys h3 { margin: 0 0 8px; font-size: 14px; }
    .keys td { border: 0; padding: 2px 18px 2px 0; }
    kbd { font: 12px var(--code); border: 1px solid var(--line); border-bottom-width: 2px;
      border-radius: 4px; padding: 0 5px; background: var(--paper); }
    @media (max-width: 1180px) {
      #page.open { grid-template-columns: 300px minmax(0, 1fr); }
      #page { grid-template-columns: 300px minmax(0, 1fr); }
      aside { position: fixed; right: 0; top: 0; bottom: 0; width: min(520px, 92vw); z-index: 5;
        box-shadow: -12px 0 40px #0003; }
    }
    @media (max-width: 760px) {
      #page, #page.open { display: block; height: auto; }
      header.bar { flex-wrap: wrap; gap: 8px 12px; padding: 9px 14px; }
      .bar .fill { display: none; }
      nav.calls { border-right: 0; }
      .rows { max-height: 38vh; border-bottom: 1px solid var(--line); }
      main { padding: 18px 14px 64px; overflow: visible; }
      .ladder, nav.parts { margin-left: -14px; margin-right: -14px; padding-left: 14px;
        padding-right: 14px; }
      nav.parts { position: static; overflow-x: auto; }
      aside { top: auto; left: 0; width: auto; height: 68vh; border-top: 1px solid var(--line);
        border-left: 0; box-shadow: 0 -12px 40px #0003; }
    }
    @media print {
      #page, #page.open { display: block; } nav.calls, aside, nav.parts, .seg { display: none; }
      main { overflow: visible; }
    }
    """#
}
