"""Choosing a recipe: by the orders, the words and the shape of what was typed.

Deterministic and lexical: no model, no network. It would rather refuse than guess: an order that
the best recipe does not cover, a tie, or an exception ("all but …") is a refusal. It fills nothing;
`fill` does. `embedded` calls it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from doorward.cloud_bridge.orchestrator.planner.reading import Reading
from doorward.cloud_bridge.orchestrator.planner.recipes import Group, Limit, Phrase, Recipe
from doorward.cloud_bridge.orchestrator.planner.topics import DOCUMENT_WORDS
from doorward.cloud_bridge.orchestrator.planner.words import tokens, word_set

MARGIN = 0.3
"""How far ahead the best recipe must be, in the units of `_score`."""

_FEATURE_WEIGHT = {
    "<question>": 0.1,
    "<mine>": 0.2,
    "<particular>": 0.05,
    "<document>": 0.2,
    "<more>": 0.1,
    "<whole>": 0.1,
}
_COVERED = word_set("tell know see")


@dataclass(frozen=True, slots=True)
class Match:
    """The recipe that fits."""

    recipe: Recipe
    score: float


@dataclass(frozen=True, slots=True)
class NoMatch:
    """None fits, or more than one does."""

    reason: str
    nearest: tuple[Recipe, ...]
    unknown: bool = False
    """Nothing in the text was understood, so a misspelt word may be why."""


class Matcher:
    """All recipes, prepared for matching; holds no state between texts."""

    def __init__(self, recipes: tuple[Recipe, ...], limits: tuple[Limit, ...]) -> None:
        self._recipes = recipes
        self._limits = limits
        self._examples = {
            recipe.name: tuple(_Likeness.of(example) for example in recipe.examples)
            for recipe in recipes
        }
        counts = Counter(
            stem for likes in self._examples.values() for like in likes for stem in like.stems
        )
        total = sum(len(likes) for likes in self._examples.values()) or 1
        self._rarity = {stem: log(1 + total / count) for stem, count in counts.items()}
        self._orders = {
            phrase
            for recipe in recipes
            for way in recipe.ways
            for phrase in way[0]
            if not phrase[0].startswith("<") and phrase[0] not in _NO_ORDER
        } | {phrase for limit in limits for phrase in limit.orders}
        self._limit_orders = {" ".join(phrase) for limit in limits for phrase in limit.orders}
        self._limit_words = {word for order in self._limit_orders for word in order.split()}
        self._vocabulary = self._typo_words()

    def choose(self, reading: Reading) -> Match | NoMatch:
        """Return the one recipe that fits, or why there is none."""
        orders = self._given(reading)
        blocked = self._blocked(reading, orders)
        likeness = self._likeness(reading.text)
        ranked = sorted(
            (
                Match(recipe, score + 1.5 * likeness[recipe.name])
                for recipe in self._recipes
                if (score := _score(recipe, reading)) > 0
            ),
            key=lambda match: (-match.score, match.recipe.name),
        )
        fitting = [match for match in ranked if _covers(match.recipe, orders)]
        nearest = self.nearest(reading.text)
        if not fitting or blocked:
            return self._refuse(reading, orders, blocked, ranked, nearest)
        best, *others = fitting
        if others and best.score - others[0].score < MARGIN:
            reason = (
                f"This could mean two things: {_lower(best.recipe.title)}, or "
                f"{_lower(others[0].recipe.title)}. Please say it in one of these ways."
            )
            rest = tuple(
                recipe for recipe in nearest if recipe not in (best.recipe, others[0].recipe)
            )
            return NoMatch(reason, (best.recipe, others[0].recipe, *rest)[:3])
        return best

    def nearest(self, text: str, count: int = 3) -> tuple[Recipe, ...]:
        """Return the recipes whose examples look most like the text."""
        likeness = self._likeness(text)
        ranked = sorted(self._recipes, key=lambda recipe: (-likeness[recipe.name], recipe.name))
        return tuple(ranked[:count])

    def example(self, recipe: Recipe, text: str) -> str:
        """Return the example of a recipe that looks most like the text."""
        mine = _Likeness.of(text)
        pairs = zip(recipe.examples, self._examples[recipe.name], strict=True)
        return max(pairs, key=lambda pair: pair[1].to(mine, self._rarity))[0]

    def _likeness(self, text: str) -> dict[str, float]:
        """Return how much the text looks like each recipe's nearest example, 0 to 1."""
        mine = _Likeness.of(text)
        return {
            name: max((like.to(mine, self._rarity) for like in likes), default=0.0)
            for name, likes in self._examples.items()
        }

    def corrected(self, reading: Reading) -> str:
        """Return the text with misspelt order words and document words put right."""
        from rapidfuzz.distance import DamerauLevenshtein
        from rapidfuzz.process import extractOne

        text = reading.text
        taken = reading.names.every()
        for token in reversed(tokens(text)):
            word = text[token.start : token.end]
            inside = any(named.start <= token.start < named.end for named in taken)
            if inside or not _may_be_typo(word, token.start) or self._is_known(token.stem):
                continue
            found = extractOne(
                token.stem,
                self._vocabulary,
                scorer=DamerauLevenshtein.distance,
                score_cutoff=1 if len(word) < 7 else 2,
            )
            if found and found[0][0] == token.stem[0]:
                text = text[: token.start] + found[0] + text[token.end :]
        return text

    def _is_known(self, stem: str) -> bool:
        return stem in self._rarity or stem in _REAL_WORDS or stem in self._limit_words

    def _typo_words(self) -> list[str]:
        orders = {phrase[0] for phrase in self._orders}
        return sorted(word for word in orders | DOCUMENT_WORDS | _NOUNS if len(word) >= 4)

    def _given(self, reading: Reading) -> set[str]:
        """Return the orders that the text gives."""
        stems = reading.stems
        if reading.question:
            return set()
        found = [
            [phrase for phrase in self._orders if stems[place : place + len(phrase)] == phrase]
            for place in reading.places
        ]
        return {_bare(max(phrases, key=len)) for phrases in found if phrases}

    def _blocked(self, reading: Reading, orders: set[str]) -> str:
        for limit in self._limits:
            if any(has(reading, phrase) for phrase in limit.excepts) and orders:
                return limit.reason
        return ""

    def _refuse(
        self,
        reading: Reading,
        orders: set[str],
        blocked: str,
        ranked: list[Match],
        nearest: tuple[Recipe, ...],
    ) -> NoMatch:
        if blocked:
            return NoMatch(blocked, nearest)
        for limit in self._limits:
            given = {" ".join(phrase) for phrase in limit.orders} & orders
            if given and not (ranked and _covers(ranked[0].recipe, given)):
                return NoMatch(limit.reason, nearest)
        if ranked:
            reason = (
                f"This asks for more than one thing. I could {_lower(ranked[0].recipe.title)}; "
                "please ask for one thing at a time."
            )
            return NoMatch(reason, nearest)
        for limit in self._limits:
            if any(has(reading, phrase) for phrase in limit.words):
                return NoMatch(limit.reason, nearest, unknown=True)
        return NoMatch(
            "I do not know how to do that. I find, summarise, tabulate, file, rename and answer "
            "from the documents on this device, and I understand English only.",
            nearest,
            unknown=not orders & self._limit_orders,
        )


_REAL_WORDS = word_set(
    "police contact remote repay better latter least leave cease resort export deport invoke "
    "novice massage charged charge track trace crash shelf sheep sheer shoot cable older holder "
    "litter tonic grout mouth border object white wrote speed monkey honey dental orange organ "
    "organist sport father mother other others clear clean clan dealer remake place places "
    "paces peace price prize fine fire fill film lost last past post most note nose move more "
    "love cope cops copper pepper stale table fable quota quite quiet office officer order "
    "odder louder ladder leader header tiny tide ride poem plan plane plant plate state skate "
    "where there here their these those rental retail detail refer report repost remain retain "
    "resume result reset record slice summer winter dinner drift craft grant plain train letter "
    "settle battle bottle manual annual mutual equal legal final filed tired trial"
)
"""Words that look like a misspelt order or document, and are not."""

_NOUNS = frozenset({"duplicate", "summary", "spreadsheet", "table", "promise", "unpaid"})
"""Other words that matter enough to put right when misspelt."""

_NO_ORDER = word_set(
    "what which where who how do are is have there in from according duplicate spreadsheet "
    "table csv any promise promised commitment"
)


def has(reading: Reading, phrase: Phrase) -> bool:
    """Tell whether a phrase or feature is in the text."""
    if phrase[0].startswith("<"):
        return phrase[0] in reading.features
    return f" {' '.join(phrase)} " in reading.line


def _score(recipe: Recipe, reading: Reading) -> float:
    """Return how strongly the text calls for a recipe; 0 when it does not."""
    if recipe.questions == "only" and not reading.question:
        return 0.0
    if recipe.questions == "never" and reading.question:
        return 0.0
    if any(has(reading, phrase) for group in recipe.never for phrase in group):
        return 0.0
    if recipe.needs and not all(has(reading, phrase) for phrase in recipe.needs):
        return 0.0
    return max((_way_score(recipe, way, reading) for way in recipe.ways), default=0.0)


def _way_score(recipe: Recipe, way: tuple[Group, ...], reading: Reading) -> float:
    total = 0.0
    for index, group in enumerate(way):
        must_lead = recipe.changes and index == 0
        found = [
            _weight(phrase)
            for phrase in group
            if (_leads(reading, phrase) if must_lead else has(reading, phrase))
        ]
        if not found:
            return 0.0
        total += max(found)
    return total


def _weight(phrase: Phrase) -> float:
    if phrase[0].startswith("<"):
        return _FEATURE_WEIGHT.get(phrase[0], 0.7)
    return 1.0 + 0.2 * (len(phrase) - 1)


def _leads(reading: Reading, phrase: Phrase) -> bool:
    if phrase[0].startswith("<"):
        return has(reading, phrase)
    size = len(phrase)
    return any(reading.stems[place : place + size] == phrase for place in reading.places)


def _covers(recipe: Recipe, orders: set[str]) -> bool:
    own = {_bare(phrase) for way in recipe.ways for phrase in way[0]}
    known = own | recipe.also | _COVERED
    return orders <= known


def _bare(phrase: Phrase) -> str:
    """Return an order without the person it is for: `show me` → `show`."""
    return " ".join(phrase[:-1] if len(phrase) > 1 and phrase[-1] in {"me", "us"} else phrase)


def _may_be_typo(word: str, start: int) -> bool:
    return len(word) >= 4 and word.isalpha() and (start == 0 or word.islower())


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """A text as stems and letter triples, for comparing."""

    stems: frozenset[str]
    triples: frozenset[str]

    @classmethod
    def of(cls, text: str) -> _Likeness:
        found = frozenset(token.stem for token in tokens(text) if not token.is_mark)
        plain = f"  {' '.join(sorted(found))} "
        return cls(found, frozenset(plain[at : at + 3] for at in range(len(plain) - 2)))

    def to(self, other: _Likeness, rarity: dict[str, float]) -> float:
        shared = _sum(self.stems & other.stems, rarity)
        words = 2 * shared / ((_sum(self.stems, rarity) + _sum(other.stems, rarity)) or 1)
        both = len(self.triples & other.triples)
        letters = 2 * both / ((len(self.triples) + len(other.triples)) or 1)
        return 0.6 * words + 0.4 * letters


def _sum(stems: Iterable[str], rarity: dict[str, float]) -> float:
    return sum(rarity.get(word, 3.0) for word in stems)
