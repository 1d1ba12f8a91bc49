"""Phones that are called: `rcml answer`, each with its own tone, recording and keys."""

import json
import os
import subprocess
import sys
import threading
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import sound


class Phone:
    def __init__(self, tool, folder, name, options=(), tone=None, host="127.21.0.3", environment=None):
        self.name, self.recording = name, os.path.join(folder, f"{name}-{time.monotonic_ns()}.wav")
        shown = f"[{host}]" if ":" in host else host
        command = [tool, "answer", "--listen", f"udp:{shown}:0", "--json", "--record", self.recording,
                   # Of several loopback addresses a socket sends from the first, whatever SDP says.
                   "--set", "rtp_lock=any", *options]
        if tone:
            path = os.path.join(folder, f"tone{tone}.wav")
            if not os.path.exists(path):
                sound.write(path, (tone,), 60)
            command += ["--play", path]
        self.errors = open(os.path.join(folder, f"{name}.errors"), "w")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=environment)
        first = self.process.stdout.readline()
        if not first:
            raise SystemExit(f"the phone {name} did not start: " + open(self.errors.name).read())
        self.uri = json.loads(first)["uris"][0].split(";")[0].replace("sip:", f"sip:{name}@")
        self.events, self.changed = [], threading.Condition()
        self.begun = 0  # recordings of before this case
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.events.append(json.loads(line))
                self.changed.notify_all()

    def wait(self, name, seconds=5):
        """The first event of that name."""
        limit = time.monotonic() + seconds
        with self.changed:
            while True:
                found = next((one for one in self.events if one["event"] == name), None)
                left = limit - time.monotonic()
                if found or left <= 0:
                    return found
                self.changed.wait(left)

    def keys(self):
        with self.changed:
            return "".join(one.get("name", one.get("key", "")) for one in self.events if one["event"] == "digit")

    def recordings(self):
        """One file a call: NAME.wav, NAME-2.wav, …"""
        found = [self.recording] if os.path.exists(self.recording) else []
        while os.path.exists(following := f"{self.recording[:-4]}-{len(found) + 1}.wav"):
            found.append(following)
        return found

    def heard(self, frequency, start=0.0):
        """Seconds of its newest recording in which a tone was heard, from `start` on; 0: it was not called anew."""
        found = self.recordings()
        if len(found) <= self.begun:
            return 0.0
        samples = sound.read(found[-1])[0][int(start * 8000):]
        return sum(
            sound.amplitude(samples[one:one + sound.WINDOW], frequency) >= sound.LOUD
            for one in range(0, len(samples) - sound.WINDOW + 1, sound.WINDOW)) / 10

    def end(self):
        # The first signal lets calls end by themselves, the second one does not wait for peers that vanished.
        for _ in range(2):
            if self.process.poll() is None:
                self.process.terminate()
                try:
                    self.process.wait(0.5)
                except subprocess.TimeoutExpired:
                    pass
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join(2)
        self.process.stdout.close()
        self.errors.close()
