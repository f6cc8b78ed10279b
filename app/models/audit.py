"""Who changed what, and when. Rows are only ever added."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Record


class AuditEntry(Record):
    """The actor's name is copied: the entry must read the same when the person has gone."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_organization_id_id", "organization_id", "id"),
        Index("ix_audit_entries_organization_id_target", "organization_id", "target"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    actor_id: Mapped[UUID | None] = mapped_column()
    actor_name: Mapped[str] = mapped_column(String(120))
    actor_kind: Mapped[str] = mapped_column(String(10))
    action: Mapped[str] = mapped_column(String(60))
    summary: Mapped[str] = mapped_column(String(400))
    target: Mapped[str] = mapped_column(String(254), default="")
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    ip_address: Mapped[str] = mapped_column(String(45), default="")
    request_id: Mapped[str] = mapped_column(String(64), default="")

    @property
    def at(self) -> Any:
        return self.created_at

    @property
    def actor(self) -> dict[str, str]:
        return {"name": self.actor_name, "kind": self.actor_kind}
