"""The two halves of a durable, ordered log on one connection: who sends, who receives. Pure.

It is not the log: rows live in SQLite, at both ends. Here are only the numbers that say which rows
to send and which arrival is new. Both ends' sessions are made of one half each way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256

WINDOW = 64
"""Entries sent and not yet acknowledged, at most: HTTP/2 flow control alone is no backpressure."""


class OutOfOrder(Exception):
    """The other end broke the order: drop the connection and resume."""


def link(chain: bytes, key: str) -> bytes:
    """Return the chain after one more entry; it tells a log from one that was set back and regrew.

    A restored disk can have as many entries as the other end expects, and other ones: lengths
    cannot show it. Keys name contents, so the chain runs over keys.
    """
    return sha256(chain + key.encode()).digest()[:16]


class Arrival(Enum):
    """What an arriving entry is."""

    NEW = auto()
    """Store it, then call `stored`."""
    KNOWN = auto()
    """It is stored already: acknowledge again."""


@dataclass(slots=True)
class Sending:
    """Which entries of our log the other end still needs."""

    head: int
    """The last entry of our log."""
    acked: int
    """Every entry up to this one is on the other end's disk."""
    sent: int = 0
    """The last entry written to this connection."""
    window: int = WINDOW

    def resume(self, held: int) -> None:
        """Begin after what the other end says it has, never after what was sent.

        Raises:
            OutOfOrder: When it claims entries that we never wrote or forgot to have seen acked.
        """
        if not self.acked <= held <= self.head:
            msg = f"cannot resume at {held}: our log has {self.acked} to {self.head}"
            raise OutOfOrder(msg)
        self.acked = self.sent = held

    def acknowledge(self, held: int) -> bool:
        """Take an acknowledgement; tell whether it says anything new.

        Raises:
            OutOfOrder: When it covers what was never sent here.
        """
        if held > self.sent:
            msg = f"entry {held} was acknowledged, only {self.sent} was sent"
            raise OutOfOrder(msg)
        newer = held > self.acked
        self.acked = max(self.acked, held)
        return newer

    def due(self) -> range:
        """Return the entries to write now, and count them as sent."""
        last = min(self.head, self.acked + self.window)
        wanted = range(self.sent + 1, last + 1)
        self.sent = max(self.sent, last)
        return wanted


@dataclass(slots=True)
class Receiving:
    """Which entries of the other end's log we hold."""

    held: int
    """Every entry up to this one is on our disk."""

    def arrive(self, seq: int) -> Arrival:
        """Say whether an entry is new.

        Raises:
            OutOfOrder: When one before it is missing.
        """
        if seq > self.held + 1:
            msg = f"entry {seq} arrived, {self.held + 1} is missing"
            raise OutOfOrder(msg)
        return Arrival.NEW if seq == self.held + 1 else Arrival.KNOWN

    def stored(self, seq: int) -> None:
        """Note that an entry is committed; only now may it be acknowledged."""
        self.held = max(self.held, seq)
