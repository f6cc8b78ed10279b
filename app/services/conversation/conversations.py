"""The visitor's side of a conversation: coming back to it, saying something, ending it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, insert, or_, update
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import (
    AuthorKind,
    Conversation,
    ConversationStatus,
    EventKind,
    Speaker,
    Turn,
    now,
)
from app.services import counters
from app.services.log import event_log, telling, threads
from app.services.log.attachments import claimed_files
from app.services.log.event_log import Author, Logged
from app.services.log.telling import Hint
from app.services.log.visitors import Guest
from app.services.search.question_vectors import foresee
from app.services.states import COLUMNS, NO_CONVERSATION, State, find_state
from app.services.team import notifications
from app.services.work import wake_after_commit

JOB = "turn"
LONGEST_MESSAGE = 8_000
MOST_ATTACHMENTS = 5
VISITOR_NAME = "Visitor"
ADD_TURN = insert(cast(Table, Turn.__table__))
_table = cast(Table, Conversation.__table__)
WAITS: dict[str, Any] = {
    "waiting_since": func.coalesce(
        _table.c.waiting_since, bindparam("moment", type_=_table.c.waiting_since.type)
    ),
    "visitor_read_seq": event_log.NEXT_SEQ,
    # Whoever writes is not put off any longer.
    "snoozed_until": None,
}


@dataclass(frozen=True)
class Accepted:
    """A message that is in the log. Sending it again has the same result."""

    state: State
    line: Logged
    repeated: bool = False


def say(
    guest: Guest,
    client_id: str,
    text: str,
    *,
    conversation_id: UUID | None = None,
    attachments: Sequence[UUID] = (),
) -> Accepted:
    """Commit a visitor's message, and the turn that will answer it, as one.

    The same `client_id` always ends in the same line of the log, however often it is sent.
    """
    text = _checked(text, attachments)
    foresee(text)
    # A file can be claimed once. Whether anything else was sent before, the log says by itself.
    if attachments and (known := event_log.sent_before(guest.id, client_id)):
        return Accepted(threads.theirs(guest, known.conversation_id), known, repeated=True)
    try:
        accepted = _say(guest, client_id, text, conversation_id, attachments)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        # Sent again after a gap, or by two tabs at once: the other one was first.
        known = event_log.sent_before(guest.id, client_id)
        if known is None:
            raise
        return Accepted(threads.theirs(guest, known.conversation_id), known, repeated=True)
    return accepted


def open_or_begin(guest: Guest, conversation_id: UUID | None) -> State:
    """The conversation that is meant, or a new one; inside the caller's transaction."""
    if conversation_id is not None:
        state = _where_it_goes_on(guest, threads.theirs(guest, conversation_id))
        if not state.is_open:
            _reopen(state.id)
        return state
    _begin(guest)
    begun = find_state(Conversation.visitor_id == guest.id)
    if begun is None:
        raise NotFound(NO_CONVERSATION)
    return begun


def end(guest: Guest, conversation_id: UUID) -> State:
    """The visitor is done."""
    state = threads.theirs(guest, conversation_id)
    if not state.is_open:
        return state
    added = event_log.append(
        state.id,
        EventKind.CLOSED,
        _author(guest),
        body={"by": AuthorKind.VISITOR},
        changes={
            "status": ConversationStatus.CLOSED,
            "closed_at": now(),
            "waiting_since": None,
            "escalated_at": None,
            "snoozed_until": None,
        },
        only_if=[Conversation.status == ConversationStatus.OPEN],
    )
    db.session.commit()
    return added[0] if added else threads.theirs(guest, conversation_id)


def rate(guest: Guest, conversation_id: UUID, score: int, comment: str = "") -> State:
    """How it was. Rating again replaces what was said before."""
    state = threads.theirs(guest, conversation_id)
    added = event_log.append(
        state.id,
        EventKind.RATED,
        _author(guest),
        body={"score": score, "comment": comment},
        changes={"rating": score, "rating_comment": comment},
    )
    db.session.commit()
    if added is None:
        raise NotFound(NO_CONVERSATION)
    return added[0]


def note_read(guest: Guest, conversation_id: UUID, seq: int) -> None:
    """How far the visitor has read; it never goes back, and not beyond what is there."""
    state = threads.theirs(guest, conversation_id)
    if state.visitor_read_seq >= min(seq, state.last_seq):
        return
    changed = event_log.change(
        state.id,
        {"visitor_read_seq": min(seq, state.last_seq)},
        [Conversation.visitor_read_seq < seq],
    )
    if changed:
        telling.after_commit(changed, Hint.READ, who="visitor", seq=changed.visitor_read_seq)
    db.session.commit()


def attach_contact(guest: Guest) -> None:
    """The visitor has said who they are: their open conversations belong to that contact now."""
    if guest.contact_id is None:
        return
    attached = db.session.execute(
        update(Conversation)
        .where(Conversation.visitor_id == guest.id)
        .where(or_(Conversation.contact_id.is_(None), ~Conversation.identified))
        .values(contact_id=guest.contact_id)
        .returning(*COLUMNS)
        .execution_options(synchronize_session=False)
    )
    for row in attached.all():
        telling.after_commit(State(*row), Hint.CONTACT)
    db.session.commit()


def _checked(text: str, attachments: Sequence[UUID]) -> str:
    text = text.strip()
    if len(text) > LONGEST_MESSAGE:
        message = f"Please keep a message under {LONGEST_MESSAGE:,} characters."
        raise Invalid(message, code="too_long", fields={"text": message})
    if len(attachments) > MOST_ATTACHMENTS:
        raise Invalid(f"Please send at most {MOST_ATTACHMENTS} files at once.", code="too_many")
    if not text and not attachments:
        raise Invalid("Please write something first.", code="empty")
    return text


def _say(
    guest: Guest,
    client_id: str,
    text: str,
    conversation_id: UUID | None,
    attachments: Sequence[UUID],
) -> Accepted:
    target = conversation_id or _begin(guest)
    if conversation_id and attachments:
        target = open_or_begin(guest, conversation_id).id
    body = {"attachments": claimed_files(guest, target, attachments)} if attachments else {}

    def add(where: UUID) -> tuple[State, Logged] | None:
        return event_log.append(
            where,
            EventKind.MESSAGE,
            _author(guest),
            text=text,
            body=body,
            client_id=client_id,
            changes=WAITS,
            only_if=threads.OPEN_AND_THEIRS,
            given={"moment": now()} | threads.whose(guest),
        )

    # Most are open and theirs, and are not looked at beforehand.
    added = add(target) or add(open_or_begin(guest, target).id)
    if added is None:
        raise NotFound(NO_CONVERSATION)
    state, line = added
    _queue_turn(guest, state, line)
    notifications.tell_of_message(state, line.text, line.seq)
    return Accepted(state, line)


def _where_it_goes_on(guest: Guest, state: State) -> State:
    """What was merged goes on elsewhere, unless the visitor must not read that: then it is
    taken up again where it was."""
    return (threads.goes_on_in(guest, state) if state.merged_into_id else None) or state


def _begin(guest: Guest) -> UUID:
    """A new conversation, with the next number that the organization can quote."""
    conversation = Conversation(
        organization_id=guest.organization_id,
        number=counters.next_number(guest.organization_id, "conversation"),
        visitor_id=guest.id,
        contact_id=guest.contact_id,
        identified=guest.identified,
        locale=guest.locale[:20],
        page_url=guest.place.page_url[:500],
        page_title=guest.place.page_title[:200],
    )
    db.session.add(conversation)
    db.session.flush()
    return conversation.id


def _reopen(conversation_id: UUID) -> None:
    """Writing to a closed conversation opens it again, and the assistant has the word."""
    event_log.append(
        conversation_id,
        EventKind.REOPENED,
        event_log.SYSTEM,
        changes={
            "status": ConversationStatus.OPEN,
            "closed_at": None,
            "speaker": Speaker.ASSISTANT,
            "epoch": Conversation.epoch + 1,
            "person_id": None,
            "escalated_at": None,
            "merged_into_id": None,
        },
        only_if=[Conversation.status == ConversationStatus.CLOSED],
    )


def _queue_turn(guest: Guest, state: State, line: Logged) -> None:
    turn_id = uuid7()
    moment = now()
    db.session.execute(
        ADD_TURN,
        {
            "id": turn_id,
            "created_at": moment,
            "due_at": moment,
            "organization_id": guest.organization_id,
            "conversation_id": state.id,
            "visitor_id": guest.id,
            "seq": line.seq,
            "epoch": state.epoch,
        },
    )
    wake_after_commit(JOB, turn_id)


def _author(guest: Guest) -> Author:
    return Author(AuthorKind.VISITOR, guest.id, guest.name or VISITOR_NAME)
