"""Words that mean the same: what a visitor says finds what the documents call otherwise."""

from __future__ import annotations

import tomllib
from collections import Counter

import pytest

from app.services.search.lexical import concepts_of, terms_of
from app.services.search.marking import mark
from app.services.search.synonyms import CLASSES, concept, said_otherwise, stem


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("shipping", "delivered"),
        ("Warranty", "guarantees"),
        ("payments", "paid"),
        ("lost", "losing"),
        ("colors", "colour"),
        ("Versand", "Lieferung"),
    ],
)
def test_what_means_the_same_is_one_concept(said: str, written: str) -> None:
    assert concepts_of(said) == concepts_of(written) != []


def test_other_words_stand_for_themselves() -> None:
    assert concept(stem("lantern")) == stem("lantern")
    assert said_otherwise("lantern") == ("lantern",)


def test_a_question_that_says_a_thing_twice_looks_for_it_once() -> None:
    terms = terms_of("shipping, I mean the delivery of a parcel")
    assert terms.words == ("shipping", "mean", "parcel")


def test_who_asks_how_much_something_is_asks_for_its_price() -> None:
    assert terms_of("How much is shipping?").stems == terms_of("price of delivery").stems
    assert "price" not in terms_of("How much does it hold?").words


def test_a_word_stands_in_one_class_alone() -> None:
    classes = [line.split() for line in tomllib.loads(CLASSES.read_text())["said_otherwise"]]
    stems = Counter(each for words in classes for each in set(map(stem, words)))
    assert [each for each, count in stems.items() if count > 1] == []
    assert [words for words in classes if len(set(map(stem, words))) < 2] == []


def test_what_means_the_same_is_marked() -> None:
    marked = [each.text for each in mark("We deliver by post.", "shipping") if each.is_marked]
    assert marked == ["deliver"]
