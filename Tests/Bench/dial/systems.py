"""What is measured: `rcml serve`, Kamailio with kamailio.cfg, and a program that passes datagrams on unread. Each has
an address of its own, and its processes are known by who began them."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PORT = 5060
PHONES, OTHER_PHONES = "127.25.0.9", "127.25.0.10"
TICKS = os.sysconf("SC_CLK_TCK")


def stat_of(pid):
    """Its parent, and its user and system time in seconds; None where it has ended."""
    try:
        with open(f"/proc/{pid}/stat") as text:
            fields = text.read().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), int(fields[11]) / TICKS, int(fields[12]) / TICKS


class System:
    """`targets`: host:port of everybody it calls at once for each call."""

    name = address = None

    def __init__(self, bench, targets, challenged=False, relays=False):
        self.bench, self.targets, self.challenged, self.relays = bench, targets, challenged, relays
        self.folder = os.path.join(bench.folder, self.name)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.begun = []
        try:
            self.start()
            self.wait_until_it_answers()
        except BaseException:
            self.end()
            raise

    def begin(self, command):
        with open(os.path.join(self.folder, f"said{len(self.begun)}"), "w") as said:
            self.begun.append(subprocess.Popen(
                self.bench.on_core(self.bench.core, command), stdin=subprocess.DEVNULL, stdout=said,
                stderr=subprocess.STDOUT, cwd=self.folder))

    def said(self):
        texts = []
        for name in sorted(os.listdir(self.folder)):
            if name.startswith("said"):
                with open(os.path.join(self.folder, name), errors="replace") as text:
                    texts.append(text.read()[-1000:])
        return "\n".join(texts)

    def wait_until_it_answers(self):
        """Any answer to OPTIONS will do."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.bind((self.address, 0))
            asking.settimeout(0.2)
            own = f"{self.address}:{asking.getsockname()[1]}"
            for attempt in range(100):
                if any(process.poll() is not None for process in self.begun):
                    break
                asking.sendto(
                    (f"OPTIONS sip:{self.address} SIP/2.0\r\nVia: SIP/2.0/UDP {own};branch=z9hG4bKstart{attempt}\r\n"
                     f"Max-Forwards: 70\r\nFrom: <sip:{own}>;tag=1\r\nTo: <sip:{self.address}>\r\n"
                     f"Call-ID: start{attempt}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n").encode(),
                    (self.address, PORT))
                try:
                    if asking.recv(65536).startswith(b"SIP/2.0"):
                        return
                except OSError:
                    time.sleep(0.1)
        raise SystemExit(f"{self.name} did not start:\n{self.said()}")

    def processes(self):
        """Those that we began and everything below them, with their times."""
        known = {}
        for name in os.listdir("/proc"):
            if name.isdigit():
                stat = stat_of(int(name))
                if stat is not None:
                    known[int(name)] = stat
        ours = {process.pid for process in self.begun if process.pid in known}
        while True:
            more = {pid for pid, stat in known.items() if stat[0] in ours and pid not in ours}
            if not more:
                return {pid: known[pid] for pid in ours}
            ours |= more

    def cpu(self):
        """Seconds of all its processes, user and system."""
        stats = self.processes().values()
        return sum(user + system for _, user, system in stats)

    def memory(self):
        """KiB, what several processes share counted once."""
        total = 0
        for pid in self.processes():
            try:
                with open(f"/proc/{pid}/smaps_rollup") as text:
                    total += int(re.search(r"^Pss:\s+(\d+)", text.read(), re.M).group(1))
            except OSError:
                pass
        return total

    def end(self):
        pids = set(self.processes())
        for process in self.begun:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        limit = time.monotonic() + 5
        for process in self.begun:
            try:
                process.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        # Children whose parent did not end them.
        for pid in pids - {process.pid for process in self.begun}:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


class Ours(System):
    name, address = "rcml", "127.25.0.1"

    def start(self):
        document = os.path.join(self.folder, "dial.xml")
        who = ' username="bench" password="secret"' if self.challenged else ""
        nouns = "".join(f"<Sip{who}>sip:service@{target}</Sip>" for target in self.targets)
        with open(document, "w") as text:
            text.write(f'<Response><Dial timeout="60">{nouns}</Dial></Response>')
        self.begin([self.bench.tool, "serve", "--listen", f"udp:{self.address}:{PORT}", "--document", document,
                    "--media", "anchored" if self.relays else "direct", "--set", "rtp_ports=16384-32767"])


class Kamailio(System):
    name, address = "kamailio", "127.25.0.2"

    def start(self):
        given = {f"TARGET_{i}": f'"sip:service@{target}"' for i, target in enumerate(self.targets)}
        given["SOCKET"] = f"udp:{self.address}:{PORT}"
        if self.challenged:
            given["CREDENTIALS"] = "1"
        if self.relays:
            control = f"{self.address}:22222"
            given["RELAY"] = f'"udp:{control}"'
            # In user space, as an embedded program could be: its kernel module would be cheaper.
            self.begin(["rtpengine", "--foreground", "--log-stderr", "--log-level=1", "--table=-1", "--num-threads=1",
                        "--interface=127.0.0.1", f"--listen-ng={control}", "--port-min=33000", "--port-max=59998",
                        f"--pidfile={self.folder}/rtpengine.pid"])
            time.sleep(0.5)
        # tlsf and not the default allocator, which checks itself and takes half of the time.
        command = [shutil.which("kamailio") or "/usr/sbin/kamailio", "-f", os.path.join(HERE, "kamailio.cfg"), "-DD",
                   "-E", "-x", "tlsf", "-X", "tlsf", "-m", "2048", "-M", "16", "-b", "8388608", "-Y", self.folder,
                   "-w", self.folder, "-P", os.path.join(self.folder, "kamailio.pid")]
        for name, value in given.items():
            command += ["-A", f"{name}={value}"]
        self.begin(command)


class Floor(System):
    """Knows nothing of SIP: what the kernel asks for the same datagrams."""

    name, address = "floor", "127.25.0.3"

    def start(self):
        self.begin([self.bench.compiled("pass"), f"{self.address}:{PORT}", self.targets[0]])

    def wait_until_it_answers(self):
        time.sleep(0.3)
