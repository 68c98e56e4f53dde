"""The tool `tables.csv`: rows of extracted fields as a CSV table, with a sum of one column.

It reads no document and writes no file: values in, text out. Money is added as decimals, each
currency by itself. The door calls it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data, Effect
from doorward.tools.amounts import find_amounts, read_number
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch

FILE = "file"
"""The column that says where a row comes from; always the last."""

_FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
"""What a spreadsheet program may take for the beginning of a formula."""
_PLAIN = re.compile(r"[-+]?\d[\d.,'\u2019\u00a0\u202f ]*")
_WHOLE = frozenset({"JPY", "KRW"})
"""Currencies without smaller coins."""


@dataclass(frozen=True, slots=True)
class Money:
    """One amount."""

    value: Decimal
    currency: str
    """ISO code; empty when none is written."""


class TablesCsv:
    """A table as text."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "tables.csv",
            "make a CSV table of extracted fields, and add up a column",
            (
                Parameter("rows", Kind.RECORD, "what read.extract returned", many=True),
                Parameter("columns", Kind.TEXT, "the fields, in order", many=True),
                Parameter("total", Kind.TEXT, "the column to add up", required=False),
            ),
            frozenset({Effect.READ}),
            "text, count, total, total_text, unread[] {path}",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Touch nothing: the rows are values already."""
        return ()

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Write the table and add up."""
        rows = _records(arguments.get("rows"))
        columns = [str(name) for name in _list(arguments.get("columns"))]
        if not columns:
            raise ToolError("cannot make a table: no columns are named")
        text = _table(rows, columns)
        data: dict[str, Data] = {"text": text, "count": len(rows)}
        total = str(arguments.get("total") or "")
        if not total:
            return Result({**data, "total": None, "total_text": "", "unread": []}, NEUTRAL)
        sums, unread = _add_up(rows, total)
        single = float(next(iter(sums.values()))) if len(sums) == 1 else None
        missing: list[Data] = [{"path": str(row.get("path") or "")} for row in unread]
        data |= {"total": single, "total_text": told(sums), "unread": missing}
        return Result(data, NEUTRAL)


def read_money(value: Data) -> Money | None:
    """Read the amount of a field; None when it holds none.

    Args:
        value: As extracted: `1.234,50 EUR`, `$1,234.50`, `CHF 1'234.50`, `(12.00)`, or a number.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return Money(Decimal(str(value)), "")
    text = str(value).strip()
    sign = -1 if re.fullmatch(r"\(.*\)|[^-]*\d\s*-", text) else 1
    bare = text.strip("()").removesuffix("-").strip() if sign < 0 else text
    if _PLAIN.fullmatch(bare):
        number = read_number(bare.lstrip("+-").strip())
        return Money(sign * (-number if bare.startswith("-") else number), "")
    found = find_amounts(bare)
    return Money(sign * found[0].value, found[0].currency) if found else None


def told(sums: Mapping[str, Decimal]) -> str:
    """Return sums in words: `1,234.50 EUR + 20.00 USD`."""
    if not sums:
        return "no amounts found"
    return " + ".join(
        f"{value:,.{0 if currency in _WHOLE else 2}f} {currency or 'without currency'}"
        if currency or len(sums) > 1
        else f"{value:,.2f}"
        for currency, value in sorted(sums.items(), key=lambda pair: (pair[0] == "", pair[0]))
    )


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet program runs: what looks like a formula gets a `'`."""
    if not cell.lstrip().startswith(tuple(_FORMULA)) and not cell.startswith(tuple(_FORMULA)):
        return cell
    if _PLAIN.fullmatch(cell) or _is_amount(cell):
        return cell
    return f"'{cell}"


def _is_amount(cell: str) -> bool:
    found = find_amounts(cell)
    return len(found) == 1 and found[0].piece.text == cell


def _table(rows: Sequence[Mapping[str, Data]], columns: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)  # RFC 4180: quotes doubled, lines end in CR LF
    writer.writerow([harmless(name) for name in (*columns, FILE)])
    for row in rows:
        cells = [_cell(_field(row, name)) for name in columns]
        writer.writerow([harmless(cell) for cell in (*cells, _cell(row.get("path")))])
    return out.getvalue()


def _add_up(
    rows: Sequence[Mapping[str, Data]], column: str
) -> tuple[dict[str, Decimal], list[Mapping[str, Data]]]:
    sums: dict[str, Decimal] = {}
    unread: list[Mapping[str, Data]] = []
    for row in rows:
        money = read_money(_field(row, column))
        if money is None:
            unread.append(row)
        else:
            sums[money.currency] = sums.get(money.currency, Decimal(0)) + money.value
    return sums, unread


def _field(row: Mapping[str, Data], name: str) -> Data:
    """Return a field of a row; the case of its name does not matter."""
    fields = row.get("fields")
    if not isinstance(fields, dict):
        return None
    exact = fields.get(name)
    if exact is not None:
        return exact
    folded = {key.casefold(): value for key, value in fields.items()}
    return folded.get(name.casefold())


def _cell(value: Data) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(_cell(element) for element in value)
    return str(value)


def _records(value: Data) -> list[Mapping[str, Data]]:
    return [record for record in _list(value) if isinstance(record, dict)]


def _list(value: Data) -> Sequence[Data]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
