"""One session seen from the orchestrator, as a pure machine: events in, effects out.

The other half of `device.session`; neither imports the other. No I/O, no clock, only numbers.
`service` feeds it and carries out what it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from doorward.cloud_bridge.flow import WINDOW, Arrival, OutOfOrder, Receiving, Sending
from doorward.cloud_bridge.orchestrator.log import Standing

PROTO_OLDEST = 1
PROTO_NEWEST = 1
"""The protocol versions that this side speaks."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a device says of itself first."""

    epoch: str
    down_ack: int
    up_head: int
    up_acked: int
    proto_min: int
    proto_max: int
    credits: int = 0


@dataclass(frozen=True, slots=True)
class Acked:
    """Event: down entries are on the device's disk."""

    seq: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """Event: an up entry arrived."""

    seq: int


@dataclass(frozen=True, slots=True)
class Stored:
    """Event: an up entry is committed here."""

    seq: int


@dataclass(frozen=True, slots=True)
class Grown:
    """Event: this device's log has new entries."""

    head: int


Event: TypeAlias = Acked | Arrived | Stored | Grown


@dataclass(frozen=True, slots=True)
class Welcome:
    """Effect: say where our side stands."""

    up_ack: int
    down_head: int
    must_refetch: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Effect: write these down entries to the stream."""

    entries: range


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Effect: say that every up entry up to this one is on our disk."""

    seq: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Effect: commit the up entry that arrived, then report `Stored`."""

    seq: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Effect: down entries up to this one are safe on the device."""

    seq: int


@dataclass(frozen=True, slots=True)
class Refuse:
    """Effect: say why the session cannot go on, and close it."""

    reason: str


Effect: TypeAlias = Welcome | Send | Acknowledge | Keep | Forget | Refuse


def version(greeting: Greeting) -> int | None:
    """Return the newest version that both ends speak; None if there is none."""
    newest = min(greeting.proto_max, PROTO_NEWEST)
    return newest if newest >= max(greeting.proto_min, PROTO_OLDEST) else None


class Session:
    """One connection's worth of logic; make a new one for every stream."""

    def __init__(self, standing: Standing, greeting: Greeting) -> None:
        """Start from where the logs stand here and what the device said."""
        window = min(WINDOW, greeting.credits or WINDOW)
        self._down = Sending(standing.down_head, standing.down_acked, window=window)
        self._up = Receiving(standing.up_held)
        self._greeting = greeting
        self._over = False

    def begin(self) -> list[Effect]:
        """Answer the greeting.

        Entries that the device claims and we do not have, or that we dropped and it does not
        have, cannot be made up for: it must begin a new epoch.
        """
        says, up_held = self._greeting, self._up.held
        joined = says.up_acked <= up_held <= says.up_head
        if not joined or not self._down.acked <= says.down_ack <= self._down.head:
            self._over = True
            return [Welcome(up_held, self._down.head, must_refetch=True)]
        newer = says.down_ack > self._down.acked
        self._down.resume(says.down_ack)
        effects: list[Effect] = [Welcome(up_held, self._down.head)]
        if newer:
            effects.append(Forget(says.down_ack))
        return [*effects, *self._pending()]

    def handle(self, event: Event) -> list[Effect]:
        """Take one event; return what to do, in order."""
        if self._over:
            return []
        try:
            return self._take(event)
        except OutOfOrder as exc:
            self._over = True
            return [Refuse(str(exc))]

    def _take(self, event: Event) -> list[Effect]:
        match event:
            case Grown():
                self._down.head = max(self._down.head, event.head)
                return self._pending()
            case Stored():
                self._up.stored(event.seq)
                return [Acknowledge(self._up.held)]
            case Acked():
                newer = self._down.acknowledge(event.seq)
                return [Forget(event.seq), *self._pending()] if newer else []
            case Arrived():
                if self._up.arrive(event.seq) is Arrival.NEW:
                    return [Keep(event.seq)]
                return [Acknowledge(self._up.held)]

    def _pending(self) -> list[Effect]:
        entries = self._down.due()
        return [Send(entries)] if entries else []
