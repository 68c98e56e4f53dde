"""`tables.csv`: what the text says to any reader of CSV, and totals that are exact."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from doorward.tools.base import Context, ToolError
from doorward.tools.reading.tables import NONE, TablesCsv, add_up, amount, said, table
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.calls import call, context_of, data


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    context = context_of(tmp_path)
    yield context
    context.changeset.close()


async def make(context: Context, rows: list[Any], columns: Any, **more: Any) -> dict[str, Any]:
    return data(await call(TablesCsv(), context, rows=rows, columns=columns, **more))


def row(path: str, **fields: Any) -> dict[str, Any]:
    return {"path": path, "name": path, "fields": fields, "spans": {}, "missing": []}


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


async def test_a_table_has_the_columns_as_given_and_the_file_last(context: Context) -> None:
    rows = [
        row("in/a.pdf", vendor='Müller "& Co", Köln', total="1.234,50 €", other="x"),
        row("in/b.pdf", vendor="Two\nlines", total=None),
    ]
    made = await make(context, rows, ["total", "vendor"])
    assert made == {
        "text": "total,vendor,file\r\n"
        '"1.234,50 €","Müller ""& Co"", Köln",in/a.pdf\r\n'
        ',"Two\nlines",in/b.pdf\r\n',
        "count": 2,
        "total": None,
        "total_text": "",
        "unread": [],
        "counted": [],
    }


async def test_one_currency_gives_a_number_and_words(context: Context) -> None:
    rows = [row("a", total="1.234,40 €"), row("b", total="EUR 0.10"), row("c", total="n/a")]
    made = await make(context, rows, ["total"], total="Total")
    assert (made["total"], made["total_text"]) == (1234.5, "1,234.50 EUR")
    assert made["counted"] == [
        {"path": "a", "amount": "1,234.40 EUR"},
        {"path": "b", "amount": "0.10 EUR"},
    ]
    assert made["unread"] == [{"path": "c"}]


async def test_several_currencies_are_never_added_together(context: Context) -> None:
    rows = [row("a", total="1,234.50 EUR"), row("b", total="$79.33"), row("c", total="-12")]
    made = await make(context, rows, ["total"], total="total")
    assert made["total"] is None
    assert made["total_text"] == "1,234.50 EUR + 79.33 USD + -12.00"


async def test_a_bare_amount_takes_the_currency_of_its_row(context: Context) -> None:
    rows = [row("a", total="10.00", currency="CHF"), row("b", total=2.5, currency="Fr.")]
    made = await make(context, rows, ["total", "currency"], total="total")
    assert made["total_text"] == "12.50 CHF"


async def test_a_total_of_nothing_says_so(context: Context) -> None:
    made = await make(context, [row("a", total=None)], ["total"], total="total")
    assert (made["total"], made["total_text"]) == (None, NONE)
    assert made["unread"] == [{"path": "a"}]
    assert (await make(context, [], ["total"], total="total"))["text"] == "total,file\r\n"


async def test_rows_and_columns_that_are_none_are_refused_with_a_way_on(context: Context) -> None:
    with pytest.raises(ToolError, match="no columns") as refused:
        await make(context, [], [])
    assert refused.value.__notes__
    with pytest.raises(ToolError, match="no fields"):
        await make(context, [{"path": "a"}], ["total"])


@pytest.mark.parametrize(
    ("cell", "value", "currency"),
    [
        ("1.234,50 €", "1234.50", "EUR"),
        ("100.00 THB", "100.00", "THB"),
        ("eur 12", "12", "EUR"),
        ("(12.00)", "-12.00", ""),
        ("12.00-", "-12.00", ""),
        ("− 5.00 EUR", "-5.00", "EUR"),
        ("12,--", "12", ""),
        ("1'234.00 CHF", "1234.00", "CHF"),
        ("Total due: 1,234.56 EUR", "1234.56", "EUR"),
        (7, "7", ""),
        (0.1, "0.1", ""),
    ],
)
def test_an_amount_is_read_in_any_of_its_usual_forms(cell: Any, value: str, currency: str) -> None:
    assert amount(cell) == (Decimal(value), currency)


@pytest.mark.parametrize(
    "cell",
    [
        None,
        True,
        "",
        "INV-7",
        "2026-10-03",
        "03.10.2026",
        "5%",
        "12:30",
        "12 EUR, later 13 EUR",
        "9" * 30,
        float("nan"),
        1e300,
    ],
)
def test_what_is_no_amount_or_more_than_one_is_not_added_up(cell: Any) -> None:
    assert amount(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        "=1+2",
        "+49 30 1234",
        "@SUM(A1)",
        "-1+cmd|' /C calc'!A0",
        "\tx",
        "\rx",
        "\r=1",
        " =1",
        "＝1",
        "-x",
    ],
)
def test_what_a_spreadsheet_would_run_is_disarmed(cell: str) -> None:
    assert read(table([("a", {"x": cell})], ["x"]))[1][0] == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+5.00", "-5.00 EUR", "-€ 1.234,50", "2026-10-03", "a=b"])
def test_plain_numbers_amounts_and_dates_stay_as_they_are(cell: str) -> None:
    assert read(table([("a", {"x": cell})], ["x"]))[1][0] == cell


def test_names_of_files_and_columns_are_disarmed_too() -> None:
    assert read(table([("=a.pdf", {})], ["@x"])) == [["'@x", "file"], ["", "'=a.pdf"]]


def test_the_gap_between_two_cells_of_a_sheet_becomes_a_blank() -> None:
    assert read(table([("a", {"x": "EUR\t\t 298.10"})], ["x"]))[1][0] == "EUR 298.10"


_CELLS = st.text(st.characters(exclude_characters="\0\f\t", exclude_categories=["Cs"]))


@given(st.lists(st.tuples(_CELLS, _CELLS, _CELLS)))
def test_any_reader_of_csv_gets_every_cell_back(cells: list[tuple[str, str, str]]) -> None:
    text = table([(path, {"x": x, "y": y}) for path, x, y in cells], ["x", "y"])
    assert text.endswith("\r\n")
    header, *rows = read(text)
    assert header == ["x", "y", "file"]
    back = [(x, y, path) for path, x, y in cells]
    for got, put_in in zip(rows, back, strict=True):
        for cell, original in zip(got, put_in, strict=True):
            assert cell in {original, f"'{original}"}
            if not original.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")):
                assert cell == original or original.startswith("\r")


@given(st.lists(st.text("=+-@\t\r\n 1a.,€()|'", min_size=1, max_size=6)))
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(cells: list[str]) -> None:
    _, *rows = read(table([("f", {"x": cell}) for cell in cells], ["x"]))
    for cell, _ in rows:
        if cell.strip()[:1] in {"=", "@"} and cell.strip():
            raise AssertionError(cell)
        if cell.strip()[:1] in {"+", "-"} and cell.strip():
            assert amount(cell) is not None


_MONEY = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2, allow_nan=False)


@given(st.lists(st.tuples(_MONEY, st.sampled_from(["EUR", "USD", "CHF"])), min_size=1))
def test_totals_are_exact_to_the_cent_in_every_currency(money: list[tuple[Decimal, str]]) -> None:
    rows = [(str(n), {"total": f"{value:,.2f} {code}"}) for n, (value, code) in enumerate(money)]
    sums, unread = add_up(rows, "total")
    assert unread == []
    assert sums == {
        code: sum(value for value, other in money if other == code) for _, code in money
    }
    assert len(said(sums).split(" + ")) == len(sums)
