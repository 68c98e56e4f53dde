"""The truth table: what a rule, a default and a floor make of a request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doorward.policies import document, patterns
from doorward.policies.judging import judge
from doorward.policies.labels import UNKNOWN, USER, Label
from doorward.policies.limits import Hours, minutes_of
from doorward.policies.requests import Request
from doorward.policies.rules import STRICT, Policy, Rule, label_of
from doorward.policies.vocabulary import (
    HOME,
    Decision,
    Destination,
    Effect,
    Influence,
    ObjectiveId,
    Release,
    StepId,
    Trust,
)

ALLOW, ASK, DENY = Decision.ALLOW, Decision.ASK, Decision.DENY
X = "/home/x"
ORDER = ("public", "work", "personal", "secret")
READ = Request(ObjectiveId("o"), StepId("s1"), "files.read", Effect.READ, f"{X}/docs/a.pdf")
MODEL = Destination.parse("model:big")
SEND = Request(
    ObjectiveId("o"),
    StepId("s1"),
    "",
    Effect.EGRESS,
    destination=MODEL,
    release=Release.FULL,
    label=Label(frozenset({"work"}), Trust.TRUSTED, frozenset({f"file:{X}/docs/a.pdf"})),
)


def policy(*rules: Rule, **more: object) -> Policy:
    return Policy(id="p", home=X, order=ORDER, rules=rules, **more)  # type: ignore[arg-type]  # of tests


def rule(name: str, decision: Decision, **more: object) -> Rule:
    return Rule(id=name, decision=decision, **more)  # type: ignore[arg-type]  # of tests


def paths(*globs: str) -> patterns.Patterns:
    return patterns.paths(globs, X)


def decided(request: Request, *rules: Rule, **more: object) -> tuple[Decision, str]:
    verdict = judge(request, policy(*rules, **more))
    return verdict.decision, verdict.rule


# --- deny beats ask beats allow beats the default ------------------------------------------------


@pytest.mark.parametrize(
    ("present", "want"),
    [
        ("", (ASK, "defaults.read")),
        ("a", (ALLOW, "a")),
        ("k", (ASK, "k")),
        ("d", (DENY, "d")),
        ("ak", (ASK, "k")),
        ("ad", (DENY, "d")),
        ("kd", (DENY, "d")),
        ("akd", (DENY, "d")),
    ],
)
def test_deny_beats_ask_beats_allow_beats_the_default(
    present: str, want: tuple[Decision, str]
) -> None:
    every = {"a": rule("a", ALLOW), "k": rule("k", ASK), "d": rule("d", DENY)}
    assert decided(READ, *(every[each] for each in present)) == want
    assert decided(READ, *(every[each] for each in reversed(present))) == want


def test_an_ask_opens_what_is_closed_by_default() -> None:
    spend = replace(READ, effect=Effect.SPEND)
    assert decided(spend) == (DENY, "defaults.spend")
    assert decided(spend, rule("k", ASK)) == (ASK, "k")


def test_defaults_apply_effect_by_effect() -> None:
    open_defaults = dict(STRICT) | {Effect.WRITE: ALLOW}
    for effect, decision in open_defaults.items():
        request = replace(READ, effect=effect)
        want = (decision, f"defaults.{effect}")
        assert decided(request, defaults=open_defaults) == want
        assert decided(request, defaults={}) == (STRICT[effect], f"defaults.{effect}")


def test_of_several_rules_a_locked_one_is_named_first_then_the_first_by_name() -> None:
    rules = [rule("b", DENY), rule("a", DENY), rule("z", DENY, locked=True)]
    assert decided(READ, *rules)[1] == "z"
    assert decided(READ, *rules[:2])[1] == "a"


def test_obligations_of_every_rule_that_applies_are_joined() -> None:
    verdict = judge(
        READ,
        policy(
            rule("a", ALLOW, keep=frozenset({"local_only"})),
            rule("b", ALLOW, keep=frozenset({"undo"})),
            rule("c", ALLOW, effects=frozenset({Effect.RUN}), keep=frozenset({"other"})),
        ),
    )
    assert verdict.obligations == {"local_only", "undo"}


# --- conditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ({"effects": frozenset({Effect.READ})}, {}, {"effect": Effect.WRITE}),
        ({"named": True}, {"named": True}, {"named": False}),
        ({"named": False}, {"named": False}, {"named": True}),
        ({"tools": patterns.names(["files.*"])}, {}, {"tool": "mail.read"}),
        ({"paths": paths("~/docs/**")}, {}, {"resource": f"{X}/other"}),
        ({"paths": paths("~/docs/**")}, {}, {"resource": "INBOX"}),
        ({"paths": paths("~/docs/**")}, {}, {"resource": ""}),
        ({"hours": Hours(480, 1200)}, {"time": "08:00"}, {"time": "20:00"}),
        ({"hours": Hours(1380, 390)}, {"time": "23:30"}, {"time": "06:30"}),
        ({"hours": Hours(1380, 390)}, {"time": "06:29"}, {"time": "22:59"}),
        (
            {"trust": Trust.TRUSTED},
            {"label": USER},
            {"label": Label(trust=Trust.UNTRUSTED, sources=frozenset({"user"}))},
        ),
        (
            {"influence": Influence.USER},
            {"influence": Influence.USER},
            {"influence": Influence.CONTENT},
        ),
        ({"at_most": "work"}, {"label": SEND.label}, {"label": SEND.label.join(UNKNOWN)}),
        ({"words": True}, {"label": USER}, {"label": SEND.label.join(USER)}),
    ],
)
def test_an_allow_holds_only_under_its_conditions(
    condition: dict[str, object], holds: dict[str, object], fails: dict[str, object]
) -> None:
    allow = rule("a", ALLOW, **condition)
    assert decided(replace(READ, **holds), allow)[0] is ALLOW  # type: ignore[arg-type]  # of tests
    assert decided(replace(READ, **fails), allow)[0] is ASK  # type: ignore[arg-type]  # of tests


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        ({"tools": patterns.names(["files.*"])}, {"tool": "FILES.read"}, {"tool": "mail.read"}),
        ({"paths": paths("~/DOCS/**")}, {}, {"resource": f"{X}/other"}),
        ({"hours": Hours(480, 1200)}, {"time": "nonsense"}, {"time": "20:00"}),
        ({"tags": frozenset({"work"})}, {"label": SEND.label}, {"label": USER}),
        ({"at_least": "work"}, {"label": SEND.label}, {"label": USER}),
        ({"at_least": "secret"}, {"label": UNKNOWN}, {"label": SEND.label}),
        ({"trust": Trust.UNTRUSTED}, {"label": UNKNOWN}, {"label": USER}),
        (
            {"influence": Influence.CONTENT},
            {"influence": Influence.CONTENT},
            {"influence": Influence.USER},
        ),
    ],
)
def test_a_denial_holds_as_soon_as_its_conditions_are_touched(
    condition: dict[str, object], holds: dict[str, object], fails: dict[str, object]
) -> None:
    deny = rule("d", DENY, **condition)
    request = replace(READ, label=USER)
    assert decided(replace(request, **holds), deny)[0] is DENY  # type: ignore[arg-type]  # of tests
    assert decided(replace(request, **fails), deny)[0] is ASK  # type: ignore[arg-type]  # of tests


def test_a_time_that_is_none_grants_nothing() -> None:
    allow = rule("a", ALLOW, hours=Hours(0, 1439))
    assert decided(replace(READ, time="9:00"), allow)[0] is ASK


@pytest.mark.parametrize(
    ("time", "minutes"),
    [
        ("00:00", 0),
        ("23:59", 1439),
        ("24:00", None),
        ("12:60", None),
        ("1:30", None),
        ("12-30", None),
        ("٠٩:٣٠", None),
        ("", None),
    ],
)
def test_a_time_of_day_is_read_strictly(time: str, minutes: int | None) -> None:
    assert minutes_of(time) == minutes


# --- what leaves ----------------------------------------------------------------------------------

TO_MODEL = patterns.names(["model:*"])
OUT = frozenset({Effect.EGRESS})


def leave(name: str, decision: Decision = ALLOW, **more: object) -> Rule:
    return rule(name, decision, effects=OUT, to=TO_MODEL, **more)


def released(request: Request, *rules: Rule) -> tuple[Decision, Release]:
    verdict = judge(request, policy(*rules))
    return verdict.decision, verdict.release


def test_nothing_leaves_unless_a_rule_names_the_destination() -> None:
    assert released(SEND) == (DENY, Release.NOTHING)
    assert released(SEND, leave("a")) == (ALLOW, Release.FULL)
    assert released(replace(SEND, destination=HOME), leave("a")) == (DENY, Release.NOTHING)


@pytest.mark.parametrize("granted", [Release.FULL, Release.REDACTED, Release.SHAPE])
@pytest.mark.parametrize("asked", [Release.FULL, Release.REDACTED, Release.SHAPE])
def test_a_form_is_never_more_than_asked_nor_than_granted(granted: Release, asked: Release) -> None:
    forms = list(Release)
    want = forms[max(forms.index(granted), forms.index(asked))]
    assert released(replace(SEND, release=asked), leave("a", release=granted)) == (ALLOW, want)


def test_a_wider_grant_stands_beside_a_narrower_one() -> None:
    rules = leave("all", release=Release.SHAPE), leave("words", words=True)
    assert released(replace(SEND, label=USER), *rules) == (ALLOW, Release.FULL)
    assert released(SEND, *rules) == (ALLOW, Release.SHAPE)


def test_a_denial_of_a_form_leaves_the_less_revealing_ones() -> None:
    rules = leave("a"), leave("d", DENY, release=Release.REDACTED)
    assert released(SEND, *rules) == (ALLOW, Release.SHAPE)
    assert released(SEND, leave("a"), leave("d", DENY)) == (DENY, Release.NOTHING)


def test_what_is_allowed_without_asking_is_preferred_to_asking_for_more() -> None:
    asks = policy(leave("a", release=Release.SHAPE), defaults={Effect.EGRESS: ASK})
    verdict = judge(SEND, asks)
    assert (verdict.decision, verdict.release) == (ALLOW, Release.SHAPE)
    assert judge(SEND, policy(defaults={Effect.EGRESS: ASK})).release is Release.FULL


def test_a_request_for_no_form_is_judged_and_releases_nothing() -> None:
    assert released(replace(SEND, release=Release.NOTHING), leave("a")) == (ALLOW, Release.NOTHING)


def test_another_case_of_a_destination_is_not_granted_but_is_denied() -> None:
    shouted = replace(SEND, destination=Destination.parse("MODEL:big"))
    named = {"effects": OUT, "to": patterns.names(["model:*"])}
    everyone = {"effects": OUT, "to": patterns.names(["*"])}
    assert released(shouted, rule("a", ALLOW, **named))[0] is DENY
    assert released(shouted, rule("a", ALLOW, **everyone))[0] is ALLOW
    barred = rule("a", ALLOW, **everyone), rule("d", DENY, **named)
    assert released(shouted, *barred)[0] is DENY


def test_only_what_leaves_has_a_release() -> None:
    assert released(replace(READ, release=Release.FULL), rule("a", ALLOW))[1] is Release.NOTHING


def test_a_grant_by_tag_or_level_must_hold_for_all_that_went_in() -> None:
    mixed = replace(SEND, label=SEND.label.join(Label(frozenset({"secret"}))))
    for grant in (leave("a", tags=frozenset({"work"})), leave("a", at_most="work")):
        assert released(SEND, grant)[0] is ALLOW
        assert released(mixed, grant)[0] is DENY


def test_work_goes_personal_asks_and_secret_stays() -> None:
    rules = leave("a", at_most="work"), leave("k", ASK, at_least="personal", at_most="personal")
    verdicts = {
        tag: released(replace(SEND, label=replace(SEND.label, tags=frozenset({tag}))), *rules)[0]
        for tag in (*ORDER, "client-acme")
    }
    assert verdicts == {
        "public": ALLOW,
        "work": ALLOW,
        "personal": ASK,
        "secret": DENY,
        "client-acme": DENY,
    }


def test_a_value_that_nobody_described_is_most_private() -> None:
    bare = replace(SEND, label=Label())
    assert released(bare, leave("a", at_most="secret"))[0] is DENY
    assert released(bare, leave("a", tags=frozenset({"work"})))[0] is DENY
    assert released(bare, leave("a", words=True))[0] is DENY
    assert released(bare, leave("a", trust=Trust.TRUSTED))[0] is DENY


def test_paths_follow_a_value_out() -> None:
    grant = leave("a", paths=paths("~/docs/**"))
    other = Label(sources=frozenset({f"file:{X}/other", "user"}))
    web = Label(sources=frozenset({"tool:web.get:/x"}))
    assert released(SEND, grant)[0] is ALLOW
    assert released(replace(SEND, resource="o/s1"), grant)[0] is ALLOW
    assert released(replace(SEND, label=SEND.label.join(other)), grant)[0] is DENY
    assert released(replace(SEND, label=SEND.label.join(web)), grant)[0] is DENY
    assert released(replace(SEND, resource=f"{X}/other"), grant)[0] is DENY
    barred = leave("a"), leave("d", DENY, paths=paths("~/other"))
    assert released(SEND, *barred)[0] is ALLOW
    assert released(replace(SEND, label=SEND.label.join(other)), *barred)[0] is DENY


def test_what_was_read_for_this_device_alone_leaves_as_a_shape_at_most() -> None:
    label = Label(SEND.label.tags | {"local_only"}, Trust.TRUSTED, SEND.label.sources)
    private = replace(SEND, label=label)
    verdict = judge(private, policy(leave("a", at_most="work")))
    assert (verdict.decision, verdict.release) == (ALLOW, Release.SHAPE)
    assert judge(private, policy()).rule == "floor.local_only"


# --- floors ---------------------------------------------------------------------------------------

EVERYTHING = rule("everything", ALLOW)


@pytest.mark.parametrize(
    ("path", "floor"),
    [
        (f"{X}/.ssh", "floor.keys"),
        (f"{X}/.SSH/Id_RSA", "floor.keys"),
        (f"{X}/backup/id_ed25519", "floor.keys"),
        (f"{X}/.gnupg/private-keys-v1.d/a.key", "floor.keys"),
        (f"{X}/Library/Keychains/login.keychain-db", "floor.keys"),
        (f"{X}/Library/Application Support/Google/Chrome/Default/Cookies", "floor.browsers"),
        (f"{X}/.mozilla/firefox/a/logins.json", "floor.browsers"),
        (f"{X}/.config/doorward/policy.toml", "floor.doorward"),
        (f"{X}/Library/Application Support/Doorward/vault.sqlite", "floor.doorward"),
        (f"{X}/docs/../.ssh/id_rsa", "floor.unclear"),
        (f"{X}//docs", "floor.unclear"),
        (f"{X}/docs/", "floor.unclear"),
        (f"{X}/a\x00b", "floor.unclear"),
        (f"{X}/fdp.\u202eexe", "floor.unclear"),
        (f"{X}/\udcff", "floor.unclear"),
        (f"{X}/a\x85", "floor.unclear"),
    ],
)
@pytest.mark.parametrize("effect", Effect)
def test_no_grant_lifts_a_floor(path: str, floor: str, effect: Effect) -> None:
    request = replace(READ, effect=effect, resource=path, named=True)
    verdict = judge(request, policy(EVERYTHING))
    assert (verdict.decision, verdict.rule, verdict.line) == (DENY, floor, 0)
    assert judge(request, None).rule == floor


@pytest.mark.parametrize(
    "path",
    [
        f"{X}/.zshrc",
        f"{X}/.bash_profile",
        f"{X}/Library/LaunchAgents/a.plist",
        f"{X}/code/.git/hooks/pre-commit",
        f"{X}/code/.Git/config",
        f"{X}/code/AGENTS.md",
        X,
        "/",
        "/home",
        f"{X}/Library",
        f"{X}/.config",
        "/data",
        "/data/state",
        "/data/state/own",
        "/data/state/own/vault",
    ],
)
def test_what_other_programs_obey_and_what_holds_everything_is_never_changed(path: str) -> None:
    held = document.parse("version = 1", home=X, own=("/data/state/own",))
    held = replace(held, rules=(EVERYTHING,))
    for effect in (Effect.WRITE, Effect.DESTROY):
        verdict = judge(replace(READ, effect=effect, resource=path), held)
        assert verdict.decision is DENY
        assert verdict.rule.startswith("floor.")


def test_floors_leave_ordinary_files_alone() -> None:
    held = replace(document.parse("version = 1", home=X, own=("/own",)), rules=(EVERYTHING,))
    for path in (
        f"{X}/a.txt",
        f"{X}/talk.key",
        f"{X}/Library notes.md",
        f"{X}/日本.pdf",
        "/own2/a",
    ):
        for effect in Effect:
            assert judge(replace(READ, effect=effect, resource=path), held).decision is ALLOW
    for path in ("/", X, f"{X}/.zshrc"):
        assert judge(replace(READ, resource=path), held).decision is ALLOW


def test_what_came_from_behind_a_floor_does_not_leave() -> None:
    keys = replace(SEND, label=Label(sources=frozenset({f"file:{X}/.ssh/id_rsa"})))
    assert judge(keys, policy(EVERYTHING)).rule == "floor.keys"


# --- no policy ------------------------------------------------------------------------------------


@pytest.mark.parametrize("effect", Effect)
def test_without_a_policy_a_read_asks_and_the_rest_is_denied(effect: Effect) -> None:
    verdict = judge(replace(SEND, effect=effect), None)
    assert verdict.decision is (ASK if effect is Effect.READ else DENY)
    assert (verdict.rule, verdict.line, verdict.policy) == ("closed", 0, "")
    assert verdict.release is Release.NOTHING


# --- labels of places and sources -----------------------------------------------------------------

PLACES = """
version = 1
[defaults]
tags = "personal"
[labels]
order = ["public", "work", "personal", "secret"]
[[place]]
path = "~/projects/**"
tags = "work"
trust = "trusted"
[[place]]
path = ["~/projects/secret/**", "~/tax/**"]
tags = ["secret", "tax"]
[[tool]]
name = "web.*"
tags = "public"
"""


@pytest.mark.parametrize(
    ("resource", "tool", "tags", "trust"),
    [
        (f"{X}/projects/a", "", {"work"}, Trust.TRUSTED),
        (f"{X}/projects/secret/a", "", {"work", "secret", "tax"}, Trust.UNTRUSTED),
        (f"{X}/a", "files.read", {"personal"}, Trust.UNTRUSTED),
        (f"{X}/PROJECTS/a", "", {"work", "personal"}, Trust.UNTRUSTED),
        ("https://a.example", "web.get", {"public"}, Trust.UNTRUSTED),
        ("https://a.example", "WEB.get", {"public", "personal"}, Trust.UNTRUSTED),
        ("INBOX", "mail.read", {"personal"}, Trust.UNTRUSTED),
    ],
)
def test_a_label_comes_from_where_data_lies(
    resource: str, tool: str, tags: set[str], trust: Trust
) -> None:
    label = label_of(resource, document.parse(PLACES, home=X), tool=tool)
    assert label.tags == tags
    assert label.trust is trust


def test_a_label_says_where_the_value_came_from() -> None:
    held = document.parse(PLACES, home=X)
    assert label_of("/a", held).sources == {"file:/a"}
    assert label_of("user", held, tool="web.get").sources == {"tool:web.get:user"}


def test_without_a_policy_everything_is_unknown() -> None:
    label = label_of("/a", None)
    assert (label.tags, label.trust) == (UNKNOWN.tags, Trust.UNTRUSTED)
    assert label.sources == {"file:/a"}


# --- what a verdict says --------------------------------------------------------------------------

SAYS = """version = 1
[defaults]
write = "allow"
spend = "deny"
[[rule]]
id = "never"
verdict = "deny"
locked = true
path = "~/tax/**"
why = "The tax office is watching."
[[rule]]
id = "not-here"
verdict = "deny"
path = "~/old/**"
[[rule]]
id = "look"
verdict = "ask"
effect = "read"
path = "~/mail/**"
[[rule]]
id = "out"
verdict = "allow"
effect = "egress"
to = "orchestrator:home"
release = "shape"
"""


@pytest.mark.parametrize(
    ("request_", "line", "reason", "change"),
    [
        (
            READ,
            0,
            "No rule applies, and the default asks before reading.",
            "Answer the card, or add a rule that allows files.read on ~/docs/**, "
            "or name the folder in the objective with --in.",
        ),
        (
            replace(READ, resource="/srv/a", named=True),
            0,
            "No rule applies, and the default asks before reading.",
            "Answer the card, or add a rule that allows files.read on /srv/**.",
        ),
        (
            replace(READ, effect=Effect.SPEND, tool="", resource="shop"),
            4,
            "No rule applies, and the default denies spending.",
            "Add a rule that allows spend on shop.",
        ),
        (
            replace(READ, effect=Effect.RUN, resource=""),
            0,
            "No rule applies, and the default denies running programs.",
            "Add a rule that allows files.read.",
        ),
        (
            replace(READ, effect=Effect.WRITE),
            3,
            "No rule applies, and the default allows changing.",
            'Write write = "ask" under [defaults], or add a rule that denies it.',
        ),
        (
            SEND,
            0,
            "No rule applies, and the default denies letting data leave to model:big.",
            "Add a rule that allows egress to model:big.",
        ),
        (
            replace(SEND, destination=HOME),
            20,
            'The rule "out" allows letting data leave to orchestrator:home (shape).',
            'To be asked first, write verdict = "ask" in the rule "out" (line 20).',
        ),
        (
            replace(READ, resource=f"{X}/tax/a"),
            5,
            'The rule "never" denies reading: The tax office is watching.',
            'No approval lifts it; edit the rule "never" (line 5) yourself if it is wrong.',
        ),
        (
            replace(READ, effect=Effect.DESTROY, resource=f"{X}/old/a"),
            11,
            'The rule "not-here" denies deleting or overwriting.',
            'Narrow or remove the rule "not-here" (line 11).',
        ),
        (
            replace(READ, resource=f"{X}/mail/a"),
            15,
            'The rule "look" asks before reading.',
            'Answer the card, or edit the rule "look" (line 15).',
        ),
        (
            replace(READ, resource=f"{X}/.ssh/a"),
            0,
            "Doorward denies reading, whatever the rules say: "
            "keys and key chains open everything else, so they are never touched.",
            "No rule can change this; do it yourself, outside Doorward.",
        ),
        (
            replace(READ, resource="/a/../b"),
            0,
            "Doorward denies reading, whatever the rules say: "
            "the path is not resolved or cannot be shown.",
            "Name the file by its plain, full path.",
        ),
        (
            replace(SEND, label=Label(frozenset({"local_only"}), sources=frozenset({"file:/a"}))),
            0,
            "Doorward denies letting data leave to model:big, whatever the rules say: "
            "it was read to be used on this device alone.",
            'Take "local_only" out of the rule under which it was read, or let a shape go.',
        ),
    ],
)
def test_a_verdict_says_why_where_and_what_would_change_it(
    request_: Request, line: int, reason: str, change: str
) -> None:
    verdict = judge(request_, document.parse(SAYS, home=X))
    assert (verdict.line, verdict.reason, verdict.change) == (line, reason, change)


def test_a_closed_door_says_how_to_open_it() -> None:
    verdict = judge(READ, None)
    assert verdict.reason == "No policy is in force, so Doorward asks before reading."
    assert "valid policy file" in verdict.change


def test_a_rule_made_by_hand_has_no_line_to_speak_of() -> None:
    assert judge(READ, policy(rule("d", DENY))).change == 'Narrow or remove the rule "d".'
