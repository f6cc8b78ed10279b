"""The log of a conversation: adding a line, reading on from a number, telling who listens.

Nothing is said to anybody before it is committed. What is told carries the line along, so that
most listeners need not ask the database; whoever has missed something reads the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    Update,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.sql.elements import ClauseElement
from uuid_utils.compat import uuid7

from app.extensions import db
from app.models import AuthorKind, Conversation, Event, EventKind, now
from app.services.hours import deadlines
from app.services.log import telling
from app.services.states import COLUMNS, State, state_of

PREVIEW_LENGTH = 160
LONGEST_PART = 200


@dataclass(frozen=True)
class Logged:
    """A line of the log as plain values."""

    id: UUID
    conversation_id: UUID
    seq: int
    kind: EventKind
    author: AuthorKind
    author_id: UUID | None
    author_name: str
    text: str
    body: dict[str, Any]
    inside: dict[str, Any]
    client_id: str | None
    created_at: datetime
    reading: dict[str, Any] | None = None
    feedback: str | None = None

    @property
    def is_for_visitor(self) -> bool:
        return self.kind is not EventKind.NOTE


@dataclass(frozen=True)
class Author:
    """Who speaks. `sender_id` is what a `client_id` is unique for."""

    kind: AuthorKind
    id: UUID | None = None
    name: str = ""


ASSISTANT = Author(AuthorKind.ASSISTANT)
SYSTEM = Author(AuthorKind.SYSTEM)
_events = cast(Table, Event.__table__)
_conversations = cast(Table, Conversation.__table__)
KEPT = tuple(Logged.__dataclass_fields__)
FIELDS = [_events.c[name] for name in KEPT]
# What hangs on a line is much more than its words, and has to be unfolded.
WORDS = [_events.c[name] for name in KEPT if name not in {"body", "inside"}]
# Statements are put together once: to do it for every message would cost more than to run them.
ADD = insert(_events).values(feedback_reason="", feedback_comment="")
NEWEST, NEWEST_WORDS = (
    select(*columns)
    .where(_events.c.conversation_id == bindparam("conversation"))
    .where(_events.c.seq < bindparam("before"))
    .order_by(_events.c.seq.desc())
    .limit(bindparam("most", type_=Integer))
    for columns in (FIELDS, WORDS)
)
SENT = select(*FIELDS).where(
    _events.c.sender_id == bindparam("sender"), _events.c.client_id == bindparam("client")
)
NEXT_SEQ = _conversations.c.last_seq + 1
BEYOND = 2**31 - 1
# To write what is there already is what locks a row on either database.
HELD: dict[str, Any] = {"last_seq": _conversations.c.last_seq}


def append(
    conversation_id: UUID,
    kind: EventKind,
    author: Author,
    *,
    text: str = "",
    body: dict[str, Any] | None = None,
    inside: dict[str, Any] | None = None,
    client_id: str | None = None,
    changes: dict[str, Any] | None = None,
    only_if: Sequence[ColumnElement[bool]] = (),
    given: dict[str, Any] | None = None,
) -> tuple[State, Logged] | None:
    """Add a line inside the caller's transaction, with what it changes about the conversation.

    The conversation's row is locked from here to the commit: that is what makes the numbers
    follow the commits. Nothing is added where `only_if` does not hold any more. `given` are the
    values that expressions in `changes` and `only_if` name.
    """
    moment = now()
    wanted: dict[str, Any] = {"last_seq": NEXT_SEQ, "last_event_at": moment}
    if kind is EventKind.MESSAGE and text:
        wanted["preview"] = " ".join(text.split())[:PREVIEW_LENGTH]
    if kind is EventKind.MESSAGE and author.kind is AuthorKind.PERSON:
        wanted["first_reply_at"] = func.coalesce(Conversation.first_reply_at, moment)
    state = change(conversation_id, wanted | (changes or {}), only_if, given)
    if state is None:
        return None
    line = Logged(
        uuid7(), conversation_id, state.last_seq, kind, author.kind, author.id, author.name, text,
        body or {}, inside or {}, client_id, moment,
    )  # fmt: skip
    row = {name: getattr(line, name) for name in KEPT}
    row["organization_id"] = state.organization_id
    row["sender_id"] = author.id if client_id else None
    db.session.execute(ADD, row)
    telling.event(state, line)
    return state, line


def change(
    conversation_id: UUID,
    changes: dict[str, Any],
    only_if: Sequence[ColumnElement[bool]] = (),
    given: dict[str, Any] | None = None,
) -> State | None:
    """Change the conversation, and say how it stands then.

    Whoever has to answer by when follows from it, whatever it was that changed. Expressions that
    are always the same objects make a statement that is put together once.
    """
    state = _changed(conversation_id, changes, only_if, given or {})
    if state is not None and (due := deadlines.changes_for(state, changes)):
        state = _changed(conversation_id, due, (), {})
    return state


def lock(conversation_id: UUID, only_if: Sequence[ColumnElement[bool]] = ()) -> State | None:
    """How it stands, and have whoever else changes it wait until the caller's transaction ends."""
    return change(conversation_id, HELD, only_if)


def line_from_json(said: dict[str, Any]) -> Logged:
    """As it was told on the bus."""
    plain = dict(said)
    for name in ("id", "conversation_id", "author_id"):
        plain[name] = UUID(said[name]) if said[name] else None
    # What was told must compare as what was read: a note is known by its kind.
    plain["kind"], plain["author"] = EventKind(said["kind"]), AuthorKind(said["author"])
    plain["created_at"] = datetime.fromisoformat(said["created_at"])
    return Logged(**plain)


def lines_after(conversation_id: UUID, seq: int, limit: int = LONGEST_PART) -> list[Logged]:
    """What has happened since, oldest first."""
    query = (
        select(*FIELDS)
        .where(Event.conversation_id == conversation_id, Event.seq > seq)
        .order_by(Event.seq)
        .limit(limit)
    )
    return [Logged(*row) for row in db.session.execute(query)]


def lines_before(
    conversation_id: UUID, seq: int | None = None, limit: int = LONGEST_PART
) -> list[Logged]:
    """The newest ones, or those before a number; oldest first all the same."""
    values = {"conversation": conversation_id, "before": seq or BEYOND, "most": limit}
    return [Logged(*row) for row in db.session.execute(NEWEST, values)][::-1]


def words_before(conversation_id: UUID, seq: int, limit: int) -> list[Logged]:
    """The same for whoever wants to know what was said: `body` and `inside` are left out."""
    values = {"conversation": conversation_id, "before": seq, "most": limit}
    rows = db.session.execute(NEWEST_WORDS, values).all()
    return [Logged(**row._asdict(), body={}, inside={}) for row in reversed(rows)]


def line_by(event_id: UUID) -> Logged | None:
    row = db.session.execute(select(*FIELDS).where(Event.id == event_id)).one_or_none()
    return None if row is None else Logged(*row)


def sent_before(sender_id: UUID, client_id: str) -> Logged | None:
    """The line that this sender has sent under this id already, if any."""
    row = db.session.execute(SENT, {"sender": sender_id, "client": client_id}).one_or_none()
    return None if row is None else Logged(*row)


def _changed(
    conversation_id: UUID,
    changes: dict[str, Any],
    only_if: Sequence[ColumnElement[bool]],
    given: dict[str, Any],
) -> State | None:
    values: dict[str, Any] = {"conversation": conversation_id} | given
    plain: list[str] = []
    expressions: list[tuple[str, ColumnElement[Any]]] = []
    for name, value in changes.items():
        if isinstance(value, ClauseElement | QueryableAttribute):
            expressions.append((name, cast(ColumnElement[Any], value)))
        else:
            plain.append(name)
            values[f"to_{name}"] = value
    statement = _changing(tuple(plain), tuple(expressions), tuple(only_if))
    row = db.session.execute(statement, values).one_or_none()
    return None if row is None else state_of(row)


@lru_cache(maxsize=64)
def _changing(
    plain: tuple[str, ...],
    expressions: tuple[tuple[str, ColumnElement[Any]], ...],
    only_if: tuple[ColumnElement[bool], ...],
) -> Update:
    told: dict[str, Any] = {name: bindparam(f"to_{name}") for name in plain}
    return (
        update(_conversations)
        .where(_conversations.c.id == bindparam("conversation"), *only_if)
        .values(**told, **dict(expressions))
        .returning(*COLUMNS)
        .execution_options(synchronize_session=False)
    )
