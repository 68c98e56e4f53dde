"""What fields are called on paper: kinds of fields, and the labels that stand beside their values.

Pure data and matching, in English, German, French, Spanish, Italian and Dutch. It reads no
document; `rules` applies it. A word here changes what extraction finds.
"""

# ruff: noqa: E501 - tables of words stay whole; typographic marks are what documents contain

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FieldKind(StrEnum):
    """What sort of value a field has; decides which rules look for it."""

    TOTAL = "total"
    DUE = "due amount"
    NET = "net"
    TAX = "tax"
    AMOUNT = "amount"
    CURRENCY = "currency"
    DATE = "date"
    DUE_DATE = "due date"
    LABELLED_DATE = "labelled date"
    NUMBER = "number"
    """The document's own number: invoice, order, receipt number."""
    LABELLED_NUMBER = "labelled number"
    VENDOR = "vendor"
    CUSTOMER = "customer"
    STATUS = "status"
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    ACCOUNT = "account"
    """A number of an account, else its IBAN."""
    BANK = "bank"
    BALANCE = "balance"
    VAT_ID = "vat id"
    SUBJECT = "subject"
    OTHER = "other"
    """Whatever stands beside a label of that name; else the reader is asked."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A label and how surely it names the field, 0 to 100."""

    pattern: re.Pattern[str]
    weight: int


def _labels(*rows: tuple[int, str]) -> tuple[Weighed, ...]:
    return tuple(
        Weighed(re.compile(rf"(?<!\w)(?:{row})(?!\w)", re.IGNORECASE), weight)
        for weight, row in rows
    )


TOTAL: Final = _labels(
    (100, r"grand[ -]total|invoice total|total invoice|total payable|total to pay|total amount"
          r"(?: due| payable)?|total due|total incl\w*\.?[^\d\n]{0,16}|gesamtbetrag|rechnungs(?:end)?betrag"
          r"|rechnungssumme|gesamtsumme|endbetrag|endsumme|bruttobetrag|gesamt brutto|brutto(?: gesamt)?"
          r"|montant total|total t\.?t\.?c\.?|total à payer|net à payer|importe total|total factura"
          r"|totale (?:fattura|documento|complessivo|da pagare)|totaalbedrag|totaal (?:te betalen|incl\w*\.?[^\d\n]{0,12})"
          r"|gross (?:invoice )?(?:amount|total)|invoice amount|order total|amount charged|total charged"
          r"|total gross|price in total"),
    (80, r"total|totals|gesamt|totale|totaal|somme totale|zu zahlen|zahlbetrag|(?:please )?pay this amount|please pay"
         r"|do zapłaty|razem brutto"),
    (72, r"summe|sum|somme|importe|betrag gesamt"),
    (60, r"(?:amount|balance|payment) (?:due|payable|owing)|offener betrag|restbetrag|te betalen|a pagar"
         r"|à régler|remaining amount|remaining balance|you pay|amount paid|amount|betrag|montant|price|preis"),
)  # fmt: skip
WHOLE: Final = re.compile(
    r"[\s,]*(?:in all|in total|all told|altogether|insgesamt|in summe)\b", re.IGNORECASE
)
"""What stands after a sum in prose that is the whole of it."""
DUE: Final = _labels(
    (100, r"(?:amount|balance|payment|total) (?:due|payable|owing|outstanding)|offener betrag|restbetrag"
          r"|remaining (?:amount|balance)|outstanding(?: balance)?|zahlbetrag|zu zahlen(?:der betrag)?"
          r"|(?:please )?pay this amount|left to pay|reste à payer|net à payer|te betalen|da pagare|a pagar|open amount|balance"),
)  # fmt: skip
BALANCE: Final = _labels(
    (100, r"(?:closing|ending|end|new|current) balance|balance carried forward|carried forward|(?:neuer|end|schluss|aktueller)[ -]?"
          r"(?:konto)?(?:saldo|stand)|saldo neu|kontostand|balance (?:on|at|as (?:at|of))"),
    (75, r"balance|saldo"),
)  # fmt: skip
NOT_BALANCE: Final = _labels(
    (100, r"(?:opening|previous|old|starting|last) balance|balance (?:brought forward|from)|brought forward|alter"
          r"|(?:alter|anfangs)[ -]?(?:konto)?(?:saldo|stand)|saldo alt|minimum balance|average balance"),
)  # fmt: skip
NET: Final = _labels(
    (100, r"sub-?\s?total|net(?: amount| total)?|netto(?:betrag|summe)?|zwischensumme|total before tax"
          r"|total excl\w*\.?[^\d\n]{0,12}|total h\.?t\.?|sous-total|base imponible|imponibile|subtotaal"
          r"|gesamt netto|base"),
)  # fmt: skip
TAX: Final = _labels(
    (100, r"vat|sales tax|tax|gst|mwst\.?|ust\.?|umsatzsteuer|mehrwertsteuer|t\.?v\.?a\.?|i\.?v\.?a\.?|btw"),
)  # fmt: skip
NOT_TOTAL: Final = _labels(
    (100, r"sub-?\s?totals?|zwischensumme|net(?:to\w*)?|total before tax|total excl\w*|total h\.?t\.?"
          r"|sous-total|base|subtotaal|subtotale|imponibile|vat|sales tax|tax(?:es)?|gst|mwst\.?|ust\.?"
          r"|umsatzsteuer|mehrwertsteuer|t\.?v\.?a\.?|i\.?v\.?a\.?|btw|discount|rabatt|rebate|skonto"
          r"|deposit|anzahlung|shipping|versand\w*|postage|tip|fee|line total|unit price|einzelpreis"
          r"|less|paid|received|erhalten|already|credit|saved?|savings|advance|monthly|per month|total weight"
          r"|total (?:hours|items|pages|qty|quantity|discount|savings|tax|vat)"),
)  # fmt: skip

DATE: Final = _labels(
    (100, r"invoice date|date of (?:issue|invoice)|issue date|issued(?: on)?|bill(?:ing)? date|invoiced(?: on)?"
          r"|rechnungsdatum|belegdatum|ausstellungsdatum|ausgestellt(?: am)?|datum der rechnung|date de (?:la )?facture"
          r"|date d['’]émission|date facturation|fecha de (?:la )?(?:factura|emisión|expedición)"
          r"|data (?:fattura|documento|di emissione|emissione)|factuurdatum|datum factuur|statement date|receipt date"
          r"|reported(?: on)?|document date|letter date|date of letter|date of document|tax point"),
    (85, r"date|datum|dated|fecha|data|as (?:at|of)|erstellt am|stand(?: vom)?|(?:kontostand|saldo) (?:am|per|vom)"),
)  # fmt: skip
DUE_DATE: Final = _labels(
    (100, r"(?:payment )?due(?: date| on| by)?|date due|pay(?:ment|able)? (?:by|before|until|no later than)"
          r"|please pay by|zahlbar bis(?: zum)?|fällig(?: am| bis)?|fälligkeit(?:sdatum)?|zahlungsziel"
          r"|bis (?:spätestens )?zum|échéance|date d['’]échéance|à payer avant(?: le)?|vencimiento|fecha de vencimiento"
          r"|scadenza|data (?:di )?scadenza|vervaldatum|te betalen (?:voor|vóór)|uiterlijk|deadline"
          r"|not later than|at the latest by|valid until"),
    (60, r"by|before|bis|avant(?: le)?|due|until"),
)  # fmt: skip
NOT_DATE: Final = _labels(
    (100, r"due|pay(?:able|ment)?|paid|zahlbar|fällig\w*|bezahlt|erhalten|payé|échéance|vencimiento|scadenza"
          r"|vervaldatum|deliver\w*|liefer\w*|leistung\w*|service|period|zeitraum|behandlung|birth|geburts\w*"
          r"|geboren|born|born on|order(?:ed)? date|order date|bestelldatum|bestellt|contract|vertrag\w*|valid"
          r"|expir\w*|received|until|bis(?: zum)?|deposit|from|since|seit|before|by|printed|departure|arrival|travel"
          r"|check-?in|check-?out|reise\w*|pagado|betaald|pagato|livraison|consegna|debit(?:ed)?|collect"),
)  # fmt: skip

_NO = r"(?:\s?(?:number|num|no|nr|id|code|ref(?:erence)?|nummer|numéro|numero|número|n[°ºo])\b\.?|\s?[#№]|\s?n[°º])"
INVOICE_NUMBER: Final = _labels(
    (100, rf"(?:tax )?invoice{_NO}|rechnungs?[ -]?(?:nummer|nr\b\.?)|rechnung{_NO}|rg\.?-?nr\.?|beleg[ -]?(?:nummer|nr\b\.?)"
          rf"|(?:numéro|n[°º]|no) (?:de )?(?:la )?facture|facture{_NO}|(?:número|nº|n[°º]) (?:de )?factura|factura{_NO}"
          rf"|fattura{_NO}|fattura n\.|faktura(?: vat)?{_NO}|(?:numero|n[°º.]) (?:di )?fattura|factuur-?\s?(?:nummer|nr\b\.?)|factuur{_NO}|bill{_NO}"),
    (70, r"(?:tax )?invoice|rechnung|facture|factura|fattura|factuur|bill"),
)  # fmt: skip
"""What the number of an invoice is called, whatever the paper."""
NUMBER: Final = (
    *INVOICE_NUMBER,
    *_labels(
        (100, rf"receipt{_NO}|document{_NO}|quittung\w*{_NO}|credit note{_NO}|quot(?:e|ation){_NO}|angebot{_NO}|delivery note{_NO}"
              rf"|lieferschein{_NO}|lieferschein-?(?:nummer|nr\b\.?)|angebots(?:nummer|nr\b\.?)"),
        (70, r"receipt|quittung|beleg|credit note"),
        (40, rf"our ref(?:erence)?|reference|unser zeichen|ref\.?|{_NO.strip()}"),
    ),
)  # fmt: skip
BILLED: Final = re.compile(r"invoice|\bbill\b|rechnung|factur|fattur|factuur|faktur", re.IGNORECASE)
"""What makes the number of a paper that of an invoice."""

VENDOR: Final = _labels(
    (100, r"vendor|supplier|seller|sold by|from|issued by|billed by|bill from|payee|merchant|provider"
          r"|verkäufer|sprzedawca|lieferant|rechnungssteller|anbieter|absender|von|fournisseur|vendeur|émetteur|proveedor"
          r"|emisor|fornitore|cedente|leverancier|afzender|sender|company|firma"),
)  # fmt: skip
CUSTOMER: Final = _labels(
    (100, r"bill(?:ed)? to|invoice(?:d)? to|sold to|customer|client|kunde|kundin|rechnungsempfänger|empfänger"
          r"|facturé à|adressé à|destinataire|cliente|destinatario|klant|factuur aan|ship to|an|to|for|für|attn"),
)  # fmt: skip

PAID: Final = re.compile(
    r"(?<!not )(?<!un)(?<!be )(?<!when )(?<!amount )\b(?:paid(?! by you)|bezahlt|beglichen|payé(?:e)?|acquitté(?:e)?|pagad[oa]"
    r"|pagat[oa]|betaald|settled|dankend\b[^.\n]{0,40}\berhalten|received with thanks|payment received)\b"
    r"|\bamount paid\b|\b(?:balance|amount) due:?\s*(?:[$€£]|EUR|USD|GBP)?\s?0[.,]00",
    re.IGNORECASE,
)
OPEN: Final = re.compile(
    r"\b(?:unpaid|not (?:yet )?paid|outstanding|overdue|open|offen|unbezahlt|impayé|pendiente|balance due"
    r"|amount due|remaining amount|payment due|due (?:by|on|date)|please (?:pay|transfer|settle|remit)|kindly settle"
    r"|zahlbar|bitte (?:überweisen|zahlen)|überweisen sie|fällig|pay(?:able|ment) (?:within|by|before|terms)"
    r"|transfer to|will (?:debit|collect)|à payer|te betalen|net \d\d)\b",
    re.IGNORECASE,
)

TITLE: Final = re.compile(
    r"(?:tax |pro ?forma |annual |your |ihre |votre |commercial )*(?:invoice|rechnung|facture|factura|fattura|factuur"
    r"|receipt|quittung|bill|statement|gutschrift|credit note|angebot|quote|offer|mahnung|reminder|kvitto|faktura"
    r"|original|copy|kopie|page \d+.*|seite \d+.*)(?: (?:for|für) .{0,40})?",
    re.IGNORECASE,
)
COMPANY: Final = re.compile(
    r"(?<!\w)(?:GmbH(?: & Co\.? KG)?|gGmbH|UG|AG|KG|OHG|GbR|e\.\s?K\.?|e\.\s?V\.?|Ltd\.?|Limited|LLP|LLC|PLC|plc|Inc\.?"
    r"|Corp\.?|Corporation|Co\.|SARL|SAS|SASU|S\.?A\.?|S\.?L\.?U?|S\.?r\.?l\.?|S\.p\.A\.?|B\.?V\.?|N\.?V\.?|Oy|AB|ApS|A/S|AS|Pty)"
    r"(?![\w-])"
)

_KINDS: Final = (
    (r"(?:the )?(?:grand |invoice )?total(?: amount| price| sum| cost| paid)?|gesamt\w*|(?:total )?amount|sum|price|cost|betrag"
     r"|invoice amount|gross(?: amount)?|how much|summe|montant", FieldKind.TOTAL),
    (r"(?:amount|balance) (?:due|outstanding|owed|open)|open amount|outstanding(?: amount)?|still due", FieldKind.DUE),
    (r"net(?: amount| total)?|sub-?total|netto\w*", FieldKind.NET),
    (r"(?:vat|tax|sales tax|gst|mwst|ust)(?: amount)?", FieldKind.TAX),
    (r"currency|währung", FieldKind.CURRENCY),
    (r"(?:payment |pay )?due(?: date| by| on)?|pay by|payable by|deadline|fällig\w*|due on", FieldKind.DUE_DATE),
    (r"(?:closing |new |current |end(?:ing)? )balance|balance|kontostand|saldo|(?:neuer |end)saldo", FieldKind.BALANCE),
    (r"(?:bank|name of (?:the )?bank)(?: name)?", FieldKind.BANK),
    (r"(?:the )?(?:invoice |issue |document |letter |bill |receipt |billing |statement )?(?:date|day|datum)|rechnungsdatum|date of (?:the )?"
     r"(?:invoice|issue|letter|document|receipt)|when|issued(?: on)?", FieldKind.DATE),
    (r"(?:the )?(?:invoice|bill|receipt|document)?\s?(?:number|no\.?|nr\.?|id|#)|rechnungsn\w+|invoice", FieldKind.NUMBER),
    (r"(?:the )?(?:vendor|supplier|seller|sender|from|company|merchant|issuer|payee|shop|store|provider|creditor|lieferant|firma"
     r"|absender|who sent it|who (?:is it |it is )?from|biller)(?: name)?", FieldKind.VENDOR),
    (r"(?:the )?(?:customer|client|recipient|bill(?:ed)? to|buyer|kunde|to|addressee|empfänger)(?: name)?", FieldKind.CUSTOMER),
    (r"(?:payment )?status|paid|is it paid|paid or (?:not|open)|open or paid|bezahlt", FieldKind.STATUS),
    (r"e-?mail(?: address)?", FieldKind.EMAIL),
    (r"(?:tele)?phone(?: number| no\.?)?|telefon\w*|tel\.?|mobile", FieldKind.PHONE),
    (r"iban|bank account", FieldKind.IBAN),
    (r"account(?: number| no\.?)?|konto(?:nummer)?", FieldKind.ACCOUNT),
    (r"vat (?:id|number|no\.?|reg\w*)|tax (?:id|number)|ust-?id\w*\.?", FieldKind.VAT_ID),
    (r"subject|title|betreff|topic|about", FieldKind.SUBJECT),
)  # fmt: skip


def kind_of(field: str) -> FieldKind:
    """Tell what sort of value a field name asks for."""
    plain = " ".join(field.lower().replace("_", " ").split()).strip(" ?:.")
    for pattern, kind in _KINDS:
        if re.fullmatch(pattern, plain):
            return kind
    if re.search(r"\b(?:date|day|datum|when)\b", plain):
        return FieldKind.LABELLED_DATE
    if re.search(r"\b(?:number|no|nr|id|code|reference)\b|nummer$", plain):
        return FieldKind.LABELLED_NUMBER
    if re.search(
        r"\b(?:amount|price|cost|fee|total|rent|salary|deposit|discount|shipping|balance)\b", plain
    ):
        return FieldKind.AMOUNT
    return FieldKind.OTHER


def found_labels(labels: tuple[Weighed, ...], text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield every label in a text with its weight, the surest kind first."""
    for label in labels:
        for match in label.pattern.finditer(text):
            yield label.weight, match


def best_label(labels: tuple[Weighed, ...], text: str) -> int:
    """Return the weight of the surest label in a text; 0 when there is none."""
    return max((weight for weight, _ in found_labels(labels, text)), default=0)
