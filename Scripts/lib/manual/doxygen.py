#!/usr/bin/env python3
"""rcml.h as Doxygen takes it, on standard output: doxygen.py FILE (its INPUT_FILTER).

The header is written to be read as it is, so it does without Doxygen's words for the usual parameters, for sections and
for what needs escaping; they are put in here, from the same reading of the header as the man pages."""

import os
import re
import sys

import header


def escape(text):
    """Prose without anything that Doxygen would take for its own."""
    text = re.sub(r"`([^`]*)`", lambda match: "\0" + match[1] + "\1", text)
    text = re.sub(r"[\\@<>#$%\"]", lambda match: "\\" + match[0], text)
    text = text.replace("::", "\\::")
    return text.replace("\0", "<tt>").replace("\1", "</tt>")


def comment(lines, mark="/**"):
    return mark + " " + "\n * ".join(lines) + " */"


def described(made, extra=()):
    """The lines of a comment: brief, the rest, parameters, result, facts."""
    lines = []
    for paragraph in made.paragraphs:
        lines += [escape(paragraph), ""]
    for name, text in extra or made.params:
        lines.append(f"@param {name} {escape(text)}")
    if made.result:
        lines.append("@return " + escape(made.result))
    if made.facts:
        lines += ["", "@par", ". ".join(f"<i>{name}:</i> {escape(text.rstrip('.'))}" for name, text in made.facts) + "."]
    return lines or [""]


def prose(text, first=0):
    lines = []
    for block in header.blocks(text)[first:]:
        if block[0] == "heading":
            lines += ["", f"@section {block[1].lower().replace(' ', '_')} {block[1].capitalize()}", ""]
        elif block[0] == "code":
            lines += ["", "@code{.c}", *[line.replace("*/", "* /") for line in block[1]], "@endcode", ""]
        elif block[0] == "item":
            lines += [f"- <b>{escape(block[1])}</b> {escape(block[2])}"]
        else:
            lines += ["", escape(block[1]), ""]
    return lines


class Rewriting:
    def __init__(self, read):
        self.header = read
        self.out = []

    def text(self):
        self.out += [comment(["@mainpage librcml", *prose(self.header.intro)]), comment(["@file", "The whole interface, of C."])]
        self.out += ["#include <stdbool.h>", "#include <stddef.h>", "#include <stdint.h>"]
        for number, section in enumerate(self.header.sections):
            name = re.sub(r"\W+", "_", section.title.lower())
            self.out.append(comment([f"@defgroup g{number}_{name} {section.title}", *prose(section.prose), "@{"]))
            for item in section.items:
                self.item(item)
            self.out.append("/** @} */")
        return "\n".join(self.out) + "\n"

    def item(self, item):
        if item.kind == "macro":
            said = item.comment.paragraphs or self.macro(item)
            self.out += [comment([escape(line) for line in said]), item.declaration]
            return
        extra = []
        if item.kind == "function":
            extra = [(member.name, " ".join(member.comment.paragraphs)) for member in self.header.parameters(item)]
            extra = [pair for pair in extra if pair[1]]
        self.out.append(comment(described(item.comment, extra)))
        if item.kind in ("struct", "enum"):
            self.out.append(f"typedef {item.kind} {item.name} {{")
            for member in item.members:
                made = self.header.meaning(member, item)
                # A name of several words says it: calls_busy, answer_count.
                if not made.paragraphs and "_" in member.name:
                    made = header.Comment([member.name.replace("_", " ")])
                if made.paragraphs:
                    self.out.append(comment(described(made)))
                self.out.append(member.declaration + (";" if item.kind == "struct" else ","))
            self.out.append(f"}} {item.name};")
        else:
            self.out.append(item.declaration)

    def macro(self, item):
        """What a macro is whose name says it."""
        for struct in self.header.items("struct"):
            if item.name == header.init_of(struct):
                return [f"Sets up an {struct.name}."]
        return ["Is " + item.declaration.split(None, 2)[2] + "."]


def page(text, folder):
    """Markdown as Doxygen takes it."""
    # A # within words asks for a link.
    text = re.sub(r"(?<=\S)#(?=\w)", r"\\#", text)
    # What a link leads to is not always among the pages.
    return re.sub(
        r"\[([^]]*)\]\((?!https?:)([^)]+)\)",
        lambda match: match[0] if os.path.exists(os.path.join(folder, match[2])) else match[1], text)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    if sys.argv[1].endswith("rcml.h"):
        text = Rewriting(header.read(sys.argv[1])).text()
    else:
        text = page(text, os.path.dirname(sys.argv[1]))
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
