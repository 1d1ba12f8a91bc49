"""A page for man(1), written so that groff and mandoc find nothing to say about it."""

import datetime
import os
import re


def escape(text):
    """Text as roff takes it, whatever stands in it."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    text = text.replace("^", "\\(ha").replace("~", "\\(ti").replace('"', "\\(dq")
    text = re.sub(r"[^\x00-\x7f]", lambda match: f"\\[u{ord(match[0]):04X}]", text)
    return re.sub(r"(?m)^\.", r"\\&.", text)


def marked(text):
    """Prose: `words` and names of the header are bold."""
    out = []
    for piece in re.split(r"(`[^`]+`|\b(?:rcml|RCML)_\w+)", text):
        if piece.startswith("`") and len(piece) > 1:
            out.append("\\fB" + escape(piece[1:-1]) + "\\fR")
        elif re.fullmatch(r"(rcml|RCML)_\w+", piece):
            out.append("\\fB" + escape(piece) + "\\fR")
        else:
            out.append(escape(piece))
    line = "".join(out).strip()
    return "\\&" + line if line.startswith(".") else line


def wrapped(text, width=78):
    """Lines of bounded length: the words stay, and no line begins with a control character."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word if not word.startswith(".") else "\\&" + word
        else:
            line = line + " " + word if line else word
    return "\n".join(lines + [line])


def day(path):
    """The date of a page: SOURCE_DATE_EPOCH where packages are built, else that of its source."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or os.stat(path).st_mtime
    return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc).strftime("%Y-%m-%d")


class Page:
    def __init__(self, name, section, summary, version, date, names=()):
        self.name, self.section = name, section
        self.lines = [
            f'.TH {name} {section} {date} "rcml {version}" "RCML"', ".nh", ".SH NAME",
            ", ".join(escape(word) for word in (list(names) or [name])) + " \\- " + escape(summary),
        ]

    def say(self, *lines):
        self.lines += lines

    def head(self, title):
        self.say(".SH " + escape(title.upper()))

    def subhead(self, title):
        self.say(".SS " + escape(title))

    def text(self, text, first=False):
        """A paragraph; the first below a heading needs no gap."""
        if not first and not self.lines[-1].startswith((".SH", ".SS")):
            self.say(".PP")
        self.say(wrapped(marked(text)))

    def item(self, term, text):
        self.say(".TP", ".B " + escape(term), wrapped(marked(text)) if text else "\\&")

    def code(self, lines):
        if not self.lines[-1].startswith((".SH", ".SS")):
            self.say(".PP")
        self.say(".RS 4", ".nf", *[escape(line) or "\\&" for line in lines], ".fi", ".RE")

    def prose(self, blocks, headings=True):
        for block in blocks:
            if block[0] == "heading":
                (self.head if headings else self.subhead)(block[1])
            elif block[0] == "code":
                self.code(block[1])
            elif block[0] == "item":
                self.item(block[1], block[2])
            else:
                self.text(block[1])

    def write(self, folder):
        with open(os.path.join(folder, f"{self.name}.{self.section}"), "w", encoding="utf-8") as file:
            file.write("\n".join(self.lines) + "\n")
