"""Shapes of the help for agents, and of articles on their way to be known."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from app.api.schemas.common import Given, Line, Listed, PageQuery, Shown
from app.services.inbox.article_drafts import ArticleStatus

Title = Annotated[Line, Field(max_length=200)]
Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]
Answer = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Category = Annotated[Line, Field(max_length=80)]


class ExchangeShown(Shown):
    question: str
    answer: str
    sources: list[str] = Field(description="Titles of the documents that it was answered from")


class WithheldShown(Shown):
    text: str
    reason: str


class SummaryShown(Shown):
    text: str
    model: str = Field(description="Empty: no model was asked, the sentences are copied")
    exchanges: list[ExchangeShown]
    withheld: list[WithheldShown]


class SuggestionWanted(Given):
    text: str = Field("", max_length=8_000, description="Empty: what the visitor wrote last")


class SuggestionShown(Shown):
    outcome: str
    text: str = Field(description="Empty where nothing was found")
    confidence: float
    citations: list[dict[str, Any]]
    sentences: list[dict[str, Any]]
    withheld: list[WithheldShown]


class ArticleGiven(Given):
    title: Title = ""
    question: Question
    answer: Answer
    category: Category = ""


class ArticleChange(Given):
    """What is left out stays as it is."""

    title: Title | None = Field(None, min_length=1)
    question: Question | None = None
    answer: Answer | None = None
    category: Category | None = None


class ArticleQuery(PageQuery):
    status: ArticleStatus | None = None


class ArticleShown(Shown):
    id: UUID
    conversation_id: UUID
    title: str
    question: str
    answer: str
    category: str
    status: ArticleStatus
    made_by: str
    decided_by: str
    decided_at: datetime | None
    document_id: UUID | None
    created_at: datetime
    updated_at: datetime


class ArticlePage(Listed[ArticleShown]):
    pass
