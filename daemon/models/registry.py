"""What models there are: those that Doorward knows, and those that stand in the models folder.

Pure data, and one small file that remembers what was fetched from where, with a seal over it. It
fetches nothing (`fetch`, `hub`), chooses nothing (`chosen`) and loads nothing. Commands call it.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from doorward.daemon.errors import DaemonError, Misused
from doorward.daemon.models import gguf_header
from doorward.daemon.models.chosen import Role
from doorward.daemon.models.whole import write_whole

FETCHED: Final = "fetched.json"
"""What was fetched, in the models folder."""
OURS: Final = frozenset({"cache"})
"""Folders in the models folder that are no models."""


class DamagedError(DaemonError):
    """A file of the models folder is not what it was."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model: known to us, or found in the folder."""

    name: str
    """The name of its file or folder in the models folder."""
    roles: tuple[Role, ...]
    licence: str = ""
    """Empty: its owner knows."""
    parameters: int = 0
    """0: unknown before it is loaded."""
    bytes: int = 0
    """On disk; of what is not fetched yet, about."""
    token: int = 0
    """Bytes of the keys and values of one token, at 16 bits; 0 is unknown or none."""
    good: str = ""
    package: str = ""
    """The pinned wheel of the package index that holds it as data."""
    wheel: str = ""
    """The wheel's SHA-256."""
    inside: str = ""
    """The file, or the archive of files, in the wheel."""
    hub: str = ""
    """`owner/name` at the hub."""
    revision: str = ""
    sha256: Mapping[str, str] = field(default_factory=dict)
    """The checksums that we have checked, by file."""

    @property
    def source(self) -> str:
        """Say where it comes from."""
        if self.hub:
            return f"hub:{self.hub}@{self.revision[:12]}"
        return f"pypi:{self.package}" if self.package else "your own"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was fetched once, and is trusted since then."""

    name: str
    source: str
    licence: str
    """That which was agreed to."""
    files: Mapping[str, str]
    """SHA-256 by file."""


def known() -> tuple[Model, ...]:
    """Return the models that Doorward knows."""
    text = files("doorward.daemon.models").joinpath("known.toml").read_text(encoding="utf-8")
    return tuple(
        Model(**{**table, "roles": tuple(Role(role) for role in table["roles"])})
        for table in tomllib.loads(text)["model"]
    )


def named(name: str, models: Sequence[Model], likely: Sequence[Model] = ()) -> Model:
    """Return the model of a name; of a part of it, where only one has it, or one that is likely.

    Raises:
        Misused: There is none, or more than one.
    """
    exact = [model for model in models if name in {model.name, model.hub}]
    near = exact or [model for model in models if name.casefold() in model.name.casefold()]
    if len(near) > 1 and len(first := [model for model in near if model in likely]) == 1:
        near = first
    if len(near) == 1:
        return near[0]
    names = [model.name for model in models]
    error = Misused(f"there is no model {name}" if not near else f"{name} could be several models")
    alike = [model.name for model in near] or difflib.get_close_matches(name, names, 1, 0.3)
    error.add_note(f"hint: {' or '.join(alike) or 'doorward models list shows them all'}")
    raise error


def found(folder: Path, models: Sequence[Model]) -> list[Model]:
    """Return what stands in the folder: known models that are there, and the user's own."""
    by_name = {model.name: model for model in models}
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    here: list[Model] = []
    for path in there:
        if path.name.startswith(".") or path.name in OURS:
            continue
        roles = _roles(path)
        if path.name in by_name:
            here.append(by_name[path.name])
        elif roles:
            here.append(_own(path, roles))
    return here


def remembered(folder: Path) -> dict[str, Fetched]:
    """Return what was fetched, by name.

    Raises:
        DamagedError: The file does not match its seal.
    """
    path = folder / FETCHED
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["seal"] != _seal(held["models"]):
            raise ValueError("its seal does not match")
        return {name: Fetched(**one) for name, one in held["models"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        damaged = DamagedError(f"cannot read {path}: {error}")
        damaged.add_note("hint: remove it, and get what came from the hub again")
        raise damaged from error


def remember(folder: Path, one: Fetched) -> None:
    """Write down what was fetched."""
    _write(folder, {**remembered(folder), one.name: one})


def forget(folder: Path, name: str) -> None:
    """Strike out what was removed."""
    held = remembered(folder)
    if held.pop(name, None) is not None:
        _write(folder, held)


def wrong_files(path: Path, sums: Mapping[str, str]) -> list[str]:
    """Return the files of a model that are missing or not what their checksum says."""
    wrong: list[str] = []
    for name, expected in sums.items():
        file = path / name if path.is_dir() else path
        if not file.is_file() or sha256(file) != expected:
            wrong.append(name)
    return wrong


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _write(folder: Path, held: Mapping[str, Fetched]) -> None:
    models = {name: asdict(one) for name, one in held.items()}
    text = json.dumps({"models": models, "seal": _seal(models)}, indent=1, sort_keys=True)
    write_whole(folder / FETCHED, text)


def _seal(models: object) -> str:
    return hashlib.sha256(json.dumps(models, sort_keys=True).encode()).hexdigest()


def _roles(path: Path) -> tuple[Role, ...]:
    if path.is_file():
        words = (Role.READER, Role.DRAFT, Role.PLANNER)
        return words if path.suffix == ".gguf" else ()
    if (path / "adapter_config.json").is_file():
        return (Role.ADAPTER,)
    config = _config(path)
    if config.get("model_type") == "bert":
        return (Role.EMBEDDER,)
    return (Role.READER, Role.DRAFT, Role.PLANNER) if config else ()


def _own(path: Path, roles: tuple[Role, ...]) -> Model:
    if path.is_file():
        size = path.stat().st_size
        try:
            header = gguf_header.read(path)
        except gguf_header.NoHeaderError:
            return Model(path.name, roles, bytes=size)
        return Model(path.name, roles, parameters=header.parameters, bytes=size, token=header.token)
    size = sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    config = _config(path)
    return Model(
        path.name, roles, parameters=_about(config, size), bytes=size, token=_token(config)
    )


def _about(config: Mapping[str, Any], size: int) -> int:
    """Return about how many parameters so many bytes hold; each group has a scale and a bias."""
    try:
        packing = config["quantization"]
        bits = float(packing["bits"]) + 32 / int(packing["group_size"])
    except (KeyError, TypeError, ValueError, ArithmeticError):
        bits = 16.0
    return int(size * 8 / bits)


def _token(config: Mapping[str, Any]) -> int:
    """Return the bytes of one token's keys and values, as a configuration tells them."""
    try:
        heads = int(config["num_attention_heads"])
        each = int(config.get("head_dim") or int(config["hidden_size"]) // heads)
        kept = int(config.get("num_key_value_heads") or heads)
        return 2 * 2 * int(config["num_hidden_layers"]) * kept * each
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return 0


def _config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads((path / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return config if isinstance(config, dict) else {}
