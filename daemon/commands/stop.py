"""`doorward stop`: an objective, or without one the daemon and all its children."""

from __future__ import annotations

import argparse

from doorward.daemon.commands.follow import finish
from doorward.daemon.config import load
from doorward.daemon.control.client import Client


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("objective", nargs="?", help="its id; none: the daemon itself")


def run(options: argparse.Namespace) -> int:
    """Stop it."""
    client = Client(load().socket)
    if options.objective:
        client.post(f"/v1/objectives/{options.objective}/stop")
        finish(client, options.objective, as_json=options.json)
        return 0
    client.post("/v1/shutdown")
    print("The daemon is stopping; open objectives go on when it starts again.")
    return 0
