"""The leaves of a call: every single argument with its role and where its value comes from. Pure.

A value that came by reference has the origin that the label of exactly that part proves. A literal,
which the planner wrote, is looked up in what the user typed and in what was read. A text put
together from both is no better than the worst of them, and as a target it must be found as a whole:
two known halves are not a known address. Links inside contents are leaves of their own. It judges
nothing; the door calls it for tools that have a manifest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

from doorward.daemon.values.resolve import Call, Unresolved, as_text, fill, label_of_ref, look_up
from doorward.daemon.values.vault import Value
from doorward.policies import parts
from doorward.policies.labels import NEUTRAL, Label, join_all
from doorward.policies.manifest import Manifest
from doorward.policies.plan import Literal, Ref, Step, Template
from doorward.policies.provenance import Sources, links_in, origin_of
from doorward.policies.requests import Leaf
from doorward.policies.vocabulary import Data, Effect, Origin, Role, Trust

MAX_LEAVES = 2000
"""Of one call: more can neither be judged one by one nor shown on a card."""
MAX_SHOWN = 500
"""Characters of a value that are kept; what is longer is bound by its digest."""
MAX_READ = 200_000
"""Characters of earlier results in which a literal is looked for; beyond them it is novel."""

_APART = " ¦ "
"""Between two texts that are searched as one: nothing is found across it."""
_BY_TRUST = {
    Trust.TRUSTED: Origin.KNOWN,
    Trust.ASSIGNED: Origin.ASSIGNED,
    Trust.UNTRUSTED: Origin.UNTRUSTED,
}


def origin_of_label(label: Label) -> Origin:
    """Return what a label proves of the origin of exactly the value that has it."""
    if label.sources == {"user"} and label.trust is Trust.TRUSTED:
        return Origin.USER
    return _BY_TRUST[label.trust]


def sources_of(
    words: str,
    directory: Collection[str],
    endorsed: Collection[tuple[Role, str]],
    values: Mapping[str, Value],
) -> Sources:
    """Return the places in which the literals of one objective are looked for.

    Args:
        words: What the user typed.
        directory: Whole values that the device knows.
        endorsed: Values that the user approved before in this objective, by role.
        values: The results so far.
    """
    found = Sources.of(words, directory)
    for role, value in endorsed:
        found = found.endorsing(role, value)
    read: dict[Trust, list[str]] = {}
    left = MAX_READ
    for held in values.values():
        for part in parts.leaves(held.data, held.label, held.fields):
            text = part.value if isinstance(part.value, str) else ""
            if left < len(text):
                break
            left -= len(text)
            read.setdefault(part.label.trust, []).append(text)
    for trust, texts in read.items():
        found = found.adding(trust, _APART.join(filter(None, texts)))
    return found


def leaves_of(
    step: Step, call: Call, values: Mapping[str, Value], manifest: Manifest, sources: Sources
) -> tuple[Leaf, ...]:
    """Return every leaf of one call.

    Args:
        step: The step, as planned.
        call: Its arguments, resolved.
        values: The values that references name.
        manifest: What is known of the tool.
        sources: Where literals may come from.

    Raises:
        Unresolved: There are more leaves than can be judged.
    """
    case = _Case(manifest, call.values(values), sources)
    found: list[Leaf] = []
    for name, argument in step.args.items():
        match argument:
            case Literal(value):
                made = case.literal(name, value)
            case Ref():
                made = case.reference(name, argument)
            case Template():
                made = case.template(name, argument)
        for leaf in made:
            found.append(leaf)
            if len(found) > MAX_LEAVES:
                raise Unresolved(f"{step.tool} was given more than {MAX_LEAVES} values at once")
    return tuple(found)


def invents(step: Step, effects: Collection[Effect], sources: Sources) -> bool:
    """Tell whether the planner's own words go into what a step gives back.

    What only reads gives back what is there: its arguments choose and are not in the result.
    """
    if set(effects) == {Effect.READ}:
        return False
    return any(
        origin_of(word, sources).rank > Origin.ASSIGNED.rank
        for argument in step.args.values()
        for word in _own_words(argument)
    )


@dataclass(frozen=True, slots=True)
class _Case:
    manifest: Manifest
    values: Mapping[str, Value]
    sources: Sources

    def literal(self, name: str, value: Data) -> Iterator[Leaf]:
        for part in parts.leaves(value, NEUTRAL, {}):
            role = self.manifest.role(_named(name, part.path))
            origin = origin_of(part.value, self.sources, role)
            yield from self.leaf(_named(name, part.path), part.value, origin, NEUTRAL)
        for place, key in self.keys(name, value):
            origin = origin_of(key, self.sources, self.manifest.role(place))
            yield from self.leaf(place, key, origin, NEUTRAL)

    def keys(self, name: str, data: Data) -> Iterator[tuple[str, str]]:
        """Yield the names that a record has and nobody has declared: they are data, too."""
        if isinstance(data, list):
            for one in data:
                yield from self.keys(name, one)
        if isinstance(data, dict):
            for key, one in data.items():
                inner = f"{name}.{key}"
                if not any(f"{role}.".startswith(f"{inner}.") for role in self.manifest.roles):
                    yield name, key
                yield from self.keys(inner, one)

    def reference(self, name: str, ref: Ref) -> Iterator[Leaf]:
        value, path = self.values[ref.root], ref.path.partition(".")[2]
        around = parts.part_at(value.label, value.fields, path)
        data = look_up(ref, self.values)
        for part in parts.leaves(data, around.label, around.parts):
            origin = _given(part.value, origin_of_label(part.label))
            yield from self.leaf(_named(name, part.path), part.value, origin, part.label)
        for place, key in self.keys(name, data):
            yield from self.leaf(place, key, origin_of_label(around.label), around.label)

    def leaf(
        self, name: str, value: None | bool | float | str, origin: Origin, label: Label
    ) -> Iterator[Leaf]:
        role = self.manifest.role(name)
        text = as_text(value)
        yield self.made(name, role, text, origin, label)
        if role is Role.CONTENT:
            for link in links_in(text):
                yield self.made(name, Role.LINK, link, origin, label)

    def template(self, name: str, template: Template) -> Iterator[Leaf]:
        role, whole = self.manifest.role(name), fill(template, self.values)
        pieces = self.pieces(template, role)
        label = join_all(label for _, _, label in pieces)
        origin = max((one for _, one, _ in pieces), key=_rank, default=Origin.KNOWN)
        if len(pieces) > 1 and role.chosen:
            origin = max(origin, origin_of(whole, self.sources, role), key=_rank)
        yield self.made(name, role, whole, origin, label)
        for link in links_in(whole) if role is Role.CONTENT else ():
            held = [one for text, one, _ in pieces if link in links_in(text)]
            found = min(held, key=_rank, default=Origin.NOVEL)
            yield self.made(name, Role.LINK, link, found, label)

    def pieces(self, template: Template, role: Role) -> list[tuple[str, Origin, Label]]:
        """Return what a template is put together from: text, origin and label of each piece."""
        found: list[tuple[str, Origin, Label]] = []
        for piece in template.pieces():
            if isinstance(piece, Ref):
                label = label_of_ref(piece, self.values)
                text = as_text(look_up(piece, self.values))
                found.append((text, origin_of_label(label), label))
            elif piece.strip():
                found.append((piece, origin_of(piece.strip(), self.sources, role), NEUTRAL))
        return found

    def made(self, name: str, role: Role, text: str, origin: Origin, label: Label) -> Leaf:
        """Return a leaf; words of the user and values that they approved prove the better origin.

        What the user typed or approved as a whole is theirs, whichever way it came here.
        """
        if role.chosen and origin.rank > Origin.KNOWN.rank:
            proved = origin_of(text, replace(self.sources, untrusted=(), assigned=()), role)
            origin = min(origin, proved, key=_rank)
        return Leaf(name, role, _bounded(text), origin, label)


def _given(value: None | bool | float | str, origin: Origin) -> Origin:
    """Return the origin of what a system is said to have given; no system gives a link as an id."""
    if origin is Origin.ASSIGNED and isinstance(value, str) and links_in(value):
        return Origin.UNTRUSTED
    return origin


def _own_words(argument: Literal | Ref | Template) -> Iterator[str | float]:
    match argument:
        case Literal(value):
            for part in parts.leaves(value, NEUTRAL, {}):
                if not isinstance(part.value, bool | None):
                    yield part.value
        case Template():
            own = (piece.strip() for piece in argument.pieces() if isinstance(piece, str))
            yield from filter(None, own)
        case Ref():
            return


def _named(argument: str, path: str) -> str:
    """Return the name of a leaf: elements of a list share that of the list."""
    return ".".join([argument, *(name for name in path.split(".") if name and not name.isdigit())])


def _bounded(text: str) -> str:
    if len(text) <= MAX_SHOWN:
        return text
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{text[:MAX_SHOWN]}… ({len(text)} characters, {digest})"


def _rank(origin: Origin) -> int:
    return origin.rank
