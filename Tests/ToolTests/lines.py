#!/usr/bin/env python3
"""What `rcml serve` prints never stops a call, whoever reads it or does not [Y-7]."""

import argparse
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

TOOL = None
F_SETPIPE_SZ = 1031


def request(method, port, number, extra=""):
    return (f"{method} sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{number}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:a@127.0.0.1>;tag=t{number}\r\nTo: <sip:x@127.0.0.1>\r\n"
            f"Call-ID: c{number}\r\nCSeq: 1 {method}\r\n{extra}Content-Length: 0\r\n\r\n").encode()


class LineTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rcml-lines-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.document = os.path.join(self.folder, "hangup.xml")
        with open(self.document, "w", encoding="utf-8") as target:
            target.write("<Response><Hangup/></Response>")
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(2)
        self.number = self.answered = 0

    def serve(self, *arguments, out=subprocess.DEVNULL, error=subprocess.DEVNULL):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self.place = free.getsockname()
        process = subprocess.Popen(
            [TOOL, "serve", "--listen", f"udp:127.0.0.1:{self.place[1]}", "--document", self.document, *arguments],
            stdout=out, stderr=error)

        def kill():
            if process.poll() is None:
                process.kill()
            process.wait()

        self.addCleanup(kill)
        for _ in range(100):
            try:
                self.ask("OPTIONS")
                return process
            except OSError:
                time.sleep(0.05)
        self.fail("it does not answer")

    def ask(self, method):
        """One request and its answer."""
        self.number += 1
        self.socket.sendto(request(method, self.socket.getsockname()[1], self.number), self.place)
        while True:
            answer = self.socket.recv(65536)
            if f"Call-ID: c{self.number}\r\n".encode() in answer or f"i: c{self.number}\r\n".encode() in answer:
                self.answered += 1
                return answer

    def pipe(self, size=4096):
        reader, writer = os.pipe()
        fcntl.fcntl(writer, F_SETPIPE_SZ, size)
        return reader, writer

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(10), 0)

    def stuck(self, *arguments, **streams):
        """Nobody reads: everybody is answered, and what is lost is said once somebody reads."""
        reader, writer = self.pipe()
        process = self.serve("--transport-log", *arguments, **{name: writer for name in streams})
        os.close(writer)
        # More than the pipe and what may wait for it.
        for _ in range(3_000):
            self.ask("OPTIONS")
        with os.fdopen(reader, "rb") as pipe:
            os.set_blocking(pipe.fileno(), False)
            taken = b""
            end = time.monotonic() + 5
            while time.monotonic() < end and b"not written" not in taken:
                taken += pipe.read(1 << 20) or b""
                time.sleep(0.002)
            self.ask("OPTIONS")
            os.set_blocking(pipe.fileno(), True)
            process.send_signal(signal.SIGTERM)
            taken += pipe.read()
        self.assertEqual(process.wait(10), 0)
        return taken.decode().splitlines()

    def test_standard_output_that_nobody_reads_stops_nobody(self):
        lines = [json.loads(line) for line in self.stuck("--json", out=True)]
        lost = [line["count"] for line in lines if line["event"] == "lines-lost"]
        self.assertEqual(len(lost), 1)
        self.assertGreater(lost[0], 100)
        # Each request and each answer is an object; nothing is missing but what is said to be.
        self.assertEqual(sum(line["event"] == "message" for line in lines) + lost[0], 2 * self.answered)

    def test_standard_error_that_nobody_reads_stops_nobody(self):
        lines = self.stuck(error=True)
        self.assertEqual(sum("lines were not written" in line for line in lines), 1)

    def test_a_reader_that_goes_away_ends_no_call(self):
        for arguments, stream in [(["--json"], "out"), ([], "error")]:
            reader, writer = self.pipe()
            process = self.serve("--transport-log", *arguments, **{stream: writer})
            os.close(writer)
            os.close(reader)
            for _ in range(20):
                self.ask("OPTIONS")
            self.end(process)

    def test_refusals_of_one_kind_are_one_line_a_second(self):
        path = os.path.join(self.folder, "out")
        for arguments, stream in [(["--json"], "out"), ([], "error")]:
            with open(path, "wb") as out:
                process = self.serve(*arguments, **{stream: out})
                begun = time.monotonic()
                for _ in range(200):
                    self.ask("REGISTER")
                self.ask("MESSAGE")
                took = time.monotonic() - begun
                time.sleep(1.2)
                self.end(process)
            with open(path, encoding="utf-8") as out:
                refused = [line for line in out.read().splitlines() if "refused" in line]
            if stream == "out":
                counts = [json.loads(line).get("count", 1) for line in refused]
            else:
                counts = [int(line.rsplit("(", 1)[1].split()[0]) if line.endswith(" times)") else 1 for line in refused]
            self.assertEqual(sum(counts), 201)
            self.assertLessEqual(len(counts), 3 + int(took))
            self.assertEqual(counts[0], 1)

    def test_whoever_was_refused_once_costs_nothing_a_second_later(self):
        def ticks():
            with open(f"/proc/{process.pid}/stat", encoding="utf-8") as stat:
                return sum(int(word) for word in stat.read().rsplit(")", 1)[1].split()[11:13])

        with open(os.path.join(self.folder, "out"), "wb") as out:
            process = self.serve("--json", out=out)
            self.ask("REGISTER")
            time.sleep(1.5)
            before = ticks()
            time.sleep(1)
            spent = ticks() - before
            self.end(process)
        self.assertLess(spent, os.sysconf("SC_CLK_TCK") // 5)

    def test_idle_connections_shut_no_scraper_out(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            place = free.getsockname()
        process = self.serve("--metrics", f"127.0.0.1:{place[1]}")
        idle = [socket.create_connection(place) for _ in range(100)]
        begun = time.monotonic()
        for _ in range(3):
            with socket.create_connection(place, timeout=5) as scraper:
                scraper.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
                answer = b"".join(iter(lambda: scraper.recv(65536), b""))
            self.assertIn(b"rcml_calls_active 0", answer)
        self.assertLess(time.monotonic() - begun, 1)
        for each in idle:
            each.close()
        self.end(process)

    def test_a_log_has_its_limit_and_is_begun_anew(self):
        path = os.path.join(self.folder, "log")
        process = self.serve("--transport-log", "--json", "--log", path, "--set", "log_limit=20000")
        for _ in range(100):
            self.ask("OPTIONS")
        # What comes all at once is written all at once, and has the limit all the same.
        for number in range(100):
            self.socket.sendto(request("OPTIONS", self.socket.getsockname()[1], 1000 + number), self.place)
        for _ in range(100):
            self.socket.recv(65536)
        self.end(process)
        sizes = [os.path.getsize(name) for name in (path, path + ".1")]
        self.assertTrue(all(0 < size <= 20_000 for size in sizes), sizes)
        for name in (path, path + ".1"):
            with open(name, encoding="utf-8") as log:
                for line in log:
                    json.loads(line)
        with open(path, encoding="utf-8") as log:
            self.assertEqual(json.loads(log.read().splitlines()[-1])["event"], "drained")

    def test_a_log_that_cannot_be_made_is_one_line_and_1(self):
        refused = subprocess.run(
            [TOOL, "serve", "--listen", "udp:127.0.0.1:0", "--document", self.document, "--log", "/nowhere/log"],
            capture_output=True, text=True, timeout=20)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertEqual(len(refused.stderr.splitlines()), 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    options, rest = parser.parse_known_args()
    TOOL = os.path.abspath(options.tool)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=1)
