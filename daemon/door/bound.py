"""What leaves the device with a call: completes a request whose touch has a destination. Pure.

It judges nothing. A touch that stays here is handed back as it came. Called by the door for each
touch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from doorward.daemon.door.steps import JudgedCall
from doorward.daemon.door.verdicts import Judged
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.values.resolve import Call
from doorward.policies.labels import Label
from doorward.policies.requests import Request
from doorward.policies.vocabulary import DEVICE, Destination, Influence, Origin, Release, Trust


def bound(request: Request, destination: Destination, call: Call, objective: Objective) -> Request:
    """Return the request of one touch, with where everything in the call would go.

    Args:
        request: What would be touched, leaves and influence known.
        destination: Where the touch sends the call's arguments; the device: nowhere.
        call: The call.
        objective: Whose; its own command calls for the tool that it names.
    """
    request = replace(request, asked=request.asked or objective.own)
    if destination == DEVICE:
        return request
    size = len(json.dumps(call.arguments))
    label = call.label  # what went in counts, not where it goes
    if any(leaf.origin.rank > Origin.KNOWN.rank for leaf in request.leaves):
        label = label.join(objective.shown)
    request = replace(request, label=label)
    label = label if label.sources else _of_literals(request)
    return replace(request, destination=destination, release=Release.FULL, size=size, label=label)


def departing(made: Sequence[JudgedCall]) -> Iterator[tuple[Judged, str]]:
    """Yield each request that now goes beyond the device with what goes, for its receipt."""
    for call in made:
        if not call.fault and all(one.open for one in call.judged):
            for one in call.judged:
                if one.request.destination != DEVICE:
                    yield one, json.dumps(call.call.arguments, ensure_ascii=False)


def _of_literals(request: Request) -> Label:
    """Return the label of arguments that stand in the plan itself.

    Whoever planned knew the user's words and shapes, unless content was released to them: then it
    may be in what they wrote, and nothing is known of it.
    """
    if request.influence is Influence.CONTENT:
        return request.label
    if all(leaf.origin.rank <= Origin.KNOWN.rank for leaf in request.leaves):
        return request.label.join(Label(sources=frozenset({"user"})))
    made = Label(trust=Trust.UNTRUSTED, sources=frozenset({"planner"}))
    return request.label.join(made)
