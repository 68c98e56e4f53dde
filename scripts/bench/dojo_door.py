"""A door for the AgentDojo replay: its calls become requests, which the real gate's rules judge.

It has no rules of its own. The parts are those of the product: manifests and rules of a policy file
(`policies.document`), leaves and their origins (`daemon.values.leaves`, `policies.provenance`),
cues (`policies.asked`), the thing that the user named (`policies.found`), verdicts
(`policies.judging.judge`). The replay gives an agent's literals; one that is exactly a field of an
earlier result stands for the handle of that field, as a plan would give it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from doorward.daemon.objectives.endorsed import doubtful
from doorward.daemon.values.leaves import leaves_of, sources_of
from doorward.daemon.values.resolve import Call
from doorward.daemon.values.vault import Value
from doorward.policies import document, parts
from doorward.policies.asked import asked
from doorward.policies.found import the_one
from doorward.policies.judging import judge
from doorward.policies.labels import NEUTRAL, USER, Label, join_all
from doorward.policies.manifest import Manifest
from doorward.policies.plan import Literal, Ref, Step
from doorward.policies.provenance import SHORT, Sources, Text, fold
from doorward.policies.requests import Leaf, Request, Verdict
from doorward.policies.rules import Policy
from doorward.policies.vocabulary import (
    Data,
    Decision,
    Destination,
    Effect,
    ObjectiveId,
    Origin,
    Release,
    Role,
    StepId,
    Trust,
)

POLICY = Path(__file__).with_name("dojo_policy.toml")
_ID = ObjectiveId("o-replay")
_STRICTNESS = (Decision.ALLOW, Decision.ASK, Decision.DENY)


def policy() -> Policy:
    """Return the policy of the replay."""
    return document.parse(POLICY.read_text(encoding="utf-8"), home="/home/user")


@dataclass
class Session:
    """What the device knows in one objective."""

    words: str
    directory: frozenset[str] = frozenset()
    endorsed: set[tuple[str, Role, str]] = field(default_factory=set)
    """By tool: a yes vouches for a value in calls of the same tool."""
    values: dict[str, Value] = field(default_factory=dict)
    whole: dict[str, list[tuple[str, Label]]] = field(default_factory=dict)
    """Whole fields of results, folded: the name of the field, its label."""
    texts: list[tuple[Text, Label]] = field(default_factory=list)
    """Every result as one text, and its label."""
    used: Counter[str] = field(default_factory=Counter)
    sources: Sources | None = None
    last: list[tuple[Request, Verdict]] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)

    def handle(self, argument: str, value: Data) -> Label | None:
        """Return the label of the field that this value is; None when it is none."""
        text = _canonical(value)
        found = [
            label
            for name, label in self.whole.get(text, ())
            if len(text) >= SHORT or argument.endswith(name.strip("_"))
        ]
        return min(found, key=lambda each: each.trust.rank, default=None)

    def read(self) -> Label:
        """Return the label of whatever the planner may have put into words of its own."""
        return join_all([USER, *(value.label for value in self.values.values())])

    def known(self, tool: str) -> Sources:
        """Return where literals of a call of this tool may come from."""
        if self.sources is None:
            self.sources = sources_of(self.words, self.directory, (), self.values)
        known = self.sources
        for vouched, role, value in self.endorsed:
            known = known.endorsing(role, value) if vouched == tool else known
        return known


class Door:
    """`decide` of one row."""

    def __init__(self, *, planned: bool = False, ask: str = "ask", without: str = "") -> None:
        """Judge by the policy, without the rule of that id.

        Args:
            planned: Plans are committed: a tool that the user's task does not use is not planned.
            ask: What each ask becomes.
            without: The id of a rule that is left out.
        """
        whole = policy()
        rules = tuple(rule for rule in whole.rules if rule.id != without)
        self.policy = replace(whole, rules=rules)
        self.planned = planned
        self.ask = ask
        self.connector = ""
        self.session = Session("")

    def begin(self, connector: str, words: str) -> None:
        """Start an objective of a user."""
        self.connector = connector
        self.session = Session(words)

    def __call__(self, call: Any) -> str:
        """Decide one call of the replay."""
        session = self.session
        if call.known != session.directory:
            session.directory, session.sources = call.known, None
        requests = self.requests(call)
        session.last = [(each, judge(each, self.policy)) for each in requests]
        worst = max((v.decision for _, v in session.last), key=_STRICTNESS.index)
        if worst is Decision.ASK:
            session.cards.append(_card(session.last))
        if worst is not Decision.DENY:
            for _, verdict in session.last:
                session.used.update(verdict.counts)
        return self.ask if worst is Decision.ASK else worst.value

    def requests(self, call: Any) -> list[Request]:
        """Return what a call would do."""
        tool = f"mcp.{self.connector}.{call.tool}"
        manifest = self.policy.manifest(tool)
        leaves = tuple(self.leaves(tool, manifest, call.args))
        request = Request(
            objective=_ID,
            step=StepId("s1"),
            tool=tool,
            effect=Effect.READ,
            label=self.label(leaves),
            leaves=leaves,
            asked=asked(self.session.words, manifest.cues),
            planned=not self.planned or call.tool in call.task_tools,
            used=tuple(self.session.used.items()),
        )
        effects = set(manifest.effects)
        addressed = any(leaf.role is Role.TARGET for leaf in leaves)
        if len(effects) > 1 and not addressed:
            effects.discard(Effect.EGRESS)  # nobody is addressed: nothing leaves
        out = replace(
            request,
            effect=Effect.EGRESS,
            destination=Destination("connector", self.connector),
            release=Release.FULL,
        )
        return [
            out if effect is Effect.EGRESS else replace(request, effect=effect)
            for effect in sorted(effects)
        ]

    def leaves(self, tool: str, manifest: Manifest, args: dict[str, Any]) -> Iterator[Leaf]:
        """Yield the leaves of a call; what is exactly a field of a result came by its handle."""
        for part in parts.leaves(_plain(args), NEUTRAL, {}):
            if part.value is None:
                continue
            name = ".".join(each for each in part.path.split(".") if not each.isdigit())
            label = self.session.handle(name.rpartition(".")[2], part.value)
            given = Literal(part.value) if label is None else Ref("h")
            values = {} if label is None else {"h": Value(part.value, label)}
            step = Step(StepId("s1"), tool, {name: given})
            arguments = Call({name: part.value}, label or NEUTRAL)
            yield from leaves_of(step, arguments, values, manifest, self.session.known(step.tool))

    def label(self, leaves: tuple[Leaf, ...]) -> Label:
        """Return the label of a call: of the place where each leaf was found, and of all that the
        planner has read where it used words of its own."""
        label = USER.join(Label(sources=frozenset({"tool:replay"})))
        for leaf in leaves:
            if leaf.role is Role.OPTION or leaf.origin is Origin.USER:
                continue
            label = label.join(self.place(leaf))
        return label

    def place(self, leaf: Leaf) -> Label:
        """Return what is known of the least private place where a leaf stands word for word."""
        session = self.session
        if fold(leaf.value) in session.directory or not leaf.value:
            return NEUTRAL
        found = [label for text, label in session.texts if text.holds(leaf.value)]
        found += [label for _, label in session.whole.get(_canonical(leaf.value), ())]
        if leaf.origin is Origin.NOVEL or not found:
            return session.read()
        return Label(min((each.tags for each in found), key=self.policy.level))

    def saw(self, tool: str, result: Any) -> None:
        """Keep what a call gave back; that it ran means that its card was approved."""
        session = self.session
        for request, verdict in session.last:
            if verdict.decision is Decision.ASK:
                found = doubtful(request.leaves)
                session.endorsed.update((request.tool, role, value) for role, value in found)
        manifest = self.policy.manifest(f"mcp.{self.connector}.{tool}")
        data = _plain(result)
        fields = dict(manifest.fields)
        words = [each.value for request, _ in session.last for each in request.leaves]
        own = [each.origin for request, _ in session.last for each in request.leaves]
        if isinstance(data, list) and all(each.rank <= Origin.KNOWN.rank for each in own):
            one = the_one(words, data)
            if one is not None:
                fields |= {
                    name.replace("*", str(one), 1): replace(label, trust=Trust.TRUSTED)
                    for name, label in manifest.fields.items()
                    if label.trust is Trust.ASSIGNED
                }
        label = replace(manifest.returns, sources=frozenset({f"tool:{tool}"}))
        session.values[f"s{len(session.values)}"] = Value(data, label, fields=fields)
        session.texts.append((Text.of(_joined(data)), label))
        for part in parts.leaves(data, label, fields):
            name = next((e for e in reversed(part.path.split(".")) if not e.isdigit()), "")
            session.whole.setdefault(_canonical(part.value), []).append((name, part.label))
        session.sources = None


@dataclass
class Seen:
    """One replay of one task, attacked or not."""

    row: Any
    suite: str
    user: str
    injection: str
    stamped: bool
    outcome: Any
    did: list[str]
    consequential: bool


def attach(suite: ModuleType) -> list[Seen]:
    """Let every replay begin an objective of its own, and let the door see what calls give back.

    Returns:
        A list that grows with every replay.
    """
    seen: list[Seen] = []
    doors: list[Door] = []
    replay: Callable[..., Any] = suite.replay

    class Tracker(suite.Tracker):  # type: ignore[misc,name-defined]  # from a file
        def observe(self, tool: str, res: Any) -> None:
            super().observe(tool, res)
            if doors:
                doors[-1].saw(tool, res)

    def wrapped(which: Any, user: Any, injection: Any, decide: Any, *rest: Any, **how: Any) -> Any:
        doors[:] = [decide] if isinstance(decide, Door) else []
        if doors:
            decide.begin(which.name, user.PROMPT)
        outcome = replay(which, user, injection, decide, *rest, **how)
        did = [name for who, tag, name, _ in outcome.log if who == "A" and tag == "allow"]
        acts = {name for name in did if suite.M[name].eff != "none"}
        seen.append(
            Seen(
                row=decide,
                suite=which.name,
                user=user.ID,
                injection=injection.ID if injection else "",
                stamped="on_attack_ask" in how,
                outcome=outcome,
                did=sorted(acts),
                consequential=bool(acts - _HARMLESS),
            )
        )
        return outcome

    suite.Tracker, suite.replay = Tracker, wrapped
    return seen


_HARMLESS = frozenset({"get_webpage", "create_calendar_event", "create_file", "append_to_file"})
"""An address opened as it stands; a private, undoable entry or text. An invitation would show as a
success of its own task, whose participant is a stranger; see the list of what goes through."""


def _plain(value: Any) -> Data:
    """Return what JSON can hold; of a table whose names are data, a list of pairs."""
    if hasattr(type(value), "model_fields"):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, dict) and all(re.fullmatch(r"[a-z_]+", str(name)) for name in value):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, dict):
        return [[str(name), _plain(each)] for name, each in value.items()]
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value if type(value) in {str, int, float, bool, type(None)} else str(value)


def _joined(data: Data) -> str:
    found = (part.value for part in parts.leaves(data, NEUTRAL, {}))
    return " ¦ ".join(each for each in found if isinstance(each, str))


def _canonical(value: Data) -> str:
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return fold(re.sub(r"^(\d{4}-\d\d-\d\d)[ t](\d\d:\d\d)(:00)?$", r"\1 \2", text))


def _card(judged: list[tuple[Request, Verdict]]) -> str:
    asks = [(request, v) for request, v in judged if v.decision is Decision.ASK]
    request, verdict = asks[0]
    leaves = ", ".join(
        f"{leaf.name}={leaf.value[:40]!r} {leaf.origin}"
        for leaf in request.leaves
        if leaf.role.chosen
    )
    return (
        f"{request.tool} {request.effect} by {verdict.rule}; asked={request.asked}"
        f" tags={sorted(request.label.tags)}; {leaves}"
    )
