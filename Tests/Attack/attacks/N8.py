"""Idle connections take all descriptors, or calls all ports: media that is to come by here goes no other way."""

import re
import resource
import socket
import subprocess
import time

from figures import Figure
from stage import HOST, Phone, Prober, Server, free_port, sdp


class Few(Server):
    """With so many descriptors."""

    def __init__(self, limit, *rest, **named):
        super().__init__(*rest, **named)
        self.limit = limit

    def __enter__(self):
        begin = subprocess.Popen
        limits = (self.limit, self.limit)

        def limited(*rest, **named):
            return begin(*rest, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limits), **named)

        subprocess.Popen = limited
        try:
            return super().__enter__()
        finally:
            subprocess.Popen = begin


def idle(port, count):
    """Connections that say nothing, as many as are taken."""
    taken = []
    for _ in range(count):
        try:
            taken.append(socket.create_connection((HOST, port), timeout=2))
        except OSError:
            break
    time.sleep(0.5)
    return taken


def final(phone, number):
    """The code of a new call's final response, and where its sound would be."""
    phone.send(phone.request("INVITE", number, body=sdp(41_000)))
    text = phone.wait_for(rf"^SIP/2.0 [2-6]\d\d[^$]*c{number}-", 5) or ""
    media = re.search(r"\r\nm=audio (\d+)", text)
    return text[8:11], int(media.group(1)) if media else 0, text


def run(tool, folder, is_long):
    called = Phone(0)  # it never answers
    document = f'<Response><Dial><Sip>sip:phone@{HOST}:{called.port}</Sip></Dial></Response>'
    figures = []
    with Few(128, tool, folder, document, ["--media", "anchored"], transports=("udp", "tcp")) as server:
        phone, connections = Phone(server.port), idle(server.port, 400)
        phone.send(phone.request("INVITE", 1, body=sdp(41_000)))
        invite = called.wait_for(r"^INVITE", 5) or ""
        own = re.search(r"\r\nm=audio (\d+)", invite)
        figures += [
            Figure("idle connections tried, with 128 descriptors", len(connections)),
            Figure("the callee is told of a place of ours", int(bool(own) and own.group(1) != "41000"), least=1),
            Figure("the host hears why", server.words().count("kept for the media of calls"), least=1),
        ]
        for one in connections:
            one.close()
        phone.close()
    # Four ports carry two streams: one call with two parties.
    first = free_port() // 4 * 4
    options = ["--media", "anchored", "--set", f"rtp_ports={first}-{first + 3}"]
    with Server(tool, folder, document, options) as server, Prober(server.port) as prober:
        phone = Phone(server.port)
        for number in (1, 2):
            phone.send(phone.request("INVITE", number, body=sdp(41_000)))
            time.sleep(0.3)
        code, port, text = final(phone, 3)
        figures += [
            Figure("a call without a port gets", int(code or 0), least=503, most=503),
            Figure("  and a reason", int("\r\nReason:" in text), least=1),
            Figure("calls answered with another's place", int(port == 41_000), most=0),
            Figure("the host hears of it", server.words().count("its media is to come by here"), least=1),
        ]
        phone.close()
    called.close()
    figures.append(Figure("OPTIONS answered within, 99 of 100", prober.worst(), "ms", most=50))
    return figures
