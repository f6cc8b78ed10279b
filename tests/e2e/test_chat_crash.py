"""kill -9 in the middle of conversations: nothing acknowledged is lost, nothing is doubled.

A short version runs with the tests; `make survival` kills fifty times.
"""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import websocket

from tests.e2e.patience import wait_for
from tests.e2e.people import PASSWORD
from tests.e2e.server import Server
from tests.open_house import Guest
from tests.stubs.chat_behaviours import Behaviour
from tests.stubs.openai_chat import OpenAIChatStub

pytestmark = pytest.mark.e2e
KILLS = int(os.environ.get("KILLS", "4"))
VISITORS = 3
QUESTION = "Question {}: when is tea served?"
FACT = "Tea is served at four in the afternoon. Coffee is served at nine."
SLOWLY = Behaviour(delay_ms=12)
GONE = (websocket.WebSocketException, OSError, ValueError)


class Persistent(threading.Thread):
    """A visitor as the widget is one: what is not acknowledged is sent again, in its order."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__(daemon=True)
        self.guest = Guest(url)
        self.number = number
        self.written = 0
        self.unacknowledged: dict[str, str] = {}
        self.acknowledged: dict[str, int] = {}
        self.events: dict[int, dict[str, Any]] = {}
        self.repeated_seqs = 0
        self.last_seq = 0
        self.writing = threading.Event()
        self.over = threading.Event()
        self._next_at = 0.0

    def run(self) -> None:
        while not self.over.is_set():
            try:
                self._be_connected()
            except GONE:
                time.sleep(random.uniform(0.02, 0.2))

    def _be_connected(self) -> None:
        welcome = self.guest.connect(last_seq=self.last_seq)
        for event in welcome["events"]:
            self._see(event)
        for client_id, text in list(self.unacknowledged.items()):
            self.guest.send("message", client_id=client_id, text=text)
        self.guest._socket.settimeout(0.02)
        while not self.over.is_set():
            self._maybe_write()
            try:
                frame = self.guest.receive()
            except websocket.WebSocketTimeoutException:
                continue
            if frame["type"] == "accepted":
                self._note(frame)
            elif frame["type"] == "event":
                self._see(frame["event"])
            elif frame["type"] == "goodbye":
                raise OSError("the server leaves")

    def _maybe_write(self) -> None:
        if not self.writing.is_set() or time.monotonic() < self._next_at:
            return
        self._next_at = time.monotonic() + random.uniform(0.05, 0.3)
        self.written += 1
        client_id, text = f"visitor-{self.number}-{self.written:05}", QUESTION.format(self.written)
        self.unacknowledged[client_id] = text
        self.guest.send("message", client_id=client_id, text=text)

    def _note(self, frame: dict[str, Any]) -> None:
        known = self.acknowledged.setdefault(frame["client_id"], frame["seq"])
        assert known == frame["seq"], "a message changed its number"
        self.unacknowledged.pop(frame["client_id"], None)

    def _see(self, event: dict[str, Any]) -> None:
        assert event["seq"] > self.last_seq, "the log went back"
        self.events[event["seq"]] = event
        self.last_seq = event["seq"]


@pytest.fixture
def model() -> Iterator[OpenAIChatStub]:
    with OpenAIChatStub(SLOWLY) as stub:
        yield stub


@pytest.fixture
def doomed(tmp_path: Path, model: OpenAIChatStub) -> Iterator[Server]:
    settings = {
        "OPENAI_BASE_URL": model.base_url,
        "LLM_MODEL": "stub",
        "EMBEDDINGS": "none",
        "DEMO": "false",
        "RATE_LIMITS": "false",
    }
    server = Server(tmp_path, **settings)
    yield server.start()
    server.kill()


def test_no_acknowledged_message_is_lost_or_doubled_whenever_the_server_dies(
    doomed: Server,
) -> None:
    url = furnish(doomed)
    visitors = [Persistent(url, number) for number in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
        visitor.writing.set()
    for _ in range(KILLS):
        time.sleep(random.uniform(0.3, 2.0))
        doomed.kill()
        doomed.start()
    for visitor in visitors:
        visitor.writing.clear()
    for visitor in visitors:
        wait_for(lambda v=visitor: not v.unacknowledged, "acknowledgement", seconds=60)
        wait_for(lambda v=visitor: answers(v) >= v.written, "answers to everything", seconds=240)
        visitor.over.set()
        visitor.join(10)
    assert sum(visitor.written for visitor in visitors) >= KILLS
    for visitor in visitors:
        check(doomed, visitor)


def check(server: Server, visitor: Persistent) -> None:
    """What the visitor saw, and what the database holds."""
    said = [event for event in visitor.events.values() if event["author"]["kind"] == "visitor"]
    replies = [event for event in visitor.events.values() if event["author"]["kind"] == "assistant"]
    assert [event["client_id"] for event in said] == sorted(visitor.acknowledged)
    assert {event["client_id"]: event["seq"] for event in said} == visitor.acknowledged
    assert len(said) == visitor.written
    times = Counter(event["answers_seq"] for event in replies)
    assert times == Counter(event["seq"] for event in said)
    assert [event["answers_seq"] for event in replies] == sorted(times)
    (conversation,) = {
        row["conversation_id"]
        for row in server.rows(
            "SELECT conversation_id FROM events WHERE client_id LIKE ?",
            f"visitor-{visitor.number}-%",
        )
    }
    rows = server.rows("SELECT seq FROM events WHERE conversation_id = ?", conversation)
    assert sorted(row["seq"] for row in rows) == sorted(visitor.events)


def answers(visitor: Persistent) -> int:
    return sum(
        1 for event in list(visitor.events.values()) if event["author"]["kind"] == "assistant"
    )


def furnish(server: Server) -> str:
    """An organization that knows when tea is served; where its visitors connect."""
    with httpx2.Client(base_url=server.url, timeout=10) as client:
        facts = {
            "email": "olivia@harbour.example.com",
            "password": PASSWORD,
            "name": "Olivia",
            "organization": "Harbour Books",
        }
        made = client.post("/api/auth/register", json=facts)
        assert made.status_code == 201, made.text
        headers = {"X-CSRF-TOKEN": client.cookies["csrf_access_token"]}
        body = {"title": "Tea", "text": FACT}
        assert client.post("/api/documents/text", json=body, headers=headers).is_success
        key = client.get("/api/organization").json()["widget_key"]
        wait_for(
            lambda: client.get("/api/documents").json()["items"][0]["status"] == "ready",
            "learned document",
        )
    return re.sub("^http", "ws", server.url) + f"/api/chat/ws?key={key}"
