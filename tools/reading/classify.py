"""Classification: known kinds by rules, option words in the text, and the reader for the rest.

It loads no model: the `Reader` arrives from outside. `read.ReadClassify` calls it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from doorward.tools.reading.documents import Document
from doorward.tools.reading.kinds import IS, kind_named, kind_scores
from doorward.tools.reading.reader import Choice, Reader
from doorward.tools.texts.words import stem, terms

LIKELY = 2.5
"""The score that is enough when every option is a kind the rules know."""

_OTHERS = frozenset({"other", "others", "else", "misc", "rest", "none", "unknown", "sonstiges"})


async def classify(item: Document, options: Sequence[str], reader: Reader) -> Choice:
    """Return the option that a document fits best.

    Args:
        item: The document.
        options: The words of the user; one of them may be `other`.
        reader: Asked when no rule decides.

    Raises:
        ReaderError: When the reader was needed and could not answer.
    """
    kinds = {option: _kind(option, options) for option in options}
    scores = kind_scores(item)
    known = {option: scores[kind] for option, kind in kinds.items() if kind}
    if known:
        best = max(known, key=known.__getitem__)
        if known[best] >= IS or (len(known) == len(options) and known[best] >= LIKELY):
            return Choice(best, min(0.99, known[best] / 5))
    other = next((option for option in options if option.casefold() in _OTHERS), None)
    topics = [option for option in options if option not in known and option != other]
    if topics:
        said = _said(item, topics)
        if said is not None:
            return said
    if other is not None and len(known) + 1 == len(options):
        return Choice(other, 0.7)  # every other option is a kind that the rules know
    candidates = topics or list(options)
    head = f"{item.title or item.name}\n{item.text[:1500]}"
    [choice] = await reader.choose([head], candidates)
    if other is not None and choice.confidence < 0.4:
        return Choice(other, 0.5)
    return choice


def _kind(option: str, options: Sequence[str]) -> str:
    """Name the kind of an option; a "brief" beside a "letter" is no German letter."""
    if option.casefold() == "brief" and any(other.casefold() == "letter" for other in options):
        return "brief"
    return kind_named(option)


def _said(item: Document, topics: Sequence[str]) -> Choice | None:
    """Choose the topic that the text itself names most, when one clearly leads."""
    head = set(terms(f"{item.title} {re.sub(r'[_.-]', ' ', item.name)} {item.text[:200]}"))
    body = terms(item.text)
    counted: dict[str, float] = {}
    for topic in topics:
        wanted = [stem(word) for word in re.findall(r"\w+", topic) if terms(word)]
        hits = sum(min(body.count(term), 4) + (3 if term in head else 0) for term in wanted)
        counted[topic] = hits / max(len(wanted), 1)
    ranked = sorted(counted, key=lambda topic: -counted[topic])
    first = counted[ranked[0]]
    second = counted[ranked[1]] if len(ranked) > 1 else 0.0
    if first >= 2 and first >= 2 * second:
        return Choice(ranked[0], min(0.95, 0.5 + first / 20))
    return None
