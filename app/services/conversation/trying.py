"""What the assistant would say to a question: asked by the team, told to nobody, and not kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.extensions import db
from app.models import Organization
from app.services.answering import answers, own_models, spending
from app.services.answering.answer_steps import Answer, Question
from app.services.answering.assistants import profile_of
from app.services.log.interruptions import Interruption
from app.services.moods import sentiment
from app.services.search.evidence import Withheld
from app.services.search.question_vectors import question_vector

VISITOR = "visitor"


@dataclass(frozen=True)
class Tried:
    """The answer, what was withheld from it, and how the question sounds."""

    outcome: str
    answer: str
    language: str
    confidence: float
    sentiment: str
    model: str
    degraded: str
    citations: Sequence[dict[str, Any]] = ()
    withheld: Sequence[Withheld] = field(default_factory=list)


def ask(organization_id: UUID, question: str, previous: str = "") -> Tried:
    """Go through all that a visitor's question goes through, and say how it would end.

    `previous` is the visitor's turn before. What a model costs is counted like any other answer.
    """
    asked = _question(organization_id, question, previous)
    db.session.rollback()
    reading = sentiment.read(question, [previous] if previous else [], question_vector(question))
    answer = _answer(asked)
    if answer.usage is not None:
        spending.note(organization_id, answer.usage)
        db.session.commit()
    return Tried(
        outcome=answer.outcome,
        answer=answer.text,
        language=answer.language,
        confidence=round(answer.confidence, 4),
        sentiment=reading.label.value,
        model=answer.model,
        degraded=answer.degraded,
        citations=answer.citations,
        withheld=answer.draft.withheld,
    )


def _question(organization_id: UUID, text: str, previous: str) -> Question:
    organization = db.session.get_one(Organization, organization_id)
    profile = profile_of(organization)
    models = own_models.models_of(organization)
    used_up = bool(models) and spending.is_used_up(organization_id, None, profile)
    return Question(
        organization_id=organization_id,
        organization=profile.organization,
        text=text,
        assistant=profile.name,
        history=((VISITOR, previous),) if previous else (),
        guidance=profile.guidance,
        allowed_hosts=profile.allowed_hosts,
        models=models,
        quotes_only="budget" if used_up else "",
        second_opinion=profile.second_opinion,
    )


def _answer(question: Question) -> Answer:
    """Nobody reads along, so only the end counts; there is always one."""
    *_, last = answers.answer(question, Interruption())
    if not isinstance(last, Answer):
        raise RuntimeError("The steps ended without an answer.")
    return last
