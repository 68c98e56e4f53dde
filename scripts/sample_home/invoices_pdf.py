"""Invoices as PDF, each drawn the way its own sender would.

It is not a list of all invoices: those in other formats are in `invoices_other`. `build` calls it.
"""

from __future__ import annotations

from decimal import Decimal

from sample_home.pdf import Sheet
from sample_home.tree import ANNA, MAIL, Document, Invoice, english, european, french


def documents() -> list[Document]:
    """Return the PDF invoices."""
    return [
        _nordlicht_october(),
        _nordlicht_august(),
        _nordlicht_2025(),
        _brightpixel("BP-20261005-7731", "2026-10-05", "October 5, 2026", "October"),
        _brightpixel("BP-20260905-6120", "2026-09-05", "September 5, 2026", "September"),
        _foundry(),
        _dentist(),
        _canal(),
    ]


def _nordlicht(
    number: str, day: str, customer: str, items: list[tuple[str, int, str]], note: str
) -> tuple[bytes, Decimal, Decimal]:
    iso = "-".join(reversed(day.split(".")))
    page = Sheet(
        iso,
        footer="Nordlicht Papierwaren GmbH · Speicherzeile 3 · 20457 Hamburg · Amtsgericht Hamburg"
        " HRB 999999\nIBAN DE11 9999 0000 0098 7654 32 · BIC XXXXDEHHXXX · USt-IdNr. DE999999999",
    )
    page.set_fill_color(28, 60, 84)
    page.rect(0, 0, 210, 16, style="F")
    page.set_text_color(255)
    page.line_of("NORDLICHT PAPIERWAREN", size=15, style="B")
    page.set_text_color(0)
    page.ln(14)
    page.lines("Nordlicht Papierwaren GmbH · Speicherzeile 3 · 20457 Hamburg", size=7)
    page.lines(*ANNA[:3], "", size=10)
    top = page.get_y()
    for index, (label, value) in enumerate(
        [("Kundennummer", customer), ("Rechnungsnummer", number), ("Rechnungsdatum", day)]
    ):
        page.set_xy(120, top - 20 + index * 6)
        page.cell(38, 6, label)
        page.cell(32, 6, value, align="R")
    page.set_xy(10, top + 8)
    page.lines(f"Rechnung {number}", "", size=13, style="B")
    page.set_font("Helvetica", size=10)
    widths = (84, 18, 34, 34)
    page.row(("Bezeichnung", "Menge", "Einzelpreis", "Betrag"), widths, style="B", rule="B")
    net = Decimal(0)
    for name, count, price in items:
        page.row(
            (name, str(count), f"{european(price)} EUR", f"{european(Decimal(price) * count)} EUR"),
            widths,
        )
        net += Decimal(price) * count
    tax = (net * Decimal("0.19")).quantize(Decimal("0.01"))
    page.row(("", "", "Nettobetrag", f"{european(net)} EUR"), widths, rule="T")
    page.row(("", "", "zzgl. 19 % USt.", f"{european(tax)} EUR"), widths)
    page.row(("", "", "Gesamtbetrag", f"{european(net + tax)} EUR"), widths, style="B", rule="TB")
    page.ln(6)
    page.paragraph(note)
    return page.bytes(), net, net + tax


def _nordlicht_october() -> Document:
    data, net, total = _nordlicht(
        "RE-2026-10418",
        "07.10.2026",
        "K-20931",
        [
            ("Aquarellpapier 300 g, 56 x 76 cm", 40, "4.85"),
            ("Tusche schwarz 250 ml", 6, "11.90"),
            ("Skizzenbuch A4 Leinen", 12, "14.20"),
            ("Versand", 1, "6.90"),
        ],
        "Zahlbar innerhalb von 14 Tagen ohne Abzug bis zum 21.10.2026. Das Lieferdatum entspricht"
        " dem Rechnungsdatum. Die Ware bleibt bis zur vollständigen Bezahlung unser Eigentum.",
    )
    return Document(
        path="Downloads/RE-2026-10418.pdf",
        data=data,
        modified="2026-10-08",
        kind="invoice",
        topic="studio supplies",
        date="2026-10-07",
        title=("Nordlicht", "RE-2026-10418"),
        invoice=Invoice(
            vendor="Nordlicht Papierwaren GmbH",
            number="RE-2026-10418",
            date="2026-10-07",
            date_written="07.10.2026",
            total=total,
            total_written=f"{european(total)} EUR",
            currency="EUR",
            paid="no",
            subtotal_written=f"{european(net)} EUR",
        ),
    )


def _nordlicht_august() -> Document:
    data, net, total = _nordlicht(
        "RE-2026-08122",
        "19.08.2026",
        "K-20931",
        [("Gouache Set 24 Farben", 2, "58.50"), ("Rotmarder Pinsel Gr. 6", 5, "12.40")],
        "Betrag dankend per Lastschrift erhalten am 24.08.2026. Diese Rechnung ist bezahlt.",
    )
    return Document(
        path="Documents/Rechnungen/2026/nordlicht august.pdf",
        data=data,
        modified="2026-08-25",
        kind="invoice",
        topic="studio supplies",
        date="2026-08-19",
        title=("Nordlicht", "RE-2026-08122"),
        invoice=Invoice(
            vendor="Nordlicht Papierwaren GmbH",
            number="RE-2026-08122",
            date="2026-08-19",
            date_written="19.08.2026",
            total=total,
            total_written=f"{european(total)} EUR",
            currency="EUR",
            paid="yes",
            subtotal_written=f"{european(net)} EUR",
        ),
    )


def _nordlicht_2025() -> Document:
    data, net, total = _nordlicht(
        "RE-2025-10077",
        "14.10.2025",
        "K-20931",
        [("Zeichentisch Modell Priwall", 1, "1189.00"), ("Anlieferung", 1, "49.00")],
        "Zahlbar bis 28.10.2025 auf das unten genannte Konto.",
    )
    return Document(
        path="Documents/Rechnungen/alt/Scan0007.pdf",
        data=data,
        modified="2025-10-16",
        kind="invoice",
        topic="studio supplies",
        date="2025-10-14",
        title=("Nordlicht", "RE-2025-10077"),
        invoice=Invoice(
            vendor="Nordlicht Papierwaren GmbH",
            number="RE-2025-10077",
            date="2025-10-14",
            date_written="14.10.2025",
            total=total,
            total_written=f"{european(total)} EUR",
            currency="EUR",
            paid="unknown",
            subtotal_written=f"{european(net)} EUR",
        ),
    )


def _brightpixel(number: str, date: str, written: str, month: str) -> Document:
    page = Sheet(date, paper="Letter")
    page.lines("Invoice", size=22, style="B")
    page.ln(3)
    page.lines(
        f"Invoice number   {number}",
        f"Date of issue    {written}",
        f"Date due         {written}",
        "",
        "Brightpixel Software, Inc.",
        "500 Example Street, Suite 12",
        "Springfield, OR 97477, United States",
        "billing@brightpixel.example   +1 541-555-0142",
        "",
        "Bill to",
        *ANNA,
        MAIL,
        "",
    )
    page.lines(f"$79.33 USD paid on {written}", size=15, style="B")
    page.ln(3)
    widths = (100, 20, 35, 35)
    page.row(("Description", "Qty", "Unit price", "Amount"), widths, rule="B")
    page.row((f"Brightpixel Studio, monthly ({month} 2026)", "1", "$59.00", "$59.00"), widths)
    page.row(("Cloud storage 500 GB", "2", "$9.99", "$19.98"), widths)
    page.row(("", "", "Subtotal", "$78.98"), widths, rule="T")
    page.row(("", "", "Loyalty credit", "-$5.00"), widths)
    page.row(("", "", "Sales tax (7.235%)", "$5.35"), widths)
    page.row(("", "", "Total", "$79.33"), widths, style="B")
    page.row(("", "", "Amount paid", "$79.33"), widths)
    page.row(("", "", "Amount due", "$0.00 USD"), widths, style="B")
    page.ln(8)
    page.paragraph(
        "Payment history: Visa ending 4242, " + written + ", receipt 2041-" + number[-4:]
    )
    october = month == "October"
    return Document(
        path=f"Downloads/Invoice-{number[-4:]}{'' if october else ' (1)'}.pdf",
        data=page.bytes(),
        modified=date,
        kind="invoice",
        topic="software",
        date=date,
        title=("Brightpixel", number),
        invoice=Invoice(
            vendor="Brightpixel Software, Inc.",
            number=number,
            date=date,
            date_written=written,
            total=Decimal("79.33"),
            total_written="$79.33",
            currency="USD",
            paid="yes",
            due=Decimal("0.00"),
            due_written="$0.00",
            subtotal_written="$78.98",
        ),
    )


def _foundry() -> Document:
    page = Sheet("2025-12-15", paper="Letter", footer="Cloudtype Foundry LLC - EIN 00-0000000")
    page.set_font("Times", size=10)
    page.lines("CLOUDTYPE FOUNDRY LLC", size=16, align="R")
    page.lines("77 Sample Avenue, Portland, ME 04101", "Tel 207-555-0188", "", align="R")
    page.lines("INVOICE # CF-00931", "DATE: 12/15/2025", "TERMS: Net 30 (due 01/14/2026)", "")
    page.lines("TO: " + ", ".join(ANNA), "")
    page.set_font("Times", size=10)
    widths = (126, 20, 44)
    page.row(("ITEM", "SEATS", "LINE TOTAL (USD)"), widths, style="B", rule="1")
    faces = ("Regular", "Italic", "Medium", "Medium Italic", "Bold", "Bold Italic", "Black")
    families = ("Harbor Sans", "Harbor Slab", "Quill Text", "Quill Display", "Lantern Mono")
    gross = Decimal(0)
    for family in families:
        for face in faces:
            page.row((f"{family} {face}, desktop and web licence", "1", "37.50"), widths, rule="1")
            gross += Decimal("37.50")
    discount = (gross * Decimal("0.15")).quantize(Decimal("0.01"))
    total = gross - discount
    page.ln(4)
    page.lines(
        f"SUBTOTAL: {english(gross)}",
        f"BUNDLE DISCOUNT 15%: -{english(discount)}",
        "TAX (export, exempt): 0.00",
        align="R",
    )
    page.lines(f"TOTAL: US$ {english(total)}", size=12, style="B", align="R")
    page.ln(6)
    page.paragraph(
        "Licence terms. The fonts may be used on one workstation per seat and in any printed or"
        " published artwork. Embedding in applications needs a further licence. Please wire to"
        " account 000123456789 and quote the invoice number. Balance outstanding at the time of"
        " printing."
    )
    return Document(
        path="Documents/fonts/CF-00931.pdf",
        data=page.bytes(),
        modified="2025-12-16",
        kind="invoice",
        topic="software",
        date="2025-12-15",
        title=("Cloudtype", "CF-00931"),
        invoice=Invoice(
            vendor="Cloudtype Foundry LLC",
            number="CF-00931",
            date="2025-12-15",
            date_written="12/15/2025",
            total=total,
            total_written=f"US$ {english(total)}",
            currency="USD",
            paid="no",
            subtotal_written=english(gross),
        ),
    )


def _dentist() -> Document:
    page = Sheet("2026-06-18")
    page.set_font("Times", size=11)
    page.lines("Zahnarztpraxis Dr. Jana Seidel", size=14, style="I")
    page.lines("Am Probeplatz 2, 22765 Hamburg · Telefon 040 66969 450", "", size=9)
    page.lines("Frau", *ANNA[:3], "")
    page.lines("Hamburg, den 18. Juni 2026", "", align="R")
    page.lines("Rechnung Nr. 2026/0611 - Behandlung vom 09.06.2026", "", style="B")
    page.paragraph(
        "Sehr geehrte Frau Berger, für meine Leistungen erlaube ich mir, nach der Gebührenordnung"
        " wie folgt zu berechnen:"
    )
    widths = (20, 110, 40)
    page.row(("GOZ", "Leistung", "EUR"), widths, style="B", rule="B")
    for code, text, price in [
        ("1040", "Professionelle Zahnreinigung, 28 Zähne", "101.40"),
        ("2197", "Adhäsive Befestigung, Zahn 36", "34.80"),
        ("2080", "Füllung, zweiflächig, Zahn 36", "72.05"),
    ]:
        page.row((code, text, european(price)), widths)
    page.row(("", "Rechnungsbetrag", "208,25"), widths, style="B", rule="T")
    page.ln(5)
    page.paragraph(
        "Heilbehandlungen sind von der Umsatzsteuer befreit (§ 4 Nr. 14 UStG). Bitte überweisen Sie"
        " den Betrag bis zum 18.07.2026 auf das Konto DE33 9999 0000 0044 5566 77."
    )
    page.paragraph("Mit freundlichen Grüßen, Dr. Jana Seidel")
    return Document(
        path="Documents/Gesundheit/zahnarzt.pdf",
        data=page.bytes(),
        modified="2026-06-22",
        kind="invoice",
        topic="health",
        date="2026-06-18",
        title=("Seidel", "2026/0611"),
        invoice=Invoice(
            vendor="Zahnarztpraxis Dr. Jana Seidel",
            number="2026/0611",
            date="2026-06-18",
            date_written="18. Juni 2026",
            total=Decimal("208.25"),
            total_written="208,25",
            currency="EUR",
            paid="no",
        ),
    )


def _canal() -> Document:
    page = Sheet("2026-04-30", footer="Papeterie du Canal SARL - SIRET 000 000 000 00000")
    page.set_font("Courier", size=10)
    page.lines("PAPETERIE DU CANAL", "8 quai de l'Exemple, 67000 Strasbourg, France", "", style="B")
    page.lines("INVOICE N° F2026-088                       Strasbourg, 30 avril 2026", "")
    page.lines("Customer: " + ", ".join(ANNA), "Customer VAT: DE888888888", "")
    net = Decimal("1260.00")
    page.lines(
        "Edition paper 250 g, 10 packs at 96,00 .......... 960,00",
        "Handmade cotton sheets, 60 at 5,00 .............. 300,00",
        f"Total before tax ................................ {french(net)} €",
        "VAT 0 % (reverse charge, art. 196 Directive 2006/112/EC)",
        "Shipping offered ................................ 0,00",
        "",
    )
    page.lines(f"TOTAL TO PAY .................................... {french(net)} €", style="B")
    page.lines("", "Paid by bank transfer on 04/05/2026, thank you.")
    return Document(
        path="Documents/Rechnungen/2026/F2026-088.pdf.pdf",
        data=page.bytes(),
        modified="2026-05-05",
        kind="invoice",
        topic="studio supplies",
        date="2026-04-30",
        title=("Papeterie", "Canal", "F2026-088"),
        invoice=Invoice(
            vendor="Papeterie du Canal",
            number="F2026-088",
            date="2026-04-30",
            date_written="30 avril 2026",
            total=net,
            total_written=f"{french(net)} €",
            currency="EUR",
            paid="yes",
        ),
    )
