"""Asked: whether the user's own words call for what a tool does. Pure.

It understands no sentences: it looks for a tool's cues among the words of the objective, and leaves
out what stands in quotation marks (a name or a text, no request) and what is negated. What a
document says is never looked at, so that no document can ask. The door calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from doorward.policies.provenance import fold

_QUOTED = re.compile(
    r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|(?<!\w)['‘][^'’]*(?:\w['’]\w[^'’]*)*['’](?!\w)"
)
_SENTENCE = re.compile(r"[.!?;:]+(?:\s|$)|\n")
_WORD = re.compile(r"[^\s,()\[\]{}<>!?;\"“”„«»]+")
_NOT = frozenset(
    ("not", "never", "without", "no", "nor", "neither", "nicht", "nie", "ohne", "kein")
)
_YET = frozenset(["forget", "hesitate", "only", "just", "vergessen"])
"""After a negation these turn it back: "do not forget to send it" asks for sending."""
_REACH = 3
"""How many words before a cue a negation may stand."""
_SUFFIXES = ("ing", "ed", "es", "s", "e")


def asked(words: str, cues: Iterable[str]) -> bool:
    """Tell whether the user asks for what the cues stand for.

    A cue is one word, or several that stand in one sentence in this order: `add participants`.
    Words are compared without case and without the endings of plurals, `-ing` and `-ed`.

    Args:
        words: What the user typed, whole.
        cues: Those of the tool's manifest; without any nothing is ever asked for.
    """
    wanted = [[_stem(word) for word in fold(cue).split()] for cue in cues]
    plain = _QUOTED.sub(" ", words.replace("n’t", "n't"))
    sentences = [_words(each) for each in _SENTENCE.split(plain)]
    return any(_calls(sentence, cue) for cue in wanted if cue for sentence in sentences)


def _words(sentence: str) -> list[str]:
    return [_stem(each.strip("'’.-")) for each in _WORD.findall(fold(sentence))]


def _calls(sentence: list[str], cue: list[str]) -> bool:
    """Tell whether the words of a cue follow one another here, the first not negated."""
    for start, word in enumerate(sentence):
        if word != cue[0] or _negated(sentence[max(0, start - _REACH) : start]):
            continue
        rest = iter(sentence[start + 1 :])
        if all(each in rest for each in cue[1:]):
            return True
    return False


def _negated(before: list[str]) -> bool:
    for word in reversed(before):
        if word in _STEMMED_YET:
            return False
        if word in _NOT or word.endswith("n't"):
            return True
    return False


def _stem(word: str) -> str:
    """Return a word without its ending: invite, invites, invited and inviting are one."""
    for suffix in _SUFFIXES:
        stem = word.removesuffix(suffix)
        if stem != word and len(stem) >= 3:
            return _single(stem)
    return _single(word)


def _single(stem: str) -> str:
    """Return a stem with one last letter of two: stop and stopping, cancel and cancelling."""
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem


_STEMMED_YET = frozenset(map(_stem, _YET))
