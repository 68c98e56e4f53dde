"""What holds for every policy and every request."""

from __future__ import annotations

from dataclasses import replace

from doorward.policies import patterns
from doorward.policies.judging import judge
from doorward.policies.labels import Label
from doorward.policies.limits import Hours
from doorward.policies.requests import Request, Verdict
from doorward.policies.rules import FORMS, STRICT, Policy, Rule, label_of
from doorward.policies.vocabulary import (
    Decision,
    Destination,
    Effect,
    Influence,
    ObjectiveId,
    Release,
    StepId,
    Trust,
)
from hypothesis import given, settings
from hypothesis import strategies as st

EVERY = settings(deadline=None, max_examples=100)
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
    rules=st.lists(rules_ | simple_rules, max_size=6, unique_by=lambda rule: rule.id).map(tuple),
)
labels_ = st.builds(
    Label,
    st.frozensets(st.sampled_from(TAGS)),
    st.sampled_from(Trust),
    st.frozensets(st.sampled_from(SOURCES)),
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
    time=st.sampled_from(["00:00", "12:00", "23:59", "soon"]),
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
        time=any_text,
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
