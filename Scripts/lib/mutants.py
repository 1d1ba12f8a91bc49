"""One-line mutants of Swift, C and Lua: which lines could be otherwise, and the line that is both, as a switch chooses
(Scripts/mutate). No compiler reads the line here; what it refuses is taken out later."""
import collections
import os
import random
import re

import specification as spec

# `before` and `after` are what a reader is shown; `switched` holds %d for the mutant's number and is what is compiled.
# A Lua file has no switch: `switched` is None and the file is replaced.
Mutant = collections.namedtuple("Mutant", "room file line kind before after switched")

# Data for people or for editors, and modules of servers that only exist inside those servers.
LEFT_OUT = ("Sources/LuaRCML/library/", "Sources/AsteriskRCML/", "Sources/FreeSwitchRCML/", "Sources/Manual/")
# What changes nothing that anybody could see, or is there for our own mistakes alone.
EQUIVALENT = re.compile(
    r"\b(?:precondition|preconditionFailure|assert|assertionFailure|fatalError|reserveCapacity|hasher|hash|debugDescription|"
    r"_Static_assert|static_assert|__builtin_expect|os_log|minimumCapacity|keepingCapacity)\b|@inline")
CLEANUP = re.compile(
    r"(?i)(?:\b|_)(?:remove|cancel|free|close|clear|release|destroy|reset|forget|drop|unlock|end|stop|finish)\w*\(")
NUMBER = re.compile(r"(?<![\w.$#])(\d[\d_]*)(?![\w.])")
COMPARISONS = {" < ": " <= ", " <= ": " < ", " > ": " >= ", " >= ": " > "}
JOINTS = {" && ": " || ", " || ": " && "}
IS_CONDITION = re.compile(r" (?:[<>=!]=|<|>|&&|\|\|) ")
CALL = r"(?:try\??!? |_ = |await )*[A-Za-z_$.][\w.$!?\[\]]*\(.*\)|[A-Za-z_$.][\w.$!?]* \{ .* \}"
ASSIGNMENT = r"[A-Za-z_$][\w.$!?\[\]()]*(?:\[.*\])? (?:[+\-*/|&^%]|<<|>>|&[+\-*])?= .+"
WORDS_OF_SWIFT = (
    "let|var|func|case|default|if|guard|else|for|while|repeat|switch|return|throw|import|struct|enum|class|extension|init|deinit|"
    "defer|do|catch|public|private|package|fileprivate|static|mutating|typealias|subscript|get|set|where|in|override|final|"
    "@\\w+|#\\w+|break|continue|fallthrough|indirect|protocol|lazy|weak|unowned|nonmutating|super")
STARTS_WITH_WORD = re.compile(rf"^(?:{WORDS_OF_SWIFT})\b")
WORDS_OF_C = re.compile(
    r"^(?:return|if|else|for|while|do|switch|case|default|goto|break|continue|static|const|struct|enum|union|typedef|"
    r"extern|sizeof|"
    r"unsigned|signed|char|int|long|short|void|bool|float|double|size_t|u?int\d+_t|volatile|register|inline)\b")
OPENING, CLOSING = "([{", ")]}"


# MARK: a file as code alone

def masked(text, language):
    """The same text with nothing in its comments, strings and directives, character by character in the same place."""
    out, at, end = list(text), 0, len(text)

    def blank(start, stop, with_what=" "):
        for place in range(start, min(stop, end)):
            if out[place] != "\n":
                out[place] = with_what

    while at < end:
        two = text[at:at + 2]
        if language == "lua" and two == "--":
            long = re.compile(r"--\[(=*)\[").match(text, at)
            stop = text.find("]" + long[1] + "]", at) + 2 + len(long[1]) if long else text.find("\n", at)
            stop = end if stop <= at else stop
            blank(at, stop)
        elif language != "lua" and two == "//":
            stop = text.find("\n", at)
            stop = end if stop < 0 else stop
            blank(at, stop)
        elif language != "lua" and two == "/*":
            stop = _comment_end(text, at, language)
            blank(at, stop)
        elif language == "c" and text[at] == "#" and not text[text.rfind("\n", 0, at) + 1:at].strip():
            stop = at
            while True:
                stop = text.find("\n", stop)
                if stop < 0 or text[stop - 1] != "\\":
                    break
                stop += 1
            stop = end if stop < 0 else stop
            blank(at, stop)
        elif language == "swift" and re.compile(r'#*"').match(text, at):
            stop = _swift_string_end(text, at)
            blank(at + 1, stop - 1, "_")
        elif language != "swift" and text[at] in "\"'":
            stop = _string_end(text, at, text[at])
            blank(at + 1, stop - 1, "_")
        else:
            stop = at + 1
        at = stop
    return "".join(out)


def _comment_end(text, at, language):
    depth = 0
    while at < len(text):
        if text[at:at + 2] == "/*" and (language == "swift" or depth == 0):
            depth, at = depth + 1, at + 2
        elif text[at:at + 2] == "*/":
            depth, at = depth - 1, at + 2
            if depth == 0:
                return at
        else:
            at += 1
    return at


def _string_end(text, at, quote):
    at += 1
    while at < len(text) and text[at] != quote:
        at += 2 if text[at] == "\\" else 1
    return at + 1


def _swift_string_end(text, at):
    hashes = re.compile(r"#*").match(text, at)[0]
    at += len(hashes)
    quote = '"""' if text.startswith('"""', at) else '"'
    escape = "\\" + hashes
    at += len(quote)
    while at < len(text):
        if text.startswith(quote + hashes, at):
            return at + len(quote) + len(hashes)
        if text.startswith(escape + "(", at):
            at = _interpolation_end(text, at + len(escape))
        elif text.startswith(escape, at):
            at += len(escape) + 1
        else:
            at += 1
    return at


def _interpolation_end(text, at):
    depth = 0
    while at < len(text):
        if text[at] == '"':
            at = _swift_string_end(text, at)
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return at
    return at


class Source:
    """A file's lines, the code of each, and which brackets are open where a line begins."""

    def __init__(self, path, text):
        self.path = path
        self.language = {"swift": "swift", "c": "c", "lua": "lua"}[path.rsplit(".", 1)[1]]
        self.lines = text.split("\n")
        self.code = [line.rstrip() for line in masked(text, self.language).split("\n")]
        self.open = []
        stack = []
        for number, line in enumerate(self.code):
            self.open.append(list(stack))
            for character in line:
                if character in OPENING:
                    stack.append((character, number))
                elif character in CLOSING and stack:
                    stack.pop()

    def previous(self, number):
        """The line of code before, without its indent; empty at the top."""
        while number > 0:
            number -= 1
            if self.code[number].strip():
                return number, self.code[number].strip()
        return -1, ""

    def next(self, number):
        while number + 1 < len(self.code):
            number += 1
            if self.code[number].strip():
                return self.code[number].strip()
        return ""

    def stands_in_block(self, number):
        return not self.open[number] or self.open[number][-1][0] == "{"

    def opener(self, number):
        """The line that opens the block in which this one stands."""
        return self.code[self.open[number][-1][1]].strip() if self.open[number] else ""

    def function(self, number):
        """The heads of all blocks around the line."""
        return [self.head(line) for bracket, line in self.open[number] if bracket == "{"]

    def head(self, number):
        """The first line of what opens a block here: its parameters may stand on lines of their own."""
        if self.code[number].strip().startswith(")") and self.open[number]:
            number = self.open[number][-1][1]
        return self.code[number].strip()


def is_balanced(code):
    depth = []
    for character in code:
        if character in OPENING:
            depth.append(character)
        elif character in CLOSING:
            if not depth or OPENING.index(depth.pop()) != CLOSING.index(character):
                return False
    return not depth


def split_top(code, separator):
    """Spans of the parts of `code` between separators that stand in no bracket."""
    depth, begin, spans = 0, 0, []
    for at, character in enumerate(code):
        if character in OPENING:
            depth += 1
        elif character in CLOSING:
            depth -= 1
        elif depth == 0 and code.startswith(separator, at):
            spans.append((begin, at))
            begin = at + len(separator)
    spans.append((begin, len(code)))
    return spans


def top_find(code, wanted, start=0):
    depth = 0
    for at in range(start, len(code)):
        if depth == 0 and code.startswith(wanted, at):
            return at
        if code[at] in OPENING:
            depth += 1
        elif code[at] in CLOSING:
            depth -= 1
            if depth < 0:
                return -1
    return -1


# MARK: ways in which a line can be otherwise: (kind, after, switched)

def swapped(line, code, start, stop):
    """A comparison in this part of the line moved by one, or `and` and `or` exchanged."""
    for table, kind in ((COMPARISONS, "comparison moved"), (JOINTS, "and, or exchanged")):
        for old, new in table.items():
            at = code.find(old, start, stop)
            while at >= 0:
                part = line[start:at] + new + line[at + len(old):stop]
                yield kind, part
                at = code.find(old, at + 1, stop)


def of_condition(line, code, start, stop, truth):
    """Ways of the condition between two columns; `truth` makes a truth value of a part, as the language wants it."""
    part = line[start:stop].strip()
    start = line.index(part, start)
    stop = start + len(part)
    head, tail = line[:start], line[stop:]
    yield "condition negated", f"{head}!({part}){tail}", f"{head}isMutant(%d) != {truth(part)}{tail}"
    for kind, other in swapped(line, code, start, stop):
        yield kind, head + other + tail, f"{head}(isMutant(%d) ? ({other}) : ({part})){tail}"


def escape(text):
    return text.replace("%", "%%")


def conditions_of_swift(source, number):
    """Spans of the conditions on a line that say true or false, none that binds a name."""
    code = source.code[number]
    match = re.match(r"^(\s*)((?:case .+?: )?(?:\} else )?(?:if|guard|while) |\} while )", code)
    start = stop = None
    if match:
        start = match.end()
        ends = [place for place in (top_find(code, " {", start), top_find(code, " else", start)) if place >= 0]
        stop = min(ends) if ends else len(code)
    elif code.strip() and source.stands_in_block(number) and not STARTS_WITH_WORD.match(code.strip()):
        # A further line of a condition that began above.
        above, text = source.previous(number)
        while text.endswith(",") and not re.match(r"^(?:\} else )?(?:if|guard|while)\b", text):
            above, text = source.previous(above)
        if text.endswith(",") and source.open[above] == source.open[number]:
            start = len(code) - len(code.lstrip())
            ends = [place for place in (top_find(code, " {", start), top_find(code, " else", start)) if place >= 0]
            stop = min(ends) if ends else len(code)
    if start is not None:
        for first, last in split_top(code[start:stop], ","):
            clause = code[start + first:start + last]
            if clause.strip() and is_balanced(clause) and not re.match(
                    r"^\s*(?:let|var|case|#\w+|try|await|_)\b", clause) and not re.match(r"^\s*(?:&&|\|\||[?:<>=+\-*])", clause) \
                    and not re.search(r"(?:&&|\|\||[=<>+*?:(])$", clause.strip()):
                yield start + first, start + last
    match = re.match(r"^\s*for .+ where (.+) \{$", code)
    if match and is_balanced(match[1]):
        yield match.start(1), match.end(1)


def values_of_swift(source, number):
    """Spans of whole values on a line: what is returned, what is assigned, the only value of a body."""
    code = source.code[number]
    if source.next(number)[:1] in list(".?:&|+-*<>=") or source.previous(number)[1].endswith(("=", "return", "(", ",")):
        return
    for pattern in (r"^\s*(?:case .+?: |default: )?return (.+)$", r"^\s*(?:let|var) \w+(?:: Bool)? = (.+)$",
                    r"\bBool \{ (?:get \{ )?([^{}]+?)(?: \})+$", r"^\s*[\w.\[\]!?]+ = (.+)$", r"\{ return ([^{}]+) \}$"):
        match = re.search(pattern, code)
        if match and is_balanced(match[1]):
            yield match.start(1), match.end(1)
            return


def ways_of_swift(source, number):
    line, code = source.lines[number][:len(source.code[number])], source.code[number]
    body = code.strip()
    indent = line[:len(line) - len(line.lstrip())]
    truth = "({})".format
    for start, stop in conditions_of_swift(source, number):
        yield from of_condition(line, code, start, stop, truth)
    for start, stop in values_of_swift(source, number):
        part, shown = code[start:stop], line[start:stop]
        choice = top_find(part, " ? ")
        if choice > 0 and top_find(part, "??") < 0:
            yield from of_condition(line, code, start, start + choice, truth)
        elif IS_CONDITION.search("".join(part[a:b] for a, b in top_level(part))) or re.match(r"^![a-z]", part) \
                or "Bool {" in code:
            yield from of_condition(line, code, start, stop, truth)
        if re.match(r"^\[[^:]+\]$", part) and "return " in code and not re.search(r"\blet\b|\bin\b", part):
            yield "result emptied", line[:start] + "[]" + line[stop:], f"{line[:start]}isMutant(%d) ? [] : {shown}{line[stop:]}"
        minus = top_find(part, " - ")
        if minus > 0 and '"' not in part and choice < 0 and "??" not in part:
            other = shown[:minus] + " + " + shown[minus + 3:]
            yield "arithmetic", line[:start] + other + line[stop:], \
                f"{line[:start]}(isMutant(%d) ? ({other}) : ({shown})){line[stop:]}"
    yield from dropped_of_swift(source, number, line, code, body, indent)
    if not re.match(r"^(?:@|case |indirect case|typealias|#)", body) or re.match(r"^case .+?: \S", body):
        first = 0
        match = re.match(r"^\s*case .+?: ", code)
        if match:
            first = match.end()
        yield from constants(line, code, first, "!isMutant(%d)", "isMutant(%d)")


def top_level(code):
    """Spans that stand in no bracket."""
    depth, begin = 0, 0
    for at, character in enumerate(code):
        if character in OPENING:
            if depth == 0:
                yield begin, at
            depth += 1
        elif character in CLOSING:
            depth -= 1
            begin = at + 1
    yield begin, len(code)


def dropped_of_swift(source, number, line, code, body, indent):
    if not source.stands_in_block(number) or not is_balanced(body):
        return
    above, previous = source.previous(number)
    if re.search(r"(?:[=,(\[+\-*/?&|<>]|return|->|\bin|else)$", previous) and not previous.endswith(("{", " in")):
        return
    following = source.next(number)
    if re.match(r"^(?:\.|\?|:|&&|\|\||[+\-*/=<>]|\?\?|else\b|\)|\])", following):
        return
    if any(re.search(r"\binit\b[?(<]", head) for head in source.function(number)[-1:]) and re.search(" = ", body):
        return
    # The only line of a body that has a result.
    opener = source.opener(number)
    if previous == opener and following.startswith("}") and re.search(r"->|\bvar\b|= \{$|\bin$|\bget\b|return", opener):
        return
    match = re.match(r"^(case .+?: |default: |defer \{ |.*\bVoid\b.*\{ )?(.+?)( \})?$", body)
    prefix, statement, suffix = match[1] or "", match[2], match[3] or ""
    if prefix.startswith("defer") != bool(suffix) and not (suffix and "{" in statement):
        return
    if suffix and not prefix.startswith("defer"):
        statement, suffix = statement + suffix, ""
    if not is_balanced(statement) or ";" in statement:
        return
    is_call, is_assignment = re.fullmatch(CALL, statement), re.fullmatch(ASSIGNMENT, statement)
    if STARTS_WITH_WORD.match(statement.split("(")[0].replace("self.", "")) and statement not in ("continue", "return"):
        return
    if not (is_call or is_assignment or statement in ("continue", "return")):
        return
    start = len(indent) + len(prefix)
    shown = line[start:start + len(statement)]
    kind = "cleanup left out" if prefix.startswith("defer") or CLEANUP.search(statement) else "statement dropped"
    yield kind, f"{indent}{line[len(indent):start]}{suffix}".rstrip() or indent + "// nothing", \
        f"{indent}{line[len(indent):start]}if !isMutant(%d) {{ {shown} }}{suffix}"


def constants(line, code, first, false_of_true, true_of_false):
    if len(NUMBER.findall(code)) > 6:
        return
    for match in NUMBER.finditer(code, first):
        if re.match(r"^\s*\w+(?:\[\d+\])+;", code[match.start() - 1:]) or code[match.end():match.end() + 1] == '"':
            continue
        value = int(match[1].replace("_", ""))
        depth = sum({"(": 1, ")": -1}.get(c, 0) for c in code[:match.start()])
        kind = "argument changed" if depth > 0 else "constant changed"
        head, tail = line[:match.start()], line[match.end():]
        other = f"{value + 1:_}" if "_" in match[1] else str(value + 1)
        yield kind, f"{head}{other}{tail}", f"{head}(isMutant(%d) ? {other} : {match[1]}){tail}"
    for word, other, switch in (("true", "false", false_of_true), ("false", "true", true_of_false)):
        for match in re.finditer(rf"(?<![\w.]){word}(?!\w)", code[first:]):
            start, stop = first + match.start(), first + match.end()
            depth = sum({"(": 1, ")": -1}.get(c, 0) for c in code[:start])
            yield ("argument changed" if depth > 0 else "constant changed"), line[:start] + other + line[stop:], \
                line[:start] + switch + line[stop:]


def closing(code, at):
    """Where the bracket that opens at `at` closes, on the same line; -1 = on another."""
    depth = 0
    for place in range(at, len(code)):
        depth += {"(": 1, ")": -1}.get(code[place], 0)
        if depth == 0:
            return place
    return -1


def ways_of_c(source, number):
    heads = source.open[number]
    # At the top stand declarations and tables.
    if not heads or heads[0][0] != "{":
        return
    head = source.code[heads[0][1]].strip()
    if head == "{":
        head = source.previous(heads[0][1])[1]
    if not re.search(r"\)\s*\{?$", head) or "=" in head:
        return
    line, code = source.lines[number][:len(source.code[number])], source.code[number]
    body = code.strip()
    indent = line[:len(line) - len(line.lstrip())]
    truth = "!!({})".format
    for match in re.finditer(r"\b(?:if|while) \(", code):
        stop = closing(code, match.end() - 1)
        if stop > 0:
            yield from of_condition(line, code, match.end(), stop, truth)
    match = re.search(r"\bfor \([^;]*; ([^;]+);[^;]*\) ", code)
    if match:
        for kind, other in swapped(line, code, match.start(1), match.end(1)):
            yield kind, line[:match.start(1)] + other + line[match.end(1):], \
                f"{line[:match.start(1)]}(isMutant(%d) ? ({other}) : ({match[1]})){line[match.end(1):]}"
    match = re.match(r"^\s*return (.+);$", code)
    if match and is_balanced(match[1]):
        choice = top_find(match[1], " ? ")
        if choice > 0:
            yield from of_condition(line, code, match.start(1), match.start(1) + choice, truth)
        elif IS_CONDITION.search(match[1]) or match[1].startswith("!"):
            yield from of_condition(line, code, match.start(1), match.end(1), truth)
    match = re.match(r"^\s*[^=]+ = (.+ \? .+ : .+);$", code)
    if match and is_balanced(match[1]) and top_find(match[1], " ? ") > 0:
        yield from of_condition(line, code, match.start(1), match.start(1) + top_find(match[1], " ? "), truth)
    previous = source.previous(number)[1]
    is_whole = source.stands_in_block(number) and previous.endswith((";", "{", "}", ")", "else", ":"))
    if is_whole and body.endswith(";") and body.count(";") == 1 and is_balanced(body):
        statement = body[:-1]
        is_call = re.fullmatch(r"(?:\(void\))?[a-z_][\w.>\-]*\(.*\)", statement)
        is_assignment = re.fullmatch(r"\*?[a-z_][\w.>\-\[\]*+]* [+\-*|&^/%]?= .+|[\w.>\-]+(?:\+\+|--)", statement)
        if (is_call or is_assignment) and not WORDS_OF_C.match(body):
            kind = "cleanup left out" if CLEANUP.search(statement) else "statement dropped"
            yield kind, indent + ";", f"{indent}{{ if (!isMutant(%d)) {{ {line[len(indent):]} }} }}"
    if not re.match(r"^\s*(?:case |static |const |#|\[|\.\w+ =)", code) \
            and not re.search(r"^\s*\w[\w *]* \w+\[[^\]]*\](?: = .*)?;", code):
        yield from constants(line, code, 0, "!isMutant(%d)", "isMutant(%d)")


def ways_of_lua(source, number):
    """Without a switch: the file is replaced."""
    line, code = source.lines[number][:len(source.code[number])], source.code[number]
    match = re.match(r"^\s*(?:if|elseif|while) (.+) (?:then|do)\b", code)
    if match:
        yield "condition negated", f"{line[:match.start(1)]}not ({line[match.start(1):match.end(1)]}){line[match.end(1):]}", None
    if re.fullmatch(r"\s*[\w.:\[\]]+\(.*\)", code) and is_balanced(code) and source.stands_in_block(number):
        indent = line[:len(line) - len(line.lstrip())]
        yield "cleanup left out" if CLEANUP.search(code) else "statement dropped", indent + "-- nothing", None
    for kind, after, _ in constants(line, code, 0, "false", "true"):
        yield kind, after, None


WAYS = {"swift": ways_of_swift, "c": ways_of_c, "lua": ways_of_lua}


def of_file(path, text):
    """All mutants of a file, by line."""
    source = Source(path, text)
    room = path.split("/")[1]
    for number, code in enumerate(source.code):
        if not code.strip() or EQUIVALENT.search(code):
            continue
        if any(re.search(r"\bfunc hash\(|\bvar debugDescription\b", head) for head in source.function(number)):
            continue
        found = {}
        whole = source.lines[number]
        for kind, after, switched in WAYS[source.language](source, number):
            rest = whole[len(code):]
            if after.rstrip() != code and after not in found:
                if switched is not None:
                    # Everything but the switch's own number stands as it is, also where it holds a percent sign.
                    switched = escape(switched + rest).replace("isMutant(%%d)", "isMutant(%d)")
                found[after] = Mutant(room, path, number + 1, kind, whole.strip(), after.strip(), switched or after + rest)
        if found:
            yield list(found.values())


def files(root, room=None):
    for folder, folders, names in sorted(os.walk(os.path.join(root, "Sources"))):
        folders.sort()
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), root)
            parts = path.split("/")
            if name.endswith((".swift", ".c", ".lua")) and len(parts) > 2 and not path.startswith(LEFT_OUT) \
                    and room in (None, parts[1]):
                yield path


def draw(root, count, seed, room=None):
    """So many lines by chance, each with one of its ways; the same for the same sources, count and seed."""
    lines = []
    for path in files(root, room):
        lines += of_file(path, spec.read(root, path))
    dice = random.Random(seed)
    dice.shuffle(lines)
    drawn = []
    for ways in lines[:count]:
        # A kind first: constants are many on some lines.
        kind = dice.choice(sorted({way.kind for way in ways}))
        drawn.append(dice.choice([way for way in ways if way.kind == kind]))
    return drawn, len(lines)
