"""A website on the loopback with a certificate of its own: what it was asked, and what it says."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from doorward.tools.web.outgoing import NamedResolver, Outgoing

LOOPBACK = "127.0.0.1"


def page(body: bytes, kind: str = "text/html", status: str = "200 OK", *more: str) -> bytes:
    """Return one whole response."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *more]
    head += [f"Content-Type: {kind}"] if kind else []
    return "\r\n".join([*head, "Connection: close", "", ""]).encode() + body


@dataclass(slots=True)
class Website:
    """What one server says, by path, and every byte it was sent after TLS."""

    port: int
    trust: ssl.SSLContext
    pages: dict[str, bytes]
    heard: list[bytes] = field(default_factory=list)
    greeted: list[str | None] = field(default_factory=list)
    """The names that clients gave in their TLS hello; one a connection."""

    def outgoing(self, names: Mapping[str, list[str]]) -> tuple[Outgoing, NamedResolver]:
        """Return a way out for which these names stand for these addresses."""
        resolver = NamedResolver(names)
        also, ports = frozenset({LOOPBACK}), frozenset({self.port})
        return Outgoing(resolver, tls=self.trust, ports=ports, also=also), resolver


@asynccontextmanager
async def website(
    folder: Path, names: list[str], pages: dict[str, bytes]
) -> AsyncIterator[Website]:
    """Serve pages under these names."""
    served, trust = certificates(folder, names)
    site = Website(0, trust, pages)

    def greeted(_: object, name: str | None, __: object) -> None:
        site.greeted.append(name)

    served.sni_callback = greeted

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (
                    int(line[15:])
                    for line in head.lower().split(b"\r\n")
                    if line.startswith(b"content-length:")
                ),
                0,
            )
            site.heard.append(head + await reader.readexactly(length))
            path = head.split(b" ")[1].decode().partition("?")[0]
            writer.write(site.pages.get(path) or page(b"none", status="404 Not Found"))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, LOOPBACK, 0, ssl=served)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


def certificates(folder: Path, names: list[str]) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's context, and that of a client who believes the authority behind it."""
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    today = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today)
        .not_valid_after(today.replace(year=2046))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    both = folder / "site.pem"
    both.write_bytes(public + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(both)
    return server, ssl.create_default_context(cadata=public.decode())
