"""Papers of work and money: contracts, bank, tax, offers.

It holds no invoices, though several of these speak of them. `build` calls it.
"""

from __future__ import annotations

from faker import Faker

from sample_home.office import frozen, word
from sample_home.pdf import Sheet
from sample_home.tree import ANNA, IBAN, Document, european

_SMALL_PRINT = (
    "The manuscript is attached and may change by up to ten percent without another fee. The format"
    " of the book is 240 x 280 mm, upright, 48 pages with endpapers; the illustrator also makes a"
    " vignette for the title page, which is included.",
    "Artwork is handed over as originals on paper and as scans of 600 dpi in the colour space that"
    " the printer names. If the publisher is late with the layout, the dates move by as many days."
    " Changes that go beyond the agreed sketches are paid by the hour at 65 EUR.",
    "Should the publisher give up the book before the final artwork is delivered, the work done so"
    " far is paid in full and the sketches return to the illustrator. Travel to Bremen is paid back"
    " against tickets, second class.",
    "The statement of sales names the copies printed, sold, given away and returned. On request a"
    " sworn accountant may look at the books; the publisher bears the cost if the difference is"
    " larger than five percent.",
    "The illustrator is named on the cover and on the title page. The publisher may show up to four"
    " illustrations in catalogues and on its own pages without another fee. The right returns to"
    " the illustrator when the book has been out of print for twelve months.",
    "The sum insured is 15,000 EUR. The originals go back by courier within two months of printing;"
    " damage is reported on the day that it is found, with photographs.",
    "Notice is given in writing. Rights that were granted before remain with the publisher for the"
    " copies already printed. The law of Germany applies, the place of jurisdiction is Bremen.",
)


def documents() -> list[Document]:
    """Return the papers."""
    return [
        _lease(),
        _contract(),
        _statement(),
        _quotation(),
        _delivery(),
        *_taxes(),
    ]


def _lease() -> Document:
    text = f"""# Residential lease (Mietvertrag)

between Krahl Hausverwaltung, Testallee 40, 22765 Hamburg (landlord) and {", ".join(ANNA[:3])} (tenant), signed on 15 March 2021.

# § 1 The flat

The landlord lets the flat on the second floor of Fischbrunnenweg 14, two rooms, kitchen, bathroom, 58 square metres, from 1 April 2021 for an indefinite time.

# § 2 Rent

The basic rent is 890.00 EUR a month; advance payments for heating and other costs are 290.00 EUR. The total of 1,180.00 EUR is due on the third working day of each month.

# § 3 Deposit

The tenant pays a deposit of 2,670.00 EUR in three instalments.

# § 4 Notice

The tenant may end the lease with a notice period of three months. Notice must be given in writing.

# § 5 Pets and instruments

One cat is allowed. Instruments may be played until 20:00.
"""  # noqa: E501 - a paragraph of the document is one line
    return Document(
        path="Documents/Wohnung & Atelier/Mietvertrag 2021 unterschrieben.docx",
        data=frozen(word(text), "2021-03-15"),
        modified="2021-03-15",
        kind="contract",
        topic="flat",
        date="2021-03-15",
        title=("lease",),
    )


def _contract() -> Document:
    page = Sheet("2026-03-02", footer="Illustration agreement Kleine Welle Verlag / Anna Berger")
    page.set_font("Times", size=12)
    page.lines("Illustration agreement", "", size=18, style="B")
    page.paragraph(
        "between Kleine Welle Verlag, Deichmusterstr. 9, 28195 Bremen (the publisher) and"
        f" {', '.join(ANNA[:3])} (the illustrator). Bremen, 2 March 2026."
    )
    for title, text in [
        (
            "1. The work",
            "The illustrator makes 24 double-page illustrations and a lettered cover for the"
            ' picture book "The Lighthouse Cat" by Edda Holm.',
        ),
        (
            "2. Delivery",
            "Sketches are due on 30 April 2026, final artwork on 30 September 2026. The publisher"
            " may ask for two rounds of changes.",
        ),
        (
            "3. Fee",
            "The fee is 7,200.00 EUR plus VAT. Half is paid against an invoice on delivery of the"
            " sketches, half against an invoice on delivery of the final artwork. Invoices are"
            " payable within 30 days. A late payment bears 5 % interest.",
        ),
        (
            "4. Royalties",
            "From the 5,001st copy sold the illustrator receives a royalty of 3.5 % of the net"
            " retail price, settled once a year on 31 March.",
        ),
        (
            "5. Rights",
            "The publisher receives the exclusive right to print the illustrations in book form in"
            " German and English for ten years. All other rights, merchandise above all, remain"
            " with the illustrator.",
        ),
        (
            "6. Originals",
            "The originals remain the property of the illustrator. They are insured by the"
            " publisher while they are in Bremen.",
        ),
        ("7. Termination", "Either side may terminate this agreement with eight weeks' notice."),
    ]:
        page.paragraph(title, style="B", gap=1)
        page.paragraph(text + " " + _SMALL_PRINT[int(title[0]) - 1], size=13, gap=6)
    page.lines("Miriam Okafor", "Anna Berger")
    return Document(
        path="Documents/Kunden/Kleine Welle/contract lighthouse cat signed.pdf",
        data=page.bytes(),
        modified="2026-03-04",
        kind="contract",
        topic="Kleine Welle",
        date="2026-03-02",
        title=("Kleine Welle", "agreement"),
        mentions=True,
    )


def _statement() -> Document:
    people = Faker("de_DE")
    people.seed_instance(20261031)
    page = Sheet("2026-10-31", footer="Hansebank Muster eG · This statement needs no signature")
    page.lines("Hansebank Muster eG", size=14, style="B")
    page.lines(f"Account statement October 2026 · Anna Berger · {IBAN}", "")
    page.set_font("Helvetica", size=9)
    widths = (22, 128, 35)
    page.row(("Date", "Text", "EUR"), widths, style="B", rule="B")
    page.row(("01.10.", "Opening balance", "6.412,77"), widths)
    rows = [
        ("02.10.", "Foxglove Tea Company, invoice 2026-028, 1.396,50 GBP", "1.601,34"),
        ("05.10.", "Krahl Hausverwaltung, rent October", "-1.180,00"),
        ("05.10.", "Studio Rosengarten, invoice SR-26-10-04", "-298,10"),
        ("06.10.", "Brightpixel Software, 79.33 USD", "-67,95"),
        ("07.10.", "Kabelwerk Nord, invoice KW-884120-10", "-44,90"),
        ("15.10.", "Steuerkasse Hamburg, income tax prepayment", "-640,00"),
    ]
    rows += [
        (
            f"{9 + 3 * i:02}.10.",
            f"Card payment, {people.last_name()} Bäckerei",
            f"-{3 + i},{40 + i}",
        )
        for i in range(6)
    ]
    for row in sorted(rows):
        page.row(row, widths)
    page.row(("31.10.", "Closing balance", "5.747,61"), widths, style="B", rule="T")
    return Document(
        path="Documents/Bank/Kontoauszug_2026_10.pdf",
        data=page.bytes(),
        modified="2026-11-01",
        kind="bank statement",
        topic="money",
        date="2026-10-31",
        title=("Hansebank", "statement"),
        mentions=True,
    )


def _quotation() -> Document:
    page = Sheet("2026-11-03")
    page.lines("ALSTERPRINT", size=20, style="B", align="C")
    page.lines("Printers since never · Beispielkamp 8 · 22303 Hamburg", "", size=8, align="C")
    page.lines("Quotation Q-552", "Date 03.11.2026", "For Anna Berger", "", size=11)
    page.set_font("Helvetica", size=10)
    widths = (110, 30, 40)
    page.row(("We offer", "Copies", "EUR"), widths, style="B", rule="B")
    page.row(("Wall calendar 2027, 14 sheets, 170 g", "300", "1.680,00"), widths)
    page.row(("Wire-o binding", "300", "300,00"), widths)
    page.row(("Total, net", "", european("1980")), widths, style="B", rule="T")
    page.ln(5)
    page.paragraph(
        "This quotation is valid until 15 December 2026. It is not an invoice; the invoice follows"
        " after delivery. Delivery takes ten working days from approval of the proof."
    )
    return Document(
        path="Downloads/Q-552.pdf",
        data=page.bytes(),
        modified="2026-11-03",
        kind="quotation",
        topic="printing",
        date="2026-11-03",
        title=("Alsterprint", "Q-552"),
        mentions=True,
    )


def _delivery() -> Document:
    page = Sheet("2026-10-07")
    page.lines("NORDLICHT PAPIERWAREN", size=15, style="B")
    page.lines("Delivery note LS-2026-10418", "07.10.2026", "", size=12)
    page.lines("40 x Aquarellpapier 300 g", "6 x Tusche schwarz 250 ml", "12 x Skizzenbuch A4", "")
    page.paragraph("The invoice RE-2026-10418 is sent separately. No payment on delivery.")
    page.lines("Received: A. Berger, 4 cartons, one corner dented")
    return Document(
        path="Documents/Scans/Lieferschein.pdf",
        data=page.bytes(),
        modified="2026-10-09",
        kind="delivery note",
        topic="studio supplies",
        date="2026-10-07",
        title=("Nordlicht", "LS-2026-10418"),
        mentions=True,
    )


def _taxes() -> list[Document]:
    made = []
    for year, date, written, income, tax, rest in [
        ("2024", "2025-08-14", "14.08.2025", "31.208", "4.711,00", "refund of 389,00 EUR"),
        ("2025", "2026-09-08", "08.09.2026", "36.940", "6.203,00", "payment of 843,00 EUR"),
    ]:
        page = Sheet(date)
        page.set_font("Courier", size=10)
        page.lines("Finanzamt Hamburg-Beispiel", "Steuernummer 99/999/99999", f"{written}", "")
        page.lines(*ANNA[:3], "")
        page.paragraph(f"Income tax assessment for {year} (Einkommensteuerbescheid)", style="B")
        page.lines(
            f"Taxable income              {income} EUR", f"Income tax set at            {tax} EUR"
        )
        page.ln(4)
        page.paragraph(f"The settlement shows a {rest}.")
        if year == "2025":
            page.paragraph("Please pay the amount by 12 October 2026.")
        page.paragraph("You may object in writing within one month after receipt of this notice.")
        made.append(
            Document(
                path=f"Documents/Steuer/Bescheid {year}.pdf"
                if year == "2024"
                else "Downloads/ESt_Bescheid_25.pdf",
                data=page.bytes(),
                modified=date,
                kind="tax",
                topic="tax",
                date=date,
                title=("tax", year),
            )
        )
    return made
