"""`doorward list`: every objective, newest first."""

from __future__ import annotations

import argparse
import json

from doorward.daemon.commands.follow import clean
from doorward.daemon.config import load
from doorward.daemon.control.client import Client


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments: none."""


def run(options: argparse.Namespace) -> int:
    """Print them."""
    held = Client(load().socket).get("/v1/objectives")["objectives"]
    if options.json:
        print(json.dumps(held))
    elif not held:
        print(
            'No objectives yet. Try: doorward ask "find documents about my lease" --in ~/Documents'
        )
    for one in [] if options.json else held:
        wait = f" for {one['wait']}" if one["wait"] else ""
        print(
            f"{one['id']}  {one['created'][:16]}  {one['state'] + wait:<20}  {clean(one['text'])}"
        )
    return 0
