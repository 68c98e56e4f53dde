from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from doorward.daemon.door.verdicts import Judged, counted, described, left_out, permits, receipts
from doorward.daemon.objectives import events
from doorward.daemon.objectives.journal import said
from doorward.daemon.objectives.objective import CardKind
from doorward.daemon.receipts.entries import Sent
from doorward.policies.cards import Facts
from doorward.policies.permit import _GATE_KEY, Permit
from doorward.policies.vocabulary import Decision, Effect, ObjectiveState
from doorward.tools.changes.changeset import Change, ChangeKind, Stamp

from tests.daemon.events import DUE1, OK, PLANNED, QUEUED, S1, asked, card, observed

ASK = asked()
DENY = replace(ASK.verdict, decision=Decision.DENY, rule="never", line=9)
ALLOW = replace(ASK.verdict, decision=Decision.ALLOW, rule="mine", line=3)


def judged(verdict: object = ALLOW, *, staged: bool = False, permit: bool = True) -> Judged:
    from doorward.policies.requests import Verdict

    assert isinstance(verdict, Verdict)
    allowed = verdict.decision is Decision.ALLOW or (verdict.decision is Decision.ASK and permit)
    outcome = Permit(ASK.request, verdict, _GATE_KEY) if allowed else verdict
    return Judged(ASK.request, staged, outcome)


@pytest.mark.parametrize(
    ("one", "is_open", "decided"),
    [
        (judged(ALLOW), True, "allow"),
        (judged(ASK.verdict), True, "approved"),
        (judged(ASK.verdict, permit=False), False, "ask"),
        (judged(ASK.verdict, permit=False, staged=True), True, "ask"),
        (judged(DENY), False, "deny"),
        (judged(DENY, staged=True), False, "deny"),
    ],
)
def test_what_is_open_is_permitted_or_waits_for_the_card(
    one: Judged, is_open: bool, decided: str
) -> None:
    assert (one.open, one.decided) == (is_open, decided)
    assert one.asked(Facts("write", "a")).request is ASK.request


def test_alike_verdicts_are_counted_as_one_and_only_permits_are_permits() -> None:
    several = [judged(ALLOW), judged(DENY), judged(ALLOW)]
    assert counted(several) == (("allow", "mine", 3, 2), ("deny", "never", 9, 1))
    assert len(permits(several)) == 2
    assert left_out([judged(DENY)]).startswith("1 left out by rule never: ")


def test_receipts_group_alike_requests_and_keep_every_resource_sealed() -> None:
    made = receipts(
        "verdict", QUEUED, [judged(ALLOW), judged(ALLOW), judged(DENY)], "at", Sent("äö", 4)
    )
    assert [(entry.decision, entry.count, entry.size) for entry, _ in made] == [
        ("allow", 2, 4),
        ("deny", 1, 4),
    ]
    assert made[0][1]["resources"] == ["/home/a/out.csv"] * 2
    assert "/home/a" not in str(made[0][0])


def stamp(size: int) -> Stamp:
    return Stamp(size, 0, 0o644, 0, 0, "")


@pytest.mark.parametrize(
    ("kind", "to", "sizes", "shown"),
    [
        (ChangeKind.WRITE, None, (None, 12), "write a/b.csv (new, 12 bytes)"),
        (ChangeKind.OVERWRITE, None, (1500, 2_500_000), "overwrite a/b.csv (1.5 kB → 2.5 MB)"),
        (ChangeKind.MOVE, "/home/a/c.csv", (1, 1), "move a/b.csv → c.csv"),
        (ChangeKind.TRASH, None, (3_000_000_000, None), "trash a/b.csv (3 GB)"),
    ],
)
def test_a_change_is_shown_from_its_fields(
    kind: ChangeKind, to: str | None, sizes: tuple[int | None, int | None], shown: str
) -> None:
    before, after = (None if size is None else stamp(size) for size in sizes)
    place = Path("/home/a/a/b.csv")
    change = Change(kind, place, Path(to) if to else None, "s1", before, after)
    assert described(change, "/home/a") == shown
    assert "/home/a/a/b.csv" in described(change, "/elsewhere")


WORKING = replace(QUEUED, state=ObjectiveState.WORKING)


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (PLANNED, "planned"),
        (DUE1, "step.started"),
        (events.Performed(OK, observed(S1)), "step.ended"),
        (events.NeedsApproval(card(CardKind.COMMIT)), "card"),
        (events.CardAnswered("c-1", False), "card.answered"),
        (events.Committed(("a",), ()), "committed"),
        (events.Undone(()), "undone"),
    ],
)
def test_a_face_is_told_what_happened_and_the_new_state(event: events.Event, kind: str) -> None:
    lines = said(QUEUED, event, replace(WORKING, card=card(CardKind.COMMIT)))
    assert [line["kind"] for line in lines] == [kind, "state"]
    assert lines[1]["state"] == "working"
    assert lines[1]["ended"] is False


def test_a_face_is_told_nothing_of_what_changed_nothing() -> None:
    assert said(QUEUED, DUE1, QUEUED) == []
    assert said(QUEUED, events.Answered(), replace(QUEUED, answered=True)) == []


def test_an_effect_is_a_plain_word() -> None:
    assert {effect.value for effect in Effect} >= {"read", "write", "destroy", "egress"}
