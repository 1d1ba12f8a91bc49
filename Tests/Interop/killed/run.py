#!/usr/bin/env python3
"""`rcml serve` is killed in the middle of recorded calls, at moments drawn by chance, again and again.

Passes only if every recording is then a whole WAV file, its owner's alone, that lacks at most the last second, with the
caller left and the called party right; and if the journal, cut off as it is, still replays as far as it goes.
"""

import argparse
import concurrent.futures
import glob
import importlib.util
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import wave

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(HERE))
import sound  # noqa: E402
from phones import HOST, Phones  # noqa: E402

SPEC = importlib.util.spec_from_file_location("sipp_run", os.path.join(HERE, "..", "sipp", "run.py"))
sipp = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(sipp)
MISSING = 1.0  # seconds that a killed process may lose


class Speakers:
    """All parties of all calls say their tones."""

    def __init__(self, calls):
        self.sockets = []
        for _ in range(2 * calls):
            one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            one.bind((HOST, 0))
            self.sockets.append(one)
        self.ports = [one.getsockname()[1] for one in self.sockets]
        self.over = threading.Event()
        self.thread = None

    def start(self, places):
        self.thread = threading.Thread(target=self.speak, args=(places,), daemon=True)
        self.thread.start()

    def speak(self, places):
        said = [sound.packets(sound.CALLER), sound.packets(sound.CALLEE)]
        number, due = 0, time.monotonic()
        while not self.over.is_set():
            for index, (one, place) in enumerate(zip(self.sockets, places)):
                head = struct.pack("!BBHII", 0x80, 0, number & 0xFFFF, number * 160, index + 1)
                one.sendto(head + said[index % 2][number % 5], (HOST, place))
            number += 1
            due += 0.02
            time.sleep(max(0, due - time.monotonic()))

    def end(self):
        self.over.set()
        if self.thread:
            self.thread.join(5)
        for one in self.sockets:
            one.close()


def judge(path, talked):
    """What is wrong with one recording of that many seconds."""
    failures = []
    mode = os.stat(path).st_mode & 0o777
    if mode != 0o600:
        failures.append(f"mode {mode:o}")
    with open(path, "rb") as file:
        octets = file.read()
    riff, data = struct.unpack("<I", octets[4:8])[0], struct.unpack("<I", octets[40:44])[0]
    if riff != data + 36 or data + 44 > len(octets):
        failures.append(f"its header says {riff} and {data} of {len(octets)} octets")
    try:
        left, right = sound.read(path)
    except (wave.Error, ValueError, EOFError) as problem:
        return failures + [str(problem)]
    seconds = len(left) / sound.RATE
    if not talked - MISSING <= seconds <= talked + 0.3:
        failures.append(f"{seconds:.2f} s of {talked:.2f} s are there")
    for samples, own, other in ((left, sound.CALLER, sound.CALLEE), (right, sound.CALLEE, sound.CALLER)):
        heard = sound.Heard(samples)
        # Both begin a little after the call does.
        if heard.seconds(own) < seconds - 0.5 or heard.traced(other):
            failures.append(f"{heard.seconds(own):.1f} s of {own[0]} Hz in {seconds:.1f} s")
    return failures


def run(options, number, moment):
    folder = tempfile.mkdtemp(prefix="rcml-killed-")
    failures = []
    speakers = Speakers(options.calls)
    phones = Phones(None, speakers.ports)
    server = drain = None
    try:
        kept = os.path.join(folder, "recordings")
        os.mkdir(kept)
        document = os.path.join(folder, "document.xml")
        with open(document, "w") as text:
            text.write(f'<Response><Dial record="record-from-answer-dual"><Sip>sip:b@{HOST}:'
                       f"{phones.callees.getsockname()[1]}</Sip></Dial></Response>")
        journal = os.path.join(folder, "serve.journal")
        first = 16400 + 400 * (number % 40)
        server, drain, phones.server = sipp.serve(
            options.tool, folder, "udp", document, journal,
            ["--set", f"recordings={kept}", "--set", f"rtp_ports={first}-{first + 399}"])
        places = phones.call(options.calls)
        began = time.monotonic()
        speakers.start(places)
        phones.pump(0.2)
        time.sleep(max(0, began + moment - time.monotonic()))
        server.kill()
        talked = time.monotonic() - began
        server.wait()
        files = glob.glob(os.path.join(kept, "*"))
        if len(files) != options.calls:
            failures.append(f"{len(files)} recordings of {options.calls} calls")
        missing = 0.0
        for path in files:
            failures += [f"{os.path.basename(path)}: {text}" for text in judge(path, talked)]
            missing = max(missing, talked - (os.path.getsize(path) - 44) / 4 / sound.RATE)
        replayed = subprocess.run([options.tool, "replay", journal], capture_output=True, text=True, timeout=60)
        if replayed.returncode != 0:
            failures.append("replay: " + (replayed.stderr or replayed.stdout).strip()[:500])
        return talked, missing, failures
    finally:
        speakers.end()
        phones.end()
        sipp.leave(options, folder, failures, server, drain)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--calls", type=int, default=3, help="calls at the moment it is killed")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--keep", action="store_true", help="keep the folder of a failed run")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    chance = random.Random(options.seed)
    moments = [chance.uniform(0.3, 6) for _ in range(options.times)]
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        outcomes = list(pool.map(lambda pair: run(options, *pair), enumerate(moments)))
    for talked, _, failures in outcomes:
        for failure in failures:
            print(f"killed after {talked:.2f} s: {failure}", flush=True)
    failed = sum(bool(failures) for _, _, failures in outcomes)
    worst = max(missing for _, missing, _ in outcomes)
    print(f"killed {options.times} times, {options.times * options.calls} recordings, "
          f"{time.monotonic() - started:.1f} s, seed {options.seed}: at most {worst:.2f} s missing")
    print(f"{options.times - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
