"""`ranking`: which words of a search count."""

from __future__ import annotations

import pytest
from doorward.tools.texts.ranking import Index


@pytest.mark.parametrize("about", ["the dentist's bill", "dentist’s bill"])
def test_the_s_of_an_owner_is_no_word(about: str) -> None:
    index = Index()
    index.add("a.txt", "", "Mum's cake, what's new")
    index.add("b.txt", "", "A bill of the dentist")
    found = [match.path for match in index.find(about, 0)[0]]
    index.close()
    assert found == ["b.txt"]
