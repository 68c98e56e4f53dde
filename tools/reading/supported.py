"""Whether a sentence says no more than the passages that it points to: what it lacks in them.

Pure, and harsh on purpose: what is dropped wrongly costs a sentence, what passes wrongly costs
trust. It compares words, numbers, dates, names, denials and directions, clause by clause; it does
not understand. `writing` asks it of every sentence that a model wrote.
"""

# ruff: noqa: E501, SIM905 - tables of words stay whole

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from doorward.tools.texts.dates import MONTHS, find_dates
from doorward.tools.texts.lines import sentences
from doorward.tools.texts.words import STOP, stem

FOUND: Final = 0.75
"""The share of a sentence's telling words that its passages must hold."""
TOGETHER: Final = 0.65
"""The share of a clause's telling words that one sentence of them must hold."""

_WRAPPED = re.compile(r"(?<=.{52})\n(?=\S)|\n(?=[a-zäöüß])")
"""A line's end that is no clause's: the line was as long as it could be."""
_WORD = re.compile(r"\d+(?:[.,'’:]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLAUSE = re.compile(
    r"[;:!?\n\t|–—]|,(?!\d)|\.(?=\s|$)|\s\(|\)|(?<!\w)(?:and|but|while|whereas|und|aber|sondern|während|et|mais|y|pero)(?!\w)",
    re.I,
)
_NOT = frozenset(
    "not no never none nobody nothing neither nor without cannot nicht nie niemals kein keine keinen keiner keinem keines niemand nichts weder ohne pas jamais sin".split()
)
_MODAL = frozenset(
    "may might could should would könnte könnten dürfte sollte sollten würde plans planned proposed wants hopes möchte will".split()
) - {"will"}
_DOUBT = frozenset(
    "perhaps possibly probably likely maybe unless if whether expected estimated vielleicht möglicherweise vermutlich wahrscheinlich voraussichtlich falls wenn sofern geplant only nur".split()
)
_UNITS = frozenset(
    stem(word)
    for word in "eur usd gbp chf euro euros pounds dollars percent prozent cent seconds minutes hours days weeks months years sekunden minuten stunden tage wochen monate jahre kg g mg ml l km m cm mm square metres meters litres people pages copies times million thousand".split()
)
_SIDES = tuple(
    (frozenset(left.split()), frozenset(right.split()))
    for left, right in (
        ("rise rises rose risen rising increase increases increased increasing grow grows grew grown up higher more gain gained raised steigt stieg gestiegen erhöht steigen mehr höher",
         "fall falls fell fallen falling decrease decreases decreased decreasing drop drops dropped down lower less lose lost lowered cut reduced sinkt sank gesunken senkt sinken weniger niedriger gesenkt"),
        ("accept accepts accepted approve approved agree agreed angenommen genehmigt", "reject rejects rejected refuse refused decline declined denied abgelehnt verweigert"),
        ("before vor bevor earlier", "after nach nachdem later"),
        ("paid bezahlt beglichen settled", "unpaid offen unbezahlt outstanding owed owes owing overdue"),
        ("allow allows allowed permitted may erlaubt gestattet", "forbid forbids forbidden prohibited banned verboten untersagt"),
        ("buy buys bought purchase purchased kauft gekauft käufer buyer", "sell sells sold verkauft verkäufer seller"),
        ("minimum least mindestens", "maximum most höchstens maximal"),
        ("start starts started begin begins began beginnt begann", "end ends ended finish finished endet endete stop stopped"),
        ("arrive arrives arrived ankunft", "depart departs departed leave leaves left abfahrt"),
        ("open opens opened geöffnet", "close closes closed geschlossen"),
        ("win won gewonnen", "lose lost verloren"),
        ("first erste ersten erster", "last letzte letzten letzter"),
        ("left links", "right rechts"),
        ("positive positiv", "negative negativ benign"),
        ("landlord vermieter", "tenant mieter"), ("vendor seller verkäufer lieferant", "customer buyer kunde käufer"),
        ("gross brutto", "net netto"), ("income einkommen revenue", "expense expenses ausgaben costs"),
    )
)  # fmt: skip
_COUNTED = {
    word: str(number)
    for number, row in enumerate(
        ("zero null", "one ein eins", "two zwei", "three drei", "four vier", "five fünf", "six sechs", "seven sieben",
         "eight acht", "nine neun", "ten zehn", "eleven elf", "twelve zwölf")
    )
    for word in row.split()
} | {"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100", "thousand": "1000", "dozen": "12",
     "half": "1/2", "twice": "2", "double": "2", "once": "1", "zwanzig": "20", "dreißig": "30", "doppelt": "2"}  # fmt: skip
_VAGUE = frozenset(
    {
        "one",
        "ein",
        "eins",
        "once",
        "left",
        "may",
        "right",
        "most",
        "up",
        "down",
        "open",
        "more",
        "nach",
        "vor",
    }
)
"""Words of the tables that are something else more often than not: alone they prove nothing."""
_WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag sonntag".split()
)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A part of a sentence that holds together: what is said, of what, how much."""

    words: frozenset[str]
    """Stems of telling words."""
    plain: frozenset[str]
    """Every word, in small letters."""
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    denied: bool
    doubted: bool
    """Under a condition, or not certain."""
    wished: frozenset[str]
    """What is only allowed, planned or wished: the words after `may`."""


def lacking(sentence: str, passages: Sequence[str]) -> tuple[str, ...]:
    """Return what a sentence says that its passages do not; nothing when they support it.

    Args:
        sentence: What was written.
        passages: The verbatim pieces that it points to.
    """
    said = _clauses(_dated(sentence, both=False))
    sources = [_dated(_WRAPPED.sub(" ", passage), both=True) for passage in passages]
    given = [clause for source in sources for clause in _clauses(source)]
    wholes = [_clause(piece.text) for text in sources for piece in sentences(text)] or [
        _clause(text) for text in sources
    ]
    telling = frozenset().union(*(clause.words for clause in said))
    if not telling:
        return ("it says nothing",)
    held = frozenset().union(*(clause.words for clause in given)) if given else frozenset()
    return (
        *_words(telling, held),
        *_together(said, wholes),
        *_dates(sentence, passages),
        *_units(said, given),
        *(lack for clause in said for lack in _numbers(clause, telling, given, wholes)),
        *_names(said, given, sentence, passages),
        *(lack for clause in said for lack in _sense(clause, given, wholes)),
        *_directions(said, given),
    )


def _dated(text: str, *, both: bool) -> str:
    """Write dates as numbers, so that each belongs to something as other numbers do.

    Args:
        text: Any text.
        both: Write a date with a year as one without it, too: it may be referred to as that.
    """
    made: list[str] = []
    at = 0
    known = {dated.piece.start for dated in find_dates(text)}
    for dated in find_dates(text, year=2000):
        day = f"0{dated.day:%m%d}0"
        if dated.piece.start in known:
            day = f"{dated.day:%Y%m%d} {day}" if both else f"{dated.day:%Y%m%d}"
        made += [text[at : dated.piece.start], f" {day} "]
        at = dated.piece.end
    return "".join([*made, text[at:]])


def _clauses(text: str) -> list[_Clause]:
    parts = [_clause(part) for part in _CLAUSE.split(text)]
    return [part for part in parts if part.plain]


def _clause(text: str) -> _Clause:
    words = _WORD.findall(text)
    small = [word.casefold() for word in words]
    telling = frozenset(
        stem(word)
        for word in small
        if not word[0].isdigit() and word not in STOP and word not in _NOT and word not in _COUNTED
    )
    numbers = tuple(value for word in small if (value := _value(word)))
    names = tuple(
        stem(word)
        for word in words[1:]
        if word[0].isupper() and word.casefold() not in STOP and word.casefold() not in MONTHS
    )
    denied = any(word in _NOT or word.endswith(("n't", "n’t")) for word in small)
    doubted = any(word in _DOUBT for word in small)
    wished = frozenset(
        stem(after)
        for at, word in enumerate(small)
        if word in _MODAL
        for after in [w for w in small[at + 1 : at + 4] if w not in STOP and w not in _NOT][:1]
    )
    return _Clause(telling, frozenset(small), numbers, names, denied, doubted, wished)


def _value(word: str) -> str:
    """Return a number in one form: `1.180,00`, `1,180` and `1180` are the same; "" for none."""
    if not word[0].isdigit():
        return "" if word in _VAGUE else _COUNTED.get(word, "")
    plain = re.sub(r"['’]", "", word)
    decimal = re.search(r"[.,](\d{1,2})$", plain)
    whole = re.sub(r"[.,]", "", plain[: decimal.start()] if decimal else plain)
    part = decimal[1].rstrip("0") if decimal else ""
    return f"{whole.lstrip('0') or '0'}{'.' + part if part else ''}"


def _has(word: str, held: frozenset[str]) -> bool:
    """Tell whether a word is there, in this or a form that begins alike."""
    if word in held:
        return True
    return len(word) >= 6 and any(len(o) >= 6 and o[:5] == word[:5] for o in held)


def _words(telling: frozenset[str], held: frozenset[str]) -> Iterator[str]:
    missing = sorted(word for word in telling if not _has(word, held))
    if len(missing) > (1 - FOUND) * len(telling):
        yield f"words: {', '.join(missing)}"


def _together(said: Sequence[_Clause], wholes: Sequence[_Clause]) -> Iterator[str]:
    """Want what a clause says in one sentence: words from here and there prove nothing."""
    for clause in said:
        shares = [sum(_has(w, one.words) for w in clause.words) for one in wholes]
        if len(clause.words) > 1 and max(shares, default=0) < TOGETHER * len(clause.words):
            yield f"together: {', '.join(sorted(clause.words))}"


def _dates(sentence: str, passages: Sequence[str]) -> Iterator[str]:
    """Want every month and weekday that is named."""
    known = {dated.iso for passage in passages for dated in find_dates(passage, year=2000)}
    plain = {word.casefold() for passage in passages for word in _WORD.findall(passage)}
    months = {MONTHS[word] for word in plain if word in MONTHS} | {int(day[5:7]) for day in known}
    for word in _WORD.findall(sentence):
        small = word.casefold()
        if word[0].isupper() and small in MONTHS and len(small) > 2 and MONTHS[small] not in months:
            yield f"month: {word}"
        if small in _WEEKDAYS and small not in plain:
            yield f"day: {word}"


def _units(said: Sequence[_Clause], given: Sequence[_Clause]) -> Iterator[str]:
    """Want what is counted: three months are not three weeks."""
    held = {stem(word) for clause in given for word in clause.plain}
    for word in sorted({stem(word) for clause in said for word in clause.plain}):
        if word in _UNITS and word not in held:
            yield f"unit: {word}"


def _numbers(
    clause: _Clause, telling: frozenset[str], given: Sequence[_Clause], wholes: Sequence[_Clause]
) -> Iterator[str]:
    """Want every number, and beside it something of what the sentence says it is the number of."""
    about = (clause.words - _UNITS) or (telling - _UNITS)
    for number in clause.numbers:
        near = [one for one in given if number in one.numbers]
        if not near:
            if not any(number in one.numbers for one in wholes):
                yield f"number: {number}"
            continue
        bare = all(not one.words for one in near)
        beside = [one for one in wholes if number in one.numbers] if bare else near
        rivals = any(one.numbers and number not in one.numbers for one in given)
        if rivals and not any(_has(word, one.words) for one in beside for word in about):
            yield f"number of something else: {number}"


def _names(
    said: Sequence[_Clause], given: Sequence[_Clause], sentence: str, passages: Sequence[str]
) -> Iterator[str]:
    """Want every name, and two of them in the order in which they stand somewhere."""
    held = frozenset().union(*(clause.words for clause in given)) if given else frozenset()
    names = [name for clause in said for name in clause.names]
    for name in dict.fromkeys(names):
        if not _has(name, held):
            yield f"name: {name}"
    order = [word for word in _order(sentence) if word in names]
    for first, second in pairwise(order):
        ways = [_before(first, second, piece.text) for p in passages for piece in sentences(p)]
        if -1 in ways and 1 not in ways:
            yield f"who to whom: {first}, {second}"


def _order(text: str) -> list[str]:
    return [stem(word) for word in _WORD.findall(text) if word[0].isupper()]


def _before(first: str, second: str, text: str) -> int:
    """Return 1 where the first stands before the second, -1 the other way round, else 0."""
    order = [stem(word) for word in _WORD.findall(text)]
    if first not in order or second not in order or first == second:
        return 0
    return 1 if order.index(first) < len(order) - 1 - order[::-1].index(second) else -1


def _sense(clause: _Clause, given: Sequence[_Clause], wholes: Sequence[_Clause]) -> Iterator[str]:
    """Want a denial where its source denies, and doubt where its source doubts."""
    if not clause.words:
        return
    best = _likest(clause, given)
    whole = _likest(clause, wholes)
    if not best:
        return
    if all(one.denied != clause.denied for one in best):
        yield "denial" if clause.denied else "a denial left out"
    sources = whole if whole and all(one.doubted for one in whole) else best
    if all(one.doubted for one in sources) and not clause.doubted:
        yield "a condition left out"
    if all(one.wished & clause.words for one in best) and not clause.wished & clause.words:
        yield "doubt left out"


def _likest(clause: _Clause, given: Sequence[_Clause]) -> list[_Clause]:
    """Return the clauses that share most with it."""
    shared = [sum(_has(word, one.words) for word in clause.words) for one in given]
    most = max(shared, default=0)
    return [one for one, share in zip(given, shared, strict=True) if share == most and most]


def _directions(said: Sequence[_Clause], given: Sequence[_Clause]) -> Iterator[str]:
    """Want no word whose contrary alone is in the passages."""
    plain = frozenset().union(*(clause.plain for clause in said)) - _VAGUE
    held = frozenset().union(*(clause.plain for clause in given)) if given else frozenset()
    for pair in _SIDES:
        for mine, other in (pair, pair[::-1]):
            if plain & mine and not held & mine and held & other:
                yield f"the contrary: {min(plain & mine)}"
