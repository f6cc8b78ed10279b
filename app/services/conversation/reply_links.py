"""Links that open one conversation for whoever reads the mailbox they were sent to.

Signed and not stored: a link says for which conversation, for which contact and to which address
it was made, and until when it is good. It opens nothing once the contact has another address.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
from flask import current_app

from app.extensions import db
from app.models import Contact, Conversation, now
from app.services.secret_tokens import hash_of

LIFETIME = timedelta(days=30)
AUDIENCE = "continue"
ALGORITHM = "HS256"
NEEDED = ["exp", "aud", "conversation", "contact", "mailbox"]


def issue(conversation_id: UUID, contact: Contact, lifetime: timedelta = LIFETIME) -> str:
    """What stands behind the # of the link."""
    claims = {
        "aud": AUDIENCE,
        "exp": now() + lifetime,
        "conversation": str(conversation_id),
        "contact": str(contact.id),
        "mailbox": _mailbox(contact),
    }
    return jwt.encode(claims, _key(), algorithm=ALGORITHM)


def opened_by(organization_id: UUID, token: str) -> tuple[Conversation, Contact] | None:
    """What a link opens here, if anything."""
    claims = _claims(token)
    if claims is None:
        return None
    conversation = db.session.get(Conversation, UUID(claims["conversation"]))
    contact = db.session.get(Contact, UUID(claims["contact"]))
    if conversation is None or contact is None:
        return None
    fits = (
        conversation.organization_id == contact.organization_id == organization_id
        and conversation.contact_id == contact.id
        and hmac.compare_digest(claims["mailbox"], _mailbox(contact))
    )
    return (conversation, contact) if fits else None


def _claims(token: str) -> dict[str, Any] | None:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": NEEDED},
        )
    except jwt.PyJWTError:
        return None
    return claims


def _mailbox(contact: Contact) -> str:
    """A token is no secret to whoever holds it: the address itself does not stand in it."""
    return hash_of(f"{contact.id}:{contact.email or ''}")[:32]


def _key() -> bytes:
    """Not the key of the sessions: neither kind of token can ever pass for the other."""
    secret: str = current_app.config["FRONTDESK"].secret_key
    return hashlib.sha256(b"frontdesk reply link\0" + secret.encode()).digest()
