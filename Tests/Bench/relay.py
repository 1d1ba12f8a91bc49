#!/usr/bin/env python3
"""What a relayed packet costs, and how long it stays: calls through `rcml serve`, media anchored, 50 packets a second
each way, beside a bare forwarder written in C and beside the generator alone, in the same minutes.

The server runs on one core, the generator on another. The time a packet stays is the one from before it was sent to
when the kernel has it again, less the median of the generator alone. Fails if a packet is lost or the budget broken:
99 of 100 leave within a millisecond, as long as nobody else has the core.

With --slow-disk each call is recorded and the server keeps a journal, and whatever it does with one of these files waits
so long first; beside it the same on the disk as it is. No packet may stay a millisecond longer for it.
"""

import argparse
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
INTEROP = os.path.join(HERE, "..", "Interop")
sys.dont_write_bytecode = True
sys.path.insert(0, INTEROP)
from phones import Phones  # noqa: E402

SPEC = importlib.util.spec_from_file_location("sipp_run", os.path.join(INTEROP, "sipp", "run.py"))
sipp = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(sipp)
HOST = sipp.HOST
BUDGET = 1_000_000  # ns


def compiled(folder, name, *flags):
    path = os.path.join(folder, name)
    subprocess.run(
        ["cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", path, os.path.join(HERE, name + ".c"), *flags],
        check=True)
    return path


def pinned(core, command):
    return subprocess.Popen(
        ["taskset", "-c", str(core)] + command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def told_ports(process):
    return [int(word) for word in process.stdout.readline().split()]


def spent(process):
    """CPU seconds of all its threads, and those they waited for the core because somebody else had it: as the scheduler
    counted them, finer than the ticks of stat."""
    counted = [0, 0]
    tasks = f"/proc/{process.pid}/task"
    for task in os.listdir(tasks):
        with open(f"{tasks}/{task}/schedstat") as text:
            counted = [sum(pair) for pair in zip(counted, map(int, text.read().split()))]
    return counted[0] / 1e9, counted[1] / 1e9


def ticks(process):
    """user and system time, as /proc/PID/stat has them."""
    with open(f"/proc/{process.pid}/stat") as text:
        fields = text.read().rpartition(")")[2].split()
    return [int(field) / os.sysconf("SC_CLK_TCK") for field in fields[11:13]]


class Window:
    """One window of the generator, and what the process in the middle spent."""

    def __init__(self, generator, seconds, ports, middle=None):
        before = (spent(middle), ticks(middle)) if middle else None
        generator.stdin.write(f"{seconds} {' '.join(map(str, ports))}\n")
        generator.stdin.flush()
        words = generator.stdout.readline().split()
        (self.sent, self.received, self.late, self.p50, self.p99, self.p999, self.longest) = map(int, words)
        self.seconds = seconds
        if middle:
            self.cpu, self.waited = (after - earlier for after, earlier in zip(spent(middle), before[0]))
            self.user, self.system = (after - earlier for after, earlier in zip(ticks(middle), before[1]))


def alone(generator, seconds, ports):
    return Window(generator, seconds, [port for i in range(0, len(ports), 2) for port in (ports[i + 1], ports[i])])


def forwarded(options, folder, generator, ports):
    middle = pinned(options.core, [compiled(folder, "forward"), str(len(ports))])
    try:
        places = told_ports(middle)
        middle.stdin.write(" ".join(map(str, ports)) + "\n")
        middle.stdin.flush()
        time.sleep(0.2)
        return Window(generator, options.seconds, places, middle)
    finally:
        middle.kill()
        middle.wait()


def relayed(options, folder, generator, ports, disk=None):
    """`disk`: None = nothing is recorded; else the milliseconds that it takes for each thing."""
    calls = len(ports) // 2
    document = os.path.join(folder, "document.xml")
    open(document, "w").close()
    limits = ["prlimit", "--nofile=8192:8192", "taskset", "-c", str(options.core)]
    launcher = os.path.join(folder, "serve")
    with open(launcher, "w") as text:
        if disk:
            text.write(f'#!/bin/sh\nexport LD_PRELOAD="{compiled(folder, "slowdisk", "-fPIC", "-shared", "-ldl")}" '
                       f'SLOW_DISK="{folder}/kept" SLOW_DISK_MS={disk}\n')
        text.write(f'#!/bin/sh\nexec {" ".join(limits)} "{options.tool}" "$@"\n')
    os.chmod(launcher, 0o700)
    phones = Phones(None, ports)
    with open(document, "w") as text:
        records = "" if disk is None else ' record="record-from-answer-dual"'
        text.write(f"<Response><Dial{records}><Sip>sip:b@{HOST}:{phones.callees.getsockname()[1]}</Sip></Dial></Response>")
    extra = ["--set", "media=anchored", "--set", "rtp_ports=16384-32767"]
    journal = None
    if disk is not None:
        kept = os.path.join(folder, "kept")
        os.makedirs(kept, exist_ok=True)
        extra += ["--set", f"recordings={kept}"]
        journal = os.path.join(kept, "journal")
    server, drain, phones.server = sipp.serve(launcher, folder, "udp", document, journal, extra)
    try:
        places = phones.call(calls)
        time.sleep(0.5)
        window = Window(generator, options.seconds, places, server)
        if options.system_calls:
            count_system_calls(options, generator, places, server)
        if options.profile:
            profile(options, generator, places, server)
        phones.hang_up()
        server.send_signal(signal.SIGINT)
        if server.wait(30) != 0:
            raise SystemExit(f"rcml serve ended with {server.returncode}")
        return window
    finally:
        phones.end()
        sipp.stop(server, drain)


def profile(options, generator, places, server):
    """Where the time of one more window goes."""
    path = os.path.abspath(options.profile)
    recorder = subprocess.Popen(
        ["perf", "record", "-q", "-g", "-F", "1999", "-p", str(server.pid), "-o", path, "--", "sleep",
         str(options.seconds)], stderr=subprocess.DEVNULL)
    Window(generator, options.seconds, places, server)
    recorder.wait()


def count_system_calls(options, generator, places, server):
    """What one more window asks of the kernel, a packet."""
    counter = subprocess.Popen(
        ["perf", "stat", "-x", ",", "-e", "syscalls:sys_enter_*", "-p", str(server.pid), "--", "sleep",
         str(options.seconds + 0.2)], stderr=subprocess.PIPE, text=True)
    window = Window(generator, options.seconds, places, server)
    counts = {}
    for line in counter.communicate()[1].splitlines():
        words = line.split(",")
        if len(words) > 2 and words[0].isdigit():
            counts[words[2].rpartition("sys_enter_")[2]] = int(words[0]) / max(1, window.received)
    print(f"system calls a packet: {sum(counts.values()):.2f}, " + ", ".join(
        f"{name} {count:.3f}" for name, count in sorted(counts.items(), key=lambda pair: -pair[1]) if count > 0.001),
        flush=True)


def measure_slow_disk(options, folder, calls):
    """How much longer packets stay when the disk is slow."""
    generator = pinned(options.other_core, [compiled(folder, "generate"), str(2 * calls)])
    failures = []
    try:
        ports = told_ports(generator)
        windows = [relayed(options, folder, generator, ports, disk) for disk in (0, options.slow_disk)]
    finally:
        generator.kill()
        generator.wait()
    for name, window in zip(("as it is", f"{options.slow_disk} ms"), windows):
        print(f"{calls:5} calls  disk {name:8}  {window.received / window.cpu:9,.0f} packets a CPU s   "
              f"{window.sent - window.received} of {window.sent} lost   stays {window.p50 / 1000:.1f} us, "
              f"p99 {window.p99 / 1000:.1f} us, p99.9 {window.p999 / 1000:.1f} us, longest {window.longest / 1000:.1f} us   "
              f"others had its core for {window.waited:.2f} s", flush=True)
        if window.sent != window.received:
            failures.append(f"{calls} calls, disk {name}: {window.sent - window.received} packets lost")
    is_judged = all(window.waited * 100 <= window.seconds for window in windows)
    if is_judged and windows[1].p999 - windows[0].p999 > BUDGET:
        failures.append(f"{calls} calls: a slow disk keeps packets {(windows[1].p999 - windows[0].p999) / 1000:.0f} us longer")
    return failures


def measure(options, folder, calls):
    generator = pinned(options.other_core, [compiled(folder, "generate"), str(2 * calls)])
    try:
        ports = told_ports(generator)
        direct = alone(generator, min(3, options.seconds), ports)
        rows = [("raw forwarder", forwarded(options, folder, generator, ports)),
                ("rcml", relayed(options, folder, generator, ports))]
    finally:
        generator.kill()
        generator.wait()
    failures = []
    for name, window in rows:
        added = [max(0, delay - direct.p50) / 1000 for delay in (window.p50, window.p99, window.p999)]
        lost = window.sent - window.received
        window.rate = window.received / window.cpu
        print(f"{calls:5} calls  {name:13}  {window.rate:9,.0f} packets a CPU s   "
              f"{100 * window.cpu / window.seconds * 100 / calls:6.2f} % of a core per 100 calls   "
              f"user {window.user:5.2f} s system {window.system:5.2f} s   {lost} of {window.sent} lost   "
              f"stays {added[0]:5.1f} us, p99 {added[1]:6.1f} us, p99.9 {added[2]:7.1f} us", flush=True)
        if window.waited * 100 > window.seconds:
            print(f"{calls:5} calls  {name:13}  others had its core for {window.waited:.2f} s: times are not judged", flush=True)
        if window.late * 100 > window.sent:
            print(f"{calls:5} calls  {name:13}  the generator was late {window.late} times: do not believe it", flush=True)
        if name == "rcml":
            if lost:
                failures.append(f"{calls} calls: {lost} packets lost")
            if added[1] * 1000 > BUDGET and window.waited * 100 <= window.seconds:
                failures.append(f"{calls} calls: one of a hundred packets stays longer than {added[1]:.0f} us")
    print(f"{calls:5} calls  rcml costs {rows[0][1].rate / rows[1][1].rate:.2f} times the raw forwarder", flush=True)
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--calls", type=int, nargs="+", default=[50, 200, 500])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--core", type=int, default=0, help="the server's")
    parser.add_argument("--other-core", type=int, default=1, help="the generator's")
    parser.add_argument("--slow-disk", type=int, metavar="MS", help="milliseconds for each thing done with a file")
    parser.add_argument("--system-calls", action="store_true", help="count them, with perf, in one more window")
    parser.add_argument("--profile", help="write what perf sees of one more window to this file")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    failures = []
    for calls in options.calls:
        with tempfile.TemporaryDirectory(prefix="rcml-bench-") as folder:
            judge = measure if options.slow_disk is None else measure_slow_disk
            failures += judge(options, folder, calls)
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
