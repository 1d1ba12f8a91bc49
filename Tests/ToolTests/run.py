#!/usr/bin/env python3
"""The tool `rcml` as scripts see it: what it prints where, how it ends, and a call from end to end on loopback."""

import argparse
import html.parser
import json
import math
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import unittest
import wave

sys.dont_write_bytecode = True
from web import Web  # noqa: E402

TOOL = None


def run(*arguments, text=True, **options):
    return subprocess.run(
        [TOOL, *arguments], capture_output=True, text=text, timeout=30, **options)


class PageReader(html.parser.HTMLParser):
    """The calls of a page and what happened in them. One script runs, which has the nonce of the policy; anything else
    that could act or fetch is a failure."""

    def __init__(self, page):
        super().__init__()
        self.data, self.inside, self.scripts, self.policy = {}, None, 0, ""
        self.feed(page)
        assert self.scripts == 1
        self.calls = json.loads(self.data["calls"])
        self.entries = [json.loads(self.data[f"call-{index}"]) for index in range(len(self.calls))]
        self.outside = json.loads(self.data["outside"])

    def messages(self):
        """All SIP messages of all calls, and of none."""
        return [entry for entries in [*self.entries, self.outside] for entry in entries if entry["kind"] == "message"]

    def handle_starttag(self, tag, attributes):
        names = {"html", "head", "meta", "title", "link", "style", "body", "noscript", "p", "div", "script"}
        assert tag in names, tag
        attributes = dict(attributes)
        known = {"lang", "charset", "http-equiv", "content", "name", "nonce", "type", "id", "data-live", "rel", "href"}
        assert set(attributes) <= known, attributes
        assert attributes.get("href", "data:,") == "data:,"
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        self.inside = None
        if tag == "script" and attributes.get("type") == "application/json":
            self.inside = attributes["id"]
            self.data[self.inside] = ""
        elif tag in ("script", "style"):
            assert f"'nonce-{attributes['nonce']}'" in self.policy
            assert self.policy.startswith("default-src 'none'") and "unsafe" not in self.policy
            self.scripts += tag == "script"

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside is not None:
            self.data[self.inside] += data


def ones_complement(octets):
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f">{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def packets_of(capture):
    """(protocol, payload) of every packet of a pcapng file, each length and checksum looked at."""
    found, at, last, sequences = [], 0, 0, {}
    while at < len(capture):
        kind, length = struct.unpack_from("<II", capture, at)
        assert length % 4 == 0 and struct.unpack_from("<I", capture, at + length - 4)[0] == length
        body = capture[at + 8:at + length - 4]
        assert (kind == 0x0A0D0D0A) == (at == 0)
        at += length
        if kind == 0x0A0D0D0A:
            assert struct.unpack("<IHHQ", body) == (0x1A2B3C4D, 1, 0, 2**64 - 1)
        elif kind == 1:
            assert struct.unpack("<HHI", body) == (101, 0, 0)
        else:
            assert kind == 6
            interface, high, low, size, whole = struct.unpack_from("<5I", body)
            assert interface == 0 and size == whole and (high << 32 | low) >= last
            last = high << 32 | low
            packet = body[20:20 + size]
            if packet[0] >> 4 == 4:
                assert packet[0] == 0x45 and ones_complement(packet[:20]) == 0xFFFF
                assert struct.unpack_from(">H", packet, 2)[0] == size
                number, ends, segment = packet[9], packet[12:20], packet[20:]
            else:
                assert packet[0] == 0x60 and struct.unpack_from(">H", packet, 4)[0] == size - 40
                number, ends, segment = packet[6], packet[8:40], packet[40:]
            assert ones_complement(ends + struct.pack(">II", len(segment), number) + segment) == 0xFFFF
            if number == 17:
                assert struct.unpack_from(">H", segment, 4)[0] == len(segment) and segment[6:8] != b"\0\0"
                found.append((17, segment[8:]))
            else:
                way = ends + segment[:4]
                sequence, acknowledged = struct.unpack_from(">II", segment, 4)
                assert sequences.get(way, sequence) == sequence and segment[12] >> 4 == 5
                half = len(ends) // 2
                back = ends[half:] + ends[:half] + segment[2:4] + segment[:2]
                assert sequences.get(back, acknowledged) == acknowledged
                sequences[way] = sequence + len(segment) - 20
                found.append((6, segment[20:]))
    return found


def served(pages):
    """A web server of a few pages: text, octets of a sound, or a function of the body."""
    def answer(path, body):
        page = pages[path]
        page = page(body) if callable(page) else page
        return 200, {"Content-Type": "audio/wav" if isinstance(page, bytes) else "text/xml"}, page

    return Web(answer)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def wav(path):
    with wave.open(path, "rb") as file:
        frames = file.readframes(file.getnframes())
        return file.getnchannels(), struct.unpack(f"<{len(frames) // 2}h", frames)


def amplitude(samples, frequency):
    """How strong a tone is in samples at 8 kHz: piece by piece, since a packet that was late shifts what follows."""
    step, pieces = 2 * math.pi * frequency / 8000, []
    for start in range(0, len(samples) - 799, 800):
        piece = samples[start:start + 800]
        real = sum(sample * math.cos(step * place) for place, sample in enumerate(piece))
        imaginary = sum(sample * math.sin(step * place) for place, sample in enumerate(piece))
        pieces.append(2 * math.hypot(real, imaginary) / 800)
    return sum(pieces) / max(1, len(pieces))


class Server:
    """A tool that stays: its JSON lines are read one by one."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [TOOL, *arguments, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.first = json.loads(self.process.stdout.readline() or "{}")

    @property
    def uri(self):
        return self.first["uris"][0]

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, [json.loads(line) for line in out.splitlines()], err

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class ToolTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rcml-tool-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as target:
            target.write(text)
        return path

    def server(self, *arguments):
        made = Server(*arguments)
        self.addCleanup(made.kill)
        self.assertEqual(made.first.get("event"), "listening")
        return made

    def document(self, *targets):
        nouns = "".join(f"<Sip>{target}</Sip>" for target in targets)
        return self.file(
            "dial.xml", f'<Response><Dial timeout="20">{nouns}</Dial></Response>')

    def test_help_is_everywhere_and_wrong_usage_is_2(self):
        for command in [[], ["serve"], ["call"], ["answer"], ["check"], ["simulate"], ["trace"], ["replay"],
                        ["codes"], ["settings"]]:
            helped = run(*command, "--help")
            self.assertEqual((helped.returncode, helped.stderr), (0, ""), command)
            self.assertIn("rcml", helped.stdout)
        for wrong in [[], ["serf"], ["serve", "--lisen", "x"], ["serve"], ["answer", "stray"],
                      ["answer", "--listen", "nonsense"], ["answer", "--code", "700", "--listen", "udp:127.0.0.1:0"],
                      ["call"], ["trace"], ["simulate"], ["codes", "a", "b"],
                      ["answer", "--listen", "udp:127.0.0.1:0", "--record", "/etc/passwd"],
                      ["answer", "--listen", "udp:127.0.0.1:0", "--digits", "12x"],
                      ["answer", "--listen", "udp:127.0.0.1:0", "--media", "elsewhere"],
                      ["answer", "--listen", "udp:127.0.0.1:0", "--metrics", "x"]]:
            refused = run(*wrong)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), wrong)
            self.assertTrue(refused.stderr, wrong)
        self.assertIn("did you mean serve", run("serf").stderr)
        self.assertIn("did you mean --listen", run("serve", "--lisen", "x").stderr)

    def test_a_port_in_use_is_one_line_and_1(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            address = f"udp:127.0.0.1:{taken.getsockname()[1]}"
            refused = run("answer", "--json", "--listen", address)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertEqual(len(refused.stderr.splitlines()), 1)

    def test_settings_are_refused_with_the_nearest_name_and_the_line(self):
        path = self.file("settings", "# a comment\n\nringing_mode = on-ringing\nringing_mood=x\n")
        listen = ["--listen", "udp:127.0.0.1:0"]
        refused = run("answer", *listen, "--settings", path)
        self.assertEqual(refused.returncode, 2)
        self.assertIn(path + ":4:", refused.stderr)
        self.assertIn("ringing_mode", refused.stderr)
        self.assertEqual(run("answer", *listen, "--set", "ringing_mode=often").returncode, 2)
        self.assertEqual(run("answer", *listen, "--set", "ringing_mode").returncode, 2)

    def test_check_shows_place_name_sentence_and_picture(self):
        good = self.file("good.xml", "<Response><Hangup/></Response>")
        warned = self.file("warned.xml", "<Response>\n  <Dial tiemout='5'><Sip>sip:a@h</Sip></Dial>\n</Response>")
        bad = self.file("bad.xml", "<!DOCTYPE x><Response/>")
        checked = run("check", good)
        self.assertEqual((checked.returncode, checked.stdout), (0, ""))
        checked = run("check", warned)
        self.assertEqual(checked.returncode, 0)
        self.assertRegex(checked.stdout, r"warned\.xml:2:\d+: warning unknown-attribute: .*timeout")
        self.assertIn("^", checked.stdout)
        checked = run("check", good, bad)
        self.assertEqual(checked.returncode, 1)
        self.assertRegex(checked.stdout, r"bad\.xml:\d+:\d+: error ")
        line = json.loads(run("check", "--json", warned).stdout.splitlines()[0])
        self.assertEqual((line["name"], line["line"]), ("unknown-attribute", 2))
        self.assertEqual(run("check", "-", input="<Response/>").returncode, 0)
        self.assertEqual(run("check", "/nowhere").returncode, 1)
        self.assertEqual(run("serve", "--listen", "udp:127.0.0.1:0", "--document", bad).returncode, 1)

    def test_simulate_runs_a_document_without_a_network(self):  # spec E-7
        path = self.file("sim.xml", """<Response>
  <Dial action="http://example.com/after" tiemout="5">
    <Sip>sip:alice@example.com</Sip><Sip>sip:bob@example.com</Sip>
  </Dial>
</Response>""")
        after = self.file("after.xml", "<Response><Hangup/></Response>")
        script = ["simulate", path, "--outcome", "1:180,after=2:200,after=5:bye", "--outcome", "2:180,none",
                  "--answer", "http://example.com/after=" + after]
        done = run(*script)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"sim\.xml:2:\d+: warning unknown-attribute")
        self.assertRegex(done.stdout, r"7\.000 .*BYE 2")
        self.assertRegex(done.stdout, r"7\.000  POST http://example\.com/after → 200")
        self.assertIn("DialCallStatus=completed", done.stdout)
        self.assertRegex(done.stdout, r"2\.000  CA\w+ sip:bob@example\.com completed: canceled \(487\)")
        self.assertRegex(done.stdout, r"7\.000  CA\w+ dial completed \(200\), 5 s")
        journal = os.path.join(self.folder, "sim.journal")
        self.assertEqual(run(*script, "--journal", journal).stdout, done.stdout)
        self.assertEqual(run("replay", journal).returncode, 0)
        self.assertIn(run("trace", "--relative", journal).stdout, done.stdout)
        self.assertIn("--outcome 3:486: only 2", run(*script, "--outcome", "3:486").stdout)
        lines = [json.loads(line) for line in run(*script, "--json").stdout.splitlines()]
        self.assertEqual((lines[0]["name"], lines[-1]["event"]), ("unknown-attribute", "ladder"))
        dial = next(line for line in lines if line.get("event") == "dial")
        self.assertEqual((dial["at_ms"], dial["status"], dial["duration"]), (7000, "completed", 5))

    def test_simulate_dials_numbers_by_the_settings(self):  # spec D-30
        path = self.file("numbers.xml", "<Response><Dial>+1 (500) 555-0001</Dial></Response>")
        settings = ["--set", "number_uri=sip:{number}@gateway.example;user=phone",
                    "--set", "number_username=canary-user", "--set", "number_password=canary-pass"]
        journal = os.path.join(self.folder, "numbers.journal")
        done = run("simulate", path, "--outcome", "1:401,200,after=3:bye", "--journal", journal, *settings)
        self.assertEqual(done.returncode, 0)
        self.assertIn("sip:+15005550001@gateway.example completed: completed", done.stdout)
        self.assertIn("dial completed", done.stdout)
        with open(journal, "rb") as file:
            kept = file.read()
        for secret in "canary-user", "canary-pass":
            self.assertNotIn(secret, done.stdout + done.stderr)
            self.assertNotIn(secret.encode(), kept)
        self.assertEqual(run("replay", journal).returncode, 0)
        refused = run("simulate", path, "--set", "number_uri=sip:gateway.example")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("{number} is missing", refused.stderr)
        unknown = run("simulate", path)
        self.assertIn("unsupported-noun", unknown.stdout)
        self.assertIn("number_uri", run("call", "5551", "--document", path).stderr)

    def test_simulate_presses_keys(self):  # spec C-8, E-7
        path = self.file("sim.xml", """<Response><Dial>
<Sip url="http://h/screen">sip:alice@example.com</Sip></Dial></Response>""")
        screen = self.file("screen.xml", """<Response>
<Gather numDigits="1" action="http://h/key"><Say>Press one.</Say></Gather><Hangup/></Response>""")
        done = run("simulate", path, "--set", "ask_speech=true", "--answer", "http://h/screen=" + screen,
                   "--answer", "http://h/key=" + self.file("key.xml", "<Response/>"),
                   "--outcome", "1:180,after=2:200,after=3:key=1,after=9:bye", "--outcome", "0:after=8:key=5")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"5\.000 .*INFO 2")
        self.assertRegex(done.stdout, r"5\.000 .*1 pressed by leg 1")
        self.assertRegex(done.stdout, r"8\.000 .*5 pressed by the caller")
        self.assertIn("Digits=1", done.stdout)
        self.assertRegex(done.stdout, r"14\.000  CA\w+ dial completed \(200\), 12 s")
        self.assertEqual(run("simulate", path, "--outcome", "1:key=1").returncode, 2)

    def test_simulate_says_what_is_wrong_with_its_script(self):  # spec E-7, E-8
        path = self.file("sim.xml", """<Response><Dial>
<Sip statusCallback="http://example.com/cb">sip:alice@example.com</Sip></Dial></Response>""")
        refused = run("simulate", path, "--outcome", "1:180,after=2:2x0")
        self.assertEqual((refused.returncode, refused.stdout), (2, ""))
        self.assertIn("character 15", refused.stderr)
        for wrong in [["--answer", "x"], ["--answer", "http://h/=999"], ["--set", "x"], ["--from", "a b"],
                      ["--outgoing"], ["--seed", "x"], ["--caller-hangs-up", "x"], ["stray"]]:
            refused = run("simulate", path, *wrong)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), wrong)
        lost = run("simulate", path)
        self.assertEqual(lost.returncode, 1)
        self.assertIn("callback was lost", lost.stderr)
        self.assertEqual(run("simulate", path, "--answer", "*=204").returncode, 0)
        self.assertEqual(run("simulate", path, "--answer", "*=/nowhere").returncode, 1)
        away = run("simulate", path, "--set", "require_auth=u:p")
        self.assertEqual(away.returncode, 1)
        self.assertIn("401", away.stdout)
        self.assertIn("turned away", away.stderr)
        self.assertEqual(run("simulate", self.file("bad.xml", "<Respond/>")).returncode, 1)

    def test_codes_by_number_and_by_name(self):
        self.assertIn("bare-ampersand", run("codes").stdout)
        by_name = run("codes", "unknown-attribute")
        self.assertEqual(by_name.returncode, 0)
        self.assertIn("Fix:", by_name.stdout)
        number = by_name.stdout.split()[0]
        self.assertEqual(run("codes", number).stdout, by_name.stdout)
        unknown = run("codes", "unknown-atribute")
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("did you mean unknown-attribute", unknown.stderr)
        self.assertTrue(all(json.loads(line)["fix"] for line in run("codes", "--json").stdout.splitlines()))

    def test_settings_by_name_by_subject_and_as_json(self):  # spec Q-35
        shown = run("settings", "call_timeout")
        self.assertEqual(shown.returncode, 0)
        for words in ["call_timeout", "no-answer", "seconds from 1 to 600", "Default: 60", "--set call_timeout=30", "U-65"]:
            self.assertIn(words, shown.stdout)
        listed = run("settings")
        self.assertIn("\nlimits\n", listed.stdout)
        self.assertIn("  rtp_lock ", listed.stdout)
        objects = [json.loads(line) for line in run("settings", "--json").stdout.splitlines()]
        self.assertGreater(len(objects), 90)
        # Whatever the example is, the tool takes it; but for what this machine has not.
        for entry in objects:
            if entry["name"] in ("recordings", "sounds", "speech_program"):
                continue
            result = run("simulate", self.file("empty.xml", "<Response><Hangup/></Response>"), "--set",
                         f"{entry['name']}={entry['example']}")
            self.assertNotEqual(result.returncode, 2, entry["name"] + result.stderr)
        wrong = run("settings", "cal_timeout")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("call_timeout", wrong.stderr)
        self.assertEqual(run("settings", "a", "b").returncode, 2)

    def test_settings_are_judged_when_they_are_set(self):  # spec
        document = self.file("one.xml", "<Response/>")
        for pair in ["speech_program=/nonexistent", "recordings=/nonexistent", "public_address=zzz", "hep=homer"]:
            result = run("serve", "--listen", "udp:127.0.0.1:0", "--document", document, "--set", pair)
            self.assertEqual((result.returncode, result.stdout), (2, ""), pair)
            self.assertIn(pair.split("=")[0], result.stderr)

    def test_a_call_of_ours_rings_no_longer_than_it_may(self):  # spec U-65
        document = self.file("hello.xml", "<Response><Pause/></Response>")
        simulated = run("simulate", document, "--outgoing", "--to", "sip:a@127.0.0.1", "--outcome", "0:180")
        self.assertEqual(simulated.returncode, 0, simulated.stderr)
        self.assertIn("60.000", simulated.stdout)
        self.assertIn("CANCEL", simulated.stdout)
        self.assertIn("ended: no-answer", simulated.stdout)
        simulated = run("simulate", document, "--outgoing", "--to", "sip:a@127.0.0.1", "--outcome", "0:180", "--set",
                        "call_timeout=5")
        self.assertIn(" 5.000", simulated.stdout)
        phone = self.server("answer", "--listen", "udp:127.0.0.1:0", "--ring", "20")
        called = run("call", phone.uri, "--document", document, "--listen", "udp:127.0.0.1:0", "--timeout", "1", "--json")
        self.assertEqual(called.returncode, 1)
        ended = [json.loads(line) for line in called.stdout.splitlines() if '"ended"' in line]
        self.assertEqual([line["status"] for line in ended], ["no-answer"])
        for timeout in ["0", "601", "x"]:
            self.assertEqual(run("call", phone.uri, "--document", document, "--timeout", timeout).returncode, 2)

    def test_a_call_rings_two_and_one_wins(self):
        quick = self.server("answer", "--listen", "udp:127.0.0.1:0", "--ring", "0.2", "--hangup", "0.5", "--count", "1")
        slow = self.server("answer", "--listen", "tcp:127.0.0.1:0", "--ring", "20")
        caller = self.server("answer", "--listen", "udp:127.0.0.1:0", "--count", "1")
        journal = os.path.join(self.folder, "call.journal")
        called = run(
            "call", caller.uri, "--document", self.document(quick.uri, slow.uri), "--json",
            "--listen", "udp:127.0.0.1:0", "--listen", "tcp:127.0.0.1:0", "--journal", journal)
        self.assertEqual(called.returncode, 0, called.stderr)
        lines = [json.loads(line) for line in called.stdout.splitlines()]
        self.assertEqual(lines[0]["event"], "listening")
        self.assertEqual(len(lines[0]["uris"]), 2)
        self.assertEqual([line["status"] for line in lines if line["event"] == "dial"], ["completed"])
        finals = [line["status"] for line in lines if line.get("name") == "completed"]
        self.assertEqual(sorted(finals), ["canceled", "completed"])
        replayed = run("replay", journal)
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        missing = run("trace", journal, "--call", "CA99")
        self.assertEqual((missing.returncode, missing.stdout), (1, ""))
        self.assertIn("No call CA99 is in this journal", missing.stderr)
        drawn = run("trace", journal)
        self.assertEqual(drawn.returncode, 0)
        for word in ["INVITE", "CANCEL", "BYE", "ended: completed"]:
            self.assertIn(word, drawn.stdout)
        self.page_and_capture(journal, drawn.stdout)
        status, _, _ = slow.end()
        self.assertEqual(status, 0)

    def page_and_capture(self, journal, ladder):
        """`rcml trace --html --pcapng`: what the ladder draws is there, whole, in order, and as packets should be."""
        page, capture = os.path.join(self.folder, "call.html"), os.path.join(self.folder, "call.pcapng")
        made = run("trace", journal, "--html", page, "--pcapng", capture)
        self.assertEqual((made.returncode, made.stdout, made.stderr), (0, "", ""))
        self.assertEqual([os.stat(path).st_mode & 0o777 for path in [page, capture]], [0o600, 0o600])
        arrows = [line for line in ladder.splitlines() if re.search(r"[├◀]─", line)]
        with open(page, encoding="utf-8") as file:
            reader = PageReader(file.read())
        texts = [entry["text"] for entry in reader.messages()]
        self.assertEqual(len(texts), len(arrows))
        self.assertEqual([call["status"] for call in reader.calls], ["completed"])
        self.assertTrue(any(text.startswith("INVITE sip:") for text in texts))
        with open(capture, "rb") as file:
            packets = packets_of(file.read())
        self.assertEqual(len(packets), len(arrows))
        self.assertEqual({number for number, _ in packets}, {6, 17})
        for (_, payload), text in zip(packets, texts):
            self.assertEqual(payload.decode(), text)
        other = run("trace", journal, "--call", "1", "--pcapng", "-", text=None)
        self.assertEqual(len(packets_of(other.stdout)), len(arrows))
        refused = run("trace", journal, "--html", "/nowhere/page")
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))

    def test_a_phone_that_asks_who_calls(self):
        locked = self.server("answer", "--listen", "udp:127.0.0.1:0", "--require-auth", "alice:open-sesame",
                             "--hangup", "0.2", "--count", "1")
        caller = self.server("answer", "--listen", "udp:127.0.0.1:0")
        journals = []
        for password, status in [("wrong", "failed"), ("open-sesame", "completed")]:
            path = self.file("locked.xml", f'<Response><Dial><Sip username="alice" password="{password}">'
                             f'{locked.uri}</Sip></Dial></Response>')
            journals.append(os.path.join(self.folder, password + ".journal"))
            called = run("call", caller.uri, "--document", path, "--json", "--transport-log",
                         "--listen", "udp:127.0.0.1:0", "--journal", journals[-1])
            lines = [json.loads(line) for line in called.stdout.splitlines()]
            self.assertEqual([line["status"] for line in lines if line["event"] == "dial"], [status])
            for text in [called.stdout, called.stderr, run("trace", journals[-1]).stdout]:
                self.assertNotIn("open-sesame", text)
            with open(journals[-1], "rb") as journal:
                self.assertNotIn(b"open-sesame", journal.read())
            self.assertEqual(run("replay", journals[-1]).returncode, 0)
        refused = run("answer", "--listen", "udp:127.0.0.1:0", "--require-auth", "open-sesame")
        self.assertEqual(refused.returncode, 2)
        self.assertNotIn("open-sesame", refused.stderr)

    def test_a_screened_call_with_sound(self):  # spec C-1, C-8, L-35, R-2
        tones = {name: self.tone(name, frequency) for name, frequency in [("alice", 600), ("caller", 1000), ("prompt", 800)]}
        web = served({
            "/screen": '<Response><Gather numDigits="1" action="/key"><Play loop="0">/prompt</Play></Gather>'
                       "<Hangup/></Response>",
            "/key": lambda body: "<Response/>" if "Digits=1" in body else "<Response><Hangup/></Response>",
            "/prompt": read(tones["prompt"])})
        self.addCleanup(web.close)
        heard, recordings = os.path.join(self.folder, "heard.wav"), os.path.join(self.folder, "recordings")
        os.mkdir(recordings)
        alice = self.server("answer", "--listen", "udp:127.0.0.1:0", "--digits", "w1", "--play", tones["alice"],
                            "--record", heard, "--count", "1")
        document = self.file("screened.xml", f"""<Response><Dial answerOnBridge="false" record="record-from-answer-dual"
timeLimit="2"><Sip url="{web.url}/screen">{alice.uri}</Sip></Dial></Response>""")
        journal = os.path.join(self.folder, "screened.journal")
        server = self.server("serve", "--listen", "udp:127.0.0.1:0", "--document", document,
                             "--recordings", recordings, "--journal", journal)
        play = self.file("play.xml", f'<Response><Play loop="0">file:{os.path.basename(tones["caller"])}</Play></Response>')
        called = run("call", server.uri, "--document", play, "--set", "sounds=" + self.folder,
                     "--listen", "udp:127.0.0.1:0", "--json")
        self.assertEqual(called.returncode, 0, called.stderr)
        self.assertEqual(alice.process.wait(10), 0)
        status, lines, _ = server.end()
        self.assertEqual(status, 0)
        keys = [line["key"] for line in lines if line["event"] == "digit"]
        self.assertEqual(keys, ["1"])
        told = [line["status"] for line in lines if line["event"] == "recording"]
        self.assertEqual(told, ["in-progress", "completed"])
        channels, samples = wav(heard)
        self.assertEqual(channels, 1)
        self.assertGreater(amplitude(samples[4000:8000], 800), 2000)  # the prompt
        self.assertGreater(amplitude(samples[-12000:-4000], 1000), 2000)  # the caller
        self.assertLess(amplitude(samples[4000:8000], 1000), 100)
        (name,) = os.listdir(recordings)
        self.assertEqual(os.stat(os.path.join(recordings, name)).st_mode & 0o777, 0o600)
        channels, samples = wav(os.path.join(recordings, name))
        self.assertEqual(channels, 2)
        self.assertGreater(amplitude(samples[8000:16000:2], 1000), 2000)
        self.assertGreater(amplitude(samples[8001:16001:2], 600), 2000)
        self.assertEqual(run("replay", journal).returncode, 0)
        ladder = run("trace", journal).stdout
        for words in ["caller hears ringing", "leg 1 hears prompt", "1 pressed by leg 1", "recording completed"]:
            self.assertIn(words, ladder)

    def tone(self, name, frequency):
        path = os.path.join(self.folder, name + ".wav")
        with wave.open(path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(b"".join(
                struct.pack("<h", int(8000 * math.sin(2 * math.pi * frequency * place / 8000)))
                for place in range(8000)))
        return path

    def test_a_callback_that_nobody_takes_makes_serve_end_with_1(self):  # spec Q-6, E-8
        busy = self.server("answer", "--listen", "udp:127.0.0.1:0", "--code", "486")
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{nobody.getsockname()[1]}/told"
        document = self.file(
            "told.xml", f'<Response><Dial><Sip statusCallback="{url}">{busy.uri}</Sip></Dial></Response>')
        server = self.server(
            "serve", "--listen", "udp:127.0.0.1:0", "--document", document,
            "--set", "callback_retries=0", "--set", "callback_events=true")
        pause = self.file("pause.xml", '<Response><Pause length="5"/></Response>')
        run("call", server.uri, "--document", pause, "--listen", "udp:127.0.0.1:0")
        status, lines, _ = server.end()
        told = [line for line in lines if line["event"] == "callback"]
        self.assertEqual([line["name"] for line in told], ["initiated", "completed"])
        self.assertEqual({line["status"] for line in told}, {"given-up"})
        self.assertIn("SequenceNumber=0", told[0]["body"])
        self.assertEqual(status, 1)

    def test_serve_runs_the_document_and_two_signals_end_it(self):
        busy = self.server("answer", "--listen", "udp:127.0.0.1:0", "--code", "486")
        server = self.server("serve", "--listen", "udp:127.0.0.1:0", "--document", self.document(busy.uri))
        pause = self.file("pause.xml", '<Response><Pause length="5"/></Response>')
        called = run("call", server.uri, "--document", pause, "--listen", "udp:127.0.0.1:0", "--json")
        self.assertEqual(called.returncode, 1)
        ended = [json.loads(line) for line in called.stdout.splitlines() if '"ended"' in line]
        self.assertEqual(ended[0]["status"], "busy")  # spec M-30: relayed
        waiting = self.server("serve", "--listen", "udp:127.0.0.1:0", "--document", pause)
        phone = subprocess.Popen(
            [TOOL, "call", waiting.uri, "--document", pause, "--listen", "udp:127.0.0.1:0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(phone.wait)
        self.assertEqual(json.loads(waiting.process.stdout.readline())["event"], "incoming")
        waiting.process.send_signal(signal.SIGTERM)
        with self.assertRaises(subprocess.TimeoutExpired):
            waiting.process.wait(0.5)  # the first signal waits for the call
        status, _, _ = waiting.end()
        self.assertEqual(status, 0)
        phone.wait(20)
        status, lines, _ = server.end()
        self.assertEqual((status, lines[-1]["event"]), (0, "drained"))

    def test_metrics_are_scraped_during_a_call(self):
        """--metrics: every line of the text is read as Prometheus reads it, and what does not ask well does no harm."""
        phone = self.server("answer", "--listen", "udp:127.0.0.1:0")
        server = self.server("serve", "--listen", "udp:127.0.0.1:0", "--document", self.document(phone.uri),
                             "--metrics", "127.0.0.1:0")
        told = json.loads(server.process.stdout.readline())
        self.assertEqual(told["event"], "metrics")
        place = re.fullmatch(r"http://(127\.0\.0\.1):(\d+)/metrics", told["url"])

        def ask(request, lines=None):
            with socket.create_connection((place[1], int(place[2])), timeout=10) as scraper:
                for piece in lines or [request]:
                    scraper.sendall(piece)
                return b"".join(iter(lambda: scraper.recv(4096), b"")).decode()

        def scrape():
            head, body = ask(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").split("\r\n\r\n", 1)
            self.assertTrue(head.startswith("HTTP/1.1 200 OK\r\n"), head)
            self.assertIn("Content-Type: text/plain; version=0.0.4", head)
            self.assertIn(f"Content-Length: {len(body)}", head)
            samples, family, kinds = {}, None, {}
            for line in body.splitlines():
                comment = re.fullmatch(r"# (HELP|TYPE) (rcml_[a-z_]+) (.+)", line)
                if comment and comment[1] == "HELP":
                    self.assertNotIn(comment[2], kinds)
                    family = comment[2]
                    kinds[family] = None
                elif comment:
                    self.assertEqual(comment[2], family)
                    self.assertIn(comment[3], ("counter", "gauge"))
                    kinds[family] = comment[3]
                else:
                    sample = re.fullmatch(r'(rcml_[a-z_]+)(\{[a-z]+="[a-z0-9-]+"\})? (\d+(?:\.\d+)?)', line)
                    self.assertTrue(sample, line)
                    self.assertEqual(sample[1], family)
                    self.assertEqual(sample[1].endswith("_total"), kinds[family] == "counter")
                    self.assertNotIn(sample[1] + (sample[2] or ""), samples)
                    samples[sample[1] + (sample[2] or "")] = float(sample[3])
            return samples

        before = scrape()
        self.assertEqual((before["rcml_calls_active"], before['rcml_calls_total{result="completed"}']), (0, 0))
        call = subprocess.Popen(
            [TOOL, "call", server.uri, "--document", self.file("wait.xml", '<Response><Pause length="60"/></Response>'),
             "--listen", "udp:127.0.0.1:0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(call.wait)
        self.addCleanup(call.kill)
        while True:
            event = json.loads(server.process.stdout.readline())
            if event["event"] == "status" and event["name"] == "answered":
                break
        during = scrape()
        self.assertEqual((during["rcml_calls_active"], during["rcml_legs_active"]), (1, 1))
        self.assertEqual(during['rcml_sip_invites_total{direction="received"}'], 1)
        self.assertGreater(during["rcml_uptime_seconds"], before["rcml_uptime_seconds"])
        # What does not ask well gets a word, or its time; the call and the next scraper do not notice.
        self.assertTrue(ask(b"GET /other HTTP/1.0\r\n\r\n").startswith("HTTP/1.1 404 "))
        self.assertTrue(ask(b"POST /metrics HTTP/1.1\r\n\r\n").startswith("HTTP/1.1 405 "))
        self.assertTrue(ask(b"hello\n\n").startswith("HTTP/1.1 400 "))
        self.assertTrue(ask(b"GET /metrics HTTP/1.1\r\nX: " + b"x" * 9000).startswith("HTTP/1.1 431 "))
        self.assertTrue(ask(None, [b"GET /met", b"rics?x=1 HTTP/1.1\r", b"\n\r", b"\n"]).startswith("HTTP/1.1 200 "))
        self.assertTrue(ask(b"HEAD /metrics HTTP/1.1\r\n\r\n").endswith("\r\n\r\n"))
        with socket.create_connection((place[1], int(place[2]))) as silent:
            silent.sendall(b"GET")
            self.assertEqual(scrape()["rcml_calls_active"], 1)  # the silent one is not waited for
        call.send_signal(signal.SIGTERM)
        with self.assertRaises(subprocess.TimeoutExpired):
            call.wait(0.5)
        call.send_signal(signal.SIGTERM)
        while json.loads(server.process.stdout.readline())["event"] != "ended":
            pass
        after = scrape()
        self.assertEqual((after["rcml_calls_active"], after["rcml_legs_active"]), (0, 0))
        self.assertEqual(after['rcml_calls_total{result="completed"}'], 1)
        self.assertEqual(after['rcml_legs_total{result="completed"}'], 1)
        self.assertEqual(server.end()[0], 0)

    def test_a_port_for_metrics_that_is_taken_is_one_line_and_1(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            place = f"127.0.0.1:{taken.getsockname()[1]}"
            refused = run("answer", "--json", "--listen", "udp:127.0.0.1:0", "--metrics", place)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertEqual(len(refused.stderr.splitlines()), 1)
        for wrong in ["9100", ":9100", "127.0.0.1:", "127.0.0.1:70000", "no.such.host.invalid:9100"]:
            refused = run("answer", "--listen", "udp:127.0.0.1:0", "--metrics", wrong)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), wrong)

    def test_a_journal_that_is_none_is_1_and_a_sentence(self):
        path = self.file("none.journal", "hello")
        for command in ["replay", "trace"]:
            refused = run(command, path)
            self.assertEqual((refused.returncode, refused.stdout), (1, ""))
            self.assertIn("journal", refused.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    options, rest = parser.parse_known_args()
    TOOL = os.path.abspath(options.tool)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=1)
