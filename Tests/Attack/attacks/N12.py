"""Requests that are shorter than an answer to them: answered all the same, and no call without a Contact."""

import re

from figures import Figure
from stage import HOST, Phone, Server


def minimal(phone, method, *fields):
    return "\r\n".join([
        f"{method} sip:a@{HOST} SIP/2.0", f"Via: SIP/2.0/UDP {HOST}:{phone.port};branch=z9hG4bKn{method}",
        f"From: <sip:c@{HOST}>;tag=c", f"To: <sip:a@{HOST}>", f"Call-ID: n{method}{phone.port}", f"CSeq: 1 {method}",
        *fields, "", ""])


def ask(port, method, *fields):
    """The code of the answer, or 0, and how much longer it is than what was asked."""
    phone = Phone(port)
    text = minimal(phone, method, *fields)
    phone.send(text)
    answer = phone.read(1.5)
    phone.close()
    found = re.match(r"SIP/2.0 (\d+)", answer or "")
    return (int(found.group(1)) if found else 0), len(answer or "") / len(text)


def run(tool, folder, is_long):
    figures = []
    with Server(tool, folder, '<Response><Pause length="9"/></Response>') as server:
        for method, code in (("OPTIONS", 200), ("REGISTER", 405), ("BYE", 481), ("MESSAGE", 405), ("DANCE", 501)):
            got, factor = ask(server.port, method)
            figures.append(Figure(f"a minimal {method} is answered", got, least=code, most=code))
            figures.append(Figure(f"a minimal {method}: octets for octets", factor, most=1.0))
        got, factor = ask(server.port, "INVITE", "Content-Length: 0")
        figures.append(Figure("an INVITE without Contact is answered", got, least=400, most=400))
        figures.append(Figure("an INVITE without Contact: octets for octets", factor, most=1.0))
    with Server(tool, folder, "<Response/>", options=("--set", "require_auth=alice:open-sesame")) as server:
        got, factor = ask(server.port, "INVITE", f"Contact: <sip:c@{HOST}>", "Content-Length: 0")
        figures.append(Figure("an INVITE without SDP is challenged", got, least=401, most=401))
        figures.append(Figure("its challenge: octets for octets", factor, most=2.0))
    return figures
