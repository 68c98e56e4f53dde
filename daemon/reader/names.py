"""Find people: a small head over a sentence model's states of each word and its neighbours.

It is no model of its own and reads no name from anywhere but the text: what it returns are places
in it. The head (`names.npz`; `names.txt` says of what it is made) fits one embedder alone; another
is refused. It knows Latin letters. Lazily imports numpy: only the reader process may call it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from doorward.daemon.reader.tasks import Task, Work
from doorward.daemon.reader.words import FLAGS, Word, flags, joined, windows, words
from doorward.policies.vocabulary import Data

SHIPPED = Path(__file__).with_name("names.npz")
BATCH = 8
"""Windows that go through the model together."""
_TOKENS = 512
PROBE = "Rosa Hart met the committee in Ghent."
"""A text whose states tell whether the embedder is the one that the head was made for."""


class NamelessError(Exception):
    """Nothing here finds people; the message says why."""


class States(Protocol):
    """What gives the states of tokens: `daemon.reader.minilm`."""

    def states(self, texts: Sequence[str], layers: int) -> list[tuple[list[tuple[int, int]], Any]]:
        """Return of each text the place of each token, and its state after so many layers."""
        ...


@dataclass(frozen=True, slots=True)
class Head:
    """The weights, and the names that it knows."""

    layers: int
    """How many of the embedder's layers it needs."""
    least: float
    """The chance from which on a word counts as part of a name."""
    inner: Any
    """From three words' states and flags to a few features."""
    inner_shift: Any
    outer: Any
    outer_shift: float
    given: frozenset[str]
    family: frozenset[str]
    probe: Any

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Head:
        """Read a head; the one that is shipped, unless another is named."""
        import numpy as np

        with np.load(path, allow_pickle=False) as held:
            return cls(
                layers=int(held["layers"]),
                least=float(held["least"]),
                inner=held["inner"].astype(np.float32) * held["scale"].astype(np.float32),
                inner_shift=held["inner_shift"].astype(np.float32),
                outer=held["outer"].astype(np.float32),
                outer_shift=float(held["outer_shift"]),
                given=_unpacked(held["given"]),
                family=_unpacked(held["family"]),
                probe=held["probe"].astype(np.float32),
            )

    def chances(self, states: Any, marks: Any) -> Any:
        """Return the chance of each word of one window that it is part of somebody's name.

        Args:
            states: One row a word.
            marks: Its flags, one row a word.
        """
        import numpy as np

        rows = np.concatenate([beside(states), beside(marks)], axis=1)
        hidden = np.maximum(rows @ self.inner + self.inner_shift, 0)
        return 1 / (1 + np.exp(-(hidden @ self.outer + self.outer_shift)))


def beside(rows: Any) -> Any:
    """Return each row with the one before it and the one after it, zeros at the ends."""
    import numpy as np

    none = np.zeros_like(rows[:1])
    return np.concatenate(
        [rows, np.concatenate([none, rows[:-1]]), np.concatenate([rows[1:], none])], axis=1
    )


def pooled(found: Sequence[Word], places: Sequence[tuple[int, int]], states: Any) -> Any:
    """Return one state a word: the mean of its tokens'."""
    import numpy as np

    rows = np.zeros((len(found), states.shape[-1]), np.float32)
    first = 0
    for number, word in enumerate(found):
        while first < len(places) and places[first][1] <= word.start:
            first += 1
        last = first
        while last < len(places) and places[last][0] < word.end:
            last += 1
        if last > first:
            rows[number] = states[first:last].mean(axis=0)
    return rows


class Names:
    """Finds people in texts, with an embedder."""

    def __init__(self, embedder: States) -> None:
        """Load the head.

        Raises:
            NamelessError: It was made for another embedder.
        """
        import numpy as np

        self._embedder = embedder
        self._head = Head.load()
        [(_, probe)] = embedder.states([PROBE], self._head.layers)
        if probe.shape != self._head.probe.shape or not np.allclose(
            probe, self._head.probe, atol=0.05
        ):
            msg = (
                "people are found with the states of all-MiniLM-L6-v2, and the embedder is another"
            )
            raise NamelessError(msg)

    def find(self, texts: Sequence[str]) -> Task:
        """Say of each text where people stand in it: start, end and how sure it is."""
        return Task(partial(self._find, texts), _TOKENS)

    def _find(self, texts: Sequence[str]) -> Work:
        answers: list[Data] = []
        for text in texts:
            known: list[tuple[Word, float]] = []
            places = windows(text)
            while places:
                told, left = self._batch(text, places[:BATCH])
                known += told
                places = [*left, *places[BATCH:]]
                yield None
            words_, chances = [word for word, _ in known], [chance for _, chance in known]
            spans = joined(text, words_, chances, self._head.least)
            answers.append([[start, end, round(sure, 4)] for start, end, sure in spans])
        return answers

    def _batch(
        self, text: str, places: Sequence[tuple[int, int]]
    ) -> tuple[list[tuple[Word, float]], list[tuple[int, int]]]:
        """Return the words of some windows with their chances, and the windows still to look at.

        A window of many signs has more tokens than the model takes: where they end another begins.
        """
        import numpy as np

        pieces = [(start, text[start:end], words(text[start:end])) for start, end in places]
        pieces = [piece for piece in pieces if piece[2]]
        if not pieces:
            return [], []
        told: list[tuple[Word, float]] = []
        states = self._embedder.states([piece for _, piece, _ in pieces], self._head.layers)
        for (start, piece, found), (tokens, rows) in zip(pieces, states, strict=True):
            marks = flags(piece, found, self._head.given, self._head.family)
            marked = np.array(marks, np.float32).reshape(len(found), FLAGS)
            chances = self._head.chances(pooled(found, tokens, rows), marked)
            cut = _unread(found, tokens)
            for word, chance in zip(found, chances, strict=True):
                if word.start < cut:
                    told.append((Word(word.start + start, word.end + start), float(chance)))
            if cut < found[-1].end:
                end = start + len(piece)
                return told, [(start + cut, end), *(each for each in places if each[0] >= end)]
        return told, []


def _unread(found: Sequence[Word], tokens: Sequence[tuple[int, int]]) -> int:
    """Return where the first word begins that no token reaches; beyond all words if none does."""
    reached = tokens[-1][1] if tokens else 0
    unread = [word.start for word in found if word.start >= reached] if reached else []
    return unread[0] if unread else found[-1].end


def packed(names: Sequence[str]) -> bytes:
    """Return names in the form of the file."""
    return zlib.compress("\n".join(sorted(names)).encode(), 9)


def _unpacked(held: Any) -> frozenset[str]:
    return frozenset(zlib.decompress(held.tobytes()).decode().split("\n"))
