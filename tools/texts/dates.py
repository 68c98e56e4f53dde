"""Dates in texts: found with their place, read in the ways Europe and America write them.

Pure: no clock; whoever asks gives the day that "tomorrow" counts from. It does not judge which date
matters; `reading.extract` and `reading.promises` do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from doorward.tools.texts.lines import Piece


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as the text writes it, and the day it means."""

    piece: Piece
    day: date

    @property
    def iso(self) -> str:
        """Return the day as `YYYY-MM-DD`."""
        return self.day.isoformat()


_NAMES = (
    "january januar jänner janvier enero gennaio januari janeiro jan janv ene gen",
    "february februar février fevrier febrero febbraio februari fevereiro feb févr fev",
    "march märz maerz mars marzo maart março mar mär mrz mrt",
    "april avril abril aprile apr avr abr",
    "may mai mayo maggio mei maio mag",
    "june juni juin junio giugno junho jun giu",
    "july juli juillet julio luglio julho jul juil lug",
    "august août aout agosto augustus aug ago",
    "september septembre septiembre settembre setembro sep sept set",
    "october oktober octobre octubre ottobre outubro oct okt ott out",
    "november novembre noviembre novembro nov",
    "december dezember décembre decembre diciembre dicembre dezembro dec dez déc dic",
)
MONTHS = {name: number for number, row in enumerate(_NAMES, 1) for name in row.split()}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_FORMS = re.compile(
    rf"""(?<![\w/.-])(?:
      (?P<y1>\d{{4}})-(?P<m1>\d\d)-(?P<d1>\d\d)(?=T|\b)
    | (?P<y2>\d{{4}})[/.](?P<m2>\d\d?)[/.](?P<d2>\d\d?)
    | (?P<y6>\d{{4}})年\s?(?P<m6>\d\d?)月\s?(?P<d6>\d\d?)日
    | (?P<a3>\d\d?)\s?(?P<mark>[./-])\s?(?P<b3>\d\d?)\s?(?P=mark)\s?(?P<y3>\d{{4}}|\d\d)
    | (?P<d4>\d\d?)(?:\.|st|nd|rd|th|er|º|°)?\s*(?:de\s+|of\s+|-)?
      (?P<m4>{_MONTH})\b\.?,?\s*-?(?:de\s+|del\s+)?(?P<y4>\d{{4}}|'?\d\d(?=\W|$))?
    | (?P<m5>{_MONTH})\b\.?\s+(?P<d5>\d\d?)(?:st|nd|rd|th)?(?!\d|[.:]\d)(?:,?\s+(?P<y5>\d{{4}}))?
    )(?![\w/-]*\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_AMERICAN = re.compile(r"\bUS\$|\bUSD\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b|\bU\.?S\.?A\b")


def american(text: str) -> bool:
    """Tell whether `3/4/2026` in this text means the fourth of March."""
    first_over = second_over = False
    for match in re.finditer(r"(?<![\d/])(\d\d?)/(\d\d?)/(?:\d{4}|\d\d)(?![\d/])", text):
        first_over |= int(match[1]) > 12
        second_over |= int(match[2]) > 12
    if first_over or second_over:
        return second_over and not first_over
    return _AMERICAN.search(text) is not None and "€" not in text and "£" not in text


def find_dates(text: str, *, year: int | None = None) -> list[Dated]:
    """Return every date in order of appearance.

    Args:
        text: Any text.
        year: The year of dates written without one; None leaves those out.
    """
    us = american(text)
    return [dated for match in _FORMS.finditer(text) if (dated := _read(match, us, year))]


def _read(match: re.Match[str], us: bool, year: int | None) -> Dated | None:
    group = match.groupdict()
    number = next(n for n in "123456" if group.get(f"y{n}") or group.get(f"d{n}") or n == "6")
    if group["a3"]:
        first, second = int(group["a3"]), int(group["b3"])
        swap = (us and group["mark"] == "/" and first <= 12) or second > 12
        day, month = (second, first) if swap else (first, second)
        written: str | None = group["y3"]
    else:
        day = int(group[f"d{number}"])
        name = group[f"m{number}"]
        month = int(name) if name.isdigit() else MONTHS[name.lower()]
        written = group[f"y{number}"]
    if written is None and year is None:
        return None
    full = year if written is None else int(written.lstrip("'"))
    assert full is not None  # noqa: S101 - both None returned above
    full += 2000 if full < 100 else 0
    try:
        found = date(full, month, day)
    except ValueError:
        return None
    if not 1900 <= full <= 2100:
        return None
    return Dated(Piece(match[0].rstrip(" ,.-"), match.start()), found)


_DAYS = {
    name: number
    for number, row in enumerate(
        (
            "monday montag lundi lunes",
            "tuesday dienstag mardi martes",
            "wednesday mittwoch mercredi miércoles",
            "thursday donnerstag jeudi jueves",
            "friday freitag vendredi viernes",
            "saturday samstag sonnabend samedi sábado",
            "sunday sonntag dimanche domingo",
        )
    )
    for name in row.split()
}
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10,
    "einem": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "zehn": 10,
}  # fmt: skip
_UNITS = {
    "day": 1, "days": 1, "week": 7, "weeks": 7, "fortnight": 14, "month": 30, "months": 30,
    "tag": 1, "tagen": 1, "tage": 1, "woche": 7, "wochen": 7, "monat": 30, "monaten": 30,
}  # fmt: skip
_RELATIVE = re.compile(
    rf"""\b(?:
      (?P<same>today|tonight|this\s+(?:morning|afternoon|evening)|heute(?:\s+abend)?|by\s+close\s+of\s+business)
    | (?P<after>day\s+after\s+tomorrow|übermorgen)
    | (?P<next>tomorrow|morgen(?!s)|demain|mañana)
    | (?:in|within|innerhalb\s+von|binnen)\s+(?P<count>\d{{1,3}}|{"|".join(_COUNTS)})\s+
      (?P<unit>{"|".join(_UNITS)})
    | (?P<end>(?:the\s+)?end\s+of\s+(?:the|this)\s+(?P<span>week|month|year)
        |Ende\s+(?:der\s+|des\s+|dieser\s+)?(?P<spanne>Woche|Monats?|Jahres?))
    | (?P<later>next|nächsten?|kommenden?)\s+(?P<what>week|month|Woche|Monat)
    | (?:(?P<far>next|nächsten?|kommenden?)\s+)?(?P<day>{"|".join(_DAYS)})s?
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)


def find_deadlines(text: str, base: date) -> Iterator[Dated]:
    """Yield every day a text speaks of, relative ones counted from `base`.

    A bare weekday is the next such day after `base`; "next week" is its Friday, "end of the
    month" the last day.
    """
    yield from find_dates(text, year=base.year)
    for match in _RELATIVE.finditer(text):
        yield Dated(Piece(match[0], match.start()), _relative(match, base))


def _relative(match: re.Match[str], base: date) -> date:
    if match["same"]:
        return base
    if match["after"]:
        return base + timedelta(days=2)
    if match["next"]:
        return base + timedelta(days=1)
    if match["count"]:
        count = int(match["count"]) if match["count"].isdigit() else _COUNTS[match["count"].lower()]
        return base + timedelta(days=count * _UNITS[match["unit"].lower()])
    if match["day"]:
        ahead = (_DAYS[match["day"].lower()] - base.weekday() - 1) % 7 + 1
        return base + timedelta(days=ahead)
    return _end(match, base)


def _end(match: re.Match[str], base: date) -> date:
    span = (match["span"] or match["spanne"] or match["what"]).lower()
    later = match["later"] is not None
    if span.startswith(("week", "woche")):
        friday = base + timedelta(days=(4 - base.weekday()) % 7)
        return friday + timedelta(days=7) if later and friday - base < timedelta(7) else friday
    if span.startswith(("year", "jahr")):
        return date(base.year, 12, 31)
    month = date(base.year, base.month, 28) + timedelta(days=4)
    last = month - timedelta(days=month.day)
    return last if not later else _end_of_next(last)


def _end_of_next(last: date) -> date:
    following = last + timedelta(days=32)
    return following - timedelta(days=following.day)
