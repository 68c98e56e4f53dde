"""Where things are and how they are set: one TOML file, one frozen object.

The only module that reads the environment. It starts nothing and creates no folder; `main` and the
commands take what it returns.
"""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from doorward.daemon.errors import Misused

MAX_SOCKET_PATH = 100
"""Bytes; the kernels' limit is 104 (macOS) and 108 (Linux), less a margin."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting, with private defaults."""

    state: Path
    """Doorward's own folder, 0700: store, vault, ledger, changesets, sockets."""
    home: Path
    """The user's home, for `~` in policy files."""
    key: str = "keyring"
    """`keyring`, or `file` only when the user says so: a 0600 file beside the store."""
    reader_idle: float = 300.0
    """Seconds after which an unused reader process ends."""
    home_idle: float = 60.0
    """Seconds after which the home orchestrator ends when no objective is open."""
    card_timeout: float = 24 * 3600.0
    """Seconds after which an unanswered card means no."""

    @property
    def socket(self) -> Path:
        """Return the control socket."""
        return self.state / "control.sock"

    @property
    def policy(self) -> Path:
        """Return the user's policy file; absent means the shipped default."""
        return self.state / "policy.toml"

    @property
    def models(self) -> Path:
        """Return the folder of local models."""
        return self.state / "models"

    @property
    def store(self) -> Path:
        """Return the daemon's database."""
        return self.state / "daemon.db"

    @property
    def ledger(self) -> Path:
        """Return the receipt ledger."""
        return self.state / "receipts.jsonl"

    @property
    def orchestrator_socket(self) -> Path:
        """Return the home orchestrator's socket."""
        return self.state / "home.sock"

    @property
    def orchestrator_store(self) -> Path:
        """Return the home orchestrator's database."""
        return self.state / "home.db"


def load(environ: dict[str, str] | None = None) -> Config:
    """Read the environment and `config.toml`.

    Raises:
        Misused: When the file is not valid, names an unknown setting, or the folder's path is too
            long for a socket.
    """
    environ = dict(os.environ) if environ is None else environ
    home = Path(environ.get("HOME") or Path.home())
    state = Path(environ["DOORWARD_HOME"]) if environ.get("DOORWARD_HOME") else _default_state(home)
    state = state.absolute()
    if len(os.fsencode(state / "control.sock")) > MAX_SOCKET_PATH:
        error = Misused(f"the path {state} is too long for a socket")
        error.add_note("hint: set DOORWARD_HOME to a folder with a shorter path")
        raise error
    settings = _read(state / "config.toml")
    return Config(state=state, home=home, **settings)


def _default_state(home: Path) -> Path:
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "doorward"
    return home / ".local" / "state" / "doorward"


def _read(path: Path) -> dict[str, str | float]:  # type: ignore[type-arg,unused-ignore]
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        wrong = Misused(f"cannot read {path}: {error}")
        wrong.add_note("hint: mend or remove that file")
        raise wrong from error
    known: dict[str, type] = {
        "key": str,
        "reader_idle": float,
        "home_idle": float,
        "card_timeout": float,
    }
    for name, value in table.items():
        if name not in known:
            wrong = Misused(f"{path} names an unknown setting {name!r}")
            wrong.add_note(f"hint: the settings are {', '.join(known)}")
            raise wrong
        if not isinstance(value, known[name] if known[name] is str else (int, float)):
            raise Misused(f"{path}: {name} must be a {known[name].__name__}, not {value!r}")
    if table.get("key", "keyring") not in {"keyring", "file"}:
        raise Misused(f'{path}: key must be "keyring" or "file", not {table["key"]!r}')
    return table
