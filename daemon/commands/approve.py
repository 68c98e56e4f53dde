"""`doorward approve`: yes to the open card of an objective, then follow it to its end."""

from __future__ import annotations

import argparse

from doorward.daemon.commands.follow import follow
from doorward.daemon.config import load
from doorward.daemon.control.client import Client


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("objective", help="its id")


def run(options: argparse.Namespace) -> int:
    """Answer yes."""
    return answer(options, yes=True)


def answer(options: argparse.Namespace, *, yes: bool) -> int:
    """Answer the open card and follow."""
    client = Client(load().socket)
    view = client.get(f"/v1/objectives/{options.objective}")
    card = view["card"]["id"] if view["card"] else ""
    client.post(f"/v1/objectives/{options.objective}/card", {"card": card, "yes": yes})
    return follow(client, options.objective, as_json=options.json)
