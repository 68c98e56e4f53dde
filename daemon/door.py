"""The door: the one place where an effect happens, and the one caller of the gate.

For a step it asks the tool what each call would touch, has the gate judge every request with the
labels of what goes in, writes the verdicts to the ledger, and only then lets the tool run with its
permits. What the planner may see of the result crosses here too, as a release. It does not decide
(policy does), does not plan and keeps no state of its own.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from doorward.cloud_bridge.messages import Observed, Opened, Outcome
from doorward.daemon.codec import label_to
from doorward.daemon.loop import NeedsApproval, Performed, TextRefused, TextReleased
from doorward.daemon.objective import Asked, Card, CardKind, Due, Objective, Report
from doorward.daemon.receipts import Entry, Ledger
from doorward.daemon.resolve import Call, Unresolved, calls, holds
from doorward.daemon.vault import Value, Vault, handle_of
from doorward.policies.gate import Approval, admit
from doorward.policies.labels import NEUTRAL, USER, Label, join_all
from doorward.policies.permit import Permit
from doorward.policies.plan import Step, references
from doorward.policies.requests import Request, Verdict
from doorward.policies.rules import Policy, label_of
from doorward.policies.shape import released
from doorward.policies.vocabulary import (
    HOME,
    Data,
    Decision,
    Effect,
    Handle,
    Influence,
    ObjectiveId,
    Release,
    StepId,
)
from doorward.tools.base import Context, Result, Tool, ToolError, Touch
from doorward.tools.changeset import Change, Changeset
from doorward.tools.reader import ReaderError

Clock = Callable[[], "Moment"]
Progress = Callable[[int, int, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading of the clock."""

    posix: float
    utc: str
    """ISO date and time, for receipts."""
    time: str
    """Local `HH:MM`, for rules with hours."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """One request with its outcome at the gate."""

    request: Request
    staged: bool
    outcome: Permit | Verdict

    @property
    def verdict(self) -> Verdict:
        return self.outcome.verdict if isinstance(self.outcome, Permit) else self.outcome

    @property
    def open(self) -> bool:
        """It may go on: permitted, or a file change that waits for the card at commit."""
        if isinstance(self.outcome, Permit):
            return True
        return self.staged and self.outcome.decision is Decision.ASK


@dataclass(frozen=True, slots=True)
class _Planned:
    """One call with what it would touch, judged; or why it cannot be."""

    call: Call
    judged: tuple[_Judged, ...]
    fault: str = ""


class Door:
    """Performs steps, commits changesets and releases values, each through the gate."""

    def __init__(
        self,
        *,
        policy: Callable[[], Policy | None],
        tools: Mapping[str, Tool],
        vault: Vault,
        ledger: Ledger,
        clock: Clock,
        new_id: Callable[[], str],
        card_timeout: float,
    ) -> None:
        """Take the parts; `policy` gives the snapshot in force at each call."""
        self._policy = policy
        self._tools = tools
        self._vault = vault
        self._ledger = ledger
        self._clock = clock
        self._new_id = new_id
        self._card_timeout = card_timeout

    # --- the objective's own words ------------------------------------------------------------

    def release_text(self, objective: Objective) -> TextReleased | TextRefused:
        """Let the objective's text go to the orchestrator, in the form that policy allows."""
        request = self._request(objective, "", "objective.ask", Effect.EGRESS, label=USER)
        request = replace(
            request, destination=HOME, release=Release.FULL, size=len(objective.text.encode())
        )
        judged = self._judge(request, staged=False, approved={})
        if not isinstance(judged.outcome, Permit) or judged.verdict.release is not Release.FULL:
            self._record("verdict", objective, [judged])
            verdict = judged.verdict
            return TextRefused(
                f"the objective may not go to {HOME}: {verdict.reason}; {verdict.change}"
            )
        self._record("crossing", objective, [judged], sent=objective.text)
        specs = tuple(tool.spec for tool in self._tools.values())
        return TextReleased(Opened(objective.id, objective.text, objective.today, specs))

    # --- steps --------------------------------------------------------------------------------

    async def perform(
        self,
        objective: Objective,
        approved: Sequence[Asked],
        changeset: Changeset,
        progress: Progress,
    ) -> Performed | NeedsApproval:
        """Carry out the due step of an objective, or say which card it needs first."""
        due = objective.due
        assert due is not None, "the loop performs only a due step"  # noqa: S101  # invariant
        step = due.step
        context = Context(
            Path(objective.folder), changeset, objective.text, objective.today, progress
        )
        try:
            values = self._values(objective.id, step)
            if step.when is not None and not holds(step.when, values):
                return self._report(objective, due, Report(Outcome.SKIPPED), None)
            planned = self._plan_calls(objective, due, calls(step, values), context, approved)
        except Unresolved as error:
            return self._report(objective, due, Report(Outcome.FAILED, str(error)), None)
        judged = [one for call in planned for one in call.judged]
        self._record("verdict", objective, judged)
        verdicts = _verdicts(judged)
        asks = [one for one in judged if not one.open and one.verdict.decision is Decision.ASK]
        if asks:
            return NeedsApproval(self._card(CardKind.STEP, [_asked(one) for one in asks]))
        refused = [call for call in planned if call.judged and not any(j.open for j in call.judged)]
        if refused and len(refused) == len(planned):
            verdict = refused[0].judged[0].verdict
            report = Report(
                Outcome.REFUSED,
                f"{verdict.reason}; {verdict.change}",
                verdict.rule,
                verdicts=verdicts,
            )
            return self._report(objective, due, report, None)
        performed = await self._run(objective, due, planned, context)
        return replace(performed, report=replace(performed.report, verdicts=verdicts))

    def _values(self, objective: ObjectiveId, step: Step) -> dict[str, Value]:
        roots = {ref.root for ref in references(step)}
        held = {root: self._vault.get(handle_of(objective, root)) for root in roots}
        return {root: value for root, value in held.items() if value is not None}

    def _plan_calls(
        self,
        objective: Objective,
        due: Due,
        made: Sequence[Call],
        context: Context,
        approved: Sequence[Asked],
    ) -> list[_Planned]:
        tool = self._tools[due.step.tool]
        yes = {_timeless(asked.request): asked for asked in approved}
        planned: list[_Planned] = []
        for call in made:
            try:
                touches = tool.touches(call.arguments, context)
            except ToolError as error:
                planned.append(_Planned(call, (), _said(error)))
                continue
            planned.append(
                _Planned(
                    call, tuple(self._touch(objective, due, call, touch, yes) for touch in touches)
                )
            )
        return planned

    def _touch(
        self,
        objective: Objective,
        due: Due,
        call: Call,
        touch: Touch,
        approved: Mapping[Request, Asked],
    ) -> _Judged:
        request = self._request(
            objective,
            due.step.id,
            due.step.tool,
            touch.effect,
            resource=touch.resource,
            label=call.label,
            influence=due.influence,
        )
        return self._judge(request, staged=touch.staged, approved=approved)

    async def _run(
        self, objective: Objective, due: Due, planned: Sequence[_Planned], context: Context
    ) -> Performed:
        """Run every call that may run; one bad element costs itself, not the step."""
        tool, step = self._tools[due.step.tool], due.step
        results: list[Result] = []
        failed: list[Data] = []
        notes: list[str] = []
        for number, call in enumerate(planned):
            if step.each is not None:
                await context.progress(number, len(planned), step.tool)
            refused = [one for one in call.judged if not one.open]
            fault = call.fault
            if refused and len(refused) == len(call.judged):
                fault = refused[0].verdict.reason
            elif refused:
                notes.append(_left_out(refused))
            if not fault:
                permits = [one.outcome for one in call.judged if isinstance(one.outcome, Permit)]
                try:
                    result = await tool.run(call.call.arguments, permits, context)
                    results.append(self._labelled(result, call))
                    notes += result.notes
                    continue
                except (ToolError, ReaderError) as error:
                    fault = _said(error)
            notes.append(fault)
            failed.append({"path": call.call.arguments.get("path"), "reason": fault})
        if not results and failed:
            return self._report(
                objective, due, Report(Outcome.FAILED, notes[-1], "", tuple(notes)), None
            )
        return self._keep(objective, due, results, failed, notes)

    def _labelled(self, result: Result, call: _Planned) -> Result:
        policy = self._policy()
        places = [
            label_of(one.request.resource, policy)
            for one in call.judged
            if one.open and one.request.effect is Effect.READ and policy is not None
        ]
        return replace(result, label=join_all([result.label, call.call.label, *places]))

    def _keep(
        self,
        objective: Objective,
        due: Due,
        results: Sequence[Result],
        failed: list[Data],
        notes: Sequence[str],
    ) -> Performed:
        label = join_all(result.label for result in results)
        if due.step.each is None:
            data = results[0].data
        else:
            items: list[Data] = [result.data for result in results]
            data = {"items": items, "failed": failed, "count": len(items)}
        value = Value(data, label, tuple(notes))
        self._vault.put(handle_of(objective.id, due.step.id), value)
        report = Report(Outcome.OK, notes=tuple(notes))
        if due.step.expect is not None:
            try:
                met = holds(due.step.expect, {due.step.id: value})
            except Unresolved:
                met = False
            if not met:
                report = Report(
                    Outcome.FAILED,
                    f"{due.step.why or due.step.tool}: nothing found",
                    "",
                    tuple(notes),
                )
        return self._report(objective, due, report, value)

    def _report(
        self, objective: Objective, due: Due, report: Report, value: Value | None
    ) -> Performed:
        """Release what the planner may know of a finished step."""
        label = value.label if value is not None else NEUTRAL
        request = self._request(
            objective,
            due.step.id,
            due.step.tool,
            Effect.EGRESS,
            label=label,
            influence=due.influence,
        )
        request = replace(request, destination=HOME, release=Release.FULL)
        judged = self._judge(request, staged=False, approved={})
        allowed = isinstance(judged.outcome, Permit)
        form = judged.verdict.release if allowed else Release.NOTHING
        fields = _fields(self._tools[due.step.tool].spec.returns)
        content = released(value.data, form, fields) if value is not None else None
        observed = Observed(
            objective.id,
            due.step.id,
            report.outcome,
            form,
            content,
            _without_content(report),
            report.rule,
        )
        sent = json.dumps([report.outcome, content, observed.reason], ensure_ascii=False)
        self._record("crossing" if allowed else "verdict", objective, [judged], sent=sent)
        return Performed(report, observed)

    # --- the changeset ------------------------------------------------------------------------

    def settle(self, objective: Objective, changes: Sequence[Change]) -> NeedsApproval | None:
        """Say which card the staged changes need; None when policy allows them all."""
        judged = [self._change(objective, change, {}) for change in changes]
        asks = [
            Asked(one.request, one.verdict, change.shown())
            for one, change in zip(judged, changes, strict=True)
            if one.verdict.decision is Decision.ASK
        ]
        return NeedsApproval(self._card(CardKind.COMMIT, asks)) if asks else None

    def commit(
        self, objective: Objective, changeset: Changeset, approved: Sequence[Asked]
    ) -> tuple[str, ...]:
        """Make the staged changes that policy allows or the user approved; return what was not."""
        yes = {_timeless(asked.request): asked for asked in approved}
        judged = [self._change(objective, change, yes) for change in changeset.changes()]
        self._record("change", objective, judged)
        permits = [one.outcome for one in judged if isinstance(one.outcome, Permit)]
        unchanged = [
            f"{one.request.resource}: {one.verdict.reason}"
            for one in judged
            if not isinstance(one.outcome, Permit)
        ]
        conflicts = changeset.commit(permits)
        return (*unchanged, *conflicts)

    def undo(self, objective: Objective, changeset: Changeset) -> tuple[str, ...]:
        """Undo the changeset by the user's own command; return what was kept, with reasons."""
        entry = self._entry("undo", objective.id, "", "files.undo", Effect.WRITE)
        self._ledger.append([(entry, {"resources": [str(c.path) for c in changeset.changes()]})])
        return changeset.undo()

    def _change(
        self, objective: Objective, change: Change, approved: Mapping[Request, Asked]
    ) -> _Judged:
        request = self._request(
            objective,
            change.step,
            change.tool,
            Effect.DESTROY if change.destroys else Effect.WRITE,
            resource=str(change.path),
        )
        return self._judge(request, staged=True, approved=approved)

    # --- the gate and the ledger --------------------------------------------------------------

    def _request(
        self,
        objective: Objective,
        step: str,
        tool: str,
        effect: Effect,
        *,
        resource: str = "",
        label: Label = NEUTRAL,
        influence: Influence = Influence.USER,
    ) -> Request:
        policy = self._policy()
        if resource and policy is not None:
            label = label.join(label_of(resource, policy))
        return Request(
            objective=objective.id,
            step=StepId(step),
            tool=tool,
            effect=effect,
            resource=resource,
            label=label,
            influence=influence,
            named=resource == objective.folder or resource.startswith(f"{objective.folder}/"),
            time=self._clock().time,
        )

    def _judge(
        self, request: Request, *, staged: bool, approved: Mapping[Request, Asked]
    ) -> _Judged:
        asked = approved.get(_timeless(request))
        approval = Approval(asked.request, asked.verdict.policy) if asked else None
        return _Judged(request, staged, admit(request, self._policy(), approval))

    def _card(self, kind: CardKind, asks: Sequence[Asked]) -> Card:
        return Card(self._new_id(), kind, tuple(asks), self._clock().posix + self._card_timeout)

    def _record(
        self, kind: str, objective: Objective, judged: Sequence[_Judged], sent: str = ""
    ) -> None:
        """Write the verdicts to the ledger before anything happens, alike ones as one entry."""
        groups: dict[tuple[str, ...], list[_Judged]] = {}
        for one in judged:
            request, verdict = one.request, one.verdict
            alike = (request.effect, verdict.decision, verdict.rule, str(request.destination))
            groups.setdefault(alike, []).append(one)
        entries = []
        for group in groups.values():
            request, verdict = group[0].request, group[0].verdict
            entry = replace(
                self._entry(kind, objective.id, request.step, request.tool, request.effect),
                decision=_decided(group[0]),
                rule=verdict.rule,
                line=verdict.line,
                policy=verdict.policy,
                destination=str(request.destination),
                release=verdict.release,
                count=len(group),
                size=len(sent.encode("utf-8", "surrogatepass")),
            )
            details = {
                "resources": [one.request.resource for one in group],
                "reason": verdict.reason,
                "change": verdict.change,
                "label": label_to(join_all(one.request.label for one in group)),
                "sent": sent,
            }
            entries.append((entry, details))
        self._ledger.append(entries)

    def _entry(self, kind: str, objective: str, step: str, tool: str, effect: str) -> Entry:
        return Entry(
            kind, objective, step, tool, effect, "allow", "user", 0, "", "device", "nothing",
            1, 0, self._clock().utc,
        )  # fmt: skip


def _verdicts(judged: Sequence[_Judged]) -> tuple[tuple[str, str, int, int], ...]:
    counts: dict[tuple[str, str, int], int] = {}
    for one in judged:
        alike = (_decided(one), one.verdict.rule, one.verdict.line)
        counts[alike] = counts.get(alike, 0) + 1
    return tuple((*alike, count) for alike, count in counts.items())


def _decided(one: _Judged) -> str:
    if isinstance(one.outcome, Permit) and one.verdict.decision is Decision.ASK:
        return "approved"
    return one.verdict.decision


def _timeless(request: Request) -> Request:
    return replace(request, time="")


def _asked(one: _Judged) -> Asked:
    request = one.request
    return Asked(request, one.verdict, f"{request.tool}: {request.effect} {request.resource}")


def _left_out(refused: Sequence[_Judged]) -> str:
    verdict = refused[0].verdict
    return f"{len(refused)} left out by rule {verdict.rule}: {verdict.reason}"


def _said(error: Exception) -> str:
    notes = [note.removeprefix("hint: ") for note in getattr(error, "__notes__", ())]
    return "; ".join([str(error), *notes])


def _without_content(report: Report) -> str:
    """Return what may be said upwards of a failure: its kind, never its words."""
    match report.outcome:
        case Outcome.REFUSED:
            return "policy or the user refused it"
        case Outcome.FAILED:
            return "it could not be done on the device"
        case Outcome.OK | Outcome.SKIPPED:
            return ""


def _fields(returns: str) -> frozenset[str]:
    return frozenset("".join(c if c.isalnum() or c == "_" else " " for c in returns).split()) | {
        "items", "failed", "count",
    }  # fmt: skip


def answer_handle(objective: ObjectiveId) -> Handle:
    """Return the handle under which an objective's answer is kept."""
    return handle_of(objective, "answer")
