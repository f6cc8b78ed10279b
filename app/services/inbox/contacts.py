"""The people who write to an organization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, NotFound
from app.extensions import db
from app.models import Contact, Conversation, Ticket, Visitor
from app.services import audit
from app.services.actors import Actor
from app.services.inbox import desk
from app.services.inbox.desk import Case
from app.services.inbox.lists import Filters, Sort
from app.services.log import erasing
from app.services.paging import Page, page_of

SHOWN = 50
TAKEN = "There is a contact with this address already."


def list_contacts(
    organization_id: UUID, search: str, cursor: str | None, limit: int
) -> Page[Contact]:
    """The organization's contacts, newest first; `search` looks into names and addresses."""
    query = select(Contact).where(Contact.organization_id == organization_id)
    if search:
        wanted = search.lower()
        query = query.where(
            or_(
                func.lower(Contact.email).contains(wanted, autoescape=True),
                func.lower(Contact.name).contains(wanted, autoescape=True),
            )
        )
    return page_of(query, Contact.id, cursor, limit)


def get_contact(organization_id: UUID, contact_id: UUID) -> Contact:
    contact = db.session.get(Contact, contact_id)
    if contact is None or contact.organization_id != organization_id:
        raise NotFound("There is no contact by this id.")
    return contact


@dataclass(frozen=True)
class Known:
    """All that the team knows of somebody."""

    contact: Contact
    cases: Sequence[Case]
    next_cursor: str | None
    count: int
    tickets: int
    blocked: bool

    @property
    def latest_id(self) -> UUID | None:
        return self.cases[0].state.id if self.cases else None


def get_known(organization_id: UUID, contact_id: UUID, cursor: str | None = None) -> Known:
    """Somebody with the first of their conversations, or with those after a cursor."""
    contact = get_contact(organization_id, contact_id)
    cases, next_cursor = conversations_of(organization_id, contact_id, cursor, SHOWN)
    blocked = select(Visitor.id).where(Visitor.contact_id == contact_id, Visitor.blocked)
    return Known(
        contact,
        cases,
        next_cursor,
        count=_count(Conversation.contact_id == contact_id),
        tickets=_count(Ticket.contact_id == contact_id),
        blocked=db.session.scalar(blocked.limit(1)) is not None,
    )


def conversations_of(
    organization_id: UUID, contact_id: UUID, cursor: str | None, limit: int
) -> tuple[list[Case], str | None]:
    """The newest first."""
    get_contact(organization_id, contact_id)
    filters = Filters(contact_id=contact_id)
    return desk.list_cases(organization_id, filters, Sort.NEWEST, cursor, limit)


def add_contact(actor: Actor, values: dict[str, Any]) -> Contact:
    contact = Contact(organization_id=actor.organization_id, **values)
    db.session.add(contact)
    _flush_or_refuse()
    db.session.commit()
    return contact


def change_contact(actor: Actor, contact_id: UUID, changes: dict[str, Any]) -> Contact:
    contact = get_contact(actor.organization_id, contact_id)
    for key, value in changes.items():
        setattr(contact, key, value)
    _flush_or_refuse()
    db.session.commit()
    return contact


def remove_contact(actor: Actor, contact_id: UUID) -> None:
    """Remove the person with all they ever sent (T8). The log keeps that it happened, not who."""
    contact = get_contact(actor.organization_id, contact_id)
    erasing.erase_contact(contact)
    audit.record(
        actor, "contact.removed", f"{actor.name} removed a contact", target=str(contact_id)
    )
    db.session.commit()


def _count(which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(which)) or 0


def _flush_or_refuse() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict(TAKEN, code="email_taken", fields={"email": TAKEN}) from error
