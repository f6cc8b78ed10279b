"""The shapes that many operations share."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
    field_validator,
)

Item = TypeVar("Item")
LONGEST_EMAIL = 254


def without_controls(text: str) -> str:
    """Refuse what no keyboard types: it hides in names, subjects and headers."""
    if any(ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise ValueError("Please leave out line breaks and control characters.")
    return text


def _lowered(email: str) -> str:
    lowered = email.lower()
    if len(lowered) > LONGEST_EMAIL:  # Some letters are two when they are small.
        raise ValueError("Please use a shorter address.")
    return lowered


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(without_controls),
]
# A length said once more beside Name would not count: the constraint that stands first wins.
ShortName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80),
    AfterValidator(without_controls),
]
Line = Annotated[str, AfterValidator(without_controls)]
# JSON knows neither endlessness nor what is not a number.
Fact = str | int | Annotated[float, Field(allow_inf_nan=False)] | bool | None
Email = Annotated[EmailStr, Field(max_length=LONGEST_EMAIL), AfterValidator(_lowered)]
Password = Annotated[str, Field(max_length=4_096, description="Any script; 8 to 1,024 characters")]
Token = Annotated[str, Field(min_length=1, max_length=200)]


class Given(BaseModel):
    """What a caller sends: a field that we do not know is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def _without_nul(cls, value: Any) -> Any:
        """PostgreSQL cannot store this one character, wherever it stands."""
        texts = (*value, *value.values()) if isinstance(value, dict) else (value,)
        if any(isinstance(text, str) and "\0" in text for text in texts):
            raise ValueError("Please leave out control characters.")
        return value


class Shown(BaseModel):
    """What a caller gets, read straight off the rows."""

    model_config = ConfigDict(from_attributes=True)


class ById(Given):
    id: UUID


class PageQuery(Given):
    cursor: str | None = Field(None, max_length=64, description="`next_cursor` of the last page")
    limit: int = Field(50, ge=1, le=200)


class Listed(Shown, Generic[Item]):
    items: list[Item]
    next_cursor: str | None = None


class Said(Shown):
    message: str


class ErrorDetail(Shown):
    code: str = Field(description="For programs; never changes its meaning")
    message: str = Field(description="A sentence for people")
    fields: dict[str, str] | None = Field(None, description="What is wrong, by field")
    request_id: str | None = None


class ErrorAnswer(Shown):
    error: ErrorDetail


def shown(shape: type[Shown], value: Any) -> dict[str, Any]:
    """The JSON of `value` in this shape."""
    return shape.model_validate(value).model_dump(mode="json")
