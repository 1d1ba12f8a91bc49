#!/usr/bin/env python3
"""Kamailio with examples/kamailio/peer.cfg in front of `rcml serve`: callers are asked who they are, Kamailio says which
document runs, and its parties are rung through Kamailio.

Passes only if nobody without the password comes through, the caller's own X-RCML-URL and P-Asserted-Identity are replaced,
a stranger at rcml's own port is refused, answer, CANCEL and BYE from either side go through Kamailio, and the journal
replays octet for octet.
"""

import argparse
import json
import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from caller import Phone  # noqa: E402
from proxy import DOMAIN, EXAMPLE, Answering, Kamailio  # noqa: E402
from steps import Steps  # noqa: E402

PROXY, RCML, PHONES, CALLER, STRANGER = (f"127.22.1.{last}" for last in range(1, 6))


def free_port(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind((address, 0))
        return held.getsockname()[1]


class Web:
    """The document of whoever is called. `asked`: path and parameters, in their order."""

    def __init__(self):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                asked.append((self.path, dict(urllib.parse.parse_qsl(body))))
                name = os.path.basename(self.path).removesuffix(".xml")
                text = (f'<Response><Dial timeout="20"><Sip>sip:{name}@{DOMAIN}?X-Order=17</Sip></Dial>'
                        "<Hangup/></Response>").encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((RCML, 0), Handler)
        self.url = f"http://{RCML}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Serving:
    """`rcml serve` as the README of the example has it."""

    def __init__(self, tool, folder, port, proxy):
        self.journal = os.path.join(folder, "serve.journal")
        self.log = os.path.join(folder, "serve.log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [tool, "serve", "--json", "--listen", f"udp:{RCML}:{port}", "--url-from", "header:X-RCML-URL",
                 "--trust", PROXY, "--set", f"outbound_proxy=sip:{PROXY}:{proxy};lr", "--set", f"from_domain={DOMAIN}",
                 "--set", "trust_domain=true", "--journal", self.journal],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
        if not self.process.stdout.readline():
            with open(self.log) as text:
                raise SystemExit("rcml serve did not start: " + text.read())

    def end(self):
        """All events."""
        self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate(timeout=30)
        return [json.loads(line) for line in out.splitlines()]

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class Test(Steps):
    def __init__(self, options):
        super().__init__(options, "rcml-peer-")

    def phone(self, user="alice", address=CALLER, proxy=None):
        made = Phone(address, proxy or (PROXY, self.port), DOMAIN, user, user + "-secret")
        self.open.append(made.close)
        return made

    def answering(self, user, *arguments):
        made = Answering(self.options.tool, PHONES, *arguments)
        self.open.append(made.kill)
        self.proxy.locate(user, made.uri.replace("sip:", f"sip:{user}@"))
        return made

    def begin(self):
        self.port, self.rcml = free_port(PROXY), free_port(RCML)
        self.web = Web()
        self.open.append(self.web.close)
        self.proxy = Kamailio(
            self.folder, os.path.join(EXAMPLE, "peer.cfg"), PROXY, self.port,
            {"RCML_IP": RCML, "RCML_PORT": self.rcml, "DOCUMENTS": self.web.url})
        self.open.append(self.proxy.end)
        self.serving = Serving(self.options.tool, self.folder, self.rcml, self.port)
        self.open.append(self.serving.kill)

    def refused(self):
        """Nobody without the password, and nobody past Kamailio."""
        stranger = self.phone(address=STRANGER)
        self.expect("a wrong password", stranger.call(f"sip:carol@{DOMAIN}", password="wrong").final(5).code, 407)
        nobody = self.phone("mallory", STRANGER)
        self.expect("an unknown user", nobody.call(f"sip:carol@{DOMAIN}").final(5).code, 407)
        self.expect("a phone that registers", self.phone().register(), 200)
        self.expect("a phone that registers for another", self.phone().register("bob"), 403)
        direct = self.phone(address=STRANGER, proxy=(RCML, self.rcml))
        header = f"X-RCML-URL: {self.web.url}/stranger.xml\r\n"
        answer = direct.call(f"sip:carol@{DOMAIN}", headers=header).final(5)
        self.expect("a stranger at rcml's port", answer.code, 403)
        self.expect("documents asked for", self.web.asked, [])

    def answered(self):
        """The caller's own words are replaced, and the caller hangs up."""
        carol = self.answering("carol")
        call = self.phone().call(
            f"sip:carol@{DOMAIN}", headers=f"X-RCML-URL: {self.web.url}/evil.xml\r\nx-rcml-url: {self.web.url}/worse.xml\r\n"
            f"P-Asserted-Identity: <sip:boss@{DOMAIN}>\r\nP-Preferred-Identity: <sip:boss@{DOMAIN}>\r\n")
        answer = call.final(10)
        self.expect("the call", answer.code, 200)
        self.expect("who answers", answer.source, (PROXY, self.port))
        self.expect("Record-Route", len(answer.all("record-route")), 1)
        time.sleep(0.3)
        self.expect("the caller's BYE", call.bye(), 200)
        time.sleep(0.3)
        events = carol.end()
        incoming = next((event for event in events if event["event"] == "incoming"), {})
        fields = urllib.parse.parse_qs(incoming.get("headers", ""))
        self.expect("From at the phone", incoming.get("from"), f"sip:alice@{DOMAIN}")
        self.expect("identity at the phone", fields.get("P-Asserted-Identity"), [f"<sip:alice@{DOMAIN}>"])
        self.expect("header of the document", fields.get("X-Order"), ["17"])
        self.expect("Route at the phone", fields.get("Route"), None)
        self.expect("X-RCML-URL at the phone", fields.get("X-RCML-URL"), None)
        self.expect("who called the phone", incoming.get("peer"), f"udp:{PROXY}:{self.port}")
        self.expect("the end at the phone", [event["hangup_by"] for event in events if event["event"] == "ended"],
                    ["caller"])
        self.expect("documents asked for", [path for path, _ in self.web.asked], ["/carol.xml"])
        if self.web.asked:
            self.expect("From of the web application", self.web.asked[0][1].get("From"), f"sip:alice@{DOMAIN}")

    def canceled(self):
        dave = self.answering("dave", "--ring", "20")
        call = self.phone().call(f"sip:dave@{DOMAIN}")
        ringing = call.until(180, 5)
        self.expect("ringing", ringing and ringing.code, 180)
        self.expect("CANCEL", call.cancel(), (200, 487))
        time.sleep(0.3)
        self.expect("the end at the phone", [event["status"] for event in dave.end() if event["event"] == "ended"],
                    ["canceled"])

    def hung_up(self):
        """The called party hangs up: the BYE comes back by Kamailio."""
        erin = self.answering("erin", "--hangup", "0.3")
        call = self.phone().call(f"sip:erin@{DOMAIN}")
        self.expect("the call", call.final(10).code, 200)
        ended = call.ended(5)
        self.expect("who sends BYE", ended and ended.source, (PROXY, self.port))
        self.expect("calls at the phone", len([event for event in erin.end() if event["event"] == "incoming"]), 1)

    def busy(self):
        self.answering("frank", "--code", "486")
        self.expect("a busy party", self.phone().call(f"sip:frank@{DOMAIN}").final(10).code, 486)
        self.expect("nobody there", self.phone().call(f"sip:grace@{DOMAIN}").final(10).code, 404)

    def ends(self):
        time.sleep(0.3)
        events = self.serving.end()
        refused = [event for event in events if event["event"] == "refused"]
        self.expect("refusals", [(event["sip_code"], event["text"]) for event in refused],
                    [(403, "No --trust names this address.")])
        statuses = [event["status"] for event in events if event["event"] == "ended"]
        self.expect("calls at rcml", sorted(statuses), sorted(
            ["failed", "completed", "canceled", "completed", "busy", "failed"]))
        self.expect("the end of rcml serve", self.serving.process.returncode, 0)
        replay = subprocess.run(
            [self.options.tool, "replay", self.serving.journal], capture_output=True, text=True, timeout=300)
        self.expect("replay " + replay.stderr[:500], replay.returncode, 0)
        with open(self.serving.journal, "rb") as octets:
            self.expect("the password in the journal", b"alice-secret" in octets.read(), False)
        said = [line for line in self.proxy.said().splitlines() if "ERROR" in line or "CRITICAL" in line]
        self.expect("errors of kamailio", said, [])

    def example(self):
        """What the README says to run."""
        environment = {**os.environ, "ADDRESS": "127.22.1.9",
                       "PATH": os.path.dirname(self.options.tool) + ":" + os.environ["PATH"]}
        done = subprocess.run([os.path.join(EXAMPLE, "run.sh"), "peer"], env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=40)
        self.expect("run.sh: " + done.stdout[-800:] + done.stderr[-800:], done.returncode, 0)

    def run(self):
        seconds = self.take(
            [self.refused, self.answered, self.canceled, self.hung_up, self.busy, self.ends, self.example])
        print(f"rcml serve behind Kamailio, {seconds:.1f} s: "
              + (f"{len(self.failures)} things went wrong" if self.failures else "all as it should be, journal replayed"))
        return not self.failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a failed run")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    return 0 if Test(options).run() else 1


if __name__ == "__main__":
    sys.exit(main())
