"""`doorward status`: how the daemon is."""

from __future__ import annotations

import argparse
import json

from doorward.daemon.commands.follow import clean
from doorward.daemon.config import load
from doorward.daemon.control.client import Client


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments: none."""


def run(options: argparse.Namespace) -> int:
    """Print it."""
    socket = load().socket
    held = {**Client(socket).get("/v1/status"), "socket": str(socket)}
    if options.json:
        print(json.dumps(held))
        return 0
    print(f"The daemon runs as process {held['pid']}, {len(held['open'])} objectives open.")
    print(f"Policy: {held['policy'] or 'none: the door is closed'}; link: {clean(held['link'])}")
    print(f"Control socket: {clean(held['socket'])}")
    if held["policy_trouble"]:
        print(f"Policy trouble: {held['policy_trouble']}; the last good one holds")
    return 0
