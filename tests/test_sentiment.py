"""What is read from visitors' messages, and what a conversation's standing makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import create_app
from app.adapters.sentiment_model import Impression, Label
from app.models import Priority
from app.services.moods import sentiment
from app.services.moods.sentiment import Reading, Standing, assess
from app.services.moods.sentiment_signals import find_signals
from config import Testing
from tests.fakes import fakes

CALM_PROBLEM = Reading(Label.NEGATIVE, -0.8, 0.15, (), "head")
UPSET = Reading(Label.NEGATIVE, -0.8, 0.55, (), "head")
FURIOUS = Reading(Label.NEGATIVE, -0.95, 0.93, (), "head")
PLAIN = Reading(Label.NEUTRAL, 0.0, 0.03, (), "head")
GLAD = Reading(Label.POSITIVE, 0.95, 0.01, ("thanks",), "head")


def with_signals(*signals: str, like: Reading = PLAIN) -> Reading:
    return Reading(like.label, like.score, like.anger, signals, like.read_by)


# What a message asks for


@pytest.mark.parametrize(
    "text",
    [
        "Can I talk to a human?",
        "human please",
        "Agent!!",
        "I want to speak with your manager",
        "Please connect me to a real person",
        "I need a person",
        "Can someone call me back tomorrow?",
        "Ich möchte bitte mit einem Menschen sprechen",
        "Je voudrais parler à un conseiller",
        "Quiero hablar con una persona",
        "Esto es una vergüenza, quiero hablar con el responsable",
        "Quero falar com um atendente",
        "أريد التحدث مع موظف",
    ],
)
def test_an_explicit_request_for_a_person_is_found(text: str) -> None:
    assert "asks_for_person" in find_signals(text)


@pytest.mark.parametrize(
    "text",
    [
        "I don't want to talk to a person, just tell me when you open",
        "Can an agent have two inboxes?",
        "How many people fit into the tent?",
        "I spoke to somebody yesterday and it is solved",
        "Does the manager role include billing?",
        "Are you a real person?",
        "My doctor never calls me back.",
    ],
)
def test_talk_about_people_is_no_request_for_one(text: str) -> None:
    assert "asks_for_person" not in find_signals(text)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("are you a bot?", "asks_if_bot"),
        ("Am I talking to a real person here", "asks_if_bot"),
        ("You will hear from my lawyer.", "legal_threat"),
        ("See you in court!", "legal_threat"),
        ("I'm reporting you to the ombudsman", "legal_threat"),
        ("Sonst schalte ich meinen Anwalt ein", "legal_threat"),
        ("Das ist Betrug, ich gehe zum Anwalt!", "legal_threat"),
        ("Dann sehen wir uns vor Gericht", "legal_threat"),
        ("Morgen wende ich mich an die Verbraucherzentrale", "legal_threat"),
        ("Je vais porter plainte contre vous", "legal_threat"),
        ("Voy a hablar con mi abogado", "legal_threat"),
        ("Vou resolver isto na justiça", "legal_threat"),
        ("I want to cancel my subscription.", "churn_threat"),
        ("We're moving to a competitor", "churn_threat"),
        ("Hiermit kündige ich den Vertrag", "churn_threat"),
        ("Where is my refund?", "refund"),
        ("Ich will mein Geld zurück", "refund"),
        ("That is not what I asked", "repeated_demand"),
        ("I've asked you three times now", "repeated_demand"),
        ("WHERE IS MY ORDER", "shouting"),
        ("what the fuck", "profanity"),
        ("The charger caught fire", "safety"),
        ("I smell gas in the kitchen", "safety"),
        ("My son was badly burned by it", "safety"),
        ("thanks a lot", "thanks"),
    ],
)
def test_signals_are_found(text: str, signal: str) -> None:
    assert signal in find_signals(text)


@pytest.mark.parametrize(
    "text",
    [
        "My order arrived broken.",
        "Can a lawyer use this for client files?",
        "Liefern Sie auch zur Polizei in Bremen?",
        "Kann ein Anwalt das für seine Akten benutzen?",
        "Je suis avocat, avez-vous une offre pour les cabinets ?",
        "How do I cancel my subscription?",
        "Is my data deleted when I cancel my account?",
        "Does it have a fire protection certificate?",
        "Will it work on my Fire TV?",
        "Do you deliver to the hospital?",
        "The USB port of my NAS is dead",
        "Which NATO phonetic alphabet do you use, DIN or ISO?",
        "I scored a goal in your shop's tournament",
        "What is your complaint procedure?",
        "Who signs the contract for our legal team?",
        "The person on the phone could not find my order.",
        "Is the court case holder waterproof?",
    ],
)
def test_innocent_messages_give_no_alarm(text: str) -> None:
    assert find_signals(text) == ()


def test_the_same_demand_in_other_words_is_a_repeated_one() -> None:
    earlier = ["Where is my delivery from Monday?", "hello"]
    assert "repeated_demand" in find_signals("So where is my Monday delivery now?", earlier)
    assert "repeated_demand" not in find_signals("Where is the invoice for it?", earlier)
    assert "repeated_demand" not in find_signals("yes please", ["yes please"])


# How a conversation stands


def test_nothing_said_is_no_cause_for_anything() -> None:
    assert assess([]) == Standing(0.0, Priority.LOW, (), escalate=False, wants_person=False)


def test_problems_merely_stated_do_not_call_a_person_however_many() -> None:
    standing = assess([CALM_PROBLEM] * 4)
    assert not standing.escalate
    assert standing.priority is Priority.LOW
    assert -0.8 < standing.mood < 0


def test_the_third_unhappy_message_in_a_row_calls_a_person() -> None:
    assert not assess([UPSET, UPSET]).escalate
    assert not assess([UPSET, UPSET, PLAIN, UPSET]).escalate
    standing = assess([PLAIN, UPSET, UPSET, UPSET])
    assert standing.escalate
    assert standing.priority is Priority.HIGH
    assert "Third negative message in a row" in standing.reasons
    assert not standing.wants_person


def test_strong_anger_calls_a_person_at_once() -> None:
    standing = assess([PLAIN, FURIOUS])
    assert standing.escalate
    assert (standing.priority, standing.reasons) == (Priority.HIGH, ("Is very angry",))


def test_a_request_for_a_person_is_granted_without_drama() -> None:
    standing = assess([with_signals("asks_for_person")])
    assert standing.escalate
    assert standing.wants_person
    assert (standing.priority, standing.reasons) == (Priority.MEDIUM, ("Asks for a person",))


def test_a_danger_is_urgent_in_any_tone_and_stays_so() -> None:
    standing = assess([with_signals("safety")])
    assert standing.escalate
    assert (standing.priority, standing.reasons) == (Priority.URGENT, ("Mentions a danger",))
    later = assess([with_signals("safety"), PLAIN])
    assert later.priority is Priority.URGENT
    assert not later.escalate


def test_reasons_are_sentences_that_belong_together() -> None:
    standing = assess([with_signals("refund"), with_signals("legal_threat", like=FURIOUS)])
    assert standing.reasons == ("Mentions a refund and a lawyer or court", "Is very angry")
    assert standing.priority is Priority.URGENT


def test_leaving_counts_more_when_somebody_is_unhappy() -> None:
    assert assess([with_signals("churn_threat")]).priority is Priority.MEDIUM
    assert assess([UPSET, with_signals("churn_threat")]).priority is Priority.HIGH


def test_the_mood_follows_the_newest_messages() -> None:
    assert assess([FURIOUS, GLAD, GLAD]).mood > 0 > assess([GLAD, GLAD, FURIOUS]).mood
    assert assess([FURIOUS]).mood < assess([CALM_PROBLEM]).mood < assess([PLAIN]).mood


# Together


def test_a_reading_survives_being_kept() -> None:
    reading = with_signals("refund", "shouting", like=FURIOUS)
    assert Reading.from_json(reading.to_json()) == reading
    assert reading.to_json()["label"] == "negative"


def test_a_message_is_read_with_its_signals(tmp_path: Path) -> None:
    app = create_app(Testing(data_dir=tmp_path), fakes())
    with app.app_context():
        calm = sentiment.read("My order arrived broken.")
        angry = sentiment.read("You useless liars, I WANT MY MONEY BACK", ["hello"])
    assert not assess([calm]).escalate
    assert calm.signals == ()
    assert assess([angry]).escalate
    assert angry.signals == ("refund", "shouting")
    assert angry.read_by == "lexicon"


def test_anger_is_negative_whatever_the_label_says(tmp_path: Path) -> None:
    """Small models tell anger in languages in which they cannot tell the rest."""

    class Mistaken:
        name = "mistaken"

        def read(self, _text: str, _vector: object = None) -> Impression:
            return Impression(Label.POSITIVE, 0.9, 0.85, "mistaken")

    chosen = fakes()
    chosen.sentiment = Mistaken()  # type: ignore[assignment]
    with create_app(Testing(data_dir=tmp_path), chosen).app_context():
        reading = sentiment.read("Das ist eine Frechheit, sofort mein Geld zurück!")
    assert (reading.label, reading.score) == (Label.NEGATIVE, -0.85)
    assert assess([reading]).escalate
