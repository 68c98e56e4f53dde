"""Where things are and how they are set: one TOML file, one frozen object.

The only module that reads the environment. It starts nothing and creates no folder; `main` and the
commands take what it returns.
"""

from __future__ import annotations

import math
import os
import sys
import tomllib
from dataclasses import dataclass, fields, replace
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
    reader_model: str = ""
    """The file or folder in the models folder that the reader runs, whatever `doorward models use`
    says; unless it is set, that decides."""
    reader_idle: float = 300.0
    """Seconds after which an unused reader process ends."""
    home_idle: float = 60.0
    """Seconds after which the home orchestrator ends when no objective is open."""
    card_timeout: float = 24 * 3600.0
    """Seconds after which an unanswered card means no."""
    cards_an_hour: int = 5
    """Cards that are shown in any hour; what is beyond is collected and shown as one."""
    cards_an_objective: int = 20
    """Cards after which an objective is stopped."""
    pseudonyms: str = "objective"
    """How long somebody keeps one pseudonym: through an `objective`, or `always`."""
    phone_regions: tuple[str, ...] = ()
    """Countries whose national telephone numbers are recognised, as ISO codes: `["DE", "US"]`;
    unless it is set, that of the locale."""
    names: str = "possible"
    """Whether the reader looks for people that are no contacts: `possible` where it has the model
    for it, `always` (without it, no text counts as looked through), or `never`."""
    contacts: tuple[str, ...] = ()
    """Names of people, in full, your own too: known as personal wherever they stand."""

    @property
    def socket(self) -> Path:
        """Return the control socket."""
        return self.state / "control.sock"

    @property
    def policy(self) -> Path:
        """Return the user's policy file; absent means the shipped default."""
        return self.state / "policy.toml"

    @property
    def connectors(self) -> Path:
        """Return the user's file of connectors; absent means none."""
        return self.state / "connectors.toml"

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
    default = Config(state=state, home=home)
    return replace(
        default,
        key=_word(settings, "key", default.key, ("keyring", "file")),
        reader_model=_file_name(settings, "reader_model", default.reader_model),
        reader_idle=_seconds(settings, "reader_idle", default.reader_idle),
        home_idle=_seconds(settings, "home_idle", default.home_idle),
        card_timeout=_seconds(settings, "card_timeout", default.card_timeout),
        cards_an_hour=_count(settings, "cards_an_hour", default.cards_an_hour),
        cards_an_objective=_count(settings, "cards_an_objective", default.cards_an_objective),
        pseudonyms=_word(settings, "pseudonyms", default.pseudonyms, ("objective", "always")),
        phone_regions=_regions(settings, "phone_regions", environ),
        names=_word(settings, "names", default.names, ("possible", "always", "never")),
        contacts=_names(settings, "contacts"),
    )


def _default_state(home: Path) -> Path:
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "doorward"
    return home / ".local" / "state" / "doorward"


def _read(path: Path) -> dict[str, object]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong(f"cannot read {path}: {error}") from error
    known = {field.name for field in fields(Config)} - {"state", "home"}
    for name in table.keys() - known:
        raise _wrong(f"{path} names an unknown setting {name!r}; there are {sorted(known)}")
    return table


def _word(settings: dict[str, object], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = settings.get(name, default)
    if not isinstance(value, str) or value not in allowed:
        raise _wrong(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _file_name(settings: dict[str, object], name: str, default: str) -> str:
    value = settings.get(name, default)
    bare = isinstance(value, str) and "/" not in value and not value.startswith(".")
    if not isinstance(value, str) or not bare or (name in settings and not value):
        raise _wrong(f"{name} must name a file or folder in the models folder, not {value!r}")
    return value


def _seconds(settings: dict[str, object], name: str, default: float) -> float:
    value = settings.get(name, default)
    seconds = float(value) if isinstance(value, int | float) else -1.0
    if isinstance(value, bool) or not 0 <= seconds < math.inf:  # neither holds for nan
        raise _wrong(f"{name} must be a number of seconds, not {value!r}")
    return seconds


def _count(settings: dict[str, object], name: str, default: int) -> int:
    value = settings.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1000:
        raise _wrong(f"{name} must be a whole number from 1 to 1000, not {value!r}")
    return value


def _regions(settings: dict[str, object], name: str, environ: dict[str, str]) -> tuple[str, ...]:
    locale = environ.get("LC_ALL") or environ.get("LANG") or ""
    own = locale.partition(".")[0].partition("_")[2]
    value = settings.get(name, [own] if len(own) == 2 and own.isupper() else [])
    codes = value if isinstance(value, list) else [value]
    if any(not isinstance(each, str) or len(each) != 2 or not each.isupper() for each in codes):
        raise _wrong(f'{name} must be a list of country codes such as ["DE", "US"], not {value!r}')
    return tuple(str(each) for each in codes)


def _names(settings: dict[str, object], name: str) -> tuple[str, ...]:
    value = settings.get(name, [])
    names = value if isinstance(value, list) else [value]
    if any(not isinstance(each, str) or len(each.strip()) < 3 for each in names):
        raise _wrong(f'{name} must be a list of names such as ["Rosa Hart"], not {value!r}')
    return tuple(str(each).strip() for each in names)


def _wrong(what: str) -> Misused:
    error = Misused(what)
    error.add_note("hint: mend or remove config.toml in the state folder")
    return error
