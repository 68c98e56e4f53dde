"""The real models, taught: by the shipped examples over texts unseen, and by corrections."""

from __future__ import annotations

import os
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from doorward.daemon.models.chosen import DEFAULT_EMBEDDER, DEFAULT_READER, Chosen
from doorward.daemon.models.client import ReaderClient
from doorward.policies.vocabulary import Data
from doorward.tools.reading.classify import classify
from doorward.tools.reading.documents import Document
from doorward.tools.reading.labelling import SURE
from doorward.tools.reading.reader import Example
from doorward.tools.reading.shipped import LABELS, examples

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.reader,
    pytest.mark.timeout(300),
]

NAMED = os.environ.get("DOORWARD_TEST_MODELS")
FOLDER = Path(NAMED) if NAMED else Path(__file__).parents[3] / ".cache" / "models"
UNSEEN = Path(__file__).parents[2] / "tools" / "reading" / "held_out.toml"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader() -> AsyncIterator[ReaderClient]:
    if not (FOLDER / DEFAULT_READER).is_file() or not (FOLDER / DEFAULT_EMBEDDER).is_dir():
        pytest.skip(f"no models in {FOLDER}")
    chosen = Chosen(FOLDER / DEFAULT_READER, FOLDER / DEFAULT_EMBEDDER)
    async with ReaderClient(lambda: chosen, FOLDER / "cache") as client:
        yield client


async def test_of_texts_unseen_it_is_right_where_it_says_that_it_is_sure(
    reader: ReaderClient,
) -> None:
    held = tomllib.loads(UNSEEN.read_text(encoding="utf-8"))
    known = [(text, label) for label, texts in held.items() for text in texts]
    choices = await reader.choose([text for text, _ in known], LABELS, examples())
    pairs = list(zip(known, choices, strict=True))
    right = [choice.option == label for (_, label), choice in pairs]
    sure = [ok for ok, choice in zip(right, choices, strict=True) if choice.confidence >= SURE]
    assert sum(right) >= 35, sum(right)  # of 42
    assert len(sure) >= 30
    assert sum(sure) >= 0.95 * len(sure)
    claimed = sum(choice.confidence for choice in choices) / len(choices)
    assert abs(claimed - sum(right) / len(right)) < 0.12


async def test_with_an_embedder_options_are_known_by_their_names(reader: ReaderClient) -> None:
    held = tomllib.loads(UNSEEN.read_text(encoding="utf-8"))
    known = [(text, label) for label, texts in held.items() for text in texts]
    choices = await reader.choose([text for text, _ in known], LABELS)
    right = [choice.option == label for (_, label), choice in zip(known, choices, strict=True)]
    assert sum(right) >= 25, sum(right)  # of 42; the likelihood of the names gets 16
    sure = [ok for ok, each in zip(right, choices, strict=True) if each.confidence >= SURE]
    assert len(sure) >= 8
    assert sum(sure) >= 0.9 * len(sure)


async def test_of_names_that_fit_nothing_it_is_sure_of_hardly_any(reader: ReaderClient) -> None:
    held = tomllib.loads(UNSEEN.read_text(encoding="utf-8"))
    texts = [text for found in held.values() for text in found]
    choices = await reader.choose(texts, ["chess", "opera", "horses", "wine"])
    assert sum(choice.confidence >= SURE for choice in choices) <= 0.15 * len(texts)


TAUGHT = [
    Example("The old cherry tree by the fence must be pruned before the buds open.", "outside"),
    Example("Sow peas and broad beans as soon as the beds can be worked.", "outside"),
    Example("The lawn is full of moss; rake it and spread some sand.", "outside"),
    Example("The tap in the kitchen drips and the drain smells.", "inside"),
    Example("Descale the kettle and empty the filter of the washing machine.", "inside"),
    Example("The bedroom ceiling wants a second coat of white paint.", "inside"),
]


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("Prune the roses, rake the leaves and sow the lawn anew.", "outside"),
        ("The kitchen drain is blocked and the washing machine leaks.", "inside"),
    ],
)
async def test_a_few_corrections_teach_options_that_no_rule_knows(
    reader: ReaderClient, text: str, option: str
) -> None:
    record: dict[str, Data] = {"path": "a.txt", "text": text, "kind": "txt"}
    put = await classify(Document.read(record), ["inside", "outside"], reader, TAUGHT)
    assert (put.option, put.by) == (option, "examples")


async def test_what_is_like_nothing_that_was_taught_stays_undecided(reader: ReaderClient) -> None:
    held = tomllib.loads(UNSEEN.read_text(encoding="utf-8"))
    decided = []
    for text in [texts[0] for texts in held.values()] + [texts[1] for texts in held.values()]:
        record: dict[str, Data] = {"path": "a.txt", "text": text, "kind": "txt"}
        put = await classify(Document.read(record), ["inside", "outside"], reader, TAUGHT)
        decided.append(put.decided)
    assert sum(decided) <= 2  # of 14
