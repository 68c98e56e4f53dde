"""The gate mints for what is allowed, and for a yes to the very same question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doorward.policies import document
from doorward.policies.approvals import VOID, Terms, Yes, mint
from doorward.policies.gate import Approval, admit
from doorward.policies.permit import Permit
from doorward.policies.requests import Request, Verdict
from doorward.policies.rules import Policy
from doorward.policies.vocabulary import Decision, Effect, ObjectiveId, StepId

READ = Request(ObjectiveId("o"), StepId("s"), "files.read", Effect.READ, "/home/x/a.txt")


@pytest.fixture(name="policy")
def _policy() -> Policy:
    return document.parse(
        'version = 1\n[[rule]]\nid = "a"\nverdict = "allow"\neffect = "read"\nnamed = true\n',
        home="/home/x",
    )


def test_what_is_allowed_gets_a_permit(policy: Policy) -> None:
    permit = admit(replace(READ, named=True), policy)
    assert isinstance(permit, Permit)
    assert permit.request.named
    assert permit.verdict.rule == "a"
    assert repr(permit) == "Permit(read '/home/x/a.txt' by a)"


KEY = b"k" * 32


def approval(request: Request, policy: str, **changed: object) -> Approval:
    terms = Terms(request, "c", policy, 100.0, "card/0")
    held = Yes(terms, mint(KEY, terms), content="c", at=99.0, spent=False)
    return Approval(replace(held, **changed), KEY)  # type: ignore[arg-type]  # a test says which


def test_what_asks_gets_a_verdict_until_the_user_says_yes(policy: Policy) -> None:
    verdict = admit(READ, policy)
    assert isinstance(verdict, Verdict)
    assert verdict.decision is Decision.ASK
    assert isinstance(admit(READ, policy, approval(READ, policy.id)), Permit)


@pytest.mark.parametrize(
    ("void", "said"),
    [
        (approval(replace(READ, resource="/home/x/b.txt"), "POLICY"), "not the call"),
        (approval(READ, "older"), "the policy was changed"),
        (approval(READ, "POLICY", content="other"), "its content was changed"),
        (approval(READ, "POLICY", at=100.0), "had expired"),
        (approval(READ, "POLICY", spent=True), "was used already"),
        (approval(READ, "POLICY", token="0" * 64), "does not belong to this card"),
    ],
)
def test_a_yes_that_does_not_hold_any_more_makes_a_denial_in_words(
    policy: Policy, void: Approval, said: str
) -> None:
    verdict = admit(READ, replace(policy, id="POLICY"), void)
    assert isinstance(verdict, Verdict)
    assert (verdict.decision, verdict.rule) == (Decision.DENY, VOID)
    assert said in verdict.reason


def test_a_yes_is_good_at_any_time_of_day_and_however_far_a_limit_is_used_up(
    policy: Policy,
) -> None:
    now = replace(READ, time="23:59", used=(("a", 3),))
    assert isinstance(admit(now, policy, approval(READ, policy.id)), Permit)


def test_a_yes_lifts_no_denial(policy: Policy) -> None:
    run = replace(READ, effect=Effect.RUN)
    assert isinstance(admit(run, policy, approval(run, policy.id)), Verdict)


def test_without_a_policy_nothing_gets_a_permit_unasked() -> None:
    for effect in Effect:
        assert isinstance(admit(replace(READ, effect=effect), None), Verdict)


def test_nobody_but_the_gate_mints(policy: Policy) -> None:
    verdict = admit(READ, policy)
    assert isinstance(verdict, Verdict)
    with pytest.raises(PermissionError):
        Permit(READ, verdict, object())


def test_a_permit_cannot_be_changed(policy: Policy) -> None:
    permit = admit(replace(READ, named=True), policy)
    with pytest.raises(AttributeError, match="cannot be changed"):
        setattr(permit, "request", READ)  # noqa: B010 - the type checker refuses it, too
