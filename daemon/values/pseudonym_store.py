"""Pseudonyms at rest: the map of each objective, or the one of all of them, sealed in the database.

It gives no pseudonyms (`policies.pseudonyms` does) and decides nothing. `daemon.door.releases`
calls it.
"""

from __future__ import annotations

import json
import sqlite3

from doorward.daemon.values.vault import Seal
from doorward.policies.detect.findings import Kind
from doorward.policies.pseudonyms import Entry, PseudonymMap


class PseudonymStore:
    """Maps by scope, in the daemon's database."""

    def __init__(self, connection: sqlite3.Connection, seal: Seal) -> None:
        """Keep sealed maps in the table `pseudonym` of `connection`."""
        self._connection = connection
        self._seal = seal
        connection.execute(
            "CREATE TABLE IF NOT EXISTS pseudonym"
            " (scope TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT"
        )

    def get(self, scope: str) -> PseudonymMap:
        """Return the map of a scope; an empty one when there is none.

        Raises:
            Tampered: The stored bytes were altered.
        """
        row = self._connection.execute(
            "SELECT sealed FROM pseudonym WHERE scope = ?", (scope,)
        ).fetchone()
        if row is None:
            return PseudonymMap()
        plain = self._seal.open(row[0], _name(scope)).decode("utf-8", "surrogatepass")
        return PseudonymMap(tuple(Entry(Kind(kind), *rest) for kind, *rest in json.loads(plain)))

    def put(self, scope: str, held: PseudonymMap) -> None:
        """Keep the map of a scope in place of the one before."""
        rows = [[e.kind, e.identity, e.surface, e.pseudonym, e.number] for e in held.entries]
        plain = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        sealed = self._seal.close(plain.encode("utf-8", "surrogatepass"), _name(scope))
        self._connection.execute("INSERT OR REPLACE INTO pseudonym VALUES (?, ?)", (scope, sealed))


def _name(scope: str) -> str:
    return f"pseudonyms/{scope}"
