"""Approvals: the single-use token that binds a yes to one exact call, and what makes it void.

It decides nothing by itself (`gate` does), keeps nothing (`daemon.door.asking` does) and has no
clock. A token is a keyed BLAKE2b of everything the user was asked about: the call with its
arguments and their origins, the content, the labels, the policy's snapshot, the expiry and the
place on the card. What a call merely meets (the time of day, how far a limit is used up) is not
part of it: the gate reads those anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from hashlib import blake2b
from hmac import compare_digest
from pathlib import PurePath

from doorward.policies.requests import Request

VOID = "approval"
"""Stands for the rule where a yes was given and does not hold any more."""

_BYTES = 32


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that a yes holds for."""

    request: Request
    content: str
    """`digest` of exactly what would be written, moved or sent."""
    policy: str
    """The snapshot under which it was asked."""
    expires: float
    """POSIX seconds after which the yes is void."""
    card: str
    """The card and the place on it: `c-7f3a/0`."""


@dataclass(frozen=True, slots=True)
class Yes:
    """The user's yes to one request of a card, as the door hands it to the gate."""

    asked: Terms
    """What the card said."""
    token: str
    content: str
    """`digest` of what would be written, moved or sent now."""
    at: float
    """POSIX seconds: now, or when the very effect that goes on had begun."""
    spent: bool
    """The token was used before, for another effect than the one that goes on."""


def canonical(value: object) -> bytes:
    """Return one byte string for one value: equal values give equal bytes, others different ones.

    Raises:
        TypeError: The value is of a kind that no call holds.
    """
    if isinstance(value, Enum):
        return _tagged(b"e", [canonical(type(value).__name__), canonical(value.value)])
    if is_dataclass(value) and not isinstance(value, type):
        parts = [canonical(getattr(value, each.name)) for each in fields(value)]
        return _tagged(b"d", [canonical(type(value).__name__), *parts])
    match value:
        case None:
            return b"0:n"
        case bool() | int() | float() | str() | PurePath():
            plain = value.hex() if isinstance(value, float) else str(value)
            kind = type(value).__name__.encode() if not isinstance(value, PurePath) else b"path"
            return _tagged(kind, [plain.encode("utf-8", "surrogatepass")])
        case list() | tuple():
            return _tagged(b"l", [canonical(each) for each in value])
        case set() | frozenset():
            return _tagged(b"s", sorted(canonical(each) for each in value))
        case Mapping():
            pairs = [canonical([name, each]) for name, each in value.items()]
            return _tagged(b"m", sorted(pairs))
        case _:
            raise TypeError(f"a call holds no {type(value).__name__}")


def _tagged(kind: bytes, parts: Iterable[bytes]) -> bytes:
    """Join parts so that no other parts give the same bytes: each with its length before it."""
    held = b"".join(b"%d:%b" % (len(part), part) for part in parts)
    return b"%d:%b%b" % (len(kind) + len(held), kind, held)


def digest(value: object) -> str:
    """Return the BLAKE2b-256 of a value's canonical form, in hex."""
    return blake2b(canonical(value), digest_size=_BYTES).hexdigest()


def mint(key: bytes, terms: Terms) -> str:
    """Return the token for these terms, in hex.

    Args:
        key: The device's own key for approvals, up to 64 bytes.
        terms: What a yes would hold for.
    """
    still = replace(terms, request=timeless(terms.request))
    return blake2b(canonical(still), digest_size=_BYTES, key=key).hexdigest()


def timeless(request: Request) -> Request:
    """Return a request without what it merely meets: the time of day and the limits used up."""
    return replace(request, time="", day="", used=())


def fault(key: bytes, yes: Yes, request: Request, policy: str) -> str:
    """Say why a yes does not hold for a request; empty when it does.

    Args:
        key: The key that the token was made with.
        yes: The user's yes.
        request: What would happen now.
        policy: The snapshot in force now.
    """
    asked = yes.asked
    if yes.spent:
        return "your yes to it was used already"
    if not yes.at < asked.expires:
        return "your yes had expired"
    now = Terms(request, yes.content, policy, asked.expires, asked.card)
    if compare_digest(mint(key, now).encode(), yes.token.encode("utf-8", "replace")):
        return ""
    return _difference(asked, now)


def _difference(asked: Terms, now: Terms) -> str:
    """Name what is different; the token has already said that something is."""
    if asked.policy != now.policy:
        return "the policy was changed after you were asked"
    if asked.content != now.content:
        return "its content was changed after you were asked"
    if asked.request.label != now.request.label:
        return "more is known of the data now than when you were asked"
    if timeless(asked.request) != timeless(now.request):
        return "it is not the call that you were asked about"
    return "your yes does not belong to this card"
