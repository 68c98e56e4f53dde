"""Compares what an objective brought with the answer key, field by field.

Pure: no daemon, no files but the CSV text that is given. The key is samples/answers.json.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from scripts.bench.asking import Outcome, amounts, folded

Key = Mapping[str, Any]
_FORMS = {
    "gmbh", "ltd", "sarl", "inc", "llc", "gbr", "ag", "ug", "kg", "limited", "co", "mbh", "plc",
    "sa", "bv",
}  # fmt: skip
_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "$": "USD"}


def name_of(text: str) -> str:
    """Return a vendor's name without its legal form, punctuation and case."""
    words = re.findall(r"\w+", text.casefold())
    while words and words[-1] in _FORMS:
        words.pop()
    return " ".join(words)


def decimal(text: str) -> Decimal | None:
    """Return the number of a cell in any of the usual spellings."""
    found = re.search(r"\d[\d.,\s'’]*", text.replace("\xa0", " ").replace("\u202f", " "))
    if not found:
        return None
    digits = re.sub(r"[\s'’]", "", found[0]).strip(".,")
    tail = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"[.,]", "", digits[: tail.start()] if tail else digits)
    try:
        return Decimal(whole + "." + tail[1] if tail else whole)
    except InvalidOperation:
        return None


def same_total(cell: str, wanted: Mapping[str, str]) -> bool:
    """Tell whether a cell holds the key's total; a currency it names must be the key's."""
    value = decimal(cell)
    if value is None or value != Decimal(wanted["total"]):
        return False
    named = {code for sign, code in _SIGNS.items() if sign in cell}
    named |= set(re.findall(r"\b(?:EUR|USD|GBP|CHF)\b", cell))
    return not named or wanted["currency"] in named


def extraction(csv_text: str, wanted: Sequence[Mapping[str, str]]) -> dict[str, tuple[int, int]]:
    """Return right/total of vendor, number, date and total, and of the selection."""
    rows = {row["file"]: row for row in csv.DictReader(io.StringIO(csv_text))}
    right = dict.fromkeys(("vendor", "number", "date", "total"), 0)
    for one in wanted:
        row = rows.get(one["path"]) or rows.get(one.get("same_as", ""))
        if row is None:
            continue
        number = row["invoice number"].strip()
        right["vendor"] += name_of(row["vendor"]) == name_of(one["vendor"])
        right["number"] += number == one["number"]
        right["date"] += row["date"].strip() == one["date"]
        right["total"] += same_total(row["total"], one)
    return {name: (count, len(wanted)) for name, count in right.items()}


def chosen(paths: Iterable[str], wanted: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return precision and recall of a set of paths."""
    got, right = set(paths), set(wanted)
    return {
        "precision": (len(got & right), len(got)),
        "recall": (len(got & right), len(right)),
    }


def totals(outcome: Outcome, key: Key, selection: str) -> dict[str, tuple[int, int]]:
    """Compare the currency sums of an answer with the key, copies once and copies each."""
    said: dict[str, str] = {}
    for line in outcome.answer.splitlines():
        said = said or amounts(line)
    found = {}
    for name in (selection, f"{selection}_with_copies"):
        sums = {code: sum_ for code, sum_ in key["invoice_totals"][name].items() if code != "count"}
        right = sum(said.get(code) == sum_ for code, sum_ in sums.items())
        label = "currency totals, copies counted once"
        if name != selection:
            label = "the same, every copy counted"
        found[label] = (right, len(sums))
    return found


def promises(outcome: Outcome, key: Key) -> dict[str, tuple[int, int]]:
    """Return who, what, by and quote right, and how many of those listed are promises."""
    listed = [row for row in outcome.rows() if len(row) >= 3]
    quotes = {folded(row[0]) for row in outcome.rows("In their own words")}
    right = dict.fromkeys(("who", "what", "by", "quote"), 0)
    for one in key["promises"]:
        words = _stems(one["what"])
        mine = [row for row in listed if row[-1] == one["path"]]
        best = max(mine, key=lambda row: len(words & _stems(row[1])), default=None)
        right["quote"] += folded(one["quote"]) in quotes
        if best is None or 2 * len(words & _stems(best[1])) < len(words):
            continue
        right["what"] += 1
        right["who"] += one["who"].split()[0] in best[0].split()
        right["by"] += one["by"] in best[2:]
    count = len(key["promises"])
    figures = {name: (number, count) for name, number in right.items()}
    return figures | {"listed that are promises": (right["what"], len(listed))}


def _stems(text: str) -> set[str]:
    small = {"the", "a", "an", "her", "at", "to", "up", "you"}
    return {word[:5] for word in re.findall(r"\w+", text.casefold()) if word not in small}


def groups(outcome: Outcome, key: Key) -> tuple[int, int]:
    """Return how many groups of equal files are told exactly."""
    found: dict[str, set[str]] = {}
    for copy, kept in outcome.copies().items():
        found.setdefault(kept, {kept}).add(copy)
    told = {frozenset(group) for group in found.values()}
    wanted = {frozenset(group) for group in key["duplicates"]}
    return len(told & wanted), len(wanted | told)


def question(outcome: Outcome, one: Mapping[str, Any]) -> tuple[bool, bool]:
    """Return whether an answerable question has its answer, and the right document's quote."""
    shown = " ".join(outcome.answer.split("Where it says so")[0].split())
    right = all(
        re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", shown, re.IGNORECASE)
        for answer in one["answers"]
    )
    quotes = [row for row in outcome.rows("Where it says so") if row[-1] == one["path"]]
    wanted = folded(one["quote"])
    quoted = any(
        folded(row[0]) in wanted or wanted in folded(row[0]) for row in quotes if row[0].strip()
    )
    return right and outcome.state == "done", quoted


def named(outcome: Outcome, key: Key) -> tuple[int, int]:
    """Return how many of the unreadable files the answer or its notes name."""
    said = "\n".join((outcome.answer, *outcome.notes))
    return sum(path in said for path in key["unreadable"]), len(key["unreadable"])


def names(moves: Mapping[str, str], key: Key) -> dict[str, tuple[int, int]]:
    """Return how many new names hold the date, and every word of the key."""
    dated = [one for one in key.items() if one[1]["date"]]
    return {
        "date in the new name": (
            sum(one["date"] in moves.get(path, "") for path, one in dated),
            len(dated),
        ),
        "every word in the new name": (
            sum(
                all(folded(word) in folded(moves.get(path, "")) for word in one["words"])
                for path, one in key.items()
            ),
            len(key),
        ),
    }


def table(csv_text: str) -> dict[str, dict[str, str]]:
    """Return the rows of a CSV by file."""
    return {row["file"]: row for row in csv.DictReader(io.StringIO(csv_text))}


def same_value(cell: str, wanted: str) -> bool:
    """Tell whether a cell holds a value: the same number, or the same words."""
    mine, held = decimal(cell), decimal(wanted)
    if held is not None:
        return mine == held
    return folded(cell) == folded(wanted) or _SIGNS.get(cell.strip()) == wanted


def moves(changes: Iterable[str]) -> dict[str, str]:
    """Return old path → new path from lines such as `move a.pdf to pdf/a.pdf`."""
    found = {}
    for change in changes:
        told = re.match(r"(?:move|rename) (.+?) (?:to|→) (.+)$", change)
        if told:
            found[told[1]] = told[2]
    return found
