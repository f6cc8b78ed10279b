"""Shapes of documents and of what they are made from."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from flask import request
from flask_openapi3 import FileStorage
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    HttpUrl,
    StringConstraints,
    UrlConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic.json_schema import SkipJsonSchema

from app.api.schemas.common import Given, Listed, PageQuery, Shown
from app.api.schemas.sitemaps import SitemapShown
from app.services.knowledge.knowledge import DocumentStatus, SourceKind
from app.services.naming import is_one_plain_line

ONE_LINE = "Please leave out line breaks, control characters and marks that turn the text around."
NO_FACTS = 'Please give the facts as a JSON object of texts, such as {"language": "English"}.'


def _one_line(written: str) -> str:
    if not is_one_plain_line(written):
        raise ValueError(ONE_LINE)
    return written


def _facts(given: Any) -> Any:
    """The same sentence for whatever is no object of texts, rather than the library's own."""
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        raise ValueError(NO_FACTS)
    return given


Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_one_line),
]
# A length said once more beside Title would not count: the constraint that stands first wins.
TitleOrNone = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_one_line)
]
Category = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=80), AfterValidator(_one_line)
]
Attributes = Annotated[dict[str, str], Field(max_length=30), BeforeValidator(_facts)]


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
    title: TitleOrNone = Field("", description="For a single file; else its own is taken")
    category: Category = ""
    attributes: Attributes = Field({}, description="A JSON object of free facts")

    @field_validator("title", "category", mode="before")
    @classmethod
    def _as_typed(cls, value: Any, info: ValidationInfo) -> Any:
        """A form is read as JSON where it happens to be some; "2026" is a title, not a number."""
        return value if isinstance(value, str) else request.form.get(str(info.field_name), "")

    @field_validator("attributes", mode="before")
    @classmethod
    def _parsed(cls, value: Any) -> Any:
        """What could not be read as JSON comes as the text that it was."""
        return {} if isinstance(value, str) and not value.strip() else value


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
    title: TitleOrNone = ""
    category: Category = ""
    sitemap: bool = Field(False, description="The address is a sitemap: take every page of it")


class DocumentChange(Given):
    """What is left out stays as it is."""

    title: Title | SkipJsonSchema[None] = None
    category: Category | SkipJsonSchema[None] = None
    attributes: Attributes | SkipJsonSchema[None] = None

    @field_validator("title", "category", "attributes", mode="before")
    @classmethod
    def _said(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("Please leave this out, or say what it is to be.")
        return value


class TakenShown(Shown):
    file_name: str
    outcome: str = Field(
        description="added, replaced (a new version), duplicate (known already), relabelled "
        "(known already, but what is said about it was changed) or refused"
    )
    document: DocumentShown | None = None
    error: str | None = None


class TakenList(Listed[TakenShown]):
    sitemap: SitemapShown | None = Field(
        None, description="Where a sitemap was given: its pages follow one by one"
    )


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
