"""Merging: a conversation goes on in another one, and can still be read from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.errors import Conflict
from app.extensions import db
from app.models import (
    AuthorKind,
    Conversation,
    ConversationStatus,
    Event,
    EventKind,
    Speaker,
    Ticket,
    TicketStatus,
    now,
)
from app.services import audit
from app.services.actors import Actor
from app.services.inbox import tags
from app.services.log import event_log
from app.services.log.remarks import READ_ON, author_of, remark
from app.services.states import State, get_state
from app.services.team import assigning

ITSELF = "A conversation cannot be merged into itself."
CLOSED = "The other conversation is closed. Reopen it first."
MERGED = "One of the two has been merged into another conversation already."
ANOTHER_PERSON = "These two are with different people. Say once more that it is meant."


def merge(actor: Actor, source_id: UUID, into_id: UUID, *, force: bool = False) -> State:
    """Close the one, and have whatever concerns it stand in the other one from now on."""
    source = get_state(actor.organization_id, source_id)
    target = get_state(actor.organization_id, into_id)
    if source.id == target.id:
        raise Conflict(ITSELF, code="itself", fields={"into": ITSELF})
    source, target = _locked(source, target)
    _refuse_what_cannot_be(source, target, force=force)
    came = _what_comes_over(actor, source, target)
    _close(actor, source, target)
    tags.add_and_remove(actor, target, list(source.tags)[: tags.MOST - len(target.tags)], ())
    added = remark(actor, target.id, _words(came), {"merge": came}, _taken_over(source, target))
    if added is not None and added[0].escalated_at is not None:
        assigning.deal(added[0])
    audit.record(
        actor,
        "conversation.merged",
        f"{actor.name} merged conversation {source.number} into {target.number}",
        target=str(target.id),
    )
    db.session.commit()
    return get_state(actor.organization_id, target.id)


def _locked(source: State, target: State) -> tuple[State, State]:
    """Both as they stand now, locked in an order that is always the same."""
    stands = {each.id: each for each in (source, target)}
    for each in sorted(stands):
        stands[each] = event_log.lock(each) or stands[each]
    return stands[source.id], stands[target.id]


def _refuse_what_cannot_be(source: State, target: State, *, force: bool) -> None:
    problem, code = "", ""
    if source.merged_into_id or target.merged_into_id:
        problem, code = MERGED, "merged"
    elif not target.is_open:
        problem, code = CLOSED, "closed"
    elif not force and not _is_same_person(source, target):
        problem, code = ANOTHER_PERSON, "another_person"
    if problem:
        db.session.rollback()
        raise Conflict(problem, code=code, fields={"into": problem})


def _is_same_person(source: State, target: State) -> bool:
    same_contact = source.contact_id is not None and source.contact_id == target.contact_id
    same_browser = source.visitor_id is not None and source.visitor_id == target.visitor_id
    return same_contact or same_browser


def _close(actor: Actor, source: State, target: State) -> None:
    event_log.append(
        source.id,
        EventKind.CLOSED,
        author_of(actor),
        body={"by": AuthorKind.PERSON, "merged_into": target.number},
        inside={"merged_into_id": str(target.id)},
        changes={
            "status": ConversationStatus.CLOSED,
            "closed_at": now(),
            "merged_into_id": target.id,
            "waiting_since": None,
            "escalated_at": None,
            "snoozed_until": None,
            "team_read_seq": READ_ON,
            # What is being answered there is answered to nobody any more.
            "epoch": Conversation.epoch + 1,
        },
    )


def _what_comes_over(actor: Actor, source: State, target: State) -> dict[str, Any]:
    messages = db.session.scalar(
        select(func.count()).where(
            Event.conversation_id == source.id, Event.kind == EventKind.MESSAGE
        )
    )
    came: dict[str, Any] = {
        "id": str(source.id),
        "number": source.number,
        "messages": messages or 0,
    }
    if number := _move_ticket(actor, source, target):
        came["ticket"] = number
    return came


def _move_ticket(actor: Actor, source: State, target: State) -> int | None:
    """The open ticket goes along; where the other has one too, that one is enough."""
    moving, there = _open_tickets(source), _open_tickets(target)
    for ticket in moving:
        words = f"moved ticket {ticket.number} to conversation {target.number}"
        if there:
            ticket.status, ticket.solved_at = TicketStatus.SOLVED, now()
            words = f"solved ticket {ticket.number}, since ticket {there[0].number} goes on"
        else:
            ticket.conversation_id = target.id
        audit.record(actor, "ticket.changed", f"{actor.name} {words}", target=str(ticket.id))
    return moving[0].number if moving and not there else None


def _open_tickets(state: State) -> Sequence[Ticket]:
    query = select(Ticket).where(
        Ticket.conversation_id == state.id, Ticket.status != TicketStatus.SOLVED
    )
    return db.session.scalars(query).all()


def _taken_over(source: State, target: State) -> dict[str, Any]:
    """Whoever waited there waits here, and since then."""
    changes: dict[str, Any] = {"contact_id": target.contact_id or source.contact_id}
    waiting = [each for each in (source.waiting_since, target.waiting_since) if each]
    if waiting:
        changes["waiting_since"] = min(waiting)
    escalated = [each for each in (source.escalated_at, target.escalated_at) if each]
    if escalated and target.speaker is Speaker.ASSISTANT:
        changes["escalated_at"] = min(escalated)
    return changes


def _words(came: dict[str, Any]) -> str:
    count = came["messages"]
    ticket = f" and ticket {came['ticket']}" if "ticket" in came else ""
    plural = "" if count == 1 else "s"
    return f"merged conversation {came['number']} into this: {count} message{plural}{ticket}."
