"""Every hostile strategy by name."""

from __future__ import annotations

from tests.hostile import planning, wires
from tests.hostile.evil import Planning, Strategy


def strategies() -> dict[str, type[Strategy]]:
    """Return the strategies, those about plans first."""
    found = {}
    for module in (planning, wires):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Strategy) and kind.tried:
                found[kind.__name__.strip("_").lower()] = kind
    return found


def about_plans(kind: type[Strategy]) -> bool:
    """Tell whether a strategy keeps to the protocol and lies in what it says."""
    return issubclass(kind, Planning) or kind is planning.Phishing
