"""Which models are in use: one small file in the models folder, written by `doorward models use`.

It is not the list of what there is (`registry`) and loads nothing. The reader's client asks at each
request, so a model is exchanged while the daemon runs; `daemon.main` and the commands make it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from doorward.daemon.models.whole import write_whole
from doorward.tools.reading.reader import ModelMissing

FILE: Final = "chosen.json"
"""Its name in the models folder."""
DEFAULT_READER: Final = "SmolLM2-135M-Instruct.Q4_1.gguf"
DEFAULT_EMBEDDER: Final = "all-MiniLM-L6-v2"


class Role(StrEnum):
    """What a model is there for."""

    READER = "reader"
    EMBEDDER = "embedder"
    PLANNER = "planner"
    DRAFT = "draft"
    ADAPTER = "adapter"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The models that the reader process runs: files or folders."""

    reader: Path
    embedder: Path | None = None
    draft: Path | None = None
    """A smaller model of the same tokens, which guesses ahead."""
    adapter: Path | None = None
    """What was learned on top of the reader's model."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The file, and what holds where it says nothing."""

    folder: Path
    """The models folder."""
    fixed: Mapping[Role, str] = field(default_factory=dict)
    """What `config.toml` says; it holds whatever the file says."""

    @classmethod
    def of(cls, folder: Path, reader: str = "") -> Choices:
        """Return the choices in a folder; `reader` is what the settings name, if they do."""
        return cls(folder, {Role.READER: reader} if reader else {})

    def names(self) -> dict[Role, str]:
        """Return the name that is in use for each role that has one.

        Raises:
            ModelMissing: The file cannot be read.
        """
        names = {Role.READER: DEFAULT_READER}
        if (self.folder / DEFAULT_EMBEDDER).is_dir():
            names[Role.EMBEDDER] = DEFAULT_EMBEDDER
        return {**names, **self.written, **self.fixed}

    def name(self, role: Role) -> str:
        """Return the name in use for a role; without an embedder the reader compares, too.

        Raises:
            ModelMissing: The file cannot be read.
        """
        names = self.names()
        return names.get(role) or names[Role.READER]

    def finds_people(self) -> bool:
        """Tell whether the embedder in use is the one with which people are found.

        Raises:
            ModelMissing: The file cannot be read.
        """
        return self.names().get(Role.EMBEDDER) == DEFAULT_EMBEDDER

    def chosen(self) -> Chosen:
        """Return the models that the reader is to run now.

        Raises:
            ModelMissing: The file cannot be read.
        """
        at = {role: self.folder / name for role, name in self.names().items()}
        return Chosen(
            at[Role.READER], at.get(Role.EMBEDDER), at.get(Role.DRAFT), at.get(Role.ADAPTER)
        )

    def use(self, role: Role, name: str) -> None:
        """Write down, durably, which model is in use for a role; an empty name is none.

        Raises:
            ModelMissing: The file cannot be read.
            OSError: It cannot be written.
        """
        names = {**self.written, role: name}
        if not name:
            del names[role]
        write_whole(self.folder / FILE, json.dumps(names, indent=2, sort_keys=True))

    @property
    def written(self) -> dict[Role, str]:
        """Return what the file says.

        Raises:
            ModelMissing: The file cannot be read.
        """
        path = self.folder / FILE
        try:
            names = json.loads(path.read_text(encoding="utf-8"))
            return {Role(role): _bare(name) for role, name in names.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            msg = f"cannot read {path}: {error}; remove it, then `doorward models use` again"
            raise ModelMissing(msg) from error


def _bare(name: object) -> str:
    """Return a name that stays inside the folder."""
    if not isinstance(name, str) or not name or "/" in name or name.startswith("."):
        msg = f"{name!r} is no name of a model"
        raise ValueError(msg)
    return name
