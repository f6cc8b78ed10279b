"""What every test may ask for: an app on each database, and the cast that plays on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from app import create_app
from app.adapters import Adapters
from app.extensions import Base, db
from config import Testing
from tests import services
from tests.cast import Cast, Mailbox, assemble
from tests.fakes import fakes


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest migration, made once and copied by each test."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(Testing(data_dir=folder), fakes())
    with app.app_context():
        upgrade("migrations")
        db.engine.dispose()
    return folder / "frontdesk.db"


@pytest.fixture(scope="session")
def migrated_postgres() -> str:
    """The test server's database, emptied and brought to the newest migration."""
    url = services.require_postgres().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    app = create_app(Testing(database_url=url), fakes())
    with app.app_context():
        upgrade("migrations")
        db.engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind: a test that asks for an app runs on both."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "frontdesk.db")
        yield f"sqlite:///{tmp_path / 'frontdesk.db'}"
        return
    url = request.getfixturevalue("migrated_postgres")
    yield url
    engine = create_engine(url)
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
    engine.dispose()


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Testing:
    """The settings that a test's app starts from; a test module may override this."""
    return Testing(data_dir=tmp_path, database_url=database_url)


@pytest.fixture
def adapters() -> Adapters:
    return fakes()


@pytest.fixture
def app(config: Testing, adapters: Adapters) -> Iterator[Flask]:
    app = create_app(config, adapters)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def mailbox(adapters: Adapters) -> Mailbox:
    return Mailbox(adapters)


@pytest.fixture
def cast(app: Flask, adapters: Adapters) -> Cast:
    return assemble(app, adapters)
