#!/usr/bin/env python3
"""MP3 as lame makes it, fetched by `rcml serve` and heard by a real phone, baresip: constant and variable bit rates, mono and
stereo, several sampling rates, ID3 tags, and one whose end is missing.

Passes only if each is heard as long as it is and without gaps, the server ends cleanly and every journal replays.
"""

import argparse
import http.server
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
SPEC = importlib.util.spec_from_file_location("baresip_run", os.path.join(HERE, "..", "baresip", "run.py"))
baresip = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(baresip)
sipp, sound = baresip.sipp, baresip.sound

SECONDS = 2
# name: what lame is told, whether its end is cut off
FILES = {
    "mono-8": (["-m", "m", "--resample", "8", "-b", "8"], False),
    "mono-16-cbr": (["-m", "m", "--resample", "16", "-b", "24", "--tt", "Prompt", "--add-id3v2"], False),
    "stereo-44-vbr": (["-m", "j", "--resample", "44.1", "-V", "7", "--tt", "Prompt", "--ta", "Nobody"], False),
    "stereo-48-cbr": (["-m", "s", "--resample", "48", "-b", "128"], False),
    "cut": (["-m", "m", "--resample", "22.05", "-b", "32"], True),
}


class Server:
    def __init__(self, files):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                content = files.get(os.path.basename(self.path))
                self.send_response(200 if content else 404)
                self.send_header("Content-Type", "audio/mpeg")
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer((sipp.HOST, 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://{sipp.HOST}:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def encode(folder):
    """The prompt, by name."""
    wav = os.path.join(folder, "prompt.wav")
    sound.write(wav, sound.PROMPT, SECONDS)
    made = {}
    for name, (words, is_cut) in FILES.items():
        path = os.path.join(folder, name)
        subprocess.run(["lame", "--silent", *words, wav, path], check=True)
        with open(path, "rb") as file:
            octets = file.read()
        made[name] = octets[:len(octets) // 2] if is_cut else octets
    return made


def play(stage, tool, web, name):
    caller = stage.phone("caller", sound.CALLER, answers="manual")
    document = os.path.join(stage.folder, "document.xml")
    with open(document, "w") as text:
        text.write(f"<Response><Play>{web.url}/{name}</Play></Response>")
    first = baresip.rtp_ports()
    stage.journal = os.path.join(stage.folder, "serve.journal")
    stage.server, stage.drain, port = sipp.serve(
        tool, stage.folder, "udp", document, stage.journal, ["--set", f"rtp_ports={first}-{first + 199}"])
    caller.call(f"sip:anybody@{sipp.HOST}:{port}")
    caller.wait("CALL_ESTABLISHED")
    caller.wait("CALL_CLOSED", SECONDS + 8)
    wanted = SECONDS / 2 if FILES[name][1] else SECONDS
    stage.hears(caller, sound.PROMPT, wanted - 0.3, own=sound.CALLER)
    stage.check(caller.heard().seconds(sound.PROMPT) <= wanted + 0.3, "it was heard for too long")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--only", choices=list(FILES))
    parser.add_argument("--keep", action="store_true", help="keep the folder of a failed run")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    if not shutil.which("lame"):
        raise SystemExit("lame is not installed (Debian: lame)")
    with tempfile.TemporaryDirectory(prefix="rcml-mp3-") as folder:
        web = Server(encode(folder))
        results = [
            baresip.run(options, baresip.Stage(options, name), name,
                        lambda stage, name=name: play(stage, options.tool, web, name))
            for name in ([options.only] if options.only else FILES)]
    print(f"{sum(results)} of {len(results)} passed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
