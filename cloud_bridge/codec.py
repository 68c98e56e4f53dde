"""The codec: plain messages to wire bytes and back, for both ends and for what they store.

It is not a check of meaning: a decoded plan may still be nonsense, which `policies.plan.check`
finds. Logs, link and service call it; nothing past it sees protobuf.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from doorward.cloud_bridge.errors import Malformed, TooLarge
from doorward.cloud_bridge.messages import (
    Down,
    Finished,
    Observed,
    Opened,
    Outcome,
    Planned,
    Refused,
    StepDue,
    StopAsked,
    Up,
)
from doorward.cloud_bridge.plan_codec import (
    data_from,
    datum_to,
    enum_from,
    parse,
    plan_from,
    plan_to,
    step_from,
    step_to,
    tool_from,
    tool_to,
    unknown,
    wire_name,
)
from doorward.policies.vocabulary import Influence, ObjectiveId, Release, StepId
from doorward.proto.v1 import objective_pb2 as objective

Salt: TypeAlias = Callable[[bytes], bytes]

MAX_ENTRY = 256 * 1024
"""Bytes of one log entry; larger things do not belong into a message."""


def encode_up(up: Up, salt: Salt | None = None) -> bytes:
    """Return the bytes of one up entry.

    Args:
        up: The message.
        salt: Makes of the message's bytes the salt that travels with them; the same for the same.

    Raises:
        Malformed: When it holds a value the wire cannot.
        TooLarge: When it is larger than `MAX_ENTRY`.
    """
    try:
        match up:
            case Opened():
                body = objective.UpBody(opened=_opened(up))
            case Observed():
                body = objective.UpBody(observed=_observed(up))
            case StopAsked():
                body = objective.UpBody(stop_asked=objective.StopAsked(objective=up.objective))
    except (UnicodeError, TypeError, ValueError, RecursionError) as exc:
        msg = f"cannot encode {type(up).__name__} of {up.objective}: {exc}"
        raise Malformed(msg) from exc
    if salt is not None:
        body.salt = salt(body.SerializeToString(deterministic=True))
    return _bounded(
        body.SerializeToString(deterministic=True), f"{type(up).__name__} of {up.objective}"
    )


def decode_up(data: bytes) -> Up:
    """Return the up entry that `encode_up` wrote.

    Raises:
        Malformed: When the bytes are no up entry of this version.
    """
    body = objective.UpBody()
    parse(body, data)
    match body.WhichOneof("kind"):
        case "opened":
            opened = body.opened
            tools = tuple(tool_from(each) for each in opened.tools)
            return Opened(ObjectiveId(opened.objective), opened.text, opened.today, tools)
        case "observed":
            return _observed_from(body.observed)
        case "stop_asked":
            return StopAsked(ObjectiveId(body.stop_asked.objective))
        case _:
            raise unknown("up entry")


def encode_down(down: Down) -> bytes:
    """Return the bytes of one down entry.

    Raises:
        Malformed: When it holds a value the wire cannot.
        TooLarge: When it is larger than `MAX_ENTRY`.
    """
    try:
        body = _down(down)
    except (UnicodeError, TypeError, ValueError, RecursionError) as exc:
        msg = f"cannot encode {type(down).__name__} of {down.objective}: {exc}"
        raise Malformed(msg) from exc
    what = f"{type(down).__name__} of {down.objective}"
    return _bounded(body.SerializeToString(deterministic=True), what)


def decode_down(data: bytes) -> Down:
    """Return the down entry that `encode_down` wrote.

    Raises:
        Malformed: When the bytes are no down entry of this version.
    """
    body = objective.DownBody()
    parse(body, data)
    match body.WhichOneof("kind"):
        case "planned":
            planned = body.planned
            plan = plan_from(planned.plan)
            return Planned(ObjectiveId(planned.objective), plan, planned.understood)
        case "step_due":
            due = body.step_due
            influence = enum_from(Influence, objective.Influence, due.influence)
            return StepDue(ObjectiveId(due.objective), step_from(due.step), influence)
        case "finished":
            return Finished(ObjectiveId(body.finished.objective))
        case "refused":
            no = body.refused
            return Refused(ObjectiveId(no.objective), no.reason, tuple(no.nearest))
        case _:
            raise unknown("down entry")


def _opened(up: Opened) -> objective.Opened:
    tools = [tool_to(each) for each in up.tools]
    return objective.Opened(objective=up.objective, text=up.text, today=up.today, tools=tools)


def _observed(up: Observed) -> objective.Observed:
    return objective.Observed(
        objective=up.objective,
        step=up.step,
        outcome=wire_name(up.outcome),
        release=wire_name(up.release),
        content=datum_to(up.content),
        reason=up.reason,
        rule=up.rule,
    )


def _observed_from(message: objective.Observed) -> Observed:
    return Observed(
        ObjectiveId(message.objective),
        StepId(message.step),
        enum_from(Outcome, objective.Outcome, message.outcome),
        enum_from(Release, objective.Release, message.release),
        data_from(message.content),
        message.reason,
        message.rule,
    )


def _down(down: Down) -> objective.DownBody:
    match down:
        case Planned():
            planned = objective.Planned(
                objective=down.objective, plan=plan_to(down.plan), understood=down.understood
            )
            return objective.DownBody(planned=planned)
        case StepDue():
            due = objective.StepDue(
                objective=down.objective,
                step=step_to(down.step),
                influence=wire_name(down.influence),
            )
            return objective.DownBody(step_due=due)
        case Finished():
            return objective.DownBody(finished=objective.Finished(objective=down.objective))
        case Refused():
            no = objective.Refused(
                objective=down.objective, reason=down.reason, nearest=list(down.nearest)
            )
            return objective.DownBody(refused=no)


def _bounded(data: bytes, what: str) -> bytes:
    if len(data) > MAX_ENTRY:
        msg = f"cannot send {what}: {len(data)} bytes are more than the {MAX_ENTRY} of one entry"
        exc = TooLarge(msg)
        exc.add_note("hint: release less of the value, its shape for instance")
        raise exc
    return data
