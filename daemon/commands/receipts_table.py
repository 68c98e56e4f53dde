"""Receipts as people read them: one table an objective, and what left, opened. Pure.

It turns records into lines and judges nothing; every word of others is escaped. `receipts` prints.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doorward.daemon.commands.follow import clean
from doorward.daemon.control.client import Json

_MOST = 4000
"""Characters of one crossing that are shown; `--json` has the rest."""


def table(entries: Sequence[Json]) -> Iterator[str]:
    """Yield the lines of every entry, by objective, each in the order of the ledger."""
    confirmed = confirmed_by(entries)
    groups: dict[str, list[Json]] = {}
    for one in entries:
        groups.setdefault(str(one.get("objective", "")), []).append(one)
    for objective, group in groups.items():
        yield clean(objective) if objective else "The ledger itself"
        for one in group:
            if one.get("kind") != "received":
                yield f"  {clean(one.get('n', '')):>5}  {_when(one)}  {_said(one, confirmed)}"
        yield ""


def confirmed_by(entries: Sequence[Json]) -> dict[str, int]:
    """Return, by digest, the number of the entry that confirms a message."""
    return {
        str(one["statement"].get("digest")): one["n"]
        for one in entries
        if one.get("kind") == "received" and isinstance(one.get("statement"), dict)
    }


def left(objective: str, receipts: Sequence[Json]) -> Iterator[str]:
    """Yield what left under an objective: when, where to, in which form, how much, and what."""
    confirmed = confirmed_by(receipts)
    crossings = [one for one in receipts if one["kind"] == "crossing"]
    yield f"{clean(objective)}: {len(crossings)} messages"
    for one in crossings:
        yield (
            f"  {clean(one['n']):>5}  {_when(one)}  {clean(one['destination'])} as"
            f" {clean(one['release'])}, {clean(one['size'])} bytes, {state(one, confirmed)}"
        )
        sent = clean(one["details"].get("sent", ""), lines=True)
        yield from (f"         {line}" for line in sent[:_MOST].split("\n"))
        if len(sent) > _MOST:
            yield f"         and {len(sent) - _MOST} more characters (--json)"
    yield ""


def state(crossing: Json, confirmed: dict[str, int]) -> str:
    """Return whether the other end has signed that it has a message."""
    if not crossing.get("sent"):
        return "sent"
    by = confirmed.get(str(crossing["sent"]))
    return f"confirmed by entry {by}" if by else "sent, not confirmed"


def _when(one: Json) -> str:
    return clean(one.get("at", ""))[:19].replace("T", " ")


def _said(one: Json, confirmed: dict[str, int]) -> str:
    match one.get("kind"):
        case "session":
            key = clean(one["key"])[:16] or "none"
            return f"session   {clean(one['orchestrator'])}, build {clean(one['build'])}, key {key}"
        case "disputed":
            return f"DISPUTED  {clean(one['orchestrator'])} {clean(one['reason'])}"
        case "unpinned":
            return f"unpinned  {clean(one['orchestrator'])}"
        case "renewed":
            return f"renewed   after a ledger of {clean(one['entries'])} entries"
        case "crossing":
            return (
                f"{_what(one)} → {clean(one['destination'])} as {clean(one['release'])},"
                f" {clean(one['size'])} bytes, {state(one, confirmed)}"
            )
    return f"{_what(one)} {clean(one.get('effect', ''))} {clean(one.get('count', ''))}×"


def _what(one: Json) -> str:
    step, tool = clean(one.get("step") or "-"), clean(one.get("tool", ""))
    return f"{clean(one.get('kind', '')):<9} {clean(one.get('decision', '')):<8} {step:<4} {tool}"
