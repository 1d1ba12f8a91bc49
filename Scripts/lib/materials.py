#!/usr/bin/env python3
"""The bill of materials of a release, as CycloneDX 1.5: materials.py --version V --commit C --time SECONDS FILE…

What librcml is made of and what it loads, with the versions of the machine that built it, and each FILE with its digest. The
same sources and packages give the same octets."""

import argparse
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import urllib.parse
import uuid

# name, Debian's package, licence, what for, and whether it is there from the start (required) or loaded when needed (optional).
LIBRARIES = [
    ("libosip2", "libosip2-15", "LGPL-2.1-or-later", "grammar of SIP headers and URIs", "required", ["libosip2", "libosipparser2"]),
    ("expat", "libexpat1", "MIT", "XML", "required", ["libexpat"]),
    ("c-ares", "libc-ares2", "MIT", "names", "required", ["libcares"]),
    ("speexdsp", "libspeexdsp1", "BSD-3-Clause", "resampling", "required", ["libspeexdsp"]),
    ("libstdc++", "libstdc++6", "GPL-3.0-or-later WITH GCC-exception-3.1", "the Swift runtime stands on it", "required", ["libstdc++", "libgcc_s"]),
    ("glibc", "libc6", "LGPL-2.1-or-later", "the C library", "required", ["libc", "libm", "libdl", "libpthread", "ld-linux"]),
    ("libcurl", "libcurl4", "curl", "HTTP", "optional", ["libcurl", "libcurl-gnutls"]),
    ("OpenSSL", "libssl3", "Apache-2.0", "TLS, digests and signatures, packets of secret sound", "optional", ["libssl", "libcrypto"]),
    ("spandsp", "libspandsp2", "LGPL-2.1-only", "keys heard in sound", "optional", ["libspandsp"]),
    ("mpg123", "libmpg123-0", "LGPL-2.1-only", "MP3", "optional", ["libmpg123"]),
]


def said(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def installed(package):
    return said("dpkg-query", "-W", "-f", "${Version}", package)


def swift_version():
    match = re.search(r"Swift version (\d[\d.]*)", said("swift", "--version"))
    return match[1] if match else ""


def library(name, package, licence, purpose, scope, _):
    version = installed(package)
    component = {
        "type": "library", "bom-ref": f"library:{name}", "name": name, "description": purpose, "scope": scope,
        "licenses": [{"expression": licence}]}
    if version:
        component["version"] = version
        component["purl"] = f"pkg:deb/debian/{urllib.parse.quote(package)}@{urllib.parse.quote(version, safe='.-~:')}?arch={said('dpkg', '--print-architecture')}"
    return component


def file_component(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    name = os.path.basename(path)
    return {"type": "file", "bom-ref": f"file:{name}", "name": name, "hashes": [{"alg": "SHA-256", "content": digest.hexdigest()}]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("version", "commit", "time"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    libraries = [library(*row) for row in LIBRARIES]
    swift = swift_version()
    libraries.append({
        "type": "library", "bom-ref": "library:swift", "name": "Swift runtime", "description": "inside librcml.so.0, librcml.a and rcml",
        "scope": "required", "licenses": [{"expression": "Apache-2.0 WITH Swift-exception"}], **({"version": swift} if swift else {})})
    files = [file_component(path) for path in sorted(options.files, key=os.path.basename)]
    root = {"type": "library", "bom-ref": "librcml", "name": "librcml", "version": options.version, "licenses": [{"expression": "MIT"}]}
    bill = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.fromtimestamp(int(options.time), datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": root, "properties": [{"name": "commit", "value": options.commit}]},
        "components": libraries + files,
        "dependencies": [{"ref": "librcml", "dependsOn": [one["bom-ref"] for one in libraries]}]}
    digest = hashlib.sha256(json.dumps(bill, sort_keys=True).encode()).hexdigest()
    bill["serialNumber"] = "urn:uuid:" + str(uuid.uuid5(uuid.NAMESPACE_URL, "librcml:" + digest))
    json.dump(bill, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
