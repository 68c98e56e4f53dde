from __future__ import annotations

import json
import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from doorward.daemon.errors import NoRoom, Tampered
from doorward.daemon.receipts.check import verify
from doorward.daemon.receipts.entries import Entry, canonical, device_key, hash_of
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.values.vault import Seal, derive
from hypothesis import given
from hypothesis import strategies as st

MASTER = b"\x07" * 32
ENTRY = Entry(
    kind="verdict",
    objective="o-1",
    step="s1",
    tool="files.read",
    effect="read",
    decision="allow",
    rule="read-what-i-named",
    line=31,
    policy="p-1",
    destination="device",
    release="nothing",
    count=1,
    size=0,
    at="2026-11-23T10:00:00+00:00",
)


def ledger_at(path: Path, connection: sqlite3.Connection | None = None) -> Ledger:
    connection = connection or sqlite3.connect(path.with_suffix(".db"), isolation_level=None)
    return Ledger(path, connection, Seal(derive(MASTER, "vault")), MASTER)


def check(path: Path) -> tuple[str, ...]:
    return verify(path, device_key(MASTER)).faults


def filled(folder: Path) -> tuple[bytes, bytes]:
    path = folder / "made.jsonl"
    connection = sqlite3.connect(":memory:", isolation_level=None)
    ledger = Ledger(path, connection, Seal(derive(MASTER, "vault")), MASTER)
    for step in ("s1", "s2", "s3"):
        ledger.append([(replace(ENTRY, step=step), {"resources": [f"/home/a/{step}.pdf"]})])
    connection.close()
    return path.read_bytes(), path.with_suffix(".head").read_bytes()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    return filled(tmp_path_factory.mktemp("ledger"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("checked") / "receipts.jsonl"


def faults_of(place: Path, ledger: bytes, head: bytes) -> tuple[str, ...]:
    place.write_bytes(ledger)
    place.with_suffix(".head").write_bytes(head)
    return check(place)


def test_an_untouched_ledger_verifies(made: tuple[bytes, bytes], place: Path) -> None:
    assert faults_of(place, *made) == ()


def test_any_changed_byte_of_the_ledger_is_found(made: tuple[bytes, bytes], place: Path) -> None:
    ledger, head = made
    for at in range(len(ledger)):
        changed = ledger[:at] + bytes([ledger[at] ^ 1]) + ledger[at + 1 :]
        assert faults_of(place, changed, head), f"byte {at}"


@given(st.data())
def test_any_byte_may_become_any_other_and_is_found(
    made: tuple[bytes, bytes], place: Path, data: st.DataObject
) -> None:
    ledger, head = made
    at = data.draw(st.integers(0, len(ledger) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != ledger[at]))
    assert faults_of(place, ledger[:at] + bytes([other]) + ledger[at + 1 :], head)


def test_any_changed_byte_of_the_head_is_found(made: tuple[bytes, bytes], place: Path) -> None:
    ledger, head = made
    for at in range(len(head)):
        for other in (head[at] ^ 1, head[at] ^ 0x20):
            changed = head[:at] + bytes([other]) + head[at + 1 :]
            assert faults_of(place, ledger, changed), f"byte {at} became {other:#x}"


def test_any_cut_of_the_ledger_is_found(made: tuple[bytes, bytes], place: Path) -> None:
    ledger, head = made
    for length in range(len(ledger)):
        assert faults_of(place, ledger[:length], head), f"cut to {length} bytes"


def test_any_cut_of_the_head_is_found(made: tuple[bytes, bytes], place: Path) -> None:
    ledger, head = made
    for length in range(len(head)):
        assert faults_of(place, ledger, head[:length]), f"cut to {length} bytes"


def test_a_missing_head_or_ledger_is_found(made: tuple[bytes, bytes], place: Path) -> None:
    ledger, head = made
    faults_of(place, ledger, head)
    place.with_suffix(".head").unlink()
    assert check(place) == ("the signed head is missing",)
    place.unlink()
    place.with_suffix(".head").write_bytes(head)
    assert check(place)


@given(st.permutations([0, 1, 2]), st.sets(st.integers(0, 2)), st.sets(st.integers(0, 2)))
def test_swapped_removed_or_doubled_lines_are_found(
    made: tuple[bytes, bytes], place: Path, order: list[int], gone: set[int], twice: set[int]
) -> None:
    ledger, head = made
    lines = ledger.splitlines(keepends=True)
    shuffled = [lines[at] for at in order if at not in gone for _ in range(2 if at in twice else 1)]
    assert bool(faults_of(place, b"".join(shuffled), head)) is (shuffled != lines)


@pytest.mark.parametrize(
    "forged",
    [
        b"\n",
        b"{}\n",
        b"null\n",
        b"\xff\xfe\n",
        b'{"hash":"x","n":NaN}\n',
        b'{"hash":1}\n',
        b"[" * 100_000 + b"\n",
        b"9" * 5_000 + b"\n",
        b"{",
        b"\x00",
    ],
)
def test_an_appended_line_is_found(made: tuple[bytes, bytes], place: Path, forged: bytes) -> None:
    assert faults_of(place, made[0] + forged, made[1])


def test_a_well_chained_forgery_at_the_end_is_found(
    made: tuple[bytes, bytes], place: Path, tmp_path: Path
) -> None:
    longer = with_forged_line(made[0])
    assert faults_of(place, longer, made[1]) == (
        "entries 4 to 4 are not covered by the signed head",
    )


def with_forged_line(ledger: bytes) -> bytes:
    """Append what somebody without the key can make: the chain's hash needs none."""
    last = json.loads(ledger.splitlines()[-1])
    body = {**last, "n": last["n"] + 1, "prev": last["hash"], "decision": "approved"}
    del body["hash"]
    return ledger + canonical({**body, "hash": hash_of(body)}) + b"\n"


@given(st.binary(max_size=300))
def test_a_head_of_any_bytes_is_a_fault_and_never_a_crash(
    made: tuple[bytes, bytes], place: Path, head: bytes
) -> None:
    assert faults_of(place, made[0], head)


def test_an_entry_holds_a_digest_and_no_detail(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    ledger = ledger_at(path)
    ledger.append([(ENTRY, {"resources": ["/home/anna/secret-diary.pdf"], "sent": "words"})])
    assert b"diary" not in path.read_bytes()
    assert [one["details"]["resources"] for one in ledger.details("o-1")] == [
        ["/home/anna/secret-diary.pdf"]
    ]
    assert b"diary" not in b"".join(
        file.read_bytes() for file in tmp_path.iterdir() if file.is_file()
    )


def test_the_files_are_for_the_user_alone(tmp_path: Path) -> None:
    ledger_at(tmp_path / "receipts.jsonl").append([(ENTRY, {})])
    assert (tmp_path / "receipts.jsonl").stat().st_mode & 0o777 == 0o600


def test_opening_goes_on_where_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    ledger_at(path).append([(ENTRY, {})])
    ledger_at(path).append([(ENTRY, {}), (ENTRY, {})])
    assert verify(path, device_key(MASTER)).entries == 3
    assert check(path) == ()


def test_nothing_to_append_writes_nothing(tmp_path: Path) -> None:
    ledger_at(tmp_path / "receipts.jsonl").append([])
    assert not (tmp_path / "receipts.jsonl").exists()


def test_a_line_torn_by_a_crash_is_cut_at_the_next_opening(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    ledger_at(path).append([(ENTRY, {})])
    whole = path.read_bytes()
    for torn in (b"{", whole[: len(whole) // 2], whole[:-1]):
        path.write_bytes(whole + torn)
        ledger_at(path)
        assert path.read_bytes() == whole
        assert check(path) == ()


def test_a_crash_between_ledger_and_head_is_mended_at_the_next_opening(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    ledger = ledger_at(path)
    ledger.append([(ENTRY, {})])
    head = path.with_suffix(".head").read_bytes()
    ledger.append([(ENTRY, {"resources": ["/a"]})])
    path.with_suffix(".head").write_bytes(head)
    assert check(path) == ("entries 2 to 2 are not covered by the signed head",)
    ledger_at(path)
    assert check(path) == ()


def test_a_crash_before_the_first_head_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    ledger_at(path).append([(ENTRY, {})])
    path.with_suffix(".head").unlink()
    ledger_at(path)
    assert check(path) == ()


def test_a_forged_tail_is_never_signed(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    ledger_at(path).append([(ENTRY, {})])
    path.write_bytes(with_forged_line(path.read_bytes()))
    with pytest.raises(Tampered):
        ledger_at(path)
    assert check(path)


def test_a_tampered_ledger_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    ledger_at(path).append([(ENTRY, {})])
    path.write_bytes(path.read_bytes().replace(b'"allow"', b'"denyy"'))
    with pytest.raises(Tampered, match="was altered"):
        ledger_at(path)


def test_a_ledger_that_vanished_beside_its_head_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    ledger_at(path).append([(ENTRY, {})])
    path.unlink()
    with pytest.raises(Tampered):
        ledger_at(path)


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let every write beyond `size` fail, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    memory = sqlite3.connect(":memory:", isolation_level=None)
    ledger = ledger_at(path, memory)
    ledger.append([(ENTRY, {})])
    whole = path.read_bytes()
    with files_no_larger_than(len(whole) + 100), pytest.raises(NoRoom, match="ledger") as caught:
        ledger.append([(ENTRY, {"resources": ["/lost"]})])
    assert caught.value.__notes__
    assert path.read_bytes() == whole
    assert check(path) == ()
    assert len(ledger.details("o-1")) == 1
    ledger.append([(ENTRY, {})])
    assert check(path) == ()


def test_a_head_that_cannot_be_written_stops_the_effect_and_the_next_one_covers_the_entry(
    tmp_path: Path,
) -> None:
    path = tmp_path / "receipts.jsonl"
    ledger = ledger_at(path)
    ledger.append([(ENTRY, {})])
    path.with_suffix(".new").mkdir()
    with pytest.raises(NoRoom):
        ledger.append([(ENTRY, {})])
    assert check(path) == ("entries 2 to 2 are not covered by the signed head",)
    path.with_suffix(".new").rmdir()
    ledger.append([(ENTRY, {})])
    assert check(path) == ()
    assert verify(path, device_key(MASTER)).entries == 3


def test_details_that_cannot_be_kept_stop_the_entry(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    connection = sqlite3.connect(tmp_path / "d.db", isolation_level=None)
    ledger = ledger_at(path, connection)
    connection.execute("PRAGMA query_only = 1")
    with pytest.raises(NoRoom):
        ledger.append([(ENTRY, {})])
    assert path.read_bytes() == b""


def test_a_ledger_behind_a_link_is_not_written(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"")
    (tmp_path / "receipts.jsonl").symlink_to(other)
    ledger = ledger_at(tmp_path / "receipts.jsonl")
    with pytest.raises(NoRoom):
        ledger.append([(ENTRY, {})])
    assert other.stat().st_size == 0
