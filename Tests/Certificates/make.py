#!/usr/bin/env python3
"""Makes certificates for tests with openssl: good ones, and bad ones of every kind (spec T-8).

    make.py FOLDER [good|all]

`cases.tsv` in the folder has a line for each: name, what is dialled, what becomes of it (`good`, or the name of the
reason), certificate with its chain, key, arguments of s_server besides. No key of it is of use anywhere else.
"""

import os
import subprocess
import sys

CONFIG = """
[ca]
default_ca = test
[test]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
policy = any
unique_subject = no
default_md = sha256
[any]
commonName = optional
organizationName = optional
[req]
distinguished_name = name
[name]
"""

AUTHORITY = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
LEAF = "basicConstraints=critical,CA:false\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"


def der(name, kind):
    """A subjectAltName with one name of raw octets."""
    octets = bytes([kind, len(name)]) + name
    whole = bytes([0x30, len(octets)]) + octets
    return "subjectAltName=DER:" + ":".join("%02x" % octet for octet in whole)


class Maker:
    def __init__(self, folder):
        self.folder = folder
        self.lines = []
        os.makedirs(folder, exist_ok=True)
        self.config = self.write("openssl.cnf", CONFIG.format(folder=folder))
        self.write("index.txt", "")
        self.write("serial", "1000\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        path = self.path(name)
        with open(path, "w") as file:
            file.write(text)
        return path

    def run(self, *arguments):
        result = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
        if result.returncode:
            raise SystemExit("openssl %s\n%s" % (" ".join(arguments), result.stderr))

    def key(self, name, kind="prime256v1"):
        path = self.path(name + ".key")
        if os.path.exists(path):
            return path
        if kind.startswith("rsa"):
            self.run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + kind[3:], "-out", path)
        elif kind == "ed25519":
            self.run("genpkey", "-algorithm", "ed25519", "-out", path)
        else:
            self.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + kind, "-out", path)
        return path

    def issue(self, name, subject, extensions, issuer=None, key=None, start="20200101000000Z",
              end="20400101000000Z", digest="sha256"):
        """One certificate; without an issuer it signs itself."""
        key = key or self.key(name)
        request, out = self.path(name + ".csr"), self.path(name + ".crt")
        self.run("req", "-new", "-config", self.config, "-key", key, "-subj", subject, "-out", request)
        about = self.write(name + ".ext", extensions + "\n")
        signed = ["-selfsign", "-keyfile", key]
        if issuer:
            signed = ["-cert", self.path(issuer + ".crt"), "-keyfile", self.path(issuer + ".key")]
        self.run("ca", "-batch", "-notext", "-config", self.config, "-in", request, "-out", out, "-extfile", about,
                 "-startdate", start, "-enddate", end, "-md", digest, *signed)
        return out

    def chain(self, name, *parts):
        with open(self.path(name + ".pem"), "w") as out:
            for part in parts:
                with open(self.path(part + ".crt")) as file:
                    out.write(file.read())

    def case(self, name, dialled, outcome, extensions, issuer="root", between=(), arguments="", subject=None, **how):
        key = how.setdefault("key", self.key("leaf"))
        self.issue(name, subject or "/CN=" + dialled, LEAF + extensions, issuer, **how)
        self.chain(name, name, *between)
        self.line(name, dialled, outcome, key, arguments)

    def line(self, name, dialled, outcome, key, arguments=""):
        row = [name, dialled, outcome, self.path(name + ".pem"), key, arguments]
        self.lines.append("\t".join(row))

    def end(self):
        self.write("cases.tsv", "\n".join(self.lines) + "\n")


def authorities(make):
    make.issue("root", "/CN=Test Root", AUTHORITY)
    make.issue("between", "/CN=Test Between", AUTHORITY, "root")
    make.chain("authorities", "root")
    make.issue("stranger", "/CN=Another Root", AUTHORITY)


def good(make):
    dns = "subjectAltName=DNS:pbx.example"
    make.case("dns", "pbx.example", "good", dns)
    make.case("uri", "pbx.example", "good", "subjectAltName=URI:sip:pbx.example")
    make.case("both", "pbx.example", "good", "subjectAltName=URI:sip:corp.example,DNS:pbx.example")
    make.case("capitals", "pbx.example", "good", "subjectAltName=DNS:PBX.Example")
    make.case("dot", "pbx.example.", "good", dns)
    make.case("wildcard", "pbx.corp.example", "good", "subjectAltName=DNS:*.corp.example")
    make.case("address", "127.0.0.1", "good", "subjectAltName=IP:127.0.0.1")
    make.case("chain", "pbx.example", "good", dns, "between", ["between"])
    make.case("server", "pbx.example", "good", dns + "\nextendedKeyUsage=serverAuth")
    make.case("domain", "pbx.example", "good", dns + "\nextendedKeyUsage=1.3.6.1.5.5.7.3.20")
    make.case("any", "pbx.example", "good", dns + "\nextendedKeyUsage=anyExtendedKeyUsage")
    make.case("rsa", "pbx.example", "good", dns, key=make.key("rsa2048", "rsa2048"))
    make.case("p384", "pbx.example", "good", dns, key=make.key("p384", "secp384r1"))
    make.case("ed25519", "pbx.example", "good", dns, key=make.key("ed25519", "ed25519"))
    make.case("client", "phone.example", "good", "subjectAltName=URI:sip:phone.example,DNS:phone.example"
              "\nextendedKeyUsage=clientAuth")


def bad_names(make):
    wrong = "certificate-name"

    def san(name, text, dialled="pbx.example"):
        make.case(name, dialled, wrong, "subjectAltName=" + text)

    san("other-name", "DNS:other.example")
    make.case("common-name-only", "pbx.example", wrong, "")
    make.case("nul-in-dns", "pbx.example", wrong, der(b"pbx.example\0.evil.example", 0x82))
    make.case("nul-in-uri", "pbx.example", wrong, der(b"sip:pbx.example\0.evil.example", 0x86))
    make.case("empty-name", "pbx.example", wrong, der(b"", 0x82))
    make.case("space-behind", "pbx.example", wrong, der(b"pbx.example ", 0x82))
    san("wildcard-of-all", "DNS:*")
    san("wildcard-of-top", "DNS:*.example")
    san("wildcard-within", "DNS:p*x.example")
    san("wildcard-at-end", "DNS:pbx.*")
    san("wildcard-of-part", "DNS:*x.corp.example", "pbx.corp.example")
    san("wildcard-twice", "DNS:*.*.example", "pbx.corp.example")
    san("wildcard-deeper", "DNS:*.corp.example", "a.pbx.corp.example")
    san("wildcard-nothing", "DNS:*.corp.example", "corp.example")
    san("wildcard-in-uri", "URI:sip:*.corp.example", "pbx.corp.example")
    san("uri-of-user", "URI:sip:bob@pbx.example")
    san("uri-sips", "URI:sips:pbx.example")
    san("uri-of-web", "URI:https://pbx.example")
    san("uri-with-port", "URI:sip:pbx.example:5061")
    san("mail", "email:postmaster@pbx.example")
    san("suffix", "DNS:example")
    san("prefix", "DNS:sip.pbx.example")
    san("longer", "DNS:pbx.example.evil.example")
    san("address-as-dns", "DNS:127.0.0.1", "127.0.0.1")
    san("other-address", "IP:127.0.0.2", "127.0.0.1")
    san("address-for-name", "IP:127.0.0.1")


def bad_issuers(make):
    dns = "subjectAltName=DNS:pbx.example"
    make.issue("alone", "/CN=pbx.example", LEAF.replace("authorityKeyIdentifier=keyid\n", "") + dns, key=make.key("leaf"))
    make.chain("alone", "alone")
    make.line("alone", "pbx.example", "certificate-self-signed", make.key("leaf"))
    make.case("unknown-root", "pbx.example", "certificate-issuer-unknown", dns, "stranger")
    make.case("unknown-root-sent", "pbx.example", "certificate-issuer-unknown", dns, "stranger", ["stranger"])
    make.case("chain-broken", "pbx.example", "certificate-issuer-unknown", dns, "between")
    make.issue("phone", "/CN=phone.example", LEAF, "root")
    make.case("issued-by-phone", "pbx.example", "certificate-issuer-unfit", dns, "phone", ["phone"])
    make.issue("last", "/CN=Test Last", AUTHORITY.replace("CA:true", "CA:true,pathlen:0"), "root")
    make.issue("beyond", "/CN=Test Beyond", AUTHORITY, "last")
    make.case("chain-too-long", "pbx.example", "certificate-issuer-unfit", dns, "beyond", ["beyond", "last"])
    make.issue("mute", "/CN=Test Mute", AUTHORITY.replace("keyCertSign,", ""), "root")
    make.case("issuer-may-not-sign", "pbx.example", "certificate-issuer-unfit", dns, "mute", ["mute"])
    make.issue("inside", "/CN=Test Inside", AUTHORITY + "nameConstraints=critical,permitted;DNS:corp.example\n", "root")
    make.case("not-permitted", "pbx.example", "certificate-issuer-unfit", dns, "inside", ["inside"], subject="/O=Test")
    make.issue("outside", "/CN=Test Outside", AUTHORITY + "nameConstraints=critical,excluded;DNS:pbx.example\n", "root")
    make.case("excluded", "pbx.example", "certificate-issuer-unfit", dns, "outside", ["outside"], subject="/O=Test")
    make.issue("past", "/CN=Test Past", AUTHORITY, "root", end="20210101000000Z")
    make.case("issuer-expired", "pbx.example", "certificate-expired", dns, "past", ["past"])
    make.issue("coder", "/CN=Test Coder", AUTHORITY + "extendedKeyUsage=codeSigning\n", "root")
    make.case("issuer-for-code", "pbx.example", "certificate-usage", dns, "coder", ["coder"])


def bad_others(make):
    dns = "subjectAltName=DNS:pbx.example"
    weak = "-cipher DEFAULT@SECLEVEL=0"
    make.case("expired", "pbx.example", "certificate-expired", dns, end="20210101000000Z")
    make.case("not-yet", "pbx.example", "certificate-not-yet", dns, start="20390101000000Z")
    make.case("for-code", "pbx.example", "certificate-usage", dns + "\nextendedKeyUsage=codeSigning")
    make.case("for-mail", "pbx.example", "certificate-usage", dns + "\nextendedKeyUsage=emailProtection,timeStamping")
    make.case("signs-only-lists", "pbx.example", "certificate-usage", dns + "\nkeyUsage=critical,cRLSign")
    make.case("rsa1024", "pbx.example", "certificate-weak", dns, key=make.key("rsa1024", "rsa1024"), arguments=weak)
    make.case("sha1", "pbx.example", "certificate-weak", dns, digest="sha1", arguments=weak)
    make.case("critical-unknown", "pbx.example", "certificate-broken", dns + "\n1.2.3.4.5=critical,DER:05:00")
    make.issue("twin", "/CN=Test Root", AUTHORITY)
    make.case("issuer-of-same-name", "pbx.example", "certificate-issuer-unknown", dns, "twin")
    make.issue("fading", "/CN=Test Fading", AUTHORITY, "root")
    make.case("revoked", "pbx.example", "certificate-revoked", dns)
    make.case("list-expired", "pbx.example", "certificate-unchecked", dns, "fading", ["fading"])
    make.issue("gone", "/CN=Test Gone", AUTHORITY, "root")
    make.case("issuer-revoked", "pbx.example", "certificate-revoked", dns, "gone", ["gone"])
    tamper(make, "tampered")
    make.case("giant", "pbx.example", "certificate-too-large", dns + "\n1.2.3.4.6=DER:04:82:90:00" + ":41" * 0x9000)


def tamper(make, name):
    """The last octet of the signature is another."""
    import base64
    make.case(name, "pbx.example", "certificate-broken", "subjectAltName=DNS:pbx.example")
    with open(make.path(name + ".crt")) as file:
        body = "".join(line.strip() for line in file if "-----" not in line)
    octets = bytearray(base64.b64decode(body))
    octets[-1] ^= 1
    text = base64.encodebytes(bytes(octets)).decode()
    make.write(name + ".pem", "-----BEGIN CERTIFICATE-----\n" + text + "-----END CERTIFICATE-----\n")


def lists(make):
    """Revokes, and writes the lists into one file."""
    def revoke(name, issuer):
        make.run("ca", "-config", make.config, "-revoke", make.path(name + ".crt"), "-cert", make.path(issuer + ".crt"),
                 "-keyfile", make.path(issuer + ".key"))

    def write(issuer, last, following):
        make.run("ca", "-config", make.config, "-gencrl", "-cert", make.path(issuer + ".crt"), "-keyfile",
                 make.path(issuer + ".key"), "-crl_lastupdate", last, "-crl_nextupdate", following,
                 "-out", make.path(issuer + ".crl"))

    revoke("revoked", "root")
    revoke("gone", "root")
    write("root", "20200101000000Z", "20400101000000Z")
    write("fading", "20200101000000Z", "20210101000000Z")
    with open(make.path("revoked.crl.pem"), "w") as out:
        for issuer in ("root", "fading"):
            with open(make.path(issuer + ".crl")) as file:
                out.write(file.read())


def main():
    make = Maker(os.path.abspath(sys.argv[1]))
    authorities(make)
    make.key("leaf")
    good(make)
    if sys.argv[2:] != ["good"]:
        bad_names(make)
        bad_issuers(make)
        bad_others(make)
        lists(make)
    make.end()


if __name__ == "__main__":
    main()
