"""Shapes of contacts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import Email, Given, Listed, PageQuery, Shown


class ContactGiven(Given):
    email: Email | None = None
    name: str = Field("", max_length=120)
    attributes: dict[str, str | int | float | bool | None] = Field({}, max_length=50)


class ContactChange(Given):
    email: Email | None = None
    name: str | None = Field(None, max_length=120)
    attributes: dict[str, str | int | float | bool | None] | None = Field(None, max_length=50)


class ContactQuery(PageQuery):
    search: str = Field("", max_length=200)


class ContactShown(Shown):
    id: UUID
    email: str | None
    name: str
    attributes: dict[str, str | int | float | bool | None]
    created_at: datetime
    updated_at: datetime


class ContactPage(Listed[ContactShown]):
    pass
