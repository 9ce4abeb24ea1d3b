"""Only public addresses are downloaded from, whatever their notation."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_integration.server.addresses import is_public, resolve

PRIVATE = """
127.0.0.1 127.255.255.254 0.0.0.0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 169.254.0.23
100.64.0.1 100.100.100.200 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 240.0.0.1
255.255.255.255 168.63.129.16 192.88.99.1
::1 :: fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1 2001::1 2001:10::1
::ffff:127.0.0.1 ::ffff:a9fe:a9fe ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1
2002:7f00:1:: 2002:a9fe:a9fe::1 100::1
"""
PUBLIC = """
8.8.8.8 1.1.1.1 43.128.0.1 2606:4700:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1
"""


@pytest.mark.parametrize("text", PRIVATE.split())
def test_private_addresses_are_refused(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC.split())
def test_public_addresses_are_allowed(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "0", "::1"],
)
def test_every_notation_of_this_machine_resolves_to_what_is_refused(host: str) -> None:
    assert not any(map(is_public, resolve(host, 80)))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_wrapping(inner: ipaddress.IPv4Address) -> None:
    plain = is_public(inner)
    mapped = ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + inner.packed)
    nat64 = ipaddress.IPv6Address(bytes.fromhex("0064ff9b") + b"\0" * 8 + inner.packed)
    sixtofour = ipaddress.IPv6Address(bytes.fromhex("2002") + inner.packed + b"\0" * 10)
    assert [is_public(address) for address in (mapped, nat64, sixtofour)] == [plain] * 3


@given(st.ip_addresses(v=6))
def test_what_python_calls_private_is_never_public(address: ipaddress.IPv6Address) -> None:
    if is_public(address):
        assert (
            address.is_global
            or address.ipv4_mapped
            or address.sixtofour
            or str(address).startswith("64:ff9b::")
        )
