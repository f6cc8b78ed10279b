"""Who comes in through the widget: a browser with a secret token, and perhaps a known contact."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from app.errors import AppError, Forbidden, NotFound
from app.extensions import db
from app.models import Contact, Organization, OrganizationRemoval, Visitor, now
from app.services.secret_tokens import hash_of, new_secret

MARK = "vt_"
KEY = re.compile(r"pk_[A-Za-z0-9_-]{1,37}")
# Noted at most so often: who is there is no reason to write at every sign of life.
SEEN_EVERY = timedelta(minutes=1)
LEEWAY_SECONDS = 60
LONGEST_IDENTITY = timedelta(days=1)
MOST_FACTS = 50
NO_WIDGET = "There is no widget by this key."
BAD_IDENTITY = "The signed identity is not valid: check the secret, `sub` and `exp`."
BLOCKED = "This chat is not available."


@dataclass(frozen=True)
class Place:
    """Where the visitor is, as the browser tells it: shown to the team, believed by nobody."""

    locale: str = ""
    page_url: str = ""
    page_title: str = ""


@dataclass(frozen=True)
class Guest:
    """A visitor as plain values. `token` is only there when it has just been made."""

    id: UUID
    organization_id: UUID
    contact_id: UUID | None = None
    identified: bool = False
    name: str = ""
    email: str | None = None
    locale: str = ""
    place: Place = Place()
    token: str = ""


class BadIdentity(AppError):
    status = 401
    code = "bad_identity"
    message = BAD_IDENTITY


def organization_by_key(widget_key: str) -> Organization:
    """The organization whose widget this is. The key is public: it opens nothing."""
    # Anybody may send anything: a NUL would be an error of PostgreSQL's, and not of the sender's.
    if not KEY.fullmatch(widget_key):
        raise NotFound(NO_WIDGET)
    found = db.session.scalars(
        select(Organization).where(Organization.widget_key == widget_key)
    ).one_or_none()
    if found is None:
        raise NotFound(NO_WIDGET)
    return found


def arrive(organization_id: UUID, token: str, place: Place) -> Guest:
    """The visitor whose token this is; a new one where it is nobody's here."""
    visitor = _known(organization_id, token) if token else None
    if visitor is None:
        return _newcomer(organization_id, place)
    if visitor.blocked:
        raise Forbidden(BLOCKED, code="blocked")
    if now() - visitor.last_seen_at > SEEN_EVERY or place.page_url[:500] != visitor.page_url:
        _note_place(visitor, place)
        db.session.commit()
    return _guest(visitor, place)


def find(organization_id: UUID, token: str) -> Guest | None:
    """The visitor whose token this is, and nobody new."""
    visitor = _known(organization_id, token)
    return None if visitor is None or visitor.blocked else _guest(visitor, Place())


def is_known(guest: Guest) -> bool:
    """False once they have been erased, from whatever browser or by the team, or all has."""
    leaving = exists().where(OrganizationRemoval.organization_id == guest.organization_id)
    query = select(Visitor.id).where(
        Visitor.id == guest.id, Visitor.organization_id == guest.organization_id, ~leaving
    )
    return db.session.scalar(query) is not None


def is_blocked(guest: Guest) -> bool:
    """Whether the team has had enough of them meanwhile."""
    blocked = db.session.scalar(select(Visitor.blocked).where(Visitor.id == guest.id))
    return bool(blocked)


def identify(guest: Guest, signed: str) -> Guest:
    """Attach the visitor to the contact that the host site has vouched for."""
    claims = _verified(guest.organization_id, signed)
    contact = _vouched_contact(guest.organization_id, claims)
    _refuse_blocked(contact)
    visitor = db.session.get(Visitor, guest.id)
    if visitor is None:
        raise NotFound
    if visitor.identified and visitor.contact_id != contact.id:
        # Somebody else has signed in on this machine: what was said before is not theirs to read.
        db.session.rollback()
        stranger = _newcomer(guest.organization_id, guest.place)
        return replace(identify(stranger, signed), token=stranger.token)
    visitor.contact_id, visitor.identified = contact.id, True
    db.session.commit()
    return _guest(visitor, guest.place, token=guest.token)


def recognise(guest: Guest, contact: Contact) -> Guest:
    """Attach the visitor to the contact whose mailbox they have shown that they read.

    Always under a new token: somebody else may have put the one before into this browser.
    """
    _refuse_blocked(contact)
    visitor = db.session.get(Visitor, guest.id)
    if visitor is None:
        raise NotFound
    token = MARK + new_secret()
    if visitor.identified and visitor.contact_id != contact.id:
        visitor = Visitor(organization_id=guest.organization_id)
        _note_place(visitor, guest.place)
        db.session.add(visitor)
    visitor.token_hash = hash_of(token)
    visitor.contact_id, visitor.identified = contact.id, True
    db.session.commit()
    return _guest(visitor, guest.place, token=token)


def note_contact(guest: Guest, given: dict[str, Any]) -> Guest:
    """What a visitor says of themselves: it opens no history, and overwrites nothing."""
    visitor = db.session.get(Visitor, guest.id)
    if visitor is None:
        raise NotFound
    if visitor.identified:
        return guest
    contact = _claimed_contact(visitor, given)
    visitor.contact_id = contact.id
    db.session.commit()
    return _guest(visitor, guest.place)


def _refuse_blocked(contact: Contact) -> None:
    """Another browser is no way back in. Whoever was not vouched for may be anybody."""
    blocked = select(Visitor.id).where(
        Visitor.contact_id == contact.id, Visitor.identified, Visitor.blocked
    )
    if db.session.scalar(blocked.limit(1)) is not None:
        raise Forbidden(BLOCKED, code="blocked")


def _known(organization_id: UUID, token: str) -> Visitor | None:
    if not token.startswith(MARK):
        return None
    return db.session.scalars(
        select(Visitor).where(
            Visitor.token_hash == hash_of(token), Visitor.organization_id == organization_id
        )
    ).one_or_none()


def _newcomer(organization_id: UUID, place: Place) -> Guest:
    token = MARK + new_secret()
    visitor = Visitor(organization_id=organization_id, token_hash=hash_of(token))
    _note_place(visitor, place)
    db.session.add(visitor)
    db.session.commit()
    return _guest(visitor, place, token=token)


def _note_place(visitor: Visitor, place: Place) -> None:
    visitor.locale = place.locale[:20]
    visitor.page_url = place.page_url[:500]
    visitor.page_title = place.page_title[:200]
    visitor.last_seen_at = now()


def _guest(visitor: Visitor, place: Place, token: str = "") -> Guest:
    contact = db.session.get(Contact, visitor.contact_id) if visitor.contact_id else None
    return Guest(
        id=visitor.id,
        organization_id=visitor.organization_id,
        contact_id=visitor.contact_id,
        identified=visitor.identified,
        # Whoever merely types an address must not learn the name that belongs to it.
        name=contact.name if contact and visitor.identified else "",
        email=contact.email if contact else None,
        locale=place.locale or visitor.locale,
        place=place,
        token=token,
    )


def _verified(organization_id: UUID, signed: str) -> dict[str, Any]:
    """W3: what the host page claims counts only with the signature of its server."""
    secret = db.session.scalar(
        select(Organization.identity_secret).where(Organization.id == organization_id)
    )
    if not secret:
        raise BadIdentity
    try:
        claims: dict[str, Any] = jwt.decode(
            signed,
            secret,
            algorithms=["HS256"],
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "sub"], "verify_aud": False},
        )
    except jwt.PyJWTError as error:
        raise BadIdentity from error
    # Some sites write their numbers as texts.
    lasts = int(claims["exp"]) - now().timestamp()
    has_nul = any("\0" in str(value) for value in claims.values())
    if has_nul or not 0 < len(claims["sub"]) <= 200 or lasts > LONGEST_IDENTITY.total_seconds():
        raise BadIdentity
    return claims


def _vouched_contact(organization_id: UUID, claims: dict[str, Any]) -> Contact:
    """Found by what the site calls them, else by the address that the site vouches for."""
    email = str(claims.get("email") or "").strip().lower()[:254] or None
    name = " ".join(str(claims.get("name") or "").split())[:120]
    contact = _contact_where(organization_id, Contact.external_id == claims["sub"])
    address = Contact.email == email
    if contact is None and email:
        contact = _contact_where(organization_id, address & Contact.external_id.is_(None))
    if contact is None:
        contact = _made_contact(organization_id, external_id=claims["sub"])
    contact.external_id = claims["sub"]
    contact.name = name or contact.name
    if email not in (None, contact.email) and not _contact_where(organization_id, address):
        contact.email = email
    db.session.commit()
    return contact


def _claimed_contact(visitor: Visitor, given: dict[str, Any]) -> Contact:
    email = given.get("email")
    own = db.session.get(Contact, visitor.contact_id) if visitor.contact_id else None
    if own and (own.external_id or (email and own.email)):
        # An address that was typed leads here: it must not be bent to another mailbox.
        own = None
    known = _contact_where(visitor.organization_id, Contact.email == email) if email else None
    if own and own.email and not _was_made_by(visitor, own):
        # They came here by typing an address: what is said next is no better founded.
        known = own
    contact = known or own or _made_contact(visitor.organization_id, email=email)
    # An address that is known already keeps what is known about it.
    if contact is not known or not contact.name:
        contact.name = given.get("name") or contact.name
    if contact is not known:
        contact.email = email or contact.email
        contact.phone = given.get("phone") or contact.phone
        facts = contact.attributes | (given.get("fields") or {})
        contact.attributes = dict(list(facts.items())[:MOST_FACTS])
    return contact


def _was_made_by(visitor: Visitor, contact: Contact) -> bool:
    """Whether nobody else can have told what is known of a contact."""
    others = exists().where(Visitor.contact_id == contact.id, Visitor.id != visitor.id)
    return contact.created_at >= visitor.created_at and not db.session.scalar(select(others))


def _contact_where(organization_id: UUID, condition: Any) -> Contact | None:
    query = select(Contact).where(Contact.organization_id == organization_id, condition)
    return db.session.scalars(query).one_or_none()


def _made_contact(organization_id: UUID, **facts: Any) -> Contact:
    """Two tabs may introduce the same person at the same moment: then the other's row is taken."""
    contact = Contact(organization_id=organization_id, attributes={}, name="", phone="", **facts)
    try:
        with db.session.begin_nested():
            db.session.add(contact)
    except IntegrityError:
        (name, value), *_ = facts.items()
        found = _contact_where(organization_id, getattr(Contact, name) == value)
        if found is None:
            raise
        return found
    return contact
