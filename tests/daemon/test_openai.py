"""The local model behind the door, asked as OpenAI's clients ask, over the control socket."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import socket
import struct
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from doorward.daemon.control.openai import LocalRoutes, Served, _error_of
from doorward.daemon.control.server import application, listen, serve
from doorward.daemon.door.local import (
    AT_ONCE,
    EMBED,
    WRITE,
    Admitted,
    BusyError,
    LocalModel,
)
from doorward.policies.vocabulary import Data, ObjectiveId
from doorward.tools.reading.reader import (
    NOW,
    ModelMissing,
    Prompt,
    ReaderFailed,
    Role,
    ScriptedReader,
    Terms,
    TooLarge,
    Turn,
    Urgency,
    Written,
)

from tests.agent import Agent, Setting

HELLO = {"messages": [{"role": "user", "content": "say hello"}], "model": "small"}
DENY = """
[[rule]]               # not today, and not to anybody
id      = "no-local-model"
verdict = "deny"
effect  = "egress"
to      = "model:local"
"""


class Slow(ScriptedReader):
    """Writes one word, then waits until it is cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.began = asyncio.Event()
        self.ended = asyncio.Event()

    async def write(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Data] | None = None,
        tokens: int = 512,
        heard: Callable[[str], None] | None = None,
        terms: Terms = NOW,
    ) -> Written:
        try:
            if heard is not None:
                heard("Once")
            self.began.set()
            await asyncio.Event().wait()
        finally:
            self.ended.set()
        raise AssertionError


class Failing(ScriptedReader):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def write(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Data] | None = None,
        tokens: int = 512,
        heard: Callable[[str], None] | None = None,
        terms: Terms = NOW,
    ) -> Written:
        raise self.error


@pytest.fixture
def setting(tmp_path: Path) -> Iterator[Setting]:
    short = Path(tempfile.mkdtemp(prefix="dw"))
    yield Setting(short / "s", tmp_path)
    shutil.rmtree(short)


@asynccontextmanager
async def served(setting: Setting, reader: ScriptedReader) -> AsyncIterator[tuple[Agent, Path]]:
    over = asyncio.Event()
    async with setting.start() as agent:
        path = agent.state / "control.sock"
        listener = listen(path)
        ids = iter("abcdefgh")
        local = LocalModel(agent.door.admission, reader, lambda: next(ids))
        routes = LocalRoutes(local, Served(lambda: "small", lambda: "encoder"), lambda: 7.0)
        app = application(agent.supervisor, agent.views, over.set, routes.routes())
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(serve(listener, app, over, agent.supervisor.let_go))
            yield agent, path
            over.set()
            await serving
        listener.close()


def _post(path: Path, url: str, body: object) -> tuple[int, bytes]:
    sent = json.dumps(body).encode() if body is not None else b""
    method = "POST" if body is not None else "GET"
    head = f"{method} {url} HTTP/1.0\r\ncontent-length: {len(sent)}\r\n\r\n"
    with socket.socket(socket.AF_UNIX) as connection, connection.makefile("rb") as answer:
        connection.settimeout(5)
        connection.connect(str(path))
        connection.sendall(head.encode() + sent)
        told, _, rest = answer.read().partition(b"\r\n\r\n")
        return int(told.split()[1]), rest


async def ask(path: Path, url: str, body: object = None) -> tuple[int, Any]:
    status, raw = await asyncio.to_thread(_post, path, url, body)
    return status, json.loads(raw)


def events(raw: bytes) -> list[Any]:
    lines = [line[6:] for line in raw.decode().split("\n\n") if line]
    return [json.loads(line) if line != "[DONE]" else line for line in lines]


@pytest.mark.parametrize("url", ["/v1/chat/completions", "/v1/embeddings"])
async def test_a_body_without_end_is_refused_while_it_comes(setting: Setting, url: str) -> None:
    def send(path: Path) -> bytes:
        head = f"POST {url} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000000\r\n\r\n"
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(path))
            connection.sendall(head.encode() + b" " * 4_000_100)
            return connection.recv(1000)

    async with served(setting, ScriptedReader()) as (_, path):
        assert b" 400 " in (await asyncio.to_thread(send, path)).splitlines()[0]


async def test_a_chat_is_answered_and_has_its_receipt_without_a_word_of_it(
    setting: Setting,
) -> None:
    reader = ScriptedReader({"say hello": "hello to you"})
    async with served(setting, reader) as (agent, path):
        status, said = await ask(path, "/v1/chat/completions", HELLO)
        [receipt] = agent.ledger.details("m-a")
        assert agent.views.why(ObjectiveId("m-a"))["receipts"] == [receipt], "`why` tells of it"
        written = (agent.state / "receipts.jsonl").read_text(encoding="utf-8")
    assert status == 200
    assert said["object"] == "chat.completion"
    assert said["model"] == "small"
    assert said["choices"][0]["message"]["content"] == "hello to you"
    assert said["choices"][0]["finish_reason"] == "stop"
    assert said["usage"]["completion_tokens"] == 3
    assert said["usage"]["total_tokens"] == said["usage"]["prompt_tokens"] + 3
    assert receipt["kind"] == "crossing"
    assert receipt["tool"] == "model.write"
    assert receipt["destination"] == "model:local"
    assert (receipt["rule"], receipt["decision"]) == ("ask-the-local-model", "allow")
    assert receipt["size"] == len(json.dumps(HELLO))
    assert receipt["details"]["label"]["tags"] == ["personal"], "unknown counts as private"
    assert receipt["details"]["label"]["trust"] == "untrusted"
    assert "hello" not in written + json.dumps(receipt)


async def test_a_stream_tells_each_piece_and_ends(setting: Setting) -> None:
    reader = ScriptedReader({"say hello": "hello to you"})
    body = {**HELLO, "stream": True, "stream_options": {"include_usage": True}, "max_tokens": 2}
    async with served(setting, reader) as (_, path):
        status, raw = await asyncio.to_thread(_post, path, "/v1/chat/completions", body)
    told = events(raw)
    assert status == 200
    assert told[-1] == "[DONE]"
    deltas = [each["choices"][0]["delta"] for each in told[:-2]]
    assert [delta.get("content") for delta in deltas] == ["", "hello", "to", None]
    assert told[-3]["choices"][0]["finish_reason"] == "length"
    assert told[-2]["usage"]["completion_tokens"] == 2
    assert len({each["id"] for each in told[:-1]}) == 1


async def test_a_schema_and_a_conversation_reach_the_reader(setting: Setting) -> None:
    asked: list[tuple[Prompt, object, int, Urgency]] = []

    class Noting(ScriptedReader):
        async def write(
            self,
            prompt: Prompt,
            *,
            schema: Mapping[str, Data] | None = None,
            tokens: int = 512,
            heard: Callable[[str], None] | None = None,
            terms: Terms = NOW,
        ) -> Written:
            asked.append((prompt, schema, tokens, terms.urgency))
            return await super().write(prompt, schema=schema, tokens=tokens, heard=heard)

    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    body = {
        "messages": [
            {"role": "system", "content": "Be short."},
            {"role": "user", "content": [{"type": "text", "text": "One?"}]},
            {"role": "assistant", "content": "Yes."},
            {"role": "user", "content": "Two?"},
        ],
        "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}},
        "max_completion_tokens": 9,
        "temperature": 0.7,
    }
    async with served(setting, Noting()) as (_, path):
        status, _ = await ask(path, "/v1/chat/completions", body)
    assert status == 200
    before = (Turn(Role.USER, "One?"), Turn(Role.ASSISTANT, "Yes."))
    # a program waits for what the user's own objectives wait for
    assert asked == [(Prompt("Be short.", "Two?", before), schema, 9, Urgency.PROGRAM)]


async def test_texts_become_vectors_plain_or_packed(setting: Setting) -> None:
    async with served(setting, ScriptedReader()) as (agent, path):
        body: dict[str, object] = {"input": ["rent", "bread"], "model": "encoder"}
        _, plain = await ask(path, "/v1/embeddings", body)
        _, packed = await ask(path, "/v1/embeddings", {**body, "encoding_format": "base64"})
        _, models = await ask(path, "/v1/models")
        [receipt] = agent.ledger.details("m-a")
    vectors = [each["embedding"] for each in plain["data"]]
    assert [len(vector) for vector in vectors] == [64, 64]
    raw = base64.b64decode(packed["data"][1]["embedding"])
    assert list(struct.unpack("<64f", raw)) == pytest.approx(vectors[1])
    assert receipt["tool"] == "model.embed"
    assert [each["id"] for each in models["data"]] == ["small", "encoder"]


async def test_a_rule_of_the_policy_stops_it_and_is_named_with_its_line(setting: Setting) -> None:
    shipped = Path(__file__).parents[2] / "policies" / "default.toml"
    setting.policy = shipped.read_text(encoding="utf-8") + DENY
    line = setting.policy.splitlines().index('id      = "no-local-model"')  # its head is before it
    async with served(setting, ScriptedReader()) as (agent, path):
        for url, body in (
            ("/v1/chat/completions", HELLO),
            ("/v1/chat/completions", {**HELLO, "stream": True}),
            ("/v1/embeddings", {"input": "rent"}),
        ):
            status, said = await ask(path, url, body)
            assert status == 403
            assert said["error"]["code"] == "denied_by_policy"
            assert f"rule no-local-model, line {line}" in said["error"]["message"]
        [receipt] = agent.ledger.details("m-a")
        assert (receipt["kind"], receipt["decision"]) == ("verdict", "deny")


@pytest.mark.parametrize("verdict", ["ask", "nothing"])
async def test_where_policy_asks_or_says_nothing_the_answer_is_no(
    setting: Setting, verdict: str
) -> None:
    shipped = (Path(__file__).parents[2] / "policies" / "default.toml").read_text(encoding="utf-8")
    setting.policy = (
        shipped + DENY.replace('"deny"', '"ask"')
        if verdict == "ask"
        else shipped.replace('to      = "model:local"', 'to      = "model:other"')
    )
    async with served(setting, ScriptedReader()) as (_, path):
        status, said = await ask(path, "/v1/chat/completions", HELLO)
    assert status == 403
    wanted = "Nobody can be asked here" if verdict == "ask" else "defaults.egress"
    assert wanted in said["error"]["message"]


@pytest.mark.parametrize("stream", [False, True])
async def test_who_hangs_up_stops_the_writing(setting: Setting, stream: bool) -> None:
    reader = Slow()
    async with served(setting, reader) as (_, path):
        sent = json.dumps({**HELLO, "stream": stream}).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-length: {len(sent)}\r\n"
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            connection.sendall(head.encode() + b"\r\n" + sent)
            async with asyncio.timeout(5):
                await reader.began.wait()
        async with asyncio.timeout(5):
            await reader.ended.wait()


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({**HELLO, "stop": ["\n"]}, "stop"),
        ({**HELLO, "n": 2}, "n"),
        ({**HELLO, "tools": [{"type": "function"}]}, "tools"),
        ({**HELLO, "max_tokens": 0}, "max_tokens"),
        ({**HELLO, "max_tokens": True}, "max_tokens"),
        ({**HELLO, "response_format": {"type": "json_object"}}, "response_format"),
        ({**HELLO, "messages": []}, "messages"),
        ({**HELLO, "messages": [{"role": "assistant", "content": "x"}]}, "messages"),
        ({**HELLO, "messages": [{"role": "tool", "content": "x"}]}, "messages[0]"),
        ({**HELLO, "messages": [{"role": ["user"], "content": "x"}]}, "messages[0]"),
        ({**HELLO, "model": ["small"]}, "model"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "messages[0]"),
        ({**HELLO, "model": "gpt-9"}, "model"),
        ([], None),
    ],
)
async def test_what_the_reader_does_not_do_is_refused_by_name(
    setting: Setting, body: object, param: str | None
) -> None:
    async with served(setting, ScriptedReader()) as (agent, path):
        status, said = await ask(path, "/v1/chat/completions", body)
        assert agent.ledger.details("m-a") == []
    assert status == (404 if param == "model" else 400)
    assert said["error"]["type"] == "invalid_request_error"
    assert said["error"]["param"] == param


@pytest.mark.parametrize("given", [None, [], [1], [[1, 2]], ["x"] * 3000])
async def test_what_is_no_text_has_no_vector(setting: Setting, given: object) -> None:
    async with served(setting, ScriptedReader()) as (_, path):
        status, said = await ask(path, "/v1/embeddings", {"input": given})
    assert (status, said["error"]["param"]) == (400, "input")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ModelMissing("run `doorward models get`"), 503, "model_missing"),
        (ReaderFailed("it broke"), 503, "reader_failed"),
        (TooLarge("half of it would fit"), 400, "context_length_exceeded"),
        (ValueError("no schema"), 400, None),
    ],
)
async def test_what_the_reader_could_not_do_is_said(
    setting: Setting, error: Exception, status: int, code: str | None
) -> None:
    async with served(setting, Failing(error)) as (_, path):
        told, said = await ask(path, "/v1/chat/completions", HELLO)
        _, raw = await asyncio.to_thread(
            _post, path, "/v1/chat/completions", {**HELLO, "stream": True}
        )
    assert (told, said["error"]["code"]) == (status, code)
    assert said["error"]["message"] == str(error)
    assert events(raw)[-1] == said, "a stream that had begun ends with the error"


async def test_a_program_that_asks_without_end_is_told_to_wait_and_fills_no_ledger(
    setting: Setting,
) -> None:
    slow = Slow()
    async with setting.start() as agent:
        ids = iter(range(99))
        local = LocalModel(agent.door.admission, slow, lambda: str(next(ids)))
        async with asyncio.TaskGroup() as group:
            calls = []
            for _ in range(AT_ONCE):
                admitted = local.ask(WRITE, 5)
                assert isinstance(admitted, Admitted)
                work = admitted.write(Prompt("Say it.", "Yes."), schema=None, tokens=5)
                calls.append(group.create_task(work))
                await slow.began.wait()
                slow.began.clear()
            before = next(ids)
            with pytest.raises(BusyError, match="try again when one has ended"):
                local.ask(EMBED, 5)
            assert next(ids) == before + 1, "nothing was judged, so nothing was written down"
            for call in calls:
                call.cancel()
        assert isinstance(local.ask(EMBED, 5), Admitted)


def test_who_has_to_wait_is_told_so_in_openais_form() -> None:
    status, said = _error_of(BusyError("16 calls are being answered"))
    assert (status, said["error"]["type"]) == (429, "rate_limit_error")
