"""Words: an objective's text as tokens, stems, and the form it has (order, question, neither).

It is not a language model and knows only English: a small stemmer, a list of contractions, and the
places in a sentence where an order can stand. `match` and the slot parsers read from here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_TEXT = 2000
"""The longest objective that is read, in characters; nobody types more, programs do."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word or punctuation mark of the text."""

    stem: str
    """Lower case, singular, British spelling; a mark stands for itself."""
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """Tell punctuation from words."""
        return not self.stem[0].isalnum()


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text: a readable way to write down many."""
    return frozenset(text.split())


CONTRACTIONS = {
    "what's": "what is", "who's": "who is", "where's": "where is", "when's": "when is",
    "how's": "how is", "that's": "that is", "it's": "it is", "there's": "there is",
    "let's": "let us", "i'd": "i would", "i've": "i have", "i'm": "i am", "i'll": "i will",
    "we've": "we have", "we're": "we are", "they're": "they are", "we'd": "we would",
    "you're": "you are",
    "don't": "do not", "dont": "do not", "doesn't": "does not", "didn't": "did not",
    "can't": "can not", "cannot": "can not", "won't": "will not", "isn't": "is not",
    "aren't": "are not", "haven't": "have not", "hasn't": "has not", "whats": "what is",
    "wheres": "where is", "tl;dr": "tldr", "e-mail": "email", "e-mails": "email", "pls": "please",
    "plz": "please", "sum-up": "sum up", "de-duplicate": "deduplicate", "résumé": "resume",
    "wanna": "want to", "gimme": "give me", "u": "you",
}  # fmt: skip

FILLERS = word_set(
    "please can could would will you kindly hey hi hello ok okay now just go ahead and i want "
    "need like to help me let us quickly so we must should have doorward agent assistant it is "
    "time try start by also then first next love be great if mind dear computer a an the"
)
"""Words that may come before an order without changing it."""

QUESTION_WORDS = word_set(
    "what when who whom whose where which why how is are was were do does did has have am "
    "should may might can could would will shall"
)

BEFORE_QUESTION = word_set("until by since in at on for from to with")

BEFORE_ORDER = frozenset(
    {"and", "then", "also", "please", ",", ";", ".", "!", "-", "\u2013", "but"}
)
_REPORTING = word_set("said told asked wrote wanted suggested recommended mentioned mentions says")
"""After these, an order is somebody else's, to somebody else."""

AFTER_ORDER = word_set(
    "the a an my our all every each it them this that these those any everything me us up out "
    "away by what which how together only into off as down anything his her their whatever "
    "extra copy duplicate double both one |"
)
"""What can follow an order in mid-sentence; tells `and file them` from `name, file, date`."""

_OPENERS = (
    "can you tell me", "could you tell me", "can you find out", "could you find out",
    "please tell me", "do you know", "tell me", "i want to know", "i would like to know",
    "i need to know", "let me know", "find out", "look up", "check", "remind me", "show me",
    "can you see", "i wonder", "i am wondering", "please", "hey", "hi", "hello", "ok", "so", "and",
    ",", "according to my document", "from my document", "based on my document",
    "in my document", "from my file", "according to my file", "in my file", "using my document",
    "according to |", "in |", "look in |", "look at |", "check |",
    "based on |", "from |", ":", "question", "quick question",
)  # fmt: skip
_POLITE = (
    "can you", "could you", "would you", "will you", "can we", "could we", "would you mind",
    "can i have", "could i have", "can i get", "could i get", "may i have", "can i see",
)  # fmt: skip
_WORD = re.compile(r"tl;dr|[^\W_]+(?:['&+-][^\W_]+)*|[,;:.!?\-\u2013()\"|]", re.IGNORECASE)


def clean(text: str) -> str:
    """Return the text in one line, with plain quotes, without control or broken characters."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = unicodedata.normalize("NFC", text)
    text = text.translate(_QUOTES)
    kept = (" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    return re.sub(r" +", " ", "".join(kept)).strip()


_QUOTES = str.maketrans(
    dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"')
    | dict.fromkeys(map(ord, "\u2018\u2019"), "'")
)


def stem(word: str) -> str:
    """Return the plain form of one lower-case word: `Invoices` → `invoice`."""
    word = word.lower()
    if word.endswith("'s"):
        word = word[:-2]
    if word == "cvs":
        return "cv"
    word = re.sub(r"(?<=[a-z]{3})iz(e|es|ing|ed)$", r"is\1", word)
    return singular(word)


def singular(word: str) -> str:
    """Return the singular of a lower-case English noun, by ending."""
    if len(word) < 4 or word in _KEEP_S or word.endswith(("ss", "us", "is", "news")):
        return word
    if word.endswith("ies"):
        return word if len(word) < 5 else word[:-3] + "y"
    if word.endswith(("xes", "shes", "ches", "sses", "zes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


_KEEP_S = word_set(
    "this does was has minutes always less yes whose series terms details species analysis "
    "movies taxes sales goods"
)


def tokens(text: str) -> tuple[Token, ...]:
    """Split cleaned text; a contraction becomes its words, all at the same place."""
    return tuple(
        Token(stem(word), match.start(), match.end())
        for match in _WORD.finditer(text)
        for word in CONTRACTIONS.get(match[0].lower(), match[0]).split()
    )


def starts_with(stems: tuple[str, ...], phrases: tuple[str, ...]) -> int:
    """Return how many leading stems the longest fitting phrase takes; 0 when none fits."""
    sizes = (len(p.split()) for p in phrases if stems[: len(p.split())] == tuple(p.split()))
    return max(sizes, default=0)


def opener(stems: tuple[str, ...]) -> int:
    """Return how many leading stems only lead up to a question (`can you tell me`)."""
    taken = 0
    while size := starts_with(stems[taken:], _OPENERS):
        taken += size
    if stems[taken : taken + 1] and stems[taken] in BEFORE_QUESTION:
        taken += stems[taken + 1 : taken + 2] != () and stems[taken + 1] in QUESTION_WORDS
    return taken


def is_question(stems: tuple[str, ...]) -> bool:
    """Tell whether the text asks to be told something, rather than for something to be done."""
    rest = stems[opener(stems) :]
    if rest[:2] == ("do", "not"):
        return False
    if not rest or starts_with(rest, _POLITE) or starts_with(stems, _POLITE):
        return bool(rest) and opener(stems) >= 3 and rest[0] in QUESTION_WORDS
    return rest[0] in QUESTION_WORDS or rest[-1] == "?"


def order_places(stems: tuple[str, ...]) -> frozenset[int]:
    """Return the indexes at which an order (an imperative verb) can stand."""
    first = 0
    while first < len(stems) and (stems[first] in FILLERS or not stems[first][0].isalnum()):
        first += 1
    places = {first} if first < len(stems) else set()
    for index in range(1, len(stems)):
        if stems[index - 1] in _REPORTING:
            break
        follower = stems[index + 1] if index + 1 < len(stems) else ""
        if stems[index - 1] in BEFORE_ORDER and (follower in AFTER_ORDER or not follower):
            places.add(index)
        if stems[index - 1] == "please" or stems[index - 2 : index] == ("can", "you"):
            places.add(index)
    return frozenset(places)
