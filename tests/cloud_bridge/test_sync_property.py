"""Both ends' real logs and sessions over a network that cuts, and disks that are set back.

Only the network is simulated: frames wait in two queues and are delivered one at a time. Every
message has a key; what the other end was told is compared with what was put.
"""

from __future__ import annotations

import sqlite3

from doorward.cloud_bridge.device import outbox as device_logs
from doorward.cloud_bridge.device.outbox import Inbox, Outbox
from doorward.cloud_bridge.device.talk import Ended
from doorward.cloud_bridge.device.talk import Talk as DeviceTalk
from doorward.cloud_bridge.durable import transaction
from doorward.cloud_bridge.messages import StopAsked
from doorward.cloud_bridge.orchestrator.log import Log, encode
from doorward.cloud_bridge.orchestrator.talk import Talk as ServerTalk
from doorward.cloud_bridge.orchestrator.turn import Phase, Row, say_again
from doorward.policies.vocabulary import ObjectiveId
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule


def database() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


class Sync(RuleBasedStateMachine):
    """One device, one orchestrator, anything in between."""

    def __init__(self) -> None:
        super().__init__()
        self.device_disk = database()
        device_logs.create_tables(self.device_disk)
        self.server_disk = database()
        Log(self.server_disk).create_tables()
        self.backup: bytes | None = None
        self.device: DeviceTalk | None = None
        self.server: ServerTalk | None = None
        self.count = 0
        self.owed: set[str] = set()  # keys put and not lost with a disk that was set back
        self.put: list[str] = []
        self.heard: list[str] = []
        self.finished: list[str] = []
        self.restored = False
        self.connect()

    # -- what the two programs do ----------------------------------------------------------------

    @rule(often=st.integers(1, 4), again=st.booleans())
    def user_says_something(self, often: int, again: bool) -> None:
        for _ in range(often):
            self.say(again)

    def say(self, again: bool) -> None:
        if not again or not self.put:
            self.count += 1
            self.put.append(f"k{self.count}")
        key = self.put[-1]
        self.owed.add(key)
        with transaction(self.device_disk):
            Outbox(self.device_disk).put(StopAsked(ObjectiveId(key)), key)
        if self.device is not None:
            self.device.grown()

    @rule()
    def an_objective_ends(self) -> None:
        log = Log(self.server_disk)
        if log.standing("mac") is None:
            return
        objective = f"o{len(self.finished)}"
        self.finished.append(objective)
        row = Row(ObjectiveId(objective), Phase.FINISHED)
        with transaction(self.server_disk):
            log.put("mac", row)
            log.say("mac", encode(say_again(row)))
        if self.server is not None:
            self.server.grown()

    # -- what the network does -------------------------------------------------------------------

    @rule()
    def connect(self) -> None:
        self.device = DeviceTalk(self.device_disk, lambda: None)
        self.device.hello("mac", ())
        self.server = None

    @rule(rounds=st.integers(1, 4), up=st.integers(0, 8), down=st.integers(0, 8))
    def frames_move(self, rounds: int, up: int, down: int) -> None:
        for _ in range(rounds):
            self.frames_go_up(up)
            self.frames_go_down(down)

    def frames_go_up(self, frames: int) -> None:
        for _ in range(frames):
            if self.device is None or self.device.frames.empty():
                return
            frame = self.device.frames.get_nowait()
            if frame.WhichOneof("kind") == "hello":
                self.server = ServerTalk(frame.hello, Log(self.server_disk), lambda arrival: None)
            elif self.server is not None:
                self.server.take(frame)

    def frames_go_down(self, frames: int) -> None:
        for _ in range(frames):
            if self.device is None or self.server is None or self.server.frames.empty():
                return
            frame = self.server.frames.get_nowait()
            if frame is None:
                self.cut()
                return
            try:
                self.device.take(frame)
            except Ended as ended:
                assert ended.again, f"the session broke: {ended}"
                self.connect()

    def cut(self) -> None:
        self.device = self.server = None

    # -- what disks do ---------------------------------------------------------------------------

    @rule()
    def the_device_is_backed_up(self) -> None:
        self.backup = self.device_disk.serialize()
        self.backed_up = set(self.owed)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def the_device_is_set_back(self) -> None:
        self.cut()
        self.device_disk = database()
        assert self.backup is not None
        self.device_disk.deserialize(self.backup)
        self.owed &= self.backed_up
        self.put = [key for key in self.put if key in self.owed]
        self.restored = True

    @rule()
    def the_daemon_takes_one(self) -> None:
        inbox = Inbox(self.device_disk)
        found = inbox.next()
        if found is not None:
            with transaction(self.device_disk):
                inbox.done(found[0])

    # -- what must hold --------------------------------------------------------------------------

    def arrived(self) -> list[str]:
        rows = self.server_disk.execute("SELECT key FROM inbox ORDER BY arrival").fetchall()
        return [key for (key,) in rows]

    @invariant()
    def nothing_is_doubled_and_order_holds(self) -> None:
        arrived = self.arrived()
        assert len(arrived) == len(set(arrived))
        if not self.restored:
            assert arrived == self.put[: len(arrived)]

    def teardown(self) -> None:
        """Give both ends time: then each knows all that the other said."""
        for _ in range(200):
            if self.device is None or (self.device.live and self.server is None):
                self.connect()
            self.frames_go_up(50)
            self.frames_go_down(50)
            if self.device is None or self.server is None:
                continue
            if self.device.frames.empty() and self.server.frames.empty():
                break
        else:
            raise AssertionError("the two ends never come to rest")
        assert self.owed <= set(self.arrived())
        keys = self.device_disk.execute("SELECT key FROM inbox").fetchall()
        assert {f"{each}/finished" for each in self.finished} <= {key for (key,) in keys}
        waiting = "SELECT count(*) FROM outbox WHERE body IS NOT NULL"
        assert self.device_disk.execute(waiting).fetchone() == (0,)
        left = self.server_disk.execute("SELECT count(*) FROM outbox").fetchone()
        assert left == (0,)


Sync.TestCase.settings = settings(max_examples=200, stateful_step_count=30, deadline=None)
TestSync = Sync.TestCase


def settled(sync: Sync) -> None:
    for _ in range(10):
        sync.frames_move(1, 50, 50)


def test_a_disk_set_back_that_grew_again_to_the_same_length_loses_no_new_message():
    sync = Sync()
    settled(sync)
    sync.the_device_is_backed_up()
    sync.say(again=False)  # k1 arrives, then the disk forgets it
    settled(sync)
    sync.the_device_is_set_back()
    sync.say(again=False)  # k2 takes the number that k1 had
    sync.teardown()
    assert sync.arrived() == ["k1", "k2"]


def test_a_disk_set_back_hears_again_what_it_had_acknowledged():
    sync = Sync()
    settled(sync)
    sync.an_objective_ends()
    settled(sync)
    sync.the_device_is_backed_up()
    for _ in range(3):
        sync.an_objective_ends()
    settled(sync)
    sync.the_device_is_set_back()
    sync.teardown()


def test_more_messages_than_one_window_all_arrive_in_order():
    sync = Sync()
    for _ in range(200):
        sync.say(again=False)
    sync.teardown()
    assert sync.arrived() == [f"k{each}" for each in range(1, 201)]


def test_a_lost_server_database_gets_what_was_not_acknowledged():
    sync = Sync()
    sync.say(again=False)
    settled(sync)
    sync.cut()
    sync.server_disk = database()
    Log(sync.server_disk).create_tables()
    sync.owed = set()
    sync.say(again=False)
    sync.teardown()
    assert sync.arrived() == ["k2"]
