"""Tables: quoting, harmless cells, and money added as decimals, each currency by itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from doorward.policies.vocabulary import Data
from doorward.tools.base import Context, ToolError
from doorward.tools.changeset import Changeset
from doorward.tools.tables import Money, TablesCsv, harmless, read_money, told
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.changesets import OBJECTIVE


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    changeset = Changeset(tmp_path / "state", OBJECTIVE, tmp_path)
    yield Context(tmp_path, changeset, "", "2026-11-23")
    changeset.close()


def row(path: str, **fields: Data) -> Data:
    return {"path": path, "fields": {name.replace("_", " "): v for name, v in fields.items()}}


async def table(context: Context, rows: list[Data], columns: list[Data], total: str = "") -> Any:
    arguments: dict[str, Data] = {"rows": rows, "columns": columns, "total": total}
    return (await TablesCsv().run(arguments, [], context)).data


async def test_a_table_has_the_columns_asked_for_and_the_file_last(context: Context) -> None:
    rows = [
        row("a.pdf", vendor='Müller, "Söhne"', invoice_number="7", total="1.234,50 EUR"),
        row("b.pdf", Vendor="Two\nlines", total=None),
    ]
    found = await table(context, rows, ["vendor", "invoice number", "total"], "total")
    assert found["text"] == (
        "vendor,invoice number,total,file\r\n"
        '"Müller, ""Söhne""",7,"1.234,50 EUR",a.pdf\r\n'
        '"Two\nlines",,,b.pdf\r\n'
    )
    assert found["count"] == 2
    assert (found["total"], found["total_text"]) == (1234.5, "1,234.50 EUR")
    assert found["unread"] == [{"path": "b.pdf"}]


async def test_currencies_are_never_added_to_each_other(context: Context) -> None:
    amounts = ["€ 1.000,10", "$20.00", "1 000,20 EUR", "CHF 1'234.50", "£3", "5.00"]
    rows = [row(f"{n}.pdf", total=amount) for n, amount in enumerate(amounts)]
    found = await table(context, rows, ["total"], "total")
    assert found["total"] is None
    assert found["total_text"] == (
        "1,234.50 CHF + 2,000.30 EUR + 3.00 GBP + 20.00 USD + 5.00 without currency"
    )


async def test_cents_add_up_exactly(context: Context) -> None:
    rows = [row(f"{n}", total="0,10 €") for n in range(30)]
    assert (await table(context, rows, ["total"], "Total"))["total_text"] == "3.00 EUR"


async def test_without_amounts_the_total_says_so(context: Context) -> None:
    found = await table(context, [row("a", total="to follow")], ["total"], "total")
    assert (found["total"], found["total_text"]) == (None, "no amounts found")


async def test_without_a_total_column_nothing_is_added(context: Context) -> None:
    found = await table(context, [row("a", total="1 EUR")], ["total"])
    assert (found["total"], found["total_text"], found["unread"]) == (None, "", [])


async def test_a_table_needs_columns(context: Context) -> None:
    with pytest.raises(ToolError):
        await table(context, [], [])


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1.234,50 EUR", "1234.50", "EUR"),
        ("1,234.50 EUR", "1234.50", "EUR"),
        ("€1,234.50", "1234.50", "EUR"),
        ("1.234 €", "1234", "EUR"),
        ("12,5 €", "12.5", "EUR"),
        ("$ 1,234.50", "1234.50", "USD"),
        ("£0.50", "0.50", "GBP"),
        ("CHF 1’234.50", "1234.50", "CHF"),
        ("-5,00 €", "-5.00", "EUR"),
        ("(12.00)", "-12.00", ""),
        ("12.00-", "-12.00", ""),
        ("1234", "1234", ""),
        ("+7", "7", ""),
        (19.99, "19.99", ""),
        (7, "7", ""),
        ("100.00 EUR (incl. 19.00 EUR VAT)", "100.00", "EUR"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: Data, value: str, currency: str) -> None:
    assert read_money(text) == Money(Decimal(value), currency)


@pytest.mark.parametrize("text", ["", "none", None, True, "INV-7", []])
def test_what_is_no_amount_is_none(text: Data) -> None:
    assert read_money(text) is None


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "\n=1"],
)
def test_what_looks_like_a_formula_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+1.50", "-5,00 €", "-1'234.50", "2026-10-03", "a=b", ""])
def test_numbers_amounts_and_dates_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


def test_sums_are_told_with_their_currency() -> None:
    assert told({"": Decimal("3")}) == "3.00"
    assert told({"JPY": Decimal("1200")}) == "1,200 JPY"


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_a_table_reads_back_and_no_cell_of_it_is_a_formula(cells: list[tuple[str, str]]) -> None:
    from doorward.tools.tables import _table

    rows: list[dict[str, Data]] = [{"path": path, "fields": {"a": one}} for path, one in cells]
    read = list(csv.reader(io.StringIO(_table(rows, ["a"]), newline="")))
    assert len(read) == len(cells) + 1
    for (path, value), (first, last) in zip(cells, read[1:], strict=True):
        assert first in {value, f"'{value}"}
        assert last in {path, f"'{path}"}
        for cell in (first, last):
            if cell[:1] in {"=", "@", "\t", "\r"}:
                raise AssertionError(cell)
