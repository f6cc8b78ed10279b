"""One visitor's socket: frames in, frames out. See ARCHITECTURE.md for the protocol."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from flask import Flask
from simple_websocket import ConnectionClosed

from app.api import frames
from app.api.schemas.frames import ValidationError, read_frame
from app.api.visitor_feed import VisitorFeed
from app.edge.lines import POLICY, BadFrame, Line
from app.edge.open_lines import end
from app.edge.socket_limits import Allowance, check_mail, check_message
from app.errors import AppError
from app.extensions import db
from app.services.conversation import continuation, conversations, escalation, feedback, transcripts
from app.services.log import erasing, telling, threads, visitors
from app.services.log.audience import ProcessAudience
from app.services.log.telling import Hint
from app.services.log.threads import Thread
from app.services.log.visitors import Guest, Place

log = structlog.get_logger(__name__)
SECONDS_TO_SAY_HELLO = 10.0
MOST_BAD_FRAMES = 10
TYPING_EVERY = 2.0


@dataclass(frozen=True)
class House:
    """What a socket knows of the organization it belongs to."""

    organization_id: UUID
    name: str
    assistant: str
    look: dict[str, Any]
    presence: dict[str, Any]


class VisitorSocket:
    """Every frame has an app context of its own: between frames no connection is held."""

    def __init__(
        self, app: Flask, line: Line, house: House, address: str, audience: ProcessAudience
    ) -> None:
        self._app = app
        self._turn = app.extensions["open_lines"].turn
        self._line = line
        self._house = house
        self._address = address
        self._feed = VisitorFeed(app, line, house.assistant, audience)
        self._allowance = Allowance()
        self._bad_frames = 0
        self._told_typing = 0.0

    def serve(self) -> None:
        """Until one side hangs up."""
        try:
            self._greet()
            while self._line.is_open:
                self._deal_with(self._receive(None))
        except ConnectionClosed:
            return
        finally:
            self._feed.leave()

    def _greet(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_SAY_HELLO
        while self._feed.guest is None and self._line.is_open:
            raw = self._receive(max(deadline - time.monotonic(), 0.1))
            if raw is None and time.monotonic() >= deadline:
                end(self._line, "idle", code=POLICY)
            elif raw is not None and raw.get("type") == "hello":
                self._deal_with(raw)
            elif raw is not None:
                self._refuse("hello_first", "Please say hello first.", raw)

    def _receive(self, seconds: float | None) -> dict[str, Any] | None:
        try:
            return self._line.receive(seconds)
        except BadFrame as error:
            self._refuse("bad_frame", str(error), None)
            return None

    def _deal_with(self, raw: dict[str, Any] | None) -> None:
        if raw is None:
            return
        with self._turn, self._app.app_context():
            try:
                self._allowance.take()
                frame = read_frame(raw)
                self._verbs()[frame.type](frame)
            except ValidationError as error:
                problem = error.errors(include_url=False, include_input=False)[0]
                place = ".".join(str(part) for part in problem["loc"][1:]) or "type"
                self._refuse("bad_frame", f"{place}: {problem['msg']}", raw)
            except AppError as error:
                self._say_error(error, raw)
            except ConnectionClosed:
                raise
            except Exception as error:
                log.error("frame_failed", frame=raw.get("type"), exc_info=error)
                self._fail(raw)

    def _verbs(self) -> dict[str, Callable[[Any], None]]:
        return {
            "hello": self._on_hello,
            "message": self._on_message,
            "open": self._on_open,
            "history": self._on_history,
            "list": self._on_list,
            "feedback": self._on_feedback,
            "typing": self._on_typing,
            "read": self._on_read,
            "stop": self._on_stop,
            "escalate": self._on_escalate,
            "contact": self._on_contact,
            "rate": self._on_rate,
            "end": self._on_end,
            "transcript": self._on_transcript,
            "erase": self._on_erase,
            "ping": lambda _: self._line.send({"type": "pong"}),
        }

    def _on_hello(self, frame: Any) -> None:
        place = Place(frame.locale, frame.page_url, frame.page_title)
        guest = visitors.arrive(self._house.organization_id, frame.visitor_token or "", place)
        token = guest.token or frame.visitor_token or ""
        if frame.identity:
            identified = visitors.identify(guest, frame.identity)
            token, guest = identified.token or token, identified
        if frame.link:
            guest, frame = self._continued(guest, frame)
            token = guest.token or token
        # Perhaps somebody else sat here until now: what they are told is not for this visitor.
        self._feed.leave()
        self._feed.guest = guest
        self._feed.wants_fresh = frame.fresh
        self._feed.listen_to(guest.id)
        self._feed.listen_to(telling.everybody_of(guest.organization_id))
        thread = threads.resume(guest, frame.conversation_id, frame.last_seq, fresh=frame.fresh)
        listed = threads.list_theirs(guest)
        welcome = {
            "type": "welcome",
            "visitor_token": token,
            "visitor": frames.guest_frame(guest),
            "organization": {"name": self._house.name},
            "widget": self._house.look,
            "availability": self._house.presence,
            "unread": sum(threads.unread_in(listed).values()),
            "conversations_count": len(listed),
        }
        self._feed.show(welcome, thread, frame.last_seq)

    def _continued(self, guest: Guest, frame: Any) -> tuple[Guest, Any]:
        """By a link out of a mail; an old one keeps nobody from coming in without it."""
        try:
            guest, conversation_id = continuation.resume(guest, frame.link)
        except continuation.StaleLink as error:
            self._line.send(frames.error_frame(error.code, error.message, None))
            return guest, frame
        shown = {"conversation_id": conversation_id, "last_seq": 0, "fresh": False}
        return guest, frame.model_copy(update=shown)

    def _on_message(self, frame: Any) -> None:
        guest = self._here()
        check_message(str(guest.id), self._address, str(guest.organization_id))
        if frame.fields:
            self._note_contact(frame.introduction)
        said = conversations.say(
            self._here(),
            frame.client_id,
            frame.text,
            conversation_id=frame.conversation_id or self._feed.conversation_id,
            attachments=frame.attachments,
        )
        self._feed.accept(frame.client_id, said.state, said.line)

    def _on_open(self, frame: Any) -> None:
        wanted = frame.conversation_id
        with self._feed.turning(to_fresh=wanted is None):
            thread = Thread()
            if wanted is not None:
                state = threads.theirs(self._here(), wanted)
                self._feed.listen_to(state.id)
                thread = threads.since(state, frame.last_seq)
            self._feed.show({"type": "opened"}, thread, frame.last_seq)

    def _on_history(self, frame: Any) -> None:
        thread = threads.earlier(self._here(), frame.conversation_id, frame.before_seq)
        self._line.send({"type": "history"} | self._feed.shaped(thread))

    def _on_list(self, _: Any) -> None:
        listed = threads.list_theirs(self._here())
        items = frames.listed_frames(listed, threads.unread_in(listed))
        self._line.send({"type": "conversations", "items": items})

    def _on_feedback(self, frame: Any) -> None:
        feedback.give(
            self._here(), frame.message_id, frame.value, frame.reason or "", frame.comment
        )

    def _on_typing(self, frame: Any) -> None:
        moment = time.monotonic()
        if self._feed.conversation_id is None or moment - self._told_typing < TYPING_EVERY:
            return
        self._told_typing = moment if frame.typing else 0.0
        self._tell(Hint.TYPING, who="visitor", typing=frame.typing)

    def _on_read(self, frame: Any) -> None:
        if self._feed.conversation_id is not None:
            conversations.note_read(self._here(), self._feed.conversation_id, frame.seq)

    def _on_stop(self, _: Any) -> None:
        if self._feed.conversation_id is not None:
            self._tell(Hint.STOP)

    def _on_escalate(self, frame: Any) -> None:
        guest = self._here()
        check_message(str(guest.id), self._address, str(guest.organization_id))
        if frame.email or frame.name:
            self._note_contact({"email": frame.email, "name": frame.name})
        state, line = escalation.ask_for_person(
            self._here(), self._feed.conversation_id, frame.client_id, frame.reason
        )
        self._feed.accept(frame.client_id, state, line)

    def _on_contact(self, frame: Any) -> None:
        self._note_contact(frame.model_dump(exclude={"type"}))

    def _on_rate(self, frame: Any) -> None:
        conversations.rate(self._here(), self._current(), frame.score, frame.comment)

    def _on_end(self, _: Any) -> None:
        conversations.end(self._here(), self._current())

    def _on_transcript(self, frame: Any) -> None:
        guest = self._here()
        check_mail(str(guest.id), self._address, frame.email, str(guest.organization_id))
        transcripts.mail_to_visitor(guest, self._current(), frame.email)

    def _on_erase(self, _: Any) -> None:
        erasing.erase_visitor(self._here())
        end(self._line, "erased")

    def _note_contact(self, given: dict[str, Any]) -> None:
        self._feed.guest = visitors.note_contact(self._here(), given)
        conversations.attach_contact(self._feed.guest)

    def _tell(self, hint: Hint, **facts: Any) -> None:
        guest = self._here()
        telling.at_once(guest.organization_id, self._current(), guest.id, hint, **facts)

    def _here(self) -> Guest:
        if self._feed.guest is None:
            raise AppError
        return self._feed.guest

    def _current(self) -> UUID:
        if self._feed.conversation_id is None:
            raise AppError("There is no conversation yet.", code="no_conversation")
        return self._feed.conversation_id

    def _refuse(self, code: str, message: str, raw: dict[str, Any] | None) -> None:
        """A frame that makes no sense; too many of them and the socket goes."""
        self._bad_frames += 1
        self._line.send(frames.error_frame(code, message, raw))
        if self._bad_frames >= MOST_BAD_FRAMES:
            end(self._line, "too_many", 5_000, code=POLICY)

    def _fail(self, raw: dict[str, Any]) -> None:
        """Nothing can be kept for somebody who has been erased meanwhile: they begin anew."""
        db.session.rollback()
        if self._feed.guest is not None and not visitors.is_known(self._feed.guest):
            end(self._line, "erased")
        else:
            self._say_error(AppError(), raw)

    def _say_error(self, error: AppError, raw: dict[str, Any]) -> None:
        frame = frames.error_frame(error.code, error.message, raw)
        frame["retry"] = error.status >= 500 or error.status == 429
        if error.status == 429:
            frame["retry_after"] = 5
        self._line.send(frame)
        if error.code == "blocked":
            end(self._line, "blocked", code=POLICY)
