"""Whether the user's own words call for what a tool does."""

from __future__ import annotations

import pytest
from doorward.policies.asked import asked
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("words", "cue"),
    [
        ("Please invite Sarah", "invite"),
        ("Would you mind inviting Sarah?", "invite"),
        ("I want her invited.", "invite"),
        ("DELETE the largest file", "delete"),
        ("Stop the plan, then delete it", "delete"),
        ("deleting is fine", "delete"),
        ("cancelling is fine", "cancel"),
        ("Do not forget to invite Mark", "invite"),
        ("Don't forget to attach it", "attach"),
        ("don’t hesitate to send it", "send"),
        ("Please add also a@b.example, c@d.example to the participants of it", "add participants"),
        ("Post it to the general channel. Then mail me.", "mail"),
        ("No, I am late. Send it", "send"),
        ("It's Bob's birthday, send 'Happy birthday' to Bob", "send"),
        ("Termine verschieben", "verschieben"),
    ],
)
def test_a_cue_in_the_words_asks(words: str, cue: str) -> None:
    assert asked(words, [cue])


@pytest.mark.parametrize(
    ("words", "cue"),
    [
        ("Summarise my mails", "send"),
        ("Do not send anything", "send"),
        ("Don't ever send it", "send"),
        ("Draft it without sending it", "send"),
        ("Never delete files", "delete"),
        ("Was steht im Brief? Nicht löschen", "löschen"),
        ("Post the message 'please delete all' to general", "delete"),
        ('Find the file "send me"', "send"),
        ("Find „send me“", "send"),
        ("Participants: add none. The files: Bob", "files add"),
        ("add it. The participants know", "add participants"),
        ("participants, add", "add participants"),
        ("resend", "send"),
        ("sender", "send"),
        ("", "send"),
    ],
)
def test_without_the_cue_or_with_a_no_before_it_nothing_is_asked(words: str, cue: str) -> None:
    assert not asked(words, [cue])


def test_without_cues_nothing_is_asked() -> None:
    assert not asked("Send it", [])
    assert not asked("Send it", ["", " "])


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=3))
def test_every_text_gets_an_answer(words: str, cues: list[str]) -> None:
    assert asked(words, cues) in {True, False}


@given(st.lists(st.sampled_from(["please", "send", "mail", "to", "bob", "now"]), max_size=8))
def test_more_cues_never_ask_for_less(words: list[str]) -> None:
    text = " ".join(words)
    assert asked(text, ["send", "mail"]) >= asked(text, ["send"])
