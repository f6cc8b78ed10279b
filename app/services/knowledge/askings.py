"""Asking all of an organization's own questions, as a job: hundreds of searches take a while."""

from __future__ import annotations

import time
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, select

from app.errors import Conflict, NotFound
from app.extensions import db
from app.models import Asking, AskingStatus
from app.services.holds import Hold, Superseded
from app.services.knowledge import evaluation
from app.services.knowledge.evaluation import Question, Report
from app.services.knowledge.known_answers import LABEL, list_questions
from app.services.work import claim, wake_after_commit

__all__ = ["JOB", "AskingStatus", "ask_all", "begin", "current", "get_asking", "ready"]
log = structlog.get_logger(__name__)
JOB = "ask_questions"
MOST_TRIES = 5
SAID_EVERY_SECONDS = 0.5
TOO_OFTEN = "Asking was interrupted again and again. Please try it again later."


def ready() -> ColumnElement[bool]:
    return Asking.status.in_((AskingStatus.QUEUED, AskingStatus.ASKING))


def begin(organization_id: UUID) -> Asking:
    """Have all of them asked. What is under way already is not begun twice."""
    under_way = current(organization_id)
    if under_way is not None:
        return under_way
    count = len(list_questions(organization_id))
    if not count:
        raise Conflict("There are no questions to ask yet.")
    asking = Asking(organization_id=organization_id, total=count)
    db.session.add(asking)
    db.session.flush()
    wake_after_commit(JOB, asking.id)
    db.session.commit()
    return asking


def current(organization_id: UUID) -> Asking | None:
    """The one that is under way."""
    query = select(Asking).where(Asking.organization_id == organization_id, ready())
    return db.session.scalars(query.order_by(Asking.id.desc())).first()


def get_asking(organization_id: UUID, asking_id: UUID) -> Asking:
    query = select(Asking).where(Asking.id == asking_id, Asking.organization_id == organization_id)
    asking = db.session.scalars(query).one_or_none()
    if asking is None:
        raise NotFound("There is no run by this id.")
    return asking


def ask_all(asking_id: UUID) -> None:
    """The job. After a crash it asks them all once more: nothing was kept of the first time."""
    asking = claim(Asking, asking_id, ready())
    if asking is None:
        return
    hold = Hold(asking)
    try:
        if hold.tries > MOST_TRIES:
            hold.release(status=AskingStatus.FAILED, error=TOO_OFTEN)
        else:
            _ask(hold)
    except Superseded:
        db.session.rollback()


def _ask(hold: Hold) -> None:
    asked = _questions(hold.organization_id)
    hold.note(status=AskingStatus.ASKING, total=len(asked), done=0)
    said = time.monotonic()

    def tell(done: int) -> None:
        nonlocal said
        if time.monotonic() - said > SAID_EVERY_SECONDS:
            hold.note(done=done)
            said = time.monotonic()

    report = evaluation.evaluate(hold.organization_id, asked, tell=tell)
    # One commit with the run itself, so that it is kept once.
    hold.check(status=AskingStatus.DONE, done=len(asked), **_outcome(report))
    compared = evaluation.record(hold.organization_id, LABEL, report)
    hold.release(**_outcome(compared))


def _questions(organization_id: UUID) -> list[Question]:
    return [
        Question(
            id=str(each.id),
            question=each.question,
            kind=each.kind,
            document_id=str(each.document_id) if each.document_id else None,
            answerable=each.answerable,
            answer=each.quote or None,
            previous=each.previous,
        )
        for each in list_questions(organization_id)
    ]


def _outcome(report: Report) -> dict[str, object]:
    return {
        "figures": report.figures,
        "ranks": report.ranks,
        "better": report.better,
        "worse": report.worse,
    }
