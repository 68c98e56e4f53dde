"""Plays every hostile strategy at full length, a line for each; `scripts/hostile` runs it.

Usage: `table [--scale N] [NAME…]`. It ends with 1 when something got out, or was done.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.hostile.ground import hostile, lay
from tests.hostile.play import HEAD, Came, Ground
from tests.hostile.strategies import strategies


async def play(names: list[str], scale: int, place: Path) -> list[Came]:
    """Play these strategies, each against a new daemon over one home."""
    home = place / "home" / "anna"
    home.mkdir(parents=True)
    found = []
    async with hostile(place / "e") as evil:
        ground = Ground(place, evil, home, lay(home, 40), scale)
        sys.stdout.write(HEAD + "\n")
        for name in names:
            found.append(await ground.play(name))
            sys.stdout.write(found[-1].row() + "\n")
            sys.stdout.flush()
    return found


def main() -> int:
    """Play what is asked for."""
    parser = argparse.ArgumentParser(prog="hostile")
    parser.add_argument(
        "--scale", type=int, default=10, help="how many times longer the floods are"
    )
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="h-") as place:
        names = options.names or list(strategies())
        played = asyncio.run(play(names, options.scale, Path(place)))
    bad = [came for came in played if came.canaries or came.effects]
    searched = sum(came.searched for came in played)
    sys.stdout.write(
        f"\n{len(played)} strategies, {searched:,} bytes searched,"
        f" {sum(len(came.canaries) for came in played)} canaries found,"
        f" {sum(len(came.effects) for came in played)} effects\n"
    )
    for came in bad:
        sys.stdout.write(f"{came.name}: {came.canaries} {came.effects}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
