"""Every field that ever goes up is named here: a new one is a new way out, and needs its reason."""

from __future__ import annotations

import io
import logging
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from doorward.cloud_bridge.bare_log import install
from doorward.cloud_bridge.codec import decode_up
from doorward.cloud_bridge.messages import Observed, Opened, Outcome
from doorward.daemon.policy_file import default_text
from doorward.policies.plan import Kind, Literal, Parameter, Plan, Step, Template, ToolSpec
from doorward.policies.vocabulary import Effect, StepId
from doorward.proto.v1 import sync_pb2
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch

from tests.agent import FixedPlanner, Setting
from tests.promises.tap import Tap
from tests.promises.wire import Wire, fields

CROSSES = {
    # the session: numbers, random names, a constant
    *("hello", "hello.device", "hello.epoch", "hello.proto_min", "hello.proto_max"),
    *("hello.down_ack", "hello.up_head", "hello.up_acked", "ack", "ack.seq"),
    *("up", "up.seq", "up.key", "up.body", "up.body.salt"),
    *("up.ledger_entries", "up.ledger_hash"),
    # the objective: released words, a date, the tools' faces
    *("up.body.opened", "up.body.opened.objective", "up.body.opened.text"),
    *("up.body.opened.today", "up.body.opened.tools"),
    *(f"up.body.opened.tools.{each}" for each in ("name", "about", "effects", "returns")),
    "up.body.opened.tools.parameters",
    *(
        f"up.body.opened.tools.parameters.{each}"
        for each in ("name", "kind", "about", "required", "many", "sink")
    ),
    # a finished step: its outcome, a fixed sentence, and what was released
    "up.body.observed",
    *(f"up.body.observed.{each}" for each in ("objective", "step", "outcome", "release")),
    *("up.body.observed.reason", "up.body.observed.content"),
    # a stop
    *("up.body.stop_asked", "up.body.stop_asked.objective"),
}
CONTENT = "up.body.observed.content."
SENTENCES = {
    "",
    "policy or the user refused it",
    "it could not be done on the device",
}


async def heard(agent: Setting, *texts: str) -> Wire:
    agent.state.mkdir(mode=0o700)
    wire = Wire(agent.state, agent.planner)
    agent.serve = wire.serve
    async with agent.start() as daemon:
        for text in texts:
            objective = daemon.ask(text)
            held = await daemon.until(objective, "done", "failed", "waiting")
            if held.card is not None:
                daemon.no(objective)
                await daemon.settle()
        stopped = daemon.ask(texts[0])
        daemon.supervisor.stop(stopped)
        await daemon.settle()
    return wire


@pytest.mark.promise(1)
async def test_no_field_goes_up_but_those_that_are_named_here(agent: Setting) -> None:
    table = "put the vendor, date and total of every invoice into invoices.csv"
    wire = await heard(agent, table, "find documents about the lease", "sing me a song")
    found = {
        name
        for raw in wire.frames
        for name in fields(sync_pb2.SessionRequest.FromString(raw))
        if not name.startswith(CONTENT)
    }
    assert len(wire.frames) > 10
    assert found <= CROSSES
    assert {"up.body.opened.text", "up.body.observed.content"} <= found
    requests = [sync_pb2.SessionRequest.FromString(raw) for raw in wire.frames]
    assert {each.hello.device for each in requests if each.HasField("hello")} == {"this-device"}
    for each in requests:
        if each.HasField("up"):
            assert re.fullmatch(r"o-[0-9a-f]+(/[a-z0-9-]+)*", each.up.key), each.up.key
            assert each.up.body.observed.reason in SENTENCES
            assert each.up.body.observed.rule == ""


@pytest.mark.promise(1)
async def test_the_headers_of_the_wire_name_the_library_and_nothing_of_the_device(
    agent: Setting,
) -> None:
    wire = await heard(agent, "find documents about the lease")
    assert {name for name, _ in wire.metadata} == {"user-agent"}
    for _, value in wire.metadata:
        assert re.fullmatch(r"grpc-python-asyncio/[\d.]+ grpc-c/[\d.]+ \(\w+; chttp2\)", value)


@pytest.mark.promise(1)
async def test_no_path_of_the_device_is_in_the_bytes_of_the_wire(agent: Setting) -> None:
    agent.state.mkdir(mode=0o700)
    tap = Tap(agent.state)
    agent.serve = tap.serve
    async with agent.start() as daemon:
        await daemon.until(daemon.ask("find documents about the lease"), "done")
    up = bytes(tap.up)
    assert b"find documents about the lease" in up
    assert str(agent.state).encode() not in up
    assert b"tap.sock" not in up
    assert str(agent.folder).encode() not in up
    log = (agent.state / "home.log").read_bytes()  # gRPC may say that the link was cut
    assert not [each for each in (b"lease", str(agent.folder).encode()) if each in log]


class Failing:
    """A tool whose failure speaks of private things."""

    spec = ToolSpec("odd.do", "do something odd", (), frozenset({Effect.READ}), "path")

    def touches(self, arguments: Arguments, context: Context) -> list[Touch]:
        return [Touch(Effect.READ, str(context.folder))]

    async def run(self, arguments: Arguments, permits: object, context: Context) -> Result:
        error = ToolError(f"cannot open {context.folder}/IBAN DE02120300000000202051.pdf")
        error.add_note("hint: ask Doctor Moreau")
        raise error


@pytest.mark.promise(1)
@pytest.mark.parametrize("error", ["tool", "bug"])
async def test_what_went_wrong_is_told_to_the_user_and_not_to_the_planner(
    agent: Setting, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if error == "bug":

        async def broken(self: object, *_: object) -> Result:
            raise RuntimeError("DE02120300000000202051 of Doctor Moreau")

        monkeypatch.setattr(Failing, "run", broken)
    agent.planner = FixedPlanner(Plan((Step(StepId("s1"), "odd.do"),), Template("{s1.path}")))
    agent.extra = {"odd.do": Failing()}
    async with agent.start() as daemon:
        objective = daemon.ask("do it")
        failed = await daemon.until(objective, "failed")
        await daemon.settle()
        up = b"".join(daemon.orchestrator.heard)
    if error == "tool":
        assert "DE02120300000000202051" in failed.reason
    for secret in (b"DE0212", b"Moreau", str(agent.folder).encode()):
        assert secret not in up


@pytest.mark.promise(1)
async def test_a_rules_name_is_the_users_word_and_stays(agent: Setting) -> None:
    denies = '[[rule]]\nid = "no-divorce-papers"\nverdict = "deny"\neffect = "read"\npath = "**"\n'
    examples = re.compile(r"^expect\s*=.*?\]$", re.DOTALL | re.MULTILINE)
    rest = examples.sub("", default_text())
    agent.policy = f"{rest}\n{denies}"
    agent.planner = FixedPlanner(
        Plan((Step(StepId("s1"), "files.list", {"folder": Literal(".")}),), Template("{s1.count}"))
    )
    async with agent.start() as daemon:
        objective = daemon.ask("do it")
        failed = await daemon.until(objective, "failed")
        assert not daemon.views.policy.trouble
        await daemon.settle()
        up = [decode_up(body) for body in daemon.orchestrator.heard]
    assert "no-divorce-papers" in repr(failed.reports) + failed.reason
    assert Outcome.REFUSED in {each.outcome for each in up if isinstance(each, Observed)}
    assert "divorce" not in repr(up)


class Connector(Failing):
    """A connector's tool, whose face names what its user has."""

    spec = ToolSpec(
        "mcp.tracker.search",
        "search the project Project Nightingale",
        (Parameter("query", Kind.TEXT, "e.g. bugs of Acme Clinic"),),
        frozenset({Effect.EGRESS}),
        "items",
    )


@pytest.mark.promise(1)
@pytest.mark.parametrize("policy", ["shape", "deny"])
async def test_a_connectors_face_crosses_as_policy_says(agent: Setting, policy: str) -> None:
    if policy == "deny":
        agent.policy = default_text() + (
            '\n[[rule]]\nid = "quiet"\nverdict = "deny"\neffect = "egress"\n'
            'to = "orchestrator:home"\ntool = "mcp.tracker.*"\n'
        )
    agent.extra = {"mcp.tracker.search": Connector()}
    async with agent.start() as daemon:
        objective = daemon.ask("sing me a song in E flat")
        await daemon.until(objective, "failed")
        assert not daemon.views.policy.trouble
        receipts = daemon.ledger.details(objective)
        up = [decode_up(body) for body in daemon.orchestrator.heard]
    [opened] = [each for each in up if isinstance(each, Opened)]
    told = {spec.name: spec for spec in opened.tools}
    assert "Nightingale" not in repr(up)
    assert "Acme" not in repr(up)
    assert ("mcp.tracker.search" in told) is (policy == "shape")
    assert told["files.list"].about
    [receipt] = [each for each in receipts if each["tool"] == "mcp.tracker.search"]
    assert receipt["kind"] == ("crossing" if policy == "shape" else "verdict")


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Give what a process of ours would write to its log."""
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    for owner, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    written = io.StringIO()
    install(written)
    yield written
    logging.captureWarnings(False)
    root.handlers[:] = kept
    root.setLevel(level)


@pytest.mark.promise(1)
def test_a_log_names_the_error_and_the_place_but_none_of_its_words(stream: io.StringIO) -> None:
    try:
        try:
            raise ValueError("the IBAN of Miriam")
        except ValueError as error:
            raise ExceptionGroup("Miriam again", [error]) from error
    except ExceptionGroup as group:
        logging.getLogger("some.library").exception("reading %s failed", "Miriam.pdf")
        sys.excepthook(type(group), group, group.__traceback__)
    said = stream.getvalue()
    assert "Miriam" not in said
    assert "ExceptionGroup at test_what_crosses.py:" in said
    assert "ValueError at test_what_crosses.py:" in said
    assert "some.library" in said


@pytest.mark.promise(1)
def test_no_part_of_ours_writes_a_log_by_itself() -> None:
    root = Path(__file__).parents[2]
    writes = re.compile(r"\bprint\(|logging\.(debug|info|warning|error|getLogger)|sys\.stderr")
    found = {
        str(path.relative_to(root))
        for package in ("policies", "tools", "cloud_bridge", "daemon")
        for path in (root / package).rglob("*.py")
        if "commands" not in path.parts and writes.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "cloud_bridge/bare_log.py",
        "cloud_bridge/orchestrator/main.py",  # installs it
        "cloud_bridge/orchestrator/engine_dbos.py",  # silences a library
    }


@pytest.mark.promise(1)
def test_the_listener_hears_a_field_that_nobody_named() -> None:
    hello = sync_pb2.Hello(device="d", tools=[{"name": "x"}])
    raw = sync_pb2.SessionRequest(hello=hello).SerializeToString() + b"\xfa\x06\x01x"
    found = set(fields(sync_pb2.SessionRequest.FromString(raw)))
    assert found - CROSSES == {"hello.tools", "hello.tools.name", "#111"}
