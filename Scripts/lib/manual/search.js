// The search: every word has to stand in a section; headings count more than text, chapters more than the specification.
// The list is fetched when somebody begins to type. Without this file the pages are whole, and everything.html is the list.
(function () {
  "use strict";
  var form = document.querySelector("header form");
  var input = form.querySelector("input");
  var box = form.querySelector(".results");
  var loading = false, chosen = -1;

  form.hidden = false;
  // On a narrow screen the contents begin closed.
  var menu = document.querySelector(".menu");
  if (window.matchMedia("(max-width: 58rem)").matches) menu.open = false;
  var here = menu.querySelector("[aria-current]");
  var nav = menu.querySelector("nav");
  if (here && here.offsetTop > nav.clientHeight - 60) nav.scrollTop = here.offsetTop - nav.clientHeight / 2;

  function load() {
    if (loading) return;
    loading = true;
    var script = document.createElement("script");
    script.src = "search-index.js";
    script.onload = show;
    document.head.appendChild(script);
  }

  function escape(text) {
    return text.replace(/[&<>"]/g, function (c) { return { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[c]; });
  }

  function marked(text, words) {
    var pattern = new RegExp("(" + words.map(function (w) { return w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"); }).join("|") + ")", "gi");
    return text.split(pattern).map(function (piece, at) { return at % 2 ? "<mark>" + escape(piece) + "</mark>" : escape(piece); }).join("");
  }

  function find(words) {
    var found = [];
    (window.rcmlSearch || []).forEach(function (page) {
      page[2].forEach(function (section) {
        var title = page[1].toLowerCase(), heading = section[1].toLowerCase(), text = section[2].toLowerCase();
        var score = 0;
        for (var i = 0; i < words.length; i++) {
          var word = words[i], points = 0;
          if (heading === word || heading.replace(/^\d+ /, "") === word) points += 60;
          else if (heading.indexOf(word) >= 0) points += 20;
          if (title.indexOf(word) >= 0) points += 8;
          var count = text.split(word).length - 1;
          points += Math.min(count, 5);
          if (!points) return;
          score += points;
        }
        found.push({ score: score * (1 + page[3]), page: page, section: section });
      });
    });
    return found.sort(function (a, b) { return b.score - a.score; }).slice(0, 12);
  }

  function show() {
    var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    chosen = -1;
    box.hidden = !words.length || !window.rcmlSearch;
    if (box.hidden) return;
    var found = find(words);
    box.innerHTML = found.map(function (one) {
      var text = one.section[2], at = text.toLowerCase().indexOf(words[0]);
      var begin = Math.max(0, at - 60), piece = (begin ? "… " : "") + text.slice(begin, begin + 160) + (text.length > begin + 160 ? " …" : "");
      var target = one.page[0] + (one.section[0] ? "#" + one.section[0] : "");
      return '<a role="option" href="' + escape(target) + '"><b>' + marked(one.section[1], words) + "</b> <span>" + escape(one.page[1]) +
        "</span><p>" + marked(piece, words) + "</p></a>";
    }).join("") || '<p class="none">Nothing found.</p>';
  }

  function choose(step) {
    var links = box.querySelectorAll("a");
    if (!links.length) return;
    if (chosen >= 0) links[chosen].removeAttribute("aria-selected");
    chosen = (chosen + step + links.length) % links.length;
    links[chosen].setAttribute("aria-selected", "true");
    links[chosen].scrollIntoView({ block: "nearest" });
  }

  input.addEventListener("focus", load);
  input.addEventListener("input", function () { load(); show(); });
  input.addEventListener("keydown", function (event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(event.key === "ArrowDown" ? 1 : -1); }
    if (event.key === "Escape") { input.value = ""; show(); }
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var links = box.querySelectorAll("a");
    if (links.length) location.href = links[Math.max(chosen, 0)].href;
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !/input|textarea/i.test(document.activeElement.tagName)) { event.preventDefault(); input.focus(); }
  });
  document.addEventListener("click", function (event) { if (!form.contains(event.target)) box.hidden = true; });
})();
