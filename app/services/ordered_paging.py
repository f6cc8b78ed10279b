"""Lists by cursor in an order that is not that of the ids: each page goes on behind a row."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, or_

from app.errors import Invalid
from app.extensions import db

FOREIGN_CURSOR = "This cursor is not one that we gave out for this list."
LARGEST_NUMBER = 2**31


@dataclass(frozen=True)
class Key:
    """One thing that rows are ordered by, and how its value is read from a cursor."""

    value: SQLColumnExpression[Any]
    read: Callable[[Any], Any]
    descending: bool = False

    def is_behind(self, value: Any) -> ColumnElement[bool]:
        behind: ColumnElement[bool] = self.value < value if self.descending else self.value > value
        return behind

    @property
    def direction(self) -> ColumnElement[Any]:
        return self.value.desc() if self.descending else self.value.asc()


def rows_of(
    query: Select[Any], name: str, keys: Sequence[Key], cursor: str | None, limit: int
) -> tuple[list[Any], str | None]:
    """A page of rows, without the keys, and the cursor of the next page.

    No key may be null, and the last one has to be unique. `name` ties a cursor to its order.
    """
    if cursor:
        query = query.where(_behind(keys, _decoded(cursor, name, keys)))
    query = query.add_columns(*(key.value for key in keys))
    query = query.order_by(*(key.direction for key in keys)).limit(limit + 1)
    rows = [tuple(row) for row in db.session.execute(query)]
    next_cursor = _encoded(name, rows[limit - 1][-len(keys) :]) if len(rows) > limit else None
    return [row[: -len(keys)] for row in rows[:limit]], next_cursor


def moment(said: str) -> datetime:
    """A moment out of a cursor."""
    return datetime.fromisoformat(said).astimezone(UTC)


def number(said: Any) -> int:
    """A number out of a cursor, no larger than a column can hold."""
    if type(said) is not int or not abs(said) < LARGEST_NUMBER:
        raise ValueError(said)
    return said


def _behind(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """Equal in the first keys and behind in the next, for every number of first keys."""
    ways = []
    for place, key in enumerate(keys):
        same = [each.value == value for each, value in zip(keys[:place], values, strict=False)]
        ways.append(and_(*same, key.is_behind(values[place])))
    return or_(*ways)


def _encoded(name: str, values: Sequence[Any]) -> str:
    plain = [each if isinstance(each, int) else _written(each) for each in values]
    packed = json.dumps([name, *plain], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _written(value: datetime | UUID) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _decoded(cursor: str, name: str, keys: Sequence[Key]) -> list[Any]:
    try:
        said_name, *said = json.loads(base64.urlsafe_b64decode(cursor + "==="))
        if said_name != name:
            raise ValueError(said_name)
        return [key.read(value) for key, value in zip(keys, said, strict=True)]
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Invalid(FOREIGN_CURSOR, fields={"cursor": FOREIGN_CURSOR}) from error
