"""Our judging against another engine's, and the export on which that rests."""

from __future__ import annotations

from dataclasses import replace

from doorward.policies import patterns
from doorward.policies.cedar import contexts, exported
from doorward.policies.rules import Policy, Rule
from doorward.policies.vocabulary import Decision, Effect, Release

from scripts.bench.drawn import by_cedar, differences, drawing, policy, request


def test_cedar_makes_the_same_of_random_requests() -> None:
    total, found = differences(seed=7, policies=25, each=40)
    assert total == 1_000
    assert found == []


def test_a_difference_would_be_seen() -> None:
    draw = drawing(3)
    one = replace(request(draw), effect=Effect.READ, resource="/h/a")
    allow = Policy(home="/h", rules=(Rule(id="a", decision=Decision.ALLOW),))
    assert by_cedar([one], allow)[0][0] is Decision.ALLOW
    assert by_cedar([one], policy(drawing(1)))
    deny = replace(allow, rules=(*allow.rules, Rule(id="d", decision=Decision.DENY)))
    assert by_cedar([one], deny)[0][0] is Decision.DENY
    assert by_cedar([one], Policy(home="/h"))[0][0] is Decision.ASK


def test_patterns_that_cedar_can_say_are_not_worked_out_for_it() -> None:
    plain = ["~/a/**", "/srv/x", "**/.env", "**/.ssh/**", "**/*.pem"]
    for glob in [*plain, "~/*", "**/a?b", "~/*/notes/**", "**/*.d/**"]:
        rule = Rule(id="r", decision=Decision.DENY, paths=patterns.paths([glob], "/h"))
        text = exported(Policy(home="/h", rules=(rule,))).allowed
        assert ("context.path_folded" in text) is (glob in plain), glob


def test_each_form_of_what_leaves_is_asked_for() -> None:
    one = replace(request(drawing(1)), effect=Effect.EGRESS, release=Release.FULL)
    assert [form for form, _ in contexts(one, Policy())] == ["full", "redacted", "shape"]
