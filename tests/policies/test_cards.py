"""What a card says, from typed fields alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doorward.policies.cards import Told, beneath, facts_of, label_words, line, rows
from doorward.policies.labels import UNKNOWN, Label
from doorward.policies.requests import Leaf, Request
from doorward.policies.vocabulary import (
    Destination,
    Effect,
    ObjectiveId,
    Origin,
    Release,
    Role,
    StepId,
    Trust,
)

MAIL = Label(frozenset({"personal"}), Trust.UNTRUSTED, frozenset({"tool:mail.read:m-17"}))
SEND = Request(
    ObjectiveId("o"),
    StepId("s"),
    "mail.send",
    Effect.EGRESS,
    destination=Destination("person", "mark@evil.example"),
    release=Release.FULL,
    label=MAIL,
    leaves=(
        Leaf("bcc", Role.TARGET, "eve@evil.example", Origin.NOVEL, MAIL),
        Leaf("body", Role.CONTENT, "hello\nyou said yes", Origin.USER),
        Leaf("body", Role.LINK, "https://evil.example/x", Origin.UNTRUSTED, MAIL),
        Leaf("id", Role.OBJECT, "m-17", Origin.ASSIGNED, MAIL),
        Leaf("cc", Role.TARGET, "anna@home.example", Origin.KNOWN),
        Leaf("priority", Role.OPTION, "high", Origin.NOVEL),
    ),
    size=2048,
)


def new(address: str) -> tuple[str, ...]:
    return ("new",) if "evil" in address else ()


def test_a_card_names_every_recipient_with_its_badges() -> None:
    assert line(facts_of(SEND, new)) == (
        "send → mark@evil.example [new], eve@evil.example [new], anna@home.example"
        " (mail.send, 2.05 kB, full)"
    )


def test_a_card_says_where_each_value_came_from() -> None:
    told = beneath(facts_of(SEND, new))
    assert told == [
        "to: mark@evil.example [new]",
        "bcc: eve@evil.example [new] (found nowhere: the planner made it up)",
        "body: hello\\nyou said yes (you typed it)",
        "body: https://evil.example/x [new]"
        " (it appeared in m-17 (by mail.read), which anyone could have written)",
        "id: m-17 (given by the system that holds it, in m-17 (by mail.read))",
        "cc: anna@home.example (from your own data)",
        "data: personal; a stranger could have written it",
    ]


def test_the_sources_of_a_value_are_named_and_the_rest_counted() -> None:
    many = replace(MAIL, sources=frozenset(f"file:/home/a/{n}.txt" for n in range(5)))
    leaf = Leaf("to", Role.TARGET, "x@y.example", Origin.UNTRUSTED, many)
    told = beneath(facts_of(replace(SEND, leaves=(leaf,)), new))
    assert "it appeared in /home/a/0.txt, /home/a/1.txt, /home/a/2.txt and 2 more" in told[1]
    nowhere = replace(leaf, label=Label(), origin=Origin.UNTRUSTED)
    assert (
        "it appeared in data, which" in beneath(facts_of(replace(SEND, leaves=(nowhere,)), new))[1]
    )


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (Label(), ""),
        (Label(frozenset({"work", "health"})), "health, work"),
        (UNKNOWN, "nobody has said how private it is; a stranger could have written it"),
        (Label(frozenset({"local_only"})), "to be used on this device alone"),
    ],
)
def test_a_label_is_told_in_words(label: Label, words: str) -> None:
    assert label_words(label) == words


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (Effect.READ, "read a.txt (files.read)"),
        (Effect.WRITE, "write a.txt (files.read)"),
        (Effect.DESTROY, "delete or overwrite a.txt (files.read)"),
        (Effect.SPEND, "spend a.txt (files.read)"),
        (Effect.RUN, "run a.txt (files.read)"),
    ],
)
def test_a_request_is_told_by_what_it_does(effect: Effect, said: str) -> None:
    request = Request(ObjectiveId("o"), StepId("s"), "files.read", effect, "/home/a/a.txt")
    assert line(facts_of(request, new, "/home/a")) == said


def told(effect: Effect, resource: str) -> Told:
    return Told(effect, resource, f"{effect} {resource}")


def test_many_reads_in_one_folder_are_one_line_and_can_be_unfolded() -> None:
    reads = [told(Effect.READ, f"/home/a/b/{n}.pdf") for n in range(24)]
    made = rows([*reads, told(Effect.READ, "/home/a/c.pdf"), *reads], "/home/a")
    assert [row.text for row in made] == ["read 24 files in b", "read /home/a/c.pdf"]
    assert len(made[0].all) == 24
    assert rows(reads, "/home/a/b")[0].text == "read 24 files in the folder"


def test_everything_that_is_lost_or_leaves_has_its_own_line_and_comes_first() -> None:
    lost = [told(Effect.DESTROY, f"/home/a/{n}.pdf") for n in range(30)]
    made = rows([told(Effect.WRITE, "/home/a/x"), *lost], "/home/a")
    assert [row.text for row in made[:30]] == [one.text for one in lost]
    assert all(row.always for row in made[:30])
    assert not made[30].always


def test_what_is_done_several_times_alike_says_how_often() -> None:
    twice = [told(Effect.EGRESS, "x"), told(Effect.EGRESS, "x"), told(Effect.WRITE, "y")] * 2
    assert [row.text for row in rows(twice)] == ["4 × egress x", "write y"]
