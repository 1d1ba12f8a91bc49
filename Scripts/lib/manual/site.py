#!/usr/bin/env python3
"""Writes the manual as web pages: site.py OUT --root DIR --tool TOOL --man DIR [--llms FILE]

The chapters of Sources/Manual, the settings and codes as the tool has them, the man pages of the command, of C and of Lua (by
mandoc), and of the other pages of the project those that these lead to. Nothing is loaded from elsewhere; the search is a list
in a file beside the pages, and without JavaScript everything.html has what it would find."""

import argparse
import html
import json
import os
import re
import subprocess
import sys

import chapters
import listed
import markdown

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import specification  # noqa: E402

FOLDER = "Sources/Manual"
HERE = os.path.dirname(os.path.abspath(__file__))
# Pages of the project that become pages of the manual when one of it leads to them.
OPEN = ("examples/", "Sources/Specification/", "Tests/Bench/README.md", "CHANGELOG.md", "SECURITY.md")


class Page:
    def __init__(self, name, title, group, summary=""):
        self.name, self.title, self.group, self.summary = name, title, group, summary
        self.body = ""
        self.sections = []  # (anchor, heading, text)
        self.listed = True  # in the navigation
        self.label = title  # there


class Site:
    def __init__(self, options):
        self.root, self.tool, self.out, self.man = options.root, options.tool, options.out, options.man
        self.version = self.ask("--version").split()[1]
        self.pages, self.by_path, self.queue = [], {}, []
        self.start, self.chapters = chapters.order(self.root, FOLDER)
        self.settings = [setting for _, _, found in listed.by_theme(self.tool) for setting in found]
        self.codes = [json.loads(line) for line in self.ask("codes", "--json").splitlines()]
        self.words = {}  # what `word` in code leads to
        self.terms = {}  # rcml-settings(7) and the like

    def ask(self, *words):
        return subprocess.run([self.tool, *words], check=True, capture_output=True, text=True, timeout=60).stdout

    def page(self, *words, **more):
        page = Page(*words, **more)
        self.pages.append(page)
        return page

    def all(self):
        self.prepare()
        start = self.page("index.html", self.start.title, "", self.start.summary)
        made = [(start, self.start)]
        for chapter in self.chapters:
            made.append((self.page(chapter.stem + ".html", chapter.title, chapter.group, chapter.summary), chapter))
        for page, chapter in made:
            self.by_path[chapter.path] = page.name
        for page, chapter in made:
            self.render(page, chapter.blocks, chapter.path)
        self.settings_page()
        self.codes_page()
        for name in self.reference:
            self.man_page(name)
        while self.queue:
            path = self.queue.pop(0)
            self.project_page(path)
        self.everything()
        self.write()

    # MARK: what leads where

    def prepare(self):
        self.terms = {"rcml-settings(7)": "settings.html", "rcml-codes(7)": "codes.html"}
        for chapter in self.chapters:
            self.terms[f"{chapter.man}(7)"] = chapter.stem + ".html"
        self.reference = ["rcml.1", "rcml.7"]
        for name in sorted(os.listdir(self.man)):
            with open(os.path.join(self.man, name), encoding="utf-8") as file:
                text = file.read()
            if name.endswith(".3") and not text.startswith(".so"):
                self.reference.append(name)
            source = re.match(r"\.so man3/(\S+)", text)
            if source:
                self.words[name[:-2]] = f"{source[1]}.html#{name[:-2]}"
        self.reference.append("rcml.3lua")
        for name in self.reference:
            stem, section = name.rsplit(".", 1)
            self.terms[f"{stem}({section})"] = name + ".html"
        for code in self.codes:
            self.words.setdefault(code["name"], f"codes.html#{code['name']}")
        for setting in self.settings:
            self.words[setting["name"]] = f"settings.html#{setting['name']}"

    def link(self, path):
        """Where a link of the file `path` leads on this site; None = to nothing of it."""
        def where(target):
            if re.match(r"^(https?|mailto):", target):
                return target
            file, _, anchor = target.partition("#")
            if not file:
                return "#" + anchor
            full = os.path.normpath(os.path.join(os.path.dirname(path), file))
            if os.path.isdir(os.path.join(self.root, full)):
                full = os.path.join(full, "README.md")
            name = self.name_of(full)
            return name and name + ("#" + anchor if anchor else "")
        return where

    def name_of(self, path):
        if path in self.by_path:
            return self.by_path[path]
        if not path.startswith(OPEN) or not os.path.isfile(os.path.join(self.root, path)):
            return None
        stem = path.removeprefix("Sources/").removesuffix(".md").removesuffix("/README")
        # A page at the top of the project may be called as a chapter is.
        self.by_path[path] = ("" if "/" in path else "project-") + stem.lower().replace("/", "-") + ".html"
        self.queue.append(path)
        return self.by_path[path]

    def referred(self, text):
        """HTML in which names of man pages, and in code those of settings, codes and functions, are links."""
        def code(match):
            target = self.words.get(html.unescape(match[1]))
            return f'<a class="word" href="{target}">{match[0]}</a>' if target else match[0]

        def term(match):
            return f'<a href="{self.terms[match[0]]}">{match[0]}</a>' if match[0] in self.terms else match[0]

        made = []
        # What is a link already stays as it is.
        for piece in re.split(r"(<a .*?</a>|<pre.*?</pre>|<h\d.*?</h\d>)", text, flags=re.S):
            if not piece.startswith(("<a ", "<pre", "<h")):
                piece = re.sub(r"<code>([^<]+)</code>", code, piece)
                # In the text, not inside of a tag.
                parts = re.split(r"(<[^>]*>)", piece)
                parts[::2] = [re.sub(r"\brcml[\w-]*\((?:1|3|3lua|7)\)", term, part) for part in parts[::2]]
                piece = "".join(parts)
            made.append(piece)
        return "".join(made)

    # MARK: pages of Markdown

    def render(self, page, blocks, path):
        link = self.link(path)
        page.body = self.referred("\n".join(self.block(block, link) for block in blocks))
        heading, anchor, text = page.title, "", []
        for block in blocks:
            if block.kind == "heading" and block.level <= 3:
                if text or block.level > 1:
                    page.sections.append((anchor, heading, " ".join(text)))
                heading, anchor, text = markdown.plain(block.text), block.anchor if block.level > 1 else "", []
            else:
                text.append(markdown.words(block))
        page.sections.append((anchor, heading, " ".join(text)))
        if not page.summary:
            page.summary = next((markdown.plain(block.text) for block in blocks if block.kind == "text"), "")

    def block(self, block, link):
        def inline(text):
            return markdown.inline(text, link)

        if block.kind == "heading":
            if block.level == 1:
                return f"<h1>{inline(block.text)}</h1>"
            hash = f'<a class="hash" href="#{block.anchor}" aria-label="link to this section">#</a>'
            return f'<h{block.level} id="{block.anchor}">{inline(block.text)} {hash}</h{block.level}>'
        if block.kind == "text":
            return f"<p>{inline(block.text)}</p>"
        if block.kind == "rule":
            return "<hr>"
        if block.kind == "quote":
            return f"<blockquote>{''.join(self.block(inner, link) for inner in block.items)}</blockquote>"
        if block.kind == "list":
            tag = "ol" if block.ordered else "ul"
            items = []
            for item in block.items:
                tight = len(item) == 1 or all(inner.kind != "text" for inner in item[1:])
                parts = [inline(inner.text) if tight and inner.kind == "text" else self.block(inner, link) for inner in item]
                items.append(f"<li>{''.join(parts)}</li>")
            return f"<{tag}>{''.join(items)}</{tag}>"
        if block.kind == "table":
            head = "".join(f"<th>{inline(cell)}</th>" for cell in block.head) if any(block.head) else ""
            rows = "".join("<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
            return f'<div class="wide"><table>{f"<thead><tr>{head}</tr></thead>" if head else ""}<tbody>{rows}</tbody></table></div>'
        name = re.match(r"file: *(\S+)$", block.mark)
        title = f'<div class="file">{html.escape(name[1])}</div>' if name else ""
        kind = " class=\"output\"" if block.mark == "output" else ""
        return f"{title}<pre{kind}><code>{html.escape(block.text, quote=False)}</code></pre>"

    def project_page(self, path):
        group = "Examples" if path.startswith("examples/") else "The project"
        if path.endswith(".md"):
            made = chapters.load(self.root, path)
            page = self.page(self.by_path[path], made.title, group)
            self.render(page, made.blocks, path)
        else:
            with open(os.path.join(self.root, path), encoding="utf-8") as file:
                text = file.read()
            page = self.page(self.by_path[path], os.path.relpath(path, "examples"), group)
            page.body = f"<h1>{html.escape(page.title)}</h1>\n<pre><code>{html.escape(text, quote=False)}</code></pre>"
            page.sections.append(("", page.title, text))
        # The specification has a chapter that leads to the others; an example is led to by its README.
        page.listed = path in ("Sources/Specification/README.md", "Sources/Specification/rfcs.md", "examples/README.md", "CHANGELOG.md",
                               "SECURITY.md", "Tests/Bench/README.md", "examples/migration.md")

    # MARK: pages of data

    def settings_page(self):
        page = self.page("settings.html", "Settings", "Reference", "every setting: what it is for, its values, its default, an example")
        parts = [
            "<h1>Settings</h1><p>How an agent behaves: <code>rcml_agent_set</code> in C, <code>agent:set</code> or a field of "
            "<code>rcml.agent</code> in Lua, <code>--set NAME=VALUE</code> and <code>--settings FILE</code> of the tool. "
            "<code>rcml settings NAME</code> says the same in a terminal.</p><p><em>Scope</em> says what may have its own value: the agent; one "
            "call, given with its first document; or one call that is just being made (<em>beginning</em>).</p>"]
        for theme, title, found in listed.by_theme(self.tool):
            parts.append(f'<h2 id="theme-{theme}">{title} <a class="hash" href="#theme-{theme}">#</a></h2>')
            for setting in found:
                name = setting["name"]
                facts = "".join(f"<dt>{fact}</dt><dd>{self.fact(fact, text)}</dd>" for fact, text in listed.facts(setting))
                parts.append(f'<h3 id="{name}"><code>{name}</code> <a class="hash" href="#{name}">#</a></h3>'
                             f"<p>{html.escape(setting['text'])}</p><dl>{facts}</dl>")
                page.sections.append((name, name, f"setting {setting['text']} {setting['values']} {setting['default']}"))
        page.body = self.referred("\n".join(parts))

    def fact(self, name, text):
        shown = html.escape(text)
        if name == "Clause":
            target = self.clause(text)
            return f'<a href="{target}">{shown}</a>' if target else shown
        return f"<code>{shown}</code>" if name in ("Example", "Default") and text != "nothing" else shown

    def clause(self, name):
        if not hasattr(self, "specification"):
            self.specification = specification.Specification(self.root)
        found = self.specification.clauses.get(name)
        return found and self.name_of(found.file)

    def codes_page(self):
        page = self.page("codes.html", "Codes", "Reference", "every error and warning: what it is, why it happens, what to do")
        parts = [f"<h1>Codes</h1><p>The {len(self.codes)} errors and warnings, by number: what each is, why it happens, what to do. "
                 "<code>rcml codes CODE</code> says the same in a terminal.</p>"]
        for code in self.codes:
            name = code["name"]
            parts.append(f'<h3 id="{name}">{code["code"]} <code>{name}</code> <a class="hash" href="#{name}">#</a></h3>'
                         f"<p>{markdown.inline(code['text'])}</p><dl><dt>Cause</dt><dd>{markdown.inline(code['cause'])}</dd>"
                         f"<dt>Fix</dt><dd>{markdown.inline(code['fix'])}</dd></dl>")
            page.sections.append((name, f"{code['code']} {name}", f"code {code['text']} {code['cause']} {code['fix']}"))
        page.body = self.referred("\n".join(parts))

    def man_page(self, name):
        path = os.path.join(self.man, name)
        made = subprocess.run(["mandoc", "-Thtml", "-Ofragment", path], check=True, capture_output=True, text=True, timeout=60).stdout
        stem, section = name.rsplit(".", 1)
        title = f"{stem}({section})"
        about = re.search(r"<h1 [^>]*>.*?NAME.*?</h1>(.*?)</section>", made, re.S)
        summary = html.unescape(re.sub(r"<[^>]+>", "", about[1])).split(" - ", 1)[-1].strip() if about else ""
        page = self.page(name + ".html", title, "Reference", re.sub(r"\s+", " ", summary))
        body = re.sub(r'<table class="(head|foot)">.*?</table>', "", made, flags=re.S)
        page.label = {"rcml.1": "The command", "rcml.7": "C: how it is used", "rcml.3lua": "Lua"}.get(
            name, "C: " + stem.removeprefix("rcml_").replace("_", " "))
        # NAME and its line are the title here; what was h1 and h2 stands one below it.
        body = re.sub(r"<section[^>]*>\s*<h1 [^>]*>(?:<a[^>]*>)?NAME.*?</section>", "", body, count=1, flags=re.S)
        # mandoc breaks a line of code twice, and man pages shout.
        body = re.sub(r"<pre>.*?</pre>", lambda match: re.sub(r"\n?<br/>\n?", "\n", match[0]).replace("\n\n\n", "\n\n"), body, flags=re.S)
        body = re.sub(r'(<h1 class="Sh" id="[^"]*">(?:<a[^>]*>)?)([A-Z ]+)<', lambda m: m[1] + m[2].capitalize() + "<", body)
        body = re.sub(r"<(/?)h2", r"<\1h3", body)
        body = re.sub(r"<(/?)h1", r"<\1h2", body)
        body = re.sub(r"<b>(rcml[\w-]*)</b>\((1|3|3lua|7)\)", r"\1(\2)", body)
        body = re.sub(r"<b>(\w+)</b>", lambda m: f'<a href="{self.words[m[1]]}"><b>{m[1]}</b></a>'
                      if m[1] in self.words and m[1].startswith("rcml_") else m[0], body)
        page.body = f'<h1>{html.escape(title)}</h1><p class="lead">{html.escape(page.summary)}</p><div class="man">{self.referred(body)}</div>'
        pieces = re.split(r'<h[23] class="S[hs]" id="([^"]+)">(.*?)</h[23]>', body, flags=re.S)
        for at in range(1, len(pieces), 3):
            text = [html.unescape(re.sub(r"<[^>]+>", " ", piece)) for piece in pieces[at + 1:at + 3]]
            page.sections.append((pieces[at], text[0].strip(), text[1]))

    def everything(self):
        """For browsers without JavaScript, and whoever likes lists: every heading of the manual by its first letter."""
        page = self.page("everything.html", "Index", "Reference", "every heading, setting, code and function, by the alphabet")
        entries = {}
        for other in self.pages:
            for anchor, heading, _ in other.sections:
                if anchor and other.group not in ("The project", "Examples"):
                    shown = re.sub(r"^\d+ ", "", heading)
                    entries.setdefault(shown, []).append((other.name + "#" + anchor, other.title))
        letters = {}
        for heading in sorted(entries, key=str.lower):
            letters.setdefault(heading[:1].upper() if heading[:1].isalpha() else "…", []).append(heading)
        jump = " ".join(f'<a href="#letter-{ord(letter)}">{html.escape(letter)}</a>' for letter in letters)
        parts = [f"<h1>Index</h1><p class=\"letters\">{jump}</p>"]
        for letter, headings in letters.items():
            parts.append(f'<h2 id="letter-{ord(letter)}">{html.escape(letter)}</h2><ul class="index">')
            for heading in headings:
                links = ", ".join(f'<a href="{target}">{html.escape(title)}</a>' for target, title in entries[heading])
                parts.append(f"<li>{html.escape(heading)}: {links}</li>")
            parts.append("</ul>")
        page.body = "\n".join(parts)

    # MARK: what all pages have

    def navigation(self, current):
        groups = {}
        for page in self.pages:
            if page.listed and page.name != "index.html":
                groups.setdefault(page.group, []).append(page)
        parts = [f'<a class="home" href="index.html"{self.here(current, "index.html")}>Start</a>']
        for group in [*dict.fromkeys(chapter.group for chapter in self.chapters), "Reference", "Examples", "The project"]:
            if group in groups:
                links = "".join(f'<li><a href="{page.name}"{self.here(current, page.name)}>{html.escape(page.label)}</a></li>'
                                for page in groups[group])
                parts.append(f"<h2>{html.escape(group)}</h2><ul>{links}</ul>")
        return "\n".join(parts)

    @staticmethod
    def here(current, name):
        return ' aria-current="page"' if current == name else ""

    def contents(self, page):
        headings = re.findall(r'<h2 [^>]*id="([^"]+)"[^>]*>(.*?)</h2>', page.body, re.S)
        if len(headings) < 3 or page.name in ("index.html", "everything.html"):
            return ""
        links = "".join(f'<li><a href="#{anchor}">' + re.sub(r'<a class="hash".*?</a>|</?a[^>]*>', "", text, flags=re.S).strip() + "</a></li>"
                        for anchor, text in headings)
        return f'<details class="contents"><summary>On this page</summary><ul>{links}</ul></details>'

    def write(self):
        os.makedirs(self.out, exist_ok=True)
        with open(os.path.join(HERE, "page.html"), encoding="utf-8") as file:
            template = file.read()
        names = [chapter.stem + ".html" for chapter in self.chapters]
        titles = {page.name: page.title for page in self.pages}
        for page in self.pages:
            turn = ""
            if page.name in names:
                at = names.index(page.name)
                turn = "".join(f'<a rel="{rel}" href="{names[n]}">{mark[0]}{html.escape(titles[names[n]])}{mark[1]}</a>'
                               for rel, n, mark in [("prev", at - 1, ("← ", "")), ("next", at + 1, ("", " →"))] if 0 <= n < len(names))
            head, _, rest = page.body.partition("</h1>")
            fields = {
                "title": html.escape(page.title if page.name != "index.html" else "the manual"),
                "summary": html.escape(page.summary[:300], quote=True), "navigation": self.navigation(page.name),
                "body": head + "</h1>" + self.contents(page) + rest, "turn": f'<nav class="turn">{turn}</nav>' if turn else "",
                "version": html.escape(self.version)}
            text = re.sub(r"@(\w+)@", lambda match: fields.get(match[1], match[0]), template)
            self.put(page.name, text)
        for name in ("style.css", "search.js"):
            with open(os.path.join(HERE, name), encoding="utf-8") as file:
                self.put(name, file.read())
        self.put("search-index.js", "window.rcmlSearch=" + json.dumps(self.index(), ensure_ascii=False, separators=(",", ":")) + ";\n")
        self.put("llms.txt", self.llms())

    def put(self, name, text):
        with open(os.path.join(self.out, name), "w", encoding="utf-8") as file:
            file.write(text)

    def index(self):
        """[page, title, [[anchor, heading, text] …], weight] of each page; chapters weigh more than the specification."""
        weights = {"Reference": 2, "Examples": 1, "The project": 0}
        return [[page.name, page.title, [[anchor, heading, re.sub(r"\s+", " ", text).strip()[:4000]] for anchor, heading, text in page.sections],
                 weights.get(page.group, 3)] for page in self.pages if page.sections]

    def llms(self):
        """What the manual has, as one text for programs that read (llmstxt.org)."""
        with open(os.path.join(self.root, "README.md"), encoding="utf-8") as file:
            about = markdown.plain(next(block.text for block in markdown.read(file.read()) if block.kind == "text"))
        lines = ["# librcml", "", "> " + about.replace("\n", " ").rstrip(":") + ".", "",
                 "This file lists the manual. The pages are Markdown in Sources/Manual; `Scripts/manual DIR` makes the web pages.", ""]
        group = None
        for chapter in self.chapters:
            if chapter.group != group:
                group = chapter.group
                lines += [f"## {group}", ""]
            lines.append(f"- [{chapter.title}]({chapter.path}): {chapter.summary}")
            if chapter is self.chapters[-1] or self.chapters[self.chapters.index(chapter) + 1].group != group:
                lines.append("")
        lines += ["## Reference", "",
                  "- [The C header](Include/rcml.h): every function, struct and event, with threads, ownership and errors",
                  "- [The Lua module](Sources/LuaRCML/library): its functions and types, as editors read them",
                  "- `rcml settings`, `rcml codes`, `rcml help COMMAND`: every setting, every error and warning, every option",
                  "- [Examples](examples/README.md): programs in C and Lua, one idea each; hosts",
                  "- [Migration](examples/migration.md): documents of Restcomm and Twilio, attribute by attribute", "",
                  "## Optional", "",
                  "- [The specification](Sources/Specification/README.md): what the engine does, in numbered clauses",
                  "- [RFCs](Sources/Specification/rfcs.md): which is followed where",
                  "- [How it is built](Sources/README.md): rooms, and where what is decided",
                  "- [Contributing](CONTRIBUTING.md): to build, test and change it",
                  "- [Performance](Tests/Bench/README.md): what was measured", ""]
        return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    for name in ("root", "tool", "man"):
        parser.add_argument("--" + name, required=True)
    Site(parser.parse_args()).all()


if __name__ == "__main__":
    main()
