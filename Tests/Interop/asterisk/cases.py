"""What one call at a time has to show. A case gets the stage and yields what was wrong, as sentences."""

import os
import re
import time

import sound
from caller import Caller
from stage import SIP_HOST, until
from web import Victim


def expect(found, **wanted):
    if found is None:
        return ["the dialplan did not go on"]
    return [f"{key} is {found.get(key)!r}, not {value!r}" for key, value in wanted.items() if found.get(key, "") != value]


def two_ring(stage):
    """Two phones ring, the first who answers wins, the other one is cancelled."""
    caller = stage.call("do_two")
    if not caller.rings():
        yield "the caller was not told that it rings"
    if caller.final() != 200:
        yield f"the caller got {caller.final()}"
    time.sleep(1.5)
    if caller.heard(880) < 1:
        yield f"the caller heard 880 Hz for {caller.heard(880)} s"
    ended = stage.bob.wait("ended")
    if not ended or ended.get("status") != "canceled":
        yield f"the other phone was told {ended}"
    caller.press("159")
    if not until(lambda: stage.alice.keys() == "159"):
        yield f"the called phone got the keys {stage.alice.keys()!r}"
    caller.hang_up()
    stage.alice.wait("ended")
    if stage.alice.heard(620) < 1:
        yield f"the called phone heard 620 Hz for {stage.alice.heard(620)} s"
    hung = stage.hung_up()
    yield from expect(hung, Status="completed", HangupBy="caller")


def two_by_sip(stage):
    """The same where the engine dials by SIP itself."""
    caller = stage.call("bysip")
    if caller.final() != 200:
        yield f"the caller got {caller.final()}"
    time.sleep(1.5)
    caller.press("7")
    if not until(lambda: stage.alice.keys() == "7"):
        yield f"the called phone got the keys {stage.alice.keys()!r}"
    caller.hang_up()
    stage.alice.wait("ended")
    if caller.heard(880) < 1 or stage.alice.heard(620) < 1:
        yield f"880 Hz for {caller.heard(880)} s, 620 Hz for {stage.alice.heard(620)} s"


def keys_from_callee(stage):
    caller = stage.call("do_dave")
    caller.final()
    if not until(lambda: "".join(caller.keys) == "42"):
        yield f"the caller got the keys {caller.keys}"
    caller.hang_up()


def callee_hangs_up(stage):
    """The dialplan goes on behind the document."""
    caller = stage.call("do_number")
    caller.final()
    time.sleep(0.7)
    for name in re.findall(r"^(Local/100@legs-\S+;2)", stage.asterisk.command("core show channels concise"), re.M):
        name = name.split("!")[0]
        stage.asterisk.command(f"channel request hangup {name}")
    yield from expect(stage.done(), Status="completed", Reason="end", DialStatus="completed", DialTo="100", Cause="16")
    if not caller.is_hung_up():
        yield "the caller was not hung up by the dialplan"


def cancelled(stage):
    caller = stage.call("do_limit")
    caller.rings()
    caller.cancel()
    if caller.final() != 487:
        yield f"the caller got {caller.final()}"
    yield from expect(stage.hung_up(), Status="canceled", HangupBy="caller")
    ended = stage.bob.wait("ended")
    if not ended:
        yield "the phone rings on"


def busy(stage):
    caller = stage.call("do_busy")
    if caller.final() != 486:
        yield f"the caller got {caller.final()}"
    yield from expect(stage.done(), DialStatus="busy", DialCode="486", DialReason="refused", Cause="17")


def odd_code(stage):
    """A status that no Q.850 cause stands for arrives as it is."""
    caller = stage.call("do_odd")
    yield from expect(stage.done(), DialStatus="failed", DialCode="493")
    if not 400 <= (caller.final() or 0) < 700:
        yield f"the caller got {caller.final()}"


def ring_limit(stage):
    caller = stage.call("do_limit")
    yield from expect(stage.done(), DialStatus="no-answer", DialReason="timeout")
    if not 400 <= (caller.final() or 0) < 500:
        yield f"the caller got {caller.final()}"


def rejected(stage):
    caller = stage.call("do_reject")
    yield from expect(stage.done(), Reason="rejected", Code="486", Cause="17")
    if caller.final() != 486:
        yield f"the caller got {caller.final()}"


def hung_up_by_document(stage):
    caller = stage.call("do_hangup")
    yield from expect(stage.hung_up(), HangupBy="engine")
    if stage.done(0.3):
        yield "the dialplan went on behind <Hangup/>"
    if not caller.final():
        yield "the caller got no answer"


def broken_document(stage):
    mark = len(stage.asterisk.log())
    stage.call("do_broken")
    yield from expect(stage.done(), Status="NODOCUMENT", Reason="no-document")
    if not re.search(r"WARNING.*PJSIP/anonymous-\S+: line \d+, column \d+: ", stage.log_since(mark)):
        yield "the log does not name channel, line and column"


def missing_document(stage):
    caller = stage.call("do_nothing-there")
    yield from expect(stage.done(), Status="NODOCUMENT", Reason="no-document")
    if caller.final() < 400:
        yield f"the caller got {caller.final()}"


def early_media(stage):
    """A party is heard before it answers."""
    caller = stage.call("do_early")
    if not caller.rings(183):
        yield "the caller got no 183"
    time.sleep(1.2)
    if caller.status or caller.heard(880) < 0.8:
        yield f"status {caller.status}, 880 Hz heard for {caller.heard(880)} s before the answer"
    if caller.final() != 200:
        yield f"the caller got {caller.final()}"
    caller.hang_up()


def already_answered(stage):
    """A channel that is up hears the engine's ringing tone, then the party."""
    caller = stage.call("up_two")
    caller.final()
    connected = time.monotonic()
    until(lambda: caller.heard(880) > 0.5)
    samples = caller.samples[:4000]
    if not any(sound.amplitude(samples[start:start + 800], 440) > 500 for start in range(0, len(samples) - 800, 800)):
        yield "the caller did not hear that it rings"
    if caller.heard(880) < 0.5 or time.monotonic() - connected > 4:
        yield f"880 Hz heard for {caller.heard(880)} s"
    caller.hang_up()


def prompt(stage):
    """A document that speaks answers; sound of the web application is heard."""
    caller = stage.call("do_prompt")
    yield from expect(stage.done(), Status="completed", Reason="end", Cause="16")
    if caller.heard(800) < 1.5:
        yield f"800 Hz heard for {caller.heard(800)} s of 2"


def channel_to_channel(stage):
    """Keys between two channels of Asterisk, in both directions."""
    caller = stage.call("do_keys")
    caller.final()
    if not until(lambda: "".join(caller.keys) == "5#"):
        yield f"the caller got the keys {caller.keys}"
    caller.press("89")
    told = stage.manager.wait(lambda one: one.get("UserEvent") == "Keys", 6)
    yield from expect(told, Keys="89")
    caller.hang_up()


def nobody_there(stage):
    caller = stage.call("do_unknown")
    yield from expect(stage.done(), DialStatus="failed", DialCode="404")
    if caller.final() != 404:
        yield f"the caller got {caller.final()}"


def congested(stage):
    stage.call("do_congestion")
    yield from expect(stage.done(), DialStatus="failed", DialCode="503")


def raw_target(stage):
    """A document may not name a channel by itself."""
    mark = len(stage.asterisk.log())
    stage.call("do_raw")
    yield from expect(stage.done(), DialStatus="failed")
    if "raw_targets" not in stage.log_since(mark):
        yield "the log does not say why"


def screened(stage):
    """Who answers presses a key first; the key is not heard by the caller."""
    caller = stage.call("do_screened")
    if caller.final() != 200:
        yield f"the caller got {caller.final()}"
    pressed = stage.web.of("/pressed")
    if [one.get("Digits") for one in pressed] != ["4"]:
        yield f"the web application was told {pressed}"
    if not until(lambda: "".join(caller.keys) == "2", 3):
        yield f"the caller got the keys {caller.keys}: the screening's own is none of them, the one behind it is"
    caller.hang_up()


def action(stage):
    """A web application that takes its time keeps no channel: the caller hangs up, and the channel is gone."""
    caller = stage.call("do_action")
    caller.final()
    time.sleep(0.5)
    caller.hang_up()
    hung = time.monotonic()
    if not until(lambda: stage.asterisk.channels() == 0, 3) or time.monotonic() - hung > 1:
        yield f"the channel was there {time.monotonic() - hung:.1f} s later"
    if not stage.web.wait_for("/hanging", 2):
        yield "the web application was not asked"
    if "(left)" not in stage.asterisk.command("rcml show calls"):
        yield "rcml show calls does not show the call as left"
    stage.web.released.set()
    if not stage.asterisk.settled():
        yield "the call is still there"
    stage.web.released.clear()


def action_next(stage):
    """The document behind an action runs on."""
    caller = stage.call("do_done")
    if caller.final() != 200 or stage.web.wait_for("/next")["DialCallStatus"] != "busy":
        yield f"the caller got {caller.final()}, the application {stage.web.of('/next')}"
    caller.hang_up()


def hold(stage):
    caller = stage.call("do_alice")
    caller.final()
    time.sleep(1)
    if not caller.offer("sendonly"):
        yield "holding was not answered"
    before = len(caller.samples)
    time.sleep(1)
    if not caller.offer("sendrecv"):
        yield "taking back was not answered"
    time.sleep(1.2)
    caller.hang_up()
    stage.alice.wait("ended")
    if caller.heard(880, before / 8000) < 0.8:
        yield f"the caller heard 880 Hz for {caller.heard(880, before / 8000)} s after it"
    if stage.alice.heard(620, 2) < 0.8:
        yield f"the phone heard 620 Hz for {stage.alice.heard(620, 2)} s after it"


def frames_of(milliseconds):
    def frames(stage):
        caller = stage.call("do_alice", milliseconds=milliseconds)
        caller.final()
        time.sleep(2)
        caller.hang_up()
        stage.alice.wait("ended")
        if stage.alice.heard(620) < 1.4 or caller.heard(880) < 1.4:
            yield f"620 Hz for {stage.alice.heard(620)} s, 880 Hz for {caller.heard(880)} s, of 2"
    frames.__name__ = f"frames_of_{milliseconds}_ms"
    return frames


def ipv6(stage):
    caller = stage.call("do_alice", server="::1", host="::1")
    if caller.final() != 200:
        yield f"the caller got {caller.final()}"
    time.sleep(1.5)
    caller.hang_up()
    stage.alice.wait("ended")
    if stage.alice.heard(620) < 1 or caller.heard(880) < 1:
        yield f"620 Hz for {stage.alice.heard(620)} s, 880 Hz for {caller.heard(880)} s"


def recorded(stage):
    """<Dial record>: the file holds both, and RCMLRECORDING names it."""
    caller = stage.call("do_recorded")
    caller.final()
    time.sleep(2)
    stage.asterisk.command("rcml hangup CA")
    found = stage.done()
    yield from expect(found, Reason="stopped")
    caller.hang_up()
    name = (found or {}).get("Recording", "").rsplit("/", 1)[-1]
    folder = os.path.join(stage.folder, "recordings")
    files = [os.path.join(at, one) for at, _, names in os.walk(folder) for one in names if one.endswith(".wav")]
    if len(files) != 1 or not name or name.split(".")[0] not in files[0]:
        yield f"RCMLRECORDING is {name!r}, the files are {files}"
        return
    samples = sound.read(files[0])[0]
    for tone in (620, 880):
        heard = sum(sound.amplitude(samples[one:one + 800], tone) > 500 for one in range(0, len(samples) - 800, 800)) / 10
        if heard < 1:
            yield f"{tone} Hz is in the recording for {heard} s"


def mixmonitor(stage):
    """An audiohook on the caller's channel hears both."""
    caller = stage.call("mix")
    caller.final()
    time.sleep(1.5)
    caller.hang_up()
    path = os.path.join(stage.folder, "mix.wav")
    until(lambda: stage.asterisk.channels() == 0)
    time.sleep(0.3)
    samples = sound.read(path)[0]
    for tone in (620, 880):
        heard = sum(sound.amplitude(samples[one:one + 800], tone) > 500 for one in range(0, len(samples) - 800, 800)) / 10
        if heard < 0.8:
            yield f"{tone} Hz is in the mix for {heard} s"


def redirected_caller(stage):
    """The manager takes the caller elsewhere in the dialplan."""
    caller = stage.call("do_alice")
    caller.final()
    time.sleep(0.5)
    channel = stage.manager.wait(lambda one: one.get("Event") == "RCMLCallBegin")["Channel"]
    stage.manager.action("Redirect", Channel=channel, Context="test", Exten="elsewhere", Priority="1")
    if not until(lambda: caller.heard(1000) > 0.5):
        yield f"1,000 Hz heard for {caller.heard(1000)} s"
    if not stage.alice.wait("ended"):
        yield "the party was not hung up"
    caller.hang_up()


def redirected_leg(stage):
    """The manager takes the party's channel away: another channel takes its place here, and the document goes on."""
    caller = stage.call("do_alice")
    caller.final()
    time.sleep(0.7)
    name = re.search(r"^(PJSIP/alice-\w+)", stage.asterisk.command("core show channels concise"), re.M).group(1)
    stage.manager.action("Redirect", Channel=name, Context="test", Exten="elsewhere", Priority="1")
    yield from expect(stage.done(), DialStatus="completed", Reason="end")
    time.sleep(1)
    if stage.alice.wait("ended", 0.1):
        yield "the party was hung up"
    for name in re.findall(r"^(PJSIP/alice-\w+)", stage.asterisk.command("core show channels concise"), re.M):
        stage.asterisk.command("channel request hangup " + name)
    stage.alice.wait("ended")
    if stage.alice.heard(1000) < 0.5:
        yield f"the party heard 1,000 Hz for {stage.alice.heard(1000)} s"
    caller.hang_up()


def killed_web_server(stage):
    """The web server dies with the request."""
    victim = Victim()
    stage.web.documents["/victim"] = lambda parameters: f"<Response><Redirect>{victim.url}/document</Redirect></Response>"
    stage.call("do_victim")
    time.sleep(1)
    victim.kill()
    yield from expect(stage.done(12), Reason="no-document")
    if not until(lambda: stage.asterisk.channels() == 0, 3):
        yield "a channel is left"


def options(stage):
    stage.call("get")
    yield from expect(stage.done(), Reason="end")
    asked = stage.web.of("/method")
    if not asked or asked[0].get("Tenant") != "7" or asked[0].get("Site") != "north":
        yield f"m(GET)p(…): the web application was asked {asked}"
    caller = stage.call("first")
    yield from expect(stage.done(), Status="completed", Reason="end", Cause="16")
    if caller.final() != 200:
        yield f"A: the caller got {caller.final()}"
    stage.call("last")
    stage.hung_up()
    if stage.done(0.3):
        yield "h: the dialplan went on"
    mark = len(stage.asterisk.log())
    stage.call("wrong")
    yield from expect(stage.done(), Status="NODOCUMENT")
    if "t(channels) and t(sip)" not in stage.log_since(mark):
        yield "t(letters): the log does not say what it takes"


def sections(stage):
    """A document by the name of a section, and by a file, with settings of its own."""
    caller = stage.call("of_section")
    if caller.final() != 200:
        yield f"a section: the caller got {caller.final()}"
    caller.hang_up()
    stage.hung_up()
    caller = stage.call("of_group.xml")
    if caller.final() != 200:
        yield f"a file: the caller got {caller.final()}"
    caller.hang_up()
    stage.hung_up()
    stage.call("of_unreadable")
    yield from expect(stage.done(), Status="NODOCUMENT")
    stage.call("of_../etc/asterisk.conf")
    yield from expect(stage.done(), Status="NODOCUMENT", Reason="no-document")


def what_is_told(stage):
    """What the web application and the party are told of the caller."""
    stage.call("tells")
    stage.done()
    asked = (stage.web.of("/asked") or [{}])[0]
    if asked.get("SipHeader_X-Tenant") != "a&b c":
        yield f"the header came as {asked.get('SipHeader_X-Tenant')!r}"
    if "+49%20(30)%201-2" not in asked.get("From", ""):
        yield f"From is {asked.get('From')!r}"
    if "777" not in asked.get("ForwardedFrom", ""):
        yield f"ForwardedFrom is {asked.get('ForwardedFrom')!r}"
    caller = stage.call("do_headers", user="1234", name="Zoe")
    caller.final()
    incoming = stage.alice.wait("incoming")
    if "1234" not in incoming.get("from", "") or incoming.get("from_name", "Zoe") != "Zoe":
        yield f"the party saw {incoming}"
    partner = next((one for one in caller.responses if one[:2] == ("INVITE", 200)), None)
    caller.hang_up()
    stage.hung_up()
    caller = stage.call("withheld", user="1234")
    caller.final()
    if "1234" in str(stage.alice.wait("incoming")):
        yield f"withheld: the party saw {stage.alice.wait('incoming')}"
    caller.hang_up()


def max_calls(stage):
    stage.configure("max_calls = 1")
    stage.asterisk.command("module reload app_rcml.so")
    first = stage.call("do_alice")
    first.final()
    stage.call("do_alice")
    yield from expect(stage.done(), Status="BUSY", Reason="limit")
    first.hang_up()
    stage.configure()
    stage.asterisk.command("module reload app_rcml.so")


def incoming_by_sip(stage):
    """The engine's own port: a phone calls the section named after the called user."""
    stage.begin()
    caller = Caller((SIP_HOST, stage.sip_port), "section")
    stage.callers.append(caller)
    if caller.final() != 200:
        yield f"the caller got {caller.final()}"
    time.sleep(1)
    caller.hang_up()
    stage.alice.wait("ended")
    if stage.alice.heard(620) < 0.5:
        yield f"the phone heard 620 Hz for {stage.alice.heard(620)} s"


CASES = [
    two_ring, two_by_sip, keys_from_callee, channel_to_channel, callee_hangs_up, cancelled, busy, odd_code, ring_limit, rejected,
    hung_up_by_document, broken_document, missing_document, early_media, already_answered, prompt, nobody_there, congested,
    raw_target, screened, action, action_next, hold, frames_of(10), frames_of(30), frames_of(60), ipv6, recorded, mixmonitor,
    redirected_caller, redirected_leg, killed_web_server, options, sections, what_is_told, max_calls, incoming_by_sip,
]
