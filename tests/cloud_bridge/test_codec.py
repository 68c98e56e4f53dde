"""The codec: what goes in comes out, what cannot says so, and yesterday's bytes still read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from doorward.cloud_bridge.codec import MAX_ENTRY, decode_down, decode_up, encode_down, encode_up
from doorward.cloud_bridge.errors import Malformed, TooLarge
from doorward.cloud_bridge.messages import (
    Finished,
    Observed,
    Opened,
    Outcome,
    Planned,
    Refused,
    StepDue,
    StopAsked,
)
from doorward.cloud_bridge.plan_codec import decode_plan, decode_tools, encode_plan, encode_tools
from doorward.policies.plan import Kind, Literal, Parameter, Plan, Ref, Step, Template, ToolSpec
from doorward.policies.vocabulary import Effect, Influence, ObjectiveId, Release, StepId
from doorward.proto.v1 import objective_pb2, plan_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

RECORDED = Path(__file__).with_name("recorded_v1.json")
OBJECTIVE = ObjectiveId("o-1")
S1, S2 = StepId("s1"), StepId("s2")

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
refs = st.builds(Ref, st.from_regex(r"[a-z]{1,4}(\.[a-z]{1,4}){0,2}", fullmatch=True))
arguments = st.builds(Literal, data) | refs | st.builds(Template, text)
maybe = st.none() | refs
steps = st.builds(
    Step, text, text, st.dictionaries(text, arguments, max_size=3), maybe, maybe, text, maybe
)
plans = st.builds(Plan, st.lists(steps, max_size=3).map(tuple), st.builds(Template, text), text)
parameters = st.builds(
    Parameter, text, st.sampled_from(Kind), text, st.booleans(), st.booleans(), st.booleans()
)
tools = st.builds(
    ToolSpec,
    text,
    text,
    st.lists(parameters, max_size=3).map(tuple),
    st.frozensets(st.sampled_from(Effect)),
    text,
)
ups = (
    st.builds(Opened, text, text, text, st.lists(tools, max_size=2).map(tuple))
    | st.builds(
        Observed, text, text, st.sampled_from(Outcome), st.sampled_from(Release), data, text, text
    )
    | st.builds(StopAsked, text)
)
downs = (
    st.builds(Planned, text, plans, text)
    | st.builds(StepDue, text, steps, st.sampled_from(Influence))
    | st.builds(Finished, text)
    | st.builds(Refused, text, text, st.lists(text, max_size=3).map(tuple))
)


@settings(max_examples=60)
@given(ups)
def test_every_up_comes_back_as_it_was(up):
    back = decode_up(encode_up(up))
    assert back == up
    if isinstance(up, Observed):
        assert repr(back) == repr(up)  # 1 and 1.0 and True are equal and not the same


@settings(max_examples=60)
@given(downs)
def test_every_down_comes_back_as_it_was(down):
    assert decode_down(encode_down(down)) == down


@settings(max_examples=40)
@given(plans, st.lists(tools, max_size=3))
def test_stored_plans_and_catalogues_come_back(plan, catalogue):
    assert decode_plan(encode_plan(plan)) == plan
    assert decode_tools(encode_tools(catalogue)) == tuple(catalogue)


@given(st.binary(max_size=60))
def test_any_bytes_decode_or_are_malformed(junk):
    for decode in (decode_up, decode_down, decode_plan, decode_tools):
        try:
            decode(junk)
        except Malformed as exc:
            assert "cannot decode" in str(exc)


def test_an_entry_beyond_the_limit_is_refused_with_its_size():
    with pytest.raises(TooLarge, match=r"Opened of o-1: \d+ bytes are more than the 262144"):
        encode_up(Opened(OBJECTIVE, "x" * MAX_ENTRY, "2026-11-23", ()))


def test_a_file_name_that_is_no_unicode_is_malformed_not_a_crash():
    with pytest.raises(Malformed, match="Observed of o-1"):
        encode_up(Observed(OBJECTIVE, S1, Outcome.OK, Release.FULL, "\udcff"))


def test_a_reference_to_nothing_cannot_be_sent_as_no_reference():
    with pytest.raises(Malformed):
        encode_down(StepDue(OBJECTIVE, Step(S1, "files.list", each=Ref("")), Influence.USER))


def test_a_message_kind_of_a_later_version_is_malformed():
    unknown = b"\xfa\x01\x00"  # field 31, length 0
    with pytest.raises(Malformed, match="does not know") as caught:
        decode_down(unknown)
    assert any("update" in note for note in caught.value.__notes__)


def test_an_enum_value_of_a_later_version_is_malformed():
    observed = objective_pb2.Observed(
        objective="o-1",
        step="s1",
        outcome=9,  # type: ignore[arg-type]  # the stubs know this version's values alone
        release=objective_pb2.RELEASE_FULL,
    )
    body = objective_pb2.UpBody(observed=observed).SerializeToString()
    with pytest.raises(Malformed, match="outcome 9"):
        decode_up(body)


def test_an_unset_enum_is_malformed_and_never_a_default():
    body = objective_pb2.DownBody(step_due=objective_pb2.StepDue(step=plan_pb2.Step(id="s1")))
    with pytest.raises(Malformed, match="influence 0"):
        decode_down(body.SerializeToString())


def samples():
    spec = ToolSpec(
        "files.list",
        "List a folder",
        (Parameter("folder", Kind.PATH, "which", sink=True),),
        frozenset({Effect.READ}),
        "items[]",
    )
    step = Step(
        S2,
        "read.extract",
        {"document": Ref("item"), "fields": Literal(["total", 1, 2.5, None, {"a": True}])},
        each=Ref("s1.items"),
        when=Ref("s1.count"),
        why="read them",
        expect=Ref("s2.count"),
    )
    plan = Plan((Step(S1, "files.list", {"folder": Template("{s0}/x")}), step), Template("{s2}"))
    return {
        "opened": Opened(OBJECTIVE, "Collect invoices", "2026-11-23", (spec,)),
        "observed": Observed(OBJECTIVE, S1, Outcome.REFUSED, Release.SHAPE, {"n": 14}, "no", "r1"),
        "stop": StopAsked(OBJECTIVE),
        "planned": Planned(OBJECTIVE, plan, "Collect the invoices"),
        "due": StepDue(OBJECTIVE, step, Influence.CONTENT),
        "finished": Finished(OBJECTIVE),
        "refused": Refused(OBJECTIVE, "I cannot", ("list files",)),
    }


def test_bytes_recorded_with_version_1_still_read():
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    for name, message in samples().items():
        up = isinstance(message, Opened | Observed | StopAsked)
        assert (decode_up if up else decode_down)(bytes.fromhex(recorded[name])) == message
