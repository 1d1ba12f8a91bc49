"""Requests in another's name: octets to their source and to a third party named in an SDP."""

import select
import socket
import time

from figures import Figure
from stage import HOST, Phone, Server, sdp

THIRD = "127.0.0.77"
METHODS = ("OPTIONS", "REGISTER", "SUBSCRIBE", "NOTIFY", "REFER", "MESSAGE", "PUBLISH", "BYE", "INFO", "UPDATE", "PRACK",
           "CANCEL", "ACK", "DANCE")
#: Document, and how much an INVITE to it may bring to its source: said once, and a few times more while it is unheard.
CALLS = {
    "rejected": ("<Response><Reject/></Response>", 3.0),
    "dials who is not there": (f'<Response><Dial timeout="2"><Sip>sip:x@{HOST}:9</Sip></Dial></Response>', 4.0),
    "dials who is silent": ('<Response><Dial timeout="3"><Sip>sip:x@{silent}</Sip></Dial></Response>', 4.0),
    "answered, rings": (
        '<Response><Dial answerOnBridge="false"><Sip>sip:x@{silent}</Sip></Dial></Response>', 12.0),
    "answered, gathers": ('<Response><Gather timeout="60"/></Response>', 12.0),
    "answered, pauses": ('<Response><Play digits="1w2w3"/><Pause length="60"/></Response>', 12.0),
}


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


def call(port, fields=()):
    return lambda phone: phone.request("INVITE", 1, body=sdp(port, THIRD), fields=fields)


def run(tool, folder, is_long):
    third = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    third.bind((THIRD, 0))
    silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    silent.bind((HOST, 0))
    media = third.getsockname()[1]
    patience = 40 if is_long else 10
    servers, sources = [], []
    try:
        for name, (document, limit) in CALLS.items():
            text = document.replace("{silent}", f"{HOST}:{silent.getsockname()[1]}")
            server = Server(tool, folder, text, options=("--media", "anchored")).__enter__()
            servers.append(server)
            sources.append(Source(server.port, call(media), limit, f"a call that is {name}"
                                  if not name.startswith("dials") else f"a call that {name}"))
        port = servers[0].port
        for method in METHODS:
            sources.append(Source(port, usual(method), 1.0, f"{method}"))
            sources.append(Source(port, minimal(method), 1.0, f"{method}, minimal"))
            sources.append(Source(port, usual(method, ";tag=nobody"), 1.0, f"{method}, in no dialog"))
        sources.append(Source(port, minimal("INVITE"), 1.0, "INVITE without Contact"))
        locked = Server(tool, folder, "<Response/>", options=("--set", "require_auth=alice:open-sesame")).__enter__()
        servers.append(locked)
        sources.append(Source(locked.port, call(media), 2.0, "INVITE that is challenged"))
        sources.append(Source(locked.port, usual("INVITE"), 2.0, "INVITE without SDP that is challenged"))
        for source in sources:
            source.send()
        sound, end = 0, time.monotonic() + patience
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
        return figures
    finally:
        third.close()
        silent.close()
        for server in servers:
            server.__exit__()
