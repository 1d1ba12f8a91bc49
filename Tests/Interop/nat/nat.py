"""A NAT on loopback addresses: phones at 127.1.N.M inside, and what is said for them outside comes from 127.3.0.N.

A real NAT stands in the way and changes addresses as packets pass. Here nothing passes by itself, so two things stand in
for that: the machine outside has an image inside, 127.1.N.254, to which the phones speak; and the
text of a SIP message is changed where it names an address, so that the phones' messages come out as those of phones that
know no more of themselves than 192.168.N.M, and the server's come in as those of its image. Ports that an SDP names are the
phone's own, as a NAT leaves them.
"""

import itertools
import re
import selectors
import socket
import threading
import time

SERVER = "127.0.0.1"
NUMBERS = itertools.count(1)


def bound(address, port=0):
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((address, port))
    one.setblocking(False)
    return one


class Binding:
    """One port outside: whose it is, and whom it lets in."""

    def __init__(self, address, phone, port):
        self.socket, self.phone, self.port = bound(address), phone, port
        self.used = time.monotonic()

    @property
    def outside(self):
        """Its port."""
        return self.socket.getsockname()[1]


class NAT:
    """`kind`: cone (one port for a phone's port, whoever it speaks to) or symmetric (one for each it speaks to).
    `lifetime`: seconds after which a binding that nobody uses is gone."""

    def __init__(self, kind, lifetime=60):
        self.kind, self.lifetime = kind, lifetime
        number = next(NUMBERS)
        self.inside, self.inner = f"127.1.{number}.", f"192.168.{number}."
        self.image_address, self.outside = self.inside + "254", f"127.3.0.{number}"
        self.bindings = {}  # by the phone's address and, if symmetric, the port it speaks to
        self.images = {}  # by port
        self.sip = None
        self.dropped = 0
        self.lock = threading.Lock()
        self.selector = selectors.DefaultSelector()
        self.wake, self.woken = socket.socketpair()
        self.selector.register(self.woken, selectors.EVENT_READ)
        self.running = True
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    # What a test asks for.

    def register(self, phone):
        """The port a phone is known by outside, as if it had just registered somewhere."""
        with self.lock:
            binding = self.open(phone, 0)
        return binding.outside

    def serve(self, port):
        """The server's port for SIP is known."""
        with self.lock:
            self.sip = port
            for binding in self.bindings.values():
                binding.port = binding.port or port
            self.bindings = {self.key(one.phone, one.port): one for one in self.bindings.values()}
            self.image(port, bound(self.image_address, port))

    def rebind(self):
        """Every phone gets another port for its signalling; what comes by the old one is lost."""
        with self.lock:
            for binding in [one for one in self.bindings.values() if one.port == self.sip]:
                self.close(binding)

    def end(self):
        self.running = False
        self.wake.send(b"x")
        self.thread.join(2)
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.wake.close()

    # Ports.

    def key(self, phone, port):
        return (phone, port) if self.kind == "symmetric" else (phone, port == self.sip)

    def open(self, phone, port):
        binding = Binding(self.outside, phone, port)
        self.bindings[self.key(phone, port)] = binding
        self.selector.register(binding.socket, selectors.EVENT_READ, binding)
        return binding

    def close(self, binding):
        self.selector.unregister(binding.socket)
        binding.socket.close()
        self.bindings = {key: one for key, one in self.bindings.items() if one is not binding}

    def image(self, port, one=None):
        """What stands inside for this port of the server's."""
        if port not in self.images:
            self.images[port] = one or bound(self.image_address)
            self.selector.register(self.images[port], selectors.EVENT_READ, port)
        return self.images[port]

    def streams(self, octets):
        """The same SDP with the ports of our images, RTP's and the one behind it: those of the server are taken."""
        found = re.search(rb"\r\nm=audio (\d+) ", octets)
        if not found or found[1] == b"0":
            return octets
        port = int(found[1])
        while port not in self.images:
            rtp = bound(self.image_address)
            try:
                control = bound(self.image_address, rtp.getsockname()[1] + 1)
            except (OSError, OverflowError):
                rtp.close()
                continue
            self.image(port, rtp)
            self.image(port + 1, control)
        shown = self.images[port].getsockname()[1]
        return octets.replace(found[0], b"\r\nm=audio %d " % shown)

    # Packets.

    def run(self):
        while self.running:
            for key, _ in self.selector.select():
                try:
                    octets, source = key.fileobj.recvfrom(65536) if key.data is not None else (b"", None)
                except OSError:
                    continue
                with self.lock:
                    if isinstance(key.data, Binding):
                        self.inwards(octets, source, key.data)
                    elif source:
                        self.outwards(octets, source, key.data)

    def outwards(self, octets, phone, port):
        binding = self.bindings.get(self.key(phone, port))
        if binding and time.monotonic() - binding.used > self.lifetime:
            self.close(binding)
            binding = None
        binding = binding or self.open(phone, port)
        binding.used = time.monotonic()
        if port == self.sip:
            octets = self.changed(octets, [(self.inside, self.inner), (self.inner + "254", SERVER)])
        self.send(binding.socket, octets, (SERVER, port))

    def inwards(self, octets, source, binding):
        isKnown = source[0] == SERVER and (self.kind == "cone" or source[1] == binding.port)
        if not isKnown or time.monotonic() - binding.used > self.lifetime:
            self.dropped += 1
            return
        binding.used = time.monotonic()
        if source[1] == self.sip:
            octets = self.streams(octets)
            octets = self.changed(octets, [(SERVER, self.image_address), (self.inner, self.inside)])
        self.send(self.image(source[1]), octets, binding.phone)

    @staticmethod
    def send(one, octets, destination):
        try:
            one.sendto(octets, destination)
        except OSError:
            pass  # a port nobody listens on any more

    @staticmethod
    def changed(octets, changes):
        """Other addresses, and the length of the body that has them."""
        for old, new in changes:
            octets = octets.replace(old.encode(), new.encode())
        head, gap, body = octets.partition(b"\r\n\r\n")
        head = re.sub(rb"(?i)(\r\nContent-Length *: *)\d+", lambda found: found[1] + b"%d" % len(body), head)
        return head + gap + body
