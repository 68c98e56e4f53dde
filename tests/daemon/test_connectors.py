"""Connectors at the door: what leaves for them, what comes back, what the user is asked."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from doorward.daemon.connectors import Catalog, ConnectorFiles, typed
from doorward.daemon.errors import Misused
from doorward.daemon.policy_file import default_text
from doorward.daemon.values.vault import handle_of
from doorward.policies.plan import Kind, Literal, Parameter, Plan, Ref, Step, Template, ToolSpec
from doorward.policies.vocabulary import Data, Effect, ObjectiveId, StepId, Trust
from doorward.tools.base import Tool
from doorward.tools.connectors.described import ConnectorError, parse, without, written
from doorward.tools.connectors.offered import Offer, offers
from doorward.tools.connectors.running import Running
from doorward.tools.connectors.walls import Ground

from tests.agent import Agent, FixedPlanner, Setting

HOSTILE = Path(__file__).parents[1] / "tools" / "connectors" / "hostile.py"
SCHEMA: dict[str, Data] = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
}
ECHO = offers([{"name": "echo", "description": "Say it back", "inputSchema": SCHEMA}])[0]
VOUCHED = '\n[[tool]]\nname = "mcp.evil.echo"\neffect = "read"\ncontents = "text"\ntags = "work"\n'
RULE = '\n[[rule]]\nid = "mine"\nverdict = "allow"\neffect = "egress"\nto = "connector:evil"\n'
ALLOWED = VOUCHED + RULE
CALL = ("evil", "echo", ["text=hello"])


def files(state: Path, mode: str = "good") -> ConnectorFiles:
    """Name the hostile server, and accept its tool as it is when it plays nothing."""
    state.mkdir(mode=0o700, exist_ok=True)
    held = ConnectorFiles(state / "connectors.toml")
    command = ", ".join(f'"{each}"' for each in (sys.executable, HOSTILE, mode, "/", "/", "/"))
    held.write(f"[connector.evil]\ncommand = [{command}]\n")
    held.accept("evil", ECHO)
    return held


class Counted(Running):
    """Connectors that count their calls."""

    calls = 0

    async def call(self, *given: object) -> Mapping[str, Data]:
        self.calls += 1
        return await super().call(*given)  # type: ignore[arg-type]  # handed on as they came


@asynccontextmanager
async def daemon(setting: Setting, mode: str = "good") -> AsyncIterator[tuple[Agent, Counted]]:
    """Run a daemon with the hostile connector in one mode."""
    held = files(setting.state, mode)
    ground = Ground(setting.folder.parent, setting.state)
    async with Counted(ground, seconds=20).kept() as running:
        assert isinstance(running, Counted)
        from doorward.daemon.manifests import by_policy
        from doorward.daemon.policy_file import PolicyFile

        policy = PolicyFile(setting.policy_file, setting.folder.parent)
        catalog = Catalog({}, held, running, by_policy(policy.current))
        extra: dict[str, Tool] = dict(catalog)
        async with replace(setting, extra=extra).start() as agent:
            yield agent, running


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    folder = tmp_path / "home" / "Documents"
    folder.mkdir(parents=True)
    return Setting(tmp_path / "state", folder)


def command(agent: Agent, *call: object) -> ObjectiveId:
    connector, tool, given = call or CALL
    made = agent.views.new_call(str(connector), str(tool), list(given), str(agent.folder))  # type: ignore[call-overload]  # a list of texts
    agent.supervisor.submit(made)
    return made.id


def receipts(agent: Agent, objective: ObjectiveId, kind: str) -> list[dict[str, object]]:
    return [one for one in agent.ledger.details(objective) if one["kind"] == kind]


async def test_the_users_own_call_asks_for_what_nobody_vouched_for_and_then_runs(
    setting: Setting,
) -> None:
    async with daemon(setting) as (agent, running):
        objective = command(agent)
        waiting = await agent.until(objective, "waiting")
        assert waiting.card is not None
        assert [asked.request.effect for asked in waiting.card.asked] == [Effect.DESTROY]
        assert running.calls == 0
        agent.yes(objective)
        await agent.until(objective, "done")
        assert agent.answer(objective) == "hello"
        assert running.calls == 1


async def test_an_own_call_is_told_to_no_orchestrator(setting: Setting) -> None:
    setting.policy = default_text() + ALLOWED
    async with daemon(setting) as (agent, _):
        objective = command(agent)
        await agent.until(objective, "done")
        await agent.settle()
        assert agent.orchestrator.heard == []
        crossed = receipts(agent, objective, "crossing")
        assert [one["destination"] for one in crossed] == ["connector:evil"]
        assert crossed[0]["size"] == len(json.dumps({"text": "hello"}))


async def test_what_the_user_says_no_to_is_not_sent(setting: Setting) -> None:
    async with daemon(setting) as (agent, running):
        objective = command(agent)
        await agent.until(objective, "waiting")
        agent.no(objective)
        failed = await agent.until(objective, "failed")
        assert failed.reason == "you said no"
        await agent.settle()
        assert agent.orchestrator.heard == []
        assert running.calls == 0
        assert receipts(agent, objective, "crossing") == []


async def test_a_tool_that_is_vouched_for_is_not_asked_about(setting: Setting) -> None:
    setting.policy = default_text() + VOUCHED.replace('"read"', '"egress"')
    async with daemon(setting) as (agent, _):
        objective = command(agent)
        await agent.until(objective, "done")
        assert agent.answer(objective) == "hello"


async def test_what_comes_back_is_a_strangers_word_from_that_connector(setting: Setting) -> None:
    setting.policy = default_text() + ALLOWED
    async with daemon(setting, "pictures") as (agent, _):
        objective = command(agent)
        done = await agent.until(objective, "done")
        value = agent.door.vault.get(handle_of(objective, "s1"))
        assert value is not None
        assert value.label.trust is Trust.UNTRUSTED
        assert "work" in value.label.tags
        assert "connector:evil/echo" in value.label.sources
        assert isinstance(value.data, dict)
        assert value.data["data"] == {"n": [1, None]}
        assert value.data["left_out"] == 2
        assert "left out, not fetched: image, resource_link" in done.reports[StepId("s1")].notes[0]


async def test_a_planned_call_whose_argument_no_one_knows_is_asked_about(setting: Setting) -> None:
    plan = Plan(
        (Step(StepId("s1"), "mcp.evil.echo", {"text": Literal("secret plan")}),), Template("")
    )
    setting.planner = FixedPlanner(plan)
    async with daemon(setting) as (agent, running):
        waiting = await agent.until(agent.ask("say something"), "waiting")
        assert waiting.card is not None
        asked = {one.request.effect: one for one in waiting.card.asked}
        assert str(asked[Effect.EGRESS].request.destination) == "connector:evil"
        assert asked[Effect.EGRESS].verdict.rule == "ask-before-connectors"
        assert running.calls == 0


async def test_instructions_in_a_result_move_nothing_but_ask_again(setting: Setting) -> None:
    """The planner obeys and hands the result on: its origin is a stranger, so the user is asked."""
    steps = (
        Step(StepId("s1"), "mcp.evil.echo", {"text": Literal("hello")}),
        Step(StepId("s2"), "mcp.evil.echo", {"text": Ref("s1.text")}),
    )
    setting.planner = FixedPlanner(Plan(steps, Template("done")))
    rules = default_text().replace('["connector:*", "person:*"]', '"connector:git"')
    rest = RULE.replace("allow", "ask").replace("mine", "rest") + 'contents = "untrusted"\n'
    setting.policy = rules + ALLOWED + 'contents = "known"\n' + rest
    async with daemon(setting, "pictures") as (agent, running):
        waiting = await agent.until(agent.ask("say hello"), "waiting")
        assert waiting.due is not None
        assert waiting.due.step.id == "s2"
        assert running.calls == 1


async def test_a_shape_is_no_leave_to_send_the_arguments(setting: Setting) -> None:
    words = 'labels = { order = ["public", "work", "personal"] }\n'
    setting.policy = "version = 1\n" + words + ALLOWED + 'release = "shape"\n'
    async with daemon(setting) as (agent, running):
        assert agent.views.policy.current() is not None
        objective = command(agent)
        failed = await agent.until(objective, "failed")
        assert "may be sent no more than shape; nothing was sent" in failed.reason
        assert running.calls == 0


async def test_a_changed_tool_fails_its_step_in_words(setting: Setting) -> None:
    setting.policy = default_text() + ALLOWED
    async with daemon(setting, "changed") as (agent, _):
        failed = await agent.until(command(agent), "failed")
        assert "is not the tool that you accepted: its description was" in failed.reason


async def test_an_own_call_goes_on_after_a_crash(setting: Setting) -> None:
    async with daemon(setting) as (agent, _):
        objective = command(agent)
        await agent.until(objective, "waiting")
    async with daemon(setting) as (agent, running):
        await agent.settle()
        agent.yes(objective)
        await agent.until(objective, "done")
        assert running.calls == 1


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("none", [], "no accepted tool none"),
        ("echo", ["cc=x"], "takes no argument 'cc=x'"),
        ("echo", [], "needs the argument 'text'"),
    ],
)
async def test_a_call_that_cannot_be_is_refused_before_it_is_one(
    setting: Setting, tool: str, given: list[str], said: str
) -> None:
    async with daemon(setting) as (agent, _):
        with pytest.raises(Misused, match=said):
            command(agent, "evil", tool, given)


# --- the files ------------------------------------------------------------------------------------


def test_what_was_accepted_is_found_again_and_a_bent_pin_is_not(tmp_path: Path) -> None:
    held = files(tmp_path / "state")
    again = ConnectorFiles(held.path)
    assert again.accepted("evil") == ECHO
    text = held.pins_path.read_text(encoding="utf-8").replace("Say it back", "Say it back now")
    held.pins_path.write_text(text, encoding="utf-8")
    assert again.accepted("evil") == {}
    assert "does not fit what it pins" in again.trouble


def test_a_connector_without_an_accepted_tool_is_in_no_catalogue(tmp_path: Path) -> None:
    held = files(tmp_path / "state")
    catalog = Catalog({}, held, Running(Ground(tmp_path, tmp_path)), lambda tool: None)
    assert list(catalog) == ["mcp.evil.echo"]
    held.accept("evil", None)
    assert list(catalog) == []


def test_two_servers_that_offer_the_same_name_do_not_meet(tmp_path: Path) -> None:
    held = files(tmp_path / "state")
    held.write(held.text() + '[connector.other]\ncommand = ["/bin/false"]\n')
    held.accept("other", {"echo": Offer("echo", "another", {})})
    catalog = Catalog({}, held, Running(Ground(tmp_path, tmp_path)), lambda tool: None)
    assert sorted(catalog) == ["mcp.evil.echo", "mcp.other.echo"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "unknown key 'x'"),
        ('[connector."a.b"]\ncommand = ["x"]', "cannot be a connector's name"),
        ("[connector.a]", "command must be a list"),
        ("[connector.a]\ncommand = []", "needs a command"),
        ('[connector.a]\ncommand = ["x"]\nurl = "y"', "unknown key 'url'"),
        (
            '[connector.a]\ncommand = ["x"]\nsandbox = { net = ["*:443"] }',
            "net must be a list of hosts",
        ),
        ('[connector.a]\ncommand = ["x"]\nenv = { HOME = "/" }', "env cannot set 'HOME'"),
        ('[connector.a]\ncommand = ["x"]\nenv = { ld_preload = "/" }', "env cannot set"),
        ('[connector.a]\ncommand = ["x\\u0007"]', "without control characters"),
        ("[connector", "is no TOML"),
    ],
)
def test_a_mistake_in_the_file_is_said_in_words(text: str, said: str) -> None:
    with pytest.raises(ConnectorError) as caught:
        parse(text)
    assert said in str(caught.value)


def test_a_connector_that_is_written_reads_the_same_and_can_be_taken_out() -> None:
    text = (
        '# mine\n[connector.a]\ncommand = ["/x", "say \\"hi\\""]\nenv = { MODE = "1" }\n'
        'sandbox = { read = ["~/a b"], run = ["git"] }\n# theirs\n[connector.ab]\ncommand = ["y"]\n'
    )
    (one, other) = parse(text).values()
    assert parse(written(one)) == {"a": one}
    left = without(text, "a")
    assert parse(left) == {"ab": other}
    assert left.startswith("# mine\n")


def test_arguments_are_read_as_their_types_say() -> None:
    parameters = (
        Parameter("text", Kind.TEXT, ""),
        Parameter("many", Kind.TEXT, "", many=True),
        Parameter("count", Kind.NUMBER, ""),
        Parameter("any", Kind.ANY, ""),
    )
    spec = ToolSpec("mcp.a.b", "", parameters, frozenset())
    given = ["text=1=2", "many=a", "many=b", "count=3", "any=[1]"]
    assert typed(spec, given) == {"text": "1=2", "many": ["a", "b"], "count": 3, "any": [1]}
    assert typed(spec, ['many=["a"]', "any=x y"]) == {"many": ["a"], "any": "x y"}
    with pytest.raises(Misused, match="count must be number"):
        typed(spec, ["count=three"])
