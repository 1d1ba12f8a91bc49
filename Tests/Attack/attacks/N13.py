"""Each failure of HTTP has words of its own."""

import os
import socket
import ssl
import struct
import subprocess
import threading
import time

from figures import Figure
from stage import HOST, Phone, Server, sdp

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
REPLIES = {
    "no status line": (b"<Response/>", "has no status line"),
    "bad chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n", "not chunked as it says"),
    "endless headers": (HEAD + b"X-Header: and one more\r\n" * 20_000, "headers of the web server's answer are too long"),
    "bad gzip": (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", "not encoded as it says"),
    "cut off": (HEAD + b"Content-Length: 50\r\n\r\nhello", "shorter than it says"),
    "no answer": (b"", "ended the connection without an answer"),
    "reset": (None, "connection broke off"),
    "incomplete": (HEAD + b"Content-Length: 50\r\n\r\nhello", "not complete in time"),
    "silent": (b"", "did not answer in time"),
    "too large": (HEAD + b"Content-Length: 100000\r\n\r\n" + b"x" * 100_000, "answer is too large|document is too large"),
}


class Raw:
    """A web server that says what it is told, octet by octet."""

    def __init__(self, serve):
        self.serve, self.held = serve, []
        self.socket = socket.socket()
        self.socket.bind((HOST, 0))
        self.socket.listen(16)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        try:
            while True:
                one = self.socket.accept()[0]
                self.held.append(one)
                try:
                    self.serve(one)
                except OSError:
                    pass
        except OSError:
            pass

    def close(self):
        for each in [self.socket, *self.held]:
            each.close()


def saying(name, octets):
    def serve(one):
        one.recv(65_536)
        if octets is None:
            one.sendall(HEAD)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return one.close()
        one.sendall(octets)
        if name not in ("incomplete", "silent"):
            one.close()
    return serve


def certified(folder):
    key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return lambda one: context.wrap_socket(one, server_side=True)


def said(tool, folder, url):
    options = ["--url", url, "--set", "http_retries=0", "--set", "http_timeout=1", "--set", "http_connect_timeout=1"]
    with Server(tool, folder, options=options) as server:
        phone = Phone(server.port)
        phone.send(phone.request("INVITE", 1, body=sdp(40_000)))
        limit = time.monotonic() + 5
        while "request-failed" not in server.words() and time.monotonic() < limit:
            time.sleep(0.02)
        phone.close()
        return server.words()


def run(tool, folder, is_long):
    cases = [(name, "http", saying(name, octets), words) for name, (octets, words) in REPLIES.items()]
    cases += [
        ("no TLS", "https", saying("x", HEAD + b"\r\n"), "no secure connection"),
        ("TLS that never ends", "https", lambda one: None, "did not finish the secure connection in time"),
        ("strange certificate", "https", certified(folder), "certificate is not trusted"),
    ]
    figures, heard = [], set()
    for name, scheme, serve, words in cases:
        web = Raw(serve)
        text = said(tool, folder, f"{scheme}://{HOST}:{web.port}/document")
        web.close()
        held = any(each in text for each in words.split("|"))
        heard.add(words if held else "")
        figures.append(Figure(f"{name}: told as such", int(held), least=1))
    # It is somebody's, so that nobody else gets it, and nobody listens.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as closed:
        closed.bind((HOST, 0))
        text = said(tool, folder, f"http://{HOST}:{closed.getsockname()[1]}/document")
    figures.append(Figure("nobody there: told as such", int("refused the connection" in text), least=1))
    return figures
