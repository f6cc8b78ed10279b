"""The server is killed again and again while it learns: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from app.adapters.chroma import EmbeddedChroma
from app.adapters.embeddings import MiniLM
from tests.e2e.patience import wait_for
from tests.e2e.server import ROOT, Server
from tests.reading.papers import lines, pdf, prose

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
PAGES = 200
CRASHES = 10
SECONDS_TO_LEARN = 120
MODEL = Path(os.environ.get("EMBEDDING_MODEL") or ROOT / "data" / "models" / "minilm")
DONE = {"ready", "failed"}


@pytest.fixture(scope="module")
def manual() -> bytes:
    """As many pages as a handbook has, none like another."""
    return pdf(
        *(
            lines(f"# Chapter {number}", "", *prose(number, sentences=4))
            for number in range(1, PAGES + 1)
        ),
        title="The handbook",
    )


@pytest.fixture
def servers(folder: Path) -> Iterator[Any]:
    made: list[Server] = []

    def make(name: str) -> Server:
        place = folder / name
        place.mkdir()
        settings = {"DEMO": "false", "EMBEDDING_MODEL": str(MODEL), "LOG_LEVEL": "WARNING"}
        made.append(Server(place, **settings))
        return made[-1]

    yield make
    for server in made:
        server.kill()


def test_killed_at_ten_moments_it_ends_with_the_passages_of_an_undisturbed_run(
    servers: Any, manual: bytes
) -> None:
    if not MiniLM(MODEL).available:
        pytest.skip(f"There is no embedding model in {MODEL}: run `make model` to get it.")
    calm, crashing = servers("calm"), servers("crashing")
    took = learn_in_peace(calm, manual)
    kill_while_learning(crashing, manual, took)
    assert crashing.rows("SELECT status, error FROM documents") == [
        {"status": "ready", "error": ""}
    ]
    for server in (calm, crashing):
        server.stop()
    assert passages(crashing) == passages(calm)
    assert len(passages(calm)) >= PAGES // 2
    for server in (calm, crashing):
        numbers, ids = keys(server)
        assert indexed(server) == numbers
        assert vectors(server) == ids
        assert len([path for path in (server.data_dir / "files").rglob("*") if path.is_file()]) == 1


def learn_in_peace(server: Server, manual: bytes) -> float:
    began = give(server.start(), manual)
    wait_for(lambda: status(server) in DONE, "end of learning", SECONDS_TO_LEARN)
    return time.monotonic() - began


def kill_while_learning(server: Server, manual: bytes, took: float) -> None:
    """At moments that are spread over the whole of it; each start is one more try."""
    chance = random.Random(20_261_121)
    give(server.start(), manual)
    crashes = 0
    while crashes < CRASHES:
        # What was done before a crash stays done, so each life has its share of the whole.
        time.sleep(chance.uniform(0.02, 1.2) * took / CRASHES)
        assert status(server) not in DONE, f"It was done after {crashes} crashes."
        server.kill()
        crashes += 1
        server.start()
    wait_for(lambda: status(server) in DONE, "end of learning", SECONDS_TO_LEARN)


def give(server: Server, manual: bytes) -> float:
    """Register and upload, as a program of the owner would; says when."""
    with httpx2.Client(base_url=server.url, timeout=30) as client:
        body = {
            "email": "olivia@harbour.example.com",
            "password": "correct horse battery staple",
            "name": "Olivia",
            "organization": "Harbour Books",
        }
        assert client.post("/api/auth/register", json=body).status_code == 201
        began = time.monotonic()
        answer = client.post(
            "/api/documents",
            files={"file": ("handbook.pdf", manual, "application/pdf")},
            headers={"X-CSRF-TOKEN": client.cookies["csrf_access_token"]},
        )
        assert answer.status_code == 202, answer.text
        return began


def status(server: Server) -> str:
    return str(server.rows("SELECT status FROM documents")[0]["status"])


def passages(server: Server) -> list[dict[str, Any]]:
    return server.rows(
        "SELECT ordinal, text, heading, page_from, page_to, kind, words, live "
        "FROM passages ORDER BY version, ordinal"
    )


def keys(server: Server) -> tuple[set[int], set[UUID]]:
    rows = server.rows("SELECT number, id FROM passages")
    return {row["number"] for row in rows}, {UUID(row["id"]) for row in rows}


def indexed(server: Server) -> set[int]:
    with closing(sqlite3.connect(server.data_dir / "frontdesk.db")) as database:
        [[table]] = database.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE 'passage_words_%' "
            "AND sql LIKE 'CREATE VIRTUAL TABLE%'"
        )
        return {row[0] for row in database.execute(f"SELECT rowid FROM {table}")}


def vectors(server: Server) -> set[UUID]:
    [row] = server.rows("SELECT id, embedding_space FROM organizations")
    store = EmbeddedChroma(server.data_dir / "chroma")
    return store.ids(UUID(row["id"]), row["embedding_space"])
