"""New names for files from what is in them: `2026-10-03 Vendor Invoice INV-7.pdf`.

Pure; it moves nothing (`files.move` does). The same document always gets the same name, and a name
never leaves its folder. `read.ReadName` calls it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from doorward.tools.reading.documents import Document, own_date
from doorward.tools.reading.kinds import WORDS, kind_of_document
from doorward.tools.reading.labels import FieldKind
from doorward.tools.reading.numbers import number_candidates
from doorward.tools.reading.parties import mail_header, vendors
from doorward.tools.reading.rules import Page
from doorward.tools.texts.dates import find_dates
from doorward.tools.texts.lines import lines

LONGEST = 110
"""Characters of a name without its suffix."""

_NUMBERED = frozenset(
    {"invoice", "receipt", "quote", "reminder", "credit note", "order", "delivery note"}
)


@dataclass(frozen=True, slots=True)
class NewName:
    """A name made from content."""

    to: str
    """In the same folder as the file."""
    date: str
    title: str


def name_for(item: Document) -> NewName:
    """Make a name from a document's date, sender, kind and number; else from its title."""
    page = Page.of(item.text, item.kind)
    day = own_date(item, page)
    kind = kind_of_document(item, page)
    title = _money_title(page, kind) if kind in _NUMBERED else ""
    title = title or _plain_title(item, page, kind)
    stem = _safe(f"{day} {title}" if day else title)[:LONGEST].rstrip(" .-")
    folder, _, _ = item.path.rpartition("/")
    suffix = re.search(r"\.[A-Za-z0-9]{1,5}$", item.name)
    new = f"{stem or 'Document'}{suffix[0].lower() if suffix else ''}"
    return NewName(f"{folder}/{new}" if folder else new, day, _safe(title))


def _money_title(page: Page, kind: str) -> str:
    who = vendors(page)
    numbers = number_candidates(page, FieldKind.NUMBER, "number")
    parts = [who[0].value if who and who[0].weight >= 45 else "", kind.capitalize()]
    if numbers and numbers[0].weight >= 55:
        parts.append(numbers[0].value)
    return " ".join(part for part in parts if part) if parts[0] or len(parts) > 2 else ""


def _plain_title(item: Document, page: Page, kind: str) -> str:
    subject = mail_header(page, "Subject") if item.kind == "eml" else None
    if subject is not None:
        title = re.sub(r"^(?:(?:re|aw|fwd?|wg)\s*:\s*)+", "", subject.text, flags=re.IGNORECASE)
    elif kind == "letter" and (topic := _letter_topic(page)):
        who = vendors(page)
        title = f"{who[0].value} {topic}" if who and who[0].weight >= 45 else topic
    else:
        rows = [line.text.strip("#*_ ") for line in lines(item.title)]
        rows += [line.text.strip("#*_| ") for line in page.lines[:8]]
        title = next((row for row in rows if _speaks(row)), "")
        heading = _kind_heading(rows, kind)
        if title and heading and heading != title:
            title = f"{title} {heading}"
    if not title:
        title = item.name.rpartition(".")[0] or item.name
        title = re.sub(r"^\d{4}-\d\d-\d\d ", "", title)
    unnamed = kind and not re.search(rf"(?<!\w)(?:{WORDS[kind]})(?!\w)", title, re.IGNORECASE)
    if unnamed and kind not in {"message", "note", "list", "spreadsheet", "presentation", "letter"}:
        title = f"{title} {kind.capitalize()}" if len(title) < 40 else title
    return " ".join(title.split())[:80]


def _letter_topic(page: Page) -> str:
    """Return the subject line of a letter: the one above its opening words."""
    for before, line in pairwise(page.lines[:30]):
        if re.match(r"(?:dear|sehr geehrte|liebe[rs]?|hallo|guten tag)\b", line.text, re.I):
            return before.text if _speaks(before.text) and not find_dates(before.text) else ""
    return ""


def _kind_heading(rows: list[str], kind: str) -> str:
    """Return the line near the top that names the kind of document."""
    if not kind:
        return ""
    word = re.compile(rf"(?<!\w)(?:{WORDS[kind]})(?!\w)", re.IGNORECASE)
    near = (cell for row in rows[:9] for cell in re.split(r"\s[·|]\s", row))
    return next((cell for cell in near if word.search(cell) and len(cell) <= 60), "")


def _speaks(row: str) -> bool:
    dated = find_dates(row)
    if dated and len(row) - len(dated[0].piece.text) < 14:
        return False  # a place and a date
    return (
        4 <= len(row) <= 90
        and sum(mark.isalpha() for mark in row) >= 4
        and "@" not in row
        and not row.endswith(",")
    )


def _safe(text: str) -> str:
    """Replace what file systems or shells trip over; never a folder mark, never a hidden name."""
    plain = re.sub(r"[/\\:|]", "-", text)
    plain = re.sub(r"[*?\"<>\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", plain)
    return " ".join(plain.split()).lstrip(".- ")
