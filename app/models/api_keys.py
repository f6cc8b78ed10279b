"""A secret key for programs. It acts in the name of the person who made it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Record, UtcDateTime, now
from app.models.users import User


class Scope(StrEnum):
    """What a key may be allowed; nothing of a person's own sign-in is among it."""

    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    TEAM_READ = "team:read"
    TEAM_WRITE = "team:write"
    ORGANIZATION_READ = "organization:read"
    ORGANIZATION_WRITE = "organization:write"
    AUDIT_READ = "audit:read"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"


SCOPE_DESCRIPTIONS = {
    Scope.CONTACTS_READ: "See the people who wrote to you",
    Scope.CONTACTS_WRITE: "Add, change and remove contacts",
    Scope.TEAM_READ: "See the team and its open invitations",
    Scope.TEAM_WRITE: "Invite people, change roles, suspend",
    Scope.ORGANIZATION_READ: "See the organization's settings",
    Scope.ORGANIZATION_WRITE: "Change the organization's settings",
    Scope.AUDIT_READ: "Read the audit log and the mail log",
    Scope.DOCUMENTS_READ: "See and search what the assistant knows",
    Scope.DOCUMENTS_WRITE: "Add, change and remove documents",
    Scope.CONVERSATIONS_READ: "Read conversations and tickets",
    Scope.CONVERSATIONS_WRITE: "Answer, take over, close and change conversations and tickets",
}


class ApiKey(Record):
    __tablename__ = "api_keys"

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(24), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    @property
    def created_by(self) -> str:
        return self.user.name

    @property
    def is_good(self) -> bool:
        unexpired = self.expires_at is None or self.expires_at > now()
        return self.revoked_at is None and unexpired and self.user.active
