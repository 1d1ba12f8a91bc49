#!/usr/bin/env python3
"""An agent inside Kamailio, with examples/kamailio/inside.cfg and inside.lua: a process of rtimer owns it.

Passes only if calls go through with what the document says of them; one process owns the port and no worker gets an agent;
messages of workers and of an operator arrive; tm rings whom a document names; calls at --rate a second, while the script is
loaded anew, all succeed; a drain loses none, and a start brings the agent back.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path.insert(0, os.path.join(HERE, "..", "kamailio_peer"))
sys.dont_write_bytecode = True
from caller import Phone  # noqa: E402
from proxy import DOMAIN, EXAMPLE, Answering, Kamailio  # noqa: E402
from steps import Steps  # noqa: E402

SPEC = importlib.util.spec_from_file_location("sipp_run", os.path.join(HERE, "..", "sipp", "run.py"))
sipp = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(sipp)
PROXY, RCML, PHONES, CALLER, STRANGER = (f"127.22.2.{last}" for last in range(1, 6))
sipp.HOST = CALLER
# What only this test wants of a worker: an agent, and a message to the owner.
PROBE = """request_route {
  if ($rU == "probe") {
    lua_run("probe");
    sl_send_reply("499", "$var(said)");
    exit;
  }
  if ($rU == "forget") {
    mq_add("rcml", "hangup", "$hdr(X-Call)");
    sl_send_reply("498", "Told");
    exit;
  }
"""
PROBE_SCRIPT = """
function probe()
  local agent, err = require "rcml".agent { listen = "udp:127.22.2.2:0" }
  KSR.pv.sets("$var(said)", agent and "an agent" or tostring(err))
  rcml_owner() -- it does nothing here
end
"""


def documents(folder):
    def write(name, nouns, attributes=""):
        with open(os.path.join(folder, name + ".xml"), "w") as text:
            text.write(f'<Response><Dial timeout="20"{attributes}>{nouns}</Dial></Response>')

    os.makedirs(folder)
    for name in ["carol", "dave", "henry", "load"]:
        write(name, f"<Sip>sip:{name}@{DOMAIN}?X-Order=17</Sip>")
    return write


class Test(Steps):
    def __init__(self, options):
        super().__init__(options, "rcml-inside-")
        self.repeated = 0

    def waits(self, what, function, seconds=10):
        """Until it is true."""
        limit = time.monotonic() + seconds
        while not function():
            if time.monotonic() > limit:
                self.failures.append(f"{what}: not within {seconds} s")
                return
            time.sleep(0.05)

    def phone(self, user="alice", address=CALLER, proxy=None):
        made = Phone(address, proxy or (PROXY, self.port), DOMAIN, user, user + "-secret")
        self.open.append(made.close)
        return made

    def answering(self, user, *arguments):
        made = Answering(self.options.tool, PHONES, *arguments)
        self.open.append(made.kill)
        if user:
            self.proxy.locate(user, made.uri.replace("sip:", f"sip:{user}@"))
        return made

    def begin(self):
        self.port = self.free(PROXY)
        self.rcml = self.free(RCML)
        self.write = documents(os.path.join(self.folder, "documents"))
        for name in ["common.cfg", "inside.cfg", "inside.lua"]:
            with open(os.path.join(EXAMPLE, name)) as text:
                said = text.read()
            if name == "inside.cfg":
                self.expect("request_route", said.count("request_route {\n"), 1)
                said = said.replace("request_route {\n", PROBE)
            with open(os.path.join(self.folder, name), "w") as text:
                text.write(said + (PROBE_SCRIPT if name == "inside.lua" else ""))
        self.script = os.path.join(self.folder, "inside.lua")
        self.environment = {"LUA_PATH": f"{ROOT}/Sources/LuaRCML/?.lua;;", "LUA_CPATH": f"{self.options.lua}/5.1/?.so;;"}
        self.proxy = Kamailio(
            self.folder, os.path.join(self.folder, "inside.cfg"), PROXY, self.port,
            {"RCML_IP": RCML, "RCML_PORT": self.rcml, "PROXY": f"{PROXY}:{self.port}",
             "DOCUMENTS": os.path.join(self.folder, "documents"), "SCRIPT": f'"{self.script}"'},
            self.environment, memory=512)
        self.open.append(self.proxy.end)
        self.waits("the agent listens", lambda: "rcml: listening on" in self.proxy.said())

    @staticmethod
    def free(address):
        with sipp.socket.socket(sipp.socket.AF_INET, sipp.socket.SOCK_DGRAM) as held:
            held.bind((address, 0))
            return held.getsockname()[1]

    def owners(self):
        """The processes that have the agent's port, with a word on each."""
        wanted = "".join(reversed([f"{int(part):02X}" for part in RCML.split(".")])) + f":{self.rcml:04X}"
        with open("/proc/net/udp") as table:
            inodes = {line.split()[9] for line in list(table)[1:] if line.split()[1] == wanted}
        found = []
        for process in os.listdir("/proc"):
            try:
                links = [os.readlink(f"/proc/{process}/fd/{one}") for one in os.listdir(f"/proc/{process}/fd")]
            except (OSError, NotADirectoryError):
                continue
            if any(link == f"socket:[{inode}]" for link in links for inode in inodes):
                found.append(process)
        listed = self.proxy.command("core.psx")
        return [listed.partition(f"PID: {process}\n")[2].partition("DSC: ")[2].partition("\n")[0] for process in found]

    def calls(self):
        """A call through the agent; who may not call; who is not there."""
        carol = self.answering("carol")
        call = self.phone().call(f"sip:carol@{DOMAIN}", headers=f"P-Asserted-Identity: <sip:boss@{DOMAIN}>\r\n")
        answer = call.final(10)
        self.expect("the call", (answer.code, answer.source), (200, (PROXY, self.port)))
        time.sleep(0.2)
        self.expect("BYE", call.bye(), 200)
        time.sleep(0.3)
        events = carol.end()
        incoming = next((event for event in events if event["event"] == "incoming"), {})
        fields = urllib.parse.parse_qs(incoming.get("headers", ""))
        self.expect("From at the phone", incoming.get("from"), f"sip:alice@{DOMAIN}")
        self.expect("identity", fields.get("P-Asserted-Identity"), [f"<sip:alice@{DOMAIN}>"])
        self.expect("header", fields.get("X-Order"), ["17"])
        self.expect("by", incoming.get("peer"), f"udp:{PROXY}:{self.port}")
        self.expect("the end", [event["hangup_by"] for event in events if event["event"] == "ended"], ["caller"])
        self.expect("a wrong password", self.phone().call(f"sip:carol@{DOMAIN}", password="wrong").final(5).code, 407)
        self.expect("nobody's document", self.phone().call(f"sip:none@{DOMAIN}").final(5).code, 404)
        self.expect("a trick", self.phone().call(f"sip:..%2fcarol@{DOMAIN}").final(5).code, 404)
        direct = self.phone(address=STRANGER, proxy=(RCML, self.rcml))
        self.expect("a stranger at the agent's port", direct.call(f"sip:carol@{DOMAIN}").final(5).code, 403)

    def processes(self):
        """Whose the agent is."""
        self.expect("who has the port", self.owners(), ["RTIMER EXEC child=0 timer=rcml"])
        said = self.phone().call(f"sip:probe@{DOMAIN}").final(5)
        self.expect("a worker's agent", said.first, "SIP/2.0 499 This is a worker of Kamailio; make the agent in a "
                    "process of rtimer (see rcml.kamailio), or run rcml serve.")
        self.expect("the owner in a worker", "it is for a route of rtimer" in self.proxy.said(), True)

    def messages(self):
        """A worker has a call hung up; an operator has a setting changed and a call made."""
        dave = self.answering("dave")
        call = self.phone().call(f"sip:dave@{DOMAIN}")
        self.expect("the call", call.final(10).code, 200)
        told = self.phone().call(f"sip:forget@{DOMAIN}", headers=f"X-Call: {call.id}\r\n")
        self.expect("the worker", told.final(5).code, 498)
        self.expect("BYE to the caller", call.ended(5) is not None, True)
        self.operator("nonsense")
        self.waits("a word on what nobody knows", lambda: "nonsense: nobody knows this message" in self.proxy.said())
        self.operator(f"call to=sip%3Adave%40{DOMAIN}&document=%3CResponse/%3E&from=operator")
        time.sleep(0.5)
        told = [event["from"] for event in dave.end() if event["event"] == "incoming"]
        self.expect("who called the phone", told, [f"sip:alice@{DOMAIN}", f"sip:operator@{DOMAIN}"])

    def operator(self, words):
        self.proxy.command("pv.shvSet", "rcml", "str", words)
        time.sleep(0.2)

    def forks(self):
        """tm rings two parties that a document names; the agent has nothing to do with it."""
        slow, quick = self.answering(None, "--ring", "20"), self.answering(None, "--ring", "0.3")
        nouns = "".join(f"<Sip>{phone.uri}?X-Who={who}</Sip>" for who, phone in [("slow", slow), ("quick", quick)])
        self.write("two", nouns)
        call = self.phone().call(f"sip:fork-two@{DOMAIN}")
        self.expect("the call", call.final(10).code, 200)
        self.expect("BYE", call.bye(), 200)
        time.sleep(0.3)
        for who, phone, ending in [("slow", slow, "canceled"), ("quick", quick, "completed")]:
            events = phone.end()
            incoming = next((event for event in events if event["event"] == "incoming"), {})
            fields = urllib.parse.parse_qs(incoming.get("headers", ""))
            self.expect(f"the header of {who}", fields.get("X-Who"), [who])
            self.expect(f"who calls {who}", fields.get("Call-ID"), [call.id])
            self.expect(f"the end of {who}", [e["status"] for e in events if e["event"] == "ended"], [ending])
        self.expect("no such document", self.phone().call(f"sip:fork-none@{DOMAIN}").final(5).code, 480)

    def load(self):
        """SIPp, while the script is loaded anew."""
        calls, rate = self.options.calls, self.options.rate
        party = sipp.Sipp(self.folder, "party", "answers.xml", sipp.free_ports(1)[0], "udp", calls, ["-d", "100"])
        self.open.append(party.end)
        command = party.process.args
        self.proxy.locate("load", f"sip:load@{CALLER}:{command[command.index('-p') + 1]}")
        time.sleep(0.5)
        caller = sipp.Sipp(
            self.folder, "caller", os.path.join(HERE, "caller.xml"), sipp.free_ports(1)[0], "udp", calls,
            ["-d", "300", "-r", str(rate), "-l", "2000", f"{PROXY}:{self.port}"])
        self.open.append(caller.end)
        with open(self.script) as text:
            said = text.read()
        self.expect("the script", said.count("call:run(text)"), 1)
        with open(self.script, "w") as text:
            text.write(said.replace("call:run(text)", 'call:run((text:gsub("X%-Order=17", "X-Order=18")))'))
        time.sleep(calls / rate / 2)
        self.proxy.command("app_lua.reload")
        for process in (caller, party):
            if process.wait(calls / rate + 60) is None:
                self.failures.append(f"{process.name} did not finish")
            figures = process.figures()
            if figures["succeeded"] != calls or figures["failed"]:
                self.failures.append(f"{process.name}: {figures}; {process.complaint()}")
            self.repeated += figures["retransmitted"]
        frank = self.answering("carol")
        call = self.phone().call(f"sip:carol@{DOMAIN}")
        self.expect("a call by the new script", call.final(10).code, 200)
        self.expect("its BYE", call.bye(), 200)
        told = [urllib.parse.parse_qs(event["headers"]).get("X-Order") for event in frank.end() if "headers" in event]
        self.expect("the header of the new script", told, [["18"]])
        self.expect("agents that were made", self.proxy.said().count("rcml: listening on"), 1)

    def drains(self):
        """Calls that are under way when the drain begins end as their parties want; new ones are refused."""
        henry = self.answering("henry")
        calls = [self.phone().call(f"sip:henry@{DOMAIN}") for _ in range(10)]
        self.expect("answers", [call.final(10).code for call in calls], [200] * len(calls))
        self.operator("drain")
        # The agent says 503, and tm makes 500 of it: another Kamailio before this one is not to think that this one is full.
        self.expect("a call during the drain", self.phone().call(f"sip:henry@{DOMAIN}").final(10).code, 500)
        self.expect("the agent", self.owners(), ["RTIMER EXEC child=0 timer=rcml"])
        self.expect("BYE", [call.bye() for call in calls], [200] * len(calls))
        self.waits("the drain", lambda: "rcml: drained" in self.proxy.said())
        self.expect("who has the port", self.owners(), [])
        self.operator("start")
        self.waits("the agent listens again", lambda: self.proxy.said().count("rcml: listening on") == 2)
        call = self.phone().call(f"sip:henry@{DOMAIN}")
        self.expect("a call after the start", call.final(10).code, 200)
        self.expect("its BYE", call.bye(), 200)
        ends = [event["hangup_by"] for event in henry.end() if event["event"] == "ended"]
        self.expect("ends at the phone", ends, ["caller"] * (len(calls) + 1))

    def example(self):
        """What the README says to run."""
        environment = {**os.environ, **self.environment, "ADDRESS": "127.22.2.9",
                       "PATH": os.path.dirname(self.options.tool) + ":" + os.environ["PATH"]}
        done = subprocess.run([os.path.join(EXAMPLE, "run.sh"), "inside"], env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=40)
        self.expect("run.sh: " + done.stdout[-800:] + done.stderr[-800:], done.returncode, 0)

    def complaints(self):
        """Kamailio has found nothing wrong but what this test did."""
        wanted = ["owner: a worker calls it", "nonsense: nobody knows this message", "none: there is no document none"]
        for line in self.proxy.said().splitlines():
            if ("ERROR" in line or "CRITICAL" in line) and not any(f"rcml: {what}" in line for what in wanted):
                self.failures.append(line)

    def run(self):
        seconds = self.take([self.calls, self.processes, self.messages, self.forks, self.load, self.drains,
                             self.complaints, self.example])
        ending = f"none failed, {self.repeated} repetitions"
        if self.failures:
            ending = f"{len(self.failures)} things went wrong"
        print(f"inside Kamailio: {self.options.calls} calls at {self.options.rate}/s, {seconds:.1f} s: {ending}")
        return not self.failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--lua", default=os.path.join(ROOT, ".build", "dist", "stage", "lib", "lua"),
                        help="the folder of the Lua modules, as Scripts/build-lua makes it")
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--keep", action="store_true", help="keep the folder of a failed run")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    options.tool, options.lua = os.path.abspath(options.tool), os.path.abspath(options.lua)
    return 0 if Test(options).run() else 1


if __name__ == "__main__":
    sys.exit(main())
