"""An organization that is being removed. The row is the job, and outlives what it removes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record, UtcDateTime
from app.models.work import WorkRow


class OrganizationRemoval(WorkRow, Record):
    """Has no foreign key, since it is there until the organization is not.

    Whom to tell is forgotten with the rows. It is not sealed: a lost key must not keep the rest.
    """

    __tablename__ = "organization_removals"
    __table_args__ = (Index("ix_organization_removals_due_at", "due_at"),)

    organization_id: Mapped[UUID] = mapped_column(unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    recipient_name: Mapped[str] = mapped_column(String(120))
    organization_name: Mapped[str] = mapped_column(String(120))
    rows_gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
