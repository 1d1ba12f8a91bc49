"""Many calls: none fails, and memory, descriptors and threads stay what they were. Beside them Asterisk's own Dial()."""

import csv
import os
import subprocess
import time

import sound
from server import HOST, Asterisk, free_port

CALLER, PARTY, ENGINE = "127.21.0.6", "127.21.0.7", "127.21.0.5"
HERE = os.path.dirname(os.path.abspath(__file__))
DIALPLAN = """[test]
exten => dial,1,Dial(PJSIP/party)
exten => rcml,1,RCML(one.xml)
exten => both,1,RCML(two.xml)
exten => bysip,1,RCML(bysip.xml,t(sip))
exten => dialboth,1,Dial(PJSIP/party&PJSIP/other)
"""
CONFIGURATION = """[general]
listen = udp:{engine}
targets = channels
rtp_lock = any
domains = *
sip = PJSIP/${{USER}}
documents = {folder}/documents
"""


class Sipp:
    """One SIPp process and its figures."""

    def __init__(self, folder, name, scenario, address, extra):
        self.name, self.folder = name, folder
        stamp = f"{name}-{time.monotonic_ns()}"
        self.statistics, self.errors = (os.path.join(folder, stamp + end) for end in (".csv", ".errors"))
        self.process = subprocess.Popen(
            ["sipp", "-sf", os.path.join(HERE, scenario), "-i", address[0], "-mi", address[0], "-p", str(address[1]), "-nostdin",
             "-trace_stat", "-stf", self.statistics, "-fd", "1", "-buff_size", "4194304", "-trace_err", "-error_file",
             self.errors, "-default_behaviors", "all,-bye", *extra],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, cwd=folder)

    def wait(self, seconds):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def figures(self):
        with open(self.statistics, newline="") as lines:
            last = list(csv.DictReader(lines, delimiter=";"))[-1]
        return {"succeeded": int(last["SuccessfulCall(C)"]), "failed": int(last["FailedCall(C)"]),
                "repeated": int(last["Retransmissions(C)"])}

    def complaint(self):
        return open(self.errors, errors="replace").read()[:1500] if os.path.exists(self.errors) else ""


class Load:
    def __init__(self, options, folder, module):
        self.options, self.folder = options, folder
        os.makedirs(os.path.join(folder, "documents"))
        ports = [free_port(PARTY), free_port(PARTY)]
        for name, text in {"one": "<Sip>sip:party@x</Sip>", "two": "<Sip>sip:party@x</Sip><Sip>sip:other@x</Sip>",
                           "bysip": f"<Sip>sip:party@{PARTY}:{ports[0]}</Sip>"}.items():
            with open(os.path.join(folder, "documents", name + ".xml"), "w") as file:
                file.write(f"<Response><Dial>{text}</Dial></Response>")
        with open(os.path.join(folder, "tone.ul"), "wb") as file:
            file.write(bytes(sound.mu(one) for one in sound.period((620,), 8000)) * 10)
        self.asterisk = Asterisk(
            folder, options.library,
            {"extensions.conf": DIALPLAN, "rcml.conf": CONFIGURATION.format(folder=folder, engine=f"{ENGINE}:{free_port(ENGINE)}")},
            {"party": f"sip:party@{PARTY}:{ports[0]}", "other": f"sip:other@{PARTY}:{ports[1]}"}, module,
            {"MALLOC_ARENA_MAX": "1"})
        self.parties = [
            Sipp(folder, "party", "answers.xml", (PARTY, ports[0]), ["-d", "100", "-rtp_echo", "-mp", "30000"]),
            Sipp(folder, "other", "answers.xml", (PARTY, ports[1]), ["-d", "20000", "-rtp_echo", "-mp", "34000"])]
        self.asterisk.start()

    def run(self, number, calls, rate, milliseconds):
        """@return what went wrong"""
        caller = Sipp(
            self.folder, number, "calls.xml", (CALLER, free_port(CALLER)),
            ["-s", number, "-m", str(calls), "-r", str(rate), "-l", "400", "-d", str(milliseconds), "-mp", "26000",
             "-key", "sound", os.path.join(self.folder, "tone.ul") + ",-1,0,PCMU/8000", f"{HOST}:{self.asterisk.port}"])
        try:
            finished = caller.wait(calls / rate + milliseconds / 1000 + 60) is not None
        finally:
            caller.end()
        figures = caller.figures()
        failures = [] if finished else [f"{number}: the callers did not finish"]
        if figures["succeeded"] != calls or figures["failed"]:
            failures.append(f"{number}: of {calls} calls {figures}\n{caller.complaint()[:600]}")
        if not self.asterisk.settled(10):
            failures.append(f"{number}: something is left\n" + self.asterisk.command("core show channels")[:1500])
        return failures

    def end(self):
        self.asterisk.end()
        for party in self.parties:
            party.end()


def growth(load):
    """1,200 calls at 40/s; memory, descriptors and threads of 1,000 more. Before them Asterisk's own Dial() has made its
    heap as large as so many calls need."""
    failures = load.run("dial", 1200, 40, 500) + load.run("rcml", 1200, 40, 500)
    before = load.asterisk.measure()
    failures += load.run("rcml", 1000, 40, 500)
    limit = time.monotonic() + 15  # Asterisk's own pools of threads take their time
    while (after := load.asterisk.measure())["threads"] > before["threads"] and time.monotonic() < limit:
        time.sleep(1)
    print(f"     1,200 calls of Dial() and 2,200 of RCML() at 40/s: memory {after['memory'] - before['memory']:+} KiB in the last "
          f"1,000 (of {after['memory']}); descriptors {before['descriptors']} and {after['descriptors']}, threads "
          f"{before['threads']} and {after['threads']}", flush=True)
    if after["memory"] - before["memory"] > 1024:
        failures.append("memory grew by more than 1 MiB in 1,000 calls")
    for what in ("descriptors", "threads"):
        if after[what] > before[what]:
            failures.append(f"there were {before[what]} {what}, there are {after[what]}")
    return failures


def cost(load):
    """Processor seconds of 250 calls of 2 s with sound, beside Dial()'s."""
    failures, costs = [], {}
    for _ in range(2):
        for number in ("dial", "rcml", "bysip"):
            before = load.asterisk.measure()["seconds"]
            failures += load.run(number, 250, 25, 2000)
            costs.setdefault(number, []).append((load.asterisk.measure()["seconds"] - before) * 4)
    shown = {name: " and ".join(f"{one:.1f}" for one in each) for name, each in costs.items()}
    print(f"     processor time a call of 2 s with sound, in ms, two runs: Dial() {shown['dial']}; RCML() with a channel as its "
          f"party {shown['rcml']}, with the engine's own SIP {shown['bysip']}", flush=True)
    print("     " + ", ".join(" ".join(line.split()) for line in load.asterisk.command("rcml show counters").splitlines()
                              if "turn" in line or "late" in line or "frames" in line), flush=True)
    return failures


def run(options, folder, module):
    results = []
    load = Load(options, folder, module)
    try:
        for one in (growth, cost):
            started = time.monotonic()
            failures = one(load)
            print(f"{'FAIL' if failures else 'ok  '} {one.__name__}, {time.monotonic() - started:.1f} s"
                  + "".join("\n     " + text for text in failures), flush=True)
            results.append(not failures)
    finally:
        load.end()
    return results
