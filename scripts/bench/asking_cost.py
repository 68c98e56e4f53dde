"""What an objective costs its user: cards, their lines, receipts, seconds; through a real daemon.

It judges nothing. Every change is taken back, so that each objective finds the same home.
`scripts/bench/friction` and tests/canaries call it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.bench.asking import Asker
from tests.faults.household import Household


@dataclass(frozen=True, slots=True)
class Cost:
    """What one objective asked of its user, and how it ended."""

    state: str
    reason: str
    cards: int
    lines: int
    """What is to be read on all its cards: their rows."""
    changes: int
    receipts: int
    seconds: float


class Meter:
    """A household with the shipped policy, over the sample home."""

    def __init__(self, place: Path, models: Path) -> None:
        """Lay the home."""
        self._house = Household(place, models)
        with (self._house.state / "config.toml").open("a", encoding="utf-8") as settings:
            settings.write("cards_an_hour = 1000\n")  # all in one hour: none is to be collected
        self._asker = Asker(self._house.state / "control.sock", limit=120)

    def __enter__(self) -> Meter:
        """Start the daemon.

        Raises:
            RuntimeError: It does not start; the message says why.
        """
        started = self._house.doorward("start")
        if started.returncode:
            raise RuntimeError(started.stderr)
        return self

    def __exit__(self, *_: object) -> None:
        """End everything."""
        self._house.doorward("stop")
        self._house.close()

    def ask(self, text: str) -> Cost:
        """Carry out one objective, every card answered with yes; take its changes back."""
        before = self._receipts()
        done = self._asker.ask(text, self._house.home)
        cards = [each["card"] for each in self._events(done.objective) if "rows" in _card(each)]
        receipts = self._receipts() - before
        if done.changes:
            self._asker.undo(done.objective)
        return Cost(
            state=done.state,
            reason=done.reason,
            cards=len({card["id"] for card in cards}),
            lines=sum(len(card["rows"]) for card in cards),
            changes=len(done.changes),
            receipts=receipts,
            seconds=done.seconds,
        )

    def _events(self, objective: str) -> list[dict[str, Any]]:
        told = []
        for event in self._house.client.events(objective):
            told.append(event)
            if event["kind"] == "state" and event["ended"]:
                break
        return told

    def _receipts(self) -> int:
        ledger = self._house.state / "receipts.jsonl"
        return ledger.read_bytes().count(b"\n") if ledger.exists() else 0


def _card(event: dict[str, Any]) -> dict[str, Any]:
    card = event.get("card")
    return card if isinstance(card, dict) else {}
