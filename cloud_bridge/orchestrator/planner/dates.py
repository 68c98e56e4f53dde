"""Periods of time in an objective: `last month`, `since 1 June`, `between March and May 2025`.

No clock: everything is relative to the date of the objective. It does not guess: what it cannot
read is no period. `fill` calls `find_period`. Day comes before month in `1/6/2026`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, open at either end; both ends belong to it."""

    since: date | None
    until: date | None
    words: str
    """As the user wrote it, for the sentence that says what was understood."""
    start: int = 0
    end: int = 0


Span = tuple[date | None, date | None]

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_DAYS = {
    name.lower(): number
    for names in (calendar.day_name, calendar.day_abbr)
    for number, name in enumerate(names)
}
_COUNTS = dict(
    zip(
        [
            "a",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "twelve",
            "couple",
            "few",
        ],
        (1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 2, 3),
        strict=True,
    )
)
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = "(?:" + "|".join(sorted(_DAYS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:19|20)\d\d"
_NUMBER = r"(?:\d{1,3}|(?:a )?(?:" + "|".join(_COUNTS) + r")(?: of)?)"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"

_EXACT = (
    rf"{_YEAR}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./](?:{_YEAR}|\d\d)"
    rf"|(?:the )?{_ORDINAL}(?: of)? {_MONTH}(?:,? {_YEAR})?|{_MONTH} {_ORDINAL}(?:,? {_YEAR})?"
)
_MOMENT = (
    rf"(?:{_EXACT}|(?:early |late )?{_MONTH}(?:,? (?:of )?{_YEAR})?|{_YEAR}-\d\d(?![\d-])|{_YEAR}"
    rf"|q[1-4](?: {_YEAR})?"
    rf"|today|yesterday|tomorrow|(?:last |this |next |on )?{_DAY}"
    rf"|(?:the )?(?:start of |beginning of |end of )?(?:the |this |last |next )?"
    rf"(?:week|weekend|month|quarter|year)"
    rf"|{_NUMBER} (?:day|week|month|year)s? ago|new year)"
)


def find_period(text: str, today: date) -> Period | None:
    """Return the first period the text names, or None.

    Args:
        text: The objective, or a part of it.
        today: The date the words are relative to.
    """
    for pattern, read in _FORMS:
        for found in re.finditer(pattern, text, re.IGNORECASE):
            try:
                span = read(found, today)
            except (ValueError, OverflowError):
                continue
            if span is not None:
                return Period(*span, found[0].strip(), found.start(), found.end())
    return None


def _between(found: re.Match[str], today: date) -> Span | None:
    last = _moment(found["b"], today)
    first = _moment(found["a"], today)
    if last is None or first is None or first[0] is None:
        return None
    since = first[0]
    if last[1] is not None and since > last[1]:
        year = last[1].year - (0 if since.replace(year=last[1].year) <= last[1] else 1)
        since = since.replace(year=year)
    return since, last[1]


def _since(found: re.Match[str], today: date) -> Span | None:
    span = _moment(found["a"], today)
    return (span[0], None) if span else None


def _after(found: re.Match[str], today: date) -> Span | None:
    span = _moment(found["a"], today)
    return (span[1] + timedelta(1), None) if span and span[1] else None


def _before(found: re.Match[str], today: date) -> Span | None:
    span = _moment(found["a"], today)
    return (None, span[0] - timedelta(1)) if span and span[0] else None


def _until(found: re.Match[str], today: date) -> Span | None:
    span = _moment(found["a"], today)
    return (None, span[1]) if span else None


def _due_by(found: re.Match[str], today: date) -> Span | None:
    words = found["a"].lower()
    if (day := _DAYS.get(words.removeprefix("next ").rstrip("."))) is not None:
        return None, today + timedelta((day - today.weekday()) % 7)
    return _until(found, today)


def _rolling(found: re.Match[str], today: date) -> Span | None:
    return _back(today, _count(found["n"]), found["unit"].lower()), today


def _older(found: re.Match[str], today: date) -> Span | None:
    return None, _back(today, _count(found["n"]), found["unit"].lower())


def _named(found: re.Match[str], today: date) -> Span | None:
    return _moment(found["a"], today)


def _moment(words: str, today: date) -> Span | None:
    """Return the first and last day of a named day, week, month, quarter or year."""
    words = re.sub(r"^(?:the|on) ", "", words.lower().strip().replace(",", ""))
    for reader in (_exact, _month_or_year, _relative, _unit):
        if (span := reader(words, today)) is not None:
            return span
    return None


def _exact(words: str, today: date) -> Span | None:
    if found := re.fullmatch(rf"({_YEAR})-(\d\d)-(\d\d)", words):
        return _one(date(int(found[1]), int(found[2]), int(found[3])))
    if found := re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{2,4})", words):
        year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
        return _one(date(year, int(found[2]), int(found[1])))
    plain = re.sub(r"(\d)(?:st|nd|rd|th)\b", r"\1", words.replace(" of ", " "))
    if found := re.fullmatch(rf"(\d{{1,2}}) ({_MONTH})(?: ({_YEAR}))?", plain):
        return _one(_dated(found[1], found[2], found[3], today))
    if found := re.fullmatch(rf"({_MONTH}) (\d{{1,2}})(?: ({_YEAR}))?", plain):
        return _one(_dated(found[2], found[1], found[3], today))
    return None


def _dated(day: str, month: str, year: str | None, today: date) -> date:
    number = _MONTHS[month.rstrip(".")]
    if year:
        return date(int(year), number, int(day))
    this = date(today.year, number, int(day))
    return this if this <= today else date(today.year - 1, number, int(day))


def _month_or_year(words: str, today: date) -> Span | None:
    words = re.sub(r"^(?:early|late) ", "", words).replace(" of ", " ")
    if found := re.fullmatch(rf"({_MONTH})(?: ({_YEAR}))?", words):
        number = _MONTHS[found[1].rstrip(".")]
        year = int(found[2]) if found[2] else today.year - (number > today.month)
        return _month(year, number)
    if found := re.fullmatch(rf"({_YEAR})-(\d\d)", words):
        return _month(int(found[1]), int(found[2]))
    if re.fullmatch(_YEAR, words):
        return date(int(words), 1, 1), date(int(words), 12, 31)
    if found := re.fullmatch(rf"q([1-4])(?: ({_YEAR}))?", words):
        quarter = int(found[1])
        ahead = quarter * 3 - 2 > today.month
        return _quarter(int(found[2]) if found[2] else today.year - ahead, quarter)
    return None


def _relative(words: str, today: date) -> Span | None:
    days = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if words in days:
        return _one(today + timedelta(days[words]))
    if words == "new year":
        return _one(date(today.year, 1, 1))
    if found := re.fullmatch(rf"({_NUMBER}) (day|week|month|year)s? ago", words):
        return _one(_back(today, _count(found[1]), found[2]))
    if found := re.fullmatch(rf"(?:(last|this|next) )?({_DAY})", words):
        number = _DAYS[found[2].rstrip(".")]
        if found[1] == "next":
            return _one(today + timedelta((number - today.weekday() - 1) % 7 + 1))
        return _one(today - timedelta((today.weekday() - number - 1) % 7 + 1))
    return None


def _unit(words: str, today: date) -> Span | None:
    found = re.fullmatch(
        r"(?:(start|beginning|end) of )?(?:(the|this|last|next|previous|past) )?"
        r"(week|weekend|month|quarter|year)",
        words,
    )
    if found is None:
        return None
    shift = {"last": -1, "previous": -1, "past": -1, "next": 1}.get(found[2] or "", 0)
    first, last = _around(found[3], shift, today)
    match found[1]:
        case None:
            return first, last
        case "end":
            return _one(last)
        case _:
            return _one(first)


def _around(unit: str, shift: int, today: date) -> tuple[date, date]:
    match unit:
        case "week":
            monday = today - timedelta(today.weekday() - 7 * shift)
            return monday, monday + timedelta(6)
        case "weekend":
            saturday = today - timedelta(today.weekday() - 7 * shift - 5)
            return saturday, saturday + timedelta(1)
        case "month":
            months = today.year * 12 + today.month - 1 + shift
            return _month(months // 12, months % 12 + 1)
        case "quarter":
            quarters = today.year * 4 + (today.month - 1) // 3 + shift
            return _quarter(quarters // 4, quarters % 4 + 1)
        case _:
            return date(today.year + shift, 1, 1), date(today.year + shift, 12, 31)


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _quarter(year: int, quarter: int) -> tuple[date, date]:
    return date(year, quarter * 3 - 2, 1), _month(year, quarter * 3)[1]


def _back(today: date, count: int, unit: str) -> date:
    match unit.rstrip("s"):
        case "hour":
            return today - timedelta(-(-count // 24))
        case "day":
            return today - timedelta(count)
        case "week":
            return today - timedelta(7 * count)
        case "month":
            months = today.year * 12 + today.month - 1 - count
            last = calendar.monthrange(months // 12, months % 12 + 1)[1]
            return date(months // 12, months % 12 + 1, min(today.day, last))
        case _:
            last = calendar.monthrange(today.year - count, today.month)[1]
            return date(today.year - count, today.month, min(today.day, last))


def _count(words: str) -> int:
    words = words.lower().removesuffix(" of").removeprefix("a ") or "a"
    return int(words) if words.isdecimal() else _COUNTS[words]


def _one(day: date) -> Span:
    return day, day


_SIZE = r"(?P<unit>(?:hour|day|week|month|year)s?)"
_A, _B = f"(?P<a>{_MOMENT})", f"(?P<b>{_MOMENT})"
_FORMS: tuple[tuple[str, Callable[[re.Match[str], date], Span | None]], ...] = (
    (rf"\bbetween {_A} and {_B}\b", _between),
    (rf"\bfrom {_A} (?:to|until|till|through|up to) {_B}\b", _between),
    (rf"\b{_A} (?:to|until|till|through) {_B}\b", _between),
    (rf"\b(?:since|starting(?: from)?|from) {_A} (?:onwards?|on)\b", _since),
    (rf"\b(?:since|starting(?: from)?) {_A}(?!\w)", _since),
    (rf"\b(?:after|later than|newer than) {_A}(?!\w)", _after),
    (rf"\b(?:before|earlier than|older than|prior to) {_A}(?!\w)", _before),
    (rf"\b(?:until|till|up to) {_A}(?!\w)", _until),
    (rf"\b(?:older than|not touched in|untouched for) (?P<n>{_NUMBER}) {_SIZE}\b", _older),
    (rf"\b(?:newer than|younger than) (?P<n>{_NUMBER}) {_SIZE}\b", _rolling),
    (rf"\b(?:by|due) (?!(?:week|month|quarter|year)\b){_A}(?!\w)", _due_by),
    (
        rf"\b(?:(?:in|over|during|within|for|from) )?(?:the )?(?:last|past|previous) "
        rf"(?P<n>{_NUMBER}) {_SIZE}\b",
        _rolling,
    ),
    (rf"\b(?:in|over|during|within) the (?P<n>)past {_SIZE}\b", _rolling),
    (rf"\b(?:on |from )?(?P<a>{_NUMBER} (?:day|week|month|year)s? ago)\b", _named),
    (
        r"\b(?:(?:in|from|of|for|during|over|made|dated|on) )?(?:the )?"
        r"(?P<a>(?:this|last|next|previous|past) (?:week|weekend|month|quarter|year))(?:'s)?\b",
        _named,
    ),
    (rf"\b(?:(?:on|of|from|dated|for) )?(?P<a>{_EXACT})(?!\w)", _named),
    (
        rf"\b(?:in|from|of|during|for|dated|throughout|last) (?:early |late )?"
        rf"(?P<a>{_MONTH}(?:,? (?:of )?{_YEAR})?)(?:'s)?(?!\w)",
        _named,
    ),
    (rf"\b(?P<a>{_MONTH},? (?:of )?{_YEAR})(?:'s)?(?!\w)", _named),
    (rf"\b(?:in |from |of |for )?(?P<a>q[1-4](?: {_YEAR})?)\b", _named),
    (rf"\b(?:in |from |of |for |during )?(?P<a>{_YEAR}-\d\d)(?![\d-])", _named),
    (
        rf"(?<![\w./$€£-])(?:in |from |of |for |during |throughout )?"
        rf"(?P<a>{_YEAR})(?:'s)?(?![\w/-])",
        _named,
    ),
    (r"\b(?:from |on |of )?(?P<a>today|yesterday|tomorrow)(?:'s)?\b", _named),
    (rf"\b(?:on |from |of )?(?P<a>(?:last |this |next ){_DAY})(?!\w)", _named),
    (
        r"(?<!\d )\b(?P<a>(?:jan|febr)uary|april|june|july|august|(?:sept|nov|dec)ember|october)"
        r"(?:'s)?\b(?! folder)",
        _named,
    ),
)  # fmt: skip
"""Most telling form first; the first that can be read wins."""
