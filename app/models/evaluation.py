"""Questions with known answers, and how search did on them at different times."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record, one_of
from app.models.work import WorkRow


class TestQuestion(Record):
    """`quote` is a sentence that answers it. Whether anything should is said apart from where:
    a document that is removed takes the place of its answers along, not the fact.
    """

    # pytest takes every class that begins like this for a test.
    __test__ = False
    __tablename__ = "test_questions"
    __table_args__ = (Index("ix_test_questions_organization_id_id", "organization_id", "id"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    question: Mapped[str] = mapped_column(String(1_000))
    previous: Mapped[str] = mapped_column(String(1_000), default="")
    document_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("documents.id", ondelete="SET NULL")
    )
    quote: Mapped[str] = mapped_column(Text, default="")
    answerable: Mapped[bool] = mapped_column(default=True)
    kind: Mapped[str] = mapped_column(String(40), default="own")


class TestRun(Record):
    """What one run found: figures over all, and the rank of each question's answer."""

    __test__ = False
    __tablename__ = "test_runs"
    __table_args__ = (Index("ix_test_runs_organization_id_id", "organization_id", "id"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    label: Mapped[str] = mapped_column(String(120))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    ranks: Mapped[dict[str, int | None]] = mapped_column(JSON)


class AskingStatus(StrEnum):
    QUEUED = "queued"
    ASKING = "asking"
    DONE = "done"
    FAILED = "failed"


class Asking(WorkRow, Record):
    """All questions of an organization being asked. The row is the job, a TestRun its outcome."""

    __tablename__ = "askings"
    __table_args__ = (
        Index("ix_askings_organization_id_id", "organization_id", "id"),
        Index("ix_askings_status_due_at", "status", "due_at"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    status: Mapped[AskingStatus] = mapped_column(one_of(AskingStatus), default=AskingStatus.QUEUED)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ranks: Mapped[dict[str, int | None]] = mapped_column(JSON, default=dict)
    better: Mapped[list[str]] = mapped_column(JSON, default=list)
    worse: Mapped[list[str]] = mapped_column(JSON, default=list)
    error: Mapped[str] = mapped_column(String(400), default="")

    @property
    def is_busy(self) -> bool:
        return self.status not in {AskingStatus.DONE, AskingStatus.FAILED}
