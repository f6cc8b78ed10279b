"""The desk: what lies on it, who takes care of it, and what no visitor ever sees of it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.models import Event, User
from app.services.actors import person
from app.services.conversation import speaking
from app.services.log import event_log
from tests.cast import Cast, Person
from tests.chats import Chat, begin
from tests.open_house import Guest, House, opened

SECRET = "Wombat-9913"
PRIVATE = (SECRET, "inside", "urgent", "priority", "asked", "reading", "assigned")


@pytest.fixture
def chat(cast: Cast) -> Chat:
    return begin(cast.owner, locale="de-AT", page_url="https://shop.example.com/tea")


def ids(answer: Any) -> list[str]:
    return [item["id"] for item in answer.json["items"]]


def listed(person: Person, **query: Any) -> list[str]:
    return ids(person.get("/api/conversations", query_string=query))


def written(text: str = "Hello from the team") -> dict[str, Any]:
    return {"text": text, "client_id": uuid4().hex}


class TestLists:
    def test_the_desk_shows_what_was_said_last_and_by_whom(self, cast: Cast, chat: Chat) -> None:
        chat.tell(name="Vera", email="vera@example.com")
        [item] = cast.agent.get("/api/conversations").json["items"]
        assert item["number"] == 1
        assert item["preview"] == "Do you deliver to Malta?"
        assert item["contact"]["email"] == "vera@example.com"
        assert (item["speaker"], item["status"], item["unread"]) == ("assistant", "open", 1)
        assert item["waiting_since"]

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"status": "open"}, 2),
            ({"status": "closed"}, 1),
            ({"speaker": "person"}, 1),
            ({"assignee": "me"}, 1),
            ({"assignee": "none"}, 2),
            ({"priority": "urgent"}, 1),
            ({"waiting": "true"}, 1),
            ({"waiting": "false"}, 2),
            ({"escalated": "true"}, 0),
            ({"q": "malta"}, 3),
            ({"q": "#2"}, 1),
            ({"status": "open", "assignee": "me"}, 1),
        ],
    )
    def test_filters_narrow_together(self, cast: Cast, query: dict[str, str], count: int) -> None:
        first, second, _third = (begin(cast.owner) for _ in range(3))
        cast.agent.post(f"/api/conversations/{first.id}/takeover")
        cast.agent.post(f"/api/conversations/{first.id}/messages", written())
        cast.agent.post(f"/api/conversations/{second.id}/close")
        cast.agent.patch(f"/api/conversations/{first.id}", {"priority": "urgent"})
        assert len(listed(cast.agent, **query)) == count

    def test_an_escalation_is_found_until_somebody_comes(self, cast: Cast, app: Flask) -> None:
        chat = begin(cast.owner)
        with opened(app) as house:
            guest = house.guest(str(cast.owner.get("/api/organization").json["widget_key"]))
            guest.token = chat.token
            guest.connect()
            guest.send("escalate", client_id="wants-a-person")
            guest.expect("accepted")
        assert listed(cast.agent, escalated=True) == [chat.id]
        whole = cast.agent.get(f"/api/conversations/{chat.id}").json
        assert whole["ticket"]["number"] == 1
        cast.agent.post(f"/api/conversations/{chat.id}/takeover")
        assert listed(cast.agent, escalated=True) == []

    def test_whoever_has_the_word_answers_the_call_for_a_person_with_it(
        self, cast: Cast, chat: Chat
    ) -> None:
        path = f"/api/conversations/{chat.id}"
        cast.agent.post(f"{path}/takeover")
        chat.ask_for_person()
        assert listed(cast.agent, escalated=True) == [chat.id]
        cast.agent.post(f"{path}/messages", written("That is me."))
        assert listed(cast.agent, escalated=True) == []

    def test_what_is_handed_back_waits_for_nobody(self, cast: Cast, chat: Chat) -> None:
        path = f"/api/conversations/{chat.id}"
        cast.agent.post(f"{path}/takeover")
        chat.ask_for_person()
        stood = cast.agent.post(f"{path}/hand-back").json
        assert (stood["escalated_at"], stood["due_at"]) == (None, None)
        assert not stood["waiting_for_person"]

    @pytest.mark.parametrize("sort", ["newest", "oldest", "waiting", "priority"])
    def test_pages_hold_everything_once_and_in_order(self, cast: Cast, sort: str) -> None:
        chats = [begin(cast.owner, f"Question {place}") for place in range(5)]
        cast.agent.patch(f"/api/conversations/{chats[3].id}", {"priority": "high"})
        cast.agent.post(f"/api/conversations/{chats[0].id}/messages", written())
        whole = listed(cast.agent, sort=sort)
        pages, cursor = [], None
        while True:
            answer = cast.agent.get(
                "/api/conversations",
                query_string={"sort": sort, "limit": 2} | ({"cursor": cursor} if cursor else {}),
            )
            pages += ids(answer)
            cursor = answer.json["next_cursor"]
            if cursor is None:
                break
        assert pages == whole
        first, second, third, fourth, fifth = (chat.id for chat in chats)
        assert (
            whole
            == {
                "newest": [first, fifth, fourth, third, second],
                "oldest": [second, third, fourth, fifth, first],
                "waiting": [second, third, fourth, fifth, first],
                "priority": [fourth, second, third, fifth, first],
            }[sort]
        )

    @pytest.mark.parametrize("cursor", ["x", "W10", "WyJuZXdlc3QiLDEsMl0", "bnVsbA", "0" * 300])
    def test_a_cursor_that_is_none_is_refused(self, cast: Cast, chat: Chat, cursor: str) -> None:
        answer = cast.agent.get("/api/conversations", query_string={"cursor": cursor})
        assert answer.status_code == 422
        assert "cursor" in answer.json["error"]["fields"]

    def test_the_conversations_of_one_contact(self, cast: Cast, chat: Chat) -> None:
        begin(cast.owner)
        chat.tell(email="vera@example.com")
        contact = cast.agent.get("/api/contacts").json["items"][0]["id"]
        assert listed(cast.agent, contact_id=contact) == [chat.id]
        assert listed(cast.stranger, contact_id=contact) == []


class TestOne:
    def test_one_conversation_is_shown_with_everything_around_it(
        self, cast: Cast, chat: Chat
    ) -> None:
        read = {"label": "negative", "score": -0.6, "signals": ["refund"]}
        with chat.app.app_context():
            db.session.execute(update(Event).values(reading=read))
            db.session.commit()
        whole = cast.agent.get(f"/api/conversations/{chat.id}").json
        assert whole["visitor"]["locale"] == "de-AT"
        assert whole["visitor"]["page_url"] == "https://shop.example.com/tea"
        assert [(mood["seq"], mood["reading"]) for mood in whole["moods"]] == [(1, read)]
        assert whole["ticket"] is None

    def test_messages_are_read_on_from_a_number_and_back_before_one(
        self, cast: Cast, chat: Chat
    ) -> None:
        for place in range(2, 8):
            chat.say(f"Message {place}")
        path = f"/api/conversations/{chat.id}/messages"

        def seqs(**query: int) -> tuple[list[int], bool]:
            answer = cast.agent.get(path, query_string=query).json
            return [event["seq"] for event in answer["items"]], answer["more"]

        assert seqs() == ([1, 2, 3, 4, 5, 6, 7], False)
        assert seqs(limit=2) == ([6, 7], True)
        assert seqs(after_seq=2, limit=3) == ([3, 4, 5], True)
        assert seqs(after_seq=5) == ([6, 7], False)
        assert seqs(before_seq=4, limit=2) == ([2, 3], True)
        assert seqs(before_seq=2) == ([1], False)
        assert seqs(around_seq=4, limit=3) == ([3, 4, 5], True)
        assert seqs(around_seq=1, limit=3) == ([1, 2], False)
        assert seqs(around_seq=9, limit=4) == ([6, 7], True)
        both = cast.agent.get(path, query_string={"after_seq": 1, "before_seq": 3})
        assert both.status_code == 422

    def test_the_team_reads_what_an_answer_was_made_from(self, cast: Cast, chat: Chat) -> None:
        chat.be_answered("We do.", outcome="answered", confidence=0.8)
        answer = cast.agent.get(f"/api/conversations/{chat.id}/messages").json["items"][1]
        assert answer["author"]["kind"] == "assistant"
        assert (answer["outcome"], answer["confidence"]) == ("answered", 0.8)
        assert answer["inside"] == {"asked": "secret"}


class TestSpeaking:
    def test_who_replies_takes_the_word(self, cast: Cast, chat: Chat) -> None:
        path = f"/api/conversations/{chat.id}/messages"
        answer = cast.agent.post(path, written("We do deliver there."))
        assert answer.status_code == 201
        assert answer.json["event"]["author"]["name"] == "Aisha"
        assert answer.json["conversation"]["speaker"] == "person"
        assert answer.json["conversation"]["person"]["name"] == "Aisha"
        assert answer.json["conversation"]["waiting_since"] is None
        kinds = [event["kind"] for event in cast.agent.get(path).json["items"]]
        assert kinds == ["message", "joined", "message"]

    def test_what_was_written_before_it_goes_first_and_is_said_once(
        self, cast: Cast, chat: Chat
    ) -> None:
        path = f"/api/conversations/{chat.id}/messages"
        first, second = written("First."), written("Second.")
        assert cast.agent.post(path, first).status_code == 201
        last = written("Third.") | {"earlier": [first, second], "close": True}
        for _ in range(2):
            said = cast.agent.post(path, last)
            assert (said.status_code, said.json["event"]["text"]) == (201, "Third.")
        items = cast.agent.get(path).json["items"]
        said_by_person = [each["text"] for each in items if each["author"]["kind"] == "person"]
        assert [text for text in said_by_person if text] == ["First.", "Second.", "Third."]
        assert cast.agent.get(f"/api/conversations/{chat.id}").json["status"] == "closed"

    def test_the_same_reply_sent_twice_is_said_once(self, cast: Cast, chat: Chat) -> None:
        path, body = f"/api/conversations/{chat.id}/messages", written()
        first, again = cast.agent.post(path, body), cast.agent.post(path, body)
        assert first.json["event"]["id"] == again.json["event"]["id"]
        assert cast.agent.get(path).json["last_seq"] == 3

    def test_an_id_that_was_used_elsewhere_is_refused(self, cast: Cast, chat: Chat) -> None:
        body, other = written(), begin(cast.owner)
        for kind in ("messages", "notes"):
            cast.agent.post(f"/api/conversations/{chat.id}/{kind}", body)
            refused = cast.agent.post(f"/api/conversations/{other.id}/{kind}", body)
            assert (refused.status_code, refused.json["error"]["code"]) == (409, "client_id_used")

    def test_a_program_speaks_by_the_name_of_its_person(self, cast: Cast, chat: Chat) -> None:
        header = cast.admin.api_key("conversations:write")
        answer = chat.app.test_client().post(
            f"/api/conversations/{chat.id}/messages", json=written(), headers=header
        )
        assert answer.get_json()["event"]["author"]["name"] == "Adam"

    def test_no_line_that_a_visitor_reads_names_a_programs_key(
        self, cast: Cast, chat: Chat
    ) -> None:
        program, header = chat.app.test_client(), cast.admin.api_key("conversations:write")
        ticket = {"subject": "Late", "conversation_id": chat.id}
        assert program.post("/api/tickets", json=ticket, headers=header).status_code == 201
        closed = {"ids": [chat.id], "change": {"status": "closed"}}
        answer = program.post("/api/conversations/bulk", json=closed, headers=header)
        assert answer.status_code == 200
        lines = cast.agent.get(f"/api/conversations/{chat.id}/messages").json["items"]
        assert [(each["kind"], each["author"]["name"]) for each in lines[-2:]] == [
            ("ticket", "Adam"),
            ("closed", "Adam"),
        ]

    def test_closed_means_closed_until_it_is_reopened(self, cast: Cast, chat: Chat) -> None:
        path = f"/api/conversations/{chat.id}"
        assert cast.agent.post(f"{path}/close").json["status"] == "closed"
        refused = cast.agent.post(f"{path}/messages", written())
        assert (refused.status_code, refused.json["error"]["code"]) == (409, "closed")
        assert cast.agent.post(f"{path}/reopen").json["status"] == "open"
        assert cast.agent.post(f"{path}/messages", written()).status_code == 201

    def test_the_word_goes_back_to_the_assistant(self, cast: Cast, chat: Chat) -> None:
        path = f"/api/conversations/{chat.id}"
        assert cast.agent.post(f"{path}/takeover").json["speaker"] == "person"
        stood = cast.agent.post(f"{path}/hand-back").json
        assert (stood["speaker"], stood["person"]) == ("assistant", None)

    def test_who_was_answering_when_it_was_handed_back_takes_the_word_again(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        path = f"/api/conversations/{chat.id}"
        cast.agent.post(f"{path}/takeover")
        replying = Thread(target=cast.agent.post, args=[f"{path}/messages", written()])
        with app.app_context():
            assert event_log.lock(UUID(chat.id)) is not None
            replying.start()
            # Long enough for the other one to have read how it stood.
            time.sleep(0.5)
            actor = person(db.session.get_one(User, UUID(cast.admin.id)))
            speaking.hand_back(actor, UUID(chat.id))
        replying.join(20)
        kinds = [line["kind"] for line in cast.agent.get(f"{path}/messages").json["items"]]
        assert kinds == ["message", "joined", "handed_back", "joined", "message"]
        stood = cast.agent.get(path).json
        assert (stood["speaker"], stood["person"]["name"]) == ("person", "Aisha")

    def test_who_takes_over_twice_at_once_joins_once(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        path = f"/api/conversations/{chat.id}"
        both = [Thread(target=cast.agent.post, args=[f"{path}/takeover"]) for _ in range(2)]
        with app.app_context():
            assert event_log.lock(UUID(chat.id)) is not None
            for each in both:
                each.start()
            time.sleep(0.5)
            db.session.rollback()
        for each in both:
            each.join(20)
        kinds = [line["kind"] for line in cast.agent.get(f"{path}/messages").json["items"]]
        assert kinds == ["message", "joined"]


class TestCare:
    def test_an_assigned_conversation_lies_on_that_desk(self, cast: Cast, chat: Chat) -> None:
        path = f"/api/conversations/{chat.id}"
        changed = cast.admin.patch(path, {"assignee_id": cast.agent.id}).json
        assert changed["person"]["name"] == "Aisha"
        assert changed["speaker"] == "assistant"
        assert listed(cast.agent, assignee="me") == [chat.id]
        assert listed(cast.admin, assignee=cast.agent.id) == [chat.id]
        note = cast.agent.get(f"{path}/messages").json["items"][-1]
        assert (note["kind"], note["text"]) == ("note", "Adam assigned this to Aisha.")
        assert cast.admin.patch(path, {"assignee_id": None}).json["person"] is None

    def test_T2_only_ones_own_people_who_are_there_can_be_assigned(
        self, cast: Cast, chat: Chat
    ) -> None:
        path = f"/api/conversations/{chat.id}"
        assert cast.agent.patch(path, {"assignee_id": cast.stranger.id}).status_code == 404
        assert cast.agent.patch(path, {"assignee_id": str(uuid4())}).status_code == 404
        cast.owner.patch(f"/api/users/{cast.agent.id}", {"active": False})
        refused = cast.admin.patch(path, {"assignee_id": cast.agent.id})
        assert refused.status_code == 422
        assert "assignee_id" in refused.json["error"]["fields"]

    def test_a_priority_that_was_set_says_who_did_so(self, cast: Cast, chat: Chat) -> None:
        path = f"/api/conversations/{chat.id}"
        changed = cast.agent.patch(path, {"priority": "urgent"}).json
        assert (changed["priority"], changed["priority_reasons"]) == (
            "urgent",
            ["Aisha has set it."],
        )
        assert cast.agent.get(path).json["priority_is_set"]
        cast.agent.patch(path, {"priority": None})
        assert not cast.agent.get(path).json["priority_is_set"]

    def test_a_priority_that_was_set_stays_when_a_person_is_called(
        self, cast: Cast, chat: Chat
    ) -> None:
        path = f"/api/conversations/{chat.id}"
        cast.agent.patch(path, {"priority": "low"})
        chat.ask_for_person()
        assert cast.agent.get(path).json["priority"] == "low"
        cast.agent.patch(path, {"priority": None})
        chat.ask_for_person()
        assert cast.agent.get(path).json["priority"] == "medium"

    def test_the_transcript_keeps_notes_to_itself_unless_asked(
        self, cast: Cast, chat: Chat
    ) -> None:
        path = f"/api/conversations/{chat.id}"
        cast.agent.post(f"{path}/notes", written(SECRET))
        answer = cast.agent.get(f"{path}/transcript")
        assert answer.mimetype == "text/plain"
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "Do you deliver to Malta?" in answer.text
        assert SECRET not in answer.text
        assert SECRET in cast.agent.get(f"{path}/transcript?notes=true").text


class TestOpinions:
    def test_the_team_and_the_visitor_do_not_overwrite_each_other(
        self, cast: Cast, chat: Chat, app: Flask
    ) -> None:
        message = chat.be_answered("We do.")
        path = f"/api/messages/{message}/feedback"
        with app.app_context():
            db.session.execute(update(Event).where(Event.id == UUID(message)).values(feedback="up"))
            db.session.commit()
        body = {"value": "down", "reason": "wrong", "comment": "Not to Malta."}
        given = cast.agent.post(path, body).json
        assert given["visitor"]["value"] == "up"
        assert given["team"]["value"] == "down"
        assert given["team"]["by"] == "Aisha"
        assert cast.admin.get(path).json == given
        assert cast.agent.post(path, {"value": None}).json["team"] is None

    def test_only_the_assistant_is_judged(self, cast: Cast, chat: Chat) -> None:
        message = chat.say("Hello?")
        refused = cast.agent.post(f"/api/messages/{message}/feedback", {"value": "up"})
        assert refused.status_code == 409


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    with opened(app) as house:
        yield house


@pytest.fixture
def guest(house: House, cast: Cast) -> Guest:
    return house.guest(str(cast.owner.get("/api/organization").json["widget_key"]))


class TestVisitorsSide:
    def test_a_visitor_sees_who_reads_and_who_writes(self, cast: Cast, guest: Guest) -> None:
        guest.connect()
        conversation_id = guest.say("Hello")["conversation_id"]
        path = f"/api/conversations/{conversation_id}"
        cast.agent.post(f"{path}/typing", {})
        typing = guest.expect("typing")
        assert (typing["who"], typing["name"], typing["typing"]) == ("person", "Aisha", True)
        cast.agent.post(f"{path}/read", {"seq": 99})
        assert guest.expect("read")["seq"] == 1
        cast.agent.post(f"{path}/messages", written("Good morning"))
        said = guest.event(author="person")
        assert (said["text"], said["author"]["name"]) == ("Good morning", "Aisha")

    def test_nothing_that_is_for_the_team_reaches_a_visitor(
        self, cast: Cast, house: House, guest: Guest
    ) -> None:
        guest.connect()
        conversation_id = guest.say("Hello")["conversation_id"]
        chat = Chat(house.app, UUID(cast.owner.organization_id), guest.token or "", conversation_id)
        message = chat.be_answered("We do.")
        path = f"/api/conversations/{conversation_id}"
        cast.agent.post(f"{path}/notes", written(SECRET))
        cast.agent.patch(path, {"priority": "urgent", "assignee_id": cast.agent.id})
        feedback = {"value": "down", "reason": "tone", "comment": SECRET}
        cast.agent.post(f"/api/messages/{message}/feedback", feedback)
        ticket = {"subject": SECRET, "conversation_id": conversation_id, "reason": SECRET}
        assert cast.agent.post("/api/tickets", ticket).status_code == 201
        cast.agent.post(f"{path}/messages", written("The last word"))
        assert guest.event(author="person")["text"] == "The last word"
        guest.hang_up()
        guest.connect()
        guest.send("history", conversation_id=conversation_id, before_seq=99)
        guest.expect("history")
        guest.send("list")
        guest.expect("conversations")
        for frame in guest.frames:
            for private in PRIVATE:
                assert private not in json.dumps(frame), private
