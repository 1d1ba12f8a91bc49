#!/usr/bin/env python3
"""SIPp as caller, `rcml serve` in the middle, SIPp as the called parties.

Each run places --calls calls at --rate a second and passes only if no call failed and nothing was
retransmitted at either end, the server ended cleanly, and its journal replays byte for byte.
"""

import argparse
import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
HOST = "127.0.0.1"


def free_ports(count):
    """Ports nobody listens on now, for UDP and for TCP."""
    held = []
    ports = []
    while len(ports) < count:
        datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagram.bind((HOST, 0))
        port = datagram.getsockname()[1]
        stream = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            stream.bind((HOST, port))
        except OSError:
            datagram.close()
            stream.close()
            continue
        held += [datagram, stream]
        ports.append(port)
    for one in held:
        one.close()
    return ports


def document(targets, transport):
    suffix = ";transport=tcp" if transport == "tcp" else ""
    nouns = "".join(f"<Sip>sip:party@{HOST}:{port}{suffix}</Sip>" for port in targets)
    return f'<Response><Dial timeout="20">{nouns}</Dial></Response>'


class Sipp:
    """One SIPp process and its figures."""

    def __init__(self, folder, name, scenario, port, transport, calls, extra):
        self.name = name
        self.statistics = os.path.join(folder, name + ".csv")
        self.errors = os.path.join(folder, name + ".errors")
        # t1: one connection for all calls. Default socket buffers lose bursts; that is not what is measured.
        command = [
            "sipp", "-sf", os.path.join(HERE, scenario), "-i", HOST, "-p", str(port),
            "-t", "t1" if transport == "tcp" else "u1", "-m", str(calls), "-nostdin",
            "-trace_stat", "-stf", self.statistics, "-fd", "1", "-buff_size", "4194304",
            "-trace_err", "-error_file", self.errors, "-default_behaviors", "all,-bye",
        ] + extra
        # A file and not a terminal: SIPp then draws no screen worth reading.
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT, cwd=folder)

    def wait(self, seconds):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.end()
            return None

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def figures(self):
        with open(self.statistics, newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter=";"))
        last = rows[-1]
        return {
            "succeeded": int(last["SuccessfulCall(C)"]),
            "failed": int(last["FailedCall(C)"]),
            "retransmitted": int(last["Retransmissions(C)"]),
        }

    def complaint(self):
        if os.path.exists(self.errors):
            with open(self.errors, errors="replace") as text:
                return text.read()[:1500]
        return ""


def stop(*processes):
    """Whatever happened, nobody is left running."""
    for process in processes:
        if process and process.poll() is None:
            process.kill()
            process.wait()


def leave(options, folder, failures, server, drain):
    """The folder of a failed run is kept if somebody wants it."""
    stop(server, drain)
    if failures and options.keep:
        print("kept: " + folder, flush=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def serve(tool, folder, transport, document_file, journal, extra=()):
    command = [tool, "serve", "--listen", f"{transport}:{HOST}:0", "--document", document_file, "--json"]
    command += extra
    if journal:
        command += ["--journal", journal]
    log = open(os.path.join(folder, "serve.log"), "w")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL)
    first = process.stdout.readline()
    if not first:
        process.wait()
        raise SystemExit("rcml serve did not start: " + open(log.name).read())
    listening = json.loads(first)
    uri = listening["uris"][0]
    port = int(uri.split(";")[0].rsplit(":", 1)[1])
    # The rest of the events go to a file: a full pipe would stop the server.
    events = open(os.path.join(folder, "serve.events"), "wb")
    drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=events)
    process.stdout.close()
    return process, drain, port


def run(options, name, transport, parties):
    folder = tempfile.mkdtemp(prefix="rcml-sipp-")
    started = time.monotonic()
    processes = []
    failures = []
    server = drain = None
    try:
        ports = free_ports(parties + 1)
        targets = ports[1:]
        with open(os.path.join(folder, "document.xml"), "w") as text:
            text.write(document(targets, transport))
        journal = os.path.join(folder, "serve.journal")
        for index, port in enumerate(targets):
            answers = index == parties - 1
            processes.append(Sipp(
                folder, f"party{index}", "answers.xml" if answers else "rings.xml", port,
                transport, options.calls, ["-d", "100"] if answers else []))
        time.sleep(0.5)
        server, drain, port = serve(
            options.tool, folder, transport, os.path.join(folder, "document.xml"), journal)
        limit = options.calls / options.rate + 60
        caller = Sipp(
            folder, "caller", "caller.xml", ports[0], transport, options.calls,
            ["-d", "500", "-r", str(options.rate), "-l", "1000", f"{HOST}:{port}"])
        processes.append(caller)
        if caller.wait(limit) is None:
            failures.append(f"the caller did not finish within {limit:.0f} s")
        for process in processes:
            if process.wait(20) is None:
                failures.append(f"{process.name} did not finish")
        figures = {process.name: process.figures() for process in processes}
        for who, figure in figures.items():
            if figure["succeeded"] != options.calls or figure["failed"] or figure["retransmitted"]:
                failures.append(f"{who}: {figure}")
        server.send_signal(signal.SIGINT)
        try:
            status = server.wait(30)
            if status != 0:
                failures.append(f"rcml serve ended with {status}")
        except subprocess.TimeoutExpired:
            failures.append("rcml serve did not end within 30 s of SIGINT")
        replay = subprocess.run(
            [options.tool, "replay", journal], capture_output=True, text=True, timeout=300)
        if replay.returncode != 0:
            failures.append("replay: " + (replay.stderr or replay.stdout).strip()[:1000])
        seconds = time.monotonic() - started
        print(f"{name}: {options.calls} calls at {options.rate}/s, {seconds:.1f} s: "
              + ("; ".join(failures) if failures else
                 "none failed, none retransmitted, journal replayed"), flush=True)
        if failures:
            for process in processes:
                complaint = process.complaint()
                if complaint:
                    print(f"--- {process.name}\n{complaint}", flush=True)
            log = open(os.path.join(folder, "serve.log")).read()
            if log:
                print("--- rcml serve\n" + log[-1500:], flush=True)
        return not failures
    finally:
        for process in processes:
            process.end()
        leave(options, folder, failures, server, drain)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--rate", type=int, default=100)
    parser.add_argument("--only", help="one of udp1, udp4, tcp1, tcp4")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a failed run")
    options = parser.parse_args()
    scenarios = {
        "udp1": ("one party over UDP", "udp", 1),
        "udp4": ("four parties, one answers, over UDP", "udp", 4),
        "tcp1": ("one party over TCP", "tcp", 1),
        "tcp4": ("four parties, one answers, over TCP", "tcp", 4),
    }
    chosen = [options.only] if options.only else list(scenarios)
    passed = sum(run(options, *scenarios[name]) for name in chosen)
    print(f"{passed} passed, {len(chosen) - passed} failed")
    return 0 if passed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
