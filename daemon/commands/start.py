"""`doorward start`: the daemon in the background."""

from __future__ import annotations

import argparse

from doorward.daemon.commands.background import ensure
from doorward.daemon.config import load


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments: none."""


def run(_: argparse.Namespace) -> int:
    """Start it unless it runs."""
    print("The daemon is started." if ensure(load()) else "The daemon is running already.")
    return 0
