"""What holds for every policy and every request."""

from __future__ import annotations

from dataclasses import replace

from doorward.policies import patterns
from doorward.policies.judging import judge
from doorward.policies.labels import Label
from doorward.policies.limits import Day, Hours, Limit, Window
from doorward.policies.requests import Leaf, Request, Verdict
from doorward.policies.rules import FORMS, STRICT, Policy, Rule, label_of
from doorward.policies.vocabulary import (
    Decision,
    Destination,
    Effect,
    Influence,
    ObjectiveId,
    Origin,
    Release,
    Role,
    StepId,
    Trust,
)
from hypothesis import given, settings
from hypothesis import strategies as st

EVERY = settings(max_examples=settings().max_examples // 5)
"""A draw is a whole policy, hence few; `--hypothesis-profile=deep` draws many."""
ORDER = ("public", "work", "personal", "secret")
TAGS = [*ORDER, "client", "unknown", "local_only"]
FILES = ["/h/a", "/h/b/c", "/h/B/C", "/h/.ssh/id_rsa", "/h/caf\u00e9", "/h/cafe\u0301", "/h/../x"]
SOURCES = ["user", "tool:web.get:x", *(f"file:{path}" for path in FILES)]
GLOBS = [
    patterns.paths([glob], "/h") for glob in ("~/**", "~/b/**", "**/.ssh/**", "**/caf\u00e9", "~/a")
]
TOOLS = [patterns.names([glob]) for glob in ("files.*", "mail.read", "*")]
TO = [patterns.names([glob]) for glob in ("model:*", "orchestrator:home", "*")]


def some(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | values


rules_ = st.builds(
    Rule,
    id=st.sampled_from("abcdefghij"),
    decision=st.sampled_from(Decision),
    locked=st.booleans(),
    effects=st.frozensets(st.sampled_from(Effect), min_size=1) | st.just(frozenset(Effect)),
    tools=some(st.sampled_from(TOOLS)),
    paths=some(st.sampled_from(GLOBS)),
    to=some(st.sampled_from(TO)),
    named=some(st.booleans()),
    hours=some(st.builds(Hours, st.integers(0, 1439), st.integers(0, 1439))),
    days=st.frozensets(st.sampled_from(Day), max_size=2),
    limit=some(st.builds(Limit, st.integers(1, 3), st.sampled_from(Window))),
    asked=some(st.booleans()),
    planned=some(st.booleans()),
    arguments=some(st.sampled_from(Origin)),
    origins=st.dictionaries(st.sampled_from(Role), st.sampled_from(Origin), max_size=2),
    words=st.booleans(),
    tags=st.frozensets(st.sampled_from(TAGS), max_size=3),
    at_most=some(st.sampled_from(ORDER)),
    at_least=some(st.sampled_from(ORDER)),
    trust=some(st.sampled_from(Trust)),
    influence=some(st.sampled_from(Influence)),
    release=some(st.sampled_from(Release)),
    keep=st.frozensets(st.sampled_from(["local_only", "undo"])),
)
simple_rules = st.builds(
    Rule,
    id=st.sampled_from("abcdefghij"),
    decision=st.sampled_from(Decision),
    effects=st.sampled_from([frozenset({effect}) for effect in Effect]),
    paths=some(st.sampled_from(GLOBS)),
    at_most=some(st.sampled_from(ORDER)),
    at_least=some(st.sampled_from(ORDER)),
    release=some(st.sampled_from(Release)),
)
policies_ = st.builds(
    Policy,
    home=st.just("/h"),
    order=st.just(ORDER),
    defaults=st.dictionaries(st.sampled_from(Effect), st.sampled_from(Decision)) | st.just(STRICT),
    rules=st.lists(rules_ | simple_rules, max_size=4, unique_by=lambda rule: rule.id).map(tuple),
)
labels_ = st.builds(
    Label,
    st.frozensets(st.sampled_from(TAGS)),
    st.sampled_from(Trust),
    st.frozensets(st.sampled_from(SOURCES)),
)
leaves_ = st.builds(
    Leaf,
    st.just("x"),
    st.sampled_from(Role),
    st.just("x"),
    st.sampled_from(Origin),
    labels_ | st.just(Label()),
)
requests_ = st.builds(
    Request,
    objective=st.just(ObjectiveId("o")),
    step=st.just(StepId("s")),
    tool=st.sampled_from(["files.read", "FILES.read", "mail.read", ""]),
    effect=st.sampled_from(Effect) | st.just(Effect.EGRESS),
    resource=st.sampled_from([*FILES, "INBOX", ""]),
    destination=st.sampled_from(["model:big", "orchestrator:home", "device"]).map(
        Destination.parse
    ),
    release=st.sampled_from(Release),
    label=labels_,
    influence=st.sampled_from(Influence),
    named=st.booleans(),
    leaves=st.lists(leaves_, max_size=3).map(tuple),
    asked=st.booleans(),
    planned=st.booleans(),
    used=st.lists(st.tuples(st.sampled_from("abcdefghijz"), st.integers(0, 4)), max_size=3).map(
        tuple
    ),
    time=st.sampled_from(["00:00", "12:00", "23:59", "soon"]),
    day=st.sampled_from(["mon", "sun", "", "someday"]),
)


def openness(verdict: Verdict) -> tuple[int, int]:
    """Order verdicts: a greater one lets more happen."""
    strict = [Decision.DENY, Decision.ASK, Decision.ALLOW]
    return strict.index(verdict.decision), -FORMS.index(verdict.release)


@EVERY
@given(requests_, policies_, st.data())
def test_the_order_of_rules_means_nothing(
    request: Request, policy: Policy, data: st.DataObject
) -> None:
    shuffled = tuple(data.draw(st.permutations(policy.rules)))
    assert judge(request, replace(policy, rules=shuffled)) == judge(request, policy)


@EVERY
@given(requests_, policies_, rules_)
def test_one_more_denial_never_widens(request: Request, policy: Policy, rule: Rule) -> None:
    deny = replace(rule, id="z", decision=Decision.DENY)
    after = judge(request, replace(policy, rules=(*policy.rules, deny)))
    assert openness(after) <= openness(judge(request, policy))


@EVERY
@given(requests_, policies_, rules_)
def test_one_more_grant_never_narrows(request: Request, policy: Policy, rule: Rule) -> None:
    allow = replace(rule, id="z", decision=Decision.ALLOW)
    after = judge(request, replace(policy, rules=(*policy.rules, allow)))
    assert openness(after) >= openness(judge(request, policy))


@EVERY
@given(requests_, policies_, st.lists(rules_, max_size=4))
def test_no_grant_lifts_a_floor_or_a_locked_denial(
    request: Request, policy: Policy, grants: list[Rule]
) -> None:
    before = judge(request, policy)
    locked = {rule.id for rule in policy.rules if rule.locked}
    more = tuple(
        replace(rule, id=f"z{index}", decision=Decision.ALLOW) for index, rule in enumerate(grants)
    )
    after = judge(request, replace(policy, rules=(*policy.rules, *more)))
    full = request.effect is not Effect.EGRESS or request.release is Release.SHAPE
    if before.rule.startswith("floor.") and before.rule != "floor.local_only":
        assert (after.decision, after.rule) == (Decision.DENY, before.rule)
    if before.decision is Decision.DENY and before.rule in locked and full:
        assert (after.decision, after.rule) == (Decision.DENY, before.rule)


@EVERY
@given(requests_, policies_, labels_)
def test_what_is_mixed_in_never_frees_a_value(
    request: Request, policy: Policy, label: Label
) -> None:
    # Of a value whose files are known: words alone, or nothing, are described by no path.
    known = replace(request.label, sources=request.label.sources | {"file:/h/a"})
    before = judge(replace(request, label=known), policy)
    after = judge(replace(request, label=known.join(label)), policy)
    assert openness(after) <= openness(before)


@EVERY
@given(requests_, policies_)
def test_influence_by_content_never_widens(request: Request, policy: Policy) -> None:
    free = judge(replace(request, influence=Influence.USER), policy)
    led = judge(replace(request, influence=Influence.CONTENT), policy)
    assert openness(led) <= openness(free)


def known(request: Request) -> Request:
    """Return it with its files known: words alone, or nothing, are described by no path."""
    sources = request.label.sources | {"file:/h/a"}
    return replace(request, label=replace(request.label, sources=sources))


@EVERY
@given(requests_, policies_, leaves_)
def test_one_more_argument_never_frees_a_call(request: Request, policy: Policy, leaf: Leaf) -> None:
    before = known(request)
    after = replace(before, leaves=(*before.leaves, leaf))
    assert openness(judge(after, policy)) <= openness(judge(before, policy))


@EVERY
@given(requests_.filter(lambda request: request.leaves), policies_, st.data())
def test_an_argument_of_worse_origin_or_label_never_frees_a_call(
    request: Request, policy: Policy, data: st.DataObject
) -> None:
    first, *rest = request.leaves
    origin = data.draw(st.sampled_from([each for each in Origin if each.rank >= first.origin.rank]))
    worse = replace(first, origin=origin, label=first.label.join(data.draw(labels_)))
    before = known(request)
    after = replace(before, leaves=(worse, *rest))
    assert openness(judge(after, policy)) <= openness(judge(before, policy))


def _turned(rule: Rule) -> bool:
    """Tell whether a rule asks for the opposite of what a file may: `checks` refuses these."""
    words = (rule.asked, rule.planned)
    return (rule.decision is Decision.ALLOW and False in words) or (
        rule.decision is Decision.DENY and True in words
    )


@EVERY
@given(requests_, policies_, st.sampled_from(["asked", "planned"]))
def test_what_was_not_asked_for_or_planned_is_never_freer(
    request: Request, policy: Policy, word: str
) -> None:
    held = replace(policy, rules=tuple(rule for rule in policy.rules if not _turned(rule)))
    yes, no = (replace(request, **{word: said}) for said in (True, False))  # type: ignore[arg-type]  # of tests
    assert openness(judge(no, held)) <= openness(judge(yes, held))


@EVERY
@given(requests_, policies_, st.sampled_from("abcdefghij"), st.integers(0, 4))
def test_a_rule_that_was_used_more_often_never_widens(
    request: Request, policy: Policy, rule: str, more: int
) -> None:
    # A limit stands on what is allowed; `checks` refuses it elsewhere.
    rules = tuple(
        replace(each, limit=each.limit if each.decision is Decision.ALLOW else None)
        for each in policy.rules
    )
    held = replace(policy, rules=rules)
    fresh = replace(request, used=())
    counts = judge(fresh, held).counts
    assert counts <= {each.id for each in rules if each.limit is not None}
    for count in (0, more):
        worn = replace(fresh, used=((rule, count), *request.used))
        assert openness(judge(worn, held)) <= openness(judge(fresh, held))
        again = replace(worn, used=(*worn.used, (rule, count + 1)))
        assert openness(judge(again, held)) <= openness(judge(worn, held))


@EVERY
@given(requests_, policies_)
def test_a_form_is_never_more_than_was_asked_for(request: Request, policy: Policy) -> None:
    verdict = judge(request, policy)
    assert FORMS.index(verdict.release) >= FORMS.index(request.release) or (
        verdict.release is Release.NOTHING
    )
    if request.effect is not Effect.EGRESS or verdict.decision is Decision.DENY:
        assert verdict.release is Release.NOTHING


@EVERY
@given(requests_, policies_)
def test_what_was_read_for_this_device_alone_never_shows_content(
    request: Request, policy: Policy
) -> None:
    private = Label(frozenset({"local_only"})).join(request.label)
    verdict = judge(replace(request, label=private), policy)
    assert verdict.release in {Release.SHAPE, Release.NOTHING}


@EVERY
@given(requests_)
def test_without_a_policy_only_reads_are_asked_for(request: Request) -> None:
    verdict = judge(request, None)
    asks = request.effect is Effect.READ and not verdict.rule.startswith("floor.")
    assert verdict.decision is (Decision.ASK if asks else Decision.DENY)


any_text = st.text(st.characters(), max_size=30) | st.text("/.~*{}\ud800\x00\u202e", max_size=8)


@EVERY
@given(
    st.builds(
        Request,
        objective=st.builds(ObjectiveId, any_text),
        step=st.builds(StepId, any_text),
        tool=any_text,
        effect=st.sampled_from(Effect),
        resource=any_text | any_text.map(lambda text: f"/{text}"),
        destination=st.builds(Destination, any_text, any_text),
        release=st.sampled_from(Release),
        label=st.builds(
            Label, st.frozensets(any_text), st.sampled_from(Trust), st.frozensets(any_text)
        ),
        influence=st.sampled_from(Influence),
        named=st.booleans(),
        size=st.integers(),
        leaves=st.lists(leaves_, max_size=2).map(tuple),
        used=st.lists(st.tuples(any_text, st.integers()), max_size=2).map(tuple),
        time=any_text,
        day=any_text,
    ),
    st.none() | policies_,
)
def test_every_request_gets_a_verdict_that_says_why(
    request: Request, policy: Policy | None
) -> None:
    verdict = judge(request, policy)
    assert verdict.rule
    assert verdict.reason
    assert verdict.change
    assert label_of(request.resource, policy, tool=request.tool).sources
