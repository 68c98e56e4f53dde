"""Promises in letters, messages and minutes: who commits to what, by when, in which words.

Pure patterns over sentences, English and German; no model. Quoted earlier messages are skipped:
their promises stand in the message that made them. `read.ReadPromises` calls it.
"""

# ruff: noqa: E501, SIM905 - tables of words and patterns stay whole

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from doorward.tools.reading.documents import Document, day_of, own_date, within
from doorward.tools.reading.kinds import kind_of_document
from doorward.tools.reading.parties import mail_header, person, vendors
from doorward.tools.reading.rules import Page
from doorward.tools.texts.dates import find_deadlines
from doorward.tools.texts.lines import Piece, sentences


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment."""

    who: str
    what: str
    by: str
    """ISO date; "" when none was named."""
    path: str
    quote: Piece


_NAME = r"[A-ZÄÖÜ][\w.'-]+(?: [A-ZÄÖÜ][\w'-]+)?"
_DOING = (
    r"(?:also |still |then |gladly |certainly |definitely |personally |of course |now |try to )*"
)
_OWN = re.compile(
    rf"\b(?:I|we)(?:'ll|’ll| will| shall| am going to| are going to|'m going to|’m going to| promise(?:d)? (?:to|that I will|you to|that we will|I'll|you)"
    rf"| promise| commit to| undertake to| agree to| can have| plan to have| guarantee(?: to)?) {_DOING}(?P<what>[^.!?\n]+)",
    re.IGNORECASE,
)
_EIGEN = re.compile(
    r"\b(?:ich|wir) (?:werde|werden|verspreche|versprechen|sage zu|kümmere mich|kümmern uns|schicke|schicken|sende|senden|liefere|liefern"
    r"|überweise|überweisen|zahle|zahlen|bringe|bringen|mache|machen|melde mich|melden uns|gebe|geben|erledige|erledigen|reiche|reichen"
    r"|besorge|besorgen|rufe|rufen|bestätige|bestätigen|komme|kommen|repariere|reparieren)\b(?P<what>[^.!?\n]*)"
    r"|\b(?:werde|werden|schicke|schicken|sende|senden|liefere|liefern|überweise|überweisen|melde|melden|bringe|kümmere) (?:ich|wir)\b"
    r"(?P<was>[^.!?\n]*)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    rf"(?P<who>\b{_NAME}) (?:will|has promised to|promised to|promises to|has agreed to|agreed to|undertakes to|commits to"
    rf"|is going to|wird|übernimmt|hat versprochen) {_DOING}(?P<what>[^.!?\n]+)",
)
_TASK = re.compile(
    rf"^(?:action(?: item)?|to-?do|aufgabe|task|next step)s?\s*[:–-]?\s*\(?(?P<who>{_NAME})\)?\s*(?::|–|-|to|will)\s*(?P<what>[^\n]+)"
    rf"|^(?:\[[ x]?\]\s*)?(?P<who2>{_NAME})\s*(?::|→|–| - )\s*(?P<what2>[a-zäöü][^\n]+\b(?:by|bis|before|until)\b[^\n]+)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"^(?:be (?:on holiday|away|out of|in (?:the )?office|happy|glad|pleased|able|sad|sorry|late)|see\b|have been|never know|miss\b|say\b|admit"
    r"|not (?:know|believe)|need|love|hope|think|assume|have to\b|always|remember|like\b|probably|be there in spirit"
    r"|enjoy|understand|notice|find (?:that|it)\b|be \w+ing\b(?! you))",
    re.IGNORECASE,
)
_TO_YOU = re.compile(
    r"\byou(?: will|'ll|’ll) (?P<what>(?:get|have|receive|hear)\b[^.!?\n]*?\bfrom (?:me|us)\b[^.!?\n]*)",
    re.IGNORECASE,
)
_IF_ASKED = re.compile(r"^(?:if|unless|falls|wenn|should (?:I|we)|would|could)\b", re.IGNORECASE)
_QUOTED = re.compile(
    r"^(?:-+\s*original message|-+\s*forwarded|on .{6,80} wrote:|am .{6,60} schrieb .*:|_{10,}|from: .+ sent:)",
    re.IGNORECASE | re.MULTILINE,
)
_PRINTED = frozenset({"invoice", "receipt", "terms", "newsletter", "bank statement", "recipe"})
_NOBODY = frozenset(
    "this that it there they what which who the these those nobody everyone she he you das es dies hier payment delivery".split()
)


def promises(items: Sequence[Document], since: str = "", until: str = "") -> Iterator[Promise]:
    """Yield the commitments in documents whose own date lies in the range.

    Args:
        items: The documents.
        since: The first day, ISO; "" for no limit.
        until: The last day, ISO; "" for no limit.
    """
    for item in items:
        page = Page.of(item.text, item.kind)
        day = own_date(item, page)
        if kind_of_document(item, page) in _PRINTED:
            continue  # what every invoice says is no promise of anyone's
        if within(day, since, until):
            yield from _of_one(item, page, day_of(day))


def _of_one(item: Document, page: Page, base: date | None) -> Iterator[Promise]:
    writer = _writer(item, page)
    seen: set[str] = set()
    for sentence in sentences(_own_words(item.text)):
        if sentence.text.endswith("?") or sentence.text.startswith(">"):
            continue
        for who, what in _commitments(sentence.text, writer):
            key = f"{who}|{what}".casefold()
            if key not in seen:
                seen.add(key)
                yield Promise(who, what, _by(sentence.text, base), item.path, sentence)


def _own_words(text: str) -> str:
    """Return the text without earlier messages; places in it stay what they were."""
    text = re.sub(r"(?m)^>.*$", lambda line: "\n" * len(line[0]), text)
    quoted = _QUOTED.search(text)
    return text[: quoted.start()] if quoted and quoted.start() > 40 else text


def _commitments(text: str, writer: str) -> Iterator[tuple[str, str]]:
    task = _TASK.match(text)
    if task is not None:
        yield (task["who"] or task["who2"]), _clause(task["what"] or task["what2"])
        return
    if _IF_ASKED.match(text) and "," not in text:
        return
    for pattern in (_OWN, _EIGEN, _TO_YOU):
        for match in pattern.finditer(text):
            what = _clause(next(part for part in match.groups() if part is not None))
            own = match[0].strip() if pattern is _EIGEN else what
            if what and not _NOT.match(what):
                yield writer, own if pattern is _EIGEN else what
    for match in _OTHER.finditer(text):
        who = match["who"]
        if who.split()[0].lower() not in _NOBODY | {"i", "we", "ich", "wir"}:
            what = _clause(match["what"])
            if what and not _NOT.match(what) and not what.startswith("be "):
                yield who, what


def _clause(text: str) -> str:
    """Cut a clause where the next one starts."""
    end = re.search(
        r"\s*(?:;|, (?:and )?(?:I|we|but|so|because|which|please)\b|\s[–—-]\s| but | because )",
        text,
    )
    return (text[: end.start()] if end else text).strip(" ,;:*_")


def _by(text: str, base: date | None) -> str:
    """Return the day a sentence commits to: after "by" first, else the only one it names."""
    if base is None:
        return ""
    found = list(find_deadlines(text, base))
    for dated in found:
        before = text[max(0, dated.piece.start - 22) : dated.piece.start]
        if re.search(
            r"\b(?:by|before|until|bis|spätestens|no later than|at the latest)\W*(?:\w+\W+){0,2}$",
            before,
            re.IGNORECASE,
        ):
            return dated.iso
    later = [dated for dated in found if dated.day >= base]
    return later[0].iso if later else ""


def _writer(item: Document, page: Page) -> str:
    """Return who says "I" in a document: the sender, the signature, the letterhead."""
    header = mail_header(page, "From") if item.kind == "eml" else None
    if header is not None:
        return person(header).text
    for number, line in enumerate(page.lines):
        closing = re.match(
            r"(?:yours|kind regards|best|regards|sincerely|cheers|love|mit freundlichen|viele grüße|liebe grüße|herzliche grüße)\b[^,]*,?\s*(.*)$",
            line.text,
            re.IGNORECASE,
        )
        if closing and len(line.text) < 60:
            rest = closing[1].strip()
            following = page.lines[number + 1].text if number + 1 < len(page.lines) else ""
            name = rest or following
            if 2 < len(name) < 50:
                return name
    found = vendors(page)
    return found[0].value if found else ""
