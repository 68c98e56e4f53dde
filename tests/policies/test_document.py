"""The policy file: what it means, and where each mistake is pointed at."""

from __future__ import annotations

import tomllib

import pytest
from doorward.policies import document
from doorward.policies.document import PolicyError, PolicyErrors, parse
from doorward.policies.limits import Day, Hours, Limit, Window
from doorward.policies.rules import STRICT
from doorward.policies.vocabulary import Decision, Effect, Influence, Origin, Release, Role, Trust
from hypothesis import given, settings
from hypothesis import strategies as st

HOME = "/home/x"

FULL = """
version = 1
timezone = "Europe/Berlin"
[defaults]
read = "allow"
spend = "ask"
tags = ["personal", "mine"]
trust = "trusted"
[labels]
order = ["work", "personal"]
[groups]
team = ["person:*@corp.example", "person:bob@else.example"]
[[place]]
path = "~/work/**"
tags = "work"
[[tool]]
name = "web.*"
trust = "untrusted"
[[rule]]
id = "mail-team"
verdict = "ask"
effect = "egress"
tool = "mail.send"
path = ["~/work/**", "/srv/**"]
to = ["@team", "connector:mail"]
named = false
tags = "work"
at_most = "work"
at_least = "work"
trust = "trusted"
influence = "user"
hours = "23:00 - 06:30"
release = "redacted"
locked = true
why = "They need it."
[[rule]]
id = "look"
verdict = "allow"
effect = ["read", "write"]
keep = ["local_only", "undo"]
targets = "user"
objects = "assigned"
contents = "untrusted"
links = "known"
arguments = "untrusted"
asked = true
planned = true
limit = "20/day"
days = ["mon-wed", "sun"]
[[rule]]
id = "no-shapes"
verdict = "deny"
to = "*"
[[rule]]
id = "my-words"
verdict = "allow"
effect = "egress"
to = "orchestrator:home"
words = true
"""


def test_every_word_of_a_policy_is_read() -> None:
    policy = parse(FULL, home="/home/x/")
    mail, look, shapes, words = policy.rules
    assert (policy.version, policy.timezone, policy.home) == (1, "Europe/Berlin", HOME)
    assert policy.defaults == {Effect.READ: Decision.ALLOW, Effect.SPEND: Decision.ASK}
    assert policy.default_lines == {Effect.READ: 5, Effect.SPEND: 6}
    assert policy.tags == {"personal", "mine"}
    assert policy.trust is Trust.TRUSTED
    assert policy.order == ("work", "personal")
    assert policy.groups == {"@team": ("person:*@corp.example", "person:bob@else.example")}
    assert policy.places[0].tags == {"work"}
    assert policy.places[0].trust is Trust.TRUSTED
    web = policy.manifests[0].manifest.returns
    assert (web.tags, web.trust) == (policy.tags, Trust.UNTRUSTED)
    assert (mail.id, mail.decision, mail.line, mail.why) == (
        "mail-team",
        Decision.ASK,
        19,
        "They need it.",
    )
    assert mail.tools is not None
    assert mail.tools.texts == ("mail.send",)
    assert mail.paths is not None
    assert mail.paths.texts == ("~/work/**", "/srv/**")
    assert mail.to is not None
    assert mail.to.texts == (
        "person:*@corp.example",
        "person:bob@else.example",
        "connector:mail",
    )
    assert (mail.named, mail.locked, mail.words) == (False, True, False)
    assert mail.tags == {"work"}
    assert (mail.at_most, mail.at_least) == ("work", "work")
    assert (mail.trust, mail.influence) == (Trust.TRUSTED, Influence.USER)
    assert (mail.hours, mail.release) == (Hours(1380, 390), Release.REDACTED)
    assert look.keep == {"local_only", "undo"}
    assert look.origins == {
        Role.TARGET: Origin.USER,
        Role.OBJECT: Origin.ASSIGNED,
        Role.CONTENT: Origin.UNTRUSTED,
        Role.LINK: Origin.KNOWN,
    }
    assert look.arguments is Origin.UNTRUSTED
    assert (look.asked, look.planned, look.limit) == (True, True, Limit(20, Window.DAY))
    assert look.days == {Day.MON, Day.TUE, Day.WED, Day.SUN}
    assert shapes.effects == {Effect.EGRESS}
    assert words.words


def test_an_almost_empty_policy_is_strict() -> None:
    policy = parse("version = 1", home=HOME)
    assert {effect: policy.defaults.get(effect, STRICT[effect]) for effect in Effect} == STRICT
    assert policy.tags == {"unknown"}
    assert policy.trust is Trust.UNTRUSTED


def test_a_snapshot_is_named_after_its_text() -> None:
    one, other = parse("version = 1", home=HOME), parse("version = 1\n", home=HOME)
    assert one.id == parse("version = 1", home="/home/y").id
    assert one.id != other.id
    assert len(one.id) == 12


def test_a_home_at_the_root_is_fine_and_a_relative_one_is_the_callers_mistake() -> None:
    assert parse("version = 1", home="/").home == "/"
    with pytest.raises(ValueError, match="absolute"):
        parse("version = 1", home="x")
    with pytest.raises(ValueError, match="absolute"):
        parse("version = 1", home=HOME, own=("state",))


# --- mistakes -------------------------------------------------------------------------------------


def mistakes(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(PolicyErrors) as caught:
        parse(text, home=HOME)
    return [(error.line, error.column, error.what) for error in caught.value.errors]


def in_rule(*lines: str) -> str:
    return "version = 1\n[labels]\norder = ['work', 'home']\n[[rule]]\n" + "\n".join(lines)


READ = ['id = "a"', 'verdict = "allow"', 'effect = "read"']
DENY = 'id = "a"', 'verdict = "deny"'
GRANT = 'id = "a"', 'verdict = "allow"', 'effect = "egress"', 'to = "model:x"'


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("", 1, 1, "this Doorward reads version 1"),
        ("version = 2", 1, 11, "this Doorward reads version 1"),
        ("version = true", 1, 11, "this Doorward reads version 1"),
        ("version = ", 1, 11, "this is not TOML: Invalid value"),
        ("version = 1\n[defaults]\nread = ask", 3, 8, "this is not TOML: Invalid value"),
        ("version = 1\na = [1", 2, 7, "this is not TOML: Unclosed array"),
        ("version = 1\nversion = 2", 2, 12, "this is not TOML: Cannot overwrite a value"),
        ("version = 1\nwhy = 'a\udc80'", 2, 9, "this character is not valid Unicode"),
        (
            "version = 1\n[rules]",
            2,
            1,
            'unknown key "rules" in the file; did you mean "rule"?',
        ),
        ("version = 1\ntimezone = 1", 2, 12, '"timezone" must be a text in quotes'),
        ("version = 1\ntimezone = 'CET; x'", 2, 12, '"CET; x" is no time zone'),
        ("version = 1\ndefaults = 1", 2, 1, '"defaults" must be a table'),
        ("version = 1\nrule = 1", 2, 1, '"rule" must be a list of tables'),
        ("version = 1\n[rule]\nid = 'a'", 2, 1, '"rule" must be a list of tables'),
        ("version = 1\nrule = [1]", 2, 1, '"rule" must be a list of tables'),
        (
            "version = 1\n[defaults]\nred = 'ask'",
            3,
            1,
            'unknown key "red" in [defaults]; did you mean "read"?',
        ),
        (
            "version = 1\n[defaults]\nread = 'aks'",
            3,
            8,
            'unknown read "aks"; did you mean "ask"?',
        ),
        ("version = 1\n[defaults]\nread = ['ask']", 3, 8, '"read" must be one word in quotes'),
        (
            "version = 1\n[defaults]\negress = 'allow'",
            3,
            10,
            'the default for "egress" cannot be "allow"',
        ),
        (
            "version = 1\n[labels]\norder = ['a', 1]",
            3,
            15,
            '"order" must be a text in quotes, or a list of such',
        ),
        ("version = 1\n[labels]\norder = []", 3, 9, '"order" is an empty list'),
        (
            "version = 1\n[groups]\nus = 'bob@corp.example'",
            3,
            6,
            'unknown destination "bob@corp.example"; did you mean "person:bob@corp.example"?',
        ),
        ("version = 1\n[[place]]\ntags = 'a'", 2, 1, 'place lacks "path"'),
        (
            "version = 1\n[[place]]\npath = 'a/**'",
            3,
            8,
            'path: the path "a/**" does not say where it starts; begin with ~/, / or **/',
        ),
        ("version = 1\n[[tool]]\nurl = 'a'\nname = 'web.*'", 3, 1, 'unknown key "url" in tool'),
        ("version = 1\n[[source]]\nurl = 'a'", 2, 1, 'unknown key "source" in the file'),
    ],
)
def test_a_mistake_is_pointed_at(text: str, line: int, column: int, what: str) -> None:
    assert mistakes(text) == [(line, column, what)]


@pytest.mark.parametrize(
    ("lines", "line", "column", "what"),
    [
        (['verdict = "deny"'], 4, 1, 'rule lacks "id"'),
        (['id = "a"'], 4, 1, 'rule lacks "verdict"'),
        (
            ['id = "A b"', DENY[1]],
            5,
            6,
            'the id "A b" is not made of small letters, digits and "-"',
        ),
        (['id = ""', DENY[1]], 5, 6, 'the id "" is not made of small letters, digits and "-"'),
        (
            ['id = "closed"', DENY[1]],
            5,
            6,
            'the id "closed" is what Doorward says when it has no policy',
        ),
        ([*DENY, "[[rule]]", *DENY], 8, 6, 'there are two rules "a"'),
        (
            [*DENY, 'effect = ["read", "raed"]'],
            7,
            19,
            'unknown effect "raed"; did you mean "read"?',
        ),
        ([*DENY, "effect = 3"], 7, 10, '"effect" must be a text in quotes, or a list of such'),
        ([*DENY, 'locked = "yes"'], 7, 10, '"locked" must be true or false, without quotes'),
        ([*DENY, 'remember = "session"'], 7, 1, 'unknown key "remember" in rule'),
        (
            [*DENY, 'limit = "20/day"'],
            7,
            9,
            '"limit" cannot stand like this in a rule that says "deny"',
        ),
        ([*READ, 'limit = "20/week"'], 8, 9, '"20/week" is no limit'),
        ([*READ, "limit = 20"], 8, 9, '"limit" must be a text in quotes'),
        ([*READ, 'days = ["mon", "someday"]'], 8, 16, '"someday" is no day of the week'),
        (
            [*READ, 'targets = "usr"'],
            8,
            11,
            'unknown targets "usr"; did you mean "user"?',
        ),
        (
            [*READ, 'targets = "novel"'],
            8,
            11,
            '"targets" cannot stand like this in a rule that says "allow"',
        ),
        (
            [*DENY, 'links = "user"'],
            7,
            9,
            '"links" cannot stand like this in a rule that says "deny"',
        ),
        (
            [*READ, "asked = false"],
            8,
            9,
            '"asked" cannot stand like this in a rule that says "allow"',
        ),
        (
            [*READ, "planned = false"],
            8,
            11,
            '"planned" cannot stand like this in a rule that says "allow"',
        ),
        (
            [*DENY, "asked = true"],
            7,
            9,
            '"asked" cannot stand like this in a rule that says "deny"',
        ),
        ([*READ, 'sinks = "user"'], 8, 1, 'unknown key "sinks" in rule'),
        (
            [*DENY, 'path = ["~/a", "/a**"]'],
            7,
            16,
            'path: "**" stands for whole folders; write "/**/" or "*" instead of "a**"',
        ),
        ([*DENY, 'to = "@team"'], 7, 6, 'unknown group "@team"'),
        ([*DENY, 'to = "modle:x"'], 7, 6, 'unknown destination "modle:x"; did you mean "model"?'),
        ([*DENY, 'to = "model"'], 7, 6, 'unknown destination "model"'),
        ([*DENY, 'tags = "wrok"'], 7, 8, 'unknown tag "wrok"; did you mean "work"?'),
        (
            [*DENY, 'at_least = "secret"'],
            7,
            12,
            '"secret" is not in the order of [labels]',
        ),
        ([*DENY, 'hours = "25:00-26:00"'], 7, 9, '"25:00-26:00" is no part of a day'),
        ([*DENY, 'hours = "10:00-10:00"'], 7, 9, '"10:00-10:00" is no part of a day'),
        (
            [*DENY, 'keep = "undoo"'],
            7,
            8,
            'unknown obligation "undoo"; did you mean "undo"?',
        ),
        ([*DENY, 'keep = "undo"'], 7, 8, "what is denied leaves nothing to keep"),
        (
            [*DENY, 'at_most = "work"'],
            7,
            11,
            '"at_most" cannot stand like this in a rule that says "deny"',
        ),
        (
            [*DENY, 'trust = "trusted"'],
            7,
            9,
            '"trust" cannot stand like this in a rule that says "deny"',
        ),
        (
            [*DENY, 'influence = "user"'],
            7,
            13,
            '"influence" cannot stand like this in a rule that says "deny"',
        ),
        (
            [*DENY, 'effect = "egress"', "words = true"],
            8,
            9,
            '"words" cannot stand like this in a rule that says "deny"',
        ),
        ([*GRANT, "words = false"], 9, 9, "words = false says nothing"),
        ([*GRANT, 'release = "nothing"'], 9, 11, 'release = "nothing" says nothing'),
        (
            [*GRANT, "locked = true"],
            9,
            10,
            '"locked" cannot stand like this in a rule that says "allow"',
        ),
        (
            [*GRANT, 'at_least = "work"'],
            9,
            12,
            '"at_least" cannot stand like this in a rule that says "allow"',
        ),
        (
            [*GRANT, 'trust = "untrusted"'],
            9,
            9,
            '"trust" cannot stand like this in a rule that says "allow"',
        ),
        (
            [*GRANT, 'influence = "content"'],
            9,
            13,
            '"influence" cannot stand like this in a rule that says "allow"',
        ),
        (
            ['id = "a"', 'verdict = "allow"'],
            4,
            1,
            'a rule that says "allow" must name an effect',
        ),
        (['id = "a"', 'verdict = "ask"'], 4, 1, 'a rule that says "ask" must name an effect'),
        (
            [*GRANT[:2], 'effect = ["read", "egress"]', GRANT[3]],
            7,
            10,
            "a rule that lets data leave must be about nothing else",
        ),
        (list(GRANT[:3]), 4, 1, "a rule that lets data leave must say where to"),
        (
            [*GRANT[:3], 'to = "*"'],
            8,
            6,
            'to = "*" would be everyone; only a denial may say so',
        ),
        (
            [*GRANT[:2], 'effect = "read"', 'release = "shape"'],
            8,
            11,
            '"release" is only about what leaves',
        ),
        (
            [*GRANT[:2], 'effect = "read"', 'keep = "undo"'],
            8,
            8,
            '"undo" is only about destroy or write',
        ),
    ],
)
def test_a_mistake_in_a_rule_is_pointed_at(
    lines: list[str], line: int, column: int, what: str
) -> None:
    assert mistakes(in_rule(*lines)) == [(line, column, what)]


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("call = { effect = 'read' }", 2, 1, 'expect lacks "want"'),
        ("want = 'ask'", 2, 1, 'expect lacks "call"'),
        ("call = 1\nwant = 'ask'", 3, 1, '"call" must be a table'),
        ("call = { path = '/a' }\nwant = 'ask'", 3, 1, 'call lacks "effect"'),
        (
            "call = { effect = 'read', pth = '/a' }\nwant = 'ask'",
            3,
            27,
            'unknown key "pth" in call; did you mean "path"?',
        ),
        (
            "call = { effect = 'read', path = 'a' }\nwant = 'ask'",
            3,
            34,
            'the path "a" does not start with ~/ or /',
        ),
        (
            "call = { effect = 'read', time = 'noon' }\nwant = 'ask'",
            3,
            34,
            '"noon" is no time of day',
        ),
        (
            "call = { effect = 'egress' }\nwant = 'deny'",
            3,
            8,
            'what leaves ("egress"), and nothing else, goes "to" somewhere',
        ),
        (
            "call = { effect = 'egress', to = 'x' }\nwant = 'deny'",
            3,
            34,
            'unknown destination "x"',
        ),
        (
            "call = { effect = 'read' }\nwant = 'ask'\nby = 'defaults.raed'",
            5,
            6,
            'there is no rule "defaults.raed"; did you mean "defaults.read"?',
        ),
    ],
)
def test_a_mistake_in_an_example_is_pointed_at(
    text: str, line: int, column: int, what: str
) -> None:
    assert mistakes(f"version = 1\n[[expect]]\n{text}") == [(line, column, what)]


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    text = in_rule('id = "a"', 'verdict = "alow"', 'tags = ["wrk", "hme"]', "[defaults]", "rad = 1")
    assert [(line, column) for line, column, _ in mistakes(text)] == [
        (6, 11),
        (7, 9),
        (7, 16),
        (9, 1),
    ]
    with pytest.raises(PolicyError) as caught:
        parse(text, home=HOME)
    assert len(str(caught.value).splitlines()) == 4
    assert (caught.value.line, caught.value.column) == (6, 11)
    assert not caught.value.retryable


def test_a_mistake_carries_a_hint() -> None:
    with pytest.raises(PolicyErrors) as caught:
        parse(in_rule(*DENY, 'effect = "fly"', 'sandbox = "x"'), home=HOME)
    effect, sandbox = caught.value.errors
    assert str(effect) == 'line 7, column 10: unknown effect "fly"'
    assert effect.__notes__ == ["hint: effect is read, write, destroy, egress, spend or run"]
    assert sandbox.hint == "sandboxes of single rules are not there yet"


def test_too_long_a_list_of_patterns_is_a_mistake() -> None:
    globs = ", ".join(f'"/{i}{"?" * 400}"' for i in range(100))
    ((line, column, what),) = mistakes(in_rule(*DENY, f"path = [{globs}]"))
    assert (line, column) == (7, 8)
    assert "split the rule" in what


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "{a=" * 5000,
        "a." * 5000 + "a = 1",
        "[" + "a." * 5000 + "a]",
        "a = " + "9" * 5000,
        "a = " + "[" * 400 + "]" * 400,
        "\ufeffversion = 1",
        "a" * (document.MAX_SIZE + 1),
    ],
    ids=["lists", "tables", "keys", "headers", "digits", "deep", "mark", "size"],
)
def test_a_monstrous_file_is_only_a_mistake(text: str) -> None:
    with pytest.raises(PolicyError):
        parse(text, home=HOME)


# --- fuzz -----------------------------------------------------------------------------------------


def only_policy_errors(text: str) -> None:
    try:
        parse(text, home=HOME)
    except PolicyError as error:
        lines = text.replace("\r\n", "\n").split("\n")
        for each in getattr(error, "errors", [error]):
            assert 1 <= each.line <= len(lines)
            assert 1 <= each.column <= len(lines[each.line - 1]) + 1


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_garbage_is_only_a_mistake(text: str) -> None:
    only_policy_errors(text)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_mangled_policy_is_read_or_only_a_mistake(data: st.DataObject) -> None:
    text = FULL
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 30)))
        text = text[:start] + data.draw(st.text(max_size=5)) + text[end:]
    only_policy_errors(text)


words = st.sampled_from(
    [*(w for w in FULL.replace('"', " ").replace(",", " ").split() if w.isidentifier()), "call"]
)
scalars = (
    words.map(lambda word: f'"{word}"')
    | st.text("ab~/*{}?.:@", max_size=6).map(lambda text: f"'{text}'")
    | st.sampled_from(["true", "1", "1.5", "2026-11-23", "[]", "{}", "'''\n'''"])
)
values = scalars | st.lists(scalars, max_size=3).map(lambda each: f"[{', '.join(each)}]")
pairs = st.tuples(words, values).map(" = ".join)
inline = st.lists(pairs, max_size=3).map(lambda each: f"call = {{ {', '.join(each)} }}")
headers = st.sampled_from(
    ["[defaults]", "[labels]", "[groups]", "[[place]]", "[[tool]]", "[[rule]]", "[[expect]]"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(headers | pairs | pairs | inline, max_size=12))
def test_any_toml_is_read_or_only_a_mistake(lines: list[str]) -> None:
    text = "version = 1\n" + "\n".join(lines)
    only_policy_errors(text)
    # The generator is worth something only while it makes documents that are TOML at least.
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
