"""Make the reader's client for what is chosen: the daemon's, and that of a trial.

It starts nothing by itself: the process begins with the first request. `daemon.main` and the
command `models` call it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from doorward.daemon.models.chosen import Chosen
from doorward.daemon.models.client import ReaderClient


def client(chosen: Callable[[], Chosen], folder: Path, idle: float) -> ReaderClient:
    """Return a client that runs what is chosen in the models folder."""
    return ReaderClient(chosen, folder / "cache", idle=idle)
