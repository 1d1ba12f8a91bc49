"""Requests of 60 KB inside one dialog: their octets are not kept."""

import time

from figures import Figure
from stage import Phone, Prober, Server

DOCUMENT = '<Response><Gather timeout="120"/></Response>'


def run(tool, folder, is_long):
    with Server(tool, folder, DOCUMENT) as server:
        phone = Phone(server.port)
        tag, target = phone.call(1, 40_000)
        before = server.memory()
        body = "x" * 60_000
        began, sent, peak = time.monotonic(), 0, before
        with Prober(server.port) as prober:
            while time.monotonic() - began < (20 if is_long else 4):
                sent += 1
                phone.send(phone.request(
                    "INFO", 1, cseq=1 + sent, to_tag=tag, uri=target, body=body, kind="application/x-noise"))
                peak = max(peak, server.memory()) if sent % 100 == 0 else peak
                time.sleep(max(0, began + sent / 1000 - time.monotonic()))
        rate = sent / (time.monotonic() - began)
        peak = max(peak, server.memory())
        phone.close()
        return [
            Figure("INFO of 60 KB a second", int(rate), least=300),
            Figure("memory it grew by", peak - before, "MiB", most=16),
            Figure("OPTIONS answered within, 99 of 100", prober.worst(), "ms", most=50),
        ]
