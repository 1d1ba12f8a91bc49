#!/usr/bin/env python3
"""What the pages show is true: every block of commands is run, every document checked, the programs of the README compiled
and called. Loopback only: each port of 127.0.0.1 that a page names is another, free one here.

In a page, the line before a block may say what it is:
  <!-- file: NAME -->      the block is this file, for the commands of the page
  <!-- not run: WHY -->    commands that are not run here
  <!-- output -->          lines of the block stand, in this order, in what the commands before it wrote
A block of commands runs as one bash script in a folder with the page's files and a copy of examples; what it left running
is ended behind it."""

import argparse
import concurrent.futures
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SECONDS = 45


class Failure(Exception):
    pass


class Block:
    def __init__(self, line, mark, language, text):
        self.line, self.language, self.text = line, language, text
        kind, _, rest = mark.partition(":")
        self.file = rest.strip() if kind == "file" else None
        self.reason = rest.strip() if kind == "not run" else None
        self.is_output = kind == "output"


def blocks(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = []
    for match in re.finditer(r"^(?:<!-- ([^\n]*?) -->\n)?```(\w*)\n(.*?)^```$", text, re.M | re.S):
        found.append(Block(text.count("\n", 0, match.start()) + 1, match[1] or "", match[2], match[3]))
    return found


class Ports:
    """Free ports for those a page names: the same number is the same port, in documents, programs and commands."""

    # Pages run at once, and none gets a port that another one has chosen.
    lock, taken = threading.Lock(), set()

    def __init__(self):
        self.chosen = {}

    def free(self, number):
        while number not in self.chosen:
            # Free for both kinds: SIP has the one, HTTP the other.
            with Ports.lock, socket.socket(type=socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
                udp.bind(("127.0.0.1", 0))
                port = str(udp.getsockname()[1])
                if port not in Ports.taken and tcp.connect_ex(("127.0.0.1", int(port))) != 0:
                    Ports.taken.add(port)
                    self.chosen[number] = port
        return self.chosen[number]

    def put(self, text):
        # A call that names no listener listens at every address of this machine: here at one of them.
        text = re.sub(r"(?m)\brcml call (?!.*--listen)", "rcml call --listen udp:127.0.0.1:0 ", text)
        return re.sub(r"127\.0\.0\.1:([1-9]\d*)", lambda match: "127.0.0.1:" + self.free(match[1]), text)

    def back(self, text):
        for number, port in self.chosen.items():
            text = text.replace("127.0.0.1:" + port, "127.0.0.1:" + number)
        return text


def end(process):
    """Ends what a block left running: its own process group, nothing else."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        for _ in range(20):
            try:
                os.killpg(process.pid, 0)
            except ProcessLookupError:
                return
            process.poll()
            time.sleep(0.05)


class Page:
    def __init__(self, name, stage, tool, work):
        self.name, self.stage, self.tool, self.work = name, stage, tool, work
        self.programs = []
        self.folder = os.path.join(work, re.sub(r"\W", "-", name))
        self.ports = Ports()
        self.output = ""
        self.ran = self.skipped = self.checked = self.compared = 0
        os.mkdir(self.folder)
        shutil.copytree(os.path.join(ROOT, "examples"), os.path.join(self.folder, "examples"))
        for folder, _, files in os.walk(os.path.join(self.folder, "examples")):
            for file in files:
                self.rewrite(os.path.join(folder, file))
        self.environment = {
            **os.environ, "LC_ALL": "C.UTF-8",
            "PATH": os.path.join(stage, "bin") + ":" + os.environ["PATH"],
            "PKG_CONFIG_PATH": os.path.join(stage, "lib/pkgconfig"),
            "LD_LIBRARY_PATH": os.path.join(stage, "lib"),
            "LUA_CPATH": os.path.join(stage, "lib/lua/5.4/?.so"),
        }

    def rewrite(self, path):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.ports.put(text))

    def run(self):
        found = blocks(os.path.join(ROOT, self.name))
        for block in found:
            if block.file:
                self.write(block)
        for block in found:
            try:
                self.one(block)
            except Failure as failure:
                raise Failure(f"{self.name}:{block.line}: {failure}") from None
        self.each_program()

    def write(self, block):
        with open(os.path.join(self.folder, block.file), "w", encoding="utf-8") as file:
            file.write(self.ports.put(block.text))

    def one(self, block):
        if block.language == "sh":
            if block.reason:
                self.skipped += 1
                say(f"skip {self.name}:{block.line}: {block.reason}")
            else:
                self.commands(block.text)
                self.ran += 1
        elif block.language == "xml":
            self.document(block.text)
            self.checked += 1
        elif block.is_output:
            self.compare(block.text)
            self.compared += 1
        elif block.file in ("dial.c", "dial.lua"):
            self.ran += 1
            self.programs.append(block)

    def each_program(self):
        """The programs of the page, all at once, each in a folder and with ports of its own."""
        compile = "cc -std=c99 -Wall -Wextra -pedantic -Werror dial.c $(pkg-config --cflags --libs rcml) -o dial"
        ways = {
            "dial.c": [([compile], "./dial", "5.4")],
            "dial.lua": [([], f"{lua} dial.lua", version) for lua, version in [
                ("lua5.1", "5.1"), ("luajit", "luajit"), ("lua5.3", "5.3"), ("lua5.4", "5.4")]],
        }
        jobs = []
        with concurrent.futures.ThreadPoolExecutor() as pool:
            for block in self.programs:
                for before, command, version in ways[block.file]:
                    page = Page(f"{self.name} {command}", self.stage, self.tool, self.work)
                    page.environment["LUA_CPATH"] = os.path.join(self.stage, f"lib/lua/{version}/?.so")
                    page.write(block)
                    jobs.append((block, pool.submit(page.program, before, command)))
        for block, job in jobs:
            try:
                job.result()
            except Failure as failure:
                raise Failure(f"{self.name}:{block.line}: {failure}") from None

    def commands(self, text):
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            process = subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", self.ports.put(text)], cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                status = process.wait(timeout=SECONDS)
            except subprocess.TimeoutExpired:
                status = "none: out of time"
            finally:
                end(process)
            output.seek(0)
            self.output = self.ports.back(output.read())
        if status != 0:
            raise Failure(f"ended with {status}\n{text}\n{self.output}")

    def document(self, text):
        path = os.path.join(self.folder, "checked.xml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        result = subprocess.run([self.tool, "check", path], capture_output=True, text=True, timeout=SECONDS)
        if result.returncode != 0:
            raise Failure(result.stdout + result.stderr)

    def compare(self, text):
        at = 0
        for line in filter(None, map(str.strip, text.splitlines())):
            found = self.output.find(line, at)
            if found < 0:
                raise Failure(f"not written, or not in this order: {line}\n{self.output}")
            at = found + len(line)

    def program(self, before, command):
        """A service of the README: alice answers, bob is busy, and whoever called hears that it was so."""
        with open(os.path.join(self.folder, "caller.xml"), "w", encoding="utf-8") as file:
            file.write('<Response><Pause length="1"/></Response>')
        self.commands("\n".join([
            *before,
            "rcml answer --listen udp:127.0.0.1:5080 --ring 1 & rcml answer --listen udp:127.0.0.1:5090 --code 486 &",
            f"stdbuf -oL {command} >said 2>&1 &", "sleep 1",
            "timeout 30 rcml call sip:127.0.0.1:5060 --document caller.xml", "sleep 0.5", "cat said",
        ]))
        for words in ["alice@127.0.0.1:5080 answered in-progress", "bob@127.0.0.1:5090 completed busy"]:
            if words not in self.output.replace("\t", " "):
                raise Failure(f"{command} did not say {words}\n{self.output}")


def say(line):
    print(line, file=sys.stderr, flush=True)


def stage(given, tool, work):
    """A folder as Scripts/install leaves it: tool, library, header, modules, and what pkg-config wants to know."""
    folder = os.path.join(work, "stage")
    shutil.copytree(given, folder, symlinks=True)
    os.makedirs(os.path.join(folder, "bin"))
    os.symlink(tool, os.path.join(folder, "bin/rcml"))
    with open(os.path.join(ROOT, "Scripts/lib/rcml.pc.in"), encoding="utf-8") as file:
        text = file.read()
    for word, value in [("prefix", folder), ("libdir", "lib"), ("version", "0.1.0")]:
        text = text.replace(f"@{word}@", value)
    os.makedirs(os.path.join(folder, "lib/pkgconfig"))
    with open(os.path.join(folder, "lib/pkgconfig/rcml.pc"), "w", encoding="utf-8") as file:
        file.write(text)
    return folder


def links(pages):
    """Links between the pages, and to files of the project, lead somewhere."""
    for name in pages:
        with open(os.path.join(ROOT, name), encoding="utf-8") as file:
            for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read()):
                if not os.path.exists(os.path.join(ROOT, os.path.dirname(name), target)):
                    raise Failure(f"{name}: {target} is not there")


def report(name, folder, tool, work):
    """(whether all is well, one line about it) of one page."""
    page = Page(name, folder, tool, work)
    started = time.monotonic()
    try:
        page.run()
    except Failure as failure:
        return False, f"FAIL {failure}"
    return True, (f"ok   {name}: {page.ran} blocks run, {page.skipped} not, {page.checked} documents, {page.compared} outputs, "
                  f"{time.monotonic() - started:.0f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--stage", required=True, help="folder with lib and include")
    parser.add_argument("pages", nargs="*")
    arguments = parser.parse_args()
    pages = ["README.md"]
    for folder in ("Sources", "examples"):
        for parent, _, files in sorted(os.walk(os.path.join(ROOT, folder))):
            pages += [os.path.relpath(os.path.join(parent, file), ROOT) for file in sorted(files)
                      if file.endswith(".md") and not file.endswith(".table.md")]
    failures = 0
    with tempfile.TemporaryDirectory() as work:
        tool = os.path.abspath(arguments.tool)
        folder = stage(arguments.stage, tool, work)
        try:
            links(pages)
        except Failure as failure:
            failures += 1
            say(f"FAIL {failure}")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for good, line in pool.map(lambda name: report(name, folder, tool, work), arguments.pages or pages):
                failures += not good
                say(line)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
