"""Where the tests find the small model: `.cache/models`, or a folder the environment names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from doorward.daemon.models.fetch import MODEL


def models_folder() -> Path:
    named = os.environ.get("DOORWARD_TEST_MODELS")
    return Path(named) if named else Path(__file__).parents[2] / ".cache" / "models"


@pytest.fixture
def models() -> Path:
    folder = models_folder()
    if not (folder / MODEL).is_file():
        pytest.skip(f"no model in {folder}: run scripts/test, which gets it")
    return folder
