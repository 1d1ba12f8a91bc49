#!/usr/bin/env python3
"""The shape of rcml.h for programs: shape.py bare|stub|layout HEADER

bare    the header without its comments, as the reference is kept
stub    a library in C: every function with its real parameters, and a pointer to every struct and enum, because a
        program may use one that no function names. abidiff reads its debugging information; ours is Swift's.
layout  a program in C that prints, for each member of each struct, what must still hold: its place and its type.
        abidiff cannot tell a struct that grew at its end from one whose last members moved.
Both include "header.h".
"""
import re
import sys

MEMBER = r"(?P<type>[\w\s*]+?[\s*])(?P<name>\w+)(?P<array>\[\w+\])?"
POINTER = r"(?P<result>[\w\s*]+)\(\*(?P<name>\w+)\)(?P<arguments>\([^()]*\))"


def bare(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line) + "\n"


def stub(text):
    functions = re.findall(r"^RCML_API\s([^;]*);", text, re.MULTILINE)
    kinds = re.findall(r"^typedef (?:struct|enum) (\w+) \{", text, re.MULTILINE)
    if not functions or not kinds:
        sys.exit("shape.py: no functions or no types in the header")
    lines = ['#include "header.h"']
    lines += [f"{kind} *abi_{kind};" for kind in kinds]
    lines += [f"{function} {{ return 0; }}" for function in functions]
    return "\n".join(lines) + "\n"


def members(body):
    for declaration in filter(None, (" ".join(part.split()) for part in body.split(";"))):
        plain, pointer = re.fullmatch(MEMBER, declaration), re.fullmatch(POINTER, declaration)
        if plain:
            yield plain["name"], plain["type"].strip() + (plain["array"] or "")
        elif pointer:
            yield pointer["name"], pointer["result"].strip() + " (*)" + pointer["arguments"]
        else:
            sys.exit(f"shape.py: cannot read the member “{declaration}”")


def layout(text):
    lines = ["#include <stdio.h>", '#include "header.h"', "int main(void) {"]
    for name, body in re.findall(r"^typedef struct (\w+) \{(.*?)^\}", text, re.MULTILINE | re.DOTALL):
        line = f'_Static_assert(sizeof({name}) >= %zu, \\"{name} is smaller\\");\\n'
        lines.append(f'  printf("{line}", sizeof({name}));')
        for member, kind in members(body):
            line = (f'_Static_assert(offsetof({name}, {member}) == %zu, \\"{name}.{member} has moved\\");\\n'
                    f'_Static_assert(__builtin_types_compatible_p(__typeof__((({name} *)0)->{member}), {kind}), '
                    f'\\"{name}.{member} is of another type\\");\\n')
            lines.append(f'  printf("{line}", offsetof({name}, {member}));')
    return "\n".join(lines) + "\n  return 0;\n}\n"


def main():
    modes = {"bare": lambda text: text, "stub": stub, "layout": layout}
    if len(sys.argv) != 3 or sys.argv[1] not in modes:
        sys.exit(__doc__.splitlines()[0])
    with open(sys.argv[2], encoding="utf-8") as file:
        sys.stdout.write(modes[sys.argv[1]](bare(file.read())))


if __name__ == "__main__":
    main()
