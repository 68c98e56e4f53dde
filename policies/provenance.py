"""Provenance: where the value of an argument comes from, as far as text can prove it. Pure.

It detects no injections and guesses no intent: a value is looked for in the places that could have
given it, best place first, and what is found nowhere is `NOVEL`. Whoever rewords, splits or encodes
a value therefore gains nothing. It is the fallback for literals; a value that came by a handle has
the label of what the handle names. The door calls it for the arguments of a plan.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from doorward.policies.literals import (
    days_in,
    numbers_in,
    parts_of_day,
    plain_number,
    times_in,
    written,
)
from doorward.policies.vocabulary import Origin, Role, Trust
from doorward.policies.weblinks import links_in, plain_link, unglued

__all__ = ["SHORT", "Sources", "Text", "fold", "links_in", "origin_of"]

SHORT = 4
"""A literal of fewer characters proves nothing by being found in a text."""

_JOINERS = frozenset("@-_+./\\%=&#~:")
"""Characters that bind what stands beside them into one name, address or number."""


def fold(text: str) -> str:
    """Return text as it is compared: NFC, without case, every run of white space one space.

    No further: `straße.example` and `strasse.example` are two domains, and whoever takes a name in
    wide letters is somebody else.
    """
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


@dataclass(frozen=True, slots=True)
class Text:
    """One text in which values are looked for."""

    folded: str = ""
    numbers: frozenset[float] = frozenset()
    days: frozenset[str] = frozenset()
    """`2026-03-01`, and `--03-01` for those without a year."""
    times: frozenset[str] = frozenset()
    """`09:30`."""
    links: frozenset[str] = frozenset()

    @classmethod
    def of(cls, text: str) -> Text:
        """Prepare a text once for many look-ups."""
        return cls(
            folded=fold(text),
            numbers=numbers_in(text),
            days=days_in(text),
            times=times_in(text),
            links=frozenset(map(plain_link, (*links_in(text), *links_in(unglued(text))))),
        )

    def holds(self, value: str | float) -> bool:
        """Tell whether a value stands in it: as a whole, or as the same number, day or link."""
        if not isinstance(value, str):
            return value in self.numbers
        folded = fold(value)
        if links_in(value):
            # A link is held only by the same link, never by a longer one that begins like it.
            return self._holds_link(value, folded)
        number = plain_number(folded)
        return (
            self._stands(folded)
            or self._holds_moment(folded)
            or (number is not None and number in self.numbers)
        )

    def _holds_link(self, value: str, folded: str) -> bool:
        if plain_link(value) in self.links:
            return True
        # Not one link but words around one: they must stand here together.
        return " " in folded and self._stands(folded)

    def _stands(self, folded: str) -> bool:
        """Tell whether the words stand here, not as a part of a longer word, name or address."""
        start = self.folded.find(folded)
        while start >= 0:
            end = start + len(folded)
            if _free(self.folded, start - 1, -1) and _free(self.folded, end, 1):
                return True
            start = self.folded.find(folded, start + 1)
        return False

    def _holds_moment(self, folded: str) -> bool:
        found = parts_of_day(folded)
        if found is None:
            return False
        day, time = found
        # Who names a day and no time at all leaves the time open.
        named = not time or not self.times or time in self.times
        return named and (day in self.days or f"-{day[4:]}" in self.days)


def _free(text: str, at: int, step: int) -> bool:
    """Tell whether a value that ends beside `at` ends there: seen outwards, no word goes on."""
    if not 0 <= at < len(text):
        return True
    character = text[at]
    if character.isalnum() or unicodedata.category(character) in _WITHIN:
        return False
    if character not in _JOINERS:
        return True
    # "bob." ends a sentence; "bob.smith" is another name. Before a value, a joiner always binds.
    beyond = at + step
    return step > 0 and character in ".:" and not (beyond < len(text) and text[beyond].isalnum())


_WITHIN = frozenset({"Mn", "Mc", "Me", "Cf", "Pc"})
"""Marks and invisible characters: they belong to the word that they stand in."""


@dataclass(frozen=True, slots=True)
class Sources:
    """All places from which the values of one objective may come; grows, is never changed."""

    words: Text = Text()
    """What the user typed in this objective."""
    directory: frozenset[str] = frozenset()
    """Whole values, folded: people, accounts and addresses that the device knows."""
    endorsed: frozenset[tuple[Role, str]] = frozenset()
    """Whole values, folded, that the user approved in this objective, each in its role."""
    trusted: tuple[Text, ...] = ()
    assigned: tuple[Text, ...] = ()
    untrusted: tuple[Text, ...] = ()

    @classmethod
    def of(cls, words: str, directory: Iterable[str] = ()) -> Sources:
        """Return what is there before anything was read."""
        return cls(words=Text.of(words), directory=frozenset(map(fold, directory)))

    def adding(self, trust: Trust, text: str) -> Sources:
        """Return these and a text that was read, by the trust in whoever could have written it."""
        read = Text.of(text)
        match trust:
            case Trust.TRUSTED:
                return replace(self, trusted=(*self.trusted, read))
            case Trust.ASSIGNED:
                return replace(self, assigned=(*self.assigned, read))
            case Trust.UNTRUSTED:
                return replace(self, untrusted=(*self.untrusted, read))

    def endorsing(self, role: Role, value: str) -> Sources:
        """Return these and a value that the user has approved; it is known for this role alone."""
        return replace(self, endorsed=self.endorsed | {(role, fold(value))})


def origin_of(
    value: str | float | bool | None, sources: Sources, role: Role | None = None
) -> Origin:
    """Return the best origin that can be proved of a literal.

    Args:
        value: One leaf of the arguments.
        sources: Where it may come from.
        role: Its role, for values that the user endorsed in that role.

    Returns:
        `KNOWN` for a boolean, an empty text and what is absent: they choose nothing. `NOVEL` for
        what is found nowhere, and for literals shorter than `SHORT` that the directory does not
        hold as a whole.
    """
    if value is None or isinstance(value, bool) or value == "":
        return Origin.KNOWN
    folded = fold(value if isinstance(value, str) else written(value))
    long = len(folded) >= SHORT
    # Each place, best first; whole values prove whatever their length, texts only long ones.
    places: tuple[tuple[Origin, Callable[[], bool]], ...] = (
        (Origin.USER, lambda: long and sources.words.holds(value)),
        (Origin.KNOWN, lambda: folded in sources.directory),
        (Origin.KNOWN, lambda: role is not None and (role, folded) in sources.endorsed),
        (Origin.KNOWN, lambda: long and _held(value, sources.trusted)),
        (Origin.ASSIGNED, lambda: long and _held(value, sources.assigned)),
        (Origin.UNTRUSTED, lambda: long and _held(value, sources.untrusted)),
    )
    return next((origin for origin, holds in places if holds()), Origin.NOVEL)


def _held(value: str | float, texts: Iterable[Text]) -> bool:
    return any(text.holds(value) for text in texts)
