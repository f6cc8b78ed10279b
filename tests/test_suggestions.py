"""What is suggested after an answer reads like what a person would ask, or like a plain topic."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.services.answering.suggestions import suggestions
from app.services.search.evidence import Evidence

DELIVERY = uuid4()
SAID = {
    "Following your parcel": "Following my parcel",
    "Letters and parcels": "Letters and parcels",
    "When it does not come": "What if it does not come?",
    "When none of ours is right": "What if none of ours is right?",
    "If you change your mind": "What if you change your mind?",
    "When the money comes": "When the money comes",
    "How to return something": "How do I return something?",
    "3. Look into the socket": "Look into the socket",
    "Snow builds up on the lens.": "Snow builds up on the lens",
    "The flap": "Delivery at home: The flap",
    "Where is the serial number?": "Where is the serial number?",
    "What the hub costs": "What the hub costs",
    "Wenn nichts ankommt": "Wenn nichts ankommt",
}


@pytest.mark.parametrize(("heading", "said"), SAID.items())
def test_a_heading_is_said_as_one_would_ask_for_it(heading: str, said: str) -> None:
    assert offered(heading) == [said]


def test_questions_come_first() -> None:
    assert offered("Letters and parcels", "When it does not come") == [
        "What if it does not come?",
        "Letters and parcels",
    ]


def passage(heading: str) -> Evidence:
    return Evidence(uuid4(), DELIVERY, "Delivery at home (in the country)", "…", heading, score=0.5)


def offered(*headings: str) -> list[str]:
    """Another section of the same document has answered."""
    evidence = [passage("Delivery › Days"), *(passage(f"Delivery › {one}") for one in headings)]
    return suggestions("How long does delivery take?", evidence, {0})
