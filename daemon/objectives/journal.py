"""The journal: what a face is told of each event, as plain records. Pure.

Records are for the user's own eyes (they go over the control socket and are kept sealed), never for
the log and never upwards. Text comes from typed fields; content is not in it but for the answer,
which a face asks for by itself.
"""

from __future__ import annotations

from doorward.cloud_bridge.messages import Planned, StepDue
from doorward.daemon.objectives import events
from doorward.daemon.objectives.card_view import card_view
from doorward.daemon.objectives.codec import Json, report_to, step_to
from doorward.daemon.objectives.objective import Objective


def said(before: Objective, event: events.Event, after: Objective) -> list[Json]:
    """Return the records of one event: what happened, then the new state if it changed."""
    told = _what(event, after) if after != before else []
    if after.state is not before.state:
        told.append(
            {
                "kind": "state",
                "state": after.state,
                "wait": after.wait,
                "reason": after.reason,
                "nearest": list(after.nearest),
                "ended": after.state.ended,
            }
        )
    return told


def _what(event: events.Event, after: Objective) -> list[Json]:  # one arm an event
    match event:
        case Planned(_, plan, understood):
            steps = [step_to(step) for step in plan.steps]
            told: Json = {"kind": "planned", "understood": understood, "recipe": plan.recipe}
            return [{**told, "steps": steps}]
        case StepDue(_, step, influence):
            return [
                {
                    "kind": "step.started",
                    "step": step.id,
                    "tool": step.tool,
                    "why": step.why,
                    "influence": influence,
                }
            ]
        case events.Performed(report, observed):
            return [
                {
                    "kind": "step.ended",
                    "step": observed.step,
                    "released": observed.release,
                    **report_to(report),
                }
            ]
        case events.NeedsApproval() | events.CardShown() if after.card is not None:
            kind = "card.collected" if after.card.held else "card"
            return [{"kind": kind, "card": card_view(after.card, after.folder)}]
        case events.CardAnswered(card, yes, why):
            answer = {"kind": "card.answered", "card": card, "yes": yes}
            return [{**answer, "why": "" if yes else why}]
        case events.Committed(changed, unchanged):
            told = {"kind": "committed", "changed": list(changed), "unchanged": list(unchanged)}
            return [told]
        case events.Undone(kept):
            return [{"kind": "undone", "kept": list(kept)}]
        case _:
            return []
