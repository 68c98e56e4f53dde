"""Whom a text names is asked of the reader once; what is not known is private as a whole."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from doorward.daemon.values import name_scanner
from doorward.daemon.values.name_scanner import ReaderNames, ScriptedNames, named
from doorward.policies.detect.findings import Finding, Kind
from doorward.tools.reading.reader import NOW, ModelMissing, ScriptedReader, Span, Terms

TEXT = "a letter from Rosa Hart about the roof"
WHOLE = [Finding(0, len(TEXT), Kind.TEXT)]
ROSA = [Finding(14, 23, Kind.PERSON, "rosa hart")]


class Counting(ScriptedReader):
    """Tells how often it was asked, and may have no model for names."""

    def __init__(self, *, broken: int = 0, missing: bool = False) -> None:
        super().__init__(broken=broken)
        self.calls: list[list[str]] = []
        self.missing = missing

    async def names(self, texts: Sequence[str], terms: Terms = NOW) -> list[list[Span]]:
        self.calls.append([*texts])
        if self.missing:
            raise ModelMissing("no embedder; run `doorward models get`")
        return await super().names(texts, terms)


async def test_a_person_is_found_once_the_reader_was_asked() -> None:
    names = ReaderNames(ScriptedReader())
    await names.ready([TEXT])
    assert names.found(TEXT) == ROSA


async def test_a_text_is_asked_about_once() -> None:
    reader = Counting()
    names = ReaderNames(reader)
    await names.ready([TEXT, TEXT, "other"])
    await names.ready([TEXT])
    assert reader.calls == [[TEXT, "other"]]


async def test_what_has_no_letters_is_not_asked_about_and_names_nobody() -> None:
    reader = Counting()
    names = ReaderNames(reader)
    await names.ready(["", "12.50", "2026-11-30", "€ 7"])
    assert reader.calls == []
    assert names.found("12.50") == []


def test_a_text_that_nobody_was_asked_about_is_private_as_a_whole() -> None:
    assert ReaderNames(ScriptedReader()).found(TEXT) == WHOLE


async def test_a_text_for_which_the_reader_failed_is_private_as_a_whole_until_it_answers() -> None:
    names = ReaderNames(Counting(broken=1))
    await names.ready([TEXT])
    assert names.found(TEXT) == WHOLE
    await names.ready([TEXT])
    assert names.found(TEXT) == ROSA


async def test_without_a_model_nobody_is_looked_for_and_it_can_be_told_why() -> None:
    names = ReaderNames(Counting(missing=True))
    await names.ready([TEXT])
    assert names.found(TEXT) == []
    assert "doorward models get" in names.missing


async def test_where_names_are_required_a_missing_model_leaves_the_text_private() -> None:
    names = ReaderNames(Counting(missing=True), required=True)
    await names.ready([TEXT])
    assert names.found(TEXT) == WHOLE


async def test_a_model_that_is_there_and_cannot_be_used_leaves_the_text_private() -> None:
    def unreadable() -> bool:
        raise ModelMissing("cannot read chosen.json")

    for there in (lambda: True, unreadable):
        names = ReaderNames(Counting(missing=True), there=there)
        await names.ready([TEXT])
        assert names.found(TEXT) == WHOLE


async def test_what_is_too_long_to_look_at_may_name_anybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(name_scanner, "MOST", len(TEXT))
    reader = Counting()
    names = ReaderNames(reader)
    await names.ready([TEXT, "Rosa Hart again"])
    assert reader.calls == [[TEXT]]
    assert names.found("Rosa Hart again")[0].kind is Kind.TEXT


async def test_only_so_many_texts_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_scanner, "KEPT", 2)
    names = ReaderNames(ScriptedReader())
    for each in ("one by Rosa Hart", "two", "three"):
        await names.ready([each])
    assert names.found("one by Rosa Hart")[0].kind is Kind.TEXT
    assert names.found("two") == names.found("three") == []


async def test_the_twin_finds_whom_it_was_told_of() -> None:
    twin = ScriptedNames(("Rosa Hart",))
    await twin.ready([TEXT])
    assert twin.found(TEXT) == ROSA


def test_a_single_name_is_the_person_whose_whole_name_holds_it() -> None:
    text = "Rosa Hart wrote. HART is late, Hart said; Finn Hart is not."
    spans = [(0, 9), (17, 21), (31, 35)]
    assert {each.identity for each in named(text, spans)} == {"rosa hart"}


def test_a_single_name_that_two_people_have_is_nobody_in_particular() -> None:
    text = "Rosa Hart and Finn Hart and Hart"
    assert [each.identity for each in named(text, [(0, 9), (14, 23), (28, 32)])] == [
        "rosa hart",
        "finn hart",
        "hart",
    ]
