"""Tickets: what a person has to see to, by a number that can be quoted.

Their history is in the log of changes, in words that name no customer: it outlives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select, true

from app.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.models import (
    AuditEntry,
    AuthorKind,
    Contact,
    EventKind,
    Priority,
    Ticket,
    TicketCategory,
    TicketStatus,
    User,
    now,
)
from app.services import audit, counters
from app.services.actors import Actor
from app.services.hours import deadlines
from app.services.inbox.contacts import get_contact
from app.services.inbox.lists import NOBODY
from app.services.inbox.message_search import NUMBER
from app.services.log import event_log
from app.services.log.event_log import Author
from app.services.ordered_paging import Key, moment, number, rows_of
from app.services.paging import Page
from app.services.states import get_state
from app.services.team.assigning import assignable
from app.services.team.notifications import Happening, Notice, notify

__all__ = ["TicketCategory", "TicketStatus"]
NO_TICKET = "There is no ticket by this id."
OPEN_ALREADY = "This conversation has an open ticket already: number {}."
MOST_HISTORY = 200
CHANGED = ("status", "priority", "category", "assignee_id", "subject", "due_at")
PLAIN = ("status", "priority", "category")
WORTH_KEEPING = {*PLAIN, "assignee_id", "due_at"}
FURTHEST = timedelta(days=2 * 366)


class TicketSort(StrEnum):
    """`due` begins with what is due first, `priority` with what is most urgent."""

    NEWEST = "newest"
    DUE = "due"
    PRIORITY = "priority"


NEWEST_FIRST = Key(Ticket.id, UUID, descending=True)
RANK = case({each.value: place for place, each in enumerate(Priority)}, value=Ticket.priority)
ORDERS: dict[TicketSort, list[Key]] = {
    TicketSort.NEWEST: [NEWEST_FIRST],
    TicketSort.DUE: [
        Key(case((Ticket.due_at.is_(None), 1), else_=0), number),
        Key(func.coalesce(Ticket.due_at, Ticket.created_at), moment),
        NEWEST_FIRST,
    ],
    TicketSort.PRIORITY: [Key(RANK, number, descending=True), NEWEST_FIRST],
}


@dataclass(frozen=True)
class TicketFilters:
    """What is left out narrows nothing. `assignee` is somebody's id, or NOBODY."""

    status: TicketStatus | None = None
    priority: Priority | None = None
    category: TicketCategory | None = None
    assignee: UUID | str | None = None
    overdue: bool | None = None
    asked: str = ""


def list_tickets(
    organization_id: UUID,
    filters: TicketFilters,
    sort: TicketSort,
    cursor: str | None,
    limit: int,
) -> Page[Ticket]:
    """The organization's tickets, in the order that is asked for."""
    query = select(Ticket).where(Ticket.organization_id == organization_id)
    for name in PLAIN:
        if (value := getattr(filters, name)) is not None:
            query = query.where(getattr(Ticket, name) == value)
    if filters.assignee == NOBODY:
        query = query.where(Ticket.assignee_id.is_(None))
    elif filters.assignee is not None:
        query = query.where(Ticket.assignee_id == filters.assignee)
    if filters.overdue is not None:
        late = and_(Ticket.due_at < now(), Ticket.status != TicketStatus.SOLVED)
        query = query.where(late if filters.overdue else func.coalesce(~late, true()))
    if filters.asked:
        query = query.where(_fits(filters.asked))
    rows, next_cursor = rows_of(query, sort.value, ORDERS[sort], cursor, limit)
    return Page([ticket for (ticket,) in rows], next_cursor)


def get_ticket(organization_id: UUID, ticket_id: UUID, *, lock: bool = False) -> Ticket:
    """The organization's ticket; another's does not exist."""
    query = select(Ticket).where(Ticket.id == ticket_id, Ticket.organization_id == organization_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    ticket = db.session.scalars(query).one_or_none()
    if ticket is None:
        raise NotFound(NO_TICKET)
    return ticket


def history_of(ticket: Ticket) -> Sequence[AuditEntry]:
    """What was changed about it, oldest first."""
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.organization_id == ticket.organization_id,
            AuditEntry.target == str(ticket.id),
        )
        .order_by(AuditEntry.id)
        .limit(MOST_HISTORY)
    )
    return db.session.scalars(query).all()


def contact_of(ticket: Ticket) -> Contact | None:
    return db.session.get(Contact, ticket.contact_id) if ticket.contact_id else None


def open_ticket(actor: Actor, given: dict[str, Any]) -> Ticket:
    """Open one, about a conversation or about nothing in particular."""
    if given.get("assignee_id"):
        assignable(actor.organization_id, given["assignee_id"])
    if given.get("contact_id"):
        get_contact(actor.organization_id, given["contact_id"])
    if given.get("conversation_id"):
        given = _about_conversation(actor, given)
    ticket = Ticket(
        organization_id=actor.organization_id,
        number=counters.next_number(actor.organization_id, "ticket"),
        status=TicketStatus.OPEN,
        **given,
    )
    db.session.add(ticket)
    db.session.flush()
    deadlines.settle_ticket(ticket)
    _record(actor, ticket, "opened", {})
    _tell_conversation(actor, ticket)
    _tell_assignee(actor, ticket)
    db.session.commit()
    return ticket


def change_ticket(actor: Actor, ticket_id: UUID, changes: dict[str, Any]) -> Ticket:
    """Change what was sent; the visitor is told when it is solved or taken up again."""
    ticket = _locked(actor.organization_id, ticket_id)
    different = {
        key: changes[key]
        for key in CHANGED
        if key in changes and getattr(ticket, key) != changes[key]
    }
    if different.get("assignee_id"):
        assignable(actor.organization_id, different["assignee_id"])
    if different.get("due_at"):
        _check_due(different["due_at"])
    if ticket.status is TicketStatus.SOLVED and "status" in different:
        _refuse_a_second(ticket)
    before = {key: getattr(ticket, key) for key in different}
    for key, value in different.items():
        setattr(ticket, key, value)
    _move_deadline(ticket, different)
    if "status" in different:
        ticket.solved_at = now() if ticket.status is TicketStatus.SOLVED else None
        _tell_conversation(actor, ticket)
    if "assignee_id" in different:
        _tell_assignee(actor, ticket)
    if different:
        _record(actor, ticket, "changed", {key: [before[key], different[key]] for key in different})
    db.session.commit()
    return ticket


def _locked(organization_id: UUID, ticket_id: UUID) -> Ticket:
    """Its conversation first, as everywhere: in another order two would wait for each other."""
    conversation_id = get_ticket(organization_id, ticket_id).conversation_id
    if conversation_id is not None:
        event_log.lock(conversation_id)
    return get_ticket(organization_id, ticket_id, lock=True)


def _check_due(due_at: datetime) -> None:
    if not now() < due_at < now() + FURTHEST:
        message = "Please choose a moment that is still to come, within two years."
        raise Invalid(message, fields={"due_at": message})


def _move_deadline(ticket: Ticket, different: dict[str, Any]) -> None:
    if "due_at" in different:
        deadlines.set_ticket_due(ticket, different["due_at"])
    elif "priority" in different:
        deadlines.settle_ticket(ticket)
    if "status" in different:
        deadlines.watch_ticket(ticket)


def _fits(asked: str) -> Any:
    wanted = asked.lower()
    ways = [func.lower(Ticket.subject).contains(wanted, autoescape=True)]
    if number := NUMBER.fullmatch(asked.strip()):
        ways.append(Ticket.number == int(number.group(1)))
    return or_(*ways)


def _about_conversation(actor: Actor, given: dict[str, Any]) -> dict[str, Any]:
    """The conversation is locked, so that two at once make one ticket; its contact is taken."""
    state = get_state(actor.organization_id, given["conversation_id"])
    event_log.lock(state.id)
    query = select(Ticket.number).where(
        Ticket.conversation_id == state.id, Ticket.status != TicketStatus.SOLVED
    )
    if (number := db.session.scalar(query)) is not None:
        raise Conflict(OPEN_ALREADY.format(number), code="ticket_open")
    return given | {"contact_id": given.get("contact_id") or state.contact_id}


def _refuse_a_second(ticket: Ticket) -> None:
    query = select(Ticket.number).where(
        Ticket.conversation_id == ticket.conversation_id, Ticket.status != TicketStatus.SOLVED
    )
    if ticket.conversation_id and (number := db.session.scalar(query)) is not None:
        raise Conflict(OPEN_ALREADY.format(number), code="ticket_open")


def _tell_conversation(actor: Actor, ticket: Ticket) -> None:
    """The visitor sees the number and how it stands; what it is about is for the team."""
    if ticket.conversation_id is None:
        return
    # Visitors see the name: that of the person, also where a program acts with their key.
    person = db.session.get(User, actor.user_id) if actor.user_id else None
    event_log.append(
        ticket.conversation_id,
        EventKind.TICKET,
        Author(AuthorKind.PERSON, actor.user_id, person.name if person else actor.name),
        body={"ticket": {"number": ticket.number, "status": ticket.status}},
        inside={"ticket_id": str(ticket.id)},
    )


def _tell_assignee(actor: Actor, ticket: Ticket) -> None:
    """Whoever takes it need not be told."""
    if ticket.assignee_id in {None, actor.user_id}:
        return
    conversation_id = ticket.conversation_id
    notice = Notice(
        Happening.ASSIGNED,
        ticket.organization_id,
        f"Ticket {ticket.number} was assigned to you",
        f"{actor.name} assigned it to you.",
        state=get_state(ticket.organization_id, conversation_id) if conversation_id else None,
        number=ticket.number,
    )
    notify(notice, [ticket.assignee_id])


def _record(actor: Actor, ticket: Ticket, verb: str, changes: dict[str, Any]) -> None:
    """Subjects are what customers wrote: that they were changed is enough."""
    names = {"assignee_id": "assignee", "due_at": "deadline"}
    spoken = ", ".join(names.get(key, key) for key in changes)
    what = f"{spoken} of ticket {ticket.number}" if spoken else f"ticket {ticket.number}"
    audit.record(
        actor,
        f"ticket.{verb}",
        f"{actor.name} {verb} {what}",
        target=str(ticket.id),
        changes={
            key: [None if each is None else str(each) for each in pair]
            for key, pair in changes.items()
            if key in WORTH_KEEPING
        },
    )
