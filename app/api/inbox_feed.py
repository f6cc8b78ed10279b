"""What one agent's socket is sent: the conversation that is open, in order and without a gap.

Everything else about the organization is the same for everybody in it, and comes from the room.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from app.edge.lines import Line
from app.services.actors import Actor
from app.services.log import event_log
from app.services.log.event_log import Logged

Frame = dict[str, Any]
Shape = Callable[[Logged], Frame]


class InboxFeed:
    """`sent_seq` is the newest line that this screen has; nothing while one is being opened."""

    def __init__(self, line: Line, actor: Actor, session_id: UUID, screen_id: UUID) -> None:
        self.line = line
        self.actor = actor
        self.session_id = session_id
        self.screen_id = screen_id
        self.conversation_id: UUID | None = None
        self._sent_seq: int | None = None
        self._missed = False
        self._lock = threading.Lock()

    @property
    def user_id(self) -> UUID:
        """An agent is always a person."""
        if self.actor.user_id is None:
            raise RuntimeError("There is nobody in front of this screen.")
        return self.actor.user_id

    def send(self, frame: Frame) -> None:
        self.line.send(frame)

    def begin(self, conversation_id: UUID | None) -> None:
        """Another conversation is about to be shown, or none."""
        with self._lock:
            self.conversation_id = conversation_id
            self._sent_seq, self._missed = None, False

    def opened(self, frame: Frame, newest: int, shape: Shape) -> None:
        """It is on the screen up to this number; what was added meanwhile follows."""
        with self._lock:
            self.send(frame)
            self._sent_seq = newest
            if self._missed:
                self._missed = False
                self._catch_up(shape)

    def hear(self, line: Logged, shape: Shape) -> None:
        """A line was added to some conversation; the database may be asked."""
        with self._lock:
            if line.conversation_id != self.conversation_id:
                return
            if self._sent_seq is None:
                self._missed = True
            elif line.seq == self._sent_seq + 1:
                self._pass_on([line], shape)
            elif line.seq > self._sent_seq:
                self._catch_up(shape)

    def hear_around(self, conversation_id: UUID, frame: Frame) -> None:
        """What is in no log: who types, who looks, a sentence in the making."""
        with self._lock:
            if conversation_id == self.conversation_id and self._sent_seq is not None:
                self.send(frame)

    def _catch_up(self, shape: Shape) -> None:
        while self.conversation_id is not None and self._sent_seq is not None:
            lines = event_log.lines_after(self.conversation_id, self._sent_seq)
            self._pass_on(lines, shape)
            if len(lines) < event_log.LONGEST_PART:
                return

    def _pass_on(self, lines: Sequence[Logged], shape: Shape) -> None:
        for line in lines:
            self._sent_seq = line.seq
            self.send(shape(line))
