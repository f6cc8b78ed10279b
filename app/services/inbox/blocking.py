"""Blocking a visitor: whoever it is, from whichever of their browsers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update

from app.errors import Conflict
from app.extensions import db
from app.models import Visitor
from app.services import audit
from app.services.actors import Actor
from app.services.conversation import speaking
from app.services.log import telling
from app.services.log.remarks import remark
from app.services.log.telling import Hint
from app.services.states import State, get_state

NOBODY = "There is nobody to block: this visitor has been removed."


def block(actor: Actor, conversation_id: UUID) -> State:
    """Close the conversation, hang up, and let nobody in with these tokens any more."""
    state = get_state(actor.organization_id, conversation_id)
    changed = _set(actor, state, blocked=True)
    if changed:
        remark(actor, state.id, "blocked this visitor.", {"blocked": True})
        audit.record(
            actor,
            "visitor.blocked",
            f"{actor.name} blocked the visitor of conversation {state.number}",
            target=str(state.id),
        )
        db.session.commit()
    speaking.close(actor, state.id)
    for visitor_id in changed:
        telling.at_once(state.organization_id, None, visitor_id, Hint.BLOCKED)
    return get_state(actor.organization_id, conversation_id)


def unblock(actor: Actor, conversation_id: UUID) -> State:
    """They may write again. What was closed stays closed until they do."""
    state = get_state(actor.organization_id, conversation_id)
    if _set(actor, state, blocked=False):
        remark(actor, state.id, "unblocked this visitor.", {"blocked": False})
        audit.record(
            actor,
            "visitor.unblocked",
            f"{actor.name} unblocked the visitor of conversation {state.number}",
            target=str(state.id),
        )
    db.session.commit()
    return get_state(actor.organization_id, conversation_id)


def _set(actor: Actor, state: State, *, blocked: bool) -> Sequence[UUID]:
    """Every browser that is taken to be this person's; says which were not so before."""
    known = db.session.scalars(select(Visitor.id).where(_theirs(actor, state))).all()
    if not known:
        raise Conflict(NOBODY, code="nobody")
    return db.session.scalars(
        update(Visitor)
        .where(Visitor.id.in_(known), Visitor.blocked.is_(not blocked))
        .values(blocked=blocked)
        .returning(Visitor.id)
        .execution_options(synchronize_session="fetch")
    ).all()


def _theirs(actor: Actor, state: State) -> ColumnElement[bool]:
    """By the contact too. Whoever merely typed an address says nothing of those who own it."""
    own = Visitor.id == state.visitor_id
    if state.contact_id is not None:
        visitor = db.session.get(Visitor, state.visitor_id) if state.visitor_id else None
        is_sure = visitor is None or visitor.identified
        same = Visitor.contact_id == state.contact_id
        own = or_(own, same if is_sure else and_(same, ~Visitor.identified))
    return (Visitor.organization_id == actor.organization_id) & own
