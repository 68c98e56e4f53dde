"""Chunks of a text: what a copy still has in common with what it was made from. Pure.

It hashes nothing, keeps nothing and proves nothing: a person can rewrite every line. It finds what
was renamed, copied, added to or cut. `daemon.values.marks` hashes the chunks under the device's
key.
"""

from __future__ import annotations

from itertools import islice

LONG = 32
"""Characters of a line that says something of its own; shorter ones are in many files."""
FEW = 8
"""Long lines below which a text is compared by runs of words, too."""
RUN = 6
"""Words of a run."""
MOST_WORDS = 2000
SHARE = 0.2
"""The part of a text's chunks that it shares with another when it is made from it."""
SHARED = 3
"""So many shared chunks are enough in a text of any length."""


def chunks(text: str) -> frozenset[str]:
    """Return the chunks of a text: its long lines and, where it has few, its runs of words.

    What has neither is one chunk as a whole.

    White space and case make no difference.
    """
    lines = (" ".join(line.split()).casefold() for line in text.splitlines())
    found = {line for line in lines if len(line) >= LONG}
    if len(found) < FEW:
        words = list(islice((word.casefold() for word in text.split()), MOST_WORDS))
        runs = (" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
        found |= {run for run in runs if len(run) >= LONG // 2}
        if not found and words:
            found.add(" ".join(words))  # all that it says
    return frozenset(found)


def derived(shared: int, of: int) -> bool:
    """Tell whether a text is made from another, as far as chunks can tell.

    Args:
        shared: How many of its chunks are in the other.
        of: How many it has.
    """
    return shared >= SHARED or (shared > 0 and shared >= SHARE * of)
