"""A policy's own examples."""

from __future__ import annotations

import pytest
from doorward.policies.document import PolicyErrors, parse
from doorward.policies.expect import Call, Example, run
from doorward.policies.labels import USER
from doorward.policies.vocabulary import Decision, Effect, Release, Trust

HOME = "/home/x"
POLICY = """version = 1
[defaults]
tags = "personal"
[labels]
order = ["work", "personal"]
[[place]]
path = "~/work/**"
tags = "work"
trust = "trusted"
[[rule]]
id = "work-out"
verdict = "allow"
effect = "egress"
to = "model:x"
at_most = "work"
trust = "trusted"
release = "redacted"
[[rule]]
id = "look"
verdict = "allow"
effect = "read"
path = "~/work/**"
hours = "08:00-18:00"
keep = "local_only"
"""


@pytest.mark.parametrize(
    "example",
    [
        'call = { effect = "read", path = "~/work/a" }\nwant = "allow"\nby = "look"',
        'call = { effect = "read", path = "~/work/a" }\nwant = "allow"\nkeep = ["local_only"]',
        'call = { effect = "read", path = "~/work/a", time = "20:00" }\nwant = "ask"',
        'call = { effect = "read", path = "~" }\nwant = "ask"\nby = "defaults.read"',
        'call = { effect = "read", path = "~/.ssh/a" }\nwant = "deny"\nby = "floor.keys"',
        'call = { effect = "write", path = "/b/a", named = true, tool = "files.write" }\n'
        'want = "ask"',
        'call = { effect = "egress", path = "~/work/a", to = "model:x" }\n'
        'want = "allow"\nrelease = "redacted"',
        'call = { effect = "egress", path = "~/work/a", to = "model:x", release = "shape" }\n'
        'want = "allow"\nrelease = "shape"',
        'call = { effect = "egress", path = "~/a", to = "model:x" }\nwant = "deny"',
        'call = { effect = "egress", path = "~/work/a", tags = "personal", to = "model:x" }\n'
        'want = "deny"',
        'call = { effect = "egress", tags = "work", trust = "trusted", to = "model:x" }\n'
        'want = "allow"',
        'call = { effect = "egress", words = true, to = "model:x" }\nwant = "allow"',
        'call = { effect = "egress", words = true, influence = "content", to = "model:y" }\n'
        'want = "deny"\nrelease = "nothing"',
    ],
)
def test_an_example_that_holds_is_passed_over(example: str) -> None:
    assert parse(f"{POLICY}[[expect]]\n{example}\n", home=HOME).rules


@pytest.mark.parametrize(
    ("example", "column", "what"),
    [
        (
            'call = { effect = "read", path = "~/work/a" }\nwant = "deny"',
            8,
            'wanted verdict "deny", came "allow" (decided by look, line 18)',
        ),
        (
            'call = { effect = "read", path = "~/work/a" }\nwant = "allow"\nby = "work-out"',
            8,
            'wanted by "work-out", came "look" (decided by look, line 18)',
        ),
        (
            'call = { effect = "egress", path = "~/work/a", to = "model:x" }\n'
            'want = "allow"\nrelease = "full"',
            8,
            'wanted release "full", came "redacted" (decided by work-out, line 10)',
        ),
        (
            'call = { effect = "write", path = "/b/a" }\nwant = "ask"\nkeep = "undo"',
            8,
            'wanted keep "undo", came "nothing" (decided by defaults.write)',
        ),
    ],
)
def test_an_example_that_fails_makes_the_file_invalid(example: str, column: int, what: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        parse(f"{POLICY}[[expect]]\n{example}\n", home=HOME)
    (error,) = caught.value.errors
    assert (error.line, error.column, error.what) == (27, column, what)
    assert error.hint


def test_examples_can_be_run_against_another_policy() -> None:
    read = Example(call=Call(effect=Effect.READ, path=f"{HOME}/work/a"), want=Decision.ALLOW)
    assert run([read], parse(POLICY, home=HOME)) == []
    (failure,) = run([read], parse("version = 1", home=HOME))
    assert failure.example == read
    assert failure.verdict.decision is Decision.ASK


def test_a_call_becomes_the_request_that_the_door_would_make() -> None:
    policy = parse(POLICY, home=HOME)
    out = Call(effect=Effect.EGRESS, path=f"{HOME}/work/a").request(policy)
    assert (out.resource, out.release) == ("", Release.FULL)
    assert out.label.sources == {f"file:{HOME}/work/a"}
    assert out.label.tags == {"work"}
    assert out.label.trust is Trust.TRUSTED
    read = Call(effect=Effect.READ, path="/a", words=True).request(policy)
    assert (read.resource, read.release, read.label) == ("/a", Release.NOTHING, USER)
