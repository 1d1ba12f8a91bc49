#!/usr/bin/env python3
"""The catalogue as a page of Markdown, on standard output: codes.py TOOL"""

import json
import re
import subprocess
import sys


def words(text):
    """Text in which Markdown finds nothing of its own."""
    return re.sub(r"([\\`*_<>#@|])", r"\\\1", text)


def main():
    lines = subprocess.run([sys.argv[1], "codes", "--json"], check=True, capture_output=True, text=True, timeout=60)
    print("# Codes\n")
    print("Errors and warnings: what they are, why they happen, what to do. `rcml codes CODE` says the same.\n")
    for entry in map(json.loads, lines.stdout.splitlines()):
        print(f"## {entry['code']} {entry['name']}\n\n{words(entry['text'])}\n")
        print(f"- Cause: {words(entry['cause'])}\n- Fix: {words(entry['fix'])}\n")


if __name__ == "__main__":
    main()
