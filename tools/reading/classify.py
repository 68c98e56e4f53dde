"""Classification: what the user taught, then all that speaks for each option, added up.

It loads no model and keeps nothing: the `Reader` and what was taught arrive from outside; what
speaks for an option is weighed in `evidence`. `read.ReadClassify` calls it. Where nothing is sure
enough the answer is `other`, if that was offered, else undecided: the likeliest option with a
confidence that says so.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from doorward.tools.reading import shipped
from doorward.tools.reading.documents import Document
from doorward.tools.reading.evidence import Weighed, weigh
from doorward.tools.reading.kinds import IS
from doorward.tools.reading.reader import Choice, Example, Reader
from doorward.tools.texts.words import likeness, terms, vector

LEAD: Final = 1.0
"""How much more must speak for an option than for any other where no model is asked."""
THIN: Final = 2.0
"""What speaks for an option less than this does not speak against `other`."""
SURE: Final = 0.6
"""The chance from which on what examples teach is believed. Chosen on 42 texts, where 36 reach it
with an embedder and all are right, which flatters it; on office papers and mails, on which it was
not chosen, 40 of the 44 that reach it are. With the default model alone it was 22 of 25."""
ALIKE: Final = 0.6
"""How alike a document must be, by its words, to one that the user corrected, to count as one."""
NEAR: Final = 0.1
"""How much more alike than to any that is something else."""
NEITHER: Final = "none of these"
HEAD: Final = 1500
"""Characters that the reader sees of a document."""

_OTHERS = frozenset({"other", "others", "else", "misc", "rest", "none", "unknown", "sonstiges"})


class Taught(Protocol):
    """What the user said that documents really are."""

    def __call__(self, options: Sequence[str]) -> Sequence[Example]:
        """Return what was said of these options."""
        ...


def nothing(options: Sequence[str]) -> Sequence[Example]:
    """Know nothing of any option."""
    return ()


@dataclass(frozen=True, slots=True)
class Put:
    """Where a document was put."""

    option: str
    confidence: float
    decided: bool = True
    """False: nothing was sure enough; the option is no more than the likeliest."""
    by: str = "rules"
    """What decided: `taught`, `rules`, `words`, `examples` or `reader`."""


async def classify(
    item: Document, options: Sequence[str], reader: Reader, taught: Sequence[Example] = ()
) -> Put:
    """Return the option that a document fits best.

    Args:
        item: The document.
        options: The words of the user; one of them may be `other`.
        reader: Asked when no rule decides.
        taught: Documents of which the user said which of the options they are.

    Raises:
        ReaderError: When the reader was needed and could not answer.
    """
    same = _as_taught(item, taught)
    if same is not None:
        return same
    other = next((option for option in options if option.casefold() in _OTHERS), None)
    named = [option for option in options if option != other]
    weighed = weigh(item, named)
    plain = _plain(weighed, taught=bool(taught))
    if plain is not None:
        return plain
    learnt = await _learnt(item, options, other or NEITHER, reader, taught) if taught else None
    if learnt is not None and learnt.confidence >= enough(len(options)):
        return Put(learnt.option, learnt.confidence, by="examples")
    if other is not None and weighed.known and _thin(weighed):
        return Put(other, 0.7)  # every other option is a kind that the rules know
    if learnt is None:
        [learnt] = await reader.choose([_head(item)], named)
    return _together(weighed, learnt, other)


def _thin(weighed: Weighed) -> bool:
    """Tell that hardly anything speaks for any option, or more for something that is none."""
    most = max((each.sum for each in weighed.options.values()), default=0.0)
    return most < max(THIN, weighed.elsewhere)


def _plain(weighed: Weighed, *, taught: bool) -> Put | None:
    """Choose the option for which so much more speaks than for any other that no model is asked.

    Where the user taught something, mere words do not come before that.
    """
    if not weighed.options:
        return None
    first, *rest = weighed.ranked
    best = weighed.options[first]
    second = weighed.options[rest[0]].sum if rest else 0.0
    sums = [each.sum for each in weighed.options.values()]
    sure = math.exp(best.sum) / (1 + sum(map(math.exp, sums)))
    confidence = round(min(0.99, max(sure, SURE)), 3)
    if best.words >= THIN and best.sum >= 2 * second:
        return Put(first, confidence, by="words")
    if best.sum < weighed.elsewhere:
        return None
    if best.rules >= IS or (weighed.known and best.rules >= THIN and second < THIN):
        return Put(first, confidence)
    lead = best.sum - max(second, weighed.elsewhere)
    return Put(first, confidence) if not taught and best.sum >= IS and lead >= LEAD else None


def _together(weighed: Weighed, choice: Choice, other: str | None) -> Put:
    """Add what the reader holds likely to what speaks for each option; be sure, or say it is not.

    What the reader leaves is shared by all others, and by none of them.
    """
    held = weighed.options
    left = max(1 - choice.confidence, 0.0) / max(len(held), 1)
    chances = {
        option: (choice.confidence if option == choice.option else left) * math.exp(each.sum)
        for option, each in held.items()
    }
    neither = left if choice.option in held else choice.confidence
    total = sum(chances.values()) + neither * math.exp(weighed.elsewhere)
    best = max(chances, key=chances.__getitem__)
    chance = min(chances[best] / total, 0.99) if total else 0.0
    options = len(held) + (other is not None)
    if chance >= enough(options) or options == 1:
        return Put(best, round(chance, 3), by="reader")
    if other is not None:
        return Put(other, 0.5, by="reader")
    return Put(best, round(chance, 3), decided=False, by="reader")


def _head(item: Document) -> str:
    return f"{item.title or item.name}\n{item.text[:HEAD]}"


def _as_taught(item: Document, taught: Sequence[Example]) -> Put | None:
    """Put a document where the user put one that is much like it."""
    if not taught:
        return None
    mine = _words(item.text[:HEAD])
    best: dict[str, float] = {}
    for example in taught:
        alike = likeness(mine, _words(example.text[:HEAD]))
        best[example.option] = max(best.get(example.option, 0.0), alike)
    first, *rest = sorted(best, key=lambda option: -best[option])
    if best[first] < ALIKE or (rest and best[first] - best[rest[0]] < NEAR):
        return None
    return Put(first, round(min(best[first], 1.0), 3), by="taught")


def _words(text: str) -> dict[str, float]:
    """Return a text's words as a vector; numbers, other on every bill, count for none."""
    found = [term for term in terms(text) if not any(mark.isdigit() for mark in term)]
    return vector(found, dict.fromkeys(Counter(found), 1.0))


async def _learnt(
    item: Document,
    options: Sequence[str],
    other: str,
    reader: Reader,
    taught: Sequence[Example],
) -> Choice | None:
    """Ask the reader, which learns from what was taught; None where that does not tell.

    Options of which nothing was taught speak by their names. Texts of all sorts stand for what is
    none of them: two corrections alone would otherwise claim four of five documents of any kind.
    """
    given = {example.option for example in taught}
    named = [
        Example(f"{option} document", option)
        for option in options
        if option not in given and option != other
    ]
    usual = [Example(text, other) for text in shipped.usual()]
    asked = list(dict.fromkeys([*options, other]))
    [choice] = await reader.choose([_head(item)], asked, [*taught, *named, *usual])
    return choice if choice.option in options else None


def enough(options: int) -> float:
    """Return the chance that is enough among so many options: of two, a half is no knowledge."""
    return max(SURE, 1.5 / options)
