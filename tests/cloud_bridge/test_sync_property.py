"""Both ends' real logs and sessions over a network that cuts, and disks that are set back.

Only the network is simulated: frames wait in two queues and are delivered one at a time. Every
message has a key; what the other end was told is compared with what was put.
"""

from __future__ import annotations

import sqlite3

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from doorward.cloud_bridge.device import outbox as device_logs
from doorward.cloud_bridge.device.outbox import Inbox, Outbox
from doorward.cloud_bridge.device.talk import Ended
from doorward.cloud_bridge.device.talk import Talk as DeviceTalk
from doorward.cloud_bridge.durable import transaction
from doorward.cloud_bridge.messages import StopAsked
from doorward.cloud_bridge.orchestrator.log import Log, encode
from doorward.cloud_bridge.orchestrator.talk import Talk as ServerTalk
from doorward.cloud_bridge.orchestrator.turn import Phase, Row, say_again


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

    # -- what the two programs do ----------------------------------------------------------------

    @rule(again=st.booleans())
    def user_says_something(self, again: bool) -> None:
        if not again or not self.put:
            self.count += 1
            self.put.append(f"k{self.count}")
        key = self.put[-1]
        self.owed.add(key)
        with transaction(self.device_disk):
            Outbox(self.device_disk).put(StopAsked(key), key)
        if self.device is not None:
            self.device.grown()

    @rule()
    def an_objective_ends(self) -> None:
        log = Log(self.server_disk)
        if log.standing("mac") is None:
            return
        objective = f"o{len(self.finished)}"
        self.finished.append(objective)
        row = Row(objective, Phase.FINISHED)
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

    @rule(frames=st.integers(1, 8))
    def frames_go_up(self, frames: int) -> None:
        for _ in range(frames):
            if self.device is None or self.device.frames.empty():
                return
            frame = self.device.frames.get_nowait()
            if frame.WhichOneof("kind") == "hello":
                self.server = ServerTalk(frame.hello, Log(self.server_disk), lambda arrival: None)
            elif self.server is not None:
                self.server.take(frame)

    @rule(frames=st.integers(1, 8))
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

    @rule()
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

    @rule(take=st.booleans())
    def the_daemon_takes_one(self, take: bool) -> None:
        inbox = Inbox(self.device_disk)
        found = inbox.next()
        if found is not None and take:
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
            idle = self.device is not None and self.server is not None
            if idle and self.device.frames.empty() and self.server.frames.empty():
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


Sync.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestSync = Sync.TestCase
