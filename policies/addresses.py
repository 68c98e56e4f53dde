"""Addresses: which machines a name may stand for, and which names may be looked up at all. Pure.

It resolves nothing and connects to nothing: `tools.web.outgoing` does, and asks here about each
address it was given. What is not known to be a public machine is none: a home router, this device,
a cloud host's own services and every way to spell them inside another address are refused.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_PUBLIC_6: Final = IPv6Network("2000::/3")
"""All that is assigned as public; everything else is local, multicast or not in use."""

_NOT_PUBLIC: Final = tuple(
    IPv6Network(text) if ":" in text else IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
        "168.63.129.16/32",  # a cloud's service for its machines, at a public address
        "2001::/23",  # protocol assignments, Teredo (IPv4 inside) among them
        *("2001:db8::/32", "3fff::/20", "2620:4f:8000::/48"),
        "2002::/16",  # 6to4: IPv4 inside
    )
)

_LOCAL_NAMES: Final = frozenset(
    {"alt", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost"}
    | {"corp", "onion", "private", "arpa"}
)
"""Last labels that name nothing on the public internet, or the internet's own plumbing."""

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def forbidden(address: str) -> str:
    """Say why no connection may go to an address; empty when it may.

    Args:
        address: As a resolver gives it, IPv4 or IPv6.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return "it is no address"
    if isinstance(found, IPv6Address):
        if found.scope_id or found not in _PUBLIC_6:
            return "it is not on the public internet"
        if found.packed[8:12] in {b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe"}:
            return "it hides another address"  # ISATAP: IPv4 inside
    if not found.is_global or any(
        found in network for network in _NOT_PUBLIC if network.version == found.version
    ):
        return "it is not on the public internet"
    return ""


def unspeakable(host: str) -> str:
    """Say why a host's name may not even be looked up; empty when it may.

    Args:
        host: In lower case, in its `xn--` form where it is not ASCII.
    """
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return "it is no host name"
    if _NUMBER.fullmatch(labels[-1]):
        return "it is a number, not a name"
    if len(labels) == 1 or labels[-1] in _LOCAL_NAMES:
        return "it is a name in the local network"
    return ""
