"""One address takes all connections and keeps them with line ends: others still get one, and nobody keeps what he does not use."""

import select
import socket
import time

from figures import Figure
from stage import HOST, Prober, Server

SHARE = 100


def connect(port, source=HOST):
    one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    one.settimeout(2)
    one.bind((source, 0))
    one.connect((HOST, port))
    return one


def lives(one):
    """It was not hung up on."""
    if not select.select([one], [], [], 0)[0]:
        return True
    try:
        return bool(one.recv(4096))
    except OSError:
        return False


def options(one):
    own = one.getsockname()[1]
    one.sendall(
        (f"OPTIONS sip:a@{HOST} SIP/2.0\r\nVia: SIP/2.0/TCP {HOST}:{own};branch=z9hG4bKn10{own}\r\n"
         f"Max-Forwards: 70\r\nFrom: <sip:b@{HOST}>;tag={own}\r\nTo: <sip:a@{HOST}>\r\nCall-ID: n10-{own}\r\n"
         "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n").encode())
    one.settimeout(2)
    try:
        return one.recv(4096).startswith(b"SIP/2.0 200")
    except OSError:
        return False


def run(tool, folder, is_long):
    settings = ["--set", f"max_connections_per_address={SHARE}", "--set", "max_connections=1000"]
    with Server(tool, folder, "<Response/>", settings, transports=("udp", "tcp")) as server:
        with Prober(server.port) as prober:
            greedy = [connect(server.port) for _ in range(3 * SHARE)]
            time.sleep(0.5)
            kept = sum(lives(one) for one in greedy)
            other = connect(server.port, "127.0.0.2")
            answered = int(options(other))
            figures = [
                Figure("connections one address keeps, of 300", kept, most=SHARE, least=SHARE),
                Figure("another address is answered", answered, least=1),
                Figure("the host hears of it", server.words().count("max_connections_per_address"), least=1),
            ]
            if is_long:
                # The idle time is 64 s.
                end, left = time.monotonic() + 80, greedy
                while time.monotonic() < end:
                    left = [one for one in left if lives(one)]
                    for one in left:
                        try:
                            one.sendall(b"\r\n\r\n")
                        except OSError:
                            pass
                    time.sleep(10)
                figures.append(Figure("kept by line ends for 80 s", sum(lives(one) for one in left), most=0))
        for one in [*greedy, other]:
            one.close()
        figures.append(Figure("OPTIONS answered within, 99 of 100", prober.worst(), "ms", most=50))
        return figures
