"""The answer: fills the plan's answer template from the vault's values. Pure.

The filters are the whole of its language. `{s1.items|list path score}` writes a bullet an element
with those fields, `{s1.items|whole text}` each element's text with its lines as they are, and
`{s1.count|count exact_copy exact_copies}` a number with its noun. A missing value reads as nothing.
It never fails on data: an answer with a hole beats none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from doorward.daemon.values.resolve import Unresolved, as_text, look_up
from doorward.daemon.values.vault import Value
from doorward.policies.plan import Ref, Template
from doorward.policies.vocabulary import Data

_HOLE = re.compile(r"\{([a-z][a-z0-9_.]*)(?:\|([a-z0-9 _]+))?\}")
_MOST = 200
"""Bullets before the rest is counted instead of listed."""
MAX_ANSWER = 2_000_000
"""Characters: more is no answer, and an answer is kept and shown as a whole."""
_CUT = "… (the answer was cut here)"
_BEFORE = {"to": " → ", "same_as": " is a copy of "}
"""What stands before these fields where they are not the first of a row."""


def render(
    template: Template, values: Mapping[str, Value], restored: Callable[[str], str] = str
) -> str:
    """Return the answer's text; an empty list takes its heading line with it.

    Args:
        template: As the planner wrote it.
        values: The results by step.
        restored: Puts real values in the place of pseudonyms; it sees the planner's own words and
            nothing of the values, in which a stranger could have written a pseudonym.
    """
    lines: list[str] = []
    left = MAX_ANSWER
    for line in template.text.splitlines():
        filled = _line(line, values, restored, left).rstrip()
        left -= len(filled)
        if left <= 0:
            lines += [filled[: len(filled) + left], _CUT]
            break
        if filled or not _HOLE.search(line):
            lines.append(filled)
        elif lines and lines[-1].endswith(":"):
            lines.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _line(line: str, values: Mapping[str, Value], restored: Callable[[str], str], left: int) -> str:
    out: list[str] = []
    at = 0
    for hole in _HOLE.finditer(line):
        out += [restored(line[at : hole.start()]), _fill(hole, values)]
        at = hole.end()
        left -= len(out[-1])
        if left <= 0:
            break
    return "".join([*out, restored(line[at:])])


def _fill(hole: re.Match[str], values: Mapping[str, Value]) -> str:
    try:
        data = look_up(Ref(hole[1]), values)
    except Unresolved:
        return ""
    if not hole[2]:
        return as_text(data)
    name, *words = hole[2].split()
    match name:
        case "list":
            return _bullets(data, words)
        case "whole":
            return _whole(data, words)
        case "count":
            said = _counted(data, words)
            return said[:1].upper() + said[1:] if hole.start() == 0 else said
        case _:
            return as_text(data)


def _counted(data: Data, words: list[str]) -> str:
    """Return `no files`, `1 file` or `2 files`; thousands are set apart."""
    if not isinstance(data, int | float) or not words:
        return as_text(data)
    number = f"{data:,}" if data else "no"
    noun = words[0] if data == 1 else words[-1]
    return f"{number} {noun.replace('_', ' ')}"


def _whole(data: Data, fields: list[str]) -> str:
    elements = data if isinstance(data, list) else [data]
    texts = (
        as_text(element.get(field)).strip()
        for element in elements
        if isinstance(element, dict)
        for field in fields
    )
    return "\n\n".join(text for text in texts if text)


def _bullets(data: Data, fields: list[str]) -> str:
    elements = data if isinstance(data, list) else []
    shown = [f"- {_row(element, fields)}" for element in elements[:_MOST]]
    if len(elements) > _MOST:
        shown.append(f"- and {len(elements) - _MOST} more")
    return "\n".join(shown)


def _row(element: Data, fields: list[str]) -> str:
    if not isinstance(element, dict):
        return " ".join(as_text(element).split())
    row = ""
    for field in fields or list(element):
        text = " ".join(as_text(element.get(field)).split())
        if field == "reason" and row:  # the row has named the file already
            text = text.removeprefix(f"cannot read {row}: ")
        if text:
            row += (_BEFORE.get(field, " · ") if row else "") + text
    return row
