"""What an orchestrator signs of each message that it received, and who it says it is.

Values and their one canonical form, in JSON, so that whoever holds a ledger can check a signature
without the wire's schema. It signs nothing (`orchestrator.notary` does) and checks no signature
(the daemon does, against the key that it pinned). Pure.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b

from doorward.cloud_bridge.errors import Malformed

DOMAIN = b"doorward received 1\n"
"""Stands before every signed statement: the key signs nothing else by accident."""
MAX_STATEMENT = 8192
"""Bytes of one statement."""

_LONGEST = 500
_HEX = re.compile(r"(?:[0-9a-f]{64})?")
_WORDS = re.compile(r"[\x20-\x7e]{0,100}")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an orchestrator says it is."""

    name: str
    build: str
    """Its version and a digest of its code, as it says itself."""
    key: bytes
    """Its Ed25519 public key, 32 bytes."""


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """Where a device's receipt ledger stood: how many entries, and the hash of the last."""

    entries: int = 0
    hash: str = ""
    """64 hexadecimal digits; empty when there is no entry."""


@dataclass(frozen=True, slots=True)
class Received:
    """One message as the orchestrator has it on its disk."""

    device: str
    seq: int
    key: str
    """The message's name in the device's log."""
    objective: str
    digest: str
    """BLAKE2b-256 of the message's bytes as they were received, in hexadecimal digits."""
    entries: int
    """How many entries the device's ledger had, as the device said with this message."""
    head: str
    """The hash of the last of them."""
    at: str
    """The orchestrator's own time: ISO date and time, UTC."""
    build: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A statement with its signature, as they travel."""

    statement: bytes
    signature: bytes


def digest_of(body: bytes) -> str:
    """Return the digest of one message's bytes, in hexadecimal digits."""
    return blake2b(body, digest_size=32).hexdigest()


def statement_of(received: Received) -> bytes:
    """Return the one form in which a statement is signed and sent."""
    return json.dumps(asdict(received), sort_keys=True, separators=(",", ":")).encode()


def signed_part(statement: bytes) -> bytes:
    """Return the bytes that the signature covers."""
    return DOMAIN + statement


def read_statement(statement: bytes) -> Received:
    """Return what a statement says.

    Raises:
        Malformed: When it is not in its one form, or a field is longer than it may be.
    """
    wanted = {field.name: field.type for field in fields(Received)}
    try:
        held = json.loads(statement) if len(statement) <= MAX_STATEMENT else None
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict) or held.keys() != wanted.keys():
        raise Malformed("the orchestrator's statement is not one of this version")
    if not all(_fits(name, held[name], wanted[name] == "int") for name in wanted):
        raise Malformed("the orchestrator's statement holds a value that cannot be")
    received = Received(**held)
    if statement_of(received) != statement:
        raise Malformed("the orchestrator's statement is not in its one form")
    return received


def _fits(name: str, value: object, number: bool) -> bool:
    if number:
        return type(value) is int and 0 <= value < 2**63
    if not isinstance(value, str) or len(value) > _LONGEST:
        return False
    match name:
        case "digest" | "head":
            return _HEX.fullmatch(value) is not None
        case "at" | "build":  # the orchestrator's own words; the others are compared with ours
            return _WORDS.fullmatch(value) is not None
    return True
