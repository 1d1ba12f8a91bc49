"""The manual's chapters (Sources/Manual): their order, and each as a man page."""

import os
import re
from dataclasses import dataclass

import markdown
import roff

START = "README.md"


@dataclass
class Chapter:
    path: str  # from the project's root
    title: str
    summary: str
    group: str
    blocks: list

    @property
    def stem(self):
        return os.path.splitext(os.path.basename(self.path))[0]

    @property
    def man(self):
        return "rcml-" + self.stem


def load(root, path, group=""):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        text = file.read()
    blocks = markdown.read(text)
    title = next((block.text for block in blocks if block.kind == "heading" and block.level == 1), os.path.basename(path))
    summary = re.search(r"^<!-- summary: (.*?) -->$", text, re.M)
    return Chapter(path, markdown.plain(title), summary[1] if summary else "", group, blocks)


def order(root, folder):
    """The chapters as the start page leads to them; a page that it does not name is a fault."""
    start = load(root, f"{folder}/{START}")
    found, group = [], ""
    for block in start.blocks:
        if block.kind == "heading":
            group = block.text
        for item in block.items:
            for target in re.findall(r"\]\(([\w-]+\.md)\)", item[0].text):
                found.append(load(root, f"{folder}/{target}", group))
    there = {name for name in os.listdir(os.path.join(root, folder)) if name.endswith(".md")} - {START}
    named = {os.path.basename(chapter.path) for chapter in found}
    if there != named:
        raise SystemExit(f"{folder}/{START} does not lead to {', '.join(sorted(there ^ named))}")
    missing = [chapter.path for chapter in found if not chapter.summary]
    if missing:
        raise SystemExit(f"no comment “summary: …” in {', '.join(missing)}")
    return start, found


class ManPage:
    """A chapter in roff. Tables become lists: the first cell, and below it the others by the names of their columns."""

    def __init__(self, chapter, version, date, known):
        self.page = roff.Page(chapter.man, 7, chapter.summary, version, date)
        self.known = known
        self.page.head("Description")
        for block in chapter.blocks:
            self.block(block)
        self.page.head("See also")
        others = [other for other in known.values() if other != chapter.man]
        pages = [(name, 7) for name in ["rcml", "rcml-settings", "rcml-codes", *others]]
        for at, (name, section) in enumerate([("rcml", 1), *pages]):
            self.page.say(f".BR {roff.escape(name)} ({section})" + (" ," if at < len(pages) else ""))

    def block(self, block, first=False):
        page = self.page
        if block.kind == "heading":
            if block.level == 2:
                page.head(markdown.plain(block.text))
            elif block.level > 2:
                page.subhead(markdown.plain(block.text))
        elif block.kind == "text":
            self.text(block.text, first)
        elif block.kind == "code":
            if block.mark.startswith("file:"):
                self.text(f"`{block.mark[5:].strip()}`:", first)
            page.code(block.text.split("\n"))
        elif block.kind == "list":
            for number, item in enumerate(block.items, 1):
                page.say(f".IP {number}. 4" if block.ordered else ".IP \\(bu 2")
                self.inside(item)
        elif block.kind == "quote":
            page.say(".RS 4")
            self.inside(block.items)
            page.say(".RE")
        elif block.kind == "table":
            for row in block.rows:
                page.say(".TP", ".B " + roff.escape(markdown.plain(row[0]) or "\u2013"))
                parts = [cell if name in ("", block.head[0]) or len(row) == 2 else f"**{name}**: {cell}"
                         for name, cell in zip(block.head[1:], row[1:]) if cell]
                page.say("\n.br\n".join(roff.wrapped(self.line(part)) for part in parts) or "\\&")

    def inside(self, blocks):
        for at, block in enumerate(blocks):
            if at == 0 and block.kind == "text":
                self.page.say(roff.wrapped(self.line(block.text)))
            elif block.kind == "text":
                self.page.say(".sp", roff.wrapped(self.line(block.text)))
            else:
                self.page.say(".RS 4")
                self.block(block)
                self.page.say(".RE")

    def text(self, text, first):
        page = self.page
        if not first and not page.lines[-1].startswith((".SH", ".SS")):
            page.say(".PP")
        page.say(roff.wrapped(self.line(text)))

    def line(self, text):
        made = []
        for kind, inside, target in markdown.spans(text):
            if kind == "text":
                made.append(roff.escape(inside.replace("&lt;", "<").replace("&amp;", "&")))
            elif kind == "code":
                made.append("\\fB" + roff.escape(inside) + "\\fR")
            elif kind == "link":
                name = os.path.basename(target.partition("#")[0])
                page = self.known.get(name) if "/" not in target.partition("#")[0] else None
                made.append(self.line(inside) + (f" (\\fB{roff.escape(page)}\\fR(7))" if page else ""))
            else:
                made.append(self.line(inside) if "\\f" in self.line(inside) else "\\fB" + self.line(inside) + "\\fR")
        line = "".join(made).strip()
        return "\\&" + line if line.startswith(".") else line


def write_man(root, folder, out, version):
    _, chapters = order(root, folder)
    known = {os.path.basename(chapter.path): chapter.man for chapter in chapters}
    for chapter in chapters:
        date = roff.day(os.path.join(root, chapter.path))
        ManPage(chapter, version, date, known).page.write(out)
