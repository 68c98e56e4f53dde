"""Write greedily with two models: a small one proposes, the large one checks it in one pass.

What comes out is what the large model would have written alone, token for token, as far as its
logits for several tokens at once are those for one at a time (they differ in the last bits). It
pays where a pass costs the large model much more than the small one, and about the same for one
token as for several: on a Mac's graphics processor, hardly ever on a CPU. Greedy, and one row.

It loads no model and knows no requests: the engine gives it two models that have read the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np

    Scores = np.ndarray[Any, np.dtype[np.float32]]

PROPOSED = 4
"""How many tokens are proposed at a time."""


class Model(Protocol):
    """A model in the middle of a text."""

    def feed(self, tokens: Sequence[int]) -> Scores:
        """Go on by some tokens; return the logits after each."""
        ...

    def back(self, tokens: int) -> None:
        """Forget the last tokens."""
        ...


class Held(Protocol):
    """What is written may be held to a grammar: `grammar.Constraint`."""

    @property
    def done(self) -> bool:
        """Tell whether the text is complete."""
        ...

    def allowed(self, width: int) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
        """Return which tokens may come next."""
        ...

    def take(self, token: int) -> None:
        """Go on by a token."""
        ...

    def back(self, tokens: int) -> None:
        """Take the last tokens back."""
        ...


class Cached:
    """An MLX model with its cache of one row."""

    def __init__(self, model: Any, cache: list[Any]) -> None:
        """Take a model of `mlx_lm.models` and caches that can be trimmed."""
        self._model = model
        self._cache = cache

    def feed(self, tokens: Sequence[int]) -> Scores:
        """Run the tokens through the model."""
        import mlx.core as mx
        import numpy as np

        scores = self._model(mx.array([list(tokens)]), cache=self._cache)[0].astype(mx.float32)
        mx.eval(scores)
        return np.array(scores)

    def back(self, tokens: int) -> None:
        """Trim the cache."""
        for layer in self._cache:
            if tokens and layer.trim(tokens) != tokens:
                msg = "a draft model needs a cache that can be trimmed"
                raise ValueError(msg)


@dataclass(slots=True)
class Tally:
    """How well it goes."""

    passes: int = 0
    """Passes of the large model."""
    proposed: int = 0
    kept: int = 0
    """Of the proposed tokens, those that the large model chose too."""


@dataclass(slots=True)
class Drafting:
    """One text that two models write."""

    large: Model
    small: Model
    rest: Sequence[int]
    """The last tokens of the prompt, one or more, that neither model was fed yet."""
    ends: frozenset[int]
    """Tokens that end a text; the last one written where it ended so."""
    held: Held | None = None
    tally: Tally = field(default_factory=Tally)
    _large_waits: list[int] = field(default_factory=list)
    _small_waits: list[int] = field(default_factory=list)
    _ended: bool = False

    def write(self, most: int) -> Iterator[list[int]]:
        """Yield the tokens written, some at a time, up to `most` of them or the end."""
        self._large_waits, self._small_waits = list(self.rest), list(self.rest)
        self._ended = self.held is not None and self.held.done
        while most > 0 and not self._ended:
            proposal = self._propose(min(PROPOSED, most - 1))
            written = self._check(proposal, most)
            most -= len(written)
            yield written

    def _choose(self, scores: Scores) -> int:
        import numpy as np

        allowed = self.held.allowed(len(scores)) if self.held else None
        return int(np.argmax(scores if allowed is None else np.where(allowed, scores, -np.inf)))

    def _take(self, token: int) -> bool:
        """Go on by a token; tell whether the text goes on after it."""
        if token in self.ends:
            return False
        if self.held:
            self.held.take(token)
            return not self.held.done
        return True

    def _propose(self, most: int) -> list[int]:
        proposal: list[int] = []
        goes_on = True
        while goes_on and len(proposal) < most:
            scores = self.small.feed(self._small_waits)
            proposal.append(self._choose(scores[-1]))
            self._small_waits = proposal[-1:]
            goes_on = self._take(proposal[-1])
        if self.held:
            self.held.back(sum(token not in self.ends for token in proposal))
        return proposal

    def _check(self, proposal: Sequence[int], most: int) -> list[int]:
        """Return the tokens that the large model chooses: of the proposal, and one more."""
        scores = self.large.feed([*self._large_waits, *proposal])[len(self._large_waits) - 1 :]
        written: list[int] = []
        while len(written) < most:
            place = len(written)
            token = self._choose(scores[place])
            written.append(token)
            if not self._take(token):
                self._ended = True
                break
            if place == len(proposal) or token != proposal[place]:
                break
        self._settle(proposal, written)
        return written

    def _settle(self, proposal: Sequence[int], written: Sequence[int]) -> None:
        """Let both models forget what was proposed in vain, and wait for what they were not fed."""
        pairs = zip(proposal, written, strict=False)
        kept = sum(ours == theirs for ours, theirs in pairs)
        self.tally.passes += 1
        self.tally.proposed += len(proposal)
        self.tally.kept += kept
        before = min(kept, len(written) - 1)  # the last one written is fed next time
        self.large.back(len(proposal) - before)
        self._large_waits = list(written[before:])
        if not proposal:
            self._small_waits += written
            return
        fed = len(proposal) - 1
        self.small.back(max(fed - before, 0))
        self._small_waits = list(written[min(fed, before) :])
