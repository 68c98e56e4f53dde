"""Fetching from the hub, against a small server on the loopback that speaks as the hub does."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from doorward.daemon.errors import NoRoom
from doorward.daemon.models.chosen import DEFAULT_EMBEDDER, DEFAULT_READER, Role
from doorward.daemon.models.fetch import FetchError
from doorward.daemon.models.hub import Hub, at_the_hub
from doorward.daemon.models.registry import FETCHED, DamagedError, Model, known, remembered
from doorward.tools.web.outgoing import NamedResolver, Outgoing

from tests.tools.websites import LOOPBACK, certificates

COMMIT = "a" * 40
MODEL = Model(
    "Tiny-4bit", (Role.READER,), hub="someone/Tiny-4bit", revision=COMMIT, licence="apache-2.0"
)
WEIGHTS = bytes(range(256)) * 2000


def listing(files: Mapping[str, bytes]) -> bytes:
    return json.dumps(
        [
            {
                "type": "file",
                "path": name,
                "size": len(content),
                "oid": hashlib.sha1(
                    b"blob %d\0%b" % (len(content), content), usedforsecurity=False
                ).hexdigest(),
                **(
                    {"lfs": {"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}}
                    if name.endswith("safetensors")
                    else {}
                ),
            }
            for name, content in files.items()
        ]
    ).encode()


@dataclass(slots=True)
class FakeHub:
    """Speaks enough of the hub's HTTP: a model's commit, its tree, files at another host."""

    files: dict[str, bytes]
    told: dict[str, bytes] = field(default_factory=dict)
    """What the tree says, where that is not the truth."""
    break_after: int | None = None
    """Bytes of a large file after which the connection ends, once."""
    gated: bool = False
    answers: bytes | None = None
    """What it says of the model instead."""
    lists: bytes | None = None
    """What it says of the files instead."""
    port: int = 0
    heard: list[tuple[str, str]] = field(default_factory=list)
    hub: Hub = field(init=False)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1].partition("?")[0]
        wanted = next(
            (line[7:] for line in head.split("\r\n") if line.lower().startswith("range:")), ""
        ).strip()
        self.heard.append((path, wanted))
        more, status = "", "200 OK"
        if path == f"/api/models/someone/Tiny-4bit/revision/{COMMIT}":
            about = {"sha": COMMIT, "gated": self.gated, "cardData": {"license": "apache-2.0"}}
            body = json.dumps(about).encode() if self.answers is None else self.answers
        elif path == f"/api/models/someone/Tiny-4bit/tree/{COMMIT}":
            body = listing({**self.files, **self.told}) if self.lists is None else self.lists
        elif path.startswith(f"/someone/Tiny-4bit/resolve/{COMMIT}/"):
            name = path.rsplit("/", 1)[1]
            body, status = b"", "302 Found"
            more = f"Location: https://cdn.example:{self.port}/at/{name}?{'s' * 3000}\r\n"
        elif path.startswith("/at/") and path[4:] in self.files:
            body = self.files[path[4:]]
            if wanted:
                body, status = body[int(wanted[6:-1]) :], "206 Partial Content"
        else:
            body, status = b"none", "404 Not Found"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode())
        if self.break_after is not None and len(body) > self.break_after:
            body, self.break_after = body[: self.break_after], None
        writer.write(body)
        with_end = writer.drain()
        await with_end
        writer.close()


@asynccontextmanager
async def serving(
    folder: Path,
    files: dict[str, bytes],
    told: dict[str, bytes] | None = None,
    break_after: int | None = None,
) -> AsyncIterator[FakeHub]:
    served, trust = certificates(folder, ["hub.example", "cdn.example"])
    fake = FakeHub(files, told or {}, break_after)
    server = await asyncio.start_server(fake.answer, LOOPBACK, 0, ssl=served)
    fake.port = server.sockets[0].getsockname()[1]
    names = NamedResolver({"hub.example": [LOOPBACK], "cdn.example": [LOOPBACK]})
    outgoing = Outgoing(names, tls=trust, ports=frozenset({fake.port}), also=frozenset({LOOPBACK}))
    fake.hub = Hub(outgoing, f"https://hub.example:{fake.port}")
    try:
        yield fake
    finally:
        server.close()


FILES = {
    "config.json": b'{"model_type": "llama"}',
    "model.safetensors": WEIGHTS,
    "tokenizer.json": b"{}",
    "modeling_tiny.py": b"raise SystemExit('code of the repository ran')",
    "pytorch_model.bin": b"a pickle",
    "original/params.json": b"{}",
}
TAKEN = ["config.json", "model.safetensors", "tokenizer.json"]


async def test_weights_and_tables_are_fetched_and_no_code(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    async with serving(tmp_path, FILES) as fake:
        offer = await fake.hub.offer(MODEL)
        assert (offer.commit, offer.licence) == (COMMIT, "apache-2.0")
        assert offer.size == sum(len(FILES[name]) for name in TAKEN)
        path = await fake.hub.fetch(offer, folder, str)
    assert sorted(each.name for each in path.iterdir()) == TAKEN
    assert (path / "model.safetensors").read_bytes() == WEIGHTS
    assert sorted(each.name for each in folder.iterdir()) == [MODEL.name, FETCHED]
    assert path.stat().st_mode & 0o077 == 0
    held = remembered(folder)[MODEL.name]
    assert held.source == f"hub:someone/Tiny-4bit@{COMMIT}"
    assert held.licence == "apache-2.0"
    assert held.files["model.safetensors"] == hashlib.sha256(WEIGHTS).hexdigest()


async def test_what_broke_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    async with serving(tmp_path, FILES, break_after=100_000) as fake:
        offer = await fake.hub.offer(MODEL)
        with pytest.raises(FetchError, match=r"model\.safetensors"):
            await fake.hub.fetch(offer, folder, str)
        assert not (folder / MODEL.name).exists()
        await fake.hub.fetch(offer, folder, str)
        asked = [wanted for path, wanted in fake.heard if path == "/at/model.safetensors"]
        assert asked == ["", "bytes=100000-"]
        assert [path for path, _ in fake.heard].count("/at/config.json") == 1
    assert (folder / MODEL.name / "model.safetensors").read_bytes() == WEIGHTS


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
async def test_a_file_that_is_not_what_the_hub_says_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "models"
    other = bytes(reversed(FILES[name]))
    async with serving(tmp_path, {**FILES, name: other}, told={name: FILES[name]}) as fake:
        offer = await fake.hub.offer(MODEL)
        with pytest.raises(FetchError, match="checksum differs"):
            await fake.hub.fetch(offer, folder, str)
    assert not (folder / MODEL.name).exists()


async def test_a_file_longer_than_the_hub_says_is_cut_off(tmp_path: Path) -> None:
    async with serving(tmp_path, FILES, told={"tokenizer.json": b"{"}) as fake:
        offer = await fake.hub.offer(MODEL)
        with pytest.raises(FetchError, match="longer"):
            await fake.hub.fetch(offer, tmp_path / "models", str)


async def test_the_same_commit_with_other_bytes_is_refused_the_second_time(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    async with serving(tmp_path, dict(FILES)) as fake:
        await fake.hub.fetch(await fake.hub.offer(MODEL), folder, str)
        fake.files["model.safetensors"] = bytes(reversed(WEIGHTS))
        with pytest.raises(FetchError, match="not the file that it was"):
            await fake.hub.fetch(await fake.hub.offer(MODEL), folder, str)
    assert (folder / MODEL.name / "model.safetensors").read_bytes() == WEIGHTS


@pytest.mark.parametrize("name", [DEFAULT_EMBEDDER, DEFAULT_READER, "cache", FETCHED])
async def test_a_stranger_cannot_take_the_name_of_what_is_known(tmp_path: Path, name: str) -> None:
    async with serving(tmp_path, FILES) as fake:
        offer = replace(await fake.hub.offer(MODEL), model=replace(MODEL, name=name))
        fake.heard.clear()
        with pytest.raises(FetchError, match="another model's name"):
            await fake.hub.fetch(offer, tmp_path / "models", str)
        assert not fake.heard


async def test_a_model_is_replaced_by_its_own_repository_alone(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    async with serving(tmp_path, FILES) as fake:
        offer = await fake.hub.offer(MODEL)
        await fake.hub.fetch(offer, folder, str)
        await fake.hub.fetch(offer, folder, str)
        other = replace(offer, model=replace(MODEL, hub="nobody/Tiny-4bit"))
        with pytest.raises(FetchError, match="another model's name"):
            await fake.hub.fetch(other, folder, str)
        (folder / "mine.gguf").write_bytes(b"GGUF")
        with pytest.raises(FetchError, match="another model's name"):
            await fake.hub.fetch(
                replace(offer, model=replace(MODEL, name="mine.gguf")), folder, str
            )


@pytest.mark.parametrize("said", [b"[" * 100_000, b"[]", b"null", b'{"sha": 5}'])
async def test_an_answer_that_is_no_list_of_files_is_said_so(tmp_path: Path, said: bytes) -> None:
    async with serving(tmp_path, FILES) as fake:
        fake.answers = said
        with pytest.raises(FetchError):
            await fake.hub.offer(MODEL)


@pytest.mark.parametrize("said", [b"{}", b'["a"]', b"null"])
async def test_a_list_of_files_that_is_none_is_said_so(tmp_path: Path, said: bytes) -> None:
    async with serving(tmp_path, FILES) as fake:
        fake.lists = said
        with pytest.raises(FetchError):
            await fake.hub.offer(MODEL)


async def test_a_repository_without_weights_or_behind_a_gate_is_refused(tmp_path: Path) -> None:
    async with serving(tmp_path, {"pytorch_model.bin": b"a pickle"}) as fake:
        with pytest.raises(FetchError, match="no weights"):
            await fake.hub.offer(MODEL)
        fake.gated = True
        with pytest.raises(FetchError, match="sign in"):
            await fake.hub.offer(MODEL)


async def test_a_model_that_the_hub_does_not_have_is_said_so(tmp_path: Path) -> None:
    async with serving(tmp_path, FILES) as fake:
        with pytest.raises(FetchError, match="answered 404"):
            await fake.hub.offer(at_the_hub("someone/Other"))


async def test_a_full_disk_is_said_before_anything_is_fetched(
    tmp_path: Path, full_disk: None
) -> None:
    async with serving(tmp_path, FILES) as fake:
        offer = await fake.hub.offer(MODEL)
        with pytest.raises(NoRoom, match="not enough room"):
            await fake.hub.fetch(offer, tmp_path / "models", str)
        assert not any(path.startswith("/at/") for path, _ in fake.heard)


@contextmanager
def _disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import shutil

    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
    yield


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with _disk(monkeypatch):
        yield


async def test_a_changed_memory_of_what_was_fetched_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    async with serving(tmp_path, FILES) as fake:
        await fake.hub.fetch(await fake.hub.offer(MODEL), folder, str)
    path = folder / FETCHED
    path.write_text(path.read_text(encoding="utf-8").replace("apache-2.0", "mit"), encoding="utf-8")
    with pytest.raises(DamagedError, match="seal"):
        remembered(folder)


def test_a_repository_can_be_named_with_its_revision() -> None:
    model = at_the_hub("someone/Tiny@v1.0")
    assert (model.name, model.hub, model.revision) == ("Tiny", "someone/Tiny", "v1.0")


def test_a_known_repository_is_fetched_at_the_commit_that_is_known() -> None:
    [model] = [each for each in known() if each.name == "Qwen3-0.6B-4bit"]
    assert at_the_hub(model.hub) == model
    assert at_the_hub(f"{model.hub}@main").revision == "main"
