"""Dealing with a visitor's turn: how it sounds, whether a person is needed, what to answer.

The row is the job. Whatever happens to a worker, another one finishes the turn when the lease has
run out; the attempt's number, demanded at the commit, makes sure that only one is heard.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, select, update

from app.adapters import adapters
from app.extensions import db
from app.models import (
    AuthorKind,
    EventKind,
    Organization,
    Speaker,
    Turn,
    TurnStatus,
    now,
)
from app.services.answering import answers, fixed_answers, own_models, spending
from app.services.answering.answer_steps import (
    Answer,
    Phase,
    Question,
    Refused,
    Released,
    Restarted,
)
from app.services.answering.assistants import profile_of
from app.services.conversation import escalation, verdicts
from app.services.conversation.conversations import JOB
from app.services.conversation.pacing import Clock, pause
from app.services.conversation.verdicts import Taken
from app.services.hours import opening
from app.services.log import event_log, telling
from app.services.log.event_log import Logged
from app.services.log.interruptions import Interruption, watching
from app.services.log.telling import Hint
from app.services.moods import moods
from app.services.moods.moods import Heard
from app.services.states import State, state_by
from app.services.work import claimed

log = structlog.get_logger(__name__)
# After so many tries something is wrong with this very question: it gets the last rung.
MOST_TRIES = 3
AGAIN_AFTER = timedelta(seconds=2)
LEASE_RENEWED_EVERY = 5.0
REMEMBERED = 12
_turns = cast(Table, Turn.__table__)


@cache
def ready() -> ColumnElement[bool]:
    """Which turns are next: never before an earlier one of the same conversation is done."""
    before = _turns.alias("before")
    earlier = (
        select(before.c.id)
        .where(
            before.c.conversation_id == _turns.c.conversation_id,
            before.c.seq < _turns.c.seq,
            before.c.status == TurnStatus.WAITING,
        )
        .exists()
    )
    return and_(_turns.c.status == TurnStatus.WAITING, ~earlier)


def deal_with(turn_id: UUID) -> None:
    """Deal with one turn. Safe to call twice: only one worker gets the row."""
    row = claimed(Turn, turn_id, ready())
    if row is None:
        return
    attempt, is_alone = row.tries, False
    try:
        found = _taken(row)
        if found is None:
            verdicts.close(turn_id, attempt, TurnStatus.PASSED)
        else:
            is_alone = _deal_with(*found)
    except Exception:
        log.exception("turn_failed", turn_id=str(turn_id), attempt=attempt)
        db.session.rollback()
        _put_off(turn_id, attempt)
    if not is_alone:
        _wake_next(turn_id)


def _taken(row: Any) -> tuple[Taken, list[Logged]] | None:
    """The turn with what was said up to then; nothing where the message is gone."""
    lines = event_log.words_before(row.conversation_id, row.seq + 1, limit=REMEMBERED)
    if not lines or lines[-1].seq != row.seq:
        return None
    taken = Taken(
        id=row.id,
        attempt=row.tries,
        organization_id=row.organization_id,
        conversation_id=row.conversation_id,
        visitor_id=row.visitor_id,
        seq=row.seq,
        epoch=row.epoch,
        text=lines[-1].text,
        message_id=lines[-1].id,
    )
    return taken, lines


def _deal_with(taken: Taken, lines: list[Logged]) -> bool:
    """Says whether nobody has written since: then there is no next turn to wake."""
    clock = Clock(time.perf_counter(), time.perf_counter())
    with watching(taken.conversation_id, taken.epoch) as interruption:
        state = state_by(taken.conversation_id)
        organization = db.session.get_one(Organization, taken.organization_id)
        question = _question(taken, organization, lines, state.locale if state else "")
        # Where the assistant keeps the hours too, a message outside of them becomes a ticket.
        off_duty = opening.only_takes_messages(organization)
        db.session.rollback()
        heard = moods.hear(taken.text, lines, state.mood_overruled_at if state else None)
        if state is None or not _may_answer(state, taken):
            moods.keep(taken.message_id, taken.conversation_id, heard)
            verdicts.close(taken.id, taken.attempt, TurnStatus.PASSED)
            return False
        called = (heard.standing.escalate or off_duty) and state.escalated_at is None
        if called:
            verdicts.escalate(taken.message_id, state, heard, off_duty=off_duty)
        if heard.standing.wants_person or off_duty:
            answer = (
                None if called else fixed_answers.patience(question, escalation.number_of(state))
            )
        else:
            question = replace(question, is_praise=heard.reading.is_praise(taken.text))
            answer = _answer(taken, question, interruption, clock)
        if called and (answer is None or answer.outcome == "unknown"):
            # A person is on the way: to say now that nothing was found would only add to it.
            _end_silently(taken, TurnStatus.DONE, outcome="person")
            return False
    if answer is None:
        moods.keep(taken.message_id, taken.conversation_id, heard)
        status = TurnStatus.STOPPED if interruption.keeps_what_is_there else TurnStatus.PASSED
        _end_silently(taken, status)
        return False
    return _say(taken, answer, heard, clock)


def _may_answer(state: State, taken: Taken) -> bool:
    return state.is_open and state.speaker is Speaker.ASSISTANT and state.epoch == taken.epoch


def _question(
    taken: Taken, organization: Organization, lines: Sequence[Logged], locale: str
) -> Question:
    profile = profile_of(organization)
    models = own_models.models_of(organization)
    used_up = bool(models) and spending.is_used_up(taken.organization_id, taken.visitor_id, profile)
    return Question(
        organization_id=taken.organization_id,
        organization=profile.organization,
        text=taken.text,
        assistant=profile.name,
        history=_history(lines, taken.seq),
        locale=locale,
        guidance=profile.guidance,
        allowed_hosts=profile.allowed_hosts,
        models=models,
        quotes_only="budget" if used_up else "",
        second_opinion=profile.second_opinion,
    )


def _history(lines: Sequence[Logged], before: int) -> tuple[tuple[str, str], ...]:
    return tuple(
        (line.author.value, line.text)
        for line in lines
        if line.kind is EventKind.MESSAGE and line.seq < before and line.text
    )


def _answer(
    taken: Taken, question: Question, interruption: Interruption, clock: Clock
) -> Answer | None:
    """Go through the steps and tell them; the last one is what is to be said."""
    try:
        for step in answers.answer(question, interruption):
            if isinstance(step, Answer):
                return step
            if interruption.happened and not interruption.keeps_what_is_there:
                return None
            _tell(taken, step)
            _renew(taken, clock)
            if isinstance(step, Released):
                pause(clock)
    except Exception:
        if taken.attempt < MOST_TRIES:
            raise
        log.exception("answer_failed", turn_id=str(taken.id))
        db.session.rollback()
        return fixed_answers.apology(question)
    return None


def _say(taken: Taken, answer: Answer, heard: Heard, clock: Clock) -> bool:
    timings = {
        "first_sentence_ms": clock.milliseconds(clock.first_sentence),
        "total_ms": clock.milliseconds(time.perf_counter()),
    }
    said = verdicts.speak(taken, answer, heard, timings)
    if said is None:
        _fall_silent(taken)
    return said is not None and said.seq == taken.seq + 1


def _end_silently(taken: Taken, status: TurnStatus, outcome: str = "") -> None:
    verdicts.close(taken.id, taken.attempt, status, outcome)
    _fall_silent(taken)


def _fall_silent(taken: Taken) -> None:
    """Nothing is to come: whoever saw that something was being written must not wait for it."""
    where = (taken.organization_id, taken.conversation_id, taken.visitor_id)
    telling.at_once(*where, Hint.TYPING, who=AuthorKind.ASSISTANT, typing=False)


def _tell(taken: Taken, step: Phase | Released | Refused | Restarted) -> None:
    """Sentences go out as they are released; they are in no table until the whole is."""
    where = (taken.organization_id, taken.conversation_id, taken.visitor_id)
    if isinstance(step, Phase):
        telling.at_once(*where, Hint.TYPING, who=AuthorKind.ASSISTANT, typing=True, phase=step.name)
        return
    answer = {"answer_id": taken.id, "attempt": taken.attempt, "epoch": taken.epoch}
    if isinstance(step, Refused):
        telling.at_once(*where, Hint.WITHHELD, withheld=answer | asdict(step.withheld))
        return
    delta: dict[str, Any] = dict(answer)
    if isinstance(step, Restarted):
        delta |= {"index": -1}
    else:
        delta |= {
            "index": step.index,
            "text": step.sentence.text,
            "lead": step.sentence.lead if step.index else "",
            "numbers": step.numbers,
            "citations": step.citations,
        }
    telling.at_once(*where, Hint.DELTA, delta=delta)


def _renew(taken: Taken, clock: Clock) -> None:
    """An answer that is still coming keeps its lease."""
    if time.perf_counter() - clock.renewed < LEASE_RENEWED_EVERY:
        return
    clock.renewed = time.perf_counter()
    verdicts.renew(taken.id, taken.attempt)


def _put_off(turn_id: UUID, attempt: int) -> None:
    db.session.execute(
        update(Turn)
        .where(Turn.id == turn_id, Turn.tries == attempt, Turn.status == TurnStatus.WAITING)
        .values(due_at=now() + AGAIN_AFTER * attempt, lease_until=None)
    )
    db.session.commit()


def _wake_next(turn_id: UUID) -> None:
    """Whoever has been waiting for this turn may go on at once."""
    following = db.session.scalar(_following(), {"done": turn_id})
    db.session.rollback()
    if following is not None:
        adapters.job_queue.enqueue(JOB, following)


@cache
def _following() -> Select[UUID]:
    """Put together once: to do that for every turn took a fifth of the time of a message."""
    done = _turns.alias("done")
    return (
        select(_turns.c.id)
        .join(done, done.c.conversation_id == _turns.c.conversation_id)
        .where(done.c.id == bindparam("done"), done.c.status != TurnStatus.WAITING)
        .where(_turns.c.status == TurnStatus.WAITING)
        .order_by(_turns.c.seq)
        .limit(1)
    )
