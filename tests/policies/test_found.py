"""Which thing the user named, when a search by their own words found it."""

from __future__ import annotations

from doorward.policies.found import the_one
from doorward.policies.vocabulary import Data

MINE: Data = {"id": "24", "title": "Introductory meeting"}
LONGER: Data = {"id": "25", "title": "Newest introductory meeting"}


def test_the_only_thing_that_was_found_is_meant() -> None:
    assert the_one(["Introductory meeting"], [LONGER]) == 0


def test_of_several_the_one_that_is_called_exactly_so_is_meant() -> None:
    assert the_one(["introductory  Meeting"], [LONGER, MINE]) == 1


def test_two_of_the_same_name_leave_it_open() -> None:
    assert the_one(["Introductory meeting"], [MINE, MINE]) is None


def test_several_of_other_names_leave_it_open() -> None:
    assert the_one(["meeting"], [LONGER, MINE]) is None


def test_nothing_found_names_nothing() -> None:
    assert the_one(["Introductory meeting"], []) is None


def test_short_words_name_nothing() -> None:
    assert the_one(["24"], [MINE]) is None
    assert the_one([], [MINE]) is None


def test_a_list_of_plain_texts_has_names_too() -> None:
    assert the_one(["general"], ["general", "general-2"]) == 0


def test_a_file_is_named_as_people_say_it() -> None:
    files: list[Data] = [{"name": "newest-team-minutes.docx"}, {"name": "team-minutes.docx"}]
    assert the_one(["Team minutes"], files) == 1
    assert the_one(["team-minutes.docx"], files) == 1
    assert the_one(["team minutes"], [*files, {"name": "Team_Minutes.pdf"}]) is None
