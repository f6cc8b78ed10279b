"""A WebSocket as we use it: frames of JSON out, frames of JSON in, nobody waits for a slow reader.

simple-websocket speaks the protocol. What it leaves to us: it calls `send` where some of the data
may be left over, it would wait for whoever reads slowly, and it has no idea of who is idle.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from simple_websocket import ConnectionClosed, Server
from wsproto.events import Ping
from wsproto.utilities import LocalProtocolError

from app.json_text import json_text

MOST_BYTES_A_FRAME = 64 * 1024
# Whoever has not read this much by now will read it from the log when they come back.
MOST_WAITING = 1024 * 1024
SECONDS_TO_TAKE_IT = 20.0
GOING_AWAY = 1001
POLICY = 1008
DEEPEST = 8


class BadFrame(Exception):
    """What came is no frame of ours; the sentence says why."""


class Line:
    """One open socket. `send` and `ping` may be called from any thread and never wait."""

    def __init__(self, ws: Server) -> None:
        self._ws = ws
        self._outlet = _Outlet(ws.sock)
        ws.sock = self._outlet
        self._sending = threading.Lock()
        self.last_heard = time.monotonic()
        self._pinged_at = 0.0

    @property
    def is_open(self) -> bool:
        return bool(self._ws.connected)

    def receive(self, seconds: float | None) -> dict[str, Any] | None:
        """The next frame; nothing when the time is over; ConnectionClosed when it has gone."""
        raw = self._ws.receive(timeout=seconds)
        if raw is None:
            return None
        self.last_heard = time.monotonic()
        return _read(raw)

    def send(self, frame: dict[str, Any]) -> None:
        """Whoever has gone is told nothing, and that is no error."""
        with contextlib.suppress(ConnectionClosed, OSError, LocalProtocolError), self._sending:
            self._ws.send(json_text(frame))

    def put(self, frame: dict[str, Any]) -> None:
        """The same, but it leaves with the next one or with `flush`: several cost as one does."""
        gone = contextlib.suppress(ConnectionClosed, OSError, LocalProtocolError)
        with gone, self._sending, self._outlet.holding():
            self._ws.send(json_text(frame))

    def flush(self) -> None:
        """Let go of what was put."""
        with contextlib.suppress(OSError), self._sending:
            self._outlet.send(b"")

    def ping(self) -> bool:
        """Ask for a sign of life; says whether there was one since the last time."""
        alive = self._ws.pong_received or self.last_heard > self._pinged_at
        with contextlib.suppress(ConnectionClosed, OSError, LocalProtocolError), self._sending:
            if self._ws.connected:
                self._ws.pong_received = False
                self._ws.sock.send(self._ws.ws.send(Ping()))
        self._pinged_at = time.monotonic()
        return alive

    def close(self, code: int = GOING_AWAY, reason: str = "") -> None:
        with contextlib.suppress(ConnectionClosed, OSError, LocalProtocolError), self._sending:
            self._ws.close(code, reason)
        # Whoever waits in `receive` notices.
        self._ws.event.set()
        self._outlet.hang_up()


class _Outlet:
    """A socket whose `send` takes everything and keeps what cannot leave yet."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        # gevent's sockets wait; the one inside of them says at once that it is full.
        self._raw = getattr(inner, "_sock", inner)
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._lock = threading.Lock()
        self._is_writing = False
        self._holds = False
        self._held = b""

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """What is sent meanwhile leaves with what is sent afterwards."""
        self._holds = True
        try:
            yield
        finally:
            self._holds = False

    def send(self, data: bytes) -> int:
        with self._lock:
            self._held += data
            if not self._holds and self._held:
                whole, self._held = self._held, b""
                self._send(whole)
        return len(data)

    def hang_up(self) -> None:
        """Have the reading end notice, once what was sent has had its chance to leave."""
        with contextlib.suppress(OSError):
            self._inner.shutdown(socket.SHUT_RD)

    def _send(self, data: bytes) -> None:
        if self._is_writing:
            self._keep(data)
        elif left := data[self._sent_at_once(data) :]:
            self._keep(left)
            self._is_writing = True
            threading.Thread(target=self._write, name="slow-reader", daemon=True).start()

    def _sent_at_once(self, data: bytes) -> int:
        try:
            return int(self._raw.send(data, socket.MSG_DONTWAIT))
        except BlockingIOError:
            return 0

    def _keep(self, data: bytes) -> None:
        self._waiting.append(data)
        self._size += len(data)
        if self._size > MOST_WAITING:
            self._waiting.clear()
            self._cut()
            raise OSError("The other side does not read.")

    def _write(self) -> None:
        self._inner.settimeout(SECONDS_TO_TAKE_IT)
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_writing = False
                    self._inner.settimeout(None)
                    return
                data = self._waiting.popleft()
                self._size -= len(data)
            try:
                self._inner.sendall(data)
            except OSError:
                self._cut()
                return

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            self._inner.shutdown(socket.SHUT_RDWR)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _read(raw: str | bytes) -> dict[str, Any]:
    if isinstance(raw, bytes):
        raise BadFrame("Please send text frames.")
    if len(raw.encode("utf-8", "surrogatepass")) > MOST_BYTES_A_FRAME:
        raise BadFrame("This frame is too large.")
    try:
        found = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadFrame("This is not JSON.") from error
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise BadFrame("A frame is an object with a type.")
    if _depth(found) > DEEPEST:
        raise BadFrame("This is nested too deeply.")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"JSON knows no {name}")


def _depth(value: Any) -> int:
    """Without recursion: what is measured may be as deep as the parser lets it."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        each, depth = waiting.pop()
        deepest = max(deepest, depth)
        children = each.values() if isinstance(each, dict) else each
        if isinstance(each, dict | list):
            waiting.extend((child, depth + 1) for child in children)
    return deepest
