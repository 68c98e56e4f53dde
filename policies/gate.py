"""The gate: the one place where a request becomes a permit or a refusal.

Pure and total: no clock, no I/O, no cache; the same question always gets the same answer. Only
`daemon.door` calls it. Whoever wants to explain a verdict calls `judging.judge`, which cannot mint.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from doorward.policies.judging import judge
from doorward.policies.permit import _GATE_KEY, Permit
from doorward.policies.requests import Request, Verdict
from doorward.policies.rules import Policy
from doorward.policies.vocabulary import Decision


@dataclass(frozen=True, slots=True)
class Approval:
    """The user's yes to one exact request, consumed by the door before it comes here."""

    request: Request
    policy: str
    """The snapshot under which the card was shown."""


def admit(
    request: Request, policy: Policy | None, approval: Approval | None = None
) -> Permit | Verdict:
    """Decide one request.

    Args:
        request: What would happen.
        policy: The snapshot in force; None is a closed door.
        approval: The user's yes, if this very request was on a card.

    Returns:
        A permit when policy allows it, or asks and the user has said yes to exactly this request
        under this policy; else the verdict, which says what would change it.
    """
    verdict = judge(request, policy)
    if verdict.decision is Decision.ALLOW:
        return Permit(request, verdict, _GATE_KEY)
    if verdict.decision is Decision.ASK and approval is not None:
        asked = replace(  # a card may be answered later
            approval.request, time=request.time, day=request.day, used=request.used
        )
        if asked == request and approval.policy == verdict.policy:
            return Permit(request, verdict, _GATE_KEY)
    return verdict
