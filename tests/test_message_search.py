"""Finding conversations: by a part of a word, by whose they are, by number; never another's."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from app.extensions import db
from app.models import Conversation
from app.services.inbox.message_search import snippet_of
from tests.cast import Cast, Person
from tests.chats import begin


def found(person: Person, asked: str, **query: Any) -> list[tuple[int, str]]:
    answer = person.get("/api/conversations/search", query_string={"q": asked, **query})
    assert answer.status_code == 200, answer.text
    return [(each["conversation"]["number"], each["match"]) for each in answer.json["items"]]


@pytest.mark.parametrize(
    "asked",
    [
        "teapot",
        "TEAPOT",
        "eapo",
        "blue teapot",
        "teapot blue",
        "größ",
        "GRÖSSE 12",
        "re-use",
        "50%",
    ],
)
def test_every_word_is_found_by_any_part_of_it(cast: Cast, asked: str) -> None:
    begin(cast.owner, "My blue teapot, Größe M, GRÖSSE 12, can I re-use it at 50%?")
    begin(cast.owner, "A blue cup")
    assert found(cast.agent, asked) == [(1, "message")]


@pytest.mark.parametrize("asked", ["red teapot", '"', "teapot OR cup", "%", "_", "NEAR(", "te_p%t"])
def test_nothing_is_a_command_or_a_wildcard(cast: Cast, asked: str) -> None:
    begin(cast.owner, "My blue teapot")
    assert found(cast.agent, asked) == []


@pytest.mark.parametrize(("asked", "count"), [("ab", 1), ("a", 1), ("xy", 0), ("ab teapot", 1)])
def test_short_words_are_found_too(cast: Cast, asked: str, count: int) -> None:
    begin(cast.owner, "An AB teapot")
    assert len(found(cast.agent, asked)) == count


def test_the_newest_message_of_a_conversation_stands_for_it(cast: Cast) -> None:
    chat = begin(cast.owner, "The **teapot** is broken")
    begin(cast.owner, "Another teapot")
    chat.say("I mean the big teapot from last week")
    [first, second] = cast.agent.get("/api/conversations/search?q=teapot").json["items"]
    assert (first["conversation"]["number"], first["seq"]) == (1, 2)
    assert (second["conversation"]["number"], second["seq"]) == (2, 1)
    assert first["snippet"] == [
        {"text": "I mean the big ", "is_marked": False},
        {"text": "teapot", "is_marked": True},
        {"text": " from last week", "is_marked": False},
    ]


def test_notes_are_found_by_the_team(cast: Cast) -> None:
    chat = begin(cast.owner)
    note = {"text": "A known wombat", "client_id": "some-client-id"}
    cast.agent.post(f"/api/conversations/{chat.id}/notes", note)
    assert found(cast.agent, "wombat") == [(1, "note")]


def test_a_person_is_found_by_name_and_by_address(cast: Cast) -> None:
    begin(cast.owner).tell(name="Vera Wombat", email="vera@example.com")
    for asked in ("vera", "wombat vera", "VERA@EXAMPLE", "vera@example.com"):
        assert found(cast.agent, asked) == [(1, "contact")]


def test_numbers_are_found_with_and_without_their_mark(cast: Cast) -> None:
    begin(cast.owner, "My order 2 is late")
    second = begin(cast.owner, "Hello")
    third = begin(cast.owner, "Hello")
    for chat in (second, third):
        body = {"subject": "Late", "conversation_id": chat.id}
        assert cast.agent.post("/api/tickets", body).status_code == 201
    assert found(cast.agent, "#2") == [(2, "number"), (3, "ticket")]
    assert found(cast.agent, "2") == [(2, "number"), (3, "ticket"), (1, "message")]


def test_T4_nobody_finds_what_is_another_organizations(cast: Cast) -> None:
    begin(cast.owner, "The wombat is ill").tell(name="Wombat", email="wombat@example.com")
    for asked in ("wombat", "1", "#1", "w", "ill"):
        assert found(cast.stranger, asked) == []
        narrowed = cast.stranger.get("/api/conversations", query_string={"q": asked})
        assert narrowed.json["items"] == []


def test_pages_hold_everything_once(cast: Cast) -> None:
    for place in range(5):
        begin(cast.owner, f"Teapot {place}")
    begin(cast.owner, "Hello").tell(name="Teapot")
    numbers, cursor = [], None
    while True:
        query = {"q": "teapot", "limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = cast.agent.get("/api/conversations/search", query_string=query).json
        numbers += [each["conversation"]["number"] for each in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert numbers == [6, 5, 4, 3, 2, 1]
    for wrong in ("x", "-1", "1" * 20, "²"):
        refused = cast.agent.get(f"/api/conversations/search?q=teapot&cursor={wrong}")
        assert refused.status_code == 422


def test_what_is_removed_is_found_no_more(cast: Cast, app: Flask) -> None:
    """The database keeps the index up by itself: also where a whole conversation goes at once."""
    begin(cast.owner, "The wombat is ill")
    begin(cast.owner, "The wombat is well")
    assert found(cast.agent, "wombat") == [(2, "message"), (1, "message")]
    with app.app_context():
        db.session.execute(delete(Conversation).where(Conversation.number == 1))
        db.session.commit()
        if db.engine.dialect.name == "sqlite":
            check = "INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)"
            db.session.execute(db.text(check))
    assert found(cast.agent, "wombat") == [(2, "message")]


def test_a_snippet_is_the_text_around_the_first_hit() -> None:
    pieces = snippet_of("word " * 100 + "**teapot** and `teapot`" + " word" * 100, ["teapot"])
    whole = "".join(piece.text for piece in pieces)
    assert whole.startswith("…")
    assert whole.endswith("…")
    assert "teapot and teapot" in whole
    assert len(whole) < 200
    assert [piece.text for piece in pieces if piece.is_marked] == ["teapot", "teapot"]


class TestSlips:
    @pytest.mark.parametrize(
        "asked", ["delivrey", "delivry", "deliivery", "dellvery", "DELIVREY malta"]
    )
    def test_a_slip_of_the_fingers_finds_it_all_the_same(self, cast: Cast, asked: str) -> None:
        begin(cast.owner, "What does **delivery** to Malta cost?")
        begin(cast.owner, "Do you sell deliveryman costumes? No? A pity.")
        answer = cast.agent.get("/api/conversations/search", query_string={"q": asked})
        [item] = [each for each in answer.json["items"] if each["conversation"]["number"] == 1]
        marked = [piece["text"] for piece in item["snippet"] if piece["is_marked"]]
        assert "delivery" in marked

    def test_what_is_almost_the_same_says_so_and_comes_last(self, cast: Cast) -> None:
        begin(cast.owner, "The delivrey is late")
        begin(cast.owner, "The delivery is late")
        items = cast.agent.get("/api/conversations/search?q=delivrey").json["items"]
        said = [(each["conversation"]["number"], each["is_close"]) for each in items]
        assert said == [(1, False), (2, True)]

    def test_where_there_is_enough_nothing_else_is_shown(self, cast: Cast) -> None:
        for _ in range(3):
            begin(cast.owner, "The delivery is late")
        begin(cast.owner, "The delivrey is late")
        assert len(found(cast.agent, "delivery")) == 3

    @pytest.mark.parametrize("asked", ["tae", "lovely", "xelixery", "delivery wombat", "deli%ery_"])
    def test_short_words_and_other_words_are_not_stretched(self, cast: Cast, asked: str) -> None:
        begin(cast.owner, "The delivery of my tea is late")
        assert found(cast.agent, asked) == []

    def test_a_name_with_a_slip_in_it_is_found(self, cast: Cast) -> None:
        begin(cast.owner).tell(name="Vera Lindqvist", email="vera@example.com")
        assert found(cast.agent, "lindqvsit") == [(1, "contact")]
        assert found(cast.stranger, "lindqvsit") == []

    def test_T4_what_is_almost_the_same_is_never_anothers(self, cast: Cast) -> None:
        begin(cast.owner, "The delivery is late")
        assert found(cast.stranger, "delivrey") == []


def test_what_is_searched_can_be_narrowed_like_the_list(cast: Cast) -> None:
    chats = [begin(cast.owner, f"Teapot {place}") for place in range(4)]
    cast.agent.patch(f"/api/conversations/{chats[1].id}", {"tags": ["vip"]})
    cast.agent.post(f"/api/conversations/{chats[2].id}/close")
    cast.agent.patch(f"/api/conversations/{chats[3].id}", {"assignee_id": cast.agent.id})
    assert found(cast.agent, "teapot", tag="vip") == [(2, "message")]
    assert found(cast.agent, "teapot", status="closed") == [(3, "message")]
    assert found(cast.agent, "teapot", assignee="me") == [(4, "message")]
    assert found(cast.agent, "teapto", tag="vip") == [(2, "message")]
    assert found(cast.agent, "#3", status="open") == []
    assert found(cast.stranger, "teapot", assignee=cast.agent.id) == []


def test_a_conversation_that_says_it_often_stands_there_once(cast: Cast) -> None:
    talkative = begin(cast.owner, "Teapot")
    begin(cast.owner, "Another teapot")
    for place in range(230):
        talkative.say(f"Teapot number {place}")
    first = cast.agent.get("/api/conversations/search?q=teapot&limit=1").json
    assert [each["conversation"]["number"] for each in first["items"]] == [1]
    path = f"/api/conversations/search?q=teapot&limit=1&cursor={first['next_cursor']}"
    second = cast.agent.get(path).json
    assert [each["conversation"]["number"] for each in second["items"]] == [2]
    assert second["next_cursor"] is None
