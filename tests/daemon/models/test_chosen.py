"""Which models are in use, and how it is written down."""

from __future__ import annotations

from pathlib import Path

import pytest
from doorward.daemon.models.chosen import DEFAULT_EMBEDDER, DEFAULT_READER, FILE, Choices, Role
from doorward.tools.reading.reader import ModelMissing


def test_without_a_choice_the_small_default_reads(tmp_path: Path) -> None:
    chosen = Choices(tmp_path).chosen()
    assert chosen.reader == tmp_path / DEFAULT_READER
    assert (chosen.embedder, chosen.draft, chosen.adapter) == (None, None, None)


def test_the_embedder_is_used_once_it_is_there(tmp_path: Path) -> None:
    choices = Choices(tmp_path)
    (tmp_path / DEFAULT_EMBEDDER).mkdir()
    assert choices.chosen().embedder == tmp_path / DEFAULT_EMBEDDER


def test_a_choice_holds_at_the_next_request_and_after_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    running = Choices(folder)
    Choices(folder).use(Role.READER, "Qwen3-4B")
    Choices(folder).use(Role.DRAFT, "Qwen3-0.6B")
    assert running.chosen().reader == folder / "Qwen3-4B"
    assert Choices(folder).chosen().draft == folder / "Qwen3-0.6B"
    assert [path.name for path in folder.iterdir()] == [FILE]
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600


def test_none_takes_a_choice_back(tmp_path: Path) -> None:
    choices = Choices(tmp_path)
    choices.use(Role.READER, "Qwen3-4B")
    choices.use(Role.READER, "")
    assert choices.chosen().reader == tmp_path / DEFAULT_READER


def test_what_the_settings_name_holds_over_the_file(tmp_path: Path) -> None:
    Choices(tmp_path).use(Role.READER, "Qwen3-4B")
    fixed = Choices(tmp_path, {Role.READER: "mine.gguf"})
    assert fixed.chosen().reader == tmp_path / "mine.gguf"


@pytest.mark.parametrize(
    "held", ["no json", "[]", '{"reader": "../x"}', '{"king": "x"}', '{"reader": 3}']
)
def test_a_damaged_file_is_named_and_never_guessed_about(tmp_path: Path, held: str) -> None:
    (tmp_path / FILE).write_text(held, encoding="utf-8")
    with pytest.raises(ModelMissing, match="models use"):
        Choices(tmp_path).chosen()
