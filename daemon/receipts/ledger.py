"""The ledger: appends receipts, durably and before the effect they speak of. It judges nothing.

Order of one append: the lines are synced; then the details and the anchor (number and hash of the
last entry, sealed) commit in the daemon's database; then the head is signed. So the file is never
shorter than the anchor says, and one that is was set back. A tail that a crash left beyond anchor
or head carries a keyed digest that only this device can make. The door and the witness append.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from array import array
from collections.abc import Sequence
from pathlib import Path

from doorward.cloud_bridge.durable import transaction
from doorward.daemon.errors import NoRoom, Tampered
from doorward.daemon.objectives.codec import Json
from doorward.daemon.receipts.anchor import Anchor
from doorward.daemon.receipts.check import Check, lines_of, verify
from doorward.daemon.receipts.entries import (
    GENESIS,
    Head,
    Receipt,
    body_of,
    canonical,
    device_key,
    hash_of,
    head_path,
    keyed,
    read_bytes,
    signed_head,
    signer,
)
from doorward.daemon.receipts.pairs import Pairs
from doorward.daemon.values.vault import Seal, derive

_MAC = 16
"""Bytes of the keyed digest of an entry."""


class Ledger:
    """The ledger file, its signed head, and the sealed details."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, seal: Seal, master: bytes
    ) -> None:
        """Open the ledger at `path`; a tail that a crash left unsigned is checked and signed.

        Raises:
            Tampered: It does not hold: nothing may be done until a person has looked.
        """
        self._path = path
        self._connection = connection
        self._seal = seal
        self._digest_key = derive(master, "receipt-digest")
        self._salt_key = derive(master, "receipt-salt")
        self._entry_key = derive(master, "receipt-entry")
        self._signer = signer(master)
        self._public = device_key(master)
        connection.execute(
            "CREATE TABLE IF NOT EXISTS receipt (n INTEGER PRIMARY KEY, objective TEXT NOT NULL,"
            " sealed BLOB NOT NULL) STRICT"
        )
        self._anchor = Anchor(connection, seal)
        self._starts = array("Q")
        """Where each line starts: entries are found again without being held."""
        self._size = 0
        self.pairs = Pairs()
        """Who is pinned, and which crossings wait for a counter-signature."""
        self._head = self._open()

    # --- opening ------------------------------------------------------------------------------

    def _open(self) -> Head:
        anchor = self._anchor.held()
        if not self._path.exists():
            if head_path(self._path).exists():
                raise self._tampered("it is gone, and its signed head is still there")
            if anchor.n if anchor else self._kept():
                raise self._tampered("it is gone with its head, and the database remembers it")
            none = Head(0, GENESIS)
            self._anchor.put(none)
            return none
        self._drop_torn_line()
        check = verify(self._path, self._public, anchor=anchor, unsigned_tail=True)
        if check.faults:
            raise self._tampered(check.faults[0])
        lines = lines_of(read_bytes(self._path))
        self._check_tail(check, lines, anchor)
        self.pairs = check.pairs
        for line in lines:
            self._starts.append(self._size)
            self._size += len(line) + 1
        head = Head(check.entries, check.hashes[-1] if check.hashes else GENESIS)
        if anchor != head:
            self._anchor.put(head)
        if check.signed != head.n:
            self._sign(head)
        return head

    def _check_tail(self, check: Check, lines: list[bytes], anchor: Head | None) -> None:
        """Accept entries that the head does not cover only if this device wrote them."""
        for line in lines[check.signed :]:
            body = json.loads(line)
            if body.get("mac") != self._mac(body):
                raise self._tampered(f"entry {body['n']} was not written by this daemon")
        if anchor is None and any(b'"mac":' in line for line in lines):
            raise self._tampered("the database does not remember it")

    def _kept(self) -> bool:
        return self._connection.execute("SELECT 1 FROM receipt LIMIT 1").fetchone() is not None

    def _mac(self, body: Json) -> str:
        plain = {name: value for name, value in body.items() if name not in {"mac", "hash"}}
        return keyed(self._entry_key, canonical(plain), _MAC)

    def _tampered(self, fault: str) -> Tampered:
        error = Tampered(f"the receipt ledger {self._path} does not verify: {fault}")
        error.add_note(
            "hint: run doorward receipts verify; doorward receipts renew puts this ledger aside"
            " and starts a new one that says so"
        )
        return error

    def _drop_torn_line(self) -> None:
        """Cut a last line without its newline: a crash in the middle of an append."""
        held = self._path.read_bytes()
        if held and not held.endswith(b"\n"):
            with self._path.open("r+b") as file:
                file.truncate(held.rfind(b"\n") + 1)

    # --- appending ----------------------------------------------------------------------------

    def append(self, entries: Sequence[tuple[Receipt, Json]]) -> None:
        """Write entries durably, in order; when this returns they are on disk.

        Args:
            entries: Each receipt with the details that are sealed for the user.

        Raises:
            NoRoom: It could not be written; whatever it was for must not happen.
            Tampered: The file is not as this daemon left it; nothing may happen.
        """
        if not entries:
            return
        head, bodies, sealed = self._head, [], []
        for receipt, details in entries:
            plain = canonical(details)
            body = body_of(head.n + 1, receipt, keyed(self._digest_key, plain), head.hash)
            body["mac"] = self._mac(body)
            body["hash"] = hash_of(body)
            head = Head(body["n"], body["hash"])
            bodies.append(body)
            sealed.append((head.n, receipt.objective, self._seal.close(plain, f"receipt/{head.n}")))
        lines = [canonical(body) + b"\n" for body in bodies]
        self._check_size()
        try:
            self._commit(b"".join(lines), sealed, head)
        except (OSError, sqlite3.Error) as error:
            with contextlib.suppress(OSError):
                os.truncate(self._path, self._size)
            raise self._no_room(error) from error
        self._advance(head, bodies, lines)
        try:
            self._sign(head)
        except OSError as error:  # the entries stay; the next head covers them
            raise self._no_room(error) from error

    def _commit(self, data: bytes, sealed: list[tuple[int, str, bytes]], head: Head) -> None:
        self._write(data)
        with transaction(self._connection):
            self._connection.executemany("INSERT OR REPLACE INTO receipt VALUES (?, ?, ?)", sealed)
            self._anchor.put(head)

    def _advance(self, head: Head, bodies: list[Json], lines: list[bytes]) -> None:
        for body, line in zip(bodies, lines, strict=True):
            self._starts.append(self._size)
            self._size += len(line)
            self.pairs.note(body)
        self._head = head

    def _check_size(self) -> None:
        size = self._path.stat().st_size if self._path.exists() else 0
        if size != self._size:
            raise self._tampered(f"it has {size} bytes, this daemon left {self._size}")

    def _no_room(self, error: Exception) -> NoRoom:
        wrong = NoRoom(f"cannot write the receipt ledger {self._path}: {error}")
        wrong.add_note("hint: nothing was done; free some disk space and try again")
        return wrong

    def _write(self, data: bytes) -> None:
        fresh = not self._starts
        fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if fresh:
            _sync_folder(self._path.parent)

    def _sign(self, head: Head) -> None:
        temporary = head_path(self._path).with_suffix(".new")
        with temporary.open("wb") as file:
            file.write(signed_head(head, self._signer))
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(head_path(self._path))

    # --- reading ------------------------------------------------------------------------------

    @property
    def head(self) -> Head:
        """Return where the ledger stands."""
        return self._head

    def hash_at(self, n: int) -> str:
        """Return the hash of an entry; empty for one that there is not."""
        if not 0 < n <= len(self._starts):
            return ""
        with self._path.open("rb") as file:
            file.seek(self._starts[n - 1])
            return str(json.loads(file.readline())["hash"])

    def salt(self, plain: bytes) -> bytes:
        """Return the salt of a message: random to others, the same for the same bytes.

        So a message that is made again after a crash has the digest that its receipt holds.
        """
        return bytes.fromhex(keyed(self._salt_key, plain, 16))

    def details(self, objective: str) -> list[Json]:
        """Return what was sealed for an objective: each receipt with its details, in order."""
        rows = self._connection.execute(
            "SELECT n, sealed FROM receipt WHERE objective = ? ORDER BY n", (objective,)
        ).fetchall()
        found = (json.loads(line) for line in lines_of(read_bytes(self._path))) if rows else ()
        held = {body["n"]: body for body in found if body["objective"] == objective}
        return [
            {**held[n], "details": json.loads(self._seal.open(sealed, f"receipt/{n}"))}
            for n, sealed in rows
            if n in held  # details without an entry: the entry could not be written
        ]


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
