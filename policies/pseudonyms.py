"""Pseudonyms: stable, readable names for what a redacted text must not say. Pure.

One thing keeps one pseudonym as long as its map is kept: through an objective, or for good where
the user wants that. The map is a value and as private as what it hides; the daemon keeps it sealed.
Forms stay where a planner needs them: numbers keep their layout and cannot be in use, dates and
amounts keep order and weekday, addresses of mail stay addresses.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from doorward.policies.detect.checksums import iban_rest, luhn
from doorward.policies.detect.findings import MEASURES, Finding, Kind
from doorward.policies.measures import scaled, shifted

_WORDS = {
    Kind.PERSON: "Person",
    Kind.COMPANY: "Company",
}
_STEMS = {
    Kind.NATIONAL_ID: "id",
    Kind.WALLET: "wallet",
    Kind.TOKEN: "token",
    Kind.PRIVATE_KEY: "private-key",
    Kind.PASSWORD: "password",
    Kind.CODE: "code",
    Kind.SEED: "seed-phrase",
    Kind.KNOWN: "secret",
    Kind.OPAQUE: "unread",
    Kind.TEXT: "text",
    Kind.DATE: "date",
    Kind.AMOUNT: "amount",
    Kind.PHONE: "phone",
    Kind.IBAN: "account",
    Kind.CARD: "card",
    Kind.SSN: "id",
}
_NETS = ("192.0.2", "198.51.100", "203.0.113")
_NUMBERS = frozenset({Kind.PHONE, Kind.SSN, Kind.CARD, Kind.IBAN, Kind.IP, Kind.MAC})
_NUMBER = re.compile(
    r"(?<![\w.,])(?:\+\d{1,3}|[a-z]{2}\d{2}|02)?[ .\-/:()]{0,2}0(?:[ .\-/:()]{0,3}0){3,}"
    r"(?:[ .\-/:()]{0,3}[0-9a-f]){0,7}|(?<![\w.])(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}"
    r"|2001:db8::[0-9a-f]{1,8}",
    re.IGNORECASE,
)
"""The form of every pseudonym that is a number: zeros and a running one, or a net for examples."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One spelling of one thing, with its pseudonym."""

    kind: Kind
    identity: str
    surface: str
    pseudonym: str
    number: int
    """Which thing of its kind, from 1."""


@dataclass(frozen=True, slots=True)
class PseudonymMap:
    """Every pseudonym given so far. As private as the values in it."""

    entries: tuple[Entry, ...] = ()


class Pseudonyms:
    """Gives pseudonyms, going on from a map."""

    def __init__(self, key: bytes, held: PseudonymMap) -> None:
        """Go on from `held`.

        Args:
            key: The secret of this map's scope: it decides how dates and amounts are moved.
            held: What was given before.
        """
        digest = hmac.digest(key, b"doorward/measures", "blake2b")
        weeks = 8 + digest[0] % 44
        self._days = weeks * 7 * (1 if digest[1] & 1 else -1)
        self._permille = 1050 + int.from_bytes(digest[2:4], "big") % 900
        self._entries = list(held.entries)
        self._by_surface = {(each.kind, each.surface): each for each in held.entries}
        self._taken = {each.pseudonym for each in held.entries}
        self._numbers = {(each.kind, each.identity): each.number for each in held.entries}
        self._domains: dict[str, int] = {}
        for each in held.entries:
            if each.kind is Kind.EMAIL:
                self._domain(each.identity)

    @property
    def map(self) -> PseudonymMap:
        """Return everything given so far."""
        return PseudonymMap(tuple(self._entries))

    def known(self, text: str) -> list[Finding]:
        """Return where something stands that has a pseudonym, or that looks like one we gave."""
        surfaces = {e.surface: e for e in self._entries if e.kind not in MEASURES}
        long = {surface: each for surface, each in surfaces.items() if len(surface) >= 6}
        hits = [
            Finding(start, end, long[surface].kind, long[surface].identity)
            for start, end, surface in places(text, long, whole=False)
        ]
        given = {e.pseudonym for e in self._entries if e.kind not in MEASURES}
        hits += [Finding(a, b, Kind.TEXT) for a, b, _ in places(text, given, whole=False)]
        return hits + list(_lookalikes(text))

    def of(self, finding: Finding, text: str) -> str:
        """Return the pseudonym of a span of `text`, the same for the same thing."""
        surface = text[finding.start : finding.end]
        held = self._by_surface.get((finding.kind, surface))
        if held is not None:
            return held.pseudonym
        identity = finding.identity or _identity(finding.kind, surface)
        number = self._numbers.get((finding.kind, identity), 0)
        fresh = 1 + max(
            (n for (kind, _), n in self._numbers.items() if kind is finding.kind), default=0
        )
        chosen, number = self._free(finding.kind, surface, identity, number or fresh, fresh, text)
        self._numbers.setdefault((finding.kind, identity), number)
        entry = Entry(finding.kind, identity, surface, chosen, number)
        self._entries.append(entry)
        self._by_surface[finding.kind, surface] = entry
        self._taken.add(chosen)
        return chosen

    def _free(
        self, kind: Kind, surface: str, identity: str, number: int, fresh: int, text: str
    ) -> tuple[str, int]:
        """Return the first pseudonym that nothing else has and that the text does not hold."""
        measured = self._measured(kind, surface)
        if measured and measured not in self._taken:
            return measured, number
        for candidate in self._candidates(kind, surface, identity, number):
            if candidate not in self._taken and candidate not in text:
                return candidate, number
        while True:
            for candidate in (self._first(kind, surface, identity, fresh), _plain(kind, fresh)):
                if candidate and candidate not in self._taken and candidate not in text:
                    return candidate, fresh
            fresh += 1

    def _measured(self, kind: Kind, surface: str) -> str:
        if kind is Kind.DATE:
            return shifted(surface, self._days)
        return scaled(surface, self._permille) if kind is Kind.AMOUNT else ""

    def _candidates(self, kind: Kind, surface: str, identity: str, number: int) -> Iterator[str]:
        """Yield the pseudonyms for the first and further spellings of thing `number`."""
        first = self._first(kind, surface, identity, number)
        if first:
            yield first
        for spelling in range(2, 100):
            if kind is Kind.EMAIL:
                yield first.replace("@", f"+{spelling}@")
            elif kind in _WORDS:
                yield f"{first}{spelling}"

    def _first(self, kind: Kind, surface: str, identity: str, number: int) -> str:
        make: dict[Kind, Callable[[], str]] = {
            Kind.EMAIL: lambda: (
                f"person-{letters(number).lower()}@domain-{self._domain(identity)}.example"
            ),
            Kind.ADDRESS: lambda: f"{number} Example Street",
            Kind.PHONE: lambda: _filled(surface, number, _prefix(surface)),
            Kind.SSN: lambda: _filled(surface, number, 0),
            Kind.CARD: lambda: _card(surface, number),
            Kind.IBAN: lambda: _iban(surface, number),
            Kind.IP: lambda: _ip(surface, number),
            Kind.MAC: lambda: _mac(surface, number),
        }
        if kind in _WORDS:
            return f"{_WORDS[kind]} {letters(number)}"
        made = make[kind]() if kind in make else _plain(kind, number)
        return made if kind not in _NUMBERS or _NUMBER.fullmatch(made) else ""

    def _domain(self, identity: str) -> int:
        name = identity.rpartition("@")[2]
        return self._domains.setdefault(name, len(self._domains) + 1)


def restore(text: str, held: PseudonymMap) -> str:
    """Put the real values back: only into what is shown to the user, never into what goes out."""
    real: Mapping[str, str] = {each.pseudonym: each.surface for each in held.entries}
    out, at = [], 0
    for start, end, pseudonym in places(text, real, whole=True):
        out += [text[at:start], real[pseudonym]]
        at = end
    return "".join([*out, text[at:]])


def places(text: str, terms: Iterable[str], *, whole: bool) -> list[tuple[int, int, str]]:
    """Return where terms stand, leftmost and longest first, without overlaps.

    Args:
        text: Where to look.
        terms: What to look for.
        whole: Only where no letter or digit adjoins.
    """
    hits = []
    for term in terms:
        at = text.find(term) if term else -1
        while at >= 0:
            end = at + len(term)
            if not whole or not (glued(text, at) or glued(text, end)):
                hits.append((at, end, term))
            at = text.find(term, at + 1)
    out: list[tuple[int, int, str]] = []
    for hit in sorted(hits, key=lambda each: (each[0], -each[1])):
        if not out or hit[0] >= out[-1][1]:
            out.append(hit)
    return out


def glued(text: str, at: int) -> bool:
    """Tell whether the characters on both sides of a place belong to one word."""
    if not 0 < at < len(text):
        return False
    return all(each.isalnum() or each == "_" for each in text[at - 1 : at + 1])


def letters(number: int) -> str:
    """Return 1 as `A`, 26 as `Z`, 27 as `AA`."""
    out = ""
    while number:
        number, digit = divmod(number - 1, 26)
        out = chr(65 + digit) + out
    return out


def _lookalikes(text: str) -> Iterator[Finding]:
    """Yield what has the form of a pseudonym: somebody may have written it, or will be given it."""
    yield from (Finding(*match.span(), Kind.TEXT) for match in _NUMBER.finditer(text))
    low = text.lower() if text.isascii() else "".join(c.lower()[:1] for c in text)
    stems = {f"{stem}-" for stem in _STEMS.values()} | {"person ", "company ", "person-", "domain-"}
    for start, end, _ in places(low, {*stems, " example street"}, whole=False):
        first, last = start, end
        while last < len(low) and (low[last].isalnum() or low[last] in "@.-+"):
            last += 1
        while first and low[first - 1].isalnum():
            first -= 1
        if any(each.isdigit() for each in low[first:last]) or text[last - 1 : last].isupper():
            yield Finding(first, last, Kind.TEXT)


def _identity(kind: Kind, surface: str) -> str:
    plain = "".join(each for each in surface.casefold() if each.isalnum())
    if kind in {Kind.PHONE, Kind.CARD, Kind.IBAN, Kind.SSN}:
        return plain or surface
    return surface.casefold() if kind is Kind.EMAIL else surface


def _plain(kind: Kind, number: int) -> str:
    return f"{_STEMS.get(kind, kind.value)}-{number}"


def _prefix(surface: str) -> int:
    """Return how many digits of a number are its country code."""
    if not surface.startswith("+"):
        return 0
    head = 0
    while head + 1 < len(surface) and surface[head + 1].isdigit():
        head += 1
    return head if head <= 3 else 2


def _filled(surface: str, number: int, keep: int) -> str:
    """Return the layout with zeros and a running number for its digits; empty when too short."""
    count = sum(each in "0123456789" for each in surface)
    fresh = str(number).rjust(count - keep, "0")
    if len(fresh) > count - keep or count - keep < 3:
        return ""
    return _laid(surface, [""] * keep + list(fresh), "0123456789")


def _laid(surface: str, new: list[str], alphabet: str) -> str:
    """Put new characters in the place of those of an alphabet; empty ones leave what was there."""
    rest = iter(new)
    return "".join((next(rest, "") or each) if each in alphabet else each for each in surface)


def _card(surface: str, number: int) -> str:
    count = sum(each in "0123456789" for each in surface)
    body = str(number).rjust(count - 1, "0")
    full = next(body + last for last in "0123456789" if luhn(body + last))
    return _laid(surface, list(full), "0123456789") if len(full) == count else ""


def _iban(surface: str, number: int) -> str:
    if not surface.isascii():
        return ""
    plain = "".join(each for each in surface if each.isalnum())
    country, rest = plain[:2].upper(), str(number).rjust(len(plain) - 4, "0")
    if not country.isalpha() or len(rest) > len(plain) - 4:
        return ""
    check = f"{98 - iban_rest(country + '00' + rest):02d}"
    made = iter(country + check + rest)
    return "".join(next(made, "") if each.isalnum() else each for each in surface)


def _ip(surface: str, number: int) -> str:
    if ":" in surface:
        return f"2001:db8::{number:x}"
    net, host = divmod(number - 1, 254)
    return f"{_NETS[net]}.{host + 1}" if net < len(_NETS) else ""


def _mac(surface: str, number: int) -> str:
    return _laid(surface, list(f"02{number:010x}"), "0123456789abcdefABCDEF")
