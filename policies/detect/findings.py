"""Findings: which span of a text is what, and what that says of the text's label.

Values only; the looking is in `scan`, `known`, `exact` and `phones`. Called by redaction and by the
daemon's releases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a span is."""

    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    IBAN = "iban"
    SSN = "ssn"
    NATIONAL_ID = "national id"
    IP = "ip"
    MAC = "mac"
    ADDRESS = "address"
    WALLET = "wallet"
    PERSON = "person"
    COMPANY = "company"
    TOKEN = "token"  # noqa: S105  # a word
    PRIVATE_KEY = "private key"
    PASSWORD = "password"  # noqa: S105  # a word
    CODE = "one-time code"
    SEED = "seed phrase"
    KNOWN = "known secret"
    OPAQUE = "unread"
    """Encoded, and too much of it to look into: treated as secret."""
    TEXT = "text"
    """Text that could be taken for a pseudonym, or that is replaced as a whole."""
    DATE = "date"
    AMOUNT = "amount"


SECRETS = frozenset(
    {
        Kind.TOKEN,
        Kind.PRIVATE_KEY,
        Kind.PASSWORD,
        Kind.CODE,
        Kind.SEED,
        Kind.KNOWN,
        Kind.OPAQUE,
    }
)
MEASURES = frozenset({Kind.DATE, Kind.AMOUNT})
"""Shifted or scaled in a redacted form, but they say nothing of a label by themselves."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One span, in characters of the text that was scanned."""

    start: int
    end: int
    kind: Kind
    identity: str = ""
    """What is one and the same thing under several spellings; empty for the span itself."""


def tags_of(findings: Iterable[Finding]) -> frozenset[str]:
    """Return the tags that findings add to a label."""
    kinds = {finding.kind for finding in findings} - MEASURES
    tags = {"secret"} if kinds & SECRETS else set()
    return frozenset(tags | ({"personal"} if kinds - SECRETS else set()))


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return spans that do not overlap and cover everything that was found.

    Where two overlap the secret one names it, else the longer one.
    """
    out: list[Finding] = []
    for each in sorted(findings):
        if out and each.start < out[-1].end:
            last = out[-1]
            name = max(last, each, key=_weight)
            end = max(last.end, each.end)
            exact = (last.start, end) == (name.start, name.end)
            out[-1] = Finding(last.start, end, name.kind, name.identity if exact else "")
        elif each.end > each.start:
            out.append(each)
    return out


def _weight(finding: Finding) -> tuple[bool, bool, int, bool]:
    kind = finding.kind
    length = finding.end - finding.start
    return (kind in SECRETS, kind not in MEASURES, length, bool(finding.identity))
