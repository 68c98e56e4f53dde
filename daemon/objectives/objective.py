"""An objective as the daemon keeps it: one frozen value, replaced at each event.

No behaviour beyond small questions about itself: `loop` moves it, `store` keeps it, `codec` writes
it. Content is not here: results are in the vault, file changes in the changeset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from doorward.cloud_bridge.messages import Outcome
from doorward.policies.cards import Facts
from doorward.policies.labels import NEUTRAL, Label
from doorward.policies.plan import Plan, Step
from doorward.policies.requests import Request, Verdict
from doorward.policies.vocabulary import (
    Influence,
    ObjectiveId,
    ObjectiveState,
    StepId,
    Wait,
)


class CardKind(StrEnum):
    """What a yes on a card lets happen."""

    STEP = "step"
    """The asked requests of one step are performed."""
    COMMIT = "commit"
    """The staged file changes are made."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a yes to one request is bound to."""

    token: str = ""
    """Single-use; minted when the card is made."""
    content: str = ""
    """Digest of exactly what would be written, moved or sent."""
    card: str = ""
    """The card and the place on it."""
    expires: float = 0.0
    """POSIX seconds, as the card's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for which policy wants the user's word, with its verdict."""

    request: Request
    verdict: Verdict
    shown: str
    """What the card says of it, built from typed fields: `write invoices.csv (1.2 kB, new)`."""
    facts: Facts = field(default_factory=lambda: Facts("", ""))
    """The same as typed fields, for faces that draw them."""
    ticket: Ticket = field(default_factory=Ticket)
    locked: bool = False
    """A locked rule asks: each call by itself, whatever was said before."""


@dataclass(frozen=True, slots=True)
class Card:
    """One question to the user, for all that is pending in the objective."""

    id: str
    kind: CardKind
    asked: tuple[Asked, ...]
    expires: float
    """POSIX seconds after which silence is a no."""
    held: bool = False
    """Too many cards this hour: it is collected, and shown when the hour allows."""
    again: bool = False
    """A part of it was begun with an earlier yes and cut off: it may have happened already."""


@dataclass(frozen=True, slots=True)
class Report:
    """How a step ended here."""

    outcome: Outcome
    reason: str = ""
    rule: str = ""
    notes: tuple[str, ...] = ()
    """For the user only: what was skipped or doubtful."""
    verdicts: tuple[tuple[str, str, int, int], ...] = ()
    """What the gate said: decision, rule, line, number of requests alike."""


@dataclass(frozen=True, slots=True)
class Due:
    """The step that is to be carried out now."""

    step: Step
    influence: Influence


@dataclass(frozen=True, slots=True)
class Objective:
    """What the user wants and how far it has come."""

    id: ObjectiveId
    text: str
    folder: str
    """Absolute path: where relative paths of the plan start."""
    today: str
    created: str
    """ISO date and time, local."""
    state: ObjectiveState = ObjectiveState.QUEUED
    wait: Wait | None = None
    understood: str = ""
    plan: Plan | None = None
    due: Due | None = None
    reports: Mapping[StepId, Report] = field(default_factory=dict)
    card: Card | None = None
    cards: int = 0
    """How often it has asked."""
    granted: tuple[Asked, ...] = ()
    """What its approved cards had, also for steps that come later; each is used once. The values
    in it are endorsed (`daemon.objectives.endorsed`)."""
    finished: bool = False
    """The orchestrator has said that every step is over: kept for after a crash."""
    committing: tuple[Asked, ...] | None = None
    """The user's yes to the changeset: kept until the commit is through, for after a crash."""
    changed: tuple[str, ...] = ()
    """File changes that were made."""
    unchanged: tuple[str, ...] = ()
    """File changes that were not made, each with its reason."""
    reason: str = ""
    """Why it failed, was refused or stopped."""
    nearest: tuple[str, ...] = ()
    """Objectives that could have been planned."""
    shown: Label = NEUTRAL
    """Of all that was released to the planner as content: what it writes may hold it."""
    influenced: bool = False
    """Something that a stranger could have written was released to the planner: whatever it wants
    from here on may be that stranger's wish. Never taken back."""
    own: bool = False
    """The plan is the user's own command: no orchestrator plans it or hears of it."""
    answered: bool = False
    """The answer is in the vault under `<id>/answer`."""
