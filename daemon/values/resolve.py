"""References to values: fills the arguments of a step from earlier results. Pure.

It reads no vault (the door hands the values in) and judges nothing; the label of what went in comes
back beside the arguments. Whether a step runs at all tells of its condition: the label of `when` is
in that of every call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from doorward.daemon.values.vault import Value
from doorward.policies.labels import Label, join_all
from doorward.policies.parts import elements
from doorward.policies.plan import ITEM, MAX_EACH, Literal, Ref, Step, Template, references
from doorward.policies.vocabulary import Data
from doorward.tools.base import Arguments

MAX_TEXT = 32_000_000
"""Characters of text that all calls of one step are given: some thousand letters."""


class Unresolved(Exception):
    """A reference leads nowhere; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool: its arguments and the label of everything in them."""

    arguments: Arguments
    label: Label
    item: Value | None = None
    """The element of the `each` list that it is for."""

    def values(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the values that its references name, with its own element."""
        return values if self.item is None else {**values, ITEM: self.item}


@dataclass(slots=True)
class _Labels:
    """Labels of references, each worked out once for all calls of a step."""

    values: Mapping[str, Value]
    known: dict[str, Label] = field(default_factory=dict)

    def of(self, ref: Ref, values: Mapping[str, Value]) -> Label:
        if ref.root == ITEM:
            return label_of_ref(ref, values)
        if ref.path not in self.known:
            self.known[ref.path] = label_of_ref(ref, values)
        return self.known[ref.path]


def calls(step: Step, values: Mapping[str, Value]) -> list[Call]:
    """Return the calls of a step: one, or one an element of its `each` list.

    Each element has its own label, as far as the value tells them apart.

    Args:
        step: The step that is due.
        values: The value of each earlier step, by step id.

    Raises:
        Unresolved: A reference has no value, or `each` is no list or too long a one.
    """
    labels = _Labels(values)
    gate = gating(step, values)
    if step.each is None:
        return [_call(step, values, labels, gate)]
    made, left = [], MAX_TEXT
    for item in _items(step.each, values):
        call = _call(step, {**values, ITEM: item}, labels, gate, item)
        left -= sum(len(each) for each in call.arguments.values() if isinstance(each, str))
        if left < 0:
            raise _too_much()
        made.append(call)
    return made


def gating(step: Step, values: Mapping[str, Value]) -> Label:
    """Return the label of what decides whether a step runs, and how often.

    A call that is made from an element of `each` has that element's label. One that uses none of it
    is but counted by the list, which is a condition like any other.
    """
    deciding = [step.when] if step.when is not None else []
    if step.each is not None and not any(ref.root == ITEM for ref in references(step)):
        deciding.append(step.each)
    return join_all(label_of_ref(ref, values) for ref in deciding)


def _items(each: Ref, values: Mapping[str, Value]) -> Iterator[Value]:
    listed = look_up(each, values)
    if not isinstance(listed, list):
        raise Unresolved(f"{each.path} is not a list")
    if len(listed) > MAX_EACH:
        raise Unresolved(f"{each.path} has {len(listed)} elements; the most is {MAX_EACH}")
    value, path = values[each.root], each.path.partition(".")[2]
    found = elements(value.label, value.fields, path, len(listed))
    for data, element in zip(listed, found, strict=True):
        yield Value(data, element.label, (), element.parts)


def holds(ref: Ref, values: Mapping[str, Value]) -> bool:
    """Tell whether a condition holds: true, or non-empty."""
    return bool(look_up(ref, values))


def label_of_ref(ref: Ref, values: Mapping[str, Value]) -> Label:
    """Return the label of what a reference names; of a container, of all that is in it."""
    if ref.root not in values:
        raise Unresolved(f"{ref.root} has no result")
    return values[ref.root].label_at(ref.path.partition(".")[2])


def look_up(ref: Ref, values: Mapping[str, Value]) -> Data:
    """Return what a reference names.

    Raises:
        Unresolved: There is no such step value or field.
    """
    root, *fields = ref.path.split(".")
    if root not in values:
        raise Unresolved(f"{root} has no result")
    found: Data = values[root].data
    for name in fields:
        if not isinstance(found, dict) or name not in found:
            raise Unresolved(f"{ref.path} has no {name!r}")
        found = found[name]
    return found


def fill(template: Template, values: Mapping[str, Value]) -> str:
    """Return the text of a template with every reference filled; see `answer` for filters."""
    # In one pass: braces that a value holds are text, whatever they look like.
    left, filled = MAX_TEXT, []
    for piece in template.pieces():
        if isinstance(piece, Ref):
            text = as_text(look_up(piece, values))
            left -= len(text)
            if left < 0:
                raise _too_much()
            filled.append(text)
        else:
            filled.append(piece)
    return "".join(filled)


def _too_much() -> Unresolved:
    return Unresolved(f"it was given more than {MAX_TEXT // 1_000_000} million characters")


def as_text(data: Data) -> str:
    """Return how a value reads inside a sentence."""
    match data:
        case None:
            return ""
        case bool():
            return "yes" if data else "no"
        case str():
            return data
        case float():
            return f"{data:.15g}"
        case list():
            return ", ".join(as_text(element) for element in data)
        case dict():
            return ", ".join(f"{name}: {as_text(element)}" for name, element in data.items())
        case _:
            return str(data)


def _call(
    step: Step,
    values: Mapping[str, Value],
    known: _Labels,
    gate: Label,
    item: Value | None = None,
) -> Call:
    arguments: dict[str, Data] = {}
    labels: list[Label] = [gate]
    for name, argument in step.args.items():
        match argument:
            case Literal(value):
                arguments[name] = value
            case Ref():
                arguments[name] = look_up(argument, values)
                labels.append(known.of(argument, values))
            case Template():
                arguments[name] = fill(argument, values)
                labels += [known.of(ref, values) for ref in argument.refs()]
    return Call(arguments, join_all(labels), item)
