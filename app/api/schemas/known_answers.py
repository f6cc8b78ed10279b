"""Shapes of test questions, and of asking them all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import Given, Listed, Shown
from app.services.knowledge.askings import AskingStatus


class KnownGiven(Given):
    question: str = Field(min_length=1, max_length=1_000)
    previous: str = Field("", max_length=1_000, description="The turn before, for a follow-up")
    document_id: UUID | None = Field(None, description="Where the answer is; none: nowhere")
    quote: str = Field("", max_length=2_000, description="A sentence that answers it")


class KnownShown(Shown):
    id: UUID
    question: str
    previous: str
    document_id: UUID | None
    quote: str
    kind: str
    created_at: datetime


class KnownList(Listed[KnownShown]):
    pass


class AskingShown(Shown):
    """Figures, ranks and what changed are empty until it is done."""

    id: UUID
    status: AskingStatus
    total: int
    done: int
    error: str
    figures: dict[str, float]
    ranks: dict[str, int | None] = Field(description="The place of each answer, by question id")
    better: list[str]
    worse: list[str]
    created_at: datetime
