"""Permits as the gate would mint them, and a look at a whole tree, for tests of file changes."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable
from pathlib import Path

from doorward.policies.permit import _GATE_KEY, Permit
from doorward.policies.requests import Request, Verdict
from doorward.policies.vocabulary import Decision, ObjectiveId, StepId
from doorward.tools.changes.changeset import Change, Changeset

OBJECTIVE = ObjectiveId("o-1")


def permits(changes: Iterable[Change], objective: ObjectiveId = OBJECTIVE) -> list[Permit]:
    verdict = Verdict(Decision.ALLOW, "test", 0, "", "")
    return [
        Permit(
            Request(objective, StepId("s1"), "files", touch.effect, touch.resource),
            verdict,
            _GATE_KEY,
        )
        for change in changes
        for touch in change.touches
    ]


def commit_all(changeset: Changeset) -> None:
    outcome = changeset.commit(permits(changeset.changes()))
    assert outcome.left == ()


def tree(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Return every file and folder: content, mode and, for files, modification time."""
    found: dict[str, tuple[str, int, int]] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        mode = stat.S_IMODE(status.st_mode)
        if path.is_dir():
            found[str(path.relative_to(folder))] = ("folder", mode, 0)
        else:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(folder))] = (digest, mode, status.st_mtime_ns)
    return found
