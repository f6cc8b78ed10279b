"""A person of a team, and the picture that stands beside the name."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Model, Record, UtcDateTime, now, one_of
from app.models.organizations import Organization

DEFAULT_CAPACITY = 8


class Role(StrEnum):
    """What a person may do; each includes what comes after it."""

    OWNER = "owner"
    ADMIN = "admin"
    AGENT = "agent"

    def includes(self, other: Role) -> bool:
        order = list(Role)
        return order.index(self) <= order.index(other)


class Availability(StrEnum):
    """Whether conversations may be assigned to somebody."""

    ONLINE = "online"
    AWAY = "away"


class User(Record):
    __tablename__ = "users"
    __table_args__ = (Index("ix_users_organization_id_id", "organization_id", "id"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(100))
    google_subject: Mapped[str | None] = mapped_column(String(255), unique=True)
    role: Mapped[Role] = mapped_column(one_of(Role), default=Role.AGENT)
    active: Mapped[bool] = mapped_column(default=True)
    availability: Mapped[Availability] = mapped_column(
        one_of(Availability), default=Availability.ONLINE
    )
    email_verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    picture_version: Mapped[str | None] = mapped_column(String(16))
    # How many conversations may be assigned to this person at once; 0 stands for none.
    capacity: Mapped[int] = mapped_column(default=DEFAULT_CAPACITY)
    # What to be told of, and how; services/notifications.py knows what is in it.
    notifications: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    organization: Mapped[Organization] = relationship(lazy="joined", innerjoin=True)

    @property
    def email_verified(self) -> bool:
        return self.email_verified_at is not None

    @property
    def has_password(self) -> bool:
        return self.password_hash is not None

    @property
    def picture_url(self) -> str | None:
        if self.picture_version is None:
            return None
        return f"/pictures/{self.id}/{self.picture_version}"

    def may(self, role: Role) -> bool:
        """Whether this person's role includes `role`."""
        return self.role.includes(role)


class Picture(Model):
    """Kept apart from the person, so that no list of people drags images along."""

    __tablename__ = "pictures"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
