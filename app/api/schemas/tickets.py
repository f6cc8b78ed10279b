"""Shapes of tickets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, field_validator
from pydantic.json_schema import SkipJsonSchema

from app.api.schemas.common import Given, Line, Listed, PageQuery, Shown
from app.api.schemas.conversations import Asked, ContactNamed, Cursor
from app.api.schemas.people import AuditActor
from app.services.inbox.desk import Priority
from app.services.inbox.tickets import TicketCategory, TicketSort, TicketStatus


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("Please fill this in.")
    return text.strip()


Subject = Annotated[Line, Field(min_length=1, max_length=200), AfterValidator(_not_blank)]


class TicketShown(Shown):
    id: UUID
    number: int = Field(description="What a customer can quote")
    subject: str
    reason: str
    category: TicketCategory
    priority: Priority
    status: TicketStatus
    conversation_id: UUID | None
    contact_id: UUID | None
    assignee_id: UUID | None
    created_at: datetime
    updated_at: datetime
    solved_at: datetime | None
    due_at: datetime | None = Field(description="By when it should be solved")
    due_is_set: bool = Field(description="Somebody has set it; its priority does not move it")
    breached_at: datetime | None = Field(description="Since when it is late")


class TicketPage(Listed[TicketShown]):
    pass


class TicketChangeShown(Shown):
    at: datetime
    actor: AuditActor
    summary: str
    changes: dict[str, Any]


class WholeTicketShown(TicketShown):
    contact: ContactNamed | None
    history: list[TicketChangeShown]


class TicketQuery(PageQuery):
    cursor: Cursor = None
    status: TicketStatus | None = None
    priority: Priority | None = None
    category: TicketCategory | None = None
    assignee: Literal["me", "none"] | UUID | None = Field(
        None, description="`me`, `none` or the id of a colleague"
    )
    overdue: bool | None = Field(None, description="Late, and not solved")
    q: Asked = Field("", description="Words of the subject, or a number")
    sort: TicketSort = TicketSort.NEWEST


class TicketGiven(Given):
    subject: Subject
    reason: str = Field("", max_length=4_000)
    category: TicketCategory = TicketCategory.REQUEST
    priority: Priority = Priority.MEDIUM
    conversation_id: UUID | None = None
    contact_id: UUID | None = Field(None, description="Left out: that of the conversation")
    assignee_id: UUID | None = None


class TicketChange(Given):
    """What is left out stays as it is."""

    subject: Subject | SkipJsonSchema[None] = None
    category: TicketCategory | SkipJsonSchema[None] = None
    priority: Priority | SkipJsonSchema[None] = None
    status: TicketStatus | SkipJsonSchema[None] = None
    assignee_id: UUID | None = Field(None, description="null: nobody in particular")
    due_at: AwareDatetime | None = Field(None, description="null: as its priority has it")

    @field_validator("subject", "category", "priority", "status", mode="before")
    @classmethod
    def _said(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("Please leave this out, or say what it is to be.")
        return value
