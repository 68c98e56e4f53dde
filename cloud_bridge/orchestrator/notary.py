"""The orchestrator's own key, and the counter-signatures it makes with it.

It signs what was received and decides nothing. The key is made at the first start and lies in the
orchestrator's state folder, 0600; a device pins its public half. `talk` calls it for every message.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doorward.cloud_bridge.errors import BridgeError
from doorward.cloud_bridge.received import Identity, Proof, Received, signed_part, statement_of

_KEY_BYTES = 32


class Notary:
    """Signs statements under one identity."""

    def __init__(
        self, key: Ed25519PrivateKey, name: str, build: str, clock: Callable[[], str]
    ) -> None:
        """Sign with `key`; `clock` gives the ISO date and time, UTC."""
        self._key = key
        self._clock = clock
        self.identity = Identity(name, build, key.public_key().public_bytes_raw())

    def now(self) -> str:
        """Return this orchestrator's own time."""
        return self._clock()

    def sign(self, received: Received) -> Proof:
        """Return a statement with its signature."""
        statement = statement_of(received)
        return Proof(statement, self._key.sign(signed_part(statement)))

    def made(self, proof: Proof) -> bool:
        """Tell whether a signature is of the key that is ours now: an older one proves nothing."""
        try:
            self._key.public_key().verify(proof.signature, signed_part(proof.statement))
        except InvalidSignature:
            return False
        return True


def own_key(path: Path) -> Ed25519PrivateKey:
    """Return the key kept at `path`, made at the first call, 0600.

    Raises:
        BridgeError: It can be read by others, is damaged, or cannot be kept.
    """
    try:
        held = _read(path) if path.exists() or path.is_symlink() else _make(path)
    except OSError as error:
        msg = f"cannot keep the orchestrator's key {path}: {error.strerror}"
        raise BridgeError(msg) from error
    if len(held) != _KEY_BYTES:
        exc = BridgeError(f"the orchestrator's key {path} is damaged")
        exc.add_note("hint: move it away; devices will refuse the new key until told to accept it")
        raise exc
    return Ed25519PrivateKey.from_private_bytes(held)


def _read(path: Path) -> bytes:
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(fd, "rb") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            exc = BridgeError(f"the orchestrator's key {path} can be read by others")
            exc.add_note(f"hint: chmod 600 {path}")
            raise exc
        return file.read(_KEY_BYTES + 1)


def _make(path: Path) -> bytes:
    made = Ed25519PrivateKey.generate().private_bytes_raw()
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)  # left by a start that was cut off
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    return made


def build_id() -> str:
    """Return version and a digest of the bridge's code, for instance `0.1.0+3f2a…`.

    An orchestrator says this of itself: it tells builds apart, it does not prove one.
    """
    here = Path(__file__).resolve().parents[1]
    digest = blake2b(digest_size=8)
    for path in sorted(here.rglob("*.py")):
        digest.update(f"{path.relative_to(here)}\n".encode() + path.read_bytes())
    try:
        number = version("doorward")
    except PackageNotFoundError:  # run from its source
        number = "0"
    return f"{number}+{digest.hexdigest()}"
