"""Blocking: the line goes dead, on every browser of theirs, until the team lets them in again."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.errors import Forbidden
from app.extensions import db
from app.models import Contact
from app.services.log import visitors
from app.services.log.visitors import Place
from tests.cast import Cast
from tests.chats import Chat, begin
from tests.open_house import opened


def is_let_in(chat: Chat) -> bool:
    with chat.app.app_context():
        return visitors.find(chat.organization_id, chat.token) is not None


def test_an_open_socket_is_hung_up_and_stays_shut(cast: Cast, app: Flask) -> None:
    key = str(cast.owner.get("/api/organization").json["widget_key"])
    with opened(app) as house:
        guest, bystander = house.guest(key), house.guest(key)
        guest.connect()
        bystander.connect()
        conversation_id = guest.say("You are all useless")["conversation_id"]
        bystander.say("Hello")
        shown = cast.agent.post(f"/api/conversations/{conversation_id}/block")
        assert shown.json["status"] == "closed"
        assert guest.expect("goodbye")["reason"] == "blocked"
        assert guest.is_hung_up_on()
        guest.dial()
        guest.send("hello", visitor_token=guest.token)
        assert guest.expect("error")["code"] == "blocked"
        assert bystander.say("Still here?")["seq"]
        assert cast.agent.get(f"/api/conversations/{conversation_id}").json["blocked"] is True
        cast.agent.post(f"/api/conversations/{conversation_id}/unblock")
        assert guest.connect(conversation_id=conversation_id)["conversation"]["status"] == "closed"
        guest.say("Sorry", conversation_id=conversation_id)


def test_every_browser_of_a_contact_is_meant(cast: Cast) -> None:
    first, second, other = begin(cast.owner), begin(cast.owner), begin(cast.owner)
    for chat in (first, second):
        chat.tell(email="vera@example.com")
    cast.agent.post(f"/api/conversations/{first.id}/block")
    assert [is_let_in(chat) for chat in (first, second, other)] == [False, False, True]
    cast.agent.post(f"/api/conversations/{second.id}/unblock")
    assert [is_let_in(chat) for chat in (first, second)] == [True, True]


def recognised(chat: Chat, email: str) -> None:
    """They have shown that the mailbox is theirs."""
    with chat.app.app_context():
        guest = visitors.find(chat.organization_id, chat.token)
        contact = db.session.scalars(select(Contact).where(Contact.email == email)).one()
        assert guest is not None
        chat.token = visitors.recognise(guest, contact).token


def test_whoever_merely_types_an_address_gets_nobody_else_blocked(cast: Cast) -> None:
    vera, troll = begin(cast.owner), begin(cast.owner)
    vera.tell(email="vera@example.com")
    recognised(vera, "vera@example.com")
    troll.tell(email="vera@example.com")
    cast.agent.post(f"/api/conversations/{troll.id}/block")
    assert [is_let_in(chat) for chat in (vera, troll)] == [True, False]
    recognised(vera, "vera@example.com")


def test_whoever_is_vouched_for_is_blocked_under_any_token(cast: Cast) -> None:
    vera, later = begin(cast.owner), begin(cast.owner)
    vera.tell(email="vera@example.com")
    recognised(vera, "vera@example.com")
    cast.agent.post(f"/api/conversations/{vera.id}/block")
    with pytest.raises(Forbidden):
        recognised(later, "vera@example.com")


def test_it_stands_in_the_log_of_changes_and_in_the_conversation(cast: Cast) -> None:
    chat = begin(cast.owner)
    for _ in range(2):
        cast.agent.post(f"/api/conversations/{chat.id}/block")
    texts = [
        line["text"]
        for line in cast.agent.get(f"/api/conversations/{chat.id}/messages").json["items"]
    ]
    assert texts.count("Aisha blocked this visitor.") == 1
    entries = cast.owner.get("/api/admin/audit").json["items"]
    blocked = [entry for entry in entries if entry["action"] == "visitor.blocked"]
    assert [entry["actor"]["name"] for entry in blocked] == ["Aisha"]


def test_T2_nobody_blocks_for_another_organization(cast: Cast) -> None:
    chat = begin(cast.owner)
    assert cast.stranger.post(f"/api/conversations/{chat.id}/block").status_code == 404
    assert is_let_in(chat)


def test_who_is_blocked_gets_no_new_name_by_the_old_token(cast: Cast) -> None:
    chat = begin(cast.owner)
    cast.agent.post(f"/api/conversations/{chat.id}/block")
    with chat.app.app_context(), pytest.raises(Forbidden):
        visitors.arrive(chat.organization_id, chat.token, Place())
