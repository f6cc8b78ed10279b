"""What is answered without a document, and what must not be taken for small talk."""

from __future__ import annotations

import pytest

from app.services import wording
from app.services.answering import small_talk
from app.services.answering.small_talk import Reply

HOUSE = "Harbour Books"


def said(text: str, locale: str = "en") -> Reply | None:
    return small_talk.reply(text, HOUSE, "Pip", locale)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *[("hi", "greeting"), ("Hello there!", "greeting"), ("heyyy", "greeting")],
        *[("Hi Harbour Books team", "greeting"), ("hello Pip :)", "greeting")],
        *[
            ("Guten Morgen!", "greeting"),
            ("Bonjour à tous", "greeting"),
            ("¡Buenos días!", "greeting"),
        ],
        *[("Olá", "greeting"), ("السلام عليكم", "greeting"), ("how are you?", "how_are_you")],
        *[("ça va ?", "how_are_you"), ("thanks a lot!!", "thanks"), ("Danke schön", "thanks")],
        *[("ok thank you so much, bye", "thanks"), ("muchas gracias", "thanks")],
        *[("obrigada", "thanks"), ("شكرًا جزيلًا", "thanks"), ("goodbye", "goodbye")],
        *[("Tschüss", "goodbye"), ("ok", "acknowledged"), ("👍", "acknowledged")],
        *[("are you a bot?", "about_bot"), ("Am I talking to a real person?", "about_bot")],
        *[("Are you human or AI", "about_bot"), ("who made you?", "about_bot")],
        *[("which model are you", "about_bot"), ("are you ChatGPT?", "about_bot")],
        *[("what's your name", "about_bot"), ("Bist du ein Mensch?", "about_bot")],
        *[("Êtes-vous un robot ?", "about_bot"), ("¿Eres una persona real?", "about_bot")],
        *[("você é um robô?", "about_bot"), ("هل أنت روبوت؟", "about_bot")],
        *[("Hi, can you help me?", "help"), ("what can you do", "help")],
        *[("I want to talk to a human please", "person"), ("agent", "person")],
        *[
            ("Kann ich mit einem Menschen sprechen?", "person"),
            ("je voudrais parler à quelqu'un", "person"),
        ],
        *[("quiero hablar con una persona", "person"), ("quero falar com um atendente", "person")],
        *[("أريد التحدث مع موظف", "person")],
    ],
)
def test_small_talk_is_known_in_six_languages(text: str, kind: str) -> None:
    reply = said(text)
    assert reply is not None
    assert reply.kind == kind


@pytest.mark.parametrize(
    "text",
    [
        *("hi, where is my order?", "thanks, and what about the Lantern 60?", "is the light good"),
        *("how do I say hello in Finnish", "good lights?", "Hallo, wo ist mein Paket", "", "??"),
        *(
            "can I talk to a person on Saturdays",
            "do you have a human cannonball",
            "ok but how much",
        ),
        *(
            "which model is the brightest",
            "who made the Lantern 60",
            "are you a member of the guild",
        ),
        *("hola, ¿cuánto cuesta?", "bonjour, où est ma commande", "thank you card with envelope"),
        *("help, my toddler swallowed a battery", "are you open", "yes", "no"),
    ],
)
def test_a_question_is_never_swallowed(text: str) -> None:
    assert said(text) is None


def test_whoever_asks_is_told_that_it_is_a_machine_and_whose() -> None:
    reply = said("Are you a real person?")
    assert reply is not None
    assert "AI assistant of Harbour Books" in reply.text
    assert "not a person" in reply.text


def test_a_greeting_is_answered_in_its_own_language() -> None:
    reply = said("Guten Tag", "en")
    assert reply is not None
    assert "KI-Assistent" in reply.text
    shared = said("ok", "fr-CA")
    assert shared is not None
    assert shared.text == wording.say("acknowledged", "fr")


def test_every_kind_has_its_words_in_each_language() -> None:
    for kind in small_talk.KINDS:
        for locale in wording.LANGUAGES:
            assert wording.say(kind, locale, organization=HOUSE, assistant="Pip")


def test_a_long_message_is_no_small_talk() -> None:
    assert said("hello " * 60) is None
