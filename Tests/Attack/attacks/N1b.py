"""Callees that send us elsewhere in words that look like home: no digest to strangers."""

import re
import select
import socket
import time

from figures import Figure
from stage import HOST, Phone, Server, sdp

ELSEWHERE = "127.0.0.66"
CONTACTS = (
    "sip:y@{home}:{port};maddr={elsewhere}", "sip:y@{home}:{port};MADDR={elsewhere};lr",
    "sip:y@{elsewhere}:{port}", "sip:{home}@{elsewhere}:{port}", "sip:y@{home}:{other}",
    "sip:y@{elsewhere}:{port};maddr={home};maddr={elsewhere}",
)


class Callee:
    """Asks everybody for credentials of one realm; at home it moves who has come before, or who has shown them."""

    def __init__(self, host, port=0):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, port))
        self.port = self.socket.getsockname()[1]
        self.invites, self.shown = 0, 0

    def read(self):
        octets, place = self.socket.recvfrom(65536)
        text = octets.decode(errors="replace")
        if text.startswith("INVITE"):
            self.invites += 1
            self.shown += bool(re.search(r"^(proxy-)?authorization:", text, re.I | re.M))
            return text, place
        return None

    def answer(self, request, place, code, *lines):
        kept = [line for line in request.split("\r\n") if re.match(r"(via|from|to|call-id|cseq):", line, re.I)]
        kept = [line + ";tag=callee" if line.lower().startswith("to:") else line for line in kept]
        text = "\r\n".join([f"SIP/2.0 {code} Whatever", *kept, *lines, "Content-Length: 0", "", ""])
        self.socket.sendto(text.encode(), place)


def play(server, callees, contact, is_challenged_first, number):
    """One call; the first callee is the one the document names."""
    phone = Phone(server.port)
    phone.send(phone.request("INVITE", number, body=sdp(40_000)))
    moved = False
    end = time.monotonic() + 1.0
    serial = 0
    while time.monotonic() < end:
        ready = select.select([callee.socket for callee in callees] + [phone.socket], [], [], 0.05)[0]
        if phone.socket in ready:
            phone.read(0)
        for callee in callees:
            found = callee.read() if callee.socket in ready else None
            if not found:
                continue
            text, place = found
            serial += 1
            is_known = re.search(r"^authorization:", text, re.I | re.M)
            if callee is callees[0] and not moved and (is_known or not is_challenged_first):
                moved = True
                callee.answer(text, place, 302, f"Contact: <{contact}>")
            elif serial > 6:
                callee.answer(text, place, 486)
            else:
                callee.answer(
                    text, place, 401, f'WWW-Authenticate: Digest realm="home", nonce="n{number}x{serial}", qop="auth"')
    phone.close()


def run(tool, folder, is_long):
    home = Callee(HOST)
    elsewhere, other = Callee(ELSEWHERE, home.port), Callee(HOST)
    document = (f'<Response><Dial timeout="3"><Sip username="alice" password="open-sesame">'
                f"sip:cal@{HOST}:{home.port}</Sip></Dial></Response>")
    with Server(tool, folder, document, options=("--set", "follow_redirects=4")) as server:
        number = 0
        for contact in CONTACTS:
            uri = contact.format(home=HOST, elsewhere=ELSEWHERE, port=home.port, other=other.port)
            for is_challenged_first in (True, False):
                number += 1
                play(server, [home, elsewhere, other], uri, is_challenged_first, number)
    return [
        Figure("INVITEs to the place that the document names", home.invites, least=len(CONTACTS)),
        Figure("of them with credentials", home.shown, least=len(CONTACTS)),
        Figure("INVITEs to other places", elsewhere.invites + other.invites, least=len(CONTACTS)),
        Figure("of them with credentials", elsewhere.shown + other.shown, most=0),
    ]
