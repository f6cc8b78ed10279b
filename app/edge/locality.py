"""Whether a request was made on this very machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

PASSED_ON = ("forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip")


def is_local() -> bool:
    """True only for a direct connection from this machine.

    A proxy on the same machine connects from a loopback address too. Most say for whom; nginx, when
    it is not told to, speaks HTTP/1.0, which no browser has done for long. The Host is checked
    because a hostile site can point its own name at 127.0.0.1.
    """
    if _is_passed_on() or request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        return False
    host = urlsplit(f"//{request.host}").hostname or ""
    return _is_loopback(request.remote_addr or "") and (host == "localhost" or _is_loopback(host))


def _is_passed_on() -> bool:
    names = [name.lower() for name in request.headers.keys()]  # noqa: SIM118
    return any(name in PASSED_ON or name.startswith("x-forwarded") for name in names)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
