"""What a GGUF file says of itself."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from doorward.daemon.models.gguf_header import Header, NoHeaderError, read
from hypothesis import given
from hypothesis import strategies as st

from tests.daemon.reader.test_gguf import gguf, text


def test_the_default_model_says_its_forms_and_what_a_token_costs(models: Path) -> None:
    from doorward.daemon.models.chosen import DEFAULT_READER

    header = read(models / DEFAULT_READER)
    assert header.texts["general.architecture"] == "llama"
    assert header.numbers["tokenizer.ggml.tokens"] == 49152
    assert header.forms == {0, 3, 8}
    assert header.token == 23_040
    assert header.parameters == 134_515_008


def test_what_it_does_not_say_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(gguf("llama", 2))
    assert read(tmp_path / "a.gguf").token == 0


@pytest.mark.parametrize(
    "held",
    [
        b"",
        b"GGUF" + struct.pack("<IQQ", 3, 1 << 40, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("a") + struct.pack("<I", 99),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("a") + struct.pack("<IIQ", 9, 4, 1 << 60),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 1 << 63),
        b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + text("t") + struct.pack("<I", 9) + bytes(99),
    ],
)
def test_lengths_that_lie_are_not_believed(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "a.gguf").write_bytes(held)
    with pytest.raises(NoHeaderError):
        read(tmp_path / "a.gguf")


@pytest.mark.parametrize("odd", [float("inf"), float("nan"), 0.0])
def test_numbers_that_are_none_cost_nothing(odd: float) -> None:
    names = ("attention.head_count", "embedding_length", "block_count")
    numbers = {f"llama.{name}": odd for name in names}
    assert Header(numbers, {"general.architecture": "llama"}, frozenset(), 0).token == 0


@given(st.binary(max_size=200))
def test_any_bytes_are_a_header_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, rest: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 1, 2) + rest)
    try:
        read(path)
    except NoHeaderError as error:
        assert str(error)
