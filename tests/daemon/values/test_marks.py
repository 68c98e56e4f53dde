"""A file that Doorward wrote keeps its label: renamed, copied, added to, cut."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from doorward.daemon.values.marks import ATTRIBUTE, Marks, MemoryShelf, Printer, attributes
from doorward.daemon.values.vault import Seal
from doorward.policies.chunks import chunks, derived
from doorward.policies.labels import NEUTRAL, Label
from doorward.policies.vocabulary import Trust
from hypothesis import given
from hypothesis import strategies as st

KEY = b"\x05" * 32
HEALTH = Label(frozenset({"health"}), Trust.UNTRUSTED, frozenset({"file:/Befund.pdf"}))
LETTER = """Dear Ms Winter,

your ferritin level is far above what we expect at your age.
Please come again on Monday at nine, without breakfast.
Bring the list of everything that you take, also what you buy yourself.
We shall look at your liver values once more before we decide anything.
Kind regards, the practice in the Lindenstrasse, second floor on the left
"""
OTHER = "The roof is to be mended before winter; the offer of the joiner came in on Tuesday.\n"


def marks(key: bytes = KEY) -> Marks:
    return Marks(Printer(key), MemoryShelf(), Seal(key), attributes())


@pytest.fixture
def kept() -> Marks:
    made = marks()
    made.keep(LETTER.encode(), HEALTH)
    return made


def test_a_copy_is_found_by_its_content(kept: Marks) -> None:
    assert kept.of_content(LETTER.encode()) == HEALTH
    assert kept.of_content(OTHER.encode()) == NEUTRAL


def test_an_edit_is_found_by_what_is_left(kept: Marks) -> None:
    lines = LETTER.splitlines(keepends=True)
    for edited in (
        "A heading\n" + LETTER,
        LETTER.replace("Monday", "Friday"),
        "".join(lines[2:4]),
        lines[4].upper(),
        OTHER * 1 + "".join(lines[2:6]),
    ):
        assert kept.of_content(edited.encode()) == HEALTH, edited


def test_a_short_note_is_found_when_words_are_added_around_it() -> None:
    made = marks()
    note = "The account for the rent is now DE89 3704 0044 0532 0130 00 at the new bank"
    made.keep(note.encode(), HEALTH)
    assert made.of_content(f"Reminder: {note}, they say.\nDone.".encode()) == HEALTH


def test_a_text_that_was_printed_to_another_format_is_found_by_its_words(kept: Marks) -> None:
    assert kept.of_text(LETTER) == HEALTH
    assert kept.of_text("") == NEUTRAL


def test_what_is_trusted_and_untagged_needs_no_mark() -> None:
    made = marks()
    made.keep(LETTER.encode(), Label(sources=frozenset({"user"})))
    assert made.shelf.empty()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text(LETTER, encoding="utf-8")
    try:
        os.setxattr(path, "user.doorward.test", b"1")
    except (OSError, AttributeError):
        pytest.skip("no extended attributes here")
    return path


def stamped(made: Marks, path: Path) -> Label:
    with path.open("rb") as opened:
        return made.stamped(opened.fileno())


def test_a_renamed_file_brings_its_label_along(file: Path) -> None:
    made = marks()
    with file.open("rb") as opened:
        made.stamp(opened.fileno(), HEALTH)
    assert stamped(made, file.rename(file.with_name("other.txt"))) == HEALTH


def test_an_attribute_tells_nothing_and_a_forged_one_adds_nothing(file: Path) -> None:
    made = marks()
    with file.open("rb") as opened:
        made.stamp(opened.fileno(), HEALTH)
    written = os.getxattr(file, ATTRIBUTE)
    assert b"health" not in written
    assert b"Befund" not in written
    assert stamped(marks(b"\x06" * 32), file) == NEUTRAL
    for forged in (b"", b"{}", written[:-1], bytes([written[0] ^ 1]) + written[1:]):
        os.setxattr(file, ATTRIBUTE, forged)
        assert stamped(made, file) == NEUTRAL


def test_a_file_without_attribute_is_fine(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    shutil.copyfile(file, copy)
    assert stamped(marks(), copy) == NEUTRAL


def test_too_many_sources_do_not_keep_a_label_from_the_file(file: Path) -> None:
    many = Label(HEALTH.tags, HEALTH.trust, frozenset(f"file:/{n:0100}" for n in range(500)))
    made = marks()
    with file.open("rb") as opened:
        made.stamp(opened.fileno(), many)
    found = stamped(made, file)
    assert (found.tags, found.trust) == (many.tags, many.trust)
    assert "mark:more" in found.sources
    assert len(os.getxattr(file, ATTRIBUTE)) < 3000


@given(st.text(), st.text())
def test_chunks_know_no_white_space_and_no_case(text: str, more: str) -> None:
    assert chunks(text) == chunks(text)
    assert chunks(f"{text}\n{more}") >= {c for c in chunks(text) if "\n" in c}


def test_a_few_common_lines_in_a_long_text_are_no_derivation() -> None:
    assert derived(3, 1000)
    assert not derived(2, 1000)
    assert derived(1, 5)
    assert not derived(0, 0)
