"""Shapes of searching, and of the vectors that search by meaning needs."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.api.schemas.common import Given, Shown


def _pair(written: str) -> str:
    name, colon, _ = written.partition(":")
    if not colon or not name.strip():
        raise ValueError("Please write a name, a colon and a value, such as “language:English”.")
    return written


Pair = Annotated[str, Field(max_length=600), AfterValidator(_pair)]


class SearchQuery(Given):
    q: str = Field(min_length=1, max_length=2_000)
    k: int = Field(8, ge=1, le=50)
    previous: str = Field("", max_length=2_000, description="The turn before, for a follow-up")
    category: str = Field("", max_length=80)
    attribute: list[Pair] = Field(
        [],
        max_length=10,
        description="A fact that the document has to have, as `name:value`; repeatable",
    )

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The attributes as names with their values; a value may have colons in it."""
        split = (each.partition(":") for each in self.attribute)
        return tuple((name.strip(), value.strip()) for name, _, value in split)


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


class QuestionTried(Given):
    question: str = Field(min_length=1, max_length=2_000, pattern=r"\S")
    previous: str = Field("", max_length=2_000, description="The turn before, for a follow-up")


class SourceShown(Shown):
    n: int
    document_id: UUID
    passage_id: UUID
    title: str
    heading: str
    page: int | None
    quote: str


class WithheldShown(Shown):
    text: str
    reason: str


class AnswerTried(Shown):
    outcome: str = Field(description="answered, closest, unknown, or chat for small talk")
    answer: str
    language: str
    confidence: float
    sentiment: str
    model: str = Field(description="Empty where the documents were quoted")
    degraded: str = Field(description="Why it is not the model's answer, where there is a model")
    citations: list[SourceShown]
    withheld: list[WithheldShown] = Field(
        description="What the model said and the check did not let pass"
    )


class MoveShown(Shown):
    to_space: str = Field(description="The embedding model that the passages are moved to")
    total: int
    done: int
    stopped: bool = Field(description="It does not go on by itself; `error` says why")
    error: str


class MoveState(Shown):
    move: MoveShown | None = Field(description="Nothing where all vectors are of today's model")
