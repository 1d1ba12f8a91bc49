"""Documents that ask for each other for ever: a call asks for few of them, and ends."""

import re
import time

from figures import Figure
from stage import Phone, Prober, Server, Web, sdp


def loop(verbs):
    """What a document that comes back to itself does."""
    text = f"<Response>{verbs}<Redirect>/again</Redirect></Response>".encode()
    return lambda path, body: (404, "text/plain", b"") if path == "/none.wav" else (200, "text/xml", text)


def call(server, seconds):
    """One call, for so long; how long it lasted."""
    phone = Phone(server.port)
    began = time.monotonic()
    phone.send(phone.request("INVITE", 1, body=sdp(40_000)))
    ended = None
    while ended is None and time.monotonic() - began < seconds:
        text = phone.read(0.1) or ""
        if text.startswith("SIP/2.0 200") and "CSeq: 1 INVITE" in text:
            tag = re.search(r"\r\n(?:to|t):[^\r]*(;tag=[^\r;]+)", text, re.I).group(1)
            phone.send(phone.request("ACK", 1, to_tag=tag))
        if text.startswith("BYE") or re.match(r"SIP/2.0 [3-6]\d\d", text):
            ended = time.monotonic() - began
    phone.close()
    return ended or float("inf")


def run(tool, folder, is_long):
    figures = []
    with Web(loop("<Play>/none.wav</Play>")) as web:
        with Server(tool, folder, options=["--url", web.url + "/first"]) as server, Prober(server.port) as prober:
            lasted = call(server, 20)
        documents = sum(not path.endswith(".wav") for _, path in web.requests)
        figures += [
            Figure("documents of a call whose Play fails", documents, most=21),
            Figure("it ended within", lasted, "s", most=10),
            Figure("OPTIONS answered within, 99 of 100", prober.worst(), "ms", most=50),
        ]
    limits = ["--set", "max_documents_per_call=5"]
    with Web(loop('<Pause length="1"/>')) as web:
        with Server(tool, folder, options=["--url", web.url + "/first", *limits]) as server:
            lasted = call(server, 20)
        figures += [
            Figure("documents of a call that pauses, max_documents_per_call=5", len(web.requests), most=6),
            Figure("it ended within", lasted, "s", most=10),
        ]
    with Web(loop('<Pause length="1"/>')) as web:
        options = ["--url", web.url + "/first", "--set", "max_call_duration=3"]
        with Server(tool, folder, options=options) as server:
            lasted = call(server, 20)
        figures += [Figure("a call that pauses lasts, max_call_duration=3", lasted, "s", most=4, least=2.5)]
    return figures
