"""The words of the sample: a document, what is true of it, and how amounts are written.

It is not a writer of any format. Every module that makes documents builds on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ANNA = ("Anna Berger", "Fischbrunnenweg 14", "22767 Hamburg", "Germany")
"""The one person whose home this is."""
MAIL = "anna@berger-illustration.example"
IBAN = "DE02 9999 0000 0012 3456 78"
PHONE = "040 66969 123"


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """What an invoice says, in the forms it is written and normalised."""

    vendor: str
    number: str
    date: str
    """ISO date of issue."""
    date_written: str
    total: Decimal
    """Gross total, before deposits or advance payments are taken off."""
    total_written: str
    currency: str
    paid: str
    """`yes`, `no` or `unknown`: as the document itself says."""
    due: Decimal | None = None
    """What is left to pay, where the document states it and it is not the total."""
    due_written: str = ""
    subtotal_written: str = ""
    """A sum that is not the total: the trap."""
    direction: str = "received"
    """`sent` for those that Anna wrote herself."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """Who owes what to whom, until when, and the words that say so."""

    who: str
    to: str
    what: str
    by: str
    """ISO date."""
    quote: str


@dataclass(frozen=True, kw_only=True)
class Document:
    """One file of the home."""

    path: str
    data: bytes
    modified: str
    """ISO date; the file's time of modification is noon UTC of that day."""
    kind: str = ""
    """Its class for read.classify and tidying by kind; empty where nobody could tell."""
    topic: str = ""
    date: str = ""
    """The document's own date, where it has one (ISO)."""
    title: tuple[str, ...] = ()
    """Words that a good new name holds."""
    invoice: Invoice | None = None
    mentions: bool = False
    """Speaks of invoices but is none."""
    promises: tuple[Promise, ...] = ()
    unreadable: str = ""
    """Why no text can be had from it; empty when it can."""


def cents(amount: Decimal | str | int) -> Decimal:
    """Round to two places, halves up."""
    return Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)


def english(amount: Decimal | str | int) -> str:
    """Write as 1,234.50."""
    return f"{cents(amount):,.2f}"


def european(amount: Decimal | str | int) -> str:
    """Write as 1.234,50."""
    return english(amount).translate(str.maketrans(",.", ".,"))


def french(amount: Decimal | str | int) -> str:
    """Write as 1 234,50 with a no-break space."""
    return english(amount).translate(str.maketrans(",.", "\u00a0,"))


def plain(amount: Decimal | str | int) -> str:
    """Write as 1234.50."""
    return f"{cents(amount):.2f}"
