"""How many conversations lie in each pile: counted up to a number beyond which nobody counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, literal, select

from app.extensions import db
from app.models import Conversation, Mention
from app.services.inbox import views
from app.services.inbox.lists import NOBODY, Filters, Pile, conditions

MOST = 999


@dataclass(frozen=True)
class Counts:
    """Of what is open; `mentions` are those with a call that one has not read."""

    mine: int
    unassigned: int
    all: int
    mentions: int
    escalated: int
    snoozed: int
    views: dict[UUID, int]


def counts_for(organization_id: UUID, user_id: UUID) -> Counts:
    """All of them by one statement."""
    is_open = Pile.OPEN
    piles = {
        "mine": Filters(status=is_open, assignee=user_id),
        "unassigned": Filters(status=is_open, assignee=NOBODY),
        "all": Filters(status=is_open),
        "escalated": Filters(status=is_open, escalated=True),
        "snoozed": Filters(status=Pile.SNOOZED),
    }
    saved = views.list_views(organization_id, user_id)
    queries = [_some(conditions(organization_id, each)) for each in piles.values()]
    queries.append(_unread_mentions(organization_id, user_id))
    for view in saved:
        filters = views.filters_of({"status": is_open.value} | view.filters, user_id)
        queries.append(_some(conditions(organization_id, filters)))
    row = db.session.execute(select(*(_count(each) for each in queries))).one()
    numbers = list(row)
    return Counts(
        **dict(zip(piles, numbers, strict=False)),
        mentions=numbers[len(piles)],
        views={
            view.id: count for view, count in zip(saved, numbers[len(piles) + 1 :], strict=True)
        },
    )


def _some(wanted: Sequence[ColumnElement[bool]]) -> Select[int]:
    return select(literal(1)).select_from(Conversation).where(*wanted).limit(MOST)


def _unread_mentions(organization_id: UUID, user_id: UUID) -> Select[int]:
    called = select(Mention.conversation_id).where(
        Mention.user_id == user_id, Mention.read_at.is_(None)
    )
    wanted = conditions(organization_id, Filters(status=Pile.OPEN))
    return _some([*wanted, Conversation.id.in_(called)])


def _count(some: Select[int]) -> ScalarSelect[int]:
    return select(func.count()).select_from(some.subquery()).scalar_subquery()
