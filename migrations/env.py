"""How migrations reach the database: through the app's own engine and models."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection

from app.extensions import Base, db
from app.models.base import SealedText, UtcDateTime

FULL_TEXT = ("passage_words", "message_words")


def render_item(kind: str, item: Any, _autogen: AutogenContext) -> str | bool:
    """Write our own column types as what they are in the database.

    A migration must still run when the class that it was made from has moved or gone.
    """
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, SealedText):
        return "sa.Text()"
    if kind == "type" and item.__class__.__name__ == "Enum":
        return f"sa.String(length={item.length})"
    return False


def same_type(_context: Any, _column: Any, in_database: Any, in_model: Any, _rendered: Any) -> Any:
    """A column that holds one of a few words is text in the database; that is no difference."""
    if in_model.__class__.__name__ == "Enum" and hasattr(in_database, "length"):
        return in_database.length != in_model.length
    return None


def is_ours(item: Any, name: str | None, kind: str, _reflected: bool, _like: Any) -> bool:
    """The full-text indexes are made by what fills them, and are no part of the models."""
    return kind not in {"table", "index"} or not str(name).startswith(FULL_TEXT)


def migrate() -> None:
    options = current_app.extensions["migrate"].configure_args
    with db.engine.connect() as connection, tables_may_be_rebuilt(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            include_object=is_ours,
            # SQLite undoes changes of its schema too, since app/database.py begins transactions.
            transactional_ddl=True,
            **{**options, "compare_type": same_type},
        )
        with context.begin_transaction():
            context.run_migrations()
            refuse_orphans(connection)
        connection.commit()


@contextmanager
def tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """Leave foreign keys unwatched meanwhile, where the database is SQLite.

    It changes most tables by copying them and dropping the old one. Dropping deletes the rows
    first, and with foreign keys watched the deletion would cascade into other tables.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        # Inside of a transaction SQLite would ignore this without a word.
        connection.rollback()
        driver.execute("PRAGMA foreign_keys = ON")


def refuse_orphans(connection: Connection) -> None:
    """What nobody watched is checked before it is kept."""
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise RuntimeError(f"The migration leaves rows that refer to nothing: {orphans[:5]}")


migrate()
