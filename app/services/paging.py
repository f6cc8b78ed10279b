"""Lists by cursor: the next page begins after the last row seen, whatever came in between."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from app.errors import Invalid
from app.extensions import db

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    items: list[T]
    next_cursor: str | None


def page_of(
    query: Select[T],
    key: InstrumentedAttribute[UUID],
    cursor: str | None,
    limit: int,
) -> Page[T]:
    """Newest first by `key`, whose ids sort by age."""
    if cursor:
        query = query.where(key < _decoded(cursor))
    rows = list(db.session.scalars(query.order_by(key.desc()).limit(limit + 1)).unique())
    items = rows[:limit]
    more = len(rows) > limit
    return Page(items, _encoded(getattr(items[-1], key.key)) if more else None)


def _encoded(row_id: UUID) -> str:
    return base64.urlsafe_b64encode(row_id.bytes).decode().rstrip("=")


def _decoded(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
    except (binascii.Error, ValueError) as error:
        message = "This cursor is not one that we gave out."
        raise Invalid(message, fields={"cursor": message}) from error


def all_of(query: Select[Any]) -> list[Any]:
    """Every row of a list that is short by nature, such as a team."""
    return list(db.session.scalars(query).unique())
