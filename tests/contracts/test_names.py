"""What every reader promises of the people it finds, held over the twin and the real embedder."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio
from doorward.daemon.models.chosen import DEFAULT_EMBEDDER, DEFAULT_READER, Chosen
from doorward.daemon.models.client import ReaderClient
from doorward.tools.reading.reader import NOW, Reader, ScriptedReader, Span, Terms, Urgency

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMED = os.environ.get("DOORWARD_TEST_MODELS")
FOLDER = Path(NAMED) if NAMED else Path(__file__).parents[2] / ".cache" / "models"
LETTER = "Dear Rosa Hart,\n\nthe roof leaks. Please ask Finn Olsen to come on Tuesday.\n"
TEXTS = [
    LETTER,
    "",
    "  \n\t",
    "12.50 EUR; 2026-11-30",
    "Grüße 🎨 von Jürgen Weiß aus Köln\r\n\r\nRosa Hart\r\n",
    "a\u0301 e\u0301 Ilse Brandner",
    "\ud800 Rosa Hart \x00",
    f"{'The weather stays as it is. ' * 60}Rosa Hart wrote. {'More of the same. ' * 60}",
]


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=["scripted", pytest.param("model", marks=pytest.mark.reader)],
)
async def reader(request: pytest.FixtureRequest) -> AsyncIterator[Reader]:
    if request.param == "scripted":
        yield ScriptedReader()
        return
    if not (FOLDER / DEFAULT_EMBEDDER).is_dir():
        pytest.skip(f"no embedder in {FOLDER}")
    chosen = Chosen(FOLDER / DEFAULT_READER, FOLDER / DEFAULT_EMBEDDER)
    async with ReaderClient(lambda: chosen, FOLDER / "cache") as client:
        yield client


async def test_people_are_verbatim_pieces_in_order(reader: Reader) -> None:
    for text, spans in zip(TEXTS, await reader.names(TEXTS), strict=True):
        assert all(text[each.start : each.end] == each.text != "" for each in spans)
        assert all(one.end <= other.start for one, other in pairwise(spans))
        assert all(0 <= each.confidence <= 1 for each in spans)


async def test_whole_names_are_found_wherever_they_stand(reader: Reader) -> None:
    found = [{each.text for each in spans} for spans in await reader.names(TEXTS)]
    assert {"Rosa Hart", "Finn Olsen"} <= {name.removeprefix("Dear ") for name in found[0]}
    assert found[1:4] == [set(), set(), set()]
    assert "Rosa Hart" in found[-1]


@pytest.mark.parametrize("filling", ["." * 300, "#!" * 180, "? " * 190, "(" * 380])
async def test_signs_before_a_name_do_not_hide_it(reader: Reader, filling: str) -> None:
    [spans] = await reader.names([f"{filling} Rosa Hart wrote to Finn Olsen yesterday."])
    assert [each.text for each in spans] == ["Rosa Hart", "Finn Olsen"]


async def test_a_text_names_the_same_people_whatever_is_asked_beside_it(reader: Reader) -> None:
    together = await reader.names(TEXTS)
    backwards = await reader.names(TEXTS[::-1], Terms(Urgency.NIGHT))
    alone = [(await reader.names([text]))[0] for text in TEXTS]

    def places(all_: list[list[Span]]) -> list[list[tuple[int, int]]]:
        return [[(each.start, each.end) for each in spans] for spans in all_]

    assert places(together) == places(backwards[::-1]) == places(alone)


async def test_no_texts_name_nobody(reader: Reader) -> None:
    assert await reader.names([], NOW) == []
