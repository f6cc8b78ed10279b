"""Trying the assistant out: the whole answer, told to nobody."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.cast import Cast
from tests.fakes import ScriptedModel
from tests.rooms import TEA, teach


@pytest.fixture(autouse=True)
def _taught(cast: Cast) -> None:
    teach(cast.owner, "Tea", TEA)


def tried(cast: Cast, question: str, **more: str) -> dict[str, Any]:
    answer = cast.agent.post("/api/knowledge/ask", {"question": question, **more})
    assert answer.status_code == 200, answer.get_json()
    found: dict[str, Any] = answer.json
    return found


def test_the_documents_are_quoted_with_their_source(cast: Cast) -> None:
    found = tried(cast, "When is tea served?")
    assert found["outcome"] == "answered"
    assert "at four" in found["answer"]
    assert found["citations"][0]["title"] == "Tea"
    assert found["sentiment"] == "neutral"
    assert found["confidence"] > 0.4


def test_what_a_model_makes_up_is_shown_as_withheld(cast: Cast, app: Flask) -> None:
    model = ScriptedModel("Tea is served at four in the afternoon [1]. It costs 9 euros [1].")
    app.extensions["adapters"].language_models = (model,)
    found = tried(cast, "When is tea served?")
    assert "9 euros" not in found["answer"]
    assert [each["text"] for each in found["withheld"]] == ["It costs 9 euros."]
    assert found["model"] == "scripted"


def test_nothing_is_begun_and_nobody_is_called(cast: Cast) -> None:
    found = tried(cast, "You thieves, I want my money back or I call my lawyer!")
    assert found["sentiment"] == "negative"
    assert (cast.owner.get("/api/conversations").json or {})["items"] == []
    assert (cast.owner.get("/api/tickets").json or {})["items"] == []


def test_small_talk_is_answered_as_such(cast: Cast) -> None:
    assert tried(cast, "Hello!")["outcome"] == "chat"


@pytest.mark.parametrize("question", ["", "   ", "x" * 2_001])
def test_what_is_no_question_is_refused(cast: Cast, question: str) -> None:
    assert cast.agent.post("/api/knowledge/ask", {"question": question}).status_code == 422


def test_T6_nobody_is_told_what_another_organization_knows(cast: Cast) -> None:
    answer = cast.stranger.post("/api/knowledge/ask", {"question": "When is tea served?"})
    assert (answer.json or {})["outcome"] == "unknown"
    assert "four" not in answer.text
