"""Extraction over layouts of many kinds: right values, verbatim spans, honest gaps."""

from __future__ import annotations

import pytest
from doorward.tools.reading.extract import by_rules, extract
from doorward.tools.reading.reader import ReaderFailed, ScriptedReader
from doorward.tools.reading.rules import Page
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.layouts import LAYOUTS, Layout

FIELDS = (
    "vendor", "invoice number", "invoice date", "total", "due date", "customer", "status", "net",
    "tax", "amount due", "currency", "e-mail", "phone", "iban", "vat id", "subject", "project",
)  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
async def test_fields_are_found_as_a_person_reads_them(layout: Layout) -> None:
    values = await extract(layout.text, layout.kind, list(layout.expected), ScriptedReader())
    found = {name: value.shown if value else None for name, value in values.items()}
    assert found == layout.expected


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
async def test_every_value_is_a_verbatim_span(layout: Layout) -> None:
    values = await extract(layout.text, layout.kind, FIELDS, ScriptedReader())
    for value in values.values():
        if value is not None:
            assert layout.text[value.piece.start : value.piece.end] == value.piece.text != ""


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.sampled_from(["pdf", "eml"])
)
def test_any_text_gives_verbatim_spans_or_nothing(text: str, kind: str) -> None:
    page = Page.of(text, kind)
    for name in FIELDS:
        for candidate in by_rules(page, name):
            assert text[candidate.piece.start : candidate.piece.end] == candidate.piece.text


_SNIPPETS = st.sampled_from(
    ["Total", "Invoice no.", "RE-17", "12.10.2026", "3/4/2026", "1.234,50 €", "$5.00", "\n", "\t",
     " | ", "Date:", "Bill to", "Acme GmbH", "10115 Berlin", "Teststr. 3", "VAT 19 %", "paid", ": "]
)  # fmt: skip


@given(st.lists(_SNIPPETS, max_size=30).map(" ".join))
def test_shuffled_papers_give_verbatim_spans(text: str) -> None:
    page = Page.of(text, "pdf")
    for name in FIELDS:
        for candidate in by_rules(page, name):
            assert text[candidate.piece.start : candidate.piece.end] == candidate.piece.text


async def test_the_reader_is_not_asked_where_rules_are_sure() -> None:
    reader = ScriptedReader(broken=1)
    layout = LAYOUTS[4]
    values = await extract(layout.text, "pdf", ["vendor", "invoice number", "total"], reader)
    assert all(values.values())
    assert reader.asked == []


async def test_the_reader_fills_what_no_rule_knows() -> None:
    text = "Dear Ms Adler, the surveyor who comes on Tuesday is Paul Young."
    reader = ScriptedReader({"name of the surveyor": "Paul Young"})
    values = await extract(text, "docx", ["name of the surveyor"], reader)
    value = values["name of the surveyor"]
    assert value is not None
    assert value.shown == "Paul Young"


async def test_a_span_without_the_form_of_the_field_is_not_taken() -> None:
    reader = ScriptedReader({"membership number": "see below"})
    values = await extract("Hello, see below.", "txt", ["membership number"], reader)
    assert values == {"membership number": None}


async def test_a_broken_reader_is_an_error_not_a_guess() -> None:
    with pytest.raises(ReaderFailed):
        await extract("Hello there.", "txt", ["project"], ScriptedReader(broken=1))


async def test_an_empty_text_has_no_fields() -> None:
    values = await extract("", "pdf", FIELDS, ScriptedReader(broken=9))
    assert not any(values.values())


async def test_a_net_amount_or_tax_is_never_the_total() -> None:
    text = "Acme Ltd\nInvoice 12\nNet 100.00 EUR\nVAT 19 % 19.00 EUR\n"
    values = await extract(text, "pdf", ["total"], ScriptedReader())
    assert values["total"] is None


async def test_the_grand_total_wins_over_what_is_left_to_pay() -> None:
    text = "Acme Ltd\nTotal 500.00 EUR\nDeposit received -200.00 EUR\nBalance due 300.00 EUR\n"
    values = await extract(text, "pdf", ["total", "amount due"], ScriptedReader())
    assert {name: value and value.shown for name, value in values.items()} == {
        "total": "500.00 EUR",
        "amount due": "300.00 EUR",
    }
