from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from doorward.policies.addresses import forbidden, unspeakable
from hypothesis import given
from hypothesis import strategies as st

v4 = st.integers(0, 2**32 - 1).map(IPv4Address)
v6 = st.integers(0, 2**128 - 1).map(IPv6Address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "224.0.0.251"),
        *("255.255.255.255", "198.18.0.1", "192.0.0.192", "240.0.0.1", "192.88.99.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:7f00:1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"),
        *("2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "fec0::1"),
        *("2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:7f00:1", "5f00::1"),
        *("", "localhost", "0177.0.0.1", "2130706433", "0x7f.1", "127.1", "１27.0.0.1"),
    ],
)
def test_an_address_that_is_not_public_is_forbidden(address: str) -> None:
    assert forbidden(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2a00:1450:4001:82a::200e"])
def test_a_public_address_is_not(address: str) -> None:
    assert forbidden(address) == ""


@given(st.one_of(v4, v6))
def test_whatever_the_registries_call_local_is_forbidden(
    address: IPv4Address | IPv6Address,
) -> None:
    local = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    if local or not address.is_global:
        assert forbidden(str(address))


@given(v4)
def test_no_ipv4_address_can_hide_inside_another(inner: IPv4Address) -> None:
    number = int(inner)
    hidden = [
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address(number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
        IPv6Address((0x2A001450 << 96) | (0x5EFE << 32) | number),
    ]
    assert [each for each in hidden if not forbidden(str(each))] == []


@given(st.one_of(v4, v6))
def test_what_is_not_forbidden_is_global(address: IPv4Address | IPv6Address) -> None:
    if not forbidden(str(address)):
        assert ip_address(str(address)).is_global


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "router",
            "printer.local",
            "nas.lan",
            "x.internal",
            "a.localhost",
            "x.onion",
        ),
        *("127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "127.1", "1.2.3", "017700000001"),
        *("a.0x", "example.com.", ".example.com", "a..b", "-a.com", "a-.com", "a_b.com", "", "."),
        *("1.0.0.127.in-addr.arpa", "EXAMPLE.com", "exämple.com", "a" * 64 + ".com", "a." * 127),
    ],
)
def test_a_name_that_leads_nowhere_public_is_not_even_looked_up(host: str) -> None:
    assert unspeakable(host)


@pytest.mark.parametrize("host", ["example.com", "a-b.example.co.uk", "xn--mnchen-3ya.de", "1.fm"])
def test_an_ordinary_name_may_be_looked_up(host: str) -> None:
    assert unspeakable(host) == ""
