"""A counter in the database that many may raise at once, as services change a row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from app import create_app
from app.extensions import db
from app.models import Contact
from config import Testing
from tests.fakes import fakes


def open_app(database_url: str, folder: Path) -> Flask:
    return create_app(Testing(database_url=database_url, data_dir=folder), fakes())


def raise_counter(counter: UUID, think: Callable[[], None] = lambda: None) -> None:
    """Read the row, think about it, write it: another one in between would be lost."""
    query = select(Contact).where(Contact.id == counter).with_for_update()
    row = db.session.scalars(query).one()
    count = row.attributes["count"]
    think()
    row.attributes = {"count": count + 1}
    db.session.commit()


def add_contact(organization: UUID, name: str) -> None:
    db.session.add(Contact(organization_id=organization, name=name))
    db.session.commit()
