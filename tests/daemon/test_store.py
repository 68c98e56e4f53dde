from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from doorward.daemon.errors import NoRoom
from doorward.daemon.store import Store, connect
from doorward.daemon.values.vault import Seal
from doorward.policies.vocabulary import ObjectiveId, ObjectiveState

from tests.daemon.events import ID, QUEUED

KEY = b"\x07" * 32


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "daemon.db")) as opened:
        yield opened


@pytest.fixture
def store(connection: sqlite3.Connection) -> Store:
    return Store(connection, Seal(KEY))


def test_an_objective_comes_back_and_is_replaced(store: Store) -> None:
    store.put(QUEUED)
    assert store.get(ID) == QUEUED
    done = replace(QUEUED, state=ObjectiveState.DONE, text="später \ud800")
    store.put(done)
    assert store.get(ID) == done
    assert store.get(ObjectiveId("o-2")) is None


def test_objectives_come_oldest_first_and_open_ones_alone(store: Store) -> None:
    for name, state in (("o-9", "done"), ("o-1", "working"), ("o-5", "queued")):
        store.put(replace(QUEUED, id=ObjectiveId(name), state=ObjectiveState(state)))
    store.put(replace(QUEUED, id=ObjectiveId("o-9"), state=ObjectiveState.DONE, reason="again"))
    assert [one.id for one in store.objectives()] == ["o-9", "o-1", "o-5"]
    assert [one.id for one in store.objectives(open_only=True)] == ["o-1", "o-5"]


def test_events_are_numbered_and_kept_apart(store: Store) -> None:
    first = store.log(ID, {"kind": "a"})
    store.log(ObjectiveId("o-2"), {"kind": "other"})
    second = store.log(ID, {"kind": "b", "text": "\ud800"})
    assert store.events(ID) == [(first, {"kind": "a"}), (second, {"kind": "b", "text": "\ud800"})]
    assert store.events(ID, first) == [(second, {"kind": "b", "text": "\ud800"})]


def test_a_transaction_is_all_or_nothing_and_nests(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.transaction():
        store.put(QUEUED)
        with store.transaction():
            store.log(ID, {"kind": "a"})
        raise ZeroDivisionError
    assert store.objectives() == []
    assert store.events(ID) == []


def test_a_database_that_cannot_be_written_says_what_to_do(
    store: Store, connection: sqlite3.Connection
) -> None:
    connection.execute("PRAGMA query_only = 1")
    with pytest.raises(NoRoom, match="could not be written") as caught, store.transaction():
        store.put(QUEUED)
    assert caught.value.__notes__
    assert not connection.in_transaction


def test_a_full_disk_leaves_the_state_of_before(
    store: Store, connection: sqlite3.Connection
) -> None:
    store.put(QUEUED)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(NoRoom, match="full"), store.transaction():
        store.put(replace(QUEUED, state=ObjectiveState.DONE))
        store.log(ID, {"kind": "x" * 100_000})
    assert store.get(ID) == QUEUED


def test_nothing_of_an_objective_is_plain_on_the_disk(tmp_path: Path, store: Store) -> None:
    store.put(replace(QUEUED, text="Zwetschgen"))
    store.log(ID, {"kind": "Zwetschgen"})
    for path in tmp_path.glob("daemon.db*"):
        assert b"Zwetschgen" not in path.read_bytes()


def test_the_file_is_for_the_user_alone(tmp_path: Path, connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE more (n)")
    for path in tmp_path.glob("daemon.db*"):
        assert path.stat().st_mode & 0o077 == 0, path.name


@pytest.mark.parametrize("what", ["folder", "nothing", "rubbish"])
def test_a_database_that_cannot_be_opened_says_what_to_do(tmp_path: Path, what: str) -> None:
    path = tmp_path / "gone" / "daemon.db"
    if what == "folder":
        path.mkdir(parents=True)
    elif what == "rubbish":
        path.parent.mkdir()
        path.write_bytes(b"this is no database, whatever it is" * 100)
    with pytest.raises(NoRoom, match="cannot open the database") as caught:
        connect(path)
    assert caught.value.__notes__


WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from doorward.daemon.store import Store, connect
from doorward.daemon.values.vault import Seal
from tests.daemon.events import ID, QUEUED

store = Store(connect(Path(sys.argv[1])), Seal(bytes([7]) * 32))
number = 0
while True:
    number += 1
    with store.transaction():
        store.put(replace(QUEUED, reason=str(number)))
        store.log(ID, {"n": number})
    print(number, flush=True)
"""


def test_a_kill_while_writing_loses_nothing_that_was_said_to_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "daemon.db"
    child = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    with child, child.stdout as said:
        for _ in range(20):
            last = int(said.readline())
        child.send_signal(signal.SIGKILL)
        last = int((said.read().splitlines() or [str(last)])[-1])
    with closing(connect(path)) as connection:
        store = Store(connection, Seal(KEY))
        held = store.get(ID)
        assert held is not None
        assert int(held.reason) >= last
        assert [event["n"] for _, event in store.events(ID)] == list(range(1, int(held.reason) + 1))
