"""More INVITEs than anybody can serve: running calls and OPTIONS do not notice, memory stays within `max_memory`."""

import time

from calls import Flood, Talk
from figures import Figure
from stage import HOST, Prober, Server, free_port

LIMIT = 128  # MiB


def run(tool, folder, is_long):
    calls, rate, seconds = (100, 5_000, 60) if is_long else (20, 3_000, 6)
    callee = free_port()
    document = f'<Response><Dial timeout="20"><Sip>sip:phone@{HOST}:{callee}</Sip></Dial></Response>'
    options = ["--media", "anchored", "--set", f"max_memory={LIMIT << 20}"]
    if not is_long:
        # A quick machine serves all of the few that come.
        options += ["--set", "max_calls=1000"]
    with Server(tool, folder, document, options) as server, Talk(server.port, callee, calls) as talk:
        talk.start()
        before = peak = server.memory()
        with Prober(server.port) as prober, Flood(server.port, rate) as flood:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                time.sleep(0.1)
                peak = max(peak, server.memory())
            told = flood.stop()
        spoken = talk.stop()
        figures = [
            Figure("INVITEs a second", int(told["rate"]), least=rate * 0.8),
            Figure("refused with 503", told["codes"].get("503", 0), least=1),
            Figure("  of them with Retry-After, or not to be larger", told["patient"], least=1),
            Figure("RTP packets lost", spoken["lost"], f"of {spoken['sent']}", most=0),
            Figure("RTP packets through within, 99 of 100", spoken["wait"], "ms", most=60),
            Figure("OPTIONS answered within, 99 of 100", prober.worst(), "ms", most=50),
            Figure("OPTIONS not answered", prober.lost, f"of {len(prober.waits) + prober.lost}", most=0),
            Figure("memory", peak, "MiB", most=LIMIT),
        ]
        if is_long:
            end = time.monotonic() + 60
            while time.monotonic() < end and server.memory() > before + 16:
                time.sleep(1)
            figures.append(Figure("memory a minute later, above what it was", server.memory() - before, "MiB", most=16))
        return figures
