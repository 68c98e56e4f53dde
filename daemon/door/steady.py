"""A clock that never goes back: for what expires and for what is counted by the hour.

It is not for receipts or for what a person reads: after the device's clock was set back it stays
ahead of it. The latest time it gave is kept, so that a restart gains nobody time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable


class Steady:
    """POSIX seconds that only grow, also over restarts."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        clock: Callable[[], float],
        ticks: Callable[[], float],
    ) -> None:
        """Go on from the latest time that was kept.

        Args:
            connection: Where the latest time is kept.
            clock: POSIX seconds of the device, which may be set back.
            ticks: Seconds since any moment, which go on whatever is set.
        """
        connection.execute("CREATE TABLE IF NOT EXISTS steady (latest REAL NOT NULL) STRICT")
        row = connection.execute("SELECT max(latest) FROM steady").fetchone()
        self._connection = connection
        self._clock = clock
        self._ticks = ticks
        self._since = ticks()
        self._latest: float = max(clock(), row[0] or 0.0)

    def now(self) -> float:
        """Return the time: the device's, or later where that was set back."""
        ticks = self._ticks()
        self._latest = max(self._clock(), self._latest + max(ticks - self._since, 0.0))
        self._since = ticks
        return self._latest

    def keep(self) -> float:
        """Return the time and keep it; inside a transaction where there is one."""
        now = self.now()
        self._connection.execute("DELETE FROM steady WHERE latest <= ?", (now,))
        self._connection.execute("INSERT INTO steady VALUES (?)", (now,))
        return now
