"""What an organization gives once, such as a name: the database says whether it is taken."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from app.errors import Conflict
from app.extensions import db


def flush_or_refuse(field: str, taken: str) -> None:
    """`taken` is what somebody is told who gave the field a value that there is already."""
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict(taken, code=f"{field}_taken", fields={field: taken}) from error
