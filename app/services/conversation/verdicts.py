"""How a turn ends: with an answer in the log, with a person called, or with nothing to say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from uuid import UUID

from flask import current_app
from sqlalchemy import Table, Update, bindparam, case, insert, update

from app.extensions import db
from app.models import CitedPassage, Conversation, Document, TicketCategory, Turn, TurnStatus, now
from app.services.answering import spending
from app.services.answering.answer_steps import Answer
from app.services.conversation import escalation, speaking
from app.services.conversation.escalation import Cause
from app.services.log import telling
from app.services.log.event_log import Logged
from app.services.log.telling import Hint
from app.services.moods import moods
from app.services.moods.moods import Heard
from app.services.states import State

_conversations = cast(Table, Conversation.__table__)
_turns = cast(Table, Turn.__table__)
_documents = cast(Table, Document.__table__)
COUNT_CITED = (
    update(_documents)
    .where(_documents.c.id.in_(bindparam("cited", expanding=True)))
    .where(_documents.c.organization_id == bindparam("organization"))
    # To be cited is no change of the document.
    .values(times_cited=_documents.c.times_cited + 1, updated_at=_documents.c.updated_at)
    .returning(_documents.c.id)
)
ADD_CITED = insert(cast(Table, CitedPassage.__table__))
OUT_OF_HOURS = "Written outside of the opening hours, when the assistant does not answer"
# Who waits for a person waits on, whatever the assistant has to say meanwhile.
ANSWERED = {
    "waiting_since": case(
        (_conversations.c.escalated_at.is_not(None), _conversations.c.waiting_since), else_=None
    )
}


@dataclass(frozen=True)
class Taken:
    """A turn that this worker has the lease of, as plain values."""

    id: UUID
    attempt: int
    organization_id: UUID
    conversation_id: UUID
    visitor_id: UUID | None
    seq: int
    epoch: int
    text: str
    message_id: UUID


def speak(
    taken: Taken, answer: Answer, heard: Heard, timings: dict[str, int | None]
) -> Logged | None:
    """Commit the answer under the lease: all of it, or nothing if it may not be said any more."""
    moods.put(taken.message_id, heard)
    if not _settle(taken.id, taken.attempt, TurnStatus.DONE, _account(answer) | timings):
        db.session.rollback()
        return None
    added = speaking.say_as_assistant(
        taken.conversation_id,
        taken.epoch,
        text=answer.text,
        body=_body(taken, answer, heard),
        inside=_inside(answer),
        changes=heard.changes | ({} if answer.outcome == "unknown" else ANSWERED),
        given=heard.given,
    )
    if added is None:
        db.session.rollback()
        moods.keep(taken.message_id, taken.conversation_id, heard)
        close(taken.id, taken.attempt, TurnStatus.PASSED)
        return None
    state, line = added
    _count_citations(taken, answer, line.id)
    spending.note(taken.organization_id, answer.usage)
    telling.after_commit(
        state, Hint.READING, message_id=taken.message_id, reading=heard.reading.to_json()
    )
    db.session.commit()
    return line


def escalate(message_id: UUID, state: State, heard: Heard, *, off_duty: bool = False) -> State:
    """Call a person because of how the visitor sounds, or of when; with the reasons kept."""
    moods.put(message_id, heard)
    reasons = (*heard.standing.reasons, OUT_OF_HOURS) if off_duty else heard.standing.reasons
    category = (
        TicketCategory.REQUEST if off_duty and not heard.standing.escalate else _category(heard)
    )
    cause = Cause(reasons, category, heard.standing.priority)
    state, _ = escalation.escalate(state, cause)
    db.session.commit()
    moods.keep(message_id, state.id, heard)
    return state


def close(turn_id: UUID, attempt: int, status: TurnStatus, outcome: str = "") -> None:
    """Nothing more is to be said about this turn."""
    _settle(turn_id, attempt, status, {"outcome": outcome})
    db.session.commit()


def renew(turn_id: UUID, attempt: int) -> None:
    """Hold on to the turn for another lease."""
    db.session.execute(
        update(Turn)
        .where(Turn.id == turn_id, Turn.tries == attempt)
        .values(lease_until=now() + current_app.config["FRONTDESK"].job_lease)
    )
    db.session.commit()


def _settle(turn_id: UUID, attempt: int, status: TurnStatus, facts: dict[str, Any]) -> bool:
    """The fence: only the newest attempt at a turn that is still waiting may end it."""
    values = {"turn": turn_id, "attempt": attempt, "to_status": status, "to_finished_at": now()}
    values |= {f"to_{name}": value for name, value in facts.items()}
    ended = db.session.execute(_settling(tuple(facts)), values)
    return bool(ended.rowcount == 1)  # type: ignore[attr-defined]


@cache
def _settling(names: tuple[str, ...]) -> Update:
    told: dict[str, Any] = {
        name: bindparam(f"to_{name}") for name in (*names, "status", "finished_at")
    }
    return (
        update(_turns)
        .where(_turns.c.id == bindparam("turn"), _turns.c.tries == bindparam("attempt"))
        .where(_turns.c.status == TurnStatus.WAITING)
        .values(lease_until=None, **told)
    )


def _account(answer: Answer) -> dict[str, Any]:
    usage = answer.usage
    return {
        "outcome": answer.outcome,
        "confidence": answer.confidence,
        "model": answer.model[:120],
        "input_tokens": usage.input_tokens if usage else 0,
        "output_tokens": usage.output_tokens if usage else 0,
        "cost_micros": (usage.cost_micros or 0) if usage else 0,
    }


def _body(taken: Taken, answer: Answer, heard: Heard) -> dict[str, Any]:
    return {
        "answer_id": str(taken.id),
        "answers_seq": taken.seq,
        "outcome": answer.outcome,
        "confidence": answer.confidence,
        "citations": answer.citations,
        "sentences": answer.sentences,
        "actions": answer.actions,
        "degraded": answer.degraded or None,
        "language": answer.language,
        "sentiment": {"label": heard.reading.label},
    }


def _inside(answer: Answer) -> dict[str, Any]:
    return {
        "asked": answer.asked,
        "model": answer.model,
        "failures": answer.failures,
        "withheld": [{"text": each.text, "reason": each.reason} for each in answer.draft.withheld],
        "passages": [
            {
                "passage_id": str(each.passage_id),
                "document_id": str(each.document_id),
                "title": each.title,
                "heading": each.heading,
                "page": each.page,
                "score": round(each.score, 3),
            }
            for each in answer.evidence
        ],
    }


def _count_citations(taken: Taken, answer: Answer, event_id: UUID) -> None:
    """Only documents that are still there: one may have been removed while it was quoted."""
    cited = {UUID(str(each["document_id"])) for each in answer.citations}
    if not cited:
        return
    values = {"cited": list(cited), "organization": taken.organization_id}
    known = set(db.session.scalars(COUNT_CITED, values))
    rows = [
        {
            "organization_id": taken.organization_id,
            "document_id": UUID(str(each["document_id"])),
            "passage_id": UUID(str(each["passage_id"])),
            "conversation_id": taken.conversation_id,
            "event_id": event_id,
        }
        for each in answer.citations
        if UUID(str(each["document_id"])) in known
    ]
    if rows:
        db.session.execute(ADD_CITED, rows)


def _category(heard: Heard) -> TicketCategory:
    signals = set(heard.reading.signals)
    if "safety" in signals:
        return TicketCategory.SAFETY
    if heard.standing.wants_person:
        return TicketCategory.REQUEST
    return TicketCategory.COMPLAINT
