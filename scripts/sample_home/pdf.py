"""Write PDF pages with a real text layer, the same bytes on every machine.

It is not a template: each document draws its own page on a `Sheet`. Modules of documents call it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import XPos, YPos


class Sheet(FPDF):  # type: ignore[misc] # mypy skips fpdf, see pyproject
    """A4 or Letter paper with the fonts that every reader has."""

    def __init__(self, date: str, *, paper: str = "A4", footer: str = "") -> None:
        super().__init__(format=paper)
        self.core_fonts_encoding = "windows-1252"
        self.foot = footer
        self.set_creation_date(datetime.fromisoformat(date).replace(hour=9, tzinfo=UTC))
        # Compressed streams differ between zlib builds: plain ones are the same everywhere.
        self.set_compression(False)
        self.set_auto_page_break(True, margin=25)
        self.add_page()
        self.set_font("Helvetica", size=10)

    def footer(self) -> None:
        """Draw the small print at the foot of each page."""
        if not self.foot:
            return
        family, style, size = self.font_family, self.font_style, self.font_size_pt
        self.set_y(-20)
        self.set_font("Helvetica", size=7)
        self.multi_cell(0, 3.5, self.foot, align="C")
        self.set_font(family, style, size)

    def line_of(self, text: str, *, size: float = 10, style: str = "", align: str = "L") -> None:
        """Write one line across the page."""
        self.set_font(self.font_family, style, size)
        self.cell(0, size * 0.52, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def lines(self, *texts: str, size: float = 10, style: str = "", align: str = "L") -> None:
        """Write lines one below the other; an empty one leaves a gap."""
        for text in texts:
            self.line_of(text, size=size, style=style, align=align)

    def paragraph(self, text: str, *, size: float = 10, style: str = "", gap: float = 2.5) -> None:
        """Write running text and leave a gap."""
        self.set_font(self.font_family, style, size)
        self.multi_cell(0, size * 0.52, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(gap)

    def row(
        self, cells: Sequence[str], widths: Sequence[float], *, style: str = "", rule: str = "0"
    ) -> None:
        """Write one row of a table: the first column to the left, the others to the right."""
        self.set_font(self.font_family, style, self.font_size_pt)
        border = 0 if rule == "0" else rule
        for index, (text, width) in enumerate(zip(cells, widths, strict=True)):
            self.cell(width, 6, text, border=border, align="L" if index == 0 else "R")
        self.ln(6)

    def bytes(self) -> bytes:
        """Return the finished file."""
        return bytes(self.output())
