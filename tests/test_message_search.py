"""Finding conversations: by a part of a word, by whose they are, by number; never another's."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from app.extensions import db
from app.models import Conversation
from app.services.message_search import snippet_of
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


@pytest.mark.parametrize("asked", ["red teapot", '"', "teapot OR cup", "%", "_", "NEAR(", "te_pot"])
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
