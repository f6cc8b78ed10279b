"""Thumbs: what a visitor thinks of one answer. Giving them again replaces what was said."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from app.errors import NotFound
from app.extensions import db
from app.models import AuthorKind, Event, EventKind
from app.services import conversations, event_log, telling
from app.services.telling import Hint
from app.services.visitors import Guest

NO_MESSAGE = "There is no message by this id."


def give(
    guest: Guest, message_id: UUID, value: str | None, reason: str = "", comment: str = ""
) -> None:
    """Keep it with the message; only what somebody else has said can be judged."""
    line = event_log.line_by(message_id)
    if line is None or line.kind is not EventKind.MESSAGE or line.author is AuthorKind.VISITOR:
        raise NotFound(NO_MESSAGE)
    state = conversations.theirs(guest, line.conversation_id)
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
