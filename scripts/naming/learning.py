"""Learn the head of the finder of names from made texts, in numpy, always the same from one seed.

It makes no texts (`filling` does) and loads no model. `scripts/train_names` calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from doorward.daemon.reader import words as seen
from doorward.daemon.reader.names import PROBE, Head, States, beside, packed, pooled

from scripts.naming import sentences as made
from scripts.naming.filling import Names, Span

HIDDEN = 48
EPOCHS = 6
BATCH = 512
LEFT_OUT = 0.2
"""The share of all inputs that is hidden in each step."""
RATE = 2e-3
DECAY = 1e-4
TOGETHER = 32


@dataclass(frozen=True, slots=True)
class Seen:
    """Windows of texts as the head sees them."""

    windows: list[tuple[str, list[Span]]]
    states: list[Any]
    """Of each window, one row a word."""

    def marks(self, given: frozenset[str], family: frozenset[str]) -> list[Any]:
        """Return the flags of each window's words."""
        return [
            np.array(seen.flags(text, seen.words(text), given, family), np.float32)
            for text, _ in self.windows
        ]

    def people(self) -> list[Any]:
        """Tell of each window which of its words are part of a name."""
        return [
            np.array([float(any(w.start < b and w.end > a for a, b in s)) for w in seen.words(t)])
            for t, s in self.windows
        ]


def look(texts: Iterable[tuple[str, list[Span]]], embedder: States, layers: int) -> Seen:
    """Have an embedder look at texts."""
    pieces = [
        (text[a:b], [(max(s, a) - a, min(e, b) - a) for s, e in spans if s < b and e > a])
        for text, spans in texts
        for a, b in seen.windows(text)
    ]
    pieces = sorted((each for each in pieces if seen.words(each[0])), key=lambda each: len(each[0]))
    rows = []
    for at in range(0, len(pieces), TOGETHER):
        some = [text for text, _ in pieces[at : at + TOGETHER]]
        for text, (places, states) in zip(some, embedder.states(some, layers), strict=True):
            rows.append(pooled(seen.words(text), places, states).astype(np.float16))
    return Seen(pieces, rows)


def lexicon(names: Iterable[str]) -> frozenset[str]:
    """Return names as words are compared with them, without words of our own sentences."""
    said = " ".join(
        (made.ENGLISH, made.ENGLISH_NOBODY, made.GERMAN, made.GERMAN_NOBODY, made.OTHERS,
         made.OTHERS_NOBODY, made.DID, made.TAT, made.FRAMES)
    )  # fmt: skip
    plain = re.sub(r"\{\w+\}|\\[nt]", " ", said)
    ordinary = {seen.folded(word) for word in re.findall(r"[^\W_]+", plain) if word.islower()}
    ordinary |= {seen.folded(word) for word in made.NOUNS.split()}
    parts = {seen.folded(part) for name in names for part in name.split()}
    return frozenset(part for part in parts if len(part) > 2 and part not in ordinary)


def known(names: Names, rng: Random, share: float) -> tuple[frozenset[str], frozenset[str]]:
    """Return a share of all names as lexicons: so that the head learns of names in no list, too."""
    given, family = (lexicon(n for n in each if rng.random() < share) for each in names.all())
    return given, family


@dataclass(slots=True)
class Weights:
    """What is learned."""

    inner: Any
    inner_shift: Any
    outer: Any
    outer_shift: Any


def fit(looked: Seen, marks: Sequence[Any], seed: int) -> Weights:
    """Learn, by Adam over shuffled words, with a part of all inputs hidden."""
    rng = np.random.default_rng(seed)
    states = np.concatenate([beside(each).astype(np.float16) for each in looked.states])
    flags = np.concatenate([beside(each) for each in marks])
    wanted = np.concatenate(looked.people()).astype(np.float32)
    middle, spread = states.mean(0, dtype=np.float32), states.std(0, dtype=np.float32) + 1e-3
    size = states.shape[1] + flags.shape[1]
    weights = [
        rng.normal(0, size**-0.5, (size, HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        rng.normal(0, HIDDEN**-0.5, HIDDEN).astype(np.float32),
        np.zeros(1, np.float32),
    ]
    first, second = ([np.zeros_like(each) for each in weights] for _ in range(2))
    steps = EPOCHS * (len(wanted) // BATCH)
    for step, rows in enumerate(_rows(rng, len(wanted)), 1):
        x = np.concatenate([(states[rows] - middle) / spread, flags[rows]], axis=1)
        x *= (rng.random(x.shape, dtype=np.float32) > LEFT_OUT) / (1 - LEFT_OUT)
        hidden = x @ weights[0] + weights[1]
        out = np.maximum(hidden, 0)
        chance = 1 / (1 + np.exp(-(out @ weights[2] + weights[3])))
        wrong = (chance - wanted[rows]) / BATCH
        back = np.outer(wrong, weights[2]) * (hidden > 0)
        slopes = [x.T @ back, back.sum(0), out.T @ wrong, wrong.sum(keepdims=True)]
        rate = RATE * (1 - step / steps) + 1e-5
        for at, slope in enumerate(slopes):
            first[at] += 0.1 * (slope - first[at])
            second[at] += 0.001 * (slope * slope - second[at])
            spread_out = np.sqrt(second[at] / (1 - 0.999**step)) + 1e-8
            move = first[at] / (1 - 0.9**step) / spread_out
            weights[at] -= rate * (move + DECAY * weights[at])
    inner, shift, outer, outer_shift = weights
    inner[: len(spread)] /= spread[:, None]  # states are given as they are
    return Weights(inner, shift - middle @ inner[: len(middle)], outer, outer_shift)


def _rows(rng: Any, count: int) -> Iterable[Any]:
    for _ in range(EPOCHS):
        order = rng.permutation(count)
        for at in range(0, count - BATCH + 1, BATCH):
            yield order[at : at + BATCH]


def save(path: Path, weights: Weights, embedder: States, layers: int, least: float,
         lexicons: tuple[frozenset[str], frozenset[str]]) -> None:  # fmt: skip
    """Write the file: the large table in whole numbers of eight bits, a scale a column."""
    scale = np.abs(weights.inner).max(axis=0) / 127
    [(_, probe)] = embedder.states([PROBE], layers)
    given, family = lexicons
    np.savez_compressed(
        path,
        layers=np.int64(layers),
        least=np.float64(least),
        inner=np.round(weights.inner / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        inner_shift=weights.inner_shift.astype(np.float32),
        outer=weights.outer.astype(np.float32),
        outer_shift=np.float64(weights.outer_shift[0]),
        given=np.frombuffer(packed(sorted(given)), np.uint8),
        family=np.frombuffer(packed(sorted(family)), np.uint8),
        probe=probe.astype(np.float16),
    )


def judged(looked: Seen, marks: Sequence[Any], head: Head, least: float) -> tuple[float, float]:
    """Return recall and precision over windows, where half of a span is enough."""
    wanted = hit = said = right = 0
    for (text, spans), states, flags in zip(looked.windows, looked.states, marks, strict=True):
        chances = head.chances(states.astype(np.float32), flags)
        found = [(a, b) for a, b, _ in seen.joined(text, seen.words(text), chances, least)]
        wanted, said = wanted + len(spans), said + len(found)
        hit += sum(any(covers(one, each) for one in found) for each in spans)
        right += sum(any(covers(e, one) or covers(one, e) for e in spans) for one in found)
    return hit / max(1, wanted), right / max(1, said)


def covers(one: Span, other: Span) -> bool:
    """Tell whether they share at least half of the second."""
    return 2 * (min(one[1], other[1]) - max(one[0], other[0])) >= other[1] - other[0]
