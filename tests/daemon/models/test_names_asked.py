"""What the client believes of the people that the reader process says it found."""

from __future__ import annotations

from pathlib import Path

import pytest
from doorward.daemon.models.answers import spans
from doorward.daemon.models.chosen import Chosen
from doorward.daemon.models.client import ReaderClient
from doorward.policies.vocabulary import Data
from doorward.tools.reading.reader import ModelMissing, ReaderFailed, Span

TEXT = "Rosa Hart met Finn Olsen"


def test_spans_are_read_in_order() -> None:
    told: Data = [[0, 9, 0.9], [14, 24, 0.7]]
    assert spans(TEXT, told) == [Span("Rosa Hart", 0, 9, 0.9), Span("Finn Olsen", 14, 24, 0.7)]


@pytest.mark.parametrize(
    "told",
    [
        [[0, 9, 0.9], [8, 24, 0.7]],
        [[14, 24, 0.9], [0, 9, 0.7]],
        [[0, 99, 0.9]],
        [[5, 5, 0.9]],
        [["Rosa", 9, 0.9]],
        "Rosa",
        None,
    ],
)
def test_what_is_no_list_of_places_in_order_is_not_believed(told: Data) -> None:
    with pytest.raises(ReaderFailed):
        spans(TEXT, told)


async def test_without_an_embedder_no_process_is_started(tmp_path: Path) -> None:
    async with ReaderClient(lambda: Chosen(tmp_path / "x.gguf"), tmp_path / "cache") as client:
        with pytest.raises(ModelMissing, match="embedder"):
            await client.names([TEXT])
        assert client.pid is None
    assert not (tmp_path / "cache").exists()
