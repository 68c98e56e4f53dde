"""Which part of a long text a question sees, and where its answer stands in the whole: pure.

It asks no model. `engine` reads the window that this chooses and turns what the model copied back
into offsets here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

NEAR = 32_768
"""The most characters that are cut into tokens to choose a window; more is first narrowed."""

Encode: TypeAlias = Callable[[str], Sequence[tuple[int, int]]]
"""Where each token of a text begins and ends."""


@dataclass(frozen=True, slots=True)
class Found:
    """A span of a source text, by offsets, with the mean probability of its tokens."""

    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a text, and where it begins."""

    start: int
    text: str


def window(text: str, asked: str, tokens: int, encode: Encode) -> Window:
    """Return the piece of at most so many tokens that shares most words with what is asked."""
    words = {word for word in asked.lower().split() if len(word) > 2}
    near = _richest(text, words)
    places = encode(near.text)
    if len(places) <= tokens:
        return near
    best, most = Window(near.start, ""), -1
    for first in range(0, len(places), max(1, tokens // 2)):
        start = places[first][0]
        end = places[min(first + tokens, len(places)) - 1][1]
        piece = near.text[start:end]
        score = _score(piece, words)
        if score > most:
            best, most = Window(near.start + start, piece), score
    return best


def _richest(text: str, words: set[str]) -> Window:
    """Narrow a long text by words alone, so that only a bounded part is cut into tokens."""
    if len(text) <= NEAR:
        return Window(0, text)
    starts = range(0, len(text), NEAR // 2)
    best = max(starts, key=lambda start: (_score(text[start : start + NEAR], words), -start))
    return Window(best, text[best : best + NEAR])


def _score(piece: str, words: set[str]) -> int:
    lowered = piece.lower()
    return sum(lowered.count(word) for word in words)


def locate(text: str, seen: Window, answer: str, confidence: float) -> Found | None:
    """Return where an answer stands in the whole text; None when it does not stand there."""
    span = answer.strip()
    at = seen.text.find(span) if span else -1
    if at < 0:
        return None
    start = seen.start + at
    if text[start : start + len(span)] != span:
        return None
    return Found(start, start + len(span), round(confidence, 4))
