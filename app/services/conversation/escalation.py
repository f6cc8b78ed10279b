"""Calling a person: a ticket with a number, a word to the visitor, mail to the team."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import (
    AuthorKind,
    Contact,
    Conversation,
    EventKind,
    Organization,
    Priority,
    Ticket,
    TicketCategory,
    TicketStatus,
    now,
)
from app.services import counters
from app.services.conversation import conversations
from app.services.hours import deadlines, opening
from app.services.log import event_log, threads
from app.services.log.event_log import SYSTEM, Author, Logged
from app.services.log.visitors import Guest
from app.services.states import State
from app.services.team import assigning, notifications
from app.services.team.notifications import Happening, Notice, notify
from app.services.wording import say

LONGEST_SUBJECT = 120
LINES_LOOKED_AT = 12
ORDER = list(Priority)


@dataclass(frozen=True)
class Cause:
    """Why a person is wanted: sentences for the team."""

    reasons: tuple[str, ...]
    category: TicketCategory = TicketCategory.REQUEST
    priority: Priority = Priority.MEDIUM


def ask_for_person(
    guest: Guest, conversation_id: UUID | None, client_id: str, reason: str = ""
) -> tuple[State, Logged]:
    """The visitor's own wish. Asking again is answered by the same line."""
    if known := event_log.sent_before(guest.id, client_id):
        return threads.theirs(guest, known.conversation_id), known
    said = f"The visitor asks for a person: {reason}" if reason else "The visitor asks for a person"
    author = Author(AuthorKind.VISITOR, guest.id, guest.name)
    try:
        state = conversations.open_or_begin(guest, conversation_id)
        added = escalate(state, Cause((said,)), author=author, client_id=client_id, reason=reason)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        # Asked by two tabs at once: the other one was first.
        if (known := event_log.sent_before(guest.id, client_id)) is None:
            raise
        return threads.theirs(guest, known.conversation_id), known
    return added


def escalate(
    state: State,
    cause: Cause,
    *,
    author: Author = SYSTEM,
    client_id: str | None = None,
    reason: str = "",
) -> tuple[State, Logged]:
    """Put it into the log with its ticket, inside the caller's transaction."""
    # Locks the conversation, so that two at once make one ticket.
    locked = event_log.change(state.id, {"escalated_at": _kept_or_now()}) or state
    ticket = _open_ticket(locked, cause, reason)
    organization = db.session.get_one(Organization, state.organization_id)
    email = _email_of(locked)
    added = event_log.append(
        state.id,
        EventKind.ESCALATED,
        author,
        text=_what_happens_next(organization, locked, ticket, email),
        body={"ticket": {"number": ticket.number}, "needs_email": email is None, "reason": reason},
        inside={"reasons": list(cause.reasons), "ticket_id": str(ticket.id)},
        client_id=client_id,
        changes={
            "waiting_since": func.coalesce(Conversation.waiting_since, now()),
            "priority": _raised(_at_least(locked.priority, cause.priority)),
        },
    )
    if added is None:
        raise RuntimeError("The conversation went away while it was locked.")
    _tell_team(added[0], ticket, cause)
    assigning.deal(added[0])
    return added


def number_of(state: State) -> int | None:
    """The number of the ticket that is open for this conversation."""
    return db.session.scalar(
        select(Ticket.number).where(
            Ticket.conversation_id == state.id, Ticket.status != TicketStatus.SOLVED
        )
    )


def _open_ticket(state: State, cause: Cause, reason: str) -> Ticket:
    """The one that is open already is the one."""
    ticket = db.session.scalars(
        select(Ticket).where(
            Ticket.conversation_id == state.id, Ticket.status != TicketStatus.SOLVED
        )
    ).first()
    if ticket is not None:
        ticket.priority = _at_least(ticket.priority, cause.priority)
        deadlines.settle_ticket(ticket)
        return ticket
    ticket = Ticket(
        organization_id=state.organization_id,
        number=counters.next_number(state.organization_id, "ticket"),
        conversation_id=state.id,
        contact_id=state.contact_id,
        subject=(reason or state.preview or "A visitor asks for a person")[:LONGEST_SUBJECT],
        reason="\n".join(cause.reasons),
        category=cause.category,
        priority=cause.priority,
        assignee_id=state.person_id,
    )
    db.session.add(ticket)
    db.session.flush()
    deadlines.settle_ticket(ticket)
    return ticket


def _what_happens_next(
    organization: Organization, state: State, ticket: Ticket, email: str | None
) -> str:
    """The number, how soon, and where the answer goes if the visitor has left by then."""
    lines = event_log.lines_before(state.id, limit=LINES_LOOKED_AT)
    language = threads.language_in(lines, state.locale)
    parts = (
        say("escalated", language, number=str(ticket.number)),
        opening.expectation(organization, language),
        say("next_by_email", language, email=email) if email else say("needs_email", language),
    )
    return " ".join(parts)


def _email_of(state: State) -> str | None:
    if state.contact_id is None:
        return None
    return db.session.scalar(select(Contact.email).where(Contact.id == state.contact_id))


def _tell_team(state: State, ticket: Ticket, cause: Cause) -> None:
    """Everybody who could take it, or whoever has it and is there."""
    facts = {
        "number": ticket.number,
        "priority": ticket.priority.value,
        "reasons": list(cause.reasons),
    }
    notice = Notice(
        Happening.ESCALATED,
        state.organization_id,
        f"A visitor needs a person: conversation {state.number}",
        "; ".join(cause.reasons),
        state,
        facts=facts,
    )
    is_taken = assigning.is_here(state.person_id)
    team = [state.person_id] if is_taken else notifications.everybody(state.organization_id)
    notify(notice, team)


def _kept_or_now() -> object:
    return func.coalesce(Conversation.escalated_at, now())


def _raised(priority: Priority) -> ColumnElement[Priority]:
    """What the team has set stays."""
    kept = Conversation.priority
    return case((Conversation.priority_is_set, kept), else_=literal(priority, kept.type))


def _at_least(one: Priority, other: Priority) -> Priority:
    return max(one, other, key=ORDER.index)
