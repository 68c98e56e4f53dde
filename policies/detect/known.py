"""Known values: exact secrets, found wherever they stand in a text and however they are encoded.

Values come through the constructor (the vault's secret leaves, `.env` values, key chain items);
only keyed digests of them are kept. Deterministic, and nothing shorter than six characters counts:
it would be found everywhere.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from operator import itemgetter

from doorward.policies.detect.decode import View, plain
from doorward.policies.detect.findings import Finding, Kind

SHORTEST = 6
"""Characters below which a value is not looked for."""
SPREAD = 12
"""Letters and digits from which on a value is also found with other characters in between."""
_PIECE = 256
"""Places that are looked at together."""


class KnownSecrets:
    """A set of exact values that knows where they stand but not what they are."""

    def __init__(self, values: Iterable[str], key: bytes) -> None:
        """Keep digests of the values.

        Args:
            values: The secrets; what has fewer than six characters is left out.
            key: At least 16 random bytes, new at each start: digests are worth nothing beyond it.
        """
        self._key = key[:64]
        self._digests: set[bytes] = set()
        self._starts: dict[int, tuple[int, ...]] = {}
        self._squeezed: dict[int, tuple[int, ...]] = {}
        self._windows = itemgetter(*(slice(at, at + SHORTEST) for at in range(_PIECE)))
        for value in values:
            folded = _folded(value.strip())
            if len(folded) >= SHORTEST:
                self._add(self._starts, folded)
                self._add(self._starts, codecs.encode(folded, "rot13"))
            squeezed = "".join(each for each in folded if each.isalnum())
            if len(squeezed) >= SPREAD:
                self._add(self._squeezed, squeezed)

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self._digests)

    def found(self, text: str, readings: Iterable[View] = ()) -> list[Finding]:
        """Return where a known value stands, as it is or in one of these readings of the text."""
        if not self._digests:
            return []
        walked: dict[str, list[tuple[int, int]]] = {}  # the text's plain reading is one of these
        hits = [Finding(*span, Kind.KNOWN) for span in self._spans(text, walked)]
        for view in readings:
            hits += [
                Finding(*view.span(*span), Kind.KNOWN) for span in self._spans(view.text, walked)
            ]
        return hits

    def _add(self, starts: dict[int, tuple[int, ...]], value: str) -> None:
        # Python's string hash is keyed anew in each process: no prefix is kept in the clear.
        start = hash(value[:SHORTEST])
        lengths = {*starts.get(start, ()), len(value)}
        starts[start] = tuple(sorted(lengths, reverse=True))
        self._digests.add(self._digest(value))

    def _digest(self, value: str) -> bytes:
        return blake2b(value.encode("utf-8", "replace"), key=self._key, digest_size=16).digest()

    def _spans(
        self, text: str, walked: dict[str, list[tuple[int, int]]]
    ) -> Iterator[tuple[int, int]]:
        view = None if text.isascii() else plain(text)
        folded = text.lower() if text.isascii() else view.text if view else text
        if folded not in walked:
            walked[folded] = self._walked(folded)
        for first, last in walked[folded]:
            yield view.span(first, last + 1) if view else (first, last + 1)

    def _walked(self, folded: str) -> list[tuple[int, int]]:
        """Return the first and the last character of each known value in a folded text."""
        spans = list(self._walk(self._starts, folded))
        if self._squeezed:
            inner = list(self._walk(self._squeezed, "".join(re.findall(r"[^\W_]+", folded))))
            if inner:
                kept = [at for at, each in enumerate(folded) if each.isalnum()]
                spans += [(kept[first], kept[last]) for first, last in inner]
        return spans

    def _walk(self, starts: dict[int, tuple[int, ...]], text: str) -> Iterator[tuple[int, int]]:
        free = 0
        for at in self._started(starts, text):
            for length in starts[hash(text[at : at + SHORTEST])]:
                end = at + length
                if free <= at and self._digest(text[at:end]) in self._digests:
                    yield at, end - 1
                    free = end
                    break

    def _started(self, starts: dict[int, tuple[int, ...]], text: str) -> Iterator[int]:
        """Yield where a value may start; pieces in which none does cost no loop of Python's."""
        count = len(text) - SHORTEST + 1
        for base in range(0, count, _PIECE):
            piece = text[base : base + _PIECE + SHORTEST - 1]
            if len(piece) < _PIECE or not starts.keys().isdisjoint(map(hash, self._windows(piece))):
                for at in range(base, min(base + _PIECE, count)):
                    if hash(text[at : at + SHORTEST]) in starts:
                        yield at


def _folded(value: str) -> str:
    if value.isascii():
        return value.lower()
    view = plain(value)
    return view.text if view else value
