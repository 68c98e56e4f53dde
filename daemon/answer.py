"""The answer: fills the plan's answer template from the vault's values. Pure.

The filters are the whole of its language: `{s1.items|list path score}` writes a bullet an element
with those fields; a missing value reads as nothing. It never fails on data: an answer with a hole
beats none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from doorward.daemon.resolve import Unresolved, as_text, look_up
from doorward.daemon.vault import Value
from doorward.policies.plan import Ref, Template
from doorward.policies.vocabulary import Data

_HOLE = re.compile(r"\{([a-z][a-z0-9_.]*)(?:\|([a-z0-9 _]+))?\}")
_MOST = 200
"""Bullets before the rest is counted instead of listed."""


def render(template: Template, values: Mapping[str, Value]) -> str:
    """Return the answer's text; an empty list takes its heading line with it."""
    lines: list[str] = []
    for line in template.text.splitlines():
        filled = _HOLE.sub(lambda hole: _fill(hole, values), line).rstrip()
        if filled or not _HOLE.search(line):
            lines.append(filled)
        elif lines and lines[-1].endswith(":"):
            lines.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _fill(hole: re.Match[str], values: Mapping[str, Value]) -> str:
    try:
        data = look_up(Ref(hole[1]), values)
    except Unresolved:
        return ""
    if not hole[2]:
        return as_text(data)
    name, *fields = hole[2].split()
    return _bullets(data, fields) if name == "list" else as_text(data)


def _bullets(data: Data, fields: list[str]) -> str:
    elements = data if isinstance(data, list) else []
    shown = [f"- {_row(element, fields)}" for element in elements[:_MOST]]
    if len(elements) > _MOST:
        shown.append(f"- and {len(elements) - _MOST} more")
    return "\n".join(shown)


def _row(element: Data, fields: list[str]) -> str:
    if not isinstance(element, dict):
        return as_text(element)
    chosen = (element.get(field) for field in fields) if fields else element.values()
    return " · ".join(" ".join(text.split()) for text in map(as_text, chosen) if text)
