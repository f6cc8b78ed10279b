"""Canned replies: written once, found by what is typed behind a slash, filled in when used."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import CannedReply, Contact, Organization
from app.services import audit
from app.services.actors import Actor
from app.services.inbox.unique_names import flush_or_refuse
from app.services.states import State, get_state

MOST = 1_000
NO_REPLY = "There is no canned reply by this id."
TAKEN = "There is a canned reply with this shortcut already."
VARIABLE = re.compile(r"\{\{\s*([A-Za-z_.]+)\s*(?:\|([^{}|]*))?\}\}")


@dataclass(frozen=True)
class Around:
    """What the variables of a text speak of."""

    contact: Contact | None
    agent: str
    organization: str
    number: int


VARIABLES: dict[str, Callable[[Around], str]] = {
    "contact.name": lambda around: around.contact.name if around.contact else "",
    "contact.first_name": lambda around: _first(around.contact.name) if around.contact else "",
    "contact.email": lambda around: (around.contact.email or "") if around.contact else "",
    "agent.name": lambda around: around.agent,
    "agent.first_name": lambda around: _first(around.agent),
    "organization.name": lambda around: around.organization,
    "conversation.number": lambda around: str(around.number),
}


def list_replies(organization_id: UUID, asked: str = "") -> Sequence[CannedReply]:
    """By their shortcuts; those that begin with what is asked come first."""
    wanted = asked.lower().lstrip("/").strip()
    query = select(CannedReply).where(CannedReply.organization_id == organization_id)
    if wanted:
        texts = (CannedReply.shortcut, CannedReply.title, CannedReply.text)
        query = query.where(
            or_(*(func.lower(each).contains(wanted, autoescape=True) for each in texts))
        )
    begins = CannedReply.shortcut.startswith(wanted, autoescape=True)
    return db.session.scalars(query.order_by(begins.desc(), CannedReply.shortcut).limit(MOST)).all()


def add(actor: Actor, values: dict[str, Any]) -> CannedReply:
    check_variables(values["text"])
    row = CannedReply(organization_id=actor.organization_id, **values)
    db.session.add(row)
    _record(actor, "added", row.shortcut)
    flush_or_refuse("shortcut", TAKEN)
    db.session.commit()
    return row


def change(actor: Actor, reply_id: UUID, changes: dict[str, Any]) -> CannedReply:
    row = _find(actor.organization_id, reply_id)
    if "text" in changes:
        check_variables(changes["text"])
    for key, value in changes.items():
        setattr(row, key, value)
    _record(actor, "changed", row.shortcut)
    flush_or_refuse("shortcut", TAKEN)
    db.session.commit()
    return row


def remove(actor: Actor, reply_id: UUID) -> None:
    row = _find(actor.organization_id, reply_id)
    _record(actor, "removed", row.shortcut)
    db.session.delete(row)
    db.session.commit()


def fill(actor: Actor, reply_id: UUID, conversation_id: UUID) -> str:
    """Its text for this conversation; whoever sends it may still change it."""
    row = _find(actor.organization_id, reply_id)
    return filled(actor, get_state(actor.organization_id, conversation_id), row.text)


def filled(actor: Actor, state: State, text: str) -> str:
    """Variables are replaced once: what a visitor calls themselves is never looked into."""
    organization = db.session.get_one(Organization, state.organization_id)
    contact = db.session.get(Contact, state.contact_id) if state.contact_id else None
    around = Around(contact, actor.name, organization.name, state.number)

    def value_of(found: re.Match[str]) -> str:
        value = VARIABLES[found[1].lower()]
        return value(around).strip() or (found[2] or "").strip()

    return VARIABLE.sub(value_of, text)


def check_variables(text: str) -> None:
    """A variable that we do not know would be sent to a customer as it stands."""
    for name in (found[1] for found in VARIABLE.finditer(text)):
        if name.lower() not in VARIABLES:
            _refuse(f"“{name}” is not a variable. There are: {', '.join(VARIABLES)}.")
    rest = VARIABLE.sub("", text)
    if "{{" in rest or "}}" in rest:
        _refuse("A variable looks like {{contact.first_name|there}}.")


def _refuse(message: str) -> None:
    raise Invalid(message, fields={"text": message})


def _first(name: str) -> str:
    words = name.split(maxsplit=1)
    return words[0] if words else ""


def _find(organization_id: UUID, reply_id: UUID) -> CannedReply:
    row = db.session.get(CannedReply, reply_id)
    if row is None or row.organization_id != organization_id:
        raise NotFound(NO_REPLY)
    return row


def _record(actor: Actor, verb: str, shortcut: str) -> None:
    audit.record(actor, f"canned_reply.{verb}", f"{actor.name} {verb} the canned reply /{shortcut}")
