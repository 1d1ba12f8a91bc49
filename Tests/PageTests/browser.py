"""One chromium without a window, driven by the DevTools protocol over a pipe: no port, no package."""

import base64
import json
import os
import subprocess


class Browser:
    def __init__(self, program, folder):
        """`folder`: for its profile, which is its own."""
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def take_ends():
            # The protocol wants them as 3 and 4.
            high = [os.dup2(end, number) for end, number in ((theirs_in, 100), (theirs_out, 101))]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-extensions", "--disable-background-networking", "--disable-component-update",
             f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
            preexec_fn=take_ends)
        os.close(theirs_in)
        os.close(theirs_out)
        self.out, self.into = os.fdopen(ours_out, "wb", 0), os.fdopen(ours_in, "rb", 0)
        self.number, self.rest, self.session, self.complaints, self.requests = 0, b"", None, [], []
        self.ask("Target.setDiscoverTargets", discover=True)
        while True:
            pages = [target["targetId"] for target in self.ask("Target.getTargets")["targetInfos"]
                     if target["type"] == "page"]
            if pages:
                break
        (target,) = pages
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.ask(domain + ".enable")

    def close(self):
        self.process.kill()
        self.process.wait()
        self.out.close()
        self.into.close()

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        self.out.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.note(answer)

    def read(self):
        while b"\0" not in self.rest:
            piece = os.read(self.into.fileno(), 1 << 20)
            if not piece:
                raise RuntimeError("chromium has gone")
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def note(self, event):
        """What a page complains of, and what it asks the network for."""
        kind, about = event.get("method"), event.get("params", {})
        if kind == "Runtime.exceptionThrown":
            self.complaints.append(about["exceptionDetails"].get("exception", {}).get("description", "exception"))
        elif kind == "Log.entryAdded" and about["entry"]["level"] == "error":
            self.complaints.append(about["entry"]["text"])
        elif kind == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])

    # What a reader does.

    def look(self, width=1440, height=1000, isDark=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if isDark else "light"}])

    def open(self, url):
        self.ask("Page.navigate", url="about:blank")
        self.ask("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    def value(self, expression):
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, expression, seconds=10):
        """Until it is so."""
        return self.value(
            "new Promise((done, failed) => { const end = Date.now() + %d;"
            " const look = () => { if (%s) done(true); else if (Date.now() > end) failed(new Error('not so'));"
            " else setTimeout(look, 10); }; look(); })" % (seconds * 1000, expression))

    def press(self, *keys):
        for key in keys:
            text = {"text": key} if len(key) == 1 else {}
            self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
            self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    def click(self, selector):
        x, y = self.value(
            f"(() => {{ const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()")
        for kind in ["mousePressed", "mouseReleased"]:
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self):
        """PNG octets of what is seen."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])
