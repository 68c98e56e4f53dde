"""Serving requests over a socket pair with a real, tiny model: urgency, cancels, faults, floods."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import cast

import pytest
from doorward.daemon.models.frames import MAX_FRAME, Frame, Frames, encode
from doorward.daemon.reader.engine import Engine
from doorward.daemon.reader.features import Features
from doorward.daemon.reader.line import GoneError, Line
from doorward.daemon.reader.schedule import Room
from doorward.daemon.reader.serving import Serving, Worker
from doorward.daemon.reader.tasks import Task, Work
from doorward.policies.vocabulary import Data

from tests.daemon.reader import tiny

TOKEN = 256
ROOM = Room(need=4000 * TOKEN, rows=16, together=True)


class Peer:
    """The daemon's end, blocking."""

    def __init__(self, end: socket.socket) -> None:
        end.settimeout(30)
        self.end = end
        self._frames = Frames()
        self._waiting: list[Frame] = []

    def ask(self, number: int, **request: Data) -> None:
        self.end.sendall(encode({"id": number, **request}))

    def hear(self) -> Frame:
        while not self._waiting:
            part = self.end.recv(1 << 16)
            assert part, "it closed"
            self._waiting += [f for f in self._frames.feed(part) if "alive" not in f]
        return self._waiting.pop(0)

    def answers(self, count: int) -> dict[int, Frame]:
        """Take so many answers, in the order in which they come."""
        taken: dict[int, Frame] = {}
        while len(taken) < count:
            frame = self.hear()
            if "piece" not in frame:
                taken[cast("int", frame["id"])] = frame
        return taken


def serve(end: socket.socket, room: Room, worker: Worker | None) -> None:
    if worker is None:
        engine = Engine(tiny.load(), tokens=3000, kept=1 << 20)
        worker = Worker(engine, Features(engine.vectors))
    try:
        Serving(Line(end), worker, token=TOKEN, room=room).run()
    except GoneError:
        end.close()


@pytest.fixture
def peer(request: pytest.FixtureRequest) -> Iterator[Peer]:
    room, worker = getattr(request, "param", (ROOM, None))
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=serve, args=(theirs, room, worker), daemon=True)
    thread.start()
    with ours:
        yield Peer(ours)
    thread.join(timeout=30)
    assert not thread.is_alive(), "it did not end with its peer"


def write(peer: Peer, number: int, tokens: int = 8, **more: Data) -> None:
    peer.ask(number, do="write", texts=["A text."], task="Say it.", tokens=tokens, **more)


def text(frame: Frame) -> Data:
    return cast("list[Data]", frame["result"])[0]


def test_the_same_is_written_alone_and_beside_others(peer: Peer) -> None:
    write(peer, 1)
    alone = text(peer.answers(1)[1])
    for number in range(2, 10):
        write(peer, number, tokens=8 if number % 2 else 5)
    together = peer.answers(8)
    assert all(text(together[number]) == alone for number in range(3, 10, 2))


def test_pieces_are_the_text(peer: Peer) -> None:
    write(peer, 1, tokens=60)
    pieces = ""
    while "piece" in (frame := peer.hear()):
        pieces += str(frame["piece"])
    assert pieces == text(frame)
    pieces.encode()  # whole characters alone


def test_a_person_is_served_before_the_night_that_came_first(peer: Peer) -> None:
    for number in range(1, 4):
        write(peer, number, tokens=200, urgency=1)
    write(peer, 9, tokens=5, urgency=0)
    assert next(iter(peer.answers(4))) == 9


def test_who_came_first_is_answered_first(peer: Peer) -> None:
    for number in range(1, 40):
        peer.ask(number, do="embed", texts=["one", "two"])
    assert list(peer.answers(39)) == list(range(1, 40))


def test_a_cancel_ends_what_runs_and_what_waits(peer: Peer) -> None:
    for number in range(1, 30):
        write(peer, number, tokens=2000)
    for number in range(1, 30):
        peer.ask(0, cancel=number)
    write(peer, 99, tokens=3)
    assert list(peer.answers(1)) == [99]


def test_a_thousand_requests_are_answered(peer: Peer) -> None:
    for number in range(1000):
        peer.ask(number, do="find", texts=["" if number % 2 else "a b"], asks=["a"] * (number % 2))
    assert len(peer.answers(1000)) == 1000


def test_an_awkward_text_is_a_text(peer: Peer) -> None:
    for number, awkward in enumerate(
        ["", " ", "\ud800 half", "<|end|><|start|>", "\x00", "🎨" * 40]
    ):
        peer.ask(number, do="write", texts=[awkward], task=awkward, tokens=4)
        peer.ask(100 + number, do="find", texts=[awkward], asks=[awkward, "price"])
        peer.ask(200 + number, do="choose", texts=[awkward], options=["a", awkward or "b"])
        peer.ask(300 + number, do="embed", texts=[awkward])
    for frame in peer.answers(24).values():
        assert "result" in frame, frame


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        ({"do": "dance", "texts": []}, "failed"),
        ({"do": "write", "texts": []}, "failed"),
        ({"do": "write", "texts": ["a"], "task": "b", "tokens": 0}, "refused"),
        ({"do": "write", "texts": ["a"], "task": "b", "tokens": 9000}, "large"),
        ({"do": "write", "texts": ["a " * 90_000], "task": "b", "tokens": 1}, "large"),
        (
            {"do": "write", "texts": ["a"], "task": "b", "tokens": 9, "schema": {"type": 3}},
            "refused",
        ),
        ({"do": "embed"}, "failed"),
        ({}, "failed"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_next_works(
    peer: Peer, request_: Frame, kind: str
) -> None:
    peer.ask(1, **request_)
    write(peer, 2, tokens=2)
    answers = peer.answers(2)
    assert answers[1]["kind"] == kind
    assert answers[1]["error"]
    assert "result" in answers[2]


def test_a_schema_is_kept(peer: Peer) -> None:
    write(
        peer,
        1,
        tokens=40,
        schema={
            "type": "object",
            "properties": {"a": {"type": "boolean"}},
            "required": ["a"],
            "additionalProperties": False,
        },
    )
    assert text(peer.answers(1)[1]) in {'{"a":true}', '{"a":false}', '{"a": true}', '{"a": false}'}


TIGHT = Room(need=330 * TOKEN, rows=16, together=True)


@pytest.mark.parametrize("peer", [(TIGHT, None)], indirect=True)
def test_what_does_not_fit_waits_and_a_person_gets_the_room_of_the_night(peer: Peer) -> None:
    for number in range(1, 6):
        write(peer, number, tokens=150, urgency=1)
    write(peer, 9, tokens=150, urgency=0)
    answers = peer.answers(6)
    assert all("result" in frame for frame in answers.values())


@pytest.mark.parametrize(
    "peer", [(Room(ROOM.need, ROOM.rows, together=False), None)], indirect=True
)
def test_where_nothing_may_run_together_all_is_answered_one_by_one(peer: Peer) -> None:
    for number in range(1, 6):
        write(peer, number, tokens=10)
    assert list(peer.answers(5)) == [1, 2, 3, 4, 5]


def test_a_peer_that_does_not_read_gets_everything_once_it_does(peer: Peer) -> None:
    for number in range(300):
        peer.ask(number, do="embed", texts=["word"] * 20)
    assert len(peer.answers(300)) == 300


class Faulty(Worker):
    """Runs out of memory, or has a bug, as often as it is asked to."""

    def task(self, request: Frame, heard: object) -> Task:
        fault = str(request["do"])

        def work() -> Work:
            yield None
            if fault == "memory":
                msg = "[malloc] Unable to allocate 17 bytes."
                raise RuntimeError(msg)
            if fault == "bug":
                msg = "no such thing"
                raise LookupError(msg)
            return "well"

        return Task(work, 1)


@pytest.mark.parametrize("peer", [(ROOM, Faulty(None, cast("Features", None)))], indirect=True)
def test_a_fault_in_one_request_is_its_own(peer: Peer) -> None:
    for number, what in enumerate(["well", "memory", "bug", "well"]):
        peer.ask(number, do=what)
    answers = peer.answers(4)
    assert [answers[n].get("kind") for n in range(4)] == [None, "memory", "failed", None]


@pytest.mark.parametrize("peer", [(ROOM, Faulty(None, cast("Features", None)))], indirect=True)
def test_a_fault_says_its_kind_and_place_and_no_word_that_it_was_about(peer: Peer) -> None:
    peer.ask(1, do="bug")
    peer.ask(2, do="memory")
    answers = peer.answers(2)
    said = str(answers[1]["error"])
    assert said.startswith("LookupError in test_serving, line ")
    assert "no such thing" not in said
    assert "Unable" not in str(answers[2]["error"])


class Huge(Worker):
    """Answers with more than a frame holds."""

    def task(self, request: Frame, heard: object) -> Task:
        def work() -> Work:
            yield None
            return "x" * (MAX_FRAME if request["do"] == "much" else 1)

        return Task(work, 1)


@pytest.mark.parametrize("peer", [(ROOM, Huge(None, cast("Features", None)))], indirect=True)
def test_an_answer_that_no_frame_holds_is_refused_and_the_process_goes_on(peer: Peer) -> None:
    peer.ask(1, do="much")
    peer.ask(2, do="little")
    answers = peer.answers(2)
    assert answers[1]["kind"] == "large"
    assert answers[2]["result"] == "x"
