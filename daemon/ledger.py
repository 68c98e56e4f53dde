"""Receipts: the append-only, hash-chained, signed ledger of every verdict, effect and crossing.

One canonical JSON line an entry, `hash = BLAKE2b(prev ‖ entry)`, written and synced before the
effect it speaks of. The head (number and hash of the last entry) is signed with the device's
Ed25519 key, so that a cut tail shows too. Content is not in it: a keyed digest stands for the
details, which are sealed in the daemon's database for `why` and *what left*. It judges nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doorward.daemon.codec import Json
from doorward.daemon.errors import NoRoom, Tampered
from doorward.daemon.vault import Seal, derive

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


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of a verification."""

    entries: int
    faults: tuple[str, ...]
    """Empty when every entry, the chain and the head hold."""
    signed: int = 0
    """How many entries the signed head covers."""


class Ledger:
    """The ledger file, its signed head, and the sealed details."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, seal: Seal, master: bytes
    ) -> None:
        """Open the ledger at `path`; a tail that a crash left unsigned is checked and signed.

        Raises:
            Tampered: The chain does not hold: nothing may be done until a person has looked.
        """
        self._path = path
        self._connection = connection
        self._seal = seal
        self._digest_key = derive(master, "receipt-digest")
        self._signer = signer(master)
        connection.execute(
            "CREATE TABLE IF NOT EXISTS receipt (n INTEGER PRIMARY KEY, objective TEXT NOT NULL,"
            " sealed BLOB NOT NULL) STRICT"
        )
        self._n, self._hash = self._open_tail()

    def _open_tail(self) -> tuple[int, str]:
        if not self._path.exists():
            if _head(self._path).exists():
                raise self._tampered("it is gone, and its signed head is still there")
            return 0, GENESIS
        self._drop_torn_line()
        check = verify(self._path, self._signer, unsigned_tail=True)
        if check.faults:
            raise self._tampered(check.faults[0])
        last = GENESIS
        for number, line in _lines(self._path):
            body = json.loads(line)
            if number > check.signed and not self._ours(body):
                raise self._tampered(f"entry {number} was not written by this daemon")
            last = body["hash"]
        self._sign(check.entries, last)
        return check.entries, last

    def _ours(self, body: Json) -> bool:
        """Tell whether we sealed the details of an entry: whoever lacks the key cannot have."""
        row = self._connection.execute(
            "SELECT sealed FROM receipt WHERE n = ? AND objective = ?",
            (body["n"], body["objective"]),
        ).fetchone()
        return row is not None and body["digest"] == self._digest(
            self._seal.open(row[0], f"receipt/{body['n']}")
        )

    def _digest(self, plain: bytes) -> str:
        return hashlib.blake2b(plain, key=self._digest_key, digest_size=32).hexdigest()

    def _tampered(self, fault: str) -> Tampered:
        error = Tampered(f"the receipt ledger {self._path} does not verify: {fault}")
        error.add_note(
            "hint: run doorward receipts verify; to start a new ledger, move the file and its"
            " .head away"
        )
        return error

    def _drop_torn_line(self) -> None:
        """Cut a last line without its newline: a crash in the middle of an append."""
        held = self._path.read_bytes()
        if held and not held.endswith(b"\n"):
            with self._path.open("r+b") as file:
                file.truncate(held.rfind(b"\n") + 1)

    def append(self, entries: Sequence[tuple[Entry, Json]]) -> None:
        """Write entries durably, in order; when this returns they are on disk.

        Args:
            entries: Each receipt with the details that are sealed for the user.

        Raises:
            NoRoom: It could not be written; whatever it was for must not happen.
        """
        if not entries:
            return
        n, last, lines, sealed = self._n, self._hash, [], []
        for entry, details in entries:
            n += 1
            plain = _canonical(details)
            body = {"n": n, **asdict(entry), "digest": self._digest(plain), "prev": last}
            last = _hash(body)
            lines.append(_canonical({**body, "hash": last}) + b"\n")
            sealed.append((n, entry.objective, self._seal.close(plain, f"receipt/{n}")))
        size = self._path.stat().st_size if self._path.exists() else 0
        try:
            self._connection.executemany("INSERT OR REPLACE INTO receipt VALUES (?, ?, ?)", sealed)
            self._write(b"".join(lines))
            self._sign(n, last)
        except (OSError, sqlite3.Error) as error:
            with contextlib.suppress(OSError):
                os.truncate(self._path, size)
            wrong = NoRoom(f"cannot write the receipt ledger {self._path}: {error}")
            wrong.add_note("hint: nothing was done; free some disk space and try again")
            raise wrong from error
        self._n, self._hash = n, last

    def _write(self, data: bytes) -> None:
        fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def _sign(self, n: int, last: str) -> None:
        head = {"n": n, "hash": last}
        signature = self._signer.sign(_canonical(head)).hex()
        temporary = _head(self._path).with_suffix(".new")
        with temporary.open("wb") as file:
            file.write(_canonical({**head, "signature": signature}))
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(_head(self._path))

    def details(self, objective: str) -> list[Json]:
        """Return what was sealed for an objective: each receipt with its details, in order."""
        rows = self._connection.execute(
            "SELECT n, sealed FROM receipt WHERE objective = ? ORDER BY n", (objective,)
        ).fetchall()
        found = (json.loads(line) for _, line in _lines(self._path)) if rows else ()
        held = {body["n"]: body for body in found if body["objective"] == objective}
        return [
            {**held[n], "details": json.loads(self._seal.open(sealed, f"receipt/{n}"))}
            for n, sealed in rows
            if n in held  # details without an entry: the entry could not be written
        ]


def signer(master: bytes) -> Ed25519PrivateKey:
    """Return the device's signing key."""
    return Ed25519PrivateKey.from_private_bytes(derive(master, "receipt-head"))


def verify(path: Path, key: Ed25519PrivateKey, *, unsigned_tail: bool = False) -> Check:
    """Check every line, the chain and the signed head of a ledger, offline.

    Args:
        path: The ledger file.
        key: The device's signing key; its public half checks the head.
        unsigned_tail: Accept valid entries after the signed head (a crash between the two writes).
    """
    faults: list[str] = []
    n, last, at_head = 0, GENESIS, None
    head = _read_head(path, key, faults)
    for number, line in _lines(path):
        n += 1
        fault = _fault(line, n, last)
        if fault:
            faults.append(f"line {number}: {fault}")
            break
        last = json.loads(line)["hash"]
        if head is not None and n == head[0]:
            at_head = last
    if not faults and not _whole(path):
        faults.append("the last line is not whole")
    if not faults and head is None and n and not unsigned_tail:
        faults.append("the signed head is missing")
    if not faults and head is not None:
        if head[0] and at_head != head[1]:
            faults.append(f"the ledger ends at entry {n}, the signed head at entry {head[0]}")
        elif n > head[0] and not unsigned_tail:
            faults.append(f"entries {head[0] + 1} to {n} are not covered by the signed head")
    return Check(n, tuple(faults), head[0] if head else 0)


def _fault(line: bytes, n: int, last: str) -> str:
    try:
        body = json.loads(line)
        canonical = _canonical(body)
    except (ValueError, RecursionError):
        return "is not an entry"
    if not isinstance(body, dict) or not isinstance(body.get("hash"), str):
        return "is not an entry"
    if canonical != line:
        return "is not in canonical form"
    claimed = body.pop("hash")
    if body.get("n") != n:
        return f"entry {body.get('n')} stands where entry {n} belongs"
    if body.get("prev") != last:
        return "does not follow the entry before it"
    if _hash(body) != claimed:
        return "was altered"
    return ""


def _read_head(path: Path, key: Ed25519PrivateKey, faults: list[str]) -> tuple[int, str] | None:
    try:
        raw = _head(path).read_bytes()
        held = json.loads(raw)
        signature = bytes.fromhex(held.pop("signature"))
        key.public_key().verify(signature, _canonical(held))
        if _canonical({**held, "signature": signature.hex()}) != raw:
            faults.append("the signed head is not in canonical form")
        return held["n"], held["hash"]
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, InvalidSignature):
        faults.append("the signature of the head does not hold")
        return None


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    held = path.read_bytes() if path.exists() else b""
    return enumerate(held.split(b"\n")[: -1 if held.endswith(b"\n") else None] if held else [], 1)


def _whole(path: Path) -> bool:
    held = path.read_bytes() if path.exists() else b""
    return not held or held.endswith(b"\n")


def _head(path: Path) -> Path:
    return path.with_suffix(".head")


def _canonical(value: object) -> bytes:
    return json.dumps(
        value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _hash(body: Json) -> str:
    return hashlib.blake2b(_canonical(body), digest_size=32).hexdigest()
