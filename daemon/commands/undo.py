"""`doorward undo`: put back every file that an objective changed."""

from __future__ import annotations

import argparse
import json

from doorward.daemon.commands import latest
from doorward.daemon.commands.follow import clean
from doorward.daemon.config import load
from doorward.daemon.control.client import Client


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    latest.argument(options)


def run(options: argparse.Namespace) -> int:
    """Undo it."""
    client = Client(load().socket, timeout=600)
    objective = latest.chosen(client, options.objective)
    view = client.post(f"/v1/objectives/{objective}/undo")
    if options.json:
        print(json.dumps(view))
        return 0
    kept = view["unchanged"]
    back = len(view["changes"]) - len(kept)
    said = "1 change" if back == 1 else f"{back} changes"
    print(f"Undone: {said} of {view['id']} put back.")
    for line in kept:
        print(f"  kept: {clean(line)}")
    return 0
