"""The overview: what waits, who is there, what went wrong today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask

from app.adapters.language_model import ModelFailed
from tests.cast import Cast, Person
from tests.fakes import ScriptedModel
from tests.open_house import opened
from tests.rooms import TEA, Room, teach, widget_key


@pytest.fixture
def room(app: Flask, cast: Cast) -> Iterator[Room]:
    with opened(app) as house:
        teach(cast.owner, "House rules", TEA)
        guest = house.guest(widget_key(cast.owner))
        guest.connect()
        yield Room(house, cast, guest)


def overview(room: Room) -> dict[str, Any]:
    answer = room.cast.agent.get("/api/overview")
    assert answer.status_code == 200, answer.get_json()
    found: dict[str, Any] = answer.json
    return found


def test_an_empty_desk_has_nothing_to_tell(cast: Cast) -> None:
    found = cast.agent.get("/api/overview").json
    assert found["waiting"] == {
        "for_person": 0, "unassigned": 0, "overdue": 0, "longest_since": None, "first": []
    }  # fmt: skip
    assert set(found["today"].values()) == {0}
    assert found["unanswered"] == found["troubles"] == []
    page = cast.agent.get("/dashboard").get_data(as_text=True)
    assert "Nothing that we know of." in page


def test_who_waits_for_a_person_is_named(room: Room) -> None:
    room.say("My parcel is lost")
    room.guest.send("escalate", client_id="call-a-person-1")
    room.guest.expect("accepted")
    found = overview(room)
    assert found["waiting"]["for_person"] == found["waiting"]["unassigned"] == 1
    assert [each["id"] for each in found["waiting"]["first"]] == [room.conversation_id]
    assert found["waiting"]["longest_since"]
    assert found["today"]["handed_over"] == 1
    page = room.cast.agent.get("/dashboard").get_data(as_text=True)
    assert f"/dashboard/inbox/{room.conversation_id}" in page
    room.take_over()
    assert overview(room)["waiting"]["for_person"] == 0


def test_questions_without_an_answer_are_listed(room: Room) -> None:
    room.ask("When is tea served?")
    room.script(ScriptedModel("Paris is the capital of France."))
    room.ask("What is the capital of France?")
    found = overview(room)
    assert found["today"]["answered"] == 1
    questions = [each["question"] for each in found["unanswered"]]
    assert questions == ["What is the capital of France?"]


def test_what_went_wrong_is_counted(room: Room) -> None:
    def fail(_messages: Any) -> Iterator[str]:
        raise ModelFailed("down", kind="server")
        yield ""

    room.script(ScriptedModel(fail))
    room.ask("When is tea served?")
    room.guest.send("rate", score=1)
    room.guest.event("rated")
    troubles = {each["kind"]: each["count"] for each in overview(room)["troubles"]}
    assert troubles == {"model_failed": 1, "poor_rating": 1}


def test_who_is_at_the_inbox_is_there(room: Room) -> None:
    def here() -> dict[str, bool]:
        return {each["user"]["name"]: each["is_here"] for each in overview(room)["colleagues"]}

    assert not any(here().values())
    screen = room.house.screen(room.cast.agent).dial()
    screen.send("hello")
    screen.expect("welcome")
    assert [name for name, is_here in here().items() if is_here] == [room.cast.agent.name]
    assert next(iter(here())) == room.cast.agent.name


FIGURE = re.compile(r'figure__number">(\d+)</p><p class="figure__text"><a href="([^"]+)"')


def behind(person: Person, path: str) -> list[str]:
    """The conversations that a page of a figure leads to."""
    page = person.get(path)
    assert page.status_code == 200, path
    return re.findall(r'href="/dashboard/inbox/([0-9a-f-]{36})"', page.get_data(as_text=True))


def test_every_figure_leads_to_what_it_counts(room: Room) -> None:
    room.ask("When is tea served?")
    room.guest.send("rate", score=1)
    room.guest.event("rated")
    room.guest.send("escalate", client_id="call-a-person-1")
    room.guest.expect("accepted")
    page = room.cast.agent.get("/dashboard").get_data(as_text=True)
    figures = FIGURE.findall(page)
    assert [int(number) for number, _ in figures] == [1, 1, 0, 1, 0]
    for number, path in figures:
        assert len(behind(room.cast.agent, path)) == int(number), path
    for kind in ("answered", "handed_over", "poor_rating"):
        path = f"/dashboard/overview?figure={kind}"
        assert path in page
        assert behind(room.cast.agent, path) == [room.conversation_id]
        assert behind(room.cast.stranger, path) == []


def test_what_is_on_a_table_is_listed(room: Room) -> None:
    room.say("My parcel is lost")
    room.take_over()
    body = {"text": "It is **not** lost.", "client_id": "a-reply-of-hers"}
    said = room.cast.agent.post(f"/api/conversations/{room.conversation_id}/messages", body)
    assert said.status_code == 201
    path = f"/dashboard/overview?figure=held&person={room.cast.agent.id}"
    assert path in unescape(room.cast.owner.get("/dashboard").get_data(as_text=True))
    assert behind(room.cast.owner, path) == [room.conversation_id]
    assert "It is not lost." in room.cast.owner.get(path).get_data(as_text=True)
    other = f"/dashboard/overview?figure=held&person={room.cast.owner.id}"
    assert behind(room.cast.owner, other) == []
    assert room.cast.stranger.get(path).status_code == 404
    assert room.cast.owner.get("/dashboard/overview?figure=nothing-like-it").status_code == 404


def test_T6_nothing_of_another_organization_is_seen(room: Room) -> None:
    room.say("My parcel is lost")
    room.guest.send("escalate", client_id="call-a-person-1")
    room.guest.expect("accepted")
    found = room.cast.stranger.get("/api/overview").json
    assert found["waiting"]["for_person"] == 0
    assert found["today"]["conversations"] == 0
    names = {each["user"]["name"] for each in found["colleagues"]}
    assert names == {room.cast.stranger.name}
