"""Questions about the home with their answers, topics with their documents, facts for summaries.

It is not derived: a person wrote it. `key` adds it to the answer key; the tests check every quote.
"""

from __future__ import annotations

import unicodedata
from typing import Any

_KLEINE = "Documents/Kunden/Kleine Welle/"
_FOX = "Documents/Kunden/Foxglove/"
_HOME = "Documents/Wohnung & Atelier/"
_LEASE = _HOME + "Mietvertrag 2021 unterschrieben.docx"
_CONTRACT = _KLEINE + "contract lighthouse cat signed.pdf"
_LAB = "Documents/Gesundheit/Laborbefund September.pdf"
_REFERRAL = "Documents/Gesundheit/Überweisung Handgelenk.docx"
_INSURER = "Documents/Versicherung/brief.pdf"
_BOOKING = "Downloads/booking-TRX-7QK2.html"
_WARRANTY = "Documents/Scans/IMG_scanner_card.pdf"
_TAX_2025 = "Downloads/ESt_Bescheid_25.pdf"
_BRIEF = _FOX + "brief winter tins.docx"
_BREAD = "Notes/Rezepte/walnut bread.md"
_BREAD_COPY = "Documents/Nussbrot von Mama.md"
_SURPRISE = unicodedata.normalize("NFD", "Notes/Überraschung für Mütterchen.txt")


def questions() -> list[dict[str, Any]]:
    """Return the questions; one without answers cannot be answered from these documents."""
    known = [
        ("How long is the notice period of my lease?", ["three months"], _LEASE,
         "The tenant may end the lease with a notice period of three months."),
        ("How much is the monthly rent in total?", ["1,180.00 EUR"], _LEASE,
         "The total of 1,180.00 EUR is due on the third working day of each month."),
        ("What royalty do I get for The Lighthouse Cat?", ["3.5 %"], _CONTRACT,
         "From the 5,001st copy sold the illustrator receives a royalty of 3.5 % of the net retail"
         " price, settled once a year on 31 March."),
        ("When was the final artwork for the Lighthouse Cat due?", ["30 September 2026"], _CONTRACT,
         "Sketches are due on 30 April 2026, final artwork on 30 September 2026."),
        ("What was my ferritin value?", ["9"], _LAB, "Ferritin 9 (low) ng/ml 15 - 150"),
        ("Which medicine should I avoid?", ["ibuprofen"], _REFERRAL,
         "Please avoid ibuprofen: the patient has an intolerance."),
        ("What will my liability insurance cost a year from 2027?", ["182,90 EUR"], _INSURER,
         "from 1 January 2027 the yearly premium of your professional liability insurance rises"
         " from 168,40 EUR to 182,90 EUR."),
        ("Until when can I cancel the hotel in Bologna free of charge?", ["28 March 2027"],
         _BOOKING, "The hotel can be cancelled free of charge until 28 March 2027."),
        ("When does my train to Bologna leave?", ["06:28"], _BOOKING,
         "Train Hamburg - Munich - Bologna, 11 April 2027, departs 06:28, coach 7 seat 43"),
        ("When does the warranty of the scanner end?", ["11 February 2029"], _WARRANTY,
         "The warranty lasts 36 months and ends on 11 February 2029."),
        ("How much do I have to pay for the income tax of 2025?", ["843,00 EUR"], _TAX_2025,
         "The settlement shows a payment of 843,00 EUR."),
        ("What is the budget for the winter tins?", ["2,400 GBP"], _BRIEF,
         "Budget: 2,400 GBP for all four"),
        ("How much buttermilk goes into the walnut bread?", ["350 ml"], _BREAD,
         "350 ml lukewarm buttermilk"),
        ("When is my appointment with Dr. Brandt?", ["2 December 2026", "10:15"],
         "Mail/Inbox/Appointment confirmed.eml",
         "your appointment with Dr. Brandt (orthopaedics) is on 2 December 2026 at 10:15."),
        ("When is the book launch of the Lighthouse Cat?", ["12 March 2027"],
         "Notes/2026-11-04 Miriam.md", "Book launch on 12 March 2027 in the Bremen harbour museum"),
        ("Until when is the quotation for the wall calendar valid?", ["15 December 2026"],
         "Downloads/Q-552.pdf", "This quotation is valid until 15 December 2026."),
        ("How many people can join the lettering workshop?", ["10"], "Notes/workshop.md",
         "At most 10 people, 95 EUR each, paper and ink included."),
        ("What is still due on the invoice of Harbour & Finch?", ["£872.00"],
         "Downloads/HF2291 Berger.docx", "£872.00"),
    ]  # fmt: skip
    unknown = [
        "What is the licence plate of my car?",
        "How much did the new washing machine cost?",
        "When does my passport expire?",
        "What is the password of the Wi-Fi?",
        "Which blood group do I have?",
        "How much rent does Lena pay?",
    ]
    return [
        *(
            {"question": question, "answers": answers, "path": path, "quote": quote}
            for question, answers, path, quote in known
        ),
        *({"question": question, "answers": []} for question in unknown),
    ]


def find() -> list[dict[str, Any]]:
    """Return topics with the documents that somebody who searches for them wants."""
    return [
        {"about": about, "paths": sorted(paths)}
        for about, paths in {
            "heating and repairs in the flat": [
                "Mail/Gesendet/Heating.eml",
                "Mail/Inbox/Re_ Heating.eml",
                _HOME + "an Krahl.docx",
            ],
            "lease and notice period": [_LEASE],
            "iron deficiency and blood test": [_LAB, "Downloads/befund.pdf"],
            "pain in the wrist": [
                _REFERRAL,
                "Mail/Inbox/Appointment confirmed.eml",
                "Notes/journal.md",
            ],
            "income tax assessment": [_TAX_2025, "Documents/Steuer/Bescheid 2024.pdf"],
            "trip to Bologna": [_BOOKING],
            "winter tea tins for Foxglove": [
                _BRIEF,
                "Mail/Inbox/Winter blend.eml",
                "Mail/Gesendet/Re_ Winter blend.eml",
            ],
            "baking bread": [_BREAD, _BREAD_COPY],
            "birthday surprise for Mum": [_SURPRISE],
            "electricity consumption": ["Downloads/rechnung(2).html"],
            "liability insurance premium": [_INSURER],
        }.items()
    ]


def summaries() -> list[dict[str, Any]]:
    """Return the facts that a summary must not leave out, as they are written."""
    return [
        {"path": path, "facts": facts}
        for path, facts in [
            (_LEASE, ["1,180.00 EUR", "2,670.00 EUR", "three months", "58 square metres"]),
            (_CONTRACT, ["24 double-page illustrations", "7,200.00 EUR", "30 September 2026",
                         "3.5 %", "eight weeks"]),
            (_LAB, ["Ferritin", "iron deficiency", "three months"]),
            (_INSURER, ["182,90 EUR", "1 January 2027", "within one month"]),
            (_BRIEF, ["Four tins", "five spot colours", "18 January 2027", "2,400 GBP"]),
            (_HOME + "an Krahl.docx", ["mould", "30 November 2026", "10 percent"]),
            ("Notes/2026-11-04 Miriam.md", ["4,000 copies", "12 March 2027", "Spread 9"]),
        ]
    ]  # fmt: skip
