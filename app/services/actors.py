"""Who does something, as the domain needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.models import Role, User

__all__ = ["Actor", "ActorKind", "Role", "person"]


class ActorKind(StrEnum):
    PERSON = "person"
    API_KEY = "api_key"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """The person (or the key in a person's name) behind a change, and where it came from."""

    organization_id: UUID
    user_id: UUID | None
    role: Role
    name: str
    kind: ActorKind = ActorKind.PERSON
    ip_address: str = ""
    request_id: str = ""


def person(user: User, ip_address: str = "", request_id: str = "") -> Actor:
    """The actor that this person is."""
    return Actor(
        organization_id=user.organization_id,
        user_id=user.id,
        role=user.role,
        name=user.name,
        ip_address=ip_address,
        request_id=request_id,
    )
