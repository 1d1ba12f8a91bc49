"""A test of several steps with one Kamailio: what went wrong is told step by step, and everything is closed behind it."""

import shutil
import tempfile
import time


class Steps:
    """Has `begin`, which sets `proxy`, and appends to `open` what is to be closed."""

    def __init__(self, options, prefix):
        self.options, self.failures, self.open = options, [], []
        self.folder = tempfile.mkdtemp(prefix=prefix)

    def expect(self, what, found, wanted):
        if found != wanted:
            self.failures.append(f"{what}: {found!r} instead of {wanted!r}")

    def take(self, steps):
        """All of them, whatever becomes of one; how many seconds it took."""
        started = time.monotonic()
        try:
            self.begin()
            for step in steps:
                before, at = len(self.failures), time.monotonic()
                step()
                if len(self.failures) > before:
                    print(f"FAIL {step.__name__}: " + "; ".join(self.failures[before:]), flush=True)
                elif self.options.verbose:
                    print(f"ok   {step.__name__}, {time.monotonic() - at:.1f} s", flush=True)
        finally:
            self.leave()
        return time.monotonic() - started

    def leave(self):
        for close in reversed(self.open):
            close()
        if self.failures and self.options.keep:
            print("kept: " + self.folder)
            return
        if self.failures:
            print("--- kamailio\n" + self.proxy.said()[-1500:])
        shutil.rmtree(self.folder, ignore_errors=True)
