"""References to values: fills the arguments of a step from earlier results. Pure.

It reads no vault (the door hands the values in) and judges nothing; the label of what went in comes
back beside the arguments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from doorward.daemon.vault import Value
from doorward.policies.labels import NEUTRAL, Label, join_all
from doorward.policies.plan import ITEM, MAX_EACH, Literal, Ref, Step, Template
from doorward.policies.vocabulary import Data
from doorward.tools.base import Arguments

_HOLE = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*)\}")


class Unresolved(Exception):
    """A reference leads nowhere; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool: its arguments and the label of everything in them."""

    arguments: Arguments
    label: Label


def calls(step: Step, values: Mapping[str, Value]) -> list[Call]:
    """Return the calls of a step: one, or one an element of its `each` list.

    Args:
        step: The step that is due.
        values: The value of each earlier step, by step id.

    Raises:
        Unresolved: A reference has no value, or `each` is no list or too long a one.
    """
    if step.each is None:
        return [_call(step, values)]
    elements = look_up(step.each, values)
    if not isinstance(elements, list):
        raise Unresolved(f"{step.each.path} is not a list")
    if len(elements) > MAX_EACH:
        raise Unresolved(f"{step.each.path} has {len(elements)} elements; the most is {MAX_EACH}")
    label = values[step.each.root].label
    return [_call(step, {**values, ITEM: Value(element, label)}) for element in elements]


def holds(ref: Ref, values: Mapping[str, Value]) -> bool:
    """Tell whether a condition holds: true, or non-empty."""
    return bool(look_up(ref, values))


def look_up(ref: Ref, values: Mapping[str, Value]) -> Data:
    """Return what a reference names.

    Raises:
        Unresolved: There is no such step value or field.
    """
    root, *fields = ref.path.split(".")
    if root not in values:
        raise Unresolved(f"{root} has no result")
    found: Data = values[root].data
    for field in fields:
        if not isinstance(found, dict) or field not in found:
            raise Unresolved(f"{ref.path} has no {field!r}")
        found = found[field]
    return found


def fill(template: Template, values: Mapping[str, Value]) -> str:
    """Return the text of a template with every reference filled; see `answer` for filters."""
    # In one pass: braces that a value holds are text, whatever they look like.
    return _HOLE.sub(lambda hole: as_text(look_up(Ref(hole[1]), values)), template.text)


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


def _call(step: Step, values: Mapping[str, Value]) -> Call:
    arguments: dict[str, Data] = {}
    labels: list[Label] = [NEUTRAL]
    for name, argument in step.args.items():
        match argument:
            case Literal(value):
                arguments[name] = value
            case Ref():
                arguments[name] = look_up(argument, values)
                labels.append(values[argument.root].label)
            case Template():
                arguments[name] = fill(argument, values)
                labels += [values[ref.root].label for ref in argument.refs()]
    return Call(arguments, join_all(labels))
