"""How long to wait before the next attempt to connect. Pure: the random number is passed in.

It does not wait and does not connect; `link` does both.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST = 0.2
"""Seconds: the ceiling of the first wait."""
LONGEST = 30.0
"""Seconds: the ceiling of any wait."""
HEALTHY = 30.0
"""Seconds a session must have lasted before its end counts as a fresh start."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """How many attempts have failed in a row."""

    failures: int = 0

    def wait(self, chance: float) -> float:
        """Return seconds to wait: full jitter below a ceiling that doubles.

        Args:
            chance: A random number from 0 to 1.
        """
        ceiling = FIRST * 2.0 ** min(self.failures, 16)
        return chance * min(LONGEST, ceiling)

    def after(self, lasted: float) -> Backoff:
        """Return the state after a session that was up for `lasted` seconds (0: never up)."""
        return Backoff() if lasted >= HEALTHY else Backoff(self.failures + 1)
