"""The reader's end of the socket pair, and the frames on it."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
from doorward.daemon.models.frames import Frame, FrameError, Frames, encode
from doorward.daemon.reader.line import MOST_HELD, GoneError, Line
from hypothesis import given
from hypothesis import strategies as st

NAMED = st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text()), max_size=4)


@given(st.lists(NAMED, max_size=5), st.integers(1, 40))
def test_frames_are_whole_however_their_bytes_arrive(sent: list[Frame], size: int) -> None:
    stream = b"".join(encode(frame) for frame in sent)
    taken: list[Frame] = []
    frames = Frames()
    for start in range(0, len(stream), size):
        taken += frames.feed(stream[start : start + size])
    assert taken == sent


@pytest.mark.parametrize(
    "body", [b"nothing", b"[1]", b"\xff\xfe", b"[" * 100_000, b'{"a":', b"12345678901"]
)
def test_what_is_no_frame_is_said_so(body: bytes) -> None:
    with pytest.raises(FrameError):
        list(Frames().feed(struct.pack(">I", len(body)) + body))


def test_a_frame_that_claims_to_be_huge_is_refused_before_it_arrives() -> None:
    with pytest.raises(FrameError, match="too large"):
        list(Frames().feed(struct.pack(">I", 2**32 - 1)))


def test_half_characters_cross() -> None:
    assert list(Frames().feed(encode({"a": "\ud800"}))) == [{"a": "\ud800"}]


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_peer_that_does_not_read_stops_the_work_and_nothing_is_lost(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    line = Line(ours)
    sent = 0
    while not line.full:
        line.send({"n": sent, "text": "x" * 100_000})
        sent += 1
    assert sent * 100_000 > MOST_HELD
    assert line.take(wait=False) == []
    theirs.sendall(encode({"cancel": 1}))
    assert line.take(wait=True) == [{"cancel": 1}]  # it can still say that it wants no more
    arrived: list[Frame] = []
    frames = Frames()
    while len(arrived) < sent:
        arrived += frames.feed(theirs.recv(1 << 20))
        line.take(wait=False)
    assert [frame["n"] for frame in arrived] == list(range(sent))
    assert not line.full


@pytest.mark.parametrize("words", [b"", b"\xff\xff\xff\xff", b"\x00\x00\x00\x01x"])
def test_a_peer_that_closes_or_talks_nonsense_is_gone(
    pair: tuple[socket.socket, socket.socket], words: bytes
) -> None:
    ours, theirs = pair
    line = Line(ours)
    theirs.sendall(words)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(GoneError):
        for _ in range(2):
            line.take(wait=True)
