"""A visitor and the log: nothing lost, nothing doubled, in order, and nobody reads another's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from app.extensions import db
from tests.cast import Cast
from tests.open_house import Guest, House, opened

REPLY = "/api/conversations/{}/messages"


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    with opened(app) as house:
        yield house


@pytest.fixture
def key(cast: Cast) -> str:
    return str(cast.owner.get("/api/organization").json["widget_key"])


@pytest.fixture
def guest(house: House, key: str) -> Guest:
    return house.guest(key)


@contextmanager
def moved_away(app: Flask, table: str) -> Iterator[None]:
    """A database that fails whoever reads this."""
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO elsewhere"))
    yield
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE elsewhere RENAME TO {table}"))


def seqs(frames: list[dict[str, object]]) -> list[int]:
    return [each["seq"] for each in frames]  # type: ignore[misc]


def test_a_newcomer_is_given_a_token_and_nothing_else(guest: Guest) -> None:
    welcome = guest.connect()
    assert welcome["visitor_token"].startswith("vt_")
    assert welcome["conversation"] is None
    assert welcome["events"] == []


def test_a_message_is_acknowledged_with_its_number(guest: Guest) -> None:
    guest.connect()
    accepted = guest.say("Do you deliver to Malta?")
    assert accepted["seq"] == 1
    event = guest.event(author="visitor")
    assert (event["seq"], event["text"]) == (1, "Do you deliver to Malta?")


def test_the_same_message_sent_again_keeps_its_number(guest: Guest) -> None:
    guest.connect()
    first = guest.say("Hello?", client_id="the-same-id")
    again = guest.say("Hello?", client_id="the-same-id")
    assert (again["seq"], again["message_id"]) == (first["seq"], first["message_id"])
    guest.hang_up()
    assert seqs(guest.connect()["events"]) == [1]


def test_who_comes_back_reads_on_where_they_stopped(guest: Guest) -> None:
    guest.connect()
    for number in range(5):
        guest.say(f"Message {number}")
    guest.vanish()
    welcome = guest.connect(last_seq=3)
    assert seqs(welcome["events"]) == [4, 5]


def test_who_asks_for_what_is_not_theirs_still_hears_their_own(
    cast: Cast, house: House, key: str, guest: Guest
) -> None:
    guest.connect()
    conversation_id = guest.say("Hello")["conversation_id"]
    guest.send("open", conversation_id=str(uuid4()))
    assert guest.expect("error")["code"] == "not_found"
    body = {"text": "Here I am", "client_id": uuid4().hex}
    cast.agent.post(f"/api/conversations/{conversation_id}/messages", body)
    assert guest.event(author="person")["text"] == "Here I am"
    newcomer = house.guest(key)
    assert newcomer.connect(visitor_token=guest.token)["unread"] == 1


def test_where_a_conversation_cannot_be_read_the_one_shown_goes_on(
    app: Flask, cast: Cast, guest: Guest
) -> None:
    guest.connect()
    first = guest.say("One")["conversation_id"]
    guest.send("end")
    guest.event("closed")
    guest.send("open", conversation_id=None)
    second = guest.say("Two")["conversation_id"]
    while guest.event(author="visitor")["text"] != "Two":
        pass
    with moved_away(app, "events"):
        guest.send("open", conversation_id=first)
        assert guest.expect("error")["retry"] is True
    body = {"text": "Here I am", "client_id": uuid4().hex}
    cast.agent.post(REPLY.format(second), body)
    assert guest.event(author="person")["text"] == "Here I am"
    guest.send("open", conversation_id=first)
    assert guest.expect("opened")["conversation"]["id"] == first


def test_a_long_gap_is_told_as_one(guest: Guest) -> None:
    guest.connect()
    for number in range(7):
        guest.say(f"Message {number}")
    guest.hang_up()
    welcome = guest.connect(last_seq=99)
    assert seqs(welcome["events"]) == list(range(1, 8))
    assert not welcome["more"]


def test_every_tab_of_a_visitor_sees_the_same(house: House, key: str, guest: Guest) -> None:
    guest.connect()
    other = house.guest(key)
    other.token = guest.token
    other.connect()
    guest.say("From the first tab")
    assert other.event()["text"] == "From the first tab"
    other.say("From the second tab")
    assert guest.event()["text"] == "From the first tab"
    assert guest.event()["text"] == "From the second tab"


def test_T7_the_id_of_a_conversation_alone_opens_nothing(
    house: House, key: str, guest: Guest
) -> None:
    guest.connect()
    conversation_id = guest.say("My secret is Cormorant-7431")["conversation_id"]
    stranger = house.guest(key)
    welcome = stranger.connect(conversation_id=conversation_id)
    assert welcome["conversation"] is None
    assert welcome["events"] == []
    for kind in ("open", "history"):
        before = {"before_seq": 99} if kind == "history" else {}
        stranger.send(kind, conversation_id=conversation_id, **before)
        assert stranger.expect("error")["code"] == "not_found"
    stranger.send(
        "message", client_id=uuid4().hex, text="Let me in", conversation_id=conversation_id
    )
    assert stranger.expect("error")["code"] == "not_found"
    assert "Cormorant" not in str(stranger.frames)


def test_T7_who_says_hello_as_somebody_else_hears_nothing_more_of_the_one_before(
    house: House, key: str, guest: Guest
) -> None:
    guest.connect()
    shared = house.guest(key)
    shared.connect(visitor_token=guest.token)
    shared.send("hello", visitor_token="")
    assert shared.expect("welcome")["conversation"] is None
    seen = len(shared.frames)
    guest.say("My secret is Cormorant-7431")
    shared.silence()
    assert shared.frames[seen:] == []


def test_W2_a_token_of_another_organization_is_nobodys(
    house: House, cast: Cast, guest: Guest
) -> None:
    guest.connect()
    guest.say("At home")
    elsewhere = Guest(house.socket_url(cast.stranger.get("/api/organization").json["widget_key"]))
    elsewhere.token = guest.token
    welcome = elsewhere.connect()
    assert welcome["visitor_token"] != guest.token
    assert welcome["conversation"] is None


def test_a_visitor_ends_a_conversation_and_begins_another(guest: Guest) -> None:
    guest.connect()
    first = guest.say("One")["conversation_id"]
    guest.send("end")
    assert guest.event("closed")["by"] == "visitor"
    guest.send("open", conversation_id=None)
    assert guest.expect("opened")["conversation"] is None
    second = guest.say("Two")["conversation_id"]
    assert first != second
    guest.send("list")
    items = guest.expect("conversations")["items"]
    assert [item["preview"] for item in items] == ["Two", "One"]
    assert [item["number"] for item in items] == [2, 1]


def test_writing_to_a_closed_conversation_opens_it_again(guest: Guest) -> None:
    guest.connect()
    guest.say("One")
    guest.send("end")
    guest.event("closed")
    guest.say("One more thing")
    guest.event("reopened")
    assert guest.event(author="visitor")["text"] == "One more thing"


def test_a_rating_is_kept_and_may_be_changed(guest: Guest) -> None:
    guest.connect()
    guest.say("Hello")
    guest.send("rate", score=2)
    guest.event("rated")
    guest.send("rate", score=5, comment="Better now")
    guest.event("rated")
    guest.hang_up()
    assert guest.connect()["conversation"]["rating"] == 5


def test_what_a_visitor_erases_is_gone(house: House, guest: Guest) -> None:
    guest.connect()
    guest.say("Forget me")
    guest.send("erase")
    assert guest.expect("goodbye")["reason"] == "erased"
    token = guest.token
    welcome = guest.connect()
    assert welcome["visitor_token"] != token
    assert welcome["conversation"] is None


def test_an_empty_message_is_refused_in_words(guest: Guest) -> None:
    guest.connect()
    guest.send("message", client_id="some-client-id", text="   ")
    error = guest.expect("error")
    assert (error["code"], error["client_id"]) == ("empty", "some-client-id")
