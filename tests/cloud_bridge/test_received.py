"""What an orchestrator signs: one form, its own key, for everything that it acknowledges."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from doorward.cloud_bridge.codec import decode_up, encode_up
from doorward.cloud_bridge.errors import BridgeError, Malformed
from doorward.cloud_bridge.messages import StopAsked
from doorward.cloud_bridge.orchestrator.log import Log
from doorward.cloud_bridge.orchestrator.notary import Notary, build_id, own_key
from doorward.cloud_bridge.orchestrator.talk import Talk
from doorward.cloud_bridge.received import (
    Received,
    digest_of,
    read_statement,
    signed_part,
    statement_of,
)
from doorward.policies.vocabulary import ObjectiveId
from doorward.proto.v1 import objective_pb2, sync_pb2
from hypothesis import given
from hypothesis import strategies as st

RECEIVED = Received(
    device="mac",
    seq=3,
    key="o-1/s1",
    objective="o-1",
    digest="ab" * 32,
    entries=7,
    head="cd" * 32,
    at="2026-11-24T10:00:00+00:00",
    build="0.1.0+00",
)


def notary(seed: bytes = b"\x01" * 32) -> Notary:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return Notary(key, "home", "0.1.0+00", lambda: "2026-11-24T10:00:00+00:00")


def test_a_statement_is_read_as_it_was_written() -> None:
    assert read_statement(statement_of(RECEIVED)) == RECEIVED


@pytest.mark.parametrize(
    "wrong",
    [
        {"seq": -1},
        {"seq": 2**63},
        {"seq": True},
        {"seq": 3.0},
        {"digest": "AB" * 32},
        {"digest": "ab"},
        {"head": "x" * 64},
        {"build": "\x1b[2J"},
        {"build": "b" * 101},
        {"at": "jetzt\u202e"},
        {"key": "k" * 501},
        {"objective": None},
        {"more": 1},
    ],
)
def test_a_statement_with_a_value_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    held = json.dumps({**asdict(RECEIVED), **wrong}, sort_keys=True, separators=(",", ":"))
    with pytest.raises(Malformed):
        read_statement(held.encode())


def test_a_statement_in_another_form_is_refused() -> None:
    good = statement_of(RECEIVED)
    for other in (good + b" ", b" " + good, good.replace(b":", b": ", 1), b"", b"[]", b"[" * 9000):
        with pytest.raises(Malformed):
            read_statement(other)


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader_of_statements(held: bytes) -> None:
    with pytest.raises(Malformed):
        read_statement(held)


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "home.key"
    first = own_key(path).public_key().public_bytes_raw()
    assert own_key(path).public_key().public_bytes_raw() == first
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(BridgeError, match="read by others"):
        own_key(path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(BridgeError, match="damaged"):
        own_key(path)
    path.unlink()
    path.symlink_to(tmp_path / "else")
    with pytest.raises(BridgeError, match="cannot keep"):
        own_key(path)


def test_a_build_is_named_by_its_code() -> None:
    assert build_id() == build_id()
    assert len(build_id().partition("+")[2]) == 16


def test_an_older_keys_signature_is_not_passed_on() -> None:
    proof = notary().sign(RECEIVED)
    assert notary().made(proof)
    assert not notary(b"\x02" * 32).made(proof)
    assert not notary().made(replace(proof, statement=proof.statement + b" "))


def test_a_salt_changes_the_digest_and_not_the_message() -> None:
    up = StopAsked(ObjectiveId("o-1"))
    one, other = encode_up(up, lambda plain: b"1" * 16), encode_up(up, lambda plain: b"2" * 16)
    assert digest_of(one) != digest_of(other)
    assert decode_up(one) == decode_up(other) == decode_up(encode_up(up)) == up


# --- the orchestrator's half of a session ---------------------------------------------------------


def log() -> Log:
    made = Log(sqlite3.connect(":memory:", isolation_level=None))
    made.create_tables()
    return made


def hello(up_acked: int = 0, up_head: int = 9, epoch: str = "e") -> sync_pb2.Hello:
    return sync_pb2.Hello(
        device="mac", epoch=epoch, up_acked=up_acked, up_head=up_head, proto_min=1, proto_max=1
    )


def up(seq: int, head: bytes = b"\x0c" * 32) -> sync_pb2.SessionRequest:
    body = objective_pb2.UpBody.FromString(
        encode_up(StopAsked(ObjectiveId(f"o-{seq}")), lambda plain: b"s" * 16)
    )
    entry = sync_pb2.Up(seq=seq, key=f"k{seq}", body=body, ledger_entries=4, ledger_hash=head)
    return sync_pb2.SessionRequest(up=entry)


def next_of(talk: Talk) -> sync_pb2.SessionResponse:
    frame = talk.frames.get_nowait()
    assert frame is not None
    return frame


def test_every_acknowledgement_carries_a_signature_over_what_arrived() -> None:
    signs = notary()
    talk = Talk(hello(), log(), lambda arrival: None, signs)
    welcome = next_of(talk).welcome
    assert welcome.identity.public_key == signs.identity.key
    for seq in (1, 2):
        talk.take(up(seq))
        (proof,) = next_of(talk).ack.received
        received = read_statement(proof.statement)
        wire = encode_up(StopAsked(ObjectiveId(f"o-{seq}")), lambda plain: b"s" * 16)
        assert received.digest == digest_of(wire)
        assert (received.seq, received.key, received.objective) == (seq, f"k{seq}", f"o-{seq}")
        assert (received.entries, received.head) == (4, "0c" * 32)
        key = Ed25519PublicKey.from_public_bytes(signs.identity.key)
        key.verify(proof.signature, signed_part(proof.statement))
        with pytest.raises(InvalidSignature):
            key.verify(proof.signature, proof.statement)


def test_an_entry_that_comes_twice_gets_the_same_signature_again() -> None:
    talk = Talk(hello(), log(), lambda arrival: None, notary())
    next_of(talk)
    talk.take(up(1))
    first = next_of(talk).ack.received
    talk.take(up(1, head=b"\x0d" * 32))
    assert next_of(talk).ack.received == first


def test_signatures_whose_acknowledgement_was_lost_come_with_the_next_welcome() -> None:
    tables = log()
    talk = Talk(hello(), tables, lambda arrival: None, notary())
    for seq in (1, 2, 3):
        talk.take(up(seq))
    welcome = next_of(Talk(hello(up_acked=1), tables, lambda arrival: None, notary())).welcome
    assert [read_statement(one.statement).seq for one in welcome.received] == [2, 3]
    assert (welcome.seen_entries, welcome.seen_hash) == (4, b"\x0c" * 32)
    welcome = next_of(Talk(hello(up_acked=3), tables, lambda arrival: None, notary())).welcome
    assert not welcome.received


def test_a_new_epoch_forgets_the_signatures_of_the_old_numbers() -> None:
    tables = log()
    talk = Talk(hello(), tables, lambda arrival: None, notary())
    talk.take(up(1))
    again = Talk(hello(epoch="f"), tables, lambda arrival: None, notary())
    assert not next_of(again).welcome.received
    assert tables.signed("mac", range(1, 9)) == []


def test_one_that_signs_nothing_says_so() -> None:
    talk = Talk(hello(), log(), lambda arrival: None)
    assert not next_of(talk).welcome.HasField("identity")
    talk.take(up(1))
    assert not next_of(talk).ack.received
