"""One strategy played out: what it did, what it got, what it cost.

Not a test: `test_hostile_orchestrator` asserts on it, `scripts/hostile` prints it as a table.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from doorward.cloud_bridge.codec import decode_up
from doorward.cloud_bridge.messages import Observed
from doorward.daemon.policy_file import default_text
from doorward.daemon.receipts.witness import LedgerWitness
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Destination, Effect, ObjectiveId
from doorward.proto.v1 import sync_pb2
from doorward.tools.base import Arguments, Context, Result, Tool, Touch
from doorward.tools.web.outgoing import NamedResolver, Outgoing

from tests.agent import Agent, Setting
from tests.hostile.ground import (
    LABELS,
    Evil,
    children,
    disk,
    found_in,
    memory,
    reset_peak,
    sockets,
    tree,
)
from tests.hostile.strategies import about_plans, strategies
from tests.hostile.wires import Once

PLACES = "".join(f'\n[[place]]\npath = "~/anna/{label}/**"\ntags = "{label}"\n' for label in LABELS)
"""Folders with each label, beside the default policy: no rule of it lets content go anywhere."""


@dataclass(slots=True)
class Mail:
    """A connector's tool; whatever reaches it has left."""

    sent: list[Arguments] = field(default_factory=list)
    spec = ToolSpec(
        "mcp.mail.send",
        "",
        (Parameter("to", Kind.TEXT, ""), Parameter("body", Kind.TEXT, "")),
        frozenset({Effect.EGRESS}),
    )

    def touches(self, arguments: Arguments, context: Context) -> list[Touch]:
        return [Touch(Effect.EGRESS, "", destination=Destination("connector", "mail"))]

    async def run(self, arguments: Arguments, permits: list[Permit], context: Context) -> Result:
        self.sent.append(arguments)
        raise AssertionError("it was sent")


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one strategy."""

    name: str
    tried: str
    ends: tuple[str, ...]
    """How the objectives ended, with the reason."""
    link: str
    """Why the link ended sessions."""
    searched: int
    """Bytes that left the daemon, all of which were searched."""
    canaries: tuple[str, ...]
    """Those that were found in them."""
    effects: tuple[str, ...]
    """Whatever changed, was started, opened, looked up or sent without a yes."""
    cards: tuple[str, ...]
    """Every text of every card that was shown."""
    peak: int
    """Kilobytes by which the daemon's process grew at most."""
    disk: int
    """Bytes of its state folder."""
    bits: tuple[int, ...]
    """That were counted as told, by objective."""
    answers: tuple[str, ...] = ()
    heads: tuple[int, ...] = ()
    """How many receipts there were, as told with each message."""
    observed: tuple[Observed, ...] = ()

    def row(self) -> str:
        """Return the line of the table."""
        last = self.ends[-1] if self.ends else ""
        came = last if about_plans(strategies()[self.name]) else self.link or "it waits"
        shown = "".join(letter if letter.isprintable() else " " for letter in came)
        cells = (
            *(f"`{self.name}`", self.tried, shown if len(shown) < 100 else f"{shown[:99]}…"),
            *(f"{self.searched / 1000:.0f}", str(len(self.canaries)), str(len(self.effects))),
            *(str(len(set(self.cards))), f"{self.peak / 1024:+.0f}", f"{self.disk / 1e6:.1f}"),
        )
        return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


HEAD = (
    "| strategy | what it tried | what came of it | kB searched | canaries | effects | card lines"
    " | MB of memory | MB of disk |\n|---|---|---|---|---|---|---|---|---|"
)


@dataclass(slots=True)
class Ground:
    """A home, and a new daemon over it for each strategy."""

    place: Path
    evil: Evil
    home: Path
    canaries: list[str]
    scale: int = 1
    """How many times longer the floods are."""
    seconds: float = 20.0
    """In which a strategy must have done its worst."""
    number: int = 0
    policy: str = field(default_factory=lambda: default_text() + PLACES)
    resolver: NamedResolver = field(default_factory=lambda: NamedResolver({}))
    mail: Mail = field(default_factory=Mail)

    async def play(self, name: str) -> Came:
        """Play one strategy against a new daemon that says no to every card."""
        kind = strategies()[name]
        played_as = f"{name}/{self.scale}/{self.place.name}-{self.number}"  # once: it remembers
        self.evil.play(played_as)
        before, running, open_before = tree(self.home.parent), children(), sockets()
        setting = self._setting()
        reset_peak()
        rss = memory()
        async with self._daemon(setting) as agent:
            played = _Played(agent, [], [])
            for _ in range(getattr(kind, "numbers", 1)):
                await played.ask(kind.words, self.seconds if about_plans(kind) else 0.1)
            if issubclass(kind, Once):
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.seconds * self.scale):
                        await self.evil.over(played_as)
            peak = memory("VmHWM") - rss
            after = self._effects(before, running, open_before)
            rows = agent.store._connection.execute(
                "SELECT sum(bits) FROM told GROUP BY objective"
            ).fetchall()
            answers = tuple(agent.answer(each) for each in played.names)
        heard = [sync_pb2.SessionRequest.FromString(raw) for raw in self.evil.heard()]
        ups = [each.up for each in heard if each.HasField("up")]
        told = [decode_up(up.body.SerializeToString()) for up in ups]
        everything = self.evil.everything()
        return Came(
            name,
            kind.tried,
            tuple(f"{state}: {why}" if why else state for state, why in played.ends),
            "; ".join(dict.fromkeys(self.evil.waits)),
            len(everything),
            tuple(found_in(everything, self.canaries)),
            tuple(after),
            tuple(played.cards),
            peak,
            disk(setting.state),
            tuple(row[0] for row in rows),
            answers,
            tuple(up.ledger_entries for up in ups),
            tuple(each for each in told if isinstance(each, Observed)),
        )

    def _effects(self, files: dict[str, str], running: set[str], opened: set[str]) -> list[str]:
        now = tree(self.home.parent)
        found = [name for name in files.keys() | now.keys() if files.get(name) != now.get(name)]
        found += [f"process {each}" for each in children() - running]
        found += [f"socket {each}" for each in sockets() - opened]
        found += [f"looked up {each}" for each in self.resolver.asked]
        found += [f"sent {each}" for each in self.mail.sent]
        planted = Path("/tmp/planted-by-doorward")
        return [*found, str(planted)] if planted.exists() else found

    def _setting(self) -> Setting:
        self.number += 1
        setting = Setting(self.place / f"state-{self.number}", self.home)
        setting.policy = self.policy
        setting.serve = self.evil.serve
        setting.extra = {"mcp.mail.send": cast("Tool", self.mail)}
        setting.outgoing = Outgoing(self.resolver)
        return setting

    @asynccontextmanager
    async def _daemon(self, setting: Setting) -> AsyncIterator[Agent]:
        """Run a daemon whose real link leads to the hostile process."""
        async with setting.start() as agent:
            self.evil.witness = LedgerWitness(
                agent.ledger,
                "orchestrator:home",
                "this-device",
                lambda: agent.clock().utc,
                lambda error: agent.supervisor.trouble(error),  # noqa: PLW0108  # as in `main`
            )
            yield agent
            assert agent.views.policy.trouble == ""


@dataclass(slots=True)
class _Played:
    """The user's side: asks, says no to every card, reads all of it."""

    agent: Agent
    names: list[ObjectiveId]
    ends: list[tuple[str, str]]
    cards: list[str] = field(default_factory=list)

    async def ask(self, words: str, seconds: float) -> None:
        agent = self.agent
        name = agent.ask(words)
        self.names.append(name)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                async for event in agent.supervisor.events(name, 0):
                    if event["kind"] in {"card", "card.collected"}:
                        self.cards += [text for row in event["card"]["rows"] for text in row["all"]]
                        agent.no(name)
        held = agent.supervisor.get(name)
        self.ends.append((str(held.state), held.reason))
