"""Whom something went to before: recipients and hosts, sealed, under keyed digests of their names.

It is no list of friends and opens nothing: who is not in it is badged `new` on a card, and what
only looks like one of them is badged too. The door adds to it when something has gone out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b

from doorward.daemon.values.vault import Seal
from doorward.policies.lookalike import domain_of, looks

_NAME = "met"
_MOST = 2000
"""The latest that are compared for look-alikes."""


class Met:
    """Recipients and hosts that something went to."""

    def __init__(self, connection: sqlite3.Connection, seal: Seal, key: bytes) -> None:
        """Keep them in the table `met` of `connection`.

        Args:
            connection: The daemon's database.
            seal: Encrypts the names.
            key: For the digests under which they are found.
        """
        self._connection = connection
        self._seal = seal
        self._key = key
        connection.execute(
            "CREATE TABLE IF NOT EXISTS met"
            " (n INTEGER PRIMARY KEY, name BLOB UNIQUE NOT NULL, sealed BLOB NOT NULL) STRICT"
        )

    def add(self, names: Iterable[str]) -> None:
        """Remember that something went to these."""
        self._connection.executemany(
            "INSERT INTO met (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            [
                (self._digest(name), self._seal.close(name.encode("utf-8", "surrogatepass"), _NAME))
                for name in names
                if name
            ],
        )

    def has(self, name: str) -> bool:
        """Tell whether something went to exactly this one before."""
        row = self._connection.execute(
            "SELECT 1 FROM met WHERE name = ?", (self._digest(name),)
        ).fetchone()
        return row is not None

    def names(self) -> list[str]:
        """Return those that something went to, the latest first."""
        rows = self._connection.execute(
            "SELECT sealed FROM met ORDER BY n DESC LIMIT ?", (_MOST,)
        ).fetchall()
        return [self._seal.open(row[0], _NAME).decode("utf-8", "surrogatepass") for row in rows]

    def badges(self, address: str, known: Iterable[str]) -> tuple[str, ...]:
        """Say what is odd about an address; nothing for a value that is none.

        Args:
            address: A mail address, a URL or a host.
            known: Others that the user knows: the groups of the policy, the directory.
        """
        known = list(known)
        if not domain_of(address):
            return ()
        new = not self.has(address) and _plain(address) not in {_plain(each) for each in known}
        odd = looks(address, [*known, *self.names()]).badges
        return ("new", *odd) if new else odd

    def _digest(self, name: str) -> bytes:
        plain = _plain(name).encode("utf-8", "surrogatepass")
        return blake2b(plain, digest_size=16, key=self._key).digest()


def _plain(name: str) -> str:
    """Return an address in its one form; of a URL only the host counts."""
    return domain_of(name) if "://" in name else name.strip().casefold()
