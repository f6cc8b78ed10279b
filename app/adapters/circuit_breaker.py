"""Not asking a model again that has just failed several times: the next rung answers at once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from app.adapters.language_model import ModelFailed

FAILURES = 5
WITHIN_SECONDS = 60.0
PAUSE_SECONDS = 30.0
MOST_KEPT = 1_000
# These say something about the endpoint; the others about one question, or about who asked.
TELLING = frozenset({"rate", "timeout", "unreachable", "server", "cut", "rubbish"})


class CircuitBreaker:
    """Closed, it lets everybody through; open, nobody; after a pause, one who tries it out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures: list[float] = []
        self._open_until: float | None = None
        self._reason = ""
        self._permanent = False
        self._being_tried = False

    def enter(self) -> None:
        """Come through, or ModelFailed. Who came through says afterwards how it went."""
        with self._lock:
            if self._open_until is None:
                return
            left = self._open_until - self._clock()
            if left > 0 or self._being_tried:
                raise ModelFailed(
                    f"Not asked, since it failed just now: {self._reason}",
                    "open",
                    permanent=self._permanent,
                    retry_after=max(left, 0.0),
                )
            self._being_tried = True

    def succeeded(self) -> None:
        with self._lock:
            self._failures.clear()
            self._open_until = None
            self._being_tried = False

    def failed(self, error: ModelFailed) -> None:
        """A refused key opens it at once; other trouble when there is much of it."""
        with self._lock:
            was_tried, self._being_tried = self._being_tried, False
            if error.kind == "auth":
                self._open(error)
            if error.kind not in TELLING:
                return
            now = self._clock()
            recent = [when for when in self._failures if when > now - WITHIN_SECONDS]
            self._failures = [*recent, now]
            if was_tried or len(self._failures) >= FAILURES:
                self._open(error)

    def left(self) -> None:
        """Whoever came through went away before there was anything to tell."""
        with self._lock:
            self._being_tried = False

    def _open(self, error: ModelFailed) -> None:
        self._open_until = self._clock() + PAUSE_SECONDS
        self._reason, self._permanent = str(error), error.permanent


_known: OrderedDict[Hashable, CircuitBreaker] = OrderedDict()
_knowing = Lock()


def breaker_for(key: Hashable) -> CircuitBreaker:
    """The one of this process for an endpoint, a model and a key."""
    with _knowing:
        breaker = _known.setdefault(key, CircuitBreaker())
        _known.move_to_end(key)
        if len(_known) > MOST_KEPT:
            _known.popitem(last=False)
        return breaker
