"""What models there are, which fit, and which may be used."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from doorward.daemon.errors import Misused
from doorward.daemon.models.chosen import DEFAULT_EMBEDDER, DEFAULT_READER, Choices, Role
from doorward.daemon.models.fit import GIB, Machine, best, fits, needs, unfit
from doorward.daemon.models.registry import (
    DamagedError,
    Fetched,
    Model,
    found,
    known,
    named,
    remember,
    remembered,
    sha256,
)
from doorward.daemon.models.shelf import Shelf

MAC = Machine(16 * GIB, packed=True)
SMALL_MAC = Machine(4 * GIB, packed=True)
LINUX = Machine(24 * GIB, packed=False)


def by_name(name: str) -> Model:
    return named(name, known())


def test_everything_known_says_where_it_is_from_and_under_which_licence() -> None:
    for model in known():
        assert model.licence
        assert bool(model.hub) != bool(model.package)
        assert bool(model.sha256) == bool(model.package), "we check what we could, and only that"
        assert model.roles
        assert model.good
    assert {by_name(DEFAULT_READER).roles, by_name(DEFAULT_EMBEDDER).roles} == {
        (Role.READER,),
        (Role.EMBEDDER,),
    }


def test_a_part_of_a_name_is_enough_where_it_is_one_model() -> None:
    assert by_name("minilm").name == DEFAULT_EMBEDDER
    with pytest.raises(Misused, match="several") as caught:
        named("qwen3", known())
    assert "Qwen3-4B-Instruct-2507-4bit or Qwen3-0.6B-4bit" in caught.value.__notes__[0]


@pytest.mark.parametrize("config", ["[" * 200_000, '{"num_attention_heads": 1e999}'])
def test_a_model_that_says_nonsense_does_not_hide_the_others(tmp_path: Path, config: str) -> None:
    for name, said in (("odd", config), ("well", '{"model_type": "llama"}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(said, encoding="utf-8")
    assert "well" in [model.name for model in found(tmp_path, known())]


def test_of_a_wrong_name_the_nearest_is_said() -> None:
    with pytest.raises(Misused, match="no model Qwen3-4B-Instrct") as caught:
        named("Qwen3-4B-Instrct", known())
    assert "Qwen3-4B-Instruct-2507-4bit" in caught.value.__notes__[0]


def test_weights_keys_and_values_must_fit_into_half_of_the_memory() -> None:
    four = by_name("Qwen3-4B-Instruct-2507-4bit")
    assert needs(four, MAC) == four.bytes + 8192 * four.token + (256 << 20)
    assert fits(four, MAC)
    assert not fits(four, SMALL_MAC)
    assert not fits(four, LINUX), "on a processor it is expanded to 32 bits"
    assert fits(by_name(DEFAULT_READER), Machine(2 * GIB, packed=True))


def test_the_largest_that_fits_is_best_and_a_guessing_one_is_the_smallest() -> None:
    assert best(Role.READER, known(), MAC) == by_name("Qwen3-4B-Instruct-2507-4bit")
    assert best(Role.READER, known(), Machine(2 * GIB, packed=True)) == by_name(DEFAULT_READER)
    assert best(Role.READER, known(), Machine(GIB // 4, packed=True)) is None
    assert best(Role.DRAFT, known(), MAC) == by_name("Qwen3-0.6B")


def test_of_what_does_not_fit_the_reason_is_said_and_one_that_does() -> None:
    why, hint = unfit(by_name("Qwen3-4B"), Role.READER, known(), SMALL_MAC)
    assert "needs about 3.5 GiB" in why
    assert "half of the 4.0 GiB" in why
    assert hint == "Qwen3-0.6B-4bit fits"
    assert "packed" not in why
    why, _ = unfit(by_name("Qwen3-4B"), Role.READER, known(), LINUX)
    assert "only a Mac keeps weights packed" in why


def test_own_files_and_folders_are_found_by_what_they_are(tmp_path: Path) -> None:
    config = {
        "model_type": "llama",
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "hidden_size": 64,
    }
    for folder, name, held in (
        ("mine-mlx", "config.json", config),
        ("mine-learned", "adapter_config.json", {}),
        ("mine-encoder", "config.json", {"model_type": "bert"}),
        ("cache", "config.json", config),
        (".part-x-123", "config.json", config),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(json.dumps(held), encoding="utf-8")
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    (tmp_path / "notes.txt").write_text("no model", encoding="utf-8")
    (tmp_path / DEFAULT_READER).write_bytes(b"GGUF")
    here = {model.name: model for model in found(tmp_path, known())}
    assert {name: model.roles[0] for name, model in here.items() if name != "home"} == {
        DEFAULT_READER: Role.READER,
        "mine.gguf": Role.READER,
        "mine-encoder": Role.EMBEDDER,
        "mine-learned": Role.ADAPTER,
        "mine-mlx": Role.READER,
    }
    assert here["mine-mlx"].token == 2 * 2 * 2 * 2 * 16
    assert here["mine-mlx"].source == "your own"
    assert here["mine-mlx"].parameters == here["mine-mlx"].bytes // 2
    packed = {**config, "quantization": {"bits": 4, "group_size": 64}}
    (tmp_path / "mine-mlx" / "config.json").write_text(json.dumps(packed), encoding="utf-8")
    [again] = [model for model in found(tmp_path, known()) if model.name == "mine-mlx"]
    assert again.parameters == int(again.bytes * 8 / 4.5)


def on_shelf(folder: Path, machine: Machine = MAC, reader: str = "") -> Shelf:
    return Shelf(Choices.of(folder, reader), machine)


def test_a_model_is_used_only_if_it_is_here_whole_of_that_role_and_fits(tmp_path: Path) -> None:
    shelf = on_shelf(tmp_path)
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    assert shelf.use(Role.READER, "mine").name == "mine.gguf"
    assert shelf.choices.chosen().reader == tmp_path / "mine.gguf"
    [gone] = shelf.damage(Model("gone.gguf", ()))
    assert gone == f"gone.gguf is not here; put it into {shelf.folder}, or use another model"
    with pytest.raises(DamagedError, match="not here; run `doorward models get"):
        shelf.use(Role.READER, "Qwen3-0.6B")
    with pytest.raises(Misused, match="cannot be the embedder"):
        shelf.use(Role.EMBEDDER, "mine")
    with pytest.raises(Misused, match="one runs at a time"):
        shelf.use(Role.PLANNER, "mine")
    (tmp_path / DEFAULT_READER).write_bytes(b"damaged")
    with pytest.raises(DamagedError, match="missing or damaged"):
        shelf.use(Role.READER, "135M")
    tiny = replace(shelf, machine=Machine(GIB // 8, packed=True))
    with pytest.raises(Misused, match="needs about"):
        tiny.use(Role.READER, "mine")
    assert shelf.choices.chosen().reader == tmp_path / "mine.gguf"


def test_what_config_toml_names_is_not_overruled_silently(tmp_path: Path) -> None:
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    with pytest.raises(Misused, match=r"config\.toml names the reader: old\.gguf") as caught:
        on_shelf(tmp_path, reader="old.gguf").use(Role.READER, "mine")
    assert "remove reader_model" in caught.value.__notes__[0]


def test_what_came_from_the_hub_is_held_against_the_first_fetch(tmp_path: Path) -> None:
    folder = tmp_path / "Some-4bit"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "llama"}', encoding="utf-8")
    sums = {"config.json": sha256(folder / "config.json")}
    remember(tmp_path, Fetched("Some-4bit", "hub:some/Some-4bit@" + "a" * 40, "mit", sums))
    shelf = on_shelf(tmp_path)
    [standing] = [each for each in shelf.standings() if each.model.name == "Some-4bit"]
    assert standing.model.licence == "mit"
    assert standing.trust == "as first fetched"
    assert shelf.damage(standing.model) == []
    (folder / "config.json").write_text('{"model_type": "other"}', encoding="utf-8")
    assert "missing or damaged" in shelf.damage(standing.model)[0]


def test_a_removed_model_is_forgotten_and_no_longer_chosen(tmp_path: Path) -> None:
    (tmp_path / "mine.gguf").write_bytes(b"GGUF")
    remember(tmp_path, Fetched("mine.gguf", "hub:a/b@c", "mit", {}))
    shelf = on_shelf(tmp_path)
    shelf.use(Role.READER, "mine.gguf")
    model, roles = shelf.remove("mine")
    assert (model.name, roles) == ("mine.gguf", [Role.READER])
    assert not (tmp_path / "mine.gguf").exists()
    assert remembered(tmp_path) == {}
    assert shelf.choices.chosen().reader == tmp_path / DEFAULT_READER
