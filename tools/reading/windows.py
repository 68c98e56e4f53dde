"""Questions over documents of any length: asked of a few windows, the answers merged into one.

It picks where to look by words alone, in one pass, and asks the reader of bounded pieces; offsets
are always those of the whole text. It judges no value: `extract` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from doorward.tools.reading.reader import Question, Reader, Span
from doorward.tools.texts.words import terms

WINDOW: Final = 2400
"""Characters that a question sees at once: what the smallest model holds with ease."""
OVERLAP: Final = 400
"""Characters that two windows share, so that what stands at an edge stands whole in one of them."""
LOOKS: Final = 4
"""Windows that are asked about one thing."""
AGREED: Final = 0.1
"""What an answer gains for each other window that gives the same."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One question about one window."""

    ask: int
    start: int
    text: str


async def find_in(text: str, asks: Sequence[str], reader: Reader) -> list[Span | None]:
    """Return for each thing that is asked a verbatim span of the text, or None.

    Args:
        text: The whole document.
        asks: What to find, in plain words.
        reader: Asked about windows; never about more than `LOOKS` for each thing.

    Raises:
        ReaderError: When it could not answer.
    """
    looks = [
        _Look(number, start, text[start:end])
        for number, ask in enumerate(asks)
        for start, end in _where(text, ask)
    ]
    spans = await reader.find([Question(look.text, asks[look.ask]) for look in looks])
    found: list[list[Span]] = [[] for _ in asks]
    for look, span in zip(looks, spans, strict=True):
        if span is None:
            continue
        start, end = look.start + span.start, look.start + span.end
        if text[start:end] == span.text:
            found[look.ask].append(Span(span.text, start, end, span.confidence))
    return [_merged(each) for each in found]


def _where(text: str, ask: str) -> list[tuple[int, int]]:
    """Return the windows that share most words with what is asked, in their order."""
    windows = _windows(text)
    if len(windows) <= LOOKS:
        return windows
    wanted = set(terms(ask))
    ranked = sorted(
        windows,
        key=lambda window: (-_shared(text[window[0] : window[1]], wanted), window[0]),
    )
    return sorted(ranked[:LOOKS])


def _windows(text: str) -> list[tuple[int, int]]:
    """Cut a text into windows that overlap; each begins at the start of a line where it can."""
    if len(text) <= WINDOW:
        return [(0, len(text))]
    cut: list[tuple[int, int]] = []
    start = 0
    while True:
        end = min(start + WINDOW, len(text))
        cut.append((start, end))
        if end == len(text):
            return cut
        after = end - OVERLAP
        line = text.rfind("\n", after - OVERLAP, after) + 1
        start = line if line > start else after


def _shared(text: str, wanted: set[str]) -> float:
    """Return how many of the words a window has; each again counts little."""
    held = [term for term in terms(text) if term in wanted]
    return len(set(held)) + min(len(held), 20) / 100


def _merged(found: Sequence[Span]) -> Span | None:
    """Return the surest answer: of one said twice more so; of equals the one that stands first."""
    if not found:
        return None
    places = {(span.start, span.end): span for span in found}.values()

    def weight(span: Span) -> tuple[float, int]:
        same = sum(" ".join(o.text.split()) == " ".join(span.text.split()) for o in places)
        return span.confidence + AGREED * (same - 1), -span.start

    return max(sorted(places, key=lambda span: span.start), key=weight)
