#!/usr/bin/env python3
"""What a call costs `rcml serve` beside Kamailio, in the same minutes: both sit on one core, the generator on another,
and they take turns. One table comes out, a row a figure, with its goal. CPU is user and system time of all of a system's
processes over a window, by the calls that went well in it; memory is what they have for themselves and
their share of what they share (Pss)."""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import long  # noqa: E402
import rows  # noqa: E402
import samples  # noqa: E402
from systems import PHONES, PORT  # noqa: E402

DESCRIPTORS = 65536
DIGEST = os.path.join(ROOT, "Sources", "CDigest")
ROWS = {name: work for name, (work, _) in rows.ROWS.items()} | long.ROWS
GENERATOR = [os.path.join(HERE, f"{name}.c") for name in (
    "main", "message", "caller", "target", "credentials", "waits", "delays")] + [os.path.join(DIGEST, "digest.c")]


class Bench:
    """What all rows share: who runs where, the programs, the time that is left."""

    def __init__(self, options, folder):
        self.options, self.folder, self.tool = options, folder, os.path.abspath(options.tool)
        self.cores = sorted(os.sched_getaffinity(0))
        self.core, self.other_core = self.cores[0], self.cores[-1 if len(self.cores) == 1 else 1]
        self.has_relay = not options.without_rtpengine
        # What installing and building took is part of it.
        self.limit = time.monotonic() + 60 * options.minutes - max(0, time.time() - (options.began or time.time()))
        self.notes = []
        self.generator = self.compiled("calls", GENERATOR)

    @staticmethod
    def say(text):
        print(text, file=sys.stderr, flush=True)

    def note(self, text):
        """What has to be known beside the table."""
        self.say(f"  {text}")
        self.notes.append(text)

    def compiled(self, program, sources=(), library=None):
        path = os.path.join(self.folder, program)
        if not os.path.exists(path):
            subprocess.run(
                ["cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-I", HERE, "-I", os.path.join(DIGEST, "include"),
                 *(sources or [os.path.join(HERE, program + ".c")]), "-o", path, "-ldl", "-lpthread",
                 *(["-I", os.path.join(ROOT, "Include"), "-L", library, f"-Wl,-rpath,{library}", "-lrcml"] if library else [])],
                check=True)
        return path

    def on_core(self, core, command):
        return command if self.core == self.other_core else ["taskset", "-c", str(core)] + command

    def begin_calls(self, system, rate, seconds, hold, ring=0, challenge=False, phones=PHONES, called="service", core=None):
        words = [self.generator, f"{system.address}:{PORT}", phones]
        words += map(str, (len(system.targets), rate, seconds, int(hold), ring))
        words += ["to", called] + (["challenge"] if challenge else [])
        return subprocess.Popen(self.on_core(self.other_core if core is None else core, words),
                                stdout=subprocess.PIPE, text=True)

    def result_of(self, generator, seconds):
        """At the latest after so long."""
        try:
            return json.loads(generator.communicate(timeout=seconds)[0])
        except (subprocess.TimeoutExpired, ValueError):
            raise SystemExit("the generator did not come to an end") from None
        finally:
            if generator.poll() is None:
                generator.kill()
                generator.wait()


def interrupted(*_):
    raise KeyboardInterrupt


def load():
    with open("/proc/loadavg") as text:
        return float(text.read().split()[0])


def measure(bench):
    """The lines, and the names of the rows that there are none of, each with the reason."""
    lines, without = [], []
    for name in bench.options.only or rows.ROWS:
        if not bench.options.only and time.monotonic() + rows.ROWS[name][1] > bench.limit:
            without.append(f"{name} (it would not end within {bench.options.minutes:g} minutes)")
            continue
        bench.say(f"{name}: {ROWS[name].__doc__}")
        began = time.monotonic()
        try:
            lines += ROWS[name](bench)
        except (Exception, SystemExit):
            bench.say(traceback.format_exc())
            without.append(f"{name} (it failed)")
        bench.say(f"  {time.monotonic() - began:.0f} s, load {load():.1f}")
    return lines, without


def show(bench, lines, without, first_load):
    options = bench.options
    print(f"Rounds of {options.seconds} s, at most {options.rounds}, in turns; median (lowest–highest). "
          f"Load of the machine before {first_load:.1f}, after {load():.1f}.")
    if first_load > 0.7:
        print("Others were at work on this machine: the two beside each other are worth more than each alone.")
    if bench.core == bench.other_core:
        print("There is one core and the generator shares it: delays have its own work in them, and no highest rate "
              "was looked for. CPU a call and memory are what they say.")
    else:
        print(f"The measured system on core {bench.core}, the generator on core {bench.other_core}.")
    if not bench.has_relay:
        print("Without rtpengine: sound has nobody beside it.")
    for note in bench.notes:
        print(note + ".")
    if without:
        print(f"Not measured: {', '.join(without)}.")
    print("\n| | rcml | Kamailio | rcml / Kamailio | kernel | goal |\n|---|---|---|---|---|---|")
    for line in lines:
        print(line.text())


def main():
    parser = argparse.ArgumentParser(prog="Scripts/bench dial", description=__doc__)
    parser.add_argument("--tool", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--without-rtpengine", action="store_true", help="sound is measured without anybody beside it")
    parser.add_argument("--began", type=float, help=argparse.SUPPRESS)  # when the script did, by the clock of the day
    parser.add_argument("--simulate", help=argparse.SUPPRESS)  # the program, where it is not to be built
    parser.add_argument("--library", help=argparse.SUPPRESS)  # the folder of librcml.so
    parser.add_argument("--only", action="append", choices=list(ROWS), metavar="ROW",
                        help=f"may be repeated: {', '.join(rows.ROWS)}; and those that are measured only by name: "
                             f"{', '.join(long.ROWS)}")
    parser.add_argument("--seconds", type=int, metavar="N", help="of a window (4; of soak 600, of relay-limit 10, of many 8)")
    parser.add_argument("--rounds", type=int, metavar="N", default=3, help="of a row (3)")
    parser.add_argument("--minutes", type=float, metavar="N", default=10,
                        help="what the whole may take, installing and building included; no row begins that would end "
                             "later, unless it is named (10)")
    parser.add_argument("--rate", type=float, metavar="N", help="of soak: the highest clean rate, where it is known")
    parser.add_argument("--calls", type=int, nargs="+", metavar="N", help="of many: how many are up (1000 20000 50000)")
    parser.add_argument("--profile", action="store_true", help="then where the time of rcml goes, by perf, row by row")
    options = parser.parse_args()
    options.given_seconds, options.seconds = options.seconds, options.seconds or 4
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    # Whoever ends it, what it began ends with it.
    signal.signal(signal.SIGTERM, interrupted)
    first_load = load()
    with tempfile.TemporaryDirectory(prefix="rcml-bench-") as folder:
        bench = Bench(options, folder)
        lines, without = measure(bench)
        show(bench, lines, without, first_load)
        if options.profile:
            samples.show(bench)
    return 1 if any("failed" in one for one in without) else 0


if __name__ == "__main__":
    sys.exit(main())
