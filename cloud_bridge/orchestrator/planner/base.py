"""The planner's seam: an objective's words in, a plan or a plain refusal out.

It is not a planner: `match` and `fill` make the embedded one, `model` would ask a chat model. The
orchestrator's workflow calls `Planner.plan` and checks what comes back with `policies.plan.check`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from doorward.policies.plan import Plan, ToolSpec


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a planner may know of an objective: its released words, never content."""

    text: str
    """The objective as it was released to the orchestrator."""
    today: str
    """ISO date at the device when the user asked; planners have no clock."""
    tools: Mapping[str, ToolSpec]
    """The device's tools, by name."""


@dataclass(frozen=True, slots=True)
class Made:
    """A plan that passes `policies.plan.check` against the brief's tools."""

    plan: Plan
    understood: str
    """The objective in the planner's words, for the user to check."""


@dataclass(frozen=True, slots=True)
class Cannot:
    """No plan; a value, not an error: the user reads it and types something else."""

    reason: str
    """A sentence or two: why not, and what would help."""
    nearest: tuple[str, ...] = ()
    """Objectives that can be planned, as examples to type."""


class Planner(Protocol):
    """Whoever turns words into plans."""

    async def plan(self, brief: Brief) -> Made | Cannot:
        """Return a plan that passes the check, or say why there is none.

        Never raises for any text: whatever a user types gets one of the two answers.
        """
        ...
