"""The way out: the one place that opens connections to other machines, for pages and connectors.

It judges no data (the door has, before anything comes here) and knows no credentials. A name is
looked up once, each address it gave is held against `policies.addresses`, and the connection goes
to exactly such an address: a second look-up could give another (DNS rebinding). TLS is verified
against the name. Redirects, cookies, proxies of the environment and caches do not exist here.
`page` and `daemon.outgoing` use it; `daemon.main` constructs it.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from doorward.policies.addresses import forbidden
from doorward.tools.base import ToolError, Unavailable
from doorward.tools.web.address import WebAddress

if TYPE_CHECKING:
    import httpcore2

CONNECT = 10.0
"""Seconds in which a machine must answer."""
PORTS = frozenset({443})

Header = tuple[bytes, bytes]


class BlockedError(ToolError):
    """The place that a name stands for may not be connected to."""


class Resolver(Protocol):
    """Turns a name into addresses: the one question that leaves before a connection does."""

    async def addresses(self, host: str) -> Sequence[str]:
        """Return the addresses of a host, best first.

        Raises:
            OSError: When there is none.
        """
        ...


class SystemResolver:
    """The device's own resolver."""

    async def addresses(self, host: str) -> Sequence[str]:
        """Ask the system."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(each[4][0]) for each in found))


class NamedResolver:
    """The twin: names and addresses in memory; keeps what it was asked."""

    def __init__(self, names: Mapping[str, Sequence[str]]) -> None:
        """Know these names."""
        self._names = names
        self.asked: list[str] = []

    async def addresses(self, host: str) -> Sequence[str]:
        """Look it up here."""
        self.asked.append(host)
        if host not in self._names:
            raise OSError(f"no address of {host}")
        return self._names[host]


@dataclass(frozen=True, slots=True)
class Answer:
    """The start of an HTTP response, and its body as it comes."""

    status: int
    headers: tuple[Header, ...]
    body: AsyncIterator[bytes]

    def header(self, name: str) -> str:
        """Return a header's value, or empty."""
        wanted = name.lower().encode()
        found = (value for each, value in self.headers if each.lower() == wanted)
        return next(found, b"").decode("latin-1")


class Outgoing:
    """Opens connections to public machines, and makes HTTPS requests over them."""

    def __init__(
        self,
        resolver: Resolver,
        *,
        tls: ssl.SSLContext | None = None,
        ports: frozenset[int] = PORTS,
        also: frozenset[str] = frozenset(),
    ) -> None:
        """Wire the way out.

        Args:
            resolver: Looks names up.
            tls: Whom to believe; None is the system's own list.
            ports: Ports that may be connected to.
            also: Addresses that are allowed though not public; for tests alone.
        """
        self._resolver = resolver
        self._tls = tls
        self._ports = ports
        self._also = also

    async def place(self, host: str, port: int) -> list[str]:
        """Return the addresses to connect to for a name.

        Raises:
            BlockedError: Any of its addresses is not public, or the port is not allowed: such an
                answer is a trap or a mistake, and none of it is used.
            Unavailable: It has no address.
        """
        if port not in self._ports:
            raise BlockedError(f"cannot connect to {host}: port {port} is not allowed")
        try:
            async with asyncio.timeout(CONNECT):
                found = await self._resolver.addresses(host)
        except (OSError, UnicodeError) as error:
            raise _unavailable(f"cannot find {host}") from error
        for address in found:
            if address not in self._also and (why := forbidden(address)):
                blocked = BlockedError(f"cannot connect to {host}: of its address {address}: {why}")
                blocked.add_note("hint: Doorward only connects to public machines")
                raise blocked
        if not found:
            raise _unavailable(f"cannot find {host}")
        return list(found)

    async def connect(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a bare connection, for a tunnel.

        Raises:
            BlockedError: The place may not be connected to.
            Unavailable: Nobody answers there.
        """
        for address in await self.place(host, port):
            try:
                async with asyncio.timeout(CONNECT):
                    return await asyncio.open_connection(address, port)
            except OSError:
                continue
        raise _unavailable(f"cannot reach {host}")

    @asynccontextmanager
    async def request(
        self,
        method: str,
        url: WebAddress,
        headers: Iterable[Header],
        body: bytes | None = None,
    ) -> AsyncIterator[Answer]:
        """Make one HTTPS request and give its answer; redirects are answers like others.

        Raises:
            BlockedError: The place may not be connected to.
            Unavailable: Nobody answers there, or not in HTTP, or its certificate does not hold.
        """
        import httpcore2

        addresses = await self.place(url.host, url.port)
        tls = self._tls or httpcore2.default_ssl_context()
        port = "" if url.port == 443 else f":{url.port}"
        sent = [(b"Host", f"{url.host}{port}".encode()), *headers]
        pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls, network_backend=_pinned(url.host, addresses)
        )
        where = httpcore2.URL(
            scheme=b"https", host=url.host.encode(), port=url.port, target=url.target.encode()
        )
        timeouts = {"timeout": {"connect": CONNECT, "read": None, "write": None, "pool": CONNECT}}
        try:
            async with (
                pool,
                pool.stream(
                    method, where, headers=sent, content=body, extensions=timeouts
                ) as response,
            ):
                yield Answer(response.status, tuple(response.headers), response.aiter_stream())
        except _http_errors() as error:
            # The library's words may hold what the other side said; only the kind is kept.
            raise _unavailable(f"cannot reach {url.host}: {type(error).__name__}") from None


def _http_errors() -> tuple[type[Exception], ...]:
    import httpcore2

    return (
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.TimeoutException,
        httpcore2.UnsupportedProtocol,
    )


def _pinned(host: str, addresses: Sequence[str]) -> httpcore2.AsyncNetworkBackend:
    """Return a network that knows one host, under addresses that were checked."""
    import httpcore2

    class Pinned(httpcore2.AnyIOBackend):
        async def connect_tcp(  # the library's signature
            self, host: str, port: int, *args: Any, **options: Any
        ) -> httpcore2.AsyncNetworkStream:
            if host != known:
                raise httpcore2.ConnectError(host)
            last = httpcore2.ConnectError()
            for address in addresses:
                try:
                    return await super().connect_tcp(address, port, *args, **options)
                except httpcore2.ConnectError as error:
                    last = error
            raise last

    known = host
    return Pinned()


def _unavailable(what: str) -> Unavailable:
    error = Unavailable(what)
    error.add_note("hint: check the address and the network, and try again")
    return error
