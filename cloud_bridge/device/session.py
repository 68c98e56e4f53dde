"""One session seen from the device, as a pure machine: events in, effects out.

It does no I/O, has no clock and never sees a message's content, only numbers. `link` feeds it what
happened and carries out what it says; tests drive it through every interleaving.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from doorward.cloud_bridge.device.outbox import Position
from doorward.cloud_bridge.flow import Arrival, OutOfOrder, Receiving, Sending

PROTO = 1
"""The one protocol version that this side speaks."""


@dataclass(frozen=True, slots=True)
class Welcomed:
    """Event: the orchestrator said where its side stands."""

    up_ack: int
    down_head: int
    proto: int
    must_refetch: bool = False
    same: bool = True
    """Whether what the orchestrator holds up to `up_ack` is what we wrote: the chains agree."""


@dataclass(frozen=True, slots=True)
class Acked:
    """Event: up entries are on the orchestrator's disk."""

    seq: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """Event: a down entry arrived."""

    seq: int


@dataclass(frozen=True, slots=True)
class Stored:
    """Event: a down entry is committed here."""

    seq: int


@dataclass(frozen=True, slots=True)
class Grown:
    """Event: the outbox has new entries."""

    head: int


Event: TypeAlias = Welcomed | Acked | Arrived | Stored | Grown


@dataclass(frozen=True, slots=True)
class Send:
    """Effect: write these up entries to the stream."""

    entries: range


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Effect: say that every down entry up to this one is on our disk."""

    seq: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Effect: commit the down entry that arrived, then report `Stored`."""

    seq: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Effect: up entries up to this one are safe on the other side."""

    seq: int


@dataclass(frozen=True, slots=True)
class Restart:
    """Effect: begin a new epoch, then connect again at once."""


@dataclass(frozen=True, slots=True)
class End:
    """Effect: drop this connection and try again later."""

    reason: str


Effect: TypeAlias = Send | Acknowledge | Keep | Forget | Restart | End


class Session:
    """One connection's worth of logic; make a new one for every stream."""

    def __init__(self, position: Position) -> None:
        """Start from where the logs stand on the disk."""
        self._up = Sending(position.up_head, position.up_acked)
        self._down = Receiving(position.down_held)
        self._live = False
        self._over = False

    @property
    def live(self) -> bool:
        """Tell whether the orchestrator has welcomed us and nothing has gone wrong since."""
        return self._live and not self._over

    def handle(self, event: Event) -> list[Effect]:
        """Take one event; return what to do, in order."""
        if self._over:
            return []
        try:
            effects = self._take(event)
        except OutOfOrder as exc:
            effects = [End(str(exc))]
        self._over = any(isinstance(each, End | Restart) for each in effects)
        return effects

    def _take(self, event: Event) -> list[Effect]:
        match event:
            case Welcomed():
                return self._welcomed(event)
            case Grown():
                self._up.head = max(self._up.head, event.head)
                return self._pending() if self._live else []
            case Stored():
                self._down.stored(event.seq)
                return [Acknowledge(self._down.held)]
            case Acked() | Arrived() if not self._live:
                return [End("the orchestrator spoke before its welcome")]
            case Acked():
                newer = self._up.acknowledge(event.seq)
                return [Forget(event.seq), *self._pending()] if newer else []
            case Arrived():
                if self._down.arrive(event.seq) is Arrival.NEW:
                    return [Keep(event.seq)]
                return [Acknowledge(self._down.held)]

    def _welcomed(self, event: Welcomed) -> list[Effect]:
        if self._live:
            return [End("the orchestrator welcomed us twice")]
        if event.proto != PROTO:
            return [End(f"the orchestrator chose protocol {event.proto}, we speak {PROTO}")]
        if event.must_refetch or event.down_head < self._down.held:
            return [Restart()]
        if not event.same or not self._up.acked <= event.up_ack <= self._up.head:
            return [Restart()]
        self._live = True
        newer = event.up_ack > self._up.acked
        self._up.resume(event.up_ack)
        return [*([Forget(event.up_ack)] if newer else []), *self._pending()]

    def _pending(self) -> list[Effect]:
        entries = self._up.due()
        return [Send(entries)] if entries else []
