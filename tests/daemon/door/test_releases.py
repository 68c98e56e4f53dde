from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from doorward.daemon.door.releases import Detectors, Releases
from doorward.daemon.errors import Tampered
from doorward.daemon.values.answer import render
from doorward.daemon.values.pseudonym_store import PseudonymStore
from doorward.daemon.values.vault import Seal, Value
from doorward.policies.detect.exact import Contact, Contacts
from doorward.policies.detect.findings import Kind
from doorward.policies.detect.known import KnownSecrets
from doorward.policies.labels import NEUTRAL
from doorward.policies.plan import Plan, Template
from doorward.policies.vocabulary import Data, ObjectiveId, Release

from tests.agent import FixedPlanner, Setting
from tests.daemon.door.test_door import Odd, step

SECRET = "Tr0ub4dor&3xyz"
KNOWN = KnownSecrets([SECRET], b"k" * 16)
DETECTORS = Detectors(
    known=lambda: KNOWN,
    contacts=Contacts([Contact("1", Kind.PERSON, ("Rosa Hart",))]),
)
ONE, TWO = ObjectiveId("o-1"), ObjectiveId("o-2")
ALLOW = """version = 1
[defaults]
read = "allow"
write = "allow"
destroy = "ask"
egress = "deny"
spend = "deny"
run = "deny"
tags = "work"
trust = "trusted"
[labels]
order = ["public", "work", "personal", "secret"]
[[rule]]
id = "up"
verdict = "allow"
effect = "egress"
to = "orchestrator:home"
release = "{form}"
{also}
why = "A test."
"""


@pytest.fixture
def connection() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


@pytest.fixture
def releases(connection: sqlite3.Connection) -> Releases:
    store = PseudonymStore(connection, Seal(b"s" * 32))
    return Releases(store, b"k" * 32, DETECTORS)


def redacted(releases: Releases, data: Data, objective: ObjectiveId = ONE) -> Data:
    return releases.prepare(objective, data, Release.REDACTED, {"from", "body"})


def test_a_redacted_record_keeps_its_fields_and_names_nobody(releases: Releases) -> None:
    data: Data = {"from": "Rosa Hart", "body": f"use {SECRET}, says Rosa Hart", "Rosa Hart": 1}
    assert redacted(releases, data) == {
        "from": "Person A",
        "body": "use secret-1, says Person A",
        "Person A": 1,
    }


def test_the_map_lasts_through_an_objective_and_is_sealed(
    releases: Releases, connection: sqlite3.Connection
) -> None:
    assert redacted(releases, "mail a@x.org and b@y.org") == redacted(
        replace(releases, store=PseudonymStore(connection, Seal(b"s" * 32))),
        "mail a@x.org and b@y.org",
    )
    assert b"x.org" not in b"".join(
        row[0] for row in connection.execute("SELECT sealed FROM pseudonym")
    )
    with pytest.raises(Tampered):
        PseudonymStore(connection, Seal(b"t" * 32)).get(ONE)


def test_the_same_person_is_the_same_across_objectives_only_where_the_user_wants_it(
    releases: Releases,
) -> None:
    lasting = replace(releases, lasting=True)
    redacted(lasting, "a@x.org")
    assert redacted(lasting, "b@y.org", TWO) == "person-b@domain-2.example"
    redacted(releases, "a@x.org")
    assert redacted(releases, "b@y.org", TWO) == "person-a@domain-1.example"


def test_a_secret_cut_into_pieces_leaves_as_the_shape(releases: Releases) -> None:
    assert redacted(releases, {"body": list(SECRET)}) == {"body": "list of 14"}
    assert releases.tags({"body": list(SECRET)}) == {"secret"}


@pytest.mark.parametrize(
    ("data", "tags"),
    [
        ("Rosa Hart", {"personal"}),
        (["x", {"body": SECRET}], {"secret"}),
        ({SECRET: 1}, {"secret"}),
        ({"card": 4111111111111111}, {"personal"}),
        ("nothing", set()),
    ],
)
def test_what_is_found_raises_the_label(releases: Releases, data: Data, tags: set[str]) -> None:
    assert releases.tags(data) == tags


def test_the_users_words_are_raised_by_secrets_alone(releases: Releases) -> None:
    assert releases.word_tags("write to rosa@example.org") == frozenset()
    assert releases.word_tags(f"log in with {SECRET}") == {"secret"}


def test_the_answer_gets_real_values_in_the_planners_words_alone(releases: Releases) -> None:
    redacted(releases, "Rosa Hart")
    values = {"s1": Value("Person A wants your money", NEUTRAL)}
    text = render(Template("Person A wrote: {s1}"), values, releases.restorer(ONE))
    assert text == "Rosa Hart wrote: Person A wants your money"
    assert "personal" in releases.restorer(ONE).label.tags
    assert releases.restorer(TWO).label == NEUTRAL


@pytest.fixture
def agent(tmp_path: Path) -> Setting:
    folder = tmp_path / "home" / "Documents"
    folder.mkdir(parents=True)
    (folder / "lease.md").write_text("three months", encoding="utf-8")
    return Setting(tmp_path / "state", folder, detectors=DETECTORS)


async def test_content_goes_up_redacted_where_policy_says_so_and_comes_back_in_the_answer(
    agent: Setting,
) -> None:
    agent.policy = ALLOW.format(form="redacted", also="")
    odd = Odd({"path": f"Rosa Hart {SECRET}"})
    planner = FixedPlanner(Plan((step(),), Template("Person A says {s1.path}")))
    agent = replace(agent, planner=planner, extra={"odd.do": odd})
    async with agent.start() as daemon:
        objective = daemon.ask("do it for Rosa Hart")
        await daemon.until(objective, "done")
        await daemon.settle()
        heard = b"".join(daemon.orchestrator.heard)
        assert b"Rosa" not in heard
        assert SECRET.encode() not in heard
        assert b"Person A" in heard
        assert b"do it for Person A" in heard
        assert daemon.answer(objective) == f"Rosa Hart says Rosa Hart {SECRET}"


async def test_a_found_secret_is_judged_as_one_and_goes_redacted_instead(agent: Setting) -> None:
    agent.policy = ALLOW.format(form="full", also='at_most = "work"')
    odd = Odd({"path": SECRET})
    planner = FixedPlanner(Plan((step(),), Template("{s1.path}")))
    agent = replace(agent, planner=planner, extra={"odd.do": odd})
    async with agent.start() as daemon:
        objective = daemon.ask("do it")
        await daemon.until(objective, "done")
        await daemon.settle()
        heard = b"".join(daemon.orchestrator.heard)
        assert SECRET.encode() not in heard
        assert b"secret-1" in heard
        assert daemon.answer(objective) == SECRET


async def test_a_password_in_the_users_words_does_not_go_up(agent: Setting) -> None:
    planner = FixedPlanner(Plan((step(),), Template("{s1.path}")))
    agent = replace(agent, planner=planner, extra={"odd.do": Odd({"path": "x"})})
    async with agent.start() as daemon:
        objective = daemon.ask(f"log in with {SECRET} and tell Rosa Hart")
        await daemon.until(objective, "done")
        heard = b"".join(daemon.orchestrator.heard)
        assert SECRET.encode() not in heard
        assert b"log in with secret-1" in heard
