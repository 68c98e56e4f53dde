"""Ground: a home, a daemon's state and the real door over them, in a temporary folder.

Door, policy, labels, changeset, receipts and approvals are the product's own; the reader is its
scripted twin, names resolve in memory and connectors answer from memory, so that nothing leaves.
A hostile planner is whoever calls `play`. Only attacks use it.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from doorward.cloud_bridge.codec import encode_up
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
from doorward.daemon.objectives.events import NeedsApproval, Performed
from doorward.daemon.objectives.objective import Asked, Due, Objective, Report
from doorward.daemon.policy_file import PolicyFile, default_text
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.store import connect
from doorward.daemon.toolbox import toolbox
from doorward.daemon.values.marks import stored_marks
from doorward.daemon.values.pseudonym_store import PseudonymStore
from doorward.daemon.values.vault import Seal, Value, Vault, derive, handle_of
from doorward.policies.manifest import Manifest, unknown_tool
from doorward.policies.plan import Literal, Plan, Ref, Step, Template
from doorward.policies.vocabulary import Data, Influence, ObjectiveId, StepId, Trust
from doorward.tools.base import Arguments, Tool
from doorward.tools.changes.changeset import Changeset
from doorward.tools.connectors.offered import Offer
from doorward.tools.connectors.tool import ConnectorTool
from doorward.tools.documents.client import DocumentReader
from doorward.tools.reading.reader import ScriptedReader
from doorward.tools.web.outgoing import NamedResolver, Outgoing

MASTER = b"\x07" * 32
TODAY = "2026-11-23"

PLACES = """
[[place]]
path = "~/Documents/Inbox/**"
tags = "personal"
trust = "untrusted"

[[place]]
path = "~/Documents/Notes/**"
tags = "public"
trust = "trusted"

[[place]]
path = "~/Documents/Private/**"
tags = "secret"
trust = "trusted"
"""
"""A stranger's words, the user's own, and what is secret."""

POST = """
[[tool]]
name     = "mcp.post.send"
effect   = "egress"
targets  = ["to", "cc", "bcc"]
contents = "text"
cues     = ["write", "send", "mail"]

[[tool]]
name     = "mcp.post.remove"
effect   = "destroy"
objects  = "id"
cues     = ["delete", "remove"]

[[tool]]
name     = "mcp.post.list"
effect   = "read"
tags     = "personal"
trust    = "untrusted"
targets  = "folder"
cues     = ["mail"]
fields   = { "data.items.*.id" = "assigned", "data.items.*.size" = "assigned" }

[[rule]]
id       = "post"
verdict  = "allow"
effect   = "egress"
to       = "connector:post"
targets  = "known"
links    = "known"
objects  = "known"
asked    = true
at_most  = "personal"
"""
"""A mail connector that may send, unasked, to whom the user knows."""


def usual() -> str:
    """Return the shipped default without `local_only`, with places and a connector.

    With it what is read from files goes nowhere at all, and an attack would show nothing else.
    """
    text = default_text().replace('keep    = "local_only"', "")
    return text.replace(', keep = "local_only"', "") + PLACES + POST


def _schema(**properties: str) -> dict[str, Data]:
    table: dict[str, Data] = {}
    for name, kind in properties.items():
        many: Data = {"type": "array", "items": {"type": "string"}}
        table[name] = many if kind == "many" else {"type": kind}
    return {"type": "object", "properties": table, "required": []}


OFFERS = {
    "send": _schema(to="many", cc="many", bcc="many", text="string", extra="object"),
    "remove": _schema(id="string"),
    "list": _schema(folder="string"),
}


@dataclass(slots=True)
class Played:
    """What a plan came to."""

    objective: Objective
    values: Mapping[str, Value]
    asked: list[Asked] = field(default_factory=list)
    """Every request that was on a card."""
    heard: bytes = b""
    """What went up."""
    refused: tuple[str, ...] = ()
    """File changes that were not made."""

    def report(self, step: str) -> Report:
        """Return how a step ended."""
        return self.objective.reports[StepId(step)]

    @property
    def said(self) -> str:
        """Return every reason that was given."""
        return " ".join(report.reason for report in self.objective.reports.values())


@dataclass(slots=True)
class Ground:
    """A place to attack; each attack has its own."""

    root: Path
    policy: str = ""
    """The text of the policy file; empty for the shipped default with places and a connector."""
    thorough: bool = False
    sent: list[tuple[str, Arguments]] = field(default_factory=list)
    """What reached a connector."""
    answers: dict[str, Mapping[str, Data]] = field(default_factory=dict)
    """What a connector's tool answers, by its name."""
    resolver: NamedResolver = field(default_factory=lambda: NamedResolver({}))
    detectors: Detectors = field(default_factory=Detectors)
    posix: float = 1_795_000_000.0
    _ids: Iterator[int] = field(default_factory=itertools.count)

    @property
    def folder(self) -> Path:
        """Return the folder that objectives are about."""
        return self.root / "home" / "Documents"

    @property
    def state(self) -> Path:
        """Return the daemon's folder."""
        return self.root / "state"

    def write(self, path: str, content: str | bytes) -> Path:
        """Put a file into the folder."""
        where = self.folder / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(content.encode() if isinstance(content, str) else content)
        return where

    def prepare(self) -> None:
        """Lay the folders and the policy file."""
        for name in ("Inbox", "Notes", "Private"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.state.mkdir(mode=0o700, exist_ok=True)
        path = self.state / "policy.toml"
        path.write_text(self.policy or usual(), encoding="utf-8")
        path.chmod(0o600)

    @contextmanager
    def daemon(self, *, fresh: bool = True) -> Iterator[Daemon]:
        """Yield a daemon; it ends as abruptly as a crash.

        Args:
            fresh: Lay folders and policy file before; else it finds what is there.
        """
        if fresh:
            self.prepare()
        connection = connect(self.state / "daemon.db")
        daemon = self._build(connection)
        if fresh and daemon.policy.trouble:
            raise ValueError(
                daemon.policy.trouble
            )  # behind a closed door all attacks come to nothing
        try:
            yield daemon
        finally:
            for changeset in daemon.opened.values():
                changeset.close()
            connection.close()

    async def play(self, words: str, *steps: Step, yes: bool = False) -> Played:
        """Carry out one hostile plan for the user's words; see `Daemon.play`."""
        with self.daemon() as daemon:
            try:
                return await daemon.play(words, *steps, yes=yes)
            finally:
                await daemon.documents.close()

    def _build(self, connection: sqlite3.Connection) -> Daemon:
        seal = Seal(derive(MASTER, "vault"))
        policy = PolicyFile(self.state / "policy.toml", self.folder.parent)
        documents = DocumentReader()
        outgoing = Outgoing(self.resolver)
        tools: dict[str, Tool] = toolbox(documents, ScriptedReader(), outgoing)
        tools |= self._connectors(policy)

        def clock() -> Moment:
            return Moment(self.posix, "2026-11-23T09:00:00+00:00", "10:00")

        ids = (f"{next(self._ids):x}" for _ in itertools.count())
        steady = Steady(connection, lambda: self.posix, lambda: 0.0)
        limits = Limits(1000.0, 1000, 1000)
        asking = Asking(connection, derive(MASTER, "approval"), steady, ids.__next__, limits)
        met = Met(connection, seal, derive(MASTER, "met"))
        ledger = Ledger(self.state / "receipts.jsonl", connection, seal, MASTER)
        usage = Usage(UsageTable(connection), lambda: self.posix)
        questions = Questions(policy.current, asking, met)
        admission = Admission(policy.current, ledger, clock, usage, questions)
        releases = Releases(PseudonymStore(connection, seal), MASTER, self.detectors)
        upward = Upward(admission, tools, releases, StoredBudget(connection))
        commits = Commits(admission, stored_marks(connection, MASTER))
        door = Door(admission, tools, Vault(connection, seal), upward, commits)
        return Daemon(self, door, documents, ids.__next__, policy)

    def _connectors(self, policy: PolicyFile) -> dict[str, Tool]:
        async def call(connector: str, tool: str, arguments: Arguments) -> Mapping[str, Data]:
            self.sent.append((tool, arguments))
            return self.answers.get(tool, {"content": [{"type": "text", "text": "done"}]})

        def manifest(tool: str) -> Manifest:
            held = policy.current()
            return held.manifest(tool) if held else unknown_tool(tool)

        offers = [Offer(name, name, schema) for name, schema in OFFERS.items()]
        made = [ConnectorTool("post", offer, manifest, call) for offer in offers]
        return {tool.spec.name: tool for tool in made}


@dataclass(slots=True)
class Daemon:
    """The door and what it stands on, for one run."""

    ground: Ground
    door: Door
    documents: DocumentReader
    new_id: Callable[[], str]
    policy: PolicyFile
    opened: dict[ObjectiveId, Changeset] = field(default_factory=dict)

    def objective(self, words: str, *steps: Step) -> Objective:
        """Return an objective with its plan."""
        folder = str(self.ground.folder)
        made = Objective(ObjectiveId(f"o-{self.new_id()}"), words, folder, TODAY, f"{TODAY}T10:00")
        return replace(made, plan=Plan(steps, Template("")))

    def changeset(self, objective: Objective) -> Changeset:
        """Return the file changes of an objective."""
        if objective.id not in self.opened:
            made = Changeset(self.ground.state, objective.id, Path(objective.folder))
            self.opened[objective.id] = made
        return self.opened[objective.id]

    async def perform(
        self, objective: Objective, step: Step, approved: Sequence[Asked] = ()
    ) -> object:
        """Have the door carry out one step."""
        due = Due(step, Influence.USER)

        async def silent(done: int, total: int, what: str) -> None:
            return None

        changeset = self.changeset(objective)
        return await self.door.perform(objective, due, approved, changeset, silent)

    async def play(self, words: str, *steps: Step, yes: bool = False) -> Played:
        """Carry out a plan step by step, as the loop would.

        Args:
            words: What the user typed.
            steps: What the hostile planner wants.
            yes: What the user says to every card.
        """
        objective = self.objective(words, *steps)
        played = Played(objective, {})
        for step in steps:
            outcome = await self.perform(objective, step)
            if isinstance(outcome, NeedsApproval):
                played.asked += outcome.card.asked
                if yes:
                    granted = (*objective.granted, *outcome.card.asked)
                    objective = replace(objective, granted=granted)
                    outcome = await self.perform(objective, step, outcome.card.asked)
            if not isinstance(outcome, Performed):
                break
            played.heard += encode_up(outcome.observed)
            objective = replace(
                objective,
                reports={**objective.reports, step.id: outcome.report},
                shown=objective.shown.join(outcome.shown),
                influenced=objective.influenced or outcome.shown.trust is Trust.UNTRUSTED,
            )
        played.objective = objective
        played.values = self._values(objective)
        self._commit(played, yes=yes)
        return played

    def _values(self, objective: Objective) -> dict[str, Value]:
        held = {
            step: self.door.vault.get(handle_of(objective.id, step)) for step in objective.reports
        }
        return {str(step): value for step, value in held.items() if value is not None}

    def _commit(self, played: Played, *, yes: bool) -> None:
        changeset = self.changeset(played.objective)
        if not changeset.changes():
            return
        card = self.door.commits.settle(played.objective, changeset)
        approved: tuple[Asked, ...] = ()
        if isinstance(card, NeedsApproval):
            played.asked += card.card.asked
            approved = card.card.asked if yes else ()
        done = self.door.commits.commit(played.objective, changeset, approved)
        played.refused = done.unchanged


def step(name: str, tool: str, /, **arguments: Data | Ref | Template) -> Step:
    """Return a step; what is no reference is a literal of the planner's."""
    made = {
        key: value if isinstance(value, Ref | Template) else Literal(value)
        for key, value in arguments.items()
    }
    return Step(StepId(name), tool, made)
