from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from doorward.daemon.control.client import Client
from doorward.daemon.control.corrections import correction_routes
from doorward.daemon.control.credentials import credential_routes
from doorward.daemon.control.server import application, listen, serve
from doorward.daemon.control.suggestions import suggestion_routes
from doorward.daemon.control.views import MAX_TEXT
from doorward.daemon.errors import AlreadyRunning, DaemonError, Misused, NoRoom, NotRunning
from doorward.daemon.outgoing.credentials import Credentials
from doorward.daemon.values.vault import Seal

from tests.agent import Agent, Setting

T = TypeVar("T")


@pytest.fixture
def short() -> Iterator[Path]:
    """Give a folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="dw"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def agent(short: Path, tmp_path: Path) -> Setting:
    folder = tmp_path / "home" / "Documents"
    folder.mkdir(parents=True)
    (folder / "lease.md").write_text("The notice period is three months.", encoding="utf-8")
    return Setting(short / "state", folder)


@asynccontextmanager
async def served(agent: Setting) -> AsyncIterator[tuple[Agent, Client]]:
    over = asyncio.Event()
    async with agent.start() as daemon:
        path = agent.state / "control.sock"
        listener = listen(path)
        kept = Credentials(daemon.store._connection, Seal(b"k" * 32))
        more = [*credential_routes(kept)]
        more += correction_routes(daemon.corrections, daemon.store, daemon.door.vault)
        more += suggestion_routes(daemon.supervisor, daemon.views)
        app = application(daemon.supervisor, daemon.views, over.set, more)
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(serve(listener, app, over, daemon.supervisor.let_go))
            yield daemon, Client(path, timeout=5)
            over.set()
            await serving
        listener.close()


async def call(what: Callable[..., T], *arguments: Any) -> T:
    async with asyncio.timeout(10):
        return await asyncio.to_thread(what, *arguments)


def raw(path: Path, method: str, url: str, body: bytes | None = None) -> tuple[int, bytes]:
    body = body or b""
    head = f"{method} {url} HTTP/1.0\r\ncontent-length: {len(body)}\r\n\r\n"
    with socket.socket(socket.AF_UNIX) as connection, connection.makefile("rb") as answer:
        connection.settimeout(5)
        connection.connect(str(path))
        connection.sendall(head.encode() + body)
        told, _, rest = answer.read().partition(b"\r\n\r\n")
        return int(told.split()[1]), rest


async def test_an_objective_is_asked_followed_shown_and_explained(agent: Setting) -> None:
    async with served(agent) as (daemon, client):
        body = {"text": "find documents about my lease", "folder": str(agent.folder)}
        made = await call(client.post, "/v1/objectives", body)

        def follow() -> list[dict[str, Any]]:
            seen = []
            for event in client.events(made["id"]):
                seen.append(event)
                if event.get("ended"):
                    return seen
            return seen

        seen = await call(follow)
        assert [e["n"] for e in seen if "n" in e] == sorted(e["n"] for e in seen if "n" in e)
        assert "planned" in [event["kind"] for event in seen]
        shown = await call(client.get, f"/v1/objectives/{made['id']}")
        assert shown["state"] == "done"
        assert "lease.md" in shown["answer"]
        assert [one["on_device"] for one in shown["crossings"]] == [True]
        listed = await call(client.get, "/v1/objectives")
        assert [one["id"] for one in listed["objectives"]] == [made["id"]]
        why = await call(client.get, f"/v1/objectives/{made['id']}/why")
        assert {"rule", "line", "decision", "details"} <= why["receipts"][0].keys()
        status = await call(client.get, "/v1/status")
        assert (status["pid"], status["open"]) == (os.getpid(), [])
        assert daemon.supervisor.get(made["id"]).answered


async def test_a_card_is_answered_and_an_objective_stopped_and_undone(agent: Setting) -> None:
    words = "put the vendor, date and total of every invoice into invoices.csv"
    text = "Nordlicht\nInvoice\nInvoice number: RE-1\nInvoice date: 2026-10-02\nTotal: 9.50 EUR\n"
    (agent.folder / "nordlicht.txt").write_text(text, encoding="utf-8")
    async with served(agent) as (daemon, client):
        ids = [daemon.ask(words), daemon.ask(words)]
        for one in ids:
            await daemon.until(one, "waiting")
        path = f"/v1/objectives/{ids[0]}"
        card = (await call(client.get, path))["card"]["id"]
        with pytest.raises(Misused, match="no open card"):
            await call(client.post, f"{path}/card", {"card": "other", "yes": True})
        with pytest.raises(Misused, match="yes: true"):
            await call(client.post, f"{path}/card", {"card": card, "yes": "yes"})
        await call(client.post, f"{path}/card", {"card": card, "yes": True})
        await daemon.until(ids[0], "done")
        with pytest.raises(Misused, match="no open card"):
            await call(client.post, f"{path}/card", {"card": card, "yes": True})
        assert (await call(client.post, f"{path}/undo"))["state"] == "undone"
        with pytest.raises(Misused, match="only what has ended"):
            await call(client.post, f"{path}/undo")
        stopped = await call(client.post, f"/v1/objectives/{ids[1]}/stop")
        assert stopped["state"] == "stopped"
        with pytest.raises(Misused, match="ended already"):
            await call(client.post, f"/v1/objectives/{ids[1]}/stop")
    assert not (agent.folder / "invoices.csv").exists()


async def test_collected_questions_are_answered_only_as_they_were_looked_at(
    agent: Setting,
) -> None:
    agent.cards_an_hour = 0
    words = "put the vendor, date and total of every invoice into invoices.csv"
    text = "Nordlicht\nInvoice\nInvoice number: RE-1\nInvoice date: 2026-10-02\nTotal: 9.50 EUR\n"
    (agent.folder / "nordlicht.txt").write_text(text, encoding="utf-8")
    async with served(agent) as (daemon, client):
        first = daemon.ask(words)
        await daemon.until(first, "waiting")
        looked = await call(client.get, "/v1/cards")
        assert [one["objective"] for one in looked["collected"]] == [first]
        second = daemon.ask(words)
        await daemon.until(second, "waiting")
        for body in ({"digest": looked["digest"], "yes": True}, {"digest": "", "yes": True}):
            with pytest.raises(Misused, match="look again"):
                await call(client.post, "/v1/cards", body)
        with pytest.raises(Misused, match="yes: true"):
            await call(client.post, "/v1/cards", {"digest": looked["digest"]})
        looked = await call(client.get, "/v1/cards")
        told = await call(client.post, "/v1/cards", {"digest": looked["digest"], "yes": False})
        assert told == {"answered": 2}
        await daemon.until(first, "done")
        await daemon.until(second, "done")
    assert not (agent.folder / "invoices.csv").exists()


@pytest.mark.parametrize("tail", ["", "/why", "/events"])
async def test_an_unknown_id_is_said(agent: Setting, tail: str) -> None:
    async with served(agent) as (_, client):
        with pytest.raises(Misused, match="there is no objective o-9; doorward list"):
            await call(client.get, f"/v1/objectives/o-9{tail}")


@pytest.mark.parametrize("verb", ["stop", "undo", "card"])
async def test_an_unknown_id_is_not_acted_on(agent: Setting, verb: str) -> None:
    async with served(agent) as (_, client):
        with pytest.raises(Misused, match="there is no objective"):
            await call(client.post, f"/v1/objectives/o 9\n/{verb}", {"yes": True})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 200_000,
        b"{}",
        b'{"text": 1, "folder": "/"}',
        b'{"text": "x"}',
        b'{"text": "  ", "folder": "/"}',
        b'{"text": "\\ud800", "folder": "/"}',
        b'{"text": "x\\u0000", "folder": "/"}',
        b'{"text": "x", "folder": "here"}',
        b'{"text": "x", "folder": "/no/such/folder"}',
        b'{"text": "x", "folder": "~nobody-of-that-name/x"}',
        b'{"text": "x", "folder": "/\\u0000"}',
        b'{"text": "x", "folder": "/etc/hostname"}',
        json.dumps({"text": "x" * (MAX_TEXT + 1), "folder": "/"}).encode(),
        json.dumps({"text": "x" * 1_000_001, "folder": "/"}).encode(),
    ],
)
async def test_a_bad_request_is_a_sentence_and_makes_no_objective(
    agent: Setting, body: bytes
) -> None:
    async with served(agent) as (daemon, _):
        path = agent.state / "control.sock"
        status, answer = await call(raw, path, "POST", "/v1/objectives", body)
        assert status == 400
        told = json.loads(answer)
        assert told["code"] == "misused"
        assert told["error"]
        assert daemon.store.objectives() == []


@pytest.mark.parametrize("what", ["objectives", "credentials", "corrections", "labels/suggest"])
async def test_a_body_without_end_is_refused_while_it_comes(agent: Setting, what: str) -> None:
    def send(path: Path) -> bytes:
        head = f"POST /v1/{what} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000000\r\n\r\n"
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(path))
            connection.sendall(head.encode() + b" " * 1_000_100)
            return connection.recv(1000)

    async with served(agent):
        answer = await asyncio.to_thread(send, agent.state / "control.sock")
    assert b" 400 " in answer.splitlines()[0]


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "٣", "9" * 30])
async def test_a_bad_event_number_is_said(agent: Setting, after: str) -> None:
    async with served(agent) as (daemon, client):
        objective = daemon.ask("sing me a song")
        with pytest.raises(Misused, match="number of an event"):
            await call(lambda: list(client.events(objective, after)))  # type: ignore[arg-type]  # on purpose


async def test_an_unknown_route_and_a_wrong_method_are_errors(agent: Setting) -> None:
    async with served(agent) as (_, client):
        with pytest.raises(DaemonError, match="the daemon answered"):
            await call(client.get, "/v1/nothing")
        with pytest.raises(DaemonError, match="the daemon answered"):
            await call(client.get, "/v1/shutdown")


async def test_a_name_that_is_no_unicode_does_not_break_the_list(agent: Setting) -> None:
    odd = agent.folder / os.fsdecode(b"caf\xe9")
    odd.mkdir()
    async with served(agent) as (daemon, client):
        body = {"text": "find documents about my lease", "folder": str(odd)}
        made = await call(client.post, "/v1/objectives", body)
        listed = await call(client.get, "/v1/objectives")
        assert listed["objectives"][0]["folder"] == str(odd)
        await daemon.until(made["id"], "done", "failed")
        shown = await call(client.get, f"/v1/objectives/{made['id']}")
        assert shown["folder"] == str(odd)


async def test_shutdown_ends_the_serving(agent: Setting) -> None:
    async with served(agent) as (_, client):
        assert await call(client.post, "/v1/shutdown") == {"stopping": True}


def test_the_socket_is_for_the_user_alone_and_a_stale_one_is_replaced(short: Path) -> None:
    path = short / "control.sock"
    for _ in range(2):
        with listen(path):
            assert path.stat().st_mode & 0o777 == 0o600


def test_a_second_daemon_is_refused(short: Path) -> None:
    with listen(short / "control.sock"):
        with pytest.raises(AlreadyRunning, match="already running") as caught:
            listen(short / "control.sock")
        assert caught.value.__notes__


@pytest.mark.parametrize("what", ["file", "folder", "gone"])
def test_a_place_that_is_taken_is_said_and_left(short: Path, what: str) -> None:
    path = short / "x" / "control.sock"
    if what != "gone":
        path.parent.mkdir()
    if what == "file":
        path.write_text("mine", encoding="utf-8")
    elif what == "folder":
        path.mkdir()
    with pytest.raises(NoRoom, match="cannot listen") as caught:
        listen(path)
    assert caught.value.__notes__
    assert what != "file" or path.read_text(encoding="utf-8") == "mine"


def test_without_a_daemon_the_client_says_how_to_start_one(short: Path) -> None:
    client = Client(short / "control.sock", timeout=1)
    calls: list[Callable[[], object]] = [
        lambda: client.get("/v1/status"),
        lambda: client.post("/v1/shutdown"),
        lambda: list(client.events("o-1")),
    ]
    for one in calls:
        with pytest.raises(NotRunning, match="no daemon answers") as caught:
            one()
        assert caught.value.__notes__ == ["hint: doorward start"]


def test_an_answer_that_is_no_json_is_an_error_and_no_crash(short: Path) -> None:
    path = short / "control.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def answer() -> None:
            peer, _ = listener.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(b"HTTP/1.1 500 No\r\ncontent-length: 4\r\n\r\n\xff\xfe{}")

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(DaemonError, match="the daemon answered"):
            Client(path, timeout=5).get("/v1/status")
        thread.join(5)


async def test_a_credential_goes_in_and_never_comes_out(agent: Setting) -> None:
    value = "ghp_ThisIsTheRealOne42"
    async with served(agent) as (_, client):
        body = {"name": "forge", "host": "api.example.com", "value": value}
        made = await call(client.post, "/v1/credentials", body)
        listed = await call(client.get, "/v1/credentials")
        assert listed["credentials"] == [made]
        assert made["sentinel"].startswith("dwcred_")
        assert value not in json.dumps([made, listed])
        for wrong in ({**body, "host": "localhost"}, {**body, "value": "x"}, {"name": 4}):
            with pytest.raises(Misused) as refused:
                await call(client.post, "/v1/credentials", wrong)
            assert value not in str(refused.value)
        await call(client.post, "/v1/credentials/forge/remove")
        with pytest.raises(Misused, match="no credential"):
            await call(client.post, "/v1/credentials/forge/remove")
    assert value.encode() not in (agent.state / "daemon.db").read_bytes()


async def test_a_correction_is_made_by_the_name_of_now_listed_and_forgotten(
    agent: Setting,
) -> None:
    scans = agent.folder / "Scans"
    scans.mkdir()
    (scans / "a.txt").write_text("The shed gets a new lock.\n", encoding="utf-8")
    async with served(agent) as (daemon, client):
        objective = daemon.ask("Sort the files in Scans into harbour, garden and other")
        await daemon.until(objective, "waiting")
        daemon.yes(objective)
        await daemon.until(objective, "done")
        body = {"path": str(scans / "Other" / "a.txt"), "option": "Garden", "objective": ""}
        made = await call(client.post, "/v1/corrections", body)
        assert {**made, "id": ""} == {
            "id": "",
            "path": "Scans/a.txt",
            "option": "garden",
            "instead_of": "other",
        }
        assert await call(client.get, "/v1/corrections") == {"corrections": [made]}
        for wrong in ({**body, "option": "kitchen"}, {**body, "path": "/x"}, {"path": 4}):
            with pytest.raises(Misused):
                await call(client.post, "/v1/corrections", wrong)
        assert await call(client.post, "/v1/corrections/all/forget") == {"forgotten": 1}
        with pytest.raises(Misused, match="no correction"):
            await call(client.post, f"/v1/corrections/{made['id']}/forget")


async def test_a_suggestion_is_asked_for_by_folder(agent: Setting) -> None:
    async with served(agent) as (daemon, client):
        made = await call(client.post, "/v1/labels/suggest", {"folder": str(agent.folder)})
        await daemon.until(made["id"], "done")
        assert "nothing to propose" in daemon.answer(made["id"])
        for wrong in ({"folder": 4}, {"folder": "/no such folder"}):
            with pytest.raises(Misused):
                await call(client.post, "/v1/labels/suggest", wrong)
