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
NET = "127.25.0"
PHONES, OTHER_PHONES, FURTHER_PHONES, MANY_PHONES, OTHER_MANY_PHONES = (f"{NET}.{i}" for i in (9, 10, 11, 12, 13))
SECOND, OTHER_SECOND, *OF_ONE_PROCESS = (f"{NET}.{i}" for i in (4, 5, 6, 7, 8))  # of a second one of a system
TICKS = os.sysconf("SC_CLK_TCK")


def stat_of(pid):
    """Its parent, and its user and system time in seconds; None where it has ended."""
    try:
        with open(f"/proc/{pid}/stat") as text:
            fields = text.read().rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1]), int(fields[11]) / TICKS, int(fields[12]) / TICKS


def scheduled(pid, field=0):
    """CPU seconds of its threads, to the nanosecond, where stat counts in hundredths; 1: those they waited for a core."""
    total = 0
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/schedstat") as text:
                total += int(text.read().split()[field])
    except (OSError, IndexError):
        return 0
    return total / 1e9


class System:
    """`targets`: host:port of everybody it calls at once for each call; `other`: whom it calls instead for a call to
    sip:other@…."""

    name = address = None

    def __init__(self, bench, targets, challenged=False, relays=False, address=None, core=None, other=None):
        self.bench, self.targets, self.challenged, self.relays = bench, targets, challenged, relays
        self.address, self.other = address or self.address, other
        self.core = bench.core if core is None else core
        self.folder = os.path.join(bench.folder, f"{self.name}-{self.address}")
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
        # At its end, so that it goes on there when a long run has emptied it.
        with open(os.path.join(self.folder, f"said{len(self.begun)}"), "a") as said:
            self.begun.append(subprocess.Popen(
                self.bench.on_core(self.core, command), stdin=subprocess.DEVNULL, stdout=said,
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
        """Seconds of all its processes, user and system. A thread that has ended is in stat alone, which is then more."""
        return sum(max(scheduled(pid), user + system) for pid, (_, user, system) in self.processes().items())

    def waited(self):
        """Seconds for which it could have run, and somebody else had its core."""
        return sum(scheduled(pid, 1) for pid in self.processes())

    def glance(self):
        """KiB that are resident and CPU seconds of what we began and not of its children: cheap, for the middle of a window."""
        size = spent = 0
        for pid in (process.pid for process in self.begun if process.poll() is None):
            with open(f"/proc/{pid}/statm") as text:
                size += int(text.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
            spent += scheduled(pid)
        return size, spent

    def forget_said(self):
        """What it wrote so far would fill a disk in a long run."""
        for name in os.listdir(self.folder):
            if name.startswith("said"):
                os.truncate(os.path.join(self.folder, name), 0)

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
    name, address = "rcml", f"{NET}.1"

    def document(self, name, targets):
        path = os.path.join(self.folder, f"{name}.xml")
        who = ' username="bench" password="secret"' if self.challenged else ""
        nouns = "".join(f"<Sip{who}>sip:service@{target}</Sip>" for target in targets)
        with open(path, "w") as text:
            text.write(f'<Response><Dial timeout="60">{nouns}</Dial></Response>')
        return path

    def start(self):
        runs = ["--document", self.document("service", self.targets)]
        if self.other:
            self.document("other", [self.other])
            runs = ["--documents", self.folder]
        self.begin([self.bench.tool, "serve", "--listen", f"udp:{self.address}:{PORT}", *runs,
                    "--media", "anchored" if self.relays else "direct", "--set", "rtp_ports=16384-32767",
                    "--set", "max_calls=0"])


class Kamailio(System):
    name, address = "kamailio", f"{NET}.2"

    def start(self):
        given = {f"TARGET_{i}": f'"sip:service@{target}"' for i, target in enumerate(self.targets)}
        given["SOCKET"] = f"udp:{self.address}:{PORT}"
        if self.challenged:
            given["CREDENTIALS"] = "1"
        if self.other:
            given["OTHER"] = f'"sip:service@{self.other}"'
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


class Agents(System):
    """Agents of one process by librcml, each on a core of its own. `places`: (address, core, target) of each."""

    name = "librcml"

    def __init__(self, bench, *places):
        self.places = places
        self.parts = [Part(self, *place) for place in places]
        super().__init__(bench, [places[0][2]], address=places[0][0], core=places[0][1])

    def start(self):
        words = [word for address, core, target in self.places for word in (f"{address}:{PORT}", str(core), target)]
        self.begin([self.bench.compiled("agents", library=self.bench.options.library), *words])


class Part:
    """One of these agents. Of their process's time each is said to have its share."""

    def __init__(self, whole, address, core, target):
        self.whole, self.address, self.core, self.targets, self.name = whole, address, core, [target], whole.name

    def cpu(self):
        return self.whole.cpu() / len(self.whole.parts)


class Floor(System):
    """Knows nothing of SIP: what the kernel asks for the same datagrams."""

    name, address = "floor", f"{NET}.3"

    def start(self):
        self.begin([self.bench.compiled("pass"), f"{self.address}:{PORT}", self.targets[0]])

    def wait_until_it_answers(self):
        time.sleep(0.3)
