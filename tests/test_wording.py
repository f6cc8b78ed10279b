"""The assistant's own sentences: all of them, in all languages, with the same facts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter

import pytest

from app.services import wording

APP = Path(__file__).resolve().parents[1] / "app"
MADE_OF_TWO = ("in_", "reply_mail_")


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


@pytest.mark.parametrize("key", wording.keys())
def test_no_sentence_is_kept_that_nobody_says(key: str) -> None:
    code = "".join(each.read_text("utf-8") for each in APP.rglob("*.py"))
    assert re.search(rf"[\"']{key}[\"']", code) or key.startswith(MADE_OF_TWO)


def test_a_region_is_no_language_and_a_strange_one_is_answered_in_english() -> None:
    assert wording.say("trouble", "de-AT") == wording.say("trouble", "de")
    assert wording.say("trouble", "pt_BR") == wording.say("trouble", "pt")
    assert wording.say("trouble", "xx") == wording.say("trouble", "en")
    assert wording.say("trouble", "") == wording.say("trouble", "en")


def test_a_fact_with_braces_in_it_is_only_text() -> None:
    said = wording.say("unknown", "en", organization="{number}")
    assert "{number}'s documents" in said
