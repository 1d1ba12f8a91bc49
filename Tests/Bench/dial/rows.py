"""The rows of the table, each measured by a function: ours and Kamailio take turns, and a figure is the median of the
rounds."""

import argparse
import os
import statistics
import tempfile
import time

import relay
from search import HOLD, Climb, climb_all, half, rounds, window
from systems import OTHER_PHONES, PHONES, PORT, Floor, Kamailio, Ours

SEARCH = 110  # s, for the highest rates of both; a quiet machine needs less


class Line:
    """One line of the table. `goal`: ("≤", 0.65, "times") is 0.65 times Kamailio's figure, ("≤", 150, "") is 150."""

    def __init__(self, what, ours, theirs=(), floor=(), goal=None, digits=0):
        self.what, self.goal, self.digits = what, goal, digits
        self.ours, self.theirs, self.floor = (list(values) for values in (ours, theirs, floor))

    def cell(self, values):
        values = [value for value in values if value is not None]
        if not values:
            return "–"
        # What is no memory at all is not less than nothing.
        texts = [f"{round(value, self.digits) + 0.0:,.{self.digits}f}"
                 for value in (statistics.median(values), min(values), max(values))]
        return texts[0] if texts[1] == texts[2] else f"{texts[0]} ({texts[1]}–{texts[2]})"

    def ratio(self):
        if not self.ours or not self.theirs or round(statistics.median(self.theirs), self.digits) == 0:
            return None
        return max(0, statistics.median(self.ours)) / statistics.median(self.theirs)

    def wanted(self):
        if self.goal is None:
            return "–"
        sign, bound, kind = self.goal
        if kind:
            reached, text = self.ratio(), f"{sign} {bound} × Kamailio"
        else:
            reached, text = statistics.median(self.ours) if self.ours else None, f"{sign} {bound}"
        if reached is None:
            return text
        is_reached = reached <= bound if sign == "≤" else reached >= bound
        return text + (": reached" if is_reached else ": not reached")

    def text(self):
        ratio = self.ratio()
        return " | ".join(["", self.what, self.cell(self.ours), self.cell(self.theirs),
                           "–" if ratio is None else f"{ratio:.2f}", self.cell(self.floor), self.wanted(), ""]).strip()


def targets(count, phones=PHONES):
    return [f"{phones}:{5080 + i}" for i in range(count)]


def one_target(bench):
    """one target at 150 calls/s"""
    with Ours(bench, targets(1)) as ours, Kamailio(bench, targets(1)) as theirs, Floor(bench, targets(1)) as floor:
        measured = rounds(bench, (ours, theirs, floor), lambda system, seconds: window(bench, system, 150, seconds))

    def line(what, pick, goal):
        return Line(f"one target at 150/s: {what}", *([pick(one) for one in results] for results in measured), goal)

    return [line("CPU a call, µs", lambda one: one["cpu"], ("≤", 0.65, "times")),
            line("INVITE through, median, µs", lambda one: half(one, "invite"), ("≤", 250, "")),
            line("200 through, median, µs", lambda one: half(one, "answer"), None),
            line("200 through, of 100 the slowest, µs", lambda one: one["answer"]["p99"], None)]


def saturation(bench):
    """one target, as many as go through"""
    if bench.core == bench.other_core:
        bench.say("  one core is not enough for this row: the generator would be measured")
        return []
    with Ours(bench, targets(1)) as ours, Kamailio(bench, targets(1)) as theirs:
        climbs = [Climb(bench, ours), Climb(bench, theirs)]
        climb_all(climbs, seconds=SEARCH)
        best = [climb.found() for climb in climbs]
        for climb, system in zip(climbs, (ours, theirs)):
            climb.bound(f"Highest clean rate of {system.name}")
    rates, costs = ([[one[name] for one in results] for results in best] for name in ("wanted", "cpu"))
    return [Line("one target, highest clean rate on one core, calls/s", *rates, goal=("≥", 1.2, "times")),
            Line("one target at that rate: CPU a call, µs", *costs, goal=("≤", 0.7, "times")),
            Line("calls/s that a core of its own would carry at that cost (computed)",
                 *([1e6 / one for one in cost] for cost in costs))]


def four_targets(bench):
    """four targets at 80 calls/s, three are cancelled"""
    with Ours(bench, targets(4)) as ours, Kamailio(bench, targets(4)) as theirs:
        measured = rounds(bench, (ours, theirs),
                          lambda system, seconds: window(bench, system, 80, seconds, ring=100))

    def line(what, pick, goal):
        return Line(f"four targets at 80/s, three cancelled: {what}",
                    *([pick(one) for one in results] for results in measured), goal=goal)

    return [line("CPU a call, µs", lambda one: one["cpu"], ("≤", 0.7, "times")),
            line("winner's 200 to caller's 200, median, µs", lambda one: half(one, "answer"), ("≤", 150, "")),
            line("winner's 200 to a loser's CANCEL, median, µs", lambda one: half(one, "cancel"), ("≤", 180, ""))]


def digest(bench):
    """one target that asks for credentials, at 100 calls/s"""
    with Ours(bench, targets(1), challenged=True) as ours, Kamailio(bench, targets(1), challenged=True) as theirs:
        kinds = ((ours, True), (theirs, True), (ours, False))
        asked, their, plain = rounds(
            bench, kinds, lambda kind, seconds: window(bench, kind[0], 100, seconds, challenge=kind[1]))
    return [Line("digest at 100/s: CPU a call, µs", [one["cpu"] for one in asked], [one["cpu"] for one in their],
                 goal=("≤", 0.7, "times")),
            Line("digest at 100/s: more than a call without, µs",
                 [one["cpu"] - other["cpu"] for one, other in zip(asked, plain)], goal=("≤", 60, ""))]


def up(bench):
    """2,000 calls that are up, without sound"""
    count, rate, settled, still = 2000, 200, 40, 5
    # Each has phones of its own, so that both can have their calls at once.
    addresses = (PHONES, OTHER_PHONES)
    with Ours(bench, targets(1)) as ours, Kamailio(bench, targets(1, OTHER_PHONES)) as theirs:
        both, generators = (ours, theirs), []
        for system, phones in zip(both, addresses):
            window(bench, system, 50, 2, phones=phones)
        before = [system.memory() for system in both]
        for system, phones in zip(both, addresses):
            hold = 1000 * (count / rate + settled + 2 * still)
            generators.append(bench.begin_calls(system, rate, count / rate, hold, phones=phones))
        time.sleep(count / rate + 1)
        memory = [(one, system.memory()) for system, one in zip(both, before)]
        spent = [system.cpu() for system in both]
        time.sleep(settled)
        timers = [(system.cpu() - one) * 1e6 / count for system, one in zip(both, spent)]
        later, spent, began = [system.memory() for system in both], [system.cpu() for system in both], time.monotonic()
        time.sleep(still)
        idle = [100 * (system.cpu() - one) / (time.monotonic() - began) for system, one in zip(both, spent)]
        for system, generator in zip(both, generators):
            failed = bench.result_of(generator, 60)["failed"]
            if failed:
                bench.say(f"  {system.name}: {failed} calls failed")
    return [Line("2,000 calls just up, no sound: memory of each, KiB",
                 *([(one - before) / count] for before, one in memory), goal=("≤", 8, ""), digits=1),
            Line(f"the same after {settled} s",
                 *([(one - before) / count] for (before, _), one in zip(memory, later)), goal=("≤", 8, ""), digits=1),
            Line(f"their transactions end, in those {settled} s: CPU of each, µs", *([one] for one in timers)),
            Line("2,000 calls up, nothing happens: % of a core", *([one] for one in idle), digits=2)]


def ended(bench):
    """calls that have ended"""
    rate, seconds, wait = 300, 10, 36
    with Ours(bench, targets(1)) as ours, Kamailio(bench, targets(1)) as theirs:
        at_once, before = [], []
        for system in (ours, theirs):
            window(bench, system, 100, 2)
            before.append(system.memory())
            result = window(bench, system, rate, seconds)
            at_once.append((system.memory() - before[-1]) / result["calls"])
        time.sleep(wait)
        later = [(system.memory() - memory) / (rate * seconds) for system, memory in zip((ours, theirs), before)]
    return [Line("3,000 calls in 10 s, just ended: memory of each, KiB", [at_once[0]], [at_once[1]], goal=("≤", 1, ""),
                 digits=1),
            Line(f"the same {wait} s later", [later[0]], [later[1]], digits=1)]


def audio(bench):
    """sound relayed, 50 packets a second each way"""
    lines = []
    for calls, bound in ((100, 8), (500, 5.5)):
        lines += audio_of(bench, calls, bound)
    return lines


def audio_of(bench, calls, bound):
    seconds = bench.options.seconds
    generator = relay.pinned(bench.other_core, [relay.compiled(bench.folder, "generate"), str(2 * calls)])
    kinds, phones, systems = [Ours] + ([Kamailio] if bench.has_relay else []), [], []
    shares, delays, lost = {}, {}, {}
    try:
        ports = relay.told_ports(generator)
        for kind in kinds:
            one = relay.Phones(PORT, ports, kind.address)
            phones.append(one)
            host, port = one.callees.getsockname()
            system = kind(bench, [f"{host}:{port}"], relays=True)
            systems.append(system)
            system.places = one.call(calls)
        floor = argparse.Namespace(core=bench.core, seconds=seconds)
        for _ in range(min(2, bench.options.rounds)):
            for system in systems:
                before = system.cpu()
                result = relay.Window(generator, seconds, system.places)
                shares.setdefault(system.name, []).append(100 * (system.cpu() - before) / seconds * 100 / calls)
                lost.setdefault(system.name, []).append(result.sent - result.received)
                if result.late * 100 > result.sent:
                    bench.note(f"Sound of {calls} calls, {system.name}: the generator was late for {result.late:,} of "
                               f"{result.sent:,} packets, and should have sent {100 * calls * seconds:,}")
            result = relay.forwarded(floor, bench.folder, generator, ports)
            shares.setdefault("floor", []).append(100 * result.cpu / seconds * 100 / calls)
        for one in phones:
            one.hang_up()
    finally:
        generator.kill()
        generator.wait()
        for one in phones:
            one.end()
        for system in systems:
            system.end()
    return [Line(f"sound of {calls} calls: % of a core a 100 calls", shares["rcml"], shares.get("kamailio", []),
                 shares["floor"], ("≤", bound, ""), digits=1),
            Line(f"sound of {calls} calls: packets lost", lost["rcml"], lost.get("kamailio", []))]


def idle(bench):
    """nothing to do"""
    with Ours(bench, targets(1)) as ours, Kamailio(bench, targets(1)) as theirs:
        time.sleep(2)
        systems = (ours, theirs)
        before, began = [system.cpu() for system in systems], time.monotonic()
        time.sleep(2 * bench.options.seconds)
        took = time.monotonic() - began
        shares = [100 * (system.cpu() - spent) / took for system, spent in zip(systems, before)]
        memory = [system.memory() / 1024 for system in systems]
    return [Line("no call: % of a core", [shares[0]], [shares[1]], goal=("≤", 0.1, ""), digits=2),
            Line("no call: memory, MiB", [memory[0]], [memory[1]], digits=1)]


def referee(bench):
    """one target at 150 calls/s, with SIPp"""
    rate = 150

    def work(system, seconds):
        calls = int(rate * seconds)
        with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
            before = system.cpu()
            answering = relay.sipp.Sipp(folder, "answers", "answers.xml", system.sipp_port, "udp", calls, ["-d", "0"])
            own = relay.sipp.free_ports(1)[0]
            caller = relay.sipp.Sipp(folder, "caller", "caller.xml", own, "udp", calls,
                                     ["-d", str(HOLD), "-r", str(rate), f"{system.address}:{PORT}"])
            try:
                for one in (answering, caller):
                    os.sched_setaffinity(one.process.pid, {bench.other_core})
                for one in (caller, answering):
                    if one.wait(seconds + 30) is None:
                        bench.say(f"  {system.name}: SIPp's {one.name} did not finish")
                figures = caller.figures()
            finally:
                answering.end()
                caller.end()
            if figures["failed"]:
                bench.say(f"  {system.name}: {figures['failed']} calls failed")
            return (system.cpu() - before) * 1e6 / max(1, figures["succeeded"])

    ports = relay.sipp.free_ports(2)
    with Ours(bench, [f"127.0.0.1:{ports[0]}"]) as ours, Kamailio(bench, [f"127.0.0.1:{ports[1]}"]) as theirs:
        ours.sipp_port, theirs.sipp_port = ports
        measured = rounds(bench, (ours, theirs), work, at_most=2)
    return [Line("one target at 150/s by SIPp: CPU a call, µs", *measured, goal=("≤", 0.65, "times"))]


# Seconds that a row takes with windows of four seconds and three rounds, a little more than measured. What has goals that
# nothing else shows comes first, in case there is no time for all.
ROWS = {"one-target": (one_target, 50), "saturation": (saturation, SEARCH + 30), "four-targets": (four_targets, 40),
        "digest": (digest, 50), "up": (up, 80), "audio": (audio, 75), "ended": (ended, 65), "idle": (idle, 15),
        "referee": (referee, 45)}
