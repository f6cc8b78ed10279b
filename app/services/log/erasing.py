"""Forgetting a person: what a visitor has the right to (T8)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, delete, or_, select

from app.extensions import db
from app.models import Attachment, Contact, Conversation, OutboxMessage, Ticket, Visitor
from app.services import removals
from app.services.log import telling
from app.services.log.telling import Hint
from app.services.log.visitors import Guest
from app.services.states import COLUMNS, State

# Letters to people of the team may go to the same address, and are theirs.
TO_CONTACTS = ("transcript", "reply")


def erase_visitor(guest: Guest) -> None:
    """Everything of this browser; of the contact too, where the site has vouched for it."""
    whose: ColumnElement[bool] = Conversation.visitor_id == guest.id
    if guest.identified and guest.contact_id:
        whose = or_(whose, Conversation.contact_id == guest.contact_id)
    erase_conversations(and_(Conversation.organization_id == guest.organization_id, whose))
    remove_files(Attachment.visitor_id == guest.id)
    db.session.execute(delete(Visitor).where(Visitor.id == guest.id))
    contact = db.session.get(Contact, guest.contact_id) if guest.contact_id else None
    if contact is not None and not _is_known_otherwise(contact, guest):
        _forget_letters(contact)
        db.session.delete(contact)
    db.session.commit()


def erase_contact(contact: Contact) -> None:
    """Everything of this person, from whatever browser; inside the caller's transaction."""
    browsers = select(Visitor.id).where(Visitor.contact_id == contact.id)
    whose = or_(Conversation.contact_id == contact.id, Conversation.visitor_id.in_(browsers))
    erase_conversations(and_(Conversation.organization_id == contact.organization_id, whose))
    remove_files(Attachment.visitor_id.in_(browsers))
    db.session.execute(delete(Ticket).where(Ticket.contact_id == contact.id))
    _forget_letters(contact)
    db.session.execute(
        delete(Visitor)
        .where(Visitor.contact_id == contact.id)
        .execution_options(synchronize_session=False)
    )
    db.session.delete(contact)


def erase_conversations(which: ColumnElement[bool]) -> None:
    """With their logs, turns, tickets and files; inside the caller's transaction."""
    states = [State(*row) for row in db.session.execute(select(*COLUMNS).where(which))]
    ids = [state.id for state in states]
    if not ids:
        return
    remove_files(Attachment.conversation_id.in_(ids))
    db.session.execute(delete(Ticket).where(Ticket.conversation_id.in_(ids)))
    db.session.execute(
        delete(Conversation)
        .where(Conversation.id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    for state in states:
        telling.after_commit(state, Hint.GONE)


def remove_files(which: ColumnElement[bool]) -> None:
    rows = list(db.session.scalars(select(Attachment).where(which)))
    if rows:
        removals.schedule(rows[0].organization_id, [], [row.storage_key for row in rows])
    for row in rows:
        db.session.delete(row)
    db.session.flush()


def _forget_letters(contact: Contact) -> None:
    db.session.execute(
        delete(OutboxMessage).where(
            OutboxMessage.organization_id == contact.organization_id,
            OutboxMessage.recipient == contact.email,
            OutboxMessage.template.in_(TO_CONTACTS),
        )
    )


def _is_known_otherwise(contact: Contact, guest: Guest) -> bool:
    """Whether the contact was the team's, or another browser's, before this visitor came."""
    others = select(Visitor.id).where(Visitor.contact_id == contact.id, Visitor.id != guest.id)
    theirs = select(Conversation.id).where(Conversation.contact_id == contact.id)
    if guest.identified:
        return db.session.scalar(others.limit(1)) is not None
    # Ids sort by age.
    was_there = contact.id < guest.id
    return was_there or any(db.session.scalar(each.limit(1)) for each in (others, theirs))
