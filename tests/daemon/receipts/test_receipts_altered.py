"""Whatever is altered in a ledger with counter-signatures is found, offline."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import pytest
from doorward.daemon.errors import Tampered
from doorward.daemon.receipts.check import Files, verify_files
from doorward.daemon.receipts.entries import (
    Head,
    canonical,
    device_key,
    hash_of,
    signed_head,
    signer,
)
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.values.vault import Seal, derive
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.bench.altering import ALTERATIONS, MASTER, Alter, Made, make


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("ledger") / "receipts.jsonl", 200)


def test_the_ledger_as_it_was_made_holds(made: Made) -> None:
    check = verify_files(made.files, device_key(MASTER), anchor=made.anchor)
    assert check.faults == ()
    assert check.entries >= 200
    assert check.pairs.confirmed == check.pairs.crossings > 60


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.sampled_from(ALTERATIONS), st.integers(0, 2**32))
def test_every_alteration_is_found(made: Made, alter: Alter, seed: int) -> None:
    files = alter(made, random.Random(seed))  # noqa: S311  # which byte, not a secret
    assert made.found(files) or files == made.files


def test_a_ledger_and_head_that_are_set_back_together_hold_but_for_the_anchor(made: Made) -> None:
    for older in made.older:
        assert verify_files(older, device_key(MASTER)).faults == ()
        (fault,) = verify_files(older, device_key(MASTER), anchor=made.anchor).faults
        assert "set back" in fault


def rewritten(made: Made, change: dict[int, dict[str, object]]) -> Files:
    """Rewrite entries and everything after them as whoever holds the device's own key could."""
    bodies = [json.loads(line) for line in made.files.ledger.splitlines()]
    last = ""
    for body in bodies:
        body.update(change.get(body["n"], {}))
        del body["hash"]
        body["prev"] = last or body["prev"]
        last = body["hash"] = hash_of(body)
    head = signed_head(Head(len(bodies), last), signer(MASTER))
    return Files(b"".join(canonical(body) + b"\n" for body in bodies), head, True)


def test_rewriting_nothing_changes_nothing(made: Made) -> None:
    assert rewritten(made, {}) == made.files


@pytest.mark.parametrize(
    "change",
    [
        {6: {"size": 1}},
        {6: {"sent": "00" * 32}},
        {6: {"release": "nothing"}},
        {3: {"objective": "o-9"}},
        {4: {"of": 2}},
        {4: {"orchestrator": "orchestrator:other"}},
        {4: {"signature": "00" * 64}},
        {4: {"signature": "xx"}},
        {4: {"statement": {}}},
        {4: {"statement": None}},
        {1: {"key": "00" * 32}},
        {1: {"key": ""}},
        {1: {"build": "9"}},
    ],
)
def test_even_the_devices_own_key_cannot_rewrite_what_the_orchestrator_confirmed(
    made: Made, change: dict[int, dict[str, object]]
) -> None:
    assert verify_files(rewritten(made, change), device_key(MASTER)).faults


def test_a_session_under_another_key_is_found(made: Made) -> None:
    last = len(made.files.ledger.splitlines())
    other = {"kind": "session", "orchestrator": "orchestrator:home", "key": "11" * 32, "seen": 0}
    (fault,) = verify_files(rewritten(made, {last: other}), device_key(MASTER)).faults
    assert "another key" in fault


# --- the anchor: what the daemon itself does when it opens ----------------------------------------


def opened(path: Path, connection: sqlite3.Connection) -> Ledger:
    return Ledger(path, connection, Seal(derive(MASTER, "vault")), MASTER)


def test_the_daemon_opens_no_ledger_that_was_set_back_deleted_or_moved_to_an_empty_database(
    tmp_path: Path,
) -> None:
    path = tmp_path / "receipts.jsonl"
    connection = sqlite3.connect(":memory:", isolation_level=None)
    made = make(path, 20, connection)
    assert opened(path, connection).head == made.anchor
    older = made.older[-1]
    path.write_bytes(older.ledger)
    path.with_suffix(".head").write_bytes(older.head)
    with pytest.raises(Tampered, match="set back"):
        opened(path, connection)
    path.unlink()
    path.with_suffix(".head").unlink()
    with pytest.raises(Tampered, match="the database remembers it"):
        opened(path, connection)
    connection.execute("DELETE FROM receipt_anchor")
    with pytest.raises(Tampered, match="the database remembers it"):
        opened(path, connection)
    path.write_bytes(made.files.ledger)
    path.with_suffix(".head").write_bytes(made.files.head)
    with pytest.raises(Tampered, match="does not remember it"):
        opened(path, connection)


def test_a_tail_of_our_own_beyond_anchor_and_head_is_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    connection = sqlite3.connect(":memory:", isolation_level=None)
    made = make(path, 20, connection)
    older = made.older[-1]
    n = len(older.ledger.splitlines())
    path.with_suffix(".head").write_bytes(older.head)
    # The crash came after the lines were synced and before database and head were written.
    seal = Seal(derive(MASTER, "vault"))
    held = json.loads(older.ledger.splitlines()[-1])
    sealed = seal.close(canonical({"n": n, "hash": held["hash"]}), "receipt-anchor")
    connection.execute("UPDATE receipt_anchor SET sealed = ?", (sealed,))
    assert opened(path, connection).head == made.anchor
    assert not made.found(Files(path.read_bytes(), path.with_suffix(".head").read_bytes(), True))


def test_an_anchor_of_any_other_bytes_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    connection = sqlite3.connect(":memory:", isolation_level=None)
    make(path, 5, connection)
    connection.execute("UPDATE receipt_anchor SET sealed = x'00'")
    with pytest.raises(Tampered, match="receipt-anchor"):
        opened(path, connection)
