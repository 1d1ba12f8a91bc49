"""Faults of faults.txt: plant.py COPY NUMBER plants one in a copy of the sources and prints the file it changed;
plant.py --check ROOT says which no longer apply; plant.py --names prints them, one a line; plant.py --copy ROOT COPY makes
or mends the copy, and leaves alone what is the same, so that little is built anew."""
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def faults():
    with open(os.path.join(HERE, "faults.txt"), encoding="utf-8") as text:
        lines = [line.strip() for line in text if line.strip() and not line.startswith("#")]
    for line in lines:
        parts = [part.strip() for part in re.split(r" (?<!\\)\| ", line)]
        yield tuple(part.replace("\\|", "|").replace("\\n", "\n") for part in parts)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def problem(root, fault):
    """What keeps a fault from being planted; None = nothing."""
    if len(fault) != 4:
        return "is not: what it is | file | text as it stands | what it becomes"
    _, path, before, _ = fault
    if not os.path.exists(os.path.join(root, path)):
        return f"there is no {path}"
    found = read(root, path).count(before)
    return None if found == 1 else f"{path} holds it {found} times: {before}"


def below(root):
    for top in ("Sources", "Tests", "Include"):
        for folder, _, files in os.walk(os.path.join(root, top)):
            for file in files:
                yield os.path.relpath(os.path.join(folder, file), root)
    yield "Package.swift"


def octets(path):
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def copy(root, target):
    kept = set(below(root))
    if os.path.isdir(os.path.join(target, "Sources")):
        for path in set(below(target)) - kept:
            os.remove(os.path.join(target, path))
    for path in kept:
        source, place = os.path.join(root, path), os.path.join(target, path)
        if octets(source) != octets(place):
            os.makedirs(os.path.dirname(place), exist_ok=True)
            shutil.copyfile(source, place)


def main():
    if sys.argv[1] == "--names":
        print("\n".join(fault[0] for fault in faults()))
        return 0
    if sys.argv[1] == "--copy":
        copy(sys.argv[2], sys.argv[3])
        return 0
    if sys.argv[1] == "--check":
        wrong = 0
        for number, fault in enumerate(faults(), 1):
            why = problem(sys.argv[2], fault)
            if why:
                wrong += 1
                print(f"{number:2} {fault[0]}: {why}")
        print(f"{number} faults, {wrong} do not apply")
        return 1 if wrong else 0
    root, fault = sys.argv[1], list(faults())[int(sys.argv[2]) - 1]
    why = problem(root, fault)
    if why:
        sys.exit(f"{fault[0]}: {why}")
    _, path, before, after = fault
    text = read(root, path)
    # Scripts/planted puts it back: the sources themselves may be edited meanwhile.
    shutil.copyfile(os.path.join(root, path), os.path.join(root, "original"))
    with open(os.path.join(root, path), "w", encoding="utf-8") as file:
        file.write(text.replace(before, after))
    print(path)
    return 0


sys.exit(main())
