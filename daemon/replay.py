"""Replay: requests that were judged once, judged again under another policy. Offline.

It mints nothing and changes nothing: the daemon's database is opened for reading. What it reads are
the requests that each receipt keeps, sealed. `doorward policy what-if` shows the differences.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from doorward.daemon.errors import Misused
from doorward.daemon.objectives.codec import request_from
from doorward.daemon.values.vault import Seal
from doorward.policies.judging import judge
from doorward.policies.requests import Request, Verdict
from doorward.policies.rules import Policy


@dataclass(frozen=True, slots=True)
class Difference:
    """One request that another policy judges otherwise; alike ones are counted."""

    request: Request
    before: Verdict
    after: Verdict
    count: int = 1


def recorded(database: Path, seal: Seal) -> Iterator[Request]:
    """Yield the requests of all receipts, oldest first.

    Raises:
        Misused: There is no database, or none that can be read.
        Tampered: A receipt does not match its seal.
    """
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT n, sealed FROM receipt ORDER BY n").fetchall()
    except sqlite3.Error as error:
        raise Misused(f"cannot read the receipts in {database}: {error}") from error
    for n, sealed in rows:
        details = json.loads(seal.open(sealed, f"receipt/{n}"))
        for held in details.get("requests", ()):
            yield request_from(held)


def differences(
    requests: Iterable[Request], before: Policy | None, after: Policy | None
) -> tuple[int, list[Difference]]:
    """Judge every request under both policies.

    Returns:
        How many requests there were, and those with another decision or release, alike ones
        (same tool, effect, destination, rules) as one.
    """
    total = 0
    found: dict[tuple[str, ...], Difference] = {}
    for request in requests:
        total += 1
        one, other = judge(request, before), judge(request, after)
        if (one.decision, one.release) == (other.decision, other.release):
            continue
        where = str(request.destination)
        alike = (request.tool, request.effect, where, one.rule, other.rule, other.decision)
        held = found.get(alike)
        found[alike] = Difference(request, one, other, held.count + 1 if held else 1)
    return total, list(found.values())
