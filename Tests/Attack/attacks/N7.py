"""A web server that hangs: it delays no other, and documents do not wait for callbacks."""

import time

from figures import Figure, percentile
from stage import HOST, Phone, Prober, Server, Web, sdp


def documents(tool, folder, is_long):
    """So many documents at once that never come."""
    with Web(lambda path, body: None) as web:
        with Server(tool, folder, options=["--url", web.url + "/document", "--set", "http_retries=0",
                                           "--set", "http_timeout=3"]) as server:
            phone = Phone(server.port)
            with Prober(server.port, every=0.005) as prober:
                for number in range(1_000):
                    phone.send(phone.request("INVITE", number, body=sdp(40_000)))
                    time.sleep(0.0005)
                time.sleep(12 if is_long else 5)
            phone.close()
            return [
                Figure("OPTIONS answered within, 99 of 100, 1,000 hang", prober.worst(), "ms", most=50),
                Figure("OPTIONS unanswered", prober.lost, most=0),
            ]


def callbacks(tool, folder):
    """Callbacks that hang, of another server and of the same one."""
    asked = {}

    def reply(path, body):
        if path == "/callback":
            return None
        text = body.decode()
        number = text.split("From=sip%3Ap")[1].split("%40")[0] if "From=sip%3Ap" in text else ""
        asked[number] = time.monotonic()
        return 200, "text/xml", (
            f'<Response><Dial timeout="60"><Sip statusCallback="{place}/callback" '
            f'statusCallbackEvent="initiated">sip:silent@{HOST}:{silent.port}</Sip></Dial></Response>').encode()

    figures = []
    with Web(reply) as web, Web(lambda path, body: None) as hanging:
        for place, name in ((hanging.url, "of another server"), (web.url, "of the same server")):
            asked.clear()
            with Server(tool, folder, options=["--url", web.url + "/document"]) as server:
                silent, phone = Phone(server.port), Phone(server.port)
                for number in range(320):
                    phone.send(phone.request("INVITE", number, body=sdp(40_000)))
                    time.sleep(0.005)
                time.sleep(0.5)
                waits = []
                for number in range(1_000, 1_020):
                    begun = time.monotonic()
                    phone.send(phone.request("INVITE", number, body=sdp(40_000)))
                    while str(number) not in asked and time.monotonic() - begun < 2:
                        time.sleep(0.001)
                    waits.append(asked.get(str(number), float("inf")) - begun)
                for each in (silent, phone):
                    each.close()
            figures.append(Figure(
                f"a document is asked for within, callbacks {name} hang", percentile(waits, 0.9) * 1000, "ms", most=100))
    return figures


def run(tool, folder, is_long):
    return documents(tool, folder, is_long) + callbacks(tool, folder)
