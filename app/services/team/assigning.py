"""Who takes care of a conversation: by hand, or in turn among those who are there.

In turn means: whoever is online and below their capacity, and was given one longest ago. A counter
of the organization is locked meanwhile, so that two at once do not fill somebody beyond it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import (
    Availability,
    Conversation,
    ConversationStatus,
    Organization,
    Speaker,
    Ticket,
    TicketStatus,
    User,
    now,
)
from app.services import audit, counters
from app.services.actors import Actor
from app.services.hours import opening
from app.services.hours.opening import HERE_WITHIN
from app.services.log import event_log
from app.services.log.remarks import remark, remark_by_itself
from app.services.people import organizations
from app.services.states import State
from app.services.team.notifications import Happening, Notice, notify
from app.services.work import one_by_one

SECTION = "assignment"
MOST_DEALT = 100
NOBODY_HERE = "There is nobody here by this id."
IS_LYING_THERE = and_(
    Conversation.status == ConversationStatus.OPEN, Conversation.snoozed_until.is_(None)
)


def assignable(organization_id: UUID, user_id: UUID) -> User:
    """One of the organization's own people who can take care of something (T2)."""
    person = db.session.get(User, user_id)
    if person is None or person.organization_id != organization_id:
        raise NotFound(NOBODY_HERE)
    if not person.active:
        message = f"{person.name} is suspended."
        raise Invalid(message, fields={"assignee_id": message})
    return person


def assign(actor: Actor, state: State, assignee_id: UUID | None) -> None:
    """By hand, inside the caller's transaction. Capacity binds the automatic only.

    Who has the word hands it over with the conversation; the assistant goes on speaking.
    """
    person = assignable(actor.organization_id, assignee_id) if assignee_id else None
    if assignee_id == state.person_id:
        return
    words = f"assigned this to {person.name}." if person else "put this back for anybody to take."
    remark(actor, state.id, words, _what(assignee_id), _given_to(assignee_id))
    if assignee_id != actor.user_id:
        _tell(state, assignee_id, f"{actor.name} assigned it to you.")


def deal(state: State) -> None:
    """Give it to whoever's turn it is, inside a transaction that has locked the conversation.

    Without anybody who is there and has room it stays for all to take; the sweeper tries again.
    """
    if is_automatic(state.organization_id) and not is_here(state.person_id):
        _give(state, _next_person(state.organization_id))


def deal_out() -> int:
    """Give out what found nobody when it came, and what waits for somebody who is not there any
    more. Says how many found somebody now."""
    waiting = select(Conversation.organization_id).where(_wants_somebody()).distinct()
    automatic = [each for each in db.session.scalars(waiting).all() if is_automatic(each)]
    return one_by_one(automatic, _deal_out)


def leave(user: User) -> None:
    """Somebody has gone away: what waits for them goes to the next one, or back to everybody.

    Where they are in the middle of talking it stays theirs, and the team reads that they are away.
    So does what the assistant still deals with. Whoever is suspended cannot come back: all of
    theirs goes. Each in a transaction of its own.
    """
    theirs = select(Conversation.id).where(
        Conversation.organization_id == user.organization_id,
        Conversation.person_id == user.id,
        IS_LYING_THERE,
    )
    for conversation_id in db.session.scalars(theirs).all():
        state = event_log.lock(conversation_id, [Conversation.person_id == user.id])
        if state is not None:
            _take_from(user, state)
        db.session.commit()


def is_here(user_id: UUID | None) -> bool:
    """Whether this is somebody who can see to something now."""
    query = select(User.id).where(User.id == user_id, *opening.is_here())
    return user_id is not None and db.session.scalar(query) is not None


def is_automatic(organization_id: UUID) -> bool:
    """Whether conversations are given out in turn."""
    settings = db.session.scalar(
        select(Organization.settings).where(Organization.id == organization_id)
    )
    said = (settings or {}).get(SECTION)
    return isinstance(said, dict) and said.get("automatic") is True


def set_automatic(actor: Actor, automatic: bool) -> bool:
    """Switch it on or off; what waits is given out at the next sweep."""
    organizations.lock(actor.organization_id)
    organization = db.session.get_one(Organization, actor.organization_id, populate_existing=True)
    before = is_automatic(organization.id)
    if before != automatic:
        organization.settings = organization.settings | {SECTION: {"automatic": automatic}}
        audit.record(
            actor,
            "organization.changed",
            f"{actor.name} switched automatic assignment {'on' if automatic else 'off'}",
            changes={"assignment.automatic": [before, automatic]},
        )
    db.session.commit()
    return automatic


def _deal_out(organization_id: UUID) -> int:
    """One organization's, so that nobody's pile keeps another's waiting."""
    wants_somebody = _wants_somebody()
    waiting = (
        select(Conversation.id)
        .where(Conversation.organization_id == organization_id, wants_somebody)
        .order_by(Conversation.escalated_at)
        .limit(MOST_DEALT)
    )
    given = 0
    for conversation_id in db.session.scalars(waiting).all():
        if not _candidates(organization_id):
            break
        locked = event_log.lock(conversation_id, [wants_somebody])
        person = _next_person(organization_id) if locked else None
        if locked:
            _give(locked, person)
        db.session.commit()
        given += person is not None
    return given


def _wants_somebody() -> ColumnElement[bool]:
    """Whoever said that they are away and was given it all the same will come back to it."""
    has_vanished = exists().where(
        User.id == Conversation.person_id,
        User.availability == Availability.ONLINE,
        User.last_seen_at <= now() - HERE_WITHIN,
    )
    return and_(
        IS_LYING_THERE,
        Conversation.escalated_at.is_not(None),
        or_(
            Conversation.person_id.is_(None),
            and_(Conversation.speaker == Speaker.ASSISTANT, has_vanished),
        ),
    )


def _next_person(organization_id: UUID) -> User | None:
    counters.next_number(organization_id, "dealt")
    found = _candidates(organization_id)
    return found[0] if found else None


def _candidates(organization_id: UUID) -> list[User]:
    """Who could be given one now, in the order of their turn."""
    loads = (
        select(Conversation.person_id, func.count().label("load"))
        .where(Conversation.organization_id == organization_id, IS_LYING_THERE)
        .where(Conversation.person_id.is_not(None))
        .group_by(Conversation.person_id)
        .subquery()
    )
    last = (
        select(func.max(Conversation.assigned_at))
        .where(Conversation.organization_id == organization_id, Conversation.person_id == User.id)
        .scalar_subquery()
    )
    query = (
        select(User)
        .outerjoin(loads, loads.c.person_id == User.id)
        .where(
            User.organization_id == organization_id,
            *opening.is_here(),
            func.coalesce(loads.c.load, 0) < User.capacity,
        )
        .order_by(last.is_not(None), last, User.id)
    )
    return list(db.session.scalars(query).unique())


def _give(state: State, person: User | None) -> None:
    if person is None:
        return
    remark_by_itself(
        state.id,
        f"Assigned to {person.name}, whose turn it was.",
        _what(person.id) | {"automatic": True},
        _given_to(person.id),
    )
    _tell(state, person.id, "It was your turn.")
    # The ticket goes along, unless somebody has it.
    ticket = db.session.scalars(
        select(Ticket).where(
            Ticket.conversation_id == state.id,
            Ticket.status != TicketStatus.SOLVED,
            Ticket.assignee_id.is_(None),
        )
    ).first()
    if ticket is not None:
        ticket.assignee_id = person.id


def _tell(state: State, assignee_id: UUID | None, why: str) -> None:
    title = f"Conversation {state.number} was assigned to you"
    notice = Notice(Happening.ASSIGNED, state.organization_id, title, why, state)
    notify(notice, [assignee_id])


def _take_from(user: User, state: State) -> None:
    if user.active and state.speaker is Speaker.PERSON:
        remark_by_itself(state.id, f"{user.name} is away now.", {"away": str(user.id)})
    elif not user.active or state.waits_for_person:
        _put_back(user, state)


def _put_back(user: User, state: State) -> None:
    put_back = remark_by_itself(
        state.id,
        f"{user.name} is away now: anybody may take this.",
        _what(None),
        _given_to(None),
    )
    if put_back is not None:
        deal(put_back[0])


def _what(assignee_id: UUID | None) -> dict[str, Any]:
    return {"assignee_id": str(assignee_id) if assignee_id else None}


def _given_to(assignee_id: UUID | None) -> dict[str, Any]:
    given: dict[str, Any] = {"person_id": assignee_id}
    if assignee_id is not None:
        return given | {"assigned_at": now()}
    # A person had the word: another one is wanted.
    wanted = func.coalesce(Conversation.escalated_at, now())
    return given | {
        "escalated_at": case(
            (Conversation.speaker == Speaker.PERSON, wanted), else_=Conversation.escalated_at
        )
    }
