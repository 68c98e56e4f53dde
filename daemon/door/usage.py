"""Usage: how often rules with a limit have granted, kept so that nothing gives a limit back.

It decides nothing: the gate says which rules a grant counts against, the door counts. What is
reserved for a step that is being judged counts at once, for every objective, until it is kept or
given back. The clock only moves forward: set back, it stays where it was, also over a restart.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection
from typing import Protocol

from doorward.cloud_bridge import durable
from doorward.policies.limits import Limit, Window
from doorward.policies.rules import Policy
from doorward.policies.vocabulary import ObjectiveId

Used = tuple[tuple[str, int], ...]
"""What a request says: each rule with a limit, and how often it has granted in its window."""

_TABLES = """
CREATE TABLE IF NOT EXISTS usage (
  rule TEXT NOT NULL, at REAL NOT NULL, objective TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS usage_of ON usage (rule, at);
CREATE TABLE IF NOT EXISTS usage_clock (one INTEGER PRIMARY KEY, latest REAL NOT NULL) STRICT;
"""
_DAY = 86_400.0


class Records(Protocol):
    """Where grants are kept."""

    def latest(self) -> float:
        """Return the latest time that was ever seen; POSIX seconds, 0 at first."""
        ...

    def add(self, rule: str, at: float, objective: str) -> None:
        """Keep one grant; `at` becomes the latest time."""
        ...

    def since(self, rule: str, start: float) -> int:
        """Return how often a rule has granted after `start`."""
        ...

    def within(self, rule: str, objective: str) -> int:
        """Return how often a rule has granted within an objective."""
        ...

    def drop(self, before: float, lasting: Collection[str]) -> None:
        """Forget what is older than `before`, but for these rules."""
        ...


class Usage:
    """Counts grants against limits."""

    def __init__(self, records: Records, clock: Callable[[], float]) -> None:
        """Count in `records`; `clock` gives POSIX seconds."""
        self._records = records
        self._clock = clock
        self._reserved: dict[str, Counter[str]] = {}

    def used(self, policy: Policy | None, objective: ObjectiveId) -> Used:
        """Return how often each rule with a limit has granted, reservations included."""
        limited = [rule for rule in policy.rules if rule.limit is not None] if policy else []
        if not limited:
            return ()
        now = self._now()
        return tuple((r.id, self._count(r.id, r.limit, objective, now)) for r in limited if r.limit)

    def _count(self, rule: str, limit: Limit, objective: ObjectiveId, now: float) -> int:
        seconds = limit.window.seconds
        if seconds is None:
            held = self._reserved.get(objective, Counter())[rule]
            return self._records.within(rule, objective) + held
        held = sum(counter[rule] for counter in self._reserved.values())
        return self._records.since(rule, now - seconds) + held

    def reserve(self, rules: Collection[str], objective: ObjectiveId) -> None:
        """Count one grant of each rule from now on, until it is kept or given back."""
        if rules:
            self._reserved.setdefault(objective, Counter()).update(list(rules))

    def give_back(self, objective: ObjectiveId) -> None:
        """Undo what is reserved for an objective: nothing of it will happen."""
        self._reserved.pop(objective, None)

    def keep(self, objective: ObjectiveId, policy: Policy | None) -> None:
        """Write down what is reserved for an objective; called before it happens."""
        reserved = self._reserved.pop(objective, None)
        if not reserved:
            return
        now = self._now()
        for rule in reserved.elements():
            self._records.add(rule, now, objective)
        rules = policy.rules if policy else ()
        lasting = [r.id for r in rules if r.limit and r.limit.window is Window.OBJECTIVE]
        self._records.drop(now - _DAY, lasting)

    def _now(self) -> float:
        return max(self._clock(), self._records.latest())


class UsageTable:
    """Grants in the daemon's database: they survive a restart."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use a connection made by `store.connect`."""
        self._connection = connection
        connection.executescript(_TABLES)

    def latest(self) -> float:
        """Return the latest time that was ever seen."""
        row = self._connection.execute("SELECT latest FROM usage_clock").fetchone()
        return float(row[0]) if row else 0.0

    def add(self, rule: str, at: float, objective: str) -> None:
        """Keep one grant."""
        with durable.transaction(self._connection):
            self._connection.execute("INSERT INTO usage VALUES (?, ?, ?)", (rule, at, objective))
            self._connection.execute(
                "INSERT INTO usage_clock VALUES (1, ?) ON CONFLICT (one) DO UPDATE"
                " SET latest = max(latest, excluded.latest)",
                (at,),
            )

    def since(self, rule: str, start: float) -> int:
        """Return how often a rule has granted after `start`."""
        return self._number("SELECT count(*) FROM usage WHERE rule = ? AND at > ?", rule, start)

    def within(self, rule: str, objective: str) -> int:
        """Return how often a rule has granted within an objective."""
        query = "SELECT count(*) FROM usage WHERE rule = ? AND objective = ?"
        return self._number(query, rule, objective)

    def drop(self, before: float, lasting: Collection[str]) -> None:
        """Forget what is older than `before`, but for these rules."""
        with durable.transaction(self._connection):
            self._connection.execute(
                "DELETE FROM usage WHERE at <= ? AND rule NOT IN (SELECT value FROM json_each(?))",
                (before, json.dumps(list(lasting))),
            )

    def _number(self, query: str, *values: object) -> int:
        row = self._connection.execute(query, values).fetchone()
        return int(row[0])


class UsageMemory:
    """The twin of `UsageTable` for tests: a restart forgets it."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, float, str]] = []
        self._latest = 0.0

    def latest(self) -> float:
        """Return the latest time that was ever seen."""
        return self._latest

    def add(self, rule: str, at: float, objective: str) -> None:
        """Keep one grant."""
        self._rows.append((rule, at, objective))
        self._latest = max(self._latest, at)

    def since(self, rule: str, start: float) -> int:
        """Return how often a rule has granted after `start`."""
        return sum(name == rule and at > start for name, at, _ in self._rows)

    def within(self, rule: str, objective: str) -> int:
        """Return how often a rule has granted within an objective."""
        return sum((name, whose) == (rule, objective) for name, _, whose in self._rows)

    def drop(self, before: float, lasting: Collection[str]) -> None:
        """Forget what is older than `before`, but for these rules."""
        self._rows = [row for row in self._rows if row[1] > before or row[0] in lasting]
