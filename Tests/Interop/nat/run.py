#!/usr/bin/env python3
"""baresip behind a NAT on one side or both of `rcml serve`: whether each hears the other, and whether what ends a call
gets through.

Passes only if each party hears the other one, requests of the server reach the phone by the port its NAT gave it, also when
that is another one than before and when nothing but keep-alives kept it open, the server ends cleanly and every journal
replays byte for byte.
"""

import importlib.util
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "baresip"), os.path.dirname(HERE)]
import nat  # noqa: E402
import sound  # noqa: E402

SPEC = importlib.util.spec_from_file_location("baresip_run", os.path.join(HERE, "..", "baresip", "run.py"))
baresip = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(baresip)
sipp = baresip.sipp


class Stage(baresip.Stage):
    """A caller and a called party, each behind a NAT of its own or outside."""

    def prepare(self, caller=None, callee=None, settings=()):
        """`caller`, `callee`: their NATs."""
        self.nats = [one for one in (caller, callee) if one]
        self.caller = self.phone("caller", sound.CALLER, answers="manual", address=self.address(caller, 1))
        self.callee = self.phone("callee", sound.CALLEE, address=self.address(callee, 2))
        target = self.callee.uri
        if callee:
            host, port = target.split("@")[1].split(":")
            target = f"sip:callee@{callee.outside}:{callee.register((host, int(port)))}"
        document = os.path.join(self.folder, "document.xml")
        with open(document, "w") as text:
            text.write(f"<Response><Dial><Sip>{target}</Sip></Dial></Response>")
        first = baresip.rtp_ports()
        extra = ["--set", "media=anchored", "--set", f"rtp_ports={first}-{first + 199}"]
        for setting in settings:
            extra += ["--set", setting]
        self.journal = os.path.join(self.folder, "serve.journal")
        self.server, self.drain, port = sipp.serve(
            self.options.tool, self.folder, "udp", document, self.journal, extra)
        for one in self.nats:
            one.serve(port)
        self.uri = f"sip:anybody@{caller.image_address if caller else nat.SERVER}:{port}"

    @staticmethod
    def address(one, number):
        return f"{one.inside}{number}" if one else nat.SERVER

    def hear_each_other(self, seconds):
        self.hears(self.caller, sound.CALLEE, seconds, own=sound.CALLER)
        self.hears(self.callee, sound.CALLER, seconds, own=sound.CALLEE)

    def end(self):
        super().end()
        for one in getattr(self, "nats", []):
            one.end()


def caller(stage, kind):
    """The called party hangs up: the BYE reaches the caller by its port outside."""
    stage.prepare(caller=nat.NAT(kind))
    stage.talk()
    time.sleep(2)
    stage.hang_up(stage.callee)
    stage.hear_each_other(1.5)


def callee(stage, kind):
    """The caller hangs up: ACK and BYE reach the called party by its port outside."""
    stage.prepare(callee=nat.NAT(kind))
    stage.talk()
    time.sleep(2)
    stage.hang_up(stage.caller)
    stage.hear_each_other(1.5)


def both(stage):
    stage.prepare(caller=nat.NAT("symmetric"), callee=nat.NAT("cone"))
    stage.talk()
    time.sleep(2)
    stage.hang_up(stage.caller)
    stage.hear_each_other(1.5)


def rebound(stage):
    """The caller's NAT gives it another port, which its next re-INVITE shows; the BYE goes there."""
    stage.prepare(caller=nat.NAT("symmetric"))
    stage.talk()
    time.sleep(1)
    stage.nats[0].rebind()
    stage.caller.command("hold")
    time.sleep(0.5)
    stage.caller.command("resume")
    time.sleep(0.5)
    stage.hang_up(stage.callee)
    stage.check(stage.nats[0].dropped == 0, f"{stage.nats[0].dropped} packets came by a port that is no more")


def idle(stage):
    """Bindings live for two seconds, and nobody signals for five: keep-alives keep them open."""
    stage.prepare(caller=nat.NAT("symmetric", 2), callee=nat.NAT("symmetric", 2), settings=["keepalive=1"])
    stage.talk()
    time.sleep(5)
    stage.hang_up(stage.callee)
    stage.check(sum(one.dropped for one in stage.nats) == 0, "something came by a port that was given up")


CASES = {
    "caller-cone": ("a caller behind a cone NAT", lambda stage: caller(stage, "cone")),
    "caller-symmetric": ("a caller behind a symmetric NAT", lambda stage: caller(stage, "symmetric")),
    "callee-cone": ("a called party behind a cone NAT", lambda stage: callee(stage, "cone")),
    "callee-symmetric": ("a called party behind a symmetric NAT", lambda stage: callee(stage, "symmetric")),
    "both": ("both behind a NAT", both),
    "rebound": ("another port in the middle of a call", rebound),
    "idle": ("bindings that keep-alives keep open", idle),
}


if __name__ == "__main__":
    sys.exit(baresip.main(__doc__, CASES, Stage))
