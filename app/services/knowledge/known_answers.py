"""An organization's own questions with known answers, and what came of asking them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.errors import Conflict, Invalid, NotFound
from app.extensions import db
from app.models import Document, TestQuestion, TestRun
from app.services.actors import Actor
from app.services.knowledge.knowledge import get_document
from app.services.paging import all_of

MOST = 500
LABEL = "own questions"


def list_questions(organization_id: UUID) -> list[TestQuestion]:
    """In the order in which they were added."""
    return all_of(
        select(TestQuestion)
        .where(TestQuestion.organization_id == organization_id)
        .order_by(TestQuestion.id)
    )


def add_question(
    actor: Actor, question: str, previous: str, document_id: UUID | None, quote: str
) -> TestQuestion:
    """Keep a question; with neither a document nor a quote it is one that nothing answers."""
    if len(list_questions(actor.organization_id)) >= MOST:
        raise Conflict(f"There are {MOST} questions already. Remove some first.")
    if document_id is not None:
        get_document(actor.organization_id, document_id)
    elif quote:
        message = "Please choose the document that the quote stands in."
        raise Invalid(message, fields={"document_id": message})
    kept = TestQuestion(
        organization_id=actor.organization_id,
        question=question,
        previous=previous,
        document_id=document_id,
        quote=quote,
        answerable=document_id is not None,
    )
    db.session.add(kept)
    db.session.commit()
    return kept


def remove_question(actor: Actor, question_id: UUID) -> None:
    kept = db.session.get(TestQuestion, question_id)
    if kept is None or kept.organization_id != actor.organization_id:
        raise NotFound("This question has been removed already.")
    db.session.delete(kept)
    db.session.commit()


def last_runs(organization_id: UUID, limit: int = 10) -> Sequence[TestRun]:
    """The newest runs first."""
    query = (
        select(TestRun)
        .where(TestRun.organization_id == organization_id, TestRun.label == LABEL)
        .order_by(TestRun.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query).all()


def titles_of(questions: Sequence[TestQuestion]) -> dict[UUID, str]:
    """What the documents are called that the answers stand in."""
    ids = {each.document_id for each in questions if each.document_id}
    rows = db.session.execute(select(Document.id, Document.title).where(Document.id.in_(ids)))
    return {row.id: row.title for row in rows}
