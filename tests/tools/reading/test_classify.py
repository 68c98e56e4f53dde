"""Classification: what was taught first, then rules, words and the reader; and an honest no."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from doorward.policies.vocabulary import Data
from doorward.tools.reading.classify import classify
from doorward.tools.reading.documents import Document
from doorward.tools.reading.reader import NOW, Choice, Example, ScriptedReader, Terms
from hypothesis import given
from hypothesis import strategies as st

SHED = (
    "To the members. The shed of section {n} gets a new lock this week. Old keys stop working and"
    " new ones are handed out at the gate. Bring a deposit of {n} EUR."
)
BOAT = "The slipway is closed while the crane is repaired. Boats stay on their moorings until noon."


class Weighing(ScriptedReader):
    """Chooses the first option with the chance it was told, and remembers what it was taught."""

    def __init__(self, chance: float) -> None:
        super().__init__()
        self.chance = chance
        self.taught: list[Sequence[Example]] = []

    async def choose(
        self,
        texts: Sequence[str],
        options: Sequence[str],
        examples: Sequence[Example] = (),
        terms: Terms = NOW,
    ) -> list[Choice]:
        self.taught.append(examples)
        return [Choice(options[0], self.chance) for _ in texts]


def document(text: str, kind: str = "pdf") -> Document:
    record: dict[str, Data] = {"path": f"a.{kind}", "text": text, "kind": kind}
    return Document.read(record)


async def test_a_document_like_a_corrected_one_goes_where_that_went_without_a_model() -> None:
    taught = [Example(SHED.format(n=4), "garden"), Example(BOAT, "harbour")]
    reader = ScriptedReader(broken=1)
    put = await classify(document(SHED.format(n=11)), ["harbour", "garden"], reader, taught)
    assert (put.option, put.by, put.decided) == ("garden", "taught", True)


async def test_what_was_taught_is_stronger_than_a_rule() -> None:
    bill = "Acme Ltd\nInvoice no. 7\nGarden club membership\nTotal 20.00 EUR\n"
    before = await classify(document(bill), ["invoice", "club"], ScriptedReader())
    assert before.option == "invoice"
    after = await classify(
        document(bill.replace("7", "8")),
        ["invoice", "club"],
        ScriptedReader(broken=1),
        [Example(bill, "club")],
    )
    assert after.option == "club"


async def test_two_corrections_that_are_as_near_decide_nothing() -> None:
    taught = [Example(SHED.format(n=4), "garden"), Example(SHED.format(n=5), "harbour")]
    put = await classify(document(SHED.format(n=6)), ["garden", "harbour"], Weighing(0.4), taught)
    assert not put.decided


async def test_the_reader_learns_from_what_was_taught_and_hears_other_options_by_name() -> None:
    reader = Weighing(0.9)
    put = await classify(document(BOAT), ["club", "sea"], reader, [Example("Oars.", "sea")])
    assert (put.option, put.by) == ("club", "examples")
    [heard] = reader.taught
    assert list(heard[:2]) == [Example("Oars.", "sea"), Example("club document", "club")]
    assert {example.option for example in heard[2:]} == {"none of these"}


async def test_what_is_like_nothing_that_was_taught_is_not_claimed_by_it() -> None:
    class Neither(Weighing):
        async def choose(
            self,
            texts: Sequence[str],
            options: Sequence[str],
            examples: Sequence[Example] = (),
            terms: Terms = NOW,
        ) -> list[Choice]:
            return [Choice(options[-1], 0.95 if examples else 0.2) for _ in texts]

    taught = [Example("Oars.", "sea")]
    put = await classify(document(BOAT), ["club", "sea"], Neither(0.9), taught)
    assert not put.decided
    put = await classify(document(BOAT), ["club", "sea", "other"], Neither(0.9), taught)
    assert (put.option, put.decided) == ("other", True)


@pytest.mark.parametrize(
    ("chance", "options", "option", "decided"),
    [
        (0.9, ["club", "sea", "art"], "club", True),
        (0.45, ["club", "sea", "art"], "club", False),
        (0.45, ["club", "sea", "art", "other"], "other", True),
        (0.6, ["club", "sea"], "club", False),  # of two, that is hardly more than a guess
        (0.8, ["club", "sea"], "club", True),
    ],
)
async def test_what_is_not_sure_enough_is_other_or_undecided(
    chance: float, options: list[str], option: str, decided: bool
) -> None:
    put = await classify(document(BOAT), options, Weighing(chance))
    assert (put.option, put.decided) == (option, decided)


@given(
    st.text(max_size=200),
    st.lists(st.sampled_from(["invoice", "club", "Sea", "other", "x y"]), min_size=1, unique=True),
    st.lists(st.text(max_size=60), max_size=3),
)
async def test_any_document_is_put_under_one_of_the_options(
    text: str, options: list[str], taught: list[str]
) -> None:
    examples = [Example(each, options[0]) for each in taught]
    put = await classify(document(text), options, ScriptedReader(), examples)
    assert put.option in options
    assert 0 <= put.confidence <= 1
