#!/usr/bin/env python3
"""Traces as people ask for them: lists, times, reasons, objects, and the page of a running agent."""

import argparse
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

sys.dont_write_bytecode = True
import planted

TOOL = None

#: What `rcml why` must say of each planted cause, whatever else it says.
NAMED = {
    "wrong-password": r"answered 401 .*it does not take the user name and password(.|\n)*\n.*33270 wrong-password",
    "nat-address": r"10\.0\.0\.5.*outside that network(.|\n)*Code: +13640 inner-address(.|\n)*public_address",
    "no-codec": r"example\.com answered 488 .*it cannot do what was offered(.|\n)*33267 (.|\n)*PCMU or PCMA",
    "dead-webhook": r"refused the connection \(http://127\.0\.0\.1:\d+/voice\)(.|\n)*11221 ",
    "html-from-webhook": r"This is a web page, not RCML.*http://127\.0\.0\.1:\d+/voice(.|\n)*12131 ",
    "misspelt-name": r"There is no name pbx\.exmaple\.invalid\.(.|\n)*33210 name-unknown",
    "screening-hangs-up": r"The screening document hung up\.(.|\n)*33310 screening-refused",
    "redirects-without-end": r"answered 302 .*where the call has been already, or too often(.|\n)*33280 ",
    "callback-always-fails": r"status callback of leg 1 was given up(.|\n)*Code: +11205 callback-failed",
}


class TraceTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="rcml-traces-")
        cls.addClassCleanup(folder.cleanup)
        cls.scene = planted.Scene(TOOL, folder.name)
        cls.addClassCleanup(cls.scene.close)
        cls.journals = planted.plant(cls.scene)

    def ran(self, *arguments):
        done = self.scene.run(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
        return done.stdout

    def test_why_names_the_cause_its_code_and_what_to_try(self):
        for name, journal in self.journals.items():
            with self.subTest(cause=name):
                said = self.ran("why", journal)
                self.assertRegex(said, NAMED[name])
                self.assertRegex(said, r"(?m)^Code:  \d{5} [a-z-]+$")
                self.assertRegex(said, r"(?m)^Try:   \S")
                self.assertRegex(said, r"^call 1  CA[0-9a-f]{32}  \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d\d:\d\d\n")
                self.assertNotIn("not-it", said)
                (call,) = [json.loads(line) for line in self.ran("why", "--json", journal, "1").splitlines()]
                self.assertTrue(call["failed"])
                self.assertIn(str(call["reason"]["code"]), said)
                self.assertIn(call["reason"]["fix"], said)

    def test_a_port_in_use_is_named_by_the_tool(self):
        _, uri = self.scene.stay("answer", "--listen", "udp:127.0.0.1:0")
        port = re.search(r":(\d+);", uri).group(1)
        refused = self.scene.run("serve", "--listen", f"udp:127.0.0.1:{port}", "--document",
                                 self.scene.file("x.xml", planted.PAUSE))
        self.assertEqual(refused.returncode, 1)
        self.assertRegex(refused.stderr, rf"127\.0\.0\.1:{port}.*in use")

    def test_a_call_without_a_fault_has_none(self):
        journal = self.scene.rehearsed("good", planted.dial("sip:a@example.com"),
                                       "--outcome", "1:180,after=1:200,after=5:bye")
        self.assertIn("The call completed after 5 s. ", self.ran("why", journal))
        self.assertNotIn("Try:", self.ran("why", journal))
        self.assertEqual(self.ran("trace", "--failed", journal), "No call failed.\n")
        self.assertEqual(self.ran("trace", "--list", "--failed", journal), "No call failed.\n")

    def test_times_are_local_utc_or_relative(self):
        journal, zone = self.journals["no-codec"], {**os.environ, "TZ": "<+0545>-05:45"}
        local = self.scene.run("trace", journal, env=zone).stdout
        self.assertIn("began 2023-11-15 03:58:20.000 +05:45\n", local)
        self.assertIn("\n03:58:20.000  ├─ INVITE", local)
        utc = self.scene.run("trace", "--utc", journal, env=zone).stdout
        self.assertIn("began 2023-11-14 22:13:20.000 +00:00\n", utc)
        self.assertIn("\n22:13:20.000  ├─ INVITE", utc)
        self.assertIn("\n   0.000  ├─ INVITE", self.ran("trace", "--relative", journal))
        self.assertIn("03:58:20.000", self.scene.run("trace", "--list", journal, env=zone).stdout)

    def test_one_numbering_of_legs(self):
        """--outcome 1: is leg 1 in the ladder, in the objects, and in what is told; the caller is the caller."""
        journal = self.journals["callback-always-fails"]
        self.assertIn("leg 1 answered", self.ran("trace", journal))
        objects = [json.loads(line) for line in self.ran("trace", "--json", journal).splitlines()]
        self.assertEqual([leg["leg"] for leg in objects[0]["legs"]], [1])
        invites = [(entry["leg"], entry["sent"]) for entry in objects
                   if entry["kind"] == "message" and entry["text"].startswith("INVITE")]
        self.assertEqual(invites, [(0, False), (1, True)])
        self.assertNotIn("leg 0", self.ran("trace", journal))

    def test_objects_are_one_a_line(self):
        objects = [json.loads(line) for line in
                   self.ran("trace", "--json", self.journals["html-from-webhook"]).splitlines()]
        self.assertEqual(objects[0]["kind"], "call")
        (request,) = [entry for entry in objects if entry["kind"] == "request"]
        (reply,) = [entry for entry in objects if entry["kind"] == "reply"]
        self.assertEqual((request["method"], request["exchange"]), ("POST", reply["exchange"]))
        self.assertIn("CallSid=CA", request["body"])
        self.assertEqual((reply["status"], reply["type"]), (200, "text/html"))
        self.assertIn("Please sign in.", reply["body"])
        for entry in objects:
            self.assertEqual(entry.get("call", 1), 1)
            self.assertGreaterEqual(entry["at_us"], 0)

    def test_a_list_leads_to_a_call(self):
        phone = planted.Scene(TOOL, self.scene.folder)
        self.addCleanup(phone.close)
        journal = phone.path("several.journal")
        process, uri = phone.stay("serve", "--listen", "udp:127.0.0.1:0", "--journal", journal, "--document",
                                  phone.file("reject.xml", "<Response><Reject/></Response>"))
        for _ in range(25):
            phone.run("call", uri, "--listen", "udp:127.0.0.1:0", "--document", phone.file("p.xml", planted.PAUSE))
        process.send_signal(signal.SIGINT)
        process.wait(20)
        rows = [re.split(r" {2,}", line.strip()) for line in self.ran("trace", "--list", journal).splitlines()[1:]]
        self.assertEqual([row[0] for row in rows], [str(number) for number in range(1, 26)])
        number, _, sid, parties, duration, ending = rows[6]
        self.assertEqual((duration, ending.split(",")[0]), ("0 s", "busy (603)"))
        self.assertIn(" → ", parties)
        call_id = json.loads(self.ran("trace", "--json", "--call", number, journal).splitlines()[0])["call_id"]
        for name in [number, sid, call_id]:
            self.assertTrue(self.ran("trace", "--call", name, journal).startswith(f"call 7  {sid}"), name)
        self.assertTrue(self.ran("trace", "--last", journal).startswith("call 25  "))
        self.assertIn("5 more calls are not shown: rcml trace --list names them all.", self.ran("trace", journal))
        gone = self.scene.run("why", journal, "26")
        self.assertEqual((gone.returncode, gone.stdout), (1, ""))
        self.assertIn("No call 26 is in this journal; it has 25.", gone.stderr)

    def test_options_that_contradict_are_refused(self):
        journal = self.journals["no-codec"]
        for wrong in [["--last", "--failed"], ["--utc", "--relative"], ["--pcapng", "-", "--last"]]:
            refused = self.scene.run("trace", journal, *wrong)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), wrong)
        self.assertEqual(self.scene.run("why").returncode, 2)
        self.assertEqual(self.scene.run("why", journal, "1", "2").returncode, 2)

    def test_the_page_of_a_running_agent(self):
        process = subprocess.Popen(
            [TOOL, "serve", "--listen", "udp:127.0.0.1:0", "--page", "0", "--document",
             self.scene.file("busy.xml", '<Response>\n  <Reject reason="busy"/>\n</Response>'), "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.kill(), process.communicate()))
        uri = json.loads(process.stdout.readline())["uris"][0]
        told = json.loads(process.stdout.readline())
        self.assertEqual(told["event"], "page")
        place = re.fullmatch(r"http://(127\.0\.0\.1):(\d+)/", told["url"])

        def ask(path, method="GET", host=None):
            connection = http.client.HTTPConnection(place[1], int(place[2]), timeout=10)
            connection.request(method, path, headers={"Host": host} if host else {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()

        status, headers, page = ask("/")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertIn('data-live="true"', page)
        nothing = json.loads(ask("/calls.json")[2])
        self.assertEqual(nothing["calls"], [])
        self.scene.run("call", uri, "--listen", "udp:127.0.0.1:0", "--document", self.scene.file("p.xml", planted.PAUSE))
        known = json.loads(ask(f"/calls.json?edition={nothing['edition']}")[2])
        (call,) = known["calls"]
        self.assertEqual((call["status"], call["sip_code"]), ("busy", 486))
        self.assertEqual(ask(f"/calls.json?edition={known['edition']}")[0], 204)
        entries = json.loads(ask("/call.json?call=1")[2])
        self.assertEqual(entries[0]["label"], "INVITE 1 sdp")
        self.assertIn(("Reject", 2), [(entry.get("name"), entry.get("line")) for entry in entries])
        # It only reads, and only what it has.
        self.assertEqual([ask(path)[0] for path in ["/call.json?call=2", "/call.json", "/x"]], [404, 400, 404])
        self.assertEqual(ask("/", "POST")[0], 405)
        # A name that somebody else may point here is told nothing.
        for host, status in [("evil.example", 421), (f"evil.example:{place[2]}", 421), ("localhost", 200),
                             (f"[::1]:{place[2]}", 200), (f"127.0.0.1:{place[2]}", 200)]:
            self.assertEqual(ask("/calls.json", host=host)[0], status, host)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), 0)

    def test_a_page_for_everybody_is_warned_of(self):
        process = subprocess.Popen(
            [TOOL, "serve", "--listen", "udp:127.0.0.1:0", "--page", "0.0.0.0:0", "--document",
             self.scene.file("busy.xml", "<Response><Reject/></Response>")], stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.kill(), process.communicate()))
        self.assertRegex(process.stderr.readline(), r"^warning: the page at http://0\.0\.0\.0:\d+ has no password")
        taken = self.scene.run("serve", "--listen", "udp:127.0.0.1:0", "--page", "127.0.0.1:x", "--document",
                               self.scene.file("p.xml", planted.PAUSE))
        self.assertEqual(taken.returncode, 2)
        self.assertIn("--page 127.0.0.1:x: HOST:PORT is needed", taken.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    options, rest = parser.parse_known_args()
    TOOL = os.path.abspath(options.tool)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=1)
