"""`doorward ask`: give an objective and watch it happen, card included.

The objective is the daemon's once it is acknowledged: interrupting this command stops nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from doorward.daemon.commands.background import ensure
from doorward.daemon.commands.follow import follow
from doorward.daemon.config import load
from doorward.daemon.control.client import Client


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("objective", help="what you want, in your words")
    options.add_argument(
        "--in", dest="folder", default=".", help="the folder it is about; default: here"
    )
    options.add_argument(
        "--yes", action="store_true", help="say yes to the card, without being asked"
    )
    options.add_argument(
        "--detach", action="store_true", help="return at once with the objective's id"
    )


def run(options: argparse.Namespace) -> int:
    """Submit, then follow."""
    config = load()
    ensure(config)
    client = Client(config.socket)
    folder = str(Path(options.folder).expanduser().absolute())
    made = client.post("/v1/objectives", {"text": options.objective, "folder": folder})
    if options.detach:
        print(made["id"])
        return 0
    return follow(client, made["id"], yes=options.yes, as_json=options.json)
