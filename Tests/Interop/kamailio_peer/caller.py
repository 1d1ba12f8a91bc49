"""A SIP phone over UDP that does what it is told and no more: digest authentication, header fields of the test's own, calls
with their ends. Signalling only."""

import hashlib
import re
import socket
import time

COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length"}


class Message:
    def __init__(self, text, source):
        head, _, self.body = text.partition("\r\n\r\n")
        lines = head.split("\r\n")
        self.first, self.source, self.fields = lines[0], source, []
        for line in lines[1:]:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            self.fields.append((COMPACT.get(name, name), value.strip()))
        is_response = self.first.startswith("SIP/2.0 ")
        self.code = int(self.first.split()[1]) if is_response else 0
        self.method = self.one("cseq").split()[1]

    def all(self, name):
        return [value for field, value in self.fields if field == name]

    def one(self, name):
        return next(iter(self.all(name)), "")


def digest(challenge, method, uri, user, password):
    """The value of an Authorization for this challenge (RFC 2617, MD5, with or without qop)."""
    given = {name.lower(): value for name, value in re.findall(r'(\w+)="([^"]*)"', challenge)}

    def md5(text):
        return hashlib.md5(text.encode()).hexdigest()

    nonce, realm = given["nonce"], given["realm"]
    middle, ending = nonce, ""
    if "qop" in given:
        middle, ending = f"{nonce}:00000001:abcdef:auth", ', qop=auth, nc=00000001, cnonce="abcdef"'
    response = md5(":".join([md5(f"{user}:{realm}:{password}"), middle, md5(f"{method}:{uri}")]))
    return (f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", response="{response}"'
            + ending)


class Phone:
    """`address`: where it is. `proxy`: whom it sends everything to, (host, port). `domain`: its own."""

    def __init__(self, address, proxy, domain, user, password):
        self.proxy, self.domain, self.user, self.password = proxy, domain, user, password
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.own = f"{address}:{self.socket.getsockname()[1]}"
        self.number = 0

    def close(self):
        self.socket.close()

    def send(self, text):
        self.socket.sendto(text.encode(), self.proxy)

    def receive(self, seconds):
        """The next message; None when none came."""
        self.socket.settimeout(max(seconds, 0.001))
        try:
            octets, source = self.socket.recvfrom(65536)
        except TimeoutError:
            return None
        return Message(octets.decode(), source)

    def register(self, user=None):
        """The code of the answer. `user`: None = itself."""
        call = Call(self, f"sip:{self.domain}", "REGISTER", to=f"sip:{user or self.user}@{self.domain}")
        call.begin()
        return call.final(5).code

    def call(self, uri, headers="", password=None):
        """An INVITE, sent again with credentials when it is asked for them."""
        made = Call(self, uri, "INVITE", headers=headers)
        made.password = password or self.password
        made.begin()
        return made


class Call:
    """A request that begins something, and what came of it."""

    def __init__(self, phone, uri, method, to=None, headers=""):
        phone.number += 1
        self.phone, self.uri, self.method, self.headers = phone, uri, method, headers
        self.id = f"test-{phone.number}-{phone.own.replace(':', '-')}"
        self.to, self.sequence, self.credentials = f"<{to or uri}>", 1, ""
        self.password, self.codes, self.target, self.routes = phone.password, [], uri, []

    def request(self, method, to=None, target=None, more="", body=""):
        phone, branch = self.phone, f"z9hG4bK{self.id}-{self.sequence}"
        if method == "ACK" and target:
            branch += "-ack"
        kind = "Content-Type: application/sdp\r\n" if body else ""
        phone.send(
            f"{method} {target or self.uri} SIP/2.0\r\nVia: SIP/2.0/UDP {phone.own};branch={branch}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{phone.user}@{phone.domain}>;tag=f{phone.number}\r\n"
            f"To: {to or self.to}\r\nCall-ID: {self.id}\r\nCSeq: {self.sequence} {method}\r\n"
            f"Contact: <sip:{phone.user}@{phone.own}>\r\n{more}{kind}Content-Length: {len(body)}\r\n\r\n{body}")

    def begin(self):
        host = self.phone.own.split(":")[0]
        body = (f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"
                if self.method == "INVITE" else "")
        more = "Expires: 600\r\n" if self.method == "REGISTER" else ""
        self.request(self.method, more=self.headers + self.credentials + more, body=body)

    def take(self, answer):
        """Acknowledges, answers challenges, keeps what a dialog needs."""
        self.codes.append(answer.code)
        if self.method == "INVITE" and answer.code >= 300:
            self.request("ACK", to=answer.one("to"))
        if answer.code in (401, 407) and not self.credentials and self.password:
            name = "Authorization" if answer.code == 401 else "Proxy-Authorization"
            challenge = answer.one("www-authenticate" if answer.code == 401 else "proxy-authenticate")
            value = digest(challenge, self.method, self.uri, self.phone.user, self.password)
            self.credentials = f"{name}: {value}\r\n"
            self.sequence += 1
            self.begin()
            return False
        if self.method == "INVITE" and 200 <= answer.code < 300:
            self.to = answer.one("to")
            self.target = re.search(r"<([^>]+)>", answer.one("contact"))[1]
            self.routes = [value for field in answer.all("record-route") for value in re.split(r",\s*(?=<)", field)]
            self.routes.reverse()
            self.request("ACK", target=self.target, more=self.route())
        return answer.code >= 200

    def route(self):
        return "".join(f"Route: {value}\r\n" for value in self.routes)

    def until(self, wanted, seconds):
        """The first response with that code, or the final one: whichever comes first; None when none comes."""
        limit = time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0:
            came = self.phone.receive(left)
            if not came or came.one("call-id") != self.id or came.method != self.method or not came.code:
                continue
            if came.code < 200:
                self.codes.append(came.code)
            elif self.take(came):
                return came
            if came.code == wanted:
                return came
        return None

    def final(self, seconds):
        found = self.until(None, seconds)
        if not found:
            raise AssertionError(f"no final answer to {self.method} {self.uri} within {seconds} s, only {self.codes}")
        return found

    def cancel(self):
        """The codes of the answers to the CANCEL and to the INVITE."""
        self.request("CANCEL")
        found, limit = {}, time.monotonic() + 5
        while len(found) < 2 and time.monotonic() < limit:
            came = self.phone.receive(1)
            if came and came.code >= 200 and came.one("call-id") == self.id:
                found[came.method] = came.code
                if came.method == "INVITE":
                    self.request("ACK", to=came.one("to"))
        return found.get("CANCEL"), found.get("INVITE")

    def bye(self):
        """The code of the answer."""
        self.sequence += 1
        self.request("BYE", target=self.target, more=self.route())
        limit = time.monotonic() + 5
        while time.monotonic() < limit:
            came = self.phone.receive(1)
            if came and came.code >= 200 and came.method == "BYE" and came.one("call-id") == self.id:
                return came.code
        return None

    def ended(self, seconds):
        """The BYE of the other side, answered; None when none comes."""
        limit = time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0:
            came = self.phone.receive(left)
            if came and came.first.startswith("BYE") and came.one("call-id") == self.id:
                kept = [f"{name}: {value}\r\n" for name, value in came.fields
                        if name in ("via", "from", "to", "call-id", "cseq")]
                self.phone.send(f"SIP/2.0 200 OK\r\n{''.join(kept)}Content-Length: 0\r\n\r\n")
                return came
        return None
