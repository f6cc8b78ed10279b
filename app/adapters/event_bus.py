"""How workers wake each other. It carries hints only: the truth is always in the database."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

BACKLOG = 1_000
# Stands for hints that were lost: whoever gets it reads the log.
GAP = "gap"


class Subscription(Protocol):
    def wait(self, seconds: float) -> str | None:
        """The next hint, or nothing when the time is over. GAP comes for any number of hints."""


class EventBus(Protocol):
    def publish(self, topic: str, hint: str) -> None:
        """Tell everybody who listens to `topic`. Nobody listening is fine, and nobody waits."""

    @contextmanager
    def listen(self, topic: str) -> Iterator[Subscription]:
        """Receive what is published from now on."""
        yield  # type: ignore[misc]

    def check(self) -> str:
        """A word on its state, or ProviderError."""


class Hints:
    """What one listener has not read yet. Once it is too much, GAP takes the place of it all."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._change = threading.Condition()

    def offer(self, hint: str) -> None:
        with self._change:
            if len(self._waiting) >= BACKLOG:
                self._waiting.clear()
                hint = GAP
            self._waiting.append(hint)
            self._change.notify()

    def skip(self) -> None:
        """Something was lost on the way here."""
        with self._change:
            self._waiting.clear()
            self._waiting.append(GAP)
            self._change.notify()

    def wait(self, seconds: float) -> str | None:
        with self._change:
            if seconds > 0:
                self._change.wait_for(lambda: self._waiting, seconds)
            return self._waiting.popleft() if self._waiting else None


class MemoryBus:
    """One process, one bus."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Hints]] = defaultdict(set)
        self._lock = threading.Lock()

    def publish(self, topic: str, hint: str) -> None:
        with self._lock:
            listeners = list(self._listeners.get(topic, ()))
        for listener in listeners:
            listener.offer(hint)

    def skip(self) -> None:
        """Something was lost; nobody knows of which topic."""
        with self._lock:
            listeners = [each for topic in self._listeners.values() for each in topic]
        for listener in listeners:
            listener.skip()

    @contextmanager
    def listen(self, topic: str) -> Iterator[Hints]:
        hints = Hints()
        with self._lock:
            self._listeners[topic].add(hints)
        try:
            yield hints
        finally:
            with self._lock:
                self._listeners[topic].discard(hints)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def check(self) -> str:
        return "in this process"
