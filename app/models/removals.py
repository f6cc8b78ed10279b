"""What has left the database and still has to leave the other stores. The row is the job."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record
from app.models.work import WorkRow


class Removal(WorkRow, Record):
    """Has no foreign key: it must outlive the organization that it cleans up after."""

    __tablename__ = "removals"
    __table_args__ = (Index("ix_removals_due_at", "due_at"),)

    organization_id: Mapped[UUID] = mapped_column()
    passage_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    storage_keys: Mapped[list[str]] = mapped_column(JSON, default=list)
