"""Include/rcml.h as the manual reads it: prose, sections, and what is declared in each, with its comments."""

import dataclasses
import re
import sys


@dataclasses.dataclass
class Comment:
    """What stands above a declaration, in parts. Paragraphs are text without line breaks."""
    paragraphs: list = dataclasses.field(default_factory=list)
    params: list = dataclasses.field(default_factory=list)  # (name, text)
    result: str = ""
    facts: list = dataclasses.field(default_factory=list)  # (Thread | Ownership | Since | Clauses, text)


@dataclasses.dataclass
class Member:
    """A member of a struct, or a value of an enum."""
    name: str
    declaration: str
    comment: Comment


@dataclasses.dataclass
class Item:
    kind: str  # function, struct, enum, type, macro
    name: str
    declaration: str
    comment: Comment
    members: list = dataclasses.field(default_factory=list)
    start: int = 0  # where it begins in the text, its comment included
    end: int = 0


@dataclasses.dataclass
class Section:
    title: str
    prose: str = ""
    items: list = dataclasses.field(default_factory=list)


def plain(comment):
    """The lines of a comment without what makes it one."""
    body = re.sub(r"^/\*\*?<?|\*/$", "", comment.strip())
    return [re.sub(r"^\s*\* ?", "", line).rstrip() if number else line.strip() for number, line in enumerate(body.split("\n"))]


def parts(comment):
    """A documentation comment in its parts: the form that anchors every function of the header."""
    found = Comment()
    target, paragraph = None, []

    def flush():
        if paragraph:
            found.paragraphs.append(" ".join(paragraph))
            paragraph.clear()

    facts = []
    for line in plain(comment):
        line = line.strip()
        param = re.match(r"@param (\w+)\s+(.*)", line)
        if param:
            flush()
            found.params.append(list(param.groups()))
            target = found.params[-1]
        elif line.startswith("@return "):
            flush()
            target = found
            found.result = line[8:]
        elif re.match(r"(Thread: |Ownership: |Since \d)", line) or target is facts:
            flush()
            target = facts
            facts.append(line)
        elif target is found:
            found.result += " " + line
        elif target is not None:
            target[1] += " " + line
        elif line:
            paragraph.append(line)
        else:
            flush()
    flush()
    for fact in re.split(r"(?<=[.\]])  +(?=Thread: |Ownership: |Since |\[)", " ".join(facts).strip()):
        name, _, text = fact.partition(": ") if not fact.startswith(("Since", "[")) else ("Since", "", fact[6:].rstrip("."))
        if fact.startswith("["):
            name, text = "Clauses", fact.strip("[]")
        if fact:
            found.facts.append((name, text))
    return found


def members_of(body):
    """The members between the braces of a struct: one comment above it or behind it."""
    found, above = [], ""
    pattern = re.compile(r"\s*(?:(/\*\*[^<].*?\*/)|([^;/]+);[ \t]*(/\*\*<.*?\*/)?)", re.S)
    at = 0
    while body[at:].strip():
        match = pattern.match(body, at)
        if not match:
            raise ValueError("a member that cannot be read: " + body[at:].strip()[:60])
        at = match.end()
        if match[1]:
            above = match[1]
            continue
        declaration = " ".join(match[2].split())
        name = re.search(r"\(\*(\w+)\)", declaration) or re.search(r"(\w+)(?:\[\w+\])?$", declaration)
        found.append(Member(name[1], declaration, parts(above or match[3] or "")))
        above = ""
    return found


def values_of(body):
    """The values of an enum."""
    found = []
    for match in re.finditer(r"(RCML_\w+) = (-?\d+),?[ \t]*(/\*\*<.*?\*/)?", body, re.S):
        found.append(Member(match[1], f"{match[1]} = {match[2]}", parts(match[3] or "")))
    return found


class Header:
    """The whole header; raises ValueError, with the line, where it meets something it does not know."""

    def __init__(self, text):
        self.text = text
        intro = re.match(r"/\*.*?\*/", text, re.S)
        self.intro = "\n".join(plain(intro[0]))
        self.intro_end = intro.end()
        self.sections = [Section("Types")]
        self.read(intro.end())

    def read(self, at):
        comment = None
        while at < len(self.text):
            for pattern, take in self.patterns:
                match = pattern.match(self.text, at)
                if match:
                    break
            else:
                line = self.text.count("\n", 0, at) + 1
                raise ValueError(f"rcml.h:{line}: not understood: " + self.text[at:].split("\n")[0])
            at = match.end()
            if take == "comment":
                comment = match
            elif take:
                try:
                    getattr(self, take)(match, comment)
                except ValueError as error:
                    line = self.text.count("\n", 0, match.start()) + 1
                    raise ValueError(f"rcml.h:{line}: {error}") from error
                comment = None

    def add(self, match, comment, kind, name, declaration, members=()):
        start = comment.start() if comment else match.start()
        item = Item(kind, name, declaration, parts(comment[0]) if comment else Comment(), list(members), start, match.end())
        self.sections[-1].items.append(item)

    def section(self, match, _):
        self.sections.append(Section(match[1]))

    def prose(self, match, _):
        self.sections[-1].prose += "\n".join(plain(match[0]))

    def macro(self, match, comment):
        self.add(match, comment, "macro", match[1], match[0].rstrip())

    def struct(self, match, comment):
        self.add(match, comment, "struct", match[1], f"typedef struct {match[1]} {match[1]};", members_of(match[2]))

    def enum(self, match, comment):
        self.add(match, comment, "enum", match[1], f"typedef enum {match[1]} {match[1]};", values_of(match[2]))

    def type(self, match, comment):
        name = re.search(r"\(\*(\w+)\)", match[0]) or re.search(r"(\w+);$", match[0])
        self.add(match, comment, "type", name[1], " ".join(match[0].split()))

    def function(self, match, comment):
        declaration = " ".join(match[1].split())
        self.add(match, comment, "function", re.search(r"(\w+)\(", declaration)[1], declaration)

    patterns = [(re.compile(pattern, re.S), take) for pattern, take in [
        (r"\s+", None),
        (r"/\* -{4} (.+?) -+ \*/", "section"),
        (r"/\*\*(?!<).*?\*/", "comment"),
        (r"/\*.*?\*/", "prose"),
        (r"#define RCML_(?:H|API)\b[^\n]*", None),
        (r"#define (RCML_\w+)(?:[^\n]*\\\n)*[^\n]*", "macro"),
        (r"#[^\n]*", None),
        (r'extern "C" \{|\}', None),
        (r"typedef struct (\w+) \{(.*?)\n\} \1;", "struct"),
        (r"typedef enum (\w+) \{(.*?)\n\} \1;", "enum"),
        (r"typedef [^;]+;", "type"),
        (r"RCML_API ([^;]+;)", "function"),
    ]]

    def meaning(self, member, owner):
        """What a member or parameter is that has no comment of its own: what its type or its name says everywhere."""
        if member.comment.paragraphs:
            return member.comment
        usual = {
            "struct_size": f"its size, set up by {init_of(owner)}",
            "error": "filled on failure; may be NULL",
            "context": "handed to your function as it is",
        }
        text = usual.get(member.name, "")
        if member.name.endswith("_length"):
            text = f"octets of `{member.name.removesuffix('_length')}`"
        if not text:
            word = re.search(r"rcml_\w+", member.declaration)
            types = {item.name: item for item in self.items("struct", "enum", "type")}
            if word and word[0] in types and types[word[0]].comment.paragraphs:
                text = re.split(r"(?<=[.:]) ", types[word[0]].comment.paragraphs[0])[0].rstrip(".:")
        return Comment([text] if text else [])

    def parameters(self, item):
        """The parameters of a function as members, each with its comment or what its type says."""
        inside = item.declaration[item.declaration.index("(") + 1:item.declaration.rindex(")")]
        said = dict((name, text) for name, text in item.comment.params)
        found = []
        for declaration in inside.split(",") if inside.strip() not in ("", "void") else []:
            declaration = declaration.strip()
            name = re.search(r"(\w+)$", declaration)[1]
            member = Member(name, declaration, Comment([said[name]] if name in said else []))
            member.comment = self.meaning(member, item)
            found.append(member)
        return found

    def items(self, *kinds):
        return [item for section in self.sections for item in section.items if not kinds or item.kind in kinds]


def init_of(item):
    """The macro that sets up a struct: RCML_EVENT_INIT."""
    return item.name.upper() + "_INIT"


def blocks(prose):
    """Prose in blocks: ("heading", text), ("text", text), ("code", lines), ("item", term, text)."""
    found, paragraph, code = [], [], []

    def flush():
        if paragraph:
            found.append(("text", " ".join(paragraph)))
            paragraph.clear()
        if code:
            found.append(("code", list(code)))
            code.clear()

    for line in prose.split("\n"):
        item = re.match(r" {2,3}(\S.*?) {2,}(\S.*)", line) or re.match(r" {2,3}(\[\w+\]|\S+) +(\S.*)", line)
        within = found and found[-1][0] == "item" and not paragraph and not code
        if not line.strip():
            flush()
            # What follows an empty line belongs to no item.
            if found and found[-1][0] == "item":
                found.append(("gap",))
        elif re.fullmatch(r"[A-Z][A-Z ]+", line):
            flush()
            found.append(("heading", line))
        elif item and not line.startswith("    "):
            flush()
            found.append(("item", item[1], item[2]))
        elif line.startswith("    ") and within:
            found[-1] = ("item", found[-1][1], found[-1][2] + " " + line.strip())
        elif line.startswith("    "):
            code.append(line[4:])
        else:
            flush() if code else None
            paragraph.append(line.strip())
    flush()
    return [block for block in found if block[0] != "gap"]


def read(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        return Header(text)
    except ValueError as error:
        sys.exit(str(error))
