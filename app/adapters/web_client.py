"""Asking other people's web servers, and never our own network.

The name is resolved first and every address it has must be a public one; the connection then goes
to that very address, so that a second look-up cannot answer differently. Redirects are followed
one by one, each under the same rule.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self
from urllib.parse import urljoin, urlsplit

import httpx2

from app.errors import ProviderError

MOST_BYTES = 20 * 1024 * 1024
MOST_REDIRECTS = 5
SECONDS = 20.0
TIMEOUT = httpx2.Timeout(10.0, connect=5.0)
REDIRECTS = {301, 302, 303, 307, 308}
PORTS = {80, 443, 8080, 8443}
NO_ADDRESS = "Please give an address that begins with http:// or https://."
# Some networks carry these to an IPv4 address that stands in their last bits.
ADDRESSES_WITHIN_ADDRESSES = ipaddress.ip_network("64:ff9b::/96")


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
    except (OSError, UnicodeError) as error:
        raise ProviderError(f"The address {host} could not be found.", permanent=True) from error
    return [str(each[4][0]) for each in found]


class PublicWeb:
    """`allowed` names hosts on private addresses that an operator has opened on purpose."""

    def __init__(
        self,
        resolver: Resolve = resolve,
        allowed: frozenset[str] = frozenset(),
        *,
        seconds: float = SECONDS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._resolve = resolver
        self._allowed = allowed
        self._seconds = seconds
        self._most_bytes = most_bytes

    def check(self, url: str) -> None:
        self._public_address(url)

    def get(self, url: str) -> WebAnswer:
        deadline = time.monotonic() + self._seconds
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._ask(url, deadline)
            if isinstance(answer, WebAnswer):
                return answer
            url = _joined(url, answer)
        raise ProviderError("The page redirects too often.", permanent=True)

    def _ask(self, url: str, deadline: float) -> WebAnswer | str:
        address = self._public_address(url)
        parts = urlsplit(url)
        host = parts.hostname or ""
        numeric = f"[{address}]" if ":" in address else address
        headers = {"Host": parts.netloc, "User-Agent": "Frontdesk/1 (+import)"}
        with _Fuse(deadline - time.monotonic()) as fuse:
            extensions = {"sni_hostname": host, "trace": fuse.watch}
            try:
                target = httpx2.URL(url).copy_with(host=numeric)
                with (
                    httpx2.Client(timeout=TIMEOUT, trust_env=False) as client,
                    client.stream("GET", target, headers=headers, extensions=extensions) as answer,
                ):
                    if answer.status_code in REDIRECTS:
                        return str(answer.headers.get("Location", ""))
                    return self._taken(url, answer, fuse)
            except httpx2.InvalidURL as error:
                raise Refused(NO_ADDRESS) from error
            except httpx2.HTTPError as error:
                fuse.raise_if_blown()
                raise ProviderError(f"{host} does not answer: {error}") from error

    def _taken(self, url: str, answer: httpx2.Response, fuse: _Fuse) -> WebAnswer:
        if answer.status_code >= 400:
            gone = answer.status_code in {401, 403, 404, 410}
            words = f"The page answers {answer.status_code}."
            raise ProviderError(words, permanent=gone)
        body = bytearray()
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > self._most_bytes:
                size = self._most_bytes // 1024**2
                raise ProviderError(f"The page is larger than {size} MB.", permanent=True)
        # Where no length was announced, a page that was cut off looks as if it had ended.
        fuse.raise_if_blown()
        said = answer.headers.get("Content-Type", "text/html")
        return WebAnswer(url, said.partition(";")[0].strip().lower()[:100], bytes(body))

    def _public_address(self, url: str) -> str:
        host, port = _host_and_port(url)
        if f"{host}:{port}" in self._allowed:
            return next(iter(self._resolve(host, port)))
        if port not in PORTS:
            raise Refused("Pages are only fetched from ordinary web addresses.")
        addresses = list(self._resolve(host, port))
        if not addresses or not all(map(_is_public, addresses)):
            raise Refused(f"{host} is an address inside a private network.")
        return addresses[0]


def _host_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Refused(NO_ADDRESS) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused(NO_ADDRESS)
    if "@" in parts.netloc:
        raise Refused("Please leave the user name and the password out of the address.")
    return parts.hostname, port


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise Refused(NO_ADDRESS) from error


def _is_public(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.is_site_local or parsed.is_reserved or parsed in ADDRESSES_WITHIN_ADDRESSES:
            return False
        parsed = parsed.ipv4_mapped or parsed.sixtofour or parsed
    return parsed.is_global and not parsed.is_multicast


class _Fuse:
    """Cuts the connection when the time is up.

    The time-outs of the client begin anew with each byte, and so would last for ever against a
    server that sends its headers one by one.
    """

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(max(seconds, 0.0), self._blow)
        self._timer.daemon = True
        self._socket: socket.socket | None = None
        self._blown = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, event: str, about: Mapping[str, Any]) -> None:
        """Called by the client for all that it does."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._socket = about["return_value"].get_extra_info("socket")
            if self._blown:
                self._blow()

    def raise_if_blown(self) -> None:
        if self._blown:
            raise ProviderError("The page took too long to arrive.")

    def _blow(self) -> None:
        self._blown = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
