"""Whether a request was made on this very machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip", "X-Forwarded-Host")


def is_local() -> bool:
    """True only for a direct connection from this machine.

    A proxy on the same machine connects from a loopback address too, but says for whom. The Host
    is checked because a hostile site can point its own name at 127.0.0.1.
    """
    if any(header in request.headers for header in FORWARDED):
        return False
    host = urlsplit(f"//{request.host}").hostname or ""
    return _is_loopback(request.remote_addr or "") and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
