"""How a conversation stands, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select

from app.errors import NotFound
from app.extensions import db
from app.models import Conversation, ConversationStatus, Deadline, Priority, Speaker, User

MOMENT = ("_at", "_since", "_until")
NO_CONVERSATION = "There is no conversation by this id."


@dataclass(frozen=True)
class State:
    """The facts of a conversation that sockets and answers need."""

    id: UUID
    organization_id: UUID
    number: int
    visitor_id: UUID | None
    contact_id: UUID | None
    status: ConversationStatus
    speaker: Speaker
    epoch: int
    last_seq: int
    person_id: UUID | None
    escalated_at: datetime | None
    waiting_since: datetime | None
    priority: Priority
    priority_reasons: list[str]
    mood: float
    locale: str
    preview: str
    rating: int | None
    visitor_read_seq: int
    team_read_seq: int
    last_event_at: datetime
    created_at: datetime
    snoozed_until: datetime | None = None
    tags: Sequence[str] = ()
    first_reply_at: datetime | None = None
    due_at: datetime | None = None
    due_kind: Deadline | None = None
    breached_at: datetime | None = None
    merged_into_id: UUID | None = None
    mood_overruled_at: datetime | None = None
    # By somebody of the team, and not by how the visitor sounds.
    priority_is_set: bool = False

    @property
    def is_open(self) -> bool:
        return self.status is ConversationStatus.OPEN

    @property
    def waits_for_person(self) -> bool:
        return self.escalated_at is not None and self.speaker is Speaker.ASSISTANT


IDS = ("id", "organization_id", "visitor_id", "contact_id", "person_id", "merged_into_id")
MOMENTS = tuple(name for name in State.__dataclass_fields__ if name.endswith(MOMENT))
# Of the table and not of the class: a row is read into a State anyway, and much sooner like this.
_table = cast(Table, Conversation.__table__)
COLUMNS = [_table.c[name] for name in State.__dataclass_fields__]
# The fence: whether an answer may be said that was asked for under this epoch.
MAY_SPEAK = (
    _table.c.speaker == Speaker.ASSISTANT,
    _table.c.epoch == bindparam("asked_under"),
    _table.c.status == ConversationStatus.OPEN,
)
BY_ID = select(*COLUMNS).where(_table.c.id == bindparam("conversation"))


@dataclass(frozen=True)
class Face:
    """Who somebody of the team is to a visitor."""

    name: str
    picture_url: str | None


def state_from_json(said: dict[str, Any]) -> State:
    """As it was told on the bus."""
    plain = dict(said)
    for name in IDS:
        plain[name] = UUID(said[name]) if said[name] else None
    for name in MOMENTS:
        plain[name] = datetime.fromisoformat(said[name]) if said[name] else None
    plain["status"] = ConversationStatus(said["status"])
    plain["speaker"], plain["priority"] = Speaker(said["speaker"]), Priority(said["priority"])
    plain["due_kind"] = Deadline(said["due_kind"]) if said["due_kind"] else None
    return State(**plain)


def pictures_of(people: Iterable[UUID]) -> dict[UUID, str | None]:
    """The picture of each of these people of the team."""
    wanted = set(people)
    if not wanted:
        return {}
    found = db.session.scalars(select(User).where(User.id.in_(wanted)))
    return {person.id: person.picture_url for person in found}


def state_of(row: Any) -> State:
    return State(*row)


def find_state(*conditions: Any) -> State | None:
    """The newest conversation for which all of this holds."""
    query = select(*COLUMNS).where(*conditions).order_by(Conversation.id.desc()).limit(1)
    row = db.session.execute(query).one_or_none()
    return None if row is None else State(*row)


def state_by(conversation_id: UUID) -> State | None:
    """The conversation of this id, for whoever knows whose it is."""
    row = db.session.execute(BY_ID, {"conversation": conversation_id}).one_or_none()
    return None if row is None else State(*row)


def get_state(organization_id: UUID, conversation_id: UUID) -> State:
    """The organization's conversation, or NotFound also where it is another's."""
    found = find_state(
        Conversation.organization_id == organization_id, Conversation.id == conversation_id
    )
    if found is None:
        raise NotFound(NO_CONVERSATION)
    return found


def face_of(state: State) -> Face | None:
    """The person who has the word, if one has."""
    if state.person_id is None or state.speaker is not Speaker.PERSON:
        return None
    person = db.session.get(User, state.person_id)
    return None if person is None else Face(person.name, person.picture_url)
