"""The sample home, laid out for one test, and a daemon over it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.agent import Setting

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def answers() -> dict[str, Any]:
    """Give the answer key of the sample home."""
    key: dict[str, Any] = json.loads((SAMPLES / "answers.json").read_text(encoding="utf-8"))
    return key


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    """Give a copy of the sample home."""
    home = tmp_path / "home" / "anna"
    shutil.copytree(SAMPLES / "home", home)
    return home


@pytest.fixture
def agent(tmp_path: Path, anna: Path) -> Setting:
    """Give a daemon over the sample home."""
    return Setting(tmp_path / "state", anna)
