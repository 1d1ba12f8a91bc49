"""Calls that talk, and INVITEs by the thousand, each in a process of its own: one interpreter can do only one of them."""

import multiprocessing
import re
import select
import socket
import struct
import time

from stage import HOST, Phone, sdp

GOOD = "good"


def udp(port=0, room=1 << 20):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    one.bind((HOST, port))
    one.setblocking(False)
    return one


class Aside:
    """`run(pipe)` in a process of its own for the length of a `with`; `told` is what it says at the end."""

    def __enter__(self):
        # Not forked: a thread of a prober may hold a lock.
        context = multiprocessing.get_context("fork")
        self.pipe, there = context.Pipe()
        self.process = context.Process(target=self.run, args=(there,), daemon=True)
        self.process.start()
        return self

    def hear(self, patience):
        if not self.pipe.poll(patience):
            raise RuntimeError(f"{type(self).__name__} says nothing")
        told = self.pipe.recv()
        if isinstance(told, str):
            raise RuntimeError(told)
        return told

    def __exit__(self, *_):
        if self.process.is_alive():
            self.process.terminate()
        self.process.join(5)
        self.pipe.close()


class Talk(Aside):
    """`count` calls to the server, whose document dials `callee`: 50 packets a second each way until `stop`."""

    def __init__(self, port, callee, count):
        self.port, self.callee, self.count = port, callee, count

    def start(self, patience=20):
        """They talk."""
        self.hear(patience)

    def stop(self):
        """Packets sent and lost, and the milliseconds that 99 of 100 took."""
        self.pipe.send(None)
        return self.hear(10)

    def run(self, pipe):
        try:
            self.talk(pipe)
        except Exception as problem:  # noqa: BLE001
            pipe.send(f"{type(problem).__name__}: {problem}")

    def talk(self, pipe):
        self.answerer = udp(self.callee, 1 << 22)
        self.caller = Phone(self.port)
        self.ways = {}  # a socket, and where it talks to
        dialogs = [self.call(number) for number in range(self.count)]
        pipe.send({})
        self.sent = self.heard = 0
        self.waits = []
        due = time.monotonic()
        while not pipe.poll(0):
            self.say()
            due = max(due + 0.02, time.monotonic() - 0.1)
            self.hear_until(due)
        self.hear_until(time.monotonic() + 0.5)
        waits = sorted(self.waits)
        for number, tag, target in dialogs:
            self.caller.send(self.caller.request("BYE", number, cseq=2, to_tag=tag, uri=target))
        pipe.send({"sent": self.sent, "lost": self.sent - self.heard,
                   "wait": 1000 * waits[int(len(waits) * 0.99)] if waits else float("inf")})

    def call(self, number):
        own = udp()
        invite = self.caller.request("INVITE", number, body=sdp(own.getsockname()[1]))
        invite = invite.replace(f"<sip:p{number}@", f"<sip:{GOOD}{number}@")
        self.caller.send(invite)
        limit = time.monotonic() + 10
        while time.monotonic() < limit:
            self.answer()
            text = self.caller.wait_for(rf"^SIP/2.0 200[^$]*c{number}-", 0.01)
            if not text:
                continue
            tag = re.search(r"\r\nto:[^\r]*(;tag=[^\r;]+)", text, re.I).group(1)
            target = re.search(r"\r\ncontact:[^<\r]*<([^>]+)>", text, re.I).group(1)
            self.caller.send(self.caller.request("ACK", number, to_tag=tag, uri=target))
            self.ways[own] = (HOST, media_port(text))
            return number, tag, target
        raise RuntimeError("a call was not answered")

    def answer(self):
        """What the called phone gets: calls of ours are answered, everything else is left alone."""
        while True:
            try:
                octets, place = self.answerer.recvfrom(65536)
            except OSError:
                return
            text = octets.decode(errors="replace")
            if text.startswith("INVITE") and f"sip:{GOOD}" in text:
                own = udp()
                self.ways[own] = (HOST, media_port(text))
                reply(self.answerer, place, text, sdp(own.getsockname()[1]))
            elif text.startswith("BYE"):
                reply(self.answerer, place, text)

    def say(self):
        stamp = struct.pack("!d", time.monotonic())
        self.number = (getattr(self, "number", 0) + 1) & 0xffff
        for one, place in self.ways.items():
            head = struct.pack("!BBHII", 0x80, 0, self.number, self.number * 160, one.fileno())
            try:
                one.sendto(head + stamp + bytes(152), place)
                self.sent += 1
            except OSError:
                pass

    def hear_until(self, due):
        sockets = [*self.ways, self.answerer]
        while (rest := due - time.monotonic()) > 0:
            ready = select.select(sockets, [], [], rest)[0]
            now = time.monotonic()
            for one in ready:
                if one is self.answerer:
                    self.answer()
                    continue
                try:
                    while True:
                        octets = one.recv(2048)
                        if len(octets) == 172:
                            self.heard += 1
                            self.waits.append(now - struct.unpack_from("!d", octets, 12)[0])
                except OSError:
                    pass


def media_port(text):
    return int(re.search(r"\r\nm=audio (\d+)", text).group(1))


def reply(one, place, request, body=""):
    lines = [line for line in request.split("\r\n")
             if re.match(r"(via|from|call-id|cseq|record-route):", line, re.I)]
    to = re.search(r"\r\n(to:[^\r]*)", request, re.I).group(1)
    own = one.getsockname()[1]
    lines += [to if ";tag=" in to else to + ";tag=answer", f"Contact: <sip:phone@{HOST}:{own}>"]
    if body:
        lines.append("Content-Type: application/sdp")
    text = "\r\n".join(["SIP/2.0 200 OK", *lines, f"Content-Length: {len(body)}", "", body])
    one.sendto(text.encode(), place)


class Flood(Aside):
    """`rate` new INVITEs a second until `stop`, each of another caller; what comes back is counted by its code."""

    def __init__(self, port, rate):
        self.port, self.rate = port, rate

    def stop(self):
        self.pipe.send(None)
        return self.hear(10)

    def run(self, pipe):
        one = udp(0, 1 << 22)
        own = one.getsockname()[1]
        body = sdp(40_000)
        text = (f"INVITE sip:service@{HOST}:{self.port} SIP/2.0\r\n"
                f"Via: SIP/2.0/UDP {HOST}:{own};branch=z9hG4bKflood%d;rport\r\nMax-Forwards: 70\r\n"
                f"From: <sip:flood@{HOST}>;tag=f%d\r\nTo: <sip:service@{HOST}>\r\nCall-ID: flood-%d\r\n"
                f"CSeq: 1 INVITE\r\nContact: <sip:flood@{HOST}:{own}>\r\nContent-Type: application/sdp\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
        place, codes, patient, sent = (HOST, self.port), {}, 0, 0
        began = time.monotonic()
        while not pipe.poll(0):
            wanted = int((time.monotonic() - began) * self.rate)
            # Behind by more than a tenth of a second: this machine gives no more.
            sent_now = min(wanted - sent, self.rate // 10)
            for number in range(sent, sent + sent_now):
                try:
                    one.sendto(text % (number, number, number), place)
                except OSError:
                    pass
            sent += sent_now
            try:
                for _ in range(500):
                    octets = one.recv(4096)
                    code = octets[8:11].decode(errors="replace")
                    codes[code] = codes.get(code, 0) + 1
                    patient += b"\r\nRetry-After:" in octets
            except OSError:
                pass
            time.sleep(0.002)
        spent = time.monotonic() - began
        pipe.send({"sent": sent, "rate": sent / spent, "codes": codes, "patient": patient})
