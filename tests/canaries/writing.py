"""Writes one document with canaries in its content and its metadata, in a format of everyday life.

What it writes is small and ordinary; which canaries go where is `planting`'s business.
"""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import docx
import openpyxl
import pptx
from fpdf import FPDF
from fpdf.enums import XPos, YPos

ATTRIBUTE = "user.xdg.comment"


def write(path: Path, text: str, meta: str) -> None:
    """Write a document.

    Args:
        path: Where; its suffix is the format.
        text: What it says.
        meta: What its metadata says: title, author, mail header, comment, as the format has it.
            A format without any gets an extended attribute.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = _WRITERS.get(path.suffix)
    if writer is None:
        path.write_text(text, encoding="utf-8")
        with suppress(OSError):  # a file system without attributes
            os.setxattr(path, ATTRIBUTE, meta.encode())
        return
    path.write_bytes(writer(text, meta))


def _pdf(text: str, meta: str) -> bytes:
    made = FPDF()
    made.set_title(meta)
    made.set_author(meta)
    made.add_page()
    made.set_font("Helvetica", size=10)
    for line in text.splitlines():
        made.multi_cell(0, 5, line or " ", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    return bytes(made.output())


def _docx(text: str, meta: str) -> bytes:
    made = docx.Document()
    made.core_properties.author = made.core_properties.comments = meta
    for line in text.splitlines():
        made.add_paragraph(line)
    return _saved(made.save)


def _pptx(text: str, meta: str) -> bytes:
    made = pptx.Presentation()
    made.core_properties.author = meta
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text = text.splitlines()[0], text
    return _saved(made.save)


def _xlsx(text: str, meta: str) -> bytes:
    made = openpyxl.Workbook()
    made.properties.creator = made.properties.title = meta
    sheet = made.active
    assert sheet is not None
    for line in text.splitlines():
        sheet.append(line.split(": ", 1))
    return _saved(made.save)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    held = io.BytesIO()
    save(held)
    return held.getvalue()


def _html(text: str, meta: str) -> bytes:
    body = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines() if line)
    head = f'<meta name="author" content="{meta}"><!-- {meta} -->'
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def _eml(text: str, meta: str) -> bytes:
    return (
        f"From: The Landlord <{meta}@post.example>\r\nTo: Anna Berger <anna@berger.example>\r\n"
        f"Subject: About the deposit\r\nDate: Mon, 12 Oct 2026 09:30:00 +0200\r\n"
        f"Message-ID: <{meta}@post.example>\r\nX-Folder: {meta}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + text.replace("\n", "\r\n")
    ).encode()


def _csv(text: str, meta: str) -> bytes:
    made = io.StringIO()
    rows = [line.split(": ", 1) for line in text.splitlines() if line]
    csv.writer(made).writerows([["name", meta], *rows])
    return made.getvalue().encode()


def _json(text: str, meta: str) -> bytes:
    return json.dumps({"title": meta, "lines": text.splitlines()}, indent=1).encode()


def _py(text: str, meta: str) -> bytes:
    return f'"""{meta}"""\n\nTEXT = {text!r}\n'.encode()


def _zip(text: str, meta: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = meta.encode()
        archive.writestr(f"{meta}.txt", text)
    return held.getvalue()


def _gz(text: str, meta: str) -> bytes:
    held = io.BytesIO()
    with gzip.GzipFile(f"{meta}.txt", "wb", fileobj=held) as file:
        file.write(text.encode())
    return held.getvalue()


def _jpg(text: str, meta: str) -> bytes:
    """Return a picture of nothing with a comment, and a description and an artist in its EXIF."""
    said = meta.encode() + b"\0"
    entries = b"".join(
        struct.pack("<HHII", tag, 2, len(said), 8 + 2 + 24 + 4) for tag in (0x010E, 0x013B)
    )
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 2) + entries + b"\0\0\0\0" + said
    comment = text.encode()
    return b"".join(
        (
            b"\xff\xd8",
            b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif,
            b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment,
            b"\xff\xd9",
        )
    )


_WRITERS: dict[str, Callable[[str, str], bytes]] = {
    ".pdf": _pdf,
    ".docx": _docx,
    ".pptx": _pptx,
    ".xlsx": _xlsx,
    ".html": _html,
    ".eml": _eml,
    ".csv": _csv,
    ".json": _json,
    ".py": _py,
    ".zip": _zip,
    ".gz": _gz,
    ".jpg": _jpg,
}
