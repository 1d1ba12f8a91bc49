"""Kamailio with a configuration of examples/kamailio, and the phones behind it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(HERE, "..", "..", "..", "examples", "kamailio")
DOMAIN = "example.org"


class Kamailio:
    """In the foreground, with its own definitions; it ends its own children when its main process is told to end."""

    def __init__(self, folder, path, address, port, definitions, environment=None, memory=64):
        self.folder, self.log = folder, os.path.join(folder, "kamailio.log")
        self.control = os.path.join(folder, "control")
        runtime = os.path.join(folder, "run")
        os.mkdir(runtime)
        given = {"PROXY_SOCKET": f"udp:{address}:{port}", "DOMAIN": DOMAIN,
                 "CONTROL": f'"unix:{self.control}"', **definitions}
        command = [shutil.which("kamailio") or "/usr/sbin/kamailio", "-f", path, "-DD", "-E", "-m", str(memory),
                   "-M", "8", "-Y", runtime, "-w", folder, "-P", os.path.join(folder, "kamailio.pid")]
        for name, value in given.items():
            command += ["-A", f"{name}={value}"]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, **(environment or {})})
        limit = time.monotonic() + 15
        while time.monotonic() < limit and self.process.poll() is None:
            if self.answers(address, port):
                return
            time.sleep(0.1)
        self.end()
        raise SystemExit("kamailio did not start:\n" + self.said()[-1500:])

    @staticmethod
    def answers(address, port):
        """What is no INVITE and no REGISTER gets 405."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.bind((address, 0))
            asking.settimeout(0.3)
            own = f"{address}:{asking.getsockname()[1]}"
            asking.sendto(
                (f"OPTIONS sip:{DOMAIN} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bKstart\r\nMax-Forwards: 70\r\n"
                 f"From: <sip:{own}>;tag=1\r\nTo: <sip:{DOMAIN}>\r\nCall-ID: start\r\nCSeq: 1 OPTIONS\r\n"
                 f"Content-Length: 0\r\n\r\n").encode(), (address, port))
            try:
                return asking.recv(65536).startswith(b"SIP/2.0 405")
            except OSError:
                return False

    def command(self, *words):
        """What an operator says by kamcmd, and the answer."""
        done = subprocess.run(
            [shutil.which("kamcmd") or "/usr/sbin/kamcmd", "-s", f"unix:{self.control}", *words],
            capture_output=True, text=True, timeout=20)
        if done.returncode != 0 or done.stdout.startswith("error"):
            raise AssertionError(f"kamcmd {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def locate(self, user, uri):
        """As if a phone had registered there."""
        self.command("ul.add", "location", user, uri, "0", "1.0", "s:", "0", "0", "7967")

    def said(self):
        with open(self.log, errors="replace") as text:
            return text.read()

    def end(self):
        """Whatever it does with its children, none of them is left."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Answering:
    """`rcml answer`: a phone, with what happened there."""

    def __init__(self, tool, address, *arguments):
        self.process = subprocess.Popen(
            [tool, "answer", "--json", "--listen", f"udp:{address}:0", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.uri = json.loads(self.process.stdout.readline())["uris"][0].split(";")[0]

    def end(self):
        """All events."""
        self.process.send_signal(signal.SIGINT)
        try:
            out, _ = self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, _ = self.process.communicate()
        return [json.loads(line) for line in out.splitlines()]

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
