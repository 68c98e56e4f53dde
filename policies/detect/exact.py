"""The device's own contacts as an exact set: names, companies, addresses and numbers.

A dictionary over words, not a model: it finds whom the user knows and nobody else. Case, accents
and the space between words do not matter. `daemon.door.releases` asks it, with what the contacts
hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from doorward.policies.detect.decode import View, plain
from doorward.policies.detect.findings import Finding, Kind


@dataclass(frozen=True, slots=True)
class Contact:
    """One person, company or place, with everything that names it."""

    id: str
    """One and the same for all of its names."""
    kind: Kind
    """`PERSON`, `COMPANY`, `ADDRESS`, `PHONE` or `EMAIL`."""
    names: tuple[str, ...]
    """Each in full; a person's single names only where they are not words of the language."""


class Contacts:
    """Finds contacts in text."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        """Index contacts by the first word of each name; names under three letters are left out."""
        self._names: dict[str, list[tuple[tuple[str, ...], Contact]]] = {}
        for contact in contacts:
            for name in contact.names:
                words = tuple(word for word, _, _ in _words(_folded(name)[0]))
                if words and sum(map(len, words)) >= 3:
                    self._names.setdefault(words[0], []).append((words, contact))
        for known in self._names.values():
            known.sort(key=lambda each: -len(each[0]))

    def found(self, text: str) -> list[Finding]:
        """Return where a contact is named; the longest name wins."""
        if not self._names:
            return []
        folded, view = _folded(text)
        words, at, hits = _words(folded), 0, []
        while at < len(words):
            length = 1
            for name, contact in self._names.get(words[at][0], ()):
                piece = words[at : at + len(name)]
                if tuple(word for word, _, _ in piece) == name:
                    span = (piece[0][1], piece[-1][2])
                    span = view.span(*span) if view else span
                    hits.append(Finding(*span, contact.kind, f"contact:{contact.id}"))
                    length = len(name)
                    break
            at += length
        return hits


def _folded(text: str) -> tuple[str, View | None]:
    """Return a text as it is compared, with what knows where each character comes from."""
    view = None if text.isascii() else plain(text)
    return (view.text if view else text.lower()), view


def _words(folded: str) -> list[tuple[str, int, int]]:
    """Return each run of letters and digits with its span."""
    found = re.finditer(r"[^\W_]+", folded)
    return [(match.group().casefold(), *match.span()) for match in found]
