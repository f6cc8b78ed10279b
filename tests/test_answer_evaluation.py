"""How the quoted answers are judged: on a shelf where every answer is known."""

from __future__ import annotations

import pytest
from flask import Flask

from app.adapters import Adapters
from app.adapters.text_extraction import FakeExtraction
from app.services.answering.answer_evaluation import AnswerReport, evaluate_answers, holds
from app.services.knowledge.evaluation import Question
from tests.fakes import fakes
from tests.shelf import Shelf

TEXTS = {
    "tea.txt": "Tea is served at four. Tea with milk is served at five.",
    "bread.txt": "Bread comes out of the oven at seven.",
    "house.txt": "The house opens at nine and has twelve rooms.",
}
ASKED = [
    Question(
        "1", "when is tea with milk served", "direct", "tea.txt", "Tea with milk is served at five."
    ),
    Question("2", "when does the house open", "direct", "house.txt", "The house opens at nine"),
    Question("3", "who won the zeppelin race", "off_topic"),
]


@pytest.fixture
def adapters() -> Adapters:
    chosen = fakes()
    chosen.text_extraction = FakeExtraction()
    chosen.embeddings.available = False  # type: ignore[misc]
    return chosen


@pytest.fixture
def report(app: Flask, adapters: Adapters) -> AnswerReport:
    shelf = Shelf(app, adapters)
    for name, text in TEXTS.items():
        shelf.give(name, text)
    shelf.work()
    with shelf.app.app_context():
        return evaluate_answers(shelf.id, ASKED)


def test_answers_are_counted_by_band_and_by_whether_they_hold_the_fact(
    report: AnswerReport,
) -> None:
    known = report.by_kind["with an answer"]
    assert known["questions"] == 2
    assert known["cited, all"] == 1.0
    assert known["holds it, all"] == 1.0
    assert known["unknown"] == 0.0
    assert report.by_kind["off_topic"]["unknown"] == 1.0
    assert report.by_kind["off_topic"]["cited, all"] is None


def test_what_has_an_answer_is_told_from_what_has_none(report: AnswerReport) -> None:
    assert report.told_apart["off topic"] == 1.0
    assert report.told_apart["product that does not exist"] is None
    assert sum(each.count for each in report.reliability) == 2


def test_a_row_is_there_if_all_its_cells_are() -> None:
    assert holds("Lane — Light: 60 lux; Run time: 8 h", "| Lane | 60 lux | 8 h |")
    assert not holds("Lane — Light: 60 lux", "| Lane | 60 lux | 8 h |")
    assert not holds("anything", None)
