"""Authenticated calls, more in a minute than anything could remember: none of them is refused, and a replay is."""

import hashlib
import re
import time

from figures import Figure
from stage import HOST, Phone, Prober, Server, sdp

DOCUMENT = '<Response><Reject reason="busy"/></Response>'
USER, PASSWORD = "operator", "open-sesame"
AT_ONCE = 64


def digest(challenge, uri):
    fields = dict(re.findall(r'(\w+)="?([^",\r]+)"?', challenge))
    algorithm = fields.get("algorithm", "MD5").upper()
    make = hashlib.sha256 if algorithm == "SHA-256" else hashlib.md5

    def h(text):
        return make(text.encode()).hexdigest()

    secret = h(f"{USER}:{fields['realm']}:{PASSWORD}")
    count, own = "00000001", "c0ffee"
    response = h(f"{secret}:{fields['nonce']}:{count}:{own}:auth:{h(f'INVITE:{uri}')}")
    return (f'Authorization: Digest username="{USER}", realm="{fields["realm"]}", nonce="{fields["nonce"]}", uri="{uri}", '
            f'algorithm={algorithm}, qop=auth, nc={count}, cnonce="{own}", response="{response}"')


def run(tool, folder, is_long):
    wanted = 10_500 if is_long else 4_300
    options = ["--set", f"require_auth={USER}:{PASSWORD}"]
    with Server(tool, folder, DOCUMENT, options) as server, Prober(server.port) as prober:
        phone = Phone(server.port)
        uri = f"sip:service@{HOST}:{server.port}"
        finals, begun, last = {}, 0, None
        limit = time.monotonic() + (120 if is_long else 40)
        while len(finals) < wanted and time.monotonic() < limit:
            while begun < wanted and begun - len(finals) < AT_ONCE:
                begun += 1
                phone.send(phone.request("INVITE", begun, body=sdp(40_000)))
            text = phone.read(1)
            if not text or not text.startswith("SIP/2.0") or text.startswith("SIP/2.0 1"):
                continue
            number = int(re.search(r"\r\n(?:call-id|i): *c(\d+)-", text, re.I).group(1))
            cseq = int(re.search(r"cseq: *(\d+)", text, re.I).group(1))
            tag = re.search(r"\r\n(?:to|t):[^\r]*(;tag=[^\r;]+)", text, re.I).group(1)
            phone.send(phone.request("ACK", number, cseq=cseq, to_tag=tag).replace(
                f"x{cseq}xACK", f"x{cseq}xINVITE"))
            if text.startswith("SIP/2.0 401") and cseq == 1:
                last = digest(re.search(r"www-authenticate: *([^\r]*)", text, re.I).group(1), uri)
                phone.send(phone.request("INVITE", number, cseq=2, fields=[last], body=sdp(40_000)))
            elif cseq == 2:
                finals[number] = text[8:11]
        # The same credentials once more, for another call.
        phone.send(phone.request("INVITE", begun + 1, cseq=7, fields=[last], body=sdp(40_000)))
        replay = phone.wait_for(rf"^SIP/2.0 [2-6][^$]*c{begun + 1}-", 5) or ""
        phone.close()
    codes = list(finals.values())
    return [
        Figure("calls that were let in (486 by the document)", codes.count("486"), least=wanted),
        Figure("refused, though their credentials are right", codes.count("401") + codes.count("403"), most=0),
        Figure("a replay is refused with", int(replay[8:11] or 0), least=401, most=403),
        Figure("OPTIONS answered within, 99 of 100", prober.worst(), "ms", most=50),
    ]
