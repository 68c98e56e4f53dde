"""Rules for who wrote a document and to whom: letterheads, sender lines, address blocks.

Pure; no model. `extract`, `promises` and the drafts call it. It knows names by where they
stand and by company forms, not by lists of people.
"""

# ruff: noqa: E501 - patterns stay whole; typographic marks are what documents contain

from __future__ import annotations

import re
from collections.abc import Iterator

from doorward.tools.reading import labels
from doorward.tools.reading.labels import COMPANY, TITLE
from doorward.tools.reading.rules import Candidate, Page
from doorward.tools.texts.dates import find_dates
from doorward.tools.texts.lines import Piece, cells

_CUT = re.compile(
    r"\s+[-–—·•|]\s+|\s*[·•|]\s*|,\s+(?!(?:Inc|LLC|Ltd|Corp|S\.|GmbH|LLP)\b)|\s*\(|\s+Inh\.|;\s"
)
_STREET = re.compile(
    r"(?:str\.?|straße|strasse|weg|platz|allee|gasse|ring|ufer|kai|zeile|deich|damm)\s*\d|\b\d+[a-z]?\s+\w+(?:\s\w+)?\s"
    r"(?:street|st|road|rd|avenue|ave|lane|quai|rue|boulevard|plaza|drive|dr|way)\b|\b(?:rue|quai|calle|via|avenida|piazza|lane"
    r"|street|road|avenue)\b[^\n]*\d|\b\d+\s+(?:rue|quai|bis|place)\b|\b\w+\s(?:lane|street|road|avenue)\b",
    re.IGNORECASE,
)
_TOWN = re.compile(
    r"\b(?:[A-Z]{1,2}-)?\d{4,5}\s+[A-ZÄÖÜ]\w+|\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b|\b[A-Z]{2}\s\d{5}\b"
)
_NOISE = re.compile(
    r"@|https?:|www\.|\b(?:tel|fax|phone|telefon|iban|bic|page|seite|invoice|rechnung|facture|date|datum|dear|sehr|hello|hallo|hi"
    r"|subject|betreff|from:|to:|attn|herr|frau|mr|mrs|ms|spett|status|total|amount|no\.|nr\.|terms|vat|customer|client|to)\b",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(r"(?:herrn?|frau|mr|mrs|ms|mme|m|mlle|sig|sr|sra|dhr|mevr)\b\.?\s*", re.I)
_LABEL = re.compile(
    r"^(?:bill(?:ed)? to|invoiced? to|sold to|ship(?:ped)? to|customer|client|kunde|kundin|rechnungsempfänger|empfänger|an|to|for|für"
    r"|facturé à|destinataire|cliente|klant|recipient|buyer|guest|patient|(?:account )?holder|kontoinhaber(?:in)?|nabywca|spett\.le|attn\.?)\b\s*[:.]?\s*(?P<rest>.*)$",
    re.IGNORECASE,
)

_TAXED = re.compile(
    r"(?<!\w)(?:vat (?:reg|no|id|number)|p\.? ?iva|ust-?id\w*|steuer-?(?:nr|nummer)|siret|nif|cif|kvk|btw-?(?:nr|nummer)|abn)\b",
    re.IGNORECASE,
)
_BANK = re.compile(
    r"\b(?:\w*bank|banque|banco|banca|\w*sparkasse|building society|credit union|trust company|savings)\b",
    re.IGNORECASE,
)

REPEATED = 400
"""Lines in which a name at the top is looked for in a fuller form."""


def vendors(page: Page) -> list[Candidate]:
    """Return who the document is from, surest first."""
    found = [*_sender(page), *_labelled_vendors(page), *_letterhead(page), *_registered(page)]
    return sorted(found, key=lambda candidate: -candidate.weight)


def banks(page: Page) -> list[Candidate]:
    """Return the bank that a paper is from: a name at its head that says so."""
    return [each for each in vendors(page) if _BANK.search(each.value)]


def customers(page: Page) -> list[Candidate]:
    """Return whom the document is for, surest first."""
    found = [*_addressed(page), *_blocks(page)]
    return sorted(found, key=lambda candidate: -candidate.weight)


def mail_header(page: Page, name: str) -> Piece | None:
    """Return the value of a line such as `From:` at the top of a message."""
    for line in page.lines[:8]:
        if line.text.lower().startswith(f"{name.lower()}:"):
            return line.part(len(name) + 1, len(line.text)).trimmed()
    return None


def person(header: Piece) -> Piece:
    """Return the name in `Name <address>`, else the address itself."""
    match = re.match(r"\"?(?P<name>[^\"<@]{2,}?)\"?\s*<", header.text)
    if match is None:
        return header.trimmed(' <>"')
    return header.part(*match.span("name"))


def _sender(page: Page) -> Iterator[Candidate]:
    header = mail_header(page, "From") if page.mail else None
    if header is not None:
        name = person(header)
        yield Candidate(name, name.text, 70 if _invoice_inside(page) else 95)


def _invoice_inside(page: Page) -> bool:
    return False if not page.mail else any(COMPANY.search(line.text) for line in page.lines[4:12])


def _labelled_vendors(page: Page) -> Iterator[Candidate]:
    for line in page.lines[4 if page.mail else 0 : 40]:
        row = cells(line)
        for place, cell in enumerate(row):
            label, colon, rest = cell.text.partition(":")
            if not labels.VENDOR[0].pattern.fullmatch(label.strip()):
                continue
            if colon and rest.strip():
                value = _name(cell.part(len(label) + 1, len(cell.text)).trimmed())
            elif place + 1 < len(row):
                value = _name(row[place + 1])
            else:
                continue
            if value.text and not find_dates(value.text):
                yield Candidate(value, value.text, 92)


def _letterhead(page: Page) -> Iterator[Candidate]:
    """Weigh the names at the top; the fullest form of the same name in the document is taken."""
    skip = {candidate.value.casefold() for candidate in _addressed(page)}
    rows = page.lines[:16]
    for number, line in enumerate(rows):
        if page.mail and re.match(r"(?:From|To|Cc|Date|Subject|Sent):", line.text):
            continue
        label = _LABEL.match(line.text)
        if label is not None and number > 0 and not COMPANY.search(label["rest"]):
            break  # from here on it is about the recipient
        for cell in cells(line)[:2]:
            name = _name(cell)
            if _is_name(name.text) and name.text.casefold() not in skip:
                weight = 74.0 - 3 * number + (14 if COMPANY.search(name.text) else 0)
                fuller = _fullest(page, name)
                weight += 6 if fuller.start != name.start else 0
                yield Candidate(fuller, fuller.text, min(weight, 91))


def _registered(page: Page) -> Iterator[Candidate]:
    """Weigh the name beside or above a tax number: who must write one is who the paper is from."""
    for number, line in enumerate(page.lines):
        match = _TAXED.search(line.text)
        if match is None:
            continue
        beside = line.part(0, match.start()).trimmed(" \t*_|`#>-–—·,")
        for cell in (beside, page.lines[number - 1] if number else beside):
            name = _name(cell)
            if _is_name(name.text):
                yield Candidate(name, name.text, 79.0)
                break


def _name(cell: Piece) -> Piece:
    cut = _CUT.search(cell.text)
    return (cell.part(0, cut.start()) if cut else cell).trimmed(' \t*_|`#>:"')


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        1 <= len(words) <= 7
        and 3 <= len(text) <= 60
        and any(mark.isalpha() for mark in text)
        and not TITLE.fullmatch(text)
        and not _NOISE.search(text)
        and not _STREET.search(text)
        and not _TOWN.search(text)
        and (sum(mark.isdigit() for mark in text) <= 2 or COMPANY.search(text) is not None)
        and (text[0].isupper() or COMPANY.search(text) is not None or text.islower())
    )


def _fullest(page: Page, name: Piece) -> Piece:
    """Return the best written form of a name: with its company form, in ordinary capitals."""
    best, score = name, _form(name.text, name.text)
    for number in range(min(len(page.lines), REPEATED)):
        for cell in page.cells(number):
            other = _name(cell)
            mine, theirs = name.text.casefold(), other.text.casefold()
            same = theirs.startswith(mine) or (len(theirs) > 6 and mine.startswith(f"{theirs} "))
            if same and len(theirs) <= len(mine) + 16 and _is_name(other.text):
                form = _form(other.text, name.text)
                if form > score:
                    best, score = other, form
    return best


def _form(text: str, first: str) -> int:
    written = 0 if text.isupper() or text.islower() else 2
    added = COMPANY.search(text) is not None and COMPANY.search(first) is None
    return written + (1 if added or COMPANY.search(text) else 0)


def _addressed(page: Page) -> Iterator[Candidate]:
    header = mail_header(page, "To") if page.mail else None
    if header is not None:
        name = person(header)
        yield Candidate(name, name.text, 80)
    for number, line in enumerate(page.lines[:40]):
        row = cells(line)
        match = _LABEL.match(row[0].text if len(row) > 1 else line.text)
        if match is None or (page.mail and number < 4):
            continue
        rest = match["rest"].strip(" :")
        if rest and len(row) > 1 and ":" in row[0].text:
            value = _name(row[0].part(match.start("rest"), len(row[0].text)).trimmed(" :\t|*"))
        elif rest and len(row) == 1:
            value = _name(line.part(match.start("rest"), len(line.text)).trimmed(" :\t|*"))
        elif len(row) > 1 and not rest:
            value = _name(row[1])
        elif not rest and number + 1 < len(page.lines):
            value = _name(page.lines[number + 1])
        else:
            continue
        if _is_name(value.text) and value.text[0].isupper():
            yield Candidate(value, value.text, 90 - number / 10)


def _blocks(page: Page) -> Iterator[Candidate]:
    """Yield the first line of each address block: a name, then a street, then a town."""
    for number in range(len(page.lines) - 2):
        name, *below = page.lines[number : number + 4]
        streets = [line for line in below[:2] if _STREET.search(line.text)]
        towns = [line for line in below if _TOWN.search(line.text)]
        if not streets or not towns or _CUT.search(name.text):
            continue
        title = _HONORIFIC.match(name.text)
        who = _name(name.part(title.end() if title else 0, len(name.text)))
        if _is_name(who.text):
            yield Candidate(who, who.text, 62.0 + number / 10 if number >= 3 else 45.0)
