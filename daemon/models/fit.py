"""Which models fit into this machine, and which of them is best: pure arithmetic.

It loads and measures nothing; the reader process checks again with the true sizes when it loads.
Commands call it, and `doctor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from doorward.daemon.models.chosen import Role
from doorward.daemon.models.registry import Model

GIB: Final = 1 << 30
CONTEXT: Final = 8192
"""The tokens whose keys and values must fit beside the weights."""
_WORK: Final = 256 << 20
"""Bytes that one pass needs on the way."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What counts of a machine."""

    memory: int
    """Bytes of memory."""
    packed: bool
    """Whether weights stay packed (a Mac); else they are expanded to 32 bits."""

    @property
    def usable(self) -> int:
        """Return the bytes that the reader may use: half."""
        return self.memory // 2


def needs(model: Model, machine: Machine) -> int:
    """Return the bytes that a model takes while it runs; of one that does not say it, about."""
    if Role.EMBEDDER in model.roles:
        return model.bytes + _WORK
    expanded = (model.parameters or model.bytes * 16 // 9) * 4  # as if of 4.5 bits each
    weights = model.bytes if machine.packed else expanded
    token = (model.token or model.bytes // 20_000) * (1 if machine.packed else 2)
    return weights + token * CONTEXT + _WORK


def fits(model: Model, machine: Machine) -> bool:
    """Say whether it may run here."""
    return needs(model, machine) <= machine.usable


def best(role: Role, models: Sequence[Model], machine: Machine) -> Model | None:
    """Return the largest model of a role that fits; a guessing one is the smallest."""
    able = [model for model in models if role in model.roles and fits(model, machine)]
    pick = min if role is Role.DRAFT else max
    return pick(able, key=lambda model: model.parameters or model.bytes, default=None)


def unfit(model: Model, role: Role, models: Sequence[Model], machine: Machine) -> tuple[str, str]:
    """Return why a model does not fit, and what to do instead."""
    said = (
        f"{model.name} needs about {needs(model, machine) / GIB:.1f} GiB, and models may use half "
        f"of the {machine.memory / GIB:.1f} GiB that this machine has"
        + ("" if machine.packed else "; it is large because only a Mac keeps weights packed")
    )
    other = best(role, models, machine)
    hint = f"{other.name} fits" if other else "no model that is known for this fits here"
    return said, hint
