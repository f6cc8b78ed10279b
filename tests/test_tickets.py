"""Tickets: opened, worked on, told of; and people who are removed with all that was theirs."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.adapters import Adapters
from app.extensions import Base, db
from app.models import Removal
from app.services import removals
from app.services.conversation import transcripts
from app.services.log import visitors
from tests.cast import Cast
from tests.chats import Chat, begin

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def chat(cast: Cast) -> Chat:
    return begin(cast.owner)


def opened(cast: Cast, **given: Any) -> dict[str, Any]:
    answer = cast.agent.post("/api/tickets", {"subject": "Lost parcel", **given})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


class TestTickets:
    def test_each_organization_counts_its_own(self, cast: Cast) -> None:
        numbers = [opened(cast)["number"] for _ in range(2)]
        foreign = cast.stranger.post("/api/tickets", {"subject": "Theirs"})
        assert (numbers, foreign.json["number"]) == ([1, 2], 1)

    def test_a_ticket_about_a_conversation_stands_in_its_log(self, cast: Cast, chat: Chat) -> None:
        chat.tell(email="vera@example.com", name="Vera")
        ticket = opened(cast, conversation_id=chat.id)
        assert ticket["contact"]["name"] == "Vera"
        event = cast.agent.get(f"/api/conversations/{chat.id}/messages").json["items"][-1]
        assert (event["kind"], event["ticket"]) == ("ticket", {"number": 1, "status": "open"})
        assert cast.agent.get(f"/api/conversations/{chat.id}").json["ticket"]["number"] == 1

    def test_a_conversation_has_one_open_ticket(self, cast: Cast, chat: Chat) -> None:
        first = opened(cast, conversation_id=chat.id)
        body = {"subject": "Again", "conversation_id": chat.id}
        again = cast.agent.post("/api/tickets", body)
        assert (again.status_code, again.json["error"]["code"]) == (409, "ticket_open")
        cast.agent.patch(f"/api/tickets/{first['id']}", {"status": "solved"})
        assert cast.agent.post("/api/tickets", body).status_code == 201
        back = cast.agent.patch(f"/api/tickets/{first['id']}", {"status": "open"})
        assert back.status_code == 409

    def test_what_was_done_is_remembered_without_the_customers_words(
        self, cast: Cast, chat: Chat
    ) -> None:
        ticket = opened(cast, conversation_id=chat.id, subject="Wombat is ill")
        path = f"/api/tickets/{ticket['id']}"
        cast.admin.patch(path, {"priority": "urgent", "assignee_id": cast.agent.id})
        solved = cast.agent.patch(path, {"status": "solved", "subject": "Wombat is well"}).json
        assert solved["solved_at"]
        said = [(each["actor"]["name"], each["summary"]) for each in solved["history"]]
        assert said == [
            ("Aisha", "Aisha opened ticket 1"),
            ("Adam", "Adam changed priority, assignee of ticket 1"),
            ("Aisha", "Aisha changed status, subject of ticket 1"),
        ]
        assert solved["history"][1]["changes"]["priority"] == ["medium", "urgent"]
        assert "Wombat" not in str(solved["history"])
        assert cast.agent.patch(path, {"status": "open"}).json["solved_at"] is None

    @pytest.mark.parametrize(
        ("query", "numbers"),
        [
            ({}, [3, 2, 1]),
            ({"status": "solved"}, [1]),
            ({"priority": "high"}, [2]),
            ({"category": "complaint"}, [3]),
            ({"assignee": "me"}, [2]),
            ({"assignee": "none"}, [3, 1]),
            ({"q": "REFUND"}, [2]),
            ({"q": "#3"}, [3]),
            ({"limit": "1"}, [3]),
        ],
    )
    def test_the_list_is_narrowed(
        self, cast: Cast, query: dict[str, str], numbers: list[int]
    ) -> None:
        first = opened(cast)
        opened(cast, subject="A refund", priority="high", assignee_id=cast.agent.id)
        opened(cast, category="complaint")
        cast.agent.patch(f"/api/tickets/{first['id']}", {"status": "solved"})
        found = cast.agent.get("/api/tickets", query_string=query).json["items"]
        assert [each["number"] for each in found] == numbers

    @pytest.mark.parametrize("name", ["conversation_id", "contact_id", "assignee_id"])
    def test_T2_a_ticket_points_at_nothing_foreign(self, cast: Cast, chat: Chat, name: str) -> None:
        contact = cast.owner.post("/api/contacts", {"name": "Vera"}).json["id"]
        own = {"conversation_id": chat.id, "contact_id": contact, "assignee_id": cast.agent.id}
        body = {"subject": "Mine", name: own[name]}
        foreign = cast.stranger.post("/api/tickets", body)
        unknown = cast.stranger.post("/api/tickets", body | {name: str(uuid4())})
        assert (foreign.status_code, unknown.status_code) == (404, 404)
        assert foreign.json["error"]["message"] == unknown.json["error"]["message"]
        assert cast.owner.post("/api/tickets", body).status_code == 201


class TestErasing:
    def test_T8_a_person_who_is_removed_leaves_nothing(
        self, cast: Cast, app: Flask, adapters: Adapters
    ) -> None:
        with app.app_context():
            before = counts()
        chat = begin(cast.owner, "My name is Wombat-9913")
        key = cast.owner.get("/api/organization").json["widget_key"]
        for sent in (True, False):
            form = {"file": (io.BytesIO(PNG), "wombat.png")}
            path = f"/api/chat/upload?key={key}"
            file = app.test_client().post(path, data=form, headers=chat.header).get_json()
            if sent:
                chat.say("Look", attachments=[UUID(file["id"])])
        chat.tell(email="vera@example.com", name="Vera")
        with app.app_context():
            guest = visitors.find(chat.organization_id, chat.token)
            assert guest is not None
            transcripts.mail_to_visitor(guest, UUID(chat.id), "vera@example.com")
        opened(cast, conversation_id=chat.id)
        contact = cast.admin.get("/api/contacts").json["items"][0]["id"]
        opened(cast, contact_id=contact, subject="Wombat")
        other = begin(cast.owner, "I am somebody else")
        assert cast.admin.delete(f"/api/contacts/{contact}").status_code == 204
        with app.app_context():
            for removal_id in db.session.scalars(select(Removal.id)).all():
                removals.clean_up(removal_id)
            after = counts()
        assert adapters.file_storage.keys(chat.organization_id) == {}
        # What is there now came with the other visitor, or is the log of changes.
        left = {name: after[name] - before[name] for name in after}
        kept = {"conversations": 1, "events": 1, "turns": 1, "visitors": 1}
        assert {
            name: more
            for name, more in left.items()
            if more and name not in {"audit_entries", "counters"}
        } == kept
        assert cast.agent.get("/api/conversations/search?q=wombat").json["items"] == []
        assert cast.agent.get(f"/api/conversations/{chat.id}").status_code == 404
        assert cast.agent.get(f"/api/conversations/{other.id}").status_code == 200
        log = cast.admin.get("/api/admin/audit").text + cast.admin.get("/api/admin/mail").text
        for private in ("vera", "Vera", "ombat"):
            assert private not in log

    def test_T8_what_another_organization_knows_of_the_person_stays(self, cast: Cast) -> None:
        ours, theirs = begin(cast.owner), begin(cast.stranger)
        for chat in (ours, theirs):
            chat.tell(email="vera@example.com")
        contact = cast.admin.get("/api/contacts").json["items"][0]["id"]
        cast.admin.delete(f"/api/contacts/{contact}")
        assert len(cast.stranger.get("/api/conversations").json["items"]) == 1
        assert cast.owner.get("/api/conversations").json["items"] == []


def counts() -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in tables
    }
