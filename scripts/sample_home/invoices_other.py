"""Invoices that are no PDF: Word, Excel, web pages, mails and plain text.

It is not a list of all invoices: the PDF ones are in `invoices_pdf`. `build` calls it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sample_home.mail import HERE, letter
from sample_home.office import frozen
from sample_home.tree import ANNA, Document, Invoice, english, european


def documents() -> list[Document]:
    """Return the invoices in other formats."""
    return [
        _harbour(),
        _petersen(),
        _elbufer(),
        _kabelwerk("2026-10-02T06:10", "KW-884120-10", "02.10.2026", "October"),
        _kabelwerk("2026-09-02T06:10", "KW-884120-09", "02.09.2026", "September"),
        _desk(),
        _ortega(),
        _courier(),
    ]


def _harbour() -> Document:
    import docx

    word = docx.Document()
    word.sections[0].footer.paragraphs[0].text = (
        "Harbour & Finch Print Studio Ltd, registered in England no. 00000000. "
        "Sort code 00-00-00, account 01234567"
    )
    word.add_heading("Harbour & Finch Print Studio", 0)
    word.add_paragraph("Unit 4, The Old Net Loft, Example Quay, Whitby\nTel. 01632 960 417")
    word.add_paragraph("Billed to: " + ", ".join(ANNA))
    head = word.add_table(rows=1, cols=3)
    for cell, text in zip(
        head.rows[0].cells,
        ("Invoice no. HF/2291", "Invoice date: 12 October 2026", "Your ref: winter prints"),
        strict=True,
    ):
        cell.text = text
    word.add_paragraph()
    table = word.add_table(rows=1, cols=4)
    table.style = "Light Grid Accent 1"
    rows = [
        ("Details", "Quantity", "Rate", "Net"),
        ("Giclée print, A3, cotton rag", "60", "£9.40", "£564.00"),
        ("Giclée print, A2, cotton rag", "25", "£17.80", "£445.00"),
        ("Hand trimming and sleeves", "85", "£0.60", "£51.00"),
    ]
    for index, row in enumerate(rows):
        cells = table.rows[0].cells if index == 0 else table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    net, total = Decimal("1060.00"), Decimal("1272.00")
    word.add_paragraph()
    sums = word.add_table(rows=0, cols=2)
    for label, text in [
        ("Sub-total", f"£{english(net)}"),
        ("VAT @ 20%", f"£{english(total - net)}"),
        ("Invoice total", f"£{english(total)}"),
        ("Deposit received 21 September 2026", "-£400.00"),
        ("Balance due", "£872.00"),
    ]:
        cells = sums.add_row().cells
        cells[0].text, cells[1].text = label, text
    word.add_paragraph("Kindly settle the balance within 21 days of the invoice date.")
    return Document(
        path="Downloads/HF2291 Berger.docx",
        data=frozen(word, "2026-10-12"),
        modified="2026-10-13",
        kind="invoice",
        topic="printing",
        date="2026-10-12",
        title=("Harbour", "Finch", "HF/2291"),
        invoice=Invoice(
            vendor="Harbour & Finch Print Studio Ltd",
            number="HF/2291",
            date="2026-10-12",
            date_written="12 October 2026",
            total=total,
            total_written=f"£{english(total)}",
            currency="GBP",
            paid="no",
            due=Decimal("872.00"),
            due_written="£872.00",
            subtotal_written=f"£{english(net)}",
        ),
    )


def _petersen() -> Document:
    import docx

    word = docx.Document()
    word.add_paragraph("Tischlerei Petersen · Inh. Ole Petersen · Musterdeich 21 · 21129 Hamburg")
    word.add_paragraph("\n".join(ANNA[:3]))
    word.add_paragraph("Hamburg, 11.03.2026")
    word.add_paragraph().add_run("Rechnung Nr. 118/26").bold = True
    word.add_paragraph(
        "Sehr geehrte Frau Berger, für das Regal im Atelier (Eiche, nach Maß, einschließlich"
        " Montage am 6. März) berechne ich Ihnen pauschal 1.450,00 € zuzüglich 19 % Mehrwertsteuer"
        " in Höhe von 275,50 €."
    )
    word.add_paragraph("Rechnungsbetrag: 1.725,50 €")
    word.add_paragraph(
        "Bei Zahlung innerhalb von 8 Tagen gewähre ich 2 % Skonto, das sind 34,51 €; Sie überweisen"
        " dann 1.690,99 €."
    )
    word.add_paragraph("Bezahlt am 16.03.2026, O. Petersen")
    return Document(
        path="Documents/Wohnung & Atelier/Regal.docx",
        data=frozen(word, "2026-03-11"),
        modified="2026-03-17",
        kind="invoice",
        topic="studio",
        date="2026-03-11",
        title=("Petersen", "118/26"),
        invoice=Invoice(
            vendor="Tischlerei Petersen",
            number="118/26",
            date="2026-03-11",
            date_written="11.03.2026",
            total=Decimal("1725.50"),
            total_written="1.725,50 €",
            currency="EUR",
            paid="yes",
            subtotal_written="1.450,00 €",
        ),
    )


def _elbufer() -> Document:
    total, due = Decimal("1138.46"), Decimal("178.46")
    page = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Your electricity bill</title>
<style>body{{font-family:sans-serif}} td{{padding:2px 12px}} .n{{text-align:right}}</style>
<script>var tracking = "none";</script></head>
<body><header><b>Elbufer Energie</b> |
 Customer centre 040 66969 800 | elbufer-energie.example</header>
<h1>Annual invoice for electricity</h1>
<table><tr><td>Invoice number</td><td>EE 5504-2026-3317</td></tr>
<tr><td>Invoice date</td><td>22.10.2026</td></tr>
<tr><td>Customer</td><td>{", ".join(ANNA[:3])}</td></tr>
<tr><td>Meter</td><td>1EMH00 9999 001</td></tr>
<tr><td>Period</td><td>01.10.2025 - 30.09.2026</td></tr></table>
<h2>Consumption</h2>
<table><tr><th>Item</th><th>kWh</th><th>ct/kWh</th><th>EUR</th></tr>
<tr><td>Energy, day</td><td class="n">2.104</td><td class="n">31,20</td>
<td class="n">656,45</td></tr>
<tr><td>Energy, night</td><td class="n">611</td><td class="n">27,10</td>
<td class="n">165,58</td></tr>
<tr><td>Base price, 12 months</td><td></td><td></td><td class="n">134,66</td></tr>
<tr><td>Net amount</td><td></td><td></td><td class="n">956,69</td></tr>
<tr><td>VAT 19&nbsp;%</td><td></td><td></td><td class="n">181,77</td></tr>
<tr><td><b>Gross invoice amount</b></td>
<td></td><td></td><td class="n"><b>{european(total)} €</b></td></tr>
<tr><td>Advance payments received (12 x 80,00)</td>
<td></td><td></td><td class="n">-960,00</td></tr>
<tr><td><b>Remaining amount</b></td>
<td></td><td></td><td class="n"><b>{european(due)} €</b></td></tr></table>
<p>We will collect the remaining amount by direct debit on 09.11.2026.
Your new monthly advance payment is 95,00 € from December 2026.</p>
<footer>Elbufer Energie GmbH, Probekai 1, 20459 Hamburg. Creditor ID DE00ZZZ00000000000</footer>
</body></html>
"""
    return Document(
        path="Downloads/rechnung(2).html",
        data=page.encode(),
        modified="2026-10-24",
        kind="invoice",
        topic="flat",
        date="2026-10-22",
        title=("Elbufer", "Energie"),
        invoice=Invoice(
            vendor="Elbufer Energie",
            number="EE 5504-2026-3317",
            date="2026-10-22",
            date_written="22.10.2026",
            total=total,
            total_written=f"{european(total)} €",
            currency="EUR",
            paid="no",
            due=due,
            due_written=f"{european(due)} €",
            subtotal_written="956,69",
        ),
    )


def _kabelwerk(sent: str, number: str, written: str, month: str) -> Document:
    text = f"""Hello Anna Berger,

here is your invoice for {month} 2026. You need do nothing.

Invoice no.: {number}
Invoice date: {written}
Customer no.: 884120

Internet 250 fibre, {month} 2026      33,53 EUR
Fixed number in Germany                 4,20 EUR
Net                                    37,73 EUR
VAT 19 %                                7,17 EUR
Total                                  44,90 EUR

We will debit 44,90 EUR from your account DE02 **** **** **** 3456 78 in the next days.

Kabelwerk Nord, Muster-Allee 100, 22769 Hamburg
Please do not reply to this mail.
"""
    return Document(
        path=f"Mail/Archiv/Your Kabelwerk invoice {month}.eml",
        data=letter(
            sender="Kabelwerk Nord <rechnung@kabelwerk-nord.example>",
            to=HERE,
            subject=f"Your invoice {number}",
            sent=sent,
            text=text,
        ),
        modified=sent[:10],
        kind="invoice",
        topic="flat",
        date=sent[:10],
        title=("Kabelwerk", number),
        invoice=Invoice(
            vendor="Kabelwerk Nord",
            number=number,
            date=sent[:10],
            date_written=written,
            total=Decimal("44.90"),
            total_written="44,90 EUR",
            currency="EUR",
            paid="no",
            subtotal_written="37,73 EUR",
        ),
    )


def _desk() -> Document:
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Invoice"
    rows: list[tuple[object, ...]] = [
        ("Studio Rosengarten GbR", None, None, "INVOICE"),
        ("Rosengartenstr. 77, 20253 Hamburg",),
        (),
        ("To", "Anna Berger, Fischbrunnenweg 14, 22767 Hamburg"),
        ("Invoice no.", "SR-26-10-04"),
        ("Invoice date", datetime.date(2026, 10, 1)),
        ("Payment status", "PAID 05.10.2026"),
        (),
        ("Position", "Months", "Price EUR", "Sum EUR"),
        ("Desk by the window", 1, 210.0, 210.0),
        ("Locker", 1, 12.0, 12.0),
        ("Meeting room (hours)", 3, 9.5, 28.5),
        ("Net", None, None, 250.5),
        ("VAT 19 %", None, None, 47.6),
        ("Total EUR", None, None, 298.1),
    ]
    for row in rows:
        sheet.append(row)
    sheet["B6"].number_format = "DD.MM.YYYY"
    for cells in sheet["C10:D15"]:
        for cell in cells:
            cell.number_format = "#,##0.00"
    hours = book.create_sheet("Room bookings")
    for line in [("Date", "Hours"), ("08.09.2026", 2), ("22.09.2026", 1)]:
        hours.append(line)
    return Document(
        path="Documents/Wohnung & Atelier/Rosengarten Okt 26.xlsx",
        data=frozen(book, "2026-10-01"),
        modified="2026-10-05",
        kind="invoice",
        topic="studio",
        date="2026-10-01",
        title=("Rosengarten", "SR-26-10-04"),
        invoice=Invoice(
            vendor="Studio Rosengarten GbR",
            number="SR-26-10-04",
            date="2026-10-01",
            date_written="2026-10-01",
            total=Decimal("298.10"),
            total_written="298.1",
            currency="EUR",
            paid="yes",
            subtotal_written="250.5",
        ),
    )


def _ortega() -> Document:
    text = """MIGUEL ORTEGA - TRADUCCIONES
Calle Inventada 5, 46001 Valencia, Spain
NIF X0000000T

INVOICE MO-2026/17
Date: 28 July 2026

Client: Anna Berger, Fischbrunnenweg 14, 22767 Hamburg, VAT ID DE888888888

Translation EN>ES, "The Lighthouse Cat", 5,850 words x 0.09    EUR 526.50
Proofreading of the captions, 2 h x 35.00                      EUR  70.00
                                                              -----------
Base                                                           EUR 596.50
VAT: reverse charge, to be accounted for by the recipient      EUR   0.00
TOTAL                                                          EUR 596.50

Payment within 15 days to IBAN ES00 9999 0000 9999 0000 1111
PAID 3 August 2026 - gracias!
"""
    return Document(
        path="Documents/Kunden/Kleine Welle/ortega_MO-2026-17.txt",
        data=text.encode(),
        modified="2026-08-03",
        kind="invoice",
        topic="Kleine Welle",
        date="2026-07-28",
        title=("Ortega", "MO-2026/17"),
        invoice=Invoice(
            vendor="Miguel Ortega",
            number="MO-2026/17",
            date="2026-07-28",
            date_written="28 July 2026",
            total=Decimal("596.50"),
            total_written="EUR 596.50",
            currency="EUR",
            paid="yes",
        ),
    )


def _courier() -> Document:
    text = """| Möwe Kurier | Invoice |
|---|---|
| Invoice # | 2026-4471 |
| Issued | 2026-10-29 |
| For | Anna Berger, Hamburg |

| Ride | From - to | EUR |
|---|---|---:|
| 14 Oct | Studio - Bremen, Kleine Welle Verlag | 48.00 |
| 21 Oct | Studio - Altona post hub | 9.50 |
| 27 Oct | Studio - framer, return | 17.00 |
| | Subtotal | 74.50 |
| | Tip (thank you) | 3.00 |
| | VAT 19% on 74.50 | 14.16 |
| | **Grand total** | **EUR 91.66** |

Status: open. Transfer to DE44 9999 0000 0011 2233 44 before 12 Nov 2026.
"""
    return Document(
        path="Downloads/moewe-kurier 2026-4471.md",
        data=text.encode(),
        modified="2026-10-29",
        kind="invoice",
        topic="shipping",
        date="2026-10-29",
        title=("Möwe", "Kurier", "2026-4471"),
        invoice=Invoice(
            vendor="Möwe Kurier",
            number="2026-4471",
            date="2026-10-29",
            date_written="2026-10-29",
            total=Decimal("91.66"),
            total_written="EUR 91.66",
            currency="EUR",
            paid="no",
            subtotal_written="74.50",
        ),
    )
