"""Reads one line of faults.txt, plants its fault in the copy at argv[1], and prints the file it changed."""
import re
import sys

name, path, before, after = (
    part.strip().replace("\\|", "|")
    for part in re.split(r" (?<!\\)\| ", sys.stdin.read().strip())
)
target = f"{sys.argv[1]}/{path}"
with open(target) as file:
    text = file.read()
if before not in text:
    sys.exit(f"{name}: {path} no longer holds: {before}")
with open(target, "w") as file:
    file.write(text.replace(before, after))
print(path)
