"""The proxy over real sockets: a connector on one side, a website with TLS on the other."""

from __future__ import annotations

import asyncio
import base64
import sqlite3
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from doorward.daemon.errors import NoRoom
from doorward.daemon.outgoing.credentials import Credential
from doorward.daemon.outgoing.passages import MOST, Passages
from doorward.daemon.outgoing.proxy import Passenger, Proxy
from doorward.daemon.receipts.check import verify
from doorward.daemon.receipts.entries import signer
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.values.vault import Seal
from doorward.tools.web.outgoing import NamedResolver

from tests.tools.websites import LOOPBACK, Website, page, website

VALUE = "ghp_ThisIsTheRealOne42"
HOST, ELSEWHERE = "api.example.com", "evil.example.net"
TOKEN = Credential("forge", HOST, "authorization", "dwcred_00ff", VALUE)
KEY = "letmein"
MASTER = b"\x07" * 32


@dataclass
class Written:
    """The twin of `Passages`: in memory."""

    allowed: list[tuple[str, str]] = field(default_factory=list)
    denied: list[tuple[str, str]] = field(default_factory=list)
    full: bool = False

    def through(self, connector: str, host: str) -> None:
        if self.full:
            raise NoRoom("cannot write /a/path")
        self.allowed.append((connector, host))

    def refused(self, connector: str, host: str, why: str) -> None:
        self.denied.append((connector, host))


@dataclass
class Setup:
    site: Website
    resolver: NamedResolver
    written: Written
    proxy: Proxy
    port: int

    async def say(self, text: bytes, token: str = f"forge:{KEY}") -> bytes:
        """Send one request as a connector, and read until the proxy closes."""
        reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
        line, _, rest = text.partition(b"\r\n")
        auth = b"Proxy-Authorization: Basic " + base64.b64encode(token.encode())
        writer.write(line + b"\r\n" + (auth + b"\r\n" if token else b"") + rest)
        async with asyncio.timeout(5):
            answer = await reader.read()
        writer.close()
        return answer

    async def get(self, target: str, *headers: str, body: bytes = b"") -> bytes:
        method = "POST" if body else "GET"
        more = [*headers, *([f"Content-Length: {len(body)}"] if body else [])]
        head = [f"{method} {target} HTTP/1.1", "Host: whatever", *more, "", ""]
        return await self.say("\r\n".join(head).encode() + body)


@asynccontextmanager
async def setup(tmp_path: Path, names: dict[str, list[str]] | None = None) -> AsyncIterator[Setup]:
    async with website(tmp_path, [HOST, ELSEWHERE], {"/": page(b"hello", "text/plain")}) as site:
        default = {HOST: [LOOPBACK], ELSEWHERE: [LOOPBACK]}
        outgoing, resolver = site.outgoing(default if names is None else names)
        written = Written()
        proxy = Proxy(outgoing, lambda: [TOKEN], written, port=site.port)
        proxy.welcome(Passenger("forge", "letmein", frozenset({HOST})))
        async with proxy.serve_loopback() as port:
            yield Setup(site, resolver, written, proxy, port)


async def test_a_request_to_its_host_is_made_over_tls_with_the_credential_put_in(
    tmp_path: Path,
) -> None:
    async with setup(tmp_path) as one:
        answer = await one.get(f"http://{HOST}/?q=1", "Authorization: Bearer dwcred_00ff")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"hello" in answer
    [heard] = one.site.heard
    assert heard.startswith(b"GET /?q=1 HTTP/1.1\r\n")
    assert f"Authorization: Bearer {VALUE}".lower().encode() in heard.lower()
    assert b"proxy-authorization" not in heard.lower()
    assert f"host: {HOST}".encode() in heard.lower()
    assert one.site.greeted == [HOST]
    assert one.written.allowed == [("forge", HOST)]


async def test_a_sentinel_in_url_body_or_another_header_stays_a_sentinel(tmp_path: Path) -> None:
    async with setup(tmp_path) as one:
        await one.get(
            f"http://{HOST}/dwcred_00ff?t=dwcred_00ff",
            "X-Other: dwcred_00ff",
            "Cookie: dwcred_00ff",
            body=b'{"token": "dwcred_00ff"}',
        )
    [heard] = one.site.heard
    assert heard.count(b"dwcred_00ff") == 5
    assert VALUE.encode() not in heard


async def test_a_credential_that_the_server_says_comes_in_as_its_sentinel(tmp_path: Path) -> None:
    async with setup(tmp_path) as one:
        basic = base64.b64encode(f"me:{VALUE}".encode())
        one.site.pages["/"] = page(
            b"you are " + VALUE.encode() + b" or " + basic,
            "text/plain",
            "200 OK",
            f"X-Echo: {VALUE}",
        )
        mine = base64.b64encode(b"me:dwcred_00ff").decode()
        answer = await one.get(f"http://{HOST}/", f"Authorization: Basic {mine}")
    assert VALUE.encode() not in answer
    assert basic not in answer
    assert b"you are dwcred_00ff or " + mine.encode() in answer
    assert b"dwcred_00ff\r\n" in answer


async def test_a_packed_answer_is_not_passed_on(tmp_path: Path) -> None:
    async with setup(tmp_path) as one:
        one.site.pages["/"] = page(b"xx", "text/plain", "200 OK", "Content-Encoding: gzip")
        answer = await one.get(f"http://{HOST}/")
        assert b"accept-encoding: identity" in one.site.heard[0].lower()
    assert answer.startswith(b"HTTP/1.1 502")


@pytest.mark.parametrize(
    "target",
    [
        f"http://{ELSEWHERE}/",
        f"http://{HOST}.evil.example.net/",
        f"http://{HOST}@{ELSEWHERE}/",
        f"http://{HOST}:22/",
        "http://127.0.0.1/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
    ],
)
async def test_another_host_is_refused_before_its_name_is_looked_up(
    tmp_path: Path, target: str
) -> None:
    async with setup(tmp_path) as one:
        answer = await one.get(target, "Authorization: Bearer dwcred_00ff")
    assert answer.startswith(b"HTTP/1.1 403")
    assert one.resolver.asked == []
    assert one.site.heard == []
    assert one.written.allowed == []
    assert len(one.written.denied) == 1


@pytest.mark.parametrize("target", [f"https://{HOST}/", "/", f"ftp://{HOST}/", "*"])
async def test_what_is_no_request_to_a_proxy_is_refused(tmp_path: Path, target: str) -> None:
    async with setup(tmp_path) as one:
        answer = await one.get(target)
    assert answer.startswith(b"HTTP/1.1 400")
    assert one.resolver.asked == []


@pytest.mark.parametrize("token", ["", "forge:wrong", "other:letmein", "forge:", ":", "nonsense"])
async def test_only_a_connector_with_its_token_is_served(tmp_path: Path, token: str) -> None:
    async with setup(tmp_path) as one:
        request = f"GET http://{HOST}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        answer = await one.say(request, token)
        tunnel = f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        assert (await one.say(tunnel, token)).startswith(b"HTTP/1.1 407")
    assert answer.startswith(b"HTTP/1.1 407")
    assert one.resolver.asked == []


async def test_a_connector_that_was_dismissed_is_served_no_more(tmp_path: Path) -> None:
    async with setup(tmp_path) as one:
        one.proxy.dismiss("forge")
        assert (await one.get(f"http://{HOST}/")).startswith(b"HTTP/1.1 407")


async def test_a_redirect_is_passed_on_and_where_it_leads_is_judged_anew(tmp_path: Path) -> None:
    async with setup(tmp_path) as one:
        where = f"Location: https://{ELSEWHERE}/"
        one.site.pages["/"] = page(b"", "", "302 Found", where)
        answer = await one.get(f"http://{HOST}/", "Authorization: Bearer dwcred_00ff")
        assert answer.startswith(b"HTTP/1.1 302")
        assert len(one.site.heard) == 1
        assert (await one.get(f"http://{ELSEWHERE}/")).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::ffff:7f00:1", "::1"])
async def test_a_host_that_turns_out_to_be_local_is_not_connected_to(
    tmp_path: Path, address: str
) -> None:
    async with setup(tmp_path, {HOST: [address]}) as one:
        answer = await one.get(f"http://{HOST}/", "Authorization: Bearer dwcred_00ff")
        tunnel = f"CONNECT {HOST}:{one.site.port} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        assert (await one.say(tunnel)).startswith(b"HTTP/1.1 502")
    assert answer.startswith(b"HTTP/1.1 502")
    assert address.encode() not in answer
    assert one.site.heard == []


async def test_without_a_receipt_nothing_is_opened(tmp_path: Path) -> None:
    async with setup(tmp_path) as one:
        one.written.full = True
        answer = await one.get(f"http://{HOST}/")
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"/a/path" not in answer
    assert one.resolver.asked == []


async def tunnel(one: Setup, greet: str | None, target: str = HOST) -> bytes:
    """Open a tunnel, greet through it, ask for a page; return what came of it."""
    reader, writer = await asyncio.open_connection(LOOPBACK, one.port)
    auth = base64.b64encode(b"forge:letmein").decode()
    head = [f"CONNECT {target}:{one.site.port} HTTP/1.1", "Host: x"]
    writer.write("\r\n".join([*head, f"Proxy-Authorization: Basic {auth}", "", ""]).encode())
    async with asyncio.timeout(5):
        said = await reader.readuntil(b"\r\n\r\n")
        if not said.startswith(b"HTTP/1.1 200"):
            writer.close()
            return said
        if greet is None:
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        else:
            try:
                await writer.start_tls(one.site.trust, server_hostname=greet)
                writer.write(f"GET / HTTP/1.1\r\nHost: {greet}\r\n\r\n".encode())
            except (OSError, ssl.SSLError):
                writer.transport.abort()
                return b"closed"
        answer = await reader.read()
    writer.close()
    return answer or b"closed"


async def test_a_tunnel_to_its_host_carries_tls_end_to_end(tmp_path: Path) -> None:
    async with setup(tmp_path) as one:
        answer = await tunnel(one, HOST)
    assert b"hello" in answer
    assert one.written.allowed == [("forge", HOST)]
    assert one.resolver.asked.count(HOST) >= 1


async def test_a_tunnel_that_greets_another_host_is_closed(tmp_path: Path) -> None:
    async with setup(tmp_path) as one:
        assert await tunnel(one, ELSEWHERE) == b"closed"
        assert await tunnel(one, None) == b"closed"
    assert one.site.heard == []
    assert len(one.written.denied) == 2


async def test_a_tunnel_to_another_host_is_refused(tmp_path: Path) -> None:
    async with setup(tmp_path) as one:
        assert (await tunnel(one, ELSEWHERE, ELSEWHERE)).startswith(b"HTTP/1.1 403")
        assert (await tunnel(one, HOST, "127.0.0.1")).startswith(b"HTTP/1.1 403")
    assert one.resolver.asked == []


async def test_it_serves_over_a_socket_of_this_user_alone(tmp_path: Path) -> None:
    async with setup(tmp_path) as one, one.proxy.serve_unix(tmp_path / "p.sock") as path:
        assert path.stat().st_mode & 0o777 == 0o600
        reader, writer = await asyncio.open_unix_connection(path)
        auth = base64.b64encode(b"forge:letmein")
        writer.write(f"GET http://{HOST}/ HTTP/1.1\r\nHost: x\r\n".encode())
        writer.write(b"Proxy-Authorization: Basic " + auth + b"\r\n\r\n")
        async with asyncio.timeout(5):
            assert b"hello" in await reader.read()
        writer.close()


@pytest.mark.parametrize("noise", [b"\x00\xff\n\n", b"GET / HTTP/9\r\n\r\n", b""])
async def test_noise_ends_the_connection_and_nothing_else(tmp_path: Path, noise: bytes) -> None:
    async with setup(tmp_path) as one:
        reader, writer = await asyncio.open_connection(LOOPBACK, one.port)
        writer.write(noise)
        writer.write_eof()
        async with asyncio.timeout(5):
            await reader.read()
        writer.close()
        assert b"hello" in await one.get(f"http://{HOST}/")


def test_passages_are_in_the_ledger_and_refusals_cannot_fill_it(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    path = tmp_path / "receipts.jsonl"
    ledger = Ledger(path, connection, Seal(b"k" * 32), MASTER)
    passages = Passages(ledger, lambda: "2026-11-23T09:00:00+00:00")
    passages.through("forge", HOST)
    for number in range(MOST + 50):
        passages.refused("forge", f"secret-{number}.example.net", "not listed")
        passages.refused("forge", f"secret-{number}.example.net", "not listed")
    check = verify(path, signer(MASTER).public_key())
    assert check.faults == ()
    assert check.entries == 1 + MOST
    assert b"secret-" not in path.read_bytes()
    assert [one["decision"] for one in ledger.details("")][:2] == ["allow", "deny"]
