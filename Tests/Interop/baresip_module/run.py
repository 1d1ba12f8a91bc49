#!/usr/bin/env python3
"""The module of examples/baresip inside a real baresip: documents for callers of its own port, on baresip's loop.

Three calls at a time in one process: baresip's own, one of the module, and one of another agent in another loop. Passes only
if everybody hears what they should, if taking the module out and putting it back disturbs neither of the others, if a document
may ring the baresip it runs in, and if nothing that is wrong with the configuration goes unsaid.
"""

import argparse
import concurrent.futures
import glob
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
EXAMPLE = os.path.join(ROOT, "examples", "baresip")
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "baresip"), os.path.dirname(HERE)]
import phone  # noqa: E402
import sound  # noqa: E402

# Each baresip has an address of its own, so that nobody else has its ports; but for that of commands.
ADDRESSES = itertools.count(1)
SIP, MODULE, SECOND, RTP = 5060, 5070, 5080, 16400
# The sound of a baresip leaves from 127.0.0.1, whatever its SDP names. That of rcml does not.
LOCK = "rtp_lock=any"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def build(options, folder):
    """A folder of modules: baresip's, the example's, and that of the other agent."""
    made = os.path.join(folder, "modules")
    os.mkdir(made)
    for path in glob.glob(os.path.join(phone.modules(), "*.so")):
        os.symlink(path, os.path.join(made, os.path.basename(path)))
    library = [f"-I{options.library}/include", f"-L{options.library}/lib", "-lrcml"]
    options.building = dict(os.environ, RCML_FLAGS=" ".join(library))
    subprocess.run([os.path.join(EXAMPLE, "build"), made], check=True, env=options.building)
    subprocess.run(
        ["cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-DHAVE_SOCKLEN_T", "-DHAVE_STDBOOL_H",
         "-isystem", "/usr/include/re", os.path.join(HERE, "second.c"), "-o", os.path.join(made, "second.so"),
         *library, "-lre", "-lpthread"], check=True)
    return made


class Stage:
    def __init__(self, options, made, name):
        self.options, self.made, self.name = options, made, name
        self.folder = tempfile.mkdtemp(prefix="rcml-module-")
        self.failures, self.figures, self.phones, self.callers = [], [], [], []
        sound.write(os.path.join(self.folder, "prompt.wav"), sound.PROMPT, 2)
        sound.write(os.path.join(self.folder, "words.wav"), sound.CALLER, 2)

    def check(self, right, text):
        if not right:
            self.failures.append(text)

    def phone(self, name, tone, more=""):
        address = f"127.23.0.{next(ADDRESSES)}"
        one = phone.Phone(self.folder, name, tone, (SIP, free_port()), RTP, address=address, place=self.made,
                          more=more.replace("ADDRESS", address))
        one.address = address
        self.phones.append(one)
        return one

    def host(self, document, *lines, name="host", listen=f"udp:ADDRESS:{MODULE}"):
        """The baresip that has the modules. ADDRESS in its lines is its own."""
        path = os.path.join(self.folder, name + ".xml")
        with open(path, "w") as text:
            text.write(document)
        one = self.phone(name, sound.CALLEE, "\n".join((
            "module_app rcml.so", f"rcml_listen {listen}", f"rcml_document {path}",
            f"rcml_set sounds={self.folder}", f"rcml_set recordings={self.recordings('module')}", *lines)))
        # It takes commands before it has all its modules.
        limit = time.monotonic() + 5
        while "baresip is ready" not in one.everything():
            if time.monotonic() > limit:
                raise TimeoutError(f"{name} is never ready")
            time.sleep(0.02)
        return one

    def recordings(self, name):
        path = os.path.join(self.folder, name + ".recordings")
        os.makedirs(path, exist_ok=True)
        return path

    def call(self, name, uri, document):
        """`rcml call` in the background."""
        path = os.path.join(self.folder, name + ".xml")
        with open(path, "w") as text:
            text.write(document)
        log = open(os.path.join(self.folder, name + ".log"), "w")
        process = subprocess.Popen(
            [self.options.tool, "call", uri, "--document", path, "--listen", f"udp:127.23.0.{next(ADDRESSES)}:0",
             "--recordings", self.recordings(name), "--set", f"sounds={self.folder}"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        self.callers.append((name, process, log))
        return process

    def until_said(self, word, name):
        limit = time.monotonic() + 5
        while time.monotonic() < limit:
            with open(os.path.join(self.folder, name + ".log")) as text:
                if word in text.read():
                    return
            time.sleep(0.05)
        raise TimeoutError(f"{name} never said {word}")

    def recorded(self, name):
        files = glob.glob(os.path.join(self.recordings(name), "*.wav"))
        self.check(len(files) == 1, f"{name} has {len(files)} recordings")
        return sound.Heard(sound.read(files[0])[0] if files else [])

    def hears(self, who, heard, tone, seconds):
        """That long, and without a gap."""
        long, hole = heard.seconds(tone), heard.gap(tone)
        self.check(long >= seconds, f"{who} heard {tone[0]} Hz for {long:.1f} s of {seconds:.1f} s")
        self.check(hole <= 0.1, f"{who} heard nothing for {hole:.1f} s")
        self.figures.append(f"{who} {long:.1f} s")

    def end(self):
        for _, process, log in self.callers:
            if process.poll() is None:
                process.kill()
            process.wait()
            log.close()
        for one in self.phones:
            one.end()

    def story(self):
        told = [f"--- {one.name}\n{one.complaint()}" for one in self.phones]
        for name, _, log in self.callers:
            with open(log.name, errors="replace") as text:
                told.append(f"--- {name}\n" + text.read()[-1500:])
        return "\n".join(told)


def beside(stage):
    """Three calls in one process. The module is asked twice, and taken out and put back in between."""
    host = stage.host(
        '<Response><Play>file:prompt.wav</Play><Record playBeep="false" maxLength="2" timeout="5"/><Hangup/></Response>',
        "module_app second.so", f"second_listen udp:ADDRESS:{SECOND}", f"second_sounds {stage.folder}")
    other = stage.phone("other", sound.CALLER)
    other.call(host.uri)
    host.wait("CALL_ESTABLISHED")
    second = stage.call("second", f"sip:x@{host.address}:{SECOND}",
                        '<Response><Record playBeep="false" maxLength="9" timeout="9"/></Response>')
    began = time.monotonic()
    module = f"sip:x@{host.address}:{MODULE}"
    first = stage.call("first", module, '<Response><Record playBeep="false" maxLength="2" timeout="2"/>'
                                        "<Play>file:words.wav</Play><Pause length='5'/></Response>")
    longest = 0
    while first.poll() is None and time.monotonic() - began < 15:
        asked = time.monotonic()
        host.command("audio_debug")
        longest = max(longest, time.monotonic() - asked)
        time.sleep(0.02)
    stage.check(longest <= 0.5, f"baresip's loop stood for {longest:.1f} s")
    stage.check(first.poll() == 0, "the first call of the module failed")
    # Who talks to the module while it is taken out is hung up on, with a BYE.
    cut = stage.call("cut", module, "<Response><Pause length='20'/></Response>")
    stage.until_said("answered", "cut")
    host.command("rmmod", "rcml.so")
    stage.check(cut.wait(3) == 0, "nobody hung up on who talked to a module that is taken out")
    refused = subprocess.run(
        [stage.options.tool, "call", module, "--say", "x", "--listen", f"udp:127.23.0.{next(ADDRESSES)}:0"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10)
    stage.check(refused.returncode == 1, "somebody still answers at the port of the module")
    stage.check("loaded" in host.command("insmod", "rcml.so"), "it cannot be put back")
    again = stage.call("again", module, '<Response><Record playBeep="false" maxLength="1" timeout="2"/></Response>')
    stage.check(again.wait(10) == 0, "it answers nobody after it was put back")
    stage.check(second.wait(15) == 0, "the call of the other agent failed")
    talked = time.monotonic() - began
    host.command("hangup")
    other.wait("CALL_CLOSED", 5)
    stage.hears("first caller", stage.recorded("first"), sound.PROMPT, 1.8)
    stage.hears("module", stage.recorded("module"), sound.CALLER, 1.8)
    stage.hears("again", stage.recorded("again"), sound.PROMPT, 0.9)
    stage.hears("caller of the other agent", stage.recorded("second"), sound.PROMPT, 8.5)
    stage.hears("host", host.heard(), sound.CALLER, talked - 0.5)
    stage.hears("other", other.heard(), sound.CALLEE, talked - 0.5)
    stage.check(len(host.of("CALL_ESTABLISHED")) == 1, "a call of rcml's came to baresip's own account")
    host.end()
    stage.check("second: 1 calls" in host.everything(), "the other agent saw other calls than its own")
    stage.check(host.process.returncode == 0, f"baresip ended with {host.process.returncode}")


def inside(stage):
    """A document rings the baresip that it runs in: one thread is both ends of the call."""
    host = stage.host("<Response><Dial><Client>host</Client></Dial></Response>",
                      f"rcml_set client_uri=sip:{{client}}@ADDRESS:{SIP}", "rcml_set media=anchored", f"rcml_set {LOCK}")
    other = stage.phone("other", sound.CALLER)
    other.call(f"sip:x@{host.address}:{MODULE}")
    host.wait("CALL_ESTABLISHED")
    other.wait("CALL_ESTABLISHED")
    time.sleep(3)
    other.command("hangup")
    host.wait("CALL_CLOSED", 5)
    stage.hears("other", other.heard(), sound.CALLEE, 2.5)
    stage.hears("host", host.heard(), sound.CALLER, 2.5)


def example(stage):
    """What the page of the example says: its baresip, which has no sound card, says what it hears."""
    address = f"127.23.0.{next(ADDRESSES)}"
    log = open(os.path.join(stage.folder, "run.log"), "w")
    # A group of its own: it is ended as Ctrl-C would.
    process = subprocess.Popen([os.path.join(EXAMPLE, "run"), address, "", LOCK, "media=anchored"],
                               env=stage.options.building, start_new_session=True,
                               stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    stage.callers.append(("run", process, log))
    try:
        stage.until_said("ready", "run")
        caller = stage.phone("caller", sound.CALLER)
        caller.call(f"sip:x@{address}:{MODULE}")
        stage.until_said("Call established", "run")
        time.sleep(2)
        caller.command("hangup")
        caller.wait("CALL_CLOSED", 5)
        stage.until_said("completed, hangup", "run")
        stage.hears("caller", caller.heard(), sound.CALLER, 1)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(5)


def refused(stage):
    """What is wrong is said in a line, and baresip itself starts all the same."""
    for number, (document, line, listen, said) in enumerate((
            ("<Response><Dial></Response>", "", "udp:ADDRESS:5070", "0.xml:1: "),
            ("<Response/>", "rcml_set media=sideways", "udp:ADDRESS:5070", "setting media"),
            ("<Response/>", "", "udp:nowhere:1", "nowhere"))):
        host = stage.host(document, line, name=str(number), listen=listen)
        told = [one for one in host.everything().splitlines() if "rcml: " in one]
        stage.check(len(told) == 1 and said in told[0], f"of {line or listen} with {document} is said: {told}")
        stage.figures.append(f"{len(told)} line")


CASES = {"beside": beside, "inside": inside, "example": example, "refused": refused}


def run(options, made, name):
    stage = Stage(options, made, name)
    started = time.monotonic()
    try:
        try:
            CASES[name](stage)
        except (TimeoutError, OSError, ValueError, SystemExit, subprocess.TimeoutExpired) as problem:
            stage.failures.append(str(problem))
        line = f"{name}: {time.monotonic() - started:.1f} s: " + ("; ".join(stage.failures) or ", ".join(stage.figures))
        print(line + ("\n" + stage.story() if stage.failures else ""), flush=True)
        return not stage.failures
    finally:
        stage.end()
        if stage.failures and options.keep:
            print("kept: " + stage.folder, flush=True)
        else:
            shutil.rmtree(stage.folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--library", required=True, help="a folder with include/rcml.h and lib/librcml.so")
    parser.add_argument("--only", choices=list(CASES))
    parser.add_argument("--keep", action="store_true", help="keep the folder of a failed run")
    options = parser.parse_args()
    options.tool, options.library = os.path.abspath(options.tool), os.path.abspath(options.library)
    os.environ["LD_LIBRARY_PATH"] = os.path.join(options.library, "lib")
    chosen = [options.only] if options.only else list(CASES)
    folder = tempfile.mkdtemp(prefix="rcml-module-")
    try:
        made = build(options, folder)
        with concurrent.futures.ThreadPoolExecutor(len(chosen)) as pool:
            passed = sum(pool.map(lambda name: run(options, made, name), chosen))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {len(chosen) - passed} failed")
    return 0 if passed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
