"""How many messages an orchestrator may send: a bucket that fills with time. Pure.

It waits for nothing and ends nothing; `link` does. Each message costs a commit to the disk, so
without it an orchestrator could keep the daemon and the disk busy for ever. It outlives sessions:
connecting again fills nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

PER_SECOND = 50
"""Messages, in the long run: a plan has at most 64 steps, and a step takes longer than this."""
AT_ONCE = 5000
"""Messages after a pause: what some seventy objectives could be told while this device slept."""


@dataclass(slots=True)
class Pace:
    """How many more messages may come now."""

    at: float
    """When it was looked at last, in seconds of a steady clock."""
    left: float = AT_ONCE

    def allows(self, now: float) -> bool:
        """Count one message; tell whether it may come.

        Args:
            now: Seconds, by the same clock.
        """
        self.left = min(self.left + max(now - self.at, 0.0) * PER_SECOND, AT_ONCE)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True
