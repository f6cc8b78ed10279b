"""A visitor who writes in another language than the documents, and a model that can translate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.models import Spending
from tests.cast import Cast
from tests.fakes import ScriptedModel
from tests.open_house import opened
from tests.rooms import TEA, Room, teach, widget_key

ASKED = "Wann gibt es bei Ihnen bitte den Tee?"
ALONE = "When is tea served?"
TRUE = "Der Tee wird bei uns am Nachmittag gereicht [1]."
TIMED = "Den Tee gibt es um vier Uhr am Nachmittag [1]."
WRONG = "Den Tee gibt es um sieben Uhr am Nachmittag [1]."


@pytest.fixture
def room(app: Flask, cast: Cast) -> Iterator[Room]:
    with opened(app) as house:
        guest = house.guest(widget_key(cast.owner))
        guest.connect()
        yield Room(house, cast, guest)


def withheld(room: Room) -> list[str]:
    return [each["text"] for each in room.log()[-1]["inside"]["withheld"]]


def last_of(prompt: Any) -> str:
    return str(prompt[-1].content)


@pytest.mark.parametrize("said", [TRUE, TIMED])
def test_what_a_second_opinion_confirms_is_said_in_the_visitors_language(
    room: Room, said: str
) -> None:
    teach(room.cast.owner, "Tea and coffee", TEA)
    model = ScriptedModel(ALONE, said, "YES")
    room.script(model)
    answer = room.ask(ASKED)
    assert (answer["outcome"], answer["text"]) == ("answered", said.replace(" [1]", ""))
    assert [each["title"] for each in answer["citations"]] == ["Tea and coffee"]
    rewriting, answering, confirming = model.asked
    assert "in English" in rewriting[0].content
    assert "Write in German" in last_of(answering)
    assert "four in the afternoon" in last_of(confirming)
    assert said.replace(" [1]", "") in last_of(confirming)


@pytest.mark.parametrize("said", [TRUE, TIMED])
def test_what_it_does_not_confirm_is_withheld(room: Room, said: str) -> None:
    teach(room.cast.owner, "Tea and coffee", TEA)
    room.script(ScriptedModel(ALONE, said, "NO"))
    answer = room.ask(ASKED)
    assert said.replace(" [1]", "") not in str(room.guest.frames)
    assert answer["degraded"] == "quoted"
    assert withheld(room) == [said.replace(" [1]", "")]


def test_no_opinion_makes_a_wrong_figure_right(room: Room) -> None:
    teach(room.cast.owner, "Tea and coffee", TEA)
    model = ScriptedModel(ALONE, WRONG, "YES")
    room.script(model)
    room.ask(ASKED)
    assert len(model.asked) == 2
    assert withheld(room) == [WRONG.replace(" [1]", "")]
    assert "sieben" not in str(room.guest.frames)


def test_what_the_model_names_no_passage_for_is_withheld(room: Room) -> None:
    teach(room.cast.owner, "Tea and coffee", TEA)
    model = ScriptedModel(ALONE, TRUE.replace(" [1]", ""), "YES")
    room.script(model)
    room.ask(ASKED)
    assert len(model.asked) == 2
    assert withheld(room) == [TRUE.replace(" [1]", "")]


def test_all_that_was_asked_of_models_is_counted(room: Room) -> None:
    teach(room.cast.owner, "Tea and coffee", TEA)
    model = ScriptedModel(ALONE, TRUE, "YES")
    room.script(model)
    room.ask(ASKED)
    with room.house.app.app_context():
        spent = db.session.query(Spending).one()
    # Each of the three costs seven.
    assert (spent.answers, spent.cost_micros) == (1, 21)


def test_documents_in_the_visitors_language_need_no_translation(room: Room) -> None:
    teach(
        room.cast.owner,
        "Tee und Kaffee",
        "Der Tee wird bei uns um vier Uhr am Nachmittag gereicht. Den Kaffee gibt es um neun.",
    )
    model = ScriptedModel("Der Tee wird um vier Uhr am Nachmittag gereicht [1].")
    room.script(model)
    answer = room.ask(ASKED)
    assert answer["outcome"] == "answered"
    assert len(model.asked) == 1


def test_a_question_is_put_in_the_language_of_the_documents(room: Room) -> None:
    teach(
        room.cast.owner,
        "Tee und Kaffee",
        "Der Tee wird bei uns um vier Uhr am Nachmittag gereicht. Den Kaffee gibt es um neun.",
    )
    model = ScriptedModel(ASKED, "The tea is there in the afternoon [1].", "YES")
    room.script(model)
    answer = room.ask("When do you have the tea, and is there any coffee, Tee?")
    assert answer["text"] == "The tea is there in the afternoon."
    assert "in German" in model.asked[0][0].content
