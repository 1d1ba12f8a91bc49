"""The web application of the tests: documents by path, and what was asked. As a program of its own it can be killed."""

import http.server
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
import urllib.parse

HOST = "127.21.0.9"


class Web(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """`documents`: path → text, or a function that gets the parameters. A path of None keeps everybody waiting."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, documents):
        self.documents, self.asked = documents, []
        self.released = threading.Event()  # until then, those who are kept waiting wait
        super().__init__((HOST, 0), Handler)
        self.url = f"http://{HOST}:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # whoever asked has gone

    def of(self, path):
        """The parameters of each request for a path."""
        return [one for asked, one in list(self.asked) if asked == path]

    def wait_for(self, path, seconds=5):
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if self.of(path):
                return self.of(path)[0]
            time.sleep(0.02)
        return None

    def end(self):
        self.released.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def do_GET(self):
        self.answer("")

    def answer(self, body):
        path, _, query = self.path.partition("?")
        parameters = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        parameters.update(urllib.parse.parse_qsl(body, keep_blank_values=True))
        self.server.asked.append((path, parameters))
        document = self.server.documents.get(path, "")
        if document is None:
            self.server.released.wait(60)
            document = ""
        if callable(document):
            document = document(parameters)
        octets = document if isinstance(document, bytes) else document.encode()
        self.send_response(200 if path in self.server.documents else 404)
        self.send_header("Content-Type", "audio/wav" if path.endswith(".wav") else "text/xml")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *arguments):
        pass


class Victim:
    """A web server that takes requests and never answers, in a process of its own, to be killed with them."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, os.path.abspath(__file__)], stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


if __name__ == "__main__":
    web = Web({"/document": None})
    print(web.url, flush=True)
    signal.pause()
