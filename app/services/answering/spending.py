"""What answers cost, and whether there is anything left to spend (L7)."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from app.adapters.language_model import Usage
from app.extensions import db
from app.models import Spending, Turn, now
from app.services.answering.assistants import Profile

A_DAY = timedelta(days=1)
COUNTED = ("answers", "input_tokens", "output_tokens", "cost_micros")
_spent = cast(Table, Spending.__table__)
_turns = cast(Table, Turn.__table__)
SPENT = select(
    select(_spent.c.input_tokens + _spent.c.output_tokens)
    .where(_spent.c.organization_id == bindparam("organization"), _spent.c.day == bindparam("day"))
    .scalar_subquery(),
    select(func.sum(_turns.c.input_tokens + _turns.c.output_tokens))
    .where(_turns.c.visitor_id == bindparam("visitor"), _turns.c.created_at > bindparam("since"))
    .scalar_subquery(),
)


def is_used_up(organization_id: UUID, visitor_id: UUID | None, profile: Profile) -> bool:
    """Whether today's tokens are gone, for the organization or for this one visitor."""
    values = {
        "organization": organization_id,
        "visitor": visitor_id,
        "day": now().date(),
        "since": now() - A_DAY,
    }
    of_all, of_visitor = db.session.execute(SPENT, values).one()
    return (of_all or 0) >= profile.tokens_a_day or (of_visitor or 0) >= profile.tokens_a_visitor


def note(organization_id: UUID, usage: Usage | None) -> None:
    """Add an answer to today's account, inside the caller's transaction."""
    used = {
        "organization_id": organization_id,
        "day": now().date(),
        "answers": 1,
        "input_tokens": usage.input_tokens if usage else 0,
        "output_tokens": usage.output_tokens if usage else 0,
        "cost_micros": (usage.cost_micros or 0) if usage else 0,
    }
    db.session.execute(_noting(db.engine.dialect.name), used)


@cache
def _noting(dialect: str) -> Any:
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = cast(Table, Spending.__table__)
    adding = insert(table)
    return adding.on_conflict_do_update(
        index_elements=["organization_id", "day"],
        set_={name: table.c[name] + adding.excluded[name] for name in COUNTED},
    )
