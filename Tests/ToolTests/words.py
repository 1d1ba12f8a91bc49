#!/usr/bin/env python3
"""What the tool says to whoever looks for a cause: times, requests to web servers, checks, help, completion, colours."""

import argparse
import datetime
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from web import Web  # noqa: E402

TOOL = None
SECRET = "xyzzy-canary"


def run(*arguments, **options):
    return subprocess.run([TOOL, *arguments], capture_output=True, text=True, timeout=60, **options)


class WordTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rcml-words-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as target:
            target.write(text)
        return path

    def web(self, pages):
        web = Web(lambda path, body: pages.get(path.partition("?")[0], (404, {}, "no such page")))
        self.addCleanup(web.close)
        return web

    def phone(self, *arguments):
        """`rcml answer` on a port of its own; returns its URI."""
        process = subprocess.Popen(
            [TOOL, "answer", "--json", "--listen", "udp:127.0.0.1:0", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

        def end():
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)

        self.addCleanup(end)
        return json.loads(process.stdout.readline())["uris"][0]

    # Times and calls

    def call(self, *arguments, **options):
        document = self.file("pause.xml", "<Response><Pause length=\"1\"/></Response>")
        return run("call", self.phone("--hangup", "0.2"), "--document", document, *arguments, **options)

    def test_every_line_has_its_time_and_its_call(self):
        before = datetime.datetime.now(datetime.timezone.utc)
        said = self.call("--utc").stderr.splitlines()
        lines = [line for line in said if not line.startswith("listening on ")]
        self.assertTrue(any("ended: completed" in line for line in lines), lines)
        for line in lines:
            match = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})Z CA[0-9a-f]{32} .+", line)
            self.assertTrue(match, line)
            at = datetime.datetime.fromisoformat(match[1] + "+00:00")
            self.assertLess(abs((at - before).total_seconds()), 30)

    def test_local_time_is_that_of_the_zone(self):
        said = self.call(env={**os.environ, "TZ": "XXX-5:30"}).stderr
        match = re.search(r"^(\S+ \S+\.\d{3}) CA\w+ ended", said, re.M)
        at = datetime.datetime.fromisoformat(match[1])
        there = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=5, minutes=30)
        self.assertLess(abs((there.replace(tzinfo=None) - at).total_seconds()), 30)

    def test_relative_times_begin_with_the_tool(self):
        times = re.findall(r"^\+(\d+\.\d{3}) CA", self.call("--relative").stderr, re.M)
        self.assertEqual(times, sorted(times, key=float))
        self.assertLess(float(times[-1]), 20)
        objects = [json.loads(line) for line in self.call("--relative", "--json").stdout.splitlines()]
        self.assertTrue(all(0 <= line["at_ms"] < 20_000 for line in objects), objects)
        self.assertEqual(run("call", "sip:a@127.0.0.1", "--say", "x", "--utc", "--relative").returncode, 2)

    def test_every_object_has_its_time_and_its_call(self):
        objects = [json.loads(line) for line in self.call("--json").stdout.splitlines()]
        for line in objects:
            self.assertRegex(line["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        for line in objects:
            if line["event"] not in ["listening", "drained"]:
                self.assertRegex(line["sid"], "^CA[0-9a-f]{32}$")

    def test_an_incoming_call_shows_its_headers_and_its_peer(self):
        process = subprocess.Popen([TOOL, "answer", "--json", "--listen", "udp:127.0.0.1:0", "--code", "486", "--count", "1"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        uri = json.loads(process.stdout.readline())["uris"][0]
        run("call", uri.replace("sip:", "sip:desk@"), "--dial", "sip:a@127.0.0.1:9", "--from", "sip:alice@a.example")
        incoming = next(json.loads(line) for line in process.communicate(timeout=20)[0].splitlines() if '"incoming"' in line)
        self.assertTrue(incoming["url"].startswith("sip:desk@127.0.0.1:"))
        self.assertTrue(incoming["peer"].startswith("udp:127.0.0.1:"))
        self.assertIn("User-Agent=librcml", incoming["headers"])

    # Requests to web servers

    def test_requests_are_shown_with_secrets_covered(self):
        page = (f'<Response><Dial><Sip username="bob" password="{SECRET}">sip:b@127.0.0.1:9</Sip></Dial>'
                f"<!-- {'x' * 4000} --></Response>")
        web = self.web({"/d": (200, {"Content-Type": "text/xml"}, page)})
        told = run("call", self.phone(), "--url", web.url + "/d", "--http-log")
        self.assertNotIn(SECRET, told.stderr)
        head = re.search(r"CA\w+ POST \S+/d → 200 text/xml, (\d+) octets, \d+ ms\n", told.stderr)
        self.assertEqual(int(head[1]), len(page))
        self.assertRegex(told.stderr, r"\n  > CallSid=CA\w{32}\n")
        shown = re.search(r"\n  < (<Response>.*)\n", told.stderr)[1]
        self.assertEqual(len(shown), 2048)
        self.assertIn('password="*', shown)
        objects = run("call", self.phone(), "--url", web.url + "/d", "--http-log", "--json").stdout
        self.assertNotIn(SECRET, objects)
        line = next(json.loads(line) for line in objects.splitlines() if '"exchange"' in line)
        self.assertEqual((line["status"], line["code"], line["size"]), ("answered", 200, len(page)))
        quiet = run("call", self.phone(), "--url", web.url + "/d")
        self.assertNotIn("→", quiet.stderr)

    def test_a_request_without_an_answer_says_why(self):
        told = run("call", self.phone(), "--url", "http://127.0.0.1:9/", "--http-log")
        self.assertIn("→ no answer: the web server's machine refused the connection", told.stderr)

    # Checks

    def test_a_check_knows_where_a_document_comes_from(self):
        path = self.file("d.xml", '<Response><Dial action="after.php"><Sip>sip:a@b.example</Sip></Dial></Response>')
        self.assertIn("after.php", run("check", path).stdout)
        based = run("check", path, "--base-url", "http://a.example/x/")
        self.assertEqual((based.returncode, based.stdout), (0, ""))

    def test_a_check_knows_settings(self):
        path = self.file("d.xml", '<Response><Dial><Sip>sip:a@b.example</Sip></Dial></Response>')
        self.assertEqual(run("check", path, "--set", "max_document_bytes=1024").returncode, 0)
        long = self.file("long.xml", f"<Response><!-- {'x' * 2000} --></Response>")
        self.assertEqual(run("check", long).returncode, 0)
        self.assertEqual(run("check", long, "--set", "max_document_bytes=1024").returncode, 1)
        settings = self.file("settings", "# small\nmax_document_bytes = 1024\n")
        self.assertEqual(run("check", long, "--settings", settings).returncode, 1)
        wrong = run("check", path, "--set", "max_document_byte=1024")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("max_document_bytes", wrong.stderr)

    def test_a_strict_check_takes_no_warnings(self):
        path = self.file("d.xml", '<Response><Dial tiemout="3"><Sip>sip:a@b.example</Sip></Dial></Response>')
        self.assertEqual(run("check", path).returncode, 0)
        self.assertEqual(run("check", "--strict", path).returncode, 1)

    def test_a_check_lists_whom_a_document_would_dial(self):
        path = self.file("d.xml", f"""<Response><Dial timeout="7"><Sip username="bob" password="{SECRET}">sip:b@b.example</Sip>
<Client>dora</Client></Dial></Response>""")
        listed = run("check", "--targets", path)
        self.assertEqual(listed.returncode, 0)
        self.assertIn("1.1 <Sip> sip:b@b.example, 7 s  username=bob", listed.stdout)
        self.assertRegex(listed.stdout, r"1\.2 <Client> dora \(nobody can be dialled, \d+\), 7 s")
        objects = [json.loads(line) for line in run("check", "--targets", "--json", path).stdout.splitlines()]
        self.assertEqual([line["noun"] for line in objects if "noun" in line], ["Sip", "Client"])
        self.assertNotIn(SECRET, listed.stdout + json.dumps(objects))

    def test_a_live_check_asks_as_a_call_does_and_dials_nobody(self):
        page = ('<Response><Dial tiemout="3" action="next"><Sip statusCallback="cb" url="screen">'
                "sip:a@127.0.0.1:9</Sip></Dial><Redirect>other</Redirect></Response>")
        web = self.web({
            "/a": (302, {"Location": "/d"}, ""), "/d": (200, {"Content-Type": "text/xml"}, page),
            "/html": (200, {"Content-Type": "text/html"}, "<html><body>oops</body></html>")})
        done = run("check", web.url + "/a", "--from", "sip:alice@example.com", "--to", "sip:desk@example.com")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"/d:1:\d+: warning unknown-attribute: .*timeout")
        self.assertNotIn("wants", done.stdout)
        self.assertRegex(done.stderr, r"POST \S+/a → 302")
        self.assertRegex(done.stderr, r"POST \S+/d → 200 text/xml, \d+ octets, \d+ ms")
        self.assertEqual([path for _, path, _ in web.asked], ["/a", "/d"])
        self.assertIn("From=sip%3Aalice%40example.com", web.asked[1][2])
        html = run("check", web.url + "/html")
        self.assertEqual(html.returncode, 1)
        self.assertIn("This is a web page", html.stdout)
        missing = run("check", web.url + "/nowhere", "--method", "GET", "--set", "http_retries=0")
        self.assertEqual(missing.returncode, 1)
        self.assertRegex(missing.stderr, r"GET \S+/nowhere\?CallSid=\S+ → 404")
        self.assertEqual(run("check", "http://127.0.0.1:9/").returncode, 1)

    def test_a_live_check_goes_by_the_content_type(self):  # G-2, G-4, H-34
        page = "<Response><Say größe='3'>Grüße</Say></Response>"
        declared = "<?xml version='1.0' encoding='iso-8859-1'?>" + page
        answers = {
            "/latin": ("text/xml; charset=iso-8859-1", page.encode("latin-1"), 0, "größe"),
            "/declared": ("application/xml", declared.encode("latin-1"), 0, "größe"),
            "/wide": ("text/xml;charset=utf-16le", page.encode("utf-16-le"), 0, "größe"),
            "/nobody-says": ("", page.encode(), 0, "größe"),
            "/wrong": ("text/xml; charset=utf-8", page.encode("latin-1"), 1, "holds octets that are not"),
            "/unknown": ("text/xml; charset=klingon", page.encode(), 1, "encoding of the document is not known"),
            "/octets": ("application/octet-stream", b"<Response/>", 1, "application/octet-stream is not one that is read"),
            "/json": ("application/json", b'{"verbs": []}', 1, "This looks like JSON"),
            "/page": ("text/html", b"<html><body>oops</body></html>", 1, "This is a web page"),
            "/words": ("text/plain", b"Hello", 0, ""),
        }
        web = self.web({path: (200, {"Content-Type": kind} if kind else {}, octets)
                        for path, (kind, octets, _, _) in answers.items()})
        for path, (_, _, status, said) in answers.items():
            with self.subTest(path):
                done = run("check", web.url + path)
                self.assertEqual(done.returncode, status, done.stdout + done.stderr)
                self.assertIn(said, done.stdout)
                if not said:
                    self.assertEqual(done.stdout, "")
        line = json.loads(run("check", "--json", web.url + "/wrong").stdout.splitlines()[-1])
        self.assertEqual((line["severity"], line["name"], line["line"]), ("error", "document-error", 1))

    # Calls

    @unittest.skipUnless(shutil.which("flite") or shutil.which("espeak-ng"), "no speech program is installed")
    def test_say_and_dial_make_a_document(self):
        path = os.path.join(self.folder, "heard.wav")
        first, second = self.phone("--record", path), self.phone("--hangup", "0.5")
        done = run("call", first, "--say", "One & two < three.", "--dial", second, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        statuses = [json.loads(line).get("status") for line in done.stdout.splitlines() if '"dial"' in line]
        self.assertEqual(statuses, ["completed"])
        self.assertGreater(os.path.getsize(path), 10_000)

    def test_dial_alone_needs_nobody_who_speaks(self):
        done = run("call", self.phone(), "--dial", self.phone("--code", "486"), env={**os.environ, "PATH": "/nowhere"})
        self.assertIn("dial busy (486)", done.stderr)
        said = run("call", "sip:a@127.0.0.1:9", "--say", "x", env={**os.environ, "PATH": "/nowhere"})
        self.assertEqual(said.returncode, 1)
        self.assertIn("speech_program", said.stderr)

    def test_a_call_to_this_machine_listens_on_loopback_only(self):
        done = run("call", self.phone("--code", "486"), "--dial", "sip:a@127.0.0.1:9")
        places = re.findall(r"listening on (\S+)", done.stderr)
        self.assertTrue(places)
        self.assertTrue(all("127.0.0.1" in place for place in places), places)

    def test_a_party_that_nobody_could_call_is_refused_before_a_socket_is_opened(self):
        for party, why in [("sips:a@b.example;transport=udp", "TLS"), ("sip:a@b.example;transport=ws", "transport"),
                           ("sip:", "SIP URI")]:
            done = run("call", party, "--dial", "sip:a@127.0.0.1:9")
            self.assertEqual(done.returncode, 2, party)
            self.assertIn(why, done.stderr)
            self.assertNotIn("listening on", done.stderr)
            dialled = run("call", "sip:a@127.0.0.1:9", "--dial", party)
            self.assertEqual(dialled.returncode, 2, party)
            self.assertIn(why, dialled.stderr)

    # Help, completion, colours

    def test_help_of_a_command(self):
        self.assertEqual(run("help", "call").stdout, run("call", "--help").stdout)
        wrong = run("help", "cal")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("did you mean call", wrong.stderr)
        self.assertEqual(run("help").stdout, run("--help").stdout)

    def test_bash_completes(self):
        script = self.file("complete", run("completion", "bash").stdout)

        def replies(*words):
            quoted = " ".join(f"'{word}'" for word in words)
            return subprocess.run(
                ["bash", "-c", f". '{script}'; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _rcml; "
                 "echo \"${COMPREPLY[@]}\""], capture_output=True, text=True, timeout=20).stdout.split()

        commands = re.findall(r"^  rcml (\w+)", run("help").stdout, re.M)
        self.assertEqual(replies("rcml", ""), commands + ["help"])
        for command in commands:
            options = re.findall(r"^  (--[\w-]+)", run("help", command).stdout, re.M)
            self.assertEqual(replies("rcml", command, "--"), options)
        self.assertEqual(replies("rcml", "call", "--method", ""), ["GET", "POST"])
        self.assertEqual(replies("rcml", "check", script[:-3]), [script])

    def test_zsh_and_fish_take_what_is_made_for_them(self):
        for shell in ["zsh", "fish"]:
            script = run("completion", shell)
            self.assertEqual(script.returncode, 0)
            for command in ["serve", "simulate", "completion"]:
                self.assertIn(command, script.stdout)
            if shutil.which(shell):
                subprocess.run([shell, "-n", self.file(shell, script.stdout)], check=True, timeout=20)
        unknown = run("completion", "fsh")
        self.assertEqual(unknown.returncode, 2)
        self.assertIn("did you mean fish", unknown.stderr)

    def on_terminal(self, *arguments, **variables):
        """What the tool writes to a terminal."""
        main, other = pty.openpty()
        environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        process = subprocess.Popen(
            [TOOL, *arguments], stdin=other, stdout=other, stderr=other,
            env={**environment, "TERM": "xterm", **variables})
        os.close(other)
        said = b""
        while True:
            try:
                piece = os.read(main, 4096)
            except OSError:
                break
            if not piece:
                break
            said += piece
        os.close(main)
        process.wait(20)
        return said.decode()

    def test_colours_are_for_terminals(self):
        path = self.file("d.xml", '<Response><Dial tiemout="3"><Sip>sip:a@b.example</Sip></Dial></Response>')
        self.assertIn("\x1b[33mwarning unknown-attribute:\x1b[0m", self.on_terminal("check", path))
        self.assertNotIn("\x1b", self.on_terminal("check", path, NO_COLOR="1"))
        self.assertNotIn("\x1b", self.on_terminal("check", path, TERM="dumb"))
        self.assertNotIn("\x1b", run("check", path).stdout)
        called = self.on_terminal("call", self.phone("--code", "486"), "--dial", "sip:a@127.0.0.1:9")
        self.assertRegex(called, r"\x1b\[2m\d\d:\d\d:\d\d\.\d{3}\x1b\[0m \x1b\[31mCA\w+ ended: busy")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    known, rest = parser.parse_known_args()
    TOOL = os.path.abspath(known.tool)
    unittest.main(argv=[sys.argv[0], *rest])
