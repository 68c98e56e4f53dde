"""What the planner says to the user, as it is kept: bounded, and marked as the planner's. Pure.

An orchestrator may be hostile, and its words a lure: they are never told as if they were
Doorward's. It makes nothing visible (`policies.shown` does, on the way to a screen). The loop calls
it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from doorward.cloud_bridge.messages import Outcome
from doorward.daemon.objectives.objective import Report
from doorward.policies.plan import MAX_SAID
from doorward.policies.vocabulary import StepId

_MARK = "the planner says: "
_NEAREST = 5
"""Examples that are shown."""


def refusal(reason: str, reports: Mapping[StepId, Report]) -> str:
    """Return why there is no way on: the planner's words, then the door's of each failed step."""
    stuck = {Outcome.REFUSED, Outcome.FAILED}
    own = [
        f"{step}: {report.reason}"
        for step, report in reports.items()
        if report.outcome in stuck and report.reason
    ]
    return " ".join([f"{_MARK}{reason[:MAX_SAID]}", *own])


def examples(nearest: Sequence[str]) -> tuple[str, ...]:
    """Return the objectives to type that are worth showing."""
    return tuple(one for one in nearest[:_NEAREST] if len(one) <= MAX_SAID)
