"""What the rest relies on: a write is whole, nothing is lost, and nobody stands in the way."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.extensions import db
from app.models import Contact, Organization
from app.services.people.organizations import make_organization
from config import Testing
from tests.programs.counting import raise_counter
from tests.programs.starting import finish, start

WRITERS, WRITES = 4, 60
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def organization(app: Flask) -> UUID:
    with app.app_context():
        made = make_organization("Harbour Books").id
        db.session.commit()
        return made


@pytest.fixture
def counter(app: Flask, organization: UUID) -> UUID:
    """A row that everybody wants to raise."""
    with app.app_context():
        row = Contact(organization_id=organization, name="counter", attributes={"count": 0})
        db.session.add(row)
        db.session.commit()
        return row.id


@pytest.fixture
def opened(app: Flask) -> Iterator[Flask]:
    """The app, with a session that is closed before the database goes."""
    with app.app_context():
        yield app
        db.session.remove()


@on_sqlite
def test_several_processes_write_at_once_and_nothing_is_lost(
    app: Flask, config: Testing, organization: UUID, counter: UUID
) -> None:
    writers = [
        start("writer", config.database_url, counter, organization, f"writer {number}", WRITES)
        for number in range(WRITERS)
    ]
    for writer in writers:
        finish(writer)
    with app.app_context():
        assert _count_of(counter) == WRITERS * WRITES
        names = db.session.scalars(select(Contact.name).where(Contact.name.like("writer %"))).all()
    assert len(set(names)) == len(names) == WRITERS * WRITES


# The pool is large enough for all in the first cases; in the last nearly everybody waits for it.
@pytest.mark.parametrize(
    ("database_url", "pool_size"),
    [("sqlite", "0"), ("postgres", "0"), ("sqlite", "2")],
    indirect=["database_url"],
)
def test_requests_and_jobs_of_a_patched_process_write_through_one_pool(
    app: Flask, config: Testing, counter: UUID, pool_size: str
) -> None:
    program = start("requests_and_jobs", config.database_url, counter, pool_size, patched=True)
    result: dict[str, Any] = json.loads(finish(program))
    assert result["errors"] == []
    assert result["finished"], "some of them never came to write"
    with app.app_context():
        assert _count_of(counter) == result["writes"]
    # Nobody holds up the sockets of the process while waiting for a lock of the database.
    assert result["worst_stall"] < 0.5
    if config.database_url.startswith("sqlite") and pool_size == "0":
        # All write without a break. One who is passed over comes to write when the rest is done.
        assert result["longest_wait"] < result["took"] / 2


def test_a_read_sees_what_was_committed_meanwhile(
    opened: Flask, config: Testing, organization: UUID
) -> None:
    assert _name_of(organization) == "Harbour Books"
    _rename_elsewhere(config, organization, "Harbour Books & Maps")
    db.session.expire_all()
    assert _name_of(organization) == "Harbour Books & Maps"


def test_a_row_that_is_read_for_update_changes_for_nobody_else(
    opened: Flask, config: Testing, counter: UUID
) -> None:
    db.session.scalars(select(Contact).where(Contact.id == counter).with_for_update()).one()
    with pytest.raises(Exception, match="lock"):
        _rename_elsewhere(config, counter, "taken", table="contacts")
    db.session.rollback()
    _rename_elsewhere(config, counter, "free", table="contacts")


def test_what_is_rolled_back_never_happened(opened: Flask, organization: UUID) -> None:
    db.session.add(Contact(organization_id=organization, name="passing by"))
    db.session.flush()
    db.session.execute(text("UPDATE organizations SET name = 'changed'"))
    db.session.rollback()
    assert _name_of(organization) == "Harbour Books"
    assert _count_contacts() == 0


def test_what_fails_half_way_leaves_nothing(opened: Flask, organization: UUID) -> None:
    db.session.add(Contact(organization_id=organization, name="first", email="a@example.com"))
    db.session.flush()
    db.session.add(Contact(organization_id=organization, name="again", email="a@example.com"))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()
    assert _count_contacts() == 0


def test_a_savepoint_undoes_its_own_part_only(opened: Flask, organization: UUID) -> None:
    db.session.add(Contact(organization_id=organization, name="stays", email="a@example.com"))
    db.session.flush()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(Contact(organization_id=organization, name="goes", email="a@example.com"))
    db.session.commit()
    db.session.remove()
    assert db.session.scalars(select(Contact.name)).all() == ["stays"]


def test_a_savepoint_alone_is_undone_as_well(opened: Flask, organization: UUID) -> None:
    with db.session.begin_nested():
        db.session.add(Contact(organization_id=organization, name="passing by"))
    db.session.rollback()
    assert _count_contacts() == 0


def test_a_reference_to_nothing_is_refused(opened: Flask) -> None:
    db.session.add(Contact(organization_id=UUID(int=7), name="of nobody"))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


@on_sqlite
class TestSqlite:
    def test_every_connection_is_opened_by_the_same_rules(self, opened: Flask) -> None:
        sessions = [Session(db.engine) for _ in range(3)]
        for session in sessions:
            assert session.scalar(text("PRAGMA journal_mode")) == "wal"
            assert session.scalar(text("PRAGMA foreign_keys")) == 1
            assert session.scalar(text("PRAGMA busy_timeout")) == 5000
        for session in sessions:
            session.close()

    def test_a_read_begins_no_transaction(self, opened: Flask, organization: UUID) -> None:
        assert _name_of(organization) == "Harbour Books"
        assert _count_contacts() == 0
        assert not _driver().in_transaction

    def test_the_first_write_takes_the_lock_at_once(
        self, opened: Flask, config: Testing, organization: UUID
    ) -> None:
        assert _others_can_write(config)
        db.session.execute(text("UPDATE organizations SET name = 'changed' WHERE 1 = 0"))
        assert _driver().in_transaction
        assert not _others_can_write(config)
        db.session.commit()
        assert _others_can_write(config)

    def test_a_writer_does_not_keep_readers_out(
        self, opened: Flask, config: Testing, organization: UUID
    ) -> None:
        db.session.execute(text("UPDATE organizations SET name = 'changed'"))
        with closing(_connection(config)) as other:
            assert other.execute("SELECT name FROM organizations").fetchone() == ("Harbour Books",)
        db.session.rollback()

    def test_a_lock_that_never_comes_is_an_error_and_not_a_wait_for_good(
        self, opened: Flask, config: Testing, counter: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("app.database.WRITE_PATIENCE_SECONDS", 0.2)
        with closing(_connection(config)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Exception, match="database is locked"):
                raise_counter(counter)
            db.session.rollback()
        raise_counter(counter)
        assert _count_of(counter) == 1


def _rename_elsewhere(config: Testing, row: UUID, name: str, table: str = "organizations") -> None:
    """Change a row as another program would that does not wait."""
    if config.database_url.startswith("sqlite"):
        with closing(_connection(config)) as other:
            other.execute(f"UPDATE {table} SET name = ? WHERE id = ?", (name, row.hex))
        return
    engine = create_engine(config.database_url, poolclass=NullPool)
    with engine.begin() as other:
        other.execute(text("SET LOCAL lock_timeout = '100ms'"))
        change = text(f"UPDATE {table} SET name = :name WHERE id = :id")
        other.execute(change, {"name": name, "id": row})


def _connection(config: Testing) -> sqlite3.Connection:
    path = config.database_url.removeprefix("sqlite:///")
    return sqlite3.connect(path, timeout=0, isolation_level=None)


def _others_can_write(config: Testing) -> bool:
    with closing(_connection(config)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


def _driver() -> sqlite3.Connection:
    driver: Any = db.session.connection().connection.driver_connection
    return driver


def _name_of(organization: UUID) -> str | None:
    return db.session.scalar(select(Organization.name).where(Organization.id == organization))


def _count_of(counter: UUID) -> int:
    return int(db.session.get_one(Contact, counter).attributes["count"])


def _count_contacts() -> int | None:
    return db.session.scalar(select(func.count()).select_from(Contact))
