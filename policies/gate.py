"""The gate: the one place where a request becomes a permit or a refusal.

Pure and total: no clock, no I/O, no cache; the same question always gets the same answer. Only
`daemon.door.admission` calls it. Whoever wants to explain a verdict calls `judging.judge`, which
cannot mint.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from doorward.policies.approvals import VOID, Yes, fault
from doorward.policies.judging import judge
from doorward.policies.permit import _GATE_KEY, Permit
from doorward.policies.requests import Request, Verdict
from doorward.policies.rules import Policy
from doorward.policies.vocabulary import Decision


@dataclass(frozen=True, slots=True)
class Approval:
    """A yes that the user gave, with the key that tells whether it is a true one."""

    yes: Yes
    key: bytes = field(repr=False)


def admit(
    request: Request, policy: Policy | None, approval: Approval | None = None
) -> Permit | Verdict:
    """Decide one request.

    Args:
        request: What would happen.
        policy: The snapshot in force; None is a closed door.
        approval: The user's yes, if something like this request was on a card.

    Returns:
        A permit when policy allows it, or asks and the user's yes holds for exactly this request,
        content and policy; else the verdict, which says what would change it. A yes that does not
        hold makes a denial of what policy asks for: what was changed after the question is not
        asked about once more.
    """
    verdict = judge(request, policy)
    if verdict.decision is Decision.ALLOW:
        return Permit(request, verdict, _GATE_KEY)
    if verdict.decision is not Decision.ASK or approval is None:
        return verdict
    if why := fault(approval.key, approval.yes, request, verdict.policy):
        return _void(verdict, why)
    return Permit(request, verdict, _GATE_KEY)


def _void(verdict: Verdict, why: str) -> Verdict:
    return replace(
        verdict,
        decision=Decision.DENY,
        rule=VOID,
        line=0,
        reason=f"It was not done: {why}.",
        change="Ask for it again; you are then asked about what it is now.",
    )
