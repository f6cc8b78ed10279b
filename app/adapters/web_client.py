"""Asking other people's web servers, and never our own network.

The name is resolved first and every address it has must be a public one; the connection then goes
to that very address, so that a second look-up cannot answer differently. Redirects are followed
one by one, each under the same rule.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin, urlsplit

import httpx2

from app.errors import ProviderError

MOST_BYTES = 20 * 1024 * 1024
MOST_REDIRECTS = 5
SECONDS = 20.0
TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
REDIRECTS = {301, 302, 303, 307, 308}
PORTS = {80, 443, 8080, 8443}


class Refused(ProviderError):
    """This address is not asked, whatever is there."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


@dataclass(frozen=True)
class WebAnswer:
    url: str
    media_type: str
    body: bytes


class WebClient(Protocol):
    def check(self, url: str) -> None:
        """Raise Refused for an address that `get` would refuse."""

    def get(self, url: str) -> WebAnswer:
        """What is at the address, or ProviderError."""


Resolve = Callable[[str, int], Iterable[str]]


def resolve(host: str, port: int) -> list[str]:
    """Every address that the name has."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ProviderError(f"The address {host} could not be found.", permanent=True) from error
    return [str(each[4][0]) for each in found]


class PublicWeb:
    """`allowed` names hosts on private addresses that an operator has opened on purpose."""

    def __init__(self, resolver: Resolve = resolve, allowed: frozenset[str] = frozenset()) -> None:
        self._resolve = resolver
        self._allowed = allowed

    def check(self, url: str) -> None:
        self._public_address(url)

    def get(self, url: str) -> WebAnswer:
        deadline = time.monotonic() + SECONDS
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._ask(url, deadline)
            if isinstance(answer, WebAnswer):
                return answer
            url = urljoin(url, answer)
        raise ProviderError("The page redirects too often.", permanent=True)

    def _ask(self, url: str, deadline: float) -> WebAnswer | str:
        address = self._public_address(url)
        parts = urlsplit(url)
        host = parts.hostname or ""
        numeric = f"[{address}]" if ":" in address else address
        target = httpx2.URL(url).copy_with(host=numeric)
        headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": "Frontdesk/1 (+import)"}
        try:
            with (
                httpx2.Client(timeout=TIMEOUT, trust_env=False) as client,
                client.stream(
                    "GET", target, headers=headers, extensions={"sni_hostname": host}
                ) as answer,
            ):
                if answer.status_code in REDIRECTS:
                    return str(answer.headers.get("Location", ""))
                return _taken(url, answer, deadline)
        except httpx2.HTTPError as error:
            raise ProviderError(f"{host} does not answer: {error}") from error

    def _public_address(self, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused("Please give an address that begins with http:// or https://.")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if f"{parts.hostname}:{port}" in self._allowed:
            return next(iter(self._resolve(parts.hostname, port)))
        if port not in PORTS or parts.username:
            raise Refused("Pages are only fetched from ordinary web addresses.")
        addresses = list(self._resolve(parts.hostname, port))
        if not addresses or not all(map(_is_public, addresses)):
            raise Refused(f"{parts.hostname} is an address inside a private network.")
        return addresses[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    if mapped is not None:
        parsed = mapped
    return parsed.is_global and not parsed.is_multicast


def _taken(url: str, answer: httpx2.Response, deadline: float) -> WebAnswer:
    if answer.status_code >= 400:
        gone = answer.status_code in {401, 403, 404, 410}
        words = f"The page answers {answer.status_code}."
        raise ProviderError(words, permanent=gone)
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > MOST_BYTES:
            raise ProviderError("The page is larger than 20 MB.", permanent=True)
        if time.monotonic() > deadline:
            raise ProviderError("The page took longer than 20 seconds to arrive.")
    media_type = answer.headers.get("Content-Type", "text/html").partition(";")[0].strip().lower()
    return WebAnswer(url, media_type, bytes(body))
