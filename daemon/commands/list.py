"""`doorward list`: every objective, newest first; with `--cards` every open question."""

from __future__ import annotations

import argparse
import json

from doorward.daemon.commands.follow import card_lines, clean
from doorward.daemon.config import load
from doorward.daemon.control.client import Client, Json


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument(
        "--cards", action="store_true", help="show every open question, also the collected ones"
    )


def run(options: argparse.Namespace) -> int:
    """Print them."""
    client = Client(load().socket)
    if options.cards:
        told = client.get("/v1/cards")
        print(json.dumps(told) if options.json else "\n".join(_every_card(told)))
        return 0
    held = client.get("/v1/objectives")["objectives"]
    if options.json:
        print(json.dumps(held))
        return 0
    if not held:
        print(
            'No objectives yet. Try: doorward ask "find documents about my lease" --in ~/Documents'
        )
    for one in held:
        wait = f" for {one['wait']}" if one["wait"] else ""
        print(
            f"{one['id']}  {one['created'][:16]}  {one['state'] + wait:<20}  {clean(one['text'])}"
        )
    if any(one["collected"] for one in held):
        print("\n".join(["", _collected(sum(one["collected"] for one in held))]))
    return 0


def _collected(number: int) -> str:
    questions = "1 question was" if number == 1 else f"{number} questions were"
    return f"{questions} collected, to ask you less often: doorward list --cards"


def _every_card(told: Json) -> list[str]:
    lines: list[str] = []
    for one in told["shown"]:
        lines += _card(one)
    return [*lines, *digest_lines(told)] if told["collected"] or not lines else lines


def digest_lines(told: Json) -> list[str]:
    """Return the questions that were collected, all on one card."""
    if not told["collected"]:
        return ["No questions are collected."]
    lines = ["Collected, to ask you less often:"]
    for one in told["collected"]:
        lines += _card(one)
    return [*lines, "", "All at once: doorward approve all (or deny all)"]


def _card(one: Json) -> list[str]:
    name = one["objective"]
    told = [f"{name}  {clean(one['text'])}", *card_lines(one["card"])[1:]]
    return ["", *told, f"  doorward approve {name} (or deny)"]
