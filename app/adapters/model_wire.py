"""The connections to language models: kept for the next answer, and cut when one is called off.

Each answer holds a line of one connection. So whoever calls it off knows which socket to shut, also
while the first byte is still awaited, when httpx2 has no response yet that could be closed.
"""

from __future__ import annotations

import atexit
import contextlib
import socket
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from threading import Event, Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from app.adapters.language_model import Kind, ModelFailed

if TYPE_CHECKING:
    import ssl

    import httpx2

MOST_IDLE = 64
MOST_ENDPOINTS = 256
IDLE_SECONDS = 30.0
WRITE_SECONDS = 5.0
SOCKET_KNOWN = ("connect_tcp.complete", "start_tls.complete")


@dataclass(frozen=True)
class Patience:
    """How long an answer may keep us waiting, in seconds."""

    connect: float = 3.0
    first_token: float = 10.0
    between_tokens: float = 10.0
    whole: float = 60.0


class Call:
    """One answer in the making: its time, and the line that it holds."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.cancelled = False
        self.spoke = False
        self.finish_reason = ""
        self._began = self._last = time.monotonic()
        self._line: _Line | None = None
        self._lock = Lock()
        self._woken = Event()

    def begin(self) -> None:
        """Time counts from here: whoever asked may have been busy before."""
        self._began = self._last = time.monotonic()

    def cancel(self) -> None:
        with self._lock:
            self.cancelled = True
            if self._line is not None:
                self._line.cut()
        self._woken.set()

    def hold(self, line: _Line | None) -> None:
        with self._lock:
            self._line = line

    def note_token(self) -> None:
        self.spoke, self._last = True, time.monotonic()

    def check(self) -> None:
        """Raise where it was called off, or has taken too long."""
        if self.cancelled:
            raise self.failed("The answer was called off.", "cancelled")
        if self.seconds_left() <= 0:
            what = "stopped in the middle" if self.spoke else "said nothing"
            raise self.failed(f"The model {what} for too long.", "timeout")

    def seconds_left(self) -> float:
        """Until the next token is overdue, or all of it."""
        patience, now = self.patience, time.monotonic()
        due = self._last + patience.between_tokens
        if not self.spoke:
            due = self._began + patience.first_token
        return min(due, self._began + patience.whole) - now

    def pause(self, seconds: float) -> None:
        self._woken.wait(min(seconds, max(self.seconds_left(), 0.0)))
        self.check()

    def timeouts(self) -> dict[str, float]:
        left = max(self.seconds_left(), 0.01)
        connect = min(self.patience.connect, left)
        return {"connect": connect, "read": left, "write": WRITE_SECONDS, "pool": connect}

    def failed(self, message: str, kind: Kind, **more: Any) -> ModelFailed:
        return ModelFailed(message, kind, before_first_token=not self.spoke, **more)


# How the reference adapter's requests, made inside of the OpenAI client, find their call.
current_call: ContextVar[Call] = ContextVar("current_call")


@contextlib.contextmanager
def sent(request: httpx2.Request, call: Call) -> Iterator[httpx2.Response]:
    """The response to `request`, on a line of its own for as long as it is read."""
    line = _lease(request)
    call.hold(line)
    try:
        call.check()
        request.extensions = {"timeout": call.timeouts(), "trace": line.note}
        response = line.transport.handle_request(request)
        try:
            yield response
        finally:
            response.close()
    finally:
        call.hold(None)
        _give_back(line)


class _Line:
    """A transport of one connection, which opens it anew whenever it was lost."""

    def __init__(self, origin: str) -> None:
        import httpx2

        self.origin = origin
        self.transport = httpx2.HTTPTransport(
            verify=_trusted(),
            limits=httpx2.Limits(max_connections=1, keepalive_expiry=IDLE_SECONDS),
            proxy=_proxy_to(origin),
        )
        self._socket: Any = None

    def note(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith(SOCKET_KNOWN):
            self._socket = info["return_value"].get_extra_info("socket")

    def cut(self) -> None:
        """Wake whoever reads: a socket that is merely closed would leave a thread waiting."""
        if self._socket is None:
            return
        # By a second handle, since TLS sockets take themselves apart when they are shut.
        with contextlib.suppress(OSError, ValueError):
            twin = socket.fromfd(self._socket.fileno(), socket.AF_INET, socket.SOCK_STREAM)
            with contextlib.closing(twin):
                twin.shutdown(socket.SHUT_RDWR)


_idle: OrderedDict[str, list[_Line]] = OrderedDict()
_idling = Lock()


def _lease(request: httpx2.Request) -> _Line:
    origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
    with _idling:
        lines = _idle.get(origin)
        if lines:
            return lines.pop()
    return _Line(origin)


def _give_back(line: _Line) -> None:
    surplus: list[_Line] = []
    with _idling:
        lines = _idle.setdefault(line.origin, [])
        _idle.move_to_end(line.origin)
        (lines if len(lines) < MOST_IDLE else surplus).append(line)
        if len(_idle) > MOST_ENDPOINTS:
            surplus += _idle.popitem(last=False)[1]
    for each in surplus:
        each.transport.close()


@atexit.register
def _hang_up() -> None:
    for lines in _idle.values():
        for each in lines:
            each.transport.close()


@cache
def _trusted() -> ssl.SSLContext:
    """Made once: reading the certificates takes longer than an answer of a fast model."""
    import httpx2

    return httpx2.create_ssl_context()


def _proxy_to(origin: str) -> str | None:
    parts = urlsplit(origin)
    if proxy_bypass(parts.netloc):
        return None
    return getproxies().get(parts.scheme) or getproxies().get("all")
