"""The table of all attacks, by number; `doorward attack` and the tests go through it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from doorward.daemon.attacks import (
    adaptive,
    exfiltration,
    injection,
    orchestrator,
    paths,
    trust,
)
from doorward.daemon.attacks.attack import Attack, Outcome
from doorward.daemon.attacks.ground import Ground

FORTY = range(1, 41)
SUITES = (
    "paths",
    "injection",
    "exfiltration",
    "orchestrator",
    "connectors",
    "approvals",
    "receipts",
)
_MODULES = (paths, injection, adaptive, exfiltration, orchestrator, trust)


def attacks(suite: str = "") -> Sequence[Attack]:
    """Return every attack, or those of one suite, in the order of their numbers."""
    found = [one for module in _MODULES for one in module.ATTACKS if suite in {"", one.suite}]
    return sorted(found, key=lambda one: (one.number, one.adaptive))


async def run(attack: Attack, *, thorough: bool = False) -> Outcome:
    """Run one attack on a ground of its own, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="doorward-attack-") as folder:
        return await attack.run(Ground(Path(folder).resolve(), thorough=thorough))
