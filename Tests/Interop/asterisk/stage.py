"""All that the functional cases need at once: Asterisk with the module, phones, a web application, a manager client."""

import os
import time

import sound
from called import Phone
from caller import Caller
from server import HOST, Asterisk, Manager, free_port
from web import Web

SIP_HOST = "127.21.0.5"  # where the engine itself listens

DIALPLAN = """[globals]
WEB={web}
[test]
exten => _do_.,1,RCML(${{WEB}}/${{EXTEN:3}})
 same => n,Goto(after,1)
exten => _up_.,1,Answer()
 same => n,RCML(${{WEB}}/${{EXTEN:3}})
 same => n,Goto(after,1)
exten => _of_.,1,RCML(${{EXTEN:3}})
 same => n,Goto(after,1)
exten => get,1,RCML(${{WEB}}/method,m(GET)p(Tenant=7&Site=north))
 same => n,Goto(after,1)
exten => base,1,RCML(relative.xml,b(${{WEB}}/deep/er))
 same => n,Goto(after,1)
exten => first,1,RCML(${{WEB}}/quiet,A)
 same => n,Goto(after,1)
exten => last,1,RCML(${{WEB}}/quiet,h)
 same => n,UserEvent(Done,Status: went on)
exten => bysip,1,RCML(${{WEB}}/bysip,t(sip))
 same => n,Goto(after,1)
exten => wrong,1,RCML(${{WEB}}/quiet,t(letters))
 same => n,Goto(after,1)
exten => tells,1,Set(CALLERID(num)=+49 (30) 1-2)
 same => n,Set(CALLERID(name)=Ünï "q" <x>)
 same => n,Set(REDIRECTING(from-num)=777)
 same => n,Set(RCML_HEADER_X_Tenant=a&b c)
 same => n,RCML(${{WEB}}/asked)
 same => n,Goto(after,1)
exten => withheld,1,Set(CALLERID(pres)=prohib)
 same => n,RCML(${{WEB}}/alice)
 same => n,Goto(after,1)
exten => mix,1,MixMonitor({folder}/mix.wav)
 same => n,RCML(${{WEB}}/alice)
 same => n,Goto(after,1)
exten => after,1,UserEvent(Done,Status: ${{RCMLSTATUS}},Reason: ${{RCMLREASON}},Code: ${{RCMLSIPCODE}},Sid: ${{RCMLCALLSID}},HangupBy: ${{RCMLHANGUPBY}},DialStatus: ${{RCMLDIALSTATUS}},DialCode: ${{RCMLDIALSIPCODE}},DialReason: ${{RCMLDIALREASON}},DialDuration: ${{RCMLDIALDURATION}},DialTo: ${{RCMLDIALTO}},Recording: ${{RCMLRECORDING}},Cause: ${{HANGUPCAUSE}},Formats: ${{CHANNEL(audioreadformat)}} ${{CHANNEL(audiowriteformat)}})
 same => n,Hangup(${{HANGUPCAUSE}})
exten => h,1,UserEvent(HungUp,Status: ${{RCMLSTATUS}},HangupBy: ${{RCMLHANGUPBY}},Cause: ${{HANGUPCAUSE}})
exten => elsewhere,1,Answer()
 same => n,PlayTones(1000)
 same => n,Wait(10)
[legs]
exten => early,1,Progress()
 same => n,PlayTones(880)
 same => n,Wait(2)
 same => n,Answer()
 same => n,Wait(10)
exten => _1X.,1,Ringing()
 same => n,Wait(0.3)
 same => n,Answer()
 same => n,PlayTones(880)
 same => n,Wait(20)
exten => _2XX,1,Congestion()
exten => _4XX,1,Answer()
 same => n,SendDTMF(5#)
 same => n,Read(KEYS,,2,,1,3)
 same => n,UserEvent(Keys,Keys: ${{KEYS}})
 same => n,Wait(3)
"""

CONFIGURATION = """[general]
listen = udp:{sip_host}:{sip_port}
targets = channels
domains = pbx.test
sip = PJSIP/${{USER}}
number = Local/${{USER}}@legs
client = Local/${{USER}}@legs
documents = {folder}/documents
recordings = {folder}/recordings
max_calls = 20
http_timeout = 8
rtp_lock = any
{more}
[section]
url = {web}/alice
[file]
file = group.xml
account_sid = AC11111111111111111111111111111111
[unreadable]
file = unreadable.xml
"""

DOCUMENTS = {
    "/alice": "<Response><Dial><Sip>sip:alice@pbx.test</Sip></Dial></Response>",
    "/two": "<Response><Dial><Sip>sip:alice@pbx.test</Sip><Sip>sip:bob@pbx.test</Sip></Dial></Response>",
    "/quiet": "<Response/>",
    "/busy": "<Response><Dial><Sip>sip:busy@pbx.test</Sip></Dial></Response>",
    "/odd": "<Response><Dial><Sip>sip:odd@pbx.test</Sip></Dial></Response>",
    "/limit": '<Response><Dial timeout="2"><Sip>sip:bob@pbx.test</Sip></Dial></Response>',
    "/reject": '<Response><Reject reason="busy"/></Response>',
    "/hangup": "<Response><Hangup/></Response>",
    "/broken": "<Response>\n  <Dial\n</Response>",
    "/faulty": '<Response>\n  <Dial timeout="x"><Sip>sip:busy@pbx.test</Sip></Dial>\n</Response>',
    "/unknown": "<Response><Dial><Sip>sip:nobody@pbx.test</Sip></Dial></Response>",
    "/early": "<Response><Dial><Client>early</Client></Dial></Response>",
    "/raw": "<Response><Dial><Number>PJSIP/alice</Number></Dial></Response>",
    "/number": "<Response><Dial><Number>100</Number></Dial></Response>",
    "/keys": "<Response><Dial><Number>400</Number></Dial></Response>",
    "/congestion": "<Response><Dial><Number>200</Number></Dial></Response>",
    "/recorded": '<Response><Dial record="record-from-answer"><Sip>sip:alice@pbx.test</Sip></Dial></Response>',
    "/dave": "<Response><Dial><Sip>sip:dave@pbx.test</Sip></Dial></Response>",
    "/headers": "<Response><Dial><Sip>sip:alice@pbx.test?X-Order=17</Sip></Dial></Response>",
    "/hanging": None,
    "/deep/relative": "<Response/>",
    "/method": "<Response/>",
    "/asked": "<Response/>",
}


class Stage:
    def __init__(self, options, folder, module):
        self.options, self.folder = options, folder
        os.makedirs(os.path.join(folder, "documents"))
        os.makedirs(os.path.join(folder, "recordings"))
        self.web = Web(dict(DOCUMENTS))
        self.phones = []
        # Alice rings shortly and answers, Bob rings on, Dave presses keys, Carol's line is busy.
        self.alice = self.phone("alice", ["--ring", "0.3"], 880)
        self.bob = self.phone("bob", ["--ring", "30"], 880)
        self.dave = self.phone("dave", ["--digits", "4w2"], 880)
        self.busy = self.phone("busy", ["--code", "486"])
        self.odd = self.phone("odd", ["--code", "493"])
        self.complete_documents()
        self.sip_port = free_port(SIP_HOST)
        self.asterisk = Asterisk(
            folder, options.library, {"extensions.conf": DIALPLAN.format(web=self.web.url, folder=folder)},
            {phone.name: phone.uri for phone in self.phones}, module,
            # One heap, so that memory that was given back is seen.
            {"MALLOC_ARENA_MAX": "1"})
        self.configure()
        self.asterisk.start()
        self.reconnect()
        self.callers, self.said = [], ""  # `said`: figures of a case

    def reconnect(self):
        self.manager = Manager(self.asterisk.manager)

    def complete_documents(self):
        web, documents = self.web.url, self.web.documents
        documents["/bysip"] = f"<Response><Dial><Sip>{self.alice.uri}</Sip><Sip>{self.bob.uri}</Sip></Dial></Response>"
        documents["/screened"] = f'<Response><Dial><Sip url="{web}/screen">sip:dave@pbx.test</Sip></Dial></Response>'
        documents["/screen"] = f'<Response><Gather numDigits="1" timeout="4" action="{web}/pressed"/><Hangup/></Response>'
        documents["/pressed"] = "<Response/>"
        documents["/action"] = f'<Response><Dial action="{web}/hanging"><Sip>sip:alice@pbx.test</Sip></Dial></Response>'
        documents["/done"] = f'<Response><Dial action="{web}/next"><Sip>sip:busy@pbx.test</Sip></Dial></Response>'
        documents["/next"] = "<Response><Dial><Sip>sip:alice@pbx.test</Sip></Dial></Response>"
        documents["/status"] = (f'<Response><Dial><Sip statusCallback="{web}/told">sip:alice@pbx.test</Sip></Dial></Response>')
        sound.write(os.path.join(self.folder, "prompt.wav"), sound.PROMPT, 2)
        with open(os.path.join(self.folder, "prompt.wav"), "rb") as file:
            documents["/prompt.wav"] = file.read()
        documents["/prompt"] = f"<Response><Play>{web}/prompt.wav</Play></Response>"
        for name, text in {"group.xml": documents["/two"], "unreadable.xml": documents["/broken"]}.items():
            with open(os.path.join(self.folder, "documents", name), "w") as file:
                file.write(text)

    def configure(self, more=""):
        self.asterisk.write("rcml.conf", CONFIGURATION.format(
            folder=self.folder, web=self.web.url, sip_host=SIP_HOST, sip_port=self.sip_port, more=more))

    def phone(self, name, options, tone=None):
        phone = Phone(self.options.tool, self.folder, name, options, tone)
        self.phones.append(phone)
        return phone

    def renew(self, phone):
        """A phone of one case: its keys and its recording begin anew."""
        with phone.changed:
            phone.events.clear()
        phone.begun = len(phone.recordings())

    def begin(self):
        """What was told and heard before is forgotten."""
        self.manager.forget()
        self.web.asked.clear()
        for phone in self.phones:
            self.renew(phone)

    def call(self, number, **more):
        self.begin()
        caller = Caller((more.pop("server", HOST), self.asterisk.port), number, **more)
        self.callers.append(caller)
        return caller

    def done(self, seconds=8):
        """The variables of RCML(), once the dialplan goes on; None: it did not."""
        return self.manager.wait(lambda one: one.get("UserEvent") == "Done", seconds)

    def hung_up(self, seconds=5):
        """The variables when the channel hangs up."""
        return self.manager.wait(lambda one: one.get("UserEvent") == "HungUp", seconds)

    def log_since(self, mark):
        return self.asterisk.log()[mark:]

    def end_callers(self):
        for caller in self.callers:
            caller.end()
        self.callers = []

    def end(self):
        self.end_callers()
        self.web.end()
        if hasattr(self, "manager"):
            self.manager.end()
        if hasattr(self, "asterisk"):
            self.asterisk.end()
        for phone in self.phones:
            phone.end()


def until(wanted, seconds=5):
    limit = time.monotonic() + seconds
    while not wanted() and time.monotonic() < limit:
        time.sleep(0.05)
    return wanted()
