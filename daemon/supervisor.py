"""The supervisor: carries out what the loop decides, one durable transition at a time.

It decides nothing (`loop` does) and performs no effect (`door` does). Each event and the messages
it causes are one transaction; what is cut off by a crash is done again, which every action allows.
Called by the control API; talks to the orchestrator through outbox, inbox and link.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from doorward.cloud_bridge.device.outbox import Inbox, Outbox
from doorward.cloud_bridge.errors import BridgeError
from doorward.cloud_bridge.messages import StopAsked
from doorward.daemon.door.admission import Moment
from doorward.daemon.door.door import Door, answer_handle
from doorward.daemon.errors import DaemonError, Misused, NoRoom, exit_code, sentence
from doorward.daemon.objectives import events as on
from doorward.daemon.objectives import loop, own
from doorward.daemon.objectives.codec import Json
from doorward.daemon.objectives.journal import said
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.store import Store
from doorward.daemon.values.answer import render
from doorward.daemon.values.vault import Value, Vault, handle_of
from doorward.policies.labels import join_all
from doorward.policies.vocabulary import ObjectiveId, ObjectiveState
from doorward.tools.base import ToolError
from doorward.tools.changes.changeset import Changeset

_RETRY = 30.0
"""Seconds after which arrivals are tried again when the disk was full."""

_BEHIND = 1000
"""Events that a slow listener may be behind; then it misses some and asks again by number."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What the supervisor works with."""

    store: Store
    vault: Vault
    door: Door
    outbox: Outbox
    inbox: Inbox
    changesets: Callable[[Objective], Changeset]
    clock: Callable[[], Moment]
    notify: Callable[[], None]
    """Tell the link that the outbox has new rows."""
    wanted: Callable[[bool], None]
    """Tell whether the orchestrator is needed now."""


class Supervisor:
    """Keeps every open objective going."""

    def __init__(self, parts: Parts, arrived: asyncio.Event) -> None:
        """Take the parts; `arrived` is set when the inbox has something."""
        self._parts = parts
        self._group: asyncio.TaskGroup | None = None
        self._working: dict[ObjectiveId, set[asyncio.Task[None]]] = {}
        self._listeners: dict[ObjectiveId, set[asyncio.Queue[Json | None]]] = {}
        self._arrived = arrived
        self._revealing: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Resume what is open, then handle arrivals until cancelled."""
        async with asyncio.TaskGroup() as self._group:
            for objective in self._parts.store.objectives(open_only=True):
                self._expire(objective)
                self._resume(objective.id)
            while True:
                self._arrived.clear()
                try:
                    self._take_arrivals()
                except NoRoom:
                    # What arrived is still there; nothing was acknowledged to the user.
                    asyncio.get_running_loop().call_later(_RETRY, self._arrived.set)
                self._want()
                await self._arrived.wait()

    def _resume(self, objective: ObjectiveId) -> None:
        try:
            self.handle(objective, on.Restarted())
        except NoRoom:
            asyncio.get_running_loop().call_later(_RETRY, self._resume, objective)

    def _take_arrivals(self) -> None:
        while True:
            try:
                arrival = self._parts.inbox.next()
            except BridgeError:
                self._parts.inbox.drop_oldest()
                continue
            if arrival is None:
                return
            seq, message = arrival
            try:
                self.handle(message.objective, message, seq)
            except NoRoom:
                raise
            except Exception as error:  # supervisor level: one objective, not the daemon
                self._parts.inbox.done(seq)
                self.handle(message.objective, _broke(error))

    # --- what the control API calls -----------------------------------------------------------

    def submit(self, objective: Objective) -> None:
        """Store a new objective durably, then start it."""
        with self._parts.store.transaction():
            self._parts.store.put(objective)
        self.handle(objective.id, on.Submitted())

    def answer(self, objective: ObjectiveId, card: str, *, yes: bool) -> Objective:
        """Take the user's answer to a card; a yes endorses its values for the objective's rest.

        Raises:
            Misused: There is no such objective, or that card is not open.
        """
        held = self.get(objective)
        if held.card is None or (card and held.card.id != card):
            raise Misused(f"{objective} has no open card {card}".rstrip())
        self.handle(objective, on.CardAnswered(held.card.id, yes))
        return self.get(objective)

    def stop(self, objective: ObjectiveId) -> Objective:
        """Stop an objective: no further effect begins.

        Raises:
            Misused: There is no such objective, or it has ended.
        """
        if self.get(objective).state.ended:
            raise Misused(f"{objective} has ended already")
        self.handle(objective, on.StopRequested())
        return self.get(objective)

    def undo(self, objective: ObjectiveId) -> Objective:
        """Undo the file changes of a finished objective.

        Raises:
            Misused: It is not done, or is undone already.
        """
        held = self.get(objective)
        if not held.state.ended or held.state is ObjectiveState.UNDONE:
            raise Misused(f"{objective} is {held.state}: only what has ended can be undone")
        if not held.changed and held.state is not ObjectiveState.DONE:
            raise Misused(f"{objective} {held.state} and has changed nothing")
        kept = self._parts.door.commits.undo(held, self._parts.changesets(held))
        self.handle(objective, on.Undone(kept))
        return self.get(objective)

    def get(self, objective: ObjectiveId) -> Objective:
        """Return an objective.

        Raises:
            Misused: There is none of that id.
        """
        held = self._parts.store.get(objective)
        if held is None:
            error = Misused(f"there is no objective {objective}")
            error.add_note("hint: doorward list shows them")
            raise error
        return held

    async def events(self, objective: ObjectiveId, after: int) -> AsyncIterator[Json]:
        """Yield the events of an objective after number `after`, then each as it happens.

        Ends with the objective, or with the daemon.
        """
        queue: asyncio.Queue[Json | None] = asyncio.Queue(_BEHIND)
        self._listeners.setdefault(objective, set()).add(queue)
        try:
            for n, event in self._parts.store.events(objective, after):
                after = n
                yield {"n": n, **event}
            while not self.get(objective).state.ended or not queue.empty():
                told = await queue.get()
                if told is None:
                    return
                if told.get("n", after + 1) > after:
                    yield told
        finally:
            self._listeners[objective].discard(queue)
            if not self._listeners[objective]:
                del self._listeners[objective]

    def trouble(self, error: DaemonError) -> None:
        """Tell whoever watches an open objective what keeps it from going on; it is kept."""
        for objective in self._listeners:
            self._tell(objective, _troubled(error))

    def let_go(self) -> None:
        """End every stream of events: the daemon is going down."""
        for queue in [queue for queues in self._listeners.values() for queue in queues]:
            while queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    # --- one transition -----------------------------------------------------------------------

    def handle(self, objective: ObjectiveId, event: on.Event, seq: int | None = None) -> None:
        """Apply one event durably and start what it asks for."""
        actions = self._apply(objective, event, seq)
        if not actions or self._group is None:
            return
        before = tuple(self._working.get(objective, ()))
        if isinstance(actions[0], on.Cancel):
            for task in before:
                task.cancel()
        carrying = self._carry_out(objective, list(actions), before)
        task = self._group.create_task(carrying)
        self._working.setdefault(objective, set()).add(task)
        task.add_done_callback(lambda done: self._over(objective, done))

    def _over(self, objective: ObjectiveId, task: asyncio.Task[None]) -> None:
        self._working[objective].discard(task)
        if not self._working[objective]:
            del self._working[objective]

    def _apply(
        self, objective: ObjectiveId, event: on.Event, seq: int | None = None
    ) -> tuple[on.Action, ...]:
        parts = self._parts
        told: list[tuple[int, Json]] = []
        with parts.store.transaction():
            held = parts.store.get(objective)
            actions: tuple[on.Action, ...] = ()
            if held is not None:
                after, actions = (own if held.own else loop).advance(held, event)
                if after != held:
                    parts.store.put(after)
                    if after.card != held.card:
                        self._expire(after)
                for action in actions:
                    if isinstance(action, on.SendUp):
                        if isinstance(action.message, StopAsked):
                            parts.door.upward.stop(held)
                        parts.outbox.put(action.message, action.key)
                told = [
                    (parts.store.log(objective, line), line) for line in said(held, event, after)
                ]
            if seq is not None:
                parts.inbox.done(seq)
        parts.notify()
        for n, line in told:
            self._tell(objective, {"n": n, **line})
        self._want()
        return tuple(action for action in actions if not isinstance(action, on.SendUp))

    def _tell(self, objective: ObjectiveId, line: Json) -> None:
        for queue in self._listeners.get(objective, ()):
            if not queue.full():
                queue.put_nowait(line)

    def _want(self) -> None:
        active = {ObjectiveState.QUEUED, ObjectiveState.PLANNING, ObjectiveState.WORKING}
        open_now = self._parts.store.objectives(open_only=True)
        self._parts.wanted(
            any(one.state in active and not one.own for one in open_now)
            or self._parts.outbox.pending() > 0
        )

    async def _carry_out(
        self,
        objective: ObjectiveId,
        actions: list[on.Action],
        before: tuple[asyncio.Task[None], ...],
    ) -> None:
        if before:
            await asyncio.wait(before)
        try:
            while actions:
                event = await self._one(objective, actions.pop(0))
                if event is not None:
                    actions += self._follow(objective, event)
        except NoRoom as error:
            # Nothing is lost: the state on disk is the one before; a restart does it again.
            self._tell(objective, _troubled(error))

    def _follow(self, objective: ObjectiveId, event: on.Event) -> tuple[on.Action, ...]:
        try:
            return self._apply(objective, event)
        except NoRoom:
            raise
        except Exception as error:  # supervisor level: what cannot be sent or kept ends it
            return self._apply(objective, _broke(error))

    async def _one(self, objective: ObjectiveId, action: on.Action) -> on.Event | None:
        """Carry out one action; what fails is the objective's end, not the daemon's."""
        try:
            return await self._do(objective, action)
        except NoRoom:
            raise
        except Exception as error:  # supervisor level: one objective, not the daemon
            return _broke(error)

    async def _do(self, objective: ObjectiveId, action: on.Action) -> on.Event | None:
        parts = self._parts
        held = self.get(objective)
        match action:
            case on.ReleaseText():
                await parts.door.upward.ready(held)
                return parts.door.upward.words(held)
            case on.PerformStep() | on.RefuseStep():
                return await self._do_step(held, action)
            case on.Settle():
                changeset = parts.changesets(held)
                card = parts.door.commits.settle(held, changeset)
                return card or parts.door.commits.commit(held, changeset, ())
            case on.Commit():
                approved = held.committing or ()
                return parts.door.commits.commit(held, parts.changesets(held), approved)
            case on.FillAnswer():
                self._fill_answer(held)
                return on.Answered()
            case on.Discard():
                return parts.door.commits.discard(held, parts.changesets(held))
            case on.Cancel() | on.SendUp():
                return None
        assert_never(action)

    async def _do_step(
        self, held: Objective, action: on.PerformStep | on.RefuseStep
    ) -> on.Event | None:
        door, due = self._parts.door, held.due
        if due is None:
            return None
        if isinstance(action, on.RefuseStep):
            return door.refuse(held, due, action.report)
        changeset, progress = self._parts.changesets(held), self._progress(held.id)
        return await door.perform(held, due, action.approved, changeset, progress)

    def _fill_answer(self, held: Objective) -> None:
        if held.plan is None:
            return
        values = self._values(held)
        restorer = self._parts.door.upward.releases.restorer(held.id)
        text = render(held.plan.answer, values, restorer)
        label = join_all(value.label for value in values.values()).join(restorer.label)
        notes = tuple(note for report in held.reports.values() for note in report.notes)
        with self._parts.store.transaction():
            self._parts.vault.put(answer_handle(held.id), Value(text, label, notes))

    def _values(self, held: Objective) -> Mapping[str, Value]:
        found = {step: self._parts.vault.get(handle_of(held.id, step)) for step in held.reports}
        return {step: value for step, value in found.items() if value is not None}

    def _progress(self, objective: ObjectiveId) -> Callable[[int, int, str], Awaitable[None]]:
        async def tell(done: int, total: int, what: str) -> None:
            self._tell(objective, {"kind": "progress", "done": done, "total": total, "what": what})
            await asyncio.sleep(0)  # a stop gets through between two elements

        return tell

    def _expire(self, held: Objective) -> None:
        """Let silence be a no when the card's time is over."""
        if held.card is None:
            return
        left = held.card.expires - self._parts.door.admission.questions.asking.now()
        event = on.CardAnswered(held.card.id, yes=False, why="nobody answered in time")
        asyncio.get_running_loop().call_later(max(left, 0), self.handle, held.id, event)
        if held.card.held and self._revealing is None:
            opens = self._parts.door.admission.questions.asking.opens()
            self._revealing = asyncio.get_running_loop().call_later(opens, self._reveal)

    def _reveal(self) -> None:
        """Show what was collected, all of it as one card, as soon as the hour allows."""
        self._revealing = None
        asking = self._parts.door.admission.questions.asking
        held = [
            (one, one.card)
            for one in self._parts.store.objectives(open_only=True)
            if one.card is not None and one.card.held and one.card.expires > asking.now()
        ]
        try:
            if held and asking.reveal():
                for one, card in held:
                    self.handle(one.id, on.CardShown(card.id))
            elif held:
                opens = max(asking.opens(), 1.0)
                self._revealing = asyncio.get_running_loop().call_later(opens, self._reveal)
        except NoRoom:
            self._revealing = asyncio.get_running_loop().call_later(_RETRY, self._reveal)


def _troubled(error: DaemonError) -> Json:
    return {"kind": "trouble", "reason": sentence(error), "exit": exit_code(error)}


def _broke(error: Exception) -> on.Broke:
    known = isinstance(error, DaemonError | ToolError)
    return on.Broke(sentence(error) if known else f"a part of Doorward failed: {error!r}")
