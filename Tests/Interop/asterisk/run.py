#!/usr/bin/env python3
"""The module app_rcml in a real Asterisk, in a root of its own: a phone calls, RCML() runs a document, phones and channels are
called. What each hears is listened to, by frequency; keys are counted; the manager interface and the command line are asked.

Passes only if every case does, no call of the load fails, and memory, descriptors and threads stay what they were.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
sys.path[:0] = [HERE, os.path.dirname(HERE)]
import cases  # noqa: E402
import life  # noqa: E402
import load  # noqa: E402
import server  # noqa: E402
from stage import Stage  # noqa: E402


def run_case(stage, case):
    started = time.monotonic()
    stage.said = ""
    try:
        failures = list(case(stage))
    except Exception:  # a case that breaks fails alone
        failures = [traceback.format_exc()]
    stage.end_callers()
    try:
        if not stage.asterisk.settled():
            failures.append("something is left: " + stage.asterisk.command("core show channels")
                            + stage.asterisk.command("rcml show calls"))
    except Exception:
        failures.append("Asterisk does not answer: " + stage.asterisk.said()[-2000:])
    name = case.__name__.replace("_", " ")
    print(f"{'FAIL' if failures else 'ok  '} {name}, {time.monotonic() - started:.1f} s{'; ' + stage.said if stage.said else ''}"
          + "".join("\n     " + one for one in failures), flush=True)
    return not failures


def functional(options, folder, module):
    wanted = (options.only or "").split(",")
    chosen = [one for one in cases.CASES + life.CASES if any(name in one.__name__ for name in wanted)]
    stage = None
    try:
        stage = Stage(options, folder, module)
        return [run_case(stage, one) for one in chosen]
    finally:
        if stage:
            stage.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tool", required=True, help="the rcml program")
    parser.add_argument("--library", required=True, help="where librcml is installed")
    parser.add_argument("--part", choices=["cases", "load"], help="no more than that")
    parser.add_argument("--only", help="cases whose name has this in it")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args()
    options.tool, options.library = os.path.abspath(options.tool), os.path.abspath(options.library)
    os.environ["LD_LIBRARY_PATH"] = options.library + "/lib"
    folder = tempfile.mkdtemp(prefix="rcml-asterisk-")
    try:
        module = server.build_module(folder, options.library)
        results = []
        for name, part in (("cases", functional), ("load", load.run)):
            if options.part in (None, name):
                os.makedirs(os.path.join(folder, name))
                results += part(options, os.path.join(folder, name), module)
    finally:
        if options.keep:
            print("kept: " + folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
