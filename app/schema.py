"""Bringing the database to the newest migration."""

from __future__ import annotations

import re
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import inspect, text

from app.extensions import db

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
NAME = re.compile(r"^(revision|down_revision)\b.*?=\s*[\"'](\w+)[\"']", re.MULTILINE)


def bring_up_to_date() -> bool:
    """Migrate if there is anything to migrate. Says whether there was.

    Alembic is slow to load and then stays in memory, so it is left alone where nothing is new.
    """
    if _current_revision() == newest_revision():
        return False
    upgrade(str(MIGRATIONS))
    return True


def newest_revision() -> str:
    """The revision that no other one builds on."""
    revisions: set[str] = set()
    parents: set[str | None] = set()
    for path in (MIGRATIONS / "versions").glob("*.py"):
        found: dict[str, str] = dict(NAME.findall(path.read_text()))
        revisions.add(found["revision"])
        parents.add(found.get("down_revision"))
    (newest,) = revisions - parents
    return newest


def _current_revision() -> str | None:
    if not inspect(db.engine).has_table("alembic_version"):
        return None
    found: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return found
