"""Every place where marks and bits are kept behaves alike, in memory and on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from doorward.daemon.door.budget import Budget, MemoryBudget, StoredBudget, Told
from doorward.daemon.errors import Tampered
from doorward.daemon.store import connect
from doorward.daemon.values.marks import MemoryShelf, Print, Printer, Shelf, StoredShelf
from doorward.daemon.values.vault import Seal
from doorward.policies.bits import Learned, Spent
from doorward.policies.labels import Label
from doorward.policies.vocabulary import ObjectiveId, StepId, Trust

KEY = b"\x05" * 32
HEALTH = Label(frozenset({"health"}), Trust.UNTRUSTED, frozenset({"file:/Befund.pdf"}))
WORK = Label(frozenset({"work"}))


@pytest.fixture(params=["memory", "stored"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    if request.param == "memory":
        yield MemoryShelf()
        return
    with closing(connect(tmp_path / "daemon.db")) as connection:
        yield StoredShelf(connection, Seal(KEY))


@pytest.fixture(params=["memory", "stored"])
def budget(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Budget]:
    if request.param == "memory":
        yield MemoryBudget()
        return
    with closing(connect(tmp_path / "daemon.db")) as connection:
        yield StoredBudget(connection)


def a_print(whole: bytes, *parts: bytes) -> Print:
    return Print(whole, frozenset(parts))


def test_a_label_is_found_by_the_whole_content(shelf: Shelf) -> None:
    assert shelf.empty()
    shelf.put(a_print(b"w", b"a"), HEALTH)
    assert shelf.get(b"w") == HEALTH
    assert shelf.get(b"x") is None
    assert not shelf.empty()


def test_labels_of_the_same_content_are_joined(shelf: Shelf) -> None:
    shelf.put(a_print(b"w"), HEALTH)
    shelf.put(a_print(b"w"), WORK)
    assert shelf.get(b"w") == HEALTH.join(WORK)


def test_shared_chunks_are_counted_by_content(shelf: Shelf) -> None:
    shelf.put(a_print(b"w", b"a", b"b", b"c"), HEALTH)
    shelf.put(a_print(b"v", b"c"), WORK)
    assert dict(shelf.sharing([b"b", b"c", b"z", b"c"])) == {b"w": 2, b"v": 1}
    assert dict(shelf.sharing([])) == {}
    assert dict(shelf.sharing([b"%d" % n for n in range(1200)] + [b"a"])) == {b"w": 1}


def test_a_stored_label_that_was_altered_is_found(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "daemon.db")) as connection:
        shelf = StoredShelf(connection, Seal(KEY))
        shelf.put(a_print(b"w"), HEALTH)
        shelf.put(a_print(b"v"), WORK)
        connection.execute(
            "UPDATE mark SET sealed = (SELECT sealed FROM mark WHERE whole = ?) WHERE whole = ?",
            (b"v", b"w"),
        )
        with pytest.raises(Tampered):
            shelf.get(b"w")


def test_nothing_of_a_mark_is_plain_on_the_disk(tmp_path: Path) -> None:
    text = "Ferritin is far too high, come again on Monday at nine\n" * 3
    with closing(connect(tmp_path / "daemon.db")) as connection:
        StoredShelf(connection, Seal(KEY)).put(Printer(KEY).of(text.encode()), HEALTH)
        for path in tmp_path.glob("daemon.db*"):
            held = path.read_bytes()
            for plain in (b"erritin", b"health", b"Befund", b"untrusted"):
                assert plain not in held, f"{plain!r} in {path.name}"


def told(objective: str, step: str, day: str = "2026-11-23") -> Told:
    return Told("orchestrator:home", ObjectiveId(objective), StepId(step), day)


def test_what_was_told_adds_up_by_objective_and_by_day(budget: Budget) -> None:
    budget.spend(told("o-1", "s1"), Learned(5, frozenset({5})))
    budget.spend(told("o-1", "s2"), Learned(6, frozenset({6})))
    budget.spend(told("o-2", "s1"), Learned(7, frozenset({7})))
    budget.spend(told("o-3", "s1", "2026-11-22"), Learned(9, frozenset({9})))
    assert budget.spent(told("o-1", "s3")) == Spent(11, 18, frozenset({5, 6}))
    assert budget.spent(told("o-9", "s1")) == Spent(0, 18)
    assert budget.spent(told("o-9", "s1", "2026-11-24")) == Spent(0, 0)


def test_a_step_that_is_told_again_costs_once_at_its_largest(budget: Budget) -> None:
    for bits in (5, 8, 3):
        budget.spend(told("o-1", "s1"), Learned(bits, frozenset({bits})))
    assert budget.spent(told("o-1", "s1")) == Spent(0, 0)
    assert budget.spent(told("o-1", "s2")) == Spent(8, 8, frozenset({5, 8, 3}))
