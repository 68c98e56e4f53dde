"""The plan half of the codec: plans, tool faces and data to wire form and back.

Not a check of meaning: `policies.plan.check` does that. `codec` uses it for messages, the
orchestrator's log for what it stores.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from doorward.cloud_bridge.errors import Malformed
from doorward.cloud_bridge.messages import Outcome
from doorward.policies.plan import (
    MAX_STEPS,
    Argument,
    Kind,
    Literal,
    Parameter,
    Plan,
    Ref,
    Step,
    Template,
    ToolSpec,
)
from doorward.policies.vocabulary import Data, Effect, Influence, Release, StepId
from doorward.proto.v1 import objective_pb2 as objective
from doorward.proto.v1 import plan_pb2 as plans
from google.protobuf.message import DecodeError, Message

E = TypeVar("E", Kind, Effect, Outcome, Release, Influence)


def encode_plan(plan: Plan) -> bytes:
    """Return the bytes under which a plan is stored."""
    return plan_to(plan).SerializeToString(deterministic=True)


def decode_plan(data: bytes) -> Plan:
    """Return the plan that `encode_plan` wrote.

    Raises:
        Malformed: When the bytes are no plan of this version.
    """
    message = plans.Plan()
    parse(message, data)
    return plan_from(message)


def plan_to(plan: Plan) -> plans.Plan:
    """Return the wire form of a plan."""
    steps = [step_to(step) for step in plan.steps]
    return plans.Plan(steps=steps, answer=plan.answer.text, recipe=plan.recipe)


def plan_from(message: plans.Plan) -> Plan:
    """Return the plan that a wire form holds."""
    # One more than a plan may have is enough for the check to refuse it; the rest is not built.
    steps = tuple(step_from(step) for step in message.steps[: MAX_STEPS + 1])
    return Plan(steps, Template(message.answer), message.recipe)


def tool_to(spec: ToolSpec) -> plans.ToolSpec:
    """Return the wire form of a tool's face."""
    return plans.ToolSpec(
        name=spec.name,
        about=spec.about,
        parameters=[_parameter(each) for each in spec.parameters],
        effects=sorted(wire_name(each) for each in spec.effects),
        returns=spec.returns,
    )


def tool_from(message: plans.ToolSpec) -> ToolSpec:
    """Return the tool's face that a wire form holds."""
    effects = frozenset(enum_from(Effect, plans.Effect, each) for each in message.effects)
    parameters = tuple(_parameter_from(each) for each in message.parameters)
    return ToolSpec(message.name, message.about, parameters, effects, message.returns)


def encode_tools(tools: Iterable[ToolSpec]) -> bytes:
    """Return the bytes under which a catalogue is stored."""
    return objective.Opened(tools=[tool_to(each) for each in tools]).SerializeToString()


def decode_tools(data: bytes) -> tuple[ToolSpec, ...]:
    """Return the catalogue that `encode_tools` wrote.

    Raises:
        Malformed: When the bytes are no catalogue of this version.
    """
    message = objective.Opened()
    parse(message, data)
    return tuple(tool_from(each) for each in message.tools)


def step_to(step: Step) -> plans.Step:
    """Return the wire form of a step."""
    return plans.Step(
        id=step.id,
        tool=step.tool,
        args={name: _argument(each) for name, each in step.args.items()},
        each=_path(step.each),
        when=_path(step.when),
        why=step.why,
        expect=_path(step.expect),
    )


def step_from(message: plans.Step) -> Step:
    """Return the step that a wire form holds."""
    return Step(
        StepId(message.id),
        message.tool,
        {name: _argument_from(each) for name, each in message.args.items()},
        _ref(message.each),
        _ref(message.when),
        message.why,
        _ref(message.expect),
    )


def _path(ref: Ref | None) -> str:
    if ref is not None and not ref.path:
        msg = "a reference to nothing"
        raise ValueError(msg)
    return "" if ref is None else ref.path


def _ref(path: str) -> Ref | None:
    return Ref(path) if path else None


def _argument(argument: Argument) -> plans.Argument:
    match argument:
        case Literal():
            return plans.Argument(literal=datum_to(argument.value))
        case Ref():
            return plans.Argument(ref=argument.path)
        case Template():
            return plans.Argument(template=argument.text)


def _argument_from(message: plans.Argument) -> Argument:
    match message.WhichOneof("kind"):
        case "literal":
            return Literal(data_from(message.literal))
        case "ref":
            return Ref(message.ref)
        case "template":
            return Template(message.template)
        case _:
            raise unknown("argument")


def _parameter(parameter: Parameter) -> plans.Parameter:
    return plans.Parameter(
        name=parameter.name,
        kind=wire_name(parameter.kind),
        about=parameter.about,
        required=parameter.required,
        many=parameter.many,
        sink=parameter.sink,
    )


def _parameter_from(message: plans.Parameter) -> Parameter:
    kind = enum_from(Kind, plans.Kind, message.kind)
    flags = (message.required, message.many, message.sink)
    return Parameter(message.name, kind, message.about, *flags)


def datum_to(data: Data) -> plans.Datum:
    """Return the wire form of a value."""
    match data:
        case None:
            return plans.Datum()
        case bool():
            return plans.Datum(flag=data)
        case int():
            fits = -(2**63) <= data < 2**63
            return plans.Datum(whole=data) if fits else plans.Datum(digits=str(data))
        case float():
            return plans.Datum(number=data)
        case str():
            return plans.Datum(text=data)
        case list():
            return plans.Datum(list=plans.DatumList(items=[datum_to(each) for each in data]))
        case dict():
            fields = [plans.DatumField(name=k, value=datum_to(v)) for k, v in data.items()]
            return plans.Datum(record=plans.DatumRecord(fields=fields))
        case _:
            msg = f"a {type(data).__name__} is not data"
            raise TypeError(msg)


def data_from(message: plans.Datum) -> Data:
    """Return the value that a wire form holds."""
    match message.WhichOneof("kind"):
        case "flag":
            return message.flag
        case "whole":
            return message.whole
        case "digits":
            return _integer(message.digits)
        case "number":
            return message.number
        case "text":
            return message.text
        case "list":
            return [data_from(each) for each in message.list.items]
        case "record":
            return {each.name: data_from(each.value) for each in message.record.fields}
        case _:
            return None


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError as exc:
        msg = "cannot decode a whole number: its digits are no digits"
        raise Malformed(msg) from exc


def wire_name(member: Kind | Effect | Outcome | Release | Influence) -> str:
    """Return the name of a member in the definitions: `KIND_TEXT`."""
    return f"{type(member).__name__}_{member.name}".upper()


class _Names(Protocol):
    """The half of a generated enum that names its numbers."""

    def Name(self, number: int) -> str: ...  # noqa: N802 - protobuf's own name


def enum_from(kind: type[E], names: _Names, number: int) -> E:
    """Return the member that a wire number stands for."""
    try:
        return kind[names.Name(number).removeprefix(f"{kind.__name__}_".upper())]
    except (KeyError, ValueError):
        what = kind.__name__.lower()
        msg = f"cannot decode {what} {number}: this version does not know it"
        raise Malformed(msg) from None


def parse(message: Message, data: bytes) -> None:
    """Fill a wire message from bytes."""
    try:
        message.ParseFromString(data)
    except DecodeError as exc:
        msg = f"cannot decode {type(message).__name__} from {len(data)} bytes: {exc}"
        raise Malformed(msg) from exc


def unknown(what: str) -> Malformed:
    """Return the error for a kind of thing that this version does not know."""
    exc = Malformed(f"cannot decode {what}: it is of a kind that this version does not know")
    exc.add_note("hint: update the older of device and orchestrator")
    return exc
