"""Invoices that Anna wrote to her own clients: PDF, Word and a mail.

It is not a list of those she received: see `invoices_pdf` and `invoices_other`. `build` calls it.
"""

from __future__ import annotations

from decimal import Decimal

from sample_home.mail import HERE, letter
from sample_home.office import frozen
from sample_home.pdf import Sheet
from sample_home.tree import ANNA, IBAN, MAIL, PHONE, Document, Invoice, european


def documents() -> list[Document]:
    """Return the invoices that Anna sent."""
    return [_sent_kleine_welle(), _sent_foxglove(), _sent_museum()]


def _sent_kleine_welle() -> Document:
    page = Sheet("2026-10-15", footer=f"Anna Berger · {PHONE} · {MAIL} · IBAN {IBAN}")
    page.lines("anna berger", size=24)
    page.lines("illustration & lettering", "", size=9, style="I")
    page.lines("Kleine Welle Verlag", "Frau Miriam Okafor", "Deichmusterstr. 9", "28195 Bremen", "")
    page.lines("Invoice 2026-031 · 15 October 2026", "", size=12, style="B")
    page.paragraph(
        'Dear Miriam, for the picture book "The Lighthouse Cat" I charge as agreed in our contract'
        " of 2 March 2026:"
    )
    net = Decimal("4200.00")
    total = net * Decimal("1.07")
    due = total - Decimal("1500.00")
    widths = (140, 40)
    page.row(("12 double-page illustrations, second half of the fee", "3.600,00"), widths)
    page.row(("Cover lettering", "600,00"), widths)
    page.row(("Net", european(net)), widths, rule="T")
    page.row(("VAT 7 %", european(total - net)), widths)
    page.row(("Total", f"{european(total)} EUR"), widths, style="B")
    page.row(("Less deposit received 20.08.2026", "-1.500,00"), widths)
    page.row(("Amount due", f"{european(due)} EUR"), widths, style="B", rule="TB")
    page.ln(5)
    page.paragraph("Please pay within 30 days, that is by 14 November 2026. Thank you! Anna")
    return Document(
        path="Documents/Kunden/Kleine Welle/Rechnung 2026-031 final FINAL.pdf",
        data=page.bytes(),
        modified="2026-10-15",
        kind="invoice",
        topic="Kleine Welle",
        date="2026-10-15",
        title=("Anna Berger", "2026-031"),
        invoice=Invoice(
            vendor="Anna Berger",
            number="2026-031",
            date="2026-10-15",
            date_written="15 October 2026",
            total=total,
            total_written=f"{european(total)} EUR",
            currency="EUR",
            paid="no",
            due=due,
            due_written=f"{european(due)} EUR",
            subtotal_written=european(net),
            direction="sent",
        ),
    )


def _sent_foxglove() -> Document:
    import docx

    word = docx.Document()
    word.add_heading("anna berger illustration", 1)
    word.add_paragraph("\n".join((*ANNA, PHONE, MAIL)))
    word.add_paragraph("Foxglove Tea Company Ltd\nAttn. Priya Nair\n2 Sample Lane, York")
    word.add_paragraph("Hamburg, 24/09/2026")
    word.add_heading("INVOICE 2026-028", 2)
    for line in (
        "Six tin label illustrations at £220.00 each: £1,320.00",
        "Rush fee (one week): £150.00",
        "Returning client discount 5%: -£73.50",
    ):
        word.add_paragraph(line, style="List Bullet")
    word.add_paragraph("Total payable: £1,396.50")
    word.add_paragraph("No VAT is charged: reverse charge, the recipient is liable for the tax.")
    word.add_paragraph("PAID with thanks, 2 October 2026")
    word.add_paragraph(f"Bank: IBAN {IBAN}")
    return Document(
        path="Documents/Kunden/Foxglove/2026-028.docx",
        data=frozen(word, "2026-09-24"),
        modified="2026-10-02",
        kind="invoice",
        topic="Foxglove",
        date="2026-09-24",
        title=("Anna Berger", "2026-028"),
        invoice=Invoice(
            vendor="Anna Berger",
            number="2026-028",
            date="2026-09-24",
            date_written="24/09/2026",
            total=Decimal("1396.50"),
            total_written="£1,396.50",
            currency="GBP",
            paid="yes",
            subtotal_written="£1,320.00",
            direction="sent",
        ),
    )


def _sent_museum() -> Document:
    html = f"""<html><body style="font-family:Georgia">
<p>Dear Mr. Whitlock,</p>
<p>thank you for the order. This message is my invoice; please keep it for your records.</p>
<table border="0" cellpadding="4">
<tr><td>Invoice</td><td>2025-040</td></tr>
<tr><td>Date</td><td>November 18, 2025</td></tr>
<tr><td>To</td><td>Bluebird Museum Shop, 12 Fictional Plaza, Chicago, IL</td></tr></table>
<table border="1" cellpadding="4">
<tr><th>Work</th><th>USD</th></tr>
<tr><td>Poster artwork "Migration", licence for 3 years</td><td>2,150.00</td></tr>
<tr><td>Postcard set, 8 motifs</td><td>640.00</td></tr>
<tr><td>Sum</td><td>2,790.00</td></tr>
<tr><td>Museum rebate 10%</td><td>-279.00</td></tr>
<tr><td><b>Total</b></td><td><b>$2,511.00</b></td></tr></table>
<p>Please transfer within 30 days to IBAN {IBAN}.</p>
<p>Best wishes<br>Anna Berger</p></body></html>
"""
    return Document(
        path="Mail/Gesendet/Invoice Bluebird.eml",
        data=letter(
            sender=HERE,
            to="Carl Whitlock <shop@bluebird-museum.example>",
            subject="Invoice 2025-040 for the poster and the postcards",
            sent="2025-11-18T17:42",
            text="",
            html=html,
        ),
        modified="2025-11-18",
        kind="invoice",
        topic="Bluebird Museum",
        date="2025-11-18",
        title=("Anna Berger", "2025-040"),
        invoice=Invoice(
            vendor="Anna Berger",
            number="2025-040",
            date="2025-11-18",
            date_written="November 18, 2025",
            total=Decimal("2511.00"),
            total_written="$2,511.00",
            currency="USD",
            paid="unknown",
            subtotal_written="2,790.00",
            direction="sent",
        ),
    )
