"""The case of one step: what is known when the door judges its calls, besides the policy's rules.

It judges nothing and opens nothing itself. It works out on the device, from labels alone, what the
orchestrator cannot be trusted to say: where arguments come from, whether the user's words call for
the tool, and whether untrusted content had a hand in the step.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from doorward.daemon.door.places import Places
from doorward.daemon.door.steps import Origins
from doorward.daemon.objectives.endorsed import endorsed
from doorward.daemon.objectives.objective import Due, Objective
from doorward.daemon.values.leaves import invents, leaves_of, origin_of_label, sources_of
from doorward.daemon.values.resolve import Call, gating, label_of_ref
from doorward.daemon.values.vault import Value
from doorward.policies.asked import asked
from doorward.policies.labels import NEUTRAL, UNKNOWN, Label
from doorward.policies.manifest import Manifest
from doorward.policies.provenance import Sources
from doorward.policies.requests import Request
from doorward.policies.vocabulary import Effect, Influence, Origin, Trust

_INVENTED = Label(trust=Trust.UNTRUSTED)
"""Of what the planner's own words went into: it may not come back as something that is known."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one step that is due."""

    due: Due
    """With the influence that the device has worked out."""
    values: Mapping[str, Value]
    sources: Sources
    manifest: Manifest | None
    origins: Origins
    asked: bool = False
    """The user's own words call for what the tool does."""

    def completed(self, request: Request, call: Call) -> Request:
        """Return a request with what is known of the call.

        Args:
            request: What would be touched.
            call: The call that would.

        Raises:
            Unresolved: The call has more arguments than can be judged.
        """
        request = replace(request, influence=self.due.influence)
        if self.manifest is None:
            return request
        leaves = leaves_of(self.due.step, call, self.values, self.manifest, self.sources)
        return replace(request, leaves=leaves, asked=self.asked)


def case_of(
    objective: Objective,
    due: Due,
    values: Mapping[str, Value],
    effects: Collection[Effect],
    manifest: Manifest | None,
    places: Places,
) -> Case:
    """Return the case of a step.

    Args:
        objective: Whose step it is.
        due: The step.
        values: Every result so far, by step id.
        effects: What its tool does.
        manifest: What is declared of the tool.
        places: What is known of the files that it reads.
    """
    step = due.step
    read = values if manifest is not None else {}
    vouched = endorsed(objective, step.id, step.tool)
    sources = sources_of(objective.text, (objective.folder,), vouched, read)
    always = _INVENTED.join(objective.shown) if invents(step, effects, sources) else NEUTRAL
    listed = label_of_ref(step.each, values) if step.each is not None else NEUTRAL
    fields: Mapping[str, Label] = {}
    if manifest is not None:
        always = always.join(_returned(manifest, step.tool, places))
        fields = manifest.fields
    origins = Origins(places.read, places.named, places.text, always, listed, fields)
    due = replace(due, influence=_influence(objective, due, values))
    called = manifest is not None and asked(objective.text, manifest.cues)
    return Case(due, values, sources, manifest, origins, called)


def _returned(manifest: Manifest, tool: str, places: Places) -> Label:
    """Return the label of all that a tool gives back; what nobody described is the policy's."""
    declared = replace(manifest.returns, sources=manifest.returns.sources | {f"tool:{tool}"})
    if not UNKNOWN.tags <= declared.tags:
        return declared
    described = places.fetched()
    return Label(
        (declared.tags - UNKNOWN.tags) | described.tags,
        max(declared.trust, described.trust, key=lambda each: each.rank),
        declared.sources | described.sources,
    )


def _influence(objective: Objective, due: Due, values: Mapping[str, Value]) -> Influence:
    """Say what the step depends on; what the orchestrator says of it can but make it worse."""
    condition = origin_of_label(gating(due.step, values))
    tainted = condition.rank >= Origin.ASSIGNED.rank  # how many there are is a stranger's choice
    if objective.influenced or tainted or due.influence is Influence.CONTENT:
        return Influence.CONTENT
    return Influence.USER
