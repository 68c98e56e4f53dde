from __future__ import annotations

import json
from dataclasses import fields

from doorward.cloud_bridge.messages import Outcome
from doorward.daemon.objectives.codec import objective_from, objective_to
from doorward.daemon.objectives.objective import (
    Asked,
    Card,
    CardKind,
    Due,
    Objective,
    Report,
    Ticket,
)
from doorward.policies.cards import Facts, Given
from doorward.policies.labels import Label
from doorward.policies.plan import Literal, Plan, Ref, Step, Template
from doorward.policies.requests import Request, Verdict
from doorward.policies.vocabulary import (
    Decision,
    Destination,
    Effect,
    Influence,
    ObjectiveId,
    ObjectiveState,
    Release,
    StepId,
    Trust,
    Wait,
)
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(max_size=8)
ANY_TEXT = st.text(st.characters(), max_size=8)
NAMES = st.sampled_from(["s1", "s2", "s3"])
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
REFS = st.builds(Ref, TEXT.filter(bool))
ARGUMENTS = st.builds(Literal, DATA) | REFS | st.builds(Template, TEXT)
STEPS = st.builds(
    Step,
    id=NAMES.map(StepId),
    tool=TEXT,
    args=st.dictionaries(TEXT, ARGUMENTS, max_size=3),
    each=st.none() | REFS,
    when=st.none() | REFS,
    why=TEXT,
    expect=st.none() | REFS,
)
TAGS = st.frozensets(TEXT, max_size=3)
DESTINATIONS = st.sampled_from(["device", "orchestrator:home", "person:a:b"]).map(Destination.parse)
REQUESTS = st.builds(
    Request,
    objective=TEXT.map(ObjectiveId),
    step=TEXT.map(StepId),
    tool=TEXT,
    effect=st.sampled_from(Effect),
    resource=ANY_TEXT,
    destination=DESTINATIONS,
    release=st.sampled_from(Release),
    label=st.builds(Label, TAGS, st.sampled_from(Trust), TAGS),
    influence=st.sampled_from(Influence),
    named=st.booleans(),
    size=st.integers(0),
    time=TEXT,
)
VERDICTS = st.builds(
    Verdict,
    decision=st.sampled_from(Decision),
    rule=TEXT,
    line=st.integers(0),
    reason=TEXT,
    change=TEXT,
    release=st.sampled_from(Release),
    obligations=TAGS,
    policy=TEXT,
)
TIMES = st.floats(allow_nan=False, allow_infinity=False)
BADGES = st.lists(TEXT, max_size=2).map(tuple)
GIVEN = st.lists(st.builds(Given, TEXT, TEXT, TEXT, BADGES, TEXT), max_size=2).map(tuple)
FACTS = st.builds(Facts, TEXT, TEXT, TEXT, GIVEN, TEXT)
TICKETS = st.builds(Ticket, TEXT, TEXT, TEXT, TIMES)
ASKED = st.lists(
    st.builds(Asked, REQUESTS, VERDICTS, TEXT, FACTS, TICKETS, st.booleans()), max_size=2
).map(tuple)
CARDS = st.builds(Card, TEXT, st.sampled_from(CardKind), ASKED, TIMES, st.booleans(), st.booleans())
LINES = st.lists(ANY_TEXT, max_size=2).map(tuple)
REPORTS = st.builds(
    Report,
    st.sampled_from(Outcome),
    TEXT,
    TEXT,
    LINES,
    st.lists(st.tuples(TEXT, TEXT, st.integers(0), st.integers(0)), max_size=2).map(tuple),
)
OBJECTIVES = st.builds(
    Objective,
    id=TEXT.map(ObjectiveId),
    text=ANY_TEXT,
    folder=ANY_TEXT,
    today=TEXT,
    created=TEXT,
    state=st.sampled_from(ObjectiveState),
    wait=st.none() | st.sampled_from(Wait),
    understood=TEXT,
    plan=st.none()
    | st.builds(Plan, st.lists(STEPS, max_size=2).map(tuple), st.builds(Template, TEXT), TEXT),
    due=st.none() | st.builds(Due, STEPS, st.sampled_from(Influence)),
    reports=st.dictionaries(NAMES.map(StepId), REPORTS, max_size=2),
    card=st.none() | CARDS,
    cards=st.integers(0),
    granted=ASKED,
    finished=st.booleans(),
    committing=st.none() | ASKED,
    changed=LINES,
    unchanged=LINES,
    reason=TEXT,
    nearest=LINES,
    answered=st.booleans(),
)


@given(OBJECTIVES)
def test_an_objective_comes_back_from_json_as_it_was(objective: Objective) -> None:
    written = json.dumps(objective_to(objective), ensure_ascii=False)
    stored = written.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")
    assert objective_from(json.loads(stored)) == objective


def test_every_field_of_an_objective_is_written() -> None:
    made = Objective(ObjectiveId("o-1"), "find", "/home/a", "2026-11-23", "2026-11-23T10:00")
    assert set(objective_to(made)) == {field.name for field in fields(Objective)}


@given(OBJECTIVES)
def test_an_objective_of_version_0_1_is_read_without_its_question(objective: Objective) -> None:
    held = objective_to(objective)
    for name in ("cards", "granted", "influenced", "shown", "own"):
        del held[name]
    found = objective_from(held)
    assert (found.id, found.text, found.state) == (objective.id, objective.text, objective.state)
    assert (found.card, found.committing, found.granted) == (None, None, ())
    assert found.influenced
