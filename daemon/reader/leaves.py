"""Read the parts of a JSON schema that have no parts: literals, texts, numbers.

It understands a keyword whole or refuses it by name: an ignored keyword is a schema that is not
held. Where the grammar cannot say all that a schema allows, it says less, never more. `schema`
calls it.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Mapping
from fractions import Fraction
from re import _parser as reading  # type: ignore[attr-defined]  # knows how wide a match can be
from typing import Final

from doorward.daemon.reader import numerals
from doorward.daemon.reader.keywords import Node, count, key, refuse, shown
from doorward.daemon.reader.shapes import Literals, Matching, Pattern, Shape, Text
from doorward.policies.vocabulary import Data

MOST_PATTERN: Final = 200
"""The most characters of a pattern."""
MOST_MATCH: Final = 200
"""The most characters of a text that a pattern describes."""
MOST_LITERALS: Final = 2000

_DAY: Final = (
    "[12][0-9]{3}-(02-(0[1-9]|1[0-9]|2[0-8])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    "|(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01]))"
)
_TIME: Final = (
    r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)
_OCTET: Final = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_NAME: Final = "[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?"
FORMATS: Final[Mapping[str, tuple[str, int]]] = {
    "date": (_DAY, 10),
    "time": (_TIME, 18),
    "date-time": (f"{_DAY}T{_TIME}", 29),
    "duration": ("P([1-9][0-9]{0,3}[DWMY]|T[1-9][0-9]{0,3}[HMS])", 7),
    "email": (
        rf"[A-Za-z0-9_]{{1,16}}([.+-][A-Za-z0-9_]{{1,16}})?@({_NAME}\.){{1,2}}[a-z]{{2,8}}",
        76,
    ),
    "hostname": (rf"({_NAME}\.){{0,3}}[a-z]{{2,8}}", 59),
    "ipv4": (rf"({_OCTET}\.){{3}}{_OCTET}", 15),
    "ipv6": ("([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}", 39),
    "uuid": ("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", 36),
    "uri": (
        rf"([a-z]{{2,6}}:\/\/({_NAME}\.){{1,2}}[a-z]{{2,8}}(\/[A-Za-z0-9._~=?&-]{{0,48}})?|mailto:[a-z.]{{1,24}}@{_NAME}\.[a-z]{{2,8}})",
        108,
    ),
}
"""What is written for a format, and the most characters of it: less than the format allows."""


def text(node: Node, at: str) -> Shape:
    """Read what `type: string` says."""
    least = count(node, "minLength", at) or 0
    most = count(node, "maxLength", at)
    if most is not None and most < least:
        raise refuse(at, f"minLength {least} is more than maxLength {most}")
    if "format" in node and "pattern" in node:
        raise refuse(at, "format beside pattern is not supported")
    if "format" in node:
        return _format(node["format"], least, most, at)
    if "pattern" in node:
        return _matching(node["pattern"], least, most, at)
    return Text(least, most)


def _format(name: Data, least: int, most: int | None, at: str) -> Shape:
    if not isinstance(name, str) or name not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise refuse(at, f"format {shown(name)} is not supported; {known} are")
    regex, longest = FORMATS[name]
    if least == 0 and (most is None or most >= longest):
        return Pattern(f'"({regex})"', longest + 2)
    limit = longest if most is None else min(most, longest)
    return Matching(f"^({regex})$", least, max(limit, least), ascii=True)


def _matching(pattern: Data, least: int, most: int | None, at: str) -> Shape:
    if not isinstance(pattern, str) or len(pattern) > MOST_PATTERN:
        raise refuse(at, f"pattern is no text of at most {MOST_PATTERN} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            narrow, wide = reading.parse(pattern).getwidth()
    except (ValueError, RecursionError, OverflowError, reading.error) as error:
        raise refuse(at, f"pattern {shown(pattern)} is none: {error}") from error
    narrow = max(int(narrow), least)
    whole = pattern.startswith("^") and pattern.endswith("$") and "|" not in pattern
    room = min(int(wide), MOST_MATCH) if whole else max(narrow, 32) + 16
    limit = max(narrow, room if most is None else min(room, most))
    if narrow > MOST_MATCH or (most is not None and narrow > most):
        bound = MOST_MATCH if most is None else min(most, MOST_MATCH)
        raise refuse(at, f"pattern needs {narrow} characters, of {bound} at most")
    plain = pattern.isascii() and not any(mark in pattern for mark in (r"\u", r"\p", r"\x", r"\P"))
    return Matching(pattern, least, limit, ascii=plain)


def number(node: Node, at: str, *, whole: bool) -> Shape:
    """Read what `type: integer` and `type: number` say."""
    least, open_least = _bound(node, "minimum", "exclusiveMinimum", at, max)
    most, open_most = _bound(node, "maximum", "exclusiveMaximum", at, min)
    step = _step(node, at)
    if whole or step > 1:
        return _integer(least, most, (open_least, open_most), step, at)
    low = Fraction(-numerals.LARGEST) if least is None else least
    high = Fraction(numerals.LARGEST) if most is None else most
    found = numerals.decimal(low, high, open_least=open_least, open_most=open_most)
    if found is None:
        raise refuse(at, f"no number of at most 15 digits lies from {low} to {high}")
    return Pattern(*found)


def _integer(
    least: Fraction | None, most: Fraction | None, opened: tuple[bool, bool], step: int, at: str
) -> Shape:
    low = -numerals.LARGEST if least is None else -((-least) // 1)
    high = numerals.LARGEST if most is None else most // 1
    low += opened[0] and low == least
    high -= opened[1] and high == most
    if least is None:
        low = min(low, 2 * high)
    if most is None:
        high = max(2 * low, high)
    if low > high:
        raise refuse(at, f"no whole number lies from {low} to {high}")
    if step == 1:
        return Pattern(numerals.whole(low, high), max(len(str(low)), len(str(high))))
    first, last = -((-low) // step), high // step
    if first > last:
        raise refuse(at, f"no multiple of {step} lies from {low} to {high}")
    middle = min(max(first, 0), last)  # a few hundred of them, around zero where it is one of them
    start = max(first, middle - 250)
    return Literals(tuple(str(step * n) for n in range(start, min(last, start + 500) + 1)))


def _bound(
    node: Node, keyword: str, exclusive: str, at: str, pick: object
) -> tuple[Fraction | None, bool]:
    closed, opened = _fraction(node, keyword, at), _fraction(node, exclusive, at)
    if opened is None or closed is None:
        return (closed, False) if opened is None else (opened, True)
    tighter = max(closed, opened) if pick is max else min(closed, opened)
    return tighter, tighter == opened


def _fraction(node: Node, keyword: str, at: str) -> Fraction | None:
    if keyword not in node:
        return None
    value = node[keyword]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refuse(at, f"{keyword} is {shown(value)}, not a number")
    with contextlib.suppress(ValueError):  # what is not finite
        if abs(value) < 10**300:
            return Fraction(repr(value))
    raise refuse(at, f"{keyword} is {shown(value)}, beyond what is supported")


def _step(node: Node, at: str) -> int:
    step = _fraction(node, "multipleOf", at)
    if step is None:
        return 1
    if step <= 0 or step.denominator != 1:
        raise refuse(
            at, f"multipleOf {shown(node['multipleOf'])} is not supported, only whole ones"
        )
    return max(int(step), 1)


def literals(values: list[Data], at: str) -> list[Data]:
    """Return the different ones of some values, or refuse too many."""
    if not values or len(values) > MOST_LITERALS:
        raise refuse(at, f"enum has {len(values)} values, from 1 to {MOST_LITERALS} are supported")
    return list({key(value): value for value in values}.values())
