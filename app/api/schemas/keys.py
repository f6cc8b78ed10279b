"""Shapes of API keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import Given, Listed, ShortName, Shown
from app.services.people.api_keys import Scope


class KeyGiven(Given):
    name: ShortName
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    expires_in_days: int | None = Field(None, ge=1, le=3_650)


class KeyShown(Shown):
    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


class KeyMade(KeyShown):
    secret: str = Field(description="Shown this once")


class KeyList(Listed[KeyShown]):
    pass
