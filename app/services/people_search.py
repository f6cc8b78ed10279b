"""Finding people by a part of their name or address, or by one that is almost the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.extensions import db
from app.models import Contact
from app.services.similarity import closest, sure_pieces, vague_pieces

MOST_COMPARED = 600
WORD = re.compile(r"[^\W_]+")
NAMED = func.lower(Contact.name + " " + func.coalesce(Contact.email, ""))


def similar(organization_id: UUID, words: Sequence[str]) -> list[UUID]:
    """Where every word is there, as it is or with a slip in it."""
    ways = [[(word,), *sure_pieces(word), *vague_pieces(word)] for word in words]
    if all(len(each) == 1 for each in ways):
        return []
    conditions = [
        or_(*(and_(*(NAMED.contains(one, autoescape=True) for one in way)) for way in each))
        for each in ways
    ]
    query = (
        select(Contact.id, NAMED)
        .where(Contact.organization_id == organization_id, *conditions)
        .limit(MOST_COMPARED)
    )
    return [
        contact_id
        for contact_id, named in db.session.execute(query)
        if all(word in named or closest(word, WORD.findall(named)) for word in words)
    ]


def named(organization_id: UUID, words: Sequence[str]) -> ColumnElement[UUID]:
    """Those with all of the words, as a part of another query."""
    return select(Contact.id).where(  # type: ignore[return-value]
        Contact.organization_id == organization_id,
        *(NAMED.contains(word, autoescape=True) for word in words),
    )
