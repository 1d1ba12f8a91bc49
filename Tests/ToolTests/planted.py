"""Calls that fail for a cause that was planted, each with its journal: what `rcml why` and the page must name."""

import http.server
import json
import math
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import wave

PAUSE = '<Response><Pause length="20"/></Response>'


class Scene:
    """A folder for documents and journals, and whatever runs until it is closed."""

    def __init__(self, tool, folder):
        self.tool, self.folder, self.ends = tool, folder, []

    def close(self):
        for end in reversed(self.ends):
            end()
        self.ends = []

    def path(self, name):
        return os.path.join(self.folder, name)

    def file(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as target:
            target.write(text)
        return self.path(name)

    def run(self, *arguments, **options):
        return subprocess.run([self.tool, *arguments], capture_output=True, text=True, timeout=40, **options)

    def stay(self, *arguments):
        """A tool that stays, and its URI."""
        process = subprocess.Popen([self.tool, *arguments, "--json"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        first = json.loads(process.stdout.readline())

        def end():
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)

        self.ends.append(end)
        return process, first["uris"][0]

    def web(self, answer):
        """A web server: answer(path, body) → (status, type, text)."""
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                status, kind, text = answer(self.path, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.ends.append(lambda: (server.shutdown(), server.server_close()))
        return f"http://127.0.0.1:{server.server_port}"

    def redirector(self):
        """A phone that sends every INVITE back to another name of its own."""
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.2)
        port, isOver, count = udp.getsockname()[1], threading.Event(), [0]

        def answer():
            while not isOver.is_set():
                try:
                    message, source = udp.recvfrom(65535)
                except socket.timeout:
                    continue
                text = message.decode()
                if not text.startswith("INVITE"):
                    continue
                count[0] += 1
                kept = [line for line in text.split("\r\n")
                        if re.match(r"(?i)(via|from|call-id|cseq):", line)]
                to = re.search(r"(?im)^to:.*$", text).group().strip() + ";tag=r"
                udp.sendto("\r\n".join(
                    ["SIP/2.0 302 Moved Temporarily", *kept, to,
                     f"Contact: <sip:next{count[0]}@127.0.0.1:{port}>", "Content-Length: 0", "", ""]).encode(), source)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        self.ends.append(lambda: (isOver.set(), thread.join(), udp.close()))
        return f"sip:loop@127.0.0.1:{port}"

    def served(self, name, *options, seconds=12):
        """The journal of one call that `rcml serve` takes."""
        journal = self.path(name + ".journal")
        process, uri = self.stay("serve", "--listen", "udp:127.0.0.1:0", "--journal", journal, *options)
        self.run("call", uri, "--listen", "udp:127.0.0.1:0", "--document", self.file("pause.xml", PAUSE))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=seconds + 10)
        return journal

    def rehearsed(self, name, document, *options):
        """The journal of a call that never left the process."""
        journal = self.path(name + ".journal")
        self.run("simulate", self.file(name + ".xml", document), "--journal", journal, *options)
        return journal


def dial(target, attributes=""):
    return f'<Response><Dial timeout="20"><Sip {attributes}>{target}</Sip></Dial></Response>'


def wrong_password(scene):
    _, alice = scene.stay("answer", "--listen", "udp:127.0.0.1:0", "--require-auth", "alice:secret")
    document = scene.file("password.xml", dial(alice, 'username="alice" password="not-it"'))
    return scene.served("wrong-password", "--document", document)


def nat_address(scene):
    return scene.rehearsed("nat-address", dial("sip:alice@example.com"), "--set", "public_address=10.0.0.5",
                           "--outcome", "1:180,after=1:200", "--caller-hangs-up", "9")


def no_codec(scene):
    return scene.rehearsed("no-codec", dial("sip:alice@example.com"), "--outcome", "1:488")


def dead_webhook(scene):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return scene.served("dead-webhook", "--url", f"http://127.0.0.1:{port}/voice")


def html_from_webhook(scene):
    page = ("<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n<body>Please sign in.</body></html>\n"
            "<!-- --><script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">\n")
    url = scene.web(lambda path, body: (200, "text/html", page))
    return scene.served("html-from-webhook", "--url", url + "/voice")


def misspelt_name(scene):
    document = scene.file("name.xml", dial("sip:alice@pbx.exmaple.invalid"))
    return scene.served("misspelt-name", "--document", document, seconds=30)


def screening_hangs_up(scene):
    screen = scene.file("hangup.xml", "<Response>\n  <Hangup/>\n</Response>\n")
    return scene.rehearsed("screening-hangs-up", dial("sip:alice@example.com", 'url="http://h/screen"'),
                           "--answer", "http://h/screen=" + screen, "--outcome", "1:180,after=1:200")


def redirects_without_end(scene):
    document = scene.file("redirects.xml", dial(scene.redirector()))
    return scene.served("redirects-without-end", "--document", document, "--set", "follow_redirects=5")


def callback_always_fails(scene):
    callback = 'statusCallback="http://h/cb" statusCallbackEvent="initiated ringing answered completed"'
    return scene.rehearsed("callback-always-fails", dial("sip:alice@example.com", callback), "--answer",
                           "http://h/cb=500", "--outcome", "1:180,after=1:200,after=5:bye")


#: Cause → how it is planted. A port in use is in no journal: the tool says it before there is one.
CAUSES = {
    "wrong-password": wrong_password, "nat-address": nat_address, "no-codec": no_codec,
    "dead-webhook": dead_webhook, "html-from-webhook": html_from_webhook, "misspelt-name": misspelt_name,
    "screening-hangs-up": screening_hangs_up, "redirects-without-end": redirects_without_end,
    "callback-always-fails": callback_always_fails,
}


def plant(scene, names=CAUSES):
    """Journals of all causes, made side by side: name → path."""
    found = {}

    def make(name):
        found[name] = CAUSES[name](scene)

    threads = [threading.Thread(target=make, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def sounding(scene):
    """The journal of a call whose party plays a tone for two seconds, by way of the engine."""
    with wave.open(scene.path("tone.wav"), "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(8000)
        tone.writeframes(b"".join(struct.pack("<h", int(8000 * math.sin(place / 3))) for place in range(8000)))
    _, alice = scene.stay("answer", "--listen", "udp:127.0.0.1:0", "--play", scene.path("tone.wav"), "--hangup", "2")
    return scene.served("sounding", "--document", scene.file("sounding.xml", dial(alice)), "--media", "anchored")


def many_calls(scene, count):
    """The journal of so many calls, each with two parties that refuse: a phone and a caller in one socket each."""
    phone = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    caller = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for end, patience in ((phone, 0.05), (caller, 20)):
        end.bind(("127.0.0.1", 0))
        end.settimeout(patience)
    place, own = (f"127.0.0.1:{end.getsockname()[1]}" for end in (phone, caller))
    isOver = threading.Event()

    def lines(text, *names):
        return [line for line in text.split("\r\n") if line.lower().split(":")[0] in names]

    def refuse():
        answers = ["404 Not Found", "486 Busy Here", "603 Decline"]
        while not isOver.is_set():
            try:
                message, source = phone.recvfrom(65535)
            except socket.timeout:
                continue
            text = message.decode()
            if text.startswith("INVITE"):
                to = lines(text, "to")[0] + ";tag=p"
                answers.append(answers.pop(0))
                for status in ["180 Ringing", answers[0]]:
                    phone.sendto("\r\n".join(
                        ["SIP/2.0 " + status, *lines(text, "via", "from", "call-id", "cseq"), to,
                         f"Contact: <sip:{place}>", "Content-Length: 0", "", ""]).encode(), source)

    thread = threading.Thread(target=refuse, daemon=True)
    thread.start()
    document = scene.file("many.xml", '<Response>\n  <Dial timeout="20">\n'
                          f"    <Sip>sip:alice@{place}</Sip>\n    <Sip>sip:bob@{place}</Sip>\n  </Dial>\n</Response>\n")
    journal = scene.path("many.journal")
    process, uri = scene.stay("serve", "--listen", "udp:127.0.0.1:0", "--document", document, "--journal", journal)
    server = ("127.0.0.1", int(re.search(r":(\d+);", uri).group(1)))
    sdp = ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
           "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n")

    def say(method, number, to, more=()):
        caller.sendto("\r\n".join(
            [f"{method} sip:service@127.0.0.1:{server[1]} SIP/2.0", f"Via: SIP/2.0/UDP {own};branch=z9hG4bK{number}",
             "Max-Forwards: 70", f"From: <sip:caller{number}@{own}>;tag=c", to, f"Call-ID: {number}@many",
             f"CSeq: 1 {method}", f"Contact: <sip:{own}>", *more]).encode(), server)

    sent, busy, ended = 0, set(), set()
    while len(ended) < count:
        # Whoever is sent away because there is too much to do calls again, as another.
        while sent < count + len(busy) and sent - len(ended) - len(busy) < 8:
            say("INVITE", sent, "To: <sip:service@127.0.0.1>",
                ["Content-Type: application/sdp", f"Content-Length: {len(sdp)}", "", sdp])
            sent += 1
        text = caller.recv(65535).decode()
        if text.startswith("SIP/2.0 ") and int(text[8:11]) >= 300:
            number = int(re.search(r"(?im)^call-id: *(\d+)@", text).group(1))
            say("ACK", number, lines(text, "to")[0], ["Content-Length: 0", "", ""])
            (busy if text.startswith("SIP/2.0 503 ") else ended).add(number)
    process.send_signal(signal.SIGINT)
    process.wait(20)
    isOver.set()
    thread.join()
    phone.close()
    caller.close()
    return journal
