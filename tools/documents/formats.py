"""Text from document bytes: one small function a format, chosen by content first, then by name.

It opens no file and knows no path: bytes in, an `Extract` out. It is not safe to run on untrusted
bytes outside the sandbox: `worker` is its one caller, in a child process. What is shared
with the daemon's side (the kinds, the limits, `Extract`) imports nothing heavy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath

KINDS = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".docm": "docx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".pptx": "pptx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".eml": "eml",
    ".md": "md",
    ".markdown": "md",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "txt",
    ".text": "txt",
    ".log": "txt",
}
"""The kind of document that a suffix promises."""

MAX_BYTES = 64_000_000
"""The largest document that is read."""
MAX_CHARS = 2_000_000
"""The most text that one document gives; the rest is cut and said so."""
MAX_TITLE = 160
MAX_LINKS = 1000

PAGE = "\f"
"""Stands between pages, sheets and slides; never inside one."""


class FormatError(Exception):
    """The bytes are no document that can be read; the message completes `it ...`."""

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Extract:
    """What was found in one document."""

    kind: str
    title: str
    text: str
    pages: int
    notes: tuple[str, ...] = ()
    """What is doubtful, each completing `<name> ...`: `has no text layer`."""
    links: tuple[str, ...] = ()
    """Where a web page's links lead, as they are written there."""


@dataclass(slots=True)
class Pages:
    """Collects pages of text up to the limit."""

    texts: list[str]
    notes: list[str]
    links: list[str] = field(default_factory=list)
    title: str = ""
    left: int = MAX_CHARS

    def add(self, text: str) -> bool:
        """Append one page; tell whether there is room for more."""
        text = clean(text.replace(PAGE, "\n"))
        if len(text) > self.left:
            self.notes.append(f"was cut after {MAX_CHARS:,} characters")
        self.texts.append(text[: self.left])
        self.left -= len(text)
        return self.left > 0

    @property
    def full(self) -> bool:
        """Tell whether nothing more fits."""
        return self.left <= 0


def kind_of(name: str) -> str:
    """Return the kind that a file name promises, or empty."""
    return KINDS.get(PurePath(name).suffix.lower(), "")


def extract(name: str, data: bytes) -> Extract:
    """Read one document.

    Args:
        name: The file's name: its suffix decides where the content does not.
        data: The whole file.

    Raises:
        FormatError: When it is no readable document; says why.
    """
    if not data:
        raise FormatError("is empty (0 bytes)")
    kind = sniff(data) or kind_of(name) or _plain(name, data)
    pages = Pages([], [])
    _parser(kind)(data, pages)
    text = PAGE.join(pages.texts)
    title = _line(pages.title) or _heading(text) or PurePath(name).stem
    title, links = clean(title)[:MAX_TITLE], tuple(clean(link) for link in pages.links)
    return Extract(kind, title, text, len(pages.texts), tuple(pages.notes), links)


def sniff(data: bytes) -> str:
    """Return the kind that the content itself shows, or empty.

    Raises:
        FormatError: When it shows an Office file that is locked, or of the old kind.
    """
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        from doorward.tools.documents.office import office_kind

        return office_kind(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FormatError("is locked with a password", "save a copy without the password")
        raise FormatError("is an old Office file", "save it as .docx, .xlsx or .pptx")
    return ""


def decode(data: bytes) -> str:
    """Turn bytes into text by byte order mark, as UTF-8, or by the likeliest encoding.

    Raises:
        FormatError: When the bytes are no text.
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(data)
    if "\0" in text:
        raise FormatError("holds binary data, not text")
    return text


def _guess(data: bytes) -> str:
    western = _western(data)
    if western is not None:
        return western
    from charset_normalizer import from_bytes

    best = from_bytes(data[:262_144]).best()
    if best is None or (b"\0" in data[:4096] and not best.encoding.startswith("utf_")):
        raise FormatError("holds binary data, not text")
    return data.decode(best.encoding, "replace")


def _western(data: bytes) -> str | None:
    """Return the text as Windows-1252 where there is too little else to guess from."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    foreign = [character for character in text if character > "\x7f"]
    likely = all(character.isalpha() or character in _WESTERN for character in foreign)
    return text if likely and len(foreign) < 32 and "\0" not in text else None


_SIGNS = (
    b"\x80\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99"
    b"\xa0\xa1\xa3\xa7\xa9\xab\xae\xb0\xb2\xb3\xb7\xbb\xbd\xbf"
)
_WESTERN = frozenset(_SIGNS.decode("cp1252"))


def clean(text: str) -> str:
    """Drop what no text should hold (control characters, half surrogates); keep every line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub("", text)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MAIL_HEADER = re.compile(rb"(?i)\A(from|to|received|return-path|delivered-to|mime-version): \S")


def _plain(name: str, data: bytes) -> str:
    """Return the kind of a file whose suffix says nothing."""
    start = data[:2048].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    if _MAIL_HEADER.match(start) and re.search(rb"(?mi)^(subject|date|message-id):", start):
        return "eml"
    suffix = PurePath(name).suffix
    what = f"is not a kind of document I can read ({suffix or 'no suffix'})"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise FormatError(what) from None
    if b"\0" in data:
        raise FormatError(what)
    return "txt"


def _parser(kind: str) -> Callable[[bytes, Pages], None]:
    """Return the function that reads this kind; its module is loaded only now."""
    from doorward.tools.documents import markup, office

    parsers: dict[str, Callable[[bytes, Pages], None]] = {
        "pdf": _pdf,
        "docx": office.docx,
        "xlsx": office.xlsx,
        "pptx": office.pptx,
        "html": markup.html,
        "eml": markup.eml,
        "md": _text,
        "csv": _text,
        "txt": _text,
    }
    return parsers[kind]


def _text(data: bytes, pages: Pages) -> None:
    """Read plain text, Markdown and CSV as they are."""
    pages.add(decode(data))


def _pdf(data: bytes, pages: Pages) -> None:
    """Read a PDF page by page."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise FormatError(
                "is locked with a password", "save a copy without the password"
            ) from None
        raise FormatError(
            "is damaged: what is in it is no PDF, or only a part of one",
            "open it elsewhere, or fetch it again",
        ) from None
    title = str(document.get_metadata_value("Title") or "")
    pages.title = "" if _MACHINE_TITLE.search(title) else title
    blank = 0
    for index in range(len(document)):
        text = _pdf_page(document, index)
        blank += not text.strip()
        if not pages.add(text):
            break
    seen = len(pages.texts)
    if blank == seen:
        pages.notes.append("has no text layer (it looks scanned)")
    elif blank:
        pages.notes.append(f"has no text layer on {blank} of {seen} pages")


def _pdf_page(document: object, index: int) -> str:
    page = document[index]  # type: ignore[index]  # pypdfium2 ships no types
    words = page.get_textpage()
    try:
        text = str(words.get_text_bounded())
    finally:
        words.close()
        page.close()
    return _BROKEN_WORD.sub("", text.replace("\r\n", "\n"))


_BROKEN_WORD = re.compile("[\x02\ufffe]\n?")
"""How PDFium marks the hyphen of a word broken at the end of a line."""
_MACHINE_TITLE = re.compile(r"(?i)^(untitled|microsoft \w+ - |document\d*$|\S+\.(docx?|indd|tex)$)")


def _heading(text: str) -> str:
    """Return the first heading, or else the first line that says something."""
    start = text[:20_000]
    found = re.search(r"(?m)^#{1,3} +(\S.*)$", start)
    if found:
        return _line(found[1].rstrip("# "))
    lines = (_line(line) for line in start.splitlines())
    return next((line for line in lines if any(c.isalnum() for c in line)), "")


def _line(text: str) -> str:
    return " ".join(text.split())
