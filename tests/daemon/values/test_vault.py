from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from doorward.daemon.errors import Tampered
from doorward.daemon.store import connect
from doorward.daemon.values.vault import Seal, Value, Vault, derive, handle_of
from doorward.policies.labels import NEUTRAL, Label
from doorward.policies.vocabulary import Handle, ObjectiveId, Trust
from hypothesis import given
from hypothesis import strategies as st

KEY = derive(b"\x07" * 32, "vault")
HANDLE, OTHER = Handle("o-1/s1"), Handle("o-2/s1")
LABEL = Label(frozenset({"health"}), Trust.UNTRUSTED, frozenset({"file:/Befund.pdf"}))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "daemon.db")) as connection:
        yield connection


def test_a_value_comes_back_with_label_and_notes(database: sqlite3.Connection) -> None:
    vault = Vault(database, Seal(KEY))
    value = Value({"text": "Ferritin \ud800", "n": [1, None, True, 2.5]}, LABEL, ("one page",))
    vault.put(HANDLE, value)
    assert vault.get(HANDLE) == value
    assert vault.get(OTHER) is None


def test_the_same_handle_again_replaces(database: sqlite3.Connection) -> None:
    vault = Vault(database, Seal(KEY))
    vault.put(HANDLE, Value("a", NEUTRAL))
    vault.put(HANDLE, Value("b", NEUTRAL))
    assert vault.get(HANDLE) == Value("b", NEUTRAL)


def test_nothing_of_it_is_plain_on_the_disk(tmp_path: Path, database: sqlite3.Connection) -> None:
    Vault(database, Seal(KEY)).put(HANDLE, Value({"Leberwert": "zu hoch"}, LABEL, ("Seite 2",)))
    for path in tmp_path.glob("daemon.db*"):
        held = path.read_bytes()
        for plain in (b"Leberwert", b"zu hoch", b"Befund", b"health", b"Seite 2"):
            assert plain not in held, f"{plain!r} in {path.name}"
    assert (tmp_path / "daemon.db-wal").stat().st_size > 0


def test_a_value_moved_under_another_handle_is_found(database: sqlite3.Connection) -> None:
    vault = Vault(database, Seal(KEY))
    vault.put(HANDLE, Value("mine", LABEL))
    database.execute("UPDATE value SET handle = ? WHERE handle = ?", (OTHER, HANDLE))
    with pytest.raises(Tampered, match="o-2/s1") as caught:
        vault.get(OTHER)
    assert caught.value.__notes__


def test_another_key_opens_nothing(database: sqlite3.Connection) -> None:
    Vault(database, Seal(KEY)).put(HANDLE, Value("mine", LABEL))
    with pytest.raises(Tampered):
        Vault(database, Seal(derive(b"\x08" * 32, "vault"))).get(HANDLE)


@given(st.binary(max_size=60), st.data())
def test_any_change_to_a_sealed_record_is_found(plain: bytes, data: st.DataObject) -> None:
    seal = Seal(KEY)
    sealed = seal.close(plain, "name")
    assert seal.open(sealed, "name") == plain
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:at] + bytes([sealed[at] ^ data.draw(st.integers(1, 255))]) + sealed[at + 1 :]
    cut = sealed[: data.draw(st.integers(0, len(sealed) - 1))]
    for wrong, name in ((changed, "name"), (cut, "name"), (sealed, "nam")):
        with pytest.raises(Tampered):
            seal.open(wrong, name)


def test_the_same_text_is_never_sealed_alike() -> None:
    assert Seal(KEY).close(b"a", "n") != Seal(KEY).close(b"a", "n")


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {
        derive(b"\x07" * 32, purpose) for purpose in ("vault", "receipt-head", "receipt-digest")
    }
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}


def test_a_handle_says_objective_and_step() -> None:
    assert handle_of(ObjectiveId("o-1"), "s2") == "o-1/s2"
