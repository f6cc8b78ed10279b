"""Where an organization's widget was last seen: which sites have it installed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Model, UtcDateTime, now


class WidgetOrigin(Model):
    __tablename__ = "widget_origins"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    origin: Mapped[str] = mapped_column(String(300), primary_key=True)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
