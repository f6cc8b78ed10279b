"""What is suggested after an answer is what a visitor would ask next, and will be answered."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask

from app.adapters import Adapters
from app.services.answering.suggestions import suggestions
from app.services.search.evidence import Evidence
from tests.cast import Cast
from tests.fakes import fakes_by_words
from tests.open_house import opened
from tests.rooms import Room, teach, widget_key

DELIVERY = uuid4()
TEXT = "The parcel travels with the carrier, and Perpetual in a box of its own."
SAID = {
    "Following your parcel": "Tell me about delivery at home: following my parcel",
    "Returns after thirty days": "Tell me about returns after thirty days",
    "When it does not come": "What if it does not come?",
    "When none of ours is right": "What if none of yours is right?",
    "If you change your mind": "What if I change my mind?",
    "When the money comes": "Tell me when the money comes",
    "How to return something": "How do I return something?",
    "Snow builds up on the lens.": "What if snow builds up on the lens?",
    "The socket is loose": "What if the socket is loose?",
    "The flap": "Tell me about delivery at home: the flap",
    "Perpetual": "Tell me about delivery at home: Perpetual",
    "Where is the serial number?": "Where is the serial number?",
    "What the hub costs": "Tell me what the hub costs",
    "What we ask of you before winter": "Tell me what you ask of me before winter",
    "After the thirty days": "What about after the thirty days?",
    "In the box": "What is in the box?",
    "Wenn nichts ankommt und niemand da ist": (
        "Tell me about Wenn nichts ankommt und niemand da ist"
    ),
}
ASKED_BY_NOBODY = (
    *("3. Look into the socket", "Step 4", "Look into the socket", "Please do not", "Overview"),
    *("What it covers", "Notes", "Think about the way", "At night it seems to dazzle others"),
)


@pytest.mark.parametrize(("heading", "said"), SAID.items())
def test_a_heading_is_said_as_one_would_ask_for_it(heading: str, said: str) -> None:
    assert offered(heading, question="Which days?") == [said]


@pytest.mark.parametrize("heading", ASKED_BY_NOBODY)
def test_what_nobody_would_ask_is_not_suggested(heading: str) -> None:
    assert offered(heading) == []


def test_what_was_just_spoken_of_needs_no_name() -> None:
    assert offered("Letters", question="What does delivery cost?") == ["What about letters?"]
    assert offered("Letters", question="Who pays?") == ["Tell me about delivery at home: letters"]


def test_questions_come_first() -> None:
    assert offered("Letters and large parcels", "When it does not come") == [
        "What if it does not come?",
        "Tell me about letters and large parcels",
    ]


def test_nothing_is_suggested_that_was_asked_or_answered() -> None:
    question = "What about letters and large parcels?"
    assert offered("Letters and large parcels", "Days", question=question) == []
    evidence = [passage("Days"), passage("Customs duty abroad")]
    assert suggestions("How long?", evidence, {0}, "en", ["what is customs duty abroad"]) == []


def test_a_visitor_of_another_language_is_asked_in_it() -> None:
    assert offered("Following your parcel", language="de") == ["Mehr dazu: Following your parcel"]


@pytest.fixture
def adapters() -> Adapters:
    return fakes_by_words()


@pytest.fixture
def room(app: Flask, cast: Cast) -> Iterator[Room]:
    text = f"""We send kettles with the post.

## Days

A kettle is on its way for three days. {_much_about("boxes")}

## Lost kettles

A kettle that got lost on its way is sent once more, at our cost. {_much_about("carriers")}

## How do I follow my kettle?

By the link in the letter that we send while the kettle is on its way. {_much_about("letters")}"""
    teach(cast.owner, "Sending kettles", text)
    with opened(app) as house:
        guest = house.guest(widget_key(cast.owner))
        guest.connect()
        yield Room(house, cast, guest)


def test_what_is_suggested_is_answered_when_it_is_asked(room: Room) -> None:
    answer = room.ask("How long is a kettle on its way?")
    offered = [action["text"] for action in answer["actions"]]
    assert offered == ["How do I follow my kettle?", "What about lost kettles?"]
    for text, said in zip(offered, ("By the link", "is sent once more"), strict=True):
        answer = room.ask(text)
        assert answer["outcome"] == "answered"
        assert said in answer["text"]
        assert text not in [action["text"] for action in answer["actions"]]


def _much_about(thing: str) -> str:
    """Sections of a line or two are learned together."""
    return " ".join(f"Of our {thing} number {n} is as good as any." for n in range(2, 30))


def passage(heading: str) -> Evidence:
    return Evidence(
        uuid4(), DELIVERY, "Delivery at home (in the country)", TEXT, heading, score=0.5
    )


def offered(
    *headings: str, question: str = "How long does it take?", language: str = "en"
) -> list[str]:
    """Another section of the same document has answered."""
    evidence = [passage("Delivery › Days"), *(passage(f"Delivery › {one}") for one in headings)]
    return suggestions(question, evidence, {0}, language)
