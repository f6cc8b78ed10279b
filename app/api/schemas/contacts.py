"""Shapes of contacts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from app.api.schemas.common import Email, Fact, Given, Line, Listed, PageQuery, Shown


def _or_nothing(email: Any) -> Any:
    """A field that was emptied says that there is no address."""
    return None if email == "" else email


Address = Annotated[Email | None, BeforeValidator(_or_nothing)]


class ContactGiven(Given):
    email: Address = None
    name: Line = Field("", max_length=120)
    phone: Line = Field("", max_length=40)
    attributes: dict[str, Fact] = Field({}, max_length=50)


class ContactChange(Given):
    email: Address = None
    name: Line | None = Field(None, max_length=120)
    phone: Line | None = Field(None, max_length=40)
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
    phone: str
    attributes: dict[str, Fact]
    created_at: datetime
    updated_at: datetime


class ContactPage(Listed[ContactShown]):
    pass
