"""A sitemap whose pages are being taken in. The row is the job."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record, one_of
from app.models.work import WorkRow


class SitemapStatus(StrEnum):
    """First the lists are fetched, then the pages that they name are taken in one by one."""

    QUEUED = "queued"
    LISTING = "listing"
    ADDING = "adding"
    DONE = "done"
    FAILED = "failed"


class Sitemap(WorkRow, Record):
    """`done` counts the addresses that were dealt with, in the order of `addresses`.

    Who asked is kept as the audit log names them: each page is taken in their name.
    """

    __tablename__ = "sitemaps"
    __table_args__ = (
        Index("ix_sitemaps_organization_id_id", "organization_id", "id"),
        Index("ix_sitemaps_status_due_at", "status", "due_at"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[UUID | None] = mapped_column()
    user_name: Mapped[str] = mapped_column(String(120), default="")
    url: Mapped[str] = mapped_column(String(2_000))
    category: Mapped[str] = mapped_column(String(80), default="")
    status: Mapped[SitemapStatus] = mapped_column(
        one_of(SitemapStatus), default=SitemapStatus.QUEUED
    )
    addresses: Mapped[list[str]] = mapped_column(JSON, default=list)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    renewed: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    # Why the first of those was refused that were.
    note: Mapped[str] = mapped_column(String(400), default="")
    error: Mapped[str] = mapped_column(String(400), default="")

    @property
    def is_busy(self) -> bool:
        return self.status not in {SitemapStatus.DONE, SitemapStatus.FAILED}
