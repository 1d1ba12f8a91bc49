#!/usr/bin/env python3
"""The manual as people read it: each link and anchor leads somewhere, on its web pages and in every page of the project; it has all
settings, attributes and scripts that there are; its search finds what is looked for, in a browser; and the service's unit is as
tight as it says.

--pictures DIR keeps what the browser showed."""

import argparse
import glob
import html.parser
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "Scripts", "lib", "manual"))
sys.path.insert(0, os.path.join(ROOT, "Tests", "PageTests"))
import markdown  # noqa: E402
from browser import Browser  # noqa: E402

TOOL = OUT = PICTURES = None


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def pages_of_the_project():
    """Every page that people write, by its path from the root."""
    found = glob.glob("*.md", root_dir=ROOT)
    for top in ("Sources", "Tests", "Scripts", "examples"):
        found += glob.glob(top + "/**/*.md", root_dir=ROOT, recursive=True)
    return sorted(path for path in found if not path.startswith("Tests/Corpus/"))


def links_of(text):
    """(line, target) of each link of Markdown, outside of code."""
    blanked = re.sub(r"^( *)(```|~~~).*?^\1\2 *$", lambda match: "\n" * match[0].count("\n"), text, flags=re.M | re.S)
    for number, line in enumerate(blanked.split("\n"), 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", line)):
            yield number, target


def anchors_of(path):
    found = set()

    def walk(blocks):
        for block in blocks:
            if block.kind == "heading":
                found.add(block.anchor)
            for item in block.items:
                walk(item if isinstance(item, list) else [item])
    walk(markdown.read(read(path)))
    return found


def leads_nowhere(path, target):
    """What is wrong with a link of a page; None = nothing."""
    if re.match(r"^(https?|mailto):", target):
        return None
    file, _, anchor = target.partition("#")
    where = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
    if not os.path.exists(os.path.join(ROOT, where)):
        return f"{target} is not there"
    if anchor and where.endswith(".md") and anchor not in anchors_of(where):
        return f"{target} leads to no heading"
    return None


class Seen(html.parser.HTMLParser):
    """What a web page leads to, loads, and can be led to."""

    def __init__(self):
        super().__init__()
        self.links, self.loaded, self.ids = [], [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag in ("script", "img", "iframe", "source") and attributes.get("src"):
            self.loaded.append(attributes["src"])
        if tag == "link":
            self.loaded.append(attributes["href"])
        if attributes.get("id"):
            self.ids.append(attributes["id"])


class WebPages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seen = {}
        for path in glob.glob(os.path.join(OUT, "*.html")):
            with open(path, encoding="utf-8") as file:
                seen = Seen()
                seen.feed(file.read())
            cls.seen[os.path.basename(path)] = seen

    def test_every_link_and_anchor_leads_somewhere(self):
        self.assertGreater(len(self.seen), 40)
        count = 0
        for name, seen in self.seen.items():
            for target in seen.links:
                if re.match(r"^(https?|mailto):", target):
                    continue
                count += 1
                file, _, anchor = target.partition("#")
                self.assertIn(file or name, self.seen, f"{name}: {target}")
                if anchor:
                    self.assertIn(anchor, self.seen[file or name].ids, f"{name}: {target}")
        self.assertGreater(count, 4000)

    def test_an_anchor_is_there_once(self):
        for name, seen in self.seen.items():
            twice = sorted({one for one in seen.ids if seen.ids.count(one) > 1})
            self.assertEqual(twice, [], name)

    def test_nothing_is_loaded_from_elsewhere(self):
        for name, seen in self.seen.items():
            for target in seen.loaded:
                self.assertTrue(os.path.isfile(os.path.join(OUT, target)), f"{name}: {target}")

    def test_every_page_is_reached_from_the_start(self):
        reached, waiting = {"index.html"}, ["index.html"]
        while waiting:
            for target in self.seen[waiting.pop()].links:
                file = target.partition("#")[0]
                if file in self.seen and file not in reached:
                    reached.add(file)
                    waiting.append(file)
        self.assertEqual(reached, set(self.seen))

    def test_every_page_leads_to_the_chapters_and_the_reference(self):
        chapters = {os.path.basename(path).removesuffix(".md") + ".html" for path in glob.glob(os.path.join(ROOT, "Sources/Manual/*.md"))}
        wanted = chapters - {"README.html"} | {"index.html", "settings.html", "codes.html", "rcml.1.html", "rcml.3lua.html", "everything.html",
                                               "specification.html", "specification-rfcs.html", "examples.html", "project-changelog.html"}
        for name, seen in self.seen.items():
            self.assertLessEqual(wanted, set(seen.links), name)

    def test_every_chapter_is_a_man_page_that_rcml_7_names(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([os.path.join(ROOT, "Scripts/man"), folder, "--tool", TOOL], check=True, capture_output=True)
            with open(os.path.join(folder, "rcml.7"), encoding="utf-8") as file:
                overview = file.read()
            for path in glob.glob(os.path.join(ROOT, "Sources/Manual/*.md")):
                name = os.path.basename(path).removesuffix(".md")
                if name != "README":
                    self.assertIn(f"rcml\\-{name}(7)".replace("coming-from", "coming\\-from"), overview)
                    self.assertTrue(os.path.getsize(os.path.join(folder, f"rcml-{name}.7")) > 1500, name)

    def test_no_mark_of_markdown_is_left(self):
        for name in self.seen:
            # The pages of man have stars and brackets of their own.
            if re.search(r"\.\d\w*\.html$", name):
                continue
            with open(os.path.join(OUT, name), encoding="utf-8") as file:
                text = re.sub(r"<(pre|code).*?</\1>", "", file.read(), flags=re.S)
            text = re.sub(r"<[^>]+>", "", text.partition('<main id="main">')[2])
            for mark in ("**", "](", "```", "<!--"):
                self.assertNotIn(mark, text, name)

    def test_nothing_tells_where_it_was_made(self):
        for path in glob.glob(os.path.join(OUT, "*")):
            with open(path, encoding="utf-8") as file:
                self.assertNotIn(ROOT + "/", file.read(), path)

    def test_the_reference_has_every_setting_code_and_function(self):
        settings = self.seen["settings.html"].ids
        for line in subprocess.run([TOOL, "settings", "--json"], capture_output=True, text=True, check=True).stdout.splitlines():
            self.assertIn(json.loads(line)["name"], settings)
        codes = self.seen["codes.html"].ids
        for line in subprocess.run([TOOL, "codes", "--json"], capture_output=True, text=True, check=True).stdout.splitlines():
            self.assertIn(json.loads(line)["name"], codes)
        ids = {one for name, seen in self.seen.items() if name.endswith(".3.html") for one in seen.ids}
        functions = set(re.findall(r"^RCML_API [^(]*?(\w+)\(", read("Include/rcml.h"), re.M))
        self.assertGreater(len(functions), 50)
        self.assertLessEqual(functions, ids)

    def test_without_javascript_the_index_has_every_heading(self):
        listed = set(self.seen["everything.html"].links)
        for name in ("tutorial", "debugging", "nat", "security"):
            # The heading of the page itself is no section of it.
            for anchor in anchors_of(f"Sources/Manual/{name}.md") & set(self.seen[name + ".html"].ids):
                self.assertIn(f"{name}.html#{anchor}", listed)


class TheProject(unittest.TestCase):
    def test_every_link_of_every_page_leads_somewhere(self):
        wrong, count = [], 0
        for path in pages_of_the_project():
            for line, target in links_of(read(path)):
                count += 1
                fault = leads_nowhere(path, target)
                if fault:
                    wrong.append(f"{path}:{line}: {fault}")
        self.assertEqual(wrong, [])
        self.assertGreater(count, 200)

    def test_a_link_that_leads_nowhere_is_found(self):
        self.assertIn("is not there", leads_nowhere("README.md", "no/such.md"))
        self.assertIn("no heading", leads_nowhere("README.md", "README.md#no-such-heading"))
        self.assertIn("no heading", leads_nowhere("Sources/README.md", "#no-such-heading"))
        self.assertIsNone(leads_nowhere("README.md", "README.md#nat"))
        self.assertEqual([(4, "b")], list(links_of("```\n[a](a)\n```\n[b](b) `[c](c)`")))

    def test_every_script_and_test_that_a_page_names_is_there(self):
        for path in pages_of_the_project():
            # What a test makes, and words for the reader to fill in, are no paths of the project.
            for name in re.findall(r"(?<![\w/.])((?:Scripts|Tests|examples|Sources|Include)/[\w./+-]*\w)", read(path)):
                if re.search(r"[A-Z]{3,}\b|ROOM|Room\b|/NAME", name.removeprefix("Tests/").removesuffix("README.md")) and "/" not in name[8:]:
                    continue
                self.assertTrue(glob.glob(os.path.join(ROOT, name) + "*"), f"{path}: {name}")

    def test_llms_txt_is_as_the_manual_is(self):
        with open(os.path.join(OUT, "llms.txt"), encoding="utf-8") as file:
            self.assertEqual(file.read(), read("llms.txt"), "Scripts/manual --write")
        for _, target in links_of(read("llms.txt")):
            self.assertIsNone(leads_nowhere("llms.txt", target))

    def test_the_chapter_about_documents_has_every_attribute(self):
        source = read("Sources/RCMLDocument/Verb/AttributeNames.swift")
        page = read("Sources/Manual/documents.md")
        # Elements as the reader of documents has them.
        cases = re.findall(r'case ((?:"\w+"(?:, )?)+):\s+(?:of\("\w+"\) \+ )?\[(.*?)\]', source, re.S)
        self.assertGreater(len(cases), 9)
        for elements, names in cases:
            if elements == '"Response"':
                continue
            for name in re.findall(r'"([\w-]+)"', names):
                self.assertIn(f"`{name}`", page, elements)

    def test_what_is_said_to_be_tried_is_tried_when_it_is_said(self):
        """The table of hosts: each time by Scripts/test, nightly by Scripts/nightly."""
        rows = re.findall(r"^\| [^|]* \| [^|]* \| ([^|]*) \| (each time|nightly) \|$", read("Sources/Manual/hosts.md"), re.M)
        self.assertGreater(len(rows), 18)
        runs = {"each time": read("Scripts/test"), "nightly": read("Scripts/nightly")}
        for scripts, when in rows:
            for script in re.findall(r"`(Scripts/[^`]+)`", scripts):
                peer = script.partition("Scripts/interop ")[2]
                ways = [script] + ([f"Tests/Interop/{peer.replace('-', '_')}/run.py"] if peer else [])
                loop = re.search(r"for peer in ([^;]*);", runs[when])
                self.assertTrue(any(way in runs[when] for way in ways) or (loop and peer in loop[1].split()), f"{script} {when}")

    def test_the_map_of_the_tests_has_every_step(self):
        page = read("Tests/README.md")
        steps = re.findall(r'^step "([^"]+)"', read("Scripts/test"), re.M)
        self.assertGreater(len(steps), 35)
        # The peers share a row.
        self.assertIn("| kamailio … sipp |", page)
        for step in steps[:steps.index("kamailio")]:
            # Building proves nothing by itself.
            if not step.startswith("build"):
                self.assertRegex(page, rf"(?m)^\| (?:[^|]*, )?{step}(?:, [^|]*)? \|")
        for folder in os.listdir(os.path.join(ROOT, "Tests")):
            if os.path.isdir(os.path.join(ROOT, "Tests", folder)):
                family = folder.startswith("RCML")
                self.assertTrue(family or f"`{folder}`" in page, folder)

    def test_every_room_has_a_page_or_stands_in_the_map(self):
        house = read("Sources/README.md")
        for folder in sorted(os.listdir(os.path.join(ROOT, "Sources"))):
            if os.path.isdir(os.path.join(ROOT, "Sources", folder)):
                self.assertRegex(house, rf"(?m)^\| .*`{folder}`")
                if folder.startswith("RCML") or folder in ("rcml", "CSystem", "LuaRCML", "ServerModule"):
                    self.assertTrue(os.path.isfile(os.path.join(ROOT, "Sources", folder, "README.md")), folder)

    def test_the_chapters_name_settings_that_are_there(self):
        names = {json.loads(line)["name"] for line in
                 subprocess.run([TOOL, "settings", "--json"], capture_output=True, text=True, check=True).stdout.splitlines()}
        for path in glob.glob(os.path.join(ROOT, "Sources/Manual/*.md")):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            for name in re.findall(r"--set '?([a-z_0-9]+)=|`([a-z]+_[a-z_0-9]+)=", text):
                self.assertIn(name[0] or name[1], names, path)


class Search(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(OUT, "search-index.js"), encoding="utf-8") as file:
            cls.index = json.loads(file.read().removeprefix("window.rcmlSearch=").rstrip(";\n"))

    def test_every_entry_is_a_place(self):
        for page, _, sections, _ in self.index:
            with open(os.path.join(OUT, page), encoding="utf-8") as file:
                text = file.read()
            for anchor, heading, _ in sections:
                self.assertTrue(heading)
                if anchor:
                    self.assertIn(f'id="{anchor}"', text, page)

    def test_every_page_but_the_list_is_in_it(self):
        there = {os.path.basename(path) for path in glob.glob(os.path.join(OUT, "*.html"))} - {"everything.html"}
        self.assertEqual({page for page, *_ in self.index}, there)


class InABrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("chromium"):
            raise unittest.SkipTest("chromium is not here")
        folder = tempfile.TemporaryDirectory(prefix="rcml-manual-", ignore_cleanup_errors=True)
        cls.addClassCleanup(folder.cleanup)
        cls.browser = Browser(shutil.which("chromium"), os.path.join(folder.name, "profile"))
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.browser.look()
        self.browser.complaints, self.browser.requests = [], []

    def tearDown(self):
        self.assertEqual(self.browser.complaints, [])
        self.assertEqual([url for url in self.browser.requests if not url.startswith(("file:", "about:"))], [])

    def show(self, name):
        self.browser.open("file://" + os.path.join(OUT, name))
        self.browser.wait("document.readyState === 'complete'")

    def results(self, words):
        """What a search shows, as (target, heading)."""
        self.browser.value("(() => { const i = document.querySelector('header input'); i.focus(); "
                           f"i.value = {json.dumps(words)}; i.dispatchEvent(new Event('input')); }})()")
        self.browser.wait("window.rcmlSearch && !document.querySelector('.results').hidden")
        return self.browser.value("[...document.querySelectorAll('.results a')].map(a => [a.getAttribute('href'), "
                                  "a.querySelector('b').innerText])")

    def test_the_search_finds_what_is_looked_for(self):
        self.show("index.html")
        for words, target in [
            ("rtp_lock", "settings.html#rtp_lock"), ("bare-ampersand", "codes.html#bare-ampersand"),
            ("rcml_agent_answer_request", "rcml_agent.3.html#rcml_agent_answer_request"),
            ("toll fraud", "security.html#toll-fraud"), ("behind a nat", "nat.html"), ("screening", "tutorial.html#screening"),
            ("read ladder", "debugging.html#how-to-read-a-ladder"), ("systemd", "service.html#systemd"),
            ("jambonz", "coming-from.html"), ("hangupOnStar", "documents.html#dial"), ("33210", "codes.html#name-unknown"),
        ]:
            with self.subTest(words=words):
                found = self.results(words)
                self.assertTrue(any(one[0].startswith(target) for one in found[:4]), found)
        self.assertEqual(self.results("zzz qqq"), [])
        self.assertIn("Nothing found", self.browser.value("document.querySelector('.results').innerText"))

    def test_keys_choose_and_follow_a_result(self):
        self.show("index.html")
        first = self.results("rtp_lock")[0][0]
        self.browser.value("document.querySelector('header input').dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowDown'}))")
        self.assertEqual(first, self.browser.value("document.querySelector('[aria-selected=true]').getAttribute('href')"))
        self.browser.value("document.querySelector('header form').requestSubmit(); null")
        for _ in range(100):
            try:
                if self.browser.value("location.pathname.split('/').pop() + location.hash") == "settings.html#rtp_lock":
                    return
            except RuntimeError:
                pass  # asked while the page was changing
            time.sleep(0.05)
        self.fail("the result was not followed")

    def test_light_and_dark_wide_and_narrow(self):
        papers = set()
        for dark in (False, True):
            for width in (1280, 390):
                self.browser.look(width, 900, isDark=dark)
                for name in ("index", "tutorial", "documents", "coming-from", "settings", "rcml_agent.3"):
                    self.show(name + ".html")
                    # Nothing is wider than the window: only code and tables scroll, in their own box.
                    self.assertLessEqual(self.browser.value("document.documentElement.scrollWidth"), width, name)
                    if PICTURES:
                        with open(os.path.join(PICTURES, f"{name}-{'dark' if dark else 'light'}-{width}.png"), "wb") as file:
                            file.write(self.browser.picture())
            papers.add(self.browser.value("getComputedStyle(document.body).backgroundColor"))
        self.assertEqual(len(papers), 2)

    def test_without_javascript_the_page_is_whole(self):
        self.browser.ask("Emulation.setScriptExecutionDisabled", value=True)
        try:
            root = self.show_plain("tutorial.html")

            def shown(selector):
                node = self.browser.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
                try:
                    return bool(node and self.browser.ask("DOM.getBoxModel", nodeId=node))
                except RuntimeError:
                    return False
            self.assertTrue(shown(".menu nav"))
            self.assertTrue(shown("main h1"))
            self.assertFalse(shown("header form"))
        finally:
            self.browser.ask("Emulation.setScriptExecutionDisabled", value=False)

    def show_plain(self, name):
        """Without scripts there is no timer to wait by: the end of the page is looked for in its tree."""
        self.browser.ask("Page.navigate", url="file://" + os.path.join(OUT, name))
        for _ in range(100):
            try:
                root = self.browser.ask("DOM.getDocument")["root"]["nodeId"]
                if self.browser.ask("DOM.querySelector", nodeId=root, selector="main footer")["nodeId"]:
                    return root
            except RuntimeError:
                pass  # asked while the page was changing
            time.sleep(0.05)
        raise AssertionError(f"{name} did not load")


class TheService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("systemd-analyze"):
            raise unittest.SkipTest("systemd-analyze is not here")

    def unit(self, folder):
        path = os.path.join(folder, "rcml.service")
        with open(path, "w", encoding="utf-8") as file:
            file.write(read("examples/service/rcml.service").replace("/usr/bin/rcml", TOOL))
        return path

    def test_systemd_finds_nothing_to_say(self):
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run(["systemd-analyze", "verify", "--man=no", self.unit(folder)], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))

    def test_it_is_as_tight_as_it_says(self):
        with tempfile.TemporaryDirectory() as folder:
            result = subprocess.run(["systemd-analyze", "security", "--offline=true", self.unit(folder)], capture_output=True, text=True)
        level = float(re.search(r"exposure level for rcml.service: ([\d.]+)", result.stdout)[1])
        self.assertLessEqual(level, 1.5, result.stdout)

    def test_every_system_call_it_makes_is_let_through(self):
        """systemd is no first process here; so what a service asks the kernel for is compared with what the unit allows."""
        if not shutil.which("strace"):
            self.skipTest("strace is not here")
        with tempfile.TemporaryDirectory() as folder:
            used = self.used(folder)
        self.assertGreater(len(used), 40)
        self.assertEqual(sorted(used - self.allowed()), [])

    def used(self, folder):
        """Names of the system calls of rcml serve: a document by HTTP, words by a program, a recording, counters, journal, log."""
        class Web(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                body = b'<Response><Say>Hello.</Say><Record maxLength="1" action="/next"/></Response>' if self.path == "/" else b"<Response/>"
                self.send_response(200)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
        threading.Thread(target=web.serve_forever, daemon=True).start()
        self.addCleanup(web.server_close)
        self.addCleanup(web.shutdown)
        # Its own process group: what it starts ends with it.
        service = subprocess.Popen(
            ["strace", "-f", "-qq", "-o", "calls", TOOL, "serve", "--url", f"http://127.0.0.1:{web.server_port}/", "--listen", "udp:127.0.0.1:0",
             "--listen", "tcp:127.0.0.1:0", "--set", "speech_program=flite", "--set", "recordings=" + folder, "--metrics", "127.0.0.1:0",
             "--journal", "journal", "--log", "log", "--json"],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
        self.addCleanup(service.stdout.close)
        try:
            uri = re.search(r'"(sip:127[^";]*)', service.stdout.readline())[1]
            words = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen."
            called = subprocess.run([TOOL, "call", uri, "--say", words, "--set", "speech_program=flite", "--listen", "udp:127.0.0.1:0"],
                                    capture_output=True, text=True, timeout=60)
            self.assertEqual(called.returncode, 0, called.stdout + called.stderr)
            self.assertTrue(glob.glob(folder + "/RE*.wav"), "nothing was recorded")
        finally:
            os.killpg(service.pid, signal.SIGTERM)
            service.wait(timeout=30)
        with open(os.path.join(folder, "calls"), encoding="utf-8", errors="replace") as file:
            return set(re.findall(r"^\d+ +(?:<\.\.\. )?(\w+)[( ]", file.read(), re.M)) - {"exit_group"}

    @staticmethod
    def allowed():
        """What SystemCallFilter of the unit comes to, by the groups that systemd knows."""
        groups, group = {}, None
        for line in subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True).stdout.splitlines():
            if line.startswith("@"):
                group = groups.setdefault(line.strip(), [])
            elif line.startswith("    ") and not line.strip().startswith("#"):
                group.append(line.strip())

        def calls(name):
            return {name} if not name.startswith("@") else set().union(*(calls(one) for one in groups[name]))

        found = calls("@default")
        for line in re.findall(r"^SystemCallFilter=(.*)$", read("examples/service/rcml.service"), re.M):
            named = set().union(*(calls(name) for name in line.lstrip("~").split()))
            found = found - named if line.startswith("~") else found | named
        return found

    def test_its_settings_are_settings(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "settings")
            with open(path, "w", encoding="utf-8") as file:
                # The commented ones as well.
                file.write(re.sub(r"^#(\w+=)", r"\1", read("examples/service/rcml.settings"), flags=re.M))
            document = os.path.join(folder, "d.xml")
            with open(document, "w", encoding="utf-8") as file:
                file.write("<Response><Pause/></Response>")
            result = subprocess.run([TOOL, "check", "--settings", path, document], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stderr), (0, ""))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--pictures")
    arguments, rest = parser.parse_known_args()
    TOOL, PICTURES = os.path.abspath(arguments.tool), arguments.pictures
    with tempfile.TemporaryDirectory() as OUT:
        made = subprocess.run([os.path.join(ROOT, "Scripts/manual"), OUT, "--tool", TOOL], capture_output=True, text=True)
        if made.returncode != 0:
            sys.exit(made.stderr)
        unittest.main(argv=[sys.argv[0], *rest], verbosity=0)
