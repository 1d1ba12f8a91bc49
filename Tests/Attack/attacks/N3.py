"""Many HTTPS documents at once, whose handshakes never end: nobody else waits for that."""

import socket
import threading
import time

from figures import Figure
from stage import HOST, Phone, Prober, Server, sdp


def run(tool, folder, is_long):
    calls = 1_000 if is_long else 200
    held, listener = [], socket.socket()
    listener.bind((HOST, 0))
    listener.listen(1024)

    def accept():
        try:
            while True:
                held.append(listener.accept()[0])
        except OSError:
            pass

    threading.Thread(target=accept, daemon=True).start()
    url = f"https://{HOST}:{listener.getsockname()[1]}/document"
    with Server(tool, folder, options=["--url", url, "--set", "http_retries=0"]) as server:
        phone = Phone(server.port)
        before, used = server.memory(), server.seconds()
        with Prober(server.port, every=0.005) as prober:
            time.sleep(0.5)
            for number in range(calls):
                phone.send(phone.request("INVITE", number, body=sdp(40_000)))
            time.sleep(8 if is_long else 4)
        figures = [
            Figure(f"OPTIONS answered within, 99 of 100, {calls} at once", prober.worst(), "ms", most=20),
            Figure("OPTIONS unanswered", prober.lost, most=0),
            Figure("connections to the web server", len(held), least=32),
            Figure("memory it grew by", server.memory() - before, "MiB", most=48),
            Figure("CPU", server.seconds() - used, "s"),
        ]
        phone.close()
    listener.close()
    for each in held:
        each.close()
    return figures
