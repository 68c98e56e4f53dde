"""The real reader process with the real small model."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from doorward.daemon.models.chosen import Chosen
from doorward.daemon.models.client import ReaderClient
from doorward.daemon.models.fetch import MODEL
from doorward.policies.vocabulary import Data
from doorward.tools.reading.reader import Prompt, Question, Terms, TooLarge, Urgency

pytestmark = pytest.mark.reader

LETTER = "Hi Ben, the plumber comes on Tuesday at nine. The bill is 45 EUR. Anna Smith"

GOLDEN = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from doorward.daemon.models import blas
from doorward.daemon.reader import products, weights
from doorward.daemon.reader.rows import Batch, Row
products.preload(blas.prepare(Path({cache!r})))
from doorward.daemon.reader.forward import Forward
loaded = weights.load(Path({model!r}), packed=sys.platform == "darwin")
forward = Forward(loaded)
*before, feed = loaded.tokenizer.encode("The capital of France is").ids
cache = forward.fresh()
list(forward.read([before], cache))
row, batch = Row(feed=feed, left=8), Batch(forward)
batch.join([row], cache)
while not row.over:
    batch.step()
print(loaded.tokenizer.decode(row.out), end="")
"""


def test_greedy_text_is_what_exact_arithmetic_gives(models: Path) -> None:
    code = GOLDEN.format(
        path=[p for p in sys.path if p], cache=str(models / "cache"), model=str(models / MODEL)
    )
    environment = {"MLX_DISABLE_COMPILE": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )
    assert done.stdout == " Paris.\n\nThe answer is:", done.stderr


async def test_a_killed_reader_is_replaced_and_the_answer_is_the_same(models: Path) -> None:
    question = [Question(LETTER, "who sent it")]
    async with ReaderClient(lambda: Chosen(models / MODEL), models / "cache") as reader:
        before = await reader.find(question)
        first = reader.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert await reader.find(question) == before
        assert reader.pid != first


async def test_the_reader_shows_life_while_it_works_and_can_be_cancelled(models: Path) -> None:
    async with ReaderClient(lambda: Chosen(models / MODEL), models / "cache", silence=20) as reader:
        await reader.find([Question(LETTER, "price")])
        pid = reader.pid
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await reader.embed([LETTER] * 60)
        [span] = await reader.find([Question(LETTER, "who sent it")])
        assert span is not None
        assert reader.pid == pid


async def test_what_was_cancelled_is_over_within_a_token_or_two(models: Path) -> None:
    heard = asyncio.Event()
    async with ReaderClient(lambda: Chosen(models / MODEL), models / "cache") as reader:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(50) as limit:

                def hear(_: str) -> None:
                    heard.set()
                    limit.reschedule(0)

                await reader.write(Prompt("Tell a story.", LETTER), tokens=4000, heard=hear)
        assert heard.is_set()
        assert await reader.write(Prompt("Say yes.", "Yes?"), tokens=1)


async def test_a_reader_killed_while_it_writes_writes_it_again_and_is_heard_once(
    models: Path,
) -> None:
    heard: list[str] = []
    async with ReaderClient(lambda: Chosen(models / MODEL), models / "cache") as reader:
        killed: list[int] = []

        def hear(piece: str) -> None:
            heard.append(piece)
            if len(heard) == 3 and not killed and reader.pid is not None:
                killed.append(reader.pid)
                os.kill(reader.pid, signal.SIGKILL)

        written = await reader.write(
            Prompt("Answer in one short sentence.", "What is the capital of France?"),
            tokens=24,
            heard=hear,
        )
        assert killed
        assert "".join(heard) == written.text
        assert "Paris" in written.text


async def test_a_person_is_heard_while_the_night_writes(models: Path) -> None:
    async with (
        ReaderClient(lambda: Chosen(models / MODEL), models / "cache") as reader,
        asyncio.TaskGroup() as group,
    ):
        await reader.write(Prompt("Say yes.", "Yes?"), tokens=1)
        night = group.create_task(
            reader.write(Prompt("Tell it.", LETTER), tokens=60, terms=Terms(Urgency.NIGHT))
        )
        [span] = await reader.find([Question(LETTER, "who sent it")])
        assert span is not None
        assert not night.done()


async def test_a_schema_is_kept_by_the_real_model(models: Path) -> None:
    schema: dict[str, Data] = {
        "type": "object",
        "properties": {"amount": {"type": "integer", "minimum": 0, "maximum": 999}},
        "required": ["amount"],
        "additionalProperties": False,
    }
    async with ReaderClient(lambda: Chosen(models / MODEL), models / "cache") as reader:
        written = await reader.write(Prompt("What does it cost?", LETTER), schema=schema, tokens=32)
        assert json.loads(written.text).keys() == {"amount"}
        with pytest.raises(ValueError, match="tokens"):
            await reader.write(Prompt("What?", LETTER), schema=schema, tokens=3)


async def test_a_document_of_any_length_is_read_within_bounds(models: Path) -> None:
    long = "Nothing of interest stands here. " * 30_000
    async with ReaderClient(lambda: Chosen(models / MODEL), models / "cache") as reader:
        text = f"{long}\nsent by: Rosa Hart\n{long}"
        [span] = await reader.find([Question(text, "who sent it")])
        assert span is None or text[span.start : span.end] == span.text
        with pytest.raises(TooLarge, match="fit beside an answer of 512"):
            await reader.write(Prompt("Sum up.", text))


async def test_the_reader_ends_when_its_peer_closes(models: Path) -> None:
    reader = ReaderClient(lambda: Chosen(models / MODEL), models / "cache")
    await reader.find([Question(LETTER, "price")])
    pid = reader.pid
    assert pid is not None
    await reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_the_reader_gives_up_network_files_and_programs(models: Path) -> None:
    async with ReaderClient(lambda: Chosen(models / MODEL), models / "cache") as reader:
        await reader.find([Question(LETTER, "price")])
        if sys.platform == "linux":
            assert "seccomp" in reader.about["confined"]
            assert "landlock" in reader.about["confined"]
