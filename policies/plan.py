"""Plans: typed steps over literals and references, and the check that both sides run on them.

A plan is data, never code. This module does not resolve references (the device does, over the
vault) and does not judge (the gate does). The planner builds plans, `daemon.objectives.loop`
follows them.

Reference language, the whole of it: `s2` is the value of step s2, `s2.total` a field of it,
`s2.items` a list field; inside a step with `each`, `item` is the current element (`item.path`).
A template is text with references in braces: `Found {s1.count} invoices.`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TypeAlias

from doorward.policies.vocabulary import Data, Effect, StepId

ITEM = "item"
"""The name of the current element inside a step with `each`."""

ANSWER = "answer"
"""The name under which the answer is kept beside the results of steps: no step may have it."""

TAKEN = frozenset({ITEM, ANSWER, "opened", "stop"})
"""Names that no step may have: messages and values are kept beside those of steps."""

MAX_STEPS = 64
"""A plan that a person can still be shown; recipes have ten at most."""
MAX_REFERENCES = 100
"""Of one step, and of the answer: each is looked up in the vault, and its label joined."""
MAX_DEPTH = 8
"""Names in one reference: no result is nested deeper."""
MAX_WORDS = 20_000
"""Characters that the planner itself writes into one step: a long letter."""
MAX_SAID = 1000
"""Characters of a sentence that the planner says to the user: why a step, why no plan."""
MAX_QUOTED = 60
"""Characters of what the planner wrote, in a sentence that is not the planner's."""
MAX_MANY = 100
"""Names in one argument: columns, fields, choices, kinds."""
MAX_NUMBER = 10**15
"""What is larger, or no number at all, counts nothing that there is."""
MAX_NAMES = 50
"""Arguments of one step; no tool takes ten."""
MAX_MAPS = 8
"""Steps of a plan that go through a list: each may be a call for every file there is."""
MAX_NAME = 200
"""Characters of a name: of a tool, of an argument."""
MAX_ERRORS = 50
"""What is wrong with a plan is told so often and no more."""
MAX_EACH = 5000
"""The most elements a step may map over; more is an error the planner must plan around."""


@dataclass(frozen=True, slots=True)
class Literal:
    """An argument written in the plan itself."""

    value: Data


@dataclass(frozen=True, slots=True)
class Ref:
    """An argument that is an earlier result, or a part of it."""

    path: str

    @property
    def root(self) -> str:
        """Return the step id (or `item`) that the reference starts from."""
        return self.path.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Template:
    """Text with references in braces; filled on the device."""

    text: str

    def refs(self) -> list[Ref]:
        """List the references in order of appearance."""
        return [Ref(found) for found in _BRACES.findall(self.text)]

    def pieces(self) -> list[str | Ref]:
        """Split it into its own words and the references between them, in order of appearance.

        A reference with a filter is text here: only an answer has filters.
        """
        split = _HOLE.split(self.text)
        return [Ref(piece) if at % 2 else piece for at, piece in enumerate(split) if piece]


Argument: TypeAlias = Literal | Ref | Template


@dataclass(frozen=True, slots=True)
class Step:
    """One typed tool call."""

    id: StepId
    tool: str
    args: Mapping[str, Argument] = field(default_factory=dict)
    each: Ref | None = None
    """Map over this list; the step's value is then `{items: [...], failed: [...], count: n}`."""
    when: Ref | None = None
    """Run only if this boolean (or non-empty) result holds; tested on the device."""
    why: str = ""
    """For the user, in their words: what this step is for."""
    expect: Ref | None = None
    """Post-condition over this step's own value: must be true or non-empty, else the step fails."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An ordered list of steps and what to tell the user at the end."""

    steps: tuple[Step, ...]
    answer: Template
    """Filled from the vault on the device."""
    recipe: str = ""
    """Which recipe made it; empty when a model did."""


class Kind(StrEnum):
    """The types that tool parameters have."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    """ISO 8601 `YYYY-MM-DD`."""
    PATH = "path"
    """Absolute, or relative to the objective's folder."""
    RECORD = "record"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One typed argument of a tool."""

    name: str
    kind: Kind
    about: str
    required: bool = True
    many: bool = False
    """A list of that kind."""
    sink: bool = False
    """It decides where bytes go or what is changed: policy asks where its value came from."""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """What planner and device both know of a tool: its face, not its code."""

    name: str
    """`area.verb`, e.g. `files.move`."""
    about: str
    parameters: tuple[Parameter, ...]
    effects: frozenset[Effect]
    returns: str = ""
    """Field names of the result for the planner, e.g. `items[] {path, score}, count`."""


@dataclass(frozen=True, slots=True)
class PlanError:
    """One reason why a plan cannot run; goes back to the planner as data."""

    step: str
    what: str


_HOLE = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*)\}")
_BRACES = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*)(?:\|[a-z0-9 _]+)?\}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_REFERENCE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")


def check(plan: Plan, catalog: Mapping[str, ToolSpec]) -> list[PlanError]:
    """Return every reason why this plan cannot run with these tools; empty means it can.

    Args:
        plan: The plan as received.
        catalog: The tools that exist, by name.
    """
    if not plan.steps or len(plan.steps) > MAX_STEPS:
        return [PlanError("", f"a plan has 1 to {MAX_STEPS} steps, not {len(plan.steps)}")]
    return list(islice(_errors(plan, catalog), MAX_ERRORS))


def unreasonable(plan: Plan) -> str:
    """Say why a plan is not even kept; empty when it is.

    `check` says more, with the tools at hand; this is what a device does not write to its disk.
    """
    if not 0 < len(plan.steps) <= MAX_STEPS:
        return f"has not 1 to {MAX_STEPS} steps"
    if sum(1 for step in plan.steps if step.each is not None) > MAX_MAPS:
        return f"goes through more than {MAX_MAPS} lists"
    if len(plan.answer.text) > MAX_WORDS or len(plan.recipe) > MAX_NAME:
        return f"has an answer of more than {MAX_WORDS} characters"
    return next(filter(None, map(_oversized, plan.steps)), "")


def _oversized(step: Step) -> str:
    names = (step.id, step.tool, *step.args)
    if step.id in TAKEN:
        return f"has a step of the name {step.id}"
    if len(step.args) > MAX_NAMES or max(map(len, names)) > MAX_NAME or len(step.why) > MAX_SAID:
        return "has a step with more or longer names and words than one can have"
    if sum(map(_length, step.args.values())) > MAX_WORDS:
        return f"has a step into which more than {MAX_WORDS} characters are written"
    if sum(len(ref.path) for ref in references(step)) > MAX_WORDS:
        return f"has a step with references of more than {MAX_WORDS} characters"
    return ""


def _errors(plan: Plan, catalog: Mapping[str, ToolSpec]) -> Iterator[PlanError]:
    seen: set[str] = set()
    for step in plan.steps:
        much = _too_much(step)
        for what in [much] if much else _faults(step, catalog, frozenset(seen)):
            yield PlanError(step.id, what)
        seen.add(step.id)
    if len(plan.answer.text) > MAX_WORDS or len(plan.answer.refs()) > MAX_REFERENCES:
        yield PlanError(ANSWER, f"it has more than {MAX_REFERENCES} references, or is too long")
        return
    for ref in plan.answer.refs():
        if ref.root not in seen:
            yield PlanError(ANSWER, f"{ref.path} refers to no step")


def _too_much(step: Step) -> str:
    """Say of what a step has more than it can; then nothing else of it is looked at."""
    if sum(map(_length, step.args.values())) > MAX_WORDS:
        return f"more than {MAX_WORDS} characters are written into it"
    if sum(1 for _ in references(step)) > MAX_REFERENCES:
        return f"it has more than {MAX_REFERENCES} references"
    if any(ref.path.count(".") >= MAX_DEPTH for ref in references(step)):
        return f"a reference has more than {MAX_DEPTH} names"
    return ""


def _length(argument: Argument) -> int:
    match argument:
        case Literal(value):
            return _size(value)
        case Template(text):
            return len(text)
        case Ref():
            return 0


def _size(data: Data) -> int:
    match data:
        case str():
            return len(data) + 1
        case list():
            return 1 + sum(map(_size, data))
        case dict():
            return 1 + sum(len(name) + _size(one) for name, one in data.items())
        case _:
            return 1


def _faults(step: Step, catalog: Mapping[str, ToolSpec], seen: frozenset[str]) -> Iterator[str]:
    taken = seen | TAKEN
    if step.id in taken or not _NAME.fullmatch(step.id):
        yield f"the id {step.id!r} is taken or not a plain name"
    spec = catalog.get(step.tool)
    if spec is None:
        yield f"there is no tool {step.tool!r}"
        return
    known = {parameter.name: parameter for parameter in spec.parameters}
    for name in step.args.keys() - known.keys():
        yield f"{step.tool} takes no argument {name!r}"
    for name, parameter in known.items():
        if parameter.required and name not in step.args:
            yield f"{step.tool} needs the argument {name!r}"
    for name, argument in step.args.items():
        if isinstance(argument, Literal) and name in known:
            yield from _mistyped(known[name], argument.value)
    yield from _dangling(step, seen)


def _dangling(step: Step, seen: frozenset[str]) -> Iterator[str]:
    inside = seen | {ITEM} if step.each else seen
    for ref in references(step):
        allowed: frozenset[str] = seen if ref is step.each or ref is step.when else inside
        if ref is step.expect:
            allowed = frozenset({str(step.id)})
        if not _REFERENCE.fullmatch(ref.path) or ref.root not in allowed:
            yield f"{ref.path} refers to no earlier step"


def references(step: Step) -> Iterator[Ref]:
    """Yield every reference a step makes: arguments, templates, each, when, expect."""
    for argument in step.args.values():
        match argument:
            case Ref():
                yield argument
            case Template():
                yield from argument.refs()
            case Literal():
                pass
    yield from (ref for ref in (step.each, step.when, step.expect) if ref is not None)


def mistyped(spec: ToolSpec, arguments: Mapping[str, Data]) -> Iterator[str]:
    """Yield what is wrong with the arguments of one call, once references are values.

    A record where a path is expected is no path. What is absent may be so where it is not required;
    for one that takes many, one is as good as a list of one.
    """
    for parameter in spec.parameters:
        value = arguments.get(parameter.name)
        if value is None:
            if parameter.required:
                yield f"{parameter.name} is empty"
            continue
        values = value if parameter.many and isinstance(value, list) else [value]
        if any(not _fits(parameter.kind, one) for one in values):
            yield f"{parameter.name} must be {parameter.kind}"
        elif parameter.kind is Kind.TEXT and len(values) > MAX_MANY:
            yield f"{parameter.name} has more than {MAX_MANY} elements"


def _mistyped(parameter: Parameter, value: Data) -> Iterator[str]:
    values = value if parameter.many and isinstance(value, list) else [value]
    if parameter.many and not isinstance(value, list):
        yield f"{parameter.name} must be a list"
        return
    for element in values:
        if not _fits(parameter.kind, element):
            yield f"{parameter.name} must be {parameter.kind}, not {repr(element)[:MAX_QUOTED]}"


def _fits(kind: Kind, value: Data) -> bool:
    match kind:
        case Kind.TEXT | Kind.PATH:
            return isinstance(value, str)
        case Kind.DATE:
            return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None
        case Kind.NUMBER:
            if not isinstance(value, int | float) or isinstance(value, bool):
                return False
            return abs(value) <= MAX_NUMBER  # not so for what is infinite or no number
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.RECORD:
            return isinstance(value, dict)
        case Kind.ANY:
            return True
