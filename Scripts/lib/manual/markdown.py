"""The Markdown that this project writes, as blocks: what web pages and man pages are made of.

Headings, paragraphs, lists (one in another), tables, quotes, code (fenced or indented) and comments; in a line: code, bold,
italics, links, images. Nothing else is known, and what is not closed is text."""

import html
import re
from dataclasses import dataclass, field


@dataclass
class Block:
    kind: str  # heading, text, code, list, table, quote, rule
    text: str = ""
    level: int = 0
    anchor: str = ""
    language: str = ""
    mark: str = ""  # of code: the comment above it
    items: list = field(default_factory=list)  # of a list: lists of blocks; of a quote: blocks
    ordered: bool = False
    head: list = field(default_factory=list)
    rows: list = field(default_factory=list)


def slug(heading):
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", plain(heading).lower()).replace(" ", "-")


FENCE = re.compile(r"^( *)(```+|~~~+) *([\w-]*)")
ITEM = re.compile(r"^( *)([*+-]|\d{1,3}[.)]) +(.*)$")
COMMENT = re.compile(r"^\s*<!--\s*(.*?)\s*-->\s*$", re.S)


class Reader:
    def __init__(self, lines, anchors=None):
        self.lines, self.at, self.mark = lines, 0, ""
        self.anchors = {} if anchors is None else anchors

    def blocks(self):
        found = []
        while self.at < len(self.lines):
            block = self.one()
            if block:
                found.append(block)
        return found

    def anchor(self, text):
        made = slug(text)
        seen = self.anchors.get(made)
        self.anchors[made] = 0 if seen is None else seen + 1
        return made if seen is None else f"{made}-{seen + 1}"

    def one(self):
        line = self.lines[self.at]
        fence = FENCE.match(line)
        if not line.strip():
            self.at += 1
            return None
        if line.lstrip().startswith("<!--"):
            return self.comment()
        if fence:
            return self.fenced(fence)
        mark, self.mark = self.mark, ""
        heading = re.match(r"^(#{1,6}) +(.*?)(?: +\{#([\w-]+)\})? *$", line)
        if heading:
            self.at += 1
            return Block("heading", heading[2], len(heading[1]), heading[3] or self.anchor(heading[2]))
        if re.match(r"^ *([-*_])( *\1){2,} *$", line):
            self.at += 1
            return Block("rule")
        if line.startswith("    "):
            return self.indented(mark)
        if ITEM.match(line):
            return self.list()
        if line.startswith(">"):
            inside = []
            while self.at < len(self.lines) and self.lines[self.at].startswith(">"):
                inside.append(re.sub(r"^> ?", "", self.lines[self.at]))
                self.at += 1
            return Block("quote", items=Reader(inside, self.anchors).blocks())
        if line.lstrip().startswith("|") and self.at + 1 < len(self.lines) and re.match(r"^\s*\|[\s:|-]+\|\s*$", self.lines[self.at + 1]):
            return self.table()
        return self.paragraph()

    def comment(self):
        text = []
        while self.at < len(self.lines):
            text.append(self.lines[self.at])
            self.at += 1
            if "-->" in text[-1]:
                break
        match = COMMENT.match("\n".join(text))
        self.mark = match[1] if match else ""
        return None

    def fenced(self, fence):
        indent, inside = len(fence[1]), []
        self.at += 1
        while self.at < len(self.lines) and not self.lines[self.at].strip().startswith(fence[2]):
            inside.append(re.sub(rf"^ {{0,{indent}}}", "", self.lines[self.at]))
            self.at += 1
        self.at += 1
        mark, self.mark = self.mark, ""
        return Block("code", "\n".join(inside), language=fence[3], mark=mark)

    def indented(self, mark):
        inside = []
        while self.at < len(self.lines) and (self.lines[self.at].startswith("    ") or not self.lines[self.at].strip()):
            inside.append(self.lines[self.at][4:])
            self.at += 1
        return Block("code", "\n".join(inside).rstrip(), mark=mark)

    def list(self):
        first = ITEM.match(self.lines[self.at])
        indent, ordered = len(first[1]), first[2][0].isdigit()
        block = Block("list", ordered=ordered)
        while self.at < len(self.lines):
            match = ITEM.match(self.lines[self.at])
            if not match or len(match[1]) != indent or match[2][0].isdigit() != ordered:
                break
            inner = match.start(3)
            inside = [match[3]]
            self.at += 1
            while self.at < len(self.lines):
                line = self.lines[self.at]
                if not line.strip():
                    following = next((text for text in self.lines[self.at:] if text.strip()), "")
                    if len(following) - len(following.lstrip()) < min(inner, indent + 2):
                        break
                elif len(line) - len(line.lstrip()) <= indent and (ITEM.match(line) or not self.goes_on(line)):
                    break
                inside.append(line[min(inner, len(line) - len(line.lstrip())):])
                self.at += 1
            block.items.append(Reader(inside, self.anchors).blocks())
            if self.at < len(self.lines) and not self.lines[self.at].strip():
                following = next((n for n in range(self.at, len(self.lines)) if self.lines[n].strip()), len(self.lines))
                match = ITEM.match(self.lines[following]) if following < len(self.lines) else None
                if match and len(match[1]) == indent and match[2][0].isdigit() == ordered:
                    self.at = following
        return block

    @staticmethod
    def goes_on(line):
        """A line of a paragraph that a list's item began, though it is not indented."""
        return not re.match(r"^(#|```|~~~|\||>|<!--)", line)

    def table(self):
        def cells(line):
            text = re.sub(r"\\\|", "\0", line.strip().strip("|"))
            return [cell.strip().replace("\0", "|") for cell in text.split("|")]

        block = Block("table", head=cells(self.lines[self.at]))
        self.at += 2
        while self.at < len(self.lines) and self.lines[self.at].lstrip().startswith("|"):
            row = cells(self.lines[self.at])
            block.rows.append(row + [""] * (len(block.head) - len(row)))
            self.at += 1
        return block

    def paragraph(self):
        inside = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip() or (inside and re.match(r"^(#{1,6} |```|~~~|>|<!--|\|.*\|$)", line)) or (inside and ITEM.match(line)):
                break
            inside.append(line.strip())
            self.at += 1
        return Block("text", "\n".join(inside))


def read(text):
    return Reader(text.split("\n")).blocks()


# MARK: in a line

TOKEN = re.compile(
    r"(?P<code>(?P<ticks>`+)(?P<inside>.+?)(?P=ticks)(?!`))"
    r"|(?P<image>!\[(?P<alt>[^\]]*)\]\((?P<source>[^)\s]+)\))"
    r"|(?P<link>\[(?P<name>(?:[^\[\]]|\[[^\]]*\])+)\]\((?P<target>[^)\s]+)\))"
    r"|(?P<auto><(?P<address>https?://[^>\s]+)>)"
    r"|(?P<bold>\*\*(?=\S)(?P<strong>.+?)(?<=\S)\*\*)"
    r"|(?P<italic>(?<![\w*])[*](?=[^\s*])(?P<emphasis>[^*]+?)(?<=\S)[*](?![\w*]))"
    r"|(?P<escaped>\\(?P<char>[\\`*_{}\[\]()#+\-.!|<>]))",
    re.S)


def spans(text):
    """(kind, text, target) of each part: text, code, bold, italic, link. What is bold or linked has parts of its own."""
    at = 0
    for match in TOKEN.finditer(text):
        if match.start() > at:
            yield "text", text[at:match.start()], None
        at = match.end()
        if match["code"]:
            inside = match["inside"]
            # A space on each side keeps a tick away from the ticks.
            yield "code", inside[1:-1] if inside.startswith(" ") and inside.endswith(" ") and inside.strip() else inside, None
        elif match["image"]:
            yield "image", match["alt"], match["source"]
        elif match["link"]:
            yield "link", match["name"], match["target"]
        elif match["auto"]:
            yield "link", match["address"], match["address"]
        elif match["bold"]:
            yield "bold", match["strong"], None
        elif match["italic"]:
            yield "italic", match["emphasis"], None
        else:
            yield "text", match["char"], None
    if at < len(text):
        yield "text", text[at:], None


def plain(text):
    """A line without its marks."""
    return "".join(inside if kind in ("text", "code") else plain(inside) for kind, inside, _ in spans(text))


def inline(text, link=lambda target: target):
    """A line as HTML. `link`: where a target is on the page's site; None = nowhere, and its name alone is shown."""
    made = []
    for kind, inside, target in spans(text):
        if kind == "text":
            made.append(re.sub(r"&amp;(#?\w+;)", r"&\1", html.escape(inside, quote=False)))
        elif kind == "code":
            made.append(f"<code>{html.escape(inside, quote=False)}</code>")
        elif kind in ("bold", "italic"):
            tag = "strong" if kind == "bold" else "em"
            made.append(f"<{tag}>{inline(inside, link)}</{tag}>")
        else:
            where = link(target)
            shown = inline(inside, link)
            made.append(f'<a href="{html.escape(where)}">{shown}</a>' if where else shown)
    return "".join(made)


def words(block):
    """All text of a block, for a search."""
    if block.kind == "table":
        return " ".join(plain(cell) for row in [block.head, *block.rows] for cell in row)
    if block.kind in ("list", "quote"):
        inner = block.items if block.kind == "quote" else [inside for item in block.items for inside in item]
        return " ".join(words(inside) for inside in inner)
    return block.text if block.kind == "code" else plain(block.text)
