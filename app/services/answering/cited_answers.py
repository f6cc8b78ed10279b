"""The answers that rest on a document: what would be said otherwise if it were changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from app.extensions import db
from app.models import CitedPassage, Conversation, Event, Passage

AT_ONCE = 10


@dataclass(frozen=True)
class CitedAnswer:
    """`places` are those of its passages in the document, as far as they answer today."""

    conversation_id: UUID
    conversation_number: int
    question: str
    text: str
    said_at: datetime
    places: tuple[int, ...]


@dataclass(frozen=True)
class CitedAnswers:
    """The newest first; `before` leads to the older ones, if there are any."""

    items: Sequence[CitedAnswer]
    before: int | None


def answers_from(
    organization_id: UUID, document_id: UUID, *, before: int | None = None, limit: int = AT_ONCE
) -> CitedAnswers:
    """Answers that cite the document, each once, however many of its passages it rests on."""
    last = func.max(CitedPassage.number)
    query = (
        select(CitedPassage.event_id, last)
        .where(
            CitedPassage.organization_id == organization_id,
            CitedPassage.document_id == document_id,
        )
        .group_by(CitedPassage.event_id)
        .order_by(last.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.having(last < before)
    cited = [(event_id, number) for event_id, number in db.session.execute(query)]
    shown = cited[:limit]
    said = _said(organization_id, [event_id for event_id, _ in shown])
    return CitedAnswers(
        [said[event_id] for event_id, _ in shown if event_id in said],
        shown[-1][1] if len(cited) > limit else None,
    )


def _said(organization_id: UUID, event_ids: Collection[UUID]) -> dict[UUID, CitedAnswer]:
    query = (
        select(Event, Conversation.number)
        .join(Conversation, Conversation.id == Event.conversation_id)
        .where(Event.id.in_(event_ids), Event.organization_id == organization_id)
    )
    rows = [(event, number) for event, number in db.session.execute(query)]
    questions = _questions([_asked_at(event) for event, _ in rows])
    places = _places(event_ids)
    return {
        event.id: CitedAnswer(
            conversation_id=event.conversation_id,
            conversation_number=number,
            question=questions.get(_asked_at(event), ""),
            text=event.text,
            said_at=event.created_at,
            places=tuple(sorted(places[event.id])),
        )
        for event, number in rows
    }


def _asked_at(event: Event) -> tuple[UUID, int]:
    """Where the question stands; before all lines if the answer does not say."""
    return event.conversation_id, int(event.body.get("answers_seq") or 0)


def _questions(asked_at: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], str]:
    if not asked_at:
        return {}
    each = [and_(Event.conversation_id == one, Event.seq == seq) for one, seq in asked_at]
    found: Any = db.session.execute(
        select(Event.conversation_id, Event.seq, Event.text).where(or_(*each))
    )
    return {(conversation_id, seq): text for conversation_id, seq, text in found}


def _places(event_ids: Collection[UUID]) -> dict[UUID, set[int]]:
    query = (
        select(CitedPassage.event_id, Passage.ordinal)
        .join(
            Passage,
            and_(
                Passage.id == CitedPassage.passage_id,
                Passage.document_id == CitedPassage.document_id,
            ),
        )
        .where(CitedPassage.event_id.in_(event_ids), Passage.live)
    )
    places: dict[UUID, set[int]] = defaultdict(set)
    for event_id, ordinal in db.session.execute(query):
        places[event_id].add(ordinal)
    return places
