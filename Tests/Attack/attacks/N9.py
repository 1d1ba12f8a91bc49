"""Strangers fill no disk: log and journal have limits, and need not hold what is refused."""

import os
import time

from figures import Figure
from stage import Phone, Prober, Server


def size(path):
    return sum(os.path.getsize(path + end) for end in ("", ".1") if os.path.exists(path + end))


def attack(tool, folder, name, options, seconds):
    journal, log = os.path.join(folder, name + ".journal"), os.path.join(folder, name + ".log")
    with Server(tool, folder, "<Response><Hangup/></Response>",
                ["--journal", journal, "--log", log, *options]) as server:
        phone = Phone(server.port)
        time.sleep(0.2)
        before, begun, sent = size(journal), time.monotonic(), 0
        with Prober(server.port) as prober:
            while time.monotonic() - begun < seconds:
                sent += 1
                phone.send(phone.request(("REGISTER", "MESSAGE", "OPTIONS", "BYE")[sent % 4], sent))
                time.sleep(max(0, begun + sent / 2000 - time.monotonic()))
        time.sleep(0.3)
        grew = size(journal) - before
        phone.close()
    with open(log, encoding="utf-8") as words:
        lines = sum("refused" in line for line in words)
    return sent, grew, lines, prober


def run(tool, folder, is_long):
    seconds = 20 if is_long else 3
    sent, grew, lines, prober = attack(tool, folder, "whole", [], seconds)
    figures = [
        Figure("requests of strangers", sent, least=1_000),
        Figure("lines about them, three kinds a second", lines, most=4 * (seconds + 2)),
        Figure("journal of all of them", grew // 1024, "KiB"),
        Figure("OPTIONS answered within, 99 of 100", prober.worst(), "ms", most=50),
    ]
    _, grew, _, _ = attack(tool, folder, "without", ["--set", "journal_refusals=false"], seconds)
    figures.append(Figure("journal without them", grew // 1024, "KiB", most=8))
    _, grew, _, _ = attack(tool, folder, "limited", ["--set", "journal_limit=200000"], seconds)
    figures.append(Figure("journal with a limit of 200,000", grew // 1024, "KiB", most=391))
    return figures
