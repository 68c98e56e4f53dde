"""A card as the control API tells it: typed fields that any face can draw as they are. Pure.

No token is in it, and no word but from typed fields; `ARCHITECTURE.md` lists the fields. It answers
nothing. The journal and the views call it.
"""

from __future__ import annotations

from dataclasses import asdict

from doorward.daemon.objectives.codec import Json, request_to, verdict_to
from doorward.daemon.objectives.endorsed import endorses
from doorward.daemon.objectives.objective import Asked, Card, Objective
from doorward.policies.cards import Told, beneath, rows
from doorward.policies.shown import shown


def card_view(card: Card, folder: str) -> Json:
    """Return a card for a face."""
    told = [
        Told(one.request.effect, one.request.resource, one.shown, tuple(beneath(one.facts)))
        for one in card.asked
    ]
    return {
        "id": card.id,
        "kind": card.kind,
        "expires": card.expires,
        "collected": card.held,
        "again": card.again,
        "rows": [asdict(row) for row in rows(told, folder)],
        "rules": _rules(card),
        "values": [{"role": role, "value": shown(value)} for role, value in endorses(card.asked)],
        "asked": [_asked_view(one) for one in card.asked],
    }


def _asked_view(asked: Asked) -> Json:
    return {
        "shown": asked.shown,
        **asdict(asked.facts),
        "locked": asked.locked,
        "request": request_to(asked.request),
        "verdict": verdict_to(asked.verdict),
    }


def _rules(card: Card) -> list[Json]:
    """Return each rule that asks, once, with its sentence."""
    found = {
        one.verdict.rule: {
            "rule": one.verdict.rule,
            "line": one.verdict.line,
            "reason": one.verdict.reason,
        }
        for one in reversed(card.asked)
    }
    return list(reversed(found.values()))


def collected(objectives: list[Objective]) -> list[Json]:
    """Return the digest: every card that is held back, with the objective it belongs to."""
    return [
        {"objective": one.id, "text": shown(one.text), "card": card_view(one.card, one.folder)}
        for one in objectives
        if one.card is not None and one.card.held
    ]
