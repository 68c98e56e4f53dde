"""The simple ways that a model must beat: patterns, key words, neighbours, the first sentences.

Pure, and written in an afternoon; by the author of the made papers, so on those they flatter.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

from scripts.evaluation.scores import likeness, spread, words

_DAY = (
    r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? [A-Za-zäéû]{3,10} \d{4}"
    r"|[A-Z][a-z]{2,8} \d{1,2}, \d{4}"
)
_SUM = r"(?:(?:[$€£]|EUR|GBP|USD) ?)?\d{1,3}(?:[., ]\d{3})*[.,]\d\d(?: ?(?:€|EUR|GBP|USD|zł))?"
_LABELS = {
    "total": r"total|gesamt\w*|rechnungsbetrag|summe|amount paid|please pay",
    "amount due": r"amount due|balance due|zu zahlen|offen\w*",
    "closing balance": r"closing balance|balance|kontostand|saldo",
    "due date": r"due(?: date)?|fällig\w*|pay by|payable by|échéance",
    "invoice number": r"invoice (?:no|number|#)|rechnungs-?(?:nr|nummer)|facture|factura|fattura",
    "receipt number": r"receipt (?:no|number|#)",
    "customer number": r"customer (?:no|number)|kunden-?(?:nr|nummer)",
    "account number": r"account(?: number)?|konto\w*",
    "policy number": r"policy(?: number)?|police\w*",
    "order number": r"order (?:no|number|#)|bestell-?(?:nr|nummer)",
    "membership number": r"member(?:ship)? (?:no|number|#)|mitglieds-?(?:nr|nummer)",
    "delivery note number": r"delivery note|lieferschein(?:-?nr)?",
    "reference": r"reference|ref|zeichen|aktenzeichen",
    "phone number": r"phone|tel|telefon|mobile",
    "customer": r"customer|bill to|client\w*|kunde|guest|sold to",
    "vendor": r"from|seller|vendor|verkäufer|sprzedawca",
    "sender": r"from|absender",
    "bank": r"bank",
}


def pattern(field: str, text: str) -> str | None:
    """Return what a pattern for the field finds first."""
    if field == "IBAN":
        found = re.search(r"\b[A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?\b", text)
        return found[0] if found else None
    if field in {"date", "invoice date", "statement date", "deadline"}:
        days = re.findall(_DAY, text)
        return days[0] if days else None
    if field in {"vendor", "sender", "bank"}:
        sent = re.search(r"(?im)^from: *([^<\n]+)", text)
        first = next((line.strip() for line in text.splitlines() if line.strip()), None)
        return sent[1].strip() if sent else first
    what = {"total": _SUM, "amount due": _SUM, "closing balance": _SUM, "due date": _DAY}.get(
        field, r"[^\s:,|]*\d[^\s,|]*" if "number" in field or field == "reference" else r"[^\n|]+"
    )
    hits = re.findall(rf"(?i)\b(?:{_LABELS[field]})\b[^\n\w$€£]*?({what})", text)
    return hits[-1 if field == "total" else 0].strip() if hits else None


KEYWORDS = {
    "invoice": "invoice rechnung facture factura fattura factuur faktura bill",
    "receipt": "receipt quittung kassenbon",
    "bank statement": "statement kontoauszug balance iban",
    "letter": "dear sincerely geehrte grüßen",
    "message": "from subject hi",
    "contract": "agreement contract vertrag tenant landlord",
    "recipe": "recipe butter sugar flour mehl zucker backen",
    "minutes": "minutes present attendees protokoll anwesend agenda",
    "cv": "curriculum lebenslauf experience education profile",
    "medical report": "patient befund diagnosis blood",
    "travel booking": "booking flight passenger reservation itinerary",
    "note": "note todo",
    "warranty": "warranty guarantee garantie",
    "quote": "quote offer estimate angebot anbieten price valid",
    "reminder": "reminder overdue unpaid mahnung offen outstanding",
    "order confirmation": "order ordered bestellung bestellnummer confirmation",
    "delivery note": "delivery delivered lieferschein lieferung geliefert parcel",
    "payslip": "payslip gehalt lohn brutto netto salary gross net pay",
    "tax notice": "tax finanzamt steuer einkommensteuer assessment",
    "insurance policy": "insurance insured policy versicherung police premium cover",
    "newsletter": "newsletter issue ausgabe unsubscribe abmelden",
    "manual": "manual instructions anleitung step schritt warning achtung",
    "certificate": "certificate certify zertifikat bescheinigung bestätigt urkunde",
    "job advert": "vacancy job apply applicants stelle bewerbung wir suchen",
    "poem": "poem gedicht verse",
}


def keyword(text: str, options: Sequence[str]) -> str:
    """Return the option whose key words the text has most of; the first of equals."""
    held = Counter(words(text))
    told = {option: KEYWORDS.get(option, option).split() for option in options}
    return max(options, key=lambda option: sum(held[word] for word in told[option]))


def nearest(texts: Sequence[str], known: Sequence[tuple[str, str]]) -> list[str]:
    """Return for each text the label of the known text most like it, by TF-IDF."""
    vectors = spread([*texts, *(text for text, _ in known)])
    mine, theirs = vectors[: len(texts)], vectors[len(texts) :]
    return [
        known[max(range(len(known)), key=lambda i: likeness(vector, theirs[i]))][1]
        for vector in mine
    ]


def sentences(text: str) -> list[str]:
    """Return sentences and lines, roughly."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])|\n(?=\s*(?:[-#|*]|\d+\.))|\n\s*\n", text)
    return [" ".join(part.split()) for part in parts if len(part.split()) > 2]


def lead(text: str, count: int) -> list[str]:
    """Return the first sentences."""
    return sentences(text)[:count]


def some(text: str, count: int, seed: int) -> list[str]:
    """Return sentences by chance."""
    held = sentences(text)
    return random.Random(seed).sample(held, min(count, len(held)))


def answer(question: str, texts: Sequence[str]) -> str | None:
    """Return the sentence most like a question; none if it shares under half the words."""
    held = [part for text in texts for part in sentences(text)]
    *vectors, asked = spread([*held, question])
    best = max(range(len(held)), key=lambda i: likeness(vectors[i], asked))
    shared = set(words(question)) & set(words(held[best]))
    return held[best] if 2 * len(shared) >= len(set(words(question))) else None
