#!/usr/bin/env python3
"""The specification holds together: each clause is defined once, each citation of the project leads to one, each link leads
somewhere, the pages made of the clauses are as the clauses are. And the reading that says so is not blind: what is made up
is found."""

import os
import shutil
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "Scripts", "lib"))

import prove  # noqa: E402
import specification as spec  # noqa: E402


class TheProject(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.specification = spec.Specification(ROOT)

    def test_each_citation_and_each_link_leads_somewhere(self):
        self.assertEqual([], [f"{f.path}:{f.line}: {f.text}" for f in self.specification.faults()])

    def test_there_is_something_to_read(self):
        kinds = {citation.kind for citation in self.specification.citations()}
        self.assertEqual(
            {"clause", "between", "failure", "section", "failure section", "race", "attack"}, kinds)
        self.assertGreater(len(self.specification.numbered()), 375)
        self.assertEqual(45, len(self.specification.failures))
        self.assertEqual({str(number) for number in range(1, 21)}, self.specification.races)

    def test_each_clause_is_named_by_a_test(self):
        found = spec.named(self.specification)
        self.assertEqual([], [c.name for c in self.specification.numbered() if not found[c.name]])

    def test_the_pages_are_as_the_clauses_are(self):
        for name, text in spec.pages(self.specification).items():
            self.assertEqual(spec.read(ROOT, f"{spec.FOLDER}/{name}"), text, f"{name}: Scripts/clauses --write")
            self.assertNotIn("?", text.replace("?>", ""), name)

    def test_chapters_are_short_enough_to_be_read(self):
        for name in self.specification.chapters:
            lines = spec.read(ROOT, f"{spec.FOLDER}/{name}").split("\n")
            self.assertLessEqual(len(lines), 600, name)
            for number, line in enumerate(lines, 1):
                self.assertLessEqual(len(line), 130, f"{name}:{number}")

    def test_each_clause_that_was_proved_is_still_there(self):
        for row in prove.rows(ROOT):
            self.assertIn(row["clause"], self.specification.clauses)


class WhatIsMadeUp(unittest.TestCase):
    def setUp(self):
        self.tree = tempfile.TemporaryDirectory()
        self.addCleanup(self.tree.cleanup)
        self.root = self.tree.name
        shutil.copytree(os.path.join(ROOT, spec.FOLDER), os.path.join(self.root, spec.FOLDER))
        # What the chapters lead to beside themselves.
        for top in ("Sources", "Tests"):
            for folder, _, names in os.walk(os.path.join(ROOT, top)):
                for name in names:
                    if name.endswith(".md") and "Specification" not in folder:
                        path = os.path.join(self.root, os.path.relpath(folder, ROOT), name)
                        os.makedirs(os.path.dirname(path), exist_ok=True)
                        open(path, "w", encoding="utf-8").close()
        self.write("Tests/Attack/attacks/N3.py", "")
        self.assertEqual([], self.faults())

    def write(self, path, text, mode="w"):
        path = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, mode, encoding="utf-8") as file:
            file.write(text)

    def faults(self):
        return [(os.path.basename(f.path), f.text) for f in spec.Specification(self.root).faults()]

    def test_each_kind_of_citation_is_found_that_leads_nowhere(self):
        for text, name in [
            ("/// spec X-99", "X-99"), ("// Q-98, U-6", "Q-98"), ("[N-1]", "N-1"), ("(U-900)", "U-900"),
            ("/// G-16 … G-79", "G-79"), ("/// F-6…99", "F-99"), ("// I-M44", "I-M44"),
            ("// failures A88", "A88"), ("// failures A8, P99", "P99"), ("/// failures H5\n  /// and T77", "T77"),
            ("// failures §7.3", "7.3"), ("/// spec §5.9", "5.9"), ("/// spec §5.2 … §5.8", "5.8"),
            ("// §18.7 race 21", "21"), ("// attack N99", "N99"), ("// Field F2", "Field F2"), ("// review C6", "review C6"),
        ]:
            for path in ("Sources/Room/File.swift", "Include/rcml.h", "Tests/T/a.table.md", "Scripts/x", "examples/a.lua"):
                with self.subTest(text=text, path=path):
                    self.write(path, text + "\n")
                    try:
                        found = self.faults()
                    finally:
                        os.remove(os.path.join(self.root, path))
                    self.assertEqual(1, len(found), found)
                    self.assertIn(name, found[0][1])

    def test_what_is_there_and_what_is_no_citation_is_let_pass(self):
        self.write("Sources/Room/File.swift", """
          // spec X-9, K-8 … K-10, F-6…F-9, [Q-36], (U-25), I-M4, failures A8, I-S5, failures H5 to H11, failures §2.0, P3
          // spec §5.2, §9; §18.7, race 20; UTF-8, SHA-256, X-1-2, RFC 3261 §14.1, H264, 64·T1, T1, T-1.5
        """)
        self.assertEqual([], self.faults())

    def test_a_clause_that_is_defined_twice_is_found(self):
        self.write(f"{spec.FOLDER}/calls.md", "* **G-1 Again.** Something else.\n", "a")
        self.assertEqual([("calls.md", "G-1 is defined in Sources/Specification/documents.md:9 as well")], self.faults())

    def test_a_clause_that_is_gone_is_missed_where_it_is_cited(self):
        path = os.path.join(self.root, spec.FOLDER, "verbs.md")
        text = spec.read(self.root, f"{spec.FOLDER}/verbs.md").replace("* **V-22 ", "* V-22 ")
        self.write(os.path.relpath(path, self.root), text)
        self.write("Sources/Room/File.swift", "// V-22\n")
        self.assertIn(("File.swift", "clause V-22 is not in the specification"), self.faults())

    def test_a_link_that_leads_nowhere_is_found(self):
        self.write(f"{spec.FOLDER}/calls.md", "[a](nothing.md), [b](dial.md#no-such-heading)\n", "a")
        self.assertEqual(
            [("calls.md", "nothing.md leads nowhere"), ("calls.md", "dial.md#no-such-heading leads to no heading")],
            self.faults())

    def test_a_chapter_that_the_readme_does_not_name_is_found(self):
        self.write(f"{spec.FOLDER}/more.md", "# More\n")
        self.assertEqual([("more.md", "the README does not lead here")], self.faults())


if __name__ == "__main__":
    unittest.main()
