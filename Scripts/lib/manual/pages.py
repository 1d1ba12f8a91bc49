#!/usr/bin/env python3
"""Writes the man pages of the header, the tool and the catalogue: pages.py OUT --header FILE --tool TOOL --readme FILE"""

import argparse
import json
import os
import re
import subprocess

import chapters
import header
import listed
import roff

CHAPTERS = "Sources/Manual"


def prototype(declaration, width=76):
    """A declaration in lines of bounded length, broken between parameters."""
    if len(declaration) <= width or "(" not in declaration:
        return [declaration]
    head, rest = declaration.split("(", 1)
    lines, line = [head + "("], "   "
    for piece in re.split(r"(?<=,) ", rest.strip()):
        if len(line) + 1 + len(piece) > width:
            lines.append(line)
            line = "   "
        line += " " + piece
    return lines + [line]


class Manual:
    def __init__(self, options):
        self.header = header.read(options.header)
        self.tool, self.out, self.readme = options.tool, options.out, options.readme
        self.root = os.path.dirname(os.path.abspath(self.readme))
        self.date = roff.day(options.header)
        self.version = self.ask("--version").split()[1]
        self.groups = []

    def ask(self, *words):
        return subprocess.run([self.tool, *words], check=True, capture_output=True, text=True, timeout=60).stdout

    def page(self, name, section, summary, names=()):
        return roff.Page(name, section, summary, self.version, self.date, names)

    def see(self, page, *others):
        page.head("See also")
        last = others[-1]
        for name, section in others:
            page.say(f".BR {roff.escape(name)} ({section})" + ("" if (name, section) == last else " ,"))

    def all(self):
        os.makedirs(self.out, exist_ok=True)
        for section in self.header.sections:
            if section.items:
                words = re.sub(r"\W+", "_", section.title.lower().removeprefix("the "))
                self.groups.append(("rcml_" + words, section))
        for name, section in self.groups:
            self.group(name, section)
        self.overview()
        self.command()
        self.codes()
        self.settings()
        chapters.write_man(self.root, CHAPTERS, self.out, self.version)

    # rcml(7): the prose of the header.
    def overview(self):
        page = self.page("rcml", 7, "embeddable engine for RCML documents: <Dial> and <Sip>")
        page.head("Synopsis")
        page.code(["#include <rcml.h>", "", "cc program.c $(pkg-config --cflags --libs rcml)"])
        page.head("Description")
        prose = header.blocks(self.header.intro)[1:]
        page.prose(block for block in prose if block != ("heading", "WHAT IT IS"))
        page.head("Pages")
        for name, section in self.groups:
            what = ", ".join(item.name for item in section.items if item.kind == "function") or "structs, enums and functions of yours"
            page.item(f"{name}(3)", section.title + ": " + what)
        for chapter in chapters.order(self.root, CHAPTERS)[1]:
            page.item(f"{chapter.man}(7)", chapter.summary)
        page.item("rcml-codes(7)", "every code: what it is, why it happens, what to do")
        page.item("rcml-settings(7)", "every setting: what it is for, its values, its default, an example")
        page.item("rcml(3lua)", "the Lua module")
        page.item("rcml(1)", "the tool")
        page.write(self.out)

    # rcml_*(3): a page for each section of the header, and a link to it for each name in it.
    def group(self, name, section):
        shown = [item for item in section.items if item.kind != "macro"]
        names = [item.name for item in shown if item.name != name]
        page = self.page(name, 3, "RCML: " + section.title.lower(), [name] + names)
        page.head("Synopsis")
        lines = ["#include <rcml.h>"]
        for item in shown:
            lines += ([""] if item.kind == "function" else []) + prototype(item.declaration)
        page.code(lines)
        if section.prose:
            page.head("Description")
            page.prose(header.blocks(section.prose), headings=False)
        for title, kinds in [("Types", ("type",)), ("Enums", ("enum",)), ("Structs", ("struct",)), ("Functions", ("function",))]:
            chosen = [item for item in shown if item.kind in kinds]
            if chosen:
                page.head(title)
            for item in chosen:
                self.entry(page, item)
        macros = [item for item in section.items if item.kind == "macro" and not item.name.endswith("_INIT")]
        if macros:
            page.head("Macros")
            for item in macros:
                page.item(re.sub(r"\s+", " ", item.declaration), " ".join(item.comment.paragraphs))
        others = [(other, 3) for other, _ in self.groups if other != name]
        self.see(page, ("rcml", 7), ("rcml-codes", 7), ("rcml-settings", 7), *others)
        page.write(self.out)
        for word in names:
            with open(os.path.join(self.out, word + ".3"), "w", encoding="utf-8") as file:
                file.write(f".so man3/{name}.3\n")

    def entry(self, page, item):
        page.subhead(item.name)
        if item.kind in ("function", "type"):
            page.code(prototype(item.declaration))
        for paragraph in item.comment.paragraphs:
            page.text(paragraph)
        if item.kind == "struct" and self.has_init(item):
            page.text(f"Set up by {header.init_of(item)}.")
        for member in item.members:
            if "(" in member.declaration:
                page.item(member.declaration + ";", " ".join(member.comment.paragraphs))
                page.say(".RS")
                self.facts(page, member.comment)
                page.say(".RE")
            else:
                meaning = self.header.meaning(member, item)
                page.item(member.declaration + (";" if item.kind == "struct" else ""), " ".join(meaning.paragraphs))
        self.facts(page, item.comment)

    def has_init(self, item):
        return any(macro.name == header.init_of(item) for macro in self.header.items("macro"))

    def facts(self, page, comment):
        for name, text in comment.params:
            page.item(name, text)
        if comment.result:
            page.item("Returns", comment.result)
        if comment.facts:
            facts = [f"\\fI{name}:\\fR " + roff.marked(text.rstrip(".")) for name, text in comment.facts]
            page.say(".PP", roff.wrapped(".  ".join(facts) + "."))

    # rcml(1): what the tool says of itself.
    def command(self):
        help = self.ask("--help").rstrip("\n").split("\n\n")
        page = self.page("rcml", 1, re.sub(r"^rcml (\w+s) ", r"\1 ", help[0]).rstrip("."))
        page.head("Synopsis")
        commands = re.findall(r"^  rcml (\w+)\s+(.*)$", help[1], re.M)
        texts = {name: self.ask(name, "--help") for name, _ in commands}
        page.code([re.search(r"usage: (.*)", text)[1] for text in texts.values()])
        page.head("Description")
        page.text(help[0])
        page.head("Commands")
        for name, summary in commands:
            page.subhead("rcml " + name)
            page.text(summary[0].upper() + summary[1:] + ".")
            for option, text in re.findall(r"^  (--\S+(?: \S+)?)\s{2,}(.*)$", texts[name], re.M):
                page.item(option, text)
        page.head("Limits")
        page.text("Settings that bound what strangers, web servers and documents may use up; 0 is no limit where nothing else is said.")
        for setting, default, text in self.limits():
            page.item(setting, f"{text} ({default})")
        page.head("Exit status")
        for line in " ".join(help[2:]).split("\n"):
            page.text(line.removeprefix("rcml help COMMAND says more. "))
        page.head("Examples")
        page.code(self.examples())
        self.see(page, ("rcml", 7), ("rcml-codes", 7), ("rcml-settings", 7), ("rcml", "3lua"))
        page.write(self.out)

    def examples(self):
        """The commands of the README: the block below "From the command line"."""
        with open(self.readme, encoding="utf-8") as file:
            text = file.read()
        return re.search(r"^## From the command line\n.*?```sh\n(.*?)\n```", text, re.S | re.M)[1].split("\n")

    def limits(self):
        """The table of the README below "Limits": setting, default, what it bounds."""
        with open(self.readme, encoding="utf-8") as file:
            text = file.read()
        rows = re.findall(r"^\| (`[^|]*`) \| ([^|]*) \| ([^|]*) \|$", text.split("\n## Limits\n")[1].split("\n## ")[0], re.M)
        assert rows, "the README has no limits"
        return [(setting.replace("`", ""), default.replace("`", ""), what.replace("`", "")) for setting, default, what in rows]

    # rcml-codes(7): the catalogue.
    def codes(self):
        entries = [json.loads(line) for line in self.ask("codes", "--json").splitlines()]
        page = self.page("rcml-codes", 7, "errors and warnings of RCML: what they are, why, what to do")
        page.head("Description")
        page.text(f"The {len(entries)} codes of the catalogue, by number. Functions of the library return them negated; findings, "
                  "events and the tool name them as they are. `rcml codes CODE` says the same in a terminal.")
        page.head("Codes")
        for entry in entries:
            page.say(".TP", f".B {entry['code']} " + roff.escape(entry["name"]))
            page.say(roff.wrapped(roff.marked(entry["text"])), ".RS", ".PP")
            page.say("\\fICause:\\fR " + roff.wrapped(roff.marked(entry["cause"])), ".br")
            page.say("\\fIFix:\\fR " + roff.wrapped(roff.marked(entry["fix"])), ".RE")
        self.see(page, ("rcml", 1), ("rcml", 7), ("rcml-settings", 7), ("rcml_version_and_words", 3))
        page.write(self.out)

    # rcml-settings(7): the table of settings.
    def settings(self):
        page = self.page("rcml-settings", 7, "settings of RCML: what each is for, its values, its default, an example")
        page.head("Description")
        page.text("How an agent behaves is said by settings: `rcml_agent_set` in C, `agent:set` or a field of rcml.agent in Lua, "
                  "`--set NAME=VALUE` and `--settings FILE` of the tool. Calls under way keep the settings they began with. One "
                  "call may have its own value of a setting with scope call, given with its document (`rcml_document`); of one "
                  "with scope beginning only when the call is being made (`rcml_call_options`, `rcml_host_call_options`). What "
                  "can be judged when a setting is set is judged then. `rcml settings NAME` says the same in a terminal.")
        for _, title, settings in listed.by_theme(self.tool):
            page.head(title)
            for setting in settings:
                page.say(".TP", ".B " + roff.escape(setting["name"]))
                page.say(roff.wrapped(roff.marked(setting["text"])), ".RS", ".PP")
                facts = ["\\fI" + name + ":\\fR " + roff.wrapped(roff.escape(text)) for name, text in listed.facts(setting)]
                page.say("\n.br\n".join(facts), ".RE")
        self.see(page, ("rcml", 1), ("rcml", 7), ("rcml-codes", 7), ("rcml_agent", 3))
        page.write(self.out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out")
    for name in ("header", "tool", "readme"):
        parser.add_argument("--" + name, required=True)
    Manual(parser.parse_args()).all()


if __name__ == "__main__":
    main()
