"""Stopping an answer in the making: by the visitor, or because a person has the word now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from app.models import EventKind
from app.services.log.audience import audience
from app.services.log.telling import Hint

ENDING = {EventKind.JOINED, EventKind.CLOSED}


class Interruption:
    """Happens at most once; what it stops is told at once, from whichever thread it came."""

    def __init__(self) -> None:
        self.happened = False
        self.keeps_what_is_there = False
        self._stops: list[Callable[[], None]] = []

    def whenever(self, stop: Callable[[], None]) -> None:
        """Have `stop` called when it happens, or now if it has happened."""
        self._stops.append(stop)
        if self.happened:
            stop()

    def happen(self, *, keep: bool = False) -> None:
        if self.happened:
            return
        self.happened, self.keeps_what_is_there = True, keep
        for stop in self._stops:
            stop()


@contextmanager
def watching(conversation_id: UUID, epoch: int) -> Iterator[Interruption]:
    """An interruption for as long as the answer takes, fed by what is told of the conversation."""
    interruption = Interruption()

    def hear(hint: dict[str, Any] | None) -> None:
        # What a lost hint might have said, the fence at the commit says again.
        if hint is None:
            return
        if hint["hint"] == Hint.STOP:
            interruption.happen(keep=True)
        elif (
            hint["hint"] == Hint.EVENT
            and (hint["line"]["kind"] in ENDING or hint["state"]["epoch"] != epoch)
        ) or hint["hint"] == Hint.GONE:
            interruption.happen()

    with audience.listening(conversation_id, hear):
        yield interruption
