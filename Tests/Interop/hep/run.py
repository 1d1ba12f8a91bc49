#!/usr/bin/env python3
"""`rcml call` mirrors its SIP messages as HEP version 3 to a receiver of ours and to sngrep (setting hep).

Passes only if every message of a call, over UDP and TCP and with digest authentication, arrives once, in its order, whole,
with its addresses, under the CallSid of the call and without a secret; if a receiver that is not there, or does not read,
changes nothing; and if sngrep sees the same dialog.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

HOST = "127.0.0.1"
DOCUMENT = """<Response><Dial><Sip username="bob" password="s3cr3t">{}</Sip></Dial></Response>"""


def chunks(packet):
    """{type: octets}; raises where the packet is none of HEP version 3."""
    assert packet[:4] == b"HEP3", packet[:8]
    assert struct.unpack_from(">H", packet, 4)[0] == len(packet), "its length"
    found, at = {}, 6
    while at < len(packet):
        vendor, kind, length = struct.unpack_from(">HHH", packet, at)
        assert vendor == 0 and length >= 6 and at + length <= len(packet), (vendor, kind, length)
        assert kind not in found, f"chunk {kind} twice"
        found[kind] = packet[at + 6:at + length]
        at += length
    return found


class Receiver:
    """Takes what comes; a receiver that is `deaf` is bound and never reads."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((HOST, 0))
        self.socket.settimeout(0.5)
        self.setting = f"hep=udp:{HOST}:{self.socket.getsockname()[1]}"

    def packets(self):
        found = []
        try:
            while True:
                found.append(chunks(self.socket.recv(65536)))
        except socket.timeout:
            return found

    def close(self):
        self.socket.close()


class Phone:
    def __init__(self, tool, *extra):
        self.process = subprocess.Popen(
            [tool, "answer", "--listen", f"udp:{HOST}:0", "--listen", f"tcp:{HOST}:0", "--json", *extra],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.uris = json.loads(self.process.stdout.readline())["uris"]

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def call(options, folder, party, target, *settings):
    """The messages of a call as its own log has them, its CallSid, and how long it took."""
    document = os.path.join(folder, "dial.xml")
    with open(document, "w") as file:
        file.write(DOCUMENT.format(target))
    command = [options.tool, "call", party, "--document", document, "--listen", f"udp:{HOST}:0", "--listen",
               f"tcp:{HOST}:0", "--json", "--transport-log", "--set", "media=direct"]
    for setting in settings:
        command += ["--set", setting]
    began = time.monotonic()
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    took = time.monotonic() - began
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    messages = [line for line in lines if line["event"] == "message"]
    sid = next(line["sid"] for line in lines if line["event"] == "ended")
    return messages, sid, took


def check_call(options, folder, transport):
    receiver = Receiver()
    party = Phone(options.tool)
    # It hangs up after a second; who calls it has to be bob.
    other = Phone(options.tool, "--require-auth", "bob:s3cr3t", "--hangup", "1")
    index = 0 if transport == "udp" else 1
    try:
        messages, sid, _ = call(
            options, folder, party.uris[index], other.uris[index], receiver.setting, "hep_id=2001", "hep_password=k3y")
        packets = receiver.packets()
    finally:
        for one in (party, other, receiver):
            one.end() if isinstance(one, Phone) else one.close()
    assert len(messages) >= 14, [line["text"].split("\r\n")[0] for line in messages]
    assert len(packets) == len(messages), f"{len(packets)} packets for {len(messages)} messages"
    for packet, line in zip(packets, messages):
        text = packet[15].decode()
        assert text == line["text"], (text, line["text"])
        source = (socket.inet_ntoa(packet[3]), struct.unpack(">H", packet[7])[0])
        destination = (socket.inet_ntoa(packet[4]), struct.unpack(">H", packet[8])[0])
        peer = line["peer"].split(":")
        assert (peer[1], int(peer[2])) == (destination if line["sent"] else source), (line["peer"], source, destination)
        assert (source if line["sent"] else destination)[0] == HOST
        assert packet[1] == b"\x02" and packet[2] == (b"\x11" if transport == "udp" else b"\x06")
        assert abs(struct.unpack(">I", packet[9])[0] - time.time()) < 120
        assert struct.unpack(">I", packet[10])[0] < 1_000_000
        assert packet[11] == b"\x01" and struct.unpack(">I", packet[12])[0] == 2001
        assert packet[14] == b"k3y" and packet[17].decode() == sid, packet[17]
    everything = b"".join(packet[15] for packet in packets)
    assert b"Authorization: ***" in everything, "a leg was not asked for credentials"
    assert b"s3cr3t" not in everything and b"response=" not in everything, "a secret"
    return len(packets)


def check_dead(options, folder):
    """Nobody is there; somebody is, and never reads; and nobody was asked for."""
    party, other = Phone(options.tool), Phone(options.tool, "--require-auth", "bob:s3cr3t", "--hangup", "1")
    deaf, gone = Receiver(), Receiver()
    deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    gone.close()
    try:
        counts, times = [], []
        for settings in ([], [gone.setting], [deaf.setting]):
            messages, _, took = call(options, folder, party.uris[0], other.uris[0], *settings)
            counts.append(len(messages))
            times.append(took)
    finally:
        party.end()
        other.end()
        deaf.close()
    assert len(set(counts)) == 1, counts
    assert max(times) - min(times) < 2, times


def pcap_texts(path):
    """The payloads of the UDP packets of a capture of Ethernet."""
    with open(path, "rb") as file:
        data = file.read()
    order = "<" if data[:4] == b"\xd4\xc3\xb2\xa1" else ">"
    at, found = 24, []
    while at + 16 <= len(data):
        length = struct.unpack_from(order + "I", data, at + 8)[0]
        frame = data[at + 16:at + 16 + length]
        found.append(frame[14 + 20 + 8:].decode(errors="replace"))
        at += 16 + length
    return found


def check_sngrep(options, folder):
    sngrep = shutil.which("sngrep")
    assert sngrep, "sngrep is not installed"
    free = Receiver()
    port = free.socket.getsockname()[1]
    free.close()
    capture = os.path.join(folder, "seen.pcap")
    with open(os.path.join(folder, "sngrep.log"), "w") as log:
        watching = subprocess.Popen(
            [sngrep, "-F", "-N", "-q", "-L", f"udp:{HOST}:{port}", "-O", capture], stdin=subprocess.DEVNULL, stdout=log,
            stderr=subprocess.STDOUT, env={**os.environ, "TERM": "xterm"})
    party, other = Phone(options.tool), Phone(options.tool, "--require-auth", "bob:s3cr3t", "--hangup", "1")
    try:
        limit = time.monotonic() + 10
        while f":{port:04X} " not in open("/proc/net/udp").read() and time.monotonic() < limit:
            time.sleep(0.05)
        messages, _, _ = call(options, folder, party.uris[0], other.uris[0], f"hep=udp:{HOST}:{port}")
        time.sleep(1)
    finally:
        party.end()
        other.end()
        watching.send_signal(signal.SIGINT)
        try:
            watching.wait(10)
        except subprocess.TimeoutExpired:
            watching.kill()
            watching.wait()
    seen = pcap_texts(capture)
    assert seen == [line["text"] for line in messages], (len(seen), len(messages))
    return len(seen)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--without-sngrep", action="store_true", help="only the receiver of ours")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    with tempfile.TemporaryDirectory() as folder:
        for transport in ("udp", "tcp"):
            print(f"ok   {transport}: {check_call(options, folder, transport)} messages")
        check_dead(options, folder)
        print("ok   a receiver that is not there, or does not read")
        if not options.without_sngrep:
            print(f"ok   sngrep: {check_sngrep(options, folder)} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
