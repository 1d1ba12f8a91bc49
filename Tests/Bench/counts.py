"""What callgrind counted, for one of so many: instructions, retains and releases, by the calls of the runtime's
functions. counts.py FILE NAME COUNT"""
import re
import sys

path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
names, total, calls, target, caller = {}, 0, {}, None, None


def named(text):
    """A name is written out once, as "(12) name", and is "(12)" from then on."""
    number, _, word = text.partition(" ")
    if word:
        names[number] = word
    return names.get(number, number)


for line in open(path, encoding="utf-8", errors="replace"):
    if line.startswith("cfn="):
        target = named(line[4:].strip())
    elif line.startswith("fn="):
        caller = named(line[3:].strip())
    elif line.startswith("calls="):
        calls[(caller, target)] = calls.get((caller, target), 0) + int(line[6:].split()[0])
    elif line.startswith("summary:"):
        total = int(line.split()[1])


def called(pattern):
    """Calls of these functions, but not those that they make of one another."""
    kind = re.compile(r"_?swift_(bridgeObject|unknownObject|nonatomic_)?" + pattern + r"(_n)?_?('\d+)?$")
    return sum(n for (a, b), n in calls.items() if kind.match(b) and not (a and kind.match(a)))


retains, releases = called("[Rr]etain"), called("[Rr]elease")
print(f"{name}\t{total // count} instructions\t{retains // count} retains\t{releases // count} releases")
