"""Shapes of documents, their passages, and what search finds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask_openapi3 import FileStorage
from pydantic import Field, HttpUrl, StringConstraints, UrlConstraints

from app.api.schemas.common import Given, Listed, PageQuery, Shown
from app.services.knowledge import DocumentStatus, SourceKind

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Category = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]
Attributes = Annotated[dict[str, str], Field(max_length=30)]


class WarningShown(Shown):
    page: int | None
    message: str


class DocumentShown(Shown):
    id: UUID
    title: str
    category: str
    attributes: dict[str, str]
    source: SourceKind
    source_url: str | None
    file_name: str
    media_type: str
    size_bytes: int
    status: DocumentStatus = Field(description="How far the newest version has come")
    is_searchable: bool = Field(description="Whether some version of it answers already")
    version: int
    live_version: int
    pages_total: int
    pages_done: int
    passages_total: int
    passages_done: int
    warnings: list[WarningShown]
    error: str
    times_cited: int
    created_at: datetime
    updated_at: datetime
    learned_at: datetime | None


class DocumentPage(Listed[DocumentShown]):
    pass


class DocumentQuery(PageQuery):
    search: str = Field("", max_length=200)
    category: str = Field("", max_length=80)
    status: DocumentStatus | None = None


class UploadForm(Given):
    file: list[FileStorage] = Field(min_length=1, max_length=50)
    title: str = Field("", max_length=200, description="For a single file; else its own is taken")
    category: Category = ""
    attributes: Attributes = Field({}, description="A JSON object of free facts")


class TextGiven(Given):
    title: Title
    # As JSON a character can take six bytes, and a body may have a megabyte.
    text: str = Field(min_length=1, max_length=150_000, pattern=r"\S")
    category: Category = ""
    attributes: Attributes = Field({})


class QuestionGiven(Given):
    question: Title
    answer: str = Field(min_length=1, max_length=50_000)
    category: Category = ""


class PageGiven(Given):
    url: Annotated[HttpUrl, UrlConstraints(max_length=2_000)]
    title: str = Field("", max_length=200)
    category: Category = ""
    sitemap: bool = Field(False, description="The address is a sitemap: take every page of it")


class DocumentChange(Given):
    title: Title | None = None
    category: Category | None = None
    attributes: Attributes | None = None


class TakenShown(Shown):
    file_name: str
    outcome: str = Field(description="added, replaced, duplicate or refused")
    document: DocumentShown | None = None
    error: str | None = None


class TakenList(Listed[TakenShown]):
    pass


class PassageShown(Shown):
    id: UUID
    ordinal: int
    text: str
    headings: list[str]
    page_from: int | None
    page_to: int | None
    kind: str


class PassageList(Listed[PassageShown]):
    pass


class PassageQuery(Given):
    after: int = Field(-1, ge=-1, le=2**31 - 1, description="`ordinal` of the last passage seen")
    limit: int = Field(100, ge=1, le=500)


class SearchQuery(Given):
    q: str = Field(min_length=1, max_length=2_000)
    k: int = Field(8, ge=1, le=50)
    previous: str = Field("", max_length=2_000, description="The turn before, for a follow-up")
    category: str = Field("", max_length=80)


class FoundShown(Shown):
    passage_id: UUID
    document_id: UUID
    title: str
    heading: str
    page: int | None
    text: str
    score: float
    words: float
    meaning: float | None
    reason: str


class FoundList(Shown):
    results: list[FoundShown]
    milliseconds: float
