"""`doorward models`: list or get the local models."""

from __future__ import annotations

import argparse

from doorward.daemon.config import load


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("what", choices=["list", "get"])


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from doorward.daemon.models.fetch import fetch

    folder = load().models
    if options.what == "list":
        found = sorted(path.name for path in folder.glob("*.gguf")) if folder.exists() else []
        print("\n".join(found) or "No model yet: doorward models get")
        return 0
    print(f"Ready: {fetch(folder, print)}")
    return 0
