"""Whatever a step makes has the labels of all that it was made from, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from doorward.daemon.door.steps import JudgedCall, Origins, run
from doorward.daemon.values.resolve import Unresolved, calls, gating, label_of_ref
from doorward.daemon.values.vault import Value
from doorward.policies.labels import NEUTRAL, Label, join_all
from doorward.policies.permit import Permit
from doorward.policies.plan import Argument, Kind, Literal, Parameter, Ref, Step, Template, ToolSpec
from doorward.policies.vocabulary import Data, StepId, Trust
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch
from hypothesis import given
from hypothesis import strategies as st

from tests.policies.test_labels import labels
from tests.policies.test_parts import within


class Echo:
    """A tool that gives back its arguments; an argument `fails` makes it fail."""

    spec = ToolSpec("odd.echo", "give back", (Parameter("a", Kind.ANY, "any"),), frozenset())

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        return ()

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        if arguments.get("a") == "fails":
            raise ToolError("it fails")
        return Result(dict(arguments), NEUTRAL, (), {"size": Label(trust=Trust.ASSIGNED)})


class Quiet:
    async def progress(self, done: int, total: int, what: str) -> None:
        return None


NOWHERE = Origins(lambda _: NEUTRAL, lambda _: NEUTRAL, lambda _: NEUTRAL)


async def value_of(step: Step, values: dict[str, Value], origins: Origins = NOWHERE) -> Value:
    made = [JudgedCall(call, ()) for call in calls(step, values)]
    _, value = await run(Echo(), step, made, cast(Context, Quiet()), origins)
    assert value is not None
    return value


def secret(name: str) -> Label:
    return Label(frozenset({name}), Trust.UNTRUSTED, frozenset({f"file:/{name}"}))


async def test_each_element_keeps_its_own_label_for_the_next_step() -> None:
    listed: Data = ["x", "y"]
    whole = secret("a").join(secret("b"))
    fields = {"items.0": secret("a"), "items.1": secret("b")}
    values = {"s1": Value({"items": listed}, whole, (), fields)}
    each = Step(StepId("s2"), "odd.echo", {"a": Ref("item")}, each=Ref("s1.items"))
    second = await value_of(each, values)
    assert second.label_at("items.0.a") == secret("a")
    assert second.label_at("items.1") == secret("b")
    third = Step(StepId("s3"), "odd.echo", {"a": Ref("item.a")}, each=Ref("s2.items"))
    assert [call.label for call in calls(third, {"s2": second})] == [secret("a"), secret("b")]


async def test_a_count_is_assigned_and_keeps_its_tags() -> None:
    values = {"s1": Value(["x"], secret("a"))}
    value = await value_of(
        Step(StepId("s2"), "odd.echo", {"a": Ref("item")}, each=Ref("s1")), values
    )
    assert value.label_at("count").trust is Trust.ASSIGNED
    assert value.label_at("count").tags == {"a"}


async def test_what_fails_is_labelled_by_what_went_in() -> None:
    values = {
        "s1": Value(["fails", "x"], NEUTRAL, (), {"0": secret("a"), "1": secret("b")}),
    }
    value = await value_of(
        Step(StepId("s2"), "odd.echo", {"a": Ref("item")}, each=Ref("s1")), values
    )
    assert value.label_at("failed.0") == secret("a")
    assert value.label_at("failed.0.reason") == secret("a")
    assert value.label_at("items.0") == secret("b")
    assert within(secret("a"), value.label)


async def test_how_many_there_are_tells_of_the_list_even_when_there_are_none() -> None:
    values = {"s1": Value([], secret("a"))}
    origins = Origins(lambda _: NEUTRAL, lambda _: NEUTRAL, lambda _: NEUTRAL, listed=secret("a"))
    step = Step(StepId("s2"), "odd.echo", {"a": Ref("item")}, each=Ref("s1"))
    assert (await value_of(step, values, origins)).label == secret("a")


async def test_that_a_step_ran_at_all_tells_of_its_condition() -> None:
    values = {"s1": Value({"found": True}, secret("a"))}
    step = Step(StepId("s2"), "odd.echo", {"a": Literal("x")}, when=Ref("s1.found"))
    assert (await value_of(step, values)).label == secret("a")


async def test_a_part_that_the_system_assigns_is_so_in_the_result() -> None:
    values = {"s1": Value("x", secret("a"))}
    value = await value_of(Step(StepId("s2"), "odd.echo", {"a": Ref("s1")}), values)
    assert value.label_at("size").trust is Trust.ASSIGNED
    assert value.label_at("a").trust is Trust.UNTRUSTED


VALUES = st.builds(
    Value,
    st.just({"items": ["x", "y", "fails"], "text": "t", "ok": True}),
    labels,
    st.just(()),
    st.dictionaries(
        st.sampled_from(["items", "items.*", "items.0", "items.2", "text", "ok"]),
        labels,
        max_size=4,
    ),
)
ROOTS = st.sampled_from(["s1", "s2"])
FIELDS = st.sampled_from(["", ".items", ".text", ".ok"])
REFS = st.builds(lambda root, name: Ref(root + name), ROOTS, FIELDS)
ITEMS = st.just(Ref("item"))
TEMPLATES = st.builds(lambda a, b: Template(f"x {{{a.path}}} y {{{b.path}}}"), REFS, REFS | ITEMS)
STEPS = st.builds(
    lambda each, a, b, when: Step(
        StepId("s9"),
        "odd.echo",
        {"a": a, "b": b},
        each=Ref(f"{each}.items") if each else None,
        when=Ref(f"{when}.ok") if when else None,
    ),
    st.none() | ROOTS,
    REFS | ITEMS | st.just(Literal("l")),
    REFS | TEMPLATES,
    st.none() | ROOTS,
)


@given(STEPS, VALUES, VALUES, labels)
async def test_no_part_of_a_result_lacks_a_tag_of_what_it_was_made_from(
    step: Step, first: Value, second: Value, always: Label
) -> None:
    values = {"s1": first, "s2": second}
    try:
        made = calls(step, values)
    except Unresolved:
        return
    listed = label_of_ref(step.each, values) if step.each else NEUTRAL
    origins = Origins(lambda _: NEUTRAL, lambda _: NEUTRAL, lambda _: NEUTRAL, always, listed)
    judged = [JudgedCall(call, ()) for call in made]
    _, value = await run(Echo(), step, judged, cast(Context, Quiet()), origins)
    if value is None:
        return
    going_in = join_all([listed, always, gating(step, values), *(call.label for call in made)])
    assert within(going_in, value.label)
    ran = [call for call in made if call.arguments.get("a") != "fails"]
    for number, call in enumerate(ran):
        place = f"items.{number}" if step.each else ""
        for name, argument in step.args.items():
            for ref in _references(argument):
                label = label_of_ref(ref, call.values(values))
                assert within(label, value.label_at(f"{place}.{name}".lstrip(".")))


def _references(argument: Argument) -> list[Ref]:
    match argument:
        case Ref():
            return [argument]
        case Template():
            return argument.refs()
        case Literal():
            return []


async def test_a_template_has_the_label_of_every_part_that_it_uses() -> None:
    values = {"s1": Value({"text": "t", "n": 1}, NEUTRAL, (), {"text": secret("a")})}
    step = Step(StepId("s2"), "odd.echo", {"a": Template("{s1.text}{s1.n}")})
    assert (await value_of(step, values)).label == secret("a")
