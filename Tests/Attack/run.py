#!/usr/bin/env python3
"""Attacks on `rcml serve`, each with the figures that have to hold: the faults N1a to N13 and what is left of them.

An attack is a file of `attacks`: its docstring says what is done, `run(tool, folder, is_long)` does it and returns
figures. All of it happens on loopback addresses and ends by itself.
"""

import argparse
import importlib.util
import os
import re
import shutil
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "Interop")]


def order(name):
    """N2 before N12."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def known():
    return sorted((file[:-3] for file in os.listdir(os.path.join(HERE, "attacks")) if file.endswith(".py")), key=order)


def load(name):
    spec = importlib.util.spec_from_file_location(name, os.path.join(HERE, "attacks", name + ".py"))
    attack = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(attack)
    return attack


def perform(name, options):
    attack = load(name)
    print(f"{name}: {attack.__doc__.strip().splitlines()[0]}", flush=True)
    folder = tempfile.mkdtemp(prefix=f"rcml-attack-{name}-")
    began = time.monotonic()
    try:
        figures = [figure.widened(options.patience) for figure in attack.run(options.tool, folder, options.long)]
        holds = bool(figures) and all(figure.holds for figure in figures)
        for figure in figures:
            print(figure.line())
    except Exception as problem:  # noqa: BLE001: the other attacks are done all the same
        holds = False
        print(f"  {type(problem).__name__}: {problem}")
    if holds or not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"  kept: {folder}")
    print(f"  {'holds' if holds else 'BROKEN'} after {time.monotonic() - began:.1f} s", flush=True)
    return holds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--long", action="store_true", help="longer and harder, for the night")
    parser.add_argument("--patience", type=float, default=1, help="bounds of times are so many times as wide (1)")
    parser.add_argument("--list", action="store_true", help="name the attacks and end")
    parser.add_argument("--keep", action="store_true", help="keep the folder of an attack that broke something")
    parser.add_argument("names", nargs="*", help="attacks (all)")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    if options.list:
        for name in known():
            print(f"{name:<6} {load(name).__doc__.strip().splitlines()[0]}")
        return
    unknown = [name for name in options.names if name not in known()]
    if unknown:
        sys.exit(f"no such attack: {', '.join(unknown)}; there are {', '.join(known())}")
    broken = [name for name in options.names or known() if not perform(name, options)]
    if broken:
        sys.exit(f"broken: {', '.join(broken)}")


if __name__ == "__main__":
    main()
