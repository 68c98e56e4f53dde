from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from doorward.cloud_bridge.messages import Outcome
from doorward.daemon.policy_file import default_text
from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Literal, Parameter, Plan, Ref, Step, Template, ToolSpec
from doorward.policies.vocabulary import Data, Effect, ObjectiveState, StepId
from doorward.tools.base import Arguments, Context, NotFound, Result, ToolError, Touch

from tests.agent import FixedPlanner, Setting
from tests.tools.changesets import tree


class Odd:
    """A tool that does what a test wants of it."""

    spec = ToolSpec(
        "odd.do",
        "do something odd",
        (Parameter("path", Kind.PATH, "a file", required=False),),
        frozenset({Effect.READ, Effect.WRITE}),
        "path, items",
    )

    def __init__(self, wants: Exception | Data, effect: Effect = Effect.READ) -> None:
        self.wants, self.effect = wants, effect
        self.permits: list[Permit] = []

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        path = str(arguments.get("path") or "lease.md")
        if path == "bad":
            raise NotFound("there is no bad")
        return [Touch(self.effect, str(context.changeset.resolve(path)))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        self.permits += permits
        if isinstance(self.wants, Exception):
            context.changeset.stage_write(context.folder / "half.txt", b"half")
            raise self.wants
        return Result(self.wants, NEUTRAL)


@pytest.fixture
def agent(tmp_path: Path) -> Setting:
    folder = tmp_path / "home" / "Documents"
    folder.mkdir(parents=True)
    (folder / "lease.md").write_text("three months", encoding="utf-8")
    return Setting(tmp_path / "state", folder)


def step(name: str = "s1", tool: str = "odd.do", **arguments: Literal | Ref) -> Step:
    return Step(StepId(name), tool, arguments)


def planned(agent: Setting, *steps: Step, answer: str = "{s1.path}") -> Setting:
    return replace(agent, planner=FixedPlanner(Plan(steps, Template(answer))))


async def test_a_tool_gets_exactly_the_permits_for_what_it_said_it_touches(agent: Setting) -> None:
    odd = Odd({"path": "lease.md"})
    agent = replace(planned(agent, step()), extra={"odd.do": odd})
    async with agent.start() as daemon:
        await daemon.until(daemon.ask("do it"), "done")
    assert [(one.request.effect, one.request.resource) for one in odd.permits] == [
        (Effect.READ, str(agent.folder / "lease.md"))
    ]
    assert odd.permits[0].request.named


async def test_what_a_tool_reads_has_the_label_of_its_place(agent: Setting) -> None:
    agent.policy = default_text() + '\n[[place]]\npath = "~/Documents/**"\ntags = "health"\n'
    agent = replace(planned(agent, step()), extra={"odd.do": Odd({"path": "x"})})
    async with agent.start() as daemon:
        objective = daemon.ask("do it")
        await daemon.until(objective, "done", "failed")
        if daemon.views.policy.trouble:
            pytest.fail(daemon.views.policy.trouble)
        value = daemon.door._values(
            daemon.supervisor.get(objective), step("s2", path=Ref("s1.path"))
        )["s1"]
        assert "health" in value.label.tags


async def test_a_rule_that_is_used_up_grants_no_more_also_after_a_restart(agent: Setting) -> None:
    once = default_text().replace("named   = true", 'named   = true\nlimit = "1/day"')
    agent = replace(planned(agent, step()), extra={"odd.do": Odd({"path": "x"})}, policy=once)
    async with agent.start() as daemon:
        await daemon.until(daemon.ask("do it"), "done")
    async with agent.start() as daemon:
        waiting = await daemon.until(daemon.ask("do it"), "waiting")
        assert waiting.card is not None
        assert "is used up: 1 a day" in waiting.card.asked[0].verdict.reason


@pytest.mark.parametrize(
    ("wants", "said"),
    [
        (ToolError("it is odd"), "it is odd"),
        (RuntimeError("a bug"), "a part of Doorward failed"),
    ],
)
async def test_a_tool_that_fails_ends_the_objective_and_leaves_nothing_staged(
    agent: Setting, wants: Exception, said: str
) -> None:
    before = tree(agent.folder)
    agent = replace(planned(agent, step()), extra={"odd.do": Odd(wants)})
    async with agent.start() as daemon:
        objective = daemon.ask("do it")
        failed = await daemon.until(objective, "failed")
        await daemon.settle()
        assert said in failed.reason
        assert b"odd" not in b"".join(daemon.orchestrator.heard[1:])
    assert tree(agent.folder) == before
    assert list((agent.state / "changesets").rglob("blobs/*")) == []


async def test_a_step_for_a_tool_that_is_not_here_fails_in_words(agent: Setting) -> None:
    async with planned(agent, step()).start() as daemon:
        objective = daemon.ask("do it")
        failed = await daemon.until(objective, "failed")
        assert "no tool 'odd.do'" in failed.reason


async def test_a_plan_that_the_orchestrator_did_not_check_is_checked_here(agent: Setting) -> None:
    odd = Odd({"path": "x"})
    agent = replace(planned(agent, step()), extra={"odd.do": odd})
    async with agent.start() as daemon:
        held = daemon.views.new_objective("do it", str(agent.folder))
        from doorward.daemon.objectives.objective import Due
        from doorward.policies.vocabulary import Influence

        async def silent(done: int, total: int, what: str) -> None:
            return None

        for wrong in (step(tool="no.such"), step(path=Literal(3)), step(color=Literal("red"))):
            bad = replace(held, plan=Plan((wrong,), Template("")), state=ObjectiveState.WORKING)
            changeset = daemon.supervisor._parts.changesets(held)
            outcome = await daemon.door.perform(
                bad, Due(wrong, Influence.USER), (), changeset, silent
            )
            assert outcome.report.outcome is Outcome.FAILED  # type: ignore[union-attr]  # no card
            assert "the plan cannot run here" in outcome.report.reason  # type: ignore[union-attr]
    assert odd.permits == []


async def test_one_bad_element_costs_itself_alone(agent: Setting) -> None:
    items: Data = {"items": ["bad", "lease.md"]}
    steps = (
        step(),
        Step(StepId("s2"), "odd.do", {"path": Ref("item")}, each=Ref("s1.items")),
    )
    agent = replace(
        planned(agent, *steps, answer="{s2.count} {s2.failed|list reason}"),
        extra={"odd.do": Odd(items)},
    )
    async with agent.start() as daemon:
        objective = daemon.ask("do it")
        await daemon.until(objective, "done")
        assert daemon.answer(objective) == "1 - there is no bad"


async def test_a_condition_that_does_not_hold_skips_the_step(agent: Setting) -> None:
    steps = (step(), Step(StepId("s2"), "odd.do", when=Ref("s1.items")))
    agent = replace(planned(agent, *steps, answer="ready"), extra={"odd.do": Odd({"items": []})})
    async with agent.start() as daemon:
        objective = daemon.ask("do it")
        done = await daemon.until(objective, "done")
        assert done.reports[StepId("s2")].outcome is Outcome.SKIPPED


@pytest.mark.parametrize("path", ["s1.nothing", "s1.items.deep"])
async def test_a_reference_that_leads_nowhere_fails_the_step_in_words(
    agent: Setting, path: str
) -> None:
    steps = (step(), step("s2", path=Ref(path)))
    agent = replace(
        planned(agent, *steps, answer="{s2.path}"), extra={"odd.do": Odd({"items": []})}
    )
    async with agent.start() as daemon:
        failed = await daemon.until(daemon.ask("do it"), "failed")
        assert path in failed.reason


async def test_an_expectation_that_is_not_met_fails_the_step(agent: Setting) -> None:
    expecting = Step(StepId("s1"), "odd.do", why="Look", expect=Ref("s1.items"))
    agent = replace(
        planned(agent, expecting, answer="{s1.items}"), extra={"odd.do": Odd({"items": []})}
    )
    async with agent.start() as daemon:
        failed = await daemon.until(daemon.ask("do it"), "failed")
        assert "Look: nothing found" in failed.reason


async def test_a_card_for_a_step_shows_each_request_and_a_yes_lets_it_run(agent: Setting) -> None:
    odd = Odd({"path": "x"}, Effect.WRITE)
    agent = replace(planned(agent, step()), extra={"odd.do": odd})
    async with agent.start() as daemon:
        objective = daemon.ask("do it")
        waiting = await daemon.until(objective, "waiting")
        assert waiting.card is not None
        assert [one.shown for one in waiting.card.asked] == ["write lease.md (odd.do)"]
        assert odd.permits == []
        daemon.yes(objective)
        await daemon.until(objective, "done")
    assert len(odd.permits) == 1


async def test_a_no_to_a_step_is_a_refusal_and_the_tool_never_runs(agent: Setting) -> None:
    odd = Odd({"path": "x"}, Effect.WRITE)
    agent = replace(planned(agent, step()), extra={"odd.do": odd})
    async with agent.start() as daemon:
        objective = daemon.ask("do it")
        await daemon.until(objective, "waiting")
        daemon.no(objective)
        failed = await daemon.until(objective, "failed")
        assert "you said no" in failed.reason
    assert odd.permits == []


async def test_words_that_may_not_go_are_not_told_and_nobody_hears_of_them(agent: Setting) -> None:
    agent.policy = default_text() + (
        '\n[[rule]]\nid = "quiet"\nverdict = "deny"\neffect = "egress"\nto = "orchestrator:home"\n'
    )
    agent.policy = "\n".join(
        line
        for line in agent.policy.splitlines()
        if '"orchestrator:home"' not in line or "expect" in line or "to " in line[:8]
    )
    async with agent.start() as daemon:
        objective = daemon.ask("find my lease")
        failed = await daemon.until(objective, "failed")
        await daemon.settle()
        assert '"quiet"' in failed.reason
        assert daemon.orchestrator.heard == []
