"""The changesets that are open in this process: one an objective, the least used let go.

It keeps descriptors few; what a changeset is and does stands in `tools.changes.changeset`.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from doorward.daemon.objectives.objective import Objective
from doorward.policies.vocabulary import ObjectiveId
from doorward.tools.changes.changeset import Changeset

_MOST = 64


class Changesets:
    """Opens each objective's changeset once."""

    def __init__(self, state: Path) -> None:
        """Keep them below `state`."""
        self._state = state
        self._open: OrderedDict[ObjectiveId, Changeset] = OrderedDict()

    def of(self, objective: Objective) -> Changeset:
        """Return the changeset of an objective, begun if it is new.

        Raises:
            ToolError: The objective's folder is gone or may not be opened.
        """
        held = self._open.pop(objective.id, None)
        if held is None:
            held = Changeset(self._state, objective.id, Path(objective.folder))
        self._open[objective.id] = held
        while len(self._open) > _MOST:
            self._open.popitem(last=False)[1].close()
        return held

    def close(self) -> None:
        """Let go of all."""
        while self._open:
            self._open.popitem()[1].close()
