#!/usr/bin/env python3
"""The page of a trace in a real browser: links, keys, light and dark, wide and narrow, a thousand calls, a live agent.

--pictures DIR keeps what was seen, one picture a planted cause."""

import argparse
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ToolTests"))
import planted
from browser import Browser

TOOL = PICTURES = None


def first_pixel(png):
    """Red, green, blue of its upper left corner; a row's first pixel is what it is, whatever its filter."""
    octets, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        if kind == b"IDAT":
            octets += png[at + 8:at + 8 + length]
        at += 12 + length
    return tuple(zlib.decompressobj().decompress(octets, 8)[1:4])


class PageTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="rcml-page-", ignore_cleanup_errors=True)
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name
        cls.scene = planted.Scene(TOOL, folder.name)
        cls.addClassCleanup(cls.scene.close)
        cls.browser = Browser(shutil.which("chromium") or "chromium", os.path.join(folder.name, "profile"))
        cls.addClassCleanup(cls.browser.close)
        cls.journals = planted.plant(cls.scene)

    def setUp(self):
        self.browser.look()
        self.browser.complaints, self.browser.requests = [], []

    def tearDown(self):
        # Nothing went wrong inside, and nothing was asked of anybody outside.
        self.assertEqual(self.browser.complaints, [])
        asked = [url for url in self.browser.requests
                 if not url.startswith(("file:", "data:", "about:", "http://127.0.0.1:"))]
        self.assertEqual(asked, [])

    def page(self, journal, *options):
        path = journal.replace(".journal", ".html")
        made = self.scene.run("trace", journal, "--html", path, *options)
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        return "file://" + path

    def show(self, url):
        self.browser.open(url)
        self.browser.wait("document.documentElement.dataset.ready")

    def follow(self, hash):
        self.browser.value(f"location.hash = {json.dumps(hash)}; null")
        self.browser.wait(f"location.hash === {json.dumps(hash)}")
        self.browser.value("new Promise((done) => setTimeout(done, 30))")

    def text(self, selector):
        return self.browser.value(f"document.querySelector({json.dumps(selector)}).innerText")

    def count(self, selector):
        return self.browser.value(f"document.querySelectorAll({json.dumps(selector)}).length")

    def keep(self, name):
        picture = self.browser.picture()
        self.assertGreater(len(picture), 20_000, name)
        if PICTURES:
            with open(os.path.join(PICTURES, name + ".png"), "wb") as file:
                file.write(picture)
        return picture

    def test_each_planted_cause_is_the_first_thing_one_reads(self):
        for name, journal in self.journals.items():
            with self.subTest(cause=name):
                self.show(self.page(journal))
                call = json.loads(self.scene.run("why", "--json", journal).stdout)
                said = self.text(".verdict .say").replace("\n", " ").lower()
                self.assertIn(call["reason"]["text"].rstrip(".").lower(), said)
                self.assertIn(call["reason"]["fix"], self.text(".verdict .try"))
                self.assertEqual(self.count(".row.bad, .row.warn"), 1)
                self.assertEqual(self.count("main .head .badge.bad, main .head .badge.warn"), 1)
                self.keep(name)

    def test_every_link_leads_somewhere(self):
        for name in ["callback-always-fails", "screening-hangs-up"]:
            self.show(self.page(self.journals[name]))
            links = self.browser.value("[...new Set([...document.links].concat("
                                       "[...document.querySelectorAll('svg a')]).map((a) => a.getAttribute('href')))]")
            self.assertGreater(len(links), 15)
            for link in links:
                self.follow(link)
                part = link.split("/")[2:]
                if part and part[0].isdigit():
                    self.assertEqual(self.browser.value("document.querySelector('aside').hidden"), False, link)
                    self.assertEqual(self.browser.value(
                        "document.querySelector('svg a[aria-current]').id"), "e" + part[0], link)
                elif part:
                    self.assertEqual(self.count("section#" + part[0]), 1, link)

    def test_an_arrow_opens_its_message(self):
        self.show(self.page(self.journals["wrong-password"]))
        arrows = self.browser.value("[...document.querySelectorAll('svg a')].filter((a) => a.querySelector('.shaft'))"
                                    ".map((a) => [a.id, a.querySelector('title').textContent])")
        entries = [json.loads(line) for line in self.scene.run(
            "trace", "--json", self.journals["wrong-password"]).stdout.splitlines() if '"kind":"message"' in line]
        self.assertEqual(len(arrows), len(entries))
        for (name, title), entry in list(zip(arrows, entries))[:8]:
            self.browser.value(f"document.getElementById('{name}').scrollIntoView()")
            self.browser.click(f"#{name} .row-hit")
            self.browser.wait(f"document.querySelector('svg a[aria-current]')?.id === '{name}'")
            self.assertEqual(self.browser.value("location.hash"), "#/1/" + name[1:])
            self.assertEqual(self.text("aside h3"), title)
            self.assertEqual("".join(self.text("aside pre").split()), "".join(entry["text"].split()))
        self.assertNotIn("not-it", self.browser.value("document.documentElement.outerHTML"))
        self.browser.press("Escape")
        self.browser.wait("document.querySelector('aside').hidden")

    def test_a_document_shows_the_line_that_ran_and_what_is_wrong_with_it(self):
        self.show(self.page(self.journals["screening-hangs-up"]) + "#/1/document")
        ran = self.browser.value("[...document.querySelectorAll('.doc li.ran')].map((li) => li.innerText)")
        self.assertEqual(len(ran), 2)
        self.assertIn("<Dial", ran[0])
        self.assertRegex(ran[1], r"<Hangup/>(.|\n)*ran .*leg 1")
        self.assertIn("POST http://h/screen", self.text(".doc:nth-of-type(2) h4"))
        self.assertIn("http://h/screen", self.text("#web table"))

    def test_what_others_sent_is_text(self):
        self.show(self.page(self.journals["html-from-webhook"]))
        self.assertEqual(self.browser.value("document.title"), "html-from-webhook.journal")
        self.assertIn("<script>document.title = 'taken'</script>", self.text(".doc"))
        reply = self.browser.value("[...document.querySelectorAll('svg a')].find((a) =>"
                                   " a.querySelector('title').textContent === '200 text/html').id")
        self.follow("#/1/" + reply[1:])
        self.assertIn("onerror", self.text("aside pre"))
        self.assertEqual(self.count("img, iframe, object"), 0)

    def test_sound_is_plotted(self):
        self.show(self.page(planted.sounding(self.scene)) + "#/1/sound")
        heard = self.browser.value("[...document.querySelectorAll('#sound h4')].map((h) => h.innerText)")
        leg = [text for text in heard if re.fullmatch(r"From leg 1: \d+ packets, 0 lost", text)]
        self.assertEqual(len(leg), 1, heard)
        self.assertGreater(int(leg[0].split()[3]), 50)
        self.assertEqual(self.count("#sound .plots:last-child .plot .curve"), 3)
        self.keep("sounding")

    def test_keys(self):
        self.show(self.page(self.journals["callback-always-fails"]))
        self.browser.press("j", "j", "k")
        self.browser.wait("location.hash === '#/1/0'")
        self.browser.press("3")
        self.browser.wait("location.hash === '#/1/web'")
        self.browser.press("?")
        self.assertEqual(self.count(".keys"), 1)
        self.browser.press("Escape")
        self.assertEqual(self.count(".keys"), 0)
        self.browser.press("t")
        self.assertIn("UTC", self.text(".seg [aria-pressed=true]"))
        self.assertEqual(self.browser.value("document.querySelector('.row .time').textContent"), "22:13:20.000")
        self.browser.press("t")
        self.assertEqual(self.browser.value("document.querySelector('.row .time').textContent"), "0.000")
        self.browser.press("/")
        self.browser.press("x", "y")
        self.assertEqual(self.browser.value("document.querySelector('.rows > p').hidden"), False)

    def test_light_and_dark_wide_and_narrow(self):
        url = self.page(self.journals["wrong-password"]) + "#/1/7"
        corners = {}
        for name, width, isDark in [("wide", 1600, False), ("wide-dark", 1600, True), ("narrow", 390, False),
                                    ("narrow-dark", 390, True)]:
            self.browser.look(width, 1000, isDark)
            self.show(url)
            corners[name] = first_pixel(self.keep(name))
            # Nothing but the ladder's own box is wider than what is seen.
            self.assertLessEqual(self.browser.value("document.documentElement.scrollWidth"), width, name)
        self.assertGreater(min(corners["wide"]), 200)
        self.assertLess(max(corners["wide-dark"]), 60)
        self.assertEqual((corners["wide"], corners["wide-dark"]), (corners["narrow"], corners["narrow-dark"]))

    def test_a_thousand_calls_open_within_two_seconds(self):
        journal = planted.many_calls(self.scene, 1_000)
        url = self.page(journal)
        begun = time.monotonic()
        self.show(url)
        took = time.monotonic() - begun
        self.assertEqual(self.count(".row"), 1_000)
        self.assertLess(took, 2.0)
        print(f"a thousand calls, {os.path.getsize(url[7:]) / 1e6:.1f} MB: {took:.2f} s")
        self.keep("thousand")
        self.browser.press("n", "n")
        self.browser.wait("location.hash === '#/3'")
        self.browser.press("/")
        self.browser.press(*"caller77")
        self.assertEqual(self.browser.value(
            "[...document.querySelectorAll('.row')].filter((row) => !row.hidden).length"), 11)

    def test_the_page_of_a_running_agent_follows_its_calls(self):
        process = subprocess.Popen(
            [TOOL, "serve", "--listen", "udp:127.0.0.1:0", "--page", "127.0.0.1:0", "--json", "--document",
             self.scene.file("live.xml", '<Response>\n  <Pause length="5"/>\n  <Reject/>\n</Response>')],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(lambda: (process.kill(), process.communicate()))
        uri, url = json.loads(process.stdout.readline())["uris"][0], json.loads(process.stdout.readline())["url"]
        self.browser.open(url)
        self.browser.wait("document.querySelector('main').innerText.includes('No call yet')")
        caller = subprocess.Popen([TOOL, "call", uri, "--listen", "udp:127.0.0.1:0", "--document",
                                   self.scene.file("p.xml", planted.PAUSE)], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (caller.kill(), caller.wait()))
        self.browser.wait("document.querySelectorAll('.row.now').length === 1")
        self.browser.wait("document.querySelector('main .badge')?.innerText === 'busy 603'")
        self.assertIn("<Reject>", self.text("main .ladder"))
        self.keep("live")
        process.kill()
        self.browser.wait("document.querySelector('.live.lost')")
        self.browser.complaints = [text for text in self.browser.complaints if "ERR_CONNECTION_REFUSED" not in text]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--pictures", help="a folder for what is seen")
    options, rest = parser.parse_known_args()
    TOOL, PICTURES = os.path.abspath(options.tool), options.pictures
    if PICTURES:
        os.makedirs(PICTURES, exist_ok=True)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=1)
