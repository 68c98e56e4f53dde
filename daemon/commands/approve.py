"""`doorward approve`: yes to the open card of an objective, then follow it to its end.

Also to all that was collected while too many cards were open, after they have been shown.
"""

from __future__ import annotations

import argparse
import sys

from doorward.daemon.commands.follow import follow
from doorward.daemon.commands.list import digest_lines
from doorward.daemon.config import load
from doorward.daemon.control.client import Client
from doorward.daemon.errors import WAITING

EVERY = "all"
"""Stands for an id: all questions that were collected."""


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("objective", help="its id, or all: the collected questions")


def run(options: argparse.Namespace) -> int:
    """Answer yes."""
    return answer(options, yes=True)


def answer(options: argparse.Namespace, *, yes: bool) -> int:
    """Answer the open card and follow."""
    client = Client(load().socket)
    if options.objective == EVERY:
        return _answer_every(client, yes=yes)
    view = client.get(f"/v1/objectives/{options.objective}")
    body = {"card": view["card"]["id"] if view["card"] else "", "yes": yes}
    client.post(f"/v1/objectives/{options.objective}/card", body)
    return follow(client, options.objective, as_json=options.json)


def _answer_every(client: Client, *, yes: bool) -> int:
    told = client.get("/v1/cards")
    print("\n".join(digest_lines(told)))
    if not told["collected"]:
        return 0
    if yes:
        if not sys.stdin.isatty():
            print("Nobody is here to look at them: answer each by its objective's id.")
            return WAITING
        if input("  Do all of this? [y/N] ").strip().lower() not in {"y", "yes"}:
            return WAITING
    done = client.post("/v1/cards", {"digest": told["digest"], "yes": yes})
    print(f"{done['answered']} answered: {'yes' if yes else 'no'}.")
    return 0
