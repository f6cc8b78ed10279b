"""What one visitor's socket is sent: the events of a conversation in order, without a gap.

A hint that follows on what was sent is passed on as it is. Anything else (a gap, a person's face,
a hint that got lost) is a reason to read the log from the number that was sent last.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import structlog
from flask import Flask

from app.api import frames
from app.edge.lines import POLICY, Line
from app.edge.open_lines import end
from app.errors import AppError
from app.services.log import threads, visitors
from app.services.log.audience import ProcessAudience
from app.services.log.event_log import Logged, line_from_json
from app.services.log.telling import Hint
from app.services.log.threads import Thread
from app.services.log.visitors import Guest
from app.services.states import Face, State, face_of, pictures_of, state_from_json

log = structlog.get_logger(__name__)
TYPING_SHOWN = ("conversation_id", "who", "name", "typing", "phase")


class VisitorFeed:
    """`guest` is set once somebody has said hello; `conversation_id` is what the socket shows."""

    def __init__(self, app: Flask, line: Line, assistant: str, audience: ProcessAudience) -> None:
        self.guest: Guest | None = None
        self.conversation_id: UUID | None = None
        # Whoever wants to begin anew is not drawn into what another tab does.
        self.wants_fresh = False
        self._app = app
        self._line = line
        self._assistant = assistant
        self._audience = audience
        self._subjects: list[UUID] = []
        self._lock = threading.Lock()
        self._sent_seq = 0
        self._is_ready = False
        self._missed = False
        self._catching_up = False

    def listen_to(self, subject: UUID) -> None:
        """Hear of a visitor or of a conversation from now on."""
        if subject not in self._subjects:
            self._subjects.append(subject)
            self._audience.join(subject, self.hear, self._line.flush)

    def leave(self) -> None:
        """Hear of nobody any more."""
        for subject in self._subjects:
            self._audience.leave(subject, self.hear)
        self._subjects.clear()

    def show(self, frame: dict[str, Any], thread: Thread, last_seq: int) -> None:
        """Send a whole conversation; from here on only what is new."""
        if thread.state is not None:
            self.listen_to(thread.state.id)
            # What came between the reading and the listening is read once more.
            fresh = threads.since(thread.state, last_seq)
            thread = Thread(thread.state, fresh.lines, fresh.more)
        shaped = self.shaped(thread)
        with self._lock:
            self.conversation_id = thread.state.id if thread.state else None
            self._sent_seq = _newest(thread)
            self._line.send(frame | shaped)
            self._is_ready = True
            if self._missed:
                self._miss()

    def accept(self, client_id: str, state: State, line: Logged) -> None:
        """Tell the sender that it is in the log."""
        self.listen_to(state.id)
        self._line.send(
            {
                "type": "accepted",
                "client_id": client_id,
                "seq": line.seq,
                "message_id": str(line.id),
                "conversation_id": str(state.id),
                "created_at": line.created_at.isoformat(),
            }
        )
        with self._lock:
            if self.conversation_id != state.id:
                self.conversation_id, self._sent_seq, self.wants_fresh = state.id, 0, False
                # The event itself may have been told before we cared about this conversation.
                self._miss()

    @contextmanager
    def turning(self, *, to_fresh: bool) -> Iterator[None]:
        """Another conversation is about to be shown; if that fails, this one goes on."""
        before = self.wants_fresh
        with self._lock:
            self._is_ready = False
            self.wants_fresh = to_fresh
        try:
            yield
        except BaseException:
            with self._lock:
                self._is_ready, self.wants_fresh = True, before
                if self._missed:
                    self._miss()
            raise

    def shaped(self, thread: Thread) -> dict[str, Any]:
        face = face_of(thread.state) if thread.state else None
        return frames.thread_frame(thread, face, self._assistant, _pictures(thread))

    def hear(self, hint: dict[str, Any] | None) -> None:
        """Called on the thread that listens to the bus: it must not wait for anything."""
        if hint is not None and hint["hint"] == Hint.BLOCKED:
            end(self._line, "blocked", code=POLICY)
            return
        with self._lock:
            if hint is None or not self._is_ready:
                self._miss()
                return
            kind, own = hint["hint"], hint["conversation_id"] == str(self.conversation_id)
            if kind == Hint.EVENT:
                self._hear_event(hint, own)
            elif kind == Hint.DELTA and own:
                self._line.put({"type": "delta"} | _of(hint) | hint["delta"])
            elif kind == Hint.TYPING and own and hint["who"] != "visitor":
                shown = {key: hint[key] for key in TYPING_SHOWN if key in hint}
                self._line.put({"type": "typing"} | shown)
            elif kind == Hint.READ and own and hint["who"] == "team":
                self._line.put({"type": "read", "seq": hint["seq"]} | _of(hint))
            elif kind == Hint.GONE:
                threading.Thread(target=self._part, args=(own,), name="gone", daemon=True).start()

    def _hear_event(self, hint: dict[str, Any], own: bool) -> None:
        if not own and (self.conversation_id is not None or self.wants_fresh):
            return
        conversation_id = UUID(hint["conversation_id"])
        if self.conversation_id is None:
            if not line_from_json(hint["line"]).is_for_visitor:
                # What the team does to an old one is no reason to show it.
                return
            # Another tab has begun: this one goes along.
            self.conversation_id, self._sent_seq = conversation_id, 0
        if hint["seq"] <= self._sent_seq:
            return
        if hint["seq"] > self._sent_seq + 1 or hint["state"]["person_id"]:
            self._miss()
            return
        self._put_event(line_from_json(hint["line"]), state_from_json(hint["state"]), None, {})

    def _part(self, own: bool) -> None:
        """The visitor was erased, in another tab or by the team, or only a conversation was."""
        guest = self.guest
        if guest is None:
            return
        with self._app.app_context():
            known = visitors.is_known(guest)
        if not known:
            end(self._line, "erased")
        elif own:
            self.show({"type": "opened"}, Thread(), 0)

    def _miss(self) -> None:
        """Something was not told, or needs a look into the database: read the log."""
        self._missed = True
        if self._is_ready and not self._catching_up:
            self._catching_up = True
            threading.Thread(target=self._catch_up, name="catch-up", daemon=True).start()

    def _catch_up(self) -> None:
        while True:
            with self._lock:
                if not self._missed or self.conversation_id is None or self.guest is None:
                    self._missed = self._catching_up = False
                    return
                self._missed = False
                guest, conversation_id, seq = self.guest, self.conversation_id, self._sent_seq
            try:
                with self._app.app_context():
                    self._read_log(guest, conversation_id, seq)
            except AppError:
                continue
            except Exception:
                log.exception("catch_up_failed")
                self._line.close()

    def _read_log(self, guest: Guest, conversation_id: UUID, seq: int) -> None:
        if visitors.is_blocked(guest):
            end(self._line, "blocked", code=POLICY)
            return
        state = threads.theirs(guest, conversation_id)
        thread = threads.since(state, seq)
        face, pictures = face_of(state), _pictures(thread)
        with self._lock:
            for line in thread.lines:
                if line.seq > self._sent_seq and conversation_id == self.conversation_id:
                    self._put_event(line, state, face, pictures)
        self._line.flush()

    def _put_event(
        self, line: Logged, state: State, face: Face | None, pictures: dict[UUID, str | None]
    ) -> None:
        self._sent_seq = line.seq
        if not line.is_for_visitor:
            return
        self._line.put(
            {
                "type": "event",
                "conversation_id": str(line.conversation_id),
                "event": frames.event_frame(line, self._assistant, pictures),
                "conversation": frames.conversation_frame(state, face),
            }
        )


def _of(hint: dict[str, Any]) -> dict[str, Any]:
    return {"conversation_id": hint["conversation_id"]}


def _newest(thread: Thread) -> int:
    if thread.lines:
        return thread.lines[-1].seq
    return thread.state.last_seq if thread.state else 0


def _pictures(thread: Thread) -> dict[UUID, str | None]:
    people = (line.author_id for line in thread.lines if line.author == "person")
    return pictures_of(person for person in people if person is not None)
