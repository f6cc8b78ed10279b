"""Shapes of contacts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import Email, Fact, Given, Line, Listed, PageQuery, Shown


class ContactGiven(Given):
    email: Email | None = None
    name: Line = Field("", max_length=120)
    attributes: dict[str, Fact] = Field({}, max_length=50)


class ContactChange(Given):
    email: Email | None = None
    name: Line | None = Field(None, max_length=120)
    attributes: dict[str, Fact] | None = Field(None, max_length=50)


class ContactQuery(PageQuery):
    search: Line = Field("", max_length=200)


class TalksQuery(Given):
    cursor: str | None = Field(None, max_length=300, description="`next_cursor` of the last page")
    limit: int = Field(50, ge=1, le=200)


class ContactShown(Shown):
    id: UUID
    email: str | None
    name: str
    attributes: dict[str, Fact]
    created_at: datetime
    updated_at: datetime


class ContactPage(Listed[ContactShown]):
    pass
