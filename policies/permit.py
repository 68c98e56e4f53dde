"""The permit: proof that the gate allowed one request of one step.

It is not a capability against malice (Python has no walls inside a process); it stops mistakes:
only `gate` holds the key that the constructor demands, executors take permits in their signature,
and the type checker finds whoever forgot. A permit expires with its step.
"""

from __future__ import annotations

from typing import Final, final

from doorward.policies.requests import Request, Verdict

_GATE_KEY: Final = object()


@final
class Permit:
    """One allowed request; frozen."""

    __slots__ = ("request", "verdict")

    request: Request
    """Exactly what was allowed; open what it names, nothing else."""
    verdict: Verdict
    """Why, and with which obligations."""

    def __init__(self, request: Request, verdict: Verdict, key: object) -> None:
        """Refuse everyone but the gate.

        Raises:
            PermissionError: When `key` is not the gate's.
        """
        if key is not _GATE_KEY:
            msg = "a permit is minted by policies.gate alone; ask the door"
            raise PermissionError(msg)
        object.__setattr__(self, "request", request)
        object.__setattr__(self, "verdict", verdict)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a permit is what was allowed, for good."""
        msg = f"a permit cannot be changed ({name})"
        raise AttributeError(msg)

    def __repr__(self) -> str:
        """Name what is permitted."""
        return f"Permit({self.request.effect} {self.request.resource!r} by {self.verdict.rule})"
