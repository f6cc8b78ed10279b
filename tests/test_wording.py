"""The assistant's own sentences: all of them, in all languages, with the same facts."""

from __future__ import annotations

import json
from string import Formatter

import pytest

from app.services import wording


@pytest.mark.parametrize("key", wording.keys())
def test_every_sentence_stands_in_every_language_with_the_same_facts(key: str) -> None:
    sentences = json.loads(wording.FILE.read_text("utf-8"))[key]
    assert set(sentences) == set(wording.LANGUAGES)
    facts = {
        language: {name for _, name, _, _ in Formatter().parse(sentence) if name}
        for language, sentence in sentences.items()
    }
    assert len(set(map(frozenset, facts.values()))) == 1, facts
    assert all(sentence.strip() == sentence and sentence for sentence in sentences.values())


def test_a_region_is_no_language_and_a_strange_one_is_answered_in_english() -> None:
    assert wording.say("stopped", "de-AT") == wording.say("stopped", "de")
    assert wording.say("stopped", "pt_BR") == wording.say("stopped", "pt")
    assert wording.say("stopped", "xx") == wording.say("stopped", "en")
    assert wording.say("stopped", "") == wording.say("stopped", "en")


def test_a_fact_with_braces_in_it_is_only_text() -> None:
    said = wording.say("unknown_product", "en", product="{organization}", organization="Us")
    assert '"{organization}"' in said
