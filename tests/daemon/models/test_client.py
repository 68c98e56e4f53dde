"""The client of the reader process, against a stand-in that dies, hangs and talks nonsense."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from doorward.daemon.models.chosen import Chosen
from doorward.daemon.models.client import ReaderClient
from doorward.daemon.models.fetch import MODEL
from doorward.tools.reading.reader import (
    ModelMissing,
    Prompt,
    Question,
    ReaderFailed,
    ReaderLate,
    Terms,
    TooLarge,
)

STAND_IN = Path(__file__).with_name("stand_in.py")
ROOT = Path(__file__).parents[3]
ASKED = [Question("Anna owes 5 EUR", "who")]


def client(
    folder: Path,
    mode: str = "good",
    *,
    idle: float = 60.0,
    silence: float = 30.0,
    chosen: Callable[[], Chosen] | None = None,
) -> ReaderClient:
    (folder / MODEL).touch()
    boot = (
        f"import sys, runpy; sys.path[:0] = {[part for part in sys.path if part]!r}; "
        f"runpy.run_path({str(STAND_IN)!r}, run_name='__main__')"
    )
    command = (sys.executable, "-c", boot, mode, str(folder / "starts"))
    return ReaderClient(
        chosen or (lambda: Chosen(folder / MODEL)),
        folder / "cache",
        idle=idle,
        silence=silence,
        command=command,
    )


def starts(folder: Path) -> int:
    return int((folder / "starts").read_text(encoding="ascii"))


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_nothing_runs_before_the_first_request(tmp_path: Path) -> None:
    async with client(tmp_path) as reader:
        assert reader.pid is None
        assert await reader.find([]) == []
        assert reader.pid is None
        [span] = await reader.find(ASKED)
        assert span is not None
        assert span.text == "A"
        assert reader.pid is not None
        assert reader.about == {"blas": "stock", "confined": "no"}


async def test_one_process_serves_many_requests_and_ends_with_the_client(tmp_path: Path) -> None:
    async with client(tmp_path) as reader:
        async with asyncio.TaskGroup() as group:
            for _ in range(5):
                group.create_task(reader.find(ASKED))
        pid = reader.pid
        assert pid is not None
    assert starts(tmp_path) == 1
    assert gone(pid)


@pytest.mark.parametrize("fault", ["die", "garbage", "huge"])
async def test_a_request_survives_one_broken_process(tmp_path: Path, fault: str) -> None:
    async with client(tmp_path, f"{fault}:1") as reader:
        assert await reader.find(ASKED) != [None]
    assert starts(tmp_path) == 2


async def test_a_request_survives_a_process_that_hangs(tmp_path: Path) -> None:
    async with client(tmp_path, "hang:1", silence=1.5) as reader:
        assert await reader.find(ASKED) != [None]
    assert starts(tmp_path) == 2


async def test_two_broken_processes_are_a_failure_with_a_hint(tmp_path: Path) -> None:
    async with client(tmp_path, "die:2") as reader:
        with pytest.raises(ReaderFailed, match="failed twice") as caught:
            await reader.find(ASKED)
        assert any("doctor" in note for note in caught.value.__notes__)
        assert await reader.find(ASKED) != [None]  # the third one works
    assert starts(tmp_path) == 3


async def test_a_killed_process_is_replaced(tmp_path: Path) -> None:
    async with client(tmp_path) as reader:
        await reader.find(ASKED)
        first = reader.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert await reader.find(ASKED) != [None]
        assert reader.pid is None  # what answered worked in halves
        assert await reader.find(ASKED) != [None]
        assert reader.pid not in {None, first}


async def test_no_idle_time_ends_the_process_after_each_request(tmp_path: Path) -> None:
    async with client(tmp_path, idle=0) as reader:
        await reader.find(ASKED)
        assert reader.pid is None
        await reader.find(ASKED)
    assert starts(tmp_path) == 2


async def test_an_idle_process_ends_by_itself(tmp_path: Path) -> None:
    async with client(tmp_path, idle=0.05) as reader:
        await reader.find(ASKED)
        pid = reader.pid
        async with asyncio.timeout(5):
            while pid is not None and not gone(pid):  # noqa: ASYNC110 - no event tells of it
                await asyncio.sleep(0.01)
        await reader.find(ASKED)
    assert starts(tmp_path) == 2


async def test_a_cancelled_request_leaves_the_next_one_unharmed(tmp_path: Path) -> None:
    async with client(tmp_path, "hang:1", silence=2.0) as reader:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0):
                await reader.find(ASKED)
        assert await reader.find(ASKED) != [None]


async def test_a_missing_model_names_the_command_that_gets_it(tmp_path: Path) -> None:
    async with ReaderClient(lambda: Chosen(tmp_path / MODEL), tmp_path / "cache") as reader:
        with pytest.raises(ModelMissing, match="doorward models get"):
            await reader.find(ASKED)


async def test_an_unusable_model_is_a_missing_one(tmp_path: Path) -> None:
    async with client(tmp_path, "unusable") as reader:
        with pytest.raises(ModelMissing, match=r"no known kind.*doorward models get"):
            await reader.find(ASKED)


async def test_a_file_that_is_no_model_is_refused_by_the_real_worker(tmp_path: Path) -> None:
    (tmp_path / MODEL).write_bytes(b"not a model")
    async with ReaderClient(lambda: Chosen(tmp_path / MODEL), tmp_path / "cache") as reader:
        with pytest.raises(ModelMissing, match="doorward models get"):
            await reader.find(ASKED)
        assert reader.pid is None


async def test_a_span_outside_the_text_is_not_believed(tmp_path: Path) -> None:
    async with client(tmp_path, "outside:1") as reader:
        with pytest.raises(ReaderFailed, match="outside the text"):
            await reader.find(ASKED)


async def test_an_answer_of_the_wrong_form_is_not_believed(tmp_path: Path) -> None:
    async with client(tmp_path) as reader:
        with pytest.raises(ReaderFailed, match="form"):
            await reader.choose(["a"], ["b", "c"])


async def test_what_kills_two_processes_takes_nothing_else_down(tmp_path: Path) -> None:
    async with client(tmp_path) as reader:
        await reader.find(ASKED)
        async with asyncio.TaskGroup() as group:
            others = [group.create_task(reader.find(ASKED)) for _ in range(6)]
            poison = group.create_task(_failing(reader, "poison"))
            others += [group.create_task(reader.find(ASKED)) for _ in range(6)]
        assert "failed twice" in await poison
        assert all(task.result() != [None] for task in others)
        assert await reader.find(ASKED) != [None]


async def _failing(reader: ReaderClient, text: str) -> str:
    with pytest.raises(ReaderFailed) as caught:
        await reader.find([Question(text, "who")])
    return str(caught.value)


async def test_a_request_that_ran_out_of_memory_is_tried_once_more_in_halves(
    tmp_path: Path,
) -> None:
    async with client(tmp_path, "memory:1") as reader:
        assert await reader.find(ASKED) != [None]
    assert starts(tmp_path) == 2
    async with client(tmp_path, "memory:9") as reader:
        with pytest.raises(ReaderFailed, match="out of memory"):
            await reader.find(ASKED)


async def test_what_is_late_is_cancelled_and_the_next_works_in_the_same_process(
    tmp_path: Path,
) -> None:
    async with client(tmp_path) as reader:
        await reader.find(ASKED)
        with pytest.raises(ReaderLate, match=r"within 0\.2 s"):
            await reader.find([Question("never", "who")], Terms(seconds=0.2))
        assert await reader.find(ASKED) != [None]
    assert starts(tmp_path) == 1


async def test_a_time_that_somebody_else_set_is_not_ours(tmp_path: Path) -> None:
    async with client(tmp_path) as reader:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await reader.find([Question("never", "who")], Terms(seconds=50))


async def test_what_can_never_fit_or_is_wrong_is_said_so_and_not_tried_again(
    tmp_path: Path,
) -> None:
    async with client(tmp_path) as reader:
        with pytest.raises(TooLarge, match="7 fit"):
            await reader.find([Question("large", "who")])
        with pytest.raises(ValueError, match="7 fit"):
            await reader.write(Prompt("write", "refused"))
        with pytest.raises(TooLarge, match="less text"):
            await reader.find([Question("x" * (65 << 20), "who")])
        assert await reader.find(ASKED) != [None]
    assert starts(tmp_path) == 1


async def test_a_text_that_is_written_again_is_heard_once(tmp_path: Path) -> None:
    heard: list[str] = []
    async with client(tmp_path, "half:1") as reader:
        written = await reader.write(Prompt("write", "this"), heard=heard.append)
    assert "".join(heard) == written.text == "abc"
    assert starts(tmp_path) == 2


async def test_a_listener_that_fails_fails_its_own_request(tmp_path: Path) -> None:
    def fail(piece: str) -> None:
        raise LookupError(piece)

    async with client(tmp_path) as reader:
        with pytest.raises(LookupError):
            await reader.write(Prompt("write", "this"), heard=fail)
        assert await reader.find(ASKED) != [None]
    assert starts(tmp_path) == 1


async def test_what_is_in_flight_when_the_reader_closes_fails_and_starts_nothing(
    tmp_path: Path,
) -> None:
    reader = client(tmp_path)
    await reader.find(ASKED)
    waiting = asyncio.ensure_future(_failing(reader, "never"))
    late = asyncio.ensure_future(_failing(reader, "never"))
    for _ in range(5):
        await asyncio.sleep(0)
    await reader.close()
    assert "closed" in await late
    assert "closed" in await waiting
    assert starts(tmp_path) == 1


async def test_another_model_is_run_from_the_next_request_on_and_none_is_lost(
    tmp_path: Path,
) -> None:
    other = tmp_path / "other.gguf"
    other.touch()
    chosen = [Chosen(tmp_path / MODEL)]
    async with client(tmp_path, chosen=lambda: chosen[0]) as reader:
        await reader.find(ASKED)
        first = reader.pid
        running = [asyncio.ensure_future(reader.find(ASKED)) for _ in range(5)]
        await asyncio.sleep(0)
        chosen[0] = Chosen(other)
        assert await reader.find(ASKED) != [None]
        assert [None] not in await asyncio.gather(*running)
        assert first is not None
        assert gone(first)
        assert reader.model == "other"
    assert starts(tmp_path) == 2


async def test_what_the_process_says_of_the_models_size_holds(tmp_path: Path) -> None:
    async with client(tmp_path, idle=0) as reader:
        assert reader.size == 0
        await reader.find(ASKED)
        assert reader.size == 7


def test_the_daemons_side_imports_no_model_library() -> None:
    heavy = {"mlx", "mlx_lm", "numpy", "llguidance", "tokenizers", "transformers", "dateparser"}
    code = (
        f"import sys; sys.path[:0] = {[part for part in sys.path if part]!r}; "
        "import doorward.daemon.models.client, doorward.tools.reading.read; "
        f"sys.exit(' '.join(sys.modules.keys() & {heavy!r}) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
