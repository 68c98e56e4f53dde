"""Classification: what the user taught, kinds by rules, option words, and the reader for the rest.

It loads no model and keeps nothing: the `Reader` and what was taught arrive from outside.
`read.ReadClassify` calls it. Where nothing is sure enough the answer is `other`, if that was
offered, else undecided: the likeliest option with a confidence that says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from doorward.tools.reading import shipped
from doorward.tools.reading.documents import Document
from doorward.tools.reading.kinds import IS, kind_named, kind_scores
from doorward.tools.reading.reader import Example, Reader
from doorward.tools.texts.words import likeness, stem, terms, vector

LIKELY = 2.5
"""The score that is enough when every option is a kind the rules know."""
SURE: Final = 0.6
"""The chance from which on what examples teach is believed. On texts unseen (42, seven labels) 36
reach it with an embedder and all are right; with the default model alone 25 do, 22 are right. By
their names alone 10 reach it with an embedder, 5 without one; all are right."""
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
    kinds = {option: _kind(option, options) for option in options}
    scores = kind_scores(item)
    known = {option: scores[kind] for option, kind in kinds.items() if kind}
    if known:
        best = max(known, key=known.__getitem__)
        if known[best] >= IS or (len(known) == len(options) and known[best] >= LIKELY):
            return Put(best, min(0.99, known[best] / 5))
    other = next((option for option in options if option.casefold() in _OTHERS), None)
    topics = [option for option in options if option not in known and option != other]
    if topics:
        said = _said(item, topics)
        if said is not None:
            return said
    if taught:
        learnt = await _learnt(item, options, other or NEITHER, reader, taught)
        if learnt is not None:
            return learnt
    if other is not None and len(known) + 1 == len(options):
        return Put(other, 0.7)  # every other option is a kind that the rules know
    return await _asked(item, topics or list(options), other, reader)


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
    neither: str,
    reader: Reader,
    taught: Sequence[Example],
) -> Put | None:
    """Ask the reader, which learns from what was taught; None where that does not tell.

    Options of which nothing was taught speak by their names. Texts of all sorts stand for what is
    none of them: two corrections alone would otherwise claim four of five documents of any kind.
    """
    given = {example.option for example in taught}
    named = [
        Example(f"{option} document", option)
        for option in options
        if option not in given and option != neither
    ]
    usual = [Example(text, neither) for text in shipped.usual()]
    asked = list(dict.fromkeys([*options, neither]))
    [choice] = await reader.choose([_head(item)], asked, [*taught, *named, *usual])
    if choice.option not in options or choice.confidence < enough(len(options)):
        return None
    return Put(choice.option, choice.confidence, by="examples")


async def _asked(
    item: Document, candidates: Sequence[str], other: str | None, reader: Reader
) -> Put:
    """Ask the reader, which knows of the options no more than their names."""
    [choice] = await reader.choose([_head(item)], candidates)
    if choice.confidence >= enough(len(candidates)) or len(candidates) == 1:
        return Put(choice.option, choice.confidence, by="reader")
    if other is not None:
        return Put(other, 0.5, by="reader")
    return Put(choice.option, choice.confidence, decided=False, by="reader")


def enough(options: int) -> float:
    """Return the chance that is enough among so many options: of two, a half is no knowledge."""
    return max(SURE, 1.5 / options)


def _kind(option: str, options: Sequence[str]) -> str:
    """Name the kind of an option; a "brief" beside a "letter" is no German letter."""
    if option.casefold() == "brief" and any(other.casefold() == "letter" for other in options):
        return "brief"
    return kind_named(option)


def _said(item: Document, topics: Sequence[str]) -> Put | None:
    """Choose the topic that the text itself names most, when one clearly leads."""
    head = set(terms(f"{item.title} {re.sub(r'[_.-]', ' ', item.name)} {item.text[:200]}"))
    body = Counter(terms(item.text))
    counted: dict[str, float] = {}
    for topic in topics:
        wanted = [stem(word) for word in re.findall(r"\w+", topic) if terms(word)]
        hits = sum(min(body[term], 4) + (3 if term in head else 0) for term in wanted)
        counted[topic] = hits / max(len(wanted), 1)
    ranked = sorted(counted, key=lambda topic: -counted[topic])
    first = counted[ranked[0]]
    second = counted[ranked[1]] if len(ranked) > 1 else 0.0
    if first >= 2 and first >= 2 * second:
        return Put(ranked[0], min(0.95, 0.5 + first / 20), by="words")
    return None
