"""How large a model is, told from the heads of its files."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from doorward.daemon.models.chosen import Chosen
from doorward.daemon.models.client import ReaderClient
from doorward.daemon.models.counted import parameters
from doorward.daemon.models.fetch import MODEL
from doorward.tools.reading.reader import Question
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[3]


def gguf(shapes: list[list[int]]) -> bytes:
    def text(words: str) -> bytes:
        return struct.pack("<Q", len(words)) + words.encode()

    pairs = [
        text("name") + struct.pack("<I", 8) + text("a model"),
        text("tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b"),
        text("kinds") + struct.pack("<IIQ", 9, 5, 3) + bytes(12),
        text("size") + struct.pack("<II", 4, 7),
    ]
    tensors = [text("t") + struct.pack(f"<I{len(s)}QIQ", len(s), *s, 0, 0) for s in shapes]
    return b"GGUF" + struct.pack("<IQQ", 3, len(shapes), 4) + b"".join(pairs + tensors)


def test_the_shapes_of_a_gguf_file_are_counted(tmp_path: Path) -> None:
    model = tmp_path / "m.gguf"
    model.write_bytes(gguf([[3, 4], [5], [2, 2, 2]]) + bytes(1000))
    assert parameters(model) == 25


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda rest: b"GGUF" + rest))
def test_what_is_no_model_has_no_size(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    model = tmp_path_factory.mktemp("none") / "m.gguf"
    model.write_bytes(content)
    assert parameters(model) >= 0
    assert parameters(model.parent / "missing") == 0


def test_a_head_that_nests_for_ever_counts_as_the_smallest(tmp_path: Path) -> None:
    name = struct.pack("<Q", 4) + b"name"
    deep = struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 100_000
    model = tmp_path / "m.gguf"
    model.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + name + deep)
    assert parameters(model) == 0


@pytest.mark.parametrize(
    ("config", "head"),
    [
        ("[" * 200_000, {}),
        ("{}", {"t": {"dtype": "F32", "shape": [9] * 1000}}),
        ('{"quantization": {"bits": 0}}', {"t": {"dtype": "U32", "shape": [9]}}),
        ('{"quantization": {"bits": 1e999}}', {}),
    ],
)
def test_a_folder_that_says_nonsense_counts_as_the_smallest(
    tmp_path: Path, config: str, head: dict[str, object]
) -> None:
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    said = json.dumps(head).encode()
    (tmp_path / "model.safetensors").write_bytes(struct.pack("<Q", len(said)) + said)
    assert parameters(tmp_path) == 0


def test_a_cut_off_head_counts_as_the_smallest(tmp_path: Path) -> None:
    whole = gguf([[3, 4]])
    model = tmp_path / "m.gguf"
    for end in range(len(whole) - 20):
        model.write_bytes(whole[:end])
        assert parameters(model) == 0


def test_an_mlx_folder_is_counted_by_its_tensors(tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    made = [sys.executable, "-m", "tests.daemon.reader.tiny", str(folder)]
    subprocess.run(made, cwd=ROOT, check=True, timeout=60)
    assert parameters(folder) == 258 * 32 + 32 + 2 * (32 * (32 + 16 + 16 + 32 + 3 * 64 + 2))


@pytest.mark.reader
async def test_the_default_model_is_as_large_before_it_is_loaded_as_after(models: Path) -> None:
    async with ReaderClient(lambda: Chosen(models / MODEL), models / "cache") as reader:
        before = reader.size
        assert 130_000_000 < before < 140_000_000
        await reader.find([Question("It costs 5 EUR.", "price")])
        assert reader.size == before
