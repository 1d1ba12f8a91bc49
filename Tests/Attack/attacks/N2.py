"""Requests in another's name: octets to their source and to a third party named in an SDP."""

import re
import select
import socket
import time

from figures import Figure
from stage import HOST, Phone, Server, Web, sdp

THIRD = "127.0.0.77"
METHODS = ("OPTIONS", "REGISTER", "SUBSCRIBE", "NOTIFY", "REFER", "MESSAGE", "PUBLISH", "BYE", "INFO", "UPDATE", "PRACK",
           "CANCEL", "ACK", "DANCE")
#: Document, and how much an INVITE to it may bring to its source: said once, and a few times more while it is unheard.
CALLS = (
    ("a call that is rejected", "<Reject/>", 3.0),
    ("a call that dials who is not there", f'<Dial timeout="2"><Sip>sip:x@{HOST}:9</Sip></Dial>', 4.0),
    ("a call that dials who is silent", '<Dial timeout="3"><Sip>sip:x@{silent}</Sip></Dial>', 4.0),
    ("a call that is answered and rings", '<Dial answerOnBridge="false"><Sip>sip:x@{silent}</Sip></Dial>', 14.0),
    ("a call that is answered and gathers", '<Gather timeout="60"/>', 14.0),
    ("a call that is answered and plays", '<Play digits="1w2w3"/><Pause length="60"/>', 14.0),
)


class Source:
    """Sends one datagram and counts what comes back."""

    def __init__(self, port, text, limit, name):
        self.phone = Phone(port)
        self.text = text(self.phone)
        self.limit, self.name = limit, name

    def send(self):
        self.phone.send(self.text)

    def factor(self):
        while self.phone.read(0):
            pass
        octets = self.phone.octets
        self.phone.close()
        return octets / len(self.text)


def minimal(method):
    def text(phone):
        return (f"{method} sip:a@{HOST} SIP/2.0\r\nVia: SIP/2.0/UDP {HOST}:{phone.port};branch=z9hG4bKm{method}\r\n"
                f"From: <sip:c@{HOST}>;tag=c\r\nTo: <sip:a@{HOST}>\r\nCall-ID: m{phone.port}\r\nCSeq: 1 {method}\r\n\r\n")
    return text


def usual(method, tag=""):
    return lambda phone: phone.request(method, 1, to_tag=tag)


def call(media, kind):
    return lambda phone: phone.request(
        "INVITE", 1, uri=f"sip:kind{kind}@{HOST}:{phone.place[1]}", body=sdp(media, THIRD))


def run(tool, folder, is_long):
    third = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    third.bind((THIRD, 0))
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind((HOST, 0))
    media = third.getsockname()[1]

    def reply(_, body):
        kind = re.search(rb"kind(\d)", body)
        text = CALLS[int(kind.group(1))][1] if kind else ""
        text = text.replace("{silent}", f"{HOST}:{silent.getsockname()[1]}")
        return 200, "text/xml", f"<Response>{text}</Response>".encode()

    with Web(reply) as web, \
            Server(tool, folder, options=("--media", "anchored", "--url", web.url + "/")) as server, \
            Server(tool, folder, "<Response/>", options=("--set", "require_auth=alice:open-sesame")) as locked:
        sources = [Source(server.port, call(media, kind), limit, name)
                   for kind, (name, _, limit) in enumerate(CALLS)]
        for method in METHODS:
            sources.append(Source(server.port, usual(method), 1.0, f"{method}"))
            sources.append(Source(server.port, minimal(method), 1.0, f"{method}, minimal"))
            sources.append(Source(server.port, usual(method, ";tag=nobody"), 1.0, f"{method}, in no dialog"))
        sources.append(Source(server.port, minimal("INVITE"), 1.0, "INVITE without Contact"))
        sources.append(Source(locked.port, call(media, 0), 2.0, "an INVITE that is challenged"))
        sources.append(Source(locked.port, usual("INVITE"), 2.0, "an INVITE without SDP that is challenged"))
        for source in sources:
            source.send()
        sound, end = 0, time.monotonic() + (40 if is_long else 9)
        while time.monotonic() < end:
            if select.select([third], [], [], 0.1)[0]:
                sound += len(third.recv(65536))
        figures = [Figure("octets of sound to the third party", sound, most=0)]
        few = {}
        for source in sources:
            factor = source.factor()
            if source.limit > 1.0:
                figures.append(Figure(f"{source.name}: octets for octets", factor, most=source.limit))
            else:
                few[source.name] = factor
        worst = max(few, key=few.get)
        figures.append(Figure(f"{len(few)} other requests, most of all {worst}", few[worst], most=1.0))
        figures.append(Figure("documents that were asked for", len(web.requests), least=len(CALLS)))
    third.close()
    silent.close()
    return figures
