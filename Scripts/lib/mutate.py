"""Builds many mutants into one tree, each behind a switch, and asks the tests about one after the other (Scripts/mutate)."""
import collections
import concurrent.futures
import csv
import functools
import os
import re
import signal
import subprocess
import sys
import threading
import time

import mutants as drawing
import prove
import specification as spec

SWITCH = "RCML_MUTANT"
KNOWN = "Tests/Mutants/equivalent.tsv"
ROUNDS = 15
HEADER = """// Is this the mutant that was asked for when the program was started? No header of the system: a file may want to say
// first which of their functions it wants.
#ifndef CMUTANT_H
#define CMUTANT_H
extern int mutant_chosen;
static inline _Bool isMutant(int number) { return mutant_chosen == number; }
#endif
"""
CHOICE = f"""#include "CMutant.h"
#include <stdlib.h>
int mutant_chosen;
__attribute__((constructor(101))) static void choose(void) {{
  const char *text = getenv("{SWITCH}");
  mutant_chosen = text == NULL ? 0 : atoi(text);
}}
"""
PACKAGE = """for target in targets where target.type != .system { target.dependencies.append("CMutant") }
"""

# Who is asked, in this order. A few worlds take two seconds and notice much, so they come before the room's own tests.
WORLDS = ["simulator", "RCMLAgentTests", "digests"]
PLANS = {
    "RCMLBasics": ["RCMLBasicsTests", "few worlds", "RCMLDocumentTests", "RCMLDialTests", "RCMLSIPTests", *WORLDS,
                   "RCMLLibraryTests", "tool"],
    "RCMLDocument": ["few worlds", "RCMLDocumentTests", "RCMLDialTests", *WORLDS, "RCMLLibraryTests", "tool"],
    "RCMLDial": ["few worlds", "RCMLDialTests", *WORLDS], "RCMLSIP": ["few worlds", "RCMLSIPTests", *WORLDS],
    "RCMLMedia": ["few worlds", "RCMLMediaTests", *WORLDS],
    "RCMLAgent": ["few worlds", *WORLDS, "RCMLRehearsalTests", "RCMLLibraryTests", "tool"],
    "RCMLReactor": ["RCMLReactorTests", "RCMLLibraryTests", "tool", "header"],
    "RCMLRehearsal": ["RCMLRehearsalTests", "RCMLLibraryTests", "tool", "header"],
    "RCMLLibrary": ["RCMLLibraryTests", "header", "lua", "tool"],
    "LuaRCML": ["lua"], "ServerModule": ["module"], "rcml": ["tool"],
    "CDigest": ["RCMLBasicsTests", "RCMLSIPTests", "RCMLReactorTests"], "CMPEG": ["RCMLMediaTests", "RCMLReactorTests"],
    "CTelephony": ["RCMLMediaTests"], "CSecureRTP": ["RCMLMediaTests", "RCMLReactorTests"],
    "CSystem": ["RCMLReactorTests", "RCMLLibraryTests", "tool", "header"], "CTLS": ["RCMLReactorTests", "RCMLLibraryTests"],
}
# These use sockets, files and the clock of the machine: two at a time, and what fails has to fail twice.
OF_THE_MACHINE = {"RCMLReactorTests", "RCMLLibraryTests", "header", "lua", "tool", "module"}

Item = collections.namedtuple("Item", "name command folder environment silent")
Verdict = collections.namedtuple("Verdict", "number verdict suite by seconds")


# MARK: the tree

class Tree:
    def __init__(self, folder, drawn):
        self.folder = folder
        # By their numbers, from 1 on: 0 is the program as it is.
        self.mutants = dict(enumerate(drawn, 1))
        self.refused = {}
        self.log = os.path.join(folder, "build.log")
        self.kept = os.path.join(folder, "refused.txt")

    @property
    def built(self):
        return {number: mutant for number, mutant in self.mutants.items() if number not in self.refused}

    def bring(self):
        """The checkout with its switches; what is the same is left alone, so that little is built anew."""
        wanted = prove.project_files()
        by_file = collections.defaultdict(list)
        for number, mutant in self.built.items():
            if not mutant.file.endswith(".lua"):
                by_file[mutant.file].append((number, mutant))
        for name in wanted:
            with open(os.path.join(spec.ROOT, name), "rb") as file:
                octets = file.read()
            if name == "Package.swift":
                octets = prove.lenient(octets)
                octets = octets.replace(b"\nlet package = Package(", b"\n" + PACKAGE.encode() + b"let package = Package(")
                octets = octets.replace(
                    b"  targets: targets,", b'  targets: targets + [.target(name: "CMutant", path: "Mutant")],')
            elif name in by_file:
                octets = switched(octets.decode(), by_file[name], name).encode()
            self._write(name, octets, os.access(os.path.join(spec.ROOT, name), os.X_OK))
        self._write("Mutant/include/CMutant.h", HEADER.encode())
        self._write("Mutant/mutant.c", CHOICE.encode())
        wanted |= {"Mutant/include/CMutant.h", "Mutant/mutant.c"}
        for top in ("Sources", "Tests", "Mutant"):
            for folder, _, names in os.walk(os.path.join(self.folder, top)):
                for name in names:
                    path = os.path.relpath(os.path.join(folder, name), self.folder)
                    if path not in wanted and "__pycache__" not in path:
                        os.remove(os.path.join(folder, name))

    def _write(self, name, octets, runs=False):
        target = os.path.join(self.folder, name)
        prove.put_octets(target, octets)
        os.chmod(target, 0o755 if runs else 0o644)

    def build(self):
        """Until the compiler takes what is left."""
        self._recall()
        for turn in range(ROUNDS):
            self.bring()
            started = time.monotonic()
            with open(self.log, "w", encoding="utf-8") as log:
                done = subprocess.Popen(
                    ["swift", "build", "--build-tests"], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True)
                running.add(done.pid)
                done.wait()
                running.discard(done.pid)
            if stopped.is_set():
                sys.exit(143)
            with open(self.log, encoding="utf-8", errors="replace") as log:
                said = log.read()
            if done.returncode == 0:
                said = self._c_rooms()
            refused = self._blamed(said) if done.returncode or said else {}
            print(f"built in {time.monotonic() - started:.0f} s: {len(refused)} more refused", flush=True)
            if done.returncode == 0 and not said:
                return
            if not refused:
                break
            self.refused.update(refused)
            self._remember()
        sys.exit(f"it does not build; the end of {self.log}:\n" + said[-3000:])

    def _c_rooms(self):
        """What no target of the package builds: does the compiler take it? What it says, if not."""
        said = ""
        for number, mutant in self.built.items():
            if mutant.room in ("LuaRCML", "ServerModule") and mutant.file.endswith(".c"):
                done = subprocess.run(
                    ["cc", "-std=gnu11", "-D_POSIX_C_SOURCE=200809L", "-fsyntax-only", *includes(self.folder), mutant.file],
                    cwd=self.folder, capture_output=True, text=True)
                if done.returncode:
                    said += done.stderr
        return said

    def _blamed(self, said):
        """Which mutants the compiler's errors are about, with what it says of each."""
        found = {}
        places = {(mutant.file, mutant.line): number for number, mutant in self.built.items()}
        for match in re.finditer(r"(?m)^(?:\S*?/)?(Sources/\S+\.(?:swift|c)):(\d+):\d+: error: (.*)$", said):
            path, line, text = match[1], int(match[2]), match[3]
            if (path, line) in places:
                found[places[path, line]] = text
        if found:
            return found
        for match in re.finditer(r"(?m)^(?:\S*?/)?(Sources/\S+\.(?:swift|c)):(\d+):\d+: error: (.*)$", said):
            # Seen elsewhere than made: the nearest above, say an assignment without which a value is not whole.
            path, line, text = match[1], int(match[2]), match[3]
            near = sorted((abs(line - other), number) for (file, other), number in places.items() if file == path)
            if near:
                found[near[0][1]] = text
        return found

    def _key(self, mutant):
        return f"{mutant.file}\t{mutant.before}\t{mutant.after}"

    def _remember(self):
        with open(self.kept, "w", encoding="utf-8") as file:
            for number, text in self.refused.items():
                file.write(f"{self._key(self.mutants[number])}\t{text}\n")

    def _recall(self):
        if os.path.exists(self.kept):
            with open(self.kept, encoding="utf-8") as file:
                kept = dict(line.rstrip("\n").rsplit("\t", 1) for line in file)
            self.refused = {n: kept[self._key(m)] for n, m in self.mutants.items() if self._key(m) in kept}


@functools.lru_cache(maxsize=None)
def includes(folder):
    shown = ["Mutant/include", "Include", "Sources/ServerModule/include", "Sources/ServerModule", "Tests/HeaderTests"]
    lua = subprocess.run(["pkg-config", "--cflags", "lua5.4"], capture_output=True, text=True).stdout.split()
    return [f"-I{os.path.join(folder, name)}" for name in shown] + lua


def switched(text, wanted, path):
    lines = text.split("\n")
    for number, mutant in wanted:
        assert lines[mutant.line - 1].strip() == mutant.before, f"{path}:{mutant.line} is not what it was"
        lines[mutant.line - 1] = mutant.switched % number
    if path.endswith(".swift"):
        # No line more: what the compiler says of a line is meant.
        lines[0] = "import CMutant; " + lines[0]
    else:
        lines[0] = '#include "CMutant.h"\n#line 1\n' + lines[0]
    return "\n".join(lines)


# MARK: who is asked

class Suites:
    def __init__(self, tree, worlds):
        self.tree, self.worlds = tree, worlds
        folder = tree.folder
        self.bin = os.path.join(folder, ".build", "debug")
        runtime = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(shell("command -v swift")))), "lib/swift/linux")
        self.stage = os.path.join(folder, "stage")
        os.makedirs(os.path.join(self.stage, "lib"), exist_ok=True)
        for name in ("librcml.so.0", "librcml.so"):
            link = os.path.join(self.stage, "lib", name)
            if os.path.lexists(link):
                os.remove(link)
            os.symlink(os.path.join(self.bin, "librcml-0.so"), link)
        self.environment = {"LD_LIBRARY_PATH": f"{self.stage}/lib:{runtime}", "SWIFT_BACKTRACE": "enable=no"}
        self.items, self.took, self.lock = {}, {}, threading.Lock()
        # How long each program takes without any mutant, as long as nothing is built anew; nothing = it does not pass.
        self.kept = os.path.join(folder, "took.tsv")
        self.known = {}
        library = os.path.join(self.bin, "librcmlPackageTests.xctest")
        if os.path.exists(self.kept) and os.path.getmtime(self.kept) > os.path.getmtime(library):
            with open(self.kept, encoding="utf-8") as file:
                self.known = dict(line.rstrip("\n").split("\t") for line in file)

    def of(self, suite):
        """Its programs, the quickest first; what fails without any mutant is no judge."""
        with self.lock:
            if suite not in self.items:
                good = []
                for item in self._programs(suite):
                    if item.name not in self.known:
                        self.known[item.name] = self._alone(item)
                        with open(self.kept, "w", encoding="utf-8") as file:
                            file.write("".join(f"{name}\t{took}\n" for name, took in self.known.items()))
                    if self.known[item.name]:
                        self.took[item.name] = float(self.known[item.name])
                        good.append(item)
                self.items[suite] = sorted(good, key=lambda item: self.took[item.name])
                print(f"  {suite}: {len(good)} programs, {sum(self.took[i.name] for i in good):.0f} s", flush=True)
            return self.items[suite]

    @staticmethod
    def _alone(item):
        began = time.monotonic()
        failed = run(item, 0, 900)
        if failed:
            print(f"  {item.name} does not pass without any mutant ({failed}): it is not asked", flush=True)
        return "" if failed else f"{time.monotonic() - began:.1f}"

    def _programs(self, suite):
        if suite == "simulator":
            tool = os.path.join(self.bin, "simulate")
            return [self._item(f"simulate {' '.join(words)}", [tool, *words]) for words in (
                ["--seeds", str(self.worlds)], ["--reference", "--seeds", str(self.worlds)],
                ["--seeds", str(self.worlds), "--from", "50000001"])]
        if suite == "few worlds":
            return [self._item("few worlds", [os.path.join(self.bin, "simulate"), "--seeds", "40"])]
        if suite == "digests":
            return [self._item("digests", [
                os.path.join(self.bin, "simulate"), "--seeds", str(self.worlds), "--journal-every", "0", "--twin-every", "0",
                "--digests", os.path.join(self.tree.folder, "Tests/SimulationTests/digests.txt")])]
        if suite == "tool":
            return [self._item(f"{name}.py", [
                sys.executable, os.path.join(self.tree.folder, f"Tests/ToolTests/{name}.py"),
                "--tool", os.path.join(self.bin, "rcml")])
                for name in ("documents", "lines", "traces", "words", "serving", "run")]
        if suite in ("header", "module", "lua"):
            return getattr(self, "_" + suite)()
        return [self._item(suite, [
            os.path.join(self.bin, "librcmlPackageTests.xctest"), "--testing-library", "swift-testing",
            "--filter", rf"^{suite}\."])]

    def _item(self, name, command, silent=False, **environment):
        return Item(name, command, self.tree.folder, {**self.environment, **environment}, silent)

    def _compile(self, name, *words):
        done = subprocess.run(["cc", "-g", "-O1", *words, "-o", name], cwd=self.tree.folder, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{name} does not build:\n{done.stderr[-2000:]}")

    def _sources(self, folder):
        for inner, _, names in sorted(os.walk(os.path.join(self.tree.folder, folder))):
            yield from (os.path.join(inner, name) for name in sorted(names) if name.endswith(".c"))

    def _header(self):
        found = []
        os.makedirs(os.path.join(self.stage, "header"), exist_ok=True)
        for source in self._sources("Tests/HeaderTests"):
            program = os.path.join(self.stage, "header", os.path.basename(source)[:-2])
            self._compile(
                program, "-std=c99", *includes(self.tree.folder), source, f"-L{self.stage}/lib", "-lrcml",
                "-lpthread", "-ldl")
            found.append(self._item(f"header {os.path.basename(program)}", [program, f"{self.stage}/lib/librcml.so.0"]))
        return found

    def _module(self):
        found = []
        os.makedirs(os.path.join(self.stage, "module"), exist_ok=True)
        server = os.path.join(self.tree.folder, "Tests/ServerModuleTests/server.c")
        for source in self._sources("Tests/ServerModuleTests"):
            if source == server:
                continue
            program = os.path.join(self.stage, "module", os.path.basename(source)[:-2])
            # The library carries a choice of its own, which is asked here as well.
            self._compile(
                program, "-std=gnu11", *includes(self.tree.folder), f'-DROOT="{self.tree.folder}"', source, server,
                *self._sources("Sources/ServerModule"), f"-L{self.stage}/lib", "-lrcml", "-lpthread", "-lm",
                f"{self.tree.folder}/Mutant/mutant.c")
            few = ["--calls", "20", "--seconds", "3"] if program.endswith("/many") else []
            found.append(self._item(f"module {os.path.basename(program)}", [program, *few]))
        return found

    def _lua(self):
        """On Lua 5.4, without the adapters' loops but with their files."""
        module = os.path.join(self.stage, "lua", "rcml.so")
        os.makedirs(os.path.dirname(module), exist_ok=True)
        self._compile(
            module, "-std=c99", "-D_POSIX_C_SOURCE=200809L", "-fPIC", "-fvisibility=hidden", "-shared",
            *includes(self.tree.folder),
            *self._sources("Sources/LuaRCML"), f"{self.tree.folder}/Mutant/mutant.c", f"-L{self.stage}/lib", "-lrcml", "-lm",
            "-pthread", "-Wl,-z,nodelete")
        tests = os.path.join(self.tree.folder, "Tests/LuaTests")
        path = f"{self.tree.folder}/Sources/LuaRCML/?.lua;{tests}/?.lua;{tests}/loops/?.lua;;/usr/share/lua/5.1/?.lua"
        scripts = [f"{tests}/{name}" for name in sorted(os.listdir(tests)) if name.endswith(".lua")]
        scripts += [f"{tests}/loops/{name}" for name in sorted(os.listdir(f"{tests}/loops")) if name.startswith("in-")]
        return [self._item(
            f"lua {os.path.basename(script)}", ["lua5.4", script], True, LUA_CPATH=f"{self.stage}/lua/?.so;;", LUA_PATH=path)
            for script in scripts]


def shell(command):
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True).stdout.strip()


class Stopped(Exception):
    """Somebody ended this while programs ran."""


running, stopped = set(), threading.Event()


def stop():
    """Ends all programs; what they would have said is not recorded."""
    stopped.set()
    for leader in list(running):
        end_session(leader)


def end_session(leader):
    for member in prove.session(leader):
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            pass


def run(item, number, seconds, **environment):
    """What failed; None = nothing did. It ends with the first failure, and with it all that it started."""
    if stopped.is_set():
        raise Stopped
    process = subprocess.Popen(
        item.command, cwd=item.folder, env={**os.environ, **item.environment, **environment, SWITCH: str(number)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        start_new_session=True)
    late = threading.Event()

    def end(reason=None):
        if reason:
            late.set()
        end_session(process.pid)

    running.add(process.pid)
    timer = threading.Timer(seconds, end, ["late"])
    timer.start()
    failed = last = None
    try:
        for line in process.stdout:
            line = re.sub("\x1b\\[[0-9;]*m", "", line)
            last = line.strip() or last
            # Swift Testing goes on after a failure, and the simulator draws the world.
            match = re.search(r"✘ Test (.+?)(?: recorded an issue|\s+failed)", line) or re.match(r"(seed \d+.*)", line)
            if match:
                failed = match[1][:100]
                break
        else:
            process.wait()
    finally:
        timer.cancel()
        end()
        process.wait()
        running.discard(process.pid)
    if stopped.is_set():
        raise Stopped
    if late.is_set():
        return f"no end within {seconds:.0f} s"
    if failed:
        return failed
    if process.returncode < 0:
        return f"signal {-process.returncode}"
    if process.returncode or (item.silent and last):
        return f"status {process.returncode}: {(last or '')[:80]}"
    return None


def only(item, failed):
    """Of a room's tests the one that failed, to see it fail again."""
    match = re.match(r"(\w+)\(", failed)
    if not match or "--filter" not in item.command:
        return item
    return item._replace(command=item.command[:-1] + [rf"{item.command[-1]}.*/{match[1]}\("])


class Judge:
    def __init__(self, suites):
        self.suites = suites

    def judge(self, number, mutant, machine, seconds=0):
        """By what only computes, or by what needs the machine, which comes after it; the seconds are those of before."""
        began = time.monotonic()
        for suite in PLANS[mutant.room]:
            by = self._ask(suite, number, mutant) if (suite in OF_THE_MACHINE) == machine else None
            if by:
                kind = "killed by digests alone" if suite == "digests" else "killed"
                return Verdict(number, kind, suite, by, seconds + time.monotonic() - began)
        return Verdict(number, "survived", "", "", seconds + time.monotonic() - began)

    def _ask(self, suite, number, mutant):
        for item in self.suites.of(suite):
            limit = 30 + 3 * self.suites.took[item.name]
            changes = self._replaced(number, mutant, item) if mutant.file.endswith(".lua") else {}
            failed = run(item, number, limit, **changes)
            if failed and suite in OF_THE_MACHINE:
                failed = run(only(item, failed), number, limit, **changes)
            if failed:
                return f"{item.name}: {failed}"
        return None

    def _replaced(self, number, mutant, item):
        """A folder that is looked at before the module's own, one a mutant: two are asked about at the same time."""
        folder = os.path.join(self.suites.stage, "replaced", str(number), "rcml")
        lines = spec.read(spec.ROOT, mutant.file).split("\n")
        lines[mutant.line - 1] = mutant.switched
        prove.put_octets(os.path.join(folder, os.path.basename(mutant.file)), "\n".join(lines).encode())
        return {"LUA_PATH": f"{os.path.dirname(folder)}/?.lua;" + item.environment["LUA_PATH"]}


# MARK: what is said of it

def known():
    """Survivors that change nothing, with the reason: by file, line before and after."""
    path = os.path.join(spec.ROOT, KNOWN)
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(row["file"], row["before"], row["after"]): row["why"] for row in rows}


def shown(number, mutant):
    return f"{number:3} {mutant.file}:{mutant.line}: {mutant.kind}\n      - {mutant.before}\n      + {mutant.after}"


def keep(folder, verdicts, tree):
    with open(os.path.join(folder, "results.tsv"), "w", encoding="utf-8") as file:
        file.write("number\tverdict\tsuite\tby\tseconds\tfile\tline\tkind\tbefore\tafter\n")
        for verdict in sorted(verdicts):
            mutant = tree.mutants[verdict.number]
            file.write("\t".join(str(field).replace("\t", " ") for field in (
                verdict.number, verdict.verdict, verdict.suite, verdict.by, f"{verdict.seconds:.0f}", mutant.file, mutant.line,
                mutant.kind, mutant.before, mutant.after)) + "\n")


def recall(folder, tree):
    """What was judged before of the same mutants, to go on."""
    path = os.path.join(folder, "results.tsv")
    found = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                number = int(row["number"])
                mutant = tree.mutants.get(number)
                if mutant and (mutant.file, mutant.before, mutant.after) == (row["file"], row["before"], row["after"]):
                    found[number] = Verdict(number, row["verdict"], row["suite"], row["by"], float(row["seconds"]))
    return found


def share(row):
    """Of a hundred that could be killed, so many are; None = there are none."""
    killed = row["killed"] + row["killed by digests alone"]
    return 100 * killed / (killed + row["survived"]) if killed + row["survived"] else None


def table(tree, verdicts):
    """The shares by room; what changes nothing is not counted among those that could be killed."""
    reasons = known()
    rows = collections.defaultdict(collections.Counter)
    for number, mutant in tree.mutants.items():
        verdict = verdicts.get(number)
        is_known = (mutant.file, mutant.before, mutant.after) in reasons
        word = "refused" if number in tree.refused else "unasked" if not verdict else \
            "nothing" if verdict.verdict == "survived" and is_known else verdict.verdict
        for room in (mutant.room, "all"):
            rows[room]["drawn"] += 1
            rows[room][word] += 1
    lines = ["| room | drawn | refused by the compiler | killed | by digests alone | changes nothing | survived | share |",
             "|---|---|---|---|---|---|---|---|"]
    for room in sorted(rows, key=lambda name: (name == "all", name)):
        row = rows[room]
        percent = "" if share(row) is None else f"{share(row):.0f} %"
        cells = (room, row["drawn"], row["refused"], row["killed"], row["killed by digests alone"], row["nothing"],
                 row["survived"], percent)
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return lines, share(rows["all"]) or 0, rows["all"]["unasked"]


def ask(folder, drawn, options):
    tree = Tree(folder, drawn)
    tree.build()
    for number, text in sorted(tree.refused.items()):
        print(f"refused by the compiler: {shown(number, tree.mutants[number])}\n      {text}", flush=True)
    suites = Suites(tree, options.worlds)
    judge = Judge(suites)
    verdicts = recall(folder, tree) if options.only or not options.again else {}
    for number in options.only or ():
        verdicts.pop(number, None)
    wanted = [number for number in tree.built if number not in verdicts and (not options.only or number in options.only)]
    lock = threading.Lock()

    def say(verdict):
        with lock:
            number = verdict.number
            verdicts[number] = verdict
            keep(folder, verdicts.values(), tree)
            said = verdict.verdict + (f" by {verdict.suite}: {verdict.by}" if verdict.by else "")
            print(f"{shown(number, tree.mutants[number])}\n      {said} ({verdict.seconds:.0f} s)", flush=True)

    def compute(number):
        verdict = judge.judge(number, tree.mutants[number], False)
        if verdict.verdict == "survived" and OF_THE_MACHINE & set(PLANS[tree.mutants[number].room]):
            return number, verdict.seconds
        return say(verdict)

    def use_machine(number, seconds):
        say(judge.judge(number, tree.mutants[number], True, seconds))

    # Who waits for the machine keeps nobody waiting who only computes.
    pools = concurrent.futures.ThreadPoolExecutor
    with pools(options.jobs) as computing, pools(2) as machine:
        later = []
        try:
            for future in concurrent.futures.as_completed([computing.submit(compute, number) for number in wanted]):
                if future.result():
                    later.append(machine.submit(use_machine, *future.result()))
            for future in later:
                future.result()
        except Stopped:
            return 143
    lines, noticed, unasked = table(tree, verdicts)
    print("\n".join(lines))
    reasons = known()
    for number, verdict in sorted(verdicts.items()):
        mutant = tree.mutants[number]
        if verdict.verdict == "survived":
            reason = reasons.get((mutant.file, mutant.before, mutant.after))
            print(f"survived: {shown(number, mutant)}" + (f"\n      changes nothing: {reason}" if reason else ""))
    if unasked:
        print(f"{unasked} were not asked about")
    return 0 if noticed >= options.share else 1
