"""Thumbs: what a visitor, and what the team, think of one answer.

Giving them again replaces what was said; neither touches what the other has said.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.errors import Conflict, NotFound
from app.extensions import db
from app.models import AuthorKind, Event, EventKind, now
from app.services.actors import Actor
from app.services.log import event_log, telling, threads
from app.services.log.telling import Hint
from app.services.log.visitors import Guest
from app.services.states import get_state

NO_MESSAGE = "There is no message by this id."
NOT_THE_ASSISTANTS = "Only what the assistant has said can be judged."
TEAM = "team_feedback"


def give(
    guest: Guest, message_id: UUID, value: str | None, reason: str = "", comment: str = ""
) -> None:
    """Keep it with the message; only what somebody else has said can be judged."""
    line = event_log.line_by(message_id)
    if line is None or line.kind is not EventKind.MESSAGE or line.author is AuthorKind.VISITOR:
        raise NotFound(NO_MESSAGE)
    state = threads.theirs(guest, line.conversation_id)
    db.session.execute(
        update(Event)
        .where(Event.id == message_id)
        .values(
            feedback=value,
            feedback_reason=reason if value else "",
            feedback_comment=comment if value else "",
        )
        .execution_options(synchronize_session=False)
    )
    telling.after_commit(state, Hint.FEEDBACK, message_id=message_id, value=value, reason=reason)
    db.session.commit()


def on_message(organization_id: UUID, message_id: UUID) -> dict[str, Any]:
    """Both opinions about a message of the organization's."""
    return _opinions(_message(organization_id, message_id))


def give_as_team(
    actor: Actor, message_id: UUID, value: str | None, reason: str = "", comment: str = ""
) -> dict[str, Any]:
    """Keep the team's opinion where no visitor ever looks."""
    message = _message(actor.organization_id, message_id, lock=True)
    if message.author is not AuthorKind.ASSISTANT:
        raise Conflict(NOT_THE_ASSISTANTS)
    inside = {key: said for key, said in message.inside.items() if key != TEAM}
    if value is not None:
        inside[TEAM] = {
            "value": value,
            "reason": reason,
            "comment": comment,
            "by": actor.name,
            "at": now().isoformat(),
        }
    message.inside = inside
    state = get_state(actor.organization_id, message.conversation_id)
    telling.after_commit(
        state, Hint.FEEDBACK, message_id=message_id, value=value, reason=reason, who="team"
    )
    db.session.commit()
    return _opinions(message)


def _message(organization_id: UUID, message_id: UUID, *, lock: bool = False) -> Event:
    query = select(Event).where(
        Event.id == message_id,
        Event.organization_id == organization_id,
        Event.kind == EventKind.MESSAGE,
    )
    if lock:
        query = query.with_for_update()
    message = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if message is None:
        raise NotFound(NO_MESSAGE)
    return message


def _opinions(message: Event) -> dict[str, Any]:
    visitors = {
        "value": message.feedback,
        "reason": message.feedback_reason,
        "comment": message.feedback_comment,
    }
    return {
        "message_id": message.id,
        "visitor": visitors if message.feedback else None,
        "team": message.inside.get(TEAM),
    }
