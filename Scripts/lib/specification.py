"""The specification as data: its clauses, what cites them, and what is wrong with either (Sources/Specification)."""
import collections
import os
import re
import textwrap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = "Sources/Specification"
GENERATED = ("clauses.md", "rfcs.md")

NAME = r"I-[A-Z]\d{1,2}|[A-Z]-\d{1,3}|[PTAH]\d{1,2}"
# A clause is defined where its name stands in bold at the beginning of a list item or of a table's row.
DEFINITION = re.compile(rf"^(?:\* |\| )\*\*({NAME})(?: ([^*]+?)\.?)?\*\*")
SECTION = re.compile(r"^#{1,3} §([\d.]+)")
RACE = re.compile(r"^\| (\d+) \|")

# What may stand where a comment goes on in its next line.
GAP = r"(?:\s|///?|\*|--|#)+"
MAYBE = GAP[:-1] + "*"
CLAUSE = re.compile(r"(?<![\w.\-])(I-[A-Z]\d{1,2}|[A-Z]-\d{1,3})(?![\w-])")
RANGE = re.compile(r"(?<![\w.\-])([A-Z])-(\d{1,3})\s*(?:…|–|to)\s*(?:\1-)?(\d{1,3})(?![\w-])")
ITEM = r"(?:[PTAH]\d{1,2}\b|I-[A-Z]\d{1,2}|§[\d.]*\d)"
FAILURES = re.compile(rf"[Ff]ailures?{GAP}({ITEM}(?:{MAYBE}(?:,|and|to|…|–){MAYBE}{ITEM})*)")
SECTIONS = re.compile(r"(?:[Ss]pec|[Ss]pecification)\s+(§[\d.]*\d(?:\s*(?:,|…|–|and|to)\s*§[\d.]*\d)*)")
RACES = re.compile(r"§18\.7,?\s+race\s+(\d+)")
ATTACKS = re.compile(r"[Aa]ttack\s+(N\d+[a-z]?)\b")
# Papers that nobody who has the project can read.
PAPERS = re.compile(
    r"\b(?:[Rr]eview [CD]\d+|[CD]\d+ of the review|[Ff]ield F\d+|"
    r"(?:documents|stack|servers|anchors|middle|interface|attack|field|review|ecosystem|architecture)\.md(?: §| \d|$))")

Clause = collections.namedtuple("Clause", "name title file line text")
Citation = collections.namedtuple("Citation", "path line kind name")
Problem = collections.namedtuple("Problem", "path line text")


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


class Specification:
    def __init__(self, root=ROOT):
        self.root = root
        self.clauses = collections.OrderedDict()
        self.failures = {}
        self.sections, self.failure_sections, self.races = set(), set(), set()
        self.problems = []
        self._citations = None
        self.chapters = sorted(
            name for name in os.listdir(os.path.join(root, FOLDER))
            if name.endswith(".md") and name not in GENERATED)
        # In the order of the README's table, so that lists are in the order of the subject.
        index = read(root, f"{FOLDER}/README.md")
        self.chapters.sort(key=lambda name: (index.find(f"]({name})"), name))
        for name in self.chapters:
            self._chapter(name)

    def _chapter(self, name):
        path = f"{FOLDER}/{name}"
        of_failures = name == "failures.md"
        found, section = None, ""
        for number, line in enumerate(read(self.root, path).split("\n"), 1):
            heading = SECTION.match(line)
            if heading:
                section = heading[1]
                (self.failure_sections if of_failures else self.sections).add(section)
            if section == "18.7" and RACE.match(line):
                self.races.add(RACE.match(line)[1])
            match = DEFINITION.match(line)
            if match:
                clause, title = match[1], match[2]
                if not title and line.startswith("|"):
                    title = line.split("|")[2].strip().replace("`", "")
                table = self.failures if "-" not in clause else self.clauses
                if clause in table:
                    where = table[clause]
                    self.problems.append(
                        Problem(path, number, f"{clause} is defined in {where.file}:{where.line} as well"))
                found = Clause(clause, title or "", path, number, [])
                table.setdefault(clause, found)
                found.text.append(line)
            elif found and line.startswith("  "):
                found.text.append(line)
            else:
                found = None

    def numbered(self):
        """Clauses of behaviour: neither the decisions Z nor the invariants, which are looked at and not tested."""
        return [c for c in self.clauses.values() if not c.name.startswith(("Z-", "I-"))]

    def text(self, clause):
        return " ".join(line.strip() for line in clause.text)

    # MARK: citations

    def files(self):
        """Everything people write, by its path from the root."""
        tops = ("Sources", "Include", "Tests", "Scripts", "examples")
        for top in tops:
            for folder, folders, names in os.walk(os.path.join(self.root, top)):
                folders[:] = [f for f in folders if not f.startswith(".") and f != "__pycache__"]
                for name in sorted(names):
                    yield os.path.relpath(os.path.join(folder, name), self.root)
        for name in ("README.md", "CHANGELOG.md", "Package.swift", "CONTRIBUTING.md", "SECURITY.md"):
            if os.path.exists(os.path.join(self.root, name)):
                yield name

    def citations(self):
        if self._citations is None:
            self._citations = list(self._all_citations())
        return self._citations

    def _all_citations(self):
        for path in self.files():
            try:
                with open(os.path.join(self.root, path), "rb") as file:
                    octets = file.read()
                text = octets.decode("utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            # Who tests this reading makes up citations on purpose.
            if "\0" in text or path in ("Tests/DocsTests/specification.py", "Scripts/lib/specification.py"):
                continue
            yield from citations_in(path, text)

    def resolves(self, citation):
        kind, name = citation.kind, citation.name
        if kind == "between":
            return True
        if kind == "clause":
            return name in self.clauses
        if kind == "failure":
            return name in self.failures
        if kind == "section":
            return name in self.sections
        if kind == "failure section":
            return name in self.failure_sections
        if kind == "race":
            return name in self.races
        if kind == "attack":
            return os.path.exists(os.path.join(self.root, "Tests/Attack/attacks", name + ".py"))
        return False  # a paper

    def faults(self):
        """All that is wrong: what is defined twice, citations and links that lead nowhere."""
        faults = list(self.problems)
        for citation in self.citations():
            if not self.resolves(citation):
                faults.append(Problem(
                    citation.path, citation.line,
                    f"{citation.kind} {citation.name} is not in the specification"))
        for name in self.chapters + [n for n in GENERATED if os.path.exists(os.path.join(self.root, FOLDER, n))]:
            faults += self._links(name)
        index = read(self.root, f"{FOLDER}/README.md")
        for name in self.chapters:
            if name != "README.md" and f"]({name})" not in index:
                faults.append(Problem(f"{FOLDER}/{name}", 1, "the README does not lead here"))
        return faults

    def _links(self, name):
        path = f"{FOLDER}/{name}"
        for number, line in enumerate(read(self.root, path).split("\n"), 1):
            for target in re.findall(r"\]\(([^)\s]+)\)", line):
                if "://" in target:
                    continue
                file, _, anchor = target.partition("#")
                where = os.path.normpath(os.path.join(self.root, FOLDER, file)) if file else \
                    os.path.join(self.root, path)
                if not os.path.exists(where):
                    yield Problem(path, number, f"{target} leads nowhere")
                elif anchor:
                    with open(where, encoding="utf-8") as text:
                        if anchor not in [slug(h) for h in re.findall(r"^#+ (.+)$", text.read(), re.M)]:
                            yield Problem(path, number, f"{target} leads to no heading")


def slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def citations_in(path, text):
    """Each citation of one file. Clauses inside of the specification cite each other and are looked at as well."""
    def line(place):
        return text.count("\n", 0, place) + 1

    for match in CLAUSE.finditer(text):
        yield Citation(path, line(match.start()), "clause", match[1])
    for match in RANGE.finditer(text):
        # Its ends stand there by their names, but for the second one in F-6…9.
        if not CLAUSE.search(match[0], match.end(2) - match.start()):
            yield Citation(path, line(match.start()), "clause", f"{match[1]}-{int(match[3])}")
        # What is between need not be there: numbers are never used again.
        for number in range(int(match[2]) + 1, int(match[3])):
            yield Citation(path, line(match.start()), "between", f"{match[1]}-{number}")
    for match in FAILURES.finditer(text):
        for item in re.findall(ITEM, match[1]):
            if item.startswith("§"):
                yield Citation(path, line(match.start()), "failure section", item[1:])
            elif not item.startswith("I-"):
                yield Citation(path, line(match.start()), "failure", item)
    for match in SECTIONS.finditer(text):
        for item in re.findall(r"§([\d.]*\d)", match[1]):
            yield Citation(path, line(match.start()), "section", item)
    for match in RACES.finditer(text):
        yield Citation(path, line(match.start()), "race", match[1])
    for match in ATTACKS.finditer(text):
        yield Citation(path, line(match.start()), "attack", match[1])
    for match in PAPERS.finditer(text):
        yield Citation(path, line(match.start()), "paper", match[0])


# MARK: tests

def is_test(path):
    """Code, and the tables beside the machines, which tests read row by row."""
    if path.startswith("Sources/"):
        return path.endswith(".table.md")
    if not path.startswith("Tests/") or path.startswith(("Tests/TidyTests", "Tests/DocsTests/specification")):
        return False
    return path.endswith((".swift", ".c", ".lua", ".py", ".tsv")) or path in (
        "Tests/Corpus/attributes.md", "Tests/Failures/failures.md")


def named(specification):
    """Which tests name which clause: K-8; K-8, K-9; K-8 … K-10 means each of them."""
    found = collections.defaultdict(set)
    for path in specification.files():
        if not is_test(path) or path.startswith("Tests/Clauses/"):
            continue
        content = read(specification.root, path)
        for letter, first, last in RANGE.findall(content):
            for number in range(int(first), int(last) + 1):
                found[f"{letter}-{number}"].add(path)
        for name in CLAUSE.findall(content):
            found[name].add(path)
    return found


# MARK: pages that are written from the clauses

def clauses_page(specification):
    lines = [
        "# All clauses", "",
        "Written by `Scripts/clauses --write` from the chapters; `Scripts/clauses --table FILE` adds the tests of each.", "",
        "| clause | about | chapter |", "|---|---|---|"]
    for clause in specification.clauses.values():
        chapter = os.path.basename(clause.file)
        lines.append(f"| {clause.name} | {clause.title or opening(specification, clause)} | [{chapter[:-3]}]({chapter}) |")
    for clause in specification.failures.values():
        chapter = os.path.basename(clause.file)
        lines.append(f"| failures {clause.name} | {clause.title} | [{chapter[:-3]}]({chapter}) |")
    return "\n".join(lines) + "\n"


def opening(specification, clause):
    """How an invariant begins, which has no title."""
    words = specification.text(clause).split("** ", 1)[1]
    return textwrap.shorten(words.split(". ")[0].rstrip("."), 70, placeholder=" …")


RFCS = {
    768: "UDP", 1071: "the checksum of IP", 1122: "hosts", 1321: "MD5", 1918: "private addresses", 2045: "MIME: bodies",
    2046: "MIME: media types, multipart", 2069: "digest authentication, first form", 2104: "HMAC", 2202: "HMAC: examples",
    2543: "SIP, first edition", 2617: "digest authentication, older form", 2782: "SRV", 2822: "dates", 2915: "NAPTR, older",
    3261: "SIP", 3262: "reliable provisional responses (PRACK)", 3263: "locating SIP servers", 3264: "offer and answer",
    3311: "UPDATE", 3323: "privacy", 3325: "asserted identity", 3326: "Reason", 3339: "time stamps", 3389: "comfort noise",
    3398: "causes of ISUP as SIP statuses",
    3403: "NAPTR", 3459: "handling of body parts", 3515: "REFER", 3550: "RTP", 3551: "RTP: audio and video profile",
    3581: "rport", 3605: "RTCP's port in SDP", 3611: "RTCP: extended reports", 3711: "SRTP",
    3927: "link-local IPv4 addresses", 3959: "early sessions", 3966: "tel URIs", 3986: "URIs", 3987: "URIs beyond ASCII", 4007: "IPv6 scopes", 4028: "session timers",
    4193: "local IPv6 addresses", 4231: "HMAC-SHA: examples", 4291: "IPv6 addresses", 4475: "SIP torture messages",
    4566: "SDP", 4568: "SDP: keys for SRTP", 4585: "RTP/AVPF", 4594: "service classes (DSCP)", 4648: "Base64",
    4733: "keys in RTP", 4855: "registered RTP payloads", 4961: "symmetric RTP", 5118: "SIP torture messages, IPv6",
    5393: "forking loops, Max-Breadth", 5407: "race conditions of SIP", 5621: "bodies of SIP messages",
    5626: "outbound, keep-alives", 5630: "sips:", 5922: "names in certificates of SIP domains",
    5924: "extended key usage for SIP", 5646: "language tags", 5669: "SRTP: SEED", 5761: "RTP and RTCP on one port", 5806: "Diversion",
    5861: "stale sounds", 5952: "IPv6 as text", 6026: "2xx transactions of INVITE", 6066: "extensions of TLS", 6086: "INFO", 6188: "SRTP: AES-256", 6228: "199",
    6337: "offer and answer, explained", 6598: "shared addresses", 6761: "special names", 7303: "XML media types",
    7616: "digest authentication", 7617: "basic authentication", 7714: "SRTP: AES-GCM", 8259: "JSON", 8439: "ChaCha20", 8446: "TLS 1.3", 8760: "digests: SHA-256",
    8866: "SDP, newer", 9110: "HTTP", 9111: "HTTP caching", 9112: "HTTP/1.1"}


def rfcs_page(specification):
    """Which RFC, what of it, where: from the clauses, and from what the code cites."""
    parts = collections.defaultdict(set)
    clauses = collections.defaultdict(list)
    rooms = collections.defaultdict(set)
    # RFC 3261 §14.1, §15 or "RFC 1918, 3927, 4193, 6598": a list of sections, or of further numbers.
    cited = re.compile(r"RFC (\d{3,4})((?:,? (?:and )?(?:§[\d.]*\d|\d{4}(?!\d)))*)")

    def walk(text, see):
        for match in cited.finditer(text):
            number = int(match[1])
            see(number, None)
            for item in re.findall(r"§([\d.]*\d)|(\d{4})", match[2]):
                if item[0]:
                    see(number, item[0])
                else:
                    number = int(item[1])
                    see(number, None)

    for clause in list(specification.clauses.values()) + list(specification.failures.values()):
        seen = set()

        def see(number, part):
            seen.add(number)
            if part:
                parts[number].add(part)

        walk(specification.text(clause), see)
        for number in seen:
            clauses[number].append(clause.name if "-" in clause.name else f"failures {clause.name}")
    for path in specification.files():
        if path.startswith(FOLDER) or not path.startswith(("Sources/", "Include/")):
            continue
        if not path.endswith((".swift", ".c", ".h", ".md", ".lua")):
            continue
        room = path.split("/")[1] if path.startswith("Sources/") else "Include"
        if "." in room:
            continue

        def see(number, part, room=room):
            rooms[number].add(room)
            if part:
                parts[number].add(part)

        walk(read(specification.root, path), see)
    lines = [
        "# Which RFC, what of it, where", "",
        "Written by `Scripts/clauses --write` from the clauses and from what the code cites: the RFC, its sections that are",
        "named, the clauses that name it, and the rooms of the code that do. A section without a clause is followed as it stands.", "",
        "| RFC | about | sections | clauses | rooms |", "|---|---|---|---|---|"]
    for number in sorted(set(clauses) | set(rooms)):
        sections = sorted(parts[number], key=lambda part: [int(x) for x in part.split(".")])
        cells = [str(number), RFCS.get(number, "?"), ", ".join("§" + part for part in sections), ", ".join(clauses[number]),
                 ", ".join(sorted(rooms[number]))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def pages(specification):
    return {"clauses.md": clauses_page(specification), "rfcs.md": rfcs_page(specification)}
