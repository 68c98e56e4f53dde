"""One objective, read once: its words, names, period and form, for `match` and `fill` alike.

No decisions here. Names and periods are masked in `masked`, so that a folder called `duplicates`
or a file called `rename.txt` never looks like an order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from doorward.cloud_bridge.orchestrator.planner import words
from doorward.cloud_bridge.orchestrator.planner.dates import Period, find_period
from doorward.cloud_bridge.orchestrator.planner.fields import find_fields
from doorward.cloud_bridge.orchestrator.planner.paths import Named, Names, find_names
from doorward.cloud_bridge.orchestrator.planner.topics import (
    DOCUMENT_WORDS,
    MASK,
    TYPE_WORDS,
    find_kind,
    find_options,
)

_IMAGES = ("jpg", "jpeg", "png", "heic")
_TYPES = {
    "pdf": ("pdf",), "spreadsheet": ("xlsx", "csv"), "excel": ("xlsx",), "presentation": ("pptx",),
    "powerpoint": ("pptx",), "slide": ("pptx",), "markdown": ("md",), "csv": ("csv",),
    "docx": ("docx",), "xlsx": ("xlsx",), "pptx": ("pptx",), "word": ("docx",), "txt": ("txt",),
    "html": ("html",), "photo": _IMAGES, "image": _IMAGES, "picture": _IMAGES,
    "screenshot": ("png",),
}  # fmt: skip
_FILES = frozenset({"file", "document"})
_MINE = words.word_set("my our i we mine ours")
_PARTICULAR = re.compile(
    r"(?<!\A)\b(?:the\s+(?!\|)[^\W\d]{3,}|(?-i:(?!I\b)[A-Z][\w.'-]+))", re.IGNORECASE
)
_MANY = re.compile(
    r"\b(?:every|each|all)\b|\b(?:"
    + "|".join(sorted(DOCUMENT_WORDS))
    + r"|photo|picture|image|screenshot|polic|warrant|summar)(?:ie)?s\b",
    re.IGNORECASE,
)
_TABLE = re.compile(
    r"(?:\b(?:an?|one|the|single|new|into|as|in|to|make) +(?:[\w-]+ +){0,2}?|^|[|])"
    r"(?:table|spreadsheet|csv|sheet|excel|xlsx)\b",
    re.IGNORECASE,
)
_CONTENTS = re.compile(
    r"\bwhat(?:'s| is|s) (?:in|inside)(?: the)? \||\bwhat (?:do|does) \| (?:say|contain)\W*$"
    r"|\bwhat(?:'s| is|s) \| about",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"\b(?:rename|name)\b.*(?<!according )(?<!due )\b(?:to|into|as)\b", re.IGNORECASE
)
_ABOUT = re.compile(
    r"\b(?:about|on(?! (?:the |my )?\|)|regarding|concerning|mention\w*|relat(?:ed|ing) to|"
    r"to do with|discuss\w*)\b",
    re.IGNORECASE,
)
_QUALIFIED = re.compile(
    r"\b(?:" + "|".join(sorted(DOCUMENT_WORDS - TYPE_WORDS)) + r"|polic|warrant)(?:ies|s)? "
    r"((?:from|by|for|of|over|under|above) (?!\||every|each|all|me\b|us\b|a (?:csv|table|file|"
    r"spreadsheet))"
    r"(?:the |my |our )?[\w'-]+)",
    re.IGNORECASE,
)
_WISH = re.compile(r"(?:please )?i(?:'d| would)? (?:like|want|need)\b", re.IGNORECASE)
_CHANGED = words.word_set("changed modified edited updated change")
_SMALL = words.QUESTION_WORDS | frozenset(
    [
        "in",
        "the",
        "a",
        "an",
        "of",
        "say",
        "about",
        "it",
        "contain",
        "tell",
        "me",
        "there",
        "written",
        "stand",
        "content",
        "?",
        ".",
        ",",
        "please",
    ]
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What can be told of an objective's text without knowing what is wanted."""

    text: str
    """Cleaned; the user's own spelling and case."""
    today: date
    names: Names
    period: Period | None
    masked: str
    """The text with names and period replaced by bars."""
    named: str
    """The text with only names replaced."""
    stems: tuple[str, ...]
    line: str
    """The stems with a space around each, for finding phrases."""
    question: bool
    places: frozenset[int]
    """Where in `stems` an order can stand."""
    features: frozenset[str]
    """Which of `<file>`, `<folder>`, `<period>`, … hold."""


def read(text: str, today: date) -> Reading:
    """Read an objective's text; never raises for any text."""
    text = words.clean(text)
    names = find_names(text)
    named = mask(text, (*names.files, *names.outputs, *names.folders, *names.pages))
    period = find_period(named, today)
    masked = mask(named, (Named("", period.start, period.end),) if period else ())
    found_words = words.tokens(squeeze(named))
    stems = tuple(token.stem for token in found_words)
    plural = {
        index for index, token in enumerate(found_words)
        if squeeze(named)[token.start : token.end].lower() == token.stem + "s"
    }  # fmt: skip
    question = words.is_question(stems)
    found = _features(names, masked, stems)
    if question and stems[words.opener(stems)] in words.QUESTION_WORDS:
        found.add("<question>")
    found |= {"<period>"} if period else set()
    return Reading(
        text=text,
        today=today,
        names=names,
        period=period,
        masked=squeeze(masked),
        named=squeeze(named),
        stems=stems,
        line=f" {' '.join(stems)} ",
        question=question,
        places=words.order_places(stems) - plural,
        features=frozenset(found),
    )


def mask(text: str, taken: tuple[Named, ...]) -> str:
    """Replace each taken place by bars of the same length."""
    for named in taken:
        text = text[: named.start] + MASK * (named.end - named.start) + text[named.end :]
    return text


def squeeze(text: str) -> str:
    """Make one bar of several."""
    return re.sub(r"\|+", MASK, text)


def types(stems: tuple[str, ...]) -> tuple[str, ...]:
    """Return the file types the text asks for: `all spreadsheets` → xlsx, csv."""
    found = [
        kind for index, stem in enumerate(stems) for kind in _TYPES.get(stem, ())
        if stem not in {"word", "csv", "excel"} or set(stems[index + 1 : index + 2]) & _FILES
    ]  # fmt: skip
    return tuple(dict.fromkeys(found))


def qualifier(masked: str) -> str | None:
    """Return words that narrow a kind down: `invoices from Vodafone` → `from Vodafone`."""
    found = _QUALIFIED.search(masked)
    return found[1] if found else None


def _features(names: Names, masked: str, stems: tuple[str, ...]) -> set[str]:
    line = squeeze(masked)
    kind = find_kind(line)
    narrowed = find_kind(re.sub(r"(?:\binto\b|:|\bby\b).*", "", line))
    some = set(stems)
    tests = {
        "<file>": bool(names.files),
        "<page>": bool(names.pages),
        "<csv>": any(named.value.lower().endswith((".csv", ".xlsx")) for named in names.outputs),
        "<folder>": bool(names.folders),
        "<phrase>": bool(names.phrases),
        "<mine>": bool(some & _MINE),
        "<particular>": _PARTICULAR.search(line) is not None,
        "<document>": bool(some & (DOCUMENT_WORDS - {"folder", "order"})),
        "<kind>": kind is not None,
        "<changed>": bool(some & _CHANGED),
        "<type>": bool(types(stems)),
        "<fields>": find_fields(line, several=True) is not None,
        "<field>": find_fields(line) is not None,
        "<options>": find_options(line) is not None,
        "<more>": len([stem for stem in stems if stem not in _SMALL and stem != MASK]) > 0,
        "<whole>": not types(stems) and (narrowed is None or narrowed.endswith("scan")),
        "<nofolder>": not names.folders,
        "<many>": _MANY.search(line) is not None,
        "<table>": _TABLE.search(line) is not None,
        "<target>": _TARGET.search(line) is not None,
        "<contents>": _CONTENTS.search(line) is not None,
        "<wish>": _WISH.match(line) is not None,
        "<qualified>": qualifier(line) is not None,
        "<about>": bool(names.phrases) or _ABOUT.search(line) is not None,
    }
    return {name for name, holds in tests.items() if holds}
