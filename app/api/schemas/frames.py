"""What a visitor's socket may send, one shape a frame."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from app.api.schemas.common import Email, Given

ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
# No larger than a column can hold: PostgreSQL does not compare with more.
Seq = Annotated[int, Field(ge=0, le=2**31 - 1)]
Flag = Annotated[bool, Field(strict=True)]


def _cut(length: int) -> BeforeValidator:
    """What a browser tells of itself is shortened, not refused."""
    return BeforeValidator(lambda value: value[:length] if isinstance(value, str) else value)


class Hello(Given):
    type: Literal["hello"]
    visitor_token: str | None = Field(None, max_length=100)
    conversation_id: UUID | None = None
    last_seq: Seq = 0
    locale: Annotated[str, _cut(20)] = ""
    page_url: Annotated[str, _cut(500)] = ""
    page_title: Annotated[str, _cut(200)] = ""
    identity: str | None = Field(None, max_length=8_000)
    fresh: Flag = False
    link: str | None = Field(None, max_length=2_000, alias="continue")


class Message(Given):
    type: Literal["message"]
    client_id: ClientId
    text: str = Field("", max_length=8_000)
    conversation_id: UUID | None = None
    attachments: list[UUID] = Field(default_factory=list, max_length=5)
    fields: dict[str, Any] | None = None


class Open(Given):
    type: Literal["open"]
    conversation_id: UUID | None = None
    last_seq: Seq = 0


class History(Given):
    type: Literal["history"]
    conversation_id: UUID
    before_seq: Seq


class Feedback(Given):
    type: Literal["feedback"]
    message_id: UUID
    value: Literal["up", "down"] | None
    reason: Literal["wrong", "incomplete", "not_what_i_asked", "tone", "other"] | None = None
    comment: str = Field("", max_length=1_000)


class Typing(Given):
    type: Literal["typing"]
    typing: Flag


class Read(Given):
    type: Literal["read"]
    seq: Seq


class Escalate(Given):
    type: Literal["escalate"]
    client_id: ClientId
    reason: str = Field("", max_length=2_000)
    email: Email | None = None
    name: str = Field("", max_length=120)


class ContactGiven(Given):
    type: Literal["contact"]
    email: Email | None = None
    name: str = Field("", max_length=120)
    phone: str = Field("", max_length=40)
    fields: dict[str, str] = Field(default_factory=dict, max_length=20)


class Rate(Given):
    type: Literal["rate"]
    score: int = Field(ge=1, le=5)
    comment: str = Field("", max_length=1_000)


class Transcript(Given):
    type: Literal["transcript"]
    email: Email


class Bare(Given):
    """Says everything by its type."""

    type: Literal["list", "stop", "end", "erase", "ping"]


Frame = Annotated[
    Hello
    | Message
    | Open
    | History
    | Feedback
    | Typing
    | Read
    | Escalate
    | ContactGiven
    | Rate
    | Transcript
    | Bare,
    Field(discriminator="type"),
]
_frames: TypeAdapter[Any] = TypeAdapter(Frame)

__all__ = ["Frame", "ValidationError", "read_frame"]


def read_frame(raw: dict[str, Any]) -> Any:
    """The frame, or pydantic's ValidationError."""
    return _frames.validate_python(raw)
