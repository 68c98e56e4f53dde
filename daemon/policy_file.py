"""The user's policy file: reads it when it changed, keeps the last good snapshot, says when broken.

It judges nothing. No file means the shipped default; a broken first file means a closed door;
a broken edit keeps what held before and says so in `trouble`.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from doorward.policies.document import PolicyError, parse
from doorward.policies.rules import Policy


class PolicyFile:
    """One policy file, watched by its modification time at each use: no polling, no thread."""

    def __init__(self, path: Path, home: Path) -> None:
        """Watch `path`; `~` in patterns means `home`; the folder around it is never touched."""
        self._path = path
        self._home = str(home)
        self._own = (str(path.parent),)
        self._seen: tuple[int, int] | None = (-1, -1)
        self._policy: Policy | None = None
        self.trouble = ""
        """Why the file on disk is not in force; empty when it is."""

    def current(self) -> Policy | None:
        """Return the snapshot in force; None is a closed door."""
        stamp = self._stamp()
        if stamp == self._seen:
            return self._policy
        self._seen = stamp
        try:
            text = default_text() if stamp is None else self._path.read_text(encoding="utf-8")
            self._policy = parse(text, home=self._home, own=self._own)
            self.trouble = ""
        except PolicyError as error:
            self.trouble = f"{self._path}: {error}"
        except (OSError, UnicodeDecodeError) as error:
            self.trouble = f"cannot read {self._path}: {error}"
        return self._policy

    def _stamp(self) -> tuple[int, int] | None:
        try:
            held = self._path.stat()
        except FileNotFoundError:
            return (0, 0) if self._path.is_symlink() else None
        except OSError:
            return 0, 0  # reading it will say why
        return held.st_mtime_ns, held.st_size


def default_text() -> str:
    """Return the shipped default policy."""
    return files("doorward.policies").joinpath("default.toml").read_text(encoding="utf-8")
