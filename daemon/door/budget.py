"""The bit budget: adds up what each destination was told of an objective besides content.

It counts nothing itself (`policies.bits` does) and is no policy: it can only tell less. The door
calls `within` for each release. What was told
of a step is kept by step, so that a step that is carried out again after a crash costs once. The
day is the device's date: a clock that is set back finds the same sums again.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from typing import Protocol

from doorward.daemon.errors import DaemonError
from doorward.policies.bits import OUTCOME, Learned, Spent, exhausted, learned, over
from doorward.policies.vocabulary import Data, ObjectiveId, Release, StepId


class AskedTooMuch(DaemonError):
    """Not even how a step ended may be told any more: the objective ends here."""


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

    def spend(self, told: Told, new: Learned) -> None:
        """Add what is told now; the same step again counts once, at its largest."""
        ...


@dataclass(slots=True)
class MemoryBudget:
    """A budget that ends with the process."""

    rows: dict[tuple[str, ObjectiveId, StepId], tuple[str, Learned]] = field(default_factory=dict)

    def spent(self, told: Told) -> Spent:
        """Return what was told before, this very step left out."""
        others = [
            (objective, day, new)
            for (to, objective, step), (day, new) in self.rows.items()
            if to == told.destination and (objective, step) != (told.objective, told.step)
        ]
        return Spent(
            sum(new.bits for objective, _, new in others if objective == told.objective),
            sum(new.bits for _, day, new in others if day == told.day),
            frozenset(
                number
                for objective, _, new in others
                for number in new.numbers
                if objective == told.objective
            ),
        )

    def spend(self, told: Told, new: Learned) -> None:
        """Add what is told now."""
        key = (told.destination, told.objective, told.step)
        _, before = self.rows.get(key, ("", Learned()))
        bits = max(new.bits, before.bits)
        self.rows[key] = (told.day, Learned(bits, new.numbers | before.numbers))


class StoredBudget:
    """A budget in the daemon's database: numbers and ids, nothing private."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep it in the table `told` of `connection`."""
        self._connection = connection
        connection.execute(
            "CREATE TABLE IF NOT EXISTS told (destination TEXT, objective TEXT, step TEXT,"
            " day TEXT NOT NULL, bits INTEGER NOT NULL, numbers TEXT NOT NULL,"
            " PRIMARY KEY (destination, objective, step)) STRICT, WITHOUT ROWID"
        )
        connection.execute("CREATE INDEX IF NOT EXISTS told_day ON told (destination, day)")

    def spent(self, told: Told) -> Spent:
        """Return what was told before, this very step left out."""
        rows = self._connection.execute(
            "SELECT bits, numbers FROM told WHERE destination = ? AND objective = ? AND step <> ?",
            (told.destination, told.objective, told.step),
        ).fetchall()
        (day,) = self._connection.execute(
            "SELECT coalesce(sum(bits), 0) FROM told"
            " WHERE destination = ? AND day = ? AND NOT (objective = ? AND step = ?)",
            (told.destination, told.day, told.objective, told.step),
        ).fetchone()
        numbers = frozenset(int(number) for _, held in rows for number in held.split())
        return Spent(sum(bits for bits, _ in rows), day, numbers)

    def spend(self, told: Told, new: Learned) -> None:
        """Add what is told now."""
        numbers = " ".join(map(str, sorted(new.numbers)))
        self._connection.execute(
            "INSERT INTO told VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET day = excluded.day, bits = max(bits, excluded.bits),"
            " numbers = numbers || ' ' || excluded.numbers",
            (told.destination, told.objective, told.step, told.day, new.bits, numbers),
        )


def within(
    budget: Budget, told: Told, form: Release, data: Data, *, open_end: bool
) -> tuple[Release, str]:
    """Spend what a release tells; return the form that is left, and why it is a lesser one.

    How a step ended is told longer than anything else: without it no plan goes on.

    Args:
        budget: Where bits are added up.
        told: To whom, of which step.
        form: The form that policy allows.
        data: The value.
        open_end: Whether how the step ended tells something, too.

    Raises:
        AskedTooMuch: Even that is more than may be told; nothing may cross.
    """
    ended = OUTCOME if open_end else 0
    spent = budget.spent(told)
    if too_much := exhausted(spent, ended):
        raise AskedTooMuch(too_much)
    new = learned(data, form, spent.numbers)
    why = over(spent, ended + new.bits) if new.bits else ""
    new = Learned() if why else new
    budget.spend(told, replace(new, bits=ended + new.bits))
    return (Release.NOTHING, why) if why else (form, "")
