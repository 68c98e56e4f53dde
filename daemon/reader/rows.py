"""Decoding: rows of one or several requests, one token each a pass, in one batch.

It does not read prompts and decides no order: `engine` makes rows, `serving` says when to step. The
caches are mlx-lm's; the loop is ours, because theirs sets the wired limit. Where every row is free,
the next pass is begun before the last token is looked at; where a grammar forces what comes next, a
single row takes it in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from doorward.daemon.reader.forward import Cache, Forward

LEAP = 16
"""The most tokens that one pass takes because they are forced."""


class Constraint(Protocol):
    """Which tokens may come next; one for each row, it remembers what it took."""

    @property
    def done(self) -> bool:
        """Tell whether nothing more may come."""
        ...

    def allowed(self, width: int) -> Any:
        """Return a numpy mask over so many tokens, or None once done."""
        ...

    def take(self, token: int) -> None:
        """Go one token further."""
        ...

    def forced(self) -> list[int]:
        """Return the tokens that must come next, whatever the model says."""
        ...


@dataclass(slots=True, eq=False)
class Row:
    """One answer in the making. `serving` throws it away with its request."""

    feed: int
    """The token that goes in next: the prompt's last, then each that was written."""
    left: int
    """Tokens that it may still write."""
    ends: frozenset[int] = frozenset()
    """Tokens that end it and are no part of it."""
    constraint: Constraint | None = None
    heard: Callable[[int], None] | None = None
    sure: bool = False
    """Whether the chance of each token is wanted."""
    leaps: bool = False
    """Whether forced tokens are taken at once. They are the grammar's tokens, not the model's."""
    out: list[int] = field(default_factory=list)
    odds: list[float] = field(default_factory=list)
    ended: bool = False
    """Whether it came to its end, rather than to its bound."""

    @property
    def over(self) -> bool:
        """Tell whether nothing more will be written."""
        return self.ended or self.left <= 0

    def take(self, token: int, chance: float = 0.0) -> None:
        """Write one token."""
        if token in self.ends:
            self.ended = True
            return
        self.out.append(token)
        self.odds.append(chance)
        self.left -= 1
        self.feed = token
        if self.constraint is not None:
            self.constraint.take(token)
            self.ended = self.constraint.done
        if self.heard is not None:
            self.heard(token)


class Batch:
    """The rows that are decoded together."""

    def __init__(self, forward: Forward) -> None:
        """Take the model."""
        self._forward = forward
        self._rows: list[Row] = []
        self._cache: Cache = []
        self._ahead: Any = None

    @property
    def rows(self) -> Sequence[Row]:
        """Return the rows that are not over."""
        return self._rows

    def join(self, rows: Sequence[Row], cache: Cache) -> None:
        """Add rows whose prompts, all but the last token, are in `cache`."""
        self._settle()
        if not self._rows:
            self._cache = cache
        else:
            mine = [_batched(layer) for layer in self._cache]
            for layer, other in zip(mine, cache, strict=True):
                layer.extend(_batched(other))
            self._cache = mine
        self._rows = [*self._rows, *rows]
        self._leave_out({id(row) for row in rows if row.over})

    def drop(self, rows: Sequence[Row]) -> None:
        """Forget rows whose answer nobody wants any more."""
        self._leave_out({id(row) for row in rows})

    def step(self, *, ahead: bool = True) -> None:
        """Write one token of every row; a single one may get further.

        Args:
            ahead: Whether the next pass may be begun already: not where a row is about to join.
        """
        first = self._rows[0]
        if len(self._rows) == 1 and self._ahead is None and (forced := self._forced(first)):
            self._leap(first, forced)
        elif any(row.constraint is not None or row.sure for row in self._rows):
            self._step_held()
        else:
            self._step_free(ahead=ahead)
        self._leave_out({id(row) for row in self._rows if row.over})

    # -- how a token is chosen ---------------------------------------------------------------

    def _step_free(self, *, ahead: bool) -> None:
        """Choose on the device, and begin the next pass before this one's tokens are read."""
        import mlx.core as mx

        chosen = self._ahead
        if chosen is None:
            chosen = self._choose(mx.array([[row.feed] for row in self._rows]))
        self._ahead = None
        if ahead and any(row.left > 1 for row in self._rows):
            self._ahead = self._choose(chosen[:, None])
        for row, token in zip(self._rows, chosen.tolist(), strict=True):
            row.take(token)

    def _choose(self, tokens: Any) -> Any:
        import mlx.core as mx

        chosen = mx.argmax(self._forward.next(tokens, self._cache)[:, -1], axis=-1)
        _start(chosen)
        return chosen

    def _step_held(self) -> None:
        """Choose here, under each row's constraint; masks are made while the pass runs."""
        import mlx.core as mx

        self._settle()
        scores = self._forward.next(mx.array([[row.feed] for row in self._rows]), self._cache)
        scores = scores[:, -1].astype(mx.float32)
        _start(scores)
        width = int(scores.shape[-1])
        masks = [_mask(row, width) for row in self._rows]
        for row, mask, line in zip(self._rows, masks, _numbers(scores), strict=True):
            _write(row, mask, line)

    def _forced(self, row: Row) -> list[int]:
        """Return the tokens that must come next, where they may be taken at once."""
        if row.constraint is None or not row.leaps:
            return []
        return row.constraint.forced()[: min(LEAP, row.left)]

    def _leap(self, row: Row, tokens: list[int]) -> None:
        """Put in the next token and what must follow it, in one pass that is not waited for."""
        import mlx.core as mx

        feed = [row.feed, *tokens[:-1]]  # the last one goes in with the next pass
        for token in tokens:
            row.take(token)
            if row.over:
                return
        self._forward.next(mx.array([feed]), self._cache)
        _start([(layer.keys, layer.values) for layer in self._cache])

    # -- who is in it ------------------------------------------------------------------------

    def _settle(self) -> None:
        """Take back the pass that was begun ahead: each row's last token is to go in again."""
        if self._ahead is not None:
            self._ahead = None
            for layer in self._cache:
                layer.trim(1)

    def _leave_out(self, gone: set[int]) -> None:
        import mlx.core as mx

        stay = [at for at, row in enumerate(self._rows) if id(row) not in gone]
        if len(stay) == len(self._rows):
            return
        self._rows = [self._rows[at] for at in stay]
        if not stay:
            self._cache, self._ahead = [], None
            return
        kept = mx.array(stay)
        self._cache = [_filtered(layer, kept, len(stay)) for layer in self._cache]
        if self._ahead is not None:
            self._ahead = self._ahead[kept]


def _start(arrays: Any) -> None:
    """Have arrays computed while we go on."""
    import mlx.core as mx

    mx.async_eval(arrays)  # type: ignore[no-untyped-call]


def _mask(row: Row, width: int) -> Any:
    return None if row.constraint is None else row.constraint.allowed(width)


def _write(row: Row, mask: Any, scores: Any) -> None:
    import numpy as np

    token = int(np.argmax(scores if mask is None else np.where(mask, scores, -np.inf)))
    chance = 0.0
    if row.sure:
        lifted = np.exp(scores - scores.max())
        chance = float(lifted[token] / lifted.sum())
    row.take(token, chance)


def _numbers(scores: Any) -> Any:
    import numpy as np

    return np.array(scores, copy=False)


def _batched(layer: Any) -> Any:
    """Return a plain cache, whose rows are all of one length, as one whose rows need not be."""
    import mlx.core as mx
    from mlx_lm.models.cache import BatchKVCache

    if isinstance(layer, BatchKVCache):
        return layer
    keys, values = layer.keys_and_values()
    batched = BatchKVCache([0] * keys.shape[0])
    batched.keys, batched.values = keys, values
    batched.offset = mx.array([layer.offset] * keys.shape[0])
    batched._idx = layer.offset  # it has no other way in
    return batched


def _filtered(layer: Any, kept: Any, count: int) -> Any:
    from mlx_lm.models.cache import BatchKVCache

    if isinstance(layer, BatchKVCache):
        layer.filter(kept)
        return layer.extract(0) if count == 1 else layer
    layer.keys, layer.values = layer.keys[kept], layer.values[kept]
    return layer
