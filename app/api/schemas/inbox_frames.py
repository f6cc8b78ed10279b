"""What an agent's socket may send, one shape a frame. What changes anything goes by HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from app.api.schemas.common import Given, Shown
from app.api.schemas.frames import Flag, Seq
from app.services.actors import Role
from app.services.team.team import Availability


class Hello(Given):
    type: Literal["hello"]
    screen_id: UUID | None = None


class Open(Given):
    type: Literal["open"]
    conversation_id: UUID
    last_seq: Seq = 0


class History(Given):
    type: Literal["history"]
    conversation_id: UUID
    before_seq: Seq


class Typing(Given):
    type: Literal["typing"]
    conversation_id: UUID
    typing: Flag
    note: Flag = False


class Read(Given):
    type: Literal["read"]
    conversation_id: UUID
    seq: Seq


class Bare(Given):
    """Says everything by its type."""

    type: Literal["leave", "ping"]


class ColleagueShown(Shown):
    """Somebody of the team, as colleagues see them."""

    id: UUID
    name: str
    role: Role
    active: bool
    availability: Availability
    capacity: int
    picture_url: str | None


Frame = Annotated[Hello | Open | History | Typing | Read | Bare, Field(discriminator="type")]
_frames: TypeAdapter[Any] = TypeAdapter(Frame)


def read_inbox_frame(raw: dict[str, Any]) -> Any:
    """The frame, or pydantic's ValidationError."""
    return _frames.validate_python(raw)
