"""Lists of fields in an objective: `vendor, number, date and total`, and which of them adds up.

It does not know what documents hold: a field is a short phrase, passed on as the user wrote it.
`fill` calls `find_fields` and `money_field`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from doorward.cloud_bridge.orchestrator.planner.topics import DOCUMENT_WORDS
from doorward.cloud_bridge.orchestrator.planner.words import stem

MAX_FIELDS = 16


@dataclass(frozen=True, slots=True)
class Fields:
    """A list of fields and its place in the text."""

    names: tuple[str, ...]
    start: int
    end: int


_LIST = r"(?P<list>[^:;?!|\"]{2,300}?)"
_ENDS = (
    r"(?= +(?:of|from|for|in|on|out of|across|found in|shown on|into|to a|to an|as a|as columns|"
    r"that|which)\b| *[.;|?!]| *$|,? and (?:put|save|write|tell|show|give|make|create|export|add|"
    r"sum|"
    r"store|list)\b|,? then\b)"
)
_FORMS = (
    rf"\b(?:columns?|fields?|headings?|headers?)(?: called| named| are| should be| being| for)?:? "
    rf"(?!of |from |in |and |should|that){_LIST}{_ENDS}",
    rf"\bwith (?:columns? |fields? )?(?:for )?(?:the |their |its |its own |each )?{_LIST}{_ENDS}",
    rf"\b(?:put|extract|list|collect|gather|pull(?: out)?|grab|get|read|take|copy|export|record|"
    rf"note|"
    rf"capture|compile|harvest|scrape|fetch|find|show|write|save|tabulate|enter|log|like|want|"
    rf"need|give me)"
    rf"(?: me| us| down| out| together)* (?:the |their |all the |every |each |just the |only the )?"
    rf"{_LIST}{_ENDS}",
    rf"\b(?:table|csv|spreadsheet|sheet|list|overview) (?:of|showing|listing|containing) (?:the |"
    rf"all )?"
    rf"{_LIST}{_ENDS}",
    rf"\b(?:showing|listing|containing|including) (?:the |their )?{_LIST}{_ENDS}",
    rf": *(?:the )?{_LIST}{_ENDS}",
)
_SPLIT = re.compile(r" *(?:,(?: *(?:and|plus)\b)?|\band\b|&|\+|\bas well as\b|\bplus\b) *")
_LEAD = re.compile(r"^(?:the|a|an|its|their|each|every|also|both|all|of|my|our|whose|s) ", re.I)
_NOT_A_FIELD = re.compile(
    r"\b(?:invoices|receipts|documents|files|bills|contracts|letters|everything|all|every|each|it|"
    r"them|table|csv|spreadsheet|sheet|folder|put|tell|me|make|save|write|is|are|was|i|you|that|"
    r"which|"
    r"what|please|data|details|information|info|columns?|fields?|one row|row|line|statements|"
    r"emails|"
    r"mails|offers|quotes|orders|payslips|into|from|last|this|summary|list)\b",
    re.I,
)
_MONEY = ("total", "net pay", "gross", "amount", "sum", "balance", "price", "cost", "net", "fee",
          "salary", "rent", "payment", "value", "charge", "premium", "paid", "due")  # fmt: skip


def find_fields(text: str, *, several: bool = False) -> Fields | None:
    """Return the list of fields a text asks for.

    Args:
        text: Cleaned text; names and periods may be masked with `|`.
        several: Accept only a list of two or more.
    """
    text = re.sub(r"\b(no|nr|num)\.", r"\1 ", text)
    for form in _FORMS:
        for found in re.finditer(form, text, re.IGNORECASE):
            names = split(found["list"])
            if names and len(names) > several:
                return Fields(names, found.start("list"), found.end("list"))
    return None


def split(words: str) -> tuple[str, ...] | None:
    """Return the single fields of `vendor, date and total`; None when one is no field."""
    names: list[str] = []
    for part in _SPLIT.split(words.strip(" ,")):
        name = part.strip(" ,'\"")
        while (shorter := _LEAD.sub("", name)) != name:
            name = shorter
        if not name:
            continue
        if len(name) > 40 or len(name.split()) > 4 or _NOT_A_FIELD.search(name) or _is_kind(name):
            return None
        if name.lower() not in (known.lower() for known in names):
            names.append(name)
    return tuple(names) if 0 < len(names) <= MAX_FIELDS else None


def _is_kind(name: str) -> bool:
    """Tell `warranties` from a field: several documents, not something in one."""
    last = name.lower().rpartition(" ")[2]
    return stem(last) in DOCUMENT_WORDS and stem(last) != last


def money_field(names: tuple[str, ...], text: str = "") -> str | None:
    """Return the field that can be added up: the one the user names, or the likeliest."""
    asked = re.search(
        r"\b(?:sum of|add up|adding up|sum up|total of|total up|"
        r"sum)(?: all)?(?: the)? ([\w ]{2,40})",
        text.lower(),
    )
    if asked:
        for name in names:
            if asked[1].startswith((name.lower(), name.lower() + "s")) and _is_money(name):
                return name
    for word in _MONEY:
        for name in names:
            if word in name.lower() and "date" not in name.lower():
                return name
    return None


def _is_money(name: str) -> bool:
    return any(word in name.lower() for word in _MONEY) and "date" not in name.lower()
