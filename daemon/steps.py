"""Runs the calls of one step whose requests the door has had judged, and makes one value of them.

It asks no gate and writes no receipt: whatever comes here has its permits. One bad element of an
`each` costs itself, not the step. Called by the door alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from doorward.cloud_bridge.messages import Outcome
from doorward.daemon.objective import Report
from doorward.daemon.resolve import Call, Unresolved, holds
from doorward.daemon.vault import Value
from doorward.daemon.verdicts import Judged, left_out, permits
from doorward.policies.floors import LOCAL_ONLY
from doorward.policies.labels import Label, join_all
from doorward.policies.plan import Step
from doorward.policies.requests import Request
from doorward.policies.vocabulary import Data, Effect
from doorward.tools.base import Context, Result, Tool, ToolError
from doorward.tools.reader import ReaderError


@dataclass(frozen=True, slots=True)
class JudgedCall:
    """One call with what it would touch, judged; or why it cannot be made."""

    call: Call
    judged: tuple[Judged, ...]
    fault: str = ""

    @property
    def refused(self) -> bool:
        """Tell whether nothing of it may go on."""
        return bool(self.judged) and not any(one.open for one in self.judged)


@dataclass(slots=True)
class _Tally:
    results: list[Result] = field(default_factory=list)
    failed: list[Data] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fail(self, call: JudgedCall, fault: str) -> None:
        self.notes.append(fault)
        self.failed.append({"path": call.call.arguments.get("path"), "reason": fault})


async def run(
    tool: Tool,
    step: Step,
    made: Sequence[JudgedCall],
    context: Context,
    place: Callable[[Request], Label],
) -> tuple[Report, Value | None]:
    """Run every call that may run.

    Args:
        tool: The tool of the step.
        step: The step.
        made: Its calls, judged.
        context: What running calls may use.
        place: The label of what a request reads.

    Returns:
        How the step ended, and its value when there is one.
    """
    tally = _Tally()
    for number, call in enumerate(made):
        if step.each is not None:
            await context.progress(number, len(made), step.tool)
        await _one(tool, call, context, place, tally)
    notes = tuple(tally.notes)
    if not tally.results and tally.failed:
        return Report(Outcome.FAILED, notes[-1], notes=notes), None
    value = _value(step, tally)
    if step.expect is not None and not _met(step, value):
        return Report(Outcome.FAILED, f"{step.why or step.tool}: nothing found", notes=notes), value
    return Report(Outcome.OK, notes=notes), value


async def _one(
    tool: Tool, call: JudgedCall, context: Context, place: Callable[[Request], Label], tally: _Tally
) -> None:
    refused = [one for one in call.judged if not one.open]
    if call.fault or call.refused:
        tally.fail(call, call.fault or refused[0].verdict.reason)
        return
    if refused:
        tally.notes.append(left_out(refused))
    try:
        result = await tool.run(call.call.arguments, permits(call.judged), context)
    except (ToolError, ReaderError) as error:
        tally.fail(call, said(error))
        return
    read = [one for one in call.judged if one.open and one.request.effect is Effect.READ]
    places = [place(one.request) for one in read]
    stays = any(LOCAL_ONLY in one.verdict.obligations for one in read)
    kept = Label(frozenset({LOCAL_ONLY}) if stays else frozenset())
    label = join_all([result.label, call.call.label, kept, *places])
    tally.results.append(replace(result, label=label))
    tally.notes += result.notes


def _value(step: Step, tally: _Tally) -> Value:
    label = join_all(result.label for result in tally.results)
    if step.each is None:
        return Value(tally.results[0].data, label, tuple(tally.notes))
    items: list[Data] = [result.data for result in tally.results]
    data: Data = {"items": items, "failed": tally.failed, "count": len(items)}
    return Value(data, label, tuple(tally.notes))


def _met(step: Step, value: Value) -> bool:
    if step.expect is None:
        return True
    try:
        return holds(step.expect, {step.id: value})
    except Unresolved:
        return False


def said(error: Exception) -> str:
    """Return an error's message with its hints."""
    notes = [note.removeprefix("hint: ") for note in getattr(error, "__notes__", ())]
    return "; ".join([str(error), *notes])
