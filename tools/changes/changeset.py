"""The changeset: every file change of one objective; staged, shown, committed, undone.

It is the only way in which tools see or change the user's files. Nothing changes on disk before
`commit`, and what was committed can be undone byte for byte. It judges nothing: permits come from
the door. Tools read and stage through it; the daemon shows, commits, recovers and undoes it.
"""

from __future__ import annotations

import contextlib
import copy
import difflib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NoReturn

from doorward.policies.permit import Permit
from doorward.policies.vocabulary import ObjectiveId, StepId
from doorward.tools.base import ToolError
from doorward.tools.changes import actions, paths
from doorward.tools.changes.beneath import MAX_BYTES, Folder
from doorward.tools.changes.books import Books
from doorward.tools.changes.commit import Runner, survey
from doorward.tools.changes.disk import Disk
from doorward.tools.changes.listing import Entry, entries
from doorward.tools.changes.overlay import Blob, Change, ChangeKind, Original, Stamp
from doorward.tools.changes.rounds import FULL, Left, Outcome, Round, full
from doorward.tools.changes.staging import Staging

__all__ = ["Change", "ChangeKind", "Changeset", "Entry", "Left", "Outcome", "Stamp"]

_DIFF_BYTES = 1_000_000


class Changeset:
    """The file changes of one objective, over one folder."""

    def __init__(
        self,
        state: Path,
        objective: ObjectiveId,
        folder: Path,
        *,
        disk: Disk | None = None,
        limit: int = MAX_BYTES,
    ) -> None:
        """Name the changeset; it is opened at its first use, and begins with its first change.

        Args:
            state: The daemon's state folder; all is kept in `changesets/<objective>` there.
            objective: Whose changes.
            folder: The objective's folder: nothing outside it is seen or changed.
            disk: How the disk is changed; tests hand in one that fails or stops.
            limit: The most bytes of a file that is read.
        """
        paths.check(objective)
        disk = disk or Disk()
        self.objective = objective
        self._asked = folder
        self._limit = limit
        self._step = StepId("")
        self._folder = Folder(folder)
        self._books = Books(state / "changesets" / objective, self._folder.path, disk)
        self._staging = Staging(self._books, self._folder)
        self._runner = Runner(self._folder, self._books.kept, disk, self._books.mark)

    @classmethod
    def open_existing(cls, state: Path, objective: ObjectiveId, folder: Path) -> Changeset:
        """Open a changeset as it was left, also by another holder; empty if it never began."""
        return cls(state, objective, folder)

    def close(self) -> None:
        """Let go of every descriptor; the changeset can be opened again."""
        self._folder.close()
        self._books.close()

    def at(self, step: StepId) -> Changeset:
        """Return this same changeset as one step sees it: what it stages is staged once.

        Staging the same change from the same step again, after a crash, changes nothing.
        """
        view = copy.copy(self)
        view._step = step
        return view

    @property
    def folder(self) -> Path:
        """Return the folder, canonical and absolute."""
        return self._folder.path

    # --- names

    def resolve(self, text: str) -> Path:
        """Return the absolute path that an argument names.

        Raises:
            ToolError: When it is not a plain path in the folder.
        """
        if text.startswith("/") and not text.startswith(f"{self.folder}"):
            return self.folder / paths.relative_to(self._asked, text)
        return self.folder / paths.relative_to(self.folder, text)

    def relative(self, path: Path) -> str:
        """Return a path in the folder as results show it: relative, POSIX; `.` is the folder."""
        return self._inside(path) or "."

    # --- reading

    def open(self, path: Path, *, large: bool = False) -> BinaryIO:
        """Open a file for reading, as it would be with the staged changes.

        Args:
            path: The file.
            large: Also above the limit: for reading in pieces, never whole.

        Raises:
            NotFound: When there is no such file, or a staged change took it away.
            Unreadable: When it is not a plain file, is too large or may not be opened.
        """
        relative = self._inside(path)
        limit = None if large else self._limit
        with self._books.current() as books:
            match books.overlay.placed.get(relative):
                case Blob(name):
                    return books.kept.open_file(f"blobs/{name}", limit=limit)
                case Original(origin):
                    return self._folder.open_file(origin, limit=limit)
                case None:
                    self._staging.refuse_gone(relative)
                    return self._folder.open_file(relative, limit=limit)

    def entries(
        self, folder: Path, *, recursive: bool, skipped: list[str] | None = None
    ) -> Iterator[Entry]:
        """Yield the files and folders in a folder, by name; hidden ones and links are left out.

        Args:
            folder: The folder to list.
            recursive: Whether to go into folders.
            skipped: Collects a sentence for every inner folder that cannot be opened; None raises.

        Raises:
            NotFound: When there is no such folder.
            Unreadable: When it is not a folder or may not be opened.
        """
        relative = self._inside(folder)
        with self._books.current() as books:
            overlay = copy.deepcopy(books.overlay)
        yield from entries(self._folder, overlay, relative, recursive=recursive, skipped=skipped)

    def find(self, path: Path) -> Entry | None:
        """Return the file or folder at a path, as it would be; None when nothing would be there.

        Raises:
            Unreadable: When what is there is neither, or lies behind a link.
        """
        with self._books.current():
            return self._staging.find(self._inside(path))

    def forecast_move(self, path: Path, to: Path) -> Path:
        """Return where `stage_move` would put a file: `to`, or the next free name like it."""
        with self._books.current():
            free = self._staging.forecast(self._step, self._inside(path), self._inside(to))
            return self.folder / free

    def replaces(self, path: Path) -> bool:
        """Tell whether `stage_write` would put other content in the place of a file."""
        with self._books.current():
            return self._staging.replaces(self._step, self._inside(path))

    # --- staging

    def stage_write(self, path: Path, data: bytes) -> Path:
        """Stage new content for a file, which may exist.

        Raises:
            Conflict: When a folder is there, or a file where a folder is needed.
            Unavailable: When the disk is full; nothing was staged.
        """
        with self._books.current(begin=True):
            return self.folder / self._staging.write(self._step, self._inside(path), data)

    def stage_move(self, path: Path, to: Path) -> Path:
        """Stage a move of a file; never onto another: a taken name gets ` (2)`.

        Returns:
            Where the file really goes.

        Raises:
            NotFound: When there is no such file.
            Unreadable: When it is not a plain file.
            Conflict: When a file is where a folder is needed.
        """
        source, target = self._inside(path), self._inside(to)
        with self._books.current(begin=True):
            return self.folder / self._staging.move(self._step, source, target)

    def stage_trash(self, path: Path) -> None:
        """Stage a file for the changeset's own trash.

        Raises:
            NotFound: When there is no such file.
            Unreadable: When it is not a plain file.
        """
        with self._books.current(begin=True):
            self._staging.trash(self._step, self._inside(path))

    # --- the card

    def changes(self) -> tuple[Change, ...]:
        """Return what a commit would do now: the fewest changes that lead there."""
        with self._books.current() as books:
            return tuple(books.overlay.changes(self.folder))

    def committed(self) -> tuple[Change, ...]:
        """Return what was done and has not been undone."""
        with self._books.current() as books:
            return tuple(
                change
                for work in books.rounds
                for at, change in enumerate(work.changes)
                if work.parts(at) & (work.done - work.undone)
            )

    def diff(self, change: Change) -> str:
        """Return a staged change of a text file as a unified diff; empty for anything else."""
        name = self.relative(change.path)
        before = self._text(self._folder, name) if change.before else ""
        after = self._text(self._books.kept, f"blobs/{change.blob}") if change.blob else ""
        if not change.blob or before is None or after is None:
            return ""
        old = f"a/{name}" if change.before else "/dev/null"
        lines = difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), old, f"b/{name}"
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)

    # --- effects

    def commit(self, permits: Sequence[Permit]) -> Outcome:
        """Do what is staged and permitted, file by file, each whole or not at all.

        A change whose file the user changed meanwhile, or whose name is taken, is left and
        stays staged; so is one without its permits (see `Change.touches`).

        Raises:
            Unavailable: When the disk is full; nothing is changed, all stays staged. Only where
                the state folder is on another, full file system a part may be done already: then
                `recover` does the rest.
        """
        allowed = {
            (permit.request.effect, permit.request.resource)
            for permit in permits
            if permit.request.objective == self.objective
        }
        with self._books.current() as books:
            self.recover()
            ready: list[Change] = []
            left: list[Left] = []
            for change in self.changes():
                if all((touch.effect, touch.resource) in allowed for touch in change.touches):
                    ready.append(change)
                else:
                    left.append(Left(change, "it is not permitted"))
            if not ready:
                return Outcome((), tuple(left))
            outcome = self._finish(books.begin(self._planned(ready)))
        return Outcome(outcome.done, (*left, *outcome.left))

    def undo(self) -> Outcome:
        """Take back everything that was committed; what is only staged is dropped.

        A file that the user changed after the commit is left as it is, and so is one whose place
        is taken now; undo may be asked for again.

        Raises:
            Unavailable: When the disk is full; asking again goes on where it stopped.
        """
        with self._books.current() as books:
            self.recover()
            before = self.committed()
            if not before and not self.changes():
                return Outcome((), ())
            books.record({"do": "undo"})
            return self._take_back(before)

    def recover(self) -> Outcome | None:
        """Finish a commit or an undo that a crash interrupted; None when there was none."""
        with self._books.current() as books:
            for work in books.rounds:
                if not work.settled:
                    return self._finish(work)
            if books.undoing:
                return self._take_back(self.committed())
        return None

    def discard(self) -> None:
        """Drop what is staged; what was committed stays, and can still be undone."""
        with self._books.current() as books:
            placed = tuple(books.overlay.placed.values())
            if placed or books.overlay.gone:
                books.record({"do": "discard"})
            for source in placed:
                if isinstance(source, Blob):
                    books.drop(source)

    def forget(self) -> None:
        """Remove the changeset for good: undo is no longer possible."""
        self.close()
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self._books.kept.path)

    def _planned(self, ready: Sequence[Change]) -> Round:
        pairs = [
            (self._inside(change.path), self._inside(change.to) if change.to else "")
            for change in ready
        ]
        modes, missing = survey(self._folder, pairs)
        name = f"{self.objective}-{len(self._books.rounds)}"
        planned = actions.plan(ready, pairs, name)
        return Round(name, tuple(ready), tuple(planned), modes, tuple(missing))

    def _finish(self, work: Round) -> Outcome:
        try:
            self._runner.commit(work)
            self._books.settle(work)
        except OSError as error:
            if error.errno in FULL:
                self._abandon(work, error)
            raise
        return work.outcome()

    def _abandon(self, work: Round, error: OSError) -> NoReturn:
        """Take back a round for which there is no space; go on later where even that needs some."""
        self._books.unmark()
        try:
            self._runner.take_back(work)
        except OSError as worse:
            work.done.clear()
            raise full(worse, "the changes", "it goes on from here") from worse
        self._books.abandon(work)
        raise full(error, "the changes") from error

    def _take_back(self, before: tuple[Change, ...]) -> Outcome:
        left: list[Left] = []
        try:
            for work in reversed(self._books.rounds):
                why = self._runner.undo(work)
                left += (Left(work.changes[at], reason) for at, reason in sorted(why.items()))
        except OSError as error:
            if error.errno in FULL:
                raise full(error, "the undo", "it goes on from here") from error
            raise
        self._books.record({"do": "undone"})
        kept = [one.change for one in left]
        return Outcome(tuple(change for change in before if change not in kept), tuple(left))

    def _inside(self, path: Path) -> str:
        return paths.relative_to(self.folder, str(path))

    def _text(self, folder: Folder, relative: str) -> str | None:
        try:
            with folder.open_file(relative, limit=_DIFF_BYTES) as file:
                return file.read().decode("utf-8")
        except (ToolError, UnicodeDecodeError):
            return None
