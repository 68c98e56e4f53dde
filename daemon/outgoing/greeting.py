"""The name in a TLS greeting: what a client tells a server before anything is encrypted.

It ends no TLS and reads nothing else: a tunnel's bytes are the connector's and its host's. OpenSSL
parses the greeting, from memory. `proxy` asks, so that a tunnel to one host cannot greet another
(domain fronting).
"""

from __future__ import annotations

import ssl

MOST = 16_384
"""Bytes of the longest greeting."""


class NoGreetingError(Exception):
    """The bytes begin no TLS connection, or name nobody."""


def greeted(data: bytes) -> str | None:
    """Return the name that a greeting asks for, in lower case; None when bytes are missing.

    Raises:
        NoGreetingError: What is there is no greeting, or one without a name.
    """
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def heard(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> int:
        names.append(name)
        return ssl.ALERT_DESCRIPTION_USER_CANCELLED  # enough: the handshake is not ours

    context.sni_callback = heard
    incoming = ssl.MemoryBIO()
    incoming.write(data)
    try:
        context.wrap_bio(incoming, ssl.MemoryBIO(), server_side=True).do_handshake()
    except ssl.SSLWantReadError:
        if len(data) < MOST:
            return None
    except ssl.SSLError:
        pass
    if not names or not names[0]:
        raise NoGreetingError("it names no server")
    return names[0].lower()
