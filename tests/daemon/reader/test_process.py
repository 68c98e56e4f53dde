"""The real reader process with the real small model."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from doorward.daemon.models.chosen import Chosen
from doorward.daemon.models.client import ReaderClient
from doorward.daemon.models.fetch import MODEL
from doorward.tools.reading.reader import Question

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
