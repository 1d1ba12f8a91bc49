#!/usr/bin/env python3
"""SIPp calls `rcml serve`, which dials one address at Kamailio; Kamailio asks for credentials — for the INVITE and
for the BYE — and rings both phones that are registered there: one rings on, the other answers.

Passes only if every call went through, nobody who does not know the password got in, the journal replays byte for
byte, and neither the password nor any digest response is in journal, ladder or output.
"""

import argparse
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = importlib.util.spec_from_file_location("sipp_run", os.path.join(HERE, "..", "sipp", "run.py"))
sipp = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(sipp)
HOST = sipp.HOST
PASSWORD = "dialer-secret"


class Kamailio:
    """The proxy in the foreground; it ends its own children when its main process is told to end."""

    def __init__(self, folder, port):
        self.log = os.path.join(folder, "kamailio.log")
        runtime = os.path.join(folder, "run")
        os.mkdir(runtime)
        with open(os.path.join(HERE, "kamailio.cfg")) as text:
            filled = text.read().replace("ADDRESS", HOST).replace("PORT", str(port))
        path = os.path.join(folder, "kamailio.cfg")
        with open(path, "w") as text:
            text.write(filled)
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [shutil.which("kamailio") or "/usr/sbin/kamailio", "-f", path, "-DD", "-E",
                 "-m", "32", "-M", "8", "-Y", runtime, "-w", folder, "-P", os.path.join(folder, "kamailio.pid")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        limit = time.monotonic() + 15
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                socket.create_connection((HOST, port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.end()
        raise SystemExit("kamailio did not start:\n" + self.complaint())

    def complaint(self):
        with open(self.log, errors="replace") as text:
            return text.read()[-1500:]

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def register(folder, number, port, proxy):
    data = os.path.join(folder, f"contact{number}.csv")
    with open(data, "w") as text:
        text.write(f"SEQUENTIAL\n{port}\n")
    phone = sipp.Sipp(
        folder, f"register{number}", os.path.join(HERE, "register.xml"), sipp.free_ports(1)[0], "udp", 1,
        ["-inf", data, f"{HOST}:{proxy}"])
    status = phone.wait(15)
    if status != 0:
        raise SystemExit(f"phone {number} could not register: {phone.complaint()}")


def document(proxy, transport, password):
    suffix = ";transport=tcp" if transport == "tcp" else ""
    return (f'<Response><Dial timeout="20"><Sip username="dialer" password="{password}">'
            f"sip:party@{HOST}:{proxy}{suffix}?X-Order=17</Sip></Dial></Response>")


def refused(options, folder, proxy, transport):
    """Who does not know the password ends as failed, with the proxy's code."""
    path = os.path.join(folder, "wrong.xml")
    with open(path, "w") as text:
        text.write(document(proxy, transport, "wrong-secret"))
    phone = subprocess.Popen(
        [options.tool, "answer", "--listen", f"udp:{HOST}:0", "--json"], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        uri = json.loads(phone.stdout.readline())["uris"][0]
        called = subprocess.run(
            [options.tool, "call", uri, "--document", path, "--json", "--listen", f"udp:{HOST}:0",
             "--listen", f"tcp:{HOST}:0"], capture_output=True, text=True, timeout=60)
        lines = [json.loads(line) for line in called.stdout.splitlines()]
        dials = [line for line in lines if line["event"] == "dial"]
        if [(dial["status"], dial.get("sip_code")) for dial in dials] != [("failed", 407)]:
            return [f"the wrong password came to {dials}"]
        return []
    finally:
        phone.kill()
        phone.communicate()


def secrets_shown(options, folder, journal):
    """What must not be found: the password, and what was computed from it."""
    with open(journal, "rb") as octets:
        texts = {"journal": octets.read()}
    traced = subprocess.run([options.tool, "trace", journal], capture_output=True, timeout=120)
    texts["ladder"] = traced.stdout
    for name in ("serve.events", "serve.log"):
        with open(os.path.join(folder, name), "rb") as octets:
            texts[name] = octets.read()
    found = []
    for name, text in texts.items():
        if PASSWORD.encode() in text or re.search(rb'response="[0-9a-f]{32}', text):
            found.append(f"a secret is in the {name}")
    return found


def run(options, name, transport):
    folder = tempfile.mkdtemp(prefix="rcml-kamailio-")
    started = time.monotonic()
    processes, failures = [], []
    proxy = server = drain = None
    try:
        caller_port, proxy_port, rings, answers = sipp.free_ports(4)
        proxy = Kamailio(folder, proxy_port)
        scenarios = os.path.join(HERE, "..", "sipp")
        for number, (scenario, port) in enumerate([("rings.xml", rings), ("answers.xml", answers)]):
            register(folder, number, port, proxy_port)
            processes.append(sipp.Sipp(
                folder, f"party{number}", os.path.join(scenarios, scenario), port, "udp", options.calls,
                ["-d", "100"] if number else []))
        time.sleep(0.5)
        failures += refused(options, folder, proxy_port, transport)
        path = os.path.join(folder, "document.xml")
        with open(path, "w") as text:
            text.write(document(proxy_port, transport, PASSWORD))
        journal = os.path.join(folder, "serve.journal")
        server, drain, port = sipp.serve(options.tool, folder, transport, path, journal)
        limit = options.calls / options.rate + 60
        caller = sipp.Sipp(
            folder, "caller", os.path.join(scenarios, "caller.xml"), caller_port, transport, options.calls,
            ["-d", "300", "-r", str(options.rate), "-l", "500", f"{HOST}:{port}"])
        processes.append(caller)
        if caller.wait(limit) is None:
            failures.append(f"the caller did not finish within {limit:.0f} s")
        for process in processes:
            if process.wait(20) is None:
                failures.append(f"{process.name} did not finish")
        figures = {process.name: process.figures() for process in processes}
        repeated = sum(figure["retransmitted"] for figure in figures.values())
        for who, figure in figures.items():
            if figure["succeeded"] != options.calls or figure["failed"]:
                failures.append(f"{who}: {figure}")
        server.send_signal(signal.SIGINT)
        try:
            if server.wait(30) != 0:
                failures.append(f"rcml serve ended with {server.returncode}")
        except subprocess.TimeoutExpired:
            failures.append("rcml serve did not end within 30 s of SIGINT")
        drain.wait(10)
        replay = subprocess.run(
            [options.tool, "replay", journal], capture_output=True, text=True, timeout=300)
        if replay.returncode != 0:
            failures.append("replay: " + (replay.stderr or replay.stdout).strip()[:1000])
        failures += secrets_shown(options, folder, journal)
        with open(journal, "rb") as octets:
            asked = octets.read().count(b"SIP/2.0 407")
        if asked < 2 * options.calls:
            failures.append(f"{asked} challenges in {options.calls} calls: not every INVITE and BYE was asked")
        seconds = time.monotonic() - started
        print(f"{name}: {options.calls} calls at {options.rate}/s, {seconds:.1f} s: "
              + ("; ".join(failures) if failures else
                 f"none failed, {repeated} repetitions, journal replayed, no secret shown"), flush=True)
        if failures:
            for process in processes:
                if process.complaint():
                    print(f"--- {process.name}\n{process.complaint()}", flush=True)
            print("--- kamailio\n" + proxy.complaint(), flush=True)
        return not failures
    finally:
        for process in processes:
            process.end()
        if proxy:
            proxy.end()
        sipp.leave(options, folder, failures, server, drain)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--rate", type=int, default=20)
    parser.add_argument("--only", choices=["udp", "tcp"])
    parser.add_argument("--keep", action="store_true", help="keep the folder of a failed run")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    chosen = [options.only] if options.only else ["udp", "tcp"]
    passed = sum(run(options, f"through Kamailio over {one.upper()}", one) for one in chosen)
    print(f"{passed} passed, {len(chosen) - passed} failed")
    return 0 if passed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
