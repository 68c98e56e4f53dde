"""The gate mints for what is allowed, and for a yes to the very same question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doorward.policies import document
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


def test_what_asks_gets_a_verdict_until_the_user_says_yes(policy: Policy) -> None:
    verdict = admit(READ, policy)
    assert isinstance(verdict, Verdict)
    assert verdict.decision is Decision.ASK
    assert isinstance(admit(READ, policy, Approval(READ, policy.id)), Permit)


def test_a_yes_to_another_request_or_under_another_policy_does_not_count(policy: Policy) -> None:
    other = Approval(replace(READ, resource="/home/x/b.txt"), policy.id)
    assert isinstance(admit(READ, policy, other), Verdict)
    assert isinstance(admit(READ, policy, Approval(READ, "older")), Verdict)


def test_a_yes_lifts_no_denial(policy: Policy) -> None:
    run = replace(READ, effect=Effect.RUN)
    assert isinstance(admit(run, policy, Approval(run, policy.id)), Verdict)


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
