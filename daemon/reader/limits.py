"""How much memory the reader may use, from the machine and the model: pure arithmetic.

It measures nothing and sets nothing: `process` asks it before and after a model is loaded. The
wired limit of macOS has no number here because nothing sets it: kernels have panicked from it.
"""

from __future__ import annotations

from dataclasses import dataclass

GIB = 1 << 30
MIB = 1 << 20

CONTEXT = 8192
"""The most tokens that a prompt and its answer may have together, whatever the model takes."""
_WORK = 256 * MIB
"""What one forward pass of a bounded chunk needs on the way, at most, beside what is kept."""
_LEAST = 64 * MIB


class UnfitError(Exception):
    """The model does not fit into this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most bytes, by use."""

    whole: int
    """The whole process."""
    keys: int
    """Keys and values of all that is being read and written, counted once."""
    kept: int
    """Kept prefixes."""
    spare: int
    """Buffers that MLX keeps for the next pass."""
    tokens: int
    """The most tokens of one prompt with its answer."""


def may_use(machine: int) -> int:
    """Return the bytes that the reader may use on a machine with so many: half."""
    return machine // 2


def check(machine: int, weights: int) -> None:
    """Refuse a model that cannot fit, before it is loaded.

    Args:
        machine: Bytes of memory that there are.
        weights: The least bytes that its weights take once loaded.

    Raises:
        UnfitError: When it cannot fit.
    """
    if weights + _WORK + _LEAST > may_use(machine):
        needed, have = (weights + _WORK + _LEAST) / GIB, machine / GIB
        msg = (
            f"the model needs at least {needed:.1f} GiB, and the reader may use half of the "
            f"{have:.1f} GiB that this machine has; `doorward models list` says which fit"
        )
        raise UnfitError(msg)


def limits(machine: int, weights: int, token: int, context: int) -> Limits:
    """Divide the memory.

    Args:
        machine: Bytes of memory that there are.
        weights: Bytes that the loaded weights take.
        token: Bytes of the keys and values of one token.
        context: The most tokens that the model was made for.

    Raises:
        UnfitError: When the model leaves no room to work.
    """
    check(machine, weights)
    room = may_use(machine) - weights - _WORK
    kept = min(GIB, machine // 10, room // 4)
    spare = min(512 * MIB, room // 8)
    keys = min((room - kept - spare) // 2, machine // 8)  # they are copied when a batch changes
    tokens = min(CONTEXT, context, keys // token)
    return Limits(whole=may_use(machine), keys=keys, kept=kept, spare=spare, tokens=tokens)
