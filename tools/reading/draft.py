"""Drafts of replies and letters: fixed phrases around facts of the document, nothing invented.

Pure; it sends nothing. What a phrase needs and the document does not give is left out or left open
in brackets for the user. `read.ReadDraft` calls it.
"""

# ruff: noqa: E501 - phrases stay whole

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from doorward.tools.reading.documents import Document
from doorward.tools.reading.kinds import kind_of_document
from doorward.tools.reading.labels import FieldKind
from doorward.tools.reading.numbers import number_candidates
from doorward.tools.reading.parties import mail_header, person, vendors
from doorward.tools.reading.rules import Candidate, Page, candidates


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter to be read and changed by the user before anything happens with it."""

    text: str
    to: str
    """An address or a name; "" when the document gives none."""
    subject: str


_PURPOSES: tuple[tuple[str, str], ...] = (
    ("remind", r"remind|reminder|overdue|chase|mahn|erinner"),
    ("dispute", r"disput|complain|wrong|object|widersp|reklam|beschwer"),
    ("cancel", r"cancel|terminat|kündig|withdraw|storn|unsubscribe|end the"),
    ("decline", r"declin|refus|reject|turn down|say no|absag|ablehn"),
    ("extend", r"extension|more time|extend|postpone|delay|later|verläng|aufschub|verschieb"),
    ("accept", r"accept|agree|confirm|say yes|approve|bestätig|zusag|annehm"),
    ("thank", r"thank|dank"),
    ("ask", r"ask|question|inquir|enquir|clarif|frag"),
)
_ENGLISH: Mapping[str, str] = {
    "remind": "I would like to remind you of {what}.{total}{due} If you have paid in the meantime, please disregard this message.",
    "dispute": "I have received {what} and do not agree with it.{total} The reason: [your reason]. Please check it and let me know.",
    "cancel": "I hereby give notice of cancellation regarding {what}, with effect from the next possible date. Please confirm the cancellation and its date in writing.",
    "decline": "Thank you for {what}. I am afraid I have to decline.",
    "extend": "I have received {what}.{due} I would like to ask for more time, until [date]. Please let me know whether that suits you.",
    "accept": "Thank you for {what}. I confirm it.{total}{due}",
    "thank": "Thank you for {what}.",
    "ask": "I have received {what} and have a question about it: [your question]",
    "": "I refer to {what}. [your message]",
}
_GERMAN: Mapping[str, str] = {
    "remind": "ich möchte an {what} erinnern.{total}{due} Falls Sie inzwischen gezahlt haben, betrachten Sie dieses Schreiben bitte als gegenstandslos.",
    "dispute": "ich habe {what} erhalten und bin damit nicht einverstanden.{total} Der Grund: [Ihr Grund]. Bitte prüfen Sie es und geben Sie mir Bescheid.",
    "cancel": "hiermit kündige ich zu {what}, und zwar zum nächstmöglichen Zeitpunkt. Bitte bestätigen Sie mir die Kündigung und das Datum schriftlich.",
    "decline": "vielen Dank für {what}. Leider muss ich absagen.",
    "extend": "ich habe {what} erhalten.{due} Ich bitte um Aufschub bis zum [Datum]. Bitte geben Sie mir Bescheid, ob das möglich ist.",
    "accept": "vielen Dank für {what}. Hiermit bestätige ich.{total}{due}",
    "thank": "vielen Dank für {what}.",
    "ask": "ich habe {what} erhalten und habe dazu eine Frage: [Ihre Frage]",
    "": "ich beziehe mich auf {what}. [Ihre Nachricht]",
}
_KINDS = {
    "invoice": "Rechnung", "receipt": "Quittung", "quote": "Angebot", "reminder": "Mahnung", "contract": "Vertrag",
    "letter": "Schreiben", "message": "Nachricht", "order": "Bestellung",
}  # fmt: skip


def draft(item: Document, purpose: str) -> Draft:
    """Write a draft about a document.

    Args:
        item: What it answers or refers to.
        purpose: What the draft is for, in the user's words.
    """
    page = Page.of(item.text, item.kind)
    german = _is_german(item.text, purpose)
    kind = kind_of_document(item, page)
    plain = purpose.casefold()
    what_for = next((name for name, pattern in _PURPOSES if re.search(pattern, plain)), "")
    total = _fact(candidates(page, FieldKind.TOTAL, "total"), kind)
    due = _fact(candidates(page, FieldKind.DUE_DATE, "due date"), kind)
    what = _named(page, kind, german=german)
    phrases = _GERMAN if german else _ENGLISH
    if german:
        total = f" Der Betrag lautet {total}." if total else ""
        due = f" Er ist am {due} fällig." if due else ""
    else:
        total = f" The amount is {total}." if total else ""
        due = f" It is due on {due}." if due else ""
    body = phrases[what_for].format(what=what, total=total, due=due)
    to, name = _recipient(page)
    opening = _opening(name, german=german)
    closing = "Mit freundlichen Grüßen" if german else "Kind regards"
    return Draft(f"{opening}\n\n{body}\n\n{closing}\n", to, _subject(page, what, german=german))


def _fact(found: list[Candidate], kind: str) -> str:
    """Return a sure fact as the document writes it; money papers only."""
    money = kind in {"invoice", "receipt", "quote", "reminder", "order"}
    return found[0].piece.text if money and found and found[0].weight >= 65 else ""


def _named(page: Page, kind: str, *, german: bool) -> str:
    """Name the document: its kind, number and date, as far as it gives them."""
    noun = (_KINDS.get(kind, "Schreiben") if german else kind) or "letter"
    parts = [f"Ihre(r) {noun}" if german else f"your {noun}"]
    numbers = number_candidates(page, FieldKind.NUMBER, "number") if kind in _KINDS else []
    if numbers and numbers[0].weight >= 60:
        parts.append(numbers[0].piece.text)
    dated = candidates(page, FieldKind.DATE, "date")
    if dated and dated[0].weight >= 50:
        parts.append(f"{'vom' if german else 'of'} {dated[0].piece.text}")
    return " ".join(parts)


def _recipient(page: Page) -> tuple[str, str]:
    header = mail_header(page, "From") if page.mail else None
    if header is not None:
        address = re.search(r"[\w.+-]+@[\w.-]+\.\w+", header.text)
        return (address[0] if address else header.text), person(header).text
    found = vendors(page)
    name = found[0].value if found and found[0].weight >= 45 else ""
    mails = candidates(page, FieldKind.EMAIL, "e-mail")
    return (mails[0].value if mails else name), name


def _opening(name: str, *, german: bool) -> str:
    human = re.fullmatch(r"[A-ZÄÖÜ][\w.'-]+ [A-ZÄÖÜ][\w'-]+", name) is not None
    if german:
        return f"Guten Tag {name}," if human else "Sehr geehrte Damen und Herren,"
    return f"Dear {name}," if human else "Dear Sir or Madam,"


def _subject(page: Page, what: str, *, german: bool) -> str:
    header = mail_header(page, "Subject") if page.mail else None
    if header is not None:
        return header.text if re.match(r"(?:re|aw):", header.text, re.I) else f"Re: {header.text}"
    return re.sub(r"^(?:your|Ihre\(r\)) ", "", what).strip().capitalize() if not german else what


def _is_german(text: str, purpose: str) -> bool:
    words = re.findall(r"\b(?:der|die|und|ist|nicht|mit|für|ich|wir|Sie|bitte|zum|von|den)\b", text)
    english = re.findall(r"\b(?:the|and|is|not|with|for|we|you|please|of|to|your)\b", text)
    asked = re.search(r"\b(?:auf deutsch|in german)\b", purpose, re.IGNORECASE)
    return asked is not None or len(words) > len(english)
