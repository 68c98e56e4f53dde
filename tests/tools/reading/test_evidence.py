"""What speaks for an option: words where no heading names the kind, of all options alike."""

from __future__ import annotations

import pytest
from doorward.policies.vocabulary import Data
from doorward.tools.reading.classify import classify
from doorward.tools.reading.cues import CUES, MOST, cues
from doorward.tools.reading.documents import Document
from doorward.tools.reading.evidence import weigh
from doorward.tools.reading.kinds import WORDS
from doorward.tools.reading.reader import Choice, ScriptedReader

PROSE = (
    "For clearing the gutters and replacing two brackets we charge you 140.00 pounds including VAT."
    " Please pay within ten days."
)
SOUP = "Chop two onions, fry them in butter, add 500 ml stock and simmer. Serves 4."
CHAIR = "Present: Ann, Bo. Apologies: Cy. The budget was approved. Next meeting in May."


class Unasked(ScriptedReader):
    """A reader that must not be needed."""

    async def choose(self, *_: object, **__: object) -> list[Choice]:
        raise AssertionError


def document(text: str, kind: str = "txt") -> Document:
    record: dict[str, Data] = {"path": f"a.{kind}", "text": text, "kind": kind}
    return Document.read(record)


@pytest.mark.parametrize(
    ("text", "kind", "option"),
    [
        (PROSE, "pdf", "invoice"),
        (PROSE, "txt", "invoice"),
        (SOUP, "txt", "recipe"),
        (CHAIR, "docx", "minutes"),
        ("Milk, bread, the blue paint", "txt", "note"),
    ],
)
async def test_words_tell_the_kind_where_no_heading_does(text: str, kind: str, option: str) -> None:
    options = ["note", "medical", "invoice", "recipe", "minutes", "cv"]
    put = await classify(document(text, kind), options, Unasked())
    assert (put.option, put.decided) == (option, True)


async def test_a_bill_in_prose_is_no_topic_only_because_no_rule_knows_the_topic() -> None:
    options = ["invoice", "contract", "sailing trips"]
    put = await classify(document(PROSE, "docx"), options, Unasked())
    assert put.option == "invoice"


async def test_what_is_clearly_something_that_was_not_offered_is_other() -> None:
    put = await classify(document(SOUP, "pdf"), ["invoice", "cv", "other"], Unasked())
    assert put.option == "other"


async def test_evidence_that_is_thin_decides_nothing_unless_the_reader_is_sure() -> None:
    class Guess(ScriptedReader):
        async def choose(self, *_: object, **__: object) -> list[Choice]:
            return [Choice("boats", 0.4)]

    options = ["boats", "trains", "planes", "kites"]
    put = await classify(document("The wind turned at noon.", "pdf"), options, Guess())
    assert (put.option, put.decided) == ("boats", False)


@pytest.mark.parametrize("words", ["medical report", "health", "a doctor's letter"])
def test_a_kind_is_known_by_one_of_its_options_words(words: str) -> None:
    text = "Patient admitted with pneumonia. Diagnosis: infection. Amoxicillin 500 mg."
    weighed = weigh(document(text, "pdf"), [words, "cv"])
    assert weighed.ranked[0] == words
    assert weighed.options[words].known


def test_two_options_of_one_kind_are_told_apart_by_their_own_words() -> None:
    text = f"{PROSE} Plumbing, Wells Lane."
    weighed = weigh(document(text, "pdf"), ["plumbing invoices", "garden invoices"])
    plumbing, garden = weighed.options.values()
    assert plumbing.sum > garden.sum > 0


def test_every_kind_with_cues_is_a_kind_and_cues_are_bounded() -> None:
    assert set(CUES) <= set(WORDS)
    everything = f"{PROSE} {SOUP} {CHAIR}" * 40
    assert all(0 <= cues(everything, kind) <= MOST for kind in WORDS)
    assert cues("", "invoice") == 0
