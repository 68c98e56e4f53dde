from __future__ import annotations

import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from doorward.daemon.commands import main as command
from doorward.daemon.commands.follow import clean, ending, told
from doorward.daemon.control.server import application, listen, serve
from doorward.daemon.keys import FileStore
from doorward.daemon.objectives.card_view import card_view
from doorward.daemon.objectives.objective import Card, CardKind
from hypothesis import given
from hypothesis import strategies as st

from tests.agent import MASTER, Agent, Setting
from tests.daemon.events import asked

FIND = "find documents about my lease"
TABLE = "put the vendor, date and total of every invoice into invoices.csv"
HOSTILE = "a\x1b]0;pwned\x07\u202eb\x9b31m\r\nYou said yes"


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Setting]:
    short = Path(tempfile.mkdtemp(prefix="dw"))
    monkeypatch.setenv("DOORWARD_HOME", str(short / "s"))
    folder = tmp_path / "home" / "Documents"
    folder.mkdir(parents=True)
    (folder / "lease.md").write_text(
        "My lease: the notice period is three months.", encoding="utf-8"
    )
    text = "Nordlicht\nInvoice\nInvoice number: RE-1\nInvoice date: 2026-10-02\nTotal: 9.50 EUR\n"
    (folder / "nordlicht.txt").write_text(text, encoding="utf-8")
    yield Setting(short / "s", folder)
    shutil.rmtree(short)


@asynccontextmanager
async def served(agent: Setting) -> AsyncIterator[Agent]:
    over = asyncio.Event()
    async with agent.start() as daemon:
        listener = listen(agent.state / "control.sock")
        app = application(daemon.supervisor, daemon.views, over.set)
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(serve(listener, app, over, daemon.supervisor.let_go))
            yield daemon
            over.set()
            await serving
        listener.close()


Capture = pytest.CaptureFixture[str]


async def do(capsys: Capture, *arguments: str) -> Said:
    async with asyncio.timeout(20):
        code = await asyncio.to_thread(command.main, list(arguments))
    caught = capsys.readouterr()
    return Said(code, caught.out, caught.err)


async def test_ask_shows_the_plan_the_steps_the_answer_and_what_left(
    agent: Setting, capsys: Capture
) -> None:
    async with served(agent):
        said = await do(capsys, "ask", FIND, "--in", str(agent.folder))
        assert said.code == 0
        for part in ("Understood:", "Plan:", "✓", "lease.md", "Left this device: nothing", "Why:"):
            assert part in said.out
        assert said.err == ""


async def test_ask_without_anybody_to_answer_waits_and_approve_goes_on(
    agent: Setting, capsys: Capture
) -> None:
    async with served(agent) as daemon:
        said = await do(capsys, "ask", TABLE, "--in", str(agent.folder))
        assert said.code == 11
        assert "write invoices.csv (new" in said.out
        assert "doorward approve" in said.out
        objective = daemon.store.objectives()[0].id
        assert "Waiting for you" in (await do(capsys, "show", objective)).out
        done = await do(capsys, "approve", objective)
        assert done.code == 0
        assert f"doorward undo {objective}" in done.out
        assert (agent.folder / "invoices.csv").exists()
        assert "1 change " in (await do(capsys, "undo", objective)).out
        assert not (agent.folder / "invoices.csv").exists()
        assert "Changed, then undone" in (await do(capsys, "show", objective)).out


async def test_ask_with_yes_is_not_asked_and_deny_changes_nothing(
    agent: Setting, capsys: Capture
) -> None:
    async with served(agent) as daemon:
        made = await do(capsys, "ask", TABLE, "--in", str(agent.folder), "--detach")
        objective = made.out.strip()
        await daemon.until(objective, "waiting")  # type: ignore[arg-type]  # an id is text
        denied = await do(capsys, "deny", objective)
        assert denied.code == 0
        assert "Not done:" in denied.out
        assert not (agent.folder / "invoices.csv").exists()
        assert (await do(capsys, "ask", TABLE, "--in", str(agent.folder), "--yes")).code == 0
        assert (agent.folder / "invoices.csv").exists()


async def test_collected_questions_are_counted_shown_and_answered_together(
    agent: Setting, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.cards_an_hour = 0
    async with served(agent) as daemon:
        assert "No questions are collected." in (await do(capsys, "deny", "all")).out
        said = await do(capsys, "ask", TABLE, "--in", str(agent.folder))
        assert said.code == 11
        assert "the question is collected" in said.out
        assert "write invoices.csv" not in said.out
        assert "1 question was collected" in (await do(capsys, "list")).out
        looked = await do(capsys, "list", "--cards")
        assert "│ write invoices.csv (new" in looked.out
        objective = daemon.store.objectives()[0].id
        assert f"doorward approve {objective}" in looked.out
        assert "write invoices.csv" in (await do(capsys, "show", objective)).out
        nobody = await do(capsys, "approve", "all")
        assert (nobody.code, "Nobody is here" in nobody.out) == (11, True)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("builtins.input", lambda _: "y")
        assert "1 answered: yes." in (await do(capsys, "approve", "all")).out
        await daemon.until(objective, "done")
    assert (agent.folder / "invoices.csv").exists()


async def test_a_refused_objective_and_a_stopped_one_have_exit_codes(
    agent: Setting, capsys: Capture
) -> None:
    async with served(agent) as daemon:
        said = await do(capsys, "ask", "sing me a song", "--in", str(agent.folder))
        assert said.code == 10
        assert "Failed:" in said.out
        assert "doorward ask" in said.out
        made = await do(capsys, "ask", TABLE, "--in", str(agent.folder), "--detach")
        await daemon.until(made.out.strip(), "waiting")  # type: ignore[arg-type]  # an id is text
        stopped = await do(capsys, "stop", made.out.strip())
        assert "Stopped: you stopped it" in stopped.out
        assert "Nothing was changed" in stopped.out


async def test_list_status_why_and_stop_speak(agent: Setting, capsys: Capture) -> None:
    async with served(agent) as daemon:
        assert "No objectives yet" in (await do(capsys, "list")).out
        await do(capsys, "ask", FIND, "--in", str(agent.folder))
        objective = daemon.store.objectives()[0].id
        assert objective in (await do(capsys, "list")).out
        why = (await do(capsys, "why", objective)).out
        assert "rule read-what-i-named, line" in why
        assert "ALLOW" in why
        status = (await do(capsys, "status")).out
        assert f"process {os.getpid()}" in status
        assert f"Control socket: {agent.state / 'control.sock'}" in status
        assert "is running already" in (await do(capsys, "start")).out
        assert (await do(capsys, "doctor")).code == 0
        assert "is stopping" in (await do(capsys, "stop")).out


async def test_every_verb_that_reads_has_json_for_programs(agent: Setting, capsys: Capture) -> None:
    async with served(agent) as daemon:
        asked = await do(capsys, "ask", FIND, "--in", str(agent.folder), "--json")
        lines = [json.loads(line) for line in asked.out.splitlines()]
        assert lines[-1]["state"] == "done"
        objective = daemon.store.objectives()[0].id
        for verb in (["list"], ["show", objective], ["why", objective], ["status"], ["doctor"]):
            said = await do(capsys, *verb, "--json")
            json.loads(said.out)
            assert said.out.isascii()
        waiting = await do(capsys, "ask", TABLE, "--in", str(agent.folder), "--json")
        assert waiting.code == 11
        assert [json.loads(line) for line in waiting.out.splitlines()]


async def test_names_that_would_move_the_cursor_are_escaped(
    agent: Setting, capsys: Capture
) -> None:
    async with served(agent) as daemon:
        (agent.folder / "lease \x1b[2J\u202e.md").write_text("my lease", encoding="utf-8")
        await do(
            capsys, "ask", f"find documents about my lease {HOSTILE}", "--in", str(agent.folder)
        )
        objective = daemon.store.objectives()[0].id
        out = ""
        for verb in (["list"], ["show", objective], ["why", objective, "--all"]):
            out += (await do(capsys, *verb)).out
        assert not set(out) & set("\x1b\x07\x9b\r\u202e")
        assert not any(line.startswith("You said yes") for line in out.splitlines())


@pytest.mark.parametrize(
    "verb",
    ["list", "status", "stop", "show o-1", "why o-1", "undo o-1", "approve o-1", "deny o-1"],
)
async def test_without_a_daemon_each_verb_says_how_to_start_it(
    agent: Setting, capsys: Capture, verb: str
) -> None:
    said = await do(capsys, *verb.split())
    assert said.code == 3
    assert "doorward start" in said.err


async def test_show_why_and_undo_are_about_the_latest_objective_unless_one_is_named(
    agent: Setting, capsys: Capture
) -> None:
    async with served(agent) as daemon:
        none = await do(capsys, "show")
        assert none.code == 2
        assert "there is no objective yet" in none.err
        await do(capsys, "ask", FIND, "--in", str(agent.folder))
        await do(capsys, "ask", TABLE, "--in", str(agent.folder), "--yes")
        latest = daemon.store.objectives()[-1].id
        assert (await do(capsys, "show")).out == (await do(capsys, "show", latest)).out
        assert (await do(capsys, "why")).out == (await do(capsys, "why", latest)).out
        assert f"of {latest} put back" in (await do(capsys, "undo")).out


@pytest.mark.parametrize("verb", ["show", "why", "undo", "approve", "deny", "stop"])
async def test_an_unknown_id_is_misuse(agent: Setting, capsys: Capture, verb: str) -> None:
    async with served(agent):
        for wrong in ("o-9", "o 9", "ä", "x/y"):
            said = await do(capsys, verb, wrong)
            assert said.code in {1, 2}, wrong
            assert said.err.startswith("doorward: "), wrong


async def test_receipts_are_shown_verified_and_exported_without_a_daemon(
    agent: Setting, capsys: Capture, tmp_path: Path
) -> None:
    assert "No receipts yet" in (await do(capsys, "receipts", "show")).out
    async with served(agent):
        await do(capsys, "ask", FIND, "--in", str(agent.folder))
    (agent.state / "config.toml").write_text('key = "file"\n', encoding="utf-8")
    key = agent.state / "master.key"
    FileStore(key).key()
    key.write_bytes(MASTER)
    good = await do(capsys, "receipts", "verify")
    assert (good.code, good.out.partition(":")[0]) == (0, "Verified")
    assert (
        json.loads((await do(capsys, "receipts", "show", "--json")).out.splitlines()[0])["n"] == 1
    )
    assert (await do(capsys, "receipts", "export", str(tmp_path))).code == 0
    assert (tmp_path / "receipts.head").exists()
    assert (await do(capsys, "receipts", "export", str(tmp_path / "gone"))).code == 2
    ledger = agent.state / "receipts.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"allow"', b'"denyy"', 1))
    bad = await do(capsys, "receipts", "verify", "--json")
    assert bad.code == 6
    assert json.loads(bad.out)["faults"]


async def test_what_left_is_opened_for_the_user(agent: Setting, capsys: Capture) -> None:
    async with served(agent) as daemon:
        await do(capsys, "ask", FIND, "--in", str(agent.folder))
        objective = daemon.store.objectives()[0].id
        left = (await do(capsys, "receipts", "show", "--left")).out
        assert left.startswith(f"{objective}: ")
        assert "orchestrator:home as full, " in left
        assert FIND in left
        assert '"count": "number"' in left
        assert "lease.md" not in left
        one = await do(capsys, "receipts", "show", "--left", "--objective", objective, "--json")
        crossings = [json.loads(line) for line in one.out.splitlines()]
        assert {each["kind"] for each in crossings} == {"crossing"}
        assert crossings[0]["details"]["sent"] == FIND
        assert (await do(capsys, "receipts", "show", "--left", "--objective", "o-9")).code == 2
        assert (await do(capsys, "receipts", "show", objective)).out.startswith(objective)
        assert "no receipt is of o-9" in (await do(capsys, "receipts", "show", "o-9")).err
    assert (await do(capsys, "receipts", "show", "--left")).code == 3


async def test_why_names_label_and_sources(agent: Setting, capsys: Capture) -> None:
    async with served(agent) as daemon:
        await do(capsys, "ask", FIND, "--in", str(agent.folder))
        why = (await do(capsys, "why", daemon.store.objectives()[0].id)).out
        assert "label: " in why
        assert "trust untrusted; from file:" in why
        assert "sent, not confirmed" in why


async def test_a_policy_is_checked_and_shown_without_a_daemon(
    agent: Setting, capsys: Capture
) -> None:
    assert "shipped default: valid" in (await do(capsys, "policy", "check")).out
    assert "version = 1" in (await do(capsys, "policy", "show")).out
    path = await do(capsys, "policy", "path")
    assert path.out == f"{agent.state / 'policy.toml'}\n", "a program can take it as it is"
    assert "none yet" in path.err
    agent.state.mkdir(exist_ok=True)
    (agent.state / "policy.toml").touch(mode=0o600)  # as `policy show > policy.toml` begins
    assert "version = 1" in (await do(capsys, "policy", "show")).out
    (agent.state / "policy.toml").unlink()
    wrong = agent.folder / "wrong.toml"
    wrong.write_text('version = 1\n[[rule]]\nid = "x"\nverdict = "maybe"\n', encoding="utf-8")
    said = await do(capsys, "policy", "check", str(wrong))
    assert said.code == 9
    assert "wrong.toml" in said.err
    assert (await do(capsys, "policy", "check", str(agent.folder / "gone"))).code == 2


async def test_the_command_alone_helps_and_misuse_has_its_code(capsys: Capture) -> None:
    assert (await do(capsys)).code == 2
    with pytest.raises(SystemExit, match="2"):
        command.main(["fly"])
    with pytest.raises(SystemExit, match="2"):
        command.main(["approve"])


@given(st.text(st.characters()))
def test_no_text_reaches_the_terminal_but_what_can_be_seen(text: str) -> None:
    assert clean(text).isprintable() or clean(text) == ""
    assert all(line.isprintable() for line in clean(text, lines=True).split("\n"))
    clean(text).encode("utf-8")


def test_a_name_cannot_draw_lines_on_a_card_or_in_an_ending() -> None:
    one = replace(asked(), shown=HOSTILE)
    card = card_view(Card("c-1", CardKind.COMMIT, (one,), 1.0), "/home/a")
    view: dict[str, Any] = {
        "state": "done",
        "id": "o-1",
        "answer": "first\nsecond",
        "notes": [HOSTILE],
        "changes": [HOSTILE],
        "unchanged": [HOSTILE],
        "crossings": [],
    }
    shown = [*told({"kind": "card", "card": card}), *ending(view)]
    for line in "\n".join(shown).split("\n"):
        assert line.isprintable(), line
        assert not line.startswith("You said yes")
    assert {"first", "second"} <= set(ending(view))
