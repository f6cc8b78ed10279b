"""What scoring knows of all passages together follows the documents, whoever changes them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.adapters import Adapters
from app.adapters.text_extraction import FakeExtraction
from app.services.search import lexical
from app.services.search.retrieval import search
from app.services.search.search_figures import LOOKED_AT_EVERY_SECONDS, Figures, figures_of
from config import Testing
from tests.fakes import fakes
from tests.shelf import Shelf


@pytest.fixture
def adapters() -> Adapters:
    chosen = fakes()
    chosen.text_extraction = FakeExtraction()
    chosen.embeddings.available = False  # type: ignore[misc]
    return chosen


@pytest.fixture
def shelf(app: Flask, adapters: Adapters) -> Shelf:
    shelf = Shelf(app, adapters)
    shelf.learned("one.txt", "Tea is served at four.")
    return shelf


def figures(app: Flask, shelf: Shelf) -> Figures:
    with app.app_context():
        return figures_of(shelf.id)


def counts(app: Flask, shelf: Shelf, words: str) -> dict[str, int]:
    with app.app_context():
        return figures_of(shelf.id).counts(lexical.terms_of(words))


def a_moment_later() -> None:
    time.sleep(LOOKED_AT_EVERY_SECONDS + 0.05)


def test_another_process_sees_what_was_added_changed_and_removed(
    shelf: Shelf, config: Testing
) -> None:
    other = create_app(config, fakes())

    def seen() -> tuple[int, float, dict[str, int]]:
        a_moment_later()
        found = figures(other, shelf)
        return found.passages, found.average_words, counts(other, shelf, "tea milk")

    assert seen() == (1, 4.0, {"tea": 1, "milk": 0})
    second = shelf.learned("two.txt", "Tea with milk.")
    assert seen() == (2, 3.5, {"tea": 2, "milk": 1})
    shelf.learned("two.txt", "Milk only, and nothing else whatever it is.")
    passages, average, found = seen()
    assert (passages, found) == (2, {"tea": 1, "milk": 1})
    assert average > 3.5
    shelf.remove(second.id)
    assert seen() == (1, 4.0, {"tea": 1, "milk": 0})


def test_a_word_that_stood_nowhere_is_found_at_once(shelf: Shelf) -> None:
    def found() -> list[str]:
        with shelf.app.app_context():
            return [each.passage.text for each in search(shelf.id, "milk")]

    assert found() == []
    shelf.learned("two.txt", "Tea with milk.")
    assert found() == ["Tea with milk."]


def test_a_word_that_stood_nowhere_is_counted_a_moment_later(shelf: Shelf) -> None:
    figures(shelf.app, shelf).seconds_to_count = 60.0
    assert counts(shelf.app, shelf, "milk") == {"milk": 0}
    shelf.learned("two.txt", "Tea with milk.")
    a_moment_later()
    assert counts(shelf.app, shelf, "milk") == {"milk": 1}


def test_while_nothing_changes_nothing_is_counted_again(shelf: Shelf) -> None:
    before = figures(shelf.app, shelf)
    assert figures(shelf.app, shelf) is before
    a_moment_later()
    assert figures(shelf.app, shelf) is before


def test_an_organization_without_passages_is_looked_at_every_time(
    app: Flask, adapters: Adapters
) -> None:
    empty = Shelf(app, adapters, "Nothing yet")
    assert figures(app, empty).passages == 0
    empty.learned("one.txt", "Tea.")
    assert figures(app, empty).passages == 1


def test_what_takes_long_to_count_is_not_counted_all_the_time(shelf: Shelf, config: Any) -> None:
    before = figures(shelf.app, shelf)
    before.seconds_to_count = 60.0
    shelf.learned("two.txt", "Tea with milk.")
    a_moment_later()
    assert figures(shelf.app, shelf) is before
    before.seconds_to_count = 0.0
    a_moment_later()
    assert figures(shelf.app, shelf).passages == 2
