"""Words of texts and how much they tell: tokens, stems, weights, and how alike two texts are.

Pure and language-light: English and German endings, everything else by its first letters. Summaries
and answers rank sentences with it; it judges no document.
"""

# ruff: noqa: E501, SIM905 - tables of words and patterns stay whole

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

_WORD = re.compile(r"[^\W_]+(?:[.'-][^\W_]+)*")
_ENDINGS = (
    "ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "edly", "ed", "es", "er", "ers",
    "en", "em", "ern", "ly", "s", "e", "n", "y",
)  # fmt: skip

STOP = frozenset(
    """a about after all also am an and any are as at be because been before being but by can could did do does doing for from
    had has have having he her here hers him his how i if in into is it its just me more most my no nor not of off on once only
    or other our out over own same she should so some such than that the their them then there these they this those through
    to too under until up very was we were what when where which while who whom why will with would you your shall may might
    der die das den dem des ein eine einer eines einem einen und oder aber ist sind war waren wird werden wurde ich du er sie
    es wir ihr mich dich uns euch ihnen mein dein sein unser nicht kein auf aus bei bis durch für gegen hat haben im in mit
    nach ohne seit über um unter von vor wie wo was wer wann warum zu zum zur am an als auch noch nur so dass wenn dann
    le la les un une des du de et ou est sont dans pour par sur avec que qui el los las y o es en por con para""".split()
)
"""Words that tell nothing of what a text is about."""


def stem(word: str) -> str:
    """Return the part of a word that its forms share."""
    plain = word.casefold()
    for ending in _ENDINGS:
        if len(plain) - len(ending) >= 3 and plain.endswith(ending):
            plain = plain[: -len(ending)]
            break
    return plain[:9]


def terms(text: str) -> list[str]:
    """Return the stems of the words that tell something."""
    return [stem(word) for word in _WORD.findall(text) if word.casefold() not in STOP]


def rarity(texts: Iterable[Sequence[str]]) -> dict[str, float]:
    """Return for each term how rare it is among texts: the usual inverse frequency."""
    counted: Counter[str] = Counter()
    total = 0
    for found in texts:
        counted.update(set(found))
        total += 1
    return {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in counted.items()}


def vector(found: Sequence[str], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the unit vector of a text over its terms."""
    counted = Counter(found)
    raw = {term: (1 + math.log(n)) * weights.get(term, 0.0) for term, n in counted.items()}
    length = math.sqrt(sum(value * value for value in raw.values()))
    return {term: value / length for term, value in raw.items()} if length else {}


def likeness(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    """Return the cosine of two unit vectors, 0 to 1."""
    if len(left) > len(right):
        left, right = right, left
    return sum(value * right.get(term, 0.0) for term, value in left.items())
