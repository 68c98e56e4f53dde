"""The orchestrator's tables: one log each way a device, the objectives, the messages not yet taken.

No decisions here: `turn` makes them, `service` and `work` call this. Every method runs in the
caller's transaction, or in one of its own; the same class serves the service's connection and the
one inside a durable turn's commit.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from doorward.cloud_bridge.codec import encode_down
from doorward.cloud_bridge.durable import transaction
from doorward.cloud_bridge.flow import link
from doorward.cloud_bridge.messages import Outcome
from doorward.cloud_bridge.orchestrator.turn import Keyed, Phase, Row, say_again
from doorward.cloud_bridge.plan_codec import decode_plan, encode_plan
from doorward.cloud_bridge.received import LedgerHead, Proof
from doorward.policies.vocabulary import Influence, ObjectiveId, StepId

_TABLES = (
    """CREATE TABLE IF NOT EXISTS device (
        device TEXT PRIMARY KEY, epoch TEXT NOT NULL, term INTEGER NOT NULL,
        up_held INTEGER NOT NULL, down_head INTEGER NOT NULL, down_acked INTEGER NOT NULL,
        tools BLOB NOT NULL, chain BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS inbox (
        arrival INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, key TEXT NOT NULL,
        objective TEXT NOT NULL, body BLOB, UNIQUE (device, key))""",
    "CREATE INDEX IF NOT EXISTS inbox_waiting ON inbox (arrival) WHERE body IS NOT NULL",
    """CREATE TABLE IF NOT EXISTS outbox (
        device TEXT NOT NULL, seq INTEGER NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (device, seq)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS objective (
        device TEXT NOT NULL, id TEXT NOT NULL, phase TEXT NOT NULL, plan BLOB,
        understood TEXT NOT NULL, due TEXT, outcomes TEXT NOT NULL, influence TEXT NOT NULL,
        reason TEXT NOT NULL, nearest TEXT NOT NULL, PRIMARY KEY (device, id)) WITHOUT ROWID""",
    # What was signed and the device may not have yet; and where its ledger stood when last heard.
    """CREATE TABLE IF NOT EXISTS signed (
        device TEXT NOT NULL, seq INTEGER NOT NULL, statement BLOB NOT NULL,
        signature BLOB NOT NULL, PRIMARY KEY (device, seq)) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS witnessed (
        device TEXT PRIMARY KEY, entries INTEGER NOT NULL, head TEXT NOT NULL) WITHOUT ROWID""",
)


def encode(said: Iterable[Keyed]) -> list[tuple[str, bytes]]:
    """Return messages as the entries that `Log.say` takes.

    Raises:
        BridgeError: When one fits no entry.
    """
    return [(each.key, encode_down(each.down)) for each in said]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one device's logs stand here."""

    epoch: str
    term: int
    up_held: int
    down_head: int
    down_acked: int
    chain: bytes
    """The hash chain over the keys of the device's log at `up_held`."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is stored and not yet taken."""

    arrival: int
    device: str
    objective: ObjectiveId
    body: bytes


class Log:
    """The tables over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use a connection on which `create_tables` has run at some time."""
        self._connection = connection

    def create_tables(self) -> None:
        """Create the tables where they are missing."""
        with transaction(self._connection) as connection:
            for statement in _TABLES:
                connection.execute(statement)

    def transaction(self) -> AbstractContextManager[object]:
        """Make everything inside one durable step; joins one that is open."""
        return transaction(self._connection)

    # -- devices ---------------------------------------------------------------------------------

    def standing(self, device: str) -> Standing | None:
        """Return where a device's logs stand; None for a device never seen."""
        row = self._connection.execute(
            "SELECT epoch, term, up_held, down_head, down_acked, chain FROM device "
            "WHERE device = ?",
            (device,),
        ).fetchone()
        return None if row is None else Standing(*row)

    def greet(self, device: str, epoch: str, tools: bytes) -> Standing:
        """Begin a session: raise the term; on a new epoch start both logs anew.

        In a new epoch the device may have lost anything: it hears again where every objective
        stands, and drops by key what it knows.
        """
        with transaction(self._connection) as connection:
            known = self.standing(device)
            if known is None or known.epoch != epoch:
                connection.execute("DELETE FROM outbox WHERE device = ?", (device,))
                connection.execute("DELETE FROM signed WHERE device = ?", (device,))
                term = 0 if known is None else known.term
                connection.execute(
                    "INSERT OR REPLACE INTO device VALUES (?, ?, ?, 0, 0, 0, x'', x'')",
                    (device, epoch, term),
                )
                for row in self.objectives(device):
                    self.say(device, encode(say_again(row)))
            connection.execute(
                "UPDATE device SET term = term + 1, tools = ? WHERE device = ?", (tools, device)
            )
            standing = self.standing(device)
        if standing is None:
            msg = f"cannot greet {device}: its row is gone"
            raise sqlite3.IntegrityError(msg)
        return standing

    def tools(self, device: str) -> bytes:
        """Return the catalogue of the device's last Hello, as `codec.encode_tools` wrote it."""
        row = self._connection.execute(
            "SELECT tools FROM device WHERE device = ?", (device,)
        ).fetchone()
        return b"" if row is None else bytes(row[0])

    # -- up --------------------------------------------------------------------------------------

    def keep(self, device: str, seq: int, key: str, objective: str, body: bytes) -> int | None:
        """Store an arrival; return its number, or None when its key is known already."""
        with transaction(self._connection) as connection:
            standing = self.standing(device)
            chain = link(b"" if standing is None else standing.chain, key)
            connection.execute(
                "UPDATE device SET up_held = ?, chain = ? WHERE device = ?", (seq, chain, device)
            )
            cursor = connection.execute(
                "INSERT INTO inbox (device, key, objective, body) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (device, key) DO NOTHING",
                (device, key, objective, body),
            )
        return cursor.lastrowid if cursor.rowcount == 1 else None

    def keep_signed(self, device: str, seq: int, proof: Proof, head: LedgerHead) -> None:
        """Store what was signed for an entry, and the head that the device sent with it."""
        with transaction(self._connection) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO signed VALUES (?, ?, ?, ?)",
                (device, seq, proof.statement, proof.signature),
            )
            connection.execute(
                "INSERT OR REPLACE INTO witnessed VALUES (?, ?, ?)",
                (device, head.entries, head.hash),
            )

    def signed(self, device: str, wanted: range) -> list[Proof]:
        """Return what was signed for the wanted entries, in order."""
        found = self._connection.execute(
            "SELECT statement, signature FROM signed WHERE device = ? AND seq >= ? AND seq < ? "
            "ORDER BY seq",
            (device, wanted.start, wanted.stop),
        )
        return [Proof(statement, signature) for statement, signature in found]

    def drop_signed(self, device: str, seq: int) -> None:
        """Drop what the device has of our signatures: those up to this entry."""
        with transaction(self._connection) as connection:
            connection.execute("DELETE FROM signed WHERE device = ? AND seq <= ?", (device, seq))

    def witnessed(self, device: str) -> LedgerHead:
        """Return where a device's receipt ledger stood when it last spoke."""
        row = self._connection.execute(
            "SELECT entries, head FROM witnessed WHERE device = ?", (device,)
        ).fetchone()
        return LedgerHead() if row is None else LedgerHead(*row)

    def waiting(self, arrival: int | None = None) -> list[Waiting]:
        """Return the messages not yet taken, oldest first; or just that one, if it still waits."""
        one = "" if arrival is None else "AND arrival = ? "
        rows = self._connection.execute(
            "SELECT arrival, device, objective, body FROM inbox "  # noqa: S608 - two fixed texts
            "WHERE body IS NOT NULL "
            f"{one}ORDER BY arrival",
            () if arrival is None else (arrival,),
        )
        return [Waiting(row[0], row[1], ObjectiveId(row[2]), row[3]) for row in rows]

    def taken(self, arrival: int) -> None:
        """Mark a message as taken; its key stays, to know it again."""
        with transaction(self._connection) as connection:
            connection.execute("UPDATE inbox SET body = NULL WHERE arrival = ?", (arrival,))

    # -- down ------------------------------------------------------------------------------------

    def say(self, device: str, entries: Iterable[tuple[str, bytes]]) -> None:
        """Add `(key, body)` entries to a device's log."""
        with transaction(self._connection) as connection:
            for key, body in entries:
                connection.execute(
                    "UPDATE device SET down_head = down_head + 1 WHERE device = ?", (device,)
                )
                connection.execute(
                    "INSERT INTO outbox SELECT device, down_head, ?, ? FROM device "
                    "WHERE device = ?",
                    (key, body, device),
                )

    def rows(self, device: str, wanted: range) -> list[tuple[int, str, bytes]]:
        """Return `(seq, key, body)` of the wanted entries of a device's log, in order."""
        found = self._connection.execute(
            "SELECT seq, key, body FROM outbox WHERE device = ? AND seq >= ? AND seq < ? "
            "ORDER BY seq",
            (device, wanted.start, wanted.stop),
        )
        return found.fetchall()

    def acknowledged(self, device: str, seq: int) -> None:
        """Drop what the device has on its disk."""
        with transaction(self._connection) as connection:
            connection.execute("DELETE FROM outbox WHERE device = ? AND seq <= ?", (device, seq))
            connection.execute(
                "UPDATE device SET down_acked = max(down_acked, ?) WHERE device = ?",
                (seq, device),
            )

    # -- objectives ------------------------------------------------------------------------------

    def objective(self, device: str, objective: ObjectiveId) -> Row | None:
        """Return one objective; None if it is not known."""
        found = self._connection.execute(
            f"SELECT {_COLUMNS} FROM objective WHERE device = ? AND id = ?",  # noqa: S608 - fixed
            (device, objective),
        ).fetchone()
        return None if found is None else _row(found)

    def objectives(self, device: str) -> list[Row]:
        """Return every objective of a device."""
        found = self._connection.execute(
            f"SELECT {_COLUMNS} FROM objective WHERE device = ? ORDER BY id",  # noqa: S608 - fixed
            (device,),
        )
        return [_row(each) for each in found.fetchall()]

    def put(self, device: str, row: Row) -> None:
        """Store an objective as it is now."""
        values = (
            device,
            row.objective,
            row.phase.value,
            None if row.plan is None else encode_plan(row.plan),
            row.understood,
            row.due,
            json.dumps(dict(row.outcomes or {})),
            row.influence.value,
            row.reason,
            json.dumps(row.nearest),
        )
        with transaction(self._connection) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO objective VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values
            )


_COLUMNS = "id, phase, plan, understood, due, outcomes, influence, reason, nearest"


def _row(found: tuple[str, str, bytes | None, str, str | None, str, str, str, str]) -> Row:
    objective, phase, plan, understood, due, outcomes, influence, reason, nearest = found
    return Row(
        ObjectiveId(objective),
        Phase(phase),
        None if plan is None else decode_plan(plan),
        understood,
        None if due is None else StepId(due),
        {StepId(step): Outcome(how) for step, how in json.loads(outcomes).items()},
        Influence(influence),
        reason,
        tuple(json.loads(nearest)),
    )
