"""Asking every organization for what only another one knows: none of it may be found.

It plants nothing: what one organization has is the canary for the others. So it may run on an
installation that people use.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models import AuthorKind, Document, Event, Organization, Passage
from app.services.inbox import message_search
from app.services.search import retrieval

LONGEST_QUESTION = 400
# The words of a search in conversations all have to be found.
WORDS_SEARCHED = 4


@dataclass(frozen=True)
class Probed:
    """One organization that was asked for what another one has; `leaks` says what it told."""

    asked: str
    of: str
    leaks: tuple[str, ...]


@dataclass(frozen=True)
class _Tenant:
    id: UUID
    slug: str


def probe(most_others: int) -> Iterator[Probed]:
    """Ask each organization for something of as many others, chosen by chance."""
    rows = db.session.execute(select(Organization.id, Organization.slug)).all()
    tenants = [_Tenant(*row) for row in rows]
    for tenant in tenants:
        others = [each for each in tenants if each != tenant]
        for other in random.sample(others, min(most_others, len(others))):
            leaks = (*_found_in_documents(tenant, other), *_found_in_messages(tenant, other))
            yield Probed(tenant.slug, other.slug, leaks)


def _found_in_documents(tenant: _Tenant, other: _Tenant) -> Iterator[str]:
    mine = Passage.organization_id == other.id
    canary = _by_chance(Passage.text, Passage.number, mine, Passage.live.is_(True))
    if not canary:
        return
    found = retrieval.search(tenant.id, canary[:LONGEST_QUESTION], limit=20)
    ids = {each.document.id for each in found}
    owned = select(Document.id).where(Document.organization_id == tenant.id, Document.id.in_(ids))
    for document_id in sorted(ids - set(db.session.scalars(owned))):
        yield f"the document {document_id}"


def _found_in_messages(tenant: _Tenant, other: _Tenant) -> Iterator[str]:
    said = Event.organization_id == other.id, Event.author == AuthorKind.VISITOR, Event.text != ""
    canary = _by_chance(Event.text, Event.number, *said)
    words = sorted(canary.split(), key=len)[-WORDS_SEARCHED:]
    found, _ = message_search.search(tenant.id, " ".join(words))
    for each in found:
        if each.state.organization_id != tenant.id:
            yield f"the conversation {each.state.id}"


def _by_chance(column: Any, number: Any, *conditions: ColumnElement[bool]) -> str:
    """One of these texts, without sorting all of them."""
    lowest, highest = db.session.execute(
        select(func.min(number), func.max(number)).where(*conditions)
    ).one()
    if lowest is None:
        return ""
    # Chance chooses which text is asked for, and nothing depends on its being hard to guess.
    start = random.randint(lowest, highest)  # noqa: S311
    query = select(column).where(*conditions, number >= start).order_by(number).limit(1)
    return str(db.session.scalar(query))
