from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from doorward.daemon.errors import Locked
from doorward.daemon.keys import KEY_BYTES, FileStore, KeyringStore, KeyStore, MemoryStore
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringError, KeyringLocked


class Kept(KeyringBackend):
    """A keyring in memory."""

    priority = 1.0

    def __init__(self, held: str | None = None, trouble: Exception | None = None) -> None:
        super().__init__()
        self.held, self.trouble = held, trouble

    def get_password(self, service: str, username: str) -> str | None:
        if self.trouble is not None:
            raise self.trouble
        return self.held

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held = password


@pytest.fixture(autouse=True)
def own_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture(params=["file", "memory", "keyring"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> KeyStore:
    keyring.set_keyring(Kept())
    made: dict[str, KeyStore] = {
        "file": FileStore(tmp_path / "master.key"),
        "memory": MemoryStore(),
        "keyring": KeyringStore("a"),
    }
    return made[request.param]


def test_a_key_is_made_once_and_stays(store: KeyStore) -> None:
    key = store.key()
    assert len(key) == KEY_BYTES
    assert store.key() == key


def test_two_key_files_hold_two_keys(tmp_path: Path) -> None:
    assert FileStore(tmp_path / "a").key() != FileStore(tmp_path / "b").key()


def test_the_key_file_is_for_the_user_alone(tmp_path: Path) -> None:
    (tmp_path / "master.new").touch(mode=0o644)  # left by a start that was cut off
    FileStore(tmp_path / "master.key").key()
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    FileStore(path).key()
    path.chmod(mode)
    with pytest.raises(Locked, match="by others") as caught:
        FileStore(path).key()
    assert caught.value.__notes__


@pytest.mark.parametrize("held", [b"", b"x" * 31, b"x" * 33])
def test_a_damaged_key_file_is_refused_and_left(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "master.key"
    path.touch(mode=0o600)
    path.write_bytes(held)
    with pytest.raises(Locked, match="damaged"):
        FileStore(path).key()
    assert path.read_bytes() == held


def test_a_key_file_behind_a_link_is_refused(tmp_path: Path) -> None:
    FileStore(tmp_path / "elsewhere").key()
    (tmp_path / "master.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Locked):
        FileStore(tmp_path / "master.key").key()


def test_a_key_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(Locked, match="cannot write"):
        FileStore(tmp_path / "gone" / "master.key").key()


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring])
def test_a_keyring_that_keeps_nothing_is_refused(backend: type[KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    with pytest.raises(Locked, match="no safe system keyring") as caught:
        KeyringStore("a").key()
    assert any('key = "file"' in note for note in caught.value.__notes__)


class Chained(Kept):
    """A keyring that hands on to others, as the system's own chain does."""

    def __init__(self, *backends: KeyringBackend) -> None:
        super().__init__()
        self.backends = backends


def test_a_chain_of_keyrings_is_as_safe_as_its_members() -> None:
    keyring.set_keyring(Chained(Kept(), Kept()))
    assert len(KeyringStore("a").key()) == KEY_BYTES
    keyring.set_keyring(Chained(Kept(), null.Keyring()))
    with pytest.raises(Locked, match="no safe system keyring"):
        KeyringStore("a").key()


@pytest.mark.parametrize("trouble", [KeyringLocked("locked"), KeyringError("no"), RuntimeError()])
def test_a_locked_keyring_is_said(trouble: Exception) -> None:
    keyring.set_keyring(Kept(trouble=trouble))
    with pytest.raises(Locked, match="did not give the key"):
        KeyringStore("a").key()


@pytest.mark.parametrize("held", ["", "zz", "00" * 31, "not hex at all"])
def test_a_damaged_keyring_entry_is_refused_and_left(held: str) -> None:
    backend = Kept(held)
    keyring.set_keyring(backend)
    with pytest.raises(Locked, match="damaged"):
        KeyringStore("a").key()
    assert backend.held == held
