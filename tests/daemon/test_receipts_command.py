"""`doorward receipts` from outside: show, what left, verify here and elsewhere, renew, unpin."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from doorward.daemon.commands import main as command
from doorward.daemon.keys import FileStore
from doorward.daemon.receipts.entries import device_key
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.store import connect
from doorward.daemon.values.vault import Seal, derive

from scripts.bench.altering import HOME, MASTER, Made, entry, make

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Give the state folder of a device whose ledger has twenty entries."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    (state / "config.toml").write_text('key = "file"\n', encoding="utf-8")
    FileStore(state / "master.key").key()
    (state / "master.key").write_bytes(MASTER)
    return state


@pytest.fixture
def made(state: Path) -> Made:
    connection = connect(state / "daemon.db")
    made = make(state / "receipts.jsonl", 20, connection)
    connection.close()
    return made


def do(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    code = command.main(["receipts", *arguments])
    caught = capsys.readouterr()
    return code, caught.out, caught.err


def test_verify_says_how_many_crossings_are_confirmed(made: Made, capsys: Capture) -> None:
    code, out, _ = do(capsys, "verify")
    assert code == 0
    assert "Verified: 22 receipts" in out
    assert "Messages to an orchestrator: 7, 7 confirmed by its signature." in out
    assert f"Key of {HOME}:" in out
    said = json.loads(do(capsys, "verify", "--json")[1])
    assert (said["crossings"], said["confirmed"], said["faults"]) == (7, 7, [])


def test_verify_finds_a_ledger_that_was_set_back_or_deleted(
    made: Made, state: Path, capsys: Capture
) -> None:
    (state / "receipts.jsonl").write_bytes(made.older[-1].ledger)
    (state / "receipts.head").write_bytes(made.older[-1].head)
    code, out, _ = do(capsys, "verify")
    assert code == 6
    assert "it was set back" in out
    (state / "receipts.jsonl").unlink()
    (state / "receipts.head").unlink()
    code, out, _ = do(capsys, "verify")
    assert code == 6
    assert "the database knows of 22 entries" in out


def test_an_exported_bundle_verifies_without_a_state_folder_and_without_a_key(
    made: Made, state: Path, tmp_path: Path, capsys: Capture
) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    code, out, _ = do(capsys, "export", str(bundle))
    assert code == 0
    assert sorted(path.name for path in bundle.iterdir()) == [
        "README.txt",
        "keys.json",
        "receipts.head",
        "receipts.jsonl",
    ]
    key = device_key(MASTER).public_bytes_raw()
    assert MASTER.hex() not in (bundle / "keys.json").read_text()
    assert key.hex()[:4] in out.splitlines()[-1]
    shutil.rmtree(state)
    code, out, _ = do(capsys, "verify", "--bundle", str(bundle))
    assert code == 0
    assert "7 confirmed" in out
    assert not state.exists(), "it needs no state folder, and makes none"
    by_hand = tmp_path / "device.key"
    by_hand.write_text(key.hex() + "\n")
    for named in (by_hand, bundle / "keys.json"):
        given = ("--ledger", str(bundle / "receipts.jsonl"), "--key", str(named))
        assert do(capsys, "verify", *given)[0] == 0
    by_hand.write_text("00" * 31 + "01")
    assert do(capsys, "verify", "--ledger", str(bundle / "receipts.jsonl"), "--key", str(by_hand))[
        0
    ] in {2, 6}


@pytest.mark.parametrize("name", ["receipts.jsonl", "receipts.head", "keys.json"])
def test_an_altered_bundle_does_not_verify(
    made: Made, tmp_path: Path, capsys: Capture, name: str
) -> None:
    do(capsys, "export", str(tmp_path))
    held = (tmp_path / name).read_bytes()
    at = len(held) // 2
    (tmp_path / name).write_bytes(held[:at] + bytes([held[at] ^ 1]) + held[at + 1 :])
    assert do(capsys, "verify", "--bundle", str(tmp_path))[0] in {2, 6}
    (tmp_path / name).unlink()
    assert do(capsys, "verify", "--bundle", str(tmp_path))[0] in {2, 6}


def test_misuse_of_verify_is_said(made: Made, tmp_path: Path, capsys: Capture) -> None:
    for wrong in (
        ["--bundle", str(tmp_path / "gone")],
        ["--ledger", str(tmp_path / "gone")],
        ["--ledger", str(tmp_path / "gone"), "--key", str(tmp_path / "gone")],
    ):
        code, _, err = do(capsys, "verify", *wrong)
        assert code == 2
        assert err.startswith("doorward: ")


def test_show_is_a_table_by_objective(made: Made, capsys: Capture) -> None:
    code, out, _ = do(capsys, "show")
    assert code == 0
    assert "The ledger itself" in out
    assert "session   orchestrator:home, build 0.1.0+00" in out
    assert "→ orchestrator:home as shape, 109 bytes, confirmed by entry 4" in out
    one = do(capsys, "show", "--objective", "o-1")[1]
    assert one.startswith("o-1\n")
    assert "o-0" not in one
    lines = do(capsys, "show", "--json", "--objective", "o-1")[1].splitlines()
    assert {json.loads(line)["objective"] for line in lines} == {"o-1"}


def test_show_escapes_what_would_draw_on_the_terminal(state: Path, capsys: Capture) -> None:
    connection = connect(state / "daemon.db")
    ledger = Ledger(state / "receipts.jsonl", connection, Seal(derive(MASTER, "vault")), MASTER)
    ledger.append([(entry("crossing", "o-1\x1b[2J", "s1\u202e\nYou said yes", "ab"), {})])
    connection.close()
    out = do(capsys, "show")[1]
    assert not set(out) & set("\x1b\u202e")
    assert "sent, not confirmed" in out
    assert not any(line.startswith("You said yes") for line in out.splitlines())


def test_show_of_a_ledger_that_is_none_is_said(state: Path, capsys: Capture) -> None:
    (state / "receipts.jsonl").write_bytes(b"\xff\n")
    assert do(capsys, "show")[0] == 6


def test_renew_puts_the_ledger_aside_and_the_new_one_says_so(
    made: Made, state: Path, capsys: Capture
) -> None:
    (state / "receipts.jsonl").write_bytes(b"altered\n")
    assert do(capsys, "verify")[0] == 6
    code, out, _ = do(capsys, "renew")
    assert code == 0
    assert "22 were before it" in out
    assert [path.read_bytes() for path in state.glob("receipts.until-*.jsonl")] == [b"altered\n"]
    code, out, _ = do(capsys, "verify")
    assert code == 0
    assert "Note: follows an older ledger of 22 entries" in out


def test_unpin_is_an_entry_and_the_key_is_forgotten(made: Made, capsys: Capture) -> None:
    assert do(capsys, "unpin")[0] == 2
    code, _, err = do(capsys, "unpin", "orchestrator:moon")
    assert code == 2
    assert HOME in err
    assert do(capsys, "unpin", HOME)[0] == 0
    assert json.loads(do(capsys, "verify", "--json")[1])["orchestrators"] == {}
    assert "unpinned  orchestrator:home" in do(capsys, "show")[1]


def test_renew_and_unpin_wait_for_the_daemon_to_be_gone(
    made: Made, state: Path, capsys: Capture
) -> None:
    from doorward.daemon.main import alone

    with alone(state / "daemon.lock"):
        assert do(capsys, "renew")[0] == 4
        assert do(capsys, "unpin", HOME)[0] == 4
    assert do(capsys, "verify")[0] == 0


def test_a_damaged_database_is_no_reason_to_say_verified(
    made: Made, state: Path, capsys: Capture
) -> None:
    connection = sqlite3.connect(state / "daemon.db")
    connection.execute("UPDATE receipt_anchor SET sealed = x'00'")
    connection.commit()
    connection.close()
    assert do(capsys, "verify")[0] == 6
    for file in state.glob("daemon.db*"):
        file.write_bytes(b"no database at all, for sixteen bytes and more")
    assert do(capsys, "verify")[0] == 6
