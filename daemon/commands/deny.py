"""`doorward deny`: no to the open card of an objective, then follow it to its end."""

from __future__ import annotations

import argparse

from doorward.daemon.commands import approve


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("objective", help="its id, or all: the collected questions")


def run(options: argparse.Namespace) -> int:
    """Answer no."""
    return approve.answer(options, yes=False)
