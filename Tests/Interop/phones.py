"""Signalling of many calls and no more: callers, and a called party that takes every call. Their media is somebody
else's, who says on which ports it is."""

import re
import socket
import time

HOST = "127.0.0.1"
AT_ONCE = 20  # calls being set up


class Phones:
    """`server`: rcml's port, `at` its address. `ports`: two for each call, its caller's and its called party's."""

    def __init__(self, server, ports, at=HOST):
        self.server, self.ports, self.at = server, ports, at
        self.callers, self.callees = self.bound(), self.bound()
        self.answered, self.offered, self.dialogs = {}, {}, {}

    @staticmethod
    def bound():
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        one.bind((HOST, 0))
        return one

    @staticmethod
    def sdp(port):
        return (f"v=0\r\no=- 1 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\n"
                f"m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n")

    def request(self, method, number, to_tag="", body="", branch="", target=None):
        own = self.callers.getsockname()[1]
        kind = "Content-Type: application/sdp\r\n" if body else ""
        cseq = {"INVITE": 1, "ACK": 1, "BYE": 2}[method]
        text = (f"{method} {target or f'sip:bench@{self.at}:{self.server}'} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {HOST}:{own};branch=z9hG4bK{method}{number}{branch}\r\nMax-Forwards: 70\r\n"
                f"From: <sip:n{number}@{HOST}>;tag=t{number}\r\nTo: <sip:bench@{HOST}>{to_tag}\r\n"
                f"Call-ID: bench-{number}-{own}\r\nCSeq: {cseq} {method}\r\n"
                f"Contact: <sip:n{number}@{HOST}:{own}>\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}")
        self.callers.sendto(text.encode(), (self.at, self.server))

    def respond(self, text, address):
        """A called party takes every call."""
        if text.startswith("ACK"):
            return
        head, _, body = text.partition("\r\n\r\n")
        kept = [line for line in head.split("\r\n") if re.match(r"(via|from|call-id|cseq|record-route):", line, re.I)]
        to = next(line for line in head.split("\r\n") if line.lower().startswith("to:"))
        if ";tag=" not in to:
            to += ";tag=callee"
        content = ""
        if text.startswith("INVITE"):
            number = int(re.search(r"from:[^\r]*sip:n(\d+)@", head, re.I).group(1))
            self.offered[number] = int(re.search(r"m=audio (\d+)", body).group(1))
            content = self.sdp(self.ports[2 * number + 1])
        kind = "Content-Type: application/sdp\r\n" if content else ""
        own = self.callees.getsockname()[1]
        self.callees.sendto(
            ("SIP/2.0 200 OK\r\n" + "\r\n".join(kept) + f"\r\n{to}\r\nContact: <sip:callee@{HOST}:{own}>\r\n"
             f"{kind}Content-Length: {len(content)}\r\n\r\n{content}").encode(), address)

    def take(self, text):
        """What a caller is answered."""
        number = int(re.search(r"call-id: *bench-(\d+)-", text, re.I).group(1))
        if not text.startswith("SIP/2.0 200") or "INVITE" not in re.search(r"cseq:[^\r]*", text, re.I).group(0):
            return
        tag = re.search(r"\r\nto:[^\r]*(;tag=[^\r;]+)", text, re.I).group(1)
        target = re.search(r"\r\ncontact:[^<\r]*<([^>]+)>", text, re.I).group(1)
        self.request("ACK", number, tag, target=target)
        self.answered[number] = int(re.search(r"m=audio (\d+)", text).group(1))
        self.dialogs[number] = (tag, target)

    def pump(self, seconds):
        """Whatever came meanwhile."""
        limit = time.monotonic() + seconds
        came = False
        while time.monotonic() < limit and not came:
            for one, take in ((self.callers, lambda text, _: self.take(text)), (self.callees, self.respond)):
                one.settimeout(0.001)
                try:
                    while True:
                        octets, address = one.recvfrom(65536)
                        came = True
                        # RTCP goes to the port above a party's, and that may be one of these.
                        if octets and octets[0] < 0x80:
                            take(octets.decode(), address)
                except TimeoutError:
                    pass

    def call(self, calls):
        """All of them; for each of the ports, where rcml listens for it."""
        limit = time.monotonic() + 60
        begun = 0
        while len(self.answered) < calls:
            while begun < calls and begun - len(self.answered) < AT_ONCE:
                self.request("INVITE", begun, body=self.sdp(self.ports[2 * begun]))
                begun += 1
            self.pump(0.5)
            if time.monotonic() > limit:
                raise SystemExit(f"only {len(self.answered)} of {calls} calls were answered within 60 s")
        return [port for number in range(calls) for port in (self.answered[number], self.offered[number])]

    def end(self):
        self.callers.close()
        self.callees.close()

    def hang_up(self):
        """All of them."""
        for number, (tag, target) in self.dialogs.items():
            self.request("BYE", number, tag, target=target)
            if number % AT_ONCE == 0:
                self.pump(0.05)
        for _ in range(20):
            self.pump(0.05)
