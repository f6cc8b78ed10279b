"""The people who write to an organization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.errors import NotFound
from app.extensions import db
from app.models import Contact, Conversation, Ticket, Visitor
from app.services import audit
from app.services.actors import Actor
from app.services.inbox import desk, people_search
from app.services.inbox.desk import Case
from app.services.inbox.lists import Filters, Sort
from app.services.inbox.unique_names import flush_or_refuse
from app.services.log import erasing
from app.services.paging import Page, page_of

SHOWN = 50
TAKEN = "There is a contact with this address already."


def list_contacts(
    organization_id: UUID, search: str, cursor: str | None, limit: int
) -> Page[Contact]:
    """The organization's contacts, newest first; `search` looks into names, addresses and numbers.

    Where nobody fits exactly, whoever is called almost the same is found.
    """
    return _found(organization_id, search, cursor, limit)[0]


@dataclass(frozen=True)
class Talks:
    """How often somebody has written, and when last."""

    count: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class Listed:
    """A page of the list with what stands in its rows."""

    items: Sequence[Contact]
    next_cursor: str | None
    is_near: bool
    talks: dict[UUID, Talks]

    def talks_of(self, contact: Contact) -> Talks:
        return self.talks.get(contact.id, Talks())


def list_known(organization_id: UUID, search: str, cursor: str | None, limit: int) -> Listed:
    """As `list_contacts`; `is_near` says that nobody fits exactly."""
    page, is_near = _found(organization_id, search, cursor, limit)
    return Listed(page.items, page.next_cursor, is_near, _talks_of(page.items))


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
    tickets: Sequence[Ticket]
    ticket_count: int
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
        tickets=_tickets_of(contact),
        ticket_count=_count(Ticket.contact_id == contact_id),
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
    flush_or_refuse("email", TAKEN)
    db.session.commit()
    return contact


def change_contact(actor: Actor, contact_id: UUID, changes: dict[str, Any]) -> Contact:
    contact = get_contact(actor.organization_id, contact_id)
    for key, value in changes.items():
        setattr(contact, key, value)
    flush_or_refuse("email", TAKEN)
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


def _found(
    organization_id: UUID, search: str, cursor: str | None, limit: int
) -> tuple[Page[Contact], bool]:
    words = search.lower().split()
    query = select(Contact).where(
        Contact.organization_id == organization_id,
        *(people_search.HELD.contains(word, autoescape=True) for word in words),
    )
    page = page_of(query, Contact.id, cursor, limit)
    if page.items or cursor or not words:
        return page, False
    near = people_search.similar(organization_id, words)
    alike = select(Contact).where(Contact.id.in_(near)).order_by(Contact.id.desc()).limit(limit)
    return Page(list(db.session.scalars(alike)), None), bool(near)


def _talks_of(contacts: Sequence[Contact]) -> dict[UUID, Talks]:
    counted = (
        select(Conversation.contact_id, func.count(), func.max(Conversation.last_event_at))
        .where(Conversation.contact_id.in_([each.id for each in contacts]))
        .group_by(Conversation.contact_id)
    )
    rows = db.session.execute(counted).all()
    return {whose: Talks(count, last_at) for whose, count, last_at in rows if whose}


def _tickets_of(contact: Contact) -> Sequence[Ticket]:
    query = (
        select(Ticket)
        .where(Ticket.contact_id == contact.id)
        .order_by(Ticket.id.desc())
        .limit(SHOWN)
    )
    return db.session.scalars(query).all()


def _count(which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(which)) or 0
