"""Where arguments come from, who asked, how often and when: each condition in both readings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doorward.policies.judging import judge
from doorward.policies.labels import UNKNOWN, USER, Label
from doorward.policies.limits import Day, Limit, Window, days_of
from doorward.policies.requests import Leaf, Request, Verdict
from doorward.policies.rules import STRICT, Policy, Rule
from doorward.policies.vocabulary import (
    Decision,
    Effect,
    ObjectiveId,
    Origin,
    Role,
    StepId,
    Trust,
)

ALLOW, ASK, DENY = Decision.ALLOW, Decision.ASK, Decision.DENY
WRITE = Request(
    ObjectiveId("o"), StepId("s"), "calendar.add", Effect.WRITE, "calendar:home", label=USER
)
ORDER = ("public", "work", "personal", "secret")
OPEN = {**STRICT, Effect.WRITE: ALLOW}


def leaf(role: Role, origin: Origin, label: Label = USER) -> Leaf:
    return Leaf(str(role), role, "x", origin, label)


def verdict(request: Request, *rules: Rule, **more: object) -> Verdict:
    return judge(request, Policy(order=ORDER, rules=rules, **more))  # type: ignore[arg-type]  # of tests


def decided(request: Request, *rules: Rule, **more: object) -> Decision:
    return verdict(request, *rules, **more).decision


def rule(decision: Decision, **more: object) -> Rule:
    return Rule(id="r", decision=decision, **more)  # type: ignore[arg-type]  # of tests


@pytest.mark.parametrize("role", [Role.TARGET, Role.OBJECT, Role.CONTENT, Role.LINK])
@pytest.mark.parametrize("least", Origin)
def test_a_grant_wants_every_leaf_of_the_role_to_be_that_good(role: Role, least: Origin) -> None:
    grant = rule(ALLOW, origins={role: least})
    assert decided(WRITE, grant) is ALLOW  # there is no such leaf
    for origin in Origin:
        mixed = replace(WRITE, leaves=(leaf(role, Origin.USER), leaf(role, origin)))
        assert decided(mixed, grant) is (ALLOW if origin.rank <= least.rank else ASK)
    other = Role.OPTION
    assert decided(replace(WRITE, leaves=(leaf(other, Origin.NOVEL),)), grant) is ALLOW


@pytest.mark.parametrize("held", [ASK, DENY])
@pytest.mark.parametrize("bad", Origin)
def test_a_hold_back_applies_as_soon_as_one_leaf_is_that_bad(held: Decision, bad: Origin) -> None:
    back, free = rule(held, origins={Role.LINK: bad}), Rule(id="free", decision=ALLOW)
    assert decided(WRITE, back, free) is ALLOW
    for origin in Origin:
        mixed = replace(WRITE, leaves=(leaf(Role.LINK, Origin.USER), leaf(Role.LINK, origin)))
        assert decided(mixed, back, free) is (held if origin.rank >= bad.rank else ALLOW)


def test_every_role_that_a_rule_names_counts() -> None:
    grant = rule(ALLOW, origins={Role.TARGET: Origin.KNOWN, Role.OBJECT: Origin.ASSIGNED})
    good = (leaf(Role.TARGET, Origin.KNOWN), leaf(Role.OBJECT, Origin.ASSIGNED))
    bad = (leaf(Role.TARGET, Origin.ASSIGNED), leaf(Role.OBJECT, Origin.ASSIGNED))
    assert decided(replace(WRITE, leaves=good), grant) is ALLOW
    assert decided(replace(WRITE, leaves=bad), grant) is ASK


@pytest.mark.parametrize("said", Origin)
@pytest.mark.parametrize("role", [Role.TARGET, Role.OBJECT, Role.CONTENT, Role.LINK])
def test_arguments_are_all_leaves_but_options(role: Role, said: Origin) -> None:
    option = leaf(Role.OPTION, Origin.NOVEL)
    assert decided(replace(WRITE, leaves=(option,)), rule(ALLOW, arguments=said)) is ALLOW
    assert decided(replace(WRITE, leaves=(option,)), rule(DENY, arguments=said)) is ASK
    for origin in Origin:
        one = replace(WRITE, leaves=(option, leaf(Role.OBJECT, Origin.USER), leaf(role, origin)))
        assert (decided(one, rule(ALLOW, arguments=said)) is ALLOW) is (origin.rank <= said.rank)
        assert (decided(one, rule(DENY, arguments=said)) is DENY) is (origin.rank >= said.rank)


@pytest.mark.parametrize("word", ["asked", "planned"])
def test_a_grant_may_want_that_the_user_asked_or_that_the_plan_has_it(word: str) -> None:
    yes, no = replace(WRITE, **{word: True}), replace(WRITE, **{word: False})  # type: ignore[arg-type]  # of tests
    assert (
        decided(yes, rule(ALLOW, **{word: True})),
        decided(no, rule(ALLOW, **{word: True})),
    ) == (
        ALLOW,
        ASK,
    )
    deny = rule(DENY, **{word: False})
    assert (decided(yes, deny), decided(no, deny)) == (ASK, DENY)
    ask = rule(ASK, **{word: False})
    assert (decided(yes, ask, defaults=OPEN), decided(no, ask, defaults=OPEN)) == (ASK, ASK)
    free = Rule(id="free", decision=ALLOW)
    assert (decided(yes, ask, free), decided(no, ask, free)) == (ALLOW, ASK)


@pytest.mark.parametrize("trust", Trust)
@pytest.mark.parametrize("said", Trust)
def test_trust_has_three_steps(trust: Trust, said: Trust) -> None:
    request = replace(WRITE, label=Label(trust=trust, sources=frozenset({"tool:x"})))
    assert (decided(request, rule(ALLOW, trust=said)) is ALLOW) is (trust.rank <= said.rank)
    assert (decided(request, rule(DENY, trust=said)) is DENY) is (trust.rank >= said.rank)


@pytest.mark.parametrize(
    "grant", [{"at_most": "work"}, {"tags": frozenset({"work"})}, {"trust": Trust.TRUSTED}]
)
def test_a_leaf_never_makes_a_request_freer_than_itself(grant: dict[str, object]) -> None:
    work = Label(frozenset({"work"}), Trust.TRUSTED, frozenset({"user"}))
    request = replace(WRITE, label=work)
    assert decided(request, rule(ALLOW, **grant)) is ALLOW
    private = leaf(Role.CONTENT, Origin.USER, UNKNOWN)
    assert decided(replace(request, leaves=(private,)), rule(ALLOW, **grant)) is ASK
    deny = rule(DENY, at_least="secret")
    assert decided(request, deny) is ASK
    assert decided(replace(request, leaves=(private,)), deny) is DENY


def test_a_leaf_of_known_source_does_not_describe_a_request_of_unknown_source() -> None:
    request = replace(WRITE, label=Label(), leaves=(leaf(Role.TARGET, Origin.USER),))
    assert decided(request, rule(ALLOW, at_most="secret")) is ASK


def test_a_rule_that_is_used_up_grants_no_more_and_says_so() -> None:
    grant = rule(ALLOW, limit=Limit(20, Window.DAY), line=7)
    assert verdict(WRITE, grant).counts == {"r"}
    assert decided(replace(WRITE, used=(("r", 19), ("other", 50))), grant) is ALLOW
    over = verdict(replace(WRITE, used=(("r", 20),)), grant)
    assert (over.decision, over.rule, over.counts) == (ASK, "defaults.write", frozenset())
    assert 'The rule "r" is used up: 20 a day.' in over.reason
    assert 'raise the limit of the rule "r" (line 7)' in over.change


def test_of_two_counts_of_one_rule_the_greater_holds() -> None:
    grant = rule(ALLOW, limit=Limit(5, Window.HOUR))
    for used in ((("r", 1), ("r", 5)), (("r", 5), ("r", 1))):
        assert decided(replace(WRITE, used=used), grant) is ASK


def test_what_is_held_back_counts_against_no_limit() -> None:
    grant = Rule(id="g", decision=ALLOW, limit=Limit(5, Window.OBJECTIVE))
    assert verdict(WRITE, grant, rule(ASK)).counts == frozenset()
    assert verdict(WRITE, grant, rule(DENY)).counts == frozenset()
    used = verdict(replace(WRITE, used=(("g", 5),)), grant, Rule(id="free", decision=ALLOW))
    assert (used.decision, used.counts) == (ALLOW, frozenset())
    assert "used up" not in used.reason


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20/day", "20 a day"),
        (" 1 / hour ", "1 an hour"),
        ("3/minute", "3 a minute"),
        ("5/objective", "5 an objective"),
        ("0/day", ""),
        ("-1/day", ""),
        ("20", ""),
        ("20/week", ""),
        ("٣/day", ""),
        ("9999999999/day", ""),
        ("/day", ""),
        ("", ""),
    ],
)
def test_a_limit_is_a_number_and_a_window(text: str, said: str) -> None:
    limit = Limit.parse(text)
    assert (str(limit) if limit else "") == said


def test_a_day_that_is_not_known_grants_nothing_and_holds_back() -> None:
    week = frozenset({Day.MON, Day.TUE})
    for day, allowed, denied in (("mon", ALLOW, DENY), ("sun", ASK, ASK), ("", ASK, DENY)):
        request = replace(WRITE, day=day)
        assert decided(request, rule(ALLOW, days=week)) is allowed
        assert decided(request, rule(DENY, days=week)) is denied


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", "mon"),
        ("mon-fri", "mon tue wed thu fri"),
        ("Sat - Mon", "sat sun mon"),
        ("all", None),
        ("mon-", None),
        ("-fri", None),
        ("", None),
    ],
)
def test_days_are_one_or_a_stretch_of_the_week(text: str, days: str | None) -> None:
    assert days_of(text) == (frozenset(map(Day, days.split())) if days else None)
