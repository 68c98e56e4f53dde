"""Look-alikes: whether an address or a host was chosen to be taken for one that the user knows.

Pure, and never a decision: it gives badges for a card. It compares skeletons (letters that look
alike become one, marks and hyphens go) and near misses, and knows nothing but the domains that it
is handed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_CYRILLIC = "аa вb еe іi кk мm нh оo рp сc тt уy хx ѕs јj һh ԁd ԛq ԝw ґr гr ԍg ӏl ьb пn ѵv"
_GREEK = "αa βb γy εe ηn ιi κk νv οo ρp τt υu χx ωw ϲc ϳj"
_OTHERS = "օo սu ոn հh ցg զq յj ıi łl øo đd ħh ŧt ɑa ɡg ɩi ɪi ʟl ʀr ʏy ƅb ƙk ǀl"
_DIGITS = "0o 1l |l !l 3e 4a 5s 7t 8b 9g"
_ALIKE = {pair[0]: pair[1] for pair in " ".join((_CYRILLIC, _GREEK, _OTHERS, _DIGITS)).split()}
"""Letters, in small, that are taken for a Latin one; digits that stand for one."""
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
_EASY = (("l", "i"),)
"""After all else: the letters that no font keeps apart."""
_SECOND = frozenset(["co", "com", "org", "net", "ac", "gov", "edu", "ne", "or", "gob", "go"])
"""Second-level names under which countries give out domains: `co.uk`."""
_NEAR = 6
"""Letters of a name from which one slip is no chance."""
_FAR = 10
"""Letters of a name from which two slips are no chance."""
_MOST = 2000
"""Known domains that are compared."""
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/?#@]*@)?([^/?#:@]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Looks:
    """What is odd about an address."""

    badges: tuple[str, ...]
    """Words for the card, from typed fields and the known domain's own name."""
    domain: str
    """Decoded, in small letters; empty for what has none."""


def domain_of(address: str) -> str:
    """Return the domain of a mail address, a URL or a host, decoded; empty when there is none."""
    text = unicodedata.normalize("NFKC", address).strip().strip("<>").casefold()
    if "://" not in text and "@" in text:
        text = text.rpartition("@")[2]
    found = _HOST.match(text.replace("\\", "/"))
    host = found[1].strip(".[] ") if found else ""
    if "." not in host or any(letter.isspace() for letter in host):
        return ""
    return ".".join(_decoded(label) for label in re.split("[.。．]", host))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label


def skeleton(name: str) -> str:
    """Return a name as it looks: what can be taken for it has the same skeleton."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).casefold())
    kept = "".join(letter for letter in plain if not unicodedata.category(letter).startswith("M"))
    seen = "".join(_ALIKE.get(letter, letter) for letter in kept)
    for pair, one in (*_PAIRS, *_EASY):
        seen = seen.replace(pair, one)
    return seen.replace("-", "").replace("_", "")


def looks(address: str, known: Iterable[str]) -> Looks:
    """Say what is odd about the domain of an address.

    Args:
        address: A mail address, a URL or a host.
        known: Domains or addresses that the user knows: met before, directory, groups.
    """
    domain = domain_of(address)
    if not domain:
        return Looks((), "")
    friends = {domain_of(each) or each.casefold() for each in list(known)[:_MOST]} - {""}
    badges = []
    if not domain.isascii():
        badges.append("foreign letters")
    if not any(domain == friend or domain.endswith(f".{friend}") for friend in friends):
        near = sorted(friend for friend in friends if _alike(domain, friend))
        badges += [f"looks like {near[0]}"] if near else []
    return Looks(tuple(badges), domain)


def _alike(domain: str, friend: str) -> bool:
    """Tell whether one that is not the other can be taken for it."""
    if "." not in friend:
        return False
    if domain.startswith(f"{friend}.") or f".{friend}." in domain or f"@{friend}" in domain:
        return True  # bank.example.evil.test
    if skeleton(domain) == skeleton(friend):
        return True
    ours, theirs = _parts(domain), _parts(friend)
    if ours[1] == theirs[1] and len(theirs[0]) < 3:
        return False  # a name of two letters has only neighbours
    one, other = skeleton(ours[0]), skeleton(theirs[0])
    if one == other:
        return len(other) >= 3  # also under another ending
    if other in one and len(other) >= _NEAR and "-" in ours[0]:
        return True  # bank-login.example
    return _near(one, other)


def _near(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    slips = 0 if len(other) < _NEAR else 1 if len(other) < _FAR else 2
    return slips > 0 and OSA.distance(one, other, score_cutoff=slips) <= slips


def _parts(domain: str) -> tuple[str, str]:
    """Return the name that was registered and its ending: `bank` and `co.uk`."""
    labels = domain.split(".")
    ending = 2 if len(labels) > 2 and labels[-2] in _SECOND and len(labels[-1]) == 2 else 1
    return labels[-ending - 1], ".".join(labels[-ending:])
