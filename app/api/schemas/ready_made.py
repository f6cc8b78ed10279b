"""Shapes of what is written or decided once: canned replies and macros."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.api.schemas.common import Given, Line, Listed, Shown
from app.api.schemas.conversations import ConversationShown
from app.api.schemas.inbox import TagName, ViewName
from app.services.inbox.lists import Priority

Shortcut = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=40,
        pattern=r"^/?[A-Za-z0-9_-]{1,39}$",
    ),
]
Text = Annotated[str, Field(min_length=1, max_length=8_000, pattern=r"\S")]
Title = Annotated[Line, Field(max_length=120)]


class CannedReplyGiven(Given):
    shortcut: Shortcut = Field(description="What is typed behind the slash")
    title: Title = ""
    text: Text = Field(description="May hold variables: {{contact.first_name|there}}")


class CannedReplyChange(Given):
    shortcut: Shortcut | None = None
    title: Title | None = None
    text: Text | None = None


class CannedReplyShown(Shown):
    id: UUID
    shortcut: str
    title: str
    text: str
    updated_at: datetime


class CannedReplyList(Listed[CannedReplyShown]):
    pass


class CannedReplyQuery(Given):
    q: Annotated[Line, Field(max_length=100)] = ""


class FillGiven(Given):
    conversation_id: UUID


class Filled(Shown):
    text: str


class SayStep(Given):
    do: Literal["reply", "note"]
    text: Text


class AssignStep(Given):
    do: Literal["assign"]
    assignee_id: UUID | Literal["me"] | None = Field(description="null: nobody in particular")


class TagStep(Given):
    do: Literal["tag", "untag"]
    tags: list[TagName] = Field(min_length=1, max_length=20)


class PriorityStep(Given):
    do: Literal["priority"]
    priority: Priority


class SnoozeStep(Given):
    do: Literal["snooze"]
    minutes: int = Field(ge=1, le=60 * 24 * 365)


class BareStep(Given):
    do: Literal["close", "hand_back"]


Step = Annotated[
    SayStep | AssignStep | TagStep | PriorityStep | SnoozeStep | BareStep,
    Field(discriminator="do"),
]
Steps = Annotated[list[Step], Field(min_length=1, max_length=20)]


class MacroGiven(Given):
    name: ViewName
    steps: Steps


class MacroChange(Given):
    name: ViewName | None = None
    steps: Steps | None = None


class MacroShown(Shown):
    id: UUID
    name: str
    steps: list[Step]
    updated_at: datetime


class MacroList(Listed[MacroShown]):
    pass


class MacroPath(Given):
    id: UUID
    macro_id: UUID


class MacroQuery(Given):
    client_id: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_-]{8,56})?$",
        description="Of your own making; run again under the same one, nothing is said twice",
    )


class StoppedShown(Shown):
    step: int = Field(description="Counted from 1")
    message: str


class MacroRun(Shown):
    conversation: ConversationShown
    done: list[str] = Field(description="What was done, in order")
    failed: StoppedShown | None
