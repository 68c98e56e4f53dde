"""Literals: the numbers, days and times of day that a text names, in forms that can be compared.

It does not understand relative dates (that needs a clock) and does not compute. `provenance` calls
it, so that "March 1st at 9:30" proves `2026-03-01 09:30`, and "1,200.00" proves `1200`.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"(?<![\w.,])(?<!\d[-/])[-+]?\d{1,15}(?:[.,]\d{1,15}){0,5}(?![\w])(?![-/]\d)")
"""No part of a day, of a telephone or account number: `2026` is not in 2026-03-01."""
_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?", re.ASCII)
_MOST = 10**15
_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d\d)-(\d\d)(?![\d-])")
_DOTTED = re.compile(r"(?<![\w.])(\d{1,2})\.(\d{1,2})\.(\d{4})?(?!\d)")
_MONTHS = {
    name: index
    for index, names in enumerate(
        (
            "january jan januar jänner",
            "february feb februar",
            "march mar märz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sep sept",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_CODE = re.compile(r"[-+]?0\d")
_MONTH_DAY = re.compile(rf"\b({_NAMES})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}})\b)?")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?({_NAMES})\b\.?(?:,?\s+(\d{{4}})\b)?"
)
_CLOCK = re.compile(r"(?<![\w:.])(\d{1,2})(?::(\d\d)(?::\d\d)?)?\s?(am|pm|uhr)?(?![\w:])")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ t](\d\d:\d\d)(?::\d\d)?)?", re.ASCII)


def numbers_in(text: str) -> frozenset[float]:
    """Return every number of a text.

    A lone separator before three digits may be either kind ("1.200"): both readings count. What
    begins with a nought before another digit ("01000") is a code, and no number.
    """
    plain = re.sub(r"[$€£¥]", " ", unicodedata.normalize("NFKC", text))
    return frozenset(each for found in _NUMBER.finditer(plain) for each in _readings(found[0]))


def plain_number(value: str) -> float | None:
    """Return the number that a literal is, if it is written as programs write numbers."""
    return float(value) if _PLAIN.fullmatch(value) else None


def written(number: float) -> str:
    """Return the shortest text of a number, the same for `5` and `5.0`."""
    if isinstance(number, int):
        return str(number) if abs(number) < _MOST else ""
    return f"{number:.15g}"


def _readings(number: str) -> set[float]:
    if _CODE.match(number):
        return set()
    marks = [each for each in number if each in ".,"]
    if not marks:
        return {float(number)}
    whole, decimals = number.rsplit(marks[-1], 1)
    found = set()
    if marks.count(marks[-1]) == 1:
        found.add(float(re.sub(r"[.,]", "", whole) + "." + decimals))
    groups = re.split(r"[.,]", number)[1:]
    if len(set(marks)) == 1 and all(len(group) == 3 for group in groups):
        found.add(float(re.sub(r"[.,]", "", number)))
    return found


def days_in(text: str) -> frozenset[str]:
    """Return every day of a text: `2026-03-01`; `--03-01` where it names no year."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = [(y, int(m), int(d)) for y, m, d in _ISO.findall(plain)]
    found += [(y, int(m), int(d)) for d, m, y in _DOTTED.findall(plain)]
    found += [(y, _MONTHS[m], int(d)) for m, d, y in _MONTH_DAY.findall(plain)]
    found += [(y, _MONTHS[m], int(d)) for d, m, y in _DAY_MONTH.findall(plain)]
    return frozenset(
        f"{year or '-'}-{month:02d}-{day:02d}"
        for year, month, day in found
        if 1 <= month <= 12 and 1 <= day <= 31
    )


def times_in(text: str) -> frozenset[str]:
    """Return every time of day of a text as `09:30`: "9:30", "9 am", "9:30 pm", "9 Uhr"."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = set()
    for hour, minute, half in _CLOCK.findall(plain):
        if not minute and not half:
            continue
        hours = int(hour) % 12 + 12 * (half == "pm") if half in {"am", "pm"} else int(hour)
        if hours < 24 and int(minute or 0) < 60:
            found.add(f"{hours:02d}:{minute or '00'}")
    return frozenset(found)


def parts_of_day(value: str) -> tuple[str, str] | None:
    """Return the day and the time (or nothing) of a value that is a moment, else None."""
    found = _MOMENT.fullmatch(value)
    return (found[1], found[2] or "") if found else None
