"""Cards: what a question to the user says of one request, from typed fields alone. Pure.

No model writes a word of it, and no name reaches it but through `shown`. The door makes the facts
when it asks, every face draws the same ones; nothing here decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from doorward.policies.floors import LOCAL_ONLY
from doorward.policies.labels import UNKNOWN, Label
from doorward.policies.requests import Leaf, Request
from doorward.policies.shown import shown
from doorward.policies.vocabulary import Effect, Origin, Role, Trust

Badges = Callable[[str], tuple[str, ...]]
"""Says what is odd about an address: that it is new, that it looks like another."""

_SOURCES = 3
"""Sources of a value that are named before the rest is counted."""
_MANY = 4
"""Reads in one folder from which they are one line."""
_ADDRESSED = frozenset({"person", "connector", "model", "web", "host", "mcp"})
"""Kinds of destination that have a name of their own."""


@dataclass(frozen=True, slots=True)
class Given:
    """One value of the call: a recipient, an id, a text, with where it came from."""

    name: str
    """The argument; `to` for the destination itself."""
    role: str
    value: str
    """As `shown` writes it."""
    badges: tuple[str, ...] = ()
    """`new`, `looks like bank.example`, `foreign letters`."""
    whence: str = ""
    """A sentence part: `you typed it`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a card says of one request; every text is safe to be drawn as it is."""

    verb: str
    thing: str
    """What is touched; empty when only values go."""
    detail: str = ""
    """Size and the like, in words."""
    given: tuple[Given, ...] = ()
    label: str = ""
    """How private it is and who could have written it, in words."""


def facts_of(request: Request, badges: Badges, folder: str = "") -> Facts:
    """Return what a card says of a request.

    Args:
        request: What is asked about.
        badges: What is odd about an address.
        folder: The objective's folder: names in it are shown from there.
    """
    given = [_given(leaf, badges) for leaf in request.leaves if leaf.role is not Role.OPTION]
    to = request.destination
    if to.kind in _ADDRESSED and to.name not in {leaf.value for leaf in request.leaves}:
        given.insert(0, Given("to", Role.TARGET, shown(to.name), badges(to.name)))
    detail = shown(request.tool)
    if request.size:
        detail += f", {size_of(request.size)}"
    if request.effect is Effect.EGRESS:
        detail += f", {request.release}"
    thing = shown(within(request.resource, folder))
    return Facts(verb_of(request.effect), thing, detail, tuple(given), label_words(request.label))


def line(facts: Facts) -> str:
    """Return the facts as one line."""
    to = [each for each in facts.given if each.role == Role.TARGET]
    told = ", ".join(each.value + _bracketed(each.badges) for each in to)
    words = [facts.verb, facts.thing, f"→ {told}" if told else ""]
    return " ".join(word for word in words if word) + (f" ({facts.detail})" if facts.detail else "")


def beneath(facts: Facts) -> list[str]:
    """Return the lines below it: each value with where it came from, and the label."""
    lines = [
        f"{shown(each.name)}: {each.value}{_bracketed(each.badges)}"
        + (f" ({each.whence})" if each.whence else "")
        for each in facts.given
        if each.whence or each.badges
    ]
    return [*lines, f"data: {facts.label}"] if lines and facts.label else lines


def _bracketed(badges: tuple[str, ...]) -> str:
    return "".join(f" [{badge}]" for badge in badges)


def verb_of(effect: Effect) -> str:
    """Return what is done, as a verb."""
    match effect:
        case Effect.READ | Effect.WRITE | Effect.RUN | Effect.SPEND:
            return effect.value
        case Effect.DESTROY:
            return "delete or overwrite"
        case Effect.EGRESS:
            return "send"
        case _:  # pragma: no cover - mypy proves that there is no other
            assert_never(effect)


def _given(leaf: Leaf, badges: Badges) -> Given:
    odd = badges(leaf.value) if leaf.role in {Role.TARGET, Role.LINK} else ()
    return Given(leaf.name, leaf.role, shown(leaf.value), odd, whence(leaf))


def whence(leaf: Leaf) -> str:
    """Say where a value came from."""
    match leaf.origin:
        case Origin.USER:
            return "you typed it"
        case Origin.KNOWN:
            return "from your own data"
        case Origin.ASSIGNED:
            return f"given by the system that holds it{_named(leaf.label)}"
        case Origin.UNTRUSTED:
            where = _named(leaf.label).removeprefix(",") or " in data"
            return f"it appeared{where}, which anyone could have written"
        case Origin.NOVEL:
            return "found nowhere: the planner made it up"
        case _:  # pragma: no cover - mypy proves that there is no other
            assert_never(leaf.origin)


def _named(label: Label) -> str:
    """Name the sources of a value; empty when it has none."""
    sources = sorted(label.sources - {"user"})
    if not sources:
        return ""
    more = f" and {len(sources) - _SOURCES} more" if len(sources) > _SOURCES else ""
    return ", in " + ", ".join(_source(each) for each in sources[:_SOURCES]) + more


def _source(source: str) -> str:
    kind, _, rest = source.partition(":")
    if kind == "file":
        return shown(rest)
    tool, _, what = rest.partition(":")
    return f"{shown(what)} (by {shown(tool)})" if what else f"what {shown(tool)} gave back"


def label_words(label: Label) -> str:
    """Return a label in words."""
    tags = sorted(label.tags - UNKNOWN.tags - {LOCAL_ONLY})
    words = [", ".join(shown(tag) for tag in tags)] if tags else []
    if label.tags & UNKNOWN.tags:
        words.append("nobody has said how private it is")
    if LOCAL_ONLY in label.tags:
        words.append("to be used on this device alone")
    if label.trust is Trust.UNTRUSTED:
        words.append("a stranger could have written it")
    return "; ".join(words)


def within(path: str, folder: str) -> str:
    """Return a path as seen from a folder that holds it; else as it is."""
    inside = folder and path.startswith(f"{folder.rstrip('/')}/")
    return path[len(folder.rstrip("/")) + 1 :] if inside else path


def size_of(size: float) -> str:
    """Return a number of bytes in words."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} GB"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card, standing for one request or for many alike."""

    text: str
    all: tuple[str, ...]
    """Every single line that it stands for."""
    beneath: tuple[str, ...] = ()
    always: bool = False
    """It may not be folded away: something is lost or leaves by it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One request as the rows are made from it."""

    effect: Effect
    resource: str
    text: str
    beneath: tuple[str, ...] = ()


def rows(told: Sequence[Told], folder: str = "") -> list[Row]:
    """Return the lines of a card: what is lost or leaves one by one and first, many reads as one.

    Args:
        told: Every request that is asked about.
        folder: The objective's folder.
    """
    made: list[Row] = []
    reads: dict[str, list[Told]] = {}
    for one in told:
        if one.effect is Effect.READ and not one.beneath:
            reads.setdefault(one.resource.rpartition("/")[0], []).append(one)
        else:
            always = one.effect not in {Effect.READ, Effect.WRITE}
            made.append(Row(one.text, (one.text,), one.beneath, always))
    for above, group in reads.items():
        texts = tuple(dict.fromkeys(one.text for one in group))
        if len(texts) < _MANY:
            made += [Row(text, (text,)) for text in texts]
        else:
            where = shown(within(above, folder)) if above != folder else "the folder"
            made.append(Row(f"read {len(texts)} files in {where}", texts))
    return sorted(_counted(made), key=lambda row: not row.always)


def _counted(made: Iterable[Row]) -> list[Row]:
    """Say how often a line stands there that stands there more than once."""
    counts: dict[Row, int] = {}
    for row in made:
        counts[row] = counts.get(row, 0) + 1
    return [
        row if n == 1 or not row.always else Row(f"{n} × {row.text}", row.all, row.beneath, True)
        for row, n in counts.items()
    ]
