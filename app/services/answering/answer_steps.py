"""What an answer is made of on its way: the question, the steps, the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.adapters.language_model import LanguageModel, Usage
from app.services.search.evidence import Draft, Evidence, Sentence, Withheld


@dataclass(frozen=True)
class Question:
    """All that an answer depends on."""

    organization_id: UUID
    organization: str
    text: str
    assistant: str = "Assistant"
    # What was said before, oldest first, as ("visitor" | "assistant" | "person", text).
    history: tuple[tuple[str, str], ...] = ()
    locale: str = ""
    guidance: str = ""
    allowed_hosts: frozenset[str] = frozenset()
    models: tuple[LanguageModel, ...] = ()
    # Said where there are models but none may be asked, such as when the budget is used up.
    quotes_only: str = ""
    # Whether it is praise, and asks for nothing that has to be found.
    is_praise: bool = False
    # Whether a model confirms each sentence before it is released.
    second_opinion: bool = False


@dataclass(frozen=True)
class Phase:
    """What is going on, while there is nothing to read yet."""

    name: str


@dataclass(frozen=True)
class Released:
    """A sentence that the visitor may read."""

    index: int
    sentence: Sentence
    numbers: tuple[int, ...]
    citations: tuple[dict[str, object], ...]


@dataclass(frozen=True)
class Refused:
    """A sentence that the visitor does not get to read, and why: for the team."""

    withheld: Withheld


@dataclass(frozen=True)
class Restarted:
    """What was released so far does not count: the next rung of the ladder begins anew."""


@dataclass
class Answer:
    """What is said in the end, and how it came about."""

    outcome: str
    draft: Draft
    language: str
    confidence: float = 0.0
    citations: list[dict[str, object]] = field(default_factory=list)
    sentences: list[dict[str, object]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)
    model: str = ""
    usage: Usage | None = None
    degraded: str = ""
    asked: str = ""
    evidence: Sequence[Evidence] = ()
    failures: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.draft.text


Step = Phase | Released | Refused | Restarted | Answer
