"""`doorward deny`: no to the open card of an objective, then follow it to its end."""

from __future__ import annotations

import argparse

from doorward.daemon.commands.approve import answer
from doorward.daemon.commands.approve import arguments as arguments


def run(options: argparse.Namespace) -> int:
    """Answer no."""
    return answer(options, yes=False)
