"""Asterisk in the root that Scripts/lib/asterisk-root keeps: configured, started, asked and watched. Everything it reads and
writes lies in one folder of the test; the root stays as it is."""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.realpath(os.path.join(HERE, "..", "..", ".."))
ROOT = os.path.join(PROJECT, "Scripts", "lib", "asterisk-root")
HOST = "127.21.0.1"  # Asterisk's; phones, web servers and the engine's own port have others of this net
MODULES_DIR = "/usr/lib/x86_64-linux-gnu/asterisk/modules"
MODULES = """
res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip res_pjsip_pubsub res_pjsip_session
res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_diversion res_pjsip_dtmf_info res_pjsip_endpoint_identifier_ip
res_pjsip_endpoint_identifier_anonymous res_pjsip_header_funcs res_pjsip_logger res_pjsip_rfc3326
res_rtp_asterisk res_musiconhold chan_pjsip app_dial app_playback app_verbose app_stack app_mixmonitor app_userevent app_read app_senddtmf
app_exec app_playtones bridge_simple bridge_native_rtp bridge_softmix codec_ulaw codec_alaw codec_resample format_wav format_pcm
format_sln func_callerid func_channel func_strings func_logic pbx_config
"""

CONFIGURATION = {
    "asterisk.conf": """[directories]
astetcdir => {folder}/etc
astmoddir => {folder}/modules
astvarlibdir => {folder}/var
astdbdir => {folder}/var
astkeydir => {folder}/var
astdatadir => {folder}/data
astagidir => {folder}/var
astspooldir => {folder}/var
astrundir => {folder}/run
astlogdir => {folder}/log
[options]
verbose = 3
""",
    "logger.conf": """[general]
[logfiles]
full => notice,warning,error,verbose(3)
""",
    "rtp.conf": "[general]\nrtpstart={rtp}\nrtpend={rtp_end}\n",
    "manager.conf": """[general]
enabled = yes
bindaddr = {host}
port = {manager}
[test]
secret = test
read = all
write = all
""",
    "pjsip.conf": """[global]
type=global
endpoint_identifier_order=ip,username,anonymous
[four]
type=transport
protocol=udp
bind={host}:{port}
[six]
type=transport
protocol=udp
bind=[::1]:{port}
[anonymous]
type=endpoint
context=test
disallow=all
allow=ulaw,alaw
direct_media=no
""",
}


def free_port(host=HOST):
    """A UDP and TCP port that nobody has now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family, socket.SOCK_DGRAM) as datagram, socket.socket(family) as stream:
            datagram.bind((host, 0))
            try:
                stream.bind((host, datagram.getsockname()[1]))
            except OSError:
                continue
            return datagram.getsockname()[1]


def run_inside(binds, command, **options):
    return subprocess.run([ROOT, "run", *sum((["--bind", one] for one in binds), []), *command], **options)


class Asterisk:
    """`files`: configuration beside what every test needs, by name. `endpoints`: phones as PJSIP endpoints, name → URI."""

    def __init__(self, folder, library, files, endpoints=(), module=None, environment=(), port=None):
        self.folder = os.path.join(folder, "asterisk")
        self.library, self.binds = library, [folder, library]
        self.port, self.manager = port or free_port(), free_port()
        self.process = None
        self.environment = dict(environment)
        for name in ("etc", "modules", "var", "run", "log", "data/documentation/thirdparty"):
            os.makedirs(os.path.join(self.folder, name))
        for one in ("core-en_US.xml", "appdocsxml.dtd", "appdocsxml.xslt"):
            os.symlink("/usr/share/asterisk/documentation/" + one, os.path.join(self.folder, "data/documentation", one))
        for one in ("sounds", "rest-api", "static-http"):
            os.symlink("/usr/share/asterisk/" + one, os.path.join(self.folder, "data", one))
        names = MODULES.split()
        for one in names:
            os.symlink(f"{MODULES_DIR}/{one}.so", os.path.join(self.folder, "modules", one + ".so"))
        if module:
            built, documentation = module
            shutil.copy(built, os.path.join(self.folder, "modules", "app_rcml.so"))
            shutil.copy(documentation, os.path.join(self.folder, "data/documentation/thirdparty"))
            names.append("app_rcml")
        values = {"folder": self.folder, "host": HOST, "port": self.port, "manager": self.manager,
                  "rtp": 20000, "rtp_end": 24999}
        texts = {name: text.format(**values) for name, text in CONFIGURATION.items()}
        texts["modules.conf"] = "[modules]\nautoload=no\n" + "".join(f"load={one}.so\n" for one in names)
        for name, uri in dict(endpoints).items():
            texts["pjsip.conf"] += self.endpoint(name, uri)
        for name, text in files.items():
            texts[name] = texts.get(name, "") + text
        for name, text in texts.items():
            self.write(name, text)

    @staticmethod
    def endpoint(name, uri):
        return (f"[{name}]\ntype=aor\ncontact={uri}\n[{name}]\ntype=endpoint\naors={name}\ncontext=test\n"
                f"disallow=all\nallow=ulaw,alaw\ndtmf_mode=rfc4733\n"
                f"media_address={HOST}\nbind_rtp_to_media_address=yes\ndirect_media=no\n")

    def write(self, name, text):
        with open(os.path.join(self.folder, "etc", name), "w") as file:
            file.write(text)

    def start(self):
        environment = {**os.environ, **self.environment, "LD_LIBRARY_PATH": self.library + "/lib"}
        self.output = open(os.path.join(self.folder, "log", "output"), "w")
        self.process = subprocess.Popen(
            [ROOT, "run", *sum((["--bind", one] for one in self.binds), []),
             "asterisk", "-f", "-C", os.path.join(self.folder, "etc", "asterisk.conf")],
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT, env=environment)
        limit = time.monotonic() + 60
        while time.monotonic() < limit and self.process.poll() is None:
            if "fully booted" in self.command("core waitfullybooted", check=False):
                if os.path.exists(os.path.join(self.folder, "modules", "app_rcml.so")):
                    self.demand_module()
                return self
            time.sleep(0.2)
        raise SystemExit("Asterisk did not start:\n" + self.log()[-3000:] + self.said()[-2000:])

    def demand_module(self):
        if "Running" not in self.command("module show like app_rcml"):
            self.end()
            raise SystemExit("app_rcml was not loaded:\n" + "\n".join(
                line for line in self.log().splitlines() if "rcml" in line))

    def command(self, text, check=True):
        """What a command of its command line says."""
        done = run_inside(
            self.binds, ["asterisk", "-C", os.path.join(self.folder, "etc", "asterisk.conf"), "-rx", text],
            capture_output=True, text=True, timeout=60)
        if check and done.returncode:
            raise RuntimeError(f"asterisk -rx '{text}': {done.stdout}{done.stderr}")
        return done.stdout

    def log(self):
        try:
            with open(os.path.join(self.folder, "log", "full"), errors="replace") as text:
                return text.read()
        except OSError:
            return ""

    def said(self):
        with open(self.output.name, errors="replace") as text:
            return text.read()

    def channels(self):
        return int(re.search(r"(\d+) active channel", self.command("core show channels count")).group(1))

    def calls(self):
        """As `rcml show calls` counts them."""
        return int(re.search(r"^(\d+) calls?$", self.command("rcml show calls"), re.M).group(1))

    def settled(self, seconds=5):
        """No channel and no call is left, within that time."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if self.channels() == 0 and self.calls() == 0:
                return True
            time.sleep(0.1)
        return False

    def measure(self):
        """Memory in KiB, open descriptors, threads, processor seconds."""
        # Pages that hold nothing any more are given back, so that what is left is in use.
        self.command("malloc trim")
        proc = f"/proc/{self.process.pid}"
        with open(proc + "/status") as text:
            status = text.read()
        with open(proc + "/stat") as text:
            fields = text.read().rsplit(")", 1)[1].split()
        return {
            "memory": int(re.search(r"VmRSS:\s+(\d+)", status).group(1)),
            "descriptors": len(os.listdir(proc + "/fd")),
            "threads": int(re.search(r"Threads:\s+(\d+)", status).group(1)),
            "seconds": (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
        }

    def end(self):
        if not self.process or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Manager:
    """A client of the manager interface; what it is told is kept."""

    def __init__(self, port):
        self.socket = socket.create_connection((HOST, port), 10)
        self.socket.settimeout(None)
        self.events, self.changed = [], threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        self.action("Login", Username="test", Secret="test")

    def read(self):
        with self.socket.makefile("r", newline="", errors="replace") as lines:
            packet = {}
            for line in lines:
                name, colon, value = line.rstrip("\r\n").partition(": ")
                if colon:
                    packet.setdefault(name, value)
                elif packet:
                    with self.changed:
                        self.events.append(packet)
                        self.changed.notify_all()
                    packet = {}

    def action(self, name, **fields):
        text = "".join(f"{key}: {value}\r\n" for key, value in {"Action": name, "ActionID": name, **fields}.items())
        self.socket.sendall((text + "\r\n").encode())
        return self.wait(lambda one: one.get("Response") and one.get("ActionID") == name, 10)

    def wait(self, wanted, seconds=5):
        """The first packet that is wanted, among those that came and will come; None: there was none."""
        limit = time.monotonic() + seconds
        with self.changed:
            while True:
                found = next((one for one in self.events if wanted(one)), None)
                left = limit - time.monotonic()
                if found or left <= 0:
                    return found
                self.changed.wait(left)

    def of_call(self, sid):
        """Names of what was told of a call, in order."""
        with self.changed:
            return [one for one in self.events if one.get("CallSid") == sid and "Event" in one]

    def forget(self):
        with self.changed:
            self.events.clear()

    def end(self):
        self.socket.close()


def build_module(folder, library):
    """Compiles the module in the root with what its users have for that; where it is, and its documentation."""
    sources = os.path.join(folder, "source")
    for one in ("AsteriskRCML", "ServerModule"):
        shutil.copytree(os.path.join(PROJECT, "Sources", one), os.path.join(sources, one),
                        ignore=shutil.ignore_patterns("*.o", "*.so"))
    destination = os.path.join(folder, "built")
    built = run_inside(
        [folder, library],
        ["env", f"PKG_CONFIG_PATH={library}/lib/pkgconfig", f"DESTDIR={destination}", "CFLAGS=-Werror",
         os.path.join(sources, "AsteriskRCML", "rcml-build-asterisk")], capture_output=True, text=True, timeout=300)
    if built.returncode or not re.search(r"for asterisk-abi-\w{32}", built.stdout):
        raise SystemExit("the module does not compile:\n" + built.stdout[-1000:] + built.stderr[-4000:])
    return (destination + MODULES_DIR + "/app_rcml.so",
            destination + "/usr/share/asterisk/documentation/thirdparty/app_rcml-en_US.xml")
