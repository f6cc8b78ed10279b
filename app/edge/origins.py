"""Which sites may show an organization's widget."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import current_app, request

from app.errors import Forbidden

NOT_HERE = "This site is not on the organization's list of domains."
STANDARD_PORTS = {"http": 80, "https": 443}


def check_origin(allowed: Sequence[str]) -> str:
    """The origin of this request, if it may: our own pages, and the domains that were named (W1).

    A browser always says where a page comes from; what says nothing is no browser, and gains
    nothing by the key alone.
    """
    origin = request.headers.get("Origin", "")
    if not origin or origin in own_origins() or any(_matches(origin, domain) for domain in allowed):
        return origin
    raise Forbidden(NOT_HERE, code="origin_not_allowed")


def own_origins() -> set[str]:
    """Our own pages, under the address that people are told and under the one they came by."""
    parts = urlsplit(current_app.config["FRONTDESK"].public_url)
    return {f"{parts.scheme}://{parts.netloc}", f"{request.scheme}://{request.host}"}


def _matches(origin: str, domain: str) -> bool:
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return False
    host = (parts.hostname or "").rstrip(".")
    wanted_host, _, wanted_port = domain.partition(":")
    if wanted_port:
        if (port or STANDARD_PORTS.get(parts.scheme)) != int(wanted_port):
            return False
    elif port is not None and port != STANDARD_PORTS.get(parts.scheme):
        return False
    if wanted_host.startswith("*."):
        return host.endswith(wanted_host[1:])
    return host == wanted_host
