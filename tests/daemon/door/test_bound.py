"""What leaves with a call is labelled by everything that may be in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doorward.daemon.door.bound import bound
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.values.resolve import Call
from doorward.policies.labels import NEUTRAL, Label
from doorward.policies.requests import Leaf, Request
from doorward.policies.vocabulary import (
    DEVICE,
    Destination,
    Effect,
    ObjectiveId,
    Origin,
    Release,
    Role,
    StepId,
    Trust,
)

SEEN = Label(frozenset({"health"}), Trust.TRUSTED, frozenset({"file:/home/a/letter.txt"}))
MAIL = Destination("connector", "mail")
REQUEST = Request(ObjectiveId("o-1"), StepId("s2"), "mcp.mail.send", Effect.EGRESS)


def objective(shown: Label) -> Objective:
    return Objective(ObjectiveId("o-1"), "write", "/home/a", "2026-11-24", "", shown=shown)


def leaf(origin: Origin) -> Leaf:
    return Leaf("text", Role.CONTENT, "all is well", origin)


@pytest.mark.parametrize("origin", [Origin.ASSIGNED, Origin.UNTRUSTED, Origin.NOVEL])
def test_what_the_planner_wrote_has_the_label_of_what_it_was_shown(origin: Origin) -> None:
    request = replace(REQUEST, leaves=(leaf(origin),))
    sent = bound(request, MAIL, Call({"text": "all is well"}, NEUTRAL), objective(SEEN))
    assert SEEN.tags <= sent.label.tags
    assert SEEN.sources <= sent.label.sources


def test_a_value_by_handle_does_not_hide_what_the_planner_wrote_beside_it() -> None:
    request = replace(REQUEST, leaves=(leaf(Origin.NOVEL),))
    work = Label(frozenset({"work"}), Trust.TRUSTED, frozenset({"file:/home/a/b.txt"}))
    sent = bound(request, MAIL, Call({"text": "all is well"}, work), objective(SEEN))
    assert sent.label.tags == {"work", "health"}


@pytest.mark.parametrize("origin", [Origin.USER, Origin.KNOWN])
def test_the_users_own_words_carry_nothing_that_the_planner_saw(origin: Origin) -> None:
    request = replace(REQUEST, leaves=(leaf(origin),))
    sent = bound(request, MAIL, Call({"text": "all is well"}, NEUTRAL), objective(SEEN))
    assert sent.label == Label(sources=frozenset({"user"}))
    assert (sent.destination, sent.release) == (MAIL, Release.FULL)


def test_what_goes_nowhere_keeps_its_request() -> None:
    call = Call({"text": "all is well"}, SEEN)
    assert bound(REQUEST, DEVICE, call, objective(NEUTRAL)) == REQUEST
