"""Asks a running Doorward for objectives and reads what came of them: answer, notes, files, time.

It judges nothing; `scores` does. `scripts/bench/accuracy` and tests/journeys call it.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doorward.daemon.control.client import Client
from doorward.daemon.errors import DaemonError

_COPY = re.compile(r"- (.+?)(?: · it)? is a copy of (.+)")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one objective ended."""

    objective: str
    text: str
    state: str
    answer: str
    notes: tuple[str, ...]
    reason: str
    changes: tuple[str, ...]
    seconds: float
    recipe: str

    def rows(self, heading: str = "") -> list[list[str]]:
        """Return the bullets below the heading that begins so; without one, the list before any.

        A heading is a line that ends with a colon.
        """
        found: list[list[str]] = []
        inside = not heading
        for line in self.answer.splitlines():
            if line.startswith("- "):
                if inside:
                    found.append(line[2:].split(" · "))
            elif line.endswith(":"):
                inside = bool(heading) and line.startswith(heading)
        return found

    def copies(self) -> dict[str, str]:
        """Return each file that the answer calls a copy, with the one it is a copy of."""
        found = (_COPY.fullmatch(line) for line in self.answer.splitlines())
        return {told[1]: told[2] for told in found if told}

    def with_copies(self, paths: Iterable[str]) -> set[str]:
        """Return the paths and those that the answer left out as a copy of one of them."""
        kept = set(paths)
        return kept | {copy for copy, twin in self.copies().items() if twin in kept}

    def says(self, words: str) -> bool:
        """Tell whether the answer holds the words, white space and case aside."""
        return folded(words) in folded(self.answer)


def folded(text: str) -> str:
    """Return text with single spaces and without case."""
    return " ".join(text.casefold().split())


class Asker:
    """Gives objectives to the daemon behind one control socket."""

    def __init__(self, socket: Path, limit: float = 300.0) -> None:
        self._client = Client(socket, timeout=60)
        self._limit = limit
        """Seconds for one objective; longer is stopped and counts as wrong."""

    def ask(self, text: str, folder: Path) -> Outcome:
        """Carry out one objective; every card is answered with yes."""
        begun = time.perf_counter()
        made = str(self._client.post("/v1/objectives", {"text": text, "folder": str(folder)})["id"])
        clock = threading.Timer(self._limit, self._stop, [made])
        clock.start()
        recipe = ""
        try:
            for event in self._client.events(made):
                if event["kind"] == "planned":
                    recipe = str(event.get("recipe", ""))
                elif event["kind"] == "card" or event.get("wait") == "approval":
                    self._approve(made)
                elif event["kind"] == "state" and event["ended"]:
                    break
        finally:
            clock.cancel()
        view = self._client.get(f"/v1/objectives/{made}")
        return _outcome(view, time.perf_counter() - begun, recipe)

    def undo(self, objective: str) -> str:
        """Take an objective back; return its state."""
        return str(self._client.post(f"/v1/objectives/{objective}/undo")["state"])

    def _approve(self, objective: str) -> None:
        card = self._client.get(f"/v1/objectives/{objective}")["card"]
        if card:
            self._client.post(f"/v1/objectives/{objective}/card", {"card": card["id"], "yes": True})

    def _stop(self, objective: str) -> None:
        with suppress(DaemonError):
            self._client.post(f"/v1/objectives/{objective}/stop")


def _outcome(view: Mapping[str, Any], seconds: float, recipe: str) -> Outcome:
    return Outcome(
        objective=str(view["id"]),
        text=str(view["text"]),
        state=str(view["state"]),
        answer=str(view["answer"] or ""),
        notes=tuple(view["notes"]),
        reason=str(view["reason"] or ""),
        changes=tuple(str(change) for change in view["changes"]),
        seconds=seconds,
        recipe=recipe,
    )


def amounts(text: str) -> dict[str, str]:
    """Return the sums of a line such as `1,234.50 EUR + 79.33 USD`, by currency."""
    found = re.findall(r"(?:^|\s|\+)(-?[\d,]+\.\d\d) ([A-Z]{3})\b", text)
    return {currency: value.replace(",", "") for value, currency in found}
