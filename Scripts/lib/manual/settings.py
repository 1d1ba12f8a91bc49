#!/usr/bin/env python3
"""The settings as a page of Markdown, on standard output: settings.py TOOL"""

import sys

import codes
import listed


def main():
    print("# Settings\n")
    print("How an agent behaves: `rcml_agent_set`, `agent:set` in Lua, `--set NAME=VALUE` and `--settings FILE` of the tool. "
          "One call may have its own value of a setting with scope call, given with its document; of one with scope beginning "
          "only when the call is being made. `rcml settings NAME` says the same.\n")
    for theme, title, settings in listed.by_theme(sys.argv[1]):
        print(f"## {title} {{#{theme}}}\n")
        for setting in settings:
            print(f"### {setting['name']}\n\n{codes.words(setting['text'])}\n")
            for name, text in listed.facts(setting):
                print(f"- {name}: {codes.words(text)}")
            print()


if __name__ == "__main__":
    main()
