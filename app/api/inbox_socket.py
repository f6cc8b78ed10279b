"""One agent's socket: frames in, frames out. It tells; what changes anything goes by HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from flask import Flask
from simple_websocket import ConnectionClosed

from app.api import desk_frames
from app.api.inbox_feed import InboxFeed
from app.api.inbox_hall import InboxHall, show_out
from app.api.inbox_room import InboxRoom, event_shape
from app.api.schemas.common import shown
from app.api.schemas.conversations import EventPage, WholeConversationShown
from app.api.schemas.frames import ValidationError
from app.api.schemas.inbox_frames import ColleagueShown, read_inbox_frame
from app.edge.lines import POLICY, BadFrame
from app.edge.open_lines import end
from app.edge.socket_limits import Allowance
from app.errors import AppError
from app.services.answering.assistants import profile_of
from app.services.inbox import desk
from app.services.log.event_log import LONGEST_PART
from app.services.log.threads import Thread
from app.services.people import sessions
from app.services.people.organizations import get_organization
from app.services.team import screens, team

log = structlog.get_logger(__name__)
MOST_BAD_FRAMES = 10
HELLO_FIRST = "Please say hello first."


class InboxSocket:
    """Every frame has an app context of its own, and is asked for the session anew (W4)."""

    def __init__(self, app: Flask, feed: InboxFeed, hall: InboxHall) -> None:
        self._app = app
        self._feed = feed
        self._hall = hall
        self._room: InboxRoom | None = None
        self._allowance = Allowance()
        self._bad_frames = 0

    def serve(self) -> None:
        """Until one side hangs up."""
        try:
            while self._feed.line.is_open:
                self._deal_with(self._receive())
        except ConnectionClosed:
            return
        finally:
            self._leave()

    def _receive(self) -> dict[str, Any] | None:
        try:
            return self._feed.line.receive(None)
        except BadFrame as error:
            self._refuse(str(error))
            return None

    def _deal_with(self, raw: dict[str, Any] | None) -> None:
        if raw is None:
            return
        with self._app.app_context():
            try:
                self._allowance.take()
                frame = read_inbox_frame(raw)
                if self._may_go_on():
                    self._verbs()[frame.type](frame)
            except ValidationError as error:
                problem = error.errors(include_url=False, include_input=False)[0]
                place = ".".join(str(part) for part in problem["loc"][1:]) or "type"
                self._refuse(f"{place}: {problem['msg']}")
            except AppError as error:
                self._say_error(error)
            except ConnectionClosed:
                raise
            except Exception as error:
                log.error("inbox_frame_failed", frame=raw.get("type"), exc_info=error)
                self._say_error(AppError())

    def _may_go_on(self) -> bool:
        role = sessions.roles_of({self._feed.session_id}).get(self._feed.session_id)
        show_out(self._feed, role)
        return role is self._feed.actor.role

    def _verbs(self) -> dict[str, Callable[[Any], None]]:
        return {
            "hello": self._on_hello,
            "open": self._on_open,
            "leave": lambda _: self._show(None),
            "history": self._on_history,
            "typing": self._on_typing,
            "read": lambda frame: desk.note_read(
                self._feed.actor, frame.conversation_id, frame.seq
            ),
            "ping": lambda _: self._feed.send({"type": "pong"}),
        }

    def _on_hello(self, frame: Any) -> None:
        actor = self._feed.actor
        if self._room is None:
            self._feed.screen_id = frame.screen_id or self._feed.screen_id
            screens.show(actor, self._feed.screen_id, None)
            self._room = self._hall.enter(self._feed)
        people = [shown(ColleagueShown, each) for each in team.list_team(actor.organization_id)]
        on_screen = screens.all_viewers(actor.organization_id)
        self._feed.send(
            {
                "type": "welcome",
                "screen_id": str(self._feed.screen_id),
                "me": next(each for each in people if each["id"] == str(self._feed.user_id)),
                "people": people,
                "assistant": {"name": self._assistant()},
                "screens": {
                    str(key): [str(each) for each in ids] for key, ids in on_screen.items()
                },
            }
        )

    def _on_open(self, frame: Any) -> None:
        actor, conversation_id = self._feed.actor, frame.conversation_id
        room = self._entered()
        self._show(conversation_id)
        whole = desk.get_whole_case(actor.organization_id, conversation_id, actor.user_id)
        thread = self._since(conversation_id, frame.last_seq)
        viewers = [str(each) for each in screens.viewers_of(conversation_id)]
        opened = {
            "type": "opened",
            "conversation": shown(WholeConversationShown, desk_frames.whole_case_frame(whole)),
            "viewers": viewers,
            "live": room.live_of(whole.case.state),
        }
        newest = thread.lines[-1].seq if thread.lines else frame.last_seq
        shape = event_shape(actor.organization_id)
        self._feed.opened(opened | self._shaped(thread), newest, shape)

    def _on_history(self, frame: Any) -> None:
        thread = desk.lines_of(
            self._feed.actor.organization_id, frame.conversation_id, before_seq=frame.before_seq
        )
        where = {"type": "history", "conversation_id": str(frame.conversation_id)}
        self._feed.send(where | self._shaped(thread))

    def _on_typing(self, frame: Any) -> None:
        screens.tell_typing(
            self._feed.actor, frame.conversation_id, typing=frame.typing, note=frame.note
        )

    def _since(self, conversation_id: UUID, last_seq: int) -> Thread:
        """What follows on what the screen has; of a long gap, the newest part."""
        organization_id = self._feed.actor.organization_id
        newest = desk.lines_of(organization_id, conversation_id, limit=LONGEST_PART)
        state = newest.state
        if state is None or last_seq > state.last_seq or state.last_seq - last_seq > LONGEST_PART:
            return newest
        kept = [line for line in newest.lines if line.seq > last_seq]
        return Thread(state, kept, more=False if last_seq else newest.more)

    def _shaped(self, thread: Thread) -> dict[str, Any]:
        page = shown(EventPage, desk_frames.event_page_frame(thread, self._assistant()))
        return {"events": page["items"], "more": page["more"], "last_seq": page["last_seq"]}

    def _show(self, conversation_id: UUID | None) -> None:
        self._feed.begin(conversation_id)
        screens.show(self._feed.actor, self._feed.screen_id, conversation_id)

    def _assistant(self) -> str:
        return profile_of(get_organization(self._feed.actor.organization_id)).name

    def _entered(self) -> InboxRoom:
        if self._room is None:
            raise AppError(HELLO_FIRST, code="hello_first")
        return self._room

    def _leave(self) -> None:
        self._hall.leave(self._feed)

    def _refuse(self, message: str) -> None:
        """A frame that makes no sense; too many of them and the socket goes."""
        self._bad_frames += 1
        self._feed.send(_error("bad_frame", message))
        if self._bad_frames >= MOST_BAD_FRAMES:
            end(self._feed.line, "too_many", 5_000, code=POLICY)

    def _say_error(self, error: AppError) -> None:
        retry = error.status >= 500 or error.status == 429
        self._feed.send(_error(error.code, error.message) | {"retry": retry})


def _error(code: str, message: str) -> dict[str, Any]:
    return {"type": "error", "code": code, "message": message, "retry": False}
