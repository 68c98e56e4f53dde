"""The other promises, each by the shortest way to break it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from doorward.cloud_bridge.codec import decode_up
from doorward.daemon.errors import DaemonError, Tampered
from doorward.daemon.home import HomeOrchestrator
from doorward.daemon.needed import Needed
from doorward.daemon.objectives.events import StopRequested
from doorward.daemon.policy_file import default_text
from doorward.daemon.receipts.check import verify
from doorward.daemon.receipts.entries import device_key
from doorward.daemon.receipts.witness import LedgerWitness
from doorward.policies.vocabulary import HOME
from doorward.tools.changes.disk import Disk
from doorward.tools.documents.process import DocumentProcess

from tests.agent import MASTER, Agent, Crash, Setting, crashing
from tests.promises.tap import Tap
from tests.tools.changesets import tree

TABLE = "put the vendor, invoice number, date and total of every invoice into invoices.csv"


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    """Give a home of three papers: these promises do not need more."""
    home = tmp_path / "home" / "anna"
    home.mkdir()
    for number in ("RE-1", "RE-2", "RE-3"):
        (home / f"Zwetschgen {number}.txt").write_text(
            f"Zwetschgenhof\nInvoice\nInvoice number: {number}\nInvoice date: 2026-10-02\n"
            "Total: 12.50 EUR\n",
            encoding="utf-8",
        )
    return home


async def table(daemon: Agent) -> None:
    objective = daemon.ask(TABLE)
    await daemon.until(objective, "waiting")
    daemon.yes(objective)
    await daemon.until(objective, "done")


def receipts(agent: Setting) -> Path:
    return agent.state / "receipts.jsonl"


@pytest.mark.promise(2)
async def test_every_crossing_has_a_receipt_that_is_older_than_itself(agent: Setting) -> None:
    async with agent.start() as daemon:
        put = daemon.supervisor._parts.outbox.put
        written: list[int] = []

        def watched(up: object, key: str) -> None:
            written.append(receipts(agent).read_text(encoding="utf-8").count('"crossing"'))
            put(up, key)  # type: ignore[arg-type]  # passed on as it came

        daemon.supervisor._parts.outbox.put = watched  # type: ignore[method-assign]  # a tap
        await table(daemon)
        crossed = len(daemon.orchestrator.heard)
    assert written == list(range(1, crossed + 1))
    assert verify(receipts(agent), device_key(MASTER)).faults == ()


@pytest.mark.promise(2)
async def test_a_refusal_by_the_user_crosses_with_a_receipt(agent: Setting) -> None:
    asking = default_text().replace('"allow"\neffect  = "read"', '"ask"\neffect  = "read"')
    agent.policy = asking.replace(', want = "allow", keep = "local_only"', ', want = "ask"')
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.no(objective)
        await daemon.until(objective, "failed")
        assert len(daemon.orchestrator.heard) >= 2
    crossed = receipts(agent).read_text(encoding="utf-8").count('"crossing"')
    assert crossed == 3, "the words, the refusal, and that it has ended"


@pytest.mark.promise(2)
async def test_what_crossed_is_confirmed_by_the_signature_of_whoever_received_it(
    tmp_path: Path, agent: Setting
) -> None:
    agent.state.mkdir(mode=0o700)
    tap = Tap(agent.state)
    agent.serve = tap.serve
    async with agent.start() as daemon:
        told: list[DaemonError] = []
        tap.witness = LedgerWitness(
            daemon.ledger, str(HOME), "this-device", lambda: daemon.clock().utc, told.append
        )
        await table(daemon)
        async with asyncio.timeout(5):
            while daemon.supervisor._parts.outbox.pending():  # noqa: ASYNC110  # nothing tells
                await asyncio.sleep(0)  # the last signature comes after the objective's end
    assert told == []
    check = verify(receipts(agent), device_key(MASTER))
    assert check.faults == ()
    assert check.pairs.confirmed == check.pairs.crossings >= 7


@pytest.mark.promise(2)
async def test_a_ledger_that_was_deleted_or_set_back_with_its_head_is_found(
    agent: Setting,
) -> None:
    async with agent.start() as daemon:
        await table(daemon)
        held = {path: path.read_bytes() for path in agent.state.glob("receipts.*")}
        await table(daemon)
    for path, content in held.items():
        path.write_bytes(content)
    with pytest.raises(Tampered, match="set back"):
        async with agent.start():
            pass
    for path in held:
        path.unlink()
    with pytest.raises(Tampered, match="it is gone"):
        async with agent.start():
            pass


@pytest.mark.promise(2)
async def test_an_altered_receipt_of_a_real_objective_is_found(agent: Setting) -> None:
    async with agent.start() as daemon:
        await table(daemon)
    whole = receipts(agent).read_bytes()
    for at in range(0, len(whole), 97):
        receipts(agent).write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert verify(receipts(agent), device_key(MASTER)).faults, f"byte {at}"


@pytest.mark.promise(3)
async def test_a_change_is_shown_before_and_undone_after(agent: Setting, anna: Path) -> None:
    before = tree(anna)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        held = await daemon.until(objective, "waiting")
        assert held.card is not None
        assert held.card.asked[0].shown.startswith("write invoices.csv (new, ")
        assert tree(anna) == before
        daemon.yes(objective)
        await daemon.until(objective, "done")
        daemon.supervisor.undo(objective)
    assert tree(anna) == before


@pytest.mark.promise(3)
async def test_an_undo_leaves_what_the_user_changed_after(agent: Setting, anna: Path) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.yes(objective)
        await daemon.until(objective, "done")
        (anna / "invoices.csv").write_text("mine now", encoding="utf-8")
        undone = daemon.supervisor.undo(objective)
        assert undone.unchanged
    assert (anna / "invoices.csv").read_text(encoding="utf-8") == "mine now"


@pytest.mark.promise(4)
async def test_an_acknowledged_objective_outlives_a_crash_and_is_done_once(
    agent: Setting, anna: Path
) -> None:
    crashed = False

    def before(step: str) -> None:
        nonlocal crashed
        if step == "rename" and not crashed:
            crashed = True
            raise Crash(step)

    agent.disk = Disk(before)
    async with crashing(agent) as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.yes(objective)
        await daemon.until(objective, "done")
    assert crashed
    agent.disk = None
    async with agent.start() as daemon:
        done = await daemon.until(objective, "done")
        assert len(done.changed) == 1
    assert [path.name for path in anna.glob("*.csv")] == ["invoices.csv"]


@pytest.mark.promise(5)
async def test_after_a_stop_no_step_begins_and_nothing_is_made(agent: Setting, anna: Path) -> None:
    before = tree(anna)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.yes(objective)  # the commit is decided, and a moment later:
        daemon.supervisor.handle(objective, StopRequested())
        await daemon.settle()
        assert daemon.supervisor.get(objective).state == "stopped"
        assert daemon.supervisor.get(objective).changed == ()
    assert tree(anna) == before


@pytest.mark.promise(6)
async def test_without_an_objective_no_orchestrator_runs(tmp_path: Path) -> None:
    class Idle:
        def wake(self) -> None:
            up.set()

        async def run(self) -> None:
            await asyncio.Event().wait()

    up = asyncio.Event()
    home = HomeOrchestrator(tmp_path / "h.sock", tmp_path / "h.db", tmp_path / "h.log", print)
    needed = Needed(home, Idle(), 0.0)  # type: ignore[arg-type]  # the link is not the subject
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(needed.run())
        await asyncio.sleep(0)
        assert home.pid is None
        needed.want(True)
        await up.wait()
        pid = home.pid
        assert pid is not None
        needed.want(False)
        while home.pid is not None:  # noqa: ASYNC110  # the end of a process sets no event
            await asyncio.sleep(0.01)
        running.cancel()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.promise(6)
def test_the_daemon_loads_no_model_library_and_no_planner() -> None:
    heavy = "mlx mlx_lm transformers llguidance numpy dbos grpc lxml docx openpyxl dateparser"
    code = (
        "import sys, doorward.daemon.main;"
        f"print([name for name in {heavy.split()} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.promise(7)
async def test_a_refusal_names_rule_line_and_way_out(agent: Setting) -> None:
    agent.policy = default_text() + (
        '\n[[rule]]\nid = "no-tables"\nverdict = "deny"\neffect = "write"\npath = "**/*.csv"\n'
        'why = "I keep my own."\n'
    )
    agent.policy = agent.policy.replace(
        '{ call = { effect = "write", path = "~/a/b.csv", named = true }, want = "ask" },', ""
    )
    line = agent.policy.splitlines().index('id = "no-tables"')
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        failed = await daemon.until(objective, "failed")
        for part in ('"no-tables"', f"line {line}", "I keep my own", "Narrow or remove"):
            assert part in failed.reason


@pytest.mark.promise(8)
async def test_nothing_of_a_value_or_a_receipt_is_plain_on_the_disk(
    agent: Setting, anna: Path
) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask("find documents about an invoice")
        await daemon.until(objective, "done")
        assert "Zwetschgen" in daemon.answer(objective)
        kept = {path.name: path.read_bytes() for path in agent.state.iterdir() if path.is_file()}
        assert kept["daemon.db-wal"]
    for name, held in kept.items():
        for plain in (b"Zwetschgen", b"RE-1", b"12.50", str(anna).encode()):
            assert plain not in held, f"{plain!r} in {name}"


@pytest.mark.promise(8)
async def test_the_words_of_an_objective_are_plain_only_under_way_to_the_planner(
    agent: Setting,
) -> None:
    async with agent.start() as daemon:
        agent_words = "sing me a Zwetschgenlied in E flat"
        objective = daemon.ask(agent_words)
        await daemon.until(objective, "failed")
        await daemon.settle()
        store = daemon.store._connection
        held = [
            row
            for table_name in ("objective", "event", "value", "receipt")
            for row in store.execute(f"SELECT sealed FROM {table_name}")  # noqa: S608  # fixed names
        ]
        assert held
        assert not any(b"Zwetschgenlied" in row[0] for row in held)
        assert store.execute("SELECT 1 FROM outbox WHERE body IS NOT NULL").fetchall() == []
        assert any("Zwetschgenlied" in str(decode_up(up)) for up in daemon.orchestrator.heard)


@pytest.mark.promise(9)
async def test_documents_are_parsed_in_a_process_without_power() -> None:
    worker = await DocumentProcess.start()  # it refuses to start where an escape succeeds
    try:
        assert worker.pid is not None
        assert worker.layers
    finally:
        await worker.close()
