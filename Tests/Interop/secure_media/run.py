#!/usr/bin/env python3
"""Secret sound between `rcml serve` and baresip with its module srtp: keys in the SDP, packets of RFC 3711.

Passes only if each hears what it should and nothing else, both say that their packets are encrypted where they should be, every
journal replays byte for byte, and no key that a phone sent or was sent stands in the journal, in what the tool prints, or in
what it exports.
"""

import glob
import importlib.util
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
SPEC = importlib.util.spec_from_file_location("baresip_run", os.path.join(HERE, "..", "baresip", "run.py"))
baresip = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(baresip)
sipp, sound = baresip.sipp, baresip.sound

MODULE = "module srtp.so"
SECRET = {"more": MODULE, "account": ";mediaenc=srtp-mand"}
FEEDBACK = {"more": MODULE, "account": ";mediaenc=srtp-mandf"}
OPTIONAL = {"more": MODULE, "account": ";mediaenc=srtp"}
OFFER, REQUIRE = ["srtp=offer", "srtp_without_tls=true"], ["srtp=require", "srtp_without_tls=true"]
# What the tool shows of a journal, in every form it has.
SHOWN = (["trace"], ["trace", "--json"], ["trace", "--html", "-"], ["replay"])


class Stage(baresip.Stage):
    """The same, and who is to be secret."""

    def finish(self):
        super().finish()
        keys = {key.encode() for one in self.phones for key in re.findall(r"inline:([A-Za-z0-9+/]{38,60}=*)",
                                                                          one.everything())}
        self.figures.append(f"{len(keys)} keys")
        with open(self.journal, "rb") as file:
            told = {"the journal": file.read()}
        for words in SHOWN:
            shown = subprocess.run([self.options.tool, *words, self.journal], capture_output=True, timeout=60)
            told["rcml " + " ".join(words)] = shown.stdout + shown.stderr
        capture = os.path.join(self.folder, "capture.pcapng")
        subprocess.run([self.options.tool, "trace", "--pcapng", capture, self.journal], capture_output=True, timeout=60)
        for path in [capture, *glob.glob(os.path.join(self.folder, "*.log"))]:
            if os.path.exists(path):
                with open(path, "rb") as file:
                    told[os.path.basename(path)] = file.read()
        for place, octets in told.items():
            found = [key for key in keys if key in octets]
            self.check(not found, f"{len(found)} keys stand in {place}")

    def secret(self, who, suite="AES_CM_128_HMAC_SHA1_80"):
        self.check(re.search(r"SRTP is Enabled \(cryptosuite=" + suite, who.everything()),
                   f"{who.name} does not say that its sound is secret")

    def open(self, who):
        self.check("SRTP is Enabled" not in who.everything(), f"{who.name} says that its sound is secret")


def talked(stage, seconds=2):
    stage.talk()
    time.sleep(seconds)
    stage.hang_up()
    stage.hears(stage.caller, sound.CALLEE, seconds - 0.4, own=sound.CALLER)
    stage.hears(stage.callee, sound.CALLER, seconds - 0.4, own=sound.CALLEE)


def both(stage):
    stage.prepare(settings=REQUIRE, media="auto", caller=SECRET, callee=SECRET)
    talked(stage, 3)
    stage.secret(stage.caller)
    stage.secret(stage.callee)


def feedback(stage):
    """RTP/SAVPF, and keys beside RTP/AVP."""
    stage.prepare(settings=OFFER, caller=FEEDBACK, callee=OPTIONAL)
    talked(stage)
    stage.secret(stage.caller)
    stage.secret(stage.callee)


def open_callee(stage):
    """The caller insists, and the called party has no keys."""
    stage.prepare(settings=OFFER, caller=SECRET)
    talked(stage)
    stage.secret(stage.caller)
    stage.open(stage.callee)


def open_caller(stage):
    """Nothing is said of secret sound but by the target."""
    stage.prepare(settings=["srtp_without_tls=true"], media="auto", callee=SECRET, target=";secure=true")
    talked(stage)
    stage.open(stage.caller)
    stage.secret(stage.callee)


def direct(stage):
    """From phone to phone: their own keys."""
    stage.prepare(settings=OFFER, media="direct", caller=SECRET, callee=SECRET)
    talked(stage)
    stage.secret(stage.caller)
    stage.secret(stage.callee)


def refused(stage):
    """A caller without keys where sound has to be secret."""
    stage.prepare(settings=REQUIRE, media="auto", callee=SECRET)
    stage.caller.call(stage.uri)
    stage.caller.wait("CALL_CLOSED", 5)
    stage.check(not stage.callee.of("CALL_INCOMING"), "the called party was called")
    stage.check("488" in stage.caller.everything(), "the caller was not refused with 488")
    stage.figures.append("refused with 488")


def without_tls(stage):
    """As long as nobody says that keys may be read, none is told."""
    stage.prepare(settings=["srtp=offer"], media="anchored", caller=OPTIONAL, callee=OPTIONAL)
    talked(stage)
    stage.open(stage.caller)
    stage.open(stage.callee)


def keys(stage):
    stage.prepare(settings=REQUIRE, media="auto", caller=SECRET, callee=SECRET)
    stage.talk()
    time.sleep(0.5)
    for key in "159#":
        stage.caller.press(key)
        time.sleep(0.1)
        stage.callee.press(key)
        time.sleep(0.3)
    time.sleep(0.5)
    stage.hang_up()
    for who in stage.phones:
        stage.check("".join(who.keys()) == "159#", f"{who.name} got the keys {''.join(who.keys())}")


def hold(stage):
    """A re-INVITE with the same keys, and one that resumes."""
    stage.prepare(settings=REQUIRE, media="auto", caller=SECRET, callee=SECRET)
    stage.talk()
    time.sleep(1)
    stage.caller.command("hold")
    time.sleep(0.5)
    stage.caller.command("resume")
    time.sleep(0.5)
    own, others = stage.caller.received(), stage.callee.received()
    time.sleep(1)
    own, others = stage.caller.received() - own, stage.callee.received() - others
    stage.check(45 <= own <= 56 and 45 <= others <= 56,
                f"in the second after the hold {own} and {others} packets were heard, not 50")
    stage.hang_up()
    stage.figures.append(f"{own} and {others} packets in the second after the hold")


def recording(stage):
    kept = os.path.join(stage.folder, "recordings")
    os.mkdir(kept)
    stage.prepare(dial='record="record-from-answer-dual"', settings=REQUIRE + [f"recordings={kept}"], media="auto",
                  caller=SECRET, callee=SECRET)
    talked(stage, 3)
    time.sleep(0.3)
    files = glob.glob(os.path.join(kept, "*"))
    if len(files) != 1:
        return stage.failures.append(f"there are {len(files)} recordings")
    for side, tone in zip(sound.read(files[0]), (sound.CALLER, sound.CALLEE)):
        heard = sound.Heard(side).seconds(tone)
        stage.check(heard >= 2.4, f"{heard:.1f} s of {tone[0]} Hz are recorded")


def screening(stage):
    stage.prepare(noun=f'url="{stage.web.url}/screen"', settings=REQUIRE + ["answer_mode=immediate"], media="auto",
                  caller=SECRET, callee=SECRET)
    stage.talk()
    time.sleep(2)
    stage.callee.press("1")
    time.sleep(2)
    stage.hang_up()
    heard = stage.hears(stage.callee, sound.CALLER, 1.2, own=sound.CALLEE)
    stage.check(heard.seconds(sound.PROMPT) >= 1.4, "the called party did not hear the prompt")
    heard = stage.hears(stage.caller, sound.CALLEE, 1.2, own=sound.CALLER)
    stage.check(heard.seconds(sound.RINGING) >= 1.2, "the caller heard no ringing")


CASES = {
    "both": ("both insist", both),
    "feedback": ("SAVPF, and keys beside AVP", feedback),
    "open-callee": ("the called party has no keys", open_callee),
    "open-caller": ("the target demands it", open_caller),
    "direct": ("from phone to phone", direct),
    "refused": ("a caller without keys is refused", refused),
    "without-tls": ("no key without TLS", without_tls),
    "keys": ("keys through the bridge", keys),
    "hold": ("the caller holds and resumes", hold),
    "recording": ("recorded", recording),
    "screening": ("screened with a prompt", screening),
}

if __name__ == "__main__":
    sys.exit(baresip.main(__doc__, CASES, Stage))
