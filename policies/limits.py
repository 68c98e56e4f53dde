"""Limits: how often a rule may grant, and at which times: a count in a window, hours, days.

No counting (that is `daemon.door.usage`) and no clock: how often a rule was used, the day and the
time of day come in with the request. `document` reads them, `conditions` asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MOST = 1_000_000
"""The greatest number that a limit may name."""


class Window(StrEnum):
    """What a limit counts in. A day is the last 24 hours: midnight gives nothing back."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    OBJECTIVE = "objective"
    """The whole of one objective, however long it takes."""

    @property
    def seconds(self) -> int | None:
        """Return how long it is; None for an objective."""
        return {Window.MINUTE: 60, Window.HOUR: 3600, Window.DAY: 86_400}.get(self)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many grants in a window."""

    count: int
    window: Window

    def __str__(self) -> str:
        """Return it as a person says it: `20 a day`."""
        return f"{self.count} {'an' if self.window[0] in 'ho' else 'a'} {self.window}"

    @classmethod
    def parse(cls, text: str) -> Limit | None:
        """Read `20/day`; None when it is no limit."""
        count, _, window = (part.strip() for part in text.partition("/"))
        if not (count.isascii() and count.isdigit()) or len(count) > len(str(MOST)):
            return None
        if window not in set(Window) or not 0 < int(count) <= MOST:
            return None
        return cls(int(count), Window(window))


class Day(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


WEEK = frozenset(Day)


def days_of(text: str) -> frozenset[Day] | None:
    """Read `mon`, or `mon-fri`, which may pass Sunday; None when it is neither."""
    week = list(Day)
    first, dash, last = (part.strip() for part in text.lower().partition("-"))
    if first not in week or (dash and last not in week):
        return None
    start, end = week.index(Day(first)), week.index(Day(last if dash else first))
    return frozenset(week[start : end + 1] if start <= end else week[start:] + week[: end + 1])


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of the day, in minutes after midnight; it may pass midnight. The end is not in it."""

    start: int
    end: int

    def hold(self, time: str) -> bool | None:
        """Tell whether `HH:MM` lies in it; None when that is no time of day."""
        minutes = minutes_of(time)
        if minutes is None:
            return None
        if self.start <= self.end:
            return self.start <= minutes < self.end
        return minutes >= self.start or minutes < self.end


def minutes_of(time: str) -> int | None:
    """Return the minutes after midnight of `HH:MM`, or None when that is no time of day."""
    hour, _, minute = time.partition(":")
    if len(time) != 5 or not (time.isascii() and hour.isdigit() and minute.isdigit()):
        return None
    return int(hour) * 60 + int(minute) if int(hour) < 24 and int(minute) < 60 else None
