"""An organization on its way from one embedding model to another. The row is the job."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record
from app.models.work import WorkRow


class EmbeddingMove(WorkRow, Record):
    """`stopped` says that trying again would not help: somebody has to look at `error` first."""

    __tablename__ = "embedding_moves"
    __table_args__ = (Index("ix_embedding_moves_due_at", "due_at"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), unique=True)
    to_space: Mapped[str] = mapped_column(String(80))
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    stopped: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(String(400), default="")
