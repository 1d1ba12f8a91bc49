"""Does a test of a clause notice when a line that the clause is about is broken? Breaks such lines, one after the other, in a
copy of the sources, builds the room and runs the tests that name the clause (Scripts/clauses --prove)."""
import collections
import csv
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import specification as spec

RESULTS = "Tests/Clauses/proved.tsv"
COLUMNS = ["clause", "verdict", "room", "file", "line", "broken", "test"]
# From below to above: what stands lower is built and tested sooner.
ROOMS = ["RCMLBasics", "RCMLDocument", "RCMLDial", "RCMLSIP", "RCMLMedia", "RCMLAgent", "RCMLReactor", "RCMLRehearsal",
         "RCMLLibrary"]


@functools.lru_cache(maxsize=None)
def read(root, path):
    """A file as it was before anything was broken in it."""
    return spec.read(root, path)


Test = collections.namedtuple("Test", "room suite name first last")
Mutant = collections.namedtuple("Mutant", "file number line broken")


def rows(root=spec.ROOT):
    path = os.path.join(root, RESULTS)
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def keep(found):
    """One row a clause, in the order of names, with tabs as they never stand in a line of code."""
    table = {row["clause"]: row for row in rows()}
    for row in found:
        table[row["clause"]] = row

    def order(row):
        letter, number = row["clause"].split("-")
        return letter, int(number)

    with open(os.path.join(spec.ROOT, RESULTS), "w", encoding="utf-8", newline="") as file:
        file.write("\t".join(COLUMNS) + "\n")
        for row in sorted(table.values(), key=order):
            file.write("\t".join(row[c].replace("\t", " ") for c in COLUMNS) + "\n")


# MARK: who tests it

class Tests:
    """The test functions of a file, and which of them a line belongs to."""

    def __init__(self, room, text):
        self.lines = text.split("\n")
        self.tests = []
        suite = None
        for number, line in enumerate(self.lines):
            opened = re.match(r"^(?:@Suite.*?\s)?(?:package |final )*(?:struct|class|extension|actor) (\w+)", line)
            if opened:
                suite = opened[1]
            if suite and re.match(r"^\s+@Test\b", line):
                name = next(
                    (m[1] for later in self.lines[number:number + 40] for m in [re.search(r"\bfunc (\w+)", later)] if m), None)
                if name:
                    self.tests.append(Test(room, suite, name, self._begin(number), self._end(number)))

    def _begin(self, number):
        while number > 0 and re.match(r"^\s*(///?|@)", self.lines[number - 1]) and "MARK:" not in self.lines[number - 1]:
            number -= 1
        return number

    def _end(self, number):
        indent = re.match(r"^\s*", self.lines[number])[0]
        for later in range(number + 1, len(self.lines)):
            if self.lines[later] == indent + "}":
                return later
        return len(self.lines)

    def of(self, number):
        """What the line speaks of, and whether that is one test or those behind a MARK; else it is all of the file."""
        inside = [test for test in self.tests if test.first <= number <= test.last]
        if inside:
            return inside, True
        line = self.lines[number]
        if "MARK:" in line:
            marks = [n for n, text in enumerate(self.lines) if "MARK:" in text and n > number]
            end = marks[0] if marks else len(self.lines)
            return [test for test in self.tests if number <= test.first < end], True
        return self.tests, False


def tests_of(specification, clause, only=None):
    """The tests that name a clause, by room."""
    found, headed = collections.defaultdict(list), collections.defaultdict(list)
    files = {}
    tables = set()
    for citation in citing(specification, clause):
        if citation.path.startswith("Tests/Clauses/"):
            continue
        if citation.path.endswith((".table.md", ".tsv")) or citation.path == "Tests/Corpus/attributes.md":
            tables.add("/".join(citation.path.split("/")[-2:]))
            continue
        match = re.match(r"Tests/(RCML\w+)Tests/.*\.swift$", citation.path)
        if not match or match[1] not in ROOMS:
            continue
        if citation.path not in files:
            files[citation.path] = Tests(match[1], read(specification.root, citation.path))
        tests, is_own = files[citation.path].of(citation.line - 1)
        (found if is_own else headed)[match[1]] += tests
    if tables:
        for path in specification.files():
            match = re.match(r"Tests/(RCML\w+)Tests/.*\.swift$", path)
            if match and match[1] in ROOMS:
                text = read(specification.root, path)
                if any(f'{table}"' in text or f'"{table.split("/")[-1]}"' in text for table in tables):
                    found[match[1]] += Tests(match[1], text).tests
    ordered = collections.OrderedDict()
    for room in ROOMS:
        if only in (None, room):
            # Who names it alone speaks of it; a suite's or a file's heading names it among others.
            tests = list(dict.fromkeys(found[room] or headed[room]))
            if tests:
                ordered[room] = tests
    return ordered


def citing(specification, clause):
    return [c for c in specification.citations() if c.name == clause and c.kind in ("clause", "between")]


# MARK: which lines it is about

def below(root):
    """The rooms that each room is built of, by Package.swift."""
    text = read(root, "Package.swift")
    direct = {}
    for match in re.finditer(r'\broom\(\s*"(\w+)",\s*(?:\[([^\]]*)\])?', text):
        direct[match[1]] = re.findall(r'"(\w+)"', match[2] or "")

    def closure(room, seen):
        for other in direct.get(room, []):
            if other not in seen:
                seen.add(other)
                closure(other, seen)
        return seen

    return {room: {room} | closure(room, set()) for room in direct}


def code_lines(lines, start, count):
    """The next lines of code from `start` on, until the block they stand in ends."""
    found, depth = [], 0
    for number in range(start, min(len(lines), start + 60)):
        code = re.sub(r'"(?:[^"\\]|\\.)*"|//.*', "", lines[number])
        if lines[number].strip() and not lines[number].strip().startswith("//"):
            found.append(number)
        depth += code.count("{") - code.count("}")
        if depth < 0 or len(found) >= count:
            break
        # What a comment heads is over; the next declaration is not what it speaks of.
        following = "".join(lines[number + 1:number + 2])
        if depth == 0 and "}" in code and len(found) > 1 and re.match(r"^\s*(///|package|func|private|$)", following):
            break
    return found


def candidates(specification, clause, rooms):
    """Lines of code that the clause is about: those that name it first, then those of what a comment heads, the rows of a
    machine's table, and last those of a type whose heading names it among others."""
    close, headed, tabled, typed = [], [], [], []
    for citation in citing(specification, clause):
        parts = citation.path.split("/")
        if parts[0] != "Sources" or parts[1] not in rooms:
            continue
        if citation.path.endswith(".table.md"):
            tabled += of_table(specification, citation)
            continue
        # The table of settings says what they are called, not what they do.
        if not citation.path.endswith(".swift") or citation.path.startswith("Sources/RCMLBasics/Settings/Settings+"):
            continue
        lines = read(specification.root, citation.path).split("\n")
        number = citation.line - 1
        place = [(citation.path, n) for n in code_lines(lines, number, 14)]
        if not lines[number].strip().startswith("///"):
            close += place[:6]
            continue
        if heads_type(lines, number):
            typed += place
            continue
        kept = property_of(lines, number)
        headed += place[:1] + uses(specification, citation.path, kept) if kept else place
    rank = {room: place for place, room in enumerate(reversed(ROOMS))}
    places = []
    for group in (close, headed, tabled, typed):
        places += sorted(group, key=lambda place: rank.get(place[0].split("/")[1], 99))
    return list(dict.fromkeys(places)) or by_words(specification, clause, rooms)


def by_words(specification, clause, rooms):
    """Where no line names it: those that hold the names it speaks of, an attribute's or a parameter's."""
    text = specification.text(specification.clauses[clause])
    words = [word for word in re.findall(r"`([A-Za-z][\w-]{3,})`", text)]
    found = []
    for word in dict.fromkeys(words):
        for path in specification.files():
            parts = path.split("/")
            if parts[0] != "Sources" or parts[1] not in rooms or not path.endswith(".swift") or "/Settings/Settings+" in path:
                continue
            for number, line in enumerate(read(specification.root, path).split("\n")):
                if f'"{word}"' in line and not line.strip().startswith("//"):
                    found.append((path, number))
    return found


def heads_type(lines, number):
    while number < len(lines) and lines[number].strip().startswith(("//", "@")):
        number += 1
    return bool(number < len(lines) and re.match(
        r"^\s*(?:package |private |public |final |fileprivate |indirect )*(?:struct|enum|class|extension|actor)\b", lines[number]))


def property_of(lines, number):
    """The name of the stored property or case that a comment heads; None = it heads something with a body."""
    while number < len(lines) and lines[number].strip().startswith("//"):
        number += 1
    match = re.match(r"^\s*(?:package |private\(set\) |private |static )*(?:let|var|case) (\w+)\b([^{]*)$", lines[number])
    return match[1] if match else None


def uses(specification, path, name):
    """Where a property decides something: in its own file, then in its room."""
    room = os.path.dirname(path).split("/")[1]
    found = []
    decides = re.compile(rf"^\s*(?:if|guard|return|\}} else if|case)\b.*\b{name}\b|\b{name}\b.* (?:\?|&&|\|\|) ")
    files = [file for file in specification.files() if file.startswith(f"Sources/{room}/") and file.endswith(".swift")]
    for file in [path] + [other for other in files if other != path]:
        for number, line in enumerate(read(specification.root, file).split("\n")):
            if decides.search(line) and not line.strip().startswith("//"):
                found.append((file, number))
    return found[:6]


def of_table(specification, citation):
    """What a machine does on the input of a row."""
    path = citation.path.replace(".table.md", ".swift")
    if not os.path.exists(os.path.join(specification.root, path)):
        return []
    row = read(specification.root, citation.path).split("\n")[citation.line - 1]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    words = re.findall(r"[a-z]\w+", " ".join(cells[:2]))
    lines = read(specification.root, path).split("\n")
    found = []
    for number, line in enumerate(lines):
        if re.match(r"^\s*case ", line) and words and f".{words[-1]}" in line or (
                len(words) > 1 and re.match(r"^\s*case ", line) and f".{words[1]}" in line):
            found += [(path, n) for n in code_lines(lines, number, 4)]
    return found


NUMBER = re.compile(r"(?<![\w.\"#])(\d[\d_]*)(?![\w.\"])")
SWAPS = [(" <= ", " < "), (" >= ", " > "), (" < ", " <= "), (" > ", " >= "), (" == ", " != "), (" != ", " == "),
         (" && ", " || "), (" || ", " && ")]


def mutants(line):
    """The ways in which one line is broken, the plainest first. Nothing is made of a declaration's head."""
    code, comment = line, ""
    match = re.search(r"\s+//.*$", line)
    if match and '"' not in match[0]:
        code, comment = line[:match.start()], match[0]
    indent = re.match(r"^\s*", code)[0]
    body = code.strip()
    if not body or body.startswith(("//", "}", "import ", "@")) or re.match(
            r"^(?:package |private |fileprivate |static |mutating |final |indirect )*(?:func|struct|enum|class|extension|init)\b", body):
        return
    found, words = [], []
    head = re.match(r"^(\} else if|if|guard) (.+?)( \{.*| else \{.*| else$)", body)
    if head and "let " not in head[2] and "case " not in head[2] and "var " not in head[2]:
        found.append(f"{indent}{head[1]} !({'), ('.join([head[2]]) if ', ' not in head[2] else head[2].replace(', ', ' && ')}){head[3]}")
    elif head:
        found.append(f"{indent}{head[1]} Bool(\"false\")!, {head[2]}{head[3]}")
    guard = re.match(r"^guard (.+) else \{.*\}$", body)
    if guard and "let " not in guard[1] and "case " not in guard[1]:
        found.append(indent + "// nothing")
    result = re.match(r"^(case .+?: |default: )?return (.+)$", body)
    if result:
        start = indent + (result[1] or "") + "return "
        if re.match(r"^\[.+\]$", result[2]):
            found.append(start + "[]")
        if result[2] in ("true", "false"):
            found.append(start + ("false" if result[2] == "true" else "true"))
        elif re.search(r" (?:[<>=!]=|[<>]|&&|\|\|) |^!?\w*\.?(?:is|has|contains)", result[2]):
            found.append(f"{start}!({result[2]})")
    arm = re.match(r"^(case .+?: )(\[.+\]|true|false|-?\d+)$", body)
    if arm:
        other = {"true": "false", "false": "true"}.get(arm[2], "[]" if arm[2].startswith("[") else None)
        found.append(indent + arm[1] + (other if other else str(int(arm[2]) + 1)))
    for old, new in SWAPS:
        if old in body:
            found.append(indent + body.replace(old, new, 1))
    number = NUMBER.search(body)
    if number and not body.startswith("case ."):
        value = int(number[1].replace("_", ""))
        found.append(indent + body[:number.start()] + str(value + 1) + body[number.end():])
    if re.match(r"^(?:try |_ = )?[\w.!?\[\]]+\(.*\)$", body) and body.count("(") == body.count(")"):
        found.append(indent + "// nothing")
    if re.match(r"^(?!let |var |return |case |if |guard )[\w.!?\[\]]+ (?:[+\-*|]?=) [^=].*[^,({\[]$", body) and \
            body.count("(") == body.count(")"):
        found.append(indent + "// nothing")
    text = re.search(r'"([\w .:-]{2,})"', body)
    if text:
        # A word is the weakest: many are only read by people.
        words.append(indent + body[:text.end() - 1] + "x" + body[text.end() - 1:])
    for one, other in (("true", "false"), ("false", "true")):
        if re.search(rf"\b{one}\b", body) and not found:
            found.append(indent + re.sub(rf"\b{one}\b", other, body, count=1))
    for way, ways in enumerate((found, words)):
        for broken in dict.fromkeys(ways):
            if broken != code:
                yield way, broken + comment


# MARK: the copy

def session(leader):
    """Who is left of the session that a process of ours began."""
    found = []
    for name in os.listdir("/proc"):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        if name.isdigit() and int(fields[3]) == leader:
            found.append(int(name))
    return found


def project_files():
    """All files that git would know of, as paths below the project."""
    listed = subprocess.run(
        ["git", "-C", spec.ROOT, "ls-files", "-co", "--exclude-standard", "-z"], check=True, capture_output=True).stdout
    return {name for name in listed.decode().split("\0") if name and os.path.isfile(os.path.join(spec.ROOT, name))}


def lenient(package):
    """Package.swift, but warnings are none: what is broken may well be warned of."""
    return re.sub(rb"\s*\.treatAllWarnings\(as: \.error\),?", b"", package)


def put_octets(target, octets):
    """Writes a file, or leaves alone what is the same: what was built of it stays good."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.exists(target):
        with open(target, "rb") as file:
            if file.read() == octets:
                return
    with open(target, "wb") as file:
        file.write(octets)


class Copy:
    def __init__(self, folder):
        self.folder = folder
        self.originals = {}

    def bring(self):
        """Everything as it stands, without touching what is the same: what was built stays good."""
        wanted = project_files()
        for name in wanted:
            source, target = os.path.join(spec.ROOT, name), os.path.join(self.folder, name)
            with open(source, "rb") as file:
                octets = file.read()
            if name == "Package.swift":
                octets = lenient(octets)
            put_octets(target, octets)
        for folder, folders, names in os.walk(self.folder):
            folders[:] = [f for f in folders if f != ".build"]
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), self.folder)
                if path not in wanted and path != "log":
                    os.remove(os.path.join(folder, name))

    def put(self, mutant):
        path = os.path.join(self.folder, mutant.file)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.originals[path] = text
        lines = text.split("\n")
        lines[mutant.number] = mutant.broken
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))

    def restore(self):
        for path, text in self.originals.items():
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        self.originals = {}

    def _run(self, room, seconds, *command):
        environment = dict(os.environ, RCML_ROOM=room)
        process = subprocess.Popen(
            command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        try:
            said, _ = process.communicate(timeout=seconds)
            return process.returncode, said
        except subprocess.TimeoutExpired:
            return -1, ""
        finally:
            # What was broken may run for ever, in a process group that swift made: the session is ours alone.
            for member in session(process.pid):
                try:
                    os.kill(member, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            process.wait()

    def build(self, room):
        code, said = self._run(
            room, 1800, "swift", "build", "--build-tests", "--scratch-path", f".build/rooms/{room}")
        return code == 0, said

    def test(self, room, tests):
        """How many tests ran, and the first that failed; None = all passed."""
        names = sorted({f"{room}Tests.{test.suite}/{test.name}" for test in tests})
        pattern = "|".join(re.escape(name) + r"\b" for name in names)
        code, said = self._run(
            room, 120, "swift", "test", "--skip-build", "--scratch-path", f".build/rooms/{room}", "--filter", pattern)
        ran = re.findall(r"Test run with (\d+) tests?", said)
        count = max([int(number) for number in ran] or [0])
        if code == 0:
            return count, None
        failed = re.findall(r"Test \"?(\w+)[^\n]* (?:recorded an issue|failed)", said)
        return max(count, 1), failed[0] if failed else ("no end within 120 s" if code == -1 else "the process ended")


# MARK: one clause

class Prover:
    def __init__(self, folder, tries, only):
        self.copy, self.tries, self.only = Copy(folder), tries, only
        self.copy.bring()
        # Of the copy: whoever goes on working meanwhile moves no line of it.
        self.specification = spec.Specification(folder)
        self.below = below(folder)

    def prove(self, name):
        rooms = tests_of(self.specification, name, self.only)
        if not rooms:
            return self.row(name, "no test in a room", "", None, "")
        verdict = None
        for room, tests in rooms.items():
            places = candidates(self.specification, name, self.below.get(room, {room}))
            if not places:
                verdict = verdict or self.row(name, "no line of code names it", room, None, "")
                continue
            done, said = self.copy.build(room)
            if not done:
                sys.exit(f"{room} does not build as it is:\n" + said[-2000:])
            left = self.tries
            count, failed = self.copy.test(room, tests)
            if failed or not count:
                verdict = verdict or self.row(name, "its tests do not pass as it is", room, None, failed or "none ran")
                continue
            for mutant in self.mutants(places):
                if left == 0:
                    break
                self.copy.put(mutant)
                try:
                    done, said = self.copy.build(room)
                    if not done:
                        continue
                    left -= 1
                    _, failed = self.copy.test(room, tests)
                finally:
                    self.copy.restore()
                print(f"  {room}: {mutant.file}:{mutant.number + 1}: {mutant.broken.strip()}: "
                      f"{'noticed by ' + failed if failed else 'not noticed'}", flush=True)
                if failed:
                    return self.row(name, "proved", room, mutant, failed)
            verdict = self.row(name, "not proved", room, None, f"{count} tests")
        return verdict

    def mutants(self, places):
        """Of each line the plainest first, then the second way of each."""
        ways = []
        # A number of an enumeration means nothing.
        places = [p for p in places if not re.match(r"^\s*case \w+ = ", self.line(p))]
        for path, number in places:
            line = self.line((path, number))
            ways.append([(weak, Mutant(path, number, line, broken)) for weak, broken in mutants(line)])
        strong = [[mutant for weak, mutant in way if not weak] for way in ways]
        weak = [[mutant for weak, mutant in way if weak] for way in ways]
        count = 0
        for table in (strong, weak):
            for turn in range(4):
                for way in table:
                    # Some do not build; it has to end.
                    if turn < len(way) and count < 3 * self.tries:
                        count += 1
                        yield way[turn]

    def line(self, place):
        return read(self.specification.root, place[0]).split("\n")[place[1]]

    @staticmethod
    def row(name, verdict, room, mutant, test):
        return {
            "clause": name, "verdict": verdict, "room": room, "file": mutant.file if mutant else "",
            "line": mutant.line.strip() if mutant else "", "broken": mutant.broken.strip() if mutant else "", "test": test}


def main(arguments, usage):
    names, is_all, folder, count, tries, only, again = [], False, None, 10_000, 8, None, False
    rest = iter(arguments)
    for word in rest:
        if word == "--prove":
            continue
        if word == "--all":
            is_all = True
        elif word == "--again":
            again = True
        elif word in ("--in", "--count", "--tries", "--room"):
            value = next(rest, None)
            if value is None or (word in ("--count", "--tries") and not value.isdigit()):
                print(f"{word} wants a value", file=sys.stderr)
                return 2
            if word == "--in":
                folder = os.path.abspath(value)
            elif word == "--count":
                count = int(value)
            elif word == "--tries":
                tries = int(value)
            else:
                only = value
        elif word.startswith("-"):
            print(usage.strip().split("\n\n")[1], file=sys.stderr)
            return 2
        else:
            names.append(word)
    specification = spec.Specification()
    unknown = [name for name in names if name not in specification.clauses]
    if unknown or not (names or is_all):
        print(f"there is no clause {unknown[0]}" if unknown else "which clause?", file=sys.stderr)
        return 2
    done = {row["clause"] for row in rows() if row["verdict"] == "proved"}
    if is_all:
        names = [c.name for c in specification.numbered() if again or c.name not in done]
        if only:
            names = [name for name in names if tests_of(specification, name, only)]
    # Whoever ends this ends what it has started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    temporary = None
    if folder is None:
        temporary = folder = tempfile.mkdtemp()
    try:
        os.makedirs(folder, exist_ok=True)
        prover = Prover(folder, tries, only)
        proved = 0
        for name in names[:count]:
            started = time.monotonic()
            print(f"{name} {specification.clauses[name].title}", flush=True)
            row = prover.prove(name)
            keep([row])
            proved += row["verdict"] == "proved"
            what = f"proved by {row['file']}: {row['line']}" if row["verdict"] == "proved" else row["verdict"]
            print(f"{name}: {what} ({time.monotonic() - started:.0f} s)", flush=True)
        print(f"{proved} of {len(names[:count])} proved")
        return 0 if proved == len(names[:count]) else 1
    finally:
        if temporary:
            shutil.rmtree(temporary)
