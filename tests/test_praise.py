"""Whoever is glad and asks nothing is thanked, and not told that nothing was found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.adapters import Adapters
from tests.cast import Cast
from tests.fakes import ScriptedModel, fakes_by_words
from tests.rooms import TEA, Room, furnished

HAPPY = "I love your teapots, best purchase this year!"


@pytest.fixture
def adapters() -> Adapters:
    """By words alone: what the tests' vectors mean is chance."""
    return fakes_by_words()


@pytest.fixture
def room(app: Flask, cast: Cast) -> Iterator[Room]:
    with furnished(app, cast, {"Tea and coffee": TEA}) as room:
        yield room


def test_praise_is_taken_with_thanks(room: Room) -> None:
    line = room.ask(HAPPY)
    assert (line["outcome"], line["citations"]) == ("chat", [])
    assert line["text"].startswith("Thank you, that is good to hear!")


def test_praise_is_thanked_for_in_its_own_language(room: Room) -> None:
    assert room.ask("Ich bin mit der Kanne sehr zufrieden, sie ist einfach super!")[
        "text"
    ].startswith("Danke")


def test_a_model_that_claims_what_nobody_wrote_gives_thanks_instead(room: Room) -> None:
    room.script(ScriptedModel("Our teapots have won eleven prizes [1]."))
    line = room.ask(HAPPY)
    assert line["outcome"] == "chat"
    assert "eleven" not in line["text"]


def test_a_question_with_praise_before_it_is_answered(room: Room) -> None:
    line = room.ask("I love your tea! When is tea served?")
    assert line["outcome"] == "answered"
    assert "four" in line["text"]


def test_a_question_that_nothing_answers_is_not_taken_for_praise(room: Room) -> None:
    assert room.ask("I love your tea, it is the best! Umbrellas?")["outcome"] != "chat"
