"""Requests and verdicts as JSON, and the explanation of a verdict."""

from __future__ import annotations

import json

import pytest
from doorward.policies.document import parse
from doorward.policies.exchange import request_of, verdict_as
from doorward.policies.explain import explain
from doorward.policies.judging import judge
from doorward.policies.labels import UNKNOWN, USER, Label
from doorward.policies.limits import MOST
from doorward.policies.requests import Leaf
from doorward.policies.vocabulary import (
    DEVICE,
    Decision,
    Destination,
    Effect,
    Influence,
    Origin,
    Release,
    Role,
    Trust,
)
from hypothesis import given
from hypothesis import strategies as st

POLICY = parse(
    """version = 1
[[rule]]
id = "look"
verdict = "allow"
effect = "read"
path = "~/work/**"
limit = "2/day"
[[rule]]
id = "send"
verdict = "allow"
effect = "egress"
to = "person:*@corp.example"
targets = "known"
asked = true
trust = "trusted"
hours = "08:00-18:00"
[[rule]]
id = "no-links"
verdict = "deny"
effect = "egress"
links = "untrusted"
[[rule]]
id = "no-full"
verdict = "deny"
effect = "egress"
to = "model:*"
release = "full"
""",
    home="/home/x",
)
FULL = {
    "effect": "egress",
    "tool": "mail.send",
    "resource": "a",
    "destination": "person:bob@corp.example",
    "release": "redacted",
    "args": [
        {
            "name": "to",
            "role": "target",
            "value": "bob@corp.example",
            "origin": "known",
            "label": {"tags": ["work"], "trust": "trusted", "sources": ["directory"]},
        },
        {"value": 3},
    ],
    "label": {"tags": [], "trust": "trusted", "sources": ["user"]},
    "influence": "user",
    "named": True,
    "asked": True,
    "planned": True,
    "used": {"look": 1},
    "size": 12,
    "time": "09:00",
    "day": "tue",
}


def test_every_key_of_a_request_is_read() -> None:
    request = request_of(FULL, POLICY)
    assert (request.effect, request.tool, request.resource) == (Effect.EGRESS, "mail.send", "a")
    assert request.destination == Destination("person", "bob@corp.example")
    assert request.release is Release.REDACTED
    work = Label(frozenset({"work"}), Trust.TRUSTED, frozenset({"directory"}))
    to = Leaf("to", Role.TARGET, "bob@corp.example", Origin.KNOWN, work)
    assert request.leaves == (to, Leaf("", Role.TARGET, "3", Origin.NOVEL, UNKNOWN))
    assert request.label == USER
    assert request.influence is Influence.USER
    assert (request.named, request.asked, request.planned) == (True, True, True)
    assert (request.used, request.size) == ((("look", 1),), 12)
    assert (request.time, request.day) == ("09:00", "tue")


def test_what_is_missing_is_the_strict_choice() -> None:
    request = request_of({"effect": "read"}, POLICY)
    assert (request.label, request.influence) == (UNKNOWN, Influence.CONTENT)
    assert not (request.named or request.asked or request.planned)
    assert request.used == (("look", MOST),)
    assert (request.time, request.day, request.release) == ("", "", Release.NOTHING)
    assert request.destination == DEVICE
    out = request_of({"effect": "egress", "destination": "model:x"}, None)
    assert (out.release, out.used) == (Release.FULL, ())
    partly = request_of({"effect": "read", "label": {}}, POLICY)
    assert partly.label == Label(trust=Trust.UNTRUSTED)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "a request must be an object"),
        ({}, '"effect" in a request must be read, write'),
        ({"effect": "raed"}, 'did you mean "read"?'),
        ({"effect": None}, '"effect" in a request must be'),
        (
            {"effect": "read", "lable": {}},
            'unknown key "lable" in a request; did you mean "label"?',
        ),
        ({"effect": "egress"}, 'an egress lacks "destination"'),
        ({"effect": "read", "tool": 1}, '"tool" in a request must be a text'),
        ({"effect": "read", "named": 1}, '"named" in a request must be true or false'),
        ({"effect": "read", "size": -1}, '"size" in a request must be a whole number'),
        ({"effect": "read", "args": {}}, '"args" in a request must be a list'),
        ({"effect": "read", "args": [1]}, "an argument must be an object"),
        ({"effect": "read", "args": [{"role": "who"}]}, '"role" in an argument must be target'),
        ({"effect": "read", "args": [{"org": "x"}]}, 'unknown key "org" in an argument'),
        ({"effect": "read", "label": {"tags": [1]}}, '"tags" in a label must be a list of texts'),
        ({"effect": "read", "label": {"trust": None}}, '"trust" in a label must be trusted'),
        ({"effect": "read", "used": {"a": True}}, '"a" in used must be a whole number'),
    ],
)
def test_what_is_no_request_is_an_error_that_names_the_key(data: object, said: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        request_of(data, POLICY)
    assert said in str(caught.value)


def test_a_verdict_is_written_in_full() -> None:
    verdict = judge(
        request_of({"effect": "read", "resource": "/home/x/work/a", "used": {}}, None), POLICY
    )
    assert verdict_as(verdict) == {
        "decision": "allow",
        "rule": "look",
        "line": 2,
        "reason": verdict.reason,
        "change": verdict.change,
        "release": "nothing",
        "obligations": [],
        "counts": ["look"],
        "policy": POLICY.id,
    }
    assert json.dumps(verdict_as(verdict))


json_ = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FULL, "trust", "role"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(
    json_
    | st.fixed_dictionaries({"effect": st.just("read")}, optional=dict.fromkeys([*FULL][1:], json_))
)
def test_whatever_comes_is_a_request_or_an_error_in_words(data: object) -> None:
    try:
        assert judge(request_of(data, POLICY), POLICY).rule
    except ValueError as error:
        assert str(error)


ONE = {**FULL, "args": [{"origin": "known", "label": {"trust": "trusted"}}]}


def lacks(data: dict[str, object]) -> dict[str, tuple[str, ...]]:
    found = explain(request_of({"effect": "egress", **data}, POLICY), POLICY)
    return {
        **{rule.id: () for rule in found.applied},
        **{near.rule.id: near.lacks for near in found.near},
    }


def test_an_explanation_names_what_applied_and_what_the_others_lacked() -> None:
    assert lacks(ONE) == {"send": (), "no-links": ("links",), "no-full": ("to", "release")}
    assert lacks({**ONE, "asked": False})["send"] == ("asked",)
    assert lacks({**ONE, "asked": False, "time": "20:00"})["send"] == ("asked", "hours")
    assert "send" not in lacks({**ONE, "asked": False, "time": "", "args": [{}]})
    assert lacks({**ONE, "destination": "model:x", "release": "shape"})["no-full"] == ("release",)
    link = {"role": "link", "origin": "novel", "label": {"trust": "trusted"}}
    assert lacks({**ONE, "args": [link]})["no-links"] == ()


def test_an_explanation_is_the_verdict_in_sentences() -> None:
    read = {"effect": "read", "resource": "/home/x/work/a"}
    found = explain(request_of(read, POLICY), POLICY)
    assert found.verdict == judge(request_of(read, POLICY), POLICY)
    assert found.verdict.decision is Decision.ASK
    first, *_, last = found.sentences()
    assert first == "ASK by defaults.read (built in)"
    assert last == 'not applied: allow "look" (line 2); it lacks limit'
    assert explain(request_of(read, None), None).applied == ()
