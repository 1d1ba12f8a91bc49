"""Windows of calls, in turns, and the search for the most that goes through cleanly."""

import time

from systems import PHONES

HOLD = 500  # ms
BUSY, LATE = 0.9, 5000  # of a core; µs, of a hundred calls the latest
DISTURBED = 0.03  # of a window, in which others had the core of the system or of the generator


def window(bench, system, rate, seconds, ring=0, challenge=False, phones=PHONES, called="service"):
    """Calls through a system: what the generator says of them, and the CPU of one, µs."""
    before, began = system.cpu(), time.monotonic()
    generator = bench.begin_calls(system, rate, seconds, HOLD, ring, challenge, phones, called)
    result = bench.result_of(generator, seconds + 30)
    took = time.monotonic() - began
    judge(result, system.cpu() - before, took)
    if result["failed"]:
        bench.say(f"  {system.name}: {result['failed']} of {result['calls']} calls failed")
    if result["is_limit"]:
        bench.say(f"  {system.name}: the generator was busy for {result['generator']:.0%} of the time and began one of a "
                  f"hundred calls {result['late']['p99']} µs late: the delays have that in them")
    return result


def judge(result, spent, took):
    """Adds what a call cost, how busy the system was, and whether the generator kept up."""
    result["cpu_seconds"] = result["cpu"]
    result["cpu"] = spent * 1e6 / max(1, result["good"])
    result["busy"] = spent / took
    result["generator"] = result["cpu_seconds"] / max(0.001, result["elapsed"])
    result["is_limit"] = result["generator"] > BUSY or result["late"]["p99"] > LATE
    result["share"] = result["repeated"] / max(1, result["sent"] + result["received"])


def half(result, name):
    """The median of one kind of delay."""
    return result[name]["p50"] if result[name] else None


def rounds(bench, systems, work, at_most=100, seconds=None):
    """The results of each system, which take turns, every other round the other way round; a first round makes them warm and
    is thrown away."""
    results = {system: [] for system in systems}
    for turn in range(min(at_most, bench.options.rounds) + 1):
        for system in systems if turn % 2 else reversed(systems):
            result = work(system, (seconds or bench.options.seconds) if turn > 0 else 1)
            if turn > 0:
                results[system].append(result)
    return list(results.values())


class Search:
    """Looks for the most that is still clean: by steps of a half, and then between the last two until they are close."""

    factor, close, least, most, tries = 1.5, 1.08, 20, float("inf"), 2

    def __init__(self, bench, first):
        self.bench, self.amount = bench, first
        self.best, self.above, self.reason = None, None, None

    def measure(self):
        """What comes of `amount`; it says so. `clean`: whether that is good enough; `is_limit`: whether the generator was what
        kept it from more; `disturbed`: whether others were."""
        raise NotImplementedError

    def step(self):
        """False when it is found."""
        for attempt in range(self.tries):
            result = self.measure()
            result["wanted"] = self.amount
            # Another program's pause gets a second try, and more where it is known to have been one.
            if result["clean"] or (attempt > 0 and not result["disturbed"]):
                break
            time.sleep(3)
        if result["clean"]:
            self.best = result
        else:
            self.above = self.amount
            self.reason = ("others were at work on its core or the generator's" if result["disturbed"]
                           else "the generator came to its own limit" if result["is_limit"] else None)
        low = self.best["wanted"] if self.best else None
        if self.above is None:
            if self.amount >= self.most:
                self.reason = "more was not tried"
                return False
            self.amount = min(self.most, self.amount * self.factor)
        elif low is None:
            self.amount /= 2
        elif self.above / low < self.close:
            return False
        else:
            self.amount = (low * self.above) ** 0.5
        return self.amount > self.least

    def found(self):
        return [self.best] if self.best else []

    def bound(self, what):
        """Where something else came to its limit first, what is found is the least that it may be."""
        if self.reason:
            self.bench.note(f"{what}: what was measured is the least that it may be, for {self.reason}")


class Climb(Search):
    """The highest rate of calls; of several systems at once, (system, phones, generator's core), the rate of
    each."""

    def __init__(self, bench, *places):
        super().__init__(bench, 1500)
        self.places = [place if isinstance(place, tuple) else (place, PHONES, bench.other_core) for place in places]

    def measure(self):
        seconds = min(3, max(1, self.bench.options.seconds))
        before, began = [(system.cpu(), system.waited()) for system, *_ in self.places], time.monotonic()
        generators = [self.bench.begin_calls(system, self.amount, seconds, HOLD, phones=phones, core=core)
                      for system, phones, core in self.places]
        results = []
        for (system, *_), generator, (spent, waited) in zip(self.places, generators, before):
            result = self.bench.result_of(generator, seconds + 30)
            took = time.monotonic() - began
            judge(result, system.cpu() - spent, took)
            result["disturbed"] = max(system.waited() - waited, result["waited"]) > DISTURBED * took
            results.append(result)
            clean = self.is_clean(result)
            self.bench.say(f"  {system.name} at {self.amount:.0f}/s: {'clean' if clean else 'not clean'}, "
                           f"{result['cpu']:.0f} µs a call, core {result['busy']:.0%} busy, generator's "
                           f"{result['generator']:.0%}, {result['failed']} failed, {result['repeated']} repeated, 200 "
                           f"through in {half(result, 'answer')} µs")
        worst = max(results, key=lambda one: one["cpu"])
        worst["clean"] = all(self.is_clean(one) for one in results)
        for name in ("is_limit", "disturbed"):
            worst[name] = any(one[name] for one in results)
        return worst

    def is_clean(self, result):
        return (result["failed"] == 0 and result["share"] < 0.01 and result["rate"] > 0.97 * self.amount
                and half(result, "answer") is not None and half(result, "answer") < 20_000 and result["busy"] < 1)


def climb_all(climbs, steps=14, seconds=float("inf")):
    """They take turns, for so long."""
    left, limit = list(climbs), time.monotonic() + seconds
    for _ in range(steps):
        left = [climb for climb in left if climb.step()]
        if not left:
            return
        if time.monotonic() > limit:
            break
    for climb in left:
        climb.reason = "the search had no more time"
