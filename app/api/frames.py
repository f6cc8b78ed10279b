"""Events as frames: what of the log a visitor gets to see, and in which shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.services.hours.opening import Presence
from app.services.log.event_log import Logged
from app.services.log.threads import Thread
from app.services.log.visitors import Guest
from app.services.states import Face, State

# What the team alone may know of an event stands in `inside`, which is never looked at here.
TO_VISITOR = frozenset(
    {
        *("answer_id", "answers_seq", "outcome", "confidence", "citations", "sentences"),
        *("actions", "degraded", "language", "sentiment", "attachments", "ticket", "needs_email"),
        *("by", "score", "reason"),
    }
)


def conversation_frame(state: State, face: Face | None) -> dict[str, Any]:
    return {
        "id": str(state.id),
        "number": state.number,
        "status": state.status,
        "speaker": state.speaker,
        "epoch": state.epoch,
        "last_seq": state.last_seq,
        "person": None if face is None else {"name": face.name, "picture_url": face.picture_url},
        "waiting_for_person": state.waits_for_person,
        "rating": state.rating,
        "visitor_read_seq": state.visitor_read_seq,
        "team_read_seq": state.team_read_seq,
        "created_at": state.created_at.isoformat(),
    }


def event_frame(
    line: Logged,
    assistant: str,
    pictures: dict[UUID, str | None],
    files: str = "/api/chat/attachments",
) -> dict[str, Any]:
    """One line of the log as a visitor may read it."""
    frame: dict[str, Any] = {
        "id": str(line.id),
        "seq": line.seq,
        "kind": line.kind,
        "author": {
            "kind": line.author,
            "name": assistant if line.author == "assistant" else line.author_name,
            "picture_url": pictures.get(line.author_id) if line.author_id else None,
        },
        "created_at": line.created_at.isoformat(),
        "text": line.text,
    }
    if line.client_id:
        frame["client_id"] = line.client_id
    if line.kind == "message":
        frame["feedback"] = line.feedback
    if line.kind == "escalated":
        frame["expect"] = line.text
    frame |= {key: value for key, value in line.body.items() if key in TO_VISITOR}
    if attached := frame.get("attachments"):
        frame["attachments"] = [each | {"url": f"{files}/{each['id']}"} for each in attached]
    return frame


def thread_frame(
    thread: Thread, face: Face | None, assistant: str, pictures: dict[UUID, str | None]
) -> dict[str, Any]:
    """A conversation with a part of its log."""
    state = thread.state
    return {
        "conversation": None if state is None else conversation_frame(state, face),
        "events": [
            event_frame(line, assistant, pictures) for line in thread.lines if line.is_for_visitor
        ],
        "more": thread.more,
    }


def listed_frames(listed: Sequence[State], unread: dict[UUID, int]) -> list[dict[str, Any]]:
    return [_listed_frame(each, unread.get(each.id, 0)) for each in listed]


def guest_frame(guest: Guest) -> dict[str, Any]:
    return {
        "id": str(guest.id),
        "name": guest.name,
        "email": guest.email,
        "identified": guest.identified,
    }


def presence_frame(presence: Presence) -> dict[str, Any]:
    return {
        "open": presence.open,
        "people_online": presence.people_online,
        "reopens_at": presence.reopens_at.isoformat() if presence.reopens_at else None,
        "reply_time": presence.reply_time,
        "assistant": presence.assistant,
        "message": presence.message,
    }


def error_frame(code: str, message: str, raw: dict[str, Any] | None) -> dict[str, Any]:
    """What went wrong, and with which message where it was about one."""
    frame: dict[str, Any] = {"type": "error", "code": code, "message": message, "retry": False}
    if raw is not None and isinstance(raw.get("client_id"), str):
        frame["client_id"] = raw["client_id"][:64]
    return frame


def _listed_frame(state: State, unread: int) -> dict[str, Any]:
    return {
        "id": str(state.id),
        "number": state.number,
        "preview": state.preview,
        "last_message_at": state.last_event_at.isoformat(),
        "status": state.status,
        "speaker": state.speaker,
        "unread": unread,
    }
