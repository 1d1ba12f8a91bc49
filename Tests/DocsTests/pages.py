#!/usr/bin/env python3
"""The manual of Scripts/man: everything the header, the tool and the catalogue have stands in it, its links lead somewhere,
and man, groff and mandoc take it without a word. The header is read here by other means than the manual reads it."""

import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOL = OUT = None


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **options)


def words(text):
    """Letters and digits alone: what is left of a sentence in every form it can have."""
    return re.sub(r"[^A-Za-z0-9]+", " ", text).strip()


def said(page):
    """What a page says, without roff."""
    with open(page, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"(?m)^\.(SH|SS|B|BR) ", "", text)
    text = re.sub(r"(?m)^\.[A-Za-z]+.*$", "", text)
    text = re.sub(r"\\f[A-Z]|\\&", "", text)
    text = re.sub(r"\\e", "\\\\", text)
    return words(re.sub(r"\\\[u[0-9A-F]+\]|\\\([a-z]{2}|\\(?=-)", lambda match: "" if match[0] == "\\" else " ", text))


class HeaderInThePages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(ROOT, "Include/rcml.h"), encoding="utf-8") as file:
            cls.text = file.read()
        cls.code = re.sub(r"/\*.*?\*/", " ", cls.text, flags=re.S)
        cls.pages = {path: said(path) for path in glob.glob(os.path.join(OUT, "*")) if os.path.getsize(path) > 60}
        cls.everything = " ".join(cls.pages.values())

    def test_every_name_of_the_header_stands_in_a_page(self):
        names = set(re.findall(r"\b(?:rcml|RCML)_\w+", self.code)) - {"RCML_H", "RCML_API"}
        self.assertGreater(len(names), 120)
        for name in sorted(names):
            self.assertTrue(re.search(rf"\b{words(name)}\b", self.everything), name)

    def test_every_member_and_every_value_stands_beside_its_struct_or_enum(self):
        bodies = re.findall(r"typedef (struct|enum) (\w+) \{(.*?)\n\} \w+;", self.code, re.S)
        self.assertGreater(len(bodies), 15)
        for kind, owner, body in bodies:
            page = self.pages[self.target(owner)]
            page = page[page.rindex(f" {words(owner)} {self.opening(owner)}"):]
            separator = ";" if kind == "struct" else ","
            for member in filter(str.strip, body.split(separator)):
                self.assertTrue(words(member) in page, f"{owner}: {member.strip()}")

    def opening(self, owner):
        """How the comment above a struct or enum begins: with it the owner's own entry is found in its page."""
        above = self.text[:self.text.index(f" {owner} {{")].rindex("/**")
        return " ".join(words(self.text[above:]).split()[:3])

    def test_every_comment_of_the_header_stands_in_a_page(self):
        comments = re.findall(r"/\*\*<?(.*?)\*/", self.text, re.S)
        self.assertGreater(len(comments), 200)
        for comment in comments:
            for sentence in re.split(r"@param \w+|@return|Thread:|Ownership:|Since|  \[|\n \*\n", re.sub(r"\n +\* ?", "\n ", comment)):
                self.assertTrue(words(sentence) in self.everything, sentence)

    def test_the_prose_of_the_header_is_the_page_rcml_7(self):
        intro = re.match(r"/\*.*?\*/", self.text, re.S)[0]
        page = self.pages[os.path.join(OUT, "rcml.7")]
        paragraphs = [words(re.sub(r"(?m)^ \*", "", block)) for block in re.split(r"\n \*\n", intro)[1:]]
        for paragraph in paragraphs:
            if paragraph != "WHAT IT IS":
                self.assertTrue(paragraph in page, paragraph)

    def target(self, name):
        """The page behind a name: itself, or where its link leads."""
        path = os.path.join(OUT, name + ".3")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        link = re.fullmatch(r"\.so man3/(\S+)\n", text)
        return os.path.join(OUT, link[1]) if link else path

    def test_every_function_and_type_is_found_by_its_name(self):
        functions = re.findall(r"^RCML_API [^(]*?(\w+)\(", self.code, re.M)
        types = re.findall(r"^typedef (?:struct|enum) (\w+) \{", self.code, re.M)
        types += re.findall(r"\(\*(rcml_\w+)\)", self.code)
        for name in functions + types:
            page = self.target(name)
            self.assertTrue(os.path.exists(page), f"{name} leads to {page}")
            self.assertIn(words(name), self.pages[page])

    def test_what_the_pages_refer_to_is_there(self):
        for path in self.pages:
            with open(path, encoding="utf-8") as file:
                for name, section in re.findall(r"^\.BR (\S+) \((\w+)\)", file.read(), re.M):
                    name = name.replace("\\-", "-")
                    self.assertTrue(os.path.exists(os.path.join(OUT, f"{name}.{section}")), f"{path}: {name}({section})")


class CatalogueAndTool(unittest.TestCase):
    def test_every_code_has_its_name_text_cause_and_fix(self):
        with_codes = said(os.path.join(OUT, "rcml-codes.7"))
        entries = [json.loads(line) for line in run(TOOL, "codes", "--json").stdout.splitlines()]
        self.assertGreater(len(entries), 50)
        for entry in entries:
            text = f"{entry['code']} {entry['name']} {entry['text']} Cause: {entry['cause']} Fix: {entry['fix']}"
            self.assertTrue(words(text) in with_codes, entry["name"])
        # Each result of a function is one of them.
        with open(os.path.join(ROOT, "Include/rcml.h"), encoding="utf-8") as file:
            results = {int(number) for number in re.findall(r"RCML_E_\w+ = -(\d+)", file.read())}
        self.assertLessEqual(results, {entry["code"] for entry in entries})

    def test_every_setting_has_its_sentence_values_default_and_example(self):
        # Q-35
        page = said(os.path.join(OUT, "rcml-settings.7"))
        entries = [json.loads(line) for line in run(TOOL, "settings", "--json").stdout.splitlines()]
        # Read by other means: the names in the sources, so that none is lost on its way through the library and the tool.
        source = ""
        for path in glob.glob(os.path.join(ROOT, "Sources/RCMLBasics/Settings/*.swift")):
            with open(path, encoding="utf-8") as file:
                source += file.read()
        names = set(re.findall(r'^    (?:\.\w+\(\s*)?"([a-z0-9_]+)", (?:\\\.|\.choice)', source, re.M)) | {"preset"}
        self.assertGreater(len(names), 90)
        self.assertEqual({entry["name"] for entry in entries}, names)
        for entry in entries:
            text = f"{entry['name']} {entry['text']} Values: {entry['values']} Default: {entry['default'] or 'nothing'}"
            self.assertTrue(words(text) in page, entry["name"])
            self.assertTrue(words(f"Example: {entry['name']}={entry['example']}") in page, entry["name"])

    def test_every_setting_stands_in_the_list_of_the_header_under_its_subject(self):
        # Q-35
        with open(os.path.join(ROOT, "Include/rcml.h"), encoding="utf-8") as file:
            intro = re.match(r"/\*.*?\*/", file.read(), re.S)[0]
        listed = {}
        for line in intro.split(" * SETTINGS\n")[1].split(" * STRINGS\n")[0].splitlines():
            item = re.match(r" \*   (?:(\w+) +| {11})((?:\w+, )*\w+,?)$", line)
            if item:
                theme = item[1] or theme
                listed.setdefault(theme, []).extend(item[2].rstrip(",").split(", "))
        wanted = {}
        for line in run(TOOL, "settings", "--json").stdout.splitlines():
            entry = json.loads(line)
            wanted.setdefault(entry["theme"], []).append(entry["name"])
        self.assertEqual(listed, wanted)

    def test_every_finding_the_engine_can_tell_is_in_the_catalogue(self):
        """Warnings and errors: each case of FindingCode, read in the sources."""
        with open(os.path.join(ROOT, "Sources/RCMLDocument/Finding/FindingCode.swift"), encoding="utf-8") as file:
            findings = set(re.findall(r'case \w+ = "([a-z-]+)"', file.read()))
        self.assertGreater(len(findings), 45)
        codes = {json.loads(line)["name"] for line in run(TOOL, "codes", "--json").stdout.splitlines()}
        self.assertLessEqual(findings, codes)

    def test_every_command_and_option_of_the_tool_is_in_rcml_1(self):
        page = said(os.path.join(OUT, "rcml.1")).lower()
        commands = re.findall(r"^  rcml (\w+) ", run(TOOL, "--help").stdout, re.M)
        self.assertGreaterEqual(len(commands), 8)
        for command in commands:
            for line in run(TOOL, command, "--help").stdout.splitlines():
                self.assertTrue(words(line.removeprefix("usage: ")).lower() in page, line)


class ThePagesAsTheyAre(unittest.TestCase):
    def pages(self):
        paths = sorted(path for path in glob.glob(os.path.join(OUT, "*")) if os.path.getsize(path) > 60)
        self.assertGreaterEqual(len(paths), 9)
        return paths

    def test_man_says_nothing(self):
        for path in self.pages():
            result = run("man", "--warnings", "-E", "UTF-8", "-l", path, env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
            self.assertEqual((result.returncode, result.stderr), (0, ""), path)
            self.assertGreater(len(result.stdout.splitlines()), 20, path)

    def test_groff_says_nothing(self):
        for path in self.pages():
            self.assertEqual(run("groff", "-man", "-ww", "-Tutf8", "-k", path).stderr, "", path)

    def test_mandoc_says_nothing(self):
        for path in self.pages():
            self.assertEqual(run("mandoc", "-Tlint", "-W", "warning", path).stdout, "", path)

    def test_apropos_reads_the_names(self):
        for path in self.pages():
            result = run("lexgrog", path)
            self.assertEqual(result.returncode, 0, path + result.stdout)

    def test_nothing_tells_where_it_was_made(self):
        for path in self.pages():
            with open(path, encoding="utf-8") as file:
                self.assertNotIn(ROOT, file.read(), path)


class Migration(unittest.TestCase):
    """examples/migration.md against the tables of the sources."""

    @classmethod
    def setUpClass(cls):
        cls.page = cls.text("examples/migration.md")

    @staticmethod
    def text(path):
        with open(os.path.join(ROOT, path), encoding="utf-8") as file:
            return file.read()

    def test_the_presets_are_those_of_the_settings(self):
        table = self.text("Sources/RCMLBasics/Settings/Settings+Table.swift")
        rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*)\| ([^|]*)\|", self.page, re.M)
        self.assertGreater(len(rows), 15)
        for column, preset in [(2, "restcomm"), (3, "twilio")]:
            body = re.search(rf'"{preset}": \[(.*?)\n    \]', table, re.S)[1]
            known = dict(re.findall(r'\("(\w+)", "([^"]*)"\)', body))
            self.assertGreater(len(known), 8)
            shown = {row[0]: row[column].strip() for row in rows if row[0] in table and row[column].strip()}
            settings = set(re.findall(r'\("(\w+)", "', table))
            self.assertEqual({name: value for name, value in shown.items() if name in settings}, known, preset)

    def test_every_attribute_of_dial_and_sip_has_its_row(self):
        source = self.text("Sources/RCMLDocument/Verb/AttributeNames.swift")
        for element, title in [('"Dial"', "## `<Dial>`"), ('"Sip", "Uri"', "## `<Sip>`")]:
            names = re.search(rf"case {element}:\s+\[(.*?)\]", source, re.S)[1]
            rows = self.page[self.page.index(title):].split("\n## ")[0]
            for name in re.findall(r'"([\w-]+)"', names):
                # Of the old attribute `name` nothing is to be said; the three of recording callbacks share a row.
                shown = name if not name.startswith("recordingStatusCallback") else "recordingStatusCallback…"
                self.assertTrue(name == "name" or f"`{shown}`" in rows, name)

    def test_every_verb_has_its_row(self):
        rows = self.page[self.page.index("## Other verbs"):].split("\n## ")[0]
        for verb in ["Say", "Play", "Pause", "Gather", "Record", "Redirect", "Reject", "Hangup"]:
            self.assertTrue(f"`{verb}`" in rows, verb)


class Web(unittest.TestCase):
    def test_doxygen_says_nothing_and_writes_every_function(self):
        with tempfile.TemporaryDirectory() as folder:
            result = run(os.path.join(ROOT, "Scripts/man"), "--html", folder, "--tool", TOOL)
            self.assertEqual(result.returncode, 0, result.stderr)
            text = ""
            for path in glob.glob(os.path.join(folder, "**/*.html"), recursive=True):
                with open(path, encoding="utf-8") as file:
                    text += file.read()
            with open(os.path.join(ROOT, "Include/rcml.h"), encoding="utf-8") as file:
                names = set(re.findall(r"^RCML_API [^(]*?(\w+)\(", file.read(), re.M))
            for name in names:
                self.assertTrue(f"{name}()" in text, f"{name}()")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    arguments, rest = parser.parse_known_args()
    TOOL = os.path.abspath(arguments.tool)
    with tempfile.TemporaryDirectory() as OUT:
        made = run(os.path.join(ROOT, "Scripts/man"), OUT, "--tool", TOOL)
        if made.returncode != 0:
            sys.exit(made.stderr)
        unittest.main(argv=[sys.argv[0], *rest], verbosity=0)
