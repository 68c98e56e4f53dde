"""Somebody asks for something, and the right thing happens to their files."""

from __future__ import annotations

import pytest
from doorward.cloud_bridge.messages import Outcome
from doorward.daemon.policy_file import default_text

from tests.agent import Setting
from tests.tools.changesets import tree

TABLE = "put the vendor, invoice number, date and total of every invoice into invoices.csv"


async def test_somebody_finds_a_document_and_nothing_is_changed(agent: Setting) -> None:
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask("find documents about the notice period of my lease")
        await daemon.until(objective, "done")
        assert "lease.md" in daemon.answer(objective)
    assert tree(agent.folder) == before


async def test_a_table_is_made_after_one_card_and_a_yes(agent: Setting) -> None:
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        waiting = await daemon.until(objective, "waiting")
        assert waiting.card is not None
        assert [asked.shown.partition(" (")[0] for asked in waiting.card.asked] == [
            "write invoices.csv"
        ]
        assert tree(agent.folder) == before
        daemon.yes(objective)
        await daemon.until(objective, "done")
        cards = [event for event in daemon.events(objective) if event["kind"] == "card"]
        assert len(cards) == 1
    table = (agent.folder / "invoices.csv").read_text(encoding="utf-8")
    assert "RE-10418" in table
    assert "120.50" in table
    after = tree(agent.folder)
    assert after.keys() - before.keys() == {"invoices.csv"}


async def test_a_no_changes_nothing_and_still_answers(agent: Setting) -> None:
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.no(objective)
        done = await daemon.until(objective, "done")
        assert any("not done, you said no" in line for line in done.unchanged)
        assert done.changed == ()
    assert tree(agent.folder) == before


async def test_a_card_that_nobody_answers_is_a_no(agent: Setting) -> None:
    before = tree(agent.folder)
    agent.card_timeout = 0.0
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        done = await daemon.until(objective, "done")
        assert any("nobody answered in time" in line for line in done.unchanged)
    assert tree(agent.folder) == before


async def test_a_card_whose_time_ran_out_while_the_daemon_was_away_is_a_no(
    agent: Setting,
) -> None:
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
    agent.clock.posix += 10_000
    async with agent.start() as daemon:
        done = await daemon.until(objective, "done")
        assert any("nobody answered in time" in line for line in done.unchanged)
    assert tree(agent.folder) == before


async def test_undo_puts_the_tree_back_byte_for_byte(agent: Setting) -> None:
    (agent.folder / "invoices.csv").write_text("my own table\n", encoding="utf-8")
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.yes(objective)
        await daemon.until(objective, "done")
        assert tree(agent.folder) != before
        daemon.supervisor.undo(objective)
        await daemon.until(objective, "undone")
    assert tree(agent.folder) == before


async def test_a_stop_while_a_card_waits_leaves_nothing(agent: Setting) -> None:
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.supervisor.stop(objective)
        await daemon.until(objective, "stopped")
        await daemon.settle()
        last = daemon.views.why(objective)["receipts"][-1]
        assert (last["kind"], last["tool"]) == ("crossing", "objective.stop")
    assert tree(agent.folder) == before
    assert list((agent.state / "changesets").rglob("blobs/*")) == []


async def test_a_stop_in_the_middle_of_a_step_leaves_nothing(agent: Setting) -> None:
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        async for event in daemon.supervisor.events(objective, 0):
            if event["kind"] == "progress":
                break
        daemon.supervisor.stop(objective)
        await daemon.until(objective, "stopped")
        await daemon.settle()
        begun = [e["step"] for e in daemon.events(objective) if e["kind"] == "step.started"]
        assert begun == ["s1"]
    assert tree(agent.folder) == before


async def test_a_policy_that_denies_writing_is_refused_with_rule_line_and_the_way_out(
    agent: Setting,
) -> None:
    agent.policy = default_text().replace('write   = "ask"', 'write   = "deny"')
    agent.policy = "\n".join(
        line for line in agent.policy.splitlines() if 'effect = "write"' not in line
    )
    agent.policy += '\n[[rule]]\nid = "hands-off"\nverdict = "deny"\neffect = "write"\n'
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        failed = await daemon.until(objective, "failed")
        line = agent.policy.splitlines().index('id = "hands-off"')
        refused = [e for e in daemon.events(objective) if e.get("outcome") == Outcome.REFUSED]
        assert [(e["rule"], e["verdicts"][0][2]) for e in refused] == [("hands-off", line)]
        assert 'the rule "hands-off"' in failed.reason
        assert f"line {line}" in failed.reason
        receipts = daemon.views.why(objective)["receipts"]
        why = next(one for one in receipts if one["effect"] == "write")
        assert (why["rule"], why["line"]) == ("hands-off", line)
        assert "hands-off" in why["details"]["change"]
    assert tree(agent.folder) == before


async def test_a_policy_that_breaks_meanwhile_leaves_the_last_good_one_in_force(
    agent: Setting,
) -> None:
    agent.policy = default_text()
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        agent.policy_file.write_text("version = nonsense", encoding="utf-8")
        daemon.yes(objective)
        await daemon.until(objective, "done")
        status = daemon.views.status()
        assert status["policy"]
        assert "policy.toml" in status["policy_trouble"]
    assert (agent.folder / "invoices.csv").exists()


async def test_a_policy_that_was_never_good_closes_the_door(agent: Setting) -> None:
    agent.policy = "version = nonsense"
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        failed = await daemon.until(objective, "failed")
        assert "No policy is in force" in failed.reason
        assert daemon.orchestrator.heard == []


async def test_a_yes_under_one_policy_is_no_yes_under_another(agent: Setting) -> None:
    agent.policy = default_text()
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        agent.policy_file.write_text(default_text() + "\n# changed\n", encoding="utf-8")
        denied = default_text() + (
            '\n[[rule]]\nid = "hands-off"\nverdict = "deny"\neffect = "write"\ntool = "nothing.*"\n'
        )
        agent.policy_file.write_text(denied, encoding="utf-8")
        daemon.yes(objective)
        done = await daemon.until(objective, "done")
        assert done.changed == ()
        assert done.unchanged
    assert tree(agent.folder) == before


@pytest.mark.parametrize("words", [TABLE, "find documents about an invoice"])
async def test_a_locked_file_in_the_named_folder_is_left_out_and_named(
    agent: Setting, words: str
) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask(words)
        ended = await daemon.until(objective, "waiting", "done")
        if ended.card is not None:
            daemon.yes(objective)
            ended = await daemon.until(objective, "done")
        shown = daemon.views.show(objective)
        assert "Whisper" not in daemon.answer(objective)
        assert "CANARY-1" not in daemon.answer(objective)
        assert any("secrets" in note for note in shown["notes"])
    made = agent.folder / "invoices.csv"
    assert not made.exists() or "CANARY-1" not in made.read_text(encoding="utf-8")


async def test_what_a_user_changed_meanwhile_is_never_overwritten(agent: Setting) -> None:
    mine = agent.folder / "invoices.csv"
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        mine.write_text("my own", encoding="utf-8")
        daemon.yes(objective)
        done = await daemon.until(objective, "done")
        assert done.changed == ()
        assert done.unchanged
    assert mine.read_text(encoding="utf-8") == "my own"


async def test_words_that_no_plan_fits_are_refused_with_examples(agent: Setting) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask("sing me a song in E flat")
        failed = await daemon.until(objective, "failed")
        assert failed.reason
        assert failed.nearest
