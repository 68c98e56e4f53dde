"""Tier 2: people whom no list of contacts knows, found by the quarantined reader.

The reader is asked once for a text that is about to cross, before anybody looks; what it said is
remembered by the text's digest, for a while, in memory alone. A text that it has not been asked
about, or could not answer for, counts as private as a whole: unknown is private. It decides nothing
and knows no policy. Called by `daemon.door.releases`.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from doorward.policies.detect.findings import Finding, Kind
from doorward.tools.reading.reader import ModelMissing, Reader, ReaderError, Terms

MOST: Final = 200_000
"""Characters of one value that are looked at; what is beyond may hold anybody."""
KEPT: Final = 4_000
"""Texts of which it is remembered whom they name."""
SECONDS: Final = 120.0
"""How long one value may take."""
_LETTERS = re.compile(r"[^\W\d_]{2}")
_SPACE = re.compile(r"\s+")


class NameScanner(Protocol):
    """Finds people in text."""

    def found(self, text: str) -> list[Finding]:
        """Return who is named; a text that `ready` has not been told of is private as a whole."""
        ...

    async def ready(self, texts: Iterable[str]) -> None:
        """Ask whatever `found` will need for these texts, without holding up the daemon."""
        ...


@dataclass(frozen=True, slots=True)
class ScriptedNames:
    """The twin in memory: finds whom it was told of, with or without having been asked."""

    people: tuple[str, ...] = ()

    def found(self, text: str) -> list[Finding]:
        """Return where its people stand."""
        spans = [
            found.span() for each in self.people for found in re.finditer(re.escape(each), text)
        ]
        return named(text, spans)

    async def ready(self, texts: Iterable[str]) -> None:
        """Be ready."""


@dataclass(slots=True)
class ReaderNames:
    """The real one."""

    reader: Reader
    required: bool = False
    """Without a model that finds names every text is private as a whole, not only looked through
    for contacts."""
    there: Callable[[], bool] = lambda: False
    """Tells whether the model that finds names is here: if it is, and cannot be used, that is no
    reason to look at less."""
    missing: str = field(default="", init=False)
    """Why names are not looked for, when there is no model for it."""
    _held: OrderedDict[bytes, tuple[tuple[int, int], ...]] = field(
        default_factory=OrderedDict, init=False
    )

    def found(self, text: str) -> list[Finding]:
        """Return who is named, or the whole text where that is not known."""
        if not _LETTERS.search(text):
            return []
        spans = self._held.get(_key(text))
        if spans is not None:
            return named(text, spans)
        return [] if self.missing and not self.required else [Finding(0, len(text), Kind.TEXT)]

    async def ready(self, texts: Iterable[str]) -> None:
        """Ask the reader for the texts that it was not asked about; what fails stays unknown."""
        left, new = MOST, []
        for text in dict.fromkeys(texts):
            key = _key(text)
            if key in self._held:
                self._held.move_to_end(key)
            elif _LETTERS.search(text):
                left -= len(text)
                new += [text] if left >= 0 else []
        if not new:
            return
        try:
            answers = await self.reader.names(new, Terms(seconds=SECONDS))
        except ModelMissing as error:
            self.missing = "" if self._is_there() else str(error)
            return
        except ReaderError:
            self.missing = ""
            return
        self.missing = ""
        for text, spans in zip(new, answers, strict=True):
            self._held[_key(text)] = tuple((span.start, span.end) for span in spans)
        while len(self._held) > max(KEPT, len(new)):
            self._held.popitem(last=False)

    def _is_there(self) -> bool:
        try:
            return self.there()
        except ModelMissing:  # nobody knows what was chosen
            return True


def named(text: str, spans: Sequence[tuple[int, int]]) -> list[Finding]:
    """Return findings of people; a single name that is part of one whole name is that person."""
    surfaces = {span: _plain(text[slice(*span)]) for span in spans}
    whole = {name for name in surfaces.values() if " " in name}
    found = []
    for span, name in surfaces.items():
        longer = [each for each in whole if name in each.split()] if " " not in name else []
        found.append(Finding(*span, Kind.PERSON, longer[0] if len(longer) == 1 else name))
    return found


def _plain(name: str) -> str:
    return _SPACE.sub(" ", name.replace(".", " ")).strip().casefold()


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
