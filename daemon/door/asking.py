"""Asking: makes the cards, paces them, and keeps which yes was used.

It judges nothing (the gate says whether a yes holds) and shows nothing. A token is written down
before the effect it lets happen. One that has begun may go on after a crash, for the very commit
that had begun, from its journal; nothing else uses it again. Called by the door and the supervisor.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from doorward.daemon.door.steady import Steady
from doorward.daemon.objectives.objective import Asked, Card, CardKind, Objective, Ticket
from doorward.daemon.store import transaction
from doorward.policies import rate
from doorward.policies.approvals import Terms, Yes, mint, timeless
from doorward.policies.requests import Request

_TABLES = (
    "CREATE TABLE IF NOT EXISTS spent (token TEXT PRIMARY KEY, objective TEXT NOT NULL,"
    " step TEXT NOT NULL, at REAL NOT NULL, expires REAL NOT NULL, done INTEGER NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS carded (at REAL NOT NULL) STRICT",
)
_KEPT = 90 * 24 * 3600.0
"""Seconds for which a used token is kept after its expiry, which alone would void it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a card waits and how many there may be."""

    timeout: float
    """Seconds after which an unanswered card means no."""
    an_hour: int = rate.AN_HOUR
    an_objective: int = rate.AN_OBJECTIVE


class Yeses:
    """The approvals that came with a yes; each is taken once."""

    def __init__(self, approved: Iterable[Asked] = (), ahead: Iterable[Asked] = ()) -> None:
        """Hold what was approved.

        Args:
            approved: On the card that was just answered.
            ahead: On earlier cards, for what was to come: good for exactly that, else asked anew.
        """
        self._held: dict[tuple[str, ...], list[Asked]] = {}
        self._ahead: dict[tuple[str, ...], list[Asked]] = {}
        for held, all_of_it in ((self._held, approved), (self._ahead, ahead)):
            for asked in all_of_it:
                held.setdefault(_call(asked.request), []).append(asked)

    def take(self, request: Request, content: str) -> Asked | None:
        """Return the yes to this call: to exactly it, else to one that it may have been before."""
        call, same = _call(request), timeless(request)
        for held in (self._held.get(call, []), self._ahead.get(call, [])):
            for at, asked in enumerate(held):
                if asked.ticket.content == content and timeless(asked.request) == same:
                    return held.pop(at)
        changed = self._held.get(call)
        return changed.pop(0) if changed else None


def _call(request: Request) -> tuple[str, ...]:
    where = (request.resource, str(request.destination))
    return (request.objective, request.step, request.tool, request.effect, *where)


class Asking:
    """Cards, their tokens and their pace."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        key: bytes,
        steady: Steady,
        new_id: Callable[[], str],
        limits: Limits,
    ) -> None:
        """Keep used tokens and the times of cards in `connection`.

        Args:
            connection: The daemon's database.
            key: The device's key for approvals.
            steady: The clock for expiry and pace.
            new_id: Names cards.
            limits: How long and how many.
        """
        self._connection = connection
        self.key = key
        self._steady = steady
        self._new_id = new_id
        self.limits = limits
        for table in _TABLES:
            connection.execute(table)

    def now(self) -> float:
        """Return the time that expiry is held against: POSIX seconds, never going back."""
        return self._steady.now()

    # --- cards

    def card(self, objective: Objective, kind: CardKind, asks: Sequence[Asked]) -> Card:
        """Return a card for these, each with its token; held back when the hour is full."""
        with transaction(self._connection):
            now = self._steady.keep()
            name, expires = self._new_id(), now + self.limits.timeout
            asked = tuple(
                self._ticketed(one, f"{name}/{at}", expires) for at, one in enumerate(asks)
            )
            held = not self._count(now)
        again = kind is CardKind.STEP and self._begun(objective, asks)
        return Card(name, kind, asked, expires, held=held, again=again)

    def _ticketed(self, asked: Asked, place: str, expires: float) -> Asked:
        content = asked.ticket.content
        terms = Terms(asked.request, content, asked.verdict.policy, expires, place)
        return replace(asked, ticket=Ticket(mint(self.key, terms), content, place, expires))

    def _begun(self, objective: Objective, asks: Sequence[Asked]) -> bool:
        """Tell whether one of these was begun with an earlier yes, and never came to its end."""
        steps = {one.request.step for one in asks}
        rows = self._connection.execute(
            "SELECT step FROM spent WHERE objective = ? AND NOT done", (objective.id,)
        ).fetchall()
        return any(row[0] in steps for row in rows)

    def too_many(self, objective: Objective) -> str:
        """Say why an objective may ask no more; empty while it may."""
        return rate.too_many(objective.cards, self.limits.an_objective)

    # --- pace

    def opens(self) -> float:
        """Return how many seconds from now a card may be shown."""
        now = self.now()
        return rate.opens(self._times(now), now, self.limits.an_hour)

    def reveal(self) -> bool:
        """Count one card as shown now, if the hour allows."""
        with transaction(self._connection):
            return self._count(self._steady.keep())

    def _count(self, now: float) -> bool:
        if rate.opens(self._times(now), now, self.limits.an_hour) > 0:
            return False
        self._connection.execute("DELETE FROM carded WHERE at <= ?", (now - rate.HOUR,))
        self._connection.execute("INSERT INTO carded VALUES (?)", (now,))
        return True

    def _times(self, now: float) -> list[float]:
        rows = self._connection.execute("SELECT at FROM carded").fetchall()
        return rate.recent([row[0] for row in rows], now)

    # --- used tokens

    def yes(self, asked: Asked, content: str, *, resume: bool) -> Yes:
        """Return a yes as the gate judges it.

        Args:
            asked: What the card asked.
            content: The digest of what would be done now.
            resume: A commit that may have begun with this token and was cut off.
        """
        ticket = asked.ticket
        row = self._connection.execute(
            "SELECT at, done FROM spent WHERE token = ?", (ticket.token,)
        ).fetchone()
        goes_on = resume and row is not None and not row[1]
        return Yes(
            Terms(asked.request, ticket.content, asked.verdict.policy, ticket.expires, ticket.card),
            ticket.token,
            content,
            at=row[0] if goes_on else self.now(),
            spent=row is not None and not goes_on,
        )

    def ahead(self, objective: Objective, policy: str) -> list[Asked]:
        """Return what was approved for later, is unused and holds under this policy."""
        now = self.now()
        good = [
            one
            for one in objective.granted
            if one.ticket.expires > now and one.verdict.policy == policy
        ]
        return [one for one in good if not self.yes(one, "", resume=False).spent]

    def spend(self, asked: Sequence[Asked], *, resume: bool) -> None:
        """Write down, before the effect, that these tokens are used.

        Raises:
            NoRoom: They could not be written; nothing may happen.
        """
        if not asked:
            return
        again = " ON CONFLICT (token) DO NOTHING" if resume else ""
        with transaction(self._connection):
            now = self._steady.keep()
            self._connection.execute("DELETE FROM spent WHERE expires < ?", (now - _KEPT,))
            self._connection.executemany(
                f"INSERT INTO spent VALUES (?, ?, ?, ?, ?, 0){again}",  # noqa: S608  # two fixed texts
                [
                    (
                        one.ticket.token,
                        one.request.objective,
                        one.request.step,
                        now,
                        one.ticket.expires,
                    )
                    for one in asked
                ],
            )

    def over(self, asked: Sequence[Asked]) -> None:
        """Write down that what these tokens let happen has come to its end."""
        if asked:
            with transaction(self._connection):
                self._connection.executemany(
                    "UPDATE spent SET done = 1 WHERE token = ?",
                    [(one.ticket.token,) for one in asked],
                )
