"""The label head: which option a vector fits, learnt at once from a few vectors that are known.

Multinomial logistic regression over frozen unit vectors, in numpy alone. It is no model and makes
no vectors: `engine` does, and fits a head for each set of examples. What it says of its sureness is
calibrated on examples that it was not fitted to; who asks decides from where on it counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.float64]
    Whole: TypeAlias = NDArray[np.intp]

PENALTIES: Final = (0.01, 0.03, 0.1)
"""Strengths of the pull towards "all alike" that are tried; the one that foretells best is kept."""
STEPS: Final = 30
"""Steps of a fit; each has a closed form and none can overshoot."""
FOLDS: Final = 5
"""Parts that the examples are dealt into: each is foretold by a head that never saw it."""
FEW: Final = 2
"""Examples of an option from which on it counts for calibration: one is needed to learn from."""
UNTRIED: Final = 0.5
"""How sharp chances are where too few examples are there to measure it."""
SHARPNESS: Final = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0)


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One fitted head."""

    options: tuple[str, ...]
    """The options that it can tell apart: those with an example."""
    weights: Floats
    """One column an option, the last row the bias."""
    sharpness: float
    """What scores are multiplied by: the inverse temperature."""
    foretold: float
    """The share of its own examples that it foretold rightly without having seen them; else 0."""

    def weigh(self, vector: Sequence[float]) -> list[float]:
        """Return the chance of each option, in the order of `options`; they add up to 1."""
        import numpy as np

        row = np.append(np.asarray(vector, dtype=np.float64), 1.0)
        chances = _softmax(row @ self.weights * self.sharpness)
        return [float(chance) for chance in chances]


def fit(vectors: Sequence[Sequence[float]], options: Sequence[str]) -> Head:
    """Learn from vectors of which it is known where they belong.

    Neither the order of the examples nor how many there are of an option tilts the head: each
    option as a whole weighs the same.

    Args:
        vectors: Unit vectors of one length.
        options: For each its option.

    Raises:
        ValueError: There is no example, or the two do not fit.
    """
    import numpy as np

    if not vectors or len(vectors) != len(options):
        msg = f"a head needs an option for each vector: {len(vectors)} and {len(options)} given"
        raise ValueError(msg)
    names = tuple(dict.fromkeys(sorted(options)))
    known = np.asarray([names.index(option) for option in options], dtype=np.intp)
    rows = np.asarray(vectors, dtype=np.float64)
    order = np.lexsort((*rows.T, known))  # the last key counts first: by option, then by value
    rows, known = rows[order], known[order]
    flat, basis = _narrowed(rows)
    penalty, sharpness, foretold = _calibrated(flat, known, len(names))
    share = _balance(known, np.ones(len(known), dtype=bool), len(names))
    [inner] = _solve(flat, known, share[None], np.array([penalty]))
    weights = np.vstack([basis.T @ inner[:-1], inner[-1:]])
    return Head(names, weights, sharpness, foretold)


def _narrowed(rows: Floats) -> tuple[Floats, Floats]:
    """Return the rows over the few directions that they span, and those directions: exact."""
    import numpy as np

    values, sides = np.linalg.eigh(rows @ rows.T)
    kept = values > 1e-12 * max(float(values[-1]), 1e-12)
    sizes = np.sqrt(values[kept])
    return sides[:, kept] * sizes, (sides[:, kept] / sizes).T @ rows


def _calibrated(rows: Floats, known: Whole, count: int) -> tuple[float, float, float]:
    """Choose penalty and sharpness by foretelling each example without it; say how well."""
    import numpy as np

    sizes = np.bincount(known, minlength=count)
    tried = sizes[known] >= FEW
    if count == 1 or not tried.any():
        return PENALTIES[1], UNTRIED, 0.0
    folds = np.concatenate([np.arange(size) for size in sizes]) % FOLDS
    parts = range(int(folds.max()) + 1)
    shares = np.array([_balance(known, folds != part, count) for part in parts])
    weights = _solve(
        rows, known, np.tile(shares, (len(PENALTIES), 1)), np.repeat(PENALTIES, len(shares))
    )
    place = np.arange(len(known))
    weighed = _balance(known, tried, count)
    best: tuple[float, float, float, float] | None = None
    for number, penalty in enumerate(PENALTIES):
        mine = weights[number * len(shares) + folds]
        scores = np.einsum("nd,ndk->nk", rows, mine[:, :-1]) + mine[:, -1]
        right = float(np.mean((scores.argmax(axis=1) == known)[tried]))
        for sharpness in SHARPNESS:
            chances = _softmax(scores * sharpness)[place, known]
            loss = float(-(np.log(np.maximum(chances, 1e-12)) * weighed).sum())
            if best is None or loss < best[0] - 1e-9:
                best = (loss, penalty, sharpness, right)
    assert best is not None  # noqa: S101  # the grid is not empty
    return best[1:]


def _solve(rows: Floats, known: Whole, shares: Floats, penalties: Floats) -> Floats:
    """Fit several heads at once by Newton's steps with a curvature that bounds every true one.

    Args:
        rows: The examples.
        known: For each its option.
        shares: For each head, how much each example weighs in it; 0 leaves it out.
        penalties: For each head its own.

    Returns:
        For each head one column an option, the last row the bias.
    """
    import numpy as np

    wide = np.hstack([rows, np.ones((len(rows), 1))])
    pull = penalties[:, None, None]
    curve = (wide.T[None] * shares[:, None, :]) @ wide / 2 + pull * np.eye(wide.shape[1])
    steer = np.linalg.inv(curve)
    truth = np.zeros((len(rows), int(known.max()) + 1))
    truth[np.arange(len(rows)), known] = 1.0
    weights = ahead = np.zeros((len(shares), wide.shape[1], truth.shape[1]))
    pace = 1.0
    for _ in range(STEPS):
        miss = (_softmax(wide @ ahead) - truth) * shares[:, :, None]
        after = ahead - steer @ (wide.T @ miss + pull * ahead)
        faster = (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        ahead = after + (pace - 1) / faster * (after - weights)
        weights, pace = after, faster
    return weights


def _balance(known: Whole, used: Any, count: int) -> Floats:
    """Weigh the used examples so that every option weighs the same, and all together 1."""
    import numpy as np

    sizes = np.bincount(known[used], minlength=count)
    share: Floats = used / (np.maximum(sizes, 1)[known] * np.count_nonzero(sizes))
    return share


def _softmax(scores: Any) -> Floats:
    import numpy as np

    lifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: Floats = lifted / lifted.sum(axis=-1, keepdims=True)
    return chances
