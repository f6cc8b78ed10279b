"""A conversation goes on by mail when the visitor has left.

What a person writes and the visitor has not read a little later is mailed, all of it in one letter,
with a link that opens the thread again. The link proves the mailbox: it opens this conversation,
and none of those that somebody has begun under a name that they merely typed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select

from app.errors import AppError, Forbidden
from app.extensions import db
from app.models import (
    AuthorKind,
    Contact,
    Conversation,
    Event,
    EventKind,
    Organization,
    now,
)
from app.services.conversation import reply_links
from app.services.log import event_log, visitors
from app.services.log.event_log import Logged
from app.services.log.visitors import Guest
from app.services.mail import mail
from app.services.safe_markdown import plain
from app.services.states import State
from app.services.wording import language, say
from app.services.work import one_by_one

UNREAD_FOR = timedelta(minutes=2)
MOST_AT_ONCE = 200
MOST_REPLIES = 50
TEMPLATE = "reply"
WORDS = ("subject", "lead", "files", "button", "lasts", "why", "copy")


class StaleLink(AppError):
    status = 410
    code = "stale_link"


def due_after_reply(state: State) -> object:
    """When the reply that is being written has to be mailed, if it can be."""
    contact = db.session.get(Contact, state.contact_id) if state.contact_id else None
    due = now() + UNREAD_FOR if contact and contact.email else None
    return func.coalesce(Conversation.mail_due_at, due)


def mail_unread() -> int:
    """Mail what waited long enough; part of the sweeping. Says how many letters that makes."""
    due = (
        select(Conversation.id, Conversation.mail_due_at, Conversation.mailed_seq)
        .where(Conversation.mail_due_at <= now())
        .order_by(Conversation.mail_due_at)
        .limit(MOST_AT_ONCE)
    )
    return one_by_one(db.session.execute(due).all(), _mail)


def resume(guest: Guest, token: str) -> tuple[Guest, UUID]:
    """Let this browser into the conversation of a link; the guest has a token of its own then."""
    found = reply_links.opened_by(guest.organization_id, token)
    if found is None:
        raise StaleLink(say("stale_link", guest.locale))
    conversation, contact = found
    conversation_id = conversation.id
    begun_by = conversation.visitor_id
    if begun_by is not None and visitors.is_blocked(replace(guest, id=begun_by)):
        raise Forbidden(visitors.BLOCKED, code="blocked")
    conversation.identified = True
    return visitors.recognise(guest, contact), conversation_id


def _mail(due: Any) -> int:
    """Of several workers one gets it; the letter and the mark are one commit."""
    state = event_log.change(
        due.id,
        {"mail_due_at": None, "mailed_seq": Conversation.last_seq},
        [Conversation.mail_due_at == due.mail_due_at],
    )
    contact = db.session.get(Contact, state.contact_id) if state and state.contact_id else None
    if state is None or contact is None or not contact.email:
        db.session.commit()
        return 0
    unread = _unread(state, due.mailed_seq)
    if unread:
        facts = _facts(state, contact, unread)
        mail.post(TEMPLATE, contact.email, facts, organization_id=state.organization_id)
    db.session.commit()
    return int(bool(unread))


def _unread(state: State, mailed_seq: int) -> list[Logged]:
    """What people have said since the visitor last looked, and since the last letter."""
    query = (
        select(*event_log.FIELDS)
        .where(
            Event.conversation_id == state.id,
            Event.seq > max(mailed_seq, state.visitor_read_seq),
            Event.kind == EventKind.MESSAGE,
            Event.author == AuthorKind.PERSON,
        )
        .order_by(Event.seq)
        .limit(MOST_REPLIES)
    )
    return [Logged(*row) for row in db.session.execute(query)]


def _facts(state: State, contact: Contact, unread: list[Logged]) -> dict[str, Any]:
    organization = db.session.get_one(Organization, state.organization_id)
    known = {
        "organization": organization.name,
        "name": unread[-1].author_name,
        "number": str(state.number),
    }
    spoken = language(state.locale)
    base = f"{current_app.config['FRONTDESK'].public_url}/chat/{organization.slug}"
    return {
        "organization": organization.name,
        "language": spoken,
        "words": {word: say(f"reply_mail_{word}", spoken, **known) for word in WORDS},
        "replies": [_reply(line) for line in unread],
        "url": f"{base}#continue={reply_links.issue(state.id, contact)}",
    }


def _reply(line: Logged) -> dict[str, Any]:
    return {
        "name": line.author_name,
        "text": plain(line.text),
        "files": [each["name"] for each in line.body.get("attachments", [])],
    }
