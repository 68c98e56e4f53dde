"""Commits: the staged file changes of an objective, judged again, made, dropped or undone.

It opens no file itself (the changeset does) and writes nothing that has no permit. The supervisor
calls it through the door.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from doorward.daemon.door.admission import Admission
from doorward.daemon.door.asking import Yeses
from doorward.daemon.door.places import label_of_change, stamp
from doorward.daemon.door.verdicts import (
    Judged,
    content_of,
    described,
    permits,
    plain,
    used,
)
from doorward.daemon.objectives.events import Broke, Committed, Discarded, NeedsApproval
from doorward.daemon.objectives.objective import Asked, Objective
from doorward.daemon.values.marks import Marks
from doorward.policies.permit import Permit
from doorward.policies.vocabulary import (
    Effect,
    Influence,
    StepId,
)
from doorward.tools.changes.changeset import Change, Changeset


@dataclass(frozen=True, slots=True)
class Commits:
    """Settles, commits, discards and undoes changesets, each change through the gate."""

    admission: Admission
    marks: Marks
    """The labels of files that were written."""

    def settle(self, objective: Objective, changeset: Changeset) -> NeedsApproval | Broke | None:
        """Say which card the staged changes need; None when policy asks for none."""
        judged = [
            (change, one)
            for change in changeset.changes()
            for one in self._judge_change(objective, changeset, change, Yeses())
        ]
        self.admission.usage.give_back(objective.id)
        return self.admission.questions.of_changes(objective, judged)

    def commit(
        self, objective: Objective, changeset: Changeset, approved: Sequence[Asked]
    ) -> Committed:
        """Make the staged changes that policy allows or the user approved; say what was not.

        A commit that a crash interrupted has been finished by the changeset when it was opened; it
        is told here as it came out.
        """
        finished = changeset.recover()
        yeses = Yeses(approved)
        judged = [
            one
            for change in changeset.changes()
            for one in self._judge_change(objective, changeset, change, yeses)
        ]
        self.admission.record("change", objective, judged)
        self.admission.questions.asking.spend(used(judged), resume=True)
        refused = [one for one in judged if not isinstance(one.outcome, Permit)]
        reasons = {one.request.resource: one.verdict.reason for one in refused}
        outcome = changeset.commit(permits(judged))
        self.admission.questions.asking.over(approved)
        done = changeset.committed()
        stamp(changeset, self.marks, done)
        left = (*(finished.left if finished else ()), *outcome.left)
        return Committed(
            tuple(described(change, objective.folder) for change in done),
            tuple(
                f"{described(one.change, objective.folder)}: "
                + reasons.get(str(one.change.path), one.why)
                for one in left
            ),
        )

    def discard(self, objective: Objective, changeset: Changeset) -> Discarded:
        """Drop what is staged; say what an interrupted commit had already made."""
        changeset.recover()
        changeset.discard()
        done = changeset.committed()
        return Discarded(tuple(described(change, objective.folder) for change in done))

    def undo(self, objective: Objective, changeset: Changeset) -> tuple[str, ...]:
        """Undo the changeset by the user's own command; say what was kept and why."""
        entry = plain("undo", objective, "files.undo", Effect.WRITE, self.admission.clock().utc)
        done = [str(change.path) for change in changeset.committed()]
        self.admission.ledger.append([(entry, {"resources": done})])
        left = changeset.undo().left
        return tuple(f"{described(one.change, objective.folder)}: {one.why}" for one in left)

    def _judge_change(
        self, objective: Objective, changeset: Changeset, change: Change, yeses: Yeses
    ) -> list[Judged]:
        content = content_of(change)
        tools = {step.id: step.tool for step in (objective.plan.steps if objective.plan else ())}
        tool = tools.get(StepId(change.step), "files.write")
        admission, judged = self.admission, []
        label = label_of_change(changeset, self.marks, change)
        influence = Influence.CONTENT if objective.influenced else Influence.USER
        for touch in change.touches:
            request = admission.request(
                objective, change.step, tool, touch.effect, touch.resource, label
            )
            request = replace(request, influence=influence)
            one = admission.judge(request, yeses, content=content, staged=True, resume=True)
            admission.usage.reserve(one.verdict.counts, objective.id)
            judged.append(one)
        return judged
