"""What the reader does next: pure, values in and one decision out; no clock, no model, no socket.

It runs nothing. `serving` asks it between two forward passes, so a decision holds for one pass: who
waits for an answer comes before the night, then first come, first served; nothing is begun that has
no room; what is less urgent gives its room back when a person needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

from doorward.tools.reading.reader import Urgency

PASSES: Final = 3
"""Passes of prompts between two tokens of those who hear an answer already."""
GATHER: Final = 16
"""Passes of prompts before the first token, while nobody hears anything: rows that begin together
are decoded together."""


class Stage(Enum):
    """How far a request is."""

    WAITING = auto()
    """Not begun: it holds nothing."""
    READY = auto()
    """Begun: its next forward pass is its own."""
    DECODING = auto()
    """Its rows are decoded, together with those of others."""


@dataclass(frozen=True, slots=True)
class Work:
    """One request, as far as the order of work is concerned."""

    number: int
    urgency: Urgency
    arrived: int
    """A count that grows: who came first."""
    need: int
    """The most bytes that it will hold once begun."""
    rows: int
    """The most rows that it decodes at once."""
    stage: Stage = Stage.WAITING
    told: bool = False
    """Its answer has been heard in part, so it cannot begin again."""


@dataclass(frozen=True, slots=True)
class Room:
    """What all that has been begun may hold together."""

    need: int
    rows: int
    together: bool
    """Whether rows of several requests may be decoded as one batch."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin this request."""

    number: int


@dataclass(frozen=True, slots=True)
class Advance:
    """Do one forward pass of this request."""

    number: int


@dataclass(frozen=True, slots=True)
class Decode:
    """Decode one token of every row of this urgency."""

    urgency: Urgency


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Free all that this request holds; it begins again later."""

    number: int


@dataclass(frozen=True, slots=True)
class Rest:
    """There is nothing to do."""


Decision: TypeAlias = Begin | Advance | Decode | GiveBack | Rest


def next_up(works: Sequence[Work], room: Room, *, passed: int) -> Decision:
    """Decide what to do until the line is looked at again.

    Args:
        works: Every request that is not answered yet; none of them needs more than `room` alone.
        room: What may be held.
        passed: How many passes of prompts there were since a token was decoded. Prompts come
            first, so that rows are decoded together; who hears an answer already waits for a few
            at most.
    """
    waits = False
    for urgency in sorted({work.urgency for work in works}):
        mine = sorted((w for w in works if w.urgency is urgency), key=lambda w: w.arrived)
        entry = None if waits else _entry(mine, works, room)
        if entry is not None:
            return entry
        waits |= any(w.stage is Stage.WAITING for w in mine)  # no room: the less urgent only end
        ready = next((w for w in mine if w.stage is Stage.READY), None)
        decoding = [w for w in mine if w.stage is Stage.DECODING]
        most = PASSES if any(w.told for w in decoding) else GATHER
        if ready is not None and (passed < most or not decoding):
            return Advance(ready.number)
        if decoding:
            return Decode(urgency)
    return Rest()


def _entry(mine: Sequence[Work], works: Sequence[Work], room: Room) -> Begin | GiveBack | None:
    """Let the first in the line begin, or make room for it; nobody overtakes it meanwhile."""
    first = next((w for w in mine if w.stage is Stage.WAITING), None)
    if first is None:
        return None
    held = [w for w in works if w.stage is not Stage.WAITING]
    if _fits(first, held, room):
        return Begin(first.number)
    yielding = [w for w in held if w.urgency > first.urgency and not w.told]
    if yielding and _fits(first, [w for w in held if w not in yielding], room):
        return GiveBack(max(yielding, key=lambda w: w.arrived).number)
    return None


def _fits(work: Work, held: Iterable[Work], room: Room) -> bool:
    beside = list(held)
    if not room.together and any(w.urgency is work.urgency for w in beside):
        return False
    alike = [w for w in beside if w.urgency is work.urgency]
    need = work.need + sum(w.need for w in beside)
    rows = work.rows + sum(w.rows for w in alike)
    return need <= room.need and (rows <= room.rows or not alike)
