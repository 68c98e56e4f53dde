"""The objectives that change nothing: find, answer, summarise; and what every round is made of.

It holds no result. `rounds.Rounds` builds on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.bench import scores
from scripts.bench.asking import Asker, Outcome
from tests.faults.household import tree

FIND_MOST = 5
"""How many of the documents found a person looks at."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    task: str
    measure: str
    right: int
    total: int
    seconds: float


class Looking:
    """One sample home, one daemon, the answer key."""

    def __init__(self, asker: Asker, home: Path, flat: Path, key: Mapping[str, Any]) -> None:
        self._asker = asker
        self._home = home
        self._at = home
        """The folder of the last objective."""
        self._flat = flat
        """Holds the folder `All`: the documents that the key classifies, side by side."""
        self._key = key
        self.outcomes: list[tuple[str, Outcome]] = []
        self.written: list[str] = []
        """The text of every file that an objective made."""
        self.undone: list[bool] = []
        """Of every objective that was taken back: whether its folder is byte for byte as before."""
        self._before: dict[str, str] = {}

    def find(self) -> Iterator[Figure]:
        """Look for each topic."""
        top = every = wanted = seen = 0
        seconds = 0.0
        for one in self._key["find"]:
            done = self._ask("find", f"Find documents about {one['about']}")
            seconds += done.seconds
            paths = [row[0] for row in done.rows("Best first")]
            wanted += len(one["paths"])
            every += len(set(one["paths"]) & set(paths))
            top += len(set(one["paths"]) & set(paths[:FIND_MOST]))
            seen += bool(paths) and paths[0] in one["paths"]
        yield Figure("find, 11 topics", f"recall@{FIND_MOST}", top, wanted, seconds)
        yield Figure("find, 11 topics", "recall, all that is listed", every, wanted, seconds)
        yield Figure("find, 11 topics", "the first is right", seen, len(self._key["find"]), seconds)

    def questions(self) -> Iterator[Figure]:
        """Ask every question, over the home."""
        counts = dict.fromkeys(("answer", "quote", "refused", "wrong", "not planned"), 0)
        held = [one for one in self._key["questions"] if one["answers"]]
        open_ = [one for one in self._key["questions"] if not one["answers"]]
        seconds = 0.0
        for one in (*held, *open_):
            done = self._ask("question", one["question"])
            seconds += done.seconds
            claimed = bool(done.rows("Where it says so"))
            if one["answers"]:
                right, quoted = scores.question(done, one)
                counts["answer"] += right
                counts["quote"] += quoted
                counts["wrong"] += claimed and not right
            else:
                counts["refused"] += not claimed and done.state == "done"
                counts["wrong"] += claimed
            counts["not planned"] += done.state != "done"
        every = len(held) + len(open_)
        for measure, name, total in (
            ("answer right", "answer", len(held)),
            ("quote right", "quote", len(held)),
            ("said that the home does not say", "refused", len(open_)),
            ("wrongly answered (fewer is better)", "wrong", every),
            ("no plan (fewer is better)", "not planned", every),
        ):
            yield Figure("questions", measure, counts[name], total, seconds)

    def summaries(self) -> Iterator[Figure]:
        """Summarise each document that the key has facts of."""
        right = total = 0
        seconds = 0.0
        for one in self._key["summaries"]:
            done = self._ask("summary", f'Summarise "{one["path"]}"')
            seconds += done.seconds
            total += len(one["facts"])
            if done.state == "done":
                right += sum(done.says(fact) for fact in one["facts"])
        yield Figure("summaries", "key facts kept", right, total, seconds)

    def _ask(self, task: str, text: str, folder: Path | None = None) -> Outcome:
        self._at = folder or self._home
        self._before = tree(self._at)
        done = self._asker.ask(text, self._at)
        self.outcomes.append((task, done))
        return done

    def _back(self, done: Outcome) -> None:
        if done.state == "done" and done.changes:
            self._asker.undo(done.objective)
            self.undone.append(tree(self._at) == self._before)

    def _made(self, name: str) -> str:
        path = self._home / name
        if not path.exists():
            return ""
        self.written.append(path.read_text("utf-8"))
        return self.written[-1]

    def _moves(self, done: Outcome) -> dict[str, str]:
        """Return old path → new path of the files that are moved on the disk, too."""
        told = scores.moves(done.changes)
        return {
            old: new
            for old, new in told.items()
            if (self._at / new).is_file() and not (self._at / old).exists()
        }

    @staticmethod
    def _figures(
        task: str, done: Outcome, figures: Mapping[str, tuple[int, int]]
    ) -> Iterator[Figure]:
        for measure, (right, total) in figures.items():
            kept = right if done.state in {"done", "undone"} else 0
            yield Figure(task, measure, kept, total, done.seconds)
