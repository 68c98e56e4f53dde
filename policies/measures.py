"""Dates and amounts: found in text, and moved so that what they tell of each other stays.

A date moves by whole weeks (the weekday and the order stay), an amount grows by one factor (the
currency, the form and the order stay). That hides values from a reader, not from somebody who knows
one of them. Pure; `pseudonyms` calls it with a shift and a factor for the objective.
"""

from __future__ import annotations

import datetime
from functools import cache

from doorward.policies.detect.findings import Finding, Kind
from doorward.policies.detect.scan import _Program, program

_MONTHS = (
    ("january february march april may june july august september october november december"),
    ("jan feb mar apr may jun jul aug sep oct nov dec"),
    ("januar februar märz april mai juni juli august september oktober november dezember"),
    ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
)
_DATE = (
    r"\b(\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}|"
    r"\d{1,2}(?:\.|th|st|nd|rd)? (?:de )?[A-Za-z\x80-\xff]{3,12}\.? (?:de )?\d{4}|"
    r"[A-Za-z]{3,9}\.? \d{1,2},? \d{4})\b"
)
_AMOUNT = (
    r"((?:€|\$|£|¥|\b(?:EUR|USD|GBP|CHF|JPY)) ?\d[\d.,']{0,18}\d|(?:€|\$|£|¥|\b(?:EUR|USD|GBP|CHF))"
    r" ?\d|\b\d[\d.,']{0,18}\d ?(?:€|\$|£|EUR\b|USD\b|GBP\b|CHF\b)|\b\d ?(?:€|EUR\b|USD\b|CHF\b))"
)

_DIGITS = frozenset("0123456789")
"""Of which a number is made: other digits, such as raised ones, are marks beside it."""


@cache
def _programs() -> tuple[tuple[Kind, _Program], ...]:
    return ((Kind.DATE, program(_DATE)), (Kind.AMOUNT, program(_AMOUNT)))


def found(text: str) -> list[Finding]:
    """Return the dates and amounts of a text."""
    data = text.encode("utf-8", "replace")
    hits = []
    for kind, each in _programs():
        for match in each.finditer(data):
            start, end = match.span(1)
            first = len(data[:start].decode("utf-8", "ignore"))
            surface = data[start:end].decode("utf-8", "ignore")
            if kind is Kind.AMOUNT or shifted(surface, 0) == surface:
                hits.append(Finding(first, first + len(surface), kind))
    return hits


def shifted(surface: str, days: int) -> str:
    """Return a date moved by so many days in its own form; empty when it cannot be."""
    try:
        if len(surface) == 10 and surface[4] == "-":
            day = datetime.date.fromisoformat(surface)
            return (day + datetime.timedelta(days)).isoformat()
        if surface[-5] in "./" and not surface[0].isalpha():
            return _numeric(surface, days)
        return _named(surface, days)
    except (ValueError, OverflowError, IndexError):
        return ""


def _numeric(surface: str, days: int) -> str:
    sign = surface[-5]
    first, second, year = surface.split(sign)
    american = sign == "/" and int(second) > 12
    month, day = (first, second) if american else (second, first)
    wide = len(first) == 2 and len(second) == 2
    moved = datetime.date(int(year), int(month), int(day)) + datetime.timedelta(days)
    parts = [moved.month, moved.day] if american else [moved.day, moved.month]
    shown = [f"{part:02d}" if wide else str(part) for part in parts]
    return sign.join([*shown, f"{moved.year:04d}"])


def _named(surface: str, days: int) -> str:
    words = surface.split(" ")
    for at, word in enumerate(words):
        for months in _MONTHS:
            names = months.split()
            plain = word.rstrip(".,").lower()
            if plain in names:
                return _spelt(words, at, names, days)
    return ""


def _spelt(words: list[str], at: int, names: list[str], days: int) -> str:
    word, day_at = words[at], 0 if at else 1
    plain = word.rstrip(".,")
    number = "".join(c for c in words[day_at] if c.isdigit())
    month = names.index(plain.lower()) + 1
    day = datetime.date(int(words[-1]), month, int(number)) + datetime.timedelta(days)
    name = names[day.month - 1]
    name = name.upper() if plain.isupper() else name.title() if plain[0].isupper() else name
    out = list(words)
    out[at] = name + word[len(plain) :]
    shown = f"{day.day:02d}" if len(number) == 2 and number[0] == "0" else str(day.day)
    out[day_at] = shown + words[day_at][len(number) :]
    out[-1] = f"{day.year:04d}"
    return " ".join(out)


def scaled(surface: str, permille: int) -> str:
    """Return an amount times `permille` / 1000 (at least 1000) in its form; empty if unclear."""
    at = [place for place, each in enumerate(surface) if each in _DIGITS]
    before, number, after = surface[: at[0]], surface[at[0] : at[-1] + 1], surface[at[-1] + 1 :]
    decimals, decimal = 0, ""
    for places in (1, 2):
        if len(number) > places + 1 and number[-places - 1] in ".,":
            decimals, decimal = places, number[-places - 1]
    whole = number[: len(number) - decimals - 1] if decimals else number
    group = next((each for each in whole if each not in _DIGITS), "")
    units = int("".join(each for each in number if each in _DIGITS))

    def shown(value: int) -> str:
        plain = str(value).rjust(decimals + 1, "0")
        head, tail = (plain[:-decimals], plain[-decimals:]) if decimals else (plain, "")
        head = f"{int(head):,}".replace(",", group) if group else head
        return f"{before}{head}{decimal}{tail}{after}"

    return shown(units * permille // 1000) if shown(units) == surface else ""
