"""The door: the one place where an effect happens.

For a step it asks the tool what each call would touch, has every request judged with the labels of
what goes in (`admission`), and only when the verdicts are in the ledger lets the tool run with its
permits. What the planner may see of it goes through `upward`, file changes through `commits`. It
does not decide (policy does), does not plan and keeps no state of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from doorward.cloud_bridge.messages import Outcome
from doorward.daemon.door.admission import CONTENT, Admission
from doorward.daemon.door.asking import Yeses
from doorward.daemon.door.bound import bound, departing
from doorward.daemon.door.case import Case, case_of
from doorward.daemon.door.commits import Commits
from doorward.daemon.door.places import Places, keep_staged
from doorward.daemon.door.raised import raised
from doorward.daemon.door.steps import JudgedCall, run, said
from doorward.daemon.door.upward import Upward
from doorward.daemon.door.verdicts import (
    Judged,
    counted,
    used,
)
from doorward.daemon.manifests import manifest_for
from doorward.daemon.objectives.events import Broke, NeedsApproval, Performed
from doorward.daemon.objectives.objective import Asked, Due, Objective, Report
from doorward.daemon.receipts.entries import Sent
from doorward.daemon.values.resolve import Call, Unresolved, calls, holds
from doorward.daemon.values.vault import Value, Vault, handle_of
from doorward.policies.approvals import VOID, digest
from doorward.policies.labels import NEUTRAL, Label
from doorward.policies.plan import ANSWER, PlanError, Step, check, mistyped, references
from doorward.policies.vocabulary import (
    DEVICE,
    Decision,
    Effect,
    Handle,
    ObjectiveId,
    Release,
)
from doorward.tools.base import Context, Tool, ToolError, Touch
from doorward.tools.changes.changeset import Changeset

Progress = Callable[[int, int, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Door:
    """Performs steps, each call through the gate."""

    admission: Admission
    tools: Mapping[str, Tool]
    vault: Vault
    upward: Upward
    commits: Commits

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
        self.admission.usage.give_back(objective.id)
        if faults := self._faults(objective):
            report = Report(Outcome.FAILED, f"the plan cannot run here: {faults[0].what}")
            return self.upward.observe(objective, due, report, None)
        folder, words = Path(objective.folder), objective.text
        context = Context(folder, changeset.at(step.id), words, objective.today, progress)
        try:
            values = self._values(objective, step)
            if step.when is not None and not holds(step.when, values):
                return self.upward.observe(objective, due, Report(Outcome.SKIPPED), None)
            yeses = self.admission.questions.yeses(objective, approved)
            case = self._case(objective, due, values, changeset)
            made = [
                await self._judge_call(objective, case, call, context, yeses)
                for call in calls(step, values)
            ]
        except Unresolved as error:
            return self.upward.observe(objective, due, Report(Outcome.FAILED, str(error)), None)
        judged = [one for call in made for one in call.judged]
        self.admission.record("verdict", objective, judged)
        if asks := _asking(judged):
            ahead = await self._asks_ahead(objective, due, context, changeset)
            self.admission.usage.give_back(objective.id)
            return self.admission.questions.of_step(objective, [*asks, *ahead])
        if made and all(call.refused for call in made):
            verdict = made[0].judged[0].verdict
            reason = f"{verdict.reason} {verdict.change}"
            notes = (verdict.reason,) if verdict.rule == VOID else ()
            report = Report(Outcome.REFUSED, reason, verdict.rule, notes, counted(judged))
            return self.upward.observe(objective, due, report, None)
        for one, text in departing(made):
            self.admission.record("crossing", objective, [one], Sent(text, one.request.size))
        self.admission.usage.keep(objective.id, self.admission.policy())
        self.admission.questions.asking.spend(used(judged), resume=False)
        report, value = await run(self.tools[step.tool], step, made, context, case.origins)
        self.admission.questions.asking.over(used(judged))
        self.admission.questions.went(judged, report)
        if any(one.staged for one in judged):
            keep_staged(changeset, self.commits.marks, step.id, made, case.origins)
        if value is not None:
            value = await self._kept(objective, case.due, value)
        due, report = case.due, replace(report, verdicts=counted(judged))
        return self.upward.observe(objective, due, report, value)

    async def _kept(self, objective: Objective, due: Due, value: Value) -> Value:
        """Keep a result; with what detectors find in it, where a step of the plan sends."""
        releases, policy = self.upward.releases, self.admission.policy()
        steps = objective.plan.steps if objective.plan else ()
        sends = any(manifest_for(one.tool, policy) is not None for one in steps)
        form = self.upward.would_show(objective, due, value)
        if sends or form in CONTENT:
            # A name makes nothing more private that is personal already.
            news = any("personal" not in one.tags for one in (value.label, *value.fields.values()))
            await releases.ready(value.data, people=news or form is Release.REDACTED)
        if sends:
            value = await asyncio.to_thread(raised, value, releases.tags)
        self.vault.put(handle_of(objective.id, due.step.id), value)
        return value

    def _faults(self, objective: Objective) -> list[PlanError]:
        """Check the plan against the tools that are here: the planner is not trusted to have."""
        catalog = {name: tool.spec for name, tool in self.tools.items()}
        return check(objective.plan, catalog) if objective.plan else []

    def refuse(self, objective: Objective, due: Due, report: Report) -> Performed:
        """Release that the user refused a step."""
        return self.upward.observe(objective, due, report, None)

    def _values(self, objective: Objective, step: Step) -> dict[str, Value]:
        """Return what a step refers to, of this objective alone; all, where origins count."""
        roots = {ref.root for ref in references(step)}
        if manifest_for(step.tool, self.admission.policy()) is not None:
            roots |= set(objective.reports)
        held = {root: self.vault.get(handle_of(objective.id, root)) for root in roots}
        return {root: value for root, value in held.items() if value is not None}

    def _case(
        self, objective: Objective, due: Due, values: Mapping[str, Value], changeset: Changeset
    ) -> Case:
        spec = self.tools[due.step.tool].spec
        policy = self.admission.policy()
        places = Places(policy, spec.name, changeset, self.commits.marks)
        manifest = manifest_for(spec.name, policy)
        return case_of(objective, due, values, spec.effects, manifest, places)

    async def _asks_ahead(
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
            yeses = self.admission.questions.yeses(objective)
            with suppress(Unresolved):
                made = await self._judge_call(objective, case, call, at, yeses)
                asks += _asking(made.judged)
        return asks

    async def _judge_call(
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
        leaving = any(_leaves(touch) for touch in touches)
        found = await self._leaving(objective, call) if leaving else NEUTRAL
        for touch in touches:
            request = self.admission.request(
                objective, step.id, step.tool, touch.effect, touch.resource, call.label
            )
            known = bound(case.completed(request, call), touch.destination, call, objective)
            if _leaves(touch):
                known = replace(known, label=known.label.join(found))
            judged.append(self.admission.judge(known, yeses, content=content, staged=touch.staged))
        return JudgedCall(call, tuple(judged))

    async def _leaving(self, objective: Objective, call: Call) -> Label:
        """Return what detectors add to the label of arguments that would leave the device."""
        releases, news = self.upward.releases, "personal" not in call.label.tags
        await releases.ready(dict(call.arguments), people=news, typed=objective.text)
        return Label(releases.leaving(call.arguments, objective.text))


def _leaves(touch: Touch) -> bool:
    return touch.destination != DEVICE or touch.effect is Effect.EGRESS


def _asking(judged: Sequence[Judged]) -> list[Judged]:
    return [one for one in judged if not one.open and one.verdict.decision is Decision.ASK]


def answer_handle(objective: ObjectiveId) -> Handle:
    """Return the handle under which an objective's answer is kept."""
    return handle_of(objective, ANSWER)
