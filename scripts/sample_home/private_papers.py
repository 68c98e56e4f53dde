"""Papers of a life: health, travel, letters, a warranty, the CV and a brief.

It holds no invoices; papers of work and money are in `papers`. `build` calls it.
"""

from __future__ import annotations

from sample_home.office import frozen, word
from sample_home.pdf import Sheet
from sample_home.tree import ANNA, Document


def documents() -> list[Document]:
    """Return the private papers."""
    return [
        _laboratory(),
        _referral(),
        _travel(),
        _warranty(),
        *_letters(),
        _curriculum(),
        _brief(),
    ]


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
