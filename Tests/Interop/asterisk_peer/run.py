#!/usr/bin/env python3
"""rcml as a SIP peer of a real Asterisk, by the configuration of examples/asterisk/peer and by nothing else: a phone dials 100,
Asterisk dials `rcml serve` with a header, the document's party is dialled through Asterisk again.

Passes only if both hear each other, keys arrive, the web application and the journal show the header, the document cannot reach
what the context does not name, Asterisk goes on without rcml when it is not there, and the journal replays byte for byte.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(HERE, "..", "asterisk"), os.path.join(HERE, "..")]
from called import Phone  # noqa: E402
from caller import Caller  # noqa: E402
from server import HOST, PROJECT, Asterisk, free_port  # noqa: E402
from web import Web  # noqa: E402

PEER = "127.21.0.8"
RECIPE = os.path.join(PROJECT, "examples", "asterisk", "peer")


def recipe(name, ports):
    """A file of the recipe, with the addresses of this machine."""
    with open(os.path.join(RECIPE, name)) as file:
        text = file.read()
    for shown, ours in {"192.0.2.1:5060": f"{HOST}:{ports[0]}", "192.0.2.2:5060": f"{PEER}:{ports[1]}",
                        "192.0.2.2": PEER, "192.0.2.1": HOST}.items():
        text = text.replace(shown, ours)
    return text


class Peer:
    """`rcml serve` as the recipe says it."""

    def __init__(self, options, folder, port, ports, url):
        settings = os.path.join(folder, "rcml.settings")
        with open(settings, "w") as file:
            file.write(recipe("rcml.settings", ports))
        self.journal = os.path.join(folder, "journal")
        self.log = open(os.path.join(folder, "serve.log"), "w")
        self.process = subprocess.Popen(
            [options.tool, "serve", "--listen", f"udp:{PEER}:{port}", "--settings", settings, "--url", url, "--journal",
             self.journal, "--json",
             # Of several loopback addresses a socket sends from the first, whatever SDP says.
             "--set", "rtp_lock=any"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log)
        if not self.process.stdout.readline():
            raise SystemExit("rcml serve did not start: " + open(self.log.name).read())
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=subprocess.DEVNULL)
        self.process.stdout.close()

    def end(self):
        """@return its exit code"""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.drain.wait(5)
        self.log.close()
        return self.process.returncode


def talk(asterisk, alice, web, peer):
    """A whole call. Yields what was wrong."""
    caller = Caller((HOST, asterisk.port), "100", user="1001")
    try:
        if caller.final() != 200:
            yield f"the caller got {caller.final()}"
        caller.wait(lambda: len(caller.keys) == 2, 5)  # the phone's sound begins behind its keys
        caller.press("15")
        time.sleep(1.5)
        asked = (web.of("/document") or [{}])[0]
        if asked.get("SipHeader_X-Tenant") != "7":
            yield f"the web application was asked {asked}"
        if "1001" not in asked.get("From", ""):
            yield f"the caller is {asked.get('From')!r} for the web application"
        incoming = alice.wait("incoming")
        if "1001" not in str(incoming):
            yield f"the phone saw {incoming}"
        if alice.keys() != "15":
            yield f"the phone got the keys {alice.keys()!r}"
        if "".join(caller.keys) != "42":
            yield f"the caller got the keys {caller.keys}"
        if caller.heard(880) < 1:
            yield f"the caller heard 880 Hz for {caller.heard(880)} s"
        caller.hang_up()
        if not alice.wait("ended") or alice.heard(620) < 1:
            yield f"the phone heard 620 Hz for {alice.heard(620)} s"
    finally:
        caller.end()
    with open(peer.journal, "rb") as file:
        if not re.search(rb"X-Tenant: 7", file.read()):
            yield "the header is not in the journal"


def out_of_reach(asterisk, web):
    """A document names a number; the context has none."""
    web.documents["/document"] = "<Response><Dial><Sip>sip:0900123@pbx.example.com</Sip></Dial></Response>"
    caller = Caller((HOST, asterisk.port), "100")
    try:
        if caller.final() != 404:
            yield f"a number that the context does not name: the caller got {caller.final()}"
    finally:
        caller.end()


def without_peer(asterisk, alice):
    """rcml is not there: the dialplan rings the phone."""
    with alice.changed:
        alice.events.clear()
    asterisk.command("pjsip qualify rcml")
    limit = time.monotonic() + 10
    while "Unavail" not in asterisk.command("pjsip show contacts") and time.monotonic() < limit:
        time.sleep(0.2)
    started = time.monotonic()
    caller = Caller((HOST, asterisk.port), "100")
    try:
        if caller.final() != 200 or time.monotonic() - started > 3:
            yield f"without rcml: the caller got {caller.final()}, {time.monotonic() - started:.1f} s later"
    finally:
        caller.end()


def run(options, folder):
    ports = (free_port(), free_port(PEER))
    web = Web({"/document": "<Response><Dial><Sip>sip:alice@pbx.example.com</Sip></Dial></Response>"})
    # Asterisk takes no packet of a phone it is still getting to know, so the first key does not come at once.
    alice = Phone(options.tool, folder, "alice", ["--ring", "0.3", "--digits", "www4w2"], 880)
    asterisk = Asterisk(
        folder, options.library,
        {"extensions.conf": recipe("extensions.conf", ports) + "\n[test]\ninclude => internal\n",
         "pjsip.conf": recipe("pjsip.conf", ports)}, {"alice": alice.uri}, port=ports[0])
    peer = None
    failures = []
    try:
        peer = Peer(options, folder, ports[1], ports, web.url + "/document")
        asterisk.start()
        failures += talk(asterisk, alice, web, peer)
        failures += out_of_reach(asterisk, web)
        if peer.end() != 0:
            failures.append(f"rcml serve ended with {peer.process.returncode}")
        replay = subprocess.run([options.tool, "replay", peer.journal], capture_output=True, text=True, timeout=120)
        if replay.returncode:
            failures.append("replay: " + (replay.stderr or replay.stdout)[:600])
        failures += without_peer(asterisk, alice)
    finally:
        asterisk.end()
        if peer:
            peer.end()
        alice.end()
        web.end()
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--library", required=True, help="where librcml is installed")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a failed run")
    options = parser.parse_args()
    options.tool, options.library = os.path.abspath(options.tool), os.path.abspath(options.library)
    os.environ["LD_LIBRARY_PATH"] = options.library + "/lib"
    folder = tempfile.mkdtemp(prefix="rcml-asterisk-peer-")
    started = time.monotonic()
    failures = ["it did not finish"]
    try:
        failures = run(options, folder)
    finally:
        if failures and options.keep:
            print("kept: " + folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{'FAIL' if failures else 'ok  '} rcml as a SIP peer, {time.monotonic() - started:.1f} s"
          + "".join("\n     " + one for one in failures))
    print(f"{int(not failures)} passed, {int(bool(failures))} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
