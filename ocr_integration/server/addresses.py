"""Which addresses a download may go to: public ones, in whatever notation or wrapping they come."""

import ipaddress
import socket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier NAT; holds Alibaba's and Tencent's inner services
        "168.63.129.16/32",  # Azure's platform address, public by its number only
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "64:ff9b:1::/48",  # local NAT64
        "2001::/23",  # Teredo, ORCHID and other protocol assignments
        "fec0::/10",
        "::/96",  # IPv4-compatible
    )
)


def is_public(address: Address) -> bool:
    """Whether the address, and any IPv4 address it carries within, is public unicast."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id:
            return False
        inner = _carried(address)
        if inner is not None:
            return is_public(inner)
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in _NEVER if network.version == address.version)


def resolve(host: str, port: int) -> list[Address]:
    """All addresses of a host, in the resolver's order. The resolver also understands decimal, octal and hex
    notations, so what is checked is what would be connected to. Raises OSError, UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [ipaddress.ip_address(str(entry[4][0])) for entry in found]


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.sixtofour
