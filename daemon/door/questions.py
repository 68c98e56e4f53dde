"""Questions: what the door asks the user, in the words of a card.

It judges nothing and performs nothing: it makes cards of what the gate has said ask to, with what
is odd about each recipient, and remembers whom something went to. Called by the door alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from doorward.cloud_bridge.messages import Outcome
from doorward.daemon.door.asking import Asking, Yeses
from doorward.daemon.door.met import Met
from doorward.daemon.door.verdicts import Judged, described, facts_of_change
from doorward.daemon.objectives.events import Broke, NeedsApproval
from doorward.daemon.objectives.objective import Asked, CardKind, Objective, Report
from doorward.policies.cards import facts_of
from doorward.policies.lookalike import domain_of
from doorward.policies.requests import Request
from doorward.policies.rules import Policy
from doorward.policies.vocabulary import Decision, Effect, Role
from doorward.tools.changes.changeset import Change


@dataclass(frozen=True, slots=True)
class Questions:
    """Makes the cards of steps and of changesets."""

    policy: Callable[[], Policy | None]
    asking: Asking
    met: Met

    def yeses(self, objective: Objective, approved: Sequence[Asked] = ()) -> Yeses:
        """Return what the user approved: just now, and before for what was to come."""
        policy = self.policy()
        new = {asked.ticket.token for asked in approved}
        ahead = self.asking.ahead(objective, policy.id if policy else "")
        return Yeses(approved, [one for one in ahead if one.ticket.token not in new])

    def of_step(self, objective: Objective, judged: Sequence[Judged]) -> NeedsApproval | Broke:
        """Return the card for the requests of a step that policy asks about."""
        asks = [
            one.asked(
                facts_of(one.request, self._badges, objective.folder), locked=self._locked(one)
            )
            for one in judged
        ]
        return self._card(objective, CardKind.STEP, asks)

    def of_changes(
        self, objective: Objective, judged: Iterable[tuple[Change, Judged]]
    ) -> NeedsApproval | Broke | None:
        """Return the card for staged changes; None when policy asks about none of them."""
        folder = objective.folder
        asks = [
            one.asked(
                facts_of_change(change, folder),
                described(change, folder),
                locked=self._locked(one),
            )
            for change, one in judged
            if one.verdict.decision is Decision.ASK
        ]
        return self._card(objective, CardKind.COMMIT, asks) if asks else None

    def went(self, judged: Sequence[Judged], report: Report) -> None:
        """Remember whom something went to, when the step that sent it came out well."""
        if report.outcome is Outcome.OK:
            out = [one.request for one in judged if one.request.effect is Effect.EGRESS]
            self.met.add(name for request in out for name in _recipients(request))

    def _card(
        self, objective: Objective, kind: CardKind, asks: Sequence[Asked]
    ) -> NeedsApproval | Broke:
        if why := self.asking.too_many(objective):
            return Broke(f"It was stopped: {why}.")
        return NeedsApproval(self.asking.card(objective, kind, asks))

    def _locked(self, one: Judged) -> bool:
        policy = self.policy()
        rules = policy.rules if policy else ()
        return any(rule.locked and rule.id == one.verdict.rule for rule in rules)

    def _badges(self, address: str) -> tuple[str, ...]:
        policy = self.policy()
        groups = policy.groups.values() if policy else ()
        return self.met.badges(address, [member for group in groups for member in group])


def _recipients(request: Request) -> list[str]:
    """Return the addresses of a request: its destination's and those of its targets."""
    targets = [leaf.value for leaf in request.leaves if leaf.role is Role.TARGET]
    return [one for one in (request.destination.name, *targets) if domain_of(one)]
