"""The door: the one place where an effect happens, and the one caller of the gate.

For a step it asks the tool what each call would touch, has the gate judge every request with the
labels of what goes in, writes the verdicts to the ledger, and only then lets the tool run with its
permits. What the planner may see of the result crosses here too, as a release. It does not decide
(policy does), does not plan and keeps no state of its own.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from doorward.cloud_bridge.messages import Observed, Opened, Outcome, StopAsked, Up
from doorward.daemon import catalogue
from doorward.daemon.asking import Yeses
from doorward.daemon.bound import bound, departing
from doorward.daemon.budget import Budget, MemoryBudget, Told, within
from doorward.daemon.case import Case, case_of
from doorward.daemon.crossing import sent_as
from doorward.daemon.leaves import endorsed_by
from doorward.daemon.ledger import Ledger
from doorward.daemon.loop import (
    Broke,
    Committed,
    Discarded,
    NeedsApproval,
    Performed,
    TextRefused,
    TextReleased,
)
from doorward.daemon.manifests import manifest_for
from doorward.daemon.marks import Marks, in_memory
from doorward.daemon.objective import Asked, Due, Objective, Report
from doorward.daemon.own import unheard
from doorward.daemon.places import Places, keep_staged, stamp
from doorward.daemon.questions import Questions
from doorward.daemon.receipts import Sent
from doorward.daemon.releases import Releases
from doorward.daemon.resolve import Call, Unresolved, calls, holds
from doorward.daemon.steps import JudgedCall, run, said
from doorward.daemon.usage import Usage
from doorward.daemon.vault import Value, Vault, handle_of
from doorward.daemon.verdicts import (
    Judged,
    content_of,
    counted,
    described,
    permits,
    plain,
    receipts,
    used,
)
from doorward.policies.approvals import digest
from doorward.policies.gate import VOID, Approval, admit
from doorward.policies.labels import NEUTRAL, USER, Label
from doorward.policies.permit import Permit
from doorward.policies.plan import ANSWER, PlanError, Step, ToolSpec, check, mistyped, references
from doorward.policies.requests import Request
from doorward.policies.rules import Policy, label_of
from doorward.policies.vocabulary import (
    HOME,
    Decision,
    Effect,
    Handle,
    ObjectiveId,
    Release,
    StepId,
    Trust,
)
from doorward.tools.base import Context, Tool, ToolError
from doorward.tools.changeset import Change, Changeset

Progress = Callable[[int, int, str], Awaitable[None]]
_CONTENT = frozenset({Release.FULL, Release.REDACTED})
_NOTHING = Sent()


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading of the clock."""

    posix: float
    utc: str
    """ISO date and time, for receipts."""
    time: str
    """Local `HH:MM`, for rules with hours."""
    day: str = ""
    """`mon` to `sun`, for rules with days."""


@dataclass(frozen=True, slots=True)
class Door:
    """Performs steps, commits changesets and releases values, each through the gate."""

    policy: Callable[[], Policy | None]
    """Gives the snapshot in force at each call; None is a closed door."""
    tools: Mapping[str, Tool]
    vault: Vault
    ledger: Ledger
    clock: Callable[[], Moment]
    usage: Usage
    questions: Questions
    """Makes cards and keeps which yes was used."""
    releases: Releases
    marks: Marks = field(default_factory=in_memory)
    """The labels of files that were written."""
    budget: Budget = field(default_factory=MemoryBudget)
    """What planners were told besides content."""

    # --- the objective's own words ------------------------------------------------------------

    def release_text(self, objective: Objective) -> TextReleased | TextRefused:
        """Let the objective's text go to the orchestrator, in the form that policy allows."""
        request = replace(
            self._request(objective, "", "objective.ask", Effect.EGRESS, label=USER),
            destination=HOME,
            release=Release.FULL,
            size=len(objective.text.encode("utf-8", "surrogatepass")),
        )
        judged = self._judge_content(request, self.releases.word_tags(objective.text))
        verdict = judged.verdict
        if _form(judged) not in _CONTENT:
            self._record("verdict", objective, [judged])
            reason = f"Your words may not go to {HOME}: {verdict.reason} {verdict.change}"
            return TextRefused(reason)
        text = self.releases.words(objective.id, objective.text, verdict.release)
        specs = catalogue.told(self.tools.values(), partial(self._release_face, objective))
        opened = Opened(objective.id, text, objective.today, specs)
        self._record("crossing", objective, [judged], self._sent(text, opened))
        return TextReleased(opened)

    def _release_face(self, objective: Objective, spec: ToolSpec) -> Release:
        """Say in which form the face of a connector's tool may go to the orchestrator."""
        label = label_of(spec.name, self.policy(), tool=spec.name)
        request = self._request(objective, "", spec.name, Effect.EGRESS, label=label)
        judged = self._judge(replace(request, destination=HOME, release=Release.FULL))
        form = judged.verdict.release if isinstance(judged.outcome, Permit) else Release.NOTHING
        shown = catalogue.face(spec, form)
        sent = Sent(repr(shown), len(repr(shown))) if shown else _NOTHING
        self._record("crossing" if shown else "verdict", objective, [judged], sent)
        return form

    def release_stop(self, objective: Objective) -> None:
        """Write down that the orchestrator is told to stop: an id crosses, nothing else."""
        entry = plain("crossing", objective, "objective.stop", Effect.EGRESS, self.clock().utc)
        sent = self._sent(objective.id, StopAsked(objective.id))
        entry = replace(entry, destination=str(HOME), size=sent.size, sent=sent.digest)
        details = {
            "resources": [],
            "reason": "It has ended here.",
            "change": "",
            "sent": sent.text,
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
    ) -> Performed | NeedsApproval | Broke:
        """Carry out a step, or say which card it needs first, or that it has asked too often."""
        step = due.step
        self.usage.give_back(objective.id)
        if faults := self._faults(objective):
            report = Report(Outcome.FAILED, f"the plan cannot run here: {faults[0].what}")
            return self._observe(objective, due, report, None)
        folder, words = Path(objective.folder), objective.text
        context = Context(folder, changeset.at(step.id), words, objective.today, progress)
        try:
            values = self._values(objective, step)
            if step.when is not None and not holds(step.when, values):
                return self._observe(objective, due, Report(Outcome.SKIPPED), None)
            yeses = self.questions.yeses(objective, approved)
            case = self._case(objective, due, values, changeset)
            made = [
                self._judge_call(objective, case, call, context, yeses)
                for call in calls(step, values)
            ]
        except Unresolved as error:
            return self._observe(objective, due, Report(Outcome.FAILED, str(error)), None)
        judged = [one for call in made for one in call.judged]
        self._record("verdict", objective, judged)
        if asks := _asking(judged):
            ahead = self._asks_ahead(objective, due, context, changeset)
            self.usage.give_back(objective.id)
            return self.questions.of_step(objective, [*asks, *ahead])
        if made and all(call.refused for call in made):
            verdict = made[0].judged[0].verdict
            reason = f"{verdict.reason} {verdict.change}"
            notes = (verdict.reason,) if verdict.rule == VOID else ()
            report = Report(Outcome.REFUSED, reason, verdict.rule, notes, counted(judged))
            return self._observe(objective, due, report, None)
        for one, text in departing(made):
            self._record("crossing", objective, [one], Sent(text, one.request.size))
        self.usage.keep(objective.id, self.policy())
        self.questions.asking.spend(used(judged), resume=False)
        report, value = await run(self.tools[step.tool], step, made, context, case.origins)
        self.questions.asking.over(used(judged))
        self.questions.went(judged, report)
        if any(one.staged for one in judged):
            keep_staged(changeset, self.marks, step.id, made, case.origins)
        if value is not None:
            self.vault.put(handle_of(objective.id, step.id), value)
            await self.releases.ready(value.data)
        due, report = case.due, replace(report, verdicts=counted(judged))
        endorsed = endorsed_by([leaf for asked in approved for leaf in asked.request.leaves])
        return replace(self._observe(objective, due, report, value), endorsed=endorsed)

    def _faults(self, objective: Objective) -> list[PlanError]:
        """Check the plan against the tools that are here: the planner is not trusted to have."""
        catalog = {name: tool.spec for name, tool in self.tools.items()}
        return check(objective.plan, catalog) if objective.plan else []

    def refuse(self, objective: Objective, due: Due, report: Report) -> Performed:
        """Release that the user refused a step."""
        return self._observe(objective, due, report, None)

    def _values(self, objective: Objective, step: Step) -> dict[str, Value]:
        """Return what a step refers to, of this objective alone; all, where origins count."""
        roots = {ref.root for ref in references(step)}
        if manifest_for(step.tool, self.policy()) is not None:
            roots |= set(objective.reports)
        held = {root: self.vault.get(handle_of(objective.id, root)) for root in roots}
        return {root: value for root, value in held.items() if value is not None}

    def _case(
        self, objective: Objective, due: Due, values: Mapping[str, Value], changeset: Changeset
    ) -> Case:
        spec = self.tools[due.step.tool].spec
        policy = self.policy()
        places = Places(policy, spec.name, changeset, self.marks)
        manifest = manifest_for(spec.name, policy)
        return case_of(objective, due, values, spec.effects, manifest, places)

    def _asks_ahead(
        self, objective: Objective, due: Due, context: Context, changeset: Changeset
    ) -> list[Judged]:
        """Return what the plan's later steps will ask, where that is known now: on one card."""
        steps = objective.plan.steps if objective.plan else ()
        asks: list[Judged] = []
        for step in steps:
            waits = {ref.root for ref in references(step)} - {step.id}
            if step.id in objective.reports or step.id == due.step.id or waits:
                continue
            later, at = Due(step, due.influence), replace(context, changeset=changeset.at(step.id))
            case = self._case(objective, later, self._values(objective, step), changeset)
            (call,) = calls(step, {})  # no element of anything: it waits for nothing
            yeses = self.questions.yeses(objective)
            with suppress(Unresolved):
                asks += _asking(self._judge_call(objective, case, call, at, yeses).judged)
        return asks

    def _judge_call(
        self, objective: Objective, case: Case, call: Call, context: Context, yeses: Yeses
    ) -> JudgedCall:
        step = case.due.step
        if wrong := next(mistyped(self.tools[step.tool].spec, call.arguments), ""):
            return JudgedCall(call, (), f"{step.tool} cannot be called so: {wrong}")
        try:
            touches = self.tools[step.tool].touches(call.arguments, context)
        except ToolError as error:
            return JudgedCall(call, (), said(error))
        judged = []
        content = digest(call.arguments)
        for touch in touches:
            request = self._request(
                objective, step.id, step.tool, touch.effect, touch.resource, call.label
            )
            known = bound(case.completed(request, call), touch.destination, call, objective)
            judged.append(self._judge(known, yeses, content=content, staged=touch.staged))
        return JudgedCall(call, tuple(judged))

    def _observe(
        self, objective: Objective, due: Due, report: Report, value: Value | None
    ) -> Performed:
        """Release what the planner may know of a finished step."""
        if objective.own:
            return unheard(objective, due.step.id, report)
        step, label = due.step, value.label if value is not None else NEUTRAL
        request = replace(
            self._request(objective, step.id, step.tool, Effect.EGRESS, label=label),
            influence=due.influence,
            destination=HOME,
            release=Release.FULL,
        )
        judged = self._judge(request)
        data = value.data if value is not None else None
        if value is not None and _form(judged) in _CONTENT:
            judged = self._judge_content(request, self.releases.tags(data))
        told = Told(str(HOME), objective.id, step.id, self.clock().utc[:10])
        open_end = _open_end(step, report)
        form, why = within(self.budget, told, _form(judged), data, open_end=open_end)
        fields = _fields(self.tools[step.tool].spec.returns if value is not None else "")
        content = self.releases.prepare(objective.id, data, form, fields) if value else None
        reason = " ".join(filter(None, (_without_content(report), why)))
        text = json.dumps([report.outcome, content, reason], ensure_ascii=False)
        # A rule's name is the user's own word: the planner is told that policy refused, not which.
        observed = Observed(objective.id, step.id, report.outcome, form, content, reason)
        self._record("crossing", objective, [judged], self._sent(text, observed))
        shown = form in {Release.FULL, Release.REDACTED} and content is not None
        return Performed(report, observed, shown and label.trust is Trust.UNTRUSTED)

    # --- the changeset ------------------------------------------------------------------------

    def settle(
        self, objective: Objective, changes: Sequence[Change]
    ) -> NeedsApproval | Broke | None:
        """Say which card the staged changes need; None when policy asks for none."""
        judged = [
            (change, one)
            for change in changes
            for one in self._judge_change(objective, change, Yeses())
        ]
        self.usage.give_back(objective.id)
        return self.questions.of_changes(objective, judged)

    def commit(
        self, objective: Objective, changeset: Changeset, approved: Sequence[Asked]
    ) -> Committed:
        """Make the staged changes that policy allows or the user approved; say what was not.

        A commit that a crash interrupted has been finished by the changeset when it was opened; it
        is told here as it came out.
        """
        finished = changeset.recover()
        yeses = Yeses(approved)
        judged = [
            one
            for change in changeset.changes()
            for one in self._judge_change(objective, change, yeses)
        ]
        self._record("change", objective, judged)
        self.questions.asking.spend(used(judged), resume=True)
        refused = [one for one in judged if not isinstance(one.outcome, Permit)]
        reasons = {one.request.resource: one.verdict.reason for one in refused}
        outcome = changeset.commit(permits(judged))
        self.questions.asking.over(approved)
        done = changeset.committed()
        stamp(changeset, self.marks, done)
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

    def _judge_change(self, objective: Objective, change: Change, yeses: Yeses) -> list[Judged]:
        content = content_of(change)
        tools = {step.id: step.tool for step in (objective.plan.steps if objective.plan else ())}
        tool = tools.get(StepId(change.step), "files.write")
        judged = []
        for touch in change.touches:
            request = self._request(objective, change.step, tool, touch.effect, touch.resource)
            judged.append(self._judge(request, yeses, content=content, staged=True, resume=True))
            self.usage.reserve(judged[-1].verdict.counts, objective.id)
        return judged

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
        moment = self.clock()
        named = resource == objective.folder or resource.startswith(f"{objective.folder}/")
        return Request(
            objective=objective.id,
            step=StepId(step),
            tool=tool,
            effect=effect,
            resource=resource,
            label=label.join(place),
            named=named,
            used=self.usage.used(self.policy(), objective.id),
            time=moment.time,
            day=moment.day,
        )

    def _judge(
        self,
        request: Request,
        yeses: Yeses | None = None,
        *,
        content: str = "",
        staged: bool = False,
        resume: bool = False,
    ) -> Judged:
        """Have the gate decide; a yes counts for exactly this request and content, once.

        Args:
            request: What would happen.
            yeses: What the user approved.
            content: The digest of what would be written, moved or sent.
            staged: A file change that waits for the commit; it counts for limits then.
            resume: A commit that had begun with its yes may go on.
        """
        asked = yeses.take(request, content) if yeses else None
        approval = None
        if asked is not None:
            approval = Approval(
                self.questions.asking.yes(asked, content, resume=resume), self.questions.asking.key
            )
        outcome = admit(request, self.policy(), approval)
        rests = isinstance(outcome, Permit) and outcome.verdict.decision is Decision.ASK
        judged = Judged(request, staged, outcome, content, asked if rests else None)
        if not staged:
            self.usage.reserve(judged.verdict.counts, request.objective)
        return judged

    def _judge_content(self, request: Request, tags: frozenset[str]) -> Judged:
        """Judge content with what detectors found in it; redacted, that is no longer in it."""
        raised = self._judge(replace(request, label=request.label.join(Label(tags))))
        if not tags or _form(raised) in _CONTENT:
            return raised
        redacted = self._judge(replace(request, release=Release.REDACTED))
        return redacted if _form(redacted) is Release.REDACTED else raised

    def _record(
        self, kind: str, objective: Objective, judged: Sequence[Judged], sent: Sent = _NOTHING
    ) -> None:
        """Write verdicts to the ledger, and what crosses or changes to the limits, beforehand."""
        if kind != "verdict":
            self.usage.keep(objective.id, self.policy())
        self.ledger.append(receipts(kind, objective, judged, self.clock().utc, sent))

    def _sent(self, text: str, up: Up) -> Sent:
        return sent_as(text, up, self.ledger.salt)


def _asking(judged: Sequence[Judged]) -> list[Judged]:
    return [one for one in judged if not one.open and one.verdict.decision is Decision.ASK]


def _form(judged: Judged) -> Release:
    """Return the form in which it may cross now."""
    return judged.verdict.release if isinstance(judged.outcome, Permit) else Release.NOTHING


def _open_end(step: Step, report: Report) -> bool:
    """Tell whether how a step ended tells something of what it looked at."""
    conditional = step.when is not None or step.expect is not None
    return conditional or report.outcome is not Outcome.OK


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
    return handle_of(objective, ANSWER)
