"""Conversations to take along: complete, in any script, harmless in a table program."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import insert

from app.extensions import db
from app.models import AuthorKind, Conversation, Event, EventKind, now
from tests.cast import Cast, Person
from tests.chats import Chat, begin

CANARY = "Cormorant-7431"
CITED: dict[str, Any] = {
    "citations": [{"n": 1, "title": "Delivery abroad", "heading": "Countries", "page": 3}],
    "sentences": [{"text": "Yes, to Malta.", "lead": "", "citations": [1]}],
}


@pytest.fixture
def chat(cast: Cast) -> Chat:
    chat = begin(cast.owner, "Do you deliver to Malta?")
    chat.tell(name="Vera", email="vera@example.com")
    chat.be_answered("Yes, to Malta.", **CITED)
    body = {"text": "Bought three lamps before.", "client_id": "a-note-of-hers"}
    assert cast.agent.post(f"/api/conversations/{chat.id}/notes", body).status_code == 201
    return chat


def pdf(person: Person, conversation_id: str, query: str = "") -> PdfReader:
    answer = person.get(f"/api/conversations/{conversation_id}/export/pdf{query}")
    assert answer.status_code == 200, answer.get_json()
    assert answer.mimetype == "application/pdf"
    return PdfReader(io.BytesIO(answer.data))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def table(person: Person, query: str = "") -> list[dict[str, str]]:
    answer = person.get(f"/api/conversations/export.csv{query}")
    assert answer.status_code == 200
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_text_has_what_was_said_and_where_it_stands(cast: Cast, chat: Chat) -> None:
    answer = cast.agent.get(f"/api/conversations/{chat.id}/export/text")
    assert "[1] Delivery abroad, Countries, page 3" in answer.text
    assert "filename=conversation-1.txt" in answer.headers["Content-Disposition"]
    assert "three lamps" not in answer.text
    assert (
        "three lamps" in cast.agent.get(f"/api/conversations/{chat.id}/export/text?notes=true").text
    )


def test_the_paper_has_the_sources_and_no_note(cast: Cast, chat: Chat) -> None:
    written = words(pdf(cast.agent, chat.id))
    for part in ("Conversation 1", "Vera", "Do you deliver to Malta?", "Yes, to Malta. [1]"):
        assert part in written
    assert "[1] Delivery abroad, Countries, page 3" in written
    assert "three lamps" not in written
    assert "Priority" not in written
    with_notes = words(pdf(cast.agent, chat.id, "?notes=true"))
    assert "Bought three lamps before." in with_notes
    assert "Priority" in with_notes


@pytest.mark.parametrize(
    "said",
    ["Привет, Ωμέγα", "نور", "你好，请问", "日本語です", "한국어", "शुल्क", "ขอบคุณ", "🚲", "שלום"],
)
def test_the_paper_shows_whatever_script_was_written(cast: Cast, said: str) -> None:
    reader = pdf(cast.agent, begin(cast.owner, said).id)
    fonts = {
        str(font["/BaseFont"])
        for page in reader.pages
        for font in (each.get_object() for each in page["/Resources"]["/Font"].values())
    }
    assert "no font" not in words(reader)
    assert len(fonts) > 1 or said == "Привет, Ωμέγα"


def test_a_mark_that_turns_the_direction_is_not_printed(cast: Cast) -> None:
    assert "\u202e" not in words(pdf(cast.agent, begin(cast.owner, "tea \u202egnp.exe").id))


def test_a_long_conversation_is_printed_to_its_end(cast: Cast, chat: Chat) -> None:
    fill(cast, chat, 1_200)
    written = words(pdf(cast.agent, chat.id))
    assert "Line 4 of many" in written
    assert "Line 1203 of many" in written
    text = cast.agent.get(f"/api/conversations/{chat.id}/export/text").text
    assert "Line 1203 of many" in text


def fill(cast: Cast, chat: Chat, count: int) -> None:
    """Into the log directly: a thousand messages through the front door take a minute."""
    with cast.owner.app.app_context():
        rows = [
            {
                "organization_id": UUID(cast.owner.organization_id),
                "conversation_id": UUID(chat.id),
                "seq": seq,
                "kind": EventKind.MESSAGE,
                "author": AuthorKind.VISITOR,
                "author_name": "Vera",
                "text": f"Line {seq} of many",
                "created_at": now(),
            }
            for seq in range(4, count + 4)
        ]
        db.session.execute(insert(Event), rows)
        db.session.get_one(Conversation, UUID(chat.id)).last_seq = count + 3
        db.session.commit()


class TestTable:
    def test_it_has_every_conversation_and_not_only_the_first_page(self, cast: Cast) -> None:
        with cast.owner.app.app_context():
            rows = [
                {"organization_id": UUID(cast.owner.organization_id), "number": number}
                for number in range(1, 451)
            ]
            db.session.execute(insert(Conversation), rows)
            db.session.commit()
        written = table(cast.agent)
        assert sorted(int(row["number"]) for row in written) == list(range(1, 451))

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝"])
    def test_no_cell_is_a_formula(self, cast: Cast, start: str) -> None:
        chat = begin(cast.owner, "Hello")
        chat.tell(name=f"{start}cmd|' /C calc'!A0", email="vera@example.com")
        chat.say(f"{start}HYPERLINK(1)")
        [row] = table(cast.agent)
        for cell in (row["contact"], row["last_message"]):
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))

    def test_filters_narrow_it(self, cast: Cast) -> None:
        first, _ = begin(cast.owner), begin(cast.owner)
        cast.agent.post(f"/api/conversations/{first.id}/close")
        assert [row["number"] for row in table(cast.agent, "?status=closed")] == ["1"]
        assert [row["number"] for row in table(cast.agent, "?status=open")] == ["2"]

    def test_T6_nothing_of_another_organization_is_in_it(self, cast: Cast) -> None:
        chat = begin(cast.owner, CANARY)
        chat.tell(name=CANARY, email="vera@example.com")
        cast.agent.post(f"/api/conversations/{chat.id}/takeover")
        contact = cast.owner.get("/api/contacts").json["items"][0]["id"]
        for query in ("", f"?contact_id={contact}", f"?assignee={cast.agent.id}", f"?q={CANARY}"):
            assert len(table(cast.owner, query)) == 1
            assert table(cast.stranger, query) == []
