"""The objective that a verb is about: the one named, or the latest.

`show`, `why` and `undo` take it; verbs that answer a card or stop something want an id.
"""

from __future__ import annotations

import argparse

from doorward.daemon.control.client import Client
from doorward.daemon.errors import Misused


def argument(options: argparse.ArgumentParser) -> None:
    """Add the argument that names it."""
    options.add_argument("objective", nargs="?", help="its id; none: the latest")


def chosen(client: Client, named: str | None) -> str:
    """Return the id that was named, or that of the latest objective.

    Raises:
        Misused: None was named and there is none yet.
    """
    if named is not None:
        return named
    held = client.get("/v1/objectives")["objectives"]
    if not held:
        error = Misused("there is no objective yet")
        error.add_note('hint: try doorward ask "find documents about my lease" --in ~/Documents')
        raise error
    return str(held[0]["id"])
