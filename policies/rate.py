"""Rate: how often the user may be asked. Pure.

It keeps no times and shows no card: `daemon.door.asking` does, and passes the times in. Beyond the
rate cards are collected and shown together as one; whoever asks without end is stopped.
"""

from __future__ import annotations

from collections.abc import Sequence

HOUR = 3600.0
"""Seconds of the window in which cards are counted."""
AN_HOUR = 5
"""Cards that are shown in any hour, over all objectives, unless the user says otherwise."""
AN_OBJECTIVE = 20
"""Cards of one objective before it is stopped."""


def opens(shown: Sequence[float], now: float, most: int) -> float:
    """Return how many seconds from now the next card may be shown; 0 for at once.

    Args:
        shown: When cards were shown before, POSIX seconds, in any order.
        now: POSIX seconds, never going back.
        most: Cards in any hour; 0 shows none.
    """
    if most < 1:
        return HOUR
    recent = sorted(at for at in shown if at > now - HOUR)
    if len(recent) < most:
        return 0.0
    # The window is half open: a card leaves it a full hour after it was shown.
    return max(recent[-most] + HOUR - now, 0.0)


def recent(shown: Sequence[float], now: float) -> list[float]:
    """Return the times that still count."""
    return [at for at in shown if at > now - HOUR]


def too_many(cards: int, most: int) -> str:
    """Say why an objective is stopped that has asked `cards` times; empty while it may go on."""
    if cards < most:
        return ""
    return f"it has asked you {cards} times, which is more than any one objective may"
