"""By when a person should have answered: what was promised for each priority, in open time.

The clock of a conversation runs while its visitor waits for a person: one was called for, or a
person has the word and the visitor has written. It stops when a person answers, hands back or
closes. It does not stop while the conversation is snoozed, since the visitor still waits; nor does
a ticket's while it is pending. Another priority moves a deadline; other hours or other targets
hold for the deadlines that come after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.extensions import db
from app.models import (
    Conversation,
    Deadline,
    Organization,
    Priority,
    Speaker,
    Ticket,
    TicketStatus,
    now,
)
from app.services import audit
from app.services.actors import Actor
from app.services.hours import spoken
from app.services.hours.hours import add_open_time
from app.services.hours.schedules import hours_of
from app.services.people import organizations
from app.services.states import State

MOST_MINUTES = 90 * 24 * 60
# The part of the time after which the team is warned.
WARN_AFTER = 0.75
# Only where one of these has changed can a deadline be another one.
MATTERS = frozenset(
    {"status", "speaker", "escalated_at", "waiting_since", "priority", "first_reply_at"}
)
NOTHING_LATE = {"due_at": None, "due_watch_at": None, "due_warned_at": None, "breached_at": None}
NO_DEADLINE: dict[str, Any] = NOTHING_LATE | {"due_kind": None}


@dataclass(frozen=True)
class Target:
    """Minutes of open time; none stands for no promise."""

    first_reply: int | None
    next_reply: int | None
    resolution: int | None


DEFAULTS = {
    Priority.URGENT: Target(15, 30, 8 * 60),
    Priority.HIGH: Target(60, 60, 24 * 60),
    Priority.MEDIUM: Target(4 * 60, 4 * 60, 3 * 24 * 60),
    Priority.LOW: Target(8 * 60, 8 * 60, 5 * 24 * 60),
}


@dataclass(frozen=True)
class Targets:
    """What is promised, if anything."""

    on: bool
    of: Mapping[Priority, Target]

    def minutes(self, priority: Priority, what: str) -> int | None:
        minutes: int | None = getattr(self.of[priority], what) if self.on else None
        return minutes

    def to_json(self) -> dict[str, Any]:
        return {"on": self.on} | {each.value: asdict(self.of[each]) for each in Priority}


@dataclass(frozen=True)
class Due:
    """A deadline, and when the sweeper has to look at it next."""

    at: datetime
    warn_at: datetime


def targets_of(organization: Organization) -> Targets:
    """Read leniently: what makes no sense is what it would be by itself."""
    said: Any = organization.settings.get("targets")
    said = said if isinstance(said, dict) else {}
    return Targets(
        said.get("on") is not False,
        {each: _read(said.get(each.value), DEFAULTS[each]) for each in Priority},
    )


def set_targets(actor: Actor, given: dict[str, Any]) -> Targets:
    """Replace all of them. Without any, nothing is late any more."""
    organizations.lock(actor.organization_id)
    organization = db.session.get_one(Organization, actor.organization_id, populate_existing=True)
    before = targets_of(organization).to_json()
    organization.settings = organization.settings | {"targets": given}
    after = targets_of(organization)
    if before == after.to_json():
        db.session.rollback()
        return after
    if not after.on:
        _forget_all(actor.organization_id)
    audit.record(
        actor,
        "organization.targets_changed",
        f"{actor.name} changed the reply targets",
        changes=spoken.target_changes_of(before, after.to_json()),
    )
    db.session.commit()
    return after


def changes_for(state: State, changed: Iterable[str]) -> dict[str, Any]:
    """What has to become of a conversation's deadline after such a change; mostly nothing."""
    changed = MATTERS.intersection(changed)
    if not changed:
        return {}
    if not waits_for_person(state):
        return {} if state.due_kind is None else NO_DEADLINE
    kind = Deadline.FIRST_REPLY if state.first_reply_at is None else Deadline.NEXT_REPLY
    if state.due_kind is kind and "priority" not in changed:
        return {}
    called = state.escalated_at if state.speaker is Speaker.ASSISTANT else None
    since = called or state.waiting_since or now()
    due = _due(state.organization_id, state.priority, kind.value, since)
    if due is None:
        return {} if state.due_kind is None else NO_DEADLINE
    if (due.at, kind) == (state.due_at, state.due_kind):
        return {}
    return NO_DEADLINE | {"due_at": due.at, "due_kind": kind, "due_watch_at": due.warn_at}


def waits_for_person(state: State) -> bool:
    """Whether it is a person's turn."""
    if not state.is_open:
        return False
    if state.speaker is Speaker.PERSON:
        return state.waiting_since is not None
    return state.escalated_at is not None


def settle_ticket(ticket: Ticket) -> None:
    """Let a ticket's priority decide when it is due, unless somebody has; it has its row."""
    if ticket.due_is_set:
        return
    due = _due(ticket.organization_id, ticket.priority, "resolution", ticket.created_at)
    if due is None or due.at != ticket.due_at:
        _put(ticket, due)


def set_ticket_due(ticket: Ticket, due_at: datetime | None) -> None:
    """By hand; nothing gives it back to its priority."""
    ticket.due_is_set = due_at is not None
    if due_at is None:
        settle_ticket(ticket)
        return
    moment = now()
    _put(ticket, Due(due_at, moment + (due_at - moment) * WARN_AFTER))


def watch_ticket(ticket: Ticket) -> None:
    """What is solved is not late any more; what is taken up again may be."""
    if ticket.status is TicketStatus.SOLVED or ticket.breached_at is not None:
        ticket.due_watch_at = None
    elif ticket.due_watch_at is None:
        ticket.due_watch_at = ticket.due_at


def _put(ticket: Ticket, due: Due | None) -> None:
    ticket.due_at = None if due is None else due.at
    ticket.due_watch_at = None if due is None else due.warn_at
    ticket.due_warned_at = ticket.breached_at = None


def _due(organization_id: UUID, priority: Priority, what: str, since: datetime) -> Due | None:
    organization = db.session.get_one(Organization, organization_id)
    minutes = targets_of(organization).minutes(priority, what)
    if minutes is None:
        return None
    hours = hours_of(organization)
    at = add_open_time(hours, since, minutes)
    warn_at = add_open_time(hours, since, minutes * WARN_AFTER)
    return None if at is None or warn_at is None else Due(at, warn_at)


def _read(said: Any, default: Target) -> Target:
    """A target that is not there at all is the usual one; one that is null is none."""
    said = said if isinstance(said, dict) else {}
    usual = asdict(default)
    return Target(**{name: _minutes(said.get(name, usual[name]), usual[name]) for name in usual})


def _minutes(said: Any, usual: int) -> int | None:
    if said is None:
        return None
    fits = isinstance(said, int) and not isinstance(said, bool) and 0 < said <= MOST_MINUTES
    return said if fits else usual


def _forget_all(organization_id: UUID) -> None:
    """What somebody has set by hand stays."""
    conversations = update(Conversation).where(Conversation.organization_id == organization_id)
    tickets = update(Ticket).where(Ticket.organization_id == organization_id, ~Ticket.due_is_set)
    for rows, nothing in ((conversations, NO_DEADLINE), (tickets, NOTHING_LATE)):
        db.session.execute(rows.values(**nothing).execution_options(synchronize_session=False))
