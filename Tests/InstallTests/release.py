#!/usr/bin/env python3
"""What Scripts/release makes, but for the packages that it has Scripts/package build: the archive is the commit, twice the same; the
bill of materials has every library that is linked or loaded; the checksums are right; and debug symbols belong to their binary."""

import glob
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "Scripts", "lib"))
import materials  # noqa: E402


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=120, **more)


def release(folder):
    return run(os.path.join(ROOT, "Scripts/release"), "--rehearsal", "--without-packages", "--out", folder)


class TheFolder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        work = tempfile.TemporaryDirectory()
        cls.addClassCleanup(work.cleanup)
        cls.folder = os.path.join(work.name, "release")
        made = release(cls.folder)
        assert made.returncode == 0, made.stderr
        (cls.archive,) = glob.glob(cls.folder + "/librcml-*.tar.gz")
        (cls.bill,) = glob.glob(cls.folder + "/*.cdx.json")

    def test_the_archive_is_the_commit_under_its_name(self):
        name = os.path.basename(self.archive).removesuffix(".tar.gz")
        with tarfile.open(self.archive) as archive:
            files = {member.name for member in archive.getmembers() if not member.isdir()}
        tracked = run("git", "ls-tree", "-r", "-z", "--name-only", "HEAD", cwd=ROOT).stdout.split("\0")
        self.assertEqual(files, {f"{name}/{path}" for path in tracked if path})

    def test_the_same_commit_gives_the_same_octets(self):
        with tempfile.TemporaryDirectory() as work:
            again = os.path.join(work, "again")
            self.assertEqual(release(again).returncode, 0)
            for path in (self.archive, self.bill):
                with open(path, "rb") as one, open(os.path.join(again, os.path.basename(path)), "rb") as other:
                    self.assertTrue(one.read() == other.read(), path)

    def test_the_checksums_are_of_all_files_and_right(self):
        done = run("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), len(os.listdir(self.folder)) - 1)

    def test_a_folder_of_something_else_is_left_alone(self):
        with tempfile.TemporaryDirectory() as work:
            with open(os.path.join(work, "precious"), "w", encoding="utf-8"):
                pass
            self.assertNotEqual(release(work).returncode, 0)
            self.assertEqual(os.listdir(work), ["precious"])

    def test_the_bill_is_cyclonedx(self):
        with open(self.bill, encoding="utf-8") as file:
            bill = json.load(file)
        self.assertEqual((bill["bomFormat"], bill["specVersion"], bill["version"]), ("CycloneDX", "1.5", 1))
        self.assertRegex(bill["serialNumber"], r"^urn:uuid:[0-9a-f-]{36}$")
        self.assertRegex(bill["metadata"]["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        refs = [one["bom-ref"] for one in bill["components"]]
        self.assertEqual(len(refs), len(set(refs)))
        for one in bill["components"]:
            self.assertIn(one["type"], ("library", "file"))
            self.assertTrue(one.get("hashes") if one["type"] == "file" else one["licenses"], one)
        self.assertLessEqual(set(bill["dependencies"][0]["dependsOn"]), set(refs))
        self.assertIn("file:" + os.path.basename(self.archive), refs)


class TheMaterials(unittest.TestCase):
    def names(self):
        return {name for row in materials.LIBRARIES for name in row[5]}

    def test_every_library_that_is_linked_is_there(self):
        with open(os.path.join(ROOT, "Package.swift"), encoding="utf-8") as file:
            package = file.read()
        linked = {"lib" + name.removeprefix("lib") for name in
                  re.findall(r'pkgConfig: "([^"]+)"', package) + re.findall(r'linkedLibrary\("([^"]+)"\)', package)}
        self.assertGreaterEqual(len(linked), 5)
        self.assertLessEqual(linked, self.names())
        # What check-abi allows the library to need.
        with open(os.path.join(ROOT, "Scripts/check-abi"), encoding="utf-8") as file:
            allowed = re.search(r"allowed='([^']*)'", file.read())[1]
        needed = {name.replace("\\", "").replace(".*", "") for name in allowed.split("|")}
        self.assertLessEqual(needed, self.names())

    def test_every_library_that_is_loaded_is_there(self):
        loaded = set()
        for path in glob.glob(os.path.join(ROOT, "Sources/C*/*.c")):
            with open(path, encoding="utf-8") as file:
                loaded |= set(re.findall(r'"(lib[\w-]+)\.so', file.read()))
        self.assertGreaterEqual(len(loaded), 4)
        self.assertLessEqual(loaded, self.names())


class DebugSymbols(unittest.TestCase):
    def script(self, folder, *commands):
        return run("bash", "-euc", "\n".join([
            f". '{ROOT}/Scripts/lib/common.sh'", f". '{ROOT}/Scripts/lib/debug-symbols.sh'", *commands]), cwd=folder)

    def test_they_are_found_by_the_build_id_of_the_stripped_binary(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "a.c"), "w", encoding="utf-8") as file:
                file.write("int answer(void) { return 42; }\nint main(void) { return answer(); }\n")
            done = self.script(
                folder, "gcc -g -Wl,--build-id a.c -o whole", "strip -o bare whole", "debug_package rcml whole bare 1.2.3-1 .",
                "dpkg-deb -x rcml-dbgsym_1.2.3-1_*.deb tree", "id=$(build_id bare)", "file=tree/usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug",
                'readelf -S -W "$file" | grep -q debug_info', '[ "$(build_id "$file")" = "$id" ]',
                "dpkg-deb -f rcml-dbgsym_1.2.3-1_*.deb Depends")
            self.assertEqual((done.returncode, done.stdout.strip().splitlines()[-1]), (0, "rcml (= 1.2.3-1)"), done.stderr)

    def test_those_of_another_build_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.script(folder, "echo 'int main(void) { return 1; }' >a.c", "gcc -g -Wl,--build-id a.c -o one",
                               "echo 'int main(void) { return 2; }' >a.c", "gcc -g -Wl,--build-id a.c -o other",
                               "debug_package rcml one other 1.2.3-1 .")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("is not what other was made of", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=0)
