"""Read the text of a sample document with the libraries that the product reads with.

It is not the product's own extraction: the answer key must hold without it. Only the sample tests
call it.
"""

from __future__ import annotations

import email
import re
from collections.abc import Callable
from email import policy
from pathlib import Path
from typing import Any

_SPACE = re.compile(r"[\s\u00a0\ufffe]+")


def one_line(text: str) -> str:
    """Fold every run of white space to one blank."""
    return _SPACE.sub(" ", text).strip()


def text_of(path: Path) -> str:
    """Return the text of one document, white space folded."""
    readers: dict[str, Callable[[Path], str]] = {
        ".pdf": _pdf,
        ".docx": _docx,
        ".xlsx": _xlsx,
        ".pptx": _pptx,
        ".html": lambda p: _html(p.read_bytes()),
        ".eml": _eml,
        ".csv": lambda p: p.read_text("cp1252"),
    }
    read = readers.get(path.suffix, _plain)
    return one_line(read(path))


def _plain(path: Path) -> str:
    return path.read_text("utf-8")


def _pdf(path: Path) -> str:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    try:
        texts = []
        for page in pdf:
            layer = page.get_textpage()
            texts.append(layer.get_text_range())
            layer.close()
            page.close()
        return "\f".join(texts)
    finally:
        pdf.close()


def _docx(path: Path) -> str:
    import docx

    document: Any = docx.Document(str(path))
    parts = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            parts += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            parts.append(block.text)
    parts += [p.text for section in document.sections for p in section.footer.paragraphs]
    return "\n".join(parts)


def _xlsx(path: Path) -> str:
    import openpyxl

    book = openpyxl.load_workbook(path)
    return "\n".join(
        "\t".join(str(value) for value in row if value is not None)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
    )


def _pptx(path: Path) -> str:
    import pptx

    return "\n".join(
        shape.text_frame.text
        for slide in pptx.Presentation(str(path)).slides
        for shape in slide.shapes
        if shape.has_text_frame
    )


def _html(data: bytes) -> str:
    from lxml import html

    # Cells stand beside each other on the page: without a blank their texts would run together.
    tree: Any = html.document_fromstring(
        data.replace(b"</td>", b" </td>").replace(b"</tr>", b" </tr>")
    )
    for element in tree.xpath("//script|//style"):
        element.drop_tree()
    return str(tree.text_content())


def _eml(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain", "html"))
    assert body is not None
    text = body.get_content()
    if body.get_content_subtype() == "html":
        text = _html(f"<meta charset='utf-8'>{text}".encode())
    return f"{message['subject']}\n{message['date']}\n{text}"
