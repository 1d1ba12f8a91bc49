#!/usr/bin/env python3
"""SIP over TLS with real peers: two tools, Kamailio's tls module, and OpenSSL's own client and server.

Passes only if calls by sips: and transport=tls are answered and end, certificates are asked for and shown, wrong ones are
refused with their reason, journals replay byte for byte and hold no key, a thousand renewals lose no call, and a flood of
handshakes that come to nothing leaves other answers under their bound.
"""

import argparse
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import wave

HERE = os.path.dirname(os.path.abspath(__file__))
SPEC = importlib.util.spec_from_file_location("sipp_run", os.path.join(HERE, "..", "sipp", "run.py"))
sipp = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(sipp)
NET = "127.61.0."


class Failure(Exception):
    pass


def expect(is_so, text):
    if not is_so:
        raise Failure(text)


class Stage:
    """A folder with certificates, and the tool."""

    def __init__(self, options):
        self.tool = options.tool
        self.calls = options.calls
        self.folder = tempfile.mkdtemp(prefix="rcml-secure-")
        self.certificates = os.path.join(self.folder, "certificates")
        maker = os.path.join(HERE, "..", "..", "Certificates", "make.py")
        subprocess.run([sys.executable, maker, self.certificates], check=True)
        self.running = []

    def path(self, name):
        return os.path.join(self.certificates, name)

    def settings(self, certificate=None, key="leaf.key", clients=None, authorities="authorities.pem", sound="offer"):
        # sips: demands secret sound (spec T-15), and whoever answers has to know it.
        found = ["--set", "tls_ca=" + self.path(authorities), "--set", "srtp=" + sound]
        if certificate:
            found += ["--set", "tls_certificate=" + self.path(certificate), "--set", "tls_key=" + self.path(key)]
        if clients:
            found += ["--set", "tls_verify_clients=" + clients]
        return found

    def start(self, name, *arguments):
        """A tool that listens; what it says is kept in a file."""
        log = open(os.path.join(self.folder, name), "w")
        process = subprocess.Popen([self.tool, *arguments, "--json"], stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=subprocess.STDOUT)
        log.close()
        self.running.append(process)
        limit = time.monotonic() + 15
        while time.monotonic() < limit:
            if any(event["event"] == "listening" for event in self.events(name)):
                return process
            expect(process.poll() is None, name + " ended: " + self.said(name))
            time.sleep(0.05)
        raise Failure(name + " does not listen: " + self.said(name))

    def said(self, name):
        with open(os.path.join(self.folder, name), errors="replace") as text:
            return text.read()

    def events(self, name):
        found = []
        for line in self.said(name).splitlines():
            if line.startswith("{"):
                found.append(json.loads(line))
        return found

    def call(self, target, *arguments, listen="udp:" + NET + "2:0"):
        done = subprocess.run(
            [self.tool, "call", target, "--json", "--say", "hello", "--timeout", "10", "--listen", listen, *arguments],
            capture_output=True, text=True, timeout=60)
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return events, done

    def end(self, process):
        if process.poll() is None:
            process.kill()
        process.wait()

    def close(self, keep):
        for process in self.running:
            self.end(process)
        if keep:
            print("kept:", self.folder)
        else:
            shutil.rmtree(self.folder)


def ended(events):
    last = [event for event in events if event["event"] == "ended"]
    expect(last, "the call has not ended: %s" % events)
    return last[-1]


def no_secrets(stage, paths):
    """Nothing that stands in a private key file."""
    with open(stage.path("leaf.key")) as file:
        lines = [line.strip().encode() for line in file if "-----" not in line]
    for path in paths:
        with open(path, "rb") as file:
            octets = file.read()
        expect(not any(line in octets for line in lines), path + " holds a line of the private key")
        expect(b"PRIVATE KEY" not in octets and b"SECRET" not in octets, path + " holds a key")


def ours(stage):
    """Two tools, each with a certificate; the journal replays, ladder and capture show what was said."""
    place = NET + "3:5061"
    stage.start("ours", "answer", "--listen", "tls:" + place, *stage.settings("client.pem", clients="require"))
    journal = os.path.join(stage.folder, "ours.journal")
    keys = os.path.join(stage.folder, "ours.keys")
    events, done = stage.call(
        "sips:bob@phone.example;maddr=" + NET + "3", *stage.settings("client.pem"), "--journal", journal,
        "--set", "tls_keylog=" + keys)
    expect(ended(events)["status"] == "completed", "the call came to %s %s" % (events, done.stderr))
    incoming = [event for event in stage.events("ours") if event["event"] == "incoming"]
    expect(incoming and incoming[0]["peer_name"] == "phone.example", "who called: %s" % incoming)
    expect(incoming[0]["peer"].startswith("tls:"), "by which way: %s" % incoming)
    replay = subprocess.run([stage.tool, "replay", journal], capture_output=True, text=True)
    expect(replay.returncode == 0 and "The same" in replay.stdout + replay.stderr, "the replay differs: %s" % replay.stdout)
    ladder = subprocess.run([stage.tool, "trace", journal], capture_output=True, text=True).stdout
    expect("INVITE" in ladder, "the ladder lacks the INVITE: " + ladder)
    capture = os.path.join(stage.folder, "ours.pcapng")
    subprocess.run([stage.tool, "trace", journal, "--pcapng", capture], check=True, capture_output=True)
    with open(capture, "rb") as file:
        expect(b"INVITE sips:bob@phone.example" in file.read(), "the capture lacks the INVITE")
    with open(keys) as file:
        expect("CLIENT_TRAFFIC_SECRET_0" in file.read(), "the key log is empty")
    expect(os.stat(keys).st_mode & 0o77 == 0, "others can read the key log")
    no_secrets(stage, [journal, capture, os.path.join(stage.folder, "ours")])
    return "mutual TLS, the same %s" % replay.stdout.strip().split(":")[-1].strip()


def stranger(stage):
    """A client without a certificate, where one is required."""
    stage.start("stranger", "answer", "--listen", "tls:" + NET + "4:5061", *stage.settings("client.pem", clients="require"))
    events, _ = stage.call("sips:bob@phone.example;maddr=" + NET + "4", *stage.settings())
    end = ended(events)
    expect(end.get("reason_code") == 33244, "who shows no certificate is told %s" % end)
    time.sleep(0.2)
    refused = [event for event in stage.events("stranger") if event["event"] == "refused"]
    expect(refused and refused[0]["reason_code"] == 33245, "the server says %s" % refused)
    return "refused, and both sides say why"


def kamailio(stage):
    """Through Kamailio: it asks who we are, and calls a phone of ours, of which it asks the same."""
    proxy, phone = NET + "5", NET + "6:5061"
    folder = os.path.join(stage.folder, "kamailio")
    os.makedirs(os.path.join(folder, "run"))
    with open(os.path.join(HERE, "kamailio.cfg")) as text:
        filled = text.read()
    for word, value in [("ADDRESS", proxy), ("PORT", "5061"), ("PHONE", phone), ("FOLDER", folder)]:
        filled = filled.replace(word, value)
    with open(os.path.join(folder, "kamailio.cfg"), "w") as text:
        text.write(filled)
    part = "\n".join(["method = TLSv1.2+", "verify_certificate = yes", "require_certificate = yes",
                      "private_key = " + stage.path("leaf.key"), "certificate = " + stage.path("chain.pem"),
                      "ca_list = " + stage.path("authorities.pem"), ""])
    with open(os.path.join(folder, "tls.cfg"), "w") as text:
        text.write("[server:default]\n" + part + "\n[client:default]\n" + part)
    stage.start("phone", "answer", "--listen", "tls:" + phone, *stage.settings("uri.pem", clients="require"))
    log = open(os.path.join(folder, "log"), "w")
    process = subprocess.Popen(
        [shutil.which("kamailio") or "/usr/sbin/kamailio", "-f", os.path.join(folder, "kamailio.cfg"), "-DD", "-E",
         "-m", "64", "-M", "16", "-Y", os.path.join(folder, "run"), "-w", folder, "-P", os.path.join(folder, "pid")],
        stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
    log.close()
    try:
        limit = time.monotonic() + 20
        while True:
            try:
                socket.create_connection((proxy, 5061), 1).close()
                break
            except OSError:
                with open(os.path.join(folder, "log"), errors="replace") as text:
                    expect(time.monotonic() < limit and process.poll() is None, "kamailio: " + text.read()[-1500:])
                time.sleep(0.1)
        for target in ("sips:bob@pbx.example;maddr=" + proxy, "sip:bob@pbx.example;transport=tls;maddr=" + proxy):
            before = len(stage.events("phone"))
            events, done = stage.call(target, *stage.settings("client.pem"))
            end = ended(events)
            if end["status"] != "completed":
                with open(os.path.join(folder, "log"), errors="replace") as text:
                    raise Failure("%s came to %s\n%s" % (target, end, text.read()[-1500:]))
            time.sleep(0.3)
            news = stage.events("phone")[before:]
            incoming = [event for event in news if event["event"] == "incoming"]
            expect(incoming and incoming[0]["peer_name"] == "pbx.example", "the phone learns %s" % incoming)
            hung = [event for event in news if event["event"] == "ended"]
            expect(hung and hung[0]["status"] == "completed", "the phone's call came to %s" % hung)
        events, _ = stage.call("sips:bob@pbx.example;maddr=" + proxy, *stage.settings())
        expect(ended(events)["status"] == "failed", "Kamailio let in who shows no certificate")
    finally:
        process.terminate()
        process.wait(15)
    return "sips: and transport=tls, mutual on both legs"


def openssl_client(stage):
    """OPTIONS by s_client; older versions and renegotiation are refused."""
    place = NET + "7:5061"
    stage.start("options", "answer", "--listen", "tls:" + place, *stage.settings("dns.pem"))
    request = ("OPTIONS sip:a@pbx.example SIP/2.0\r\nVia: SIP/2.0/TLS client.invalid;branch=z9hG4bKone;rport\r\n"
               "Max-Forwards: 70\r\nFrom: <sip:c@d.example>;tag=1\r\nTo: <sip:a@pbx.example>\r\nCall-ID: one\r\n"
               "CSeq: 1 OPTIONS\r\nContact: <sip:c@client.invalid;transport=tls>\r\nContent-Length: 0\r\n\r\n")

    def client(*arguments, say=request, wait=1.0):
        process = subprocess.Popen(
            ["openssl", "s_client", "-connect", place, "-CAfile", stage.path("authorities.pem"), "-servername",
             "pbx.example", "-verify_return_error", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        time.sleep(0.4)
        try:
            process.stdin.write(say.encode())
            process.stdin.flush()
            time.sleep(wait)
        except BrokenPipeError:
            pass
        process.kill()
        return process.communicate()[0].decode(errors="replace")

    for version in ("-tls1_2", "-tls1_3"):
        said = client(version, "-quiet")
        expect("SIP/2.0 200 OK" in said, version + " got no answer: " + said[-400:])
    old = client("-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
    expect("SIP/2.0 200" not in old, "TLS 1.1 was let in")
    again = client("-tls1_2", say="R\n")
    expect("no renegotiation" in again.lower() or "handshake failure" in again.lower(), "renegotiated: " + again[-600:])
    return "TLS 1.2 and 1.3; 1.1 and renegotiation refused"


def certificates(stage):
    """Every certificate that is bad, at an s_server, dialled by the tool: each is refused with its reason."""
    codes = {}
    for line in subprocess.run([stage.tool, "codes"], capture_output=True, text=True).stdout.splitlines():
        found = re.match(r"\s*(\d{5})\s+(\S+)", line)
        if found:
            codes[found.group(2)] = int(found.group(1))
    refused = 0
    with open(stage.path("cases.tsv")) as table:
        rows = [line.rstrip("\n").split("\t") for line in table]
    for name, dialled, outcome, chain, key, arguments in rows:
        if outcome == "good":
            continue
        server = subprocess.Popen(
            ["openssl", "s_server", "-accept", NET + "8:0", "-www", "-cert", chain,
             "-cert_chain", chain, "-key", key, *arguments.split()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        try:
            line = server.stdout.readline()
            while line and not line.startswith("ACCEPT"):
                line = server.stdout.readline()
            port = line.strip().rsplit(":", 1)[-1]
            if re.fullmatch(r"[0-9.]+", dialled):
                continue  # an address that is dialled is the one that is connected to: the tests of the reactor have it
            events, done = stage.call(
                "sips:a@%s:%s;maddr=%s8" % (dialled, port, NET), *stage.settings(), "--set",
                "tls_crl=" + stage.path("revoked.crl.pem"))
            end = ended(events)
            expect(end.get("reason_code") == codes.get(outcome), "%s: %s and not %s" % (name, end, outcome))
            refused += 1
        finally:
            server.kill()
            server.wait()
    expect(refused >= 40, "only %d certificates" % refused)
    return "%d refused, each with its reason" % refused


def renewal(stage):
    """Calls by TLS, each over a connection of its own, while the certificate is renewed a thousand times."""
    documents = os.path.join(stage.folder, "documents")
    os.mkdir(documents)
    for number in range(stage.calls):
        with open(os.path.join(documents, "n%d.xml" % number), "w") as text:
            text.write("<Response><Dial><Sip>sips:bob@n%d.corp.example;maddr=%s9</Sip></Dial></Response>" % (number, NET))
    live = os.path.join(stage.folder, "live")
    os.mkdir(live)
    pairs = [("wildcard.pem", "leaf.key"), ("renewed.pem", "rsa2048.key")]
    maker_issue(stage)

    def put(index):
        for source, name in zip(pairs[index % 2], ("certificate.pem", "key.pem")):
            shutil.copy(stage.path(source), os.path.join(live, name + ".new"))
            os.replace(os.path.join(live, name + ".new"), os.path.join(live, name))

    put(0)
    callee = stage.start(
        "callee", "serve", "--listen", "tls:" + NET + "9:5061", *answering(stage),
        *stage.settings(os.path.join(live, "certificate.pem"), os.path.join(live, "key.pem")))
    port = sipp.free_ports(1)[0]
    stage.start("caller", "serve", "--listen", "udp:127.0.0.1:%d" % port, "--documents", documents, *stage.settings(),
                "--set", "max_connections=20000")
    renewed = 0
    stop = threading.Event()

    def renew():
        nonlocal renewed
        while not stop.is_set() or renewed < 1000:
            put(renewed + 1)
            callee.send_signal(signal.SIGHUP)
            renewed += 1
            time.sleep(0.01)

    data = os.path.join(stage.folder, "names.csv")
    with open(data, "w") as text:
        text.write("SEQUENTIAL\n" + "".join("n%d\n" % number for number in range(stage.calls)))
    thread = threading.Thread(target=renew)
    thread.start()
    started = time.monotonic()
    load = subprocess.run(
        ["sipp", "-sf", os.path.join(HERE, "caller.xml"), "-inf", data, "-i", "127.0.0.1", "-p",
         str(sipp.free_ports(1)[0]), "-m", str(stage.calls), "-r", "40", "-nostdin", "-timeout", "180",
         "127.0.0.1:%d" % port], capture_output=True, text=True, cwd=stage.folder)
    length = time.monotonic() - started
    stop.set()
    thread.join()
    limit = time.monotonic() + 5
    while True:
        dials = [event for event in stage.events("caller") if event["event"] == "dial"]
        if len(dials) >= stage.calls or time.monotonic() > limit:
            break
        time.sleep(0.1)
    lost = [dial for dial in dials if dial["status"] != "completed"]
    expect(load.returncode == 0, "sipp: %d %s" % (load.returncode, load.stdout[-600:]))
    expect(len(dials) == stage.calls and not lost, "%d dials, lost: %s" % (len(dials), lost[:3]))
    return "%d calls in %.0f s, %d renewals, none lost" % (len(dials), length, renewed)


def maker_issue(stage):
    """Another wildcard, with another key."""
    sys.path.insert(0, os.path.join(HERE, "..", "..", "Certificates"))
    import make
    maker = make.Maker.__new__(make.Maker)
    maker.folder, maker.lines = stage.certificates, []
    maker.config = maker.path("openssl.cnf")
    maker.case("renewed", "pbx.corp.example", "good", "subjectAltName=DNS:*.corp.example", key=stage.path("rsa2048.key"))


def answering(stage, name="sounds"):
    """Answers, and plays half a second of silence."""
    sounds = os.path.join(stage.folder, name)
    os.mkdir(sounds)
    with wave.open(os.path.join(sounds, "short.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 4000, "NONE", ""))
        sound.writeframes(bytes(8000))
    path = os.path.join(stage.folder, name + ".xml")
    with open(path, "w") as text:
        text.write("<Response><Play>file:%s/short.wav</Play></Response>" % sounds)
    return ["--document", path, "--set", "sounds=" + sounds]


def flood(stage):
    """Handshakes that come to nothing, as many as four clients can begin; OPTIONS by UDP are answered meanwhile."""
    place = (NET + "10", 5061)
    udp = sipp.free_ports(1)[0]
    stage.start("flooded", "answer", "--listen", "tls:%s:%d" % place, "--listen", "udp:127.0.0.1:%d" % udp,
                *stage.settings("rsa.pem", "rsa2048.key"))
    stop = threading.Event()
    count = [0]

    def attack():
        context = ssl.create_default_context()  # it trusts somebody else, and says so when the server has done its work
        while not stop.is_set():
            try:
                with socket.create_connection(place, 2) as plain:
                    context.wrap_socket(plain, server_hostname="pbx.example").close()
            except OSError:
                pass
            count[0] += 1

    def measure(seconds):
        times = []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
            ours.connect(("127.0.0.1", udp))
            ours.settimeout(2)
            end = time.monotonic() + seconds
            number = 0
            while time.monotonic() < end:
                number += 1
                text = ("OPTIONS sip:a@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK%d;rport\r\n"
                        "Max-Forwards: 70\r\nFrom: <sip:c@d>;tag=%d\r\nTo: <sip:a@127.0.0.1>\r\nCall-ID: f%d\r\n"
                        "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n" % (ours.getsockname()[1], number, number, number))
                before = time.monotonic()
                ours.send(text.encode())
                ours.recv(4096)
                times.append((time.monotonic() - before) * 1000)
                time.sleep(0.002)
        return statistics.quantiles(times, n=100)[98]

    quiet = measure(2)
    threads = [threading.Thread(target=attack) for _ in range(4)]
    for thread in threads:
        thread.start()
    loud = measure(6)
    stop.set()
    for thread in threads:
        thread.join()
    expect(count[0] > 100, "only %d handshakes" % count[0])
    expect(loud < 50, "p99 of OPTIONS is %.1f ms" % loud)
    return "%d failing handshakes in 6 s; p99 of OPTIONS %.1f ms, without them %.1f ms" % (count[0], loud, quiet)


def resident(process):
    with open("/proc/%d/smaps_rollup" % process.pid) as text:
        return int(re.search(r"Rss:\s+(\d+)", text.read()).group(1)) * 1024


def idle(stage):
    """What a connection costs that is open and says nothing."""
    place = (NET + "11", 5061)
    process = stage.start("idle", "answer", "--listen", "tls:%s:%d" % place, *stage.settings("dns.pem"))
    context = ssl.create_default_context(cafile=stage.path("authorities.pem"))

    def connect(count):
        found = []
        for _ in range(count):
            plain = socket.create_connection(place, 5)
            found.append(context.wrap_socket(plain, server_hostname="pbx.example"))
        return found

    kept = connect(100)
    time.sleep(0.5)
    before = resident(process)
    kept += connect(800)
    time.sleep(0.5)
    each = (resident(process) - before) / 800
    for one in kept:
        one.close()
    expect(each <= 32 * 1024, "an idle connection takes %.1f KiB" % (each / 1024))
    return "%.1f KiB each" % (each / 1024)


def processor(process):
    """Seconds that it has worked."""
    with open("/proc/%d/stat" % process.pid) as text:
        fields = text.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def calls(stage, name, target, count, extra=()):
    """So many calls that come by UDP and go on to one target; the processor's time of one, in milliseconds."""
    path = os.path.join(stage.folder, name + ".xml")
    with open(path, "w") as text:
        text.write("<Response><Dial><Sip>%s</Sip></Dial></Response>" % target)
    port = sipp.free_ports(1)[0]
    process = stage.start(name, "serve", "--listen", "udp:127.0.0.1:%d" % port, "--document", path, *extra)
    data = os.path.join(stage.folder, name + ".csv")
    with open(data, "w") as text:
        text.write("SEQUENTIAL\na\n")
    before = processor(process)
    load = subprocess.run(
        ["sipp", "-sf", os.path.join(HERE, "caller.xml"), "-inf", data, "-i", "127.0.0.1", "-p",
         str(sipp.free_ports(1)[0]), "-m", str(count), "-r", "100", "-nostdin", "-timeout", "120",
         "127.0.0.1:%d" % port], capture_output=True, text=True, cwd=stage.folder)
    expect(load.returncode == 0, "%s: sipp: %d %s" % (name, load.returncode, load.stdout[-400:]))
    spent = processor(process) - before
    stage.end(process)
    return spent / count * 1000


def cost(stage):
    """The same calls with a leg over TCP and over TLS, each over one connection, beside each other; and handshakes a second.

    Their sound is open both times: secret sound would come by here, and only the signalling is compared."""
    place = (NET + "12", 5061)
    phone = stage.start("costs", "serve", "--listen", "tls:%s:%d" % place, "--listen", "tcp:%s:5060" % place[0],
                        *answering(stage, "costs-sounds"), *stage.settings("dns.pem"))
    count = max(200, stage.calls)
    tcp, tls = [], []
    for turn in range(3):
        tcp.append(calls(stage, "tcp%d" % turn, "sip:a@pbx.example:5060;transport=tcp;maddr=" + place[0], count))
        tls.append(calls(stage, "tls%d" % turn, "sip:a@pbx.example;transport=tls;maddr=" + place[0], count,
                         stage.settings(sound="off")))
    ratio = statistics.median(tls) / statistics.median(tcp)
    context = ssl.create_default_context(cafile=stage.path("authorities.pem"))
    before, started, done = processor(phone), time.monotonic(), 0
    while time.monotonic() < started + 3:
        with socket.create_connection(place, 5) as plain:
            context.wrap_socket(plain, server_hostname="pbx.example").close()
        done += 1
    each = (processor(phone) - before) / done
    expect(ratio <= 1.5, "a call over TLS takes %.2f times what it takes over TCP" % ratio)
    return "%.2f ms a call over TCP, %.2f over TLS: %.2f times; a handshake takes %.2f ms of ours" % (
        statistics.median(tcp), statistics.median(tls), ratio, each * 1000)


CASES = {"ours": ours, "stranger": stranger, "kamailio": kamailio, "openssl": openssl_client,
         "certificates": certificates, "renewal": renewal, "flood": flood, "idle": idle,
         "cost": cost}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--only", choices=list(CASES), action="append")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    options.tool = os.path.abspath(options.tool)
    stage = Stage(options)
    failed = 0
    try:
        for name in options.only or CASES:
            try:
                print("%-13s %s" % (name, CASES[name](stage)), flush=True)
            except Failure as failure:
                failed += 1
                print("%-13s FAILED: %s" % (name, failure), flush=True)
    finally:
        stage.close(options.keep)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
