"""What visitors ask first, in a word or two: quoted answers go to the matter, and not past it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.adapters import Adapters
from tests.cast import Cast
from tests.fakes import fakes_by_words
from tests.rooms import Room, furnished

DOCUMENTS = {
    "The kettle will not switch on": """Go through the steps in this order.

## The socket

Try another socket. A lamp shows whether it is live.

## The lid

Close the lid until it clicks. The kettle stays off while it is open.

## If all of this fails

Write to us with the number under the base.""",
    "Our guarantee": """Five years on every kettle, two years on lids.

## After a repair

A kettle under guarantee that was mended keeps its guarantee for another three months.

## Second owners

The guarantee belongs to the kettle.""",
    "Prices": """## Price list

| Kettle | Price |
| --- | --- |
| Small | €20 |
| Large | €35 |
| Travel | €15 |

## Mistakes

If a price is plainly wrong, say €2 instead of €20, we ask you before the kettle is sent.""",
    "Kettle Mira: manual": """The Mira holds one litre and is made of glass.

## Care

Rinse the Mira once a week.""",
    "Kettle Orla: manual": """The Orla holds two litres and is made of steel.

## Care

Rinse the Orla once a month.""",
    "Finding us": """The address of the shop is Mill Lane 3, beside the bridge.

## Telephone and chat

We answer the telephone from Monday to Friday.""",
}


@pytest.fixture
def adapters() -> Adapters:
    """By words alone: what the tests' vectors mean is chance."""
    return fakes_by_words()


@pytest.fixture
def room(app: Flask, cast: Cast) -> Iterator[Room]:
    with furnished(app, cast, DOCUMENTS) as room:
        yield room


QUESTIONS = {
    "kettle won't switch on": "Go through the steps in this order.",
    "My kettle doesn't switch on!": "Go through the steps in this order.",
    "How long is the warranty?": "Five years on every kettle",
    "what's your guarantee policy": "Five years on every kettle",
    "How can I contact you?": "We answer the telephone from Monday to Friday.",
    "can I call someone": "We answer the telephone from Monday to Friday.",
    "Where are you located?": "Mill Lane 3",
}


@pytest.mark.parametrize(("question", "said"), QUESTIONS.items())
def test_a_question_about_a_matter_is_answered_by_what_says_so_first(
    room: Room, question: str, said: str
) -> None:
    assert said in room.ask(question)["text"]


def test_who_asks_for_the_cheapest_sees_all_prices(room: Room) -> None:
    for question in ("What is your cheapest kettle?", "which kettle is the most expensive"):
        text = room.ask(question)["text"]
        assert all(price in text for price in ("€20", "€35", "€15"))
        assert "**Price list**" in text


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between the Mira and the Orla?",
        "Mira vs Orla",
        "which is better, Mira or Orla?",
    ],
)
def test_two_things_are_compared_by_what_is_said_of_each(room: Room, question: str) -> None:
    answer = room.ask(question)
    assert "The Mira holds one litre and is made of glass." in answer["text"]
    assert "The Orla holds two litres and is made of steel." in answer["text"]
    assert {each["title"] for each in answer["citations"]} == {
        "Kettle Mira: manual",
        "Kettle Orla: manual",
    }


def test_what_is_compared_with_something_unknown_is_not_made_up(room: Room) -> None:
    answer = room.ask("What is the difference between the Mira and a Zeppelin?")
    assert answer["outcome"] != "answered"
