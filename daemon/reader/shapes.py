"""The shapes of JSON that a model may be made to write, how long they can get, and their grammar.

A shape is what `schema` understood of a JSON schema. It knows no JSON schema and no llguidance: it
is turned into text in llguidance's Lark dialect, every JSON sign a lexeme of its own, no white
space. Every text, list and map is bounded, so every shape has a most: that many bytes, hence that
many tokens at worst, since each token that a grammar lets pass holds a byte or more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from doorward.policies.vocabulary import Data

COUNTED: Final = 512
"""Up to how many bytes a text is bounded in bytes; a longer one in characters of up to four."""
KEY_BYTES: Final = 32
"""The longest name of a member that the schema does not name itself."""

_CHARACTER: Final = r"/[^\"\\\x00-\x1f\x7f]|\\[\"\\nt]/"
_BYTES: Final = (
    r"B1: /[ !#-\[\]-~]/",
    r'B2: /[\u{80}-\u{7ff}]|\\["\\nt]/',
    r"B3: /[\u{800}-\u{ffff}]/",
    r"B4: /[\u{10000}-\u{10ffff}]/",
    'W0: ""',
)


@dataclass(frozen=True, slots=True, eq=False)
class Literals:
    """One of some scalars, as JSON."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A scalar of a pattern of printable ASCII without quotes and backslashes."""

    regex: str
    """In Rust's syntax, with the quotes where it is a text."""
    longest: int
    """The most bytes, quotes included."""


@dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """A text that matches a pattern of the caller's; llguidance reads it."""

    pattern: str
    least: int
    most: int
    """The most characters."""
    ascii: bool
    """Whether it is filled with printable ASCII alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Any text."""

    least: int = 0
    most: int | None = None
    """The most characters; None where the caller gave no bound."""


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """A list: some of fixed shape first, then any number of one shape."""

    first: tuple[Shape, ...]
    rest: Shape | None
    least: int
    most: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Some:
    """A list of different scalars out of a few, in their order."""

    texts: tuple[str, ...]
    least: int
    most: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A named member of an object."""

    name: str
    shape: Shape
    required: bool


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    """Named members in their order; then others, where there may be others."""

    members: tuple[Member, ...]
    others: Shape | None = None
    least_others: int = 0
    most_others: int | None = None
    most: int | None = None
    """The most members of all."""


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """One of several shapes."""

    shapes: tuple[Shape, ...]


Shape: TypeAlias = Literals | Pattern | Matching | Text | Items | Some | Object | Either


@dataclass(frozen=True, slots=True)
class Caps:
    """The bounds that are ours to choose."""

    text: int
    """The most bytes of a text."""
    items: int
    """The most items of a list, and the most members of an object that it does not name."""
    optional: int
    """The most optional members of an object; of more, the last are never written."""

    def characters(self, text: Text) -> int:
        """Return the most characters of a text."""
        room = self.text if self.text <= COUNTED else self.text // 4
        return max(text.least, room if text.most is None else min(room, text.most))

    def width(self, text: Text) -> int:
        """Return the most bytes of a text: as many as its characters can take, up to ours."""
        return max(text.least, min(self.text, 4 * self.characters(text)))

    def length(self, least: int, most: int | None) -> int:
        """Return the most items of a list."""
        return max(least, self.items if most is None else min(self.items, most))

    def members(self, shape: Object) -> list[Member]:
        """Return the members that are written."""
        room = self.optional
        if shape.most is not None:
            room = min(room, shape.most - sum(member.required for member in shape.members))
        kept: list[Member] = []
        for member in shape.members:
            if not member.required:
                room -= 1
            if member.required or room >= 0:
                kept.append(member)
        return kept

    def others(self, shape: Object) -> int:
        """Return how many members may follow that the object does not name."""
        if shape.others is None:
            return 0
        most = self.length(shape.least_others, shape.most_others)
        return most if shape.most is None else min(most, shape.most - len(self.members(shape)))


def dump(value: Data) -> str:
    """Return a value as JSON, the way it is written by every grammar of ours."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def longest(shape: Shape, caps: Caps) -> int:
    """Return the most bytes that a value of a shape can take under the bounds given."""
    known: dict[int, int] = {}

    def of(shape: Shape) -> int:
        if id(shape) not in known:
            known[id(shape)] = _longest(shape, caps, of)
        return known[id(shape)]

    return of(shape)


def _longest(shape: Shape, caps: Caps, of: Callable[[Shape], int]) -> int:
    match shape:
        case Literals(texts):
            return max(len(text.encode()) for text in texts)
        case Pattern():
            return shape.longest
        case Matching():
            return 2 + shape.most * (1 if shape.ascii else 4)
        case Text():
            return 2 + caps.width(shape)
        case Some(texts, least, most):
            sizes = sorted((len(text.encode()) + 1 for text in texts), reverse=True)
            return 2 + sum(sizes[: caps.length(least, most)])
        case Items(first, rest, least, most):
            length = caps.length(least, most)
            sizes = [of(item) + 1 for item in first[:length]]
            return 2 + sum(sizes) + (length - len(sizes)) * (of(rest) + 1 if rest else 0)
        case Object():
            named = sum(
                len(dump(member.name).encode()) + 2 + of(member.shape)
                for member in caps.members(shape)
            )
            other = KEY_BYTES + 4 + of(shape.others) if shape.others else 0
            return 2 + named + caps.others(shape) * other
        case Either(shapes):
            return max(of(option) for option in shapes)


def grammar(shape: Shape, caps: Caps) -> tuple[str, tuple[str, ...]]:
    """Return the Lark grammar of the values of a shape, and one of each pattern in it."""
    writer = _Writer(caps)
    whole = writer.write(shape)
    return whole, tuple(f"start: {body}\n" for body in writer.patterns)


class _Writer:
    """Collects the rules of one grammar; a shape met again is the same rule."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._rules: list[str] = []
        self._terminals: dict[str, str] = {}
        self._of: dict[int, str] = {}
        self._widest = 0
        self.patterns: dict[str, None] = {}

    def write(self, shape: Shape) -> str:
        start = self._shape(shape)
        terminals = [f"{name}: {body}" for body, name in self._terminals.items()]
        bytes_ = list(_BYTES) if self._widest else []
        for width in range(1, self._widest + 1):
            parts = [f"B{size} W{width - size}" for size in range(1, min(4, width) + 1)]
            bytes_.append(f"W{width}: ({' | '.join(parts)})?")
        return "\n".join([f"start: {start}", *self._rules, *bytes_, *terminals, ""])

    def _rule(self, body: str) -> str:
        name = f"r{len(self._rules)}"
        self._rules.append(f"{name}: {body}")
        return name

    def _terminal(self, body: str) -> str:
        return self._terminals.setdefault(body, f"T{len(self._terminals)}")

    def _shape(self, shape: Shape) -> str:
        if id(shape) not in self._of:
            self._of[id(shape)] = self._new(shape)
        return self._of[id(shape)]

    def _new(self, shape: Shape) -> str:
        match shape:
            case Literals(texts):
                return self._terminal(" | ".join(_quoted(text) for text in texts))
            case Pattern(regex):
                return self._terminal(f"/{regex}/")
            case Matching():
                self.patterns[body := f"%json {_matching(shape)}"] = None
                return self._rule(body)
            case Text():
                return self._text(shape)
            case Some(texts, least, most):
                return self._some(texts, least, self._caps.length(least, most))
            case Items():
                return self._items(shape)
            case Object():
                return self._object(shape)
            case Either(shapes):
                return self._rule(" | ".join(dict.fromkeys(self._shape(one) for one in shapes)))

    def _text(self, text: Text) -> str:
        width, most = self._caps.width(text), self._caps.characters(text)
        body = f"({_CHARACTER}){{{text.least},{most}}}"  # llguidance is fastest on these
        if width < 4 * most:
            body = (
                f"{body} & {self._any(width)}" if text.least or most < width else self._any(width)
            )
        body = self._terminal(body)
        return self._terminal(f'"\\"" {body} "\\""')

    def _any(self, width: int) -> str:
        """Return the terminal of any characters of a text in at most so many bytes."""
        self._widest = max(self._widest, width)
        return f"W{width}"

    def _items(self, shape: Items) -> str:
        most = self._caps.length(shape.least, shape.most)
        first = [self._shape(item) for item in shape.first[:most]]
        rest = self._shape(shape.rest) if shape.rest else ""
        if not most or not (first or rest):
            return '"[" "]"'
        if not first:
            next_ = self._rule(f'"," {rest}')
            many = f"{next_}{{{max(shape.least - 1, 0)},{most - 1}}}"
            one = self._rule(f'"[" {rest} {many} "]"' if most > 1 else f'"[" {rest} "]"')
            return one if shape.least else self._rule(f'"[" "]" | {one}')
        return self._tuple(first, rest, shape.least, most)

    def _tuple(self, first: Sequence[str], rest: str, least: int, most: int) -> str:
        """Return the rule of a list whose first items have shapes of their own."""
        tail = ""
        if rest and most > len(first):
            low, high = max(least - len(first), 0), most - len(first)
            next_ = self._rule(f'"," {rest}')
            tail = self._rule(f"{next_}{{{low},{high}}}")
        for place in range(len(first) - 1, 0, -1):
            body = f'"," {first[place]} {tail}'
            tail = self._rule(body if place < least else f"({body})?")
        whole = self._rule(f'"[" {first[0]} {tail} "]"')
        return whole if least else self._rule(f'"[" "]" | {whole}')

    def _some(self, texts: Sequence[str], least: int, most: int) -> str:
        """Return the rule of so many of some texts in their order: rows of "how many so far"."""
        words = [self._terminal(_quoted(text)) for text in texts]
        rows: list[str] = [""] * (most + 1)
        for place, word in enumerate(words):
            for count in range(min(most, place + 1), 0, -1):
                before = f'{rows[count - 1]} "," {word}' if count > 1 else word
                rows[count] = self._rule(f"{rows[count]} | {before}" if rows[count] else before)
        ways = [f'"[" {row} "]"' for row in rows[max(least, 1) :] if row]
        return self._rule(" | ".join(ways if least else ['"[" "]"', *ways]))

    def _object(self, shape: Object) -> str:
        members = self._caps.members(shape)
        blank, so_far = True, ""
        for member in members:
            pair = self._rule(
                f"{self._terminal(_quoted(dump(member.name) + ':'))} {self._shape(member.shape)}"
            )
            ways = [f'{so_far} "," {pair}'] if so_far else []
            if blank:
                ways.append(pair)
            if not member.required and so_far:
                ways.append(so_far)
            blank = blank and not member.required
            so_far = self._rule(" | ".join(ways))
        most = self._caps.others(shape)
        if shape.others is None or not most:
            ways = [f'"{{" {so_far} "}}"'] if so_far else []
            return self._rule(" | ".join([*ways, '"{" "}"'] if blank else ways))
        return self._map(shape, most, so_far, blank=blank)

    def _map(self, shape: Object, most: int, so_far: str, *, blank: bool) -> str:
        """Return the rule of an object that may have members of any other name."""
        key = f'"\\"" {self._terminal(f"{self._any(KEY_BYTES)} & ({_CHARACTER})+")} "\\":"'
        if taken := [_quoted(dump(member.name) + ":") for member in shape.members]:
            key = f"({key}) & ~({' | '.join(taken)})"
        value = self._shape(shape.others) if shape.others else ""
        pair = self._rule(f"{self._terminal(key)} {value}")
        more = self._rule(f'"," {pair}')
        least = shape.least_others
        ways = [f'{so_far} {more}{{{least},{most}}} "}}"'] if so_far else []
        if blank:
            ways.append(f'{pair} {more}{{{max(least - 1, 0)},{most - 1}}} "}}"')
            if not least:
                ways.append('"}"')
        return self._rule(" | ".join(f'"{{" {way}' for way in ways))


def _quoted(text: str) -> str:
    """Return a Lark literal: JSON strings are such; ASCII keeps every reader out of trouble."""
    return json.dumps(text, ensure_ascii=True)


def _matching(shape: Matching) -> str:
    letters = r"[ !#-\[\]-~]" if shape.ascii else r'[^"\\\x00-\x1f\x7f]'
    return json.dumps(
        {
            "x-guidance": {"whitespace_flexible": False},
            "type": "string",
            "allOf": [
                {"pattern": shape.pattern},
                {"pattern": f"^{letters}{{{shape.least},{shape.most}}}$"},
            ],
        }
    )
