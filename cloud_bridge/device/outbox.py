"""The device's two logs: what goes up and what came down, durable, ordered, each said once.

Not the link and not the store: both take the connection that the daemon opened, so that a message
and the record it belongs to commit together. The daemon puts and takes; `link` sends and stores.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from doorward.cloud_bridge.durable import transaction
from doorward.cloud_bridge.flow import link
from doorward.cloud_bridge.messages import Down, Up

REMEMBERED = 10_000
"""How many old keys are kept to recognise a message that is said twice."""

_TABLES = (
    # An entry without a body is over: its key alone is kept, to know it again.
    """CREATE TABLE IF NOT EXISTS outbox (
        place INTEGER PRIMARY KEY, seq INTEGER UNIQUE, key TEXT NOT NULL UNIQUE, body BLOB,
        chain BLOB)""",
    """CREATE TABLE IF NOT EXISTS inbox (
        place INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, body BLOB)""",
    """CREATE TABLE IF NOT EXISTS sync (
        one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL, up_head INTEGER NOT NULL,
        up_acked INTEGER NOT NULL, down_held INTEGER NOT NULL)""",
    "INSERT OR IGNORE INTO sync VALUES (1, lower(hex(randomblob(8))), 0, 0, 0)",
)


def create_tables(connection: sqlite3.Connection) -> None:
    """Create the tables of outbox, inbox and cursor where they are missing."""
    with transaction(connection):
        for statement in _TABLES:
            connection.execute(statement)


@dataclass(frozen=True, slots=True)
class Position:
    """Where the device's logs stand on its disk."""

    epoch: str
    """Names this life of the logs."""
    up_head: int
    up_acked: int
    down_held: int


def position(connection: sqlite3.Connection) -> Position:
    """Read where the logs stand."""
    row = connection.execute("SELECT epoch, up_head, up_acked, down_held FROM sync").fetchone()
    return Position(*row)


def begin_epoch(connection: sqlite3.Connection) -> None:
    """Start both logs anew, because the other end's cannot be joined to ours.

    What was not acknowledged is numbered again and sent again; both ends drop by key what they
    know already.
    """
    with transaction(connection):
        waiting = connection.execute(
            "SELECT place, key FROM outbox WHERE body IS NOT NULL ORDER BY place"
        ).fetchall()
        connection.execute("UPDATE outbox SET seq = NULL, chain = NULL")
        chain = b""
        for seq, (place, key) in enumerate(waiting, 1):
            chain = link(chain, key)
            connection.execute(
                "UPDATE outbox SET seq = ?, chain = ? WHERE place = ?", (seq, chain, place)
            )
        connection.execute(
            "UPDATE sync SET epoch = lower(hex(randomblob(8))), up_head = ?, up_acked = 0, "
            "down_held = 0",
            (len(waiting),),
        )


class Sealing(Protocol):
    """Encrypts what lies in a log; bound to the message's key."""

    def close(self, plain: bytes, name: str) -> bytes:
        """Seal."""
        ...

    def open(self, sealed: bytes, name: str) -> bytes:
        """Unseal."""
        ...


class Unsealed:
    """The twin: keeps bytes as they are."""

    def close(self, plain: bytes, name: str) -> bytes:
        """Return the bytes."""
        return plain

    def open(self, sealed: bytes, name: str) -> bytes:
        """Return the bytes."""
        return sealed


class Outbox:
    """What goes up."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        seal: Sealing | None = None,
        salt: Callable[[bytes], bytes] | None = None,
    ) -> None:
        """Use the daemon's connection; `create_tables` has run. Bodies lie sealed.

        Args:
            connection: The daemon's.
            seal: How bodies lie in the log.
            salt: What `codec.encode_up` salts each message with; the ledger's, so that a receipt's
                digest is the one of the bytes that go up.
        """
        self._connection = connection
        self._seal = seal or Unsealed()
        self._salt = salt

    def put(self, up: Up, key: str) -> None:
        """Add a message; part of the caller's transaction. The same key again does nothing.

        Raises:
            TooLarge: When it does not fit into one entry; nothing is added.
            Malformed: When it holds a value the wire cannot.
        """
        from doorward.cloud_bridge.codec import encode_up

        body = encode_up(up, self._salt)
        with transaction(self._connection) as connection:
            if connection.execute("SELECT 1 FROM outbox WHERE key = ?", (key,)).fetchone():
                return
            head = position(connection).up_head
            chain = link(self.chain(head), key)
            connection.execute("UPDATE sync SET up_head = ?", (head + 1,))
            connection.execute(
                "INSERT INTO outbox (seq, key, body, chain) VALUES (?, ?, ?, ?)",
                (head + 1, key, self._seal.close(body, key), chain),
            )

    def pending(self) -> int:
        """Return how many messages the other end has not acknowledged."""
        held = position(self._connection)
        return held.up_head - held.up_acked

    def chain(self, seq: int) -> bytes:
        """Return the hash chain at an entry; empty before the first and for one long forgotten."""
        row = self._connection.execute("SELECT chain FROM outbox WHERE seq = ?", (seq,)).fetchone()
        return b"" if row is None else bytes(row[0])

    def key(self, seq: int) -> str:
        """Return the key of an entry; empty for one that is unknown or long forgotten."""
        row = self._connection.execute("SELECT key FROM outbox WHERE seq = ?", (seq,)).fetchone()
        return "" if row is None else str(row[0])

    def rows(self, wanted: range) -> list[tuple[int, str, bytes]]:
        """Return `(seq, key, body)` of the wanted entries, in order."""
        found = self._connection.execute(
            "SELECT seq, key, body FROM outbox WHERE seq >= ? AND seq < ? AND body IS NOT NULL "
            "ORDER BY seq",
            (wanted.start, wanted.stop),
        )
        return [(seq, key, self._seal.open(body, key)) for seq, key, body in found]

    def acknowledged(self, seq: int) -> None:
        """Drop what the other end has on its disk; the newest keys stay known."""
        with transaction(self._connection) as connection:
            connection.execute("UPDATE outbox SET body = NULL WHERE seq <= ?", (seq,))
            connection.execute(
                "DELETE FROM outbox WHERE body IS NULL AND "
                "place < (SELECT max(place) FROM outbox) - ?",
                (REMEMBERED,),
            )
            connection.execute("UPDATE sync SET up_acked = max(up_acked, ?)", (seq,))


class Inbox:
    """What came down."""

    def __init__(self, connection: sqlite3.Connection, seal: Sealing | None = None) -> None:
        """Use the daemon's connection; `create_tables` has run. Bodies lie sealed."""
        self._connection = connection
        self._seal = seal or Unsealed()

    def store(self, seq: int, key: str, body: bytes) -> bool:
        """Keep an arrival; tell whether it says something new. Acknowledge after this returns."""
        with transaction(self._connection) as connection:
            connection.execute("UPDATE sync SET down_held = ?", (seq,))
            cursor = connection.execute(
                "INSERT INTO inbox (key, body) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
                (key, self._seal.close(body, key)),
            )
        return cursor.rowcount == 1

    def next(self) -> tuple[int, Down] | None:
        """Return the oldest message that is not done, with the number that `done` takes.

        Raises:
            Malformed: When its bytes are no message of this version.
        """
        from doorward.cloud_bridge.codec import decode_down

        row = self._connection.execute(
            "SELECT place, key, body FROM inbox WHERE body IS NOT NULL ORDER BY place LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        place, key, body = row
        return place, decode_down(self._seal.open(body, key))

    def drop_oldest(self) -> None:
        """Give up the oldest message that is not done: it cannot be read."""
        with transaction(self._connection) as connection:
            connection.execute(
                "UPDATE inbox SET body = NULL WHERE place ="
                " (SELECT min(place) FROM inbox WHERE body IS NOT NULL)"
            )

    def done(self, place: int) -> None:
        """Mark a message as handled; part of the caller's transaction."""
        with transaction(self._connection) as connection:
            connection.execute("UPDATE inbox SET body = NULL WHERE place = ?", (place,))
            connection.execute(
                "DELETE FROM inbox WHERE body IS NULL AND place < ?", (place - REMEMBERED,)
            )
