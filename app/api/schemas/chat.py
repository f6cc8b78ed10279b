"""Shapes of what the widget asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_openapi3 import FileStorage
from pydantic import Field

from app.api.schemas.common import Given, Shown


class WidgetQuery(Given):
    key: str = Field(max_length=60, description="The public widget key, `pk_…`")


class OrganizationNamed(Shown):
    name: str


class PresenceShown(Shown):
    open: bool
    people_online: bool
    reopens_at: datetime | None
    reply_time: str = Field(description="One of a few wordings in English; empty while closed")
    assistant: bool = Field(description="Whether the assistant answers at this time")
    message: str = Field(description="What the team has to say while it is closed")


class ConfigShown(Shown):
    organization: OrganizationNamed
    widget: dict[str, Any] = Field(description="Colour, texts, suggestions and the like")
    availability: PresenceShown


class UploadForm(Given):
    file: FileStorage


class Uploaded(Shown):
    id: UUID
    name: str
    size: int = Field(validation_alias="size_bytes")
    media_type: str
