"""Requests of 60 KB inside one dialog: their octets are not kept, not even for a party that never answers."""

import re
import time

from figures import Figure
from stage import HOST, Phone, Prober, Server, sdp

KINDS = {
    "to us": '<Response><Gather timeout="120"/></Response>',
    "to a party that never answers": '<Response><Dial><Sip>sip:phone@{host}:{callee}</Sip></Dial></Response>',
}


def connect(phone, called):
    """A call that is answered, if need be by a party that answers nothing else."""
    if called is None:
        return phone.call(1, 40_000)
    phone.send(phone.request("INVITE", 1, body=sdp(40_000)))
    invite = called.wait_for(r"^INVITE", 10) or ""
    lines = [line for line in invite.split("\r\n") if re.match(r"(via|from|call-id|cseq):", line, re.I)]
    to, body = re.search(r"\r\n(to:[^\r]*)", invite, re.I).group(1), sdp(40_002)
    called.place = (HOST, phone.place[1])
    called.send("\r\n".join(
        ["SIP/2.0 200 OK", *lines, to + ";tag=silent", f"Contact: <sip:phone@{HOST}:{called.port}>",
         "Content-Type: application/sdp", f"Content-Length: {len(body)}", "", body]))
    answer = phone.wait_for(r"^SIP/2.0 200", 10) or ""
    tag = re.search(r"\r\nto:[^\r]*(;tag=[^\r;]+)", answer, re.I).group(1)
    target = re.search(r"\r\ncontact:[^<\r]*<([^>]+)>", answer, re.I).group(1)
    phone.send(phone.request("ACK", 1, to_tag=tag, uri=target))
    return tag, target


def attack(tool, folder, kind, seconds):
    called = Phone(0) if kind != "to us" else None
    document = KINDS[kind].format(host=HOST, callee=called.port if called else 0)
    with Server(tool, folder, document) as server:
        phone = Phone(server.port)
        tag, target = connect(phone, called)
        before = server.memory()
        body = "x" * 60_000
        began, sent, peak = time.monotonic(), 0, before
        with Prober(server.port) as prober:
            while time.monotonic() - began < seconds:
                sent += 1
                phone.send(phone.request(
                    "INFO", 1, cseq=1 + sent, to_tag=tag, uri=target, body=body, kind="application/x-noise"))
                peak = max(peak, server.memory()) if sent % 100 == 0 else peak
                time.sleep(max(0, began + sent / 1000 - time.monotonic()))
        rate = sent / (time.monotonic() - began)
        peak = max(peak, server.memory())
        passed = 0
        while called and (text := called.read(0)):
            passed += text.startswith("INFO")
        figures = [
            Figure(f"INFO of 60 KB a second, {kind}", int(rate), least=300),
            Figure("memory it grew by", peak - before, "MiB", most=16),
            Figure("OPTIONS answered within, 99 of 100", prober.worst(), "ms", most=50),
        ]
        if called:
            figures.insert(1, Figure("passed on, repetitions among them", passed, least=1))
            called.close()
        phone.close()
        return figures


def run(tool, folder, is_long):
    return [figure for kind in KINDS for figure in attack(tool, folder, kind, 20 if is_long else 4)]
