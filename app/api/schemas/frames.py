"""What a visitor's socket may send, one shape a frame."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from app.api.schemas.common import Email, Given, Line

ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
# No larger than a column can hold: PostgreSQL does not compare with more.
Seq = Annotated[int, Field(ge=0, le=2**31 - 1)]
Flag = Annotated[bool, Field(strict=True)]
Facts = Annotated[
    dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=2_000)]],
    Field(max_length=20),
]
CONTROLS = r"[\x00-\x1f\s]+"
LONGEST_NAME, LONGEST_PHONE = 120, 40
_address: TypeAdapter[str] = TypeAdapter(Email)


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
    # The frame has a longest length; what is too long to be kept is refused in a visitor's words.
    text: str = ""
    conversation_id: UUID | None = None
    attachments: list[UUID] = Field(default_factory=list, max_length=5)
    fields: Facts = Field(default_factory=dict)

    @property
    def introduction(self) -> dict[str, Any]:
        """Who the visitor says they are: a form may ask for more than has a place of its own.

        What does not fit there keeps no message back: the team reads it as it was typed.
        """
        facts = dict(self.fields)
        told: dict[str, Any] = {
            "name": _one_line(facts.pop("name", ""), LONGEST_NAME),
            "phone": _one_line(facts.pop("phone", ""), LONGEST_PHONE),
        }
        with suppress(ValidationError):
            told["email"] = _address.validate_python(facts.get("email"))
            del facts["email"]
        return told | {"fields": facts}


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
    name: Line = Field("", max_length=LONGEST_NAME)


class ContactGiven(Given):
    type: Literal["contact"]
    email: Email | None = None
    name: Line = Field("", max_length=LONGEST_NAME)
    phone: Line = Field("", max_length=LONGEST_PHONE)
    fields: Facts = Field(default_factory=dict)


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


def _one_line(written: str, longest: int) -> str:
    return " ".join(filter(None, re.split(CONTROLS, written)))[:longest]
