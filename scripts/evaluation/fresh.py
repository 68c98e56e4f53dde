"""Fresh papers with their truth: other layouts than `made`, fixed before the rules were mended.

Twelve layouts in English and German, run once after the change and read by nobody before. No file
is read; nobody in them exists. `tasks` reports them beside `made`'s.
"""

from __future__ import annotations

from datetime import timedelta

from scripts.evaluation.made import (
    Layout,
    Made,
    Pen,
    continental,
    dated,
    english,
    money,
    named,
    word,
)

SEED = 23
"""Not the seed of `made`."""


def glazier(pen: Pen) -> Made:
    """A German tradesman's bill with a block of labels on the right."""
    firm, day, cents = f"Glaserei {pen.people.last_name()}", pen.day(), pen.sum_(90, 2400)
    number, client, who = pen.code("####-25"), pen.code("K-#####"), pen.people.name()
    due = day + timedelta(days=14)
    text = f"""{firm}
Meisterbetrieb seit 1961

{who}                                  Rechnung        {number}
{pen.people.street_address()}          Kunden-Nr.      {client}
                                       Datum           {day:%d.%m.%Y}

1  Isolierglas 60 x 90 eingesetzt              {continental(cents * 100 // 119)}
   zzgl. 19 % USt.                             {continental(cents - cents * 100 // 119)}
   Endbetrag                                   {continental(cents)} EUR

Zahlbar bis {due:%d.%m.%Y} ohne Abzug.
"""
    return text, {
        "vendor": word(firm), "invoice number": word(number), "customer number": word(client),
        "invoice date": dated(day, f"{day:%d.%m.%Y}"), "due date": dated(due, f"{due:%d.%m.%Y}"),
        "total": money(cents, f"{continental(cents)} EUR"), "phone number": None,
    }  # fmt: skip


def water(pen: Pen) -> Made:
    """A water company's bill: an old balance was paid."""
    firm, day, cents = f"{pen.people.last_name()} Water plc", pen.day(), pen.sum_(40, 400)
    account, due = pen.code("## #### ###"), day + timedelta(days=21)
    text = f"""{firm}
Account number: {account}
Bill date: {named(day, "en", "{d} {m} {y}")}

Balance from your last bill      £{english(cents + 1313)}
Payment received, thank you     -£{english(cents + 1313)}
Water and drainage this half-year £{english(cents)}
Total for this bill              £{english(cents)}

Please pay by {named(due, "en", "{d} {m} {y}")}.
Questions? Phone {pen.code("0800 ### ###")} on weekdays.
"""
    return text, {
        "vendor": word(firm), "account number": word(account),
        "invoice date": dated(day, named(day, "en", "{d} {m} {y}")),
        "due date": dated(due, named(due, "en", "{d} {m} {y}")),
        "total": money(cents, f"£{english(cents)}"), "invoice number": None, "IBAN": None,
    }  # fmt: skip


def clinic(pen: Pen) -> Made:
    """An American clinic's bill: insurance paid a part."""
    firm, day, cents = f"{pen.people.city()} Family Clinic", pen.day(), pen.sum_(40, 900)
    account, who, paid = pen.code("P######"), pen.people.name(), pen.sum_(100, 300)
    text = f"""{firm}
{pen.people.street_address()}

STATEMENT DATE     ACCOUNT NO     PAY THIS AMOUNT
{day:%m/%d/%Y}         {account}        ${english(cents)}

PATIENT: {who}
Office visit, level 3                  ${english(cents + paid)}
Paid by your insurance                -${english(paid)}
"""
    return text, {
        "vendor": word(firm), "account number": word(account),
        "statement date": dated(day, f"{day:%m/%d/%Y}"),
        "amount due": money(cents, f"${english(cents)}"), "invoice number": None, "due date": None,
    }  # fmt: skip


def till(pen: Pen) -> Made:
    """A German till's receipt."""
    firm, day, cents = f"{pen.people.last_name()} Drogerie GmbH", pen.day(), pen.sum_(4, 90)
    number = pen.code("######")
    text = f"""{firm}
{pen.people.street_address()}
Seife                1,29
Waschmittel          {continental(cents - 129)}
SUMME EUR            {continental(cents)}
Geg. Karte           {continental(cents)}
{day:%d.%m.%Y} 17:42   Beleg-Nr. {number}
Terminal-ID {pen.code("########")}
Es bediente Sie Frau {pen.people.last_name()}
"""
    return text, {
        "vendor": word(firm), "receipt number": word(number),
        "date": dated(day, f"{day:%d.%m.%Y}"), "total": money(cents, continental(cents)),
        "invoice number": None, "customer number": None, "IBAN": None,
    }  # fmt: skip


def insurer(pen: Pen) -> Made:
    """A German insurer's letter with its own mark and the reader's."""
    firm, day = f"{pen.people.last_name()} Versicherung AG", pen.day()
    policy, mark, until = pen.code("##.######.#"), pen.code("SCH/####"), day + timedelta(days=30)
    text = f"""{firm}, Postfach 40 11 02

{pen.people.name()}
{pen.people.street_address()}

Versicherungsschein-Nr.: {policy}
Unser Zeichen: {mark}
{named(day, "de", "{d}. {m} {y}")}

Ihr Glasschaden

Guten Tag,
für die Bearbeitung brauchen wir Fotos und den Kostenvoranschlag bis {until:%d.%m.%Y}.

Mit freundlichen Grüßen
{pen.people.name()}
"""
    return text, {
        "sender": word(firm), "policy number": word(policy), "reference": word(mark),
        "date": dated(day, named(day, "de", "{d}. {m} {y}")),
        "deadline": dated(until, f"{until:%d.%m.%Y}"), "total": None, "invoice number": None,
    }  # fmt: skip


def club(pen: Pen) -> Made:
    """A club's letter."""
    firm, day, number = f"{pen.people.city()} Rowing Club", pen.day(), pen.code("M-####")
    mark, phone = pen.code("??/##"), pen.code("01### ######")
    text = f"""{firm}                         Our ref: {mark}
The Boathouse                       Membership no: {number}
                                    Tel: {phone}
{named(day, "en", "{d} {m} {y}")}

Dear {pen.people.first_name()},

Your locker must be emptied before the floor is laid. Please leave the key with the steward.

Yours, the secretary
"""
    return text, {
        "sender": word(firm), "reference": word(mark), "membership number": word(number),
        "phone number": word(phone), "date": dated(day, named(day, "en", "{d} {m} {y}")),
        "total": None, "due date": None, "invoice number": None,
    }  # fmt: skip


def order(pen: Pen) -> Made:
    """A German shop's mail that an order has come in; no bill yet."""
    firm, day, cents = f"{pen.people.last_name()} Versand", pen.day(), pen.sum_(15, 300)
    number, client = pen.code("B-#######"), pen.code("######")
    text = f"""From: {firm} <shop@example.com>
To: {pen.people.name()} <kunde@example.org>
Subject: Wir haben Ihre Bestellung erhalten
Date: {day:%a, %d %b %Y} 09:12:00 +0000

Guten Tag,
Bestellnummer: {number}
Kundennummer: {client}

1 x Regenjacke, blau     {continental(cents - 495)} €
Versand                  4,95 €
Gesamt                   {continental(cents)} €
Die Rechnung legen wir dem Paket bei.
"""
    return text, {
        "vendor": word(firm), "order number": word(number), "customer number": word(client),
        "date": dated(day, f"{day:%d %b %Y}"), "total": money(cents, f"{continental(cents)} €"),
        "invoice number": None,
    }  # fmt: skip


def current(pen: Pen) -> Made:
    """A bank statement whose head is a grid."""
    bank, day, left = f"{pen.people.city()} Building Society", pen.day(), pen.sum_(90, 9000)
    account = pen.code("########")
    text = f"""{bank}
| Account holder | {pen.people.name()} |
| Account number | {account} |
| Sort code | {pen.code("##-##-##")} |
| Statement date | {named(day, "en", "{d} {m} {y}")} |
| Opening balance | £{english(left + 2500)} |
| Paid out | £25.00 |
| Closing balance | £{english(left)} |
"""
    return text, {
        "bank": word(bank), "account number": word(account),
        "statement date": dated(day, named(day, "en", "{d} {m} {y}")),
        "closing balance": money(left, f"£{english(left)}"), "invoice number": None,
        "due date": None,
    }  # fmt: skip


def savings(pen: Pen) -> Made:
    """A German savings bank's statement."""
    bank, day, left = f"Sparkasse {pen.people.city_name()}", pen.day(), pen.sum_(90, 9000)
    account = pen.code("#########")
    text = f"""{bank}
Auszug 4/2025      Kontonummer {account}

                                   Saldo alt          {continental(left + 4200)} EUR
{day - timedelta(days=3):%d.%m.}  Kartenzahlung Baumarkt                    -42,00 EUR
                                   Saldo neu          {continental(left)} EUR
Erstellt am {day:%d.%m.%Y}
"""
    return text, {
        "bank": word(bank), "account number": word(account),
        "statement date": dated(day, f"{day:%d.%m.%Y}"),
        "closing balance": money(left, f"{continental(left)} EUR"), "invoice number": None,
    }  # fmt: skip


def studio(pen: Pen) -> Made:
    """An American bill: labels above each other, then a deposit."""
    firm, day, cents = f"{pen.people.last_name()} Studio LLC", pen.day(), pen.sum_(400, 5000)
    number, who = pen.code("#####"), pen.people.company()
    text = f"""{firm}

Invoice #: {number}
Issued: {day:%b} {day.day}, {day.year}
Bill to: {who}

Brand film, two days              ${english(cents)}
Invoice total                     ${english(cents)}
Deposit paid                     -$200.00
Balance due                       ${english(cents - 20000)}
"""
    written = f"{day:%b} {day.day}, {day.year}"
    return text, {
        "vendor": word(firm), "invoice number": word(number), "customer": word(who),
        "invoice date": dated(day, written), "total": money(cents, f"${english(cents)}"),
        "amount due": money(cents - 20000, f"${english(cents - 20000)}"), "IBAN": None,
    }  # fmt: skip


def parcel(pen: Pen) -> Made:
    """A German delivery note: no sum, no bill."""
    firm, day = f"{pen.people.last_name()} Holzhandel KG", pen.day()
    number, client = pen.code("L######"), pen.code("#####")
    text = f"""{firm}
Lieferschein-Nr. {number}    Kunden-Nr. {client}    Lieferdatum {day:%d.%m.%Y}

Menge  Artikel
4      Konstruktionsholz 6 x 12, 5 m
1      Palette (Pfand)

Ware erhalten: ____________
"""
    return text, {
        "vendor": word(firm), "delivery note number": word(number),
        "customer number": word(client), "invoice number": None, "total": None, "due date": None,
    }  # fmt: skip


def tutor(pen: Pen) -> Made:
    """A bill in two sentences, by mail."""
    who, day, cents = pen.people.name(), pen.day(), pen.sum_(40, 300)
    number = pen.code("R##")
    text = f"""From: {who} <lessons@example.org>
Subject: lessons in spring
Date: {day:%a, %d %b %Y} 20:01:00 +0000

Hello, four lessons come to £{english(cents)} altogether (my invoice {number}). Whenever suits you.
{who.split()[0]}
"""
    return text, {
        "vendor": word(who), "invoice number": word(number), "date": dated(day, f"{day:%d %b %Y}"),
        "total": money(cents, f"£{english(cents)}"), "due date": None, "customer number": None,
    }  # fmt: skip


LAYOUTS: dict[str, tuple[Layout, str, str, str]] = {
    "glazier": (glazier, "invoice", "de_DE", "pdf"),
    "water": (water, "invoice", "en_GB", "pdf"),
    "clinic": (clinic, "invoice", "en_US", "pdf"),
    "till": (till, "receipt", "de_DE", "txt"),
    "insurer": (insurer, "letter", "de_DE", "pdf"),
    "club": (club, "letter", "en_GB", "docx"),
    "order": (order, "order confirmation", "de_DE", "eml"),
    "current": (current, "bank statement", "en_GB", "pdf"),
    "savings": (savings, "bank statement", "de_DE", "pdf"),
    "studio": (studio, "invoice", "en_US", "pdf"),
    "parcel": (parcel, "delivery note", "de_DE", "pdf"),
    "tutor": (tutor, "invoice", "en_GB", "eml"),
}
"""Name: how it is made, its kind, whose names it has, the file that it would stand in."""
