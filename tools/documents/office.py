"""Text from Word, Excel and PowerPoint files, guarded against archives that explode.

Only the XML-based formats; macros, embedded objects and pictures are never looked at. `formats`
calls it inside the sandboxed worker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from doorward.tools.documents.formats import FormatError, Pages

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_MEMBERS = 20_000
_MAX_UNPACKED = 400 * 1024 * 1024
_MAX_RATIO = 250
_RATIO_FROM = 4 * 1024 * 1024
"""Smaller members may be packed as tightly as they like."""
_MAX_XML = 128 * 1024 * 1024

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def office_kind(data: bytes) -> str:
    """Return docx, xlsx or pptx for such an archive; empty for any other.

    Raises:
        FormatError: When the archive is damaged, or would explode.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" not in names:
                raise FormatError("is an archive, not a document", "unpack it first")
            _guard(archive)
    except (BadZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise FormatError(f"is damaged ({error})") from None
    for folder, kind in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
        if any(name.startswith(folder) for name in names):
            return kind
    raise FormatError("is an Office file of a kind I cannot read")


def _guard(archive: ZipFile) -> None:
    """Refuse what would explode, before anything is unpacked.

    A member cannot unpack to more than it declares (the reader stops there), so the declared sizes
    are enough.
    """
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    if len(members) > _MAX_MEMBERS or total > _MAX_UNPACKED:
        raise FormatError(f"would unpack to {total // 1_000_000:,} MB in {len(members):,} parts")
    for member in members:
        if member.file_size > max(_RATIO_FROM, _MAX_RATIO * member.compress_size):
            raise FormatError("is packed so tightly that it looks like a trap (zip bomb)")
        if not member.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        if member.file_size > _MAX_XML:
            raise FormatError(f"holds {member.file_size // 1_000_000:,} MB of text in one part")
        with archive.open(member) as part:
            start = part.read(65_536).replace(b"\0", b"")  # also seen through UTF-16
        if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
            raise FormatError("declares XML entities, which Office files never do")


def docx(data: bytes, pages: Pages) -> None:
    """Read a Word file: headers, then paragraphs and tables in order, then footers."""
    import docx as word

    document = word.Document(BytesIO(data))
    pages.title = document.core_properties.title or ""
    sections = list(document.sections)
    blocks = _edges([section.header for section in sections])
    blocks += _blocks(document.element.body)
    blocks += _edges([section.footer for section in sections])
    pages.add("\n".join(_without_repeats(blocks)).strip("\n"))


def _edges(edges: Iterable[Any]) -> list[str]:  # headers and footers share no public type
    """Return the text of headers or footers; one that does not exist would be made on access."""
    return [
        block
        for edge in edges
        if not edge.is_linked_to_previous
        for block in _blocks(edge._element)
    ]


def _without_repeats(blocks: Iterable[str]) -> Iterator[str]:
    """Drop a block that says the same as the one before: headers repeat for each section."""
    before = None
    for block in blocks:
        if block != before or not block:
            yield block
        before = block


def _blocks(parent: _Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield _runs(child)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                cells = (" ".join(_blocks(cell)).strip() for cell in row.iterfind(f"{_W}tc"))
                yield "\t".join(cells)
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"):
            yield from _blocks(child)


def _runs(paragraph: _Element) -> str:
    """Return a paragraph's text: runs, links, text boxes, tabs and breaks; nothing deleted."""
    pieces: list[str] = []
    stack = [paragraph]
    while stack:
        element = stack.pop()
        if element.tag == f"{_W}t":
            pieces.append(element.text or "")
        elif element.tag == f"{_W}tab":
            pieces.append("\t")
        elif element.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif element.tag not in (_FALLBACK, f"{_W}pPr", f"{_W}rPr", f"{_W}del"):
            stack.extend(reversed(element))
            if element.tag == f"{_W}p" and element is not paragraph and pieces:
                pieces.append("\n")
    return "".join(pieces)


def xlsx(data: bytes, pages: Pages) -> None:
    """Read an Excel file: each sheet's name, then its rows, cells joined by tabs."""
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    pages.title = book.properties.title or ""
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # a file may claim a million empty columns
        if not pages.add("\n".join([sheet.title, *_rows(sheet, pages.left)])):
            break
    if not book.worksheets:
        pages.add("")
    if _unsaved_formulas(data):
        pages.notes.append("has formulas without stored values (open and save it once)")


def _rows(sheet: Any, room: int) -> Iterator[str]:  # openpyxl's sheets share no useful type
    for row in sheet.iter_rows(values_only=True):
        line = "\t".join(_cell(value) for value in row).rstrip("\t")
        if line:
            yield line
            room -= len(line) + 1
        if room < 0:
            return


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return f"{value:.15g}"
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case _:
            return " ".join(str(value).split())


def _unsaved_formulas(data: bytes) -> bool:
    with ZipFile(BytesIO(data)) as archive:
        for member in archive.infolist():
            if member.filename.startswith("xl/worksheets/sheet"):
                with archive.open(member) as part:
                    if _NO_VALUE.search(part.read(8_000_000)):
                        return True
    return False


_NO_VALUE = re.compile(rb"</f>\s*(<v\s*/>|<v></v>|</c>)")


def pptx(data: bytes, pages: Pages) -> None:
    """Read a PowerPoint file: each slide's text and tables, then its notes."""
    import pptx as powerpoint

    show = powerpoint.Presentation(BytesIO(data))
    pages.title = show.core_properties.title or ""
    if pages.title == "PowerPoint Presentation":
        pages.title = ""
    for slide in show.slides:
        lines = [line for shape in slide.shapes for line in _shape(shape, 0)]
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = slide.notes_slide.notes_text_frame.text.strip()
            lines += [f"Notes: {notes}"] if notes else []
        if not pages.add("\n".join(lines)):
            break
    if not pages.texts:
        pages.add("")


def _shape(shape: Any, depth: int) -> Iterator[str]:  # python-pptx ships no types
    if shape.shape_type == 6 and depth < 20:  # a group
        for inner in shape.shapes:
            yield from _shape(inner, depth + 1)
    elif getattr(shape, "has_table", False) and shape.has_table:
        for row in shape.table.rows:
            yield "\t".join(" ".join(cell.text.split()) for cell in row.cells)
    elif shape.has_text_frame and shape.text_frame.text.strip():
        yield shape.text_frame.text.replace("\v", "\n")
