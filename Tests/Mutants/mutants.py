#!/usr/bin/env python3
"""What Scripts/mutate draws, and what it leaves alone: python3 Tests/Mutants/mutants.py"""
import csv
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "Scripts/lib"))

import mutants  # noqa: E402
import mutate  # noqa: E402


def ways(text, path="Sources/Room/File.swift"):
    """Of each line: its mutants, by kind."""
    found = {}
    for line in mutants.of_file(path, text):
        found[line[0].line] = {(way.kind, way.after) for way in line}
    return found


def switched(text, path="Sources/Room/File.swift"):
    return {way.switched for line in mutants.of_file(path, text) for way in line}


class Swift(unittest.TestCase):
    def test_a_condition_is_negated_and_its_comparison_moved(self):
        found = ways("func f() {\n  if let a, b < c { return }\n}\n")
        self.assertEqual(found, {2: {
            ("condition negated", "if let a, !(b < c) { return }"), ("comparison moved", "if let a, b <= c { return }")}})
        self.assertIn(
            "  if let a, (isMutant(%d) ? (b <= c) : (b < c)) { return }",
            switched("func f() {\n  if let a, b < c { return }\n}\n"))

    def test_a_further_line_of_a_condition_is_a_condition(self):
        found = ways("func f() {\n  guard let a,\n    a.isOpen\n  else { return }\n}\n")
        self.assertEqual(found, {3: {("condition negated", "!(a.isOpen)")}})

    def test_a_statement_is_dropped_and_a_cleanup_is_called_one(self):
        found = ways("func f() {\n  go(on: a)\n  defer { close(a) }\n  a.removeAll()\n  a.append(b)\n}\n")
        self.assertEqual({line: {kind for kind, _ in way} for line, way in found.items()}, {
            2: {"statement dropped"}, 3: {"cleanup left out"}, 4: {"cleanup left out"}, 5: {"statement dropped"}})
        self.assertIn("  defer { if !isMutant(%d) { close(a) } }", switched("func f() {\n  defer { close(a) }\n}\n"))

    def test_a_part_of_a_statement_is_no_statement(self):
        self.assertEqual(ways("func f() {\n  let a =\n    g(b)\n  b(\n    c(d)\n  )\n}\n"), {})

    def test_a_result_is_no_statement_and_what_an_init_sets_is_set(self):
        self.assertEqual(ways("func f() -> Int {\n  g(a)\n}\ninit(a: Int) {\n  self.a = a\n}\n"), {})

    def test_constants_and_arguments_are_changed(self):
        found = ways("let a = 8_192\nfunc f() {\n  go(on: true)\n}\n")
        self.assertEqual(found[1], {("constant changed", "let a = 8_193")})
        self.assertIn(("argument changed", "go(on: false)"), found[3])

    def test_effects_are_emptied(self):
        self.assertIn(("result emptied", "return []"), ways("func f() -> [E] {\n  return [.cancel(a), .bye]\n}\n")[2])

    def test_comments_texts_and_our_own_mistakes_are_left_alone(self):
        for text in ("// if a < 1 { go(on: 2) }", "/* 1 /* 2 */ 3 */",
                     'let a = "1 < 2 \\(b("3", 4) + 5)"', 'let a = """\n  5\n  """',
                     'let a = #"6 \\(7)"#', "func f() {\n  precondition(a < 8)\n}", "func f() {\n  a.reserveCapacity(9)\n}",
                     "func hash(into hasher: inout Hasher) {\n  a.b(10)\n}", "enum A {\n  case a = 11\n}"):
            self.assertEqual(ways(text + "\n"), {}, text)

    def test_a_percent_sign_stays_one(self):
        text = "func f() {\n  a = b % 3\n}\n"
        way = next(way for line in mutants.of_file("Sources/Room/File.swift", text) for way in line if "3" in way.switched)
        self.assertIn(" % ", mutate.switched(text, [(7, way)], way.file))
        self.assertIn("isMutant(7)", mutate.switched(text, [(7, way)], way.file))


class C(unittest.TestCase):
    PATH = "Sources/Room/file.c"

    def test_it_is_switched_by_a_condition_and_in_braces(self):
        text = "int f(int a) {\n  if (a < 2) return 0;\n  free(b);\n  return a > 0;\n}\n"
        found = switched(text, self.PATH)
        self.assertIn("  if (isMutant(%d) != !!(a < 2)) return 0;", found)
        self.assertIn("  { if (!isMutant(%d)) { free(b); } }", found)
        self.assertIn("  return isMutant(%d) != !!(a > 0);", found)
        self.assertEqual({kind for kind, _ in ways(text, self.PATH)[3]}, {"cleanup left out"})

    def test_tables_and_directives_are_left_alone(self):
        text = "#define A 1\n#if B > \\\n  2\n#endif\nenum a { B = 3 };\n" \
            "static const int c[] = {\n  4,\n};\nint f(void) {\n  char d[5];\n}\n"
        self.assertEqual(ways(text, self.PATH), {})

    def test_the_compiler_names_the_line_of_the_source(self):
        text = "int f(void) {\n  return 3;\n}\n"
        way = next(way for line in mutants.of_file(self.PATH, text) for way in line)
        self.assertTrue(mutate.switched(text, [(1, way)], self.PATH).startswith('#include "CMutant.h"\n#line 1\nint f'))


class Lua(unittest.TestCase):
    def test_the_line_is_replaced(self):
        found = ways("local function f(a)\n  if a then\n    close(a)\n  end\nend -- 3\n", "Sources/Room/file.lua")
        self.assertEqual(found, {
            2: {("condition negated", "if not (a) then")}, 3: {("cleanup left out", "-- nothing")}})


class Drawing(unittest.TestCase):
    def test_the_same_seed_draws_the_same_and_more_begin_with_them(self):
        few, _ = mutants.draw(ROOT, 20, "7", "RCMLDial")
        self.assertEqual(mutants.draw(ROOT, 40, "7", "RCMLDial")[0][:20], few)
        self.assertNotEqual(mutants.draw(ROOT, 20, "8", "RCMLDial")[0], few)

    def test_no_line_is_drawn_twice_and_every_room_has_its_judges(self):
        drawn, lines = mutants.draw(ROOT, 100_000, "1")
        self.assertEqual(len({(way.file, way.line) for way in drawn}), lines)
        self.assertGreater(lines, 10_000)
        self.assertEqual({way.room for way in drawn} - set(mutate.PLANS), set())

    def test_it_says_what_it_would_change(self):
        said = subprocess.run(
            [os.path.join(ROOT, "Scripts/mutate"), "RCMLMedia", "--list", "--count", "3"],
            capture_output=True, text=True, check=True)
        self.assertEqual(len([line for line in said.stdout.split("\n") if "Sources/RCMLMedia/" in line]), 3)
        wrong = subprocess.run([os.path.join(ROOT, "Scripts/mutate"), "Kitchen"], capture_output=True, text=True)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("there is no room Kitchen", wrong.stderr)

    def test_what_is_said_to_change_nothing_still_stands_there(self):
        with open(os.path.join(ROOT, mutate.KNOWN), encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        for row in rows:
            with open(os.path.join(ROOT, row["file"]), encoding="utf-8") as file:
                found = [way for line in mutants.of_file(row["file"], file.read()) for way in line]
            self.assertIn((row["before"], row["after"]), {(way.before, way.after) for way in found}, row["file"])
            self.assertGreater(len(row["why"]), 20)


if __name__ == "__main__":
    unittest.main()
