"""Upward: what may go to the orchestrator, each thing in the form that policy allows.

The objective's words, the faces of tools, what a step came to, that it is over. It performs no
step and changes no file. The door calls it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from doorward.cloud_bridge.messages import Observed, Opened, Outcome, StopAsked
from doorward.daemon import catalogue
from doorward.daemon.door.admission import CONTENT, NOTHING, Admission, form_of
from doorward.daemon.door.budget import Budget, Told, within
from doorward.daemon.door.releases import Releases
from doorward.daemon.door.verdicts import plain
from doorward.daemon.objectives.events import Performed, TextRefused, TextReleased
from doorward.daemon.objectives.objective import Due, Objective, Report
from doorward.daemon.objectives.own import unheard
from doorward.daemon.receipts.entries import Sent
from doorward.daemon.values.vault import Value
from doorward.policies.labels import NEUTRAL, USER
from doorward.policies.plan import Step, ToolSpec
from doorward.policies.requests import Request
from doorward.policies.rules import label_of
from doorward.policies.vocabulary import (
    HOME,
    Effect,
    Release,
)
from doorward.tools.base import Tool


@dataclass(frozen=True, slots=True)
class Upward:
    """Releases to the orchestrator, each through the gate and with its receipt."""

    admission: Admission
    tools: Mapping[str, Tool]
    releases: Releases
    budget: Budget
    """What planners were told besides content."""

    async def ready(self, objective: Objective) -> None:
        """Load what releasing the objective's text will take; whom it names only if redacted."""
        form = form_of(self.admission.judge(self._asked(objective), staged=True))
        await self.releases.ready(objective.text, people=form is Release.REDACTED)

    def words(self, objective: Objective) -> TextReleased | TextRefused:
        """Let the objective's text go to the orchestrator, in the form that policy allows."""
        request = self._asked(objective)
        judged = self.admission.judge_content(request, self.releases.word_tags(objective.text))
        verdict = judged.verdict
        if form_of(judged) not in CONTENT:
            self.admission.record("verdict", objective, [judged])
            reason = f"Your words may not go to {HOME}: {verdict.reason} {verdict.change}"
            return TextRefused(reason)
        text = self.releases.words(objective.id, objective.text, verdict.release)
        specs = catalogue.told(self.tools.values(), partial(self._face, objective))
        opened = Opened(objective.id, text, objective.today, specs)
        self.admission.record("crossing", objective, [judged], self.admission.sent(text, opened))
        return TextReleased(opened)

    def _asked(self, objective: Objective) -> Request:
        return replace(
            self.admission.request(objective, "", "objective.ask", Effect.EGRESS, label=USER),
            destination=HOME,
            release=Release.FULL,
            size=len(objective.text.encode("utf-8", "surrogatepass")),
        )

    def _face(self, objective: Objective, spec: ToolSpec) -> Release:
        """Say in which form the face of a connector's tool may go to the orchestrator."""
        label = label_of(spec.name, self.admission.policy(), tool=spec.name)
        request = self.admission.request(objective, "", spec.name, Effect.EGRESS, label=label)
        judged = self.admission.judge(replace(request, destination=HOME, release=Release.FULL))
        form = form_of(judged)
        shown = catalogue.face(spec, form)
        sent = Sent(repr(shown), len(repr(shown))) if shown else NOTHING
        self.admission.record("crossing" if shown else "verdict", objective, [judged], sent)
        return form

    def stop(self, objective: Objective) -> None:
        """Write down that the orchestrator is told to stop: an id crosses, nothing else."""
        at = self.admission.clock().utc
        entry = plain("crossing", objective, "objective.stop", Effect.EGRESS, at)
        sent = self.admission.sent(objective.id, StopAsked(objective.id))
        entry = replace(entry, destination=str(HOME), size=sent.size, sent=sent.digest)
        details = {
            "resources": [],
            "reason": "It has ended here.",
            "change": "",
            "sent": sent.text,
        }
        self.admission.ledger.append([(entry, details)])

    def observe(
        self, objective: Objective, due: Due, report: Report, value: Value | None
    ) -> Performed:
        """Release what the planner may know of a finished step."""
        if objective.own:
            return unheard(objective, due.step.id, report)
        step, request = due.step, self._request(objective, due, value)
        judged = self.admission.judge(request)
        data = value.data if value is not None else None
        if value is not None and form_of(judged) in CONTENT:
            judged = self.admission.judge_content(request, self.releases.tags(data))
        told = Told(str(HOME), objective.id, step.id, self.admission.clock().utc[:10])
        open_end = _open_end(step, report)
        form, why = within(self.budget, told, form_of(judged), data, open_end=open_end)
        fields = _fields(self.tools[step.tool].spec.returns if value is not None else "")
        content = self.releases.prepare(objective.id, data, form, fields) if value else None
        reason = " ".join(filter(None, (_without_content(report), why)))
        text = json.dumps([report.outcome, content, reason], ensure_ascii=False)
        # A rule's name is the user's own word: the planner is told that policy refused, not which.
        observed = Observed(objective.id, step.id, report.outcome, form, content, reason)
        self.admission.record("crossing", objective, [judged], self.admission.sent(text, observed))
        shown = request.label if form in CONTENT and content is not None else NEUTRAL
        return Performed(report, observed, shown)

    def would_show(self, objective: Objective, due: Due, value: Value) -> Release:
        """Say in which form a value would cross: only for content are detectors got ready."""
        # As if it were staged: a look uses up no limit.
        judged = self.admission.judge(self._request(objective, due, value), staged=True)
        return Release.NOTHING if objective.own else form_of(judged)

    def _request(self, objective: Objective, due: Due, value: Value | None) -> Request:
        step, label = due.step, value.label if value is not None else NEUTRAL
        return replace(
            self.admission.request(objective, step.id, step.tool, Effect.EGRESS, label=label),
            influence=due.influence,
            destination=HOME,
            release=Release.FULL,
        )


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
