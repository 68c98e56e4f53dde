"""Amounts of money in texts: found with their place, their value and their currency.

Pure. It does not say what an amount is for; `read_fields` does, from the labels around it.
"""

# ruff: noqa: E501 - patterns stay whole; typographic marks are what documents contain

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from doorward.tools.texts.lines import Piece

_SIGNS = {
    "€": "EUR", "£": "GBP", "US$": "USD", "$": "USD", "¥": "JPY", "zł": "PLN", "Kč": "CZK",
    "₹": "INR", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "Fr.": "CHF", "SFr.": "CHF",
    "Euro": "EUR", "euros": "EUR", "euro": "EUR", "pounds": "GBP", "dollars": "USD",
}  # fmt: skip
_CODES = (
    "EUR", "USD", "GBP", "CHF", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "CAD", "AUD",
    "NZD", "INR", "CNY", "BRL", "MXN", "ZAR", "SGD", "HKD", "TRY", "RON",
)  # fmt: skip
_CURRENCY = "|".join(
    [re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)]
    + [f"{c}\\b" for c in _CODES]
)
_NUMBER = (
    r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?(?!\d)"
    r"|\d+[.,]\d{1,2}(?!\d)|\d+,[-–]+|\d+"
)
_AMOUNT = re.compile(
    rf"(?<![\w.,/#-])(?P<minus>[-–−]\s?)?(?:(?P<before>{_CURRENCY})[ \t\u00a0]{{0,6}})?(?P<inner>[-–−]\s?)?"
    rf"(?P<number>{_NUMBER})(?:[ \u00a0\u202f]?(?P<after>{_CURRENCY}))?(?![\w/]|[.,:-]\d|\s?%)",
)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as the text writes it."""

    piece: Piece
    value: Decimal
    currency: str
    """ISO code; empty when none stands beside the number."""


def find_amounts(text: str) -> list[Amount]:
    """Return every amount: numbers with a currency beside them, or with two decimals."""
    return [amount for match in _AMOUNT.finditer(text) if (amount := _read(match))]


def main_currency(text: str) -> str:
    """Return the currency that most amounts of a text are in; empty when it names none."""
    counted = Counter(amount.currency for amount in find_amounts(text) if amount.currency)
    if not counted:
        counted = Counter(
            _SIGNS.get(found, found)
            for found in re.findall(rf"(?<![A-Za-z])(?:{_CURRENCY})(?![A-Za-z])", text)
        )
    return counted.most_common(1)[0][0] if counted else ""


def _read(match: re.Match[str]) -> Amount | None:
    sign = match["before"] or match["after"] or ""
    number = match["number"]
    if not sign and not re.search(r"[.,]\d{1,2}$", number):
        return None
    if not sign and re.fullmatch(r"\d{1,2}\.\d{2}", number) and _is_time(match):
        return None
    value = read_number(number)
    if match["minus"] or match["inner"]:
        value = -value
    piece = Piece(match[0], match.start()).trimmed(" \u00a0\u202f")
    return Amount(piece, value, _SIGNS.get(sign, sign))


def _is_time(match: re.Match[str]) -> bool:
    after = match.string[match.end() : match.end() + 5]
    before = match.string[max(0, match.start() - 4) : match.start()]
    return re.match(r"\s?(?:Uhr|h\b|am\b|pm\b)", after) is not None or before.endswith(
        ("at ", "um ")
    )


def read_number(text: str) -> Decimal:
    """Read a number in any of the usual forms: `1.234,50`, `1,234.50`, `1 234,5`, `1'234`."""
    digits = re.sub(r"[\s'’\u00a0\u202f]|[,.][-–]+$", "", text)
    tail = re.search(r"[.,](\d+)$", digits)
    if tail is None:
        return Decimal(re.sub(r"[.,]", "", digits))
    marks = re.sub(r"\d", "", digits)
    if len(tail[1]) == 3 and len(set(marks)) == 1:  # 1.234 and 1,234: thousands
        return Decimal(re.sub(r"[.,]", "", digits))
    whole = re.sub(r"[.,]", "", digits[: tail.start()])
    return Decimal(f"{whole}.{tail[1]}")
