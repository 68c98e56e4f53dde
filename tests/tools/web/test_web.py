from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from doorward.policies.vocabulary import Destination, Trust
from doorward.tools.base import ToolError, Unavailable, Unreadable
from doorward.tools.documents.client import DocumentReader
from doorward.tools.web.outgoing import BlockedError, NamedResolver, Outgoing
from doorward.tools.web.page import MAX_BYTES, WebGet

from tests.tools.calls import context_of, data, fetch
from tests.tools.websites import LOOPBACK, Website, page, website

HTML = (
    b"<html><head><title>Opening hours</title><link rel=icon href=/favicon.ico>"
    b'<script src="/track.js"></script></head><body><h1>Hours</h1><p>Nine to five.'
    b'<img src="/pixel.png"><a href="/more">more</a><a href="javascript:x()">x</a></body></html>'
)


@asynccontextmanager
async def site(tmp_path: Path, pages: Mapping[str, bytes]) -> AsyncIterator[Website]:
    async with website(tmp_path, ["shop.example.org"], dict(pages)) as made:
        yield made


@pytest.fixture
async def documents() -> AsyncIterator[DocumentReader]:
    reader = DocumentReader()
    yield reader
    await reader.close()


async def test_a_page_is_read_as_text_and_nothing_on_it_is_fetched(
    tmp_path: Path, documents: DocumentReader
) -> None:
    async with site(tmp_path, {"/": page(HTML)}) as shop:
        outgoing, resolver = shop.outgoing({"shop.example.org": [LOOPBACK]})
        tool = WebGet(outgoing, documents)
        url = f"https://shop.example.org:{shop.port}/"
        result = await fetch(tool, context_of(tmp_path), f"{url}?day=mon#secret-part")
    found = data(result)
    assert found["status"] == 200
    assert found["title"] == "Opening hours"
    assert "Nine to five." in found["text"]
    assert found["links"] == [f"{url}more"]
    assert result.label.trust is Trust.UNTRUSTED
    assert result.label.sources == {"web:shop.example.org"}
    assert resolver.asked == ["shop.example.org"]
    assert shop.greeted == ["shop.example.org"]
    sent = shop.heard[0].decode()
    assert len(shop.heard) == 1
    assert sent.splitlines()[0] == "GET /?day=mon HTTP/1.1"
    assert "secret-part" not in sent
    names = {line.partition(":")[0].lower() for line in sent.splitlines()[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert "User-Agent: Doorward\r\n" in sent


async def test_a_redirect_is_a_result_and_is_not_followed(
    tmp_path: Path, documents: DocumentReader
) -> None:
    moved = page(b"", "", "302 Found", "Location: https://other.example.com/new?x=1")
    async with site(tmp_path, {"/": moved}) as shop:
        names = {"shop.example.org": [LOOPBACK], "other.example.com": [LOOPBACK]}
        outgoing, resolver = shop.outgoing(names)
        url = f"https://shop.example.org:{shop.port}/"
        result = await fetch(WebGet(outgoing, documents), context_of(tmp_path), url)
    assert data(result)["redirect"] == "https://other.example.com/new?x=1"
    assert resolver.asked == ["shop.example.org"]
    assert len(shop.heard) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (page(b"%PDF-", "application/pdf"), "answered with application/pdf"),
        (page(b"x", ""), "answered with no type"),
        (page(b"x", "text/html", "200 OK", "Content-Encoding: gzip"), "packed form"),
        (page(b"a" * (MAX_BYTES + 1)), "larger than 5 MB"),
        (b"not http at all\r\n\r\n", "cannot reach"),
    ],
)
async def test_an_answer_that_is_no_page_is_not_read(
    tmp_path: Path, documents: DocumentReader, answer: bytes, said: str
) -> None:
    async with site(tmp_path, {"/": answer}) as shop:
        outgoing, _ = shop.outgoing({"shop.example.org": [LOOPBACK]})
        url = f"https://shop.example.org:{shop.port}/"
        with pytest.raises((Unreadable, Unavailable), match=said):
            await fetch(WebGet(outgoing, documents), context_of(tmp_path), url)


async def test_a_certificate_for_another_name_ends_the_connection_before_anything_is_said(
    tmp_path: Path, documents: DocumentReader
) -> None:
    async with site(tmp_path, {"/": page(HTML)}) as shop:
        outgoing, _ = shop.outgoing({"other.example.com": [LOOPBACK]})
        url = f"https://other.example.com:{shop.port}/"
        with pytest.raises(Unavailable, match="cannot reach other"):
            await fetch(WebGet(outgoing, documents), context_of(tmp_path), url)
    assert shop.heard == []


async def test_a_name_is_looked_up_once_so_that_a_second_answer_cannot_differ(
    tmp_path: Path, documents: DocumentReader
) -> None:
    class Rebinding(NamedResolver):
        async def addresses(self, host: str) -> list[str]:
            self.asked.append(host)
            return [LOOPBACK] if len(self.asked) == 1 else ["10.0.0.1"]

    async with site(tmp_path, {"/": page(HTML)}) as shop:
        resolver = Rebinding({})
        also = frozenset({LOOPBACK})
        outgoing = Outgoing(resolver, tls=shop.trust, ports=frozenset({shop.port}), also=also)
        url = f"https://shop.example.org:{shop.port}/"
        await fetch(WebGet(outgoing, documents), context_of(tmp_path), url)
    assert resolver.asked == ["shop.example.org"]


async def test_the_next_address_is_tried_when_nobody_answers_at_the_first(
    tmp_path: Path, documents: DocumentReader
) -> None:
    async with site(tmp_path, {"/": page(HTML)}) as shop:
        also = frozenset({LOOPBACK, "127.0.0.2"})
        outgoing = Outgoing(
            NamedResolver({"shop.example.org": ["127.0.0.2", LOOPBACK]}),
            tls=shop.trust,
            ports=frozenset({shop.port}),
            also=also,
        )
        url = f"https://shop.example.org:{shop.port}/"
        found = await fetch(WebGet(outgoing, documents), context_of(tmp_path), url)
    assert data(found)["status"] == 200


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["169.254.169.254"], ["::ffff:7f00:1"], ["8.8.8.8", "192.168.1.1"], []],
)
async def test_a_name_that_stands_for_a_local_machine_is_not_connected_to(
    tmp_path: Path, documents: DocumentReader, addresses: list[str]
) -> None:
    outgoing = Outgoing(NamedResolver({"shop.example.org": addresses}))
    with pytest.raises((BlockedError, Unavailable), match="shop"):
        await fetch(WebGet(outgoing, documents), context_of(tmp_path), "https://shop.example.org/")


async def test_only_the_port_of_https_is_connected_to(
    tmp_path: Path, documents: DocumentReader
) -> None:
    resolver = NamedResolver({"shop.example.org": ["8.8.8.8"]})
    with pytest.raises(BlockedError, match="port 22 is not allowed"):
        await fetch(
            WebGet(Outgoing(resolver), documents),
            context_of(tmp_path),
            "https://shop.example.org:22/",
        )
    assert resolver.asked == []


def test_what_is_touched_is_the_whole_address(tmp_path: Path, documents: DocumentReader) -> None:
    resolver = NamedResolver({})
    tool = WebGet(Outgoing(resolver), documents)
    [touch] = tool.touches({"url": "https://Shop.example.org/a?b#c"}, context_of(tmp_path))
    assert touch.resource == "https://shop.example.org/a?b"
    assert touch.destination == Destination("web", "shop.example.org")
    assert resolver.asked == []


async def test_without_a_permit_to_send_it_whole_nothing_is_fetched(
    tmp_path: Path, documents: DocumentReader
) -> None:
    resolver = NamedResolver({})
    with pytest.raises(ToolError, match="exactly one permit"):
        await WebGet(Outgoing(resolver), documents).run({"url": "x"}, [], context_of(tmp_path))
    assert resolver.asked == []
