"""Who, in this process, wants to hear what about which conversation.

One thread listens to the bus, for every socket and every answer in the making. A listener is
called on that thread, so it must not wait for anything: it hands over and returns.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast
from uuid import UUID

import structlog
from flask import Flask, current_app
from werkzeug.local import LocalProxy

from app.adapters.event_bus import GAP, EventBus, Subscription
from app.json_text import read_json
from app.services.log.telling import TOPIC

log = structlog.get_logger(__name__)
Hear = Callable[[dict[str, Any] | None], None]
Settle = Callable[[], None]
SECONDS = 3_600.0
MOST_TOGETHER = 100
SUBJECTS = ("conversation_id", "visitor_id", "organization_id")


class ProcessAudience:
    """Starts to listen when somebody first wants to hear something.

    `hear` is called with every hint about a conversation, or about all of an organization's; None
    stands for "something may have been missed: read the log". `settle` is called once when all that
    has come together was heard, so that it can leave together.
    """

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._lock = threading.Lock()
        # Thousands may listen by one name: each is found at once when it leaves.
        self._listeners: dict[str, dict[Hear, Settle | None]] = defaultdict(dict)
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def listening(self, subject: UUID, hear: Hear) -> Iterator[None]:
        self.join(subject, hear)
        try:
            yield
        finally:
            self.leave(subject, hear)

    def join(self, subject: UUID, hear: Hear, settle: Settle | None = None) -> None:
        """From its return on, nothing is missed."""
        with self._lock:
            self._listeners[str(subject)][hear] = settle
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="audience", daemon=True)
                self._thread.start()
        self._ready.wait()

    def leave(self, subject: UUID, hear: Hear) -> None:
        with self._lock:
            remaining = self._listeners.get(str(subject), {})
            remaining.pop(hear, None)
            if not remaining:
                self._listeners.pop(str(subject), None)

    def _listen(self) -> None:
        with self._bus.listen(TOPIC) as subscription:
            self._ready.set()
            while True:
                first = subscription.wait(SECONDS)
                if first is not None:
                    self._hear_together(first, subscription)

    def _hear_together(self, first: str, subscription: Subscription) -> None:
        """All that waits; what it leads to is settled once for each who heard any of it."""
        settling: dict[Settle, None] = {}
        written: str | None = first
        for _ in range(MOST_TOGETHER):
            if written is None:
                break
            try:
                self._pass_on(written, settling)
            except Exception:
                # What cannot be read is nobody's, and the next one may be.
                log.exception("hint_not_read")
            written = subscription.wait(0)
        for settle in settling:
            try:
                settle()
            except Exception:
                log.exception("hint_not_settled")

    def _pass_on(self, written: str, settling: dict[Settle, None]) -> None:
        hint = None if written == GAP else read_json(written)
        for hear, settle in self._concerned(hint).items():
            if settle is not None:
                settling[settle] = None
            try:
                hear(hint)
            except Exception:
                # One listener that fails must not make the others deaf.
                log.exception("hint_not_heard")

    def _concerned(self, hint: dict[str, Any] | None) -> dict[Hear, Settle | None]:
        """Somebody may listen by two names, and is told once."""
        concerned: dict[Hear, Settle | None] = {}
        with self._lock:
            names = self._listeners if hint is None else [hint[name] for name in SUBJECTS]
            for name in names:
                concerned |= self._listeners.get(name, {})
        return concerned


def install_audience(app: Flask, bus: EventBus) -> None:
    app.extensions["audience"] = ProcessAudience(bus)


audience = cast(ProcessAudience, LocalProxy(lambda: current_app.extensions["audience"]))
