"""Answers without a model: what is quoted, how it is laid out, and when nothing is said at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID, uuid5

import numpy
import pytest
from flask import Flask

from app.adapters.embeddings import EmbeddingFailed, NoEmbeddings
from app.services.answering.suggestions import suggestions
from app.services.quoting.quoting import Band, Quoted, quote
from app.services.search.evidence import Evidence
from tests.fakes import LetterVectors, fakes

HOUSE = UUID("6a3e5f0e-2f67-4c5b-9d57-0c8a6d1f2b11")
KETTLE = (
    "The kettle holds 1.7 litres. It switches itself off when the water boils. "
    "The lid opens at the press of a button. Never immerse the base in water."
)
TABLE = (
    "Signal | Meaning | What to do\n2 blinks | Too hot | Let it cool\n5 blinks | No water | Fill it"
)
STEPS = (
    "1. Fill the kettle with one part vinegar and three parts water.\n"
    "2. Leave it for an hour.\n3. Empty it and rinse it twice."
)
DELIVERY = "We deliver to Norway for 14 euros. Parcels arrive within five working days."


class CountingVectors(LetterVectors):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Any:
        self.asked.append(list(texts))
        return super().embed(texts, hurry=hurry)


class BrokenVectors(LetterVectors):
    def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Any:
        raise EmbeddingFailed("The provider is away.")


class ByTheWord(LetterVectors):
    """What has the word means something else altogether."""

    def __init__(self, word: str) -> None:
        self.word = word

    def embed(self, texts: Sequence[str], *, hurry: bool = False) -> Any:
        rows = [[0.4, 0.9] if self.word in text else [1.0, 0.0] for text in texts]
        return numpy.array(rows, dtype=numpy.float32)


@pytest.fixture
def adapters() -> Any:
    chosen = fakes()
    chosen.embeddings = NoEmbeddings()
    return chosen


@pytest.fixture(autouse=True)
def bare_app(adapters: Any) -> Iterator[None]:
    """Quoting asks the app for its adapters and its memory, and needs no database."""
    app = Flask(__name__)
    app.extensions["adapters"] = adapters
    with app.app_context():
        yield


def passage(
    text: str, title: str = "Kettle: owner's manual", heading: str = "", **more: Any
) -> Evidence:
    known = {"score": 0.6, "words": 0.6, "pairs": 0.3, **more}
    return Evidence(uuid5(HOUSE, text), uuid5(HOUSE, title), title, text, heading, **known)


def asked(question: str, *evidence: Evidence, previous: str = "") -> Quoted:
    return quote(question, evidence, previous)


def test_the_sentence_that_says_it_is_quoted_word_for_word_and_cited() -> None:
    quoted = asked(
        "How many litres does the kettle hold?",
        passage(DELIVERY, "Delivery", score=0.1),
        passage(KETTLE),
    )
    first = quoted.draft.sentences[0]
    assert first.text == "The kettle holds 1.7 litres."
    assert first.rests_on == (1,)
    assert quoted.band == Band.ANSWERED


def test_a_sentence_that_leans_on_the_one_before_brings_it_along() -> None:
    quoted = asked("does the kettle switch itself off when water boils", passage(KETTLE))
    assert quoted.draft.text.startswith(
        "The kettle holds 1.7 litres. It switches itself off when the water boils."
    )


def test_an_answer_in_prose_stays_within_sixty_words() -> None:
    long = " ".join(
        f"The kettle has part {n}, which is made of steel and glass." for n in range(40)
    )
    quoted = asked("which part of the kettle is made of steel and glass", passage(long))
    assert 0 < len(quoted.draft.text.split()) <= 60


def test_a_row_of_a_table_says_the_names_of_its_columns() -> None:
    quoted = asked("what do 5 blinks mean on the kettle", passage(TABLE, heading="Signals"))
    assert "5 blinks — Meaning: No water; What to do: Fill it" in quoted.draft.text
    assert "Too hot" not in quoted.draft.text


def test_steps_are_kept_whole_with_each_on_a_line_of_its_own() -> None:
    text = f"Lime spoils the taste:\n\n{STEPS}"
    quoted = asked("how do I descale the kettle with vinegar", passage(text, heading="Descaling"))
    assert quoted.draft.text.endswith(STEPS)
    assert quoted.draft.text.count("\n") >= 2


def test_an_item_of_a_list_comes_with_the_words_that_lead_into_it() -> None:
    items = "\n".join(f"- A {thing}" for thing in ("lid", "base", "filter", "lead of 75 cm"))
    text = f"In the box you find:\n\n{items}"
    quoted = asked("is a filter in the box of the kettle?", passage(text))
    assert quoted.draft.sentences[0].text == "In the box you find:"
    assert "- A filter" in quoted.draft.text


def test_what_stands_in_two_passages_is_joined_and_each_part_cited() -> None:
    first = passage("Delivery to Norway costs 14 euros.", "Delivery")
    second = passage("Delivery to Norway takes five working days.", "Times")
    quoted = asked("delivery to Norway: cost and days", first, second)
    assert {place for each in quoted.draft.sentences for place in each.rests_on} == {0, 1}
    assert "\n\n" in quoted.draft.text


def test_a_product_that_the_documents_do_not_know_is_not_answered_from_its_siblings() -> None:
    known = [
        passage("The Kettle 200 holds 2 litres.", "Kettle 200: manual"),
        passage("The Kettle 100 holds 1 litre.", "Kettle 100: manual"),
    ]
    quoted = asked("How much does the Kettle 300 hold?", *known)
    assert quoted.band == Band.UNKNOWN
    assert not quoted.draft.sentences
    assert quoted.unknown_product == "kettle 300"
    assert quoted.confidence < 0.1
    for number, litres in ((100, "1 litre."), (200, "2 litres.")):
        answer = asked(f"How much does the kettle {number} hold?", *known)
        assert answer.draft.sentences[0].text.endswith(litres)
        assert len(answer.draft.sentences) == 1


def test_a_measure_or_a_date_behind_a_name_is_no_product() -> None:
    evidence = passage("We deliver by 12 March. The Kettle weighs 900 g.", "Kettle 100: manual")
    assert asked("does it arrive before March 15", evidence).unknown_product == ""
    assert asked("is the kettle 900 g heavy", evidence).unknown_product == ""


def test_a_question_about_something_else_altogether_gets_no_sentence() -> None:
    quoted = asked("who won the football cup", passage(KETTLE, score=0.02, words=0.0, pairs=0.0))
    assert quoted.band == Band.UNKNOWN
    assert quoted.draft.text == ""


def test_without_evidence_nothing_is_known() -> None:
    assert asked("How many litres?") == Quoted(Band.UNKNOWN, quote("", []).draft, 0.0)


def test_a_slip_of_the_keyboard_does_not_hide_the_answer() -> None:
    quoted = asked("how many litters dose the ketle hodl", passage(KETTLE))
    assert quoted.draft.sentences[0].text == "The kettle holds 1.7 litres."


def test_a_name_and_its_definition_are_one_sentence() -> None:
    text = "Lid. What closes the kettle above. Base. What heats the water."
    sentences = asked("what is the base of a kettle", passage(text)).draft.sentences
    assert "Base. What heats the water." in [each.text for each in sentences]


def test_meaning_is_looked_up_for_a_dozen_sentences_at_most_and_remembered(adapters: Any) -> None:
    adapters.embeddings = counting = CountingVectors()
    long = " ".join(f"The kettle number {n} holds {n} litres." for n in range(30))
    evidence = passage(long, meaning=0.5)
    asked("How many litres does the kettle hold?", evidence)
    assert len(counting.asked[0]) == 1
    assert 0 < len(counting.asked[1]) <= 12
    asked("How many litres does the kettle hold?", evidence)
    assert len(counting.asked) == 2


def test_where_the_model_fails_words_alone_decide(adapters: Any) -> None:
    adapters.embeddings = BrokenVectors()
    quoted = asked("How many litres does the kettle hold?", passage(KETTLE))
    assert quoted.draft.sentences[0].text == "The kettle holds 1.7 litres."


def test_a_follow_up_is_answered_about_what_was_asked_before() -> None:
    kettle = passage("The kettle may be washed by hand.", "Kettle: manual", score=0.5)
    pan = passage("The pan may be washed in the machine.", "Pan: manual", score=0.5)
    quoted = asked("and how is it washed?", kettle, pan, previous="I have bought the pan")
    assert "pan" in quoted.draft.sentences[0].text


def test_suggestions_are_sections_of_the_same_document_that_were_not_cited() -> None:
    evidence = [
        passage(KETTLE, heading="Using it"),
        passage("Once a month.", heading="How often should I descale it?"),
        passage("Two years.", heading="Guarantee"),
        passage("Five days.", "Delivery", heading="Times"),
        passage("Nothing.", heading="Overview"),
    ]
    assert suggestions("how do I use it", evidence, {0}) == [
        "How often should I descale it?",
        "Tell me about Kettle: guarantee",
    ]
    assert suggestions("how do I use it", evidence, set()) == []


def test_an_answer_never_contains_what_is_not_in_its_evidence() -> None:
    evidence = [passage(KETTLE), passage(DELIVERY, "Delivery"), passage(STEPS, heading="Care")]
    for question in ("kettle water", "norway", "how do I clean the kettle", "lid button"):
        for sentence in asked(question, *evidence).draft.sentences:
            said = sentence.text.strip("*")
            sources = [evidence[place] for place in sentence.rests_on]
            assert any(said in f"{each.title}\n{each.heading}\n{each.text}" for each in sources)


NOT_TO = "- put it into the oven,\n- pull at its cord,\n- fill it with milk."


def test_what_must_not_be_done_is_never_quoted_without_saying_so() -> None:
    warning = passage(NOT_TO, "The kettle does not boil", "Please do not")
    quoted = asked("May I pull at the cord if the kettle does not boil?", warning)
    assert quoted.draft.sentences[0].text == "**Please do not**"
    assert "pull at its cord" in quoted.draft.text


def test_a_warning_is_no_answer_to_who_looks_for_help() -> None:
    warning = passage(NOT_TO, "The kettle does not boil", "Please do not")
    help_ = passage(
        "Press the switch until it clicks. The lamp glows then.",
        "The kettle does not boil",
        "The switch",
    )
    for question in ("my kettle does not boil", "my kettle does not boil, what should I do?"):
        quoted = asked(question, warning, help_)
        assert quoted.draft.sentences[0].text == "Press the switch until it clicks."


def test_who_pays_is_a_question_of_money() -> None:
    steps = "1. Print the label.\n2. Post the kettle.\n\nPostage is free within the country."
    evidence = passage(steps, "Returns", "How to return something")
    quoted = asked("and who pays for that?", evidence, previous="How do I return the kettle?")
    assert quoted.draft.sentences[0].text == "Postage is free within the country."


def test_how_long_asks_for_a_time_and_not_for_the_word_long() -> None:
    quoted = asked(
        "how long is the guarantee",
        passage("Repairs go on as long as we have parts.", "Our guarantee", "Later"),
        passage("Five years on every kettle. The guarantee begins on the day.", "Our guarantee"),
    )
    assert quoted.draft.text.startswith("Five years on every kettle.")


def test_where_a_sentence_only_announces_the_rest_comes_along() -> None:
    quoted = asked(
        "Which kettle should I buy?",
        passage("We make two. Each is best for somebody.", "Which kettle is right for you?"),
        passage(
            "- You drink alone: **Small**.\n- You have guests: **Large**.",
            "Which kettle is right for you?",
            "The short answer",
            score=0.5,
        ),
    )
    assert "Large" in quoted.draft.text


def test_a_short_table_is_shown_whole_where_no_row_is_asked_for() -> None:
    table = "Kind | Price\nStandard | 4.90 euros\nExpress | 9.80 euros\nFrom the shop | free"
    delivery = passage(table, "Delivery at home", "What it costs")
    quoted = asked("how much is shipping", delivery)
    assert all(f"- {kind} — " in quoted.draft.text for kind in ("Standard", "Express"))
    quoted = asked("how much is express shipping", delivery)
    assert "Express" in quoted.draft.text
    assert "Standard" not in quoted.draft.text


HOURS = "Day | Open\nMonday | closed\nTuesday to Friday | 10:00 to 18:30\nSaturday | 9:00 to 16:00"


def test_rows_of_a_table_say_whose_they_are() -> None:
    quoted = asked("what are your opening hours", passage(HOURS, "Opening hours", "Workshop"))
    assert [each.text for each in quoted.draft.sentences[:2]] == [
        "**Workshop**",
        "- Monday — Open: closed",
    ]


def test_words_that_stand_side_by_side_count_as_they_were_typed() -> None:
    table = "How | Price\nStandard | €4.90\nExpress | €9.80"
    home = passage(table, "Delivery at home", "What it costs")
    trade = passage("Drop shipping costs €2.50 a parcel.", "For dealers")
    quoted = asked("how much does delivery cost?", trade, home)
    assert quoted.draft.sentences[0].text == "**What it costs**"


def test_what_merely_shares_words_with_the_question_is_not_added(adapters: Any) -> None:
    adapters.embeddings = ByTheWord("froze")
    first = passage("The kettle dries by itself.", "Water inside", meaning=0.6)
    other = passage("The kettle stank, and the water froze.", "A history of tea", meaning=0.5)
    quoted = asked("water got into my kettle", first, other)
    assert quoted.draft.text == "The kettle dries by itself."


CLEANING = (
    "1. Empty the kettle and let it cool down for an hour.\n2. Undo the screw below the lid.\n"
    "3. Put the filter into vinegar for nine minutes.\n4. Rinse everything with water.\n"
    "5. Screw the lid on again."
)


def test_a_single_step_says_of_what_it_is_one() -> None:
    evidence = passage(CLEANING, "Cleaning the filter", "Steps")
    quoted = asked("how many minutes does the filter stay in vinegar", evidence)
    assert quoted.draft.sentences[0].text == "**Cleaning the filter**"
    assert "3. Put the filter into vinegar for nine minutes." in quoted.draft.text


def test_no_step_is_left_out_between_two_that_are_quoted() -> None:
    evidence = passage(CLEANING, "Cleaning", "The filter")
    for question in (
        "empty the kettle, cool down an hour; rinse everything with water",
        "undo the screw of the lid and screw the lid on again",
        "how do I clean the filter",
    ):
        text = asked(question, evidence).draft.text
        numbers = [int(line[0]) for line in text.splitlines() if line[:1].isdigit()]
        assert numbers == list(range(numbers[0], numbers[-1] + 1))


def test_an_item_alone_stands_below_its_heading() -> None:
    items = "- By tram: lines 3 and 8.\n- By car: there is no car park for visitors."
    quoted = asked("is there a car park for visitors", passage(items, "Finding us", "Getting here"))
    assert quoted.draft.text.startswith("**Getting here**")
