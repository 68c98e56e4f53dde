"""What kind of document a text is: an invoice, or something that merely mentions one.

Pure rules over title, first lines, file name and defining fields; no model. `select`,
`names` and `read.classify` use the scores, and go to the reader for kinds unknown here.
"""

# ruff: noqa: E501 - tables of words stay whole

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from doorward.tools.reading.documents import Document
from doorward.tools.reading.labels import FieldKind
from doorward.tools.reading.numbers import number_candidates
from doorward.tools.reading.rules import Page, candidates
from doorward.tools.texts.lines import lines

WORDS: Final[Mapping[str, str]] = {
    "invoice": r"invoices?|bills?|\w*rechnung(?:en)?|factures?|facturas?|fatture?|fattura|factu+ren|factuur|fakturas?",
    "receipt": r"receipts?|quittung(?:en)?|kassen(?:bon|zettel)s?|kassenbeleg|reçus?|recibos?|ricevut[ae]|bonnetje",
    "quote": r"quotes?|quotations?|(?:cost )?estimates?|\w*angebote?|kostenvoranschl[aä]ge?|devis|presupuestos?|preventiv[io]|offertes?|offers?",
    "reminder": r"(?:payment |final )?reminders?|mahnung(?:en)?|zahlungserinnerung(?:en)?|overdue notices?|rappels?|dunning",
    "contract": r"contracts?|agreements?|\w*vertr(?:ag|äge)s?|contrats?|contratos?|contratt[oi]|leases?|tenancy agreements?",
    "order": r"(?:order|purchase order) ?(?:confirmations?)?s?|purchase orders?|bestell(?:ung|bestätigung)(?:en)?|auftragsbestätigung(?:en)?",
    "delivery note": r"delivery notes?|lieferscheine?|packing (?:slip|list)s?|bons? de livraison",
    "bank statement": r"(?:bank|account) statements?|statements?|kontoausz[uü]ge?|relevés?(?: de compte)?|estratto conto",
    "payslip": r"pay ?slips?|pay ?stubs?|gehaltsabrechnung(?:en)?|lohnabrechnung(?:en)?|fiches? de paie|nóminas?|loonstrook",
    "credit note": r"credit notes?|gutschrift(?:en)?|avoirs?",
    "minutes": r"(?:meeting )?minutes|meeting notes|\w*protokolle?|compte[- ]rendu",
    "recipe": r"recipes?|(?:back|koch)?rezepte?|recettes?|recetas?|ricett[ae]",
    "cv": r"curriculum vitae|cvs?|résumés?|resumes?|lebensl[aä]ufe?",
    "report": r"reports?|\w*berichte?|rapports?|informes?",
    "newsletter": r"newsletters?|rundbriefe?",
    "ticket": r"(?:e-)?tickets?|boarding pass(?:es)?|fahrkarten?|itinerar(?:y|ies)|booking confirmations?|buchungsbestätigung(?:en)?",
    "certificate": r"certificates?|zertifikate?|urkunden?|bescheinigung(?:en)?|attestations?",
    "tax notice": r"(?:income )?tax (?:notice|assessment|return|bill)s?|steuerbescheide?|steuererklärung(?:en)?",
    "insurance": r"insurance(?: polic(?:y|ies))?|\w*versicherung(?:sschein|spolice)?|assurances?",
    "manual": r"manuals?|(?:user )?guides?|instructions?|\w*anleitung(?:en)?|handb[uü]ch(?:er)?",
    "list": r"(?:shopping |packing |to-?do )?lists?|checklists?|\w*listen?",
    "letter": r"letters?|\w*briefe?|schreiben|lettres?|cartas?",
    "message": r"e-?mails?|messages?|mails?|nachricht(?:en)?",
    "note": r"notes?|memos?|notizen?",
    "medical": r"(?:lab(?:oratory)? )?findings|lab(?:oratory)? reports?|\w*befunde?|referrals?|überweisung(?:en)?|prescriptions?|arztbriefe?",
    "warranty": r"warrant(?:y|ies)(?: cards?)?|guarantees?|garantie(?:karten?|scheine?)?",
    "terms": r"terms(?: (?:and conditions|of (?:service|use|business)|for customers))?|agb|(?:allgemeine )?geschäftsbedingungen",
    "brief": r"(?:creative|design|project) briefs?|briefings?",
    "presentation": r"presentations?|slides?|präsentation(?:en)?",
    "spreadsheet": r"spreadsheets?|tabellen?",

}  # fmt: skip
"""Kinds in English, each with the words that name it."""

ALIASES: Final[Mapping[str, str]] = {
    "tax": "tax notice", "taxes": "tax notice", "steuer": "tax notice", "travel": "ticket", "reise": "ticket", "booking": "ticket",
    "medical": "medical", "health": "medical", "doctor": "medical", "bank": "bank statement", "bill": "invoice", "mail": "message",
}  # fmt: skip
"""Words for kinds that are too common to be looked for in texts."""

IS: Final = 3.5
"""The score from which a document is of a kind."""

_ATTACHED = re.compile(
    r"\b(?:attach(?:ed|ment)|enclosed|anbei|im anhang|angehängt|beigefügt|ci-joint|adjunt[oa]|in allegato|bijlage)\b",
    re.I,
)
_CLOSING = re.compile(
    r"^(?:yours|kind regards|best (?:wishes|regards)|sincerely|regards|mit freundlichen grüßen|viele grüße|herzliche grüße"
    r"|liebe grüße|cordialement|atentamente|(?:with |lots of |much )?love),?",
    re.I | re.M,
)
_COMPOUND = re.compile(
    r"\s+(?:terms|templates?|reminder|polic(?:y|ies)|process|list|overview|address|questions?|copies|desk|archive|summary"
    r"|settings|procedure|guidelines|total|amount|date)\b",
    re.I,
)
_INGREDIENT = re.compile(
    r"^[^\w\n]{0,20}\d[\d.,/½¼-]{0,20}\s?(?:g|kg|ml|cl|l|tbsp|tsp|cups?|oz|el|tl|prise|pinch|stück|eggs?|eier)\b",
    re.I | re.M,
)
_OPENING = re.compile(
    r"^(?:(?:my )?dear|hello|hi|sehr geehrte\w*|liebe\w*|hallo|cher|chère|madame|monsieur|estimad[oa])\b",
    re.I | re.M,
)
_MONEY_KINDS = frozenset({"invoice", "receipt", "quote", "reminder", "credit note", "order"})
_WEAK = {"letter": 2.0, "message": 1.5, "note": 2.0, "list": 2.5, "report": 2.5}


def kind_named(words: str) -> str:
    """Return the kind that a word names (`Rechnungen` → `invoice`); "" when none is known."""
    plain = " ".join(words.lower().split())
    if plain in ALIASES:
        return ALIASES[plain]
    for kind, pattern in WORDS.items():
        if re.fullmatch(pattern, plain):
            return kind
    return ""


def kind_scores(document: Document, page: Page | None = None) -> dict[str, float]:
    """Return how much speaks for each kind; `IS` and the highest is what the document is.

    A plain text that nothing else speaks for is a note.
    """
    scores = told_scores(document, page)
    if document.kind in {"md", "txt"} and max(scores.values()) < IS:
        scores["note"] = IS
    return scores


def told_scores(document: Document, page: Page | None = None) -> dict[str, float]:
    """Return how much speaks for each kind, without a guess where nothing does."""
    page = page or Page.of(document.text, document.kind)
    scores = dict.fromkeys(WORDS, 0.0)
    stem = re.sub(r"[_\-.()\d]+", " ", document.name.rpartition(".")[0] or document.name)
    for kind, pattern in WORDS.items():
        word = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)
        scores[kind] = _headed(document, page, word)
        named = word.search(stem)
        if named and not _COMPOUND.match(stem[named.end() :]):
            scores[kind] += 1.5
        scores[kind] += _fields(page, kind, scores[kind])
        scores[kind] = min(scores[kind], 9.0)
    letter = bool(_OPENING.search(document.text)) + bool(_CLOSING.search(document.text))
    scores["letter"] += 2.0 * letter if document.kind != "eml" else 0.0
    for kind, most in _WEAK.items():
        scores[kind] = min(scores[kind], IS + most)
    _add_forms(document, scores)
    scores["message"] += 3.6 if document.kind == "eml" else 0.0
    if document.kind == "eml" and _ATTACHED.search(document.text):
        for kind in _MONEY_KINDS:
            scores[kind] -= 3.0 if not _total(page) else 0.0
    return scores


def _add_forms(document: Document, scores: dict[str, float]) -> None:
    """Score what the form of a text or file says."""
    if len(_INGREDIENT.findall(document.text)) >= 3:
        scores["recipe"] += 4.0
    if document.kind in {"xlsx", "csv"}:
        scores["spreadsheet"] += 3.5
    if document.kind == "pptx":
        scores["presentation"] += 4.0


def kind_of_document(document: Document, page: Page | None = None) -> str:
    """Return the kind with the highest score if that is enough; else ""."""
    scores = kind_scores(document, page)
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] >= IS else ""


def _headed(document: Document, page: Page, word: re.Pattern[str]) -> float:
    """Score the word in title and first lines: alone, before a number, or within a heading."""
    best = 0.0
    rows = [line.text for line in lines(document.title)] + [line.text for line in page.lines[:22]]
    for number, line in enumerate(rows):
        row = re.sub(
            r"^(?:subject|betreff|objet|asunto)\s*:\s*(?:(?:re|aw|fwd?|wg)\s*:\s*)*",
            "",
            line,
            flags=re.I,
        )
        if re.match(r"(?:from|to|cc|date|an|von)\s*:", row, re.I):
            continue
        for cell in re.split(r"\s[·•|]\s|\t|\s{3,}", row):
            for match in word.finditer(cell):
                best = max(best, _heading(cell, match) - number / 12)
    return best


def _heading(row: str, match: re.Match[str]) -> float:
    before, after = row[: match.start()], row[match.end() :]
    words = len(row.split())
    plain = row.strip(" #*|_-:.")
    own = re.match(
        r"\s*(?:no\b|nr\b|number|n[°º]|#|[:|-])?[.:]?\s*\|?\s*[A-Z]{0,4}[-/ ]?\d", after, re.I
    )
    titled = (
        not before.strip(" #*|_-\t") or re.search(r"(?:\t|\||\s{3,}|·)\s*\W*$", before) is not None
    )
    if len(plain) == len(match[0]) or (titled and not after.strip(" *|_:-#\t")):
        return 4.0  # the word alone, or a cell of its own
    if _COMPOUND.match(after):
        return 0.5  # `invoice terms` are terms
    if titled and own:
        return 4.0
    if row.rstrip().endswith((".", "?", "!", ",", ";")) or words > 12:
        return 0.5  # a sentence mentions it
    if re.fullmatch(
        r"\s*(?:your|my|our|the|ihre?|unsere?|votre|annual|monthly|final|tax|pro ?forma)\s*",
        before,
        re.I,
    ):
        return 3.6
    if own:
        return 3.0
    return 3.8 if titled and words <= 8 and match[0][0].isupper() else 2.0 if words <= 8 else 1.0


def _total(page: Page) -> bool:
    found = candidates(page, FieldKind.TOTAL, "total")
    return bool(found) and found[0].weight >= 65


def _fields(page: Page, kind: str, headed: float) -> float:
    """Score the fields that define a kind of money paper; they count only with its name above."""
    if kind not in _MONEY_KINDS or headed < 0.5:
        return 0.0
    number = number_candidates(page, FieldKind.NUMBER, "invoice number")
    named = (
        bool(number)
        and number[0].weight >= 60
        and re.search(
            WORDS[kind], page.text[max(0, number[0].piece.start - 40) : number[0].piece.start], re.I
        )
    )
    bare = -1.0 if kind in {"invoice", "receipt"} else 0.0
    shown = (1.5 if named else 0.0) + (1.0 if _total(page) else bare)
    return shown if headed >= 3.0 else shown * headed / 4
