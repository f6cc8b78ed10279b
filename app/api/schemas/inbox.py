"""Shapes of the inbox: views, counts, drafts, tags, many conversations at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from flask_openapi3 import FileStorage
from pydantic import AfterValidator, Field, StringConstraints

from app.api.schemas.common import Given, Line, Listed, Shown, without_controls
from app.services.inbox.lists import Pile, Priority, Sort, Speaker

TagName = Annotated[Line, Field(min_length=1, max_length=40)]
ViewName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60),
    AfterValidator(without_controls),
]
Assignee = Literal["me", "none"] | UUID | None


class CountsShown(Shown):
    """Each counted up to 999."""

    mine: int
    unassigned: int
    all: int
    mentions: int = Field(description="With a mention that one has not read")
    escalated: int
    snoozed: int
    views: dict[UUID, int]


class ListFilters(Given):
    """The same as the list's."""

    status: Pile | None = None
    speaker: Speaker | None = None
    assignee: Assignee = None
    escalated: bool | None = None
    waiting: bool | None = None
    priority: Priority | None = None
    contact_id: UUID | None = None
    tag: TagName | None = None
    mentioned: bool | None = None
    q: Annotated[Line, Field(max_length=200)] | None = None


class ViewGiven(Given):
    name: ViewName
    shared: bool = Field(False, description="For everybody of the organization")
    filters: ListFilters = ListFilters()
    sort: Sort = Sort.NEWEST


class ViewChange(Given):
    name: ViewName | None = None
    shared: bool | None = None
    filters: ListFilters | None = None
    sort: Sort | None = None


class ViewShown(Shown):
    id: UUID
    name: str
    shared: bool
    mine: bool
    filters: ListFilters
    sort: Sort


class ViewList(Listed[ViewShown]):
    pass


class DraftGiven(Given):
    text: str = Field(max_length=8_000, description="Nothing removes it")
    is_note: bool = Field(False, description="Which of the two is meant: it lies on top then")


class DraftShown(Shown):
    text: str
    is_note: bool


class DraftListed(DraftShown):
    conversation_id: UUID


class DraftList(Listed[DraftListed]):
    pass


class TagShown(Shown):
    name: str
    count: int


class TagList(Listed[TagShown]):
    pass


class FileForm(Given):
    file: FileStorage


class FileShown(Shown):
    id: UUID
    name: str
    media_type: str
    size_bytes: int
    url: str


class BulkChange(Given):
    """What is left out stays as it is."""

    assignee_id: UUID | None = Field(None, description="null: nobody in particular")
    priority: Priority | None = Field(None, description="null: let the assistant decide again")
    snoozed_until: datetime | None = Field(None, description="null ends the snooze")
    add_tags: list[TagName] = Field(default_factory=list, max_length=20)
    remove_tags: list[TagName] = Field(default_factory=list, max_length=20)
    status: Literal[Pile.OPEN, Pile.CLOSED] | None = None


class BulkGiven(Given):
    ids: list[UUID] = Field(min_length=1, max_length=100)
    change: BulkChange


class MergeGiven(Given):
    into: UUID = Field(description="The conversation that goes on")
    force: bool = Field(False, description="Also where the two are with different people")


class FailedShown(Shown):
    id: UUID
    message: str


class AssignmentGiven(Given):
    automatic: bool = Field(description="Give what wants a person to whoever is there, in turn")


class AssignmentShown(Shown):
    automatic: bool
