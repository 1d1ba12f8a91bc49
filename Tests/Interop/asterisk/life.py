"""The module's own life: commands, the manager interface, reload, unload, drain, and Asterisk's end. Cases as in cases.py."""

import re
import signal
import threading
import time

from caller import Caller
from cases import expect
from server import HOST
from stage import SIP_HOST, until

ROUNDS = 30  # of unload, load, one call


def documentation(stage):
    shown = stage.asterisk.command("core show application RCML")
    for wanted in ("Run an RCML document on the channel", "RCMLSTATUS", "m(method)", "RCMLDIALTO"):
        if wanted not in shown:
            yield f"core show application RCML does not say {wanted!r}"
    if "xmldoc.c: Couldn't find" in stage.asterisk.log():
        yield "documentation is missing for something that was registered"
    if "CallSid" not in stage.asterisk.command("manager show command RCMLHangup"):
        yield "manager show command RCMLHangup says nothing"


def complete(words, begun):
    """What a console asks when somebody presses Tab."""
    return f'_command matchesarray "{words} {begun}" "{begun}"'


def commands(stage):
    caller = stage.call("do_alice")
    caller.final()
    ask = stage.asterisk.command
    sid = re.search(r"(CA\w{32}) +PJSIP/anonymous", ask("rcml show calls")).group(1)
    for command, wanted in {
        f"rcml show call {sid[:8]}": "sip:alice@pbx.test",
        complete("rcml show call", sid[:4]): sid,
        complete("rcml check", "un"): "unreadable",
        complete("rcml set debug", "o"): "off",
        "rcml show settings": "pbx.test",
        "rcml show counters": "calls_host",
        "rcml show version": "librcml 0.",
        "rcml check file": "0 findings; it would run",
        "rcml check unreadable": "it would not run",
        "rcml check section": "is at http://",
        "rcml show call CAnobody": "There is no call",
        "rcml hangup CAnobody": "There is no call",
    }.items():
        if wanted not in (said := ask(command)):
            yield f"{command} says {said!r}"
    if "unknown-setting" in ask("rcml show settings"):
        yield "rcml show settings shows what is none"
    caller.hang_up()
    stage.hung_up()
    ask("rcml set debug on")
    mark = len(stage.asterisk.log())
    caller = stage.call("do_status")
    caller.final()
    caller.hang_up()
    stage.web.wait_for("/told")
    ask("rcml set debug off")
    if not re.search(r"RCML POST http://\S+/status: 200", stage.log_since(mark)):
        yield "rcml set debug on shows no request"


def manager(stage):
    """What a client of the manager interface is told of a call, and what it can do."""
    caller = stage.call("do_two")
    caller.final()
    listed = stage.manager.action("RCMLShowCalls")
    if listed.get("Response") != "Success":
        yield f"RCMLShowCalls: {listed}"
    shown = stage.manager.wait(lambda one: one.get("Event") == "RCMLCall")
    complete = stage.manager.wait(lambda one: one.get("Event") == "RCMLShowCallsComplete")
    yield from expect(complete, ListItems="1")
    yield from expect(shown, Status="in-progress", From="1001", Legs="2", Left="no")
    refused = stage.manager.action("RCMLHangup", CallSid="CAnobody")
    yield from expect(refused, Response="Error", Message="There is no such call")
    stage.manager.events = [one for one in stage.manager.events if one.get("ActionID") != "RCMLHangup"]
    yield from expect(stage.manager.action("RCMLHangup", CallSid=shown["CallSid"]), Response="Success")
    yield from expect(stage.done(), Reason="stopped")
    stage.manager.wait(lambda one: one.get("Event") == "RCMLCallEnd")
    told = stage.manager.of_call(shown["CallSid"])
    names = [one["Event"] + (" " + one["Progress"] if "Progress" in one else "") for one in told if one["Event"] != "RCMLCall"]
    if names[0] != "RCMLCallBegin" or names[-1] != "RCMLCallEnd" or names.count("RCMLLeg initiated") != 2 \
            or names.count("RCMLLeg completed") != 2 or "RCMLDial" not in names:
        yield f"told was {names}"
    if any(one.get("Channel") != told[0]["Channel"] or one.get("Uniqueid") != told[0]["Uniqueid"] for one in told):
        yield "not everything names the channel"
    stage.call("do_faulty")
    found = stage.manager.wait(lambda one: one.get("Event") == "RCMLFinding")
    yield from expect(found, Line="2")
    stage.done()


def reload(stage):
    stage.configure("account_sid = AC22222222222222222222222222222222")
    stage.asterisk.command("module reload app_rcml.so")
    stage.call("do_asked")
    stage.done()
    if stage.web.of("/asked")[0].get("AccountSid") != "AC22222222222222222222222222222222":
        yield f"a setting of the new file: {stage.web.of('/asked')}"
    mark = len(stage.asterisk.log())
    stage.configure("no_such_seting = 1")
    stage.asterisk.command("module reload app_rcml.so")
    if not re.search(r"ERROR.*line \d+.*no_such_seting", stage.log_since(mark)):
        yield "a line that cannot be taken is not named: " + stage.log_since(mark)
    stage.call("do_asked")
    stage.done()
    if stage.web.of("/asked")[0].get("AccountSid") != "AC22222222222222222222222222222222":
        yield "the configuration of before does not hold"
    stage.configure()
    stage.asterisk.command("module reload app_rcml.so")
    stage.call("do_asked")
    stage.done()
    if stage.web.of("/asked")[0].get("AccountSid") != "AC00000000000000000000000000000000":
        yield "a setting that vanished did not get its default"


def unload(stage):
    ask = stage.asterisk.command
    caller = stage.call("do_alice")
    caller.final()
    ask("module unload app_rcml.so")
    if "Running" not in ask("module show like app_rcml") or stage.asterisk.calls() != 1:
        yield "the module was unloaded during a call"
    if caller.ended:
        yield "the call was ended"
    caller.hang_up()
    stage.hung_up()
    until(lambda: stage.asterisk.channels() == 0)
    caller = Caller((SIP_HOST, stage.sip_port), "section")
    stage.callers.append(caller)
    caller.final()
    ask("module unload app_rcml.so")
    if "Running" not in ask("module show like app_rcml") or caller.ended:
        yield "the module was unloaded during a call that came by SIP"
    caller.hang_up()
    stage.asterisk.settled()
    memory = longest = 0
    for turn in range(ROUNDS):
        started = time.monotonic()
        ask("module unload app_rcml.so")
        took = time.monotonic() - started
        longest = max(longest, took)
        if "Running" in ask("module show like app_rcml"):
            yield "the module was not unloaded"
            break
        ask("module load app_rcml.so")
        caller = stage.call("do_quiet")
        yield from expect(stage.done(), Reason="end")
        stage.end_callers()
        until(lambda: stage.asterisk.channels() == 0)
        if turn == 9:
            memory = stage.asterisk.measure()["memory"]
    grown = stage.asterisk.measure()["memory"] - memory
    stage.said = f"unloaded within {longest * 1000:.0f} ms, command included; {grown} KiB more in {ROUNDS - 10} rounds"
    if grown > 1024:
        yield f"{grown} KiB more in {ROUNDS - 10} rounds of unload, load, one call"
    if longest > 1:
        yield f"unloading took {longest:.1f} s"


def drain(stage):
    caller = stage.call("do_alice")
    caller.final()
    stage.asterisk.command("rcml drain")
    stage.call("do_alice")
    yield from expect(stage.done(), Status="UNAVAILABLE", Reason="stopped")
    if caller.ended:
        yield "the call that was there was ended"
    caller.hang_up()
    until(lambda: stage.asterisk.channels() == 0)
    stage.asterisk.command("module unload app_rcml.so")
    stage.asterisk.command("module load app_rcml.so")


def core_stop_gracefully(stage):
    """Asterisk waits for the call, and takes no other."""
    caller = stage.call("do_alice")
    caller.final()
    # The command itself waits as long as Asterisk does.
    threading.Thread(target=stage.asterisk.command, args=("core stop gracefully", False), daemon=True).start()
    time.sleep(1)
    if stage.asterisk.process.poll() is not None or caller.ended:
        yield "it did not wait for the call"
    other = Caller((HOST, stage.asterisk.port), "do_alice")
    stage.callers.append(other)
    if other.final(2) == 200:
        yield "another call was taken"
    before = caller.heard(880)
    time.sleep(0.5)
    if caller.heard(880) <= before:
        yield "the call has no sound any more"
    caller.hang_up()
    yield from ended(stage)


def core_stop_now(stage):
    caller = stage.call("do_alice")
    caller.final()
    time.sleep(0.5)
    stage.asterisk.command("core stop now")
    if not caller.is_hung_up(5):
        yield "the caller got no BYE"
    yield from ended(stage)


def ended(stage):
    """And Asterisk is there again for the next case."""
    if not until(lambda: stage.asterisk.process.poll() is not None, 15):
        yield "Asterisk did not end"
    elif stage.asterisk.process.returncode not in (0, -signal.SIGTERM):
        yield f"Asterisk ended with {stage.asterisk.process.returncode}: {stage.asterisk.said()[-500:]}"
    stage.end_callers()
    stage.asterisk.end()
    stage.asterisk.start()
    stage.manager.end()
    stage.reconnect()


CASES = [documentation, commands, manager, reload, unload, drain, core_stop_gracefully, core_stop_now]
