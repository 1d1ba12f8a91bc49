"""Rows that take minutes, each measured only when it is named: a long run, the most sound, many calls up, two agents,
and the simulator."""

import argparse
import contextlib
import os
import re
import resource
import statistics
import subprocess
import time

import relay
from rows import Line, targets
from search import DISTURBED, HOLD, Climb, Search, climb_all, half, rounds, window
from systems import (FURTHER_PHONES, MANY_PHONES, OF_ONE_PROCESS, OTHER_MANY_PHONES, OTHER_PHONES, OTHER_SECOND, PHONES,
                     PORT, SECOND, Agents, Floor, Kamailio, Ours)

HERE = os.path.dirname(os.path.abspath(__file__))
SIMULATE = os.path.join(HERE, "..", "..", "..", "Scripts", "simulate")
SAMPLE, FIRST = 10, 60  # s: between two samples of memory, and until it has to be level
LEVELS = (10, 1000, 20_000, 50_000)
FILL, FILL_SECONDS = 200, 100  # calls/s that come up, or as many as are up after so long
FURTHER, SETTLED = 100, 40  # calls/s beside those that are up; s until timers have ended
WORTH = 1000  # so many and more are weighed: the memory of fewer is lost in what a system has in reserve
HOURS = 36_000_000  # ms
EACH = 64  # KiB that a call may need in both systems and in the generator
AGENT_RATE = 1000
SEEDS = 1000
SEARCH = 900  # s, at most, where others keep the cores busy


def slope_of(samples):
    """The least squares' line through (s, KiB): KiB a minute."""
    if len(samples) < 3:
        return None
    times, sizes = zip(*samples)
    middle, mean = statistics.mean(times), statistics.mean(sizes)
    return 60 * (sum((time - middle) * (size - mean) for time, size in samples)
                 / sum((time - middle) ** 2 for time in times))


def highest_rate(bench):
    """As it was given, or as it is found."""
    if bench.options.rate:
        return bench.options.rate
    with Ours(bench, targets(1)) as ours:
        climb = Climb(bench, ours)
        climb_all([climb])
        climb.bound("Highest clean rate of rcml")
    if climb.best is None:
        raise SystemExit("no rate was clean")
    return climb.best["wanted"]


def watched(bench, ours, rate, seconds):
    """What the generator says of so long a run, and (s, KiB) every ten seconds of it."""
    samples = []
    generator = bench.begin_calls(ours, rate, seconds, HOLD)
    began, spent = time.monotonic(), ours.glance()[1]
    while generator.poll() is None:
        try:
            generator.wait(max(0.01, began + SAMPLE * (len(samples) + 1) - time.monotonic()))
            break
        except subprocess.TimeoutExpired:
            pass
        at, (size, so_far) = time.monotonic() - began, ours.glance()
        if at > seconds + 60:
            break
        samples.append((at, size))
        bench.say(f"  {at:4.0f} s: {size / 1024:7.1f} MiB, {(so_far - spent) / SAMPLE:.0%} of its core")
        spent = so_far
        ours.forget_said()
    return bench.result_of(generator, 1), [sample for sample in samples if sample[0] <= seconds + 1]


def soak(bench):
    """ten minutes at 80 % of the highest clean rate (--seconds, --rate)"""
    if bench.core == bench.other_core:
        bench.say("  one core is not enough for this row: the generator would be measured")
        return []
    seconds, highest = bench.options.given_seconds or 600, highest_rate(bench)
    rate = 0.8 * highest
    with Ours(bench, targets(1)) as ours:
        window(bench, ours, 100, 2)
        spent, waited, began = ours.cpu(), ours.waited(), time.monotonic()
        result, samples = watched(bench, ours, rate, seconds)
        spent, waited, took = ours.cpu() - spent, ours.waited() - waited, time.monotonic() - began
    first = FIRST if seconds >= 2 * FIRST else seconds / 3
    level = [sample for sample in samples if sample[0] >= first]
    slope = slope_of(level)
    bench.note(f"Long run: {result['calls']:,} calls, {result['sent'] + result['received']:,} messages, {result['rate']:,.0f} "
               f"calls/s begun; others had its core for {waited:.1f} s; the generator was busy for "
               f"{result['cpu'] / result['elapsed']:.0%} of the time and began one of a hundred calls more than "
               f"{result['late']['p99']:,} µs late; {result['strange']} messages belonged to no call")
    if seconds < 2 * FIRST:
        bench.note(f"Long run: {seconds} s are too short: timers of ended calls last 32 s, and memory grows until then")
    name = f"{seconds / 60:.3g} minutes at {rate:,.0f}/s (80 % of {highest:,.0f})"

    def line(what, value, goal=None, digits=0):
        return Line(f"{name}: {what}", [] if value is None else [value], goal=goal, digits=digits)

    answer = result["answer"] or {}
    return [line("calls that failed", result["failed"], ("≤", 0, "")),
            line("messages sent again, by whomever", result["repeated"], ("≤", 0, "")),
            line("200 through, median, µs", answer.get("p50")),
            line("200 through, of 100 the slowest, µs", answer.get("p99"), ("≤", 5000, "")),
            line("200 through, of 1,000 the slowest, µs", answer.get("p999")),
            line("CPU a call, µs", spent * 1e6 / max(1, result["good"])),
            line("% of its core", 100 * spent / took, digits=1),
            line(f"memory after {first:.0f} s, MiB", level[0][1] / 1024 if level else None, digits=1),
            line("memory at the end, MiB", level[-1][1] / 1024 if level else None, digits=1),
            line(f"memory's slope after {first:.0f} s, KiB a minute", slope),
            line("that slope over the rest of the run, % of the memory",
                 None if slope is None else 100 * slope * (seconds - first) / 60 / level[0][1], ("≤", 1, ""), digits=2)]


class Sound(Search):
    """The most calls whose sound comes through a system whole. `kind`: None is the bare forwarder."""

    least, tries, prompt = 10, 4, 20  # ms: whoever takes longer for a packet than there are between two only puts it off

    def __init__(self, bench, kind):
        super().__init__(bench, 400)
        self.kind, self.name = kind, kind.name if kind else "forwarder"
        # Four descriptors a call, and as many ports of those that rcml is given.
        self.most = min((resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200) // 4, 4000)

    def measure(self):
        calls = self.amount = int(round(self.amount, -1))
        seconds = self.bench.options.given_seconds or 10
        generator = relay.pinned(self.bench.other_core, [relay.compiled(self.bench.folder, "generate"), str(2 * calls),
                                                   "together"])
        try:
            ports, before = relay.told_ports(generator), relay.spent(generator)
            if self.kind:
                heard, spent, waited = self.through_system(generator, ports, calls, seconds)
            else:
                floor = argparse.Namespace(core=self.bench.core, seconds=seconds)
                heard = relay.forwarded(floor, self.bench.folder, generator, ports)
                spent, waited = heard.cpu, heard.waited
            own, own_waited = ((after - earlier) / seconds for after, earlier in zip(relay.spent(generator), before))
        finally:
            generator.kill()
            generator.wait()
        lost, is_late = heard.sent - heard.received, heard.late * 20 > heard.sent
        expected = 100 * calls * seconds
        self.bench.say(f"  {self.name} with {calls}: {lost} of {heard.sent} packets lost, core {spent / seconds:.0%} busy, "
                       f"generator's {own:.0%}, {heard.late} late, 99 of 100 within {heard.p99 // 1000} µs, "
                       f"others had its core for {waited:.2f} s, the generator's for {own_waited * seconds:.2f} s")
        is_whole = lost == 0 and heard.sent > 0.99 * expected
        return {"clean": is_whole and not is_late and heard.p99 < 1e6 * self.prompt,
                "is_limit": is_late or own > 0.95, "disturbed": max(waited / seconds, own_waited) > DISTURBED,
                "cpu": 100 * spent / seconds * 100 / calls, "busy": 100 * spent / seconds}

    def through_system(self, generator, ports, calls, seconds):
        phones = relay.Phones(PORT, ports, self.kind.address)
        try:
            host, port = phones.callees.getsockname()
            with self.kind(self.bench, [f"{host}:{port}"], relays=True) as system:
                places = phones.call(calls)
                time.sleep(0.5)
                spent, waited = system.cpu(), system.waited()
                heard = relay.Window(generator, seconds, places)
                return heard, system.cpu() - spent, system.waited() - waited
        finally:
            phones.end()


def relay_limit(bench):
    """the most calls whose sound one core relays and loses nothing"""
    if bench.core == bench.other_core:
        bench.say("  one core is not enough for this row: the generator would be measured")
        return []
    searches = [Sound(bench, Ours), Sound(bench, Kamailio) if bench.has_relay else None, Sound(bench, None)]
    climb_all([one for one in searches if one], seconds=SEARCH)
    for one in searches:
        if one:
            one.bound(f"Most relayed calls, {one.name}")
    best = [one.found() if one else [] for one in searches]

    def line(what, name, goal=None, digits=0):
        return Line(what, *([result[name] for result in results] for results in best), goal=goal, digits=digits)

    return [line("relayed calls on one core, no packet lost, 99 of 100 within 20 ms (beside it rtpengine)", "wanted",
                 ("≥", 1500, "")),
            line("so many: % of a core a 100 calls", "cpu", digits=1)]


class Held:
    """Calls that come up through a system and stay."""

    def __init__(self, bench, system, count, phones):
        self.bench, self.system, self.count = bench, system, count
        self.rate = min(count, max(FILL, count / FILL_SECONDS))
        self.seconds = count / self.rate
        self.generator = bench.begin_calls(system, self.rate, self.seconds, HOURS, phones=phones)

    def end(self):
        """How many were up; they are forgotten, not hung up."""
        self.generator.terminate()
        result = self.bench.result_of(self.generator, 10)
        if result["up"] != self.count:
            self.bench.note(f"{self.system.name}: of {self.count:,} calls that should have been up, {result['up']:,} were")
        return max(1, result["up"])


def has_memory(bench, count):
    with open("/proc/meminfo") as text:
        available = int(re.search(r"MemAvailable:\s+(\d+)", text.read()).group(1))
    if available < 1.5 * count * EACH:
        bench.note(f"{count:,} calls up: not measured, {available // 1024:,} MiB of memory are free and "
                   f"{3 * count * EACH // 2048:,} may be needed")
        return False
    return True


def fill(bench, systems, count, phones):
    """Calls that are up in each system; of each system what they take, KiB, at once and later, and the idle CPU, %."""
    for system in systems:
        window(bench, system, FURTHER, 2, phones=FURTHER_PHONES, called="other")
    before = [system.memory() for system in systems]
    held = [Held(bench, system, count, own) for system, own in zip(systems, phones)]
    time.sleep(held[0].seconds + 1)
    at_once = [system.memory() - one for system, one in zip(systems, before)]
    time.sleep(SETTLED)
    later = [system.memory() - one for system, one in zip(systems, before)]
    spent, began = [system.cpu() for system in systems], time.monotonic()
    time.sleep(max(5, bench.options.seconds))
    idle = [100 * (system.cpu() - one) / (time.monotonic() - began) for system, one in zip(systems, spent)]
    return held, at_once, later, idle


def many(bench):
    """few calls up and many, without sound, and what a further call costs beside them"""
    few, levels = min(LEVELS), [level for level in bench.options.calls or LEVELS if level > min(LEVELS)]
    other, lines = f"{FURTHER_PHONES}:5080", []
    with Ours(bench, targets(1), other=other) as ours, \
            Kamailio(bench, targets(1, OTHER_PHONES), other=other) as theirs:
        held, _, _, idle = fill(bench, (ours, theirs), few, (PHONES, OTHER_PHONES))
        lines.append(Line(f"{few} calls up, nothing happens: % of a core", *([one] for one in idle), goal=("≤", 0.1, ""),
                          digits=2))
        for level in levels:
            if has_memory(bench, level):
                lines += beside(bench, (ours, theirs), few, level, other)
        for one in held:
            one.end()
    return lines


def beside(bench, with_few, few, count, other):
    """A system each that has so many calls up, and in turns with those that have few of them a further call's cost."""
    with Ours(bench, targets(1, MANY_PHONES), address=SECOND, other=other) as ours, \
            Kamailio(bench, targets(1, OTHER_MANY_PHONES), address=OTHER_SECOND, other=other) as theirs:
        held, at_once, later, idle = fill(bench, (ours, theirs), count, (MANY_PHONES, OTHER_MANY_PHONES))
        costs = [[one["cpu"] for one in results] for results in rounds(
            bench, (*with_few, ours, theirs), seconds=bench.options.given_seconds or 8, work=lambda system, seconds: window(
                bench, system, FURTHER, seconds, phones=FURTHER_PHONES, called="other"))]
        ups = [one.end() for one in held]
    at_once, later = ([size / up for size, up in zip(sizes, ups)] for sizes in (at_once, later))
    shares = [[many / one for one, many in zip(costs[i], costs[i + 2])] for i in (0, 1)]
    memory = [Line(f"{count:,} calls just up, no sound: memory of each, KiB", *([one] for one in at_once), digits=1),
              Line(f"the same after {SETTLED} s", *([one] for one in later), goal=("≤", 8, ""), digits=1)]
    return (memory if count >= WORTH else []) + [
            Line(f"{count:,} calls up, nothing happens: % of a core", *([one] for one in idle), goal=("≤", 0.1, ""), digits=2),
            Line(f"a further call at {FURTHER}/s with {few} up: CPU, µs", costs[0], costs[1]),
            Line(f"a further call at {FURTHER}/s with {count:,} up: CPU, µs", costs[2], costs[3]),
            Line(f"the second by the first, {count:,} up by {few}", *shares, goal=("≤", 1.1, ""), digits=2)]


def agents(bench):
    """two agents on two cores beside one"""
    if bench.core == bench.other_core:
        bench.say("  one core is not enough for this row")
        return []
    target, other = targets(1), targets(1, OTHER_PHONES)
    with contextlib.ExitStack() as stack:
        one = stack.enter_context(Ours(bench, target))
        two = stack.enter_context(Ours(bench, other, address=SECOND, core=bench.other_core))
        # A lone agent's core has a generator on it, too, as those of two have: that of the calls through a program that
        # passes datagrams on unread.
        floor = stack.enter_context(Floor(bench, other, core=bench.other_core))
        pairs, kinds = [(one, floor), (one, two)], ["two processes"]
        if bench.options.library:
            places = [(OF_ONE_PROCESS[0], bench.core, target[0]), (OF_ONE_PROCESS[1], bench.core, target[0]),
                      (OF_ONE_PROCESS[2], bench.other_core, other[0])]
            lone, both = (stack.enter_context(Agents(bench, *which)) for which in (places[:1], places[1:]))
            pairs += [(lone.parts[0], floor), tuple(both.parts)]
            kinds.append("two threads of one process, by librcml")
        results = rounds(bench, pairs, lambda pair, seconds: together(bench, pair, seconds))
    lines = []
    for i, kind in enumerate(kinds):
        alone = [result[0] for result in results[2 * i]]
        paired = [statistics.mean(result) for result in results[2 * i + 1]]
        lines += [Line(f"{kind}, only one of them on one core, {AGENT_RATE:,}/s: CPU a call, µs", alone),
                  Line(f"{kind}, on two cores, {AGENT_RATE:,}/s each: CPU a call, µs", paired),
                  Line(f"{kind}: calls/s of two by one (computed from these)",
                       [2 * one / two for one, two in zip(alone, paired)], goal=("≥", 1.8, ""), digits=2)]
    return lines + (agents_by_rate(bench) if len(bench.cores) >= 4 else [])


def together(bench, systems, seconds):
    """Two systems at once, each with the generator of its calls on the other's core; what a call costs each, µs."""
    before = [system.cpu() for system in systems]
    generators = [bench.begin_calls(system, AGENT_RATE, seconds, HOLD, phones=phones, core=core)
                  for system, phones, core in zip(systems, (PHONES, OTHER_PHONES), (systems[1].core, systems[0].core))]
    results = [bench.result_of(generator, seconds + 30) for generator in generators]
    spent = [system.cpu() - one for system, one in zip(systems, before)]
    for result in results:
        if result["failed"] or result["rate"] < 0.97 * AGENT_RATE:
            bench.note(f"Two at once: {result['failed']} of {result['calls']} calls failed, {result['rate']:,.0f}/s were begun")
    return [one * 1e6 / max(1, result["good"]) for one, result in zip(spent, results)]


def agents_by_rate(bench):
    """With cores for the generators too, the calls a second themselves."""
    rates = []
    for count in (1, 2):
        systems = []
        try:
            for i in range(count):
                phones = (PHONES, OTHER_PHONES)[i]
                systems.append((Ours(bench, targets(1, phones), address=(Ours.address, SECOND)[i], core=bench.cores[i]),
                                phones, bench.cores[2 + i]))
            climb = Climb(bench, *systems)
            climb_all([climb])
            climb.bound(f"Highest clean rate of {count} agents")
            rates.append(count * climb.best["wanted"] if climb.best else 0)
        finally:
            for system, *_ in systems:
                system.end()
    return [Line("highest clean rate of one agent on one core, calls/s", [rates[0]]),
            Line("highest clean rate of two agents on two cores, calls/s", [rates[1]]),
            Line("the second by the first", [rates[1] / max(1, rates[0])], goal=("≥", 1.8, ""), digits=2)]


def simulator(bench):
    """virtual calls of the simulator"""
    command = [SIMULATE, "--cost", "--seeds", str(SEEDS)]
    command += ["--tool", bench.options.simulate] if bench.options.simulate else []
    said = subprocess.run(bench.on_core(bench.core, command), stdout=subprocess.PIPE, text=True, check=True).stdout
    bench.say("  " + said.strip().replace("\n", "\n  "))
    found = re.findall(r"^(\S+)\t.*\t([\d.]+) virtual calls a CPU second", said, re.M)
    return [Line(f"simulator, worlds {kind} sound: virtual calls a CPU second", [float(calls)], goal=("≥", 5000, ""))
            for kind, calls in found]


ROWS = {"soak": soak, "relay-limit": relay_limit, "many": many, "agents": agents, "simulator": simulator}
