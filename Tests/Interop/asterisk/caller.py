"""A phone that calls: SIP over UDP and RTP with a tone, in frames of any length, by IPv4 or IPv6. It presses keys (RFC 4733),
holds, cancels and hangs up, and keeps what it heard."""

import os
import random
import re
import socket
import struct
import sys
import threading
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import sound

EVENTS = 101  # the payload type of keys
KEYS = "0123456789*#ABCD"
LINEAR = []
for octet in range(256):  # ITU-T G.711
    bits = ~octet & 255
    value = ((((bits & 15) << 3) + 132) << (bits >> 4 & 7)) - 132
    LINEAR.append(-value if bits & 128 else value)


class Caller:
    """One call. `number`: the extension. `tone`: Hz. `milliseconds`: of sound in a packet."""

    def __init__(self, server, number, host="127.21.0.2", tone=620, milliseconds=20, headers="", user="1001", name=""):
        self.server, self.number, self.host, self.user, self.name = server, number, host, user, name
        self.tone, self.milliseconds, self.headers = tone, milliseconds, headers
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.shown = f"[{host}]" if ":" in host else host
        self.version = "IP6" if ":" in host else "IP4"
        self.signalling = socket.socket(family, socket.SOCK_DGRAM)
        self.signalling.bind((host, 0))
        self.signalling.settimeout(0.1)
        self.media = socket.socket(family, socket.SOCK_DGRAM)
        self.media.bind((host, 0))
        self.media.settimeout(0.02)
        self.call_id, self.tag = f"{random.getrandbits(64):x}@{host}", f"{random.getrandbits(32):x}"
        self.branch, self.sequence, self.direction = "z9hG4bK" + self.tag, 1, "sendrecv"
        self.to_tag, self.target, self.route = "", f"sip:{number}@{self.address_of(server)}", ""
        self.responses, self.requests, self.keys, self.samples = [], [], [], []
        self.status = self.remote = self.bye = self.last_key = None
        self.ended, self.pressing = False, []
        self.changed = threading.Condition()
        self.threads = [threading.Thread(target=one, daemon=True) for one in (self.listen, self.speak, self.hear)]
        for thread in self.threads:
            thread.start()
        self.started = time.monotonic()
        self.send("INVITE", self.sdp())

    @staticmethod
    def address_of(server):
        return f"[{server[0]}]:{server[1]}" if ":" in server[0] else f"{server[0]}:{server[1]}"

    def sdp(self):
        return (f"v=0\r\no=- 1 {self.sequence} IN {self.version} {self.host}\r\ns=-\r\n"
                f"c=IN {self.version} {self.host}\r\nt=0 0\r\nm=audio {self.media.getsockname()[1]} RTP/AVP 0 {EVENTS}\r\n"
                f"a=rtpmap:0 PCMU/8000\r\na=rtpmap:{EVENTS} telephone-event/8000\r\na=fmtp:{EVENTS} 0-15\r\n"
                f"a=ptime:{self.milliseconds}\r\na={self.direction}\r\n")

    def send(self, method, body="", branch=None):
        own = self.signalling.getsockname()[1]
        kind = "Content-Type: application/sdp\r\n" if body else ""
        display = f'"{self.name}" ' if self.name else ""
        headers = self.headers if method == "INVITE" and not self.to_tag else ""
        text = (f"{method} {self.target} SIP/2.0\r\nVia: SIP/2.0/UDP {self.shown}:{own};branch={branch or self.branch};rport\r\n"
                f"Max-Forwards: 70\r\nFrom: {display}<sip:{self.user}@{self.shown}>;tag={self.tag}\r\n"
                f"To: <sip:{self.number}@{self.address_of(self.server)}>{self.to_tag}\r\nCall-ID: {self.call_id}\r\n"
                f"CSeq: {self.sequence} {method}\r\nContact: <sip:{self.user}@{self.shown}:{own}>\r\n{self.route}{headers}{kind}"
                f"Content-Length: {len(body)}\r\n\r\n{body}")
        self.signalling.sendto(text.encode(), self.server)

    # ---- What comes

    def listen(self):
        while not self.signalling._closed:
            try:
                text = self.signalling.recv(65536).decode(errors="replace")
            except (TimeoutError, OSError):
                continue
            with self.changed:
                if text.startswith("SIP/2.0"):
                    self.response(text)
                else:
                    self.request(text)
                self.changed.notify_all()

    def response(self, text):
        code, method = int(text.split()[1]), re.search(r"\r\nCSeq: *\d+ (\w+)", text, re.I).group(1)
        self.responses.append((method, code, time.monotonic(), text))
        if method != "INVITE" or code < 180:
            return
        answer = re.search(r"\r\nm=audio (\d+)", text)
        if answer:
            self.remote = (self.server[0], int(answer.group(1)))
        if code < 200:
            return
        first = self.status is None
        self.status = code if first else self.status
        tag = re.search(r"\r\nTo:[^\r]*(;tag=[^\r;]+)", text, re.I)
        self.to_tag = tag.group(1) if tag else ""
        if code < 300:
            self.target = re.search(r"\r\nContact:[^<\r]*<([^>]+)>", text, re.I).group(1)
            self.send("ACK", branch=self.branch + f"a{self.sequence}")
        else:
            self.send("ACK")
            self.ended = True

    def request(self, text):
        method = text.split()[0]
        if method == "ACK":
            return
        self.requests.append((method, time.monotonic(), text))
        kept = [line for line in text.split("\r\n") if re.match(r"(via|from|to|call-id|cseq):", line, re.I)]
        body = self.sdp() if method in ("INVITE", "UPDATE") and "\r\n\r\nv=0" in text else ""
        kind = f"Content-Type: application/sdp\r\nContact: <{self.target}>\r\n" if body else ""
        self.signalling.sendto(
            ("SIP/2.0 200 OK\r\n" + "\r\n".join(kept) + f"\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}").encode(),
            self.server)
        if method == "BYE":
            self.bye, self.ended = time.monotonic(), True

    def hear(self):
        while not self.media._closed:
            try:
                octets = self.media.recv(2048)
            except (TimeoutError, OSError):
                continue
            kind = octets[1] & 127
            if kind == 0:
                self.samples += [LINEAR[one] for one in octets[12:]]
            elif kind == EVENTS and octets[4:8] != self.last_key:
                self.last_key = octets[4:8]
                self.keys.append(KEYS[octets[12] & 15])

    def speak(self):
        """Sound from the first answer on; a key takes its place while it lasts."""
        period, said, sequence, stamp = sound.period((self.tone,), 8000), 0, 0, 0
        octets = bytes(sound.mu(one) for one in period) * 2
        source, samples = random.getrandbits(32), 8 * self.milliseconds
        following = time.monotonic()
        while not self.media._closed:
            following += self.milliseconds / 1000
            time.sleep(max(0, following - time.monotonic()))
            stamp += samples
            if not self.remote or self.ended or self.direction != "sendrecv":
                continue
            sequence += 1
            if self.pressing:
                key, began, packets = self.pressing[0]
                began = began or stamp
                last = packets >= 6
                self.pressing[0] = (key, began, packets + 1)
                if packets >= 8:
                    self.pressing.pop(0)
                payload = bytes([KEYS.index(key), 10 | 128 * last]) + struct.pack("!H", min(stamp - began + samples, 65535))
                header = struct.pack("!BBHII", 128, EVENTS | 128 * (packets == 0), sequence & 65535, began, source)
            else:
                start = said % len(period)
                payload, said = octets[start:start + samples], said + samples
                header = struct.pack("!BBHII", 128, 0, sequence & 65535, stamp, source)
            try:
                self.media.sendto(header + payload, self.remote)
            except OSError:
                pass

    # ---- What it does

    def wait(self, wanted, seconds=10):
        limit = time.monotonic() + seconds
        with self.changed:
            while not wanted() and time.monotonic() < limit:
                self.changed.wait(min(0.1, max(0.001, limit - time.monotonic())))
        return wanted()

    def rings(self, code=180, seconds=5):
        return self.wait(lambda: any(one[:2] == ("INVITE", code) for one in self.responses), seconds)

    def final(self, seconds=10):
        """The final status of the call."""
        self.wait(lambda: self.status is not None, seconds)
        return self.status

    def is_hung_up(self, seconds=5):
        """By the other side."""
        return bool(self.wait(lambda: self.bye is not None, seconds))

    def press(self, keys):
        for key in keys:
            self.pressing.append((key, None, 0))
            time.sleep(0.35)

    def offer(self, direction):
        """A re-INVITE: "sendonly" holds, "sendrecv" takes back."""
        self.sequence += 1
        self.direction = direction
        self.branch = f"z9hG4bK{self.tag}{self.sequence}"
        count = len(self.responses)
        self.send("INVITE", self.sdp())
        return self.wait(lambda: any(one[0] == "INVITE" and one[1] == 200 for one in self.responses[count:]))

    def cancel(self):
        self.send("CANCEL")

    def hang_up(self):
        if self.status == 200 and not self.ended:
            self.sequence += 1
            self.ended = True
            self.send("BYE", branch=f"z9hG4bK{self.tag}bye")

    def heard(self, frequency, start=0.0):
        """Seconds in which a tone was heard, from a point of the recording on."""
        samples = self.samples[int(start * 8000):]
        return sum(
            sound.amplitude(samples[one:one + sound.WINDOW], frequency) >= sound.LOUD
            for one in range(0, len(samples) - sound.WINDOW + 1, sound.WINDOW)) / 10

    def end(self):
        self.hang_up()
        time.sleep(0.05)
        self.signalling.close()
        self.media.close()
        for thread in self.threads:
            thread.join(1)
