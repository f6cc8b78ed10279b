"""What people of the team send is in the log once, whoever sends it twice, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.errors import Conflict
from app.extensions import db
from app.services.actors import Actor
from app.services.log import event_log
from app.services.log.event_log import Logged
from app.services.states import State, get_state

CLOSED = "This conversation is closed. Reopen it first."
USED_ELSEWHERE = "This client_id was used in another conversation. Please make a new one."


def put(
    actor: Actor,
    conversation_id: UUID,
    client_id: str,
    add: Callable[[], tuple[State, Logged] | None],
) -> tuple[State, Logged]:
    """Commit what `add` adds. Where it adds nothing, nothing of it stays."""
    try:
        if added := add():
            db.session.commit()
            return added
    except IntegrityError as error:
        db.session.rollback()
        known = sent_already(actor, conversation_id, client_id)
        if known is None:
            raise Conflict(USED_ELSEWHERE, code="client_id_used") from error
        return known
    # At this very moment somebody else has closed it, merged it into another one or removed it.
    db.session.rollback()
    get_state(actor.organization_id, conversation_id)
    raise Conflict(CLOSED, code="closed")


def sent_already(
    actor: Actor, conversation_id: UUID, client_id: str
) -> tuple[State, Logged] | None:
    known = event_log.sent_before(actor.user_id, client_id) if actor.user_id else None
    if known is None or known.conversation_id != conversation_id:
        return None
    return get_state(actor.organization_id, conversation_id), known
