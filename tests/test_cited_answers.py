"""One document's page lists the answers that rest on it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from flask import Flask

from app.extensions import db
from app.models import CitedPassage, Document, Passage
from app.services.answering import cited_answers
from app.services.answering.cited_answers import CitedAnswers
from tests.cast import Cast
from tests.chats import Chat, begin
from tests.open_house import opened
from tests.rooms import CATS, TEA, Room, teach, widget_key

QUESTION = "When is tea served?"


@pytest.fixture
def tea(cast: Cast) -> str:
    teach(cast.owner, "Animals", CATS)
    return teach(cast.owner, "Tea and coffee", TEA)


@pytest.fixture
def room(app: Flask, cast: Cast, tea: str) -> Iterator[Room]:
    with opened(app) as house:
        guest = house.guest(widget_key(cast.owner))
        guest.connect()
        yield Room(house, cast, guest)


def page_of(cast: Cast, document: str, query: str = "") -> str:
    answer = cast.agent.get(f"/dashboard/documents/{document}{query}")
    assert answer.status_code == 200
    return str(answer.text)


def test_an_answer_is_listed_with_its_question_and_its_conversation(room: Room, tea: str) -> None:
    assert "No answers yet" in page_of(room.cast, tea)
    room.ask(QUESTION)
    shown = page_of(room.cast, tea)
    assert QUESTION in shown
    assert "Tea is served at four in the afternoon." in shown
    assert f'href="/dashboard/inbox/{room.conversation_id}"' in shown
    assert f'href="/dashboard/documents/{tea}#p-0"' in shown
    assert room.cast.agent.get(f"/api/documents/{tea}").json["times_cited"] == 1


def test_the_older_ones_follow_on_pages_of_their_own(app: Flask, cast: Cast, tea: str) -> None:
    chat = begin(cast.owner, QUESTION)
    for number in range(5):
        cite(app, chat, tea, f"Answer {number}")
    newest = answers(app, cast, tea, limit=3)
    assert [each.text for each in newest.items] == ["Answer 4", "Answer 3", "Answer 2"]
    assert [each.question for each in newest.items] == [QUESTION] * 3
    older = answers(app, cast, tea, limit=3, before=newest.before)
    assert [each.text for each in older.items] == ["Answer 1", "Answer 0"]
    assert older.before is None
    assert "Answer 0" in page_of(cast, tea, f"?answers={newest.before}")
    for strange in ("-5", "0", "9" * 30, "many"):
        page_of(cast, tea, f"?answers={strange}")


def test_what_was_changed_since_is_said_to_be_gone(app: Flask, cast: Cast, tea: str) -> None:
    chat = begin(cast.owner, QUESTION)
    cite(app, chat, tea, "Tea is at four.")
    cast.owner.patch(f"/api/documents/{tea}", {"title": "Tea"})
    app.extensions["adapters"].job_queue.run_all()
    shown = page_of(cast, tea)
    assert "Tea is at four." in shown
    assert "no longer part of it" in shown


def test_T1_no_other_organization_reads_them(app: Flask, cast: Cast, tea: str) -> None:
    cite(app, begin(cast.owner, QUESTION), tea, "Tea is at four.")
    assert cast.stranger.get(f"/dashboard/documents/{tea}").status_code == 404
    with app.app_context():
        theirs = UUID(cast.stranger.organization_id)
        assert not cited_answers.answers_from(theirs, UUID(tea)).items


def cite(app: Flask, chat: Chat, document: str, text: str) -> None:
    """An answer of the assistant that rests on all passages of the document."""
    event_id = chat.be_answered(text, answers_seq=1)
    with app.app_context():
        known = db.session.get(Document, UUID(document))
        assert known is not None
        for passage in db.session.query(Passage).filter_by(document_id=known.id, live=True):
            db.session.add(
                CitedPassage(
                    organization_id=known.organization_id,
                    document_id=known.id,
                    passage_id=passage.id,
                    conversation_id=UUID(chat.id),
                    event_id=UUID(event_id),
                )
            )
        db.session.commit()


def answers(
    app: Flask, cast: Cast, document: str, *, limit: int, before: int | None = None
) -> CitedAnswers:
    with app.app_context():
        mine = UUID(cast.owner.organization_id)
        return cited_answers.answers_from(mine, UUID(document), before=before, limit=limit)
