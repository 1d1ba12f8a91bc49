"""One INVITE to servers whose documents dial themselves and each other: no fork bomb."""

import os
import re
import time
import urllib.request

from figures import Figure
from stage import HOST, Phone, Prober, Server, free_port, sdp


def dial(targets):
    nouns = "".join(f"<Sip>sip:{user}@{HOST}:{port}</Sip>" for user, port in targets)
    return f"<Response><Dial>{nouns}</Dial></Response>"


class Mirror(Server):
    """A server whose document dials ports that are known only when all servers are made."""

    def __init__(self, tool, folder, options=()):
        self.metrics = free_port()
        super().__init__(tool, folder, options=(*options, "--metrics", f"{HOST}:{self.metrics}"))

    def dials(self, targets):
        path = os.path.join(self.folder, f"mirror-{self.port}.xml")
        with open(path, "w") as file:
            file.write(dial(targets))
        self.command += ["--document", path]

    def metric(self, name):
        with urllib.request.urlopen(f"http://{HOST}:{self.metrics}/metrics", timeout=10) as reply:
            text = reply.read().decode()
        return sum(int(float(value)) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.M))


def bomb(servers, name, is_long):
    """One INVITE, and a CANCEL after a second if nothing has ended it by then."""
    phone = Phone(servers[0].port)
    before = sum(server.memory() for server in servers)
    cpu = sum(server.seconds() for server in servers)
    at_once = 0
    with Prober(servers[0].port) as prober:
        invite = phone.request("INVITE", 1, body=sdp(40_000))
        phone.send(invite)
        end = time.monotonic() + 0.8
        while time.monotonic() < end:
            at_once = max(at_once, *(server.metric("rcml_legs_active") for server in servers))
            phone.read(0.02)
        phone.send(phone.request("CANCEL", 1).replace("xCANCEL;", "xINVITE;"))
        time.sleep(8 if is_long else 1)
        legs = sum(server.metric("rcml_legs_started_total") for server in servers)
        quiet = sum(server.seconds() for server in servers)
        time.sleep(1)
        active = sum(server.metric("rcml_legs_active") for server in servers)
    phone.close()
    return [
        Figure(f"{name}: legs", legs, most=200),
        Figure(f"{name}: legs at once at one server", at_once, most=60),
        Figure(f"{name}: legs left", active, most=0),
        Figure(f"{name}: CPU", quiet - cpu, "s", most=1.0),
        Figure(f"{name}: CPU in a quiet second", sum(s.seconds() for s in servers) - quiet, "s", most=0.1),
        Figure(f"{name}: memory it grew by", sum(s.memory() for s in servers) - before, "MiB", most=24),
        Figure(f"{name}: OPTIONS answered within, 99 of 100", prober.worst(), "ms", most=50),
    ]


def run(tool, folder, is_long):
    figures = []
    for name, users in (("one user", 1), ("two users", 2), ("ten users", 10)):
        with_own = Mirror(tool, folder)
        with_own.dials([(f"u{number}", with_own.port) for number in range(users)])
        with with_own as server:
            figures += bomb([server], name, is_long)
    for name, users in (("two servers", 2), ("two servers, ten users", 10)):
        one, other = Mirror(tool, folder), Mirror(tool, folder)
        one.dials([(f"u{number}", other.port) for number in range(users)])
        other.dials([(f"u{number}", one.port) for number in range(users)])
        if name == "two servers" or is_long:
            with one as first, other as second:
                figures += bomb([first, second], name, is_long)
    return figures
