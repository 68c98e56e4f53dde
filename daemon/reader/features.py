"""Vectors for texts, and options told apart by examples: by an encoder, or the reader's own model.

It loads nothing. Heads that were fitted are remembered, so a hundred texts cost one fit. `process`
makes it, `serving` runs its tasks.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from typing import Protocol, TypeAlias, cast

from doorward.daemon.reader import head
from doorward.daemon.reader.head import Head
from doorward.daemon.reader.tasks import Task, Work
from doorward.policies.vocabulary import Data

EMBED = 192
"""Tokens of a text that its vector is made from where the reader's own model makes it."""
NAMED = 20.0
"""How sharp nearness to an option's name is."""
NEITHER = ("document", "a text", "something else", "letter", "list of things")
"""What stands for "none of them". Of 42 texts and seven labels 64 % are nearest to the right name,
against 38 % by the likelihood of the name after the text; a chance of 0.6 is reached by 10, all
right, and of names that fit none of them by 1 in 20: without these, by every second text. These
words were chosen on those texts, which flatters: of other papers' kinds 28 to 57 % were right."""
_TOKENS = 512
_HEADS = 8

Pair: TypeAlias = tuple[str, str]
"""A text and the option it belongs to."""
Vectors: TypeAlias = Callable[[Sequence[str]], Generator[None, None, list[list[float]]]]


class Encoder(Protocol):
    """Turns texts into unit vectors, a few at a time."""

    def vectors(self, texts: Sequence[str]) -> Iterator[list[list[float]]]:
        """Yield the vectors of a few texts, in order, until all are done."""
        ...


def by(encoder: Encoder) -> Vectors:
    """Return an encoder's vectors in the form of a task: it gives way after a few texts."""

    def vectors(texts: Sequence[str]) -> Generator[None, None, list[list[float]]]:
        all_of_them: list[list[float]] = []
        for some in encoder.vectors(texts):
            all_of_them += some
            yield
        return all_of_them

    return vectors


class Features:
    """What is done with vectors."""

    def __init__(self, vectors: Vectors, *, compares: bool = False) -> None:
        """Take what makes vectors.

        Args:
            vectors: Makes them.
            compares: An encoder that was trained to compare makes them: near means alike, so that
                an option can be chosen by its name.
        """
        self._vectors = vectors
        self.compares = compares
        self._heads: OrderedDict[tuple[Pair, ...], Head] = OrderedDict()

    def embed(self, texts: Sequence[str]) -> Task:
        """Turn texts into unit vectors."""
        return Task(partial(self._embed, texts), _TOKENS)

    def _embed(self, texts: Sequence[str]) -> Work:
        return cast("Data", (yield from self._vectors(texts)))

    def choose(
        self, texts: Sequence[str], options: Sequence[str], examples: Sequence[Pair]
    ) -> Task:
        """Say of each text how likely each option is, as the examples teach."""
        return Task(partial(self._choose, texts, options, tuple(examples)), _TOKENS)

    def choose_by_name(self, texts: Sequence[str], options: Sequence[str]) -> Task:
        """Say of each text how likely each option is, by how near its name is."""
        return Task(partial(self._choose_by_name, texts, options), _TOKENS)

    def _choose_by_name(self, texts: Sequence[str], options: Sequence[str]) -> Work:
        import numpy as np

        named = [*(f"{option} document" for option in options), *NEITHER]
        names = np.array((yield from self._vectors(named)))
        answers: list[Data] = []
        for vector in (yield from self._vectors(texts)):
            near = names @ np.array(vector) * NAMED
            chances = np.exp(near - near.max())
            answers.append([float(c) for c in (chances / chances.sum())[: len(options)]])
        return answers

    def _choose(
        self, texts: Sequence[str], options: Sequence[str], examples: tuple[Pair, ...]
    ) -> Work:
        fitted = self._heads.get(examples)
        if fitted is None:
            vectors = yield from self._vectors([text for text, _ in examples])
            fitted = head.fit(vectors, [option for _, option in examples])
            self._heads[examples] = fitted
            while len(self._heads) > _HEADS:
                self._heads.popitem(last=False)
        answers: list[Data] = []
        for vector in (yield from self._vectors(texts)):
            chances = dict(zip(fitted.options, fitted.weigh(vector), strict=True))
            answers.append([chances.get(option, 0.0) for option in options])
        return answers
