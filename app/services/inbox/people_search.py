"""Finding people by a part of their name or address, or by one that is almost the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select

from app.extensions import db
from app.models import Contact
from app.services.similarity import closest, halves

MOST_FOUND = 50
MOST_COMPARED = 600
WORD = re.compile(r"[^\W_]+")
NAMED = func.lower(Contact.name + " " + func.coalesce(Contact.email, ""))
HELD = func.lower(Contact.name + " " + func.coalesce(Contact.email, "") + " " + Contact.phone)


def named(organization_id: UUID, words: Sequence[str]) -> list[UUID]:
    """Those with all of the words, who came last first.

    They are looked up before their conversations are: together the database may well choose to
    look at the contact of every conversation.
    """
    query = (
        select(Contact.id)
        .where(Contact.organization_id == organization_id)
        .where(*(NAMED.contains(word, autoescape=True) for word in words))
        .order_by(Contact.id.desc())
        .limit(MOST_FOUND)
    )
    return list(db.session.scalars(query))


def similar(organization_id: UUID, words: Sequence[str]) -> list[UUID]:
    """Where every word is there, as it is or with a slip in it."""
    if not any(halves(word) for word in words):
        return []
    conditions = [
        or_(*(NAMED.contains(piece, autoescape=True) for piece in halves(word) or [word]))
        for word in words
    ]
    query = (
        select(Contact.id, NAMED)
        .where(Contact.organization_id == organization_id, *conditions)
        .order_by(Contact.id.desc())
        .limit(MOST_COMPARED)
    )
    return [
        contact_id
        for contact_id, written in db.session.execute(query)
        if all(word in written or closest(word, WORD.findall(written)) for word in words)
    ][:MOST_FOUND]
