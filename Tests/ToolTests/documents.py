#!/usr/bin/env python3
"""Documents as people write them (Tests/Corpus/documents/cases.tsv), rehearsed by the tool: what it prints, what goes out.

Columns, separated by tabs, `-` = empty: name, clause, document (`\\n` is meant), findings of a check (the document room's
own tests read them), options of `rcml simulate`, what every request is answered with, the outcome in words, and probes:
WHERE:REGEX joined by ` ;; `, `!` in front = must not match; WHERE is check, sim (what the rehearsal prints) or wire (its
SIP messages).
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import unittest

TOOL = None
EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Corpus", "examples")
CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Corpus", "documents", "cases.tsv")

# What is not built yet, by the clause that wants it.
LATER = {}


# What a rehearsal lacks, whatever the document: sounds that are XML here, a recorder, an answer to a question.
REHEARSED = {"play-failed", "no-recorder", "unsupported-verb"}


def examples():
    with open(os.path.join(EXAMPLES, "table.tsv"), encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                yield line.rstrip("\n").split("\t")


def cases():
    with open(CASES, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#") and line.strip():
                yield line.rstrip("\n").split("\t")


def run(*arguments):
    done = subprocess.run([TOOL, *arguments], capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr


class DocumentTests(unittest.TestCase):
    def test_each_case_comes_out_as_the_table_says(self):
        count = 0
        for name, clause, document, _, options, answer, outcome, probes in cases():
            with self.subTest(f"{name} ({clause}): {outcome}"), tempfile.TemporaryDirectory() as folder:
                count += 1
                texts = self.rehearse(folder, document.replace("\\n", "\n"), options, answer)
                wrong = [probe for probe in probes.split(" ;; ") if probe != "-" and not self.holds(probe, texts)]
                if name in LATER:
                    self.assertTrue(wrong, f"{name} holds now: take it out of LATER")
                else:
                    self.assertEqual(wrong, [], texts["sim"][-2000:])
        self.assertEqual(count, 27)

    def test_each_example_is_rehearsed_to_its_end(self):
        """One document of each kind (Tests/Corpus/examples): whoever hangs up last, the rehearsal ends; what runs is not warned of."""
        count = 0
        with tempfile.TemporaryDirectory() as folder:
            reply = os.path.join(folder, "reply")
            with open(reply, "w", encoding="utf-8") as file:
                file.write("<Response/>")
            for name, page, settings, outcome in examples():
                with self.subTest(f"{name} ({page})"):
                    count += 1
                    arguments = ["simulate", os.path.join(EXAMPLES, name + ".xml"), "--answer", f"*={reply}",
                                 "--caller-hangs-up", "30", "--set", "base_url=http://app.test/doc"]
                    for setting in settings.split():
                        if setting != "-":
                            arguments += ["--set", setting.replace("%20", " ")]
                    done = subprocess.run([TOOL, *arguments], capture_output=True, text=True, timeout=30)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertRegex(done.stdout, r" ended: [a-z-]+")
                    if outcome == "runs":
                        warnings = re.findall(r"warning (\S+):", done.stdout)
                        self.assertEqual([w for w in warnings if w not in REHEARSED], [], done.stdout[-1500:])
        self.assertGreaterEqual(count, 60)

    def rehearse(self, folder, document, options, answer):
        path, reply, journal, capture = (
            os.path.join(folder, name) for name in ("document.xml", "reply", "journal", "capture"))
        with open(path, "w", encoding="utf-8") as file:
            file.write(document)
        arguments = ["simulate", path, "--journal", journal]
        if options != "-":
            arguments += options.split()
        if answer != "-":
            with open(reply, "w", encoding="utf-8") as file:
                file.write(answer)
            arguments += ["--answer", f"*={reply}"]
        texts = {"check": run("check", path), "sim": run(*arguments), "wire": ""}
        if os.path.exists(journal):
            run("trace", "--pcapng", capture, journal)
            with open(capture, encoding="latin-1", newline="") as file:
                texts["wire"] = file.read()
        return texts

    def holds(self, probe, texts):
        where, pattern = probe.removeprefix("!").split(":", 1)
        return bool(re.search(pattern, texts[where])) != probe.startswith("!")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    options, rest = parser.parse_known_args()
    TOOL = os.path.abspath(options.tool)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=1)
