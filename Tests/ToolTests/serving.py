#!/usr/bin/env python3
"""Which document `rcml serve` runs for a call: by what a trusted peer says, by who is called, or the one for all."""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from web import Web  # noqa: E402

TOOL = None
BUSY = '<Response><Reject reason="busy"/></Response>'  # the caller gets 486
REJECT = "<Response><Reject/></Response>"  # the caller gets 603
PEER, STRANGER = "127.22.7.1", "127.22.8.1"


class ServingTests(unittest.TestCase):
    @property
    def asked(self):
        """Method and path of what the web server was asked, in their order."""
        return [(method, path) for method, path, _ in self.web.asked]

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rcml-serving-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.number = 0
        self.web = Web(lambda path, body: (200, {"Content-Type": "text/xml"}, BUSY))
        self.addCleanup(self.web.close)

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as target:
            target.write(text)
        return path

    def serve(self, *arguments, address="127.22.7.2"):
        """Returns the place it listens at; `self.said` is what it wrote once `self.end()` was called."""
        host = f"[{address}]" if ":" in address else address
        self.process = subprocess.Popen(
            [TOOL, "serve", "--json", "--listen", f"udp:{host}:0", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.process.communicate)
        self.addCleanup(self.process.kill)
        line = self.process.stdout.readline()
        self.assertTrue(line, arguments)
        self.place = (address, int(json.loads(line)["uris"][0].split(";")[0].rsplit(":", 1)[1]))
        return self.place

    def end(self):
        """Everything it told, as objects."""
        self.process.send_signal(signal.SIGINT)
        out, _ = self.process.communicate(timeout=20)
        return [json.loads(line) for line in out.splitlines()]

    def call(self, uri="sip:ring@rcml.example", headers="", source=PEER):
        """An INVITE, and the first line of what ends it."""
        self.number += 1
        kind = socket.AF_INET6 if ":" in source else socket.AF_INET
        with socket.socket(kind, socket.SOCK_DGRAM) as phone:
            phone.bind((source, 0))
            phone.settimeout(10)
            host = f"[{source}]" if ":" in source else source
            own = f"{host}:{phone.getsockname()[1]}"
            call = f"c{self.number}-{own}"
            branch = f"{self.number}p{phone.getsockname()[1]}"
            # No answer is longer than its question: this one has room for words.
            headers += f"Subject: {'a long one ' * 30}\r\nContent-Type: application/sdp\r\n"
            body = (f"v=0\r\no=- 1 1 IN IP4 {PEER}\r\ns=-\r\nc=IN IP4 {PEER}\r\nt=0 0\r\n"
                    "m=audio 40000 RTP/AVP 0\r\n")

            def send(method, to="", more="", body=""):
                text = (f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bK{branch}\r\n"
                        f"Max-Forwards: 70\r\nFrom: <sip:a@{own}>;tag=1\r\nTo: <sip:b@rcml.example>{to}\r\n"
                        f"Call-ID: {call}\r\nCSeq: 1 {method}\r\nContact: <sip:a@{own}>\r\n{more}"
                        f"Content-Length: {len(body)}\r\n\r\n{body}")
                phone.sendto(text.encode(), self.place)

            send("INVITE", more=headers, body=body)
            while True:
                answer = phone.recv(65536).decode()
                first = answer.split("\r\n")[0]
                if not first.startswith("SIP/2.0 1"):
                    send("ACK", to=re.search(r"\r\nto:[^\r]*?(;tag=[^\r;]+)", answer, re.I)[1])
                    return first.removeprefix("SIP/2.0 ")

    def refusals(self):
        return [(line["sip_code"], line["text"]) for line in self.end() if line["event"] == "refused"]

    def test_a_trusted_peer_says_the_url_in_a_header(self):
        self.serve("--url-from", "header:X-RCML-URL", "--trust", "127.22.7.0/24", "--method", "GET",
                   "--document", self.file("all.xml", REJECT))
        self.assertEqual(self.call(headers=f"X-RCML-URL: {self.web.url}/one?a=b\r\n")[:3], "486")
        self.assertEqual(self.call(headers=f"x-rcml-url:{self.web.url}/two\r\n")[:3], "486")
        self.assertEqual([asked for asked in self.asked if asked[0] == "GET"], self.asked)
        self.assertEqual([path.split("?")[0] for _, path in self.asked], ["/one", "/two"])
        self.assertEqual(self.call()[:3], "603")  # it says none: the document for all
        self.assertEqual(self.call(headers=f"X-RCML-URL: {self.web.url}/x\r\n", source=STRANGER), "403 Forbidden")
        self.assertEqual(len(self.asked), 2)
        self.assertEqual(self.refusals(), [(403, "No --trust names this address.")])

    def test_a_url_that_is_none_is_400_and_a_sentence(self):
        self.serve("--url-from", "header:X-RCML-URL", "--trust", PEER, "--document", self.file("all.xml", REJECT))
        for bad in ["ftp://a.example/x", "file:///etc/passwd", "host:/screen", "http://", "http:///x", "//a/b", "",
                    "http://a.example/b c", "https:a.example", "http://@/x", "http://?x"]:
            self.assertEqual(self.call(headers=f"X-RCML-URL: {bad}\r\n"), "400 Bad Document URL", bad)
        twice = "".join(f"X-RCML-URL: {self.web.url}/{name}\r\n" for name in "ab")
        self.assertEqual(self.call(headers=twice), "400 Bad Document URL")
        # What only the engine finds out ends the call as any document does that cannot be had.
        self.assertEqual(self.call(headers="X-RCML-URL: http://a.example:port/\r\n")[:3], "500")
        self.assertEqual(self.asked, [])
        said = self.refusals()
        self.assertIn((400, 'The header X-RCML-URL is no http: or https: URL: "ftp://a.example/x".'), said)
        self.assertIn((400, "The header X-RCML-URL stands there 2 times."), said)

    def test_a_trusted_peer_says_the_url_in_the_address(self):
        self.serve("--url-from", "uri:rcml-url", "--trust", "::1", "--trust", PEER)
        escaped = self.web.url.replace(":", "%3A").replace("/", "%2F")
        self.assertEqual(self.call(f"sip:x@rcml.example;RCML-URL={escaped}%2Fone%3Fa%3Db;transport=udp")[:3], "486")
        self.assertEqual(self.call(f"sip:rcml.example;rcml-url={self.web.url}/two")[:3], "486")
        self.assertEqual(self.asked[0][1], "/one?a=b")
        self.assertEqual(self.asked[1], ("POST", "/two"))
        # What stands before the @ belongs to the name.
        self.assertEqual(self.call(f"sip:x;rcml-url={escaped}%2Fthree@rcml.example"), "404 Not Found")
        self.assertEqual(self.call("sip:x@rcml.example;rcml-url"), "400 Bad Document URL")
        self.assertEqual(self.call("sip:x@rcml.example;rcml-url=sip:a@b"), "400 Bad Document URL")
        self.assertEqual(len(self.asked), 2)

    def test_who_is_called_has_a_document_by_name(self):
        self.file("documents/ring.xml", BUSY)
        self.file("documents/a+b_c-1.2.xml", BUSY)
        self.file("documents/.hidden.xml", BUSY)
        self.file("documents/below/ring.xml", BUSY)
        self.file("secret.xml", BUSY)
        os.mkdir(os.path.join(self.folder, "documents", "folder.xml"))
        self.serve("--documents", os.path.join(self.folder, "documents"))
        for name in ["ring", "a+b_c-1.2", "%72ing"]:
            self.assertEqual(self.call(f"sip:{name}@rcml.example")[:3], "486", name)
        for name in ["Ring", "none", ".hidden", "..%2fsecret", "../secret", "below/ring", "below%2Fring", "ring%00",
                     "ring%00.xml", ".", "..", "ring;x=y", "%2e%2e%2fsecret"]:
            self.assertEqual(self.call(f"sip:{name}@rcml.example"), "404 Not Found", name)
        self.assertEqual(self.call("sip:rcml.example"), "404 Not Found")
        self.assertEqual(self.call("sip:folder@rcml.example")[:3], "500")
        self.assertEqual(self.call("sip:later@rcml.example")[:3], "404")
        self.file("documents/later.xml", BUSY)
        self.assertEqual(self.call("sip:later@rcml.example")[:3], "486")
        said = self.refusals()
        self.assertIn(f"There is no document {self.folder}/documents/none.xml.", [text for _, text in said])
        self.assertIn('"../secret" can be no name of a document.', [text for _, text in said])

    def test_the_url_goes_before_the_name_and_that_before_the_document_for_all(self):
        self.file("documents/ring.xml", BUSY)
        self.serve("--url-from", "header:X-RCML-URL", "--trust", PEER, "--documents",
                   os.path.join(self.folder, "documents"), "--document", self.file("all.xml", REJECT))
        self.assertEqual(self.call("sip:none@rcml.example")[:3], "603")
        self.assertEqual(self.call("sip:ring@rcml.example")[:3], "486")
        self.assertEqual(self.asked, [])
        self.assertEqual(self.call("sip:ring@rcml.example", f"X-RCML-URL: {self.web.url}/\r\n")[:3], "486")
        self.assertEqual(len(self.asked), 1)

    def test_trust_counts_bits(self):
        document = ["--document", self.file("all.xml", REJECT)]
        for trust, peer, code in [("127.22.7.1/32", PEER, "603"), ("127.22.0.0/13", PEER, "603"),
                                  ("127.22.8.0/21", PEER, "403"), ("127.22.0.0/21", STRANGER, "403"),
                                  ("0.0.0.0/0", STRANGER, "603"), ("::/0", PEER, "403"),
                                  ("::ffff:127.22.7.1", PEER, "603")]:
            self.serve("--trust", trust, *document)
            self.assertEqual(self.call(source=peer)[:3], code, trust)
            self.end()
        for trust, code in [("::1/128", "603"), ("fe80::/10", "403"), ("0.0.0.0/0", "403"), ("::/0", "603")]:
            self.serve("--trust", trust, *document, address="::1")
            self.assertEqual(self.call(source="::1")[:3], code, trust)
            self.end()

    def test_wrong_usage_is_2(self):
        good = self.file("good.xml", REJECT)
        for wrong in [["--url-from", "header:X-RCML-URL"], ["--url-from", "header:", "--trust", PEER],
                      ["--url-from", "body:x", "--trust", PEER], ["--url-from", "header:a b", "--trust", PEER],
                      ["--trust", "here", "--document", good], ["--trust", "127.0.0.1/33", "--document", good],
                      ["--trust", "127.0.0.1/", "--document", good], ["--trust", "::1/129", "--document", good],
                      ["--trust", "127.0.0.1/-1", "--document", good], ["--trust", "127.0.0/8", "--document", good],
                      ["--documents", good], ["--trust", PEER], ["--method", "GET", "--documents", self.folder]]:
            done = subprocess.run([TOOL, "serve", "--listen", "udp:127.0.0.1:0", *wrong], capture_output=True,
                                  text=True, timeout=20)
            self.assertEqual((done.returncode, done.stdout), (2, ""), wrong)
            self.assertTrue(done.stderr.startswith("rcml serve: "), wrong)
        done = subprocess.run([TOOL, "serve", "--listen", "udp:127.0.0.1:0", "--documents", "/nowhere/at/all"],
                              capture_output=True, text=True, timeout=20)
        self.assertEqual((done.returncode, done.stdout), (1, ""))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    known, rest = parser.parse_known_args()
    TOOL = os.path.abspath(known.tool)
    unittest.main(argv=[sys.argv[0], *rest])
