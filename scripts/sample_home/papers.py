"""Papers of a life: contracts, bank, tax, health, travel, letters.

It holds no invoices, though several of these speak of them. `build` calls it.
"""

from __future__ import annotations

from typing import Any

from faker import Faker

from sample_home.office import frozen
from sample_home.pdf import Sheet
from sample_home.tree import ANNA, IBAN, Document, european


def documents() -> list[Document]:
    """Return the papers."""
    return [
        _lease(),
        _contract(),
        _statement(),
        _quotation(),
        _delivery(),
        *_taxes(),
        _laboratory(),
        _referral(),
        _travel(),
        _warranty(),
        *_letters(),
        _curriculum(),
        _brief(),
    ]


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
    page.set_font("Times", size=11)
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
            "The fee is 7,800.00 EUR plus VAT. Half is paid against an invoice on delivery of the"
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
        page.paragraph(text + " " + _filler(title), gap=5)
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


def _filler(title: str) -> str:
    return (
        f"Changes to section {title[0]} are valid only in writing and when both sides"
        " have signed them. Should a part of this section be void, the remainder stays in force,"
        " and the parties will agree on words that come closest to what was meant. Earlier oral"
        " agreements on the same subject end with the signature below. "
    ) * 2


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


def _laboratory() -> Document:
    page = Sheet("2026-09-29")
    page.lines("Labor Elbmarsch - Findings", "Patient: Berger, Anna  *12.05.1989", "", size=12)
    page.set_font("Helvetica", size=10)
    page.lines("Sample taken 28.09.2026, reported 29.09.2026, sent by Dr. Brandt", "")
    widths = (60, 30, 40, 40)
    page.row(("Analyte", "Value", "Unit", "Reference"), widths, style="B", rule="B")
    for row in [
        ("Haemoglobin", "12.1", "g/dl", "12.0 - 15.5"),
        ("Ferritin", "9 (low)", "ng/ml", "15 - 150"),
        ("TSH", "2.4", "mU/l", "0.4 - 4.0"),
        ("Vitamin D", "17 (low)", "ng/ml", "30 - 60"),
    ]:
        page.row(row, widths)
    page.ln(4)
    page.paragraph(
        "Comment: the low ferritin points to an iron deficiency. A check in three months is"
        " advised."
    )
    return Document(
        path="Documents/Gesundheit/Laborbefund September.pdf",
        data=page.bytes(),
        modified="2026-09-30",
        kind="medical",
        topic="health",
        date="2026-09-29",
        title=("Labor", "Elbmarsch"),
    )


def _referral() -> Document:
    text = """# Referral (Überweisung)

Family practice Dr. Ines Kolb, Beispielplatz 6, 22767 Hamburg

Date: 12 November 2026

To: orthopaedics, Dr. Brandt. Patient: Anna Berger, born 12 May 1989.

Diagnosis: suspected tendinitis of the right wrist after long drawing work, pain for six weeks.

Requested: examination and, if needed, an MRI of the right wrist. Please avoid ibuprofen: the patient has an intolerance.
"""  # noqa: E501 - a paragraph of the document is one line
    return Document(
        path="Documents/Gesundheit/Überweisung Handgelenk.docx",
        data=frozen(word(text), "2026-11-12"),
        modified="2026-11-12",
        kind="medical",
        topic="health",
        date="2026-11-12",
        title=("referral",),
    )


def _travel() -> Document:
    page = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Booking confirmation</title></head>
<body><h1>Your booking is confirmed</h1><p>Booked on 9 November 2026 by Anna Berger. Reference <b>TRX-7QK2</b></p>
<ul><li>Train Hamburg - Munich - Bologna, 11 April 2027, departs 06:28, coach 7 seat 43</li>
<li>Hotel Torre Inventata, Bologna, 11 to 15 April 2027, four nights, breakfast included</li>
<li>Train Bologna - Hamburg, 15 April 2027, departs 09:10</li></ul>
<p>Price: 238,00 EUR trains, 452,00 EUR hotel, altogether 690,00 EUR.</p>
<p>The hotel can be cancelled free of charge until 28 March 2027.</p>
<p>Have a good time at the children's book fair! Wanderfreund Reisen, wanderfreund.example</p></body></html>
"""  # noqa: E501 - as a shop would send it
    return Document(
        path="Downloads/booking-TRX-7QK2.html",
        data=page.encode(),
        modified="2026-11-09",
        kind="travel",
        topic="Bologna",
        date="2026-11-09",
        title=("booking", "TRX-7QK2"),
    )


def _warranty() -> Document:
    page = Sheet("2026-02-11")
    page.set_draw_color(120)
    page.rect(10, 10, 190, 70)
    page.set_xy(20, 20)
    page.set_left_margin(20)
    page.lines("Warranty card", "", size=16, style="B")
    page.lines(
        "Product: Flatbed scanner Lumo A3, serial number LM-00-4471-X",
        "Bought: 11 February 2026 at Technikhaus Beispiel, Hamburg",
        "The warranty lasts 36 months and ends on 11 February 2029.",
        "Keep this card together with the receipt.",
    )
    return Document(
        path="Documents/Scans/IMG_scanner_card.pdf",
        data=page.bytes(),
        modified="2026-02-12",
        kind="warranty",
        topic="studio",
        date="2026-02-11",
        title=("warranty", "Lumo"),
    )


def _letters() -> list[Document]:
    insurer = Sheet("2026-10-26")
    insurer.set_font("Times", size=11)
    insurer.lines("Möwenschild Versicherung AG", "Probestraße 99, 20095 Hamburg", "")
    insurer.lines(*ANNA[:3], "", "26 October 2026", "")
    insurer.paragraph("Your liability insurance, policy MS-7781-04", style="B")
    for text in [
        "Dear Ms Berger,",
        "from 1 January 2027 the yearly premium of your professional liability insurance rises from"
        " 168,40 EUR to 182,90 EUR. The sum insured stays at 3,000,000 EUR.",
        "Because of the rise you may cancel the policy within one month of receiving this letter.",
        "Yours sincerely, Möwenschild Versicherung AG",
    ]:
        insurer.paragraph(text)
    landlord = f"""{chr(10).join(ANNA[:3])}

Krahl Hausverwaltung, Testallee 40, 22765 Hamburg

Hamburg, 20 October 2026

# Mould in the kitchen, request for repair

Dear Mr Krahl, on 3 October 2026 I told you on the telephone about the mould behind the kitchen cupboard. It has spread to about one square metre.

Please have it repaired by 30 November 2026. Until then I reduce the rent by 10 percent and pay it under reserve.

Yours sincerely, Anna Berger
"""  # noqa: E501 - a paragraph of the document is one line
    aunt = """Lübeck, 2 August 2026

My dear Anna,

thank you for the card with the heron; it hangs above the stove. My hip is much better, the
doctor lets me walk to the river again. The old easel of your grandfather is in the shed. If you
want it, come and get it before the winter: the roof leaks.

With love, your aunt Gesine
"""
    return [
        Document(
            path="Documents/Versicherung/brief.pdf",
            data=insurer.bytes(),
            modified="2026-10-29",
            kind="letter",
            topic="insurance",
            date="2026-10-26",
            title=("Möwenschild",),
        ),
        Document(
            path="Documents/Wohnung & Atelier/an Krahl.docx",
            data=frozen(word(landlord), "2026-10-20"),
            modified="2026-10-20",
            kind="letter",
            topic="flat",
            date="2026-10-20",
            title=("Krahl", "Mould"),
        ),
        Document(
            path="Documents/tante gesine abgetippt.txt",
            data=aunt.encode(),
            modified="2026-08-09",
            kind="letter",
            topic="family",
            date="2026-08-02",
            title=("Gesine",),
        ),
    ]


def _curriculum() -> Document:
    text = """# Anna Berger, illustrator

Curriculum vitae, September 2026

# Work

- since 2016: freelance illustrator in Hamburg, picture books and packaging
- 2013 to 2016: designer at Studio Querformat, Leipzig

# Education

- 2008 to 2013: Diploma in illustration, Hochschule für Beispielkunst, Halle

# Awards

- 2024: Silver Heron for "Seven Small Boats"
- 2019: shortlist, Bologna picture book fair

# Languages

German (first language), English (fluent), Italian (basic)
"""
    return Document(
        path="Documents/CV_2026_neu_neu.docx",
        data=frozen(word(text), "2026-09-11"),
        modified="2026-09-11",
        kind="cv",
        topic="work",
        title=("Anna Berger", "Curriculum"),
    )


def _brief() -> Document:
    text = """# Creative brief: winter tins

Foxglove Tea Company, 30 October 2026, contact Priya Nair

Four tins of 125 g: orange, clove, pine and smoke. One illustration runs round each tin.

- Colours: at most five spot colours
- Artwork size: 292 x 88 mm plus 3 mm bleed
- Final artwork is due on 18 January 2027
- Budget: 2,400 GBP for all four

The tone is warm, a little mischievous, no snowmen and no holly.
"""
    return Document(
        path="Documents/Kunden/Foxglove/brief winter tins.docx",
        data=frozen(word(text), "2026-10-30"),
        modified="2026-10-30",
        kind="brief",
        topic="Foxglove",
        date="2026-10-30",
        title=("brief", "Foxglove"),
    )
