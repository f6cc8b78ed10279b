"""A row in every table there is, made from the tables themselves: no new one is forgotten."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Table,
    Uuid,
    insert,
    text,
)

from app.extensions import Base, db
from app.models.base import UtcDateTime

CANARY = "Cormorant-7431"
# The one is there already; the other is the work that removes it.
LEFT_OUT = {"organizations", "organization_removals"}
_numbers = itertools.count(1_000)


def in_300_days() -> datetime:
    """So far off that no worker takes the row for work."""
    return datetime.now(UTC) + timedelta(days=300)


MAKERS: dict[type, Callable[[Any], Any]] = {
    Uuid: lambda _: uuid4(),
    UtcDateTime: lambda _: in_300_days(),
    Date: lambda _: date(2000, 1, 1),
    Enum: lambda kind: kind.enum_class(kind.enums[-1]),
    Boolean: lambda _: False,
    Float: lambda _: 0.5,
    Integer: lambda _: next(_numbers),
    JSON: lambda _: [CANARY],
    LargeBinary: lambda _: CANARY.encode(),
}


def fill(organization_id: UUID) -> None:
    """Put a row of this organization into each."""
    made: dict[str, dict[str, Any]] = {"organizations": {"id": organization_id}}
    for table in tables():
        values = {
            column.name: value
            for column in table.columns
            if (value := _value(table, column, organization_id, made)) is not None
        }
        db.session.execute(insert(table).values(values))
        made[table.name] = values
    db.session.commit()


def tables() -> list[Table]:
    return [each for each in Base.metadata.sorted_tables if each.name not in LEFT_OUT]


def everything() -> dict[str, list[str]]:
    """Every row of the whole database as it is read, those of the full-text search too."""
    names = [table.name for table in Base.metadata.sorted_tables]
    if db.engine.dialect.name == "sqlite":
        made_for = "name LIKE 'passage_words%' AND sql LIKE '%fts5%'"
        names += db.session.scalars(text(f"SELECT name FROM sqlite_master WHERE {made_for}")).all()
    else:
        names += ["passage_words"]
    return {
        name: [str(tuple(row)) for row in db.session.execute(text(f'SELECT * FROM "{name}"'))]
        for name in names
    }


def about(organization_id: UUID) -> Counter[str]:
    """The tables in which something is said of an organization, and in how many rows."""
    forms = str(organization_id), organization_id.hex
    found = {
        name: sum(any(form in row for form in forms) for row in rows)
        for name, rows in everything().items()
    }
    return +Counter(found)


def _value(table: Table, column: Any, organization_id: UUID, made: dict[str, Any]) -> Any:
    if column.name == "organization_id":
        return organization_id
    for key in column.foreign_keys:
        above = key.column.table
        return None if above is table else made[above.name][key.column.name]
    for kind, make in MAKERS.items():
        if isinstance(column.type, kind):
            return make(column.type)
    return f"{next(_numbers)} {CANARY}"[: getattr(column.type, "length", None) or 1_000]
