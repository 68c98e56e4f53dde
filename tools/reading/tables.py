"""The tool `tables.csv`: rows of extracted fields as one CSV text, with a total that is exact.

It writes no file (`files.write` does) and reads none. Cells stay as they were found; only tabs
between words become a blank, and what a spreadsheet would run as a formula is disarmed.
`daemon.toolbox` lists it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from decimal import Context as Arithmetic
from decimal import Decimal

from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch
from doorward.tools.texts.amounts import find_amounts, main_currency, read_number
from doorward.tools.texts.dates import find_dates

FILE = "file"
"""The last column: which file a row comes from."""
NONE = "no readable amount"
"""The total in words when no row has one."""

_EXACT = Arithmetic(prec=60)
_PLAIN = re.compile(
    r"(?:(?P<before>[A-Za-z]{3})\s?)?(?P<minus>[-–−+]\s?)?"
    r"(?P<number>\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,](?:\d+|[-–]{1,2}))?)"
    r"(?:\s?(?P<after>[A-Za-z]{3}))?"
)
_DIGITS = 24
"""A longer run of digits is a number of something, not an amount."""
_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL "
    "GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF "
    "KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD "
    "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH "
    "UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


class TablesCsv:
    """Make a CSV table, and add up one column."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "tables.csv",
            "make a CSV table of extracted fields, the file last, and add up one column",
            (
                Parameter("rows", Kind.RECORD, "what read.extract returned", many=True),
                Parameter("columns", Kind.TEXT, "the fields, in this order", many=True),
                Parameter("total", Kind.TEXT, "the column to add up", required=False),
            ),
            frozenset(),
            "text, count, total, total_text, unread[] {path}, counted[] {path, amount}",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Touch nothing: rows are values already."""
        return ()

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Build the table."""
        rows = _rows(arguments["rows"])
        columns = _columns(arguments["columns"])
        total = arguments.get("total")
        column = total.strip() if isinstance(total, str) else ""
        sums, unread = add_up(rows, column) if column else ({}, [])
        data: dict[str, Data] = {
            "text": table(rows, columns),
            "count": len(rows),
            "total": float(next(iter(sums.values()))) if len(sums) == 1 else None,
            "total_text": (said(sums) or NONE) if column else "",
            "unread": [{"path": path} for path in unread],
            "counted": [
                {"path": path, "amount": said({currency: value})}
                for path, (value, currency) in (amounts(rows, column) if column else {}).items()
            ],
        }
        return Result(data, NEUTRAL)


_Row = tuple[str, Mapping[str, Data]]


def table(rows: Sequence[_Row], columns: Sequence[str]) -> str:
    """Return rows as CSV (RFC 4180): a header, then a line a row, the file last."""
    out = io.StringIO()
    writer = csv.writer(out)
    shown = [column for column in columns if column.casefold() != FILE]
    writer.writerow([_safe(name) for name in (*shown, FILE)])
    for path, fields in rows:
        writer.writerow([*(_safe(_text(_cell(fields, name))) for name in shown), _safe(path)])
    return out.getvalue()


def add_up(rows: Sequence[_Row], column: str) -> tuple[dict[str, Decimal], list[str]]:
    """Return the sum of a column by currency, and the paths of the rows without an amount."""
    sums: dict[str, Decimal] = {}
    found = amounts(rows, column)
    for value, currency in found.values():
        sums[currency] = _EXACT.add(sums.get(currency, Decimal(0)), value)
    return sums, [path for path, _ in rows if path not in found]


def amounts(rows: Sequence[_Row], column: str) -> dict[str, tuple[Decimal, str]]:
    """Return the amount and the currency of each row that has one, by path."""
    found: dict[str, tuple[Decimal, str]] = {}
    for path, fields in rows:
        one = amount(_cell(fields, column))
        if one is not None:
            value, currency = one
            found[path] = value, currency or main_currency(_text(_cell(fields, "currency")))
    return found


def said(sums: Mapping[str, Decimal]) -> str:
    """Return sums in words: `1,234.50 EUR + 79.33 USD`."""
    return " + ".join(f"{_number(value)} {currency}".strip() for currency, value in sums.items())


def amount(cell: Data) -> tuple[Decimal, str] | None:
    """Return the one amount of a cell and its currency; None when it has none, or several."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        value = Decimal(str(cell))
        return (value, "") if value.is_finite() and _sane(value) else None
    text = _text(cell).strip()
    if len(re.sub(r"\D", "", text)) > _DIGITS:
        return None
    sign = 1
    if re.fullmatch(r"\(.+\)", text):  # how book-keepers write what is less than nothing
        text, sign = text[1:-1].strip(), -1
    elif re.search(r"\d[-–−]$", text) and not re.search(r"[.,][-–]+$", text):
        text, sign = text[:-1], -1
    plain = _plain(text)
    found = {(one.value, one.currency) for one in find_amounts(text)}
    if len(found) == 1:
        value, currency = found.pop()
        return value * sign, currency or (plain[1] if plain else "")
    if found or plain is None or find_dates(text):
        return None
    return plain[0] * sign, plain[1]


def _plain(text: str) -> tuple[Decimal, str] | None:
    """Return a bare number, with or without the code of a currency."""
    match = _PLAIN.fullmatch(text)
    code = ((match["before"] or match["after"] or "") if match else "").upper()
    if match is None or (code and code not in _CODES.split()):
        return None
    value = read_number(match["number"])
    return (-value if (match["minus"] or "").strip() in {"-", "–", "−"} else value), code


def _sane(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return abs(value) < Decimal(10) ** _DIGITS and isinstance(exponent, int) and exponent > -_DIGITS


def _number(value: Decimal) -> str:
    exponent = value.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{value:,.{places}f}"


def _safe(cell: str) -> str:
    """Disarm what a spreadsheet would run: a leading apostrophe makes it text."""
    clean = re.sub(r"(?<=\S) *\t[ \t]*(?=\S)|[\x00\f]+", " ", cell)
    bare = clean.lstrip(" \n\r\u00a0")
    if not clean.startswith(("\t", "\r")) and not bare.startswith((*_FORMULA, "\t")):
        return clean
    return clean if _is_plain(clean.strip()) else f"'{clean}"


def _is_plain(text: str) -> bool:
    """Tell whether a cell is nothing but a number, an amount or a date."""
    if _plain(text):
        return True
    return any(one.piece.text == text for one in find_amounts(text)) or any(
        one.piece.text == text for one in find_dates(text)
    )


def _text(cell: Data) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case list():
            return "; ".join(_text(one) for one in cell)
        case dict():
            return "; ".join(f"{name}: {_text(one)}" for name, one in cell.items())
        case _:
            return str(cell)


def _cell(fields: Mapping[str, Data], name: str) -> Data:
    if name in fields:
        return fields[name]
    wanted = name.casefold()
    return next((value for key, value in fields.items() if key.casefold() == wanted), None)


def _columns(value: Data) -> list[str]:
    names = value if isinstance(value, list) else [value]
    columns = list(dict.fromkeys(str(name).strip() for name in names if name))
    if not columns:
        error = ToolError("cannot make a table: no columns are named")
        error.add_note("hint: name the fields, such as vendor, date, total")
        raise error
    return columns


def _rows(value: Data) -> list[_Row]:
    rows: list[_Row] = []
    for row in value if isinstance(value, list) else [value]:
        fields = row.get("fields") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(fields, dict):
            error = ToolError("cannot make a table: one of the rows has no fields")
            error.add_note("hint: pass the items of read.extract")
            raise error
        rows.append((str(row.get("path") or ""), fields))
    return rows
