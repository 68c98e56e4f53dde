"""Attack: one thing an attacker tries, and what came of it. Values only.

It runs nothing (`ground` gives the parts, the suites the attacks, `table` the list of all).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from doorward.daemon.attacks.ground import Ground


class Ended(StrEnum):
    """How an attack ended."""

    HELD = "held"
    BROKEN = "BROKEN"
    ELSEWHERE = "not applicable here"
    """It needs another system than this one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one attack."""

    ended: Ended
    evidence: str
    """One sentence: what was seen."""


Run = Callable[["Ground"], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack."""

    number: int
    """Of the forty; several that try the same thing in other ways share a number."""
    suite: str
    name: str
    says: str
    """What the attacker does, and what must happen."""
    run: Run
    adaptive: bool = False
    """It knows how the door works and aims at exactly that."""


def held(evidence: str) -> Outcome:
    """Return that the attack came to nothing."""
    return Outcome(Ended.HELD, evidence)


def broken(evidence: str) -> Outcome:
    """Return that the attacker got something."""
    return Outcome(Ended.BROKEN, evidence)


def elsewhere(why: str) -> Outcome:
    """Return that the attack cannot be tried on this system."""
    return Outcome(Ended.ELSEWHERE, why)


def verdict(escaped: list[str], evidence: str) -> Outcome:
    """Return `broken` with what escaped, or `held` with the evidence when nothing did."""
    return broken("; ".join(escaped)[:300]) if escaped else held(evidence)


@dataclass(slots=True)
class Suite:
    """Collects the attacks of one module, in order."""

    name: str
    attacks: list[Attack]

    def attack(self, number: int, says: str, *, adaptive: bool = False) -> Callable[[Run], Run]:
        """Add the function below as an attack."""

        def add(run: Run) -> Run:
            name = getattr(run, "__name__", "")
            self.attacks.append(Attack(number, self.name, name, says, run, adaptive))
            return run

        return add
