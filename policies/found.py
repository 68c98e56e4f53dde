"""Found: which thing the user named, when a search by their own words found it.

"The event 'Introductory meeting'" names an event as well as its id would, as long as there is only
one. It searches nothing: the words and what a tool found come in. The door calls it for the results
of tools whose arguments were the user's own words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from doorward.policies.provenance import SHORT, fold
from doorward.policies.vocabulary import Data

_ENDING = re.compile(r"(?<=\w)\.[A-Za-z0-9]{2,4}$")
_SPACES = {ord("-"): " ", ord("_"): " "}


def the_one(words: Collection[str], found: Sequence[Data]) -> int | None:
    """Return which of the things that were found is the one that the user named.

    Args:
        words: What was searched for, each word for word as the user typed it.
        found: The things that the search gave back.

    Returns:
        The index of the only thing that was found; of several, of the only one that is called
        exactly so: a field of it is the words, whole (file names as people say them). None when it
        is not clear, or when no words are long enough to name anything. Whoever plants a second
        thing of that name makes it unclear, not his.
    """
    named = {_name(each) for each in words if len(fold(each)) >= SHORT}
    if not named:
        return None
    if len(found) == 1:
        return 0
    exact = [index for index, thing in enumerate(found) if named & _fields(thing)]
    return exact[0] if len(exact) == 1 else None


def _fields(thing: Data) -> set[str]:
    values = thing.values() if isinstance(thing, dict) else (thing,)
    return {_name(each) for each in values if isinstance(each, str)}


def _name(text: str) -> str:
    """Return a name as people say it: "team-minutes.docx" is "team minutes"."""
    return fold(_ENDING.sub("", text).translate(_SPACES))
