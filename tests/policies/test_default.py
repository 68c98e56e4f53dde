"""The shipped policy: private, one screen, and it means what it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from doorward.policies import document
from doorward.policies.judging import judge
from doorward.policies.labels import NEUTRAL, UNKNOWN, USER, Label
from doorward.policies.requests import Leaf, Request
from doorward.policies.rules import Policy, label_of
from doorward.policies.vocabulary import (
    HOME,
    LOCAL_MODEL,
    Decision,
    Destination,
    Effect,
    ObjectiveId,
    Origin,
    Release,
    Role,
    StepId,
)

TEXT = (Path(__file__).parents[2] / "policies" / "default.toml").read_text(encoding="utf-8")
ALLOW, ASK, DENY = Decision.ALLOW, Decision.ASK, Decision.DENY
READ = Request(ObjectiveId("o"), StepId("s"), "files.read", Effect.READ, "/home/x/in/a.pdf")


@pytest.fixture(name="policy")
def _policy() -> Policy:
    return document.parse(TEXT, home="/home/x")


def test_it_fits_on_one_screen() -> None:
    assert len(TEXT.splitlines()) <= 66
    assert max(map(len, TEXT.splitlines())) <= 120


def test_each_rule_says_in_plain_words_what_it_is_for(policy: Policy) -> None:
    heads = [line for line in TEXT.splitlines() if line.startswith("[[rule]]")]
    said = [line.partition("#")[2].split() for line in heads]
    assert len(heads) == len(policy.rules)
    for words, rule in zip(said, policy.rules, strict=True):
        assert len(words) >= 4 or rule.why, rule.id


def test_each_default_says_what_it_is_about() -> None:
    table = TEXT.partition("\n[defaults]")[2].partition("\n[[rule]]")[0]
    lines = [line for line in table.splitlines() if " = " in line]
    assert len(lines) >= len(Effect)
    assert all("#" in line for line in lines)


def test_the_readme_says_how_to_see_it() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert "policies/default.toml" in readme


@pytest.mark.parametrize(
    ("effect", "named", "want"),
    [
        (Effect.READ, True, ALLOW),
        (Effect.READ, False, ASK),
        (Effect.WRITE, True, ASK),
        (Effect.WRITE, False, ASK),
        (Effect.DESTROY, True, ASK),
        (Effect.DESTROY, False, ASK),
        (Effect.SPEND, True, DENY),
        (Effect.RUN, True, DENY),
    ],
)
def test_what_is_named_is_read_and_the_rest_asks_or_is_denied(
    policy: Policy, effect: Effect, named: bool, want: Decision
) -> None:
    verdict = judge(replace(READ, effect=effect, named=named), policy)
    assert verdict.decision is want
    assert ("local_only" in verdict.obligations) is (want is ALLOW)


@pytest.mark.parametrize("name", [".env", ".ENV", "server.PEM", ".aws/credentials", "secrets.yaml"])
def test_secrets_are_not_read_even_when_named(policy: Policy, name: str) -> None:
    verdict = judge(replace(READ, resource=f"/home/x/in/{name}", named=True), policy)
    assert (verdict.decision, verdict.rule) == (DENY, "floor.secrets")


def test_a_talk_is_not_a_key(policy: Policy) -> None:
    talk = replace(READ, resource="/home/x/in/talk.key", named=True)
    assert judge(talk, policy).decision is ALLOW


@pytest.mark.parametrize("form", [Release.FULL, Release.REDACTED, Release.SHAPE])
def test_the_planner_at_home_sees_shapes_and_the_users_words(policy: Policy, form: Release) -> None:
    out = replace(READ, resource="", effect=Effect.EGRESS, destination=HOME, release=form)
    of_file = label_of(READ.resource, policy)
    for label in (of_file, UNKNOWN, NEUTRAL, USER.join(of_file)):
        verdict = judge(replace(out, label=label), policy)
        assert (verdict.decision, verdict.release) == (ALLOW, Release.SHAPE)
    verdict = judge(replace(out, label=USER), policy)
    assert (verdict.decision, verdict.release) == (ALLOW, form)


@pytest.mark.parametrize("to", ["orchestrator:cloud", "model:big", "device"])
def test_nothing_goes_anywhere_else(policy: Policy, to: str) -> None:
    out = replace(READ, effect=Effect.EGRESS, destination=Destination.parse(to))
    for form in Release:
        assert judge(replace(out, label=USER, release=form), policy).decision is DENY


@pytest.mark.parametrize(
    ("label", "origin", "want"),
    [
        (USER, Origin.USER, ALLOW),
        (USER, Origin.KNOWN, DENY),
        (USER, Origin.UNTRUSTED, DENY),
        (USER.join(Label(sources=frozenset({"file:/home/x/a"}))), Origin.USER, DENY),
        (USER.join(Label(frozenset({"secret"}))), Origin.USER, DENY),
    ],
)
def test_a_web_page_is_fetched_when_its_whole_address_was_typed_and_nothing_else_went_in(
    policy: Policy, label: Label, origin: Origin, want: Decision
) -> None:
    call = replace(
        READ,
        tool="web.get",
        effect=Effect.EGRESS,
        resource="https://a.example/x",
        destination=Destination.parse("web:a.example"),
        release=Release.FULL,
        label=label,
        leaves=(Leaf("url", Role.TARGET, "https://a.example/x", origin),),
    )
    assert judge(call, policy).decision is want


@pytest.mark.parametrize("to", ["connector:git", "web:a.example", "orchestrator:home"])
def test_a_secret_leaves_in_no_form_and_no_yes_changes_that(policy: Policy, to: str) -> None:
    call = replace(CALL, label=Label(frozenset({"secret"})), destination=Destination.parse(to))
    for form in (Release.FULL, Release.REDACTED, Release.SHAPE):
        verdict = judge(replace(call, release=form), policy)
        assert (verdict.decision, verdict.rule) == (DENY, "no-secrets-out")
    assert next(rule for rule in policy.rules if rule.id == "no-secrets-out").locked


CALL = replace(
    READ,
    tool="mcp.git.git_log",
    effect=Effect.EGRESS,
    resource="",
    destination=Destination.parse("connector:git"),
    release=Release.FULL,
    label=USER,
    asked=True,
    leaves=(
        Leaf("repo_path", Role.TARGET, "~/app", Origin.USER, USER),
        Leaf("revision", Role.OBJECT, "a1b2c3d4", Origin.ASSIGNED, Label(frozenset({"work"}))),
        Leaf("max_count", Role.OPTION, "10", Origin.NOVEL),
    ),
)


def leaves(*more: Leaf) -> Request:
    return replace(CALL, leaves=(*CALL.leaves, *more))


def test_a_connector_looks_up_what_the_users_words_call_for(policy: Policy) -> None:
    verdict = judge(CALL, policy)
    assert (verdict.decision, verdict.release) == (ALLOW, Release.FULL)


@pytest.mark.parametrize(
    "call",
    [
        replace(CALL, asked=False),
        leaves(Leaf("branch", Role.TARGET, "main", Origin.NOVEL)),
        leaves(Leaf("note", Role.CONTENT, "a note", Origin.UNTRUSTED)),
        leaves(Leaf("note", Role.LINK, "https://a.example", Origin.UNTRUSTED)),
        leaves(Leaf("note", Role.CONTENT, "my file", Origin.KNOWN, Label(frozenset({"personal"})))),
        replace(CALL, destination=Destination.parse("person:eve@else.example")),
    ],
)
def test_any_other_call_of_a_connector_asks(policy: Policy, call: Request) -> None:
    assert judge(call, policy).decision is ASK


@pytest.mark.parametrize("effect", [Effect.WRITE, Effect.DESTROY])
def test_what_a_connectors_tool_does_besides_looking_asks(policy: Policy, effect: Effect) -> None:
    assert judge(replace(CALL, effect=effect), policy).decision is ASK


def test_what_was_read_for_this_device_alone_goes_to_no_connector(policy: Policy) -> None:
    private = Label(frozenset({"local_only"}), sources=frozenset({"file:/home/x/a"}))
    call = leaves(Leaf("note", Role.CONTENT, "x", Origin.USER, private))
    assert judge(call, policy).release is not Release.FULL


def test_secrets_do_not_even_leave_as_shapes(policy: Policy) -> None:
    label = label_of("/home/x/in/.env", policy)
    out = replace(READ, resource="", effect=Effect.EGRESS, destination=HOME, label=label)
    assert judge(replace(out, release=Release.SHAPE), policy).decision is DENY


def test_a_program_of_yours_may_ask_the_local_model_but_no_other(policy: Policy) -> None:
    label = label_of("model:local", policy, tool="model.write")
    asked = replace(
        READ, effect=Effect.EGRESS, resource="model:local", label=label, release=Release.FULL
    )
    assert judge(replace(asked, destination=LOCAL_MODEL), policy).rule == "ask-the-local-model"
    other = judge(replace(asked, destination=Destination("model", "big")), policy)
    assert other.decision is DENY
    secret = replace(asked, destination=LOCAL_MODEL, label=label.join(Label(frozenset({"secret"}))))
    assert judge(secret, policy).rule == "no-secrets-out"
