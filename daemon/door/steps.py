"""Runs the calls of one step whose requests the door has had judged, and makes one value of them.

It asks no gate and writes no receipt: whatever comes here has its permits. One bad element of an
`each` costs itself, not the step. Every part of the value gets the label of what it was made from;
an error is made from what was read, too. Called by the door alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from doorward.cloud_bridge.messages import Outcome
from doorward.daemon.door.verdicts import Judged, left_out, permits
from doorward.daemon.objectives.objective import Report
from doorward.daemon.values.resolve import Call, Unresolved, holds
from doorward.daemon.values.vault import Value
from doorward.policies.floors import LOCAL_ONLY
from doorward.policies.labels import NEUTRAL, UNKNOWN, Label, join_all
from doorward.policies.parts import Parts, assigned
from doorward.policies.plan import Step
from doorward.policies.vocabulary import Data, Effect, Trust
from doorward.tools.base import Context, Result, Tool, ToolError
from doorward.tools.reading.reader import ReaderError

_FILE = "file:"
MAX_RESULT = 64_000_000
"""Characters of all results of one step: they are held in memory until they are sealed."""


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


@dataclass(frozen=True, slots=True)
class Origins:
    """What the door knows of where a step's results come from."""

    place: Callable[[str], Label]
    """The label of what is read at a path, or fetched by that name."""
    named: Callable[[str], Label]
    """The label of a file of which a result speaks."""
    text: Callable[[str], Label]
    """The label of marked files from which a text is made."""
    always: Label = NEUTRAL
    """What goes into every result of the step, whatever it reads."""
    listed: Label = NEUTRAL
    """The label of the list that `each` goes through: how long it is shows in the result."""
    fields: Parts = field(default_factory=dict)
    """What is declared of parts of a result, besides what the tool itself says."""


@dataclass(slots=True)
class _Tally:
    results: list[Result] = field(default_factory=list)
    failed: list[Data] = field(default_factory=list)
    failures: list[Label] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left: int = MAX_RESULT

    def fits(self, result: Result) -> bool:
        """Tell whether there is room for one more result."""
        self.left -= _length(result.data)
        return self.left >= 0

    def fail(self, call: JudgedCall, fault: str, label: Label) -> None:
        self.notes.append(fault)
        self.failed.append({"path": call.call.arguments.get("path"), "reason": fault})
        # It repeats arguments, and with them words of the planner's: it proves nothing.
        self.failures.append(replace(label, trust=Trust.UNTRUSTED))


async def run(
    tool: Tool, step: Step, made: Sequence[JudgedCall], context: Context, origins: Origins
) -> tuple[Report, Value | None]:
    """Run every call that may run.

    Args:
        tool: The tool of the step.
        step: The step.
        made: Its calls, judged.
        context: What running calls may use.
        origins: Where results come from.

    Returns:
        How the step ended, and its value when there is one.
    """
    tally = _Tally()
    for number, call in enumerate(made):
        if step.each is not None:
            await context.progress(number, len(made), step.tool)
        await _one(tool, call, context, origins, tally)
    notes = tuple(tally.notes)
    if not tally.results and tally.failed:
        return Report(Outcome.FAILED, notes[-1], notes=notes), None
    value = _value(step, tally, origins)
    if step.expect is not None and not _met(step, value):
        return Report(Outcome.FAILED, f"{step.why or step.tool}: nothing found", notes=notes), value
    return Report(Outcome.OK, notes=notes), value


async def _one(
    tool: Tool, call: JudgedCall, context: Context, origins: Origins, tally: _Tally
) -> None:
    refused = [one for one in call.judged if not one.open]
    if call.fault or call.refused:
        label = call.call.label.join(origins.always)
        tally.fail(call, call.fault or refused[0].verdict.reason, label)
        return
    if refused:
        tally.notes.append(left_out(refused))
    try:
        result = await tool.run(call.call.arguments, permits(call.judged), context)
    except (ToolError, ReaderError) as error:
        brought = _brought(call, origins)
        tally.fail(call, said(error), join_all([brought, *_places(call, origins)]))
        return
    if not tally.fits(result):
        tally.fail(call, "the step has read more than can be held", _brought(call, origins))
        return
    tally.results.append(_labelled(result, call, origins))
    tally.notes += result.notes


def _length(data: Data) -> int:
    match data:
        case str():
            return len(data)
        case list():
            return 8 * len(data) + sum(map(_length, data))
        case dict():
            return 8 * len(data) + sum(map(_length, data.values()))
        case _:
            return 0


def _brought(call: JudgedCall, origins: Origins) -> Label:
    """Return the label of what a call brings into all of its result."""
    stays = any(LOCAL_ONLY in one.verdict.obligations for one in _reads(call))
    kept = Label(frozenset({LOCAL_ONLY}) if stays else frozenset())
    return join_all([call.call.label, origins.always, kept])


def _reads(call: JudgedCall) -> list[Judged]:
    return [one for one in call.judged if one.open and one.request.effect is Effect.READ]


def _places(call: JudgedCall, origins: Origins) -> list[Label]:
    return [origins.place(one.request.resource) for one in _reads(call)]


def _labelled(result: Result, call: JudgedCall, origins: Origins) -> Result:
    """Complete what a tool says of its result by what went in and by where it was read."""
    brought = _brought(call, origins)
    whole = join_all([result.label, brought, *_places(call, origins), _said(result, origins)])
    known: dict[Label, Label] = {}
    fields: dict[str, Label] = {}
    for place, label in {**result.fields, **origins.fields}.items():
        if label not in known:
            known[label] = _of_part(label, whole, brought, origins)
        fields[place] = known[label]
    of_files = [made for said, made in known.items() if _files(said)]
    return replace(result, label=join_all([whole, *of_files]), fields=fields)


def _files(label: Label) -> list[str]:
    """Return the files that a tool names as the sources of a part."""
    return [one.removeprefix(_FILE) for one in label.sources if one.startswith(_FILE)]


def _said(result: Result, origins: Origins) -> Label:
    """Return what the text of a document adds: it may be made from a marked file."""
    text = result.data.get("text") if isinstance(result.data, dict) else None
    return origins.text(text) if isinstance(text, str) else NEUTRAL


def written(call: JudgedCall, origins: Origins) -> dict[str, Label]:
    """Return the label of what a call has staged, by path."""
    label = join_all([_brought(call, origins), *_places(call, origins)])
    return {one.request.resource: label for one in call.judged if one.staged and one.open}


def _of_part(said: Label, whole: Label, brought: Label, origins: Origins) -> Label:
    """Return the label of a part: that of its own files where it names them, else of the whole.

    What comes from a file is as trusted as its place, unless the system assigned it; of what names
    no file, the trust is as it was declared.
    """
    files = _files(said)
    base = join_all([brought, *map(origins.named, files)]) if files else whole
    own = said.tags - UNKNOWN.tags  # those of the whole stand for what nobody described
    joined = base.join(Label(own, said.trust, said.sources))
    placed = bool(files) and said.trust is not Trust.ASSIGNED
    return joined if placed else replace(joined, trust=said.trust)


def _value(step: Step, tally: _Tally, origins: Origins) -> Value:
    results, notes = tally.results, tuple(tally.notes)
    if step.each is None:
        return Value(results[0].data, results[0].label, notes, results[0].fields)
    items: list[Data] = [result.data for result in results]
    data: Data = {"items": items, "failed": tally.failed, "count": len(items)}
    parts = [origins.listed, origins.always, *tally.failures]
    label = join_all([*parts, *(result.label for result in results)])
    return Value(data, label, notes, {**_fields(tally), "count": assigned(label)})


def _fields(tally: _Tally) -> Mapping[str, Label]:
    """Return each element's own labels: a later step judges every element by its own."""
    fields: dict[str, Label] = {}
    for number, result in enumerate(tally.results):
        fields[f"items.{number}"] = result.label
        for place, label in result.fields.items():
            fields[f"items.{number}.{place}"] = label
    for number, label in enumerate(tally.failures):
        fields[f"failed.{number}"] = label
    return fields


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
