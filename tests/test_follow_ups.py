"""Which questions lean on what was said before, and on what."""

from __future__ import annotations

import pytest

from app.services.answering.follow_ups import leans, standalone


@pytest.mark.parametrize(
    "question",
    [
        *("and what about the 100?", "how long does it last?", "why?", "can it flash as well?"),
        *(
            "does that cost extra",
            "what if I mix up the two wires?",
            "the dark room downstairs too?",
        ),
        *(
            "und wie lange dauert das?",
            "et pour la Belgique ?",
            "¿y cuánto cuesta?",
            "e para Espanha?",
        ),
        *("how much", "which one is better?", "وكم يكلف؟"),
    ],
)
def test_a_question_that_says_too_little_leans_on_the_turn_before(question: str) -> None:
    asked = standalone(question, ["Do you sell the Lantern 60?"])
    assert asked.is_follow_up
    assert asked.previous == "Do you sell the Lantern 60?"
    assert asked.question == question


@pytest.mark.parametrize(
    "question",
    [
        *("How do I reset the Lantern 100?", "is it possible to pay by card?", "Lantern 60"),
        *("My Lantern arrived today. Can it be opened with a screwdriver?", "delivery to Norway"),
        *("Wie lange gilt die Garantie auf Akkus?", "is there a discount for students?"),
        "I bought a lamp that stopped working after two months",
    ],
)
def test_a_question_that_says_enough_stands_alone(question: str) -> None:
    asked = standalone(question, ["Do you sell bells?"])
    assert not asked.is_follow_up
    assert asked.previous == ""


def test_the_first_question_leans_on_nothing() -> None:
    assert not standalone("and how long does it last?", []).is_follow_up


def test_follow_ups_of_follow_ups_lean_on_what_they_are_all_about() -> None:
    turns = ["Tell me about the Ember rear light", "how long does it last?", "thanks!", "ok"]
    assert (
        standalone("and is it waterproof?", turns).previous == "Tell me about the Ember rear light"
    )


def test_small_talk_is_nothing_to_lean_on() -> None:
    assert not standalone("how long does it take?", ["hello", "how are you?"]).is_follow_up


def test_only_the_last_five_turns_count() -> None:
    turns = ["Tell me about the Ember rear light", *["ok"] * 5]
    assert not leans("Tell me about the Ember rear light")
    assert standalone("is it waterproof?", turns).previous == ""
