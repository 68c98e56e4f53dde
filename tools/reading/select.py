"""Selection: the documents that are such a thing, not those that merely mention it.

Pure rules; it opens nothing. `read.ReadSelect` calls it. What it leaves out comes back with a
reason, so that the user can see what was judged.
"""


# ruff: noqa: E501, SIM905 - tables of words and patterns stay whole

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from doorward.tools.reading.documents import Document, own_date, within
from doorward.tools.reading.kinds import IS, WORDS, kind_scores
from doorward.tools.reading.labels import FieldKind
from doorward.tools.reading.parties import vendors
from doorward.tools.reading.rules import Page, candidates
from doorward.tools.texts.dates import MONTHS

_FILLER = frozenset(
    """a an the all any my our your every each of in on at from by with for to and or that which are is were was this last
    these those documents document files file papers ones kind type about sent received me us i we den die das der alle meine
    von im aus mit für und oder dated since until between before after year month week new old recent latest past""".split()
)
_STATUS = {
    "unpaid": "open", "open": "open", "outstanding": "open", "offene": "open", "offenen": "open", "unbezahlte": "open",
    "paid": "paid", "settled": "paid", "bezahlte": "paid", "bezahlten": "paid",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants, taken apart."""

    kinds: tuple[str, ...]
    status: str
    words: tuple[str, ...]
    """What else must be in it: names, places, topics."""
    sender: bool
    """The words name who it is from: `invoices from Nordlicht`."""


@dataclass(frozen=True, slots=True)
class Selected:
    """The outcome for a set of documents."""

    items: list[Document]
    left_out: list[tuple[Document, str]]


def wish(about: str, *, dated: bool) -> Wish:
    """Take a wish such as `unpaid invoices from Nordlicht` apart.

    Args:
        about: The user's words.
        dated: A range of dates is given beside it: words of date in it are then said twice.
    """
    rest = " ".join(about.lower().split())
    kinds: dict[str, int] = {}
    for kind, pattern in sorted(WORDS.items(), key=lambda item: -len(item[0])):
        found = re.search(rf"(?<!\w)(?:{pattern})(?!\w)", rest)
        if found:
            kinds[kind] = found.start()
            rest = f"{rest[: found.start()]}{' ' * len(found[0])}{rest[found.end() :]}"
    if len(kinds) > 1 and not re.search(r",|/|\b(?:and|or|und|oder)\b", about, re.IGNORECASE):
        head = max(kinds, key=kinds.__getitem__)  # `insurance letters` are letters
        rest = f"{rest} {' '.join(kind for kind in kinds if kind != head)}"
        kinds = {head: 0}
    words = re.findall(r"[^\W_][\w&'’.-]*", rest)
    status = next((_STATUS[word] for word in words if word in _STATUS), "")
    kept = [
        word.strip(".'’-")
        for word in words
        if word not in _FILLER
        and word not in _STATUS
        and not (dated and (word in MONTHS or re.fullmatch(r"\d{1,4}", word)))
    ]
    return Wish(tuple(kinds), status, tuple(kept), bool(re.search(r"\b(?:from|by|von)\b", rest)))


def select(items: Sequence[Document], about: str, since: str = "", until: str = "") -> Selected:
    """Choose the documents that are what `about` says, dated within the range.

    Args:
        items: The documents.
        about: What they should be, in the user's words.
        since: The first day, ISO, by the document's own date; "" for no limit.
        until: The last day, ISO; "" for no limit.
    """
    wanted = wish(about, dated=bool(since or until))
    chosen = Selected([], [])
    for item in items:
        page = Page.of(item.text, item.kind)
        why = _unfit(item, page, wanted, about)
        if not why and not within(day := own_date(item, page), since, until):
            why = f"its date is {day or 'unknown'}"
        if why:
            chosen.left_out.append((item, why))
        else:
            chosen.items.append(item)
    return _without_copies(chosen)


def _without_copies(chosen: Selected) -> Selected:
    """Leave out what says the same, word for word, as one that is kept: it counts once."""
    kept: dict[str, Document] = {}
    for item in sorted(chosen.items, key=lambda item: (len(item.path), item.path)):
        kept.setdefault(" ".join(item.text.split()), item)
    left_out = list(chosen.left_out)
    items: list[Document] = []
    for item in chosen.items:
        first = kept[" ".join(item.text.split())]
        if first is item:
            items.append(item)
        else:
            left_out.append((item, f"it is a copy of {first.path}"))
    return Selected(items, left_out)


def _unfit(item: Document, page: Page, wanted: Wish, about: str) -> str:
    """Return why a document is not such a thing; "" when it is."""
    if not item.text.strip():
        return "it has no text"
    if wanted.kinds and item.kind == "csv" and "list" not in wanted.kinds:
        return f"it is a table, no {wanted.kinds[0]}"
    if wanted.kinds:
        scores = kind_scores(item, page)
        mine = max(scores[kind] for kind in wanted.kinds)
        other = max(scores, key=scores.__getitem__)
        if mine < IS:
            words = "|".join(WORDS[kind] for kind in wanted.kinds)
            mentioned = re.search(rf"(?<!\w)(?:{words})(?!\w)", item.text, re.IGNORECASE)
            return (
                f"it mentions {wanted.kinds[0]} but is none"
                if mentioned
                else f"it is no {wanted.kinds[0]}"
            )
        if scores[other] > mine + 0.2 and other not in {"letter", "message", "note", "list"}:
            return f"it is rather: {other}"
    if wanted.status:
        found = candidates(page, FieldKind.STATUS, "status")
        if found and found[0].value != wanted.status:
            return f"it is {found[0].value}"
    return _lacks(item, page, wanted, about)


def _lacks(item: Document, page: Page, wanted: Wish, about: str) -> str:
    if not wanted.words:
        return "" if wanted.kinds else f"nothing in it says: {about}"
    if wanted.kinds and wanted.sender:
        who = " ".join(candidate.value for candidate in vendors(page)[:3])
        where = f"{who}\n{item.name}".casefold()
        missing = [word for word in wanted.words if not _has(where, word)]
        return f"it is not from {' '.join(wanted.words)}" if missing else ""
    head = f"{item.title}\n{item.name}\n{item.text[:400]}".casefold()
    body = item.text.casefold()
    for word in wanted.words:
        often = len(re.findall(rf"(?<!\w){re.escape(_stem(word))}", body))
        if not _has(head, word) and often < (1 if wanted.kinds else 3):
            return (
                f"it says nothing of {word}" if not often else f"it mentions {word} only in passing"
            )
    return ""


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(_stem(word))}", text) is not None


def _stem(word: str) -> str:
    plain = word.casefold()
    for ending in ("ies", "es", "s", "en", "n", "e"):
        if len(plain) > len(ending) + 3 and plain.endswith(ending):
            return plain[: -len(ending)]
    return plain
