"""Who is called: one phone at one UDP port that does what the user part of its URI says, and servers that misbehave."""

import re
import socket
import threading

SOUND = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP {formats}\r\n"
PHRASES = {
    302: "Moved Temporarily", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    480: "Temporarily Unavailable", 482: "Loop Detected", 486: "Busy Here",
    488: "Not Acceptable Here", 500: "Server Internal Error", 603: "Decline"}


class Phone:
    """`ok` answers, `486` refuses, `rings` only rings, `leaves` answers and hangs up."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.sequence = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def uri(self, user):
        return f"sip:{user}@127.0.0.1:{self.port}"

    def serve(self):
        while True:
            octets, peer = self.socket.recvfrom(65536)
            try:
                self.hear(octets.decode(errors="replace"), peer)
            except (IndexError, AttributeError):
                pass

    def fields(self, text, *names):
        lines = []
        for line in text.split("\r\n\r\n")[0].split("\r\n")[1:]:
            if line.split(":")[0] in names:
                lines.append(line)
        return lines

    def answer(self, request, peer, code, extra=(), body="", method=None):
        lines = self.fields(request, "Via", "From", "To", "Call-ID", "CSeq")
        tagged = [line + ";tag=p" if line.startswith("To:") and "tag=" not in line else line for line in lines]
        if method:
            tagged = [re.sub(r"^(CSeq: \d+) .*", rf"\1 {method}", line) for line in tagged]
        phrase = PHRASES.get(code, "OK" if code == 200 else "Ringing")
        kind = ["Content-Type: application/sdp"] if body else []
        head = [f"SIP/2.0 {code} {phrase}", *tagged, f"Contact: <sip:phone@127.0.0.1:{self.port}>"
                if code < 300 else "X-Refused: yes", *extra, *kind, f"Content-Length: {len(body)}"]
        self.socket.sendto(("\r\n".join(head) + "\r\n\r\n" + body).encode(), peer)

    def hear(self, text, peer):
        method, uri = text.split(" ")[:2]
        user = uri.split(":")[1].split("@")[0]
        if method == "INVITE":
            self.invited(text, peer, user)
        elif method == "CANCEL":
            self.answer(text, peer, 200)
            self.answer(text, peer, 487, method="INVITE")
        elif method == "BYE":
            self.answer(text, peer, 200)
        elif method == "ACK" and "leaves" in "".join(self.fields(text, "To")):
            threading.Timer(0.3, self.leave, (text, peer)).start()

    def invited(self, text, peer, user):
        if user.isdigit():
            extra = {"401": ['WWW-Authenticate: Digest realm="r", nonce="n", algorithm=MD5']}.get(user, [])
            return self.answer(text, peer, int(user), extra)
        if user == "moved":
            return self.answer(text, peer, 302, [f"Contact: <{self.uri('ok')}>"])
        if user == "rings":
            return self.answer(text, peer, 180)
        body = {"rubbish": "rubbish", "silent": "", "g729": SOUND.format(port=9, formats=18)}.get(
            user, SOUND.format(port=40000, formats=0))
        return self.answer(text, peer, 200, body=body)

    def leave(self, ack, peer):
        self.sequence += 1
        def one(name):
            return self.fields(ack, name)[0].split(": ", 1)[1]
        lines = [f"BYE sip:x@{peer[0]}:{peer[1]} SIP/2.0",
                 f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch=z9hG4bKleave{self.sequence}",
                 f"From: {one('To')}", f"To: {one('From')}", f"Call-ID: {one('Call-ID')}",
                 "CSeq: 1 BYE", "Max-Forwards: 70", "Content-Length: 0"]
        self.socket.sendto(("\r\n".join(lines) + "\r\n\r\n").encode(), peer)


class Rude:
    """A TCP server that takes what comes, says this, and hangs up."""

    def __init__(self, words=b""):
        self.words = words
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            peer, _ = self.socket.accept()
            threading.Thread(target=self.meet, args=(peer,), daemon=True).start()

    def meet(self, peer):
        with peer:
            peer.recv(4096)
            if self.words:
                peer.sendall(self.words)


def closed_port(kind):
    """A port where nobody listens."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
