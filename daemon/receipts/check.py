"""Verifying a ledger: the chain, the signed head, the anchor, every counter-signature. Offline.

It needs public keys alone: the device's, given; the orchestrators', pinned in the ledger's own
chain. It writes nothing and needs no daemon. `ledger` calls it when it opens, `doorward receipts
verify` for the user, here or on another machine.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from doorward.daemon.objectives.codec import Json
from doorward.daemon.receipts.entries import (
    GENESIS,
    BadHead,
    Head,
    canonical,
    hash_of,
    head_path,
    read_bytes,
    read_head,
)
from doorward.daemon.receipts.pairs import Pairs

_TRIES = 5
"""A daemon may be writing: how often to look again for a moment in which the files agree."""


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of a verification."""

    entries: int
    faults: tuple[str, ...]
    """Empty when every entry, the chain, the head, the anchor and every counter-signature hold.

    What an orchestrator signed falsely is no fault of the ledger: `pairs.open_disputes`.
    """
    signed: int = 0
    """How many entries the signed head covers."""
    pairs: Pairs = field(default_factory=Pairs)
    """Crossings and what confirms them."""
    hashes: tuple[str, ...] = ()
    """The hash of each entry, in order."""


@dataclass(frozen=True, slots=True)
class Files:
    """The bytes of a ledger and its head, read at one moment."""

    ledger: bytes
    head: bytes
    has_head: bool


def read_files(path: Path) -> Files:
    """Read a ledger and its head so that they belong together."""
    for _ in range(_TRIES):
        head = read_bytes(head_path(path))
        ledger = read_bytes(path)
        if read_bytes(head_path(path)) == head:
            break
    return Files(ledger, head, head_path(path).exists())


def verify(
    path: Path, key: Ed25519PublicKey, *, anchor: Head | None = None, unsigned_tail: bool = False
) -> Check:
    """Check every line, the chain, the signed head and every counter-signature of a ledger.

    Args:
        path: The ledger file; its head lies beside it.
        key: The device's public key.
        anchor: Where the daemon's database says the ledger stands; None where there is none.
        unsigned_tail: Accept valid entries after the signed head (a crash between the two writes).
    """
    return verify_files(read_files(path), key, anchor=anchor, unsigned_tail=unsigned_tail)


def verify_files(
    files: Files, key: Ed25519PublicKey, *, anchor: Head | None = None, unsigned_tail: bool = False
) -> Check:
    """Check the bytes of a ledger; arguments as for `verify`."""
    faults: list[str] = []
    head: Head | None = None
    if files.has_head:
        try:
            head = read_head(files.head, key)
        except BadHead as error:
            faults.append(str(error))
    bodies, broken = _chain(files.ledger)
    hashes = tuple(body["hash"] for body in bodies)
    if broken:
        faults.append(broken)
    if not faults:
        faults += _covered(hashes, head, unsigned_tail=unsigned_tail)
    if not faults and anchor is not None and not holds(hashes, anchor):
        faults.append(
            f"the database knows of {anchor.n} entries, this ledger has {len(hashes)} and does not"
            " hold that one: it was set back"
        )
    pairs = Pairs()
    if not faults:
        for body in bodies:
            fault = pairs.take(body, hashes)
            if fault:
                faults.append(f"entry {body['n']}: {fault}")
                break
    return Check(len(bodies), tuple(faults), head.n if head else 0, pairs, hashes)


def holds(hashes: tuple[str, ...], head: Head) -> bool:
    """Tell whether a ledger with these hashes holds the entry that a head names."""
    if head.n == 0:
        return True
    return head.n <= len(hashes) and hashes[head.n - 1] == head.hash


def lines_of(held: bytes) -> list[bytes]:
    """Return the lines of a ledger; a last one without its newline counts."""
    return held.split(b"\n")[: -1 if held.endswith(b"\n") else None] if held else []


def _chain(held: bytes) -> tuple[list[Json], str]:
    """Return the entries up to the first that does not hold, and what is wrong with that one."""
    bodies: list[Json] = []
    last = GENESIS
    for n, line in enumerate(lines_of(held), 1):
        body = _entry(line)
        fault = _fault(body, line, n, last) if body is not None else "is not an entry"
        if body is None or fault:
            return bodies, f"line {n}: {fault}"
        last = body["hash"]
        bodies.append(body)
    if held and not held.endswith(b"\n"):
        return bodies, "the last line is not whole"
    return bodies, ""


def _entry(line: bytes) -> Json | None:
    try:
        body = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) and isinstance(body.get("hash"), str) else None


def _fault(body: Json, line: bytes, n: int, last: str) -> str:
    try:
        if canonical(body) != line:
            return "is not in canonical form"
    except (ValueError, RecursionError):
        return "is not an entry"
    if body.get("n") != n:
        return f"entry {body.get('n')} stands where entry {n} belongs"
    if body.get("prev") != last:
        return "does not follow the entry before it"
    if hash_of({name: value for name, value in body.items() if name != "hash"}) != body["hash"]:
        return "was altered"
    return ""


def _covered(hashes: tuple[str, ...], head: Head | None, *, unsigned_tail: bool) -> list[str]:
    n = len(hashes)
    if head is None:
        return ["the signed head is missing"] if n and not unsigned_tail else []
    if not holds(hashes, head):
        return [f"the ledger ends at entry {n}, the signed head at entry {head.n}"]
    if n > head.n and not unsigned_tail:
        return [f"entries {head.n + 1} to {n} are not covered by the signed head"]
    return []
