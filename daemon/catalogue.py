"""The catalogue: what of the tools' faces a planner is told.

Our own tools' faces are text of this program: they hold nobody's data. A connector's face is
written by a stranger and may name what the user has there (a project, a customer), so each is a
value like others: the door has it judged, and under `shape` only names and types cross. Called by
the door alone; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from doorward.policies.plan import ToolSpec
from doorward.policies.vocabulary import Release
from doorward.tools.base import Tool

CONNECTORS = "mcp."
"""How the names of connectors' tools begin."""


def told(tools: Iterable[Tool], judge: Callable[[ToolSpec], Release]) -> tuple[ToolSpec, ...]:
    """Return the faces that a planner is told; `judge` says in which form a connector's may."""
    specs = [tool.spec for tool in tools]
    ours = [spec for spec in specs if not spec.name.startswith(CONNECTORS)]
    theirs = [spec for spec in specs if spec.name.startswith(CONNECTORS)]
    shown = [face(spec, judge(spec)) for spec in theirs]
    return (*ours, *(spec for spec in shown if spec is not None))


def face(spec: ToolSpec, form: Release) -> ToolSpec | None:
    """Return a connector tool's face in the form in which it may cross; None when it may not."""
    if form is Release.NOTHING:
        return None
    if form is Release.FULL:
        return spec
    parameters = tuple(replace(each, about="") for each in spec.parameters)
    return replace(spec, about="", parameters=parameters)
