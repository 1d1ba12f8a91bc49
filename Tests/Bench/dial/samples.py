"""Where the time of `rcml serve` goes in a window of a row: what perf saw, by the parts it was in."""

import collections
import os
import re
import shutil
import subprocess

from rows import targets
from search import window
from systems import Ours

# Row: how many targets, calls a second, ms a target rings, whether it asks for credentials. At 1,000/s saturation looks
# as it does at its highest rate, and does not depend on what that is.
WINDOWS = {"one-target": (1, 150, 0, False), "saturation": (1, 1000, 0, False), "four-targets": (4, 80, 100, False),
           "digest": (1, 100, 0, True)}
ALLOCATION = re.compile(r"malloc|free|calloc|realloc|unlink_chunk|sysmalloc|systrim|tcache")
ROOM = re.compile(r"(\d+)(RCML\w+)")


def part_of(symbol, place):
    if place.startswith("[") and "vdso" not in place:
        return "kernel"
    if "libswift" in place:
        return "Swift's runtime"
    if place.endswith("rcml"):
        room = ROOM.search(symbol)
        if room:
            return room[2][:int(room[1])]
        return "Swift's collections, compiled into rcml" if symbol.startswith(("$s", "_$s")) else "C of ours, libosip2"
    if ALLOCATION.search(symbol):
        return "malloc and free"
    if re.match(r"_*mem|_*str", symbol):
        return "memory copied, compared, looked through"
    return "the rest of libc"


def sampled(bench, name):
    """Lines of a table."""
    count, rate, ring, challenge = WINDOWS[name]
    path = os.path.join(bench.folder, "samples")
    with Ours(bench, targets(count), challenged=challenge) as ours:
        window(bench, ours, rate, 1, ring=ring, challenge=challenge)
        recorder = subprocess.Popen(
            ["perf", "record", "-q", "-F", "4999", "-p", str(ours.begun[0].pid), "-o", path, "--", "sleep",
             str(bench.options.seconds)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        result = window(bench, ours, rate, bench.options.seconds, ring=ring, challenge=challenge)
        recorder.wait()
    said = subprocess.run(["perf", "script", "-i", path, "-F", "ip,sym,dso"], capture_output=True, text=True,
                          errors="replace").stdout
    parts = collections.Counter(
        part_of(*match.groups()) for match in re.finditer(r"^\s*[0-9a-f]+ (.+?) \((.+)\)$", said, re.M))
    total = sum(parts.values())
    return [f"\n{name}: {result['cpu']:.0f} µs a call at {rate}/s while perf looked, {total:,} samples\n",
            "| | % of the time | µs a call |", "|---|---|---|"] + [
        f"| {part} | {100 * seen / total:.1f} | {result['cpu'] * seen / total:.0f} |"
        for part, seen in parts.most_common() if seen * 200 >= total]


def show(bench):
    if not shutil.which("perf"):
        print("\nThere is no perf (Debian: linux-perf): no samples.")
        return
    for name in bench.options.only or WINDOWS:
        if name in WINDOWS:
            print("\n".join(sampled(bench, name)), flush=True)
