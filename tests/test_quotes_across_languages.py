"""Without a model nothing is translated; but documents are found, and the rest is said as asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.adapters import Adapters
from app.adapters.language_model import ModelFailed
from app.services.answering.glossing import glossed
from tests.cast import Cast
from tests.fakes import ScriptedModel, fakes_by_words
from tests.rooms import Room, furnished, teach

DOCUMENTS = {
    "Delivery": "We deliver kettles in three days. The delivery costs 4 euros and is for free "
    "from 40 euros on.",
    "Our guarantee": "Five years on every kettle, and this is for the lid as well.",
    "Cancelling an order": "You can cancel your order until it is packed. There is no charge.",
    "Kettle Mira: manual": "The Mira holds one litre and is made of glass. It is for two people.",
    "Kettle Orla: manual": "The Orla holds two litres and is made of steel. It is for families.",
}


@pytest.fixture
def adapters() -> Adapters:
    return fakes_by_words()


@pytest.fixture
def documents() -> dict[str, str]:
    return DOCUMENTS


@pytest.fixture
def room(app: Flask, cast: Cast, documents: dict[str, str]) -> Iterator[Room]:
    with furnished(app, cast, documents) as room:
        yield room


ASKED = {
    "Wie lange dauert der Versand?": ("Das habe ich auf Englisch gefunden:", "three days"),
    "Wie hoch sind die Versandkosten?": ("Das habe ich auf Englisch gefunden:", "4 euros"),
    "Combien de temps prend la livraison ?": (
        "Voici ce que j'ai trouvé en anglais :",
        "three days",
    ),
    "¿Tienen garantía?": ("Esto es lo que he encontrado en inglés:", "Five years"),
    "Como posso cancelar o meu pedido?": ("Isto foi o que encontrei em inglês:", "until it is"),
    "ما هي مدة الضمان؟": ("هذا ما وجدته بالإنجليزية:", "Five years"),
}


@pytest.mark.parametrize(("question", "expected"), ASKED.items())
def test_what_is_written_in_another_language_is_found_and_introduced(
    room: Room, question: str, expected: tuple[str, str]
) -> None:
    introduction, said = expected
    answer = room.ask(question)
    assert answer["outcome"] == "answered"
    assert answer["text"].startswith(introduction + "\n\n")
    assert said in answer["text"]
    assert answer["sentences"][0]["citations"] == []
    assert answer["sentences"][1]["citations"]


def test_what_is_only_near_is_said_to_be_so_and_in_which_language(room: Room) -> None:
    answer = room.ask("Kann ich die Lieferung an Nachbarn umleiten?")
    assert answer["outcome"] == "closest"
    introduction, _, quoted = answer["text"].partition("\n\n")
    assert introduction == (
        "Das ist das Nächste, was ich auf Englisch gefunden habe. "
        "Vielleicht ist es nicht, wonach Sie gefragt haben:"
    )
    assert "delivery" in quoted


def test_documents_in_the_visitors_language_need_no_introduction(room: Room) -> None:
    teach(
        room.cast.owner,
        "Rückgabe",
        "Sie können den Kessel innerhalb von 30 Tagen zurückgeben. Die Rückgabe ist kostenlos.",
    )
    answer = room.ask("Wie kann ich den Kessel zurückgeben?")
    assert "Sie können den Kessel innerhalb von 30 Tagen" in answer["text"]
    assert "auf Deutsch" not in answer["text"]


@pytest.mark.parametrize(
    "documents",
    [
        {
            "Versand des Samowar": "Der Versand dauert neun Tage und kostet vier Euro. Wir liefern "
            "den Samowar mit der Post."
        }
    ],
)
def test_documents_in_german_are_found_by_who_writes_english(room: Room) -> None:
    answer = room.ask("How long does shipping of the Samowar take?")
    assert answer["text"].startswith("I found this in German:\n\nDer Versand dauert neun Tage")


def test_two_things_are_compared_in_any_language(room: Room) -> None:
    text = room.ask("Was ist der Unterschied zwischen Mira und Orla?")["text"]
    assert text.startswith("Das habe ich auf Englisch gefunden:")
    assert "made of glass" in text
    assert "made of steel" in text


def test_what_is_not_known_is_said_in_the_visitors_language(room: Room) -> None:
    answer = room.ask("Wer hat das Endspiel gestern Abend gewonnen?")
    assert answer["outcome"] == "unknown"
    assert answer["text"].startswith("Dazu habe ich in den Unterlagen")
    assert [each["text"] for each in answer["actions"]] == [
        "Mit einem Menschen sprechen",
        "Ein Ticket eröffnen",
    ]


def test_what_is_said_without_documents_names_its_own_language(room: Room) -> None:
    assert room.ask("Bist du ein Mensch?")["language"] == "de"
    # Nobody has put our own sentences into Japanese.
    strange = room.ask("送料はいくらですか")
    assert (strange["outcome"], strange["language"]) == ("unknown", "en")


def test_a_model_that_fails_is_told_of_where_there_is_nothing_to_quote_either(room: Room) -> None:
    def fail(_messages: object) -> Iterator[str]:
        raise ModelFailed("It fails.", "server", before_first_token=True)
        yield ""

    room.script(ScriptedModel(*[fail] * 3))
    answer = room.ask("Gibt es eine Garantie auf das Glas und den Griff?")
    assert (answer["outcome"], answer["degraded"]) == ("unknown", "quoted")
    assert answer["text"].startswith("Im Moment kann ich nur aus unseren Unterlagen zitieren. Dazu")


GLOSSED = {
    ("Wie lange dauert der Versand?", "de"): "how long takes delivery",
    ("Gibt es einen Studentenrabatt?", "de"): "do you students discount",
    ("Was kostet die Lantern 60?", "de"): "what price Lantern 60",
    ("Où est mon colis ?", "fr"): "where my parcel",
    ("Cuanto tarda el envio?", "es"): "how long delivery",
    ("Esqueci a minha senha", "pt"): "forgot my password",
    ("كم يستغرق الشحن؟", "ar"): "how long delivery",
}


@pytest.mark.parametrize(("question", "said"), GLOSSED.items())
def test_a_question_is_said_word_by_word(question: tuple[str, str], said: str) -> None:
    assert glossed(*question, "en") == said


def test_what_the_dictionary_does_not_know_is_left_alone() -> None:
    assert glossed("Zeppelin Xylophon", "de", "en") == ""
    assert glossed("How long does it take?", "en", "en") == ""
    assert glossed("Hur lång tid tar det?", "sv", "en") == ""
