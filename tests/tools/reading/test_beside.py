"""Values beside their labels, for fields of any name; and what is not there stays missing."""

from __future__ import annotations

import pytest
from doorward.tools.reading.extract import by_rules, extract
from doorward.tools.reading.reader import ScriptedReader
from doorward.tools.reading.rules import Page

LONG = "We ask you to send us the papers, with a copy of both sides, not later than by"


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("customer number", "Kundennummer 4471120 | Vertrag 99 | Seite 1", "4471120"),
        ("customer number", "Kunden-Nr.  K-2209      Datum 03.04.2025", "K-2209"),
        ("account number", "Statement of account 55120043  sort code 20-11-09", "55120043"),
        ("account number", "Account number: 12 3456 789\nBill date: 4 May 2025", "12 3456 789"),
        ("account number", "IBAN DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
        ("policy number", "Your household policy HH-12: burst pipe", "HH-12"),
        ("reference", "Mein Zeichen: 33-4/9-A\nIhr Zeichen: 7", "33-4/9-A"),
        ("closing balance", "Opening balance 9.00\nClosing balance 12.50 EUR", "12.50 EUR"),
        ("closing balance", "Kontostand am 12.01.2025     4.567,75 EUR H", "4.567,75 EUR"),
        ("statement date", "Harbour Bank\nAs at 2 March 2026", "2026-03-02"),
        ("deadline", f"{LONG}\n4 June 2025, please.", "2025-06-04"),
        ("date", "Oats Inc.\nPaid June 4, 2025\nOats 3.00", "2025-06-04"),
        ("total", "SUBTOTAL $90.00\nTAX $10.00\nPLEASE PAY $100.00", "$100.00"),
        ("total", "Four lessons come to £120.00 altogether, and thanks.", "£120.00"),
        ("bank", "Bell & Sons Bank plc\nStatement of account 55120043", "Bell & Sons Bank plc"),
        (
            "vendor",
            "Spett.le\nAnna Neri\nFreni e olio\nOfficina Po snc - P.IVA 123",
            "Officina Po snc",
        ),
        ("customer", "Guest: Rosa Lund        Room 12", "Rosa Lund"),
    ],
)
def test_a_value_is_found_beside_its_label(field: str, text: str, value: str) -> None:
    found = by_rules(Page.of(text, "pdf"), field)
    assert found
    assert found[0].value == value
    assert text[found[0].piece.start : found[0].piece.end] == found[0].piece.text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("invoice number", "Statement of account 55120043  sort code 20-11-09"),
        ("invoice number", "Receipt from Oats\nReceipt number 5366-5778\nAmount paid 3.00"),
        ("invoice number", "Lieferschein-Nr. L12345    Kunden-Nr. 7781"),
        ("bank", "Oats GmbH\nRechnung 12\nGesamt 3,00 EUR"),
        ("closing balance", "Opening balance 9.00 EUR"),
        ("customer number", "Invoice no. 12\nTotal 3.00"),
    ],
)
async def test_what_a_paper_does_not_say_is_missing(field: str, text: str) -> None:
    assert not by_rules(Page.of(text, "pdf"), field)
    said = await extract(text, "pdf", [field], ScriptedReader())
    assert said[field] is None
