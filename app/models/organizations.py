"""An organization: the tenant that everything else belongs to, and the logo of its widget."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, column_property, mapped_column

from app.models.base import Model, Record, SealedText, UtcDateTime, now


def new_widget_key() -> str:
    """A public key: it names the organization to the widget and opens nothing."""
    return f"pk_{secrets.token_urlsafe(18)}"


class Organization(Record):
    __tablename__ = "organizations"

    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    widget_key: Mapped[str] = mapped_column(String(40), unique=True, default=new_widget_key)
    allowed_domains: Mapped[list[str]] = mapped_column(JSON, default=list)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    embedding_space: Mapped[str | None] = mapped_column(String(80))
    # Opened only where it is needed: a lost ENCRYPTION_KEY must not shut everybody out.
    identity_secret: Mapped[str | None] = mapped_column(SealedText, deferred=True)
    identity_secret_set: Mapped[bool] = column_property(identity_secret.is_not(None))
    # Its own key for the language model: what it says is paid by itself.
    model_key: Mapped[str | None] = mapped_column(SealedText, deferred=True)
    model_key_set: Mapped[bool] = column_property(model_key.is_not(None))


class Logo(Model):
    """Kept apart, as people's pictures are; its version stands in the widget's settings."""

    __tablename__ = "logos"

    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True
    )
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[str] = mapped_column(String(16))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
