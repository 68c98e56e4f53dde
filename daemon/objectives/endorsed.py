"""Endorsed values: what the user vouched for by saying yes, for the rest of the objective. Pure.

A yes to a card endorses its recipients, names of things and links, each in its role, for the tool
that it was asked about, and nothing that is content. What stood on the card is judged as it stood
there, so that the yes to it holds; in every other step the values count as known. It judges
nothing. `door.case` and the cards' view call it.
"""

from __future__ import annotations

from collections.abc import Iterable

from doorward.daemon.objectives.objective import Asked, Objective
from doorward.policies.requests import Leaf
from doorward.policies.vocabulary import Origin, Role, StepId


def endorses(asked: Iterable[Asked]) -> list[tuple[Role, str]]:
    """Return the values that a yes to these endorses: those whose origin was in doubt.

    None of a call for which a locked rule asks: such a call is asked about each time.
    """
    return doubtful(leaf for one in asked if not one.locked for leaf in one.request.leaves)


def doubtful(leaves: Iterable[Leaf]) -> list[tuple[Role, str]]:
    """Return recipients, names of things and links that nobody vouched for yet, once each."""
    found = (
        (leaf.role, leaf.value)
        for leaf in leaves
        if leaf.role.chosen and leaf.origin.rank > Origin.KNOWN.rank
    )
    return list(dict.fromkeys(found))


def endorsed(objective: Objective, step: StepId, tool: str) -> list[tuple[Role, str]]:
    """Return the values that are endorsed where this step, a call of this tool, is judged."""
    own = {_card(one) for one in objective.granted if one.request.step == step}
    same = (one for one in objective.granted if one.request.tool == tool)
    return endorses(one for one in same if _card(one) not in own)


def _card(asked: Asked) -> str:
    return asked.ticket.card.partition("/")[0]
