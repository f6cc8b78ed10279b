"""Starting and leaving, as the person at the terminal sees it."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.e2e.patience import wait_for
from tests.e2e.server import ROOT, Server

pytestmark = pytest.mark.e2e
SECONDS_TO_LEAVE = 5
SECONDS_TO_START_AGAIN = 10


@pytest.fixture
def stopped(folder: Path) -> Iterator[Server]:
    """An installation that a test starts itself."""
    server = Server(folder)
    yield server
    server.kill()


def test_it_prints_where_everything_is_and_how_to_sign_in(server: Server) -> None:
    for path in ("/", "/demo", "/dashboard", "/dev/mail"):
        assert f"{server.url}{path}\n" in server.printed
        assert server.status(path, follow_redirects=True) == 200
    email, password = server.demo_sign_in
    answer = httpx2.post(
        f"{server.url}/api/auth/login", json={"email": email, "password": password}
    )
    assert answer.status_code == 200
    assert answer.json()["user"]["role"] == "owner"


def test_the_printed_agent_signs_in_with_the_same_password(server: Server) -> None:
    _, password = server.demo_sign_in
    facts = {"email": "agent@demo.example.com", "password": password}
    assert facts["email"] in server.printed
    assert httpx2.post(f"{server.url}/api/auth/login", json=facts).json()["user"]["role"] == "agent"


def test_it_keeps_everything_in_the_folder_that_was_named(server: Server) -> None:
    assert (server.data_dir / "frontdesk.db").exists()
    secrets = sorted((server.data_dir / "keys").iterdir())
    assert secrets
    assert {path.stat().st_mode & 0o077 for path in secrets} == {0}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_leaves_at_once_when_asked_although_a_browser_is_connected(
    server: Server, number: signal.Signals
) -> None:
    with httpx2.Client(base_url=server.url) as lingering:
        assert lingering.get("/").status_code == 200
        seconds = server.stop(number)
    server.start()
    assert seconds < SECONDS_TO_LEAVE
    assert "Traceback" not in server.log


def test_a_second_start_takes_seconds_and_keeps_the_demo_password(server: Server) -> None:
    before = server.demo_sign_in
    server.stop()
    began = time.monotonic()
    server.start()
    assert time.monotonic() - began < SECONDS_TO_START_AGAIN
    assert server.demo_sign_in == before


def test_ctrl_c_during_the_very_first_start_harms_nothing(stopped: Server) -> None:
    stopped.launch()
    wait_for((stopped.data_dir / "frontdesk.db").exists, "database")
    stopped.running().send_signal(signal.SIGINT)
    stopped.exit_code()
    assert "Traceback" not in stopped.log
    # Whatever was half done then is done by the next start.
    stopped.start()


def test_a_port_that_is_taken_is_said_in_a_sentence(folder: Path) -> None:
    late = Server(folder)
    with socket.create_server(("127.0.0.1", late.port)):
        assert late.launch().exit_code() == 1
    assert f"cannot listen on port {late.port} of 127.0.0.1: Address already in use." in late.log
    assert "make run PORT=" in late.log
    assert "Traceback" not in late.log
    assert "Frontdesk is open." not in late.printed


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("FRONTDESK_ENV", "production", "Production needs SECRET_KEY."),
        ("PORT", "abc", "PORT must be a whole number, not 'abc'."),
        ("DATABASE_URL", "postgresql://me:hush@127.0.0.1:1/x", "cannot use its database"),
    ],
)
def test_a_setting_that_cannot_work_is_said_in_a_sentence(
    folder: Path, name: str, value: str, sentence: str
) -> None:
    server = Server(folder, **{name: value})
    assert server.launch().exit_code() == 2
    assert sentence in server.log
    assert "hush" not in server.log
    assert "Traceback" not in server.log


def test_a_database_of_an_earlier_version_is_brought_up_to_date(stopped: Server) -> None:
    stopped.start().stop()
    newest = revision(stopped)
    go_back_one_version(stopped)
    assert revision(stopped) != newest
    stopped.start()
    assert revision(stopped) == newest
    email, password = stopped.demo_sign_in
    facts = {"email": email, "password": password}
    assert httpx2.post(f"{stopped.url}/api/auth/login", json=facts).status_code == 200


def revision(server: Server) -> str | None:
    with closing(sqlite3.connect(server.data_dir / "frontdesk.db")) as database:
        found = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else None


def go_back_one_version(server: Server) -> None:
    """As an operator would, with the command that comes with Flask-Migrate."""
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "db", "downgrade"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(server.data_dir)},
        check=True,
        capture_output=True,
        timeout=60,
    )
