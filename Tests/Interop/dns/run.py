#!/usr/bin/env python3
"""`rcml call` runs a Dial at names that a real name server (dnsmasq, on a loopback port) knows: SRV with priorities and
weights, NAPTR, AAAA only, names nobody knows, and a name server that never answers (T-2, T-6). SIPp phones answer.

Passes only if every Dial ended as it should, at the phone it should, and every journal replays byte for byte.
"""

import argparse
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = importlib.util.spec_from_file_location("sipp_run", os.path.join(HERE, "..", "sipp", "run.py"))
sipp = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(sipp)
HOST = sipp.HOST
# Of 40 calls 30 go to the heavy one on the average; below 20 or above 38 chance says once in 2000 runs.
WEIGHTED = 40


class Dnsmasq:
    """The name server in the foreground, without anything of the system's."""

    def __init__(self, folder, port, records):
        self.log = os.path.join(folder, "dnsmasq.log")
        command = [
            shutil.which("dnsmasq") or "/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null",
            f"--port={port}", f"--listen-address={HOST}", "--bind-interfaces", "--no-resolv", "--no-hosts",
            "--no-poll", "--local=/test/", "--pid-file=", "--user=", "--group=", "--log-facility=-",
        ] + records
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        limit = time.monotonic() + 10
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                socket.create_connection((HOST, port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.end()
        with open(self.log, errors="replace") as text:
            raise SystemExit("dnsmasq did not start:\n" + text.read()[-1500:])

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Caller:
    """The party that `rcml call` calls first; it answers everybody."""

    def __init__(self, tool):
        self.process = subprocess.Popen(
            [tool, "answer", "--listen", f"udp:{HOST}:0", "--json"], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.uri = json.loads(self.process.stdout.readline())["uris"][0]
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=subprocess.DEVNULL)
        self.process.stdout.close()

    def end(self):
        self.process.kill()
        self.process.wait()
        self.drain.wait()


def dial(options, folder, caller, name, target, server, settings=()):
    """One call whose document dials `target`: how the Dial ended, how long all of it took, and what went wrong."""
    path = os.path.join(folder, name + ".xml")
    with open(path, "w") as text:
        # Behind the Dial there is one more verb: the call goes on, whatever became of the leg.
        text.write(f'<Response><Dial timeout="20" timeLimit="1"><Sip>{target}</Sip></Dial><Hangup/></Response>')
    journal = os.path.join(folder, name + ".journal")
    command = [options.tool, "call", caller, "--document", path, "--json", "--journal", journal,
               "--set", f"dns_server={server}"]
    for listen in (f"udp:{HOST}:0", f"tcp:{HOST}:0", "udp:[::1]:0"):
        command += ["--listen", listen]
    for setting in settings:
        command += ["--set", setting]
    started = time.monotonic()
    try:
        called = subprocess.run(command, capture_output=True, text=True, timeout=40)
    except subprocess.TimeoutExpired:
        return None, 40, [f"{name}: the call did not end"]
    seconds = time.monotonic() - started
    events = [json.loads(line) for line in called.stdout.splitlines()]
    ended = [(event["status"], event.get("sip_code")) for event in events if event["event"] == "dial"]
    failures = []
    if called.returncode != 0 or len(ended) != 1:
        failures.append(f"{name}: ended with {called.returncode}, {ended}: {called.stderr.strip()[:300]}")
    replayed = subprocess.run([options.tool, "replay", journal], capture_output=True, text=True, timeout=60)
    if replayed.returncode != 0:
        failures.append(f"{name}: replay: " + (replayed.stderr or replayed.stdout).strip()[:500])
    return (ended[0][0] if ended else None), seconds, failures


def phones(folder, ports):
    """Phones that answer whoever comes; how often they were called is counted by SIPp."""
    scenario = os.path.join(HERE, "phone.xml")
    made = {}
    for name, (transport, host) in {
        "plain": ("udp", HOST), "heavy": ("udp", HOST), "light": ("udp", HOST), "stream": ("tcp", HOST),
        "six": ("udp", "[::1]"),
    }.items():
        # Of two -i the last one counts.
        made[name] = sipp.Sipp(
            folder, name, scenario, ports[name], transport, 10_000, ["-i", host] if host != HOST else [])
    return made


def records(ports):
    closed = ports["closed"]
    names = {"plain": HOST, "heavy": HOST, "light": HOST, "stream": HOST, "closed": HOST, "six": "::1"}
    found = [f"--host-record={name}.test,{address}" for name, address in names.items()]
    for service, target, port, priority, weight in [
        ("_sip._udp.priorities.test", "closed.test", closed, 10, 0),
        ("_sip._udp.priorities.test", "plain.test", ports["plain"], 20, 0),
        ("_sip._tcp.refused.test", "closed.test", closed, 10, 0),
        ("_sip._tcp.refused.test", "stream.test", ports["stream"], 20, 0),
        ("_sip._udp.weights.test", "heavy.test", ports["heavy"], 10, 75),
        ("_sip._udp.weights.test", "light.test", ports["light"], 10, 25),
        ("_sip._udp.missing.test", "nobody.test", 5060, 10, 0),
        ("_sip._udp.missing.test", "plain.test", ports["plain"], 20, 0),
        ("_sip._tcp.chosen.test", "stream.test", ports["stream"], 10, 0),
        ("_sip._udp.dead.test", "closed.test", closed, 10, 0),
        ("_sip._udp.six-only.test", "six.test", ports["six"], 10, 0),
    ]:
        found.append(f"--srv-host={service},{target},{port},{priority},{weight}")
    found.append("--naptr-record=chosen.test,10,50,S,SIP+D2T,,_sip._tcp.chosen.test")
    found.append("--naptr-record=chosen.test,20,50,S,SIP+D2U,,_sip._udp.dead.test")
    return found


# Name, target, settings, how the Dial ends, the phone that was called, seconds it may take at most.
CASES = [
    ("priorities: the first refuses", "sip:a@priorities.test", [], "completed", "plain", 8),
    ("priorities: TCP, the first refuses", "sip:a@refused.test;transport=tcp", [], "completed", "stream", 8),
    ("a target without address", "sip:a@missing.test", [], "completed", "plain", 8),
    ("NAPTR chooses TCP", "sip:a@chosen.test", ["naptr=true"], "completed", "stream", 8),
    ("AAAA only", "sip:a@six-only.test", [], "completed", "six", 8),
    ("no SRV, explicit port", "sip:a@plain.test:PLAIN", [], "completed", "plain", 8),
    ("every target refuses", "sip:a@dead.test", [], "failed", None, 4),
    ("no such name", "sip:a@nobody.test", [], "failed", None, 4),
    ("no such name, with a port", "sip:a@nobody.test:5060", [], "failed", None, 4),
    ("a name server that never answers", "sip:a@plain.test", "silent", "failed", None, 14),
]


def run(options, folder):
    names = ["dns", "plain", "heavy", "light", "stream", "six", "closed"]
    ports = dict(zip(names, sipp.free_ports(len(names))))
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind((HOST, 0))
    server = Dnsmasq(folder, ports["dns"], records(ports))
    ringing = phones(folder, ports)
    caller = Caller(options.tool)
    failures = []

    def one(index):
        name, target, settings, status, _, limit = CASES[index]
        isSilent = settings == "silent"
        asked = f"{HOST}:{silent.getsockname()[1] if isSilent else ports['dns']}"
        target = target.replace("PLAIN", str(ports["plain"]))
        ended, seconds, found = dial(
            options, folder, caller.uri, f"case{index}", target, asked, [] if isSilent else settings)
        if ended != status:
            found.append(f"the Dial ended as {ended}, not as {status}")
        if seconds > limit:
            found.append(f"it took {seconds:.1f} s, more than {limit}")
        print(f"{'ok  ' if not found else 'FAIL'} {name}: {ended}, {seconds:.1f} s", flush=True)
        return [f"{name}: {text}" for text in found]

    def weighted(index):
        _, _, found = dial(
            options, folder, caller.uri, f"weight{index}", "sip:a@weights.test", f"{HOST}:{ports['dns']}")
        return found

    try:
        time.sleep(0.5)
        with ThreadPoolExecutor(8) as pool:
            # The slowest one first.
            order = sorted(range(len(CASES)), key=lambda index: -CASES[index][5])
            work = [pool.submit(one, index) for index in order]
            work += [pool.submit(weighted, index) for index in range(WEIGHTED)]
            for each in work:
                failures += each.result()
        time.sleep(1.2)  # SIPp writes its figures once a second
        called = {name: phone.figures() for name, phone in ringing.items()}
        counts = {name: figure["succeeded"] for name, figure in called.items()}
        wanted = {name: sum(case[4] == name for case in CASES) for name in ("plain", "stream", "six")}
        for name, count in wanted.items():
            if counts[name] != count:
                failures.append(f"{name} was called {counts[name]} times, not {count}")
        if counts["heavy"] + counts["light"] != WEIGHTED or not 20 <= counts["heavy"] <= 38:
            failures.append(f"weights 75 and 25: {counts['heavy']} and {counts['light']} calls")
        else:
            print(f"ok   weights 75 and 25: {counts['heavy']} and {counts['light']} calls", flush=True)
        for name, figure in called.items():
            if figure["failed"]:
                failures.append(f"{name}: {figure}: {ringing[name].complaint()}")
    finally:
        caller.end()
        for phone in ringing.values():
            phone.end()
        server.end()
        silent.close()
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a failed run")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    folder = tempfile.mkdtemp(prefix="rcml-dns-")
    started = time.monotonic()
    failures = ["it was broken off"]
    try:
        failures = run(options, folder)
        for failure in failures:
            print(failure, flush=True)
        print(f"{len(CASES) + 1} cases, {len(failures)} failures, {time.monotonic() - started:.1f} s")
    finally:
        if failures and options.keep:
            print("kept: " + folder, flush=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
