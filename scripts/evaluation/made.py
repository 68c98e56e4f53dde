"""Made papers with their truth: layouts whose author had not seen the rules that read them.

Fifteen layouts in seven languages, filled with invented people, firms, dates and sums from a fixed
seed. No file is read; nobody in them exists. `items` hands them to the tasks. The rules have been
mended on them since: `fresh` has others.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from faker import Faker

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
"""Month names by language."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a field holds."""

    value: str
    """For comparing: an ISO date, a plain number, or the words."""
    written: str
    """As it stands in the text."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One made paper."""

    name: str
    suffix: str
    kind: str
    language: str
    text: str
    fields: dict[str, Truth | None]
    """What is asked of it; None where the paper does not say."""


@dataclass(slots=True)
class Pen:
    """What a layout writes with: a seeded chance and invented people."""

    chance: random.Random
    people: Faker

    def day(self) -> date:
        return date(2025, 1, 6) + timedelta(days=self.chance.randrange(500))

    def sum_(self, low: int, high: int) -> int:
        """Return cents, never a round sum."""
        return self.chance.randrange(low * 100, high * 100) | 1

    def code(self, form: str) -> str:
        """Fill `#` with digits and `?` with capitals."""
        return "".join(
            self.chance.choice("123456789") if mark == "#"
            else self.chance.choice("ABCDEFGHKLMNPRSTVWX") if mark == "?" else mark
            for mark in form
        )  # fmt: skip


def english(cents: int) -> str:
    return f"{cents / 100:,.2f}"


def continental(cents: int) -> str:
    return english(cents).translate(str.maketrans(",.", ".,"))


def spaced(cents: int) -> str:
    return english(cents).replace(",", " ").replace(".", ",")


def named(day: date, language: str, form: str) -> str:
    """Return a day in words; `form` has {d}, {m} and {y}."""
    return form.format(d=day.day, m=MONTHS[language].split()[day.month - 1], y=day.year)


def dated(day: date, written: str) -> Truth:
    return Truth(day.isoformat(), written)


def money(cents: int, written: str) -> Truth:
    return Truth(f"{cents / 100:.2f}", written)


def word(text: str) -> Truth:
    return Truth(text, text)


Made = tuple[str, dict[str, Truth | None]]
Layout = Callable[[Pen], Made]


def tradesman(pen: Pen) -> Made:
    """Bill in prose, the sender at the foot."""
    firm, day, cents = f"{pen.people.last_name()} Plumbing & Heating", pen.day(), pen.sum_(80, 900)
    ours, written = pen.code("##-####"), named(day, "en", "{d} {m} {y}")
    who = pen.people.name()
    text = f"""{who}
{pen.people.street_address()}
{pen.people.city()}

{written}

Dear {who.split()[0]},

as agreed we have replaced the cylinder thermostat and bled all radiators. For this work, parts
and call-out we charge you, VAT included, £{english(cents)} in all. Kindly quote our bill
{ours} when you pay; we would be grateful for payment within 14 days.

With thanks for your custom,
{pen.people.first_name()}

{firm}, {pen.people.postcode()}
VAT reg. {pen.code("GB ### #### ##")}
"""
    return text, {
        "vendor": word(firm), "invoice number": word(ours), "invoice date": dated(day, written),
        "total": money(cents, f"£{english(cents)}"), "customer": word(who), "IBAN": None,
    }  # fmt: skip


def columns(pen: Pen) -> Made:
    """Labels in one row, their values in the next."""
    firm, day, cents = pen.people.company(), pen.day(), pen.sum_(200, 4000)
    due = day + timedelta(days=30)
    number, tax = pen.code("C######"), cents * 7 // 107
    text = f"""{firm}                                              I N V O I C E
{pen.people.street_address()}, {pen.people.city()}

INVOICE NO      DATE          TERMS     DUE
{number}         {day:%m/%d/%Y}    NET 30    {due:%m/%d/%Y}

SOLD TO                          SHIP TO
{pen.people.company()}           same

QTY   DESCRIPTION                    UNIT        AMOUNT
  2   Shelving unit, galvanised    ${english((cents - tax) // 2)}   ${english(cents - tax)}

                                   SUBTOTAL     ${english(cents - tax)}
                                   SALES TAX    ${english(tax)}
                                   PLEASE PAY   ${english(cents)}
"""
    return text, {
        "vendor": word(firm), "invoice number": word(number),
        "invoice date": dated(day, f"{day:%m/%d/%Y}"), "due date": dated(due, f"{due:%m/%d/%Y}"),
        "total": money(cents, f"${english(cents)}"),
    }  # fmt: skip


def power(pen: Pen) -> Made:
    """A year's bill of a German supplier: what is still to pay is not the total."""
    firm, day, cents = f"Stadtwerke {pen.people.city_name()}", pen.day(), pen.sum_(700, 1900)
    paid = cents * 8 // 10
    number, client = pen.code("VR-##########"), pen.code("########")
    text = f"""{firm} · Postfach 11 40

{pen.people.name()}
{pen.people.street_address()}

Ihre Jahresabrechnung Strom
Kundennummer {client} | Vertragskonto {pen.code("############")} | Rechnungsnr. {number}
Erstellt am {day:%d.%m.%Y}

Verbrauch 2.811 kWh
Arbeitspreis ................................ {continental(cents - 12000)} EUR
Grundpreis .................................. 120,00 EUR
Rechnungsbetrag brutto ...................... {continental(cents)} EUR
abzüglich geleistete Abschläge .............. {continental(paid)} EUR
Noch zu zahlen .............................. {continental(cents - paid)} EUR

Den offenen Betrag buchen wir am {day + timedelta(days=14):%d.%m.%Y} von Ihrem Konto ab.
"""
    return text, {
        "vendor": word(firm), "invoice number": word(number), "customer number": word(client),
        "invoice date": dated(day, f"{day:%d.%m.%Y}"),
        "total": money(cents, f"{continental(cents)} EUR"),
        "amount due": money(cents - paid, f"{continental(cents - paid)} EUR"),
    }  # fmt: skip


def facture(pen: Pen) -> Made:
    """A French tradesman's bill."""
    firm, day, cents = f"SARL {pen.people.last_name()} Couverture", pen.day(), pen.sum_(300, 5000)
    number, written = pen.code("FA##-####"), named(day, "fr", "{d} {m} {y}")
    text = f"""{firm}
{pen.people.street_address()} — SIRET {pen.code("### ### ### #####")}

Doit : {pen.people.name()}
FACTURE {number}                     Émise le {written}

Réfection de la toiture, fournitures comprises
Montant HT        {spaced(cents * 10 // 11)} €
TVA 10 %          {spaced(cents - cents * 10 // 11)} €
Net à payer TTC   {spaced(cents)} €

Règlement à réception. En cas de retard : pénalités au taux légal, indemnité de 40 €.
"""
    return text, {
        "vendor": word(firm), "invoice number": word(number),
        "invoice date": dated(day, written), "total": money(cents, f"{spaced(cents)} €"),
        "phone number": None,
    }  # fmt: skip


def factura(pen: Pen) -> Made:
    """A Spanish bill in a grid of bars."""
    firm, day, cents = f"Talleres {pen.people.last_name()} S.L.", pen.day(), pen.sum_(90, 1500)
    number, client = pen.code("A/####"), pen.people.name()
    base = cents * 100 // 121
    text = f"""| {firm} | NIF B{pen.code("########")} |
| Nº de factura | {number} |
| Fecha de expedición | {day:%d/%m/%Y} |
| Cliente | {client} |
| Base imponible | {continental(base)} € |
| IVA 21 % | {continental(cents - base)} € |
| Importe total | {continental(cents)} € |
"""
    return text, {
        "vendor": word(firm), "invoice number": word(number), "customer": word(client),
        "invoice date": dated(day, f"{day:%d/%m/%Y}"),
        "total": money(cents, f"{continental(cents)} €"),
    }  # fmt: skip


def fattura(pen: Pen) -> Made:
    """An Italian bill: number and day in one line."""
    firm, day, cents = f"Officina {pen.people.last_name()} & C. snc", pen.day(), pen.sum_(90, 1500)
    number = pen.code("##/2025")
    text = f"""Spett.le
{pen.people.name()}

Fattura n. {number} del {day:%d/%m/%Y}

Sostituzione frizione e manodopera
Imponibile euro {continental(cents * 100 // 122)}
Totale documento euro {continental(cents)}

{firm} - P.IVA {pen.code("###########")}
"""
    return text, {
        "vendor": word(firm), "invoice number": word(number),
        "invoice date": dated(day, f"{day:%d/%m/%Y}"),
        "total": money(cents, continental(cents)), "due date": None,
    }  # fmt: skip


def factuur(pen: Pen) -> Made:
    """A Dutch bill."""
    firm, day, cents = f"{pen.people.last_name()} Tuinen B.V.", pen.day(), pen.sum_(90, 1500)
    number, iban, due = pen.code("2025####"), pen.people.iban(), day + timedelta(days=21)
    text = f"""{firm}
Factuur {number}
Factuurdatum: {day:%d-%m-%Y}     Vervaldatum: {due:%d-%m-%Y}

Snoeien en afvoeren            € {continental(cents * 100 // 121)}
BTW 21%                        € {continental(cents - cents * 100 // 121)}
Te betalen                     € {continental(cents)}

Graag overmaken op {iban} t.n.v. {firm}.
"""
    return text, {
        "vendor": word(firm), "invoice number": word(number), "IBAN": word(iban),
        "invoice date": dated(day, f"{day:%d-%m-%Y}"),
        "due date": dated(due, f"{due:%d-%m-%Y}"),
        "total": money(cents, f"€ {continental(cents)}"),
    }  # fmt: skip


def faktura(pen: Pen) -> Made:
    """A Polish bill: a language that nobody promised."""
    firm, day, cents = f"{pen.people.last_name()} Serwis Sp. z o.o.", pen.day(), pen.sum_(90, 1500)
    number = pen.code("FV/##/2025")
    text = f"""Faktura VAT nr {number}
Data wystawienia: {day:%d.%m.%Y}
Sprzedawca: {firm}
Nabywca: {pen.people.name()}
Razem netto {spaced(cents * 100 // 123)} zł
Do zapłaty {spaced(cents)} zł
"""
    return text, {
        "vendor": word(firm), "invoice number": word(number),
        "invoice date": dated(day, f"{day:%d.%m.%Y}"),
        "total": money(cents, f"{spaced(cents)} zł"),
    }  # fmt: skip


def subscription(pen: Pen) -> Made:
    """A receipt by mail for something that renews itself."""
    firm, day, cents = f"{pen.people.last_name()}Cloud, Inc.", pen.day(), pen.sum_(5, 99)
    number, written = pen.code("####-####"), named(day, "en", "{m} {d}, {y}")
    text = f"""From: {firm} <billing@example.com>
Subject: Your receipt from {firm} #{number}

Receipt from {firm}
${english(cents)}
Paid {written}

Receipt number    {number}
Payment method    Visa ending in {pen.code("####")}

1 × Team plan (monthly)   ${english(cents)}
Amount paid               ${english(cents)}
"""
    return text, {
        "vendor": word(firm), "receipt number": word(number), "date": dated(day, written),
        "total": money(cents, f"${english(cents)}"), "invoice number": None,
    }  # fmt: skip


def statement(pen: Pen) -> Made:
    """A bank statement with a running balance."""
    bank, day = f"{pen.people.last_name()} & Sons Bank plc", pen.day()
    opening, spent = pen.sum_(900, 4000), pen.sum_(20, 400)
    left, one, two = opening - spent + 1000, day - timedelta(days=9), day - timedelta(days=2)
    account = pen.code("########")
    text = f"""{bank}
Statement of account {account}  sort code {pen.code("##-##-##")}
Mr/Ms {pen.people.name()}
As at {named(day, "en", "{d} {m} {y}")}

Date        Details                    Out        In     Balance
            Brought forward                           {english(opening)}
{one:%d %b}      CARD GROCER            {english(spent)}            {english(opening - spent)}
{two:%d %b}      CREDIT REFUND                    10.00   {english(left)}
            Carried forward                           {english(left)}
"""
    return text, {
        "bank": word(bank), "account number": word(account),
        "closing balance": money(left, english(left)),
        "statement date": dated(day, named(day, "en", "{d} {m} {y}")), "invoice number": None,
    }  # fmt: skip


def auszug(pen: Pen) -> Made:
    """A German account statement."""
    bank, day = f"Volksbank {pen.people.city_name()} eG", pen.day()
    left, iban = pen.sum_(300, 9000), pen.people.iban()
    text = f"""{bank}                 Kontoauszug Nr. {pen.code("#")}/2025
Kontoinhaber: {pen.people.name()}
IBAN {iban}

Buchung   Vorgang                                  Betrag EUR
{day - timedelta(days=4):%d.%m.}    LASTSCHRIFT Mobilfunk                      -19,99
{day - timedelta(days=1):%d.%m.}    GUTSCHRIFT Gehalt                        2.410,55
Kontostand am {day:%d.%m.%Y}                        {continental(left)} H
"""
    return text, {
        "bank": word(bank), "IBAN": word(iban),
        "closing balance": money(left, continental(left)),
        "statement date": dated(day, f"{day:%d.%m.%Y}"), "due date": None,
    }  # fmt: skip


def insurer(pen: Pen) -> Made:
    """An insurer's letter: dates that are not its own."""
    firm, day = f"{pen.people.last_name()} Mutual Assurance", pen.day()
    policy, who = pen.code("HH-#######"), pen.people.name()
    written, until = named(day, "en", "{d} {m} {y}"), day + timedelta(days=60)
    text = f"""{firm}
Claims department

{who}
{pen.people.street_address()}
{pen.people.city()}

{written}

Your household policy {policy}: water damage of {named(day - timedelta(days=20), "en", "{d} {m}")}

Dear {who},

thank you for the photographs. We accept the claim in principle. So that we can settle it, please
send us two estimates by {named(until, "en", "{d} {m} {y}")}. Until then do not have the floor
removed.

Yours sincerely,
{pen.people.name()}
Claims handler
"""
    return text, {
        "sender": word(firm), "policy number": word(policy), "date": dated(day, written),
        "deadline": dated(until, named(until, "en", "{d} {m} {y}")),
        "invoice number": None, "total": None,
    }  # fmt: skip


def office(pen: Pen) -> Made:
    """A German authority's letter."""
    place, day = pen.people.city_name(), pen.day()
    sender, file = f"Bürgeramt {place}", pen.code("33-##/###-?")
    until = day + timedelta(days=28)
    text = f"""{sender}
Abteilung Meldewesen

Mein Zeichen: {file}
{place}, den {named(day, "de", "{d}. {m} {y}")}

Anhörung zu Ihrer Wohnungsabmeldung

Sehr geehrte Damen und Herren,
nach unseren Unterlagen haben Sie den Auszug verspätet angezeigt. Sie können sich dazu bis zum
{named(until, "de", "{d}. {m} {y}")} schriftlich äußern. Eine Zahlung ist derzeit nicht zu leisten.

Mit freundlichen Grüßen
Im Auftrag
{pen.people.last_name()}
"""
    return text, {
        "sender": word(sender), "reference": word(file),
        "date": dated(day, named(day, "de", "{d}. {m} {y}")),
        "deadline": dated(until, named(until, "de", "{d}. {m} {y}")), "total": None, "IBAN": None,
    }  # fmt: skip


def appointment(pen: Pen) -> Made:
    """A mail from one person to another."""
    who, other, day = pen.people.name(), pen.people.first_name(), pen.day()
    meet = day + timedelta(days=8)
    phone = pen.code("07### ######")
    text = f"""From: {who} <{who.split()[0].lower()}@example.org>
To: {other} <{other.lower()}@example.org>
Subject: the attic
Date: {day:%a, %d %b %Y} 18:04:00 +0000

Hi {other},

the surveyor can come on {named(meet, "en", "{d} {m}")} at ten. Somebody must let him in, the key
sticks. My number for the day is {phone}.

See you, {who.split()[0]}
"""
    return text, {
        "sender": word(who), "phone number": word(phone), "date": dated(day, f"{day:%d %b %Y}"),
        "total": None, "customer number": None,
    }  # fmt: skip


def folio(pen: Pen) -> Made:
    """A hotel's bill: a deposit was paid, nights are listed."""
    house, day, cents = f"The {pen.people.last_name()} Arms Hotel", pen.day(), pen.sum_(150, 900)
    number, guest = pen.code("F-#####"), pen.people.name()
    text = f"""{house.upper()}

Guest folio {number}
Guest: {guest}        Room {pen.code("###")}
Arrival {day - timedelta(days=2):%d/%m/%y}     Departure {day:%d/%m/%y}

{day - timedelta(days=2):%d/%m}  Room and breakfast      {english(cents // 2)}
{day - timedelta(days=1):%d/%m}  Room and breakfast      {english(cents - cents // 2)}
Total charges                 {english(cents)} GBP
Deposit received             -50.00 GBP
Balance due                   {english(cents - 5000)} GBP
"""
    return text, {
        "vendor": word(house.upper()), "invoice number": word(number), "customer": word(guest),
        "total": money(cents, f"{english(cents)} GBP"),
        "amount due": money(cents - 5000, f"{english(cents - 5000)} GBP"),
    }  # fmt: skip


LAYOUTS: dict[str, tuple[Layout, str, str, str]] = {
    "tradesman": (tradesman, "invoice", "en_GB", "pdf"),
    "columns": (columns, "invoice", "en_US", "pdf"),
    "power": (power, "invoice", "de_DE", "pdf"),
    "facture": (facture, "invoice", "fr_FR", "pdf"),
    "factura": (factura, "invoice", "es_ES", "docx"),
    "fattura": (fattura, "invoice", "it_IT", "pdf"),
    "factuur": (factuur, "invoice", "nl_NL", "pdf"),
    "faktura": (faktura, "invoice", "pl_PL", "pdf"),
    "folio": (folio, "invoice", "en_GB", "pdf"),
    "subscription": (subscription, "receipt", "en_US", "eml"),
    "statement": (statement, "bank statement", "en_GB", "pdf"),
    "auszug": (auszug, "bank statement", "de_DE", "pdf"),
    "insurer": (insurer, "letter", "en_GB", "pdf"),
    "office": (office, "letter", "de_DE", "pdf"),
    "appointment": (appointment, "message", "en_GB", "eml"),
}
"""Name: how it is made, its kind, whose names it has, the file that it would stand in."""


def items(
    each: int, seed: int = 7, layouts: Mapping[str, tuple[Layout, str, str, str]] = LAYOUTS
) -> Iterator[Paper]:
    """Yield `each` papers of every layout; the same for the same seed."""
    for name, (layout, kind, locale, suffix) in layouts.items():
        for number in range(each):
            people = Faker(locale)
            people.seed_instance(seed * 1000 + number)
            pen = Pen(random.Random(f"{name}{seed}{number}"), people)
            text, fields = layout(pen)
            yield Paper(f"{name}-{number}", suffix, kind, locale, text, fields)
