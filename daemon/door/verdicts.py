"""Judged requests: what the gate said, grouped for the ledger, the card and the report. Pure.

It judges nothing (the door has the gate do so); it only puts requests and outcomes into the words
of receipts, cards and reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from doorward.daemon.objectives.codec import Json, label_to, request_to
from doorward.daemon.objectives.objective import Asked, Objective, Ticket
from doorward.daemon.receipts.entries import Entry, Sent
from doorward.policies.approvals import digest
from doorward.policies.cards import Facts, line, size_of, within
from doorward.policies.labels import join_all
from doorward.policies.permit import Permit
from doorward.policies.requests import Request, Verdict
from doorward.policies.shown import shown
from doorward.policies.vocabulary import Decision
from doorward.tools.changes.changeset import Change, ChangeKind, Stamp

_NOTHING = Sent()


@dataclass(frozen=True, slots=True)
class Judged:
    """One request with its outcome at the gate."""

    request: Request
    staged: bool
    """A file change that waits in the changeset until the commit."""
    outcome: Permit | Verdict
    content: str = ""
    """Digest of exactly what would be written, moved or sent."""
    yes: Asked | None = None
    """The user's yes on which its permit rests, to be used up before it is done."""

    @property
    def verdict(self) -> Verdict:
        """Return what the gate said, permitted or not."""
        return self.outcome.verdict if isinstance(self.outcome, Permit) else self.outcome

    @property
    def open(self) -> bool:
        """Tell whether it may go on: permitted, or staged until the card at commit."""
        if isinstance(self.outcome, Permit):
            return True
        return self.staged and self.outcome.decision is Decision.ASK

    @property
    def decided(self) -> str:
        """Return the decision as the user sees it; `approved` is an ask with a yes."""
        approved = isinstance(self.outcome, Permit) and self.verdict.decision is Decision.ASK
        return "approved" if approved else self.verdict.decision

    def asked(self, facts: Facts, shown: str = "", *, locked: bool = False) -> Asked:
        """Return it as a line of a card, still without its ticket.

        Args:
            facts: What the card says of it.
            shown: Its line, where it is not the facts as one.
            locked: A locked rule asks.
        """
        ticket = Ticket(content=self.content)
        return Asked(self.request, self.verdict, shown or line(facts), facts, ticket, locked)


def used(judged: Sequence[Judged]) -> list[Asked]:
    """Return every yes on which they rest."""
    return [one.yes for one in judged if one.yes is not None]


def permits(judged: Sequence[Judged]) -> list[Permit]:
    """Return the permits among them."""
    return [one.outcome for one in judged if isinstance(one.outcome, Permit)]


def counted(judged: Sequence[Judged]) -> tuple[tuple[str, str, int, int], ...]:
    """Return decision, rule, line and number of requests alike."""
    counts: dict[tuple[str, str, int], int] = {}
    for one in judged:
        alike = (one.decided, one.verdict.rule, one.verdict.line)
        counts[alike] = counts.get(alike, 0) + 1
    return tuple((*alike, count) for alike, count in counts.items())


def left_out(refused: Sequence[Judged]) -> str:
    """Return the sentence about requests that were refused while others went on."""
    verdict = refused[0].verdict
    return f"{len(refused)} left out by rule {verdict.rule}: {verdict.reason}"


def described(change: Change, folder: str) -> str:
    """Return a file change as the user reads it, from typed fields alone."""
    facts = facts_of_change(change, folder)
    return f"{facts.verb} {facts.thing}" + (f" ({facts.detail})" if facts.detail else "")


def facts_of_change(change: Change, folder: str) -> Facts:
    """Return a file change as a card tells it."""
    name = shown(within(str(change.path), folder))
    match change.kind:
        case ChangeKind.WRITE:
            return Facts("write", name, f"new, {_size(change.after)}")
        case ChangeKind.OVERWRITE:
            return Facts("overwrite", name, f"{_size(change.before)} → {_size(change.after)}")
        case ChangeKind.MOVE:
            to = shown(within(str(change.to or change.path), folder))
            return Facts("move", f"{name} → {to}")
        case ChangeKind.TRASH:
            return Facts("trash", name, _size(change.before))
    assert_never(change.kind)


def content_of(change: Change) -> str:
    """Return the digest of exactly what a change would do: from, to, and both contents."""
    where = (change.kind, change.path, change.to)
    return digest((*where, _held(change.before), _held(change.after)))


def _held(stamp: Stamp | None) -> tuple[int, int | str] | None:
    return (stamp.size, stamp.digest or stamp.modified) if stamp else None


def _size(stamp: Stamp | None) -> str:
    return size_of(stamp.size if stamp else 0)


def receipts(
    kind: str, objective: Objective, judged: Sequence[Judged], at: str, sent: Sent = _NOTHING
) -> list[tuple[Entry, Json]]:
    """Return the receipts of judged requests, alike ones as one, with the details to be sealed.

    Args:
        kind: `verdict`, `change` or `crossing`.
        objective: Whose.
        judged: The requests with their outcomes.
        at: ISO date and time, UTC.
        sent: For a crossing: what goes up.
    """
    groups: dict[tuple[str, ...], list[Judged]] = {}
    for one in judged:
        where = _where(one)
        alike = (one.request.effect, one.decided, one.verdict.rule, where)
        groups.setdefault(alike, []).append(one)
    return [
        (_entry(kind, objective, group, at, sent), _details(group, sent))
        for group in groups.values()
    ]


def _entry(kind: str, objective: Objective, group: Sequence[Judged], at: str, sent: Sent) -> Entry:
    request, verdict = group[0].request, group[0].verdict
    return replace(
        plain(kind, objective, request.tool, request.effect, at),
        step=request.step,
        decision=group[0].decided,
        rule=verdict.rule,
        line=verdict.line,
        policy=verdict.policy,
        destination=_where(group[0]),
        release=verdict.release,
        count=len(group),
        size=sent.size,
        sent=sent.digest,
    )


def _where(one: Judged) -> str:
    """Return where to, as the open ledger says it: a refused host's name may hold what it hid."""
    where = one.request.destination
    return where.kind if where.kind == "web" and not one.open else str(where)


def plain(kind: str, objective: Objective, tool: str, effect: str, at: str) -> Entry:
    """Return the receipt of something that the user did by their own command."""
    return Entry(
        kind=kind,
        objective=objective.id,
        step="",
        tool=tool,
        effect=effect,
        decision="allow",
        rule="user",
        line=0,
        policy="",
        destination="device",
        release="nothing",
        count=1,
        size=0,
        at=at,
    )


def _details(group: Sequence[Judged], sent: Sent) -> Json:
    verdict = group[0].verdict
    return {
        "resources": [one.request.resource for one in group],
        "reason": verdict.reason,
        "change": verdict.change,
        "label": label_to(join_all(one.request.label for one in group)),
        "sent": sent.text,
        "requests": [request_to(one.request) for one in group],
    }
