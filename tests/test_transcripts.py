"""Conversations to take along: a visitor's in their own language, the team's in English."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from pypdf import PdfReader

from app.extensions import db
from app.models import Organization
from app.services.conversation import transcripts
from app.services.log import visitors
from tests.cast import Cast
from tests.chats import Chat, begin


@pytest.fixture
def chat(cast: Cast) -> Chat:
    chat = begin(cast.owner, "Wie lange dauert die Lieferung nach Malta?", locale="en-GB")
    citation = {"n": 1, "title": "Delivery abroad", "heading": "Countries", "page": 3}
    chat.be_answered("It takes nine days.", citations=[citation])
    chat.ask_for_person()
    assert cast.agent.post(f"/api/conversations/{chat.id}/takeover").status_code == 200
    assert cast.agent.post(f"/api/conversations/{chat.id}/close").status_code == 200
    return chat


def own(chat: Chat) -> str:
    """What the visitor saves."""
    with chat.app.app_context():
        organization = db.session.get_one(Organization, chat.organization_id)
        path = f"/api/chat/transcript/{chat.id}?key={organization.widget_key}"
    return chat.app.test_client().get(path, headers=chat.header).text


def test_a_visitor_reads_everything_in_the_language_that_they_write(chat: Chat, cast: Cast) -> None:
    text = own(chat)
    assert text.startswith("Gespräch 1 mit ")
    for part in (
        "] Besucher: Wie lange dauert",
        "[1] Delivery abroad, Countries, Seite 3",
        "Es wurde um einen Menschen gebeten.",
        f"{cast.agent.name} ist jetzt dabei.",
        "Das Gespräch wurde beendet.",
    ):
        assert part in text
    with chat.app.app_context():
        guest = visitors.find(chat.organization_id, chat.token)
        assert guest is not None
        transcripts.mail_to_visitor(guest, UUID(chat.id), "vera@visitors.example.com")
        chat.app.extensions["adapters"].job_queue.run_all()
    (letter,) = cast.mailbox.letters("vera@visitors.example.com")
    assert letter.subject.startswith("Ihr Gespräch mit ")
    assert "Das wurde in Ihrem Gespräch" in letter.text
    assert '<html lang="de"' in letter.html
    assert "Mitschrift" in letter.html


def test_the_team_reads_it_in_english(chat: Chat, cast: Cast) -> None:
    text = cast.agent.get(f"/api/conversations/{chat.id}/export/text").text
    assert text.startswith("Conversation 1 with ")
    assert "[1] Delivery abroad, Countries, page 3" in text
    assert f"{cast.agent.name} joined the conversation." in text


def test_text_and_paper_name_people_and_moments_alike(chat: Chat, cast: Cast) -> None:
    cast.owner.patch("/api/organization", {"time_zone": "Pacific/Auckland"})
    chat.tell(name="Vera", email="vera@visitors.example.com")
    text = cast.agent.get(f"/api/conversations/{chat.id}/export/text").text
    paper = cast.agent.get(f"/api/conversations/{chat.id}/export/pdf").data
    pages = PdfReader(io.BytesIO(paper)).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "] Vera: Wie lange" in text
    assert "(Pacific/Auckland)" in text
    said = next(line for line in text.splitlines() if "Vera:" in line)
    clock = said[len("[2026-11-22 ") :][:5]
    assert clock in printed


def test_what_the_team_changed_is_no_note_of_anybody(chat: Chat, cast: Cast) -> None:
    changed = cast.agent.patch(f"/api/conversations/{chat.id}", {"priority": "urgent"})
    assert changed.status_code == 200
    text = cast.agent.get(f"/api/conversations/{chat.id}/export/text?notes=true").text
    assert f"] {cast.agent.name} " in text
    assert "Note by" not in text
