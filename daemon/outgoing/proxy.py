"""The outgoing proxy: lets each connector reach its own hosts, and puts credentials in on the way.

A connector shows its token with every request (`Proxy-Authorization`, as in
`http://name:token@address`). `CONNECT host:443` gives it a tunnel that the proxy cannot look into;
`GET http://host/…` makes the proxy itself ask `https://host/…`, and only there are sentinels
swapped. It judges no data and follows no redirect. One request a connection.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hmac
import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

import h11
from doorward.daemon.errors import DaemonError
from doorward.daemon.outgoing.credentials import Credential
from doorward.daemon.outgoing.greeting import MOST, NoGreetingError, greeted
from doorward.daemon.outgoing.sentinels import Inward, outward
from doorward.daemon.outgoing.wire import HOP, Refusal, Wire
from doorward.tools.base import ToolError
from doorward.tools.web.address import WebAddress, host_name, web_address
from doorward.tools.web.outgoing import Header, Outgoing

PATIENCE = 10.0
"""Seconds in which a connector must say what it wants."""


_Served = set[asyncio.Task[object]]
"""The connections of one server that are being answered."""


@dataclass(frozen=True, slots=True)
class Passenger:
    """One connector, and where it may go."""

    name: str
    token: str = field(repr=False)
    hosts: frozenset[str]


class Passages(Protocol):
    """Whoever writes down what was let through."""

    def through(self, connector: str, host: str) -> None:
        """Write it down before anything is opened."""
        ...

    def refused(self, connector: str, host: str, why: str) -> None:
        """Write a refusal down."""
        ...


class Proxy:
    """Serves connectors over a Unix socket or the loopback."""

    def __init__(
        self,
        outgoing: Outgoing,
        credentials: Callable[[], Sequence[Credential]],
        passages: Passages,
        *,
        port: int = 443,
    ) -> None:
        """Wire the proxy; it serves nobody until `welcome` and one of the `serve_…`.

        Args:
            outgoing: The way out.
            credentials: Gives the credentials in force, at each request.
            passages: Writes receipts.
            port: The one port of the other side.
        """
        self._outgoing = outgoing
        self._credentials = credentials
        self._passages = passages
        self._port = port
        self._passengers: dict[str, Passenger] = {}

    def welcome(self, passenger: Passenger) -> None:
        """Know a connector from now on."""
        self._passengers[passenger.name] = passenger

    def dismiss(self, name: str) -> None:
        """Know it no longer."""
        self._passengers.pop(name, None)

    @asynccontextmanager
    async def serve_unix(self, path: Path) -> AsyncIterator[Path]:
        """Serve at a socket that only this user may open."""
        mask = os.umask(0o177)
        try:
            served = _Served()
            handle = partial(self._handle, served)
            server = await asyncio.start_unix_server(handle, path, limit=MOST)
        finally:
            os.umask(mask)
        async with self._while(server, served):
            yield path

    @asynccontextmanager
    async def serve(self, passenger: Passenger, listening: socket.socket) -> AsyncIterator[None]:
        """Serve one connector at a socket that listens in its own network."""
        self.welcome(passenger)
        served = _Served()
        handle = partial(self._handle, served)
        try:
            server = await asyncio.start_server(handle, sock=listening.dup(), limit=MOST)
            async with self._while(server, served):
                yield
        finally:
            self.dismiss(passenger.name)

    @asynccontextmanager
    async def serve_loopback(self) -> AsyncIterator[int]:
        """Serve at a free port of 127.0.0.1; gives the port."""
        served = _Served()
        handle = partial(self._handle, served)
        server = await asyncio.start_server(handle, "127.0.0.1", 0, limit=MOST)
        async with self._while(server, served):
            yield server.sockets[0].getsockname()[1]

    @asynccontextmanager
    async def _while(self, server: asyncio.Server, served: _Served) -> AsyncIterator[None]:
        try:
            yield
        finally:
            server.close()
            for task in served:
                task.cancel()
            await asyncio.gather(*served, return_exceptions=True)

    async def _handle(
        self, served: _Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        if task is not None:
            served.add(task)
        wire = Wire(reader, writer)
        try:
            await self._answer(wire)
        except (OSError, TimeoutError, h11.ProtocolError, asyncio.CancelledError):
            pass  # the connector went away, or speaks no HTTP: there is nobody to tell
        finally:
            writer.close()
            if task is not None:
                served.discard(task)

    async def _answer(self, wire: Wire) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                request = await wire.request()
                passenger = self._who(request)
                body = b"" if request.method == b"CONNECT" else await wire.body()
            if request.method == b"CONNECT":
                await self._tunnel(wire, passenger, request.target.decode("ascii"))
            else:
                await self._forward(wire, passenger, request, body)
        except Refusal as no:
            await wire.refuse(no.status, no.why)
        except ToolError:  # why is for the user: it may tell of the local network
            await wire.refuse(502, "this host cannot be reached")
        except DaemonError:
            await wire.refuse(503, "no receipt could be written, so nothing was opened")

    def _who(self, request: h11.Request) -> Passenger:
        given = dict(request.headers).get(b"proxy-authorization", b"")
        try:
            shown = base64.b64decode(given.partition(b" ")[2].strip(), validate=True)
        except binascii.Error:
            shown = b""
        name, _, token = shown.partition(b":")
        found = self._passengers.get(name.decode("ascii", "replace"))
        if found is None or not hmac.compare_digest(token, found.token.encode()):
            raise Refusal(407, "this proxy serves Doorward's connectors alone")
        return found

    def _let(self, passenger: Passenger, asked: str, port: int) -> str:
        """Return the host that may be connected to, with its receipt written."""
        try:
            host = host_name(asked)
        except ToolError:
            host = ""
        if host not in passenger.hosts or port != self._port:
            why = "it is not one of the connector's hosts"
            self._passages.refused(passenger.name, asked[:300], why)
            raise Refusal(403, f"{passenger.name} may not reach this host")
        self._passages.through(passenger.name, host)
        return host

    # --- tunnels ------------------------------------------------------------------------------

    async def _tunnel(self, wire: Wire, passenger: Passenger, target: str) -> None:
        name, _, port = target.rpartition(":")
        host = self._let(passenger, name, int(port) if port.isdigit() else 0)
        await self._outgoing.place(host, self._port)
        early = await wire.open_tunnel()
        try:
            async with asyncio.timeout(PATIENCE):
                while (told := greeted(early)) is None:
                    more = await wire.reader.read(MOST)
                    if not more:
                        return
                    early += more
        except NoGreetingError:
            told = ""
        if told != host:
            why = f"its greeting asked for {told[:300] or 'nobody'}"
            self._passages.refused(passenger.name, f"{host} greeted as {told[:300]}", why)
            return
        there, back = await self._outgoing.connect(host, self._port)
        try:
            back.write(early)
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(wire.reader, back))
                group.create_task(_pump(there, wire.writer))
        finally:
            back.close()

    # --- requests that the proxy makes itself ---------------------------------------------------

    async def _forward(
        self, wire: Wire, passenger: Passenger, request: h11.Request, body: bytes
    ) -> None:
        url = self._url(passenger, request.target)
        held = list(self._credentials())
        told: list[Header] = [
            (name, value) for name, value in request.headers if name.lower() not in HOP
        ]
        sent = outward(told, url.host, held)
        echo = [
            (a[1].split(b" ")[-1], b[1].split(b" ")[-1]) for a, b in zip(sent, told, strict=True)
        ]
        inward = Inward(held, echo)
        sent.append((b"Accept-Encoding", b"identity"))  # what is packed could hide a credential
        if body:
            sent.append((b"Content-Length", str(len(body)).encode()))
        method = request.method.decode("ascii")
        async with self._outgoing.request(method, url, sent, body or None) as answer:
            if answer.header("content-encoding").lower() not in {"", "identity"}:
                raise Refusal(502, "the server answered in a packed form, unasked")
            await wire.pass_on(answer, inward)

    def _url(self, passenger: Passenger, target: bytes) -> WebAddress:
        """Return the https address that a connector means by an http one."""
        scheme, mark, rest = target.decode("ascii", "replace").partition("://")
        if not mark or scheme.lower() != "http":
            raise Refusal(400, "write http://host/path: the proxy makes it https")
        host = rest.partition("/")[0].partition("?")[0]
        name, _, port = host.partition(":")
        self._let(passenger, name, self._port if port in {"", "80", str(self._port)} else 0)
        try:
            url = web_address(f"https://{name}{rest[len(host) :]}")
        except ToolError as error:
            raise Refusal(400, str(error)) from None
        return WebAddress(url.host, self._port, url.target)


async def _pump(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65_536):
            to.write(data)
            await to.drain()
    to.close()
