"""How workers wake each other. It carries hints only: the truth is always in the database."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

BACKLOG = 1_000


class Subscription(Protocol):
    def wait(self, seconds: float) -> str | None:
        """The next hint, or nothing when the time is over."""


class EventBus(Protocol):
    def publish(self, topic: str, hint: str) -> None:
        """Tell everybody who listens to `topic`. Nobody listening is fine."""

    @contextmanager
    def listen(self, topic: str) -> Iterator[Subscription]:
        """Receive what is published from now on."""
        yield  # type: ignore[misc]

    def check(self) -> str:
        """A word on its state, or ProviderError."""


class MemoryBus:
    """One process, one bus."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[_MemorySubscription]] = defaultdict(set)
        self._lock = threading.Lock()

    def publish(self, topic: str, hint: str) -> None:
        with self._lock:
            listeners = list(self._listeners.get(topic, ()))
        for listener in listeners:
            listener.offer(hint)

    @contextmanager
    def listen(self, topic: str) -> Iterator[Subscription]:
        subscription = _MemorySubscription()
        with self._lock:
            self._listeners[topic].add(subscription)
        try:
            yield subscription
        finally:
            with self._lock:
                self._listeners[topic].discard(subscription)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def check(self) -> str:
        return "in this process"


class _MemorySubscription:
    def __init__(self) -> None:
        self._hints: queue.Queue[str] = queue.Queue(BACKLOG)

    def offer(self, hint: str) -> None:
        try:
            self._hints.put_nowait(hint)
        except queue.Full:
            # A listener that far behind has a hint waiting anyway, and reads the log when it wakes.
            return

    def wait(self, seconds: float) -> str | None:
        try:
            return self._hints.get(timeout=seconds)
        except queue.Empty:
            return None
