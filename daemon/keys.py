"""Where the device's one master key lives: the system keyring, or a 0600 file if the user says so.

It derives nothing and encrypts nothing (`vault` and `receipts` do). A keyring that would keep the
key in a plain file, or none at all, is refused: fail closed, with the next step.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Protocol

from doorward.daemon.errors import Locked

KEY_BYTES = 32
_SERVICE = "doorward"
_UNSAFE = ("fail", "null", "plaintext", "alt.file", "chainer")
"""Backends that keep nothing, or keep it in a plain file; a chain counts by its members."""


class KeyStore(Protocol):
    """A place that keeps one key."""

    def key(self) -> bytes:
        """Return the key, made at the first call.

        Raises:
            Locked: When it cannot be had.
        """
        ...


class KeyringStore:
    """The system keyring: Keychain on macOS, Secret Service on Linux."""

    def __init__(self, account: str) -> None:
        """Keep the key of one state folder, named by `account`."""
        self._account = account
        self._place = account

    def key(self) -> bytes:
        """Return the key, made and stored at the first call.

        Raises:
            Locked: No keyring, a locked one, or one that would write a plain file.
        """
        import keyring
        from keyring.errors import KeyringError

        found = _backends(keyring.get_keyring())
        if unsafe := [name for name in found if any(word in name.lower() for word in _UNSAFE)]:
            what = f"no safe system keyring here (found {', '.join(unsafe)})"
            raise _locked(what, self._place)
        try:
            held = keyring.get_password(_SERVICE, self._account)
            if held is None:
                held = secrets.token_hex(KEY_BYTES)
                keyring.set_password(_SERVICE, self._account, held)
        except (KeyringError, RuntimeError) as error:
            raise _locked(
                f"the system keyring did not give the key ({error})", self._place
            ) from error
        try:
            key = bytes.fromhex(held)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise _locked(f"the entry {_SERVICE} in the system keyring is damaged", self._place)
        return key


class FileStore:
    """A 0600 file, for machines without a keyring and users who said so."""

    def __init__(self, path: Path) -> None:
        """Keep the key in `path`."""
        self._path = path
        self._place = str(path.parent)

    def key(self) -> bytes:
        """Return the key, made at the first call.

        Raises:
            Locked: The file is readable by others, damaged, or cannot be written.
        """
        try:
            fd = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return self._make()
        except OSError as error:
            raise _locked(
                f"cannot read the key file {self._path}: {error.strerror}", self._place
            ) from error
        with os.fdopen(fd, "rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise _locked(f"the key file {self._path} can be read by others", self._place)
            held = file.read()
        if len(held) != KEY_BYTES:
            raise _locked(f"the key file {self._path} is damaged", self._place)
        return held

    def _make(self) -> bytes:
        made = secrets.token_bytes(KEY_BYTES)
        temporary = self._path.with_suffix(".new")
        try:
            temporary.unlink(missing_ok=True)  # left by a start that was cut off
            fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(fd, "wb") as file:
                file.write(made)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(self._path)
        except OSError as error:
            raise _locked(
                f"cannot write the key file {self._path}: {error.strerror}", self._place
            ) from error
        return made


class MemoryStore:
    """The twin: a key for the life of one test."""

    def __init__(self, key: bytes = b"\x07" * KEY_BYTES) -> None:
        """Hold `key`."""
        self._key = key

    def key(self) -> bytes:
        """Return the key."""
        return self._key


def _backends(backend: object) -> list[str]:
    """Name a keyring backend, or each of those that a chain may write to."""
    chained = getattr(backend, "backends", None)
    if chained:
        return [name for one in chained for name in _backends(one)]
    return [f"{type(backend).__module__}.{type(backend).__name__}"]


def _locked(what: str, place: str) -> Locked:
    error = Locked(what)
    error.add_note(
        "hint: unlock or install a keyring (gnome-keyring, KWallet, Keychain), "
        f'or accept a 0600 key file: put key = "file" in {place}/config.toml'
    )
    return error
