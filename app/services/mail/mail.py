"""Mail by way of the outbox: written with the change that causes it, carried afterwards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, select, update

from app.adapters import adapters
from app.adapters.mailer import Letter
from app.errors import NotFound, ProviderError
from app.extensions import db
from app.models import MailStatus, OutboxMessage, User, now
from app.services.mail.letters import compose
from app.services.paging import Page, page_of
from app.services.work import back_off, claim, wake_after_commit
from app.vault import SealedByAnotherKey

log = structlog.get_logger(__name__)
JOB = "send_mail"
# With the back-off of an hour at most, that is about a day.
MAX_TRIES = 30


def post(
    template: str,
    recipient: str,
    facts: dict[str, Any],
    *,
    organization_id: UUID | None,
    on_behalf_of_id: UUID | None = None,
) -> OutboxMessage:
    """Put a message into the outbox, inside the caller's transaction."""
    wording = compose(template, facts)
    message = OutboxMessage(
        organization_id=organization_id,
        on_behalf_of_id=on_behalf_of_id,
        template=template,
        recipient=recipient,
        subject=wording.subject,
        text=wording.text,
        html=wording.html,
        status=MailStatus.QUEUED if adapters.mailer.delivers else MailStatus.KEPT,
    )
    db.session.add(message)
    db.session.flush()
    if message.status is MailStatus.QUEUED:
        wake_after_commit(JOB, message.id)
    return message


def ready() -> ColumnElement[bool]:
    """Which messages still have to go out."""
    return OutboxMessage.status == MailStatus.QUEUED


def deliver(message_id: UUID) -> None:
    """Carry one message. Safe to call twice: only one worker gets the row."""
    message = claim(OutboxMessage, message_id, ready())
    if message is None:
        return
    if _sender_lost_access(message):
        _settle(message, MailStatus.CANCELLED, "The person who caused it lost access.")
        return
    if message.tries > MAX_TRIES:
        _settle(
            message, MailStatus.FAILED, "It was begun again and again, and never came to an end."
        )
        return
    try:
        letter = _letter(message)
        # Nothing of the database is held while somebody else's server thinks.
        db.session.rollback()
        adapters.mailer.send(letter)
    except SealedByAnotherKey as error:
        _settle(message, MailStatus.FAILED, str(error))
    except ProviderError as error:
        _note_failure(message, error)
    else:
        message.sent_at = now()
        _settle(message, MailStatus.SENT, "")


def cancel_for(user: User, *, to_others_only: bool = False) -> None:
    """What a person caused and what has not left yet stays here; part of the caller's change."""
    caused = [OutboxMessage.on_behalf_of_id == user.id, ready()]
    if to_others_only:
        caused.append(OutboxMessage.recipient != user.email)
    db.session.execute(
        update(OutboxMessage)
        .where(*caused)
        .values(status=MailStatus.CANCELLED, text=None, html=None)
    )


def mail_log(organization_id: UUID, cursor: str | None, limit: int) -> Page[OutboxMessage]:
    """What the team may see: never a body, since bodies hold other people's links."""
    query = select(OutboxMessage).where(OutboxMessage.organization_id == organization_id)
    return page_of(query, OutboxMessage.id, cursor, limit)


def kept_messages(limit: int = 100) -> list[OutboxMessage]:
    """The newest messages of every organization, for the person who runs this machine."""
    query = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def kept_message(message_id: UUID) -> OutboxMessage:
    """One of them with its body."""
    message = db.session.get(OutboxMessage, message_id)
    if message is None:
        raise NotFound
    return message


def link(path: str, token: str) -> str:
    """An address with its secret behind the #, where no server and no log sees it."""
    return f"{current_app.config['FRONTDESK'].public_url}{path}#token={token}"


def _sender_lost_access(message: OutboxMessage) -> bool:
    if message.on_behalf_of_id is None:
        return False
    sender = db.session.get(User, message.on_behalf_of_id)
    return sender is None or not sender.active


def _letter(message: OutboxMessage) -> Letter:
    return Letter(
        message_id=str(message.id),
        recipient=message.recipient,
        subject=message.subject,
        text=message.text or "",
        html=message.html or "",
    )


def _note_failure(message: OutboxMessage, error: ProviderError) -> None:
    log.warning("mail_not_sent", message_id=str(message.id), tries=message.tries)
    if error.permanent or message.tries >= MAX_TRIES:
        _settle(message, MailStatus.FAILED, str(error))
        return
    message.due_at = back_off(message.tries)
    _settle(message, MailStatus.QUEUED, str(error))


def _settle(message: OutboxMessage, status: MailStatus, error: str) -> None:
    message.status = status
    message.last_error = error[:300]
    message.lease_until = None
    if status is not MailStatus.QUEUED:
        message.text = message.html = None
    db.session.commit()
