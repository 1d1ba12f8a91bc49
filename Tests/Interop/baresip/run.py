#!/usr/bin/env python3
"""baresip on both sides of `rcml serve`: a real phone calls, a real phone is called, and what each of them hears is
listened to.

The caller says 1,000 Hz and the called party 600 Hz. Passes only if each hears what it should and nothing else, keys
arrive once, recordings hold both, the server ends cleanly and every journal replays byte for byte.
"""

import argparse
import concurrent.futures
import glob
import http.server
import importlib.util
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import phone  # noqa: E402
import sound  # noqa: E402

SPEC = importlib.util.spec_from_file_location("sipp_run", os.path.join(HERE, "..", "sipp", "run.py"))
sipp = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(sipp)
HOST = sipp.HOST
KEYS = "0123456789*#ABCD"
# Each phone and each server has RTP ports of its own, below those the system gives away.
RTP = itertools.count(16400, 200)
NUMBERING = threading.Lock()


def signalling_ports(address):
    """A port for SIP and one for commands. baresip takes the one behind its SIP port, too."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    while True:
        port, control = sipp.free_ports(2)
        with socket.socket(family, socket.SOCK_STREAM) as first, socket.socket(family, socket.SOCK_STREAM) as second:
            try:
                first.bind((address, port))
                second.bind((address, port + 1))
            except (OSError, OverflowError):
                continue
        if control != port + 1:
            return port, control


def rtp_ports():
    with NUMBERING:
        return next(RTP)


class Web:
    """The web application: a screening document with a prompt, and who pressed what."""

    def __init__(self, folder):
        web = self
        self.requests = []
        sound.write(os.path.join(folder, "prompt.wav"), sound.PROMPT, 3)
        with open(os.path.join(folder, "prompt.wav"), "rb") as file:
            prompt = file.read()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                web.requests.append((self.path, body))
                kind, content = "text/xml", b"<Response/>"
                if self.path == "/prompt.wav":
                    kind, content = "audio/wav", prompt
                elif self.path == "/screen":
                    content = (f'<Response><Gather numDigits="1" timeout="5" action="{web.url}/pressed">'
                               f"<Play>{web.url}/prompt.wav</Play></Gather><Hangup/></Response>").encode()
                elif self.path == "/pressed" and "Digits=1" not in body:
                    content = b"<Response><Hangup/></Response>"
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = answer

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer((HOST, 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://{HOST}:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class Stage:
    """One caller, one called party, one server between them, and what was found wrong."""

    def __init__(self, options, name):
        self.options, self.name = options, name
        self.folder = tempfile.mkdtemp(prefix="rcml-baresip-")
        self.failures, self.figures, self.phones = [], [], []
        self.server = self.drain = None
        self.web = Web(self.folder)

    def prepare(self, dial="", noun="", settings=(), after="", media="anchored", caller=(), callee=(), target=""):
        """Phones and server; `caller` and `callee`: what is special about them; `target`: parameters of the callee's URI."""
        self.caller = self.phone("caller", sound.CALLER, answers="manual", **dict(caller))
        self.callee = self.phone("callee", sound.CALLEE, **dict(callee))
        document = os.path.join(self.folder, "document.xml")
        with open(document, "w") as text:
            text.write(f"<Response><Dial {dial}><Sip {noun}>{self.callee.uri}{target}</Sip></Dial>{after}</Response>")
        first = rtp_ports()
        extra = ["--set", f"media={media}", "--set", f"rtp_ports={first}-{first + 199}"]
        for setting in settings:
            extra += ["--set", setting]
        self.uri = None
        if ":" in dict(caller).get("address", ""):
            port = sipp.free_ports(1)[0]
            extra += ["--listen", f"udp:[::1]:{port}"]
            self.uri = f"sip:anybody@[::1]:{port}"
        self.journal = os.path.join(self.folder, "serve.journal")
        self.server, self.drain, port = sipp.serve(
            self.options.tool, self.folder, "udp", document, self.journal, extra)
        self.uri = self.uri or f"sip:anybody@{HOST}:{port}"

    def phone(self, name, tone, **special):
        one = phone.Phone(
            self.folder, name, tone, signalling_ports(special.get("address", HOST)), rtp_ports(), **special)
        self.phones.append(one)
        return one

    def check(self, right, text):
        if not right:
            self.failures.append(text)

    def talk(self):
        """The caller calls; the moment both talk to each other."""
        self.caller.call(self.uri)
        self.callee.wait("CALL_ESTABLISHED")
        return self.caller.wait("CALL_ESTABLISHED")

    def hang_up(self, who=None):
        (who or self.caller).command("hangup")
        self.caller.wait("CALL_CLOSED", 5)
        self.callee.wait("CALL_CLOSED", 5)
        return time.monotonic()

    def hears(self, who, tone, seconds, gap=0.1, own=None):
        """`who` heard the tone for that long and without gaps, and nothing of its own."""
        heard = who.heard()
        long, hole = heard.seconds(tone), heard.gap(tone)
        self.check(long >= seconds, f"{who.name} heard {tone[0]} Hz for {long:.1f} s of {seconds:.1f} s")
        self.check(hole <= gap, f"{who.name} heard nothing for {hole:.1f} s")
        if own:
            self.check(heard.traced(own) <= 0.1, f"{who.name} heard itself for {heard.traced(own):.1f} s")
        self.figures.append(f"{who.name} {long:.1f} s")
        return heard

    def finish(self):
        """Ends the server and replays."""
        self.server.send_signal(signal.SIGINT)
        try:
            self.check(self.server.wait(15) == 0, f"rcml serve ended with {self.server.returncode}")
        except subprocess.TimeoutExpired:
            self.failures.append("rcml serve did not end within 15 s of SIGINT")
        self.drain.wait(10)
        replayed = subprocess.run(
            [self.options.tool, "replay", self.journal], capture_output=True, text=True, timeout=60)
        self.check(replayed.returncode == 0, "replay: " + (replayed.stderr or replayed.stdout).strip()[:1000])

    def end(self):
        for one in self.phones:
            one.end()
        self.web.end()

    def story(self):
        """What helps to find out why."""
        told = []
        for one in self.phones:
            told.append(f"--- {one.name}\n{one.complaint()}")
        if self.server:
            with open(os.path.join(self.folder, "serve.log"), errors="replace") as text:
                told.append("--- rcml serve\n" + text.read()[-1500:])
            traced = subprocess.run(
                [self.options.tool, "trace", self.journal], capture_output=True, text=True, timeout=60)
            told.append("--- ladder\n" + traced.stdout[-6000:])
        return "\n".join(told)


def both_ways(stage):
    stage.prepare()
    stage.talk()
    time.sleep(3)
    stage.hang_up()
    stage.hears(stage.caller, sound.CALLEE, 2.5, own=sound.CALLER)
    stage.hears(stage.callee, sound.CALLER, 2.5, own=sound.CALLEE)


def screening(stage):
    stage.prepare(noun=f'url="{stage.web.url}/screen"', settings=["answer_mode=immediate"])
    stage.talk()
    time.sleep(2)
    stage.callee.press("1")
    time.sleep(3)
    stage.hang_up()
    heard = stage.hears(stage.callee, sound.CALLER, 2.2, own=sound.CALLEE)
    prompt = heard.seconds(sound.PROMPT)
    stage.check(1.5 <= prompt <= 2.5, f"the called party heard the prompt for {prompt:.1f} s, and pressed after 2 s")
    stage.check((heard.last(sound.PROMPT) or 0) <= (heard.first(sound.CALLER) or 0),
                "the prompt went on when the caller was there")
    heard = stage.hears(stage.caller, sound.CALLEE, 2.2, own=sound.CALLER)
    ringing = heard.seconds(sound.RINGING)
    stage.check(1.3 <= ringing <= 2.6, f"the caller heard ringing for {ringing:.1f} s")
    stage.check((heard.last(sound.RINGING) or 0) <= (heard.first(sound.CALLEE) or 0), "it rang into the call")
    stage.check(heard.traced(sound.PROMPT) == 0, "the caller heard the prompt")
    stage.figures.append(f"prompt {prompt:.1f} s, ringing {ringing:.1f} s")
    asked = [body for path, body in stage.web.requests if path == "/pressed"]
    stage.check(len(asked) == 1 and "Digits=1" in asked[0], f"the key was told as {asked}")
    stage.check(stage.caller.keys() == [], "the key came to the caller")


def whispered(stage):
    """Screened on a caller that still rings, whose media comes by here only for that."""
    stage.prepare(noun=f'url="{stage.web.url}/screen"', media="auto")
    stage.caller.call(stage.uri)
    stage.callee.wait("CALL_ESTABLISHED")
    time.sleep(1.5)
    stage.check(not stage.caller.of("CALL_ESTABLISHED"), "the caller was answered before the called party accepted")
    stage.callee.press("1")
    stage.caller.wait("CALL_ESTABLISHED", 3)
    time.sleep(2)
    stage.hang_up()
    heard = stage.hears(stage.callee, sound.CALLER, 1.6, own=sound.CALLEE)
    prompt = heard.seconds(sound.PROMPT)
    stage.check(1 <= prompt <= 1.8, f"the called party heard the prompt for {prompt:.1f} s, and pressed after 1.5 s")
    heard = stage.hears(stage.caller, sound.CALLEE, 1.6, own=sound.CALLER)
    stage.check(heard.traced(sound.PROMPT) == 0, "the caller heard the prompt")
    stage.check(stage.caller.keys() == [], "the key came to the caller")


def direct(stage):
    """From phone to phone, and the hold with it."""
    stage.prepare(media="direct")
    stage.talk()
    time.sleep(2)
    stage.callee.command("hold")
    stage.caller.wait("CALL_REMOTE_SDP", 3, number=2)
    stage.callee.command("resume")
    stage.caller.wait("CALL_REMOTE_SDP", 3, number=3)
    stage.hang_up()
    stage.hears(stage.caller, sound.CALLEE, 1.6, own=sound.CALLER)
    stage.hears(stage.callee, sound.CALLER, 1.6, own=sound.CALLEE)
    for who, other in ((stage.caller, stage.callee), (stage.callee, stage.caller)):
        source = re.search(r"receiving from \S*:(\d+)", who.everything())
        stage.check(source and other.rtp <= int(source.group(1)) < other.rtp + 100,
                    f"{who.name} did not hear the other party itself")


def digits(stage):
    stage.prepare()
    stage.talk()
    time.sleep(0.5)
    for key in KEYS:
        stage.caller.press(key)
        time.sleep(0.1)
        stage.callee.press(key)
        time.sleep(0.3)
    time.sleep(0.5)
    stage.hang_up()
    for who in stage.phones:
        stage.check("".join(who.keys()) == KEYS, f"{who.name} got the keys {''.join(who.keys())}")
    stage.figures.append(f"{len(KEYS)} keys each way, each once")


def star(stage):
    stage.prepare(dial='hangupOnStar="true"', after="<Pause length=\"2\"/>")
    stage.talk()
    time.sleep(0.5)
    stage.callee.press("*")  # has no effect, and is a key like any other
    time.sleep(0.5)
    stage.caller.press("5")
    time.sleep(0.5)
    pressed = time.monotonic()
    stage.caller.press("*")
    ended = stage.callee.wait("CALL_CLOSED", 3)
    stage.check(not stage.caller.of("CALL_CLOSED"), "the caller was hung up on, too")
    stage.check(stage.callee.keys() == ["5"], f"the called party got the keys {stage.callee.keys()}")
    stage.check(stage.caller.keys() == ["*"], f"the caller got the keys {stage.caller.keys()}")
    stage.caller.wait("CALL_CLOSED", 5)  # after the pause
    stage.figures.append(f"the leg ended {1000 * (ended - pressed):.0f} ms after *")


def hold(stage, holder):
    """Who holds says nothing and hears nothing; the other is not told of it, and is heard again afterwards."""
    stage.prepare()
    stage.talk()
    who = getattr(stage, holder)
    other = stage.callee if who is stage.caller else stage.caller
    time.sleep(1)
    who.command("hold")
    time.sleep(0.3)
    own, others = who.received(), other.received()
    time.sleep(1)
    stage.check(who.received() == own, f"{holder} on hold was sent {who.received() - own} packets")
    stage.check(other.received() == others, f"the other heard {other.received() - others} packets of who was silent")
    who.command("resume")
    time.sleep(0.3)
    own, others = who.received(), other.received()
    time.sleep(1)
    gained, others = who.received() - own, other.received() - others
    stage.check(45 <= gained <= 56 and 45 <= others <= 56,
                f"in the second after the hold {gained} and {others} packets were heard, not 50")
    stage.hang_up()
    stage.check(len(other.of("CALL_REMOTE_SDP")) == 1, "the other party was told of the hold")
    tone = sound.CALLER if who is stage.caller else sound.CALLEE
    # What it keeps is what arrived, without the pause.
    stage.hears(other, tone, 2)


def recording(stage):
    kept = os.path.join(stage.folder, "recordings")
    os.mkdir(kept)
    stage.prepare(dial=f'record="record-from-answer-dual" action="{stage.web.url}/ended"',
                  settings=[f"recordings={kept}"])
    began = stage.talk()
    time.sleep(3)
    talked = stage.hang_up() - began
    time.sleep(0.3)
    files = glob.glob(os.path.join(kept, "*"))
    if len(files) != 1:
        return stage.failures.append(f"there are {len(files)} recordings")
    mode = os.stat(files[0]).st_mode & 0o777
    stage.check(mode == 0o600, f"the recording's mode is {mode:o}")
    stage.check(re.fullmatch(r"RE[0-9a-f]{32}\.wav", os.path.basename(files[0])), "its name is " + files[0])
    channels = sound.read(files[0])
    if len(channels) != 2:
        return stage.failures.append(f"it has {len(channels)} channels")
    seconds = len(channels[0]) / sound.RATE
    stage.check(abs(seconds - talked) <= 0.3, f"it is {seconds:.2f} s long, and they talked for {talked:.2f} s")
    for side, samples, tone, other in (
            ("left", channels[0], sound.CALLER, sound.CALLEE), ("right", channels[1], sound.CALLEE, sound.CALLER)):
        heard = sound.Heard(samples)
        stage.check(heard.seconds(tone) >= 2.6 and heard.gap(tone) <= 0.1,
                    f"{side}: {heard.seconds(tone):.1f} s of {tone[0]} Hz, gap {heard.gap(tone):.1f} s")
        stage.check(heard.traced(other) == 0, f"{side}: the other party is in it")
    told = [body for path, body in stage.web.requests if path == "/ended"]
    stage.check(len(told) == 1 and "RecordingUrl=" in told[0], f"the action was told {told}")
    stage.figures.append(f"{seconds:.2f} s recorded of {talked:.2f} s")


def transcoded(stage):
    stage.prepare(caller={"codecs": "pcmu"}, callee={"codecs": "pcma"})
    stage.talk()
    time.sleep(2)
    stage.hang_up()
    stage.hears(stage.caller, sound.CALLEE, 1.6, own=sound.CALLER)
    stage.hears(stage.callee, sound.CALLER, 1.6, own=sound.CALLEE)
    for who, codec in ((stage.caller, "PCMU"), (stage.callee, "PCMA")):
        stage.check(f"Set audio encoder: {codec} " in who.everything(), f"{who.name} does not speak {codec}")


def families(stage):
    stage.prepare(caller={"address": "::1"})
    stage.talk()
    time.sleep(2)
    stage.hang_up()
    stage.hears(stage.caller, sound.CALLEE, 1.6, own=sound.CALLER)
    stage.hears(stage.callee, sound.CALLER, 1.6, own=sound.CALLEE)


CASES = {
    "audio": ("audio both ways", both_ways),
    "screening": ("screened with a prompt", screening),
    "whispered": ("screened while the caller rings", whispered),
    "direct": ("from phone to phone", direct),
    "keys": ("keys through the bridge", digits),
    "star": ("* hangs up the leg", star),
    "hold1": ("the caller holds and resumes", lambda stage: hold(stage, "caller")),
    "hold2": ("the called party holds and resumes", lambda stage: hold(stage, "callee")),
    "recording": ("recorded in two channels", recording),
    "laws": ("PCMU with PCMA", transcoded),
    "families": ("IPv6 with IPv4", families),
}


def run(options, stage, name, play):
    """Whether what is played on the stage passed; it is said in a line, and nothing is left of it but what is to be kept."""
    started = time.monotonic()
    try:
        try:
            play(stage)
            stage.finish()
        except (TimeoutError, OSError, ValueError) as problem:
            stage.failures.append(str(problem))
        line = f"{name}: {time.monotonic() - started:.1f} s: " + (
            "; ".join(stage.failures) or ", ".join(stage.figures + ["journal replayed"]))
        print(line + ("\n" + stage.story() if stage.failures else ""), flush=True)
        return not stage.failures
    finally:
        stage.end()
        sipp.leave(options, stage.folder, stage.failures, stage.server, stage.drain)


def main(description=__doc__, cases=CASES, kind=Stage):
    """`cases`: what each is called, and what plays it, by name; `kind`: of its stage."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--only", choices=list(cases))
    parser.add_argument("--at-once", type=int, default=3, help="how many calls at a time")
    parser.add_argument("--keep", action="store_true", help="keep the folder of a failed run")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    chosen = [options.only] if options.only else list(cases)

    def passes(case):
        name, play = cases[case]
        return run(options, kind(options, name), name, play)

    with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
        passed = sum(pool.map(passes, chosen))
    print(f"{passed} passed, {len(chosen) - passed} failed")
    return 0 if passed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
