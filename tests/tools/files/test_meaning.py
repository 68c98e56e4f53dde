"""What is near in meaning: which documents, how many, and what happens when nobody can tell."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from doorward.tools.files.meaning import Meaning, beginning
from doorward.tools.reading.reader import NOW, ReaderLate, ScriptedReader, Terms

ANGLES = {"boiler": 0.0, "heating": 0.3, "radiator": 0.6, "rent": 1.4, "bread": 1.5}


class Angles(ScriptedReader):
    """Knows one direction a word."""

    def __init__(self, late_after: int = 1000) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.late_after = late_after

    async def embed(self, texts: Sequence[str], terms: Terms = NOW) -> list[list[float]]:
        assert terms.seconds is not None, "somebody waits"
        if len(self.seen) >= self.late_after:
            raise ReaderLate
        self.seen += texts
        angles = [next(a for word, a in ANGLES.items() if word in text) for text in texts]
        return [[math.cos(angle), math.sin(angle)] for angle in angles]


DOCUMENTS = {f"{word}.md": f"about {word}" for word in ("bread", "rent", "radiator", "heating")}


async def test_the_nearest_come_first_and_what_is_far_not_at_all() -> None:
    near = await Meaning(Angles(), lambda: True).near("boiler", DOCUMENTS)
    assert [path for path, _ in near] == ["heating.md", "radiator.md"]
    assert near[0][1] == pytest.approx(math.cos(0.3), abs=1e-6)


async def test_at_most_five_are_near_and_nothing_is_when_all_is_far() -> None:
    many = {f"{number}.md": "heating" for number in range(9)}
    near = await Meaning(Angles(), lambda: True).near("boiler", many)
    assert [path for path, _ in near] == [f"{number}.md" for number in range(5)]
    assert await Meaning(Angles(), lambda: True).near("boiler", {"a": "bread"}) == []


async def test_what_was_compared_once_is_not_read_again() -> None:
    reader = Angles()
    meaning = Meaning(reader, lambda: True)
    first = await meaning.near("boiler", DOCUMENTS)
    count = len(reader.seen)
    assert await meaning.near("boiler", DOCUMENTS) == first
    assert len(reader.seen) == count
    await meaning.near("rent", DOCUMENTS)
    assert reader.seen[count:] == ["rent"]


async def test_without_an_encoder_or_in_time_nobody_can_tell() -> None:
    reader = Angles()
    assert await Meaning(reader, lambda: False).near("boiler", DOCUMENTS) == []
    assert await Meaning(reader, lambda: True).near("boiler", {}) == []
    huge = dict.fromkeys(map(str, range(1001)), "heating")
    assert await Meaning(reader, lambda: True).near("boiler", huge) == []
    assert reader.seen == []
    late = Angles(late_after=32)
    many = {f"{number}.md": f"heating {number}" for number in range(50)}
    meaning = Meaning(late, lambda: True)
    assert await meaning.near("boiler", many) == []
    late.late_after = 1000
    assert await meaning.near("boiler", many)
    assert len(late.seen) == 51, "what was made before it was late is kept"


def test_a_document_is_compared_by_its_name_and_first_words() -> None:
    text = beginning("Papers/Lease 2021.docx", "word " * 500)
    assert text == "Lease 2021\n" + " ".join(["word"] * 60)
    assert len(beginning("a", "x" * 100_000)) < 3000
