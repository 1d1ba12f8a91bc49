#!/usr/bin/env python3
"""A web application of the usual kind behind `rcml serve`, and calls through it by SIPp.

Every request is logged. The application answers 5 % of them with 500 and 1 % never, chosen by their key, and at most
twice in a row: whoever tries three times delivers everything. Passes only if no callback and no action was lost,
doubled or out of order, and repetitions were repetitions.
"""

import argparse
import asyncio
import collections
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("sipp_run", os.path.join(HERE, "../sipp/run.py"))
sipp = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sipp)

EVENTS = ["initiated", "ringing", "answered", "completed"]


class Application:
    """An HTTP/1.1 server on a thread of its own."""

    def __init__(self):
        self.requests = []  # (path, key, body, status), in the order of their arrival; status 0 = never answered
        self.attempts = collections.Counter()
        self.port = None
        self.ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        self.ready.wait(10)

    def run(self):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(
            asyncio.start_server(self.serve, sipp.HOST, 0, backlog=1024))
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()

    def end(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    def verdict(self, key):
        """What this attempt gets."""
        self.attempts[key] += 1
        attempt = self.attempts[key]
        draw = zlib.crc32(f"{key} {attempt}".encode()) % 100
        if attempt > 2 or draw >= 6:
            return 204
        return 0 if draw == 5 else 500

    async def serve(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                path = head[0].split(" ")[1]
                fields = {}
                for line in head[1:]:
                    name, _, value = line.partition(":")
                    fields[name.strip().lower()] = value.strip()
                body = await reader.readexactly(int(fields.get("content-length", "0")))
                key = fields.get("idempotency-key", "")
                is_action = path.startswith("/action")
                # The reply to an action is a document: a failed one is not repeated, it has a fallback.
                status = 200 if is_action else self.verdict(key)
                self.requests.append((path, key, body.decode(), status))
                if status == 0:
                    await reader.read()  # until the other side gives up
                    return
                content = b"<Response/>" if is_action else b""
                kind = b"Content-Type: text/xml\r\n" if is_action else b""
                writer.write(b"HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s"
                             % (status, kind, len(content), content))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, IndexError, ValueError):
            pass
        finally:
            writer.close()


def judge(requests, calls):
    """What is wrong with the log."""
    failures = []
    bodies = {}
    delivered = collections.defaultdict(list)
    actions = collections.Counter()
    for path, key, body, status in requests:
        if not key:
            failures.append(f"a request without a key: {path}")
        if bodies.setdefault(key, body) != body:
            failures.append(f"a repetition with another body: {body}")
        parameters = dict(urllib.parse.parse_qsl(body))
        if path.startswith("/action"):
            actions[parameters.get("CallSid")] += 1
            if parameters.get("DialCallStatus") != "completed":
                failures.append(f"an action with {parameters.get('DialCallStatus')}")
        elif status == 204:
            delivered[parameters.get("CallSid")].append(
                (parameters.get("StatusCallbackEvent"), parameters.get("SequenceNumber")))
    expected = [(event, str(number)) for number, event in enumerate(EVENTS)]
    for leg, events in delivered.items():
        if events != expected:
            failures.append(f"leg {leg}: {events}")
    if len(delivered) != calls:
        failures.append(f"{len(delivered)} legs were told about, not {calls}")
    if len(actions) != calls or set(actions.values()) != {1}:
        failures.append(f"{len(actions)} calls had an action, {sum(actions.values())} actions in all")
    return failures


def run(options):
    folder = tempfile.mkdtemp(prefix="rcml-web-")
    started = time.monotonic()
    application = Application()
    processes, failures = [], []
    server = drain = None
    try:
        ports = sipp.free_ports(2)
        document = os.path.join(folder, "document.xml")
        web = f"http://{sipp.HOST}:{application.port}"
        with open(document, "w") as text:
            text.write(f'<Response><Dial timeout="20" action="{web}/action">'
                       f'<Sip statusCallback="{web}/status">sip:party@{sipp.HOST}:{ports[1]}</Sip>'
                       "</Dial></Response>")
        callee = sipp.Sipp(folder, "callee", "answers.xml", ports[1], "udp", options.calls, ["-d", "100"])
        processes.append(callee)
        time.sleep(0.5)
        server, drain, port = sipp.serve(
            options.tool, folder, "udp", document, None,
            ["--set", f"callback_timeout={options.timeout}", "--set", "drain_timeout=60"])
        limit = options.calls / options.rate + 60
        caller = sipp.Sipp(
            folder, "caller", "caller.xml", ports[0], "udp", options.calls,
            ["-d", "500", "-r", str(options.rate), "-l", "1000", f"{sipp.HOST}:{port}"])
        processes.append(caller)
        for process in (caller, callee):
            if process.wait(limit) is None:
                failures.append(f"{process.name} did not finish")
            figure = process.figures()
            if figure["succeeded"] != options.calls or figure["failed"] or figure["retransmitted"]:
                failures.append(f"{process.name}: {figure}")
        server.send_signal(signal.SIGINT)
        try:
            status = server.wait(90)
            if status != 0:
                failures.append(f"rcml serve ended with {status}: something was not delivered")
        except subprocess.TimeoutExpired:
            failures.append("rcml serve did not end within 90 s of SIGINT")
        failures += judge(application.requests, options.calls)
        answers = collections.Counter(status for _, _, _, status in application.requests)
        print(f"web: {options.calls} calls at {options.rate}/s, {time.monotonic() - started:.1f} s: "
              f"{len(application.requests)} requests, {answers[500]} answered with 500, {answers[0]} never: "
              + ("; ".join(failures[:10]) if failures else "nothing lost, doubled or out of order"), flush=True)
        if failures:
            print(open(os.path.join(folder, "serve.log")).read()[-1500:], flush=True)
        return not failures
    finally:
        for process in processes:
            process.end()
        sipp.stop(server, drain)
        application.end()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--timeout", type=int, default=3, help="seconds before a request is tried again")
    options = parser.parse_args()
    passed = run(options)
    print("1 passed, 0 failed" if passed else "0 passed, 1 failed")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
