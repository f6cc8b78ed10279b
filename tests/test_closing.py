"""Closing by mistake, and opening again: whoever waited still waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.models import Event, now
from app.services.conversation.closing import A_SLIP
from tests.cast import Cast
from tests.chats import Chat, begin

WAITED = ("waiting_since", "escalated_at", "due_at", "due_kind", "waiting_for_person")


@pytest.fixture
def chat(cast: Cast, app: Flask) -> Chat:
    """Somebody who was promised a person."""
    chat = begin(cast.owner, "I would like to speak to a person, please.")
    app.extensions["adapters"].job_queue.run_all()
    assert shown(cast, chat)["waiting_for_person"]
    return chat


def shown(cast: Cast, chat: Chat) -> dict[str, Any]:
    return dict(cast.agent.get(f"/api/conversations/{chat.id}").get_json())


def do(cast: Cast, chat: Chat, verb: str) -> dict[str, Any]:
    answer = cast.agent.post(f"/api/conversations/{chat.id}/{verb}")
    assert answer.status_code == 200, answer.json
    return dict(answer.get_json())


def test_what_was_closed_by_mistake_waits_as_before(cast: Cast, chat: Chat) -> None:
    before = shown(cast, chat)
    closed = do(cast, chat, "close")
    assert [closed[name] for name in WAITED] == [None, None, None, None, False]
    after = do(cast, chat, "reopen")
    assert {name: after[name] for name in WAITED} == {name: before[name] for name in WAITED}


def test_several_at_once_too(cast: Cast, chat: Chat) -> None:
    before = shown(cast, chat)
    for status in ("closed", "open"):
        body = {"ids": [chat.id], "change": {"status": status}}
        assert cast.agent.post("/api/conversations/bulk", body).status_code == 200
    assert shown(cast, chat)["escalated_at"] == before["escalated_at"]


def test_what_was_put_off_is_put_off_again(cast: Cast, chat: Chat) -> None:
    until = (now() + timedelta(days=2)).isoformat()
    change = cast.agent.patch(f"/api/conversations/{chat.id}", {"snoozed_until": until})
    assert change.status_code == 200
    before = shown(cast, chat)["snoozed_until"]
    do(cast, chat, "close")
    assert do(cast, chat, "reopen")["snoozed_until"] == before


def test_what_was_answered_meanwhile_waits_for_nothing(cast: Cast, chat: Chat) -> None:
    body = {"text": "Good morning.", "client_id": uuid4().hex, "close": True}
    assert cast.agent.post(f"/api/conversations/{chat.id}/messages", body).status_code == 201
    assert shown(cast, chat)["status"] == "closed"
    assert do(cast, chat, "reopen")["waiting_since"] is None


def test_a_day_later_it_begins_anew(cast: Cast, chat: Chat, app: Flask) -> None:
    do(cast, chat, "close")
    with app.app_context():
        of_this = Event.conversation_id == UUID(chat.id)
        long_ago = now() - A_SLIP - timedelta(seconds=1)
        db.session.execute(update(Event).where(of_this).values(created_at=long_ago))
        db.session.commit()
    assert do(cast, chat, "reopen")["escalated_at"] is None
