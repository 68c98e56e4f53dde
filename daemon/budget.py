"""The bit budget: adds up what each destination was told of an objective besides content.

It counts nothing itself (`policies.bits` does) and refuses nothing (the door does). What was told
of a step is kept by step, so that a step that is carried out again after a crash costs once. The
day is the device's date: a clock that is set back finds the same sums again.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Protocol

from doorward.policies.bits import Spent
from doorward.policies.vocabulary import ObjectiveId, StepId


@dataclass(frozen=True, slots=True)
class Told:
    """One release: to whom, of which step, on which day."""

    destination: str
    objective: ObjectiveId
    step: StepId
    day: str
    """ISO date."""


class Budget(Protocol):
    """Where bits are added up."""

    def spent(self, told: Told) -> Spent:
        """Return what was told before, this very step left out."""
        ...

    def spend(self, told: Told, bits: int) -> None:
        """Add what is told now; the same step again counts once, at its largest."""
        ...


@dataclass(slots=True)
class MemoryBudget:
    """A budget that ends with the process."""

    rows: dict[tuple[str, ObjectiveId, StepId], tuple[str, int]] = field(default_factory=dict)

    def spent(self, told: Told) -> Spent:
        """Return what was told before, this very step left out."""
        others = [
            (objective, day, bits)
            for (to, objective, step), (day, bits) in self.rows.items()
            if to == told.destination and (objective, step) != (told.objective, told.step)
        ]
        return Spent(
            sum(bits for objective, _, bits in others if objective == told.objective),
            sum(bits for _, day, bits in others if day == told.day),
        )

    def spend(self, told: Told, bits: int) -> None:
        """Add what is told now."""
        key = (told.destination, told.objective, told.step)
        self.rows[key] = (told.day, max(bits, self.rows.get(key, ("", 0))[1]))


class StoredBudget:
    """A budget in the daemon's database: numbers and ids, nothing private."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep it in the table `told` of `connection`."""
        self._connection = connection
        connection.execute(
            "CREATE TABLE IF NOT EXISTS told (destination TEXT, objective TEXT, step TEXT,"
            " day TEXT NOT NULL, bits INTEGER NOT NULL,"
            " PRIMARY KEY (destination, objective, step)) STRICT, WITHOUT ROWID"
        )
        connection.execute("CREATE INDEX IF NOT EXISTS told_day ON told (destination, day)")

    def spent(self, told: Told) -> Spent:
        """Return what was told before, this very step left out."""
        (objective,) = self._connection.execute(
            "SELECT coalesce(sum(bits), 0) FROM told"
            " WHERE destination = ? AND objective = ? AND step <> ?",
            (told.destination, told.objective, told.step),
        ).fetchone()
        (day,) = self._connection.execute(
            "SELECT coalesce(sum(bits), 0) FROM told"
            " WHERE destination = ? AND day = ? AND NOT (objective = ? AND step = ?)",
            (told.destination, told.day, told.objective, told.step),
        ).fetchone()
        return Spent(objective, day)

    def spend(self, told: Told, bits: int) -> None:
        """Add what is told now."""
        self._connection.execute(
            "INSERT INTO told VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET day = excluded.day, bits = max(bits, excluded.bits)",
            (told.destination, told.objective, told.step, told.day, bits),
        )
