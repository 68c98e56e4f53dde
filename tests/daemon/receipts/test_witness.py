"""Both ends' real sessions over a real ledger; the orchestrator is honest, or is not."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doorward.cloud_bridge.device.outbox import Outbox, create_tables, position
from doorward.cloud_bridge.device.talk import Ended
from doorward.cloud_bridge.device.talk import Talk as DeviceTalk
from doorward.cloud_bridge.messages import StopAsked
from doorward.cloud_bridge.orchestrator.log import Log
from doorward.cloud_bridge.orchestrator.notary import Notary
from doorward.cloud_bridge.orchestrator.talk import Talk as ServerTalk
from doorward.cloud_bridge.received import Proof, Received
from doorward.daemon.errors import DaemonError, Tampered
from doorward.daemon.receipts.check import Check, verify
from doorward.daemon.receipts.crossing import sent_as
from doorward.daemon.receipts.entries import Entry, Unpinned, device_key
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.receipts.witness import LedgerWitness
from doorward.daemon.values.vault import Seal, derive
from doorward.policies.vocabulary import ObjectiveId
from doorward.proto.v1 import receipts_pb2, sync_pb2

MASTER = b"\x07" * 32
HOME = "orchestrator:home"
NOW = "2026-11-24T10:00:00+00:00"
CROSSING = Entry(
    kind="crossing",
    objective="",
    step="",
    tool="objective.stop",
    effect="egress",
    decision="allow",
    rule="user",
    line=0,
    policy="",
    destination=HOME,
    release="full",
    count=1,
    size=0,
    at=NOW,
)


class Liar(Notary):
    """Signs something else than it received."""

    lie: Callable[[Received], Received] = staticmethod(lambda received: received)

    def sign(self, received: Received) -> Proof:
        return super().sign(self.lie(received))


def notary(seed: int = 1, kind: type[Notary] = Notary) -> Notary:
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return kind(key, "home", "0.1.0+00", lambda: NOW)


@dataclass
class Pair:
    """A device and its orchestrator."""

    folder: Path
    notary: Notary | None = field(default_factory=notary)
    told: list[DaemonError] = field(default_factory=list)
    crossed: list[sync_pb2.Up] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.disk = sqlite3.connect(self.folder / "d.db", isolation_level=None)
        create_tables(self.disk)
        self.log = Log(sqlite3.connect(":memory:", isolation_level=None))
        self.log.create_tables()
        self.open()

    @property
    def path(self) -> Path:
        return self.folder / "receipts.jsonl"

    def open(self) -> None:
        self.ledger = Ledger(self.path, self.disk, Seal(derive(MASTER, "vault")), MASTER)
        self.witness = LedgerWitness(self.ledger, HOME, "mac", lambda: NOW, self.told.append)

    def say(self, name: str) -> None:
        """Let one message cross: receipt first, then the outbox."""
        up = StopAsked(ObjectiveId(name))
        sent = sent_as(name, up, self.ledger.salt)
        entry = replace(CROSSING, objective=name, size=sent.size, sent=sent.digest)
        self.ledger.append([(entry, {"sent": name})])
        Outbox(self.disk, salt=self.ledger.salt).put(up, f"{name}/stop")

    def session(self, *, lose_acks: bool = False, spoil: Callable[..., None] | None = None) -> None:
        """Hold one session until both are at rest."""
        device = DeviceTalk(self.disk, lambda: None, witness=self.witness)
        device.hello("mac", ())
        server = ServerTalk(
            device.frames.get_nowait().hello, self.log, lambda arrival: None, self.notary
        )
        while not (server.frames.empty() and device.frames.empty()):
            while not server.frames.empty():
                frame = server.frames.get_nowait()
                assert frame is not None
                if spoil is not None:
                    spoil(frame)
                if not (lose_acks and frame.HasField("ack")):
                    device.take(frame)
            while not device.frames.empty():
                up = device.frames.get_nowait()
                self.crossed.append(up.up)
                server.take(up)

    def check(self) -> Check:
        return verify(self.path, device_key(MASTER), anchor=self.ledger._anchor.held())


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return Pair(tmp_path)


def kinds(pair: Pair) -> list[str]:

    return [json.loads(line)["kind"] for line in pair.path.read_text().splitlines()]


def test_every_message_is_confirmed_by_an_entry_that_names_it(pair: Pair) -> None:
    pair.say("o-1")
    pair.say("o-2")
    pair.session()
    assert kinds(pair) == ["crossing", "crossing", "session", "received", "received"]
    check = pair.check()
    assert check.faults == ()
    assert (check.pairs.crossings, check.pairs.confirmed) == (2, 2)
    assert check.pairs.pins == {HOME: notary().identity.key.hex()}
    assert position(pair.disk).up_acked == 2


def test_a_message_that_was_never_acknowledged_is_sent_and_not_confirmed(pair: Pair) -> None:
    pair.say("o-1")
    pair.session(lose_acks=True)
    check = pair.check()
    assert check.faults == ()
    assert (check.pairs.crossings, check.pairs.confirmed) == (1, 0)


def test_a_signature_that_was_lost_with_its_acknowledgement_comes_later(pair: Pair) -> None:
    pair.say("o-1")
    pair.session(lose_acks=True)
    pair.session()
    assert kinds(pair) == ["crossing", "session", "session", "received"]
    assert pair.check().faults == ()


def test_a_signature_that_comes_again_is_kept_once(pair: Pair) -> None:
    pair.say("o-1")
    pair.session()
    pair.disk.execute("UPDATE sync SET up_acked = 0")  # the crash came before this was written
    pair.log._connection.execute("UPDATE device SET up_held = 1")
    pair.session()
    assert kinds(pair).count("received") == 1


def test_a_message_written_twice_and_said_once_is_confirmed_whole(pair: Pair) -> None:
    pair.say("o-1")
    pair.say("o-1")
    pair.session()
    pair.say("o-1")
    check = pair.check()
    assert (check.pairs.crossings, check.pairs.confirmed) == (3, 3)


def test_a_session_in_which_nothing_goes_up_leaves_no_entry(pair: Pair) -> None:
    pair.session()
    assert pair.ledger.head.n == 0


def test_another_key_is_refused_before_anything_is_sent_and_the_user_is_told(pair: Pair) -> None:
    pair.say("o-1")
    pair.session()
    pair.say("o-2")
    pair.notary = notary(2)
    before = len(pair.crossed)
    with pytest.raises(Ended, match=r"its key is .* the one known is .*receipts unpin"):
        pair.session()
    assert len(pair.crossed) == before
    assert isinstance(pair.told[-1], Tampered)
    assert pair.check().faults == ()


def test_one_that_stops_showing_its_key_is_refused(pair: Pair) -> None:
    pair.say("o-1")
    pair.session()
    pair.notary = None
    with pytest.raises(Ended, match="shows no key"):
        pair.session()


def test_after_the_users_word_a_new_key_is_pinned(pair: Pair) -> None:
    pair.say("o-1")
    pair.session(lose_acks=True)
    pair.notary = notary(2)
    with pytest.raises(Ended):
        pair.session()
    pair.ledger.append([(Unpinned(HOME, NOW), {})])
    pair.session()
    pair.say("o-2")
    pair.session()
    check = pair.check()
    assert check.faults == ()
    assert check.pairs.pins == {HOME: notary(2).identity.key.hex()}
    assert (check.pairs.crossings, check.pairs.confirmed) == (2, 1)


def test_one_that_never_signs_is_spoken_to_and_confirms_nothing(pair: Pair) -> None:
    pair.notary = None
    pair.say("o-1")
    pair.session()
    check = pair.check()
    assert (check.faults, check.pairs.confirmed, check.pairs.pins) == ((), 0, {})


LIES = {
    "digest": "never sent",
    "objective": "another objective",
    "device": "another name",
    "key": "another name",
    "seq": "another name",
    "entries": "before its receipt|another ledger head",
    "head": "another ledger head",
}


@pytest.mark.parametrize("what", LIES)
def test_one_that_signs_something_else_is_found_at_once_and_not_spoken_to_again(
    pair: Pair, what: str
) -> None:
    liar = notary(1, Liar)
    assert isinstance(liar, Liar)
    wrong: Any = {"digest": "00" * 32, "head": "00" * 32, "seq": 7, "entries": 0}.get(what, "other")
    change = {what: wrong}
    liar.lie = lambda received: replace(received, **change)
    pair.notary = liar
    pair.say("o-1")
    with pytest.raises(Ended, match=LIES[what]):
        pair.session()
    assert position(pair.disk).up_acked == 0, "its acknowledgement does not count"
    check = pair.check()
    assert check.faults == ()
    assert len(check.pairs.open_disputes()) == 1
    assert isinstance(pair.told[-1], Tampered)
    pair.open()  # the next start knows it too
    pair.notary = notary()
    with pytest.raises(Ended, match="have not looked at it"):
        pair.session()
    pair.ledger.append([(Unpinned(HOME, NOW), {})])
    assert pair.check().pairs.open_disputes() == []


def test_a_signature_of_another_key_is_found_at_once(pair: Pair) -> None:
    def spoil(frame: sync_pb2.SessionResponse) -> None:
        for proof in frame.ack.received:
            other = notary(2)._key.sign(b"doorward received 1\n" + proof.statement)
            proof.CopyFrom(
                receipts_pb2.Countersignature(statement=proof.statement, signature=other)
            )

    pair.say("o-1")
    with pytest.raises(Ended, match="not one of orchestrator:home"):
        pair.session(spoil=spoil)


def test_a_statement_of_any_bytes_ends_the_session_and_is_kept_as_evidence(pair: Pair) -> None:
    def spoil(frame: sync_pb2.SessionResponse) -> None:
        for proof in frame.ack.received:
            proof.statement = b"\xff" * 100_000

    pair.say("o-1")
    with pytest.raises(Ended, match="not one of this version"):
        pair.session(spoil=spoil)
    assert kinds(pair)[-1] == "disputed"
    assert pair.path.stat().st_size < 12_000


def test_an_older_ledger_is_found_by_what_the_orchestrator_saw(pair: Pair) -> None:
    pair.say("o-1")
    pair.session()
    old = pair.path.read_bytes(), pair.path.with_suffix(".head").read_bytes()
    disk = pair.disk.serialize()
    pair.say("o-2")
    pair.session()
    # The whole device is set back: ledger, head and database agree with each other.
    pair.path.write_bytes(old[0])
    pair.path.with_suffix(".head").write_bytes(old[1])
    pair.disk = sqlite3.connect(":memory:", isolation_level=None)
    pair.disk.deserialize(disk)
    pair.open()
    with pytest.raises(Ended, match="was it set back"):
        pair.session()
    pair.ledger.append([(Unpinned(HOME, NOW), {})])
    with pytest.raises(Ended, match="joined anew"):
        pair.session()  # the logs are joined anew
    pair.say("o-3")
    pair.session()
    check = pair.check()
    assert check.faults == ()
    assert any("had seen a ledger of" in note for note in check.pairs.notes)


def test_a_proof_that_cannot_be_kept_leaves_the_message_unacknowledged(pair: Pair) -> None:
    pair.say("o-1")

    def spoil(frame: sync_pb2.SessionResponse) -> None:
        if frame.HasField("ack"):
            pair.path.with_suffix(".new").mkdir()

    with pytest.raises(Ended, match="cannot write the receipt ledger"):
        pair.session(spoil=spoil)
    assert position(pair.disk).up_acked == 0
    pair.path.with_suffix(".new").rmdir()
    pair.session()
    assert pair.check().faults == ()
    assert position(pair.disk).up_acked == 1


def test_nothing_goes_up_when_the_session_cannot_be_written_down(pair: Pair) -> None:
    pair.say("o-1")
    pair.path.with_suffix(".new").mkdir()
    with pytest.raises(Ended, match="cannot write the receipt ledger"):
        pair.session()
    assert pair.crossed == []


def test_a_ledger_changed_under_a_running_daemon_stops_everything(pair: Pair) -> None:
    pair.say("o-1")
    pair.path.write_bytes(b"")
    with pytest.raises(Tampered, match="this daemon left"):
        pair.say("o-2")


def test_one_that_signs_a_time_before_the_receipt_is_found(pair: Pair) -> None:
    pair.say("o-1")
    first = pair.ledger.hash_at(1)
    pair.say("o-2")
    liar = notary(1, Liar)
    assert isinstance(liar, Liar)
    liar.lie = lambda received: replace(received, entries=1, head=first)
    pair.notary = liar
    with pytest.raises(Ended, match="before its receipt"):
        pair.session()
