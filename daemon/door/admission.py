"""Admission: makes requests, has the gate judge them, and writes the verdicts down first.

The one caller of the gate, and so the one place where a permit comes from. It performs nothing and
decides nothing (policy does). The parts of the door call it: steps, changes, and what goes up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from doorward.cloud_bridge.messages import Up
from doorward.daemon.door.asking import Yeses
from doorward.daemon.door.questions import Questions
from doorward.daemon.door.usage import Usage
from doorward.daemon.door.verdicts import (
    Judged,
    receipts,
)
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.receipts.crossing import sent_as
from doorward.daemon.receipts.entries import Sent
from doorward.daemon.receipts.ledger import Ledger
from doorward.policies.gate import Approval, admit
from doorward.policies.labels import NEUTRAL, Label
from doorward.policies.permit import Permit
from doorward.policies.requests import Request
from doorward.policies.rules import Policy, label_of
from doorward.policies.vocabulary import (
    Decision,
    Effect,
    Release,
    StepId,
)

CONTENT = frozenset({Release.FULL, Release.REDACTED})
"""The forms in which content crosses."""
NOTHING = Sent()


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
class Admission:
    """Requests, verdicts and their receipts."""

    policy: Callable[[], Policy | None]
    """Gives the snapshot in force at each call; None is a closed door."""
    ledger: Ledger
    clock: Callable[[], Moment]
    usage: Usage
    questions: Questions
    """Makes cards and keeps which yes was used."""

    def request(  # the fields of a request
        self,
        objective: Objective,
        step: str,
        tool: str,
        effect: Effect,
        resource: str = "",
        label: Label = NEUTRAL,
    ) -> Request:
        """Return the request of one touch, with what is known of its place and of now."""
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

    def judge(
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

    def judge_content(self, request: Request, tags: frozenset[str]) -> Judged:
        """Judge content with what detectors found in it; redacted, that is no longer in it."""
        raised = self.judge(replace(request, label=request.label.join(Label(tags))))
        if not tags or form_of(raised) in CONTENT:
            return raised
        redacted = self.judge(replace(request, release=Release.REDACTED))
        return redacted if form_of(redacted) is Release.REDACTED else raised

    def record(
        self, kind: str, objective: Objective, judged: Sequence[Judged], sent: Sent = NOTHING
    ) -> None:
        """Write verdicts to the ledger, and what crosses or changes to the limits, beforehand."""
        if kind != "verdict":
            self.usage.keep(objective.id, self.policy())
        self.ledger.append(receipts(kind, objective, judged, self.clock().utc, sent))

    def sent(self, text: str, up: Up) -> Sent:
        """Return what a crossing's receipt says of a message."""
        return sent_as(text, up, self.ledger.salt)


def form_of(judged: Judged) -> Release:
    """Return the form in which it may cross now."""
    return judged.verdict.release if isinstance(judged.outcome, Permit) else Release.NOTHING
