"""The `doorward` command: reads the verb, runs its module, turns errors into a sentence and a code.

It imports nothing but the standard library and the verb that was asked for. Exit codes are in
`daemon.errors` and in the README.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from doorward.daemon.errors import DaemonError, exit_code, sentence

VERBS: dict[str, str] = {
    "ask": "carry out an objective",
    "list": "list objectives",
    "show": "show one objective: plan, answer, changes, what left",
    "approve": "say yes to the open card of an objective",
    "deny": "say no to the open card of an objective",
    "stop": "stop an objective, or the daemon",
    "undo": "undo the file changes of an objective",
    "correct": "say what a document really is; list or forget what you said",
    "why": "say which rule decided what, with its line",
    "receipts": "show, verify or export the receipt ledger",
    "policy": "check, show, judge, explain or compare policy files",
    "connectors": "list, add, check, pin, remove or call a connector",
    "credentials": "add, list or remove what connectors sign in with",
    "attack": "run the attacks that Doorward is meant to hold against",
    "models": "list, get, use, test, measure or remove local models",
    "status": "say how the daemon is",
    "doctor": "check every part and say what to do",
    "start": "start the daemon in the background",
    "run": "run the daemon in the foreground",
}


def parser() -> argparse.ArgumentParser:
    """Return the top-level parser; each verb's module adds its own arguments when it is named."""
    top = argparse.ArgumentParser(
        prog="doorward",
        description="A personal agent that lives on your Mac: one door, and you hold the key.",
        epilog="Exit codes: 0 done · 2 misused · 3 daemon not running · 9 policy invalid · "
        "10 refused or failed · 11 waiting for you · 12 stopped; the README lists all.",
    )
    top.add_argument("--version", action="store_true", help="print the version")
    verbs = top.add_subparsers(dest="verb", metavar="VERB")
    for verb, about in VERBS.items():
        verbs.add_parser(verb, help=about, add_help=False)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    top = parser()
    if given[:1] == ["--version"]:
        from importlib.metadata import version

        print(f"doorward {version('doorward')}")
        return 0
    if not given or given[0] not in VERBS:
        top.parse_args(given)
        top.print_help()
        return 2
    verb = importlib.import_module(f"doorward.daemon.commands.{given[0]}")
    options = argparse.ArgumentParser(prog=f"doorward {given[0]}", description=VERBS[given[0]])
    options.add_argument("--json", action="store_true", help="print JSON instead of sentences")
    verb.arguments(options)
    try:
        code: int = verb.run(options.parse_args(given[1:]))
        sys.stdout.flush()
    except DaemonError as error:
        print(f"doorward: {sentence(error)}", file=sys.stderr)
        return exit_code(error)
    except KeyboardInterrupt:
        print(
            "\ndoorward: interrupted; what was acknowledged goes on: doorward list", file=sys.stderr
        )
        return 130
    except BrokenPipeError:
        return 141
    return code
