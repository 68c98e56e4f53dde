"""Reasons: the sentences of a verdict, why it is so and what would change it.

No decision is taken here, and no model writes a word: only typed fields go in. `rules` calls it.
The change names paths and is meant for the user's eyes; the reason names none and may travel.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, assert_never

from doorward.policies.requests import Request
from doorward.policies.vocabulary import Decision, Effect, Release


class Cause(NamedTuple):
    """What decided: a floor, a rule, a default, or that there is no policy."""

    rule: str
    line: int = 0
    why: str = ""
    kind: Literal["rule", "locked", "default", "floor", "closed"] = "rule"


def _doing(effect: Effect) -> str:
    """Return the effect as what someone does."""
    match effect:
        case Effect.READ:
            return "reading"
        case Effect.WRITE:
            return "changing"
        case Effect.DESTROY:
            return "deleting or overwriting"
        case Effect.EGRESS:
            return "letting data leave"
        case Effect.SPEND:
            return "spending"
        case Effect.RUN:
            return "running programs"
        case _:  # pragma: no cover - mypy proves that there is no other
            assert_never(effect)


_ALLOW: Final = Decision.ALLOW
_ASK: Final = Decision.ASK
_DENY: Final = Decision.DENY
_EGRESS: Final = Effect.EGRESS
_NOTHING: Final = Release.NOTHING
_DOING: Final = {effect: _doing(effect) for effect in Effect}
_SAID: Final = {_ALLOW: "allows", _ASK: "asks before", _DENY: "denies"}


def reason(request: Request, decision: Decision, cause: Cause, release: Release) -> str:
    """Return why, in a sentence that names no content."""
    what = f"{_SAID[decision]} {_DOING[request.effect]}"
    if request.effect is _EGRESS:
        what += f" to {request.destination}"
        if release is not _NOTHING:
            what += f" ({release})"
    match cause.kind:
        case "closed":
            sentence = f"No policy is in force, so Doorward {what}"
        case "floor":
            sentence = f"Doorward {what}, whatever the rules say"
        case "default":
            sentence = f"No rule applies, and the default {what}"
        case "rule" | "locked":
            sentence = f'The rule "{cause.rule}" {what}'
        case _:  # pragma: no cover - mypy proves that there is no other
            assert_never(cause.kind)
    return f"{sentence}: {cause.why.rstrip('.')}." if cause.why else f"{sentence}."


def change(request: Request, decision: Decision, cause: Cause, home: str) -> str:
    """Return the next step that would make it different."""
    match cause.kind:
        case "closed":
            return "Put a valid policy file in place; until then Doorward only reads, and asks."
        case "floor" if cause.rule == "floor.unclear":
            return "Name the file by its plain, full path."
        case "floor" if cause.rule == "floor.local_only":
            return 'Take "local_only" out of the rule under which it was read, or let a shape go.'
        case "floor":
            return "No rule can change this; do it yourself, outside Doorward."
        case "default":
            return _rule_to_add(request, decision, home)
        case "rule" | "locked":
            return _rule_to_edit(decision, cause)
        case _:  # pragma: no cover - mypy proves that there is no other
            assert_never(cause.kind)


def _rule_to_edit(decision: Decision, cause: Cause) -> str:
    place = f'the rule "{cause.rule}"' + (f" (line {cause.line})" if cause.line else "")
    if decision is _ALLOW:
        return f'To be asked first, write verdict = "ask" in {place}.'
    if cause.kind == "locked" and decision is _DENY:
        return f"No approval lifts it; edit {place} yourself if it is wrong."
    if decision is _ASK:
        return f"Answer the card, or edit {place}."
    return f"Narrow or remove {place}."


def _rule_to_add(request: Request, decision: Decision, home: str) -> str:
    if decision is _ALLOW:
        return f'Write {request.effect} = "ask" under [defaults], or add a rule that denies it.'
    what = request.tool if request.tool and request.effect is not _EGRESS else request.effect
    where = f" on {_around(request.resource, home)}" if request.resource else ""
    if request.effect is _EGRESS:
        where = f" to {request.destination}"
    answer = "Answer the card, or add" if decision is _ASK else "Add"
    step = f"{answer} a rule that allows {what}{where}"
    if request.effect is Effect.READ and not request.named:
        step += ", or name the folder in the objective with --in"
    return step + "."


def _around(resource: str, home: str) -> str:
    """Return the pattern of the folder that a path lies in, `~` for the home; else the name."""
    folder, slash, _ = resource.rpartition("/")
    if not resource.startswith("/") or not slash:
        return resource
    inside = home and folder.startswith(home.rstrip("/") + "/")
    return (f"~{folder[len(home.rstrip('/')) :]}" if inside else folder) + "/**"
