"""All sockets of this process: counted, kept alive, and told when the server leaves."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

from flask import Flask

from app.edge.lines import GOING_AWAY, Line

PING_EVERY = 25.0
IDLE_AFTER = 3_600.0
AT_A_TIME = 200
# Fewer than the database has connections: whoever waits for its turn here waits for no connection,
# and a wait for one ends in an error.
FRAMES_AT_ONCE = 16
BACK_WITHIN_MS = (300, 2_500)


class OpenLines:
    """One thread pings them all, in slices, so that a sleeping laptop is noticed."""

    def __init__(self, ping_every: float = PING_EVERY, idle_after: float = IDLE_AFTER) -> None:
        self._ping_every = ping_every
        self._idle_after = idle_after
        self._lines: set[Line] = set()
        self._lock = threading.Lock()
        self._keeper: threading.Thread | None = None
        self._leaving = False
        # Ten thousand who come back at once say hello one after the other.
        self.turn = threading.BoundedSemaphore(FRAMES_AT_ONCE)

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def leaving(self) -> bool:
        return self._leaving

    def add(self, line: Line) -> None:
        with self._lock:
            self._lines.add(line)
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="pings", daemon=True)
                self._keeper.start()

    def remove(self, line: Line) -> None:
        with self._lock:
            self._lines.discard(line)

    def say_goodbye(self) -> None:
        """The server leaves: everybody may come back, but not all in the same moment."""
        self._leaving = True
        with self._lock:
            lines = list(self._lines)
        for number, line in enumerate(lines):
            end(line, "restart", random.randint(*BACK_WITHIN_MS))  # noqa: S311
            if number % AT_A_TIME == 0:
                time.sleep(0)

    def _keep(self) -> None:
        while not self._leaving:
            time.sleep(self._ping_every)
            with self._lock:
                lines = list(self._lines)
            for start in range(0, len(lines), AT_A_TIME):
                for line in lines[start : start + AT_A_TIME]:
                    self._look_after(line)
                time.sleep(0.01)

    def _look_after(self, line: Line) -> None:
        if time.monotonic() - line.last_heard > self._idle_after:
            end(line, "idle", 0)
        elif not line.ping():
            line.close(GOING_AWAY, "no sign of life")


def end(line: Line, reason: str, retry_after_ms: int = 0, code: int = GOING_AWAY) -> None:
    """Say why, then close."""
    goodbye: dict[str, Any] = {"type": "goodbye", "reason": reason}
    line.send(goodbye | {"retry_after_ms": retry_after_ms})
    line.close(code, reason)


def install_lines(app: Flask) -> None:
    app.extensions["open_lines"] = OpenLines()
