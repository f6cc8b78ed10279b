"""Addresses as servers and proxies write them down."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# Some proxies add the port, as 192.0.2.1:4711 or [2001:db8::1]:4711.
WITH_PORT = re.compile(r"^(?:\[([^\]]*)\]|(\d+(?:\.\d+){3}))(?::\d+)?$")


def read_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address alone, or nothing where it is none."""
    found = WITH_PORT.match(text)
    bare = (found.group(1) or found.group(2) or "") if found else text
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def network_of(text: str) -> str:
    """By what a caller is counted: the address, or of an IPv6 address the network it is in.

    A single customer is given 2⁶⁴ addresses of that kind, and could use a fresh one each time.
    """
    address = read_address(text)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False))
    return str(address or "unknown")
