"""The anchor: where the receipt ledger stands, kept sealed in the daemon's database.

The ledger file and its head could be deleted or set back together and still hold; the anchor says
more than they. It does not verify (`check` does) and is written by `ledger` alone.
"""

from __future__ import annotations

import json
import sqlite3

from doorward.daemon.receipts.entries import Head, canonical
from doorward.daemon.values.vault import Seal

_NAME = "receipt-anchor"


class Anchor:
    """One sealed row."""

    def __init__(self, connection: sqlite3.Connection, seal: Seal) -> None:
        """Use the daemon's database."""
        self._connection = connection
        self._seal = seal
        connection.execute(
            "CREATE TABLE IF NOT EXISTS receipt_anchor"
            " (one INTEGER PRIMARY KEY CHECK (one = 1), sealed BLOB NOT NULL) STRICT"
        )

    def held(self) -> Head | None:
        """Return where the ledger stood at the last append; None when there never was one.

        Raises:
            Tampered: The row was altered.
        """
        return read_anchor(self._connection, self._seal)

    def put(self, head: Head) -> None:
        """Keep where the ledger stands; part of the caller's transaction."""
        sealed = self._seal.close(canonical({"n": head.n, "hash": head.hash}), _NAME)
        self._connection.execute("INSERT OR REPLACE INTO receipt_anchor VALUES (1, ?)", (sealed,))

    def forget(self) -> None:
        """Remember no ledger, by the user's own command; part of the caller's transaction."""
        self._connection.execute("DELETE FROM receipt_anchor")


def read_anchor(connection: sqlite3.Connection, seal: Seal) -> Head | None:
    """Return the anchor of a database, opened for reading alone; None when there is none.

    Raises:
        Tampered: The row was altered.
    """
    known = "SELECT 1 FROM sqlite_master WHERE name = 'receipt_anchor'"
    if connection.execute(known).fetchone() is None:
        return None
    row = connection.execute("SELECT sealed FROM receipt_anchor").fetchone()
    if row is None:
        return None
    held = json.loads(seal.open(row[0], _NAME))
    return Head(held["n"], held["hash"])
