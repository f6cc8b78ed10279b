"""A ticket: something that a person has to see to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record, UtcDateTime, now, one_of
from app.models.conversations import Priority


class TicketStatus(StrEnum):
    OPEN = "open"
    PENDING = "pending"
    SOLVED = "solved"


class TicketCategory(StrEnum):
    """Why it was opened."""

    REQUEST = "request"
    COMPLAINT = "complaint"
    UNANSWERED = "unanswered"
    SAFETY = "safety"
    OTHER = "other"


class Ticket(Record):
    """A conversation has one open ticket at most; `number` is what a customer can quote."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("organization_id", "number"),
        Index("ix_tickets_organization_id_id", "organization_id", "id"),
        Index("ix_tickets_conversation_id", "conversation_id"),
        Index("ix_tickets_contact_id", "contact_id"),
        Index("ix_tickets_due_at", "due_at"),
        Index("ix_tickets_due_watch_at", "due_watch_at"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    number: Mapped[int] = mapped_column()
    conversation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL")
    )
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"))
    subject: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[TicketCategory] = mapped_column(
        one_of(TicketCategory), default=TicketCategory.REQUEST
    )
    priority: Mapped[Priority] = mapped_column(one_of(Priority), default=Priority.MEDIUM)
    status: Mapped[TicketStatus] = mapped_column(one_of(TicketStatus), default=TicketStatus.OPEN)
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
    solved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # By when it should be solved, and what became of it.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_is_set: Mapped[bool] = mapped_column(default=False)
    due_watch_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    breached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
