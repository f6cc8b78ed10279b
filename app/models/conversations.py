"""A conversation, and the log of everything that happened in it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from app.models.base import Model, Record, UtcDateTime, now, one_of


class ConversationStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Speaker(StrEnum):
    """Who may speak to the visitor."""

    ASSISTANT = "assistant"
    PERSON = "person"


class Priority(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class Deadline(StrEnum):
    """What a person owes the visitor next."""

    FIRST_REPLY = "first_reply"
    NEXT_REPLY = "next_reply"


class EventKind(StrEnum):
    MESSAGE = "message"
    NOTE = "note"
    JOINED = "joined"
    HANDED_BACK = "handed_back"
    ESCALATED = "escalated"
    TICKET = "ticket"
    CLOSED = "closed"
    REOPENED = "reopened"
    RATED = "rated"
    CONTACT = "contact"


class AuthorKind(StrEnum):
    VISITOR = "visitor"
    ASSISTANT = "assistant"
    PERSON = "person"
    SYSTEM = "system"


def _few(name: str, condition: str) -> Index:
    """An index over the few that are so, out of the many that are not."""
    return Index(
        f"ix_conversations_{name}",
        "organization_id",
        postgresql_where=text(condition),
        sqlite_where=text(condition),
    )


class Conversation(Record):
    """`speaker` and `epoch` are the lease: whoever may speak, and for the how-manieth time that
    was decided. What was begun under an earlier epoch can never be said any more.

    `last_seq` is the number of the newest event; the row is locked while one is added, so the
    numbers have no order but that of the commits.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index("ix_conversations_organization_id_id", "organization_id", "id"),
        Index("ix_conversations_organization_id_last_event_at", "organization_id", "last_event_at"),
        Index(
            "ix_conversations_organization_id_person_id_assigned_at",
            *("organization_id", "person_id", "assigned_at"),
        ),
        Index(
            "ix_conversations_organization_id_status_person_id",
            *("organization_id", "status", "person_id"),
        ),
        Index(
            "ix_conversations_organization_id_status_last_event_at",
            *("organization_id", "status", "last_event_at"),
        ),
        _few("escalated", "escalated_at IS NOT NULL"),
        _few("snoozed", "snoozed_until IS NOT NULL"),
        Index("ix_conversations_organization_id_due_at", "organization_id", "due_at"),
        Index("ix_conversations_due_at", "due_at"),
        Index("ix_conversations_due_watch_at", "due_watch_at"),
        Index("ix_conversations_snoozed_until", "snoozed_until"),
        Index("ix_conversations_mail_due_at", "mail_due_at"),
        Index("ix_conversations_merged_into_id", "merged_into_id"),
        Index("ix_conversations_visitor_id", "visitor_id"),
        Index("ix_conversations_contact_id", "contact_id"),
        UniqueConstraint("organization_id", "number"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    number: Mapped[int] = mapped_column()
    visitor_id: Mapped[UUID | None] = mapped_column(ForeignKey("visitors.id", ondelete="SET NULL"))
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"))
    # Whether the visitor was identified when it began: only then may the contact read it elsewhere.
    identified: Mapped[bool] = mapped_column(default=False)
    status: Mapped[ConversationStatus] = mapped_column(
        one_of(ConversationStatus), default=ConversationStatus.OPEN
    )
    speaker: Mapped[Speaker] = mapped_column(one_of(Speaker), default=Speaker.ASSISTANT)
    epoch: Mapped[int] = mapped_column(default=1)
    last_seq: Mapped[int] = mapped_column(default=0)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # Since when a person is wanted and none has come.
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Since when the visitor waits for anybody's answer.
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    priority: Mapped[Priority] = mapped_column(one_of(Priority), default=Priority.LOW)
    # Somebody of the team has chosen it: what the visitor writes later does not change it.
    priority_is_set: Mapped[bool] = mapped_column(default=False)
    priority_reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    mood: Mapped[float] = mapped_column(default=0.0)
    locale: Mapped[str] = mapped_column(String(20), default="")
    page_url: Mapped[str] = mapped_column(String(500), default="")
    page_title: Mapped[str] = mapped_column(String(200), default="")
    preview: Mapped[str] = mapped_column(String(200), default="")
    visitor_read_seq: Mapped[int] = mapped_column(default=0)
    team_read_seq: Mapped[int] = mapped_column(default=0)
    rating: Mapped[int | None] = mapped_column()
    rating_comment: Mapped[str] = mapped_column(String(1_000), default="")
    last_event_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Out of the way until then, or until the visitor writes.
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # As shown; `taggings` is what is searched by. Both are written by services/tags.py alone.
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_reply_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The next moment by which a person should have answered, and what became of it.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_kind: Mapped[Deadline | None] = mapped_column(one_of(Deadline))
    # When the sweeper has to look at it next: to warn, and then to say that it is late.
    due_watch_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    breached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL")
    )
    # Somebody of the team has said that the visitor was not angry: a false alarm, and counted.
    mood_overruled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mood_overruled_by_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL")
    )
    # When a person's words are to be mailed if the visitor has not read them by then.
    mail_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mailed_seq: Mapped[int] = mapped_column(default=0)


class Event(Model):
    """One line of the log. Only readings and feedback are ever added to it afterwards.

    `body` is for everybody in the conversation, `inside` for the team alone. `sender_id` with
    `client_id` makes sending the same thing twice harmless.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("sender_id", "client_id"),
        Index("ix_events_organization_id_number", "organization_id", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[UUID] = mapped_column(unique=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    seq: Mapped[int] = mapped_column()
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind))
    author: Mapped[AuthorKind] = mapped_column(one_of(AuthorKind))
    author_id: Mapped[UUID | None] = mapped_column()
    author_name: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    inside: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sender_id: Mapped[UUID | None] = mapped_column()
    client_id: Mapped[str | None] = mapped_column(String(64))
    # How the visitor sounded, where this is a message of the visitor's.
    reading: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    feedback: Mapped[str | None] = mapped_column(String(4))
    feedback_reason: Mapped[str] = mapped_column(String(20), default="")
    feedback_comment: Mapped[str] = mapped_column(String(1_000), default="")

    @property
    def is_for_visitor(self) -> bool:
        return self.kind is not EventKind.NOTE


class Counter(Model):
    """The numbers that people quote: each organization counts its own."""

    __tablename__ = "counters"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
