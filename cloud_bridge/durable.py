"""One SQLite transaction, and the connection settings that make a commit mean "on the disk".

It holds no tables. Both ends' logs use it, and so does the daemon's store, which shares its
connection with the outbox so that an effect's record and its message commit together.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def connect(path: Path) -> sqlite3.Connection:
    """Open a database whose commits survive a crash: WAL, `synchronous=FULL`, full fsync.

    The connection is in autocommit mode (`isolation_level=None`); group writes in `transaction`.
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    # On macOS plain fsync does not reach the platter; elsewhere this changes nothing.
    connection.execute("PRAGMA fullfsync=1")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Commit everything inside, or nothing; joins a transaction that is already open.

    Args:
        connection: One with `isolation_level=None`.
    """
    if connection.in_transaction:
        yield connection
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may end the transaction by itself, or leave it open at the commit.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
