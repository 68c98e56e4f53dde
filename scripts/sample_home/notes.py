"""Notes, tables and slides that Anna made herself.

It holds no invoices. `build` calls it.
"""

from __future__ import annotations

import random
import unicodedata
from typing import Any

from faker import Faker

from sample_home.office import frozen
from sample_home.tree import Document, Promise

_BREAD = """# Walnut bread (Mum)

For one big loaf:

- 500 g spelt flour
- 120 g walnuts, roughly chopped
- 350 ml lukewarm buttermilk
- 10 g salt, 7 g dry yeast, 1 tbsp honey

Mix, knead for ten minutes, let it rest for 90 minutes. Bake at 220 °C for 15 minutes, then at 190 °C for 30 minutes.
"""  # noqa: E501 - a paragraph of the document is one line
_MEETING = """# Call with Miriam, 4 November 2026

- Print run: 4,000 copies in German, 1,500 in English
- Book launch on 12 March 2027 in the Bremen harbour museum
- Miriam promised to send the launch programme by 30 November 2026.
- Spread 9: the lamp room is too dark
- The publisher asks for an animal series next, maybe otters
"""
_WORKSHOP = """# Lettering workshop, spring 2027

Two Saturdays, 6 and 13 March 2027, in the Rosengarten meeting room. At most 10 people, 95 EUR each, paper and ink included.

Open: who lends a projector? Jonas maybe.
"""  # noqa: E501 - a paragraph of the document is one line
_TAX = """Tax, do not forget!!
- office share of the flat: 14 of 58 square metres
- ask Henrike whether the Bologna trip counts
- put the invoices of the fonts into 2025, not 2026
- artists' social fund (KSK): report the income estimate until 1 December 2026
"""
_IDEAS = """# Ideas for cards 🎨

1. a heron reading a tide table
2. otter with a thermos flask
3. lighthouse keeper knitting a very long scarf
4. "Moin" in brush letters, two colours
"""
_SURPRISE = """Surprise for Mum's 70th (14 February 2027)
Book of the seven boats with new drawings, bound by hand. Lena writes the texts.
Do not tell her!
"""
_JOURNAL = """# Studio journal

2026-11-02  Smoke is a colour, not a shape. Try dry brush on grey paper.
2026-11-08  Wrist hurts again. Short breaks every 40 minutes.
2026-11-14  Cover: ultramarine at 60 % looks right. The tail no longer touches the title.
2026-11-19  Sent nothing today. Slept.
"""
_SHOPPING = "oat milk\ncat litter\nclips A3\nblack thread\n"
_BEST = """The best of 2026, for the newsletter
- Lighthouse Cat, spread 7
- Foxglove tin "bergamot"
- the heron card (sold 212 times)
"""
_LONG = """Questions for the museum talk
How long does one spread take? About four days.
Which paper? Cotton, 300 g, never bleached.
"""


def documents() -> list[Document]:
    """Return the notes, tables and slides."""
    launch = "Miriam promised to send the launch programme by 30 November 2026."
    promise = Promise(
        who="Miriam Okafor",
        to="Anna",
        what="send the launch programme",
        by="2026-11-30",
        quote=launch,
    )
    decomposed = unicodedata.normalize("NFD", "Notes/Überraschung für Mütterchen.txt")
    long = "Notes/" + "Fragen und Antworten für den Vortrag im Museum " * 4 + "(Entwurf).txt"
    return [
        _text("Notes/Rezepte/walnut bread.md", _BREAD, "2025-12-06", "recipe", "family"),
        _text(
            "Notes/2026-11-04 Miriam.md", _MEETING, "2026-11-04", "note", "Kleine Welle", promise
        ),
        _text("Notes/workshop.md", _WORKSHOP, "2026-10-11", "note", "workshop"),
        _text("Documents/Steuer/-wichtig- Steuer.txt", _TAX, "2026-11-01", "note", "tax"),
        _text("Notes/🎨 Ideen für Karten.md", _IDEAS, "2026-09-20", "note", "work"),
        _text(decomposed, _SURPRISE, "2026-10-05", "note", "family"),
        _text("Notes/journal.md", _JOURNAL, "2026-11-19", "note", "work"),
        _text("Desktop/Einkauf", _SHOPPING, "2026-11-18", "", ""),
        _text('Desktop/Anna\'s "best of" list.txt', _BEST, "2026-11-10", "note", "work"),
        _text(long, _LONG, "2026-05-14", "note", "Bluebird Museum"),
        _contacts(),
        _budget(),
        _hours(),
        _slides(),
    ]


def _text(
    path: str, text: str, modified: str, kind: str, topic: str, promise: Promise | None = None
) -> Document:
    return Document(
        path=path,
        data=text.encode(),
        modified=modified,
        kind=kind,
        topic=topic,
        promises=(promise,) if promise else (),
        mentions=" invoices " in text,
    )


def _contacts() -> Document:
    people = Faker("de_DE")
    people.seed_instance(2026)
    rows = ["name;city;e-mail;birthday"]
    for index in range(24):
        name = f"{people.first_name()} {people.last_name()}"
        address = name.lower().replace(" ", ".").encode("ascii", "ignore").decode()
        # Not date_of_birth(): that one counts back from the day it runs.
        born = f"{people.random_int(1, 28):02}.{people.random_int(1, 12):02}.{1950 + index}"
        rows.append(f"{name};{people.city_name()};{address}@post.example;{born}")
    return Document(
        path="Documents/adressen alt.csv",
        data="\r\n".join(rows).encode("cp1252") + b"\r\n",
        modified="2025-01-19",
        topic="family",
    )


def _budget() -> Document:
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Budget 2026"
    sheet.append(["Budget 2026, in EUR", "planned a month", "spent until October"])
    for row in [
        ("Rent", 1180, 11800),
        ("Desk and studio", 300, 2877.4),
        ("Material", 150, 2311.15),
        ("Software", 75, 702.6),
        ("Health insurance and KSK", 410, 4100),
        ("Travel", 90, 388),
        ("Savings", 250, 1750),
    ]:
        sheet.append(row)
    sheet.append(["Sum", 2455, 23929.15])
    return Document(
        path="Documents/Bank/budget 2026.xlsx",
        data=frozen(book, "2026-11-01"),
        modified="2026-11-01",
        kind="spreadsheet",
        topic="money",
        title=("Budget", "2026"),
    )


def _hours() -> Document:
    import datetime

    import openpyxl

    draw = random.Random(20261101)
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "October"
    sheet.append(["Day", "Client", "Task", "Hours"])
    sums = {"Kleine Welle": 0.0, "Foxglove": 0.0, "Own work": 0.0}
    for day in range(1, 32):
        date = datetime.date(2026, 10, day)
        if date.weekday() > 4:
            continue
        client = draw.choice(sorted(sums))
        hours = draw.choice([3.5, 4.0, 5.5, 6.0])
        sums[client] += hours
        sheet.append([date, client, draw.choice(["drawing", "colour", "layout", "mail"]), hours])
    total = book.create_sheet("Sums")
    for client, hours in sums.items():
        total.append([client, hours])
    return Document(
        path="Documents/Stunden Okt.xlsx",
        data=frozen(book, "2026-10-31"),
        modified="2026-10-31",
        kind="spreadsheet",
        topic="work",
    )


def _slides() -> Document:
    import pptx

    show = pptx.Presentation()
    for title, lines in [
        ("Portfolio talk 2026", ["Anna Berger, Bluebird Museum Shop, 21 May 2026"]),
        ("How a picture book grows", ["Thumbnails", "Colour keys", "Final art on cotton paper"]),
        ("Numbers", ["24 spreads", "9 months", "31 brushes worn out", "1 cat"]),
        ("Thank you", ["Questions? anna@berger-illustration.example"]),
    ]:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(lines)
    layouts = show.slide_layouts
    for layout in list(layouts):
        if layout.name != "Title and Content":
            layouts.remove(layout)
    return Document(
        path="Documents/Präsentation Portfolio.pptx",
        data=frozen(show, "2026-05-19"),
        modified="2026-05-19",
        kind="presentation",
        topic="Bluebird Museum",
        date="2026-05-21",
        title=("Portfolio",),
    )
