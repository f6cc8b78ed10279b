"""All visitors of this process by their organization, who hear when the desk opens or closes.

That depends on the clock, on who of the team is there and on what an admin sets, so it is looked at
from time to time instead of being told by each of them.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from flask import Flask

from app.api import frames
from app.edge.lines import Line
from app.edge.open_lines import OpenLines
from app.extensions import db
from app.services.hours import opening

log = structlog.get_logger(__name__)
CHECKED_EVERY = 4.0
# Organizations looked at in one go, and sockets told before others get their turn.
AT_ONCE = 200


class VisitorHall:
    """One thread looks after all of them, while there are any."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._lines: dict[UUID, set[Line]] = {}
        self._told: dict[UUID, dict[str, Any]] = {}
        self._round: deque[UUID] = deque()
        self._watch: threading.Thread | None = None

    @contextmanager
    def visited(
        self, organization_id: UUID, line: Line, presence: dict[str, Any]
    ) -> Iterator[None]:
        """`presence` is what this visitor was told on coming in."""
        with self._lock:
            here = self._lines.setdefault(organization_id, set())
            if not here:
                self._told[organization_id] = presence
            elif self._told.get(organization_id) != presence:
                # One of the two is out of date: the next look tells everybody.
                self._told.pop(organization_id, None)
            here.add(line)
            if self._watch is None:
                self._watch = threading.Thread(target=self._keep, name="presence", daemon=True)
                self._watch.start()
        try:
            yield
        finally:
            with self._lock:
                here.discard(line)
                if not here:
                    self._lines.pop(organization_id, None)
                    self._told.pop(organization_id, None)

    def _keep(self) -> None:
        while self._is_wanted():
            try:
                self._look()
            except Exception:
                log.exception("presence_not_read")

    def _is_wanted(self) -> bool:
        """After a while: whether anybody is still there. Whoever comes next begins anew."""
        time.sleep(CHECKED_EVERY)
        lines: OpenLines = self._app.extensions["open_lines"]
        with self._lock:
            if not self._lines or lines.leaving:
                self._watch = None
            return self._watch is not None

    def _look(self) -> None:
        looked_at = self._next()
        if not looked_at:
            return
        with self._app.app_context():
            found = opening.availabilities(looked_at)
            db.session.rollback()
        for organization_id, presence in found.items():
            self._tell(organization_id, frames.presence_frame(presence))

    def _next(self) -> list[UUID]:
        """In turns, where there are more than are looked at in one go."""
        with self._lock:
            if not self._round:
                self._round.extend(self._lines)
            return [self._round.popleft() for _ in range(min(AT_ONCE, len(self._round)))]

    def _tell(self, organization_id: UUID, presence: dict[str, Any]) -> None:
        with self._lock:
            if self._told.get(organization_id) == presence or organization_id not in self._lines:
                return
            self._told[organization_id] = presence
            lines = list(self._lines[organization_id])
        for number, line in enumerate(lines):
            line.send({"type": "availability", "availability": presence})
            if number % AT_ONCE == 0:
                time.sleep(0)


def install_visitors(app: Flask) -> None:
    app.extensions["visitor_hall"] = VisitorHall(app)
