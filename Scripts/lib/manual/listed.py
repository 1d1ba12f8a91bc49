"""The settings of the library, as the tool lists them."""

import itertools
import json
import subprocess

TITLES = {
    "calls": "Calls", "limits": "Limits", "sound": "Sound and recordings", "documents": "Documents and parameters",
    "web": "Web requests", "callbacks": "Callbacks and signatures", "sip": "What our SIP says", "network": "Network",
    "numbers": "Numbers and clients", "host": "What the host is asked and told", "files": "Files",
}


def settings(tool):
    lines = subprocess.run([tool, "settings", "--json"], check=True, capture_output=True, text=True, timeout=60).stdout
    return [dict(json.loads(line)) for line in lines.splitlines()]


def by_theme(tool):
    """(theme, title, settings), in the order of the table."""
    for theme, found in itertools.groupby(settings(tool), lambda setting: setting["theme"]):
        yield theme, TITLES[theme], list(found)


def facts(setting):
    """(name, text) of all but its sentence."""
    found = [("Values", setting["values"]), ("Default", setting["default"] or "nothing")]
    if "presets" in setting:
        found.append(("Presets", setting["presets"].replace(" ", ", ")))
    found.append(("Example", f"{setting['name']}={setting['example']}"))
    found.append(("Scope", setting["scope"]))
    if "clause" in setting:
        found.append(("Clause", setting["clause"]))
    return found
