"""A connector's side of the proxy: one connection, one request, in HTTP/1.1.

h11 reads and writes the protocol; who may do what is `proxy`'s business, its one caller.
"""

from __future__ import annotations

import asyncio

import h11
from doorward.daemon.outgoing.sentinels import Inward
from doorward.tools.web.outgoing import Answer

MAX_BODY = 10_000_000
"""Bytes of the largest body that is passed on."""
HOP = frozenset(
    b"connection content-length host keep-alive proxy-authenticate proxy-authorization"
    b" proxy-connection te trailer transfer-encoding upgrade expect accept-encoding".split()
)
"""Headers that are of one connection, or that the proxy sets itself."""


class Refusal(Exception):
    """The request is answered with a status and nothing is opened."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Wire:
    """One connector's connection, in HTTP/1.1."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak over a connection that was accepted."""
        self.reader = reader
        self.writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=65_536)

    async def _next(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                await self._say(h11.InformationalResponse(status_code=100, headers=[]))
            self._http.receive_data(await self.reader.read(65_536))
        return event

    async def request(self) -> h11.Request:
        """Wait for what it asks.

        Raises:
            ConnectionResetError: It went away.
        """
        event = await self._next()
        if not isinstance(event, h11.Request):
            raise ConnectionResetError
        return event

    async def body(self) -> bytes:
        """Wait for the rest of its request.

        Raises:
            Refusal: It is too large.
        """
        data = bytearray()
        while isinstance(event := await self._next(), h11.Data):
            data += event.data
            if len(data) > MAX_BODY:
                raise Refusal(413, f"more than {MAX_BODY // 1_000_000} MB are not passed on")
        return bytes(data)

    async def _say(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            self.writer.write(data)
            await self.writer.drain()

    async def open_tunnel(self) -> bytes:
        """Say that the tunnel stands; return what was sent through it already."""
        await self._next()  # the end of the request: h11 stops there
        await self._say(h11.Response(status_code=200, headers=[]))
        return self._http.trailing_data[0]

    async def refuse(self, status: int, why: str) -> None:
        """Answer with a sentence, unless an answer has begun."""
        if self._http.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return  # something was said already: closing is all that is left
        text = f"{why}\n".encode()
        length = str(len(text)).encode()
        headers = [(b"Content-Length", length), (b"Content-Type", b"text/plain; charset=utf-8")]
        if status == 407:
            headers.append((b"Proxy-Authenticate", b"Basic realm=doorward"))
        headers.append((b"Connection", b"close"))
        await self._say(h11.Response(status_code=status, headers=headers))
        await self._say(h11.Data(data=text))
        await self._say(h11.EndOfMessage())

    async def pass_on(self, answer: Answer, inward: Inward) -> None:
        """Send a server's answer to the connector, without any credential in it."""
        headers = [
            (name, inward.whole(value)) for name, value in answer.headers if name.lower() not in HOP
        ]
        headers.append((b"Connection", b"close"))
        await self._say(h11.Response(status_code=answer.status, headers=headers))
        async for chunk in answer.body:
            if passed := inward.feed(chunk):
                await self._say(h11.Data(data=passed))
        if left := inward.end():
            await self._say(h11.Data(data=left))
        await self._say(h11.EndOfMessage())
