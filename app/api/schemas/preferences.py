"""Shapes of what an organization decides about its assistant and its widget."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, field_validator

from app.api.schemas.common import Given, Line, ShortName, Shown

Locale = Literal["en", "de", "fr", "es", "pt", "ar"]
MOST_TOKENS = 1_000_000_000
KEY = r"^[a-z][a-z0-9_]{0,39}$"
NOT_A_PATTERN = "Please give paths such as /checkout or /account/*."


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("Please fill this in.")
    return text.strip()


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("Please leave out control characters.")
    return text


def _path(pattern: str) -> str:
    if not pattern.startswith(("/", "*")) or "," in pattern or " " in pattern:
        raise ValueError(NOT_A_PATTERN)
    return pattern


Label = Annotated[Line, Field(min_length=1, max_length=120), AfterValidator(_not_blank)]
Path = Annotated[Line, Field(max_length=200), AfterValidator(_path)]
Key = Annotated[str, StringConstraints(pattern=KEY)]
Word = Annotated[str, Field(max_length=400), AfterValidator(_without_nul)]


class AssistantShown(Shown):
    name: str
    guidance: str
    tokens_a_day: int
    tokens_a_visitor: int
    second_opinion: bool


class AssistantChange(Given):
    """What is left out stays as it is; null stands for what it is by itself."""

    name: Annotated[Line, Field(min_length=1, max_length=60), AfterValidator(_not_blank)] | None = (
        None
    )
    guidance: str | None = Field(None, max_length=4_000, description="What it is to heed")
    tokens_a_day: int | None = Field(None, ge=0, le=MOST_TOKENS)
    tokens_a_visitor: int | None = Field(None, ge=0, le=MOST_TOKENS)
    second_opinion: bool | None = Field(
        None, strict=True, description="Have the model confirm each sentence before it is shown"
    )


class Offset(Given):
    x: int = Field(ge=0, le=200)
    y: int = Field(ge=0, le=200)


class Launcher(Given):
    text: Line = Field(max_length=40)


class PreChatField(Given):
    name: Key
    label: Label
    type: Literal["text", "email", "tel"] = "text"
    required: bool = False


class PreChat(Given):
    enabled: bool
    fields: list[PreChatField] = Field([], max_length=6)
    consent: str = Field("", max_length=500)

    @field_validator("fields")
    @classmethod
    def _once(cls, fields: list[PreChatField]) -> list[PreChatField]:
        if len({field.name for field in fields}) != len(fields):
            raise ValueError("Please give every field a name of its own.")
        return fields


class WidgetChange(Given):
    """What is left out stays as it is; null stands for what it is by itself."""

    color: str | None = Field(None, pattern="^#[0-9a-fA-F]{6}$")
    theme: Literal["auto", "light", "dark"] | None = None
    side: Literal["left", "right"] | None = None
    offset: Offset | None = None
    launcher: Launcher | None = None
    greeting: str | None = Field(None, max_length=500)
    suggestions: list[Label] | None = Field(None, max_length=6)
    ai_notice: bool | None = None
    locale: Locale | None = Field(None, description="null: that of the visitor's browser")
    prechat: PreChat | None = None
    hidden_on: list[Path] | None = Field(None, max_length=50)
    sounds: bool | None = None
    show_branding: bool | None = None
    strings: dict[Locale, Annotated[dict[Key, Word], Field(max_length=200)]] | None = None


class SiteShown(Shown):
    origin: str
    last_seen_at: datetime


class WidgetShown(Shown):
    name: str
    color: str
    theme: str
    side: str
    offset: dict[str, int]
    launcher: dict[str, str]
    logo_url: str | None
    greeting: str
    suggestions: list[str]
    ai_notice: bool
    locale: str | None
    prechat: dict[str, Any]
    hidden_on: list[str]
    sounds: bool
    show_branding: bool
    strings: dict[str, dict[str, str]]
    installed_on: list[SiteShown] = Field(description="Where it has been seen, and when last")


class ModelGiven(Given):
    name: ShortName = Field(description="As the provider calls it, such as gpt-4o-mini")
    key: str | None = Field(
        None, min_length=8, max_length=400, pattern=r"^[!-~]+$",
        description="Left out: the one that is kept goes on being used",
    )  # fmt: skip


class ModelShown(Shown):
    """The key itself is never shown again."""

    key_set: bool
    name: str


class TrialShown(Shown):
    works: bool
    message: str
    milliseconds: int
