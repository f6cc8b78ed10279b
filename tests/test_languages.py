"""Which language a message is in."""

from __future__ import annotations

import pytest

from app.services.languages import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *[("How do I reset my light?", "en"), ("Wie kann ich meine Lampe zurücksetzen?", "de")],
        *[("was kostet der versand", "de"), ("Où est ma commande ?", "fr")],
        *[("ma lampe ne marche plus", "fr"), ("¿Dónde está mi pedido?", "es")],
        *[("no me funciona", "es"), ("Onde está o meu pedido?", "pt")],
        *[("quanto custa o envio", "pt"), ("أين طلبي؟", "ar"), ("Dove è il mio ordine?", "it")],
        *[("Waar is mijn bestelling?", "nl"), ("Gdzie jest moje zamówienie?", "pl")],
        *[("Siparişim nerede?", "tr"), ("Где мой заказ?", "ru"), ("Де моє замовлення?", "uk")],
        *[
            ("我的订单在哪里？", "zh"),
            ("私の注文はどこですか", "ja"),
            ("주문은 어디에 있나요", "ko"),
        ],
        *[("איפה ההזמנה שלי", "he"), ("gracias", "es"), ("Danke", "de")],
        *[("Do you ship to São Paulo?", "en"), ("Is the café open on Saturday?", "en")],
    ],
)
def test_a_message_shows_its_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "ok", "Lantern 60", "?!", "12 345", "LIR2032"])
def test_what_is_too_short_is_taken_for_the_expected_language(text: str) -> None:
    assert language_of(text, "pt") == "pt"


def test_a_word_that_is_said_twice_tells_no_more_than_once() -> None:
    assert language_of("Lift lid, pour water slowly, wait, pour milk.", "en") == "en"


def test_a_long_text_takes_no_longer_than_a_short_one() -> None:
    assert language_of("Wo ist meine Bestellung? " * 100_000) == "de"
