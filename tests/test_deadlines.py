"""By when a person has to answer: set, moved, met, missed, and told once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from app import jobs
from app.extensions import db
from app.models import Conversation, Ticket, now
from app.services.conversation import conversations
from app.services.hours.schedules import DAYS
from app.services.inbox import overdue
from app.services.log import visitors
from tests.cast import Cast
from tests.chats import Chat, begin

HOURS, TARGETS = "/api/organization/hours", "/api/organization/targets"


@pytest.fixture
def chat(cast: Cast) -> Chat:
    return begin(cast.owner)


def shown(cast: Cast, chat: Chat) -> dict[str, Any]:
    return dict(cast.agent.get(f"/api/conversations/{chat.id}").json)


def reply(cast: Cast, chat: Chat, text: str = "Good morning") -> None:
    body = {"text": text, "client_id": uuid4().hex}
    assert cast.agent.post(f"/api/conversations/{chat.id}/messages", body).status_code == 201


def minutes_left(due_at: str | None) -> int:
    assert due_at is not None
    return round((datetime.fromisoformat(due_at) - now()).total_seconds() / 60)


def targets(cast: Cast, **changes: Any) -> dict[str, Any]:
    answer = cast.admin.put(TARGETS, json=cast.agent.get(TARGETS).json | changes)
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def let_pass(app: Flask, chat: Chat, minutes: float) -> None:
    """As if all of it had happened that much earlier."""
    shift = timedelta(minutes=minutes)
    with app.app_context():
        for model, row_id in ((Conversation, UUID(chat.id)), (Ticket, None)):
            for row in db.session.query(model).all():
                if row_id is not None and row.id != row_id:
                    continue
                values = {
                    name: getattr(row, name) - shift
                    for name in ("due_at", "due_watch_at")
                    if getattr(row, name) is not None
                }
                if values:
                    db.session.execute(update(model).where(model.id == row.id).values(**values))
        db.session.commit()


def notice(app: Flask) -> int:
    with app.app_context():
        return overdue.notice()


def lines(cast: Cast, chat: Chat) -> list[dict[str, Any]]:
    items = cast.agent.get(f"/api/conversations/{chat.id}/messages").json["items"]
    return [each for each in items if "deadline" in (each.get("inside") or {}).get("changed", {})]


class TestClock:
    def test_nobody_is_owed_anything_while_the_assistant_talks(
        self, cast: Cast, chat: Chat
    ) -> None:
        assert shown(cast, chat)["due_at"] is None

    def test_whoever_is_passed_on_is_owed_a_first_reply(self, cast: Cast, chat: Chat) -> None:
        chat.ask_for_person()
        said = shown(cast, chat)
        assert (said["due_kind"], minutes_left(said["due_at"])) == ("first_reply", 240)

    def test_another_priority_moves_it(self, cast: Cast, chat: Chat) -> None:
        chat.ask_for_person()
        cast.agent.patch(f"/api/conversations/{chat.id}", {"priority": "urgent"})
        assert minutes_left(shown(cast, chat)["due_at"]) == 15

    def test_to_take_over_is_no_reply(self, cast: Cast, chat: Chat) -> None:
        chat.ask_for_person()
        before = shown(cast, chat)["due_at"]
        chat.be_answered("Somebody is coming.")
        cast.agent.post(f"/api/conversations/{chat.id}/takeover")
        said = shown(cast, chat)
        assert (said["due_at"], said["first_reply_at"]) == (before, None)

    def test_a_reply_meets_it_and_the_next_one_has_a_target_of_its_own(
        self, cast: Cast, chat: Chat
    ) -> None:
        targets(cast, medium={"first_reply": 60, "next_reply": 20, "resolution": None})
        chat.ask_for_person()
        reply(cast, chat)
        said = shown(cast, chat)
        assert (said["due_at"], said["due_kind"]) == (None, None)
        first = said["first_reply_at"]
        assert first
        chat.say("Thank you. And on Sunday?")
        said = shown(cast, chat)
        assert (said["due_kind"], minutes_left(said["due_at"])) == ("next_reply", 20)
        chat.say("Hello?")
        assert shown(cast, chat)["due_at"] == said["due_at"]
        reply(cast, chat, "Closed on Sunday.")
        said = shown(cast, chat)
        assert (said["due_at"], said["first_reply_at"]) == (None, first)

    @pytest.mark.parametrize("verb", ["hand-back", "close"])
    def test_whoever_hands_back_or_closes_owes_nothing(
        self, cast: Cast, chat: Chat, verb: str
    ) -> None:
        chat.ask_for_person()
        cast.agent.post(f"/api/conversations/{chat.id}/takeover")
        assert shown(cast, chat)["due_at"]
        assert cast.agent.post(f"/api/conversations/{chat.id}/{verb}").status_code == 200
        assert shown(cast, chat)["due_at"] is None

    def test_a_visitor_who_ends_it_is_owed_nothing(self, cast: Cast, chat: Chat) -> None:
        chat.ask_for_person()
        with chat.app.app_context():
            guest = visitors.find(chat.organization_id, chat.token)
            assert guest is not None
            conversations.end(guest, UUID(chat.id))
        assert shown(cast, chat)["due_at"] is None

    def test_a_snooze_does_not_stop_it(self, cast: Cast, chat: Chat, app: Flask) -> None:
        chat.ask_for_person()
        before = shown(cast, chat)["due_at"]
        until = (now() + timedelta(days=2)).isoformat()
        cast.agent.patch(f"/api/conversations/{chat.id}", {"snoozed_until": until})
        assert shown(cast, chat)["due_at"] == before
        let_pass(app, chat, 250)
        assert notice(app) >= 1
        assert shown(cast, chat)["breached_at"]

    def test_only_open_time_counts(self, cast: Cast, chat: Chat) -> None:
        day = datetime.now(UTC) + timedelta(days=3)
        week = {DAYS[day.weekday()]: [{"start": "09:00", "end": "17:00"}]}
        assert cast.admin.put(HOURS, json={"time_zone": "UTC", "week": week}).status_code == 200
        chat.ask_for_person()
        due = datetime.fromisoformat(shown(cast, chat)["due_at"])
        assert due == day.replace(hour=13, minute=0, second=0, microsecond=0)


class TestTargets:
    def test_there_are_sensible_ones_to_begin_with(self, cast: Cast) -> None:
        said = cast.agent.get(TARGETS).json
        assert (said["on"], said["urgent"]["first_reply"]) == (True, 15)

    def test_they_are_set_and_the_change_is_kept(self, cast: Cast) -> None:
        new = {"first_reply": 5, "next_reply": None, "resolution": 60}
        assert targets(cast, urgent=new)["urgent"] == new
        assert cast.agent.get(TARGETS).json["urgent"] == new
        entry = cast.admin.get("/api/admin/audit").json["items"][0]
        assert entry["action"] == "organization.targets_changed"
        was, is_now = entry["changes"]["urgent"]
        assert was == "first reply in 15 min; next reply in 30 min; resolution in 8 h"
        assert "{" not in is_now

    @pytest.mark.parametrize("minutes", [0, -1, 10**9, "soon", 1.5, True])
    def test_what_is_no_number_of_minutes_is_refused(self, cast: Cast, minutes: Any) -> None:
        said = cast.agent.get(TARGETS).json
        said["low"]["first_reply"] = minutes
        answer = cast.admin.put(TARGETS, json=said)
        assert answer.status_code == 422
        assert "low.first_reply" in answer.json["error"]["fields"]

    def test_without_any_nothing_is_due_and_nothing_late(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        chat.ask_for_person()
        by_hand = cast.agent.post("/api/tickets", {"subject": "By hand"}).json
        later = (now() + timedelta(days=1)).isoformat()
        cast.agent.patch(f"/api/tickets/{by_hand['id']}", {"due_at": later})
        targets(cast, on=False)
        assert shown(cast, chat)["due_at"] is None
        due = {
            each["number"]: each["due_at"] for each in cast.agent.get("/api/tickets").json["items"]
        }
        assert (due[1], bool(due[2])) == (None, True)
        other = begin(cast.owner)
        other.ask_for_person()
        assert shown(cast, other)["due_at"] is None
        assert notice(app) == 0


class TestNotice:
    def test_the_team_is_warned_once_and_told_once_that_it_is_late(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        targets(cast, medium={"first_reply": 60, "next_reply": 60, "resolution": None})
        chat.ask_for_person()
        assert notice(app) == 0
        let_pass(app, chat, 46)
        assert [notice(app), notice(app)] == [1, 0]
        [warning] = lines(cast, chat)
        assert warning["kind"] == "note"
        assert warning["text"].startswith("The first reply is due at ")
        assert warning["inside"]["changed"]["deadline"]["late"] is False
        assert shown(cast, chat)["breached_at"] is None
        let_pass(app, chat, 15)
        assert [notice(app), notice(app)] == [1, 0]
        assert lines(cast, chat)[-1]["text"].endswith("is late.")
        assert shown(cast, chat)["breached_at"]

    def test_whoever_answers_in_time_is_not_warned(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        targets(cast, medium={"first_reply": 60, "next_reply": 60, "resolution": None})
        chat.ask_for_person()
        let_pass(app, chat, 44)
        reply(cast, chat)
        let_pass(app, chat, 600)
        assert notice(app) == 0

    def test_a_visitor_never_sees_it(self, cast: Cast, chat: Chat, app: Flask) -> None:
        chat.ask_for_person()
        let_pass(app, chat, 250)
        notice(app)
        text = cast.nobody.get(
            f"/api/chat/transcript/{chat.id}"
            f"?key={cast.owner.get('/api/organization').json['widget_key']}",
            headers=chat.header,
        ).text
        assert "late" not in text

    def test_what_cannot_be_told_keeps_no_other_work_waiting(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        given = {"assignee_id": cast.agent.id}
        assert cast.owner.patch(f"/api/conversations/{chat.id}", given).status_code == 200
        with app.app_context():
            nonsense = {"due_at": now(), "due_watch_at": now(), "due_kind": None}
            db.session.execute(update(Conversation).values(**nonsense))
            db.session.commit()
            # The mails of before, among them that to whoever it was assigned to.
            assert jobs.sweep() > 0

    def test_what_cannot_be_told_keeps_no_other_warning_back(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        nonsense, other = begin(cast.stranger), {"due_at": now(), "due_watch_at": now()}
        with app.app_context():
            for where, kind in ((chat, "first_reply"), (nonsense, None)):
                row = Conversation.id == UUID(where.id)
                facts = other | {"due_kind": kind}
                if kind is None:
                    facts["due_watch_at"] = now() - timedelta(minutes=5)
                db.session.execute(update(Conversation).where(row).values(**facts))
            db.session.commit()
        assert notice(app) == 1
        assert len(lines(cast, chat)) == 1

    def test_two_workers_tell_once(self, cast: Cast, chat: Chat, app: Flask) -> None:
        targets(cast, medium={"first_reply": 60, "next_reply": 60, "resolution": None})
        chat.ask_for_person()
        let_pass(app, chat, 61)
        with ThreadPoolExecutor(4) as workers:
            told = sum(workers.map(lambda _: notice(app), range(4)))
        assert told == len(lines(cast, chat)) == 1


class TestTickets:
    def test_a_ticket_is_due_by_its_priority(self, cast: Cast) -> None:
        ticket = cast.agent.post("/api/tickets", {"subject": "Lost", "priority": "urgent"}).json
        assert (minutes_left(ticket["due_at"]), ticket["due_is_set"]) == (480, False)
        path = f"/api/tickets/{ticket['id']}"
        assert minutes_left(cast.agent.patch(path, {"priority": "high"}).json["due_at"]) == 1440

    def test_somebody_sets_it_by_hand_and_gives_it_back(self, cast: Cast) -> None:
        ticket = cast.agent.post("/api/tickets", {"subject": "Lost", "priority": "urgent"}).json
        path = f"/api/tickets/{ticket['id']}"
        until = (now() + timedelta(minutes=90)).isoformat()
        said = cast.agent.patch(path, {"due_at": until}).json
        assert (minutes_left(said["due_at"]), said["due_is_set"]) == (90, True)
        assert said["history"][-1]["summary"] == "Aisha changed deadline of ticket 1"
        said = cast.agent.patch(path, {"priority": "low"}).json
        assert minutes_left(said["due_at"]) == 90
        said = cast.agent.patch(path, {"due_at": None, "priority": "urgent"}).json
        assert (minutes_left(said["due_at"]), said["due_is_set"]) == (480, False)

    @pytest.mark.parametrize("due_at", ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "noon"])
    def test_no_moment_that_makes_no_sense(self, cast: Cast, due_at: str) -> None:
        ticket = cast.agent.post("/api/tickets", {"subject": "Lost"}).json
        answer = cast.agent.patch(f"/api/tickets/{ticket['id']}", {"due_at": due_at})
        assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["due_at"])

    def test_it_is_told_in_the_conversation_when_it_is_late(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        chat.ask_for_person()
        reply(cast, chat)
        let_pass(app, chat, 3 * 24 * 60 + 5)
        assert [notice(app), notice(app)] == [1, 0]
        assert lines(cast, chat)[-1]["text"].startswith("Ticket 1 was due at ")
        assert cast.agent.get("/api/tickets").json["items"][0]["breached_at"]

    def test_what_waits_for_the_customer_is_warned_of_all_the_same(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        ticket = cast.agent.post("/api/tickets", {"subject": "Lost", "priority": "urgent"}).json
        cast.agent.patch(f"/api/tickets/{ticket['id']}", {"status": "pending"})
        let_pass(app, chat, 7 * 60)
        assert notice(app) == 1
        assert cast.agent.get(f"/api/tickets/{ticket['id']}").json["breached_at"] is None

    def test_the_ticket_of_somebody_suspended_is_everybodys_when_it_is_late(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        given = {"subject": "Lost", "priority": "urgent", "assignee_id": cast.agent.id}
        assert cast.admin.post("/api/tickets", given).status_code == 201
        cast.owner.patch(f"/api/users/{cast.agent.id}", {"active": False})
        let_pass(app, chat, 9 * 60)
        assert notice(app) == 1
        for each in (cast.owner, cast.admin):
            subjects = [letter.subject for letter in cast.mailbox.letters(each.email)]
            assert any("Ticket 1 was due" in subject for subject in subjects), subjects

    def test_what_is_solved_is_not_late_until_it_is_taken_up_again(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        ticket = cast.agent.post("/api/tickets", {"subject": "Lost"}).json
        path = f"/api/tickets/{ticket['id']}"
        cast.agent.patch(path, {"status": "solved"})
        let_pass(app, chat, 9 * 24 * 60)
        assert notice(app) == 0
        cast.agent.patch(path, {"status": "open"})
        assert notice(app) == 1

    @pytest.mark.parametrize(
        ("query", "numbers"),
        [
            ({"sort": "newest"}, [3, 2, 1]),
            ({"sort": "due"}, [2, 3, 1]),
            ({"sort": "priority"}, [2, 3, 1]),
            ({"overdue": "true"}, []),
            ({"overdue": "false"}, [3, 2, 1]),
        ],
    )
    def test_the_list_has_an_order_and_pages(
        self, cast: Cast, query: dict[str, str], numbers: list[int]
    ) -> None:
        for priority in ("low", "urgent", "high"):
            cast.agent.post("/api/tickets", {"subject": "Lost", "priority": priority})
        found: list[int] = []
        cursor: str | None = None
        while cursor or not found:
            asked = query | {"limit": "1"} | ({"cursor": cursor} if cursor else {})
            page = cast.agent.get("/api/tickets", query_string=asked).json
            found += [each["number"] for each in page["items"]]
            cursor = page["next_cursor"]
            if not cursor:
                break
        assert found == numbers

    def test_what_is_overdue_is_found(self, cast: Cast, chat: Chat, app: Flask) -> None:
        cast.agent.post("/api/tickets", {"subject": "Lost", "priority": "urgent"})
        let_pass(app, chat, 500)
        cast.agent.post("/api/tickets", {"subject": "Later"})
        found = cast.agent.get("/api/tickets?overdue=true").json["items"]
        assert [each["number"] for each in found] == [1]
