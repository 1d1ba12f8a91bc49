#!/usr/bin/env python3
"""The ways to fail of failures.md over real sockets on loopback: the tool, a C program and a Lua script say the same word,
number and sentence, and they are those of the table (E-9)."""

import argparse
import concurrent.futures
import http.server
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

import phones

HERE = os.path.dirname(os.path.abspath(__file__))
PAGES = {
    "/blank": ("text/xml", b"  \n"), "/page": ("text/html", b"<html><body>Oops</body></html>"),
    "/json": ("application/json", b'{"a": 1}'), "/broken": ("text/xml", b"<Response><Dial>\n"),
    "/note": ("text/xml", b"<note><a/></note>"),
    "/doctype": ("text/xml", b"<!DOCTYPE Response><Response/>"),
    "/deep": ("text/xml", b"<Response>" * 20 + b"</Response>" * 20),
    "/png": ("image/png", b"PNG"), "/octets": ("text/xml", b"<Response>\xff\xfe"),
    "/large": ("text/xml", b"<Response>" + b" " * 5000 + b"</Response>"),
    "/hangup": ("text/xml", b"<Response><Hangup/></Response>"),
    "/pause": ("text/xml", b'<Response><Pause length="30"/></Response>'),
    "/dials": ("text/xml", b"<Response><Dial>sip:x@127.0.0.1</Dial></Response>"),
    "/again": ("text/xml", b"<Response><Redirect>/again</Redirect></Response>"),
}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = self.path.split("?")[0]
        if path == "/slow":
            time.sleep(4)
        location = {"/circle": "/circle", "/ftp": "ftp://127.0.0.1/x"}.get(path)
        kind, body = PAGES.get(path, ("text/plain", b""))
        code = 302 if location else int(path[1:]) if path[1:].isdigit() else 200
        try:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def table():
    rows = {}
    with open(os.path.join(HERE, "failures.md"), encoding="utf-8") as text:
        for line in text:
            if line.startswith("| ") and not line.startswith("| way"):
                way, event, word, number, sentence, wire = [cell.strip() for cell in line[1:-2].split("|")]
                if wire:
                    rows[way] = (event, word, number, sentence)
    return rows


def ways(phone, web, rude):
    """Each way: party, document (`url` if it is one), settings."""
    ok, at = phone.uri("ok"), f"http://127.0.0.1:{web}"
    udp, tcp = phones.closed_port(socket.SOCK_DGRAM), phones.closed_port(socket.SOCK_STREAM)

    def dial(target, attributes="", *settings, noun="Sip", inside=""):
        text = f'<Response><Dial timeout="20" {attributes}><{noun}{inside}>{target}</{noun}></Dial></Response>'
        return ok, "text", text, settings

    def leg(user, *settings, inside=""):
        return dial(phone.uri(user), "", *settings, inside=inside)

    def screened(path, inside=""):
        return dial(ok, inside=f' url="{at}{path}"{inside}')

    def page(path, *settings):
        return ok, "url", at + path, settings

    def text(verbs, *settings):
        return ok, "text", f"<Response>{verbs}</Response>", settings

    def told(url):
        return dial(phone.uri("486"), "", "callback_events=true", "callback_retries=0", inside=f' statusCallback="{url}"')

    both = f'<Sip>{phone.uri("rings")}</Sip>'
    return {
        "nothing listens, UDP": dial(f"sip:a@127.0.0.1:{udp}"),
        "nothing listens, TCP": dial(f"sip:a@127.0.0.1:{tcp};transport=tcp"),
        "connection lost": dial(f"sip:a@127.0.0.1:{rude['silent']};transport=tcp"),
        "did not answer in time": leg("rings", inside=' x-timeout="1"'),
        "nothing listens, TLS": dial("sips:a@127.0.0.1"),
        "another transport": dial("sip:a@127.0.0.1;transport=sctp"),
        "no listener of the family": dial("sip:a@[::1]:5081"), "no URI": dial("sip:a@h h"),
        "noun nobody knows": dial("17", "", "ask_targets=nouns", noun="Number"),
        "nobody to call": text("<Dial></Dial>"),
        "too many Dials": text(f"<Dial>{phone.uri('486')}</Dial><Dial>{ok}</Dial>", "max_dials_per_call=1"),
        "busy": leg("486"), "declined": leg("603"), "nobody of that name": leg("404"),
        "not available": leg("480"), "forbidden": leg("403"), "server error": leg("500"),
        "not acceptable": leg("488"), "loop detected": leg("482"),
        "redirect without a contact": leg("302", "follow_redirects=3"),
        "redirects not followed": leg("moved"),
        "wrong password": leg("401", inside=' username="alice" password="wrong"'),
        "no credentials": leg("401"), "unreadable answer": leg("rubbish"),
        "answer without description": leg("silent"),
        "no common codec": leg("g729", "media=anchored"),
        "nobody can speak": text("<Say>a</Say>", "speech_program="),
        "sound missing": text(f"<Play>{at}/404</Play>"),
        "another party was quicker": text(f"<Dial>{both}<Sip>{ok}</Sip></Dial>", "max_call_duration=2"),
        "stop code": text(f'<Dial x-stop-on="486">{both}<Sip>{phone.uri("486")}</Sip></Dial>'),
        "time limit": dial(ok, 'timeLimit="1"'),
        "screening hung up": screened("/hangup"), "screening too long": screened("/pause", ' timeout="1"'),
        "screening not found": screened("/404"), "screening is a web page": screened("/page"),
        "screening dials": screened("/dials"),
        "web refused connection": (ok, "url", f"http://127.0.0.1:{tcp}/", ["http_retries=0"]),
        "web too slow": page("/slow", "http_timeout=1"),
        "web broke off": (ok, "url", f"http://127.0.0.1:{rude['silent']}/", []),
        "web speaks no HTTP": (ok, "url", f"http://127.0.0.1:{rude['words']}/", []),
        "web without TLS": (ok, "url", f"https://127.0.0.1:{web}/", ["http_retries=0"]),
        "web 404": page("/404"), "web 403": page("/403"), "web 500": page("/500"),
        "web redirects without end": page("/circle"), "web redirects elsewhere": page("/ftp"),
        "web answer too large": page("/large", "max_document_bytes=1024"),
        "private address": page("/hangup", "http_block_private=true"),
        "document of blanks": page("/blank"), "document is a web page": page("/page"),
        "document is JSON": page("/json"), "broken XML": page("/broken"), "wrong root": page("/note"),
        "DOCTYPE": page("/doctype"), "nested too deep": page("/deep"),
        "wrong content type": page("/png"), "wrong encoding": page("/octets"),
        "documents without end": page("/again"),
        "action not found": dial(phone.uri("486"), f'action="{at}/404"'),
        "end of the document": text("<Pause/>"), "Hangup": text("<Hangup/>"),
        "caller hung up": (phone.uri("leaves"), "text", '<Response><Pause length="20"/></Response>', []),
        "Dial failed at the end": leg("486"),
        "callback given up": told(f"{at}/404"), "callback not delivered": told(f"http://127.0.0.1:{tcp}/"),
        "outgoing party busy": (phone.uri("486"), "text", "<Response/>", []),
        "outgoing party not there": (f"sip:a@127.0.0.1:{udp}", "text", "<Response/>", []),
    }


class Faces:
    """The three that speak to people: each gives its list of (event, word, number, sentence)."""

    def __init__(self, tool, program, lua, folder):
        self.tool, self.program, self.lua, self.folder = tool, program, lua, folder

    def finish(self, command):
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert ended.returncode == 0, (command, ended.returncode, ended.stderr)
        return ended.stdout

    def by_tool(self, way, party, kind, document, settings):
        source = ["--url", document]
        if kind == "text":
            path = os.path.join(self.folder, re.sub(r"\W", "-", way) + ".xml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(document)
            source = ["--document", path]
        sets = [word for pair in settings for word in ("--set", pair)]
        command = [self.tool, "call", party, *source, "--json", "--listen", "udp:127.0.0.1:0", *sets]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        lines = [json.loads(line) for line in ended.stdout.splitlines()]
        # A document that could not be had or read is 1, whatever became of the call.
        last = [line for line in lines if line["event"] == "ended"][-1]
        is_done = last["status"] == "completed" and last["reason"] != "no-document"
        assert ended.returncode == (0 if is_done else 1), (way, ended.returncode, last)
        return [(line["event"], line["reason"], str(line["reason_code"]), line["reason_text"])
                for line in lines if "reason" in line]

    def by_host(self, command, party, kind, document, settings):
        out = self.finish([*command, party, kind, document, *settings])
        return [tuple(line.split("\t")) for line in out.splitlines()]

    def all(self, way, case):
        lua = [self.lua, os.path.join(HERE, "reasons.lua")]
        return {"tool": self.by_tool(way, *case), "C": self.by_host([self.program], *case), "Lua": self.by_host(lua, *case)}


def look(way, row, told):
    """What is wrong with it; nothing = nothing."""
    event, word, number, sentence = row
    kind = "status" if event == "leg" else event
    pattern = re.compile("^" + ".*".join(re.escape(part) for part in sentence.split("*")) + "$")
    found = {}
    for face, lines in told.items():
        fitting = [line for line in lines if line[0] == kind and line[2] == number]
        if not fitting:
            return f"{way}: {face} says no {number} in {event}, but {lines}"
        found[face] = fitting[-1]
        if fitting[-1][1] != word or not pattern.match(fitting[-1][3]):
            return f"{way}: {face} says {fitting[-1]}, and the table {row}"
    if len(set(found.values())) != 1:
        return f"{way}: they differ: {found}"
    return None


def main():
    parser = argparse.ArgumentParser()
    for name in ("--tool", "--program", "--lua"):
        parser.add_argument(name, required=True)
    parser.add_argument("names", nargs="*")
    given = parser.parse_args()
    web = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    rude = {"silent": phones.Rude().port, "words": phones.Rude(b"hello, stranger\n").port}
    rows = table()
    cases = ways(phones.Phone(), web.server_address[1], rude)
    wrong = [f"{way}: in the table alone" for way in rows.keys() - cases.keys()]
    wrong += [f"{way}: not in the table" for way in cases.keys() - rows.keys()]
    chosen = [way for way in cases if way in rows and (not given.names or way in given.names)]
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(6) as pool:
        faces = Faces(given.tool, given.program, given.lua, folder)
        ends = {pool.submit(faces.all, way, cases[way]): way for way in chosen}
        for end in concurrent.futures.as_completed(ends):
            try:
                problem = look(ends[end], rows[ends[end]], end.result())
            except Exception as failure:  # of one way: the others go on
                problem = f"{ends[end]}: {failure!r}"
            if problem:
                wrong.append(problem)
    for line in wrong:
        print(line)
    print(f"{len(chosen)} ways to fail, by the tool, C and Lua: {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
