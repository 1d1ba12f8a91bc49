"""Output to a pipe that nobody reads, or whose reader went away: no call hears of it."""

import fcntl
import os
import time

from figures import Figure
from stage import Phone, Prober, Server

SET_PIPE_SIZE = 1031


def attack(tool, folder, is_closed, is_long):
    reader, writer = os.pipe()
    fcntl.fcntl(writer, SET_PIPE_SIZE, 4096)
    where = "its reader gone" if is_closed else "nobody reading"
    with Server(tool, folder, "<Response><Hangup/></Response>", ["--transport-log"], output=writer) as server:
        os.close(writer)
        if is_closed:
            os.close(reader)
        phone = Phone(server.port)
        with Prober(server.port) as prober:
            begun, sent = time.monotonic(), 0
            while time.monotonic() - begun < (20 if is_long else 3):
                sent += 1
                phone.send(phone.request("REGISTER", sent))
                time.sleep(max(0, begun + sent / 1000 - time.monotonic()))
        phone.close()
        lives = server.lives
        grew = server.memory()
        begun = time.monotonic()
    took = time.monotonic() - begun
    if not is_closed:
        os.close(reader)
    return [
        Figure(f"OPTIONS unanswered, {where}", prober.lost, most=0),
        Figure("OPTIONS answered within, 99 of 100", prober.worst(), "ms", most=50),
        Figure("it lives", int(lives), least=1),
        Figure("memory", grew, "MiB", most=64),
        Figure("SIGTERM is seen: seconds until the end", took, "s", most=3),
    ]


def run(tool, folder, is_long):
    return attack(tool, folder, False, is_long) + attack(tool, folder, True, is_long)
