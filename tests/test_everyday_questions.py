"""What visitors type without naming a case: what holds for all comes before what holds for few."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.adapters import Adapters
from tests.cast import Cast
from tests.fakes import fakes_by_words
from tests.rooms import Room, furnished

DOCUMENTS = {
    "Delivery at home": """## What it costs

| Kind | Price |
| --- | --- |
| Standard, from €40 on | free |
| Standard, below €40 | €4.90 |

## How long it takes

Parcels arrive in two working days.

## When it does not come

Please tell us if it has not arrived after a week; we look for the parcel.""",
    "Delivery abroad": """## Time and price

A delivery abroad costs €19, and is free from €250 on. It takes nine days.""",
    "Partner API: orders": """Drop shipping costs €2.50 a parcel. The delivery cost is charged.""",
    "Returns and refunds": """You may send a kettle back within thirty days.

## Exchange

Order the new kettle and return the old one. Return it soon, and note the return number on it.

## Returns by dealers

Dealers return unsold kettles, and we return a tenth of the price of each return.""",
    "Press": """## Contact

Journalists contact press@kettles.example. Contact us on working days.""",
    "Finding us": """The address of the shop is Mill Lane 3, beside the bridge.

## Telephone and chat

We answer the telephone from Monday to Friday. The contact for chat is below.""",
    "Paying": """There are these ways to pay: debit card, credit card, and invoice.""",
    "Collecting": """You can collect an order at the till with its code.""",
    "Working with us": """## Open positions

A mechanic is wanted. Whoever wants the job writes to us.""",
}


@pytest.fixture
def adapters() -> Adapters:
    """By words alone: what the tests' vectors mean is chance."""
    return fakes_by_words()


@pytest.fixture
def room(app: Flask, cast: Cast) -> Iterator[Room]:
    with furnished(app, cast, DOCUMENTS) as room:
        yield room


FIRST = {
    "is delivery free?": "Standard, from €40 on",
    "delivery cost": "€4.90",
    "shipping cost": "€4.90",
    "return policy": "within thirty days",
    "contact": "We answer the telephone",
    "phone number?": "We answer the telephone",
    "address": "Mill Lane 3",
    "do you accept PayPal?": "debit card, credit card",
    "apple pay": "debit card, credit card",
    "can I pick up my order?": "collect an order at the till",
    "klarna?": "debit card, credit card",
    "email address": "We answer the telephone",
    "my order is missing": "tell us if it has not arrived",
    "any jobs?": "A mechanic is wanted",
}


@pytest.mark.parametrize(("question", "said"), FIRST.items())
def test_what_holds_for_everybody_comes_first(room: Room, question: str, said: str) -> None:
    text = room.ask(question)["text"]
    assert said in text
    assert "Drop shipping" not in text
    assert "press@" not in text


NAMED = {
    "what does delivery abroad cost?": "€19",
    "do you ship to Norway?": "A delivery abroad",
    "do you deliver to the US": "A delivery abroad",
    "returns for dealers": "Dealers return unsold kettles",
    "press contact": "press@kettles.example",
}


@pytest.mark.parametrize(("question", "said"), NAMED.items())
def test_who_names_a_case_is_answered_for_that_case(room: Room, question: str, said: str) -> None:
    text = room.ask(question)["text"]
    assert said in text
