"""Patterns of the decimal numbers within a range: what a small model may write as a number.

No schema and no grammar: exact integers in, a regular expression out. Every number has at most 15
digits, so that no two of them are one floating-point value and a bound means the same to every
reader. `shapes` calls it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

LARGEST: Final = 10**15 - 1
"""Numbers go from minus this to this, unless a bound lies beyond it."""
DECIMALS: Final = (0, 1, 2, 4)
"""How many digits may stand after the point; finer ones only where a range holds nothing else."""


def whole(least: int, most: int) -> str:
    """Return the pattern of the whole numbers from `least` to `most`, without leading zeros."""
    return _signed(least, most, 0)


def decimal(
    least: Fraction, most: Fraction, *, open_least: bool, open_most: bool
) -> tuple[str, int] | None:
    """Return the pattern of some numbers in a range, and its longest; None where there is none."""
    found: list[str] = []
    longest = 0
    for places in (*DECIMALS, 6, 9, 12, 15):
        if places > 4 and found:
            break
        low, high = _ends(least, most, 10**places, open_least=open_least, open_most=open_most)
        low, high = max(low, -LARGEST), min(high, LARGEST)
        if low <= high:
            found.append(_signed(low, high, places))
            digits = max(len(str(end).lstrip("-").zfill(places + 1)) for end in (low, high))
            longest = max(longest, digits + (low < 0) + (places > 0))
    return ("|".join(found), longest) if found else None


def _ends(
    least: Fraction, most: Fraction, scale: int, *, open_least: bool, open_most: bool
) -> tuple[int, int]:
    low, high = -((-least * scale) // 1), (most * scale) // 1
    if open_least and Fraction(low, scale) == least:
        low += 1
    if open_most and Fraction(high, scale) == most:
        high -= 1
    return low, high


def _signed(least: int, most: int, places: int) -> str:
    parts: list[str] = []
    if least < 0:
        parts.append(f"-{_group(_natural(max(1, -most), -least, places))}")
    if most >= 0:
        parts.append(_group(_natural(max(0, least), most, places)))
    return _group(parts)


def _natural(least: int, most: int, places: int) -> list[str]:
    """Return alternatives for the naturals in a range, the last `places` digits after a point."""
    parts: list[str] = []
    for digits in range(max(len(str(least)), places + 1), max(len(str(most)), places + 1) + 1):
        smallest = 0 if digits == places + 1 else 10 ** (digits - 1)
        low, high = max(least, smallest), min(most, 10**digits - 1)
        if low <= high:
            parts += _same_length(str(low).zfill(digits), str(high).zfill(digits), places)
    return parts


def _same_length(low: str, high: str, places: int) -> list[str]:
    """Return alternatives for the digit strings from `low` to `high`, both of one length."""
    if not low:
        return [""]
    rest = len(low) - 1
    point = r"\." if rest == places and places else ""
    if low[0] == high[0]:
        return [f"{low[0]}{point}{_group(_same_length(low[1:], high[1:], places))}"]
    first, last = int(low[0]), int(high[0])
    parts: list[str] = []
    if low[1:] != "0" * rest:
        parts.append(f"{first}{point}{_group(_same_length(low[1:], '9' * rest, places))}")
        first += 1
    if high[1:] != "9" * rest:
        parts.append(f"{last}{point}{_group(_same_length('0' * rest, high[1:], places))}")
        last -= 1
    if first <= last:
        parts.append(f"[{first}-{last}]{point}{_any(rest, places)}")
    return parts


def _any(digits: int, places: int) -> str:
    """Return the pattern of any digits, with the point where it belongs."""
    if not digits:
        return ""
    if places and digits > places:
        return rf"[0-9]{{{digits - places}}}\.[0-9]{{{places}}}"
    return f"[0-9]{{{digits}}}"


def _group(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({'|'.join(parts)})"
