"""Write DOCX, XLSX and PPTX whose bytes do not depend on the clock or the machine.

It is not a template; it freezes what the libraries wrote. The modules of documents call it.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</)")


def frozen(document: Any, date: str) -> bytes:
    """Save `document` and return its package with `date` as its only time.

    Members are stored, not deflated: zlib builds differ, stored bytes do not.
    """
    if hasattr(document, "styles"):
        _slim(document)
    raw = io.BytesIO()
    document.save(raw)
    packed = io.BytesIO()
    stamp = rb"\g<1>" + date.encode() + rb"T09:00:00Z\g<3>"
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(stamp, data)
            if name == "docProps/thumbnail.jpeg":
                continue
            if name in {"_rels/.rels", "[Content_Types].xml"}:
                data = re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", data)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return packed.getvalue()


def _slim(document: Any) -> None:
    """Drop the table styles that nobody uses: the default template carries 800 kB of them."""
    kept = {"Normal Table", "Table Grid", "Light Grid Accent 1"}
    for style in list(document.styles):
        if str(style.type).startswith("TABLE") and style.name not in kept:
            style.element.getparent().remove(style.element)
    part = document.part
    for key, relation in list(part.rels.items()):
        if relation.reltype.endswith("stylesWithEffects"):
            part.drop_rel(key)
            part.rels.pop(key, None)


def word(text: str) -> Any:
    """Return a Word document: `# ` opens a heading, `- ` a bullet, a blank line a new block."""
    import docx

    made = docx.Document()
    for block in text.strip().split("\n\n"):
        for line in block.split("\n") if block.startswith("- ") else [block]:
            if line.startswith("# "):
                made.add_heading(line[2:], 1)
            elif line.startswith("- "):
                made.add_paragraph(line[2:], style="List Bullet")
            else:
                made.add_paragraph(line)
    return made
