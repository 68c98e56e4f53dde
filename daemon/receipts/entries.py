"""Receipts: what the entries of the ledger say, their one written form, and the signed head.

One canonical JSON line an entry, `hash = BLAKE2b(entry with the hash before it)`. Content is not
in it: a keyed digest stands for the details, which are sealed in the daemon's database. Neither
writing (`ledger`) nor verifying (`check`) is here; both stand on this. Pure but for the
two files it reads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from doorward.daemon.objectives.codec import Json
from doorward.daemon.values.vault import derive

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """What one receipt says; `details` are sealed beside the ledger, never in it."""

    kind: str
    """`verdict` (before a step), `change` (before a file change), `crossing` (before a send)."""
    objective: str
    step: str
    tool: str
    effect: str
    decision: str
    rule: str
    line: int
    policy: str
    destination: str
    release: str
    count: int
    """How many requests of this kind and verdict the receipt covers."""
    size: int
    """Bytes that crossed; 0 for what stays."""
    at: str
    """ISO date and time, UTC."""
    sent: str = ""
    """For a message to the orchestrator: BLAKE2b-256 of its bytes, which carry a salt."""


@dataclass(frozen=True, slots=True)
class SessionBegun:
    """Something is about to go up in a session with this orchestrator; the first one pins its key.

    `seen` and `seen_hash` are where it says it saw this ledger last.
    """

    orchestrator: str
    key: str
    """Its Ed25519 public key in hexadecimal digits; empty: it shows none and signs nothing."""
    build: str
    seen: int
    seen_hash: str
    at: str
    objective: str = ""
    kind: str = "session"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The orchestrator's counter-signature for the message of one crossing."""

    of: int
    """The number of the entry that it confirms."""
    objective: str
    step: str
    orchestrator: str
    statement: Mapping[str, str | int]
    """What it signed: `cloud_bridge.received.Received`."""
    signature: str
    at: str
    """This device's time."""
    kind: str = "received"


@dataclass(frozen=True, slots=True)
class Disputed:
    """The orchestrator signed something else than was sent: kept as it came, as evidence."""

    orchestrator: str
    reason: str
    statement: str
    """The bytes in hexadecimal digits."""
    signature: str
    at: str
    objective: str = ""
    kind: str = "disputed"


@dataclass(frozen=True, slots=True)
class Unpinned:
    """The user's own command: forget this orchestrator's key, accept the next one it shows."""

    orchestrator: str
    at: str
    objective: str = ""
    kind: str = "unpinned"


@dataclass(frozen=True, slots=True)
class Renewed:
    """The user's own command: a new ledger; where the one before stood."""

    entries: int
    last: str
    """The hash of the last of them."""
    at: str
    objective: str = ""
    kind: str = "renewed"


Receipt: TypeAlias = Entry | SessionBegun | Confirmed | Disputed | Unpinned | Renewed


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes up with a crossing."""

    text: str = ""
    """For the user: the content that crosses, sealed in the details."""
    size: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The signed head: how many entries there are, and the hash of the last."""

    n: int
    hash: str


class BadHead(Exception):
    """The head file is not one that this device signed."""


def body_of(n: int, receipt: Receipt, digest: str, prev: str) -> Json:
    """Return an entry as it is written, still without its `mac` and `hash`."""
    return {"n": n, **asdict(receipt), "digest": digest, "prev": prev}


def canonical(value: object) -> bytes:
    """Return the one way in which a value is written."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False
    ).encode()


def hash_of(body: Json) -> str:
    """Return the hash of an entry without its own `hash`; the one before is in it as `prev`."""
    return hashlib.blake2b(canonical(body), digest_size=32).hexdigest()


def keyed(key: bytes, plain: bytes, size: int = 32) -> str:
    """Return a digest that only this device can make."""
    return hashlib.blake2b(plain, key=key, digest_size=size).hexdigest()


def signer(master: bytes) -> Ed25519PrivateKey:
    """Return the device's signing key."""
    return Ed25519PrivateKey.from_private_bytes(derive(master, "receipt-head"))


def device_key(master: bytes) -> Ed25519PublicKey:
    """Return the public half of the device's signing key: all that a verification needs."""
    return signer(master).public_key()


def head_path(ledger: Path) -> Path:
    """Return where the head of a ledger lies."""
    return ledger.with_suffix(".head")


def signed_head(head: Head, key: Ed25519PrivateKey) -> bytes:
    """Return the bytes of the head file."""
    held = {"n": head.n, "hash": head.hash}
    return canonical({**held, "signature": key.sign(canonical(held)).hex()})


def read_head(raw: bytes, key: Ed25519PublicKey) -> Head:
    """Return what a head file says.

    Raises:
        BadHead: It is not exactly what the device signed.
    """
    try:
        held = json.loads(raw)
        signature = bytes.fromhex(held.pop("signature"))
        key.verify(signature, canonical(held))
        if canonical({**held, "signature": signature.hex()}) != raw:
            raise BadHead("the signed head is not in canonical form")
        return Head(held["n"], held["hash"])
    except (
        InvalidSignature,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise BadHead("the signature of the head does not hold") from error


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; none for one that is not there."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
