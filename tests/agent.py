"""The whole daemon in one process, for journeys: real store, vault, door, policy, tools, changeset.

The reader is its scripted twin; the orchestrator is its real logic (`turn`, the recipes) over lists
in memory. A crash drops everything but the files.
"""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from doorward.cloud_bridge.codec import decode_up, encode_down
from doorward.cloud_bridge.device.outbox import Inbox, Outbox, create_tables, position
from doorward.cloud_bridge.messages import Opened, Up
from doorward.cloud_bridge.orchestrator.planner.base import Brief, Cannot, Made, Planner
from doorward.cloud_bridge.orchestrator.planner.embedded import RecipePlanner
from doorward.cloud_bridge.orchestrator.turn import Row, say_again, take
from doorward.daemon.control.views import Views
from doorward.daemon.door.admission import Admission, Moment
from doorward.daemon.door.asking import Asking, Limits
from doorward.daemon.door.budget import StoredBudget
from doorward.daemon.door.commits import Commits
from doorward.daemon.door.door import Door
from doorward.daemon.door.met import Met
from doorward.daemon.door.questions import Questions
from doorward.daemon.door.releases import Detectors, Releases
from doorward.daemon.door.steady import Steady
from doorward.daemon.door.upward import Upward
from doorward.daemon.door.usage import Usage, UsageTable
from doorward.daemon.objectives.codec import Json
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.policy_file import PolicyFile
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.store import Store, connect
from doorward.daemon.supervisor import Parts, Supervisor
from doorward.daemon.toolbox import toolbox
from doorward.daemon.values.corrections import Correction, Corrections, judged
from doorward.daemon.values.marks import stored_marks
from doorward.daemon.values.pseudonym_store import PseudonymStore
from doorward.daemon.values.vault import Seal, Vault, derive
from doorward.policies.plan import Plan
from doorward.policies.vocabulary import ObjectiveId, ObjectiveState
from doorward.tools.base import Tool
from doorward.tools.changes.changeset import Changeset
from doorward.tools.changes.disk import Disk
from doorward.tools.documents.client import DocumentReader
from doorward.tools.reading.reader import Reader, ScriptedReader
from doorward.tools.web.outgoing import NamedResolver, Outgoing

MASTER = b"\x07" * 32
TODAY = "2026-11-23"
WITHIN = 20.0
"""Seconds that a journey may wait for one thing."""


class Crash(BaseException):
    """The power is gone: nobody catches this."""


@dataclass(frozen=True, slots=True)
class FixedPlanner:
    """Plans the same for every objective."""

    steps: Plan

    async def plan(self, brief: Brief) -> Made | Cannot:
        return Made(self.steps, f"Do: {brief.text}")


@dataclass(slots=True)
class Orchestrator:
    """The orchestrator's logic over memory; it outlives a crash of the device."""

    planner: Planner
    held: bool = False
    """Take nothing while true: the device stays where it is."""
    heard: list[bytes] = field(default_factory=list)
    """Every body that went up: the wire tap."""
    said: list[tuple[str, bytes]] = field(default_factory=list)
    rows: dict[ObjectiveId, Row] = field(default_factory=dict)
    taken: int = 0
    told: int = 0

    async def serve(
        self, connection: sqlite3.Connection, grown: asyncio.Event, arrived: Callable[[], None]
    ) -> None:
        outbox, inbox = Outbox(connection), Inbox(connection)
        while True:
            grown.clear()
            head = position(connection).up_head
            for seq, _, body in [] if self.held else outbox.rows(range(self.taken + 1, head + 1)):
                self.heard.append(body)
                await self._take(decode_up(body))
                self.taken = seq
            if not self.held:
                outbox.acknowledged(self.taken)
            for number, (key, body) in enumerate(self.said[self.told :], self.told + 1):
                inbox.store(number, key, body)
                self.told = number
            arrived()
            await grown.wait()

    async def _take(self, up: Up) -> None:
        tools = {spec.name: spec for spec in up.tools} if isinstance(up, Opened) else {}
        made = None
        if isinstance(up, Opened):
            made = await self.planner.plan(Brief(up.text, up.today, tools))
        row, said = take(self.rows.get(up.objective), up, made, tools)
        if row is not None:
            self.rows[up.objective] = row
        self.said += [(each.key, encode_down(each.down)) for each in said]

    def say_again(self) -> None:
        """Say everything once more under new keys, as after a lost memory."""
        for row in self.rows.values():
            self.said += [
                (f"{each.key}/again/{len(self.said)}", encode_down(each.down))
                for each in say_again(row)
            ]


@dataclass(slots=True)
class Agent:
    """One daemon at work over `state` and `folder`."""

    state: Path
    folder: Path
    orchestrator: Orchestrator
    supervisor: Supervisor
    views: Views
    store: Store
    ledger: Ledger
    door: Door
    grown: asyncio.Event
    clock: Clock
    corrections: Corrections

    def correct(self, objective: ObjectiveId, path: str, option: str) -> Correction:
        found = judged(self.supervisor.get(objective), self.door.vault, path)
        assert found is not None
        return self.corrections.add(found, option)

    def ask(self, text: str) -> ObjectiveId:
        objective = self.views.new_objective(text, str(self.folder))
        self.supervisor.submit(objective)
        return objective.id

    async def until(self, objective: ObjectiveId, *states: str) -> Objective:
        """Wait until the objective is in one of these states."""
        wanted = {ObjectiveState(state) for state in states}
        async with asyncio.timeout(WITHIN):
            stream = self.supervisor.events(objective, 0)
            try:
                async for _ in _ticks(stream):
                    held = self.supervisor.get(objective)
                    if held.state in wanted:
                        return held
                    if held.state.ended:
                        raise AssertionError(f"{held.state}: {held.reason}")
            finally:
                await stream.aclose()  # type: ignore[attr-defined]  # it is a generator
        raise AssertionError("the events ended")

    async def settle(self) -> None:
        """Let everything that can happen now happen."""
        for _ in range(200):
            await asyncio.sleep(0)

    def answer(self, objective: ObjectiveId) -> str:
        return str(self.views.show(objective)["answer"])

    def yes(self, objective: ObjectiveId) -> None:
        self.supervisor.answer(objective, "", yes=True)

    def no(self, objective: ObjectiveId) -> None:
        self.supervisor.answer(objective, "", yes=False)

    def events(self, objective: ObjectiveId) -> list[Json]:
        return [event for _, event in self.store.events(objective)]


async def _ticks(stream: AsyncIterator[Json]) -> AsyncIterator[None]:
    yield
    async for _ in stream:
        yield


Serve: TypeAlias = Callable[
    [sqlite3.Connection, asyncio.Event, Callable[[], None]], Coroutine[None, None, None]
]


@dataclass(slots=True)
class Clock:
    """A clock that stands until it is moved."""

    posix: float = 1_795_000_000.0
    ticks: float = 0.0
    """Seconds that pass, whatever the clock is set to."""

    def ticking(self) -> float:
        return self.ticks

    def __call__(self) -> Moment:
        return Moment(self.posix, "2026-11-23T09:00:00+00:00", "10:00")


@dataclass(slots=True)
class Setting:
    """What a daemon is started with; the same one starts it again."""

    state: Path
    folder: Path
    planner: Planner = field(default_factory=RecipePlanner)
    policy: str = ""
    """The text of the policy file; empty for the shipped default."""
    extra: Mapping[str, Tool] = field(default_factory=dict)
    disk: Disk | None = None
    card_timeout: float = 1000.0
    cards_an_hour: int = 5
    clock: Clock = field(default_factory=Clock)
    detectors: Detectors = field(default_factory=Detectors)
    reader: Reader = field(default_factory=ScriptedReader)
    outgoing: Outgoing = field(default_factory=lambda: Outgoing(NamedResolver({})))
    orchestrator: Orchestrator | None = None
    serve: Serve | None = None
    """Who carries the messages instead of the orchestrator in memory."""
    ids: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def policy_file(self) -> Path:
        return self.state / "policy.toml"

    @asynccontextmanager
    async def start(self) -> AsyncIterator[Agent]:
        """Run the daemon; leaving the block ends it as abruptly as a crash."""
        self.state.mkdir(mode=0o700, exist_ok=True)
        if self.policy and not self.policy_file.exists():
            self.policy_file.write_text(self.policy, encoding="utf-8")
        self.orchestrator = self.orchestrator or Orchestrator(self.planner)
        connection = connect(self.state / "daemon.db")
        create_tables(connection)
        documents = DocumentReader()
        opened: dict[ObjectiveId, Changeset] = {}
        running: list[asyncio.Task[None]] = []
        try:
            agent, arrived = self._build(connection, documents, opened)
            serve = self.serve or self.orchestrator.serve
            serving = serve(connection, agent.grown, arrived.set)
            async with asyncio.TaskGroup() as group:
                running += [
                    group.create_task(agent.supervisor.run()),
                    group.create_task(serving),
                ]
                yield agent
                for task in running:
                    task.cancel()
        finally:
            await documents.close()
            for changeset in opened.values():
                changeset.close()
            connection.close()

    def _build(
        self,
        connection: sqlite3.Connection,
        documents: DocumentReader,
        opened: dict[ObjectiveId, Changeset],
    ) -> tuple[Agent, asyncio.Event]:
        seal = Seal(derive(MASTER, "vault"))
        store, vault = Store(connection, seal), Vault(connection, seal)
        ledger = Ledger(self.state / "receipts.jsonl", connection, seal, MASTER)
        policy = PolicyFile(self.policy_file, self.folder.parent)
        ids = (f"{next(self.ids):x}" for _ in itertools.count())
        corrections = Corrections(connection, seal, ids.__next__)
        made = toolbox(documents, self.reader, self.outgoing, corrections)
        tools = {**made, **self.extra}
        steady = Steady(connection, lambda: self.clock().posix, self.clock.ticking)
        limits = Limits(self.card_timeout, self.cards_an_hour)
        asking = Asking(connection, derive(MASTER, "approval"), steady, ids.__next__, limits)
        met = Met(connection, seal, derive(MASTER, "met"))
        usage = Usage(UsageTable(connection), lambda: self.clock().posix)
        questions = Questions(policy.current, asking, met)
        admission = Admission(policy.current, ledger, self.clock, usage, questions)
        releases = Releases(PseudonymStore(connection, seal), MASTER, self.detectors)
        upward = Upward(admission, tools, releases, StoredBudget(connection))
        commits = Commits(admission, stored_marks(connection, MASTER))
        door = Door(admission, tools, vault, upward, commits)

        def changesets(objective: Objective) -> Changeset:
            if objective.id not in opened:
                opened[objective.id] = Changeset(
                    self.state, objective.id, Path(objective.folder), disk=self.disk
                )
            return opened[objective.id]

        arrived, grown = asyncio.Event(), asyncio.Event()
        parts = Parts(
            store,
            vault,
            door,
            Outbox(connection, salt=ledger.salt),
            Inbox(connection),
            changesets,
            self.clock,
            grown.set,
            lambda wanted: None,
        )
        supervisor = Supervisor(parts, arrived)
        views = Views(
            store,
            vault,
            ledger,
            policy,
            lambda: (f"{TODAY}T10:00:00+01:00", TODAY),
            ids.__next__,
            lambda: "connected",
            tools,
        )
        assert self.orchestrator is not None
        agent = Agent(
            self.state,
            self.folder,
            self.orchestrator,
            supervisor,
            views,
            store,
            ledger,
            door,
            grown,
            self.clock,
            corrections,
        )
        return agent, arrived


@asynccontextmanager
async def crashing(setting: Setting) -> AsyncIterator[Agent]:
    """Run the daemon until a `Crash` ends it."""
    with suppress(BaseExceptionGroup):
        async with setting.start() as agent:
            yield agent
