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
from functools import partial
from pathlib import Path

from doorward.cloud_bridge.messages import Observed, Opened, Outcome
from doorward.daemon import catalogue
from doorward.daemon.loop import (
    Committed,
    Discarded,
    NeedsApproval,
    Performed,
    TextRefused,
    TextReleased,
)
from doorward.daemon.objective import Asked, Card, CardKind, Due, Objective, Report
from doorward.daemon.receipts import Ledger
from doorward.daemon.resolve import Call, Unresolved, calls, holds
from doorward.daemon.steps import JudgedCall, run, said
from doorward.daemon.vault import Value, Vault, handle_of
from doorward.daemon.verdicts import Judged, counted, described, permits, plain, receipts
from doorward.policies.gate import Approval, admit
from doorward.policies.labels import NEUTRAL, USER, Label
from doorward.policies.permit import Permit
from doorward.policies.plan import PlanError, Step, ToolSpec, check, references
from doorward.policies.requests import Request
from doorward.policies.rules import Policy, label_of
from doorward.policies.shape import released
from doorward.policies.vocabulary import (
    HOME,
    Decision,
    Effect,
    Handle,
    ObjectiveId,
    Release,
    StepId,
)
from doorward.tools.base import Context, Tool, ToolError
from doorward.tools.changeset import Change, Changeset

Progress = Callable[[int, int, str], Awaitable[None]]
_Approved = Mapping[Request, Asked]
_NOBODY: _Approved = {}


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading of the clock."""

    posix: float
    utc: str
    """ISO date and time, for receipts."""
    time: str
    """Local `HH:MM`, for rules with hours."""


@dataclass(frozen=True, slots=True)
class Door:
    """Performs steps, commits changesets and releases values, each through the gate."""

    policy: Callable[[], Policy | None]
    """Gives the snapshot in force at each call; None is a closed door."""
    tools: Mapping[str, Tool]
    vault: Vault
    ledger: Ledger
    clock: Callable[[], Moment]
    new_id: Callable[[], str]
    card_timeout: float
    """Seconds after which an unanswered card means no."""

    # --- the objective's own words ------------------------------------------------------------

    def release_text(self, objective: Objective) -> TextReleased | TextRefused:
        """Let the objective's text go to the orchestrator, in the form that policy allows."""
        request = replace(
            self._request(objective, "", "objective.ask", Effect.EGRESS, label=USER),
            destination=HOME,
            release=Release.FULL,
            size=len(objective.text.encode("utf-8", "surrogatepass")),
        )
        judged = self._judge(request)
        verdict = judged.verdict
        if not isinstance(judged.outcome, Permit) or verdict.release is not Release.FULL:
            self._record("verdict", objective, [judged])
            reason = f"Your words may not go to {HOME}: {verdict.reason} {verdict.change}"
            return TextRefused(reason)
        self._record("crossing", objective, [judged], objective.text)
        specs = catalogue.told(self.tools.values(), partial(self._release_face, objective))
        return TextReleased(Opened(objective.id, objective.text, objective.today, specs))

    def _release_face(self, objective: Objective, spec: ToolSpec) -> Release:
        """Say in which form the face of a connector's tool may go to the orchestrator."""
        label = label_of(spec.name, self.policy(), tool=spec.name)
        request = self._request(objective, "", spec.name, Effect.EGRESS, label=label)
        judged = self._judge(replace(request, destination=HOME, release=Release.FULL))
        form = judged.verdict.release if isinstance(judged.outcome, Permit) else Release.NOTHING
        sent = repr(catalogue.face(spec, form) or "")
        kind = "verdict" if form is Release.NOTHING else "crossing"
        self._record(kind, objective, [judged], sent if kind == "crossing" else "")
        return form

    def release_stop(self, objective: Objective) -> None:
        """Write down that the orchestrator is told to stop: an id crosses, nothing else."""
        entry = plain("crossing", objective, "objective.stop", Effect.EGRESS, self.clock().utc)
        entry = replace(entry, destination=str(HOME), size=len(objective.id))
        details = {
            "resources": [],
            "reason": "It has ended here.",
            "change": "",
            "sent": objective.id,
        }
        self.ledger.append([(entry, details)])

    # --- steps --------------------------------------------------------------------------------

    async def perform(
        self,
        objective: Objective,
        due: Due,
        approved: Sequence[Asked],
        changeset: Changeset,
        progress: Progress,
    ) -> Performed | NeedsApproval:
        """Carry out a step, or say which card it needs first."""
        step = due.step
        if faults := self._faults(objective):
            report = Report(Outcome.FAILED, f"the plan cannot run here: {faults[0].what}")
            return self._observe(objective, due, report, None)
        folder, words = Path(objective.folder), objective.text
        context = Context(folder, changeset.at(step.id), words, objective.today, progress)
        try:
            values = self._values(objective.id, step)
            if step.when is not None and not holds(step.when, values):
                return self._observe(objective, due, Report(Outcome.SKIPPED), None)
            yes = {_timeless(asked.request): asked for asked in approved}
            made = [
                self._judge_call(objective, due, call, context, yes) for call in calls(step, values)
            ]
        except Unresolved as error:
            return self._observe(objective, due, Report(Outcome.FAILED, str(error)), None)
        judged = [one for call in made for one in call.judged]
        self._record("verdict", objective, judged)
        asks = [one for one in judged if not one.open and one.verdict.decision is Decision.ASK]
        if asks:
            return NeedsApproval(self._card(CardKind.STEP, [one.asked() for one in asks]))
        if made and all(call.refused for call in made):
            verdict = made[0].judged[0].verdict
            reason = f"{verdict.reason} {verdict.change}"
            report = Report(Outcome.REFUSED, reason, verdict.rule, (), counted(judged))
            return self._observe(objective, due, report, None)
        report, value = await run(self.tools[step.tool], step, made, context, self._place)
        if value is not None:
            self.vault.put(handle_of(objective.id, step.id), value)
        return self._observe(objective, due, replace(report, verdicts=counted(judged)), value)

    def _faults(self, objective: Objective) -> list[PlanError]:
        """Check the plan against the tools that are here: the planner is not trusted to have."""
        catalog = {name: tool.spec for name, tool in self.tools.items()}
        return check(objective.plan, catalog) if objective.plan else []

    def refuse(self, objective: Objective, due: Due, report: Report) -> Performed:
        """Release that the user refused a step."""
        return self._observe(objective, due, report, None)

    def _values(self, objective: ObjectiveId, step: Step) -> dict[str, Value]:
        roots = {ref.root for ref in references(step)}
        held = {root: self.vault.get(handle_of(objective, root)) for root in roots}
        return {root: value for root, value in held.items() if value is not None}

    def _judge_call(
        self, objective: Objective, due: Due, call: Call, context: Context, approved: _Approved
    ) -> JudgedCall:
        step = due.step
        try:
            touches = self.tools[step.tool].touches(call.arguments, context)
        except ToolError as error:
            return JudgedCall(call, (), said(error))
        judged = []
        for touch in touches:
            request = self._request(
                objective, step.id, step.tool, touch.effect, touch.resource, call.label
            )
            request = replace(request, influence=due.influence)
            if touch.effect is Effect.EGRESS:  # what leaves is judged by what went in, not by where
                request = replace(
                    request, destination=touch.destination, release=Release.FULL, label=call.label
                )
            judged.append(self._judge(request, approved, staged=touch.staged))
        return JudgedCall(call, tuple(judged))

    def _observe(
        self, objective: Objective, due: Due, report: Report, value: Value | None
    ) -> Performed:
        """Release what the planner may know of a finished step."""
        step, label = due.step, value.label if value is not None else NEUTRAL
        request = replace(
            self._request(objective, step.id, step.tool, Effect.EGRESS, label=label),
            influence=due.influence,
            destination=HOME,
            release=Release.FULL,
        )
        judged = self._judge(request)
        allowed = isinstance(judged.outcome, Permit)
        form = judged.verdict.release if allowed else Release.NOTHING
        fields = _fields(self.tools[step.tool].spec.returns if value is not None else "")
        content = released(value.data, form, fields) if value is not None else None
        reason = _without_content(report)
        sent = json.dumps([report.outcome, content, reason], ensure_ascii=False)
        self._record("crossing" if allowed else "verdict", objective, [judged], sent)
        # A rule's name is the user's own word: the planner is told that policy refused, not which.
        observed = Observed(objective.id, step.id, report.outcome, form, content, reason)
        return Performed(report, observed)

    # --- the changeset ------------------------------------------------------------------------

    def settle(self, objective: Objective, changes: Sequence[Change]) -> NeedsApproval | None:
        """Say which card the staged changes need; None when policy asks for none."""
        asks = [
            replace(one.asked(), shown=described(change, objective.folder))
            for change in changes
            for one in self._judge_change(objective, change, _NOBODY)
            if one.verdict.decision is Decision.ASK
        ]
        return NeedsApproval(self._card(CardKind.COMMIT, asks)) if asks else None

    def commit(
        self, objective: Objective, changeset: Changeset, approved: Sequence[Asked]
    ) -> Committed:
        """Make the staged changes that policy allows or the user approved; say what was not.

        A commit that a crash interrupted has been finished by the changeset when it was opened; it
        is told here as it came out.
        """
        finished = changeset.recover()
        yes = {_timeless(asked.request): asked for asked in approved}
        judged = [
            one
            for change in changeset.changes()
            for one in self._judge_change(objective, change, yes)
        ]
        self._record("change", objective, judged)
        refused = [one for one in judged if not isinstance(one.outcome, Permit)]
        reasons = {one.request.resource: one.verdict.reason for one in refused}
        outcome = changeset.commit(permits(judged))
        done = changeset.committed()
        left = (*(finished.left if finished else ()), *outcome.left)
        return Committed(
            tuple(described(change, objective.folder) for change in done),
            tuple(
                f"{described(one.change, objective.folder)}: "
                + reasons.get(str(one.change.path), one.why)
                for one in left
            ),
        )

    def discard(self, objective: Objective, changeset: Changeset) -> Discarded:
        """Drop what is staged; say what an interrupted commit had already made."""
        changeset.recover()
        changeset.discard()
        done = changeset.committed()
        return Discarded(tuple(described(change, objective.folder) for change in done))

    def undo(self, objective: Objective, changeset: Changeset) -> tuple[str, ...]:
        """Undo the changeset by the user's own command; say what was kept and why."""
        entry = plain("undo", objective, "files.undo", Effect.WRITE, self.clock().utc)
        done = [str(change.path) for change in changeset.committed()]
        self.ledger.append([(entry, {"resources": done})])
        left = changeset.undo().left
        return tuple(f"{described(one.change, objective.folder)}: {one.why}" for one in left)

    def _judge_change(
        self, objective: Objective, change: Change, approved: _Approved
    ) -> list[Judged]:
        tools = {step.id: step.tool for step in (objective.plan.steps if objective.plan else ())}
        tool = tools.get(StepId(change.step), "files.write")
        return [
            self._judge(
                self._request(objective, change.step, tool, touch.effect, touch.resource),
                approved,
                staged=True,
            )
            for touch in change.touches
        ]

    # --- the gate and the ledger --------------------------------------------------------------

    def _request(  # the fields of a request
        self,
        objective: Objective,
        step: str,
        tool: str,
        effect: Effect,
        resource: str = "",
        label: Label = NEUTRAL,
    ) -> Request:
        place = label_of(resource, self.policy(), tool=tool) if resource else NEUTRAL
        named = resource == objective.folder or resource.startswith(f"{objective.folder}/")
        return Request(
            objective=objective.id,
            step=StepId(step),
            tool=tool,
            effect=effect,
            resource=resource,
            label=label.join(place),
            named=named,
            time=self.clock().time,
        )

    def _judge(
        self, request: Request, approved: _Approved = _NOBODY, *, staged: bool = False
    ) -> Judged:
        asked = approved.get(_timeless(request))
        approval = Approval(asked.request, asked.verdict.policy) if asked else None
        return Judged(request, staged, admit(request, self.policy(), approval))

    def _place(self, request: Request) -> Label:
        return label_of(request.resource, self.policy(), tool=request.tool)

    def _card(self, kind: CardKind, asks: Sequence[Asked]) -> Card:
        return Card(self.new_id(), kind, tuple(asks), self.clock().posix + self.card_timeout)

    def _record(
        self, kind: str, objective: Objective, judged: Sequence[Judged], sent: str = ""
    ) -> None:
        """Write verdicts to the ledger before anything happens."""
        self.ledger.append(receipts(kind, objective, judged, self.clock().utc, sent))


def _timeless(request: Request) -> Request:
    return replace(request, time="")


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
    """Return the field names that a tool declares; every other key of a result is content."""
    words = "".join(c if c.isalnum() or c == "_" else " " for c in returns).split()
    return frozenset(words) | {"items", "failed", "count"}


def answer_handle(objective: ObjectiveId) -> Handle:
    """Return the handle under which an objective's answer is kept."""
    return handle_of(objective, "answer")
