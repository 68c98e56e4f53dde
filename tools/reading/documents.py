"""Documents as the read tools receive them: the record that `documents.text` returns, checked.

Pure. It opens nothing: a document's text is already a value. Everything in `read_*` that takes more
than a text takes this.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doorward.policies.vocabulary import Data
from doorward.tools.base import ToolError
from doorward.tools.reading.labels import FieldKind
from doorward.tools.reading.parties import mail_header
from doorward.tools.reading.rules import Page, candidates
from doorward.tools.texts.dates import find_dates


@dataclass(frozen=True, slots=True)
class Document:
    """One document's text and what is known of the file."""

    path: str
    name: str
    kind: str
    title: str
    text: str
    modified: str
    record: dict[str, Data]
    """The record as received, to be handed on unchanged."""

    @classmethod
    def read(cls, value: Data) -> Document:
        """Check one record.

        Raises:
            ToolError: When it is no document: the step before must be `documents.text`.
        """
        if not isinstance(value, dict) or not isinstance(value.get("text"), str):
            error = ToolError("a document was expected here: a record with its text")
            error.add_note("hint: pass what documents.text returned")
            raise error

        def text(name: str) -> str:
            found = value.get(name)
            return found if isinstance(found, str) else ""

        path = text("path")
        name = text("name") or path.rpartition("/")[2]
        kind = text("kind") or name.rpartition(".")[2].lower()
        modified = text("modified")[:10]
        return cls(path, name, kind, text("title"), text("text"), modified, value)


def documents(value: Data) -> list[Document]:
    """Check a list of records; a single record counts as a list of one.

    Raises:
        ToolError: When one of them is no document.
    """
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        msg = "a list of documents was expected here"
        raise ToolError(msg)
    return [Document.read(item) for item in value]


def own_date(document: Document, page: Page | None = None) -> str:
    """Return the document's own date, ISO: what it says, else when the file was changed; or ""."""
    page = page or Page.of(document.text, document.kind)
    if document.kind == "eml":
        header = mail_header(page, "Date")
        sent = find_dates(header.text) if header else []
        found = candidates(page, FieldKind.DATE, "date")
        if found and found[0].weight >= 75:
            return found[0].value
        if sent:
            return sent[0].iso
    found = candidates(page, FieldKind.DATE, "date")
    if found and found[0].weight >= 30:
        return found[0].value
    return document.modified


def within(day: str, since: str, until: str) -> bool:
    """Tell whether an ISO day lies in a range; an unknown day lies in no range."""
    if not since and not until:
        return True
    return bool(day) and (not since or since <= day) and (not until or day <= until)


def day_of(text: str) -> date | None:
    """Read an ISO day; None when it is none."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
