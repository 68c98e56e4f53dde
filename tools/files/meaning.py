"""How near documents are to a question in meaning: by how they begin, compared as vectors.

It finds no words and reads no file. Vectors are kept in memory for the next search, by the text
that they are of, and nowhere else: they are the text in another form. Where there is no encoder, or
it takes too long, there is no answer, and words alone decide. `search` calls it.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import OrderedDict
from collections.abc import Callable, Mapping
from operator import mul
from typing import Final

from doorward.tools.reading.reader import Reader, ReaderError, Terms

WORDS: Final = 60
"""Words of a document's beginning that count; more of it made nothing better."""
_FLOOR: Final = 0.25
"""How near a document must be at least: less finds one more of the sample home's documents, and
lists something for nine of ten topics that are not in it, in place of three."""
MOST: Final = 5
"""How many are near at most: what a person looks at."""
_DOCUMENTS: Final = 1000
"""Documents that are compared; in a larger folder words alone decide."""
_KEPT: Final = 4000
_BATCH: Final = 32
_TERMS: Final = Terms(seconds=20)


class Meaning:
    """Compares meanings with the reader's encoder."""

    def __init__(self, reader: Reader, there: Callable[[], bool]) -> None:
        """Take the reader, and what tells whether it has an encoder now."""
        self._reader = reader
        self._there = there
        self._kept: OrderedDict[bytes, array[float]] = OrderedDict()

    async def near(self, about: str, beginnings: Mapping[str, str]) -> list[tuple[str, float]]:
        """Return the documents nearest to a question, the nearest first; none when it cannot tell.

        Args:
            about: What is looked for.
            beginnings: By path, how each document begins.
        """
        if not beginnings or len(beginnings) > _DOCUMENTS:
            return []
        try:
            if not self._there():
                return []
            [asked, *vectors] = await self._vectors([about, *beginnings.values()])
        except ReaderError:
            return []  # words were looked for already
        near = [
            (sum(map(mul, asked, vector)), path)
            for path, vector in zip(beginnings, vectors, strict=True)
        ]
        near.sort(key=lambda each: (-each[0], each[1]))
        return [(path, round(score, 6)) for score, path in near[:MOST] if score >= _FLOOR]

    async def _vectors(self, texts: list[str]) -> list[array[float]]:
        """Return a vector a text, made or kept; what was made stays even if the rest is late."""
        keys = [hashlib.blake2b(text.encode("utf-8", "replace")).digest() for text in texts]
        held = {key: self._kept[key] for key in keys if key in self._kept}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in held}
        todo = list(missing.items())
        for start in range(0, len(todo), _BATCH):
            batch = todo[start : start + _BATCH]
            made = await self._reader.embed([text for _, text in batch], _TERMS)
            for (key, _), vector in zip(batch, made, strict=True):
                held[key] = self._kept[key] = array("f", vector)
        for key in keys:
            self._kept[key] = held[key]
            self._kept.move_to_end(key)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return [held[key] for key in keys]


def beginning(path: str, text: str) -> str:
    """Return what of a document is compared: its name, and its first words."""
    name = path.rpartition("/")[2].rpartition(".")[0] or path
    return f"{name}\n{' '.join(text[: WORDS * 40].split()[:WORDS])}"
