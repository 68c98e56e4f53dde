"""What speaks for each option that a document could be put under, all of it added up.

Pure; no model. Headings, fields and form of a kind that the rules know (`kinds`), words that such
texts have (`cues`), and the option's own words. `classify` calls it and decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from doorward.tools.reading.cues import cues
from doorward.tools.reading.documents import Document
from doorward.tools.reading.kinds import ALIASES, kind_named, told_scores
from doorward.tools.texts.words import stem, terms

TOLD: Final = 4.0
"""The most that an option's own words weigh."""
JOTTED: Final = 2.0
"""What speaks for a note in that a file is plain text: less than two cues for anything else."""


FORMS: Final = frozenset({"letter", "message", "note", "list", "report"})
"""Kinds that say how a text is written more than what it is: an invoice can be a letter."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one option."""

    rules: float
    """Its kind's headings, fields and form; 0 where the rules know no such kind."""
    cues: float
    """Its kind's words."""
    words: float
    """The option's own words."""
    known: bool
    """Whether the rules know its kind."""

    @property
    def sum(self) -> float:
        """Return all of it."""
        return self.rules + self.cues + self.words


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for each option, and for something that is none of them."""

    options: Mapping[str, Evidence]
    elsewhere: float

    @property
    def ranked(self) -> list[str]:
        """Return the options, the one that most speaks for first."""
        return sorted(self.options, key=lambda option: -self.options[option].sum)

    @property
    def known(self) -> bool:
        """Tell whether the rules know every option's kind."""
        return all(each.known for each in self.options.values())


def weigh(item: Document, options: Sequence[str]) -> Weighed:
    """Return what speaks for each option."""
    kinds = {option: _kind(option, options) for option in options}
    scores = told_scores(item)
    shared = Counter(kinds.values())
    told = _own_words(item, options)
    weighed: dict[str, Evidence] = {}
    for option, kind in kinds.items():
        own = told[option] if not kind or shared[kind] > 1 else 0.0
        rules = max(scores[kind], 0.0) if kind else 0.0
        rules += JOTTED if kind == "note" and item.kind in {"md", "txt"} else 0.0
        weighed[option] = Evidence(rules, cues(item.text, kind), own, bool(kind))
    return Weighed(weighed, _elsewhere(item, scores, set(kinds.values())))


def _elsewhere(item: Document, scores: Mapping[str, float], offered: set[str]) -> float:
    """Return the most that speaks for a kind that is no option; what anything can be is none."""
    return max(
        (
            max(score, 0.0) + cues(item.text, kind)
            for kind, score in scores.items()
            if kind not in offered and kind not in FORMS
        ),
        default=0.0,
    )


def _kind(option: str, options: Sequence[str]) -> str:
    """Name the kind of an option; a "brief" beside a "letter" is no German letter."""
    plain = option.casefold()
    if plain == "brief" and any(other.casefold() == "letter" for other in options):
        return "brief"
    words = re.findall(r"\w+", plain)
    known = [ALIASES[word] for word in words if word in ALIASES]
    return kind_named(option) or next(iter(known), "") or (kind_named(words[-1]) if words else "")


def _own_words(item: Document, options: Sequence[str]) -> dict[str, float]:
    """Weigh how often the text names each option, above all at its head and in the file's name."""
    head = set(terms(f"{item.title} {re.sub(r'[_.-]', ' ', item.name)} {item.text[:200]}"))
    body = Counter(terms(item.text))
    weighed: dict[str, float] = {}
    for option in options:
        wanted = [stem(word) for word in re.findall(r"\w+", option) if terms(word)]
        hits = sum(min(body[term], 4) + (3 if term in head else 0) for term in wanted)
        weighed[option] = min(hits / max(len(wanted), 1), TOLD)
    return weighed
