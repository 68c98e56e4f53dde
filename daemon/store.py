"""The daemon's database: objectives and their events, sealed, in SQLite (WAL, synchronous FULL).

It owns the one connection that vault, outbox and inbox share, so that a state change and the
message it causes are one transaction. It decides nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from doorward.cloud_bridge import durable
from doorward.daemon.errors import NoRoom
from doorward.daemon.objectives import codec
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.values.vault import Seal
from doorward.policies.vocabulary import ObjectiveId

_TABLES = """
CREATE TABLE IF NOT EXISTS objective (
  id TEXT PRIMARY KEY, ended INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS event (
  n INTEGER PRIMARY KEY AUTOINCREMENT, objective TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS event_of ON event (objective, n);
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open (or make) the database at `path`, 0600.

    Raises:
        NoRoom: It cannot be opened or written.
    """
    try:
        path.touch(mode=0o600)
        connection = durable.connect(path)
        connection.executescript(_TABLES)
    except (OSError, sqlite3.Error) as error:
        wrong = NoRoom(f"cannot open the database {path}: {error}")
        wrong.add_note("hint: check free disk space and who owns the folder, then start again")
        raise wrong from error
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Make everything inside one durable step; nests into an open one.

    Raises:
        NoRoom: The disk is full; nothing inside has happened.
    """
    try:
        with durable.transaction(connection):
            yield
    except sqlite3.OperationalError as error:
        wrong = NoRoom(f"the database could not be written: {error}")
        wrong.add_note("hint: free some disk space; the objective goes on after a restart")
        raise wrong from error


class Store:
    """Objectives and their events."""

    def __init__(self, connection: sqlite3.Connection, seal: Seal) -> None:
        """Use a connection made by `connect`."""
        self._connection = connection
        self._seal = seal

    def transaction(self) -> AbstractContextManager[None]:
        """Make everything inside one durable step; see `transaction`."""
        return transaction(self._connection)

    def put(self, objective: Objective) -> None:
        """Keep an objective."""
        plain = json.dumps(codec.objective_to(objective), ensure_ascii=False).encode(
            "utf-8", "surrogatepass"
        )
        self._connection.execute(
            "INSERT INTO objective VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
            " SET ended = excluded.ended, sealed = excluded.sealed",
            (objective.id, objective.state.ended, self._seal.close(plain, objective.id)),
        )

    def get(self, objective: ObjectiveId) -> Objective | None:
        """Return an objective, or None when there is none of that id."""
        row = self._connection.execute(
            "SELECT sealed FROM objective WHERE id = ?", (objective,)
        ).fetchone()
        return self._open(objective, row[0]) if row else None

    def objectives(self, *, open_only: bool = False) -> list[Objective]:
        """Return objectives, oldest first."""
        rows = self._connection.execute(
            "SELECT id, sealed FROM objective WHERE NOT (? AND ended) ORDER BY rowid", (open_only,)
        ).fetchall()
        return [self._open(objective, sealed) for objective, sealed in rows]

    def _open(self, objective: str, sealed: bytes) -> Objective:
        plain = self._seal.open(sealed, objective).decode("utf-8", "surrogatepass")
        return codec.objective_from(json.loads(plain))

    def log(self, objective: ObjectiveId, event: codec.Json) -> int:
        """Append an event for the faces; return its number."""
        plain = json.dumps(event, ensure_ascii=False).encode("utf-8", "surrogatepass")
        cursor = self._connection.execute(
            "INSERT INTO event (objective, sealed) VALUES (?, ?)",
            (objective, self._seal.close(plain, f"{objective}/event")),
        )
        return cursor.lastrowid or 0

    def events(self, objective: ObjectiveId, after: int = 0) -> list[tuple[int, codec.Json]]:
        """Return the events of an objective after number `after`, in order."""
        rows = self._connection.execute(
            "SELECT n, sealed FROM event WHERE objective = ? AND n > ? ORDER BY n",
            (objective, after),
        ).fetchall()
        name = f"{objective}/event"
        return [
            (n, json.loads(self._seal.open(sealed, name).decode("utf-8", "surrogatepass")))
            for n, sealed in rows
        ]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
