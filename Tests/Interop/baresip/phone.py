"""One baresip: a phone without loudspeaker and microphone that says a tone and keeps what it hears."""

import glob
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time

import sound

CONFIGURATION = """
poll_method epoll
sip_listen {listen}
net_interface {address}
call_local_timeout 60
call_max_calls 2
audio_player aubridge,nobody
audio_source aufile,{folder}/says.wav
audio_alert aubridge,nobody
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
jitter_buffer_delay 1-3
rtp_ports {first}-{last}
ringback_disabled yes
module_path {modules}
module g711.so
module aubridge.so
module aufile.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}
{more}
"""


def modules():
    found = glob.glob("/usr/lib/baresip/modules") + glob.glob("/usr/lib/*/baresip/modules")
    if not found:
        raise SystemExit("baresip's modules are not where Debian has them")
    return found[0]


class Phone:
    """`answers`: manual or auto. `codecs`: most wanted first. `rtp`: the first of a hundred ports of its own. `place`: where its
    modules are; `more`: further lines of its configuration; `account`: further parameters of its account."""

    def __init__(self, folder, name, tone, ports, rtp, address="127.0.0.1", codecs="pcmu,pcma", answers="auto",
                 place=None, more="", account=""):
        self.name, self.folder = name, os.path.join(folder, name)
        self.events, self.heard_of, self.answer = [], threading.Condition(), {}
        self.token, self.rtp = 0, rtp
        os.mkdir(self.folder)
        port, control = ports
        host = f"[{address}]" if ":" in address else address
        self.uri = f"sip:{name}@{host}:{port}"
        sound.write(os.path.join(self.folder, "says.wav"), tone, 60)
        with open(os.path.join(self.folder, "config"), "w") as text:
            text.write(CONFIGURATION.format(
                listen=f"{host}:{port}", address=address, folder=self.folder, first=rtp, last=rtp + 99,
                modules=place or modules(), control=control, more=more))
        with open(os.path.join(self.folder, "accounts"), "w") as text:
            text.write(f"<{self.uri}>;regint=0;audio_codecs={codecs};answermode={answers}{account}\n")
        with open(os.path.join(self.folder, "contacts"), "w"):
            pass
        self.log = open(os.path.join(self.folder, "log"), "wb")
        self.process = subprocess.Popen(
            [shutil.which("baresip") or "/usr/bin/baresip", "-f", self.folder, "-v", "-s"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT)
        self.connection = self.connect(control)
        threading.Thread(target=self.listen, daemon=True).start()

    def connect(self, port):
        limit = time.monotonic() + 10
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", port), 1)
            except OSError:
                time.sleep(0.05)
        self.end()
        raise SystemExit(f"{self.name} did not start:\n" + self.complaint())

    def listen(self):
        """Netstrings of JSON: answers to commands, and events."""
        self.connection.settimeout(None)
        waiting = b""
        while True:
            try:
                octets = self.connection.recv(65536)
            except OSError:
                return
            if not octets:
                return
            waiting += octets
            while b":" in waiting:
                head, _, rest = waiting.partition(b":")
                length = int(head)
                if len(rest) <= length:
                    break
                said, waiting = json.loads(rest[:length]), rest[length + 1:]
                with self.heard_of:
                    if said.get("response"):
                        self.answer[said.get("token")] = said
                    else:
                        said["at"] = time.monotonic()
                        self.events.append(said)
                    self.heard_of.notify_all()

    def command(self, name, parameters=""):
        """What it says to that."""
        self.token += 1
        token = str(self.token)
        octets = json.dumps({"command": name, "params": parameters, "token": token}).encode()
        self.connection.sendall(b"%d:%s," % (len(octets), octets))
        with self.heard_of:
            if not self.heard_of.wait_for(lambda: token in self.answer, 5):
                raise TimeoutError(f"{self.name} does not react to {name}")
            return self.answer.pop(token).get("data", "")

    def call(self, uri):
        self.command("dial", uri)

    def press(self, key):
        self.command("sndcode", key)

    def wait(self, kind, seconds=10, number=1):
        """The monotonic time of the `number`th event of that kind."""
        with self.heard_of:
            if not self.heard_of.wait_for(lambda: len(self.of(kind)) >= number, seconds):
                raise TimeoutError(f"{self.name}: no {kind} within {seconds} s")
            return self.of(kind)[number - 1]["at"]

    def of(self, kind):
        return [event for event in self.events if event.get("type") == kind]

    def keys(self):
        return [event.get("param") for event in self.of("CALL_DTMF_START")]

    def received(self):
        """RTP packets that came in this call up to now."""
        return sum(int(count) for count in re.findall(r"rcvd=(\d+)", self.command("audio_debug")))

    def heard(self):
        """Of the last call, up to its first hold: baresip's filters end there."""
        files = sorted(glob.glob(os.path.join(self.folder, "dump-*-dec.wav")))
        return sound.Heard(sound.read(files[-1])[0] if files else [])

    def everything(self):
        with open(os.path.join(self.folder, "log"), errors="replace") as text:
            return text.read()

    def complaint(self):
        lines = [line for line in self.everything().splitlines() if "(bit/s)" not in line]
        return "\n".join(lines[-60:])

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
