"""What every attack needs: `rcml serve` and its figures, a web server, and somebody who asks how it is."""

import os
import random
import re
import select
import signal
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"


def free_port():
    """One that nobody has, UDP or TCP, and that no client gets of the kernel before it is taken."""
    while True:
        port = random.randint(5_200, 15_900)
        try:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                with socket.socket(socket.AF_INET, kind) as one:
                    one.bind((HOST, port))
            return port
        except OSError:
            continue


class Server:
    """`rcml serve` for the length of a `with`. `text`: its document; `options`: further arguments.

    `output`: what its standard output and error are; None = a file, which `words` reads."""

    def __init__(self, tool, folder, text=None, options=(), output=None, transports=("udp",)):
        self.port = free_port()
        self.folder = folder
        self.path = os.path.join(folder, f"serve-{self.port}.log")
        command = [tool, "serve"]
        for transport in transports:
            command += ["--listen", f"{transport}:{HOST}:{self.port}"]
        if text is not None:
            document = os.path.join(folder, f"document-{self.port}.xml")
            with open(document, "w") as file:
                file.write(text)
            command += ["--document", document]
        self.command = command + list(options)
        self.output = output
        self.process = None

    def __enter__(self):
        with open(self.path, "wb") as log:
            out = log if self.output is None else self.output
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.folder)
        if not Prober(self.port).answers(10):
            said = self.words()
            self.__exit__()
            raise RuntimeError(f"rcml serve does not answer: {said[-500:]}")
        return self

    def __exit__(self, *_):
        """SIGTERM twice: calls that are still up are hung up on."""
        for patience in (1, 3):
            if self.process.poll() is not None:
                return
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                pass
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def words(self):
        with open(self.path, errors="replace") as log:
            return log.read()

    @property
    def lives(self):
        return self.process.poll() is None

    def memory(self):
        """Resident, in MiB."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def seconds(self):
        """Of CPU."""
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


class Prober:
    """Asks OPTIONS every `every` seconds from a socket of its own. `with`: in a thread, until the end."""

    def __init__(self, port, every=0.02):
        self.place, self.every = (HOST, port), every
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((HOST, 0))
        self.asked, self.waits = {}, []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def ask(self, number):
        own = self.socket.getsockname()[1]
        self.asked[number] = time.monotonic()
        self.socket.sendto(
            (f"OPTIONS sip:health@{HOST}:{self.place[1]} SIP/2.0\r\n"
             f"Via: SIP/2.0/UDP {HOST}:{own};branch=z9hG4bKhealth{own}x{number};rport\r\nMax-Forwards: 70\r\n"
             f"From: <sip:prober@{HOST}:{own}>;tag=health{number}\r\nTo: <sip:health@{HOST}>\r\n"
             f"Call-ID: health-{number}-{own}@{HOST}\r\nCSeq: 1 OPTIONS\r\nContact: <sip:prober@{HOST}:{own}>\r\n"
             f"Accept: application/sdp\r\nUser-Agent: how are you today, and how will you be tomorrow?\r\n"
             f"Content-Length: 0\r\n\r\n").encode(), self.place)

    def take(self, patience):
        if not select.select([self.socket], [], [], patience)[0]:
            return
        try:
            text = self.socket.recv(65536)
        except OSError:
            return
        found = re.search(rb"health-(\d+)-", text)
        begun = self.asked.pop(int(found.group(1)), None) if found else None
        if begun is not None:
            self.waits.append(time.monotonic() - begun)

    def answers(self, patience):
        """Somebody is there."""
        limit = time.monotonic() + patience
        number = 0
        while time.monotonic() < limit and not self.waits:
            number += 1
            self.ask(number)
            self.take(0.1)
        self.asked.clear()
        return bool(self.waits)

    def run(self):
        due, number = time.monotonic(), 0
        while not self.over.is_set():
            if time.monotonic() >= due:
                number += 1
                due = max(due + self.every, time.monotonic() - 1)
                self.ask(number)
            self.take(max(0, due - time.monotonic()))
        limit = time.monotonic() + 1
        while self.asked and time.monotonic() < limit:
            self.take(0.05)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join(5)
        self.socket.close()

    @property
    def lost(self):
        return len(self.asked)

    def worst(self, share=0.99):
        """Milliseconds within which that share was answered; what was lost waited for ever."""
        waits = sorted(self.waits) + [float("inf")] * self.lost
        return 1000 * waits[min(len(waits) - 1, int(len(waits) * share))] if waits else float("inf")


class Web:
    """A web server for the length of a `with`. `reply(path, body)` gives (status, content type, octets), or None: the
    request is never answered."""

    def __init__(self, reply):
        self.requests = []
        self.over = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                web.requests.append((time.monotonic(), self.path))
                reply_ = reply(self.path, body)
                if reply_ is None:
                    web.over.wait()
                    self.close_connection = True
                    return
                status, kind, octets = reply_
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(octets)))
                self.end_headers()
                self.wfile.write(octets)

            do_GET = do_POST = do

            def log_message(self, *_):
                pass

        class Threads(ThreadingHTTPServer):
            request_queue_size = 2048
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Threads((HOST, 0), Handler)
        self.url = f"http://{HOST}:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


class Phone:
    """A UDP socket that sends what it is told and keeps what it gets. `octets`: how many came."""

    def __init__(self, port):
        self.place = (HOST, port)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind((HOST, 0))
        self.port = self.socket.getsockname()[1]
        self.octets = 0

    def send(self, text):
        self.socket.sendto(text.encode() if isinstance(text, str) else text, self.place)

    def request(self, method, number, cseq=1, to_tag="", uri=None, fields=(), body="", kind="application/sdp"):
        lines = [
            f"{method} {uri or f'sip:service@{HOST}:{self.place[1]}'} SIP/2.0",
            f"Via: SIP/2.0/UDP {HOST}:{self.port};branch=z9hG4bK{self.port}x{number}x{cseq}x{method};rport",
            "Max-Forwards: 70", f"From: <sip:p{number}@{HOST}>;tag=f{number}",
            f"To: <sip:service@{HOST}>{to_tag}", f"Call-ID: c{number}-{self.port}", f"CSeq: {cseq} {method}",
            f"Contact: <sip:p{number}@{HOST}:{self.port}>", *fields]
        if body:
            lines.append(f"Content-Type: {kind}")
        return "\r\n".join(lines + [f"Content-Length: {len(body)}", "", body])

    def read(self, patience):
        """The next message, or None."""
        if not select.select([self.socket], [], [], patience)[0]:
            return None
        try:
            text = self.socket.recv(65536)
        except OSError:
            return None
        self.octets += len(text)
        return text.decode(errors="replace")

    def wait_for(self, pattern, patience):
        """The first message that the pattern is found in."""
        limit = time.monotonic() + patience
        while (rest := limit - time.monotonic()) > 0:
            text = self.read(rest)
            if text and re.search(pattern, text, re.I):
                return text
        return None

    def call(self, number, media, fields=()):
        """A call that is answered: its To tag and the Contact to talk to. `media`: our RTP port."""
        self.send(self.request("INVITE", number, fields=fields, body=sdp(media)))
        answer = self.wait_for(rf"^SIP/2.0 200[^$]*c{number}-", 10)
        if not answer:
            raise RuntimeError("the call was not answered")
        tag = re.search(r"\r\n(?:to|t):[^\r]*(;tag=[^\r;]+)", answer, re.I).group(1)
        target = re.search(r"\r\n(?:contact|m):[^<\r]*<([^>]+)>", answer, re.I).group(1)
        self.send(self.request("ACK", number, to_tag=tag, uri=target))
        return tag, target

    def close(self):
        self.socket.close()


def sdp(port, host=HOST):
    return (f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n")
