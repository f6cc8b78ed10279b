"""Shapes of sitemaps whose pages are being taken in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import Listed, Shown
from app.services.knowledge.sitemaps import SitemapStatus


class SitemapShown(Shown):
    id: UUID
    url: str
    category: str
    status: SitemapStatus
    total: int = Field(description="The pages that it lists; 0 until that is known")
    done: int = Field(description="How many of them were dealt with")
    added: int
    renewed: int = Field(description="Pages that were known and are fetched again")
    refused: int
    note: str = Field(description="What was left out, and why")
    error: str = Field(description="Why it failed, or what it is waiting for")
    created_at: datetime


class SitemapList(Listed[SitemapShown]):
    pass
