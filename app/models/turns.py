"""A visitor's turn: what is still to be done after a message was committed. The row is the job."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model, Record, UtcDateTime, one_of
from app.models.work import WorkRow


class TurnStatus(StrEnum):
    """`passed` means that a person had the word, so nothing was said."""

    WAITING = "waiting"
    DONE = "done"
    PASSED = "passed"
    STOPPED = "stopped"


class Turn(WorkRow, Record):
    """Turns of one conversation are dealt with one after the other, in the order of `seq`.

    `tries` numbers the attempts: what an earlier one says late is not heard any more.
    """

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        Index("ix_turns_status_due_at", "status", "due_at"),
        Index("ix_turns_organization_id_id", "organization_id", "id"),
        Index("ix_turns_visitor_id", "visitor_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    visitor_id: Mapped[UUID | None] = mapped_column(ForeignKey("visitors.id", ondelete="SET NULL"))
    seq: Mapped[int] = mapped_column()
    epoch: Mapped[int] = mapped_column()
    status: Mapped[TurnStatus] = mapped_column(one_of(TurnStatus), default=TurnStatus.WAITING)
    answer_id: Mapped[UUID | None] = mapped_column()
    outcome: Mapped[str] = mapped_column(String(20), default="")
    confidence: Mapped[float | None] = mapped_column()
    model: Mapped[str] = mapped_column(String(120), default="")
    input_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    cost_micros: Mapped[int] = mapped_column(default=0)
    first_sentence_ms: Mapped[int | None] = mapped_column()
    total_ms: Mapped[int | None] = mapped_column()
    # What it was made from and what was withheld, for the team.
    record: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CitedPassage(Model):
    """Which documents an answer rests on: how often one is cited, and what a change would touch."""

    __tablename__ = "cited_passages"
    __table_args__ = (
        Index("ix_cited_passages_document_id_number", "document_id", "number"),
        Index("ix_cited_passages_conversation_id", "conversation_id"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    document_id: Mapped[UUID] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    passage_id: Mapped[UUID] = mapped_column()
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    event_id: Mapped[UUID] = mapped_column()


class Spending(Model):
    """What an organization's answers have used on one day."""

    __tablename__ = "spendings"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    answers: Mapped[int] = mapped_column(default=0)
    input_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    cost_micros: Mapped[int] = mapped_column(default=0)
