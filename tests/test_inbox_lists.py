"""The inbox's lists: piles, tags, deadlines, mentions, counts, saved views, drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from app import create_app, jobs
from app.adapters import Adapters
from app.extensions import db
from app.models import Conversation, now
from app.services.upkeep import demo
from config import Testing
from tests.cast import Cast, Person
from tests.chats import Chat, begin

LATER = (now() + timedelta(hours=3)).isoformat()


def listed(person: Person, **query: Any) -> list[str]:
    answer = person.get("/api/conversations", query_string=query)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json["items"]]


def counts(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = person.get("/api/inbox/counts").json
    return found


def change(person: Person, chat: Chat, **changes: Any) -> dict[str, Any]:
    answer = person.patch(f"/api/conversations/{chat.id}", changes)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def log(person: Person, chat: Chat) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.get(f"/api/conversations/{chat.id}/messages").json["items"]
    return items


def written(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"text": text, "client_id": uuid4().hex} | more


def rewrite(chat: Chat, **facts: Any) -> None:
    """As it would stand some time later."""
    with chat.app.app_context():
        where = Conversation.id == UUID(chat.id)
        db.session.execute(update(Conversation).where(where).values(**facts))
        db.session.commit()


class TestSnoozing:
    def test_what_is_snoozed_is_out_of_the_way_and_in_its_own_pile(self, cast: Cast) -> None:
        chat, other = begin(cast.owner), begin(cast.owner)
        shown = change(cast.agent, chat, snoozed_until=LATER)
        assert shown["snoozed_until"].startswith(LATER[:16])
        assert listed(cast.agent, status="open") == [other.id]
        assert listed(cast.agent, status="snoozed") == [chat.id]
        last = log(cast.agent, chat)[-1]
        assert (last["kind"], last["text"]) == ("note", "Aisha snoozed this.")
        assert last["inside"]["changed"]["snoozed_until"].startswith(LATER[:16])

    def test_a_message_of_the_visitors_wakes_it(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        change(cast.agent, chat, snoozed_until=LATER)
        chat.say("Are you there?")
        assert listed(cast.agent, status="open") == [chat.id]

    def test_it_wakes_when_the_time_has_come(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        change(cast.agent, chat, snoozed_until=LATER)
        with chat.app.app_context():
            jobs.sweep()
        assert listed(cast.agent, status="snoozed") == [chat.id]
        rewrite(chat, snoozed_until=now() - timedelta(seconds=1))
        with chat.app.app_context():
            jobs.sweep()
            jobs.sweep()
        assert listed(cast.agent, status="open") == [chat.id]
        texts = [line["text"] for line in log(cast.agent, chat)]
        assert texts.count("The snooze is over.") == 1

    def test_it_can_be_taken_back(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        change(cast.agent, chat, snoozed_until=LATER)
        assert change(cast.agent, chat, snoozed_until=None)["snoozed_until"] is None
        assert log(cast.agent, chat)[-1]["text"] == "Aisha ended the snooze."

    @pytest.mark.parametrize(
        "until", ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "2099-01-01T00:00:00", "soon"]
    )
    def test_only_a_moment_of_the_coming_year_will_do(self, cast: Cast, until: str) -> None:
        chat = begin(cast.owner)
        answer = cast.agent.patch(f"/api/conversations/{chat.id}", {"snoozed_until": until})
        assert answer.status_code == 422
        assert "snoozed_until" in answer.json["error"]["fields"]

    def test_what_is_closed_cannot_be_snoozed_and_closing_ends_it(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        change(cast.agent, chat, snoozed_until=LATER)
        closed = cast.agent.post(f"/api/conversations/{chat.id}/close").json
        assert closed["snoozed_until"] is None
        answer = cast.agent.patch(f"/api/conversations/{chat.id}", {"snoozed_until": LATER})
        assert answer.status_code == 409


class TestTags:
    def test_tags_are_cleaned_kept_once_and_found(self, cast: Cast) -> None:
        chat, other = begin(cast.owner), begin(cast.owner)
        shown = change(cast.agent, chat, tags=["  Refund ", "#vip", "refund"])
        assert shown["tags"] == ["refund", "vip"]
        change(cast.agent, other, tags=["vip"])
        assert listed(cast.agent, tag="refund") == [chat.id]
        assert cast.agent.get("/api/tags").json["items"] == [
            {"name": "vip", "count": 2},
            {"name": "refund", "count": 1},
        ]
        assert log(cast.agent, chat)[-1]["text"] == "Aisha added refund, vip."

    def test_they_are_replaced_as_a_whole_and_the_log_says_how(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        change(cast.agent, chat, tags=["one", "two"])
        assert change(cast.agent, chat, tags=["two", "three"])["tags"] == ["two", "three"]
        assert log(cast.agent, chat)[-1]["text"] == "Aisha added three and removed one."
        assert change(cast.agent, chat, tags=None)["tags"] == []
        assert listed(cast.agent, tag="two") == []
        before = len(log(cast.agent, chat))
        change(cast.agent, chat, tags=[])
        assert len(log(cast.agent, chat)) == before

    def test_who_adds_one_takes_away_none_of_a_colleagues(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        change(cast.admin, chat, add_tags=["vip"])
        assert change(cast.agent, chat, add_tags=["refund"])["tags"] == ["vip", "refund"]
        assert change(cast.admin, chat, remove_tags=["vip"])["tags"] == ["refund"]

    @pytest.mark.parametrize(
        "tags", [["x" * 41], [str(place) for place in range(21)], ["a\0b"], "refund", [1]]
    )
    def test_what_is_no_tag_is_refused(self, cast: Cast, tags: Any) -> None:
        chat = begin(cast.owner)
        answer = cast.agent.patch(f"/api/conversations/{chat.id}", {"tags": tags})
        assert answer.status_code == 422

    def test_T4_nobody_sees_anothers_tags(self, cast: Cast) -> None:
        change(cast.agent, begin(cast.owner), tags=["refund"])
        assert cast.stranger.get("/api/tags").json["items"] == []
        assert listed(cast.stranger, tag="refund") == []


class TestOrder:
    def test_what_is_due_first_comes_first_and_what_is_not_due_last(self, cast: Cast) -> None:
        chats = [begin(cast.owner) for _ in range(4)]
        rewrite(chats[2], due_at=now() + timedelta(minutes=1))
        rewrite(chats[0], due_at=now() + timedelta(minutes=9))
        first = cast.agent.get("/api/conversations?sort=deadline&limit=3").json
        rest = cast.agent.get(
            f"/api/conversations?sort=deadline&limit=3&cursor={first['next_cursor']}"
        ).json
        order = [item["id"] for item in (*first["items"], *rest["items"])]
        assert order == [chats[2].id, chats[0].id, chats[1].id, chats[3].id]

    def test_what_the_team_decides_moves_nothing_up_and_makes_nothing_unread(
        self, cast: Cast
    ) -> None:
        chat, newer = begin(cast.owner), begin(cast.owner)
        cast.agent.post(f"/api/conversations/{chat.id}/read", {"seq": 1})
        shown = change(cast.agent, chat, tags=["vip"], priority="urgent")
        assert (shown["unread"], shown["last_seq"]) == (0, 3)
        assert listed(cast.agent) == [newer.id, chat.id]


class TestCounts:
    def test_each_pile_is_counted(self, cast: Cast) -> None:
        chats = [begin(cast.owner) for _ in range(5)]
        change(cast.agent, chats[0], assignee_id=cast.agent.id)
        change(cast.agent, chats[1], snoozed_until=LATER)
        cast.agent.post(f"/api/conversations/{chats[2].id}/close")
        rewrite(chats[3], escalated_at=now())
        note = written("Please look", mentions=[cast.agent.id])
        cast.admin.post(f"/api/conversations/{chats[4].id}/notes", note)
        said = counts(cast.agent)
        assert said.pop("views") == {}
        assert said == {
            "mine": 1,
            "unassigned": 2,
            "all": 3,
            "mentions": 1,
            "escalated": 1,
            "snoozed": 1,
        }
        assert counts(cast.stranger)["all"] == 0

    def test_a_saved_view_is_counted_among_what_is_open(self, cast: Cast) -> None:
        chat, closed = begin(cast.owner), begin(cast.owner)
        for each in (chat, closed):
            change(cast.agent, each, tags=["vip"])
        cast.agent.post(f"/api/conversations/{closed.id}/close")
        body = {"name": "Important", "filters": {"tag": "vip"}}
        view = cast.agent.post("/api/inbox/views", body).json
        assert counts(cast.agent)["views"] == {view["id"]: 1}
        cast.agent.patch(f"/api/inbox/views/{view['id']}", {"filters": {"status": "closed"}})
        assert counts(cast.agent)["views"] == {view["id"]: 1}


class TestViews:
    def test_ones_own_is_ones_own_and_what_is_shared_is_everybodys(self, cast: Cast) -> None:
        own = {"name": "My urgent ones", "filters": {"priority": "urgent", "assignee": "me"}}
        shared = {"name": "Refunds", "shared": True, "sort": "waiting", "filters": {"tag": "x"}}
        assert cast.agent.post("/api/inbox/views", own).status_code == 201
        assert cast.agent.post("/api/inbox/views", shared).status_code == 201
        names = [view["name"] for view in cast.agent.get("/api/inbox/views").json["items"]]
        assert names == ["My urgent ones", "Refunds"]
        [seen] = cast.admin.get("/api/inbox/views").json["items"]
        assert (seen["name"], seen["mine"], seen["sort"]) == ("Refunds", False, "waiting")
        assert {key: value for key, value in seen["filters"].items() if value} == {"tag": "x"}
        assert cast.stranger.get("/api/inbox/views").json["items"] == []

    def test_everybody_may_change_what_is_shared_and_nobody_what_is_anothers(
        self, cast: Cast
    ) -> None:
        own = cast.agent.post("/api/inbox/views", {"name": "Mine"}).json["id"]
        shared = cast.agent.post("/api/inbox/views", {"name": "Ours", "shared": True}).json["id"]
        renamed = cast.admin.patch(f"/api/inbox/views/{shared}", {"name": "Everybody's"})
        assert renamed.json["name"] == "Everybody's"
        assert cast.admin.patch(f"/api/inbox/views/{own}", {"name": "X"}).status_code == 404
        assert cast.admin.delete(f"/api/inbox/views/{own}").status_code == 404
        assert cast.agent.delete(f"/api/inbox/views/{own}").status_code == 204

    def test_a_filter_that_does_not_exist_is_refused(self, cast: Cast) -> None:
        body = {"name": "X", "filters": {"colour": "red"}}
        assert cast.agent.post("/api/inbox/views", body).status_code == 422

    def test_T2_ids_in_a_views_filters_open_nothing(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        chat.tell(email="vera@example.com")
        change(cast.agent, chat, assignee_id=cast.agent.id)
        contact = cast.agent.get("/api/contacts").json["items"][0]["id"]
        for filters in ({"assignee": cast.agent.id}, {"contact_id": contact}, {"q": "malta"}):
            body = {"name": "Spy", "filters": filters}
            own = cast.agent.post("/api/inbox/views", body).json["id"]
            foreign = cast.stranger.post("/api/inbox/views", body).json["id"]
            assert counts(cast.agent)["views"][own] == 1
            assert counts(cast.stranger)["views"][foreign] == 0


class TestDrafts:
    def test_a_draft_is_kept_for_its_writer_alone(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        path = f"/api/conversations/{chat.id}"
        for text in ("Dear", "Dear Vera"):
            answer = cast.agent.put(f"{path}/draft", json={"text": text, "is_note": True})
            assert answer.status_code == 204
        kept = {"text": "Dear Vera", "is_note": True}
        assert cast.agent.get(path).json["drafts"] == [kept]
        assert cast.agent.get("/api/inbox/drafts").json["items"] == [
            {"conversation_id": chat.id, **kept}
        ]
        assert cast.admin.get(path).json["drafts"] == []
        assert cast.admin.get("/api/inbox/drafts").json["items"] == []

    @pytest.mark.parametrize("how", ["empty", "sent"])
    def test_it_goes_when_it_is_emptied_or_sent(self, cast: Cast, how: str) -> None:
        chat = begin(cast.owner)
        path = f"/api/conversations/{chat.id}"
        cast.agent.put(f"{path}/draft", json={"text": "Dear"})
        if how == "empty":
            cast.agent.put(f"{path}/draft", json={"text": " "})
        else:
            cast.agent.post(f"{path}/messages", written())
        assert cast.agent.get("/api/inbox/drafts").json["items"] == []

    def test_a_reply_and_a_note_are_both_kept_and_the_newest_lies_on_top(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        path = f"/api/conversations/{chat.id}"
        reply, note = {"text": "Dear", "is_note": False}, {"text": "Slow payer", "is_note": True}
        for on_top, below in ((note, reply), (reply, note)):
            cast.agent.put(f"{path}/draft", json=on_top)
            kept = [on_top, below] if below is note else [on_top]
            assert cast.agent.get(path).json["drafts"] == kept
        assert cast.agent.get("/api/inbox/drafts").json["items"] == [
            {"conversation_id": chat.id, **reply},
            {"conversation_id": chat.id, **note},
        ]

    @pytest.mark.parametrize(("sent", "left"), [("messages", "note"), ("notes", "reply")])
    def test_what_is_sent_takes_its_own_sheet_along(self, cast: Cast, sent: str, left: str) -> None:
        chat = begin(cast.owner)
        path = f"/api/conversations/{chat.id}"
        for kind in ("reply", "note"):
            cast.agent.put(f"{path}/draft", json={"text": kind, "is_note": kind == "note"})
        cast.agent.post(f"{path}/{sent}", written(keep_draft=True))
        assert len(cast.agent.get(path).json["drafts"]) == 2
        cast.agent.post(f"{path}/{sent}", written())
        assert [each["text"] for each in cast.agent.get(path).json["drafts"]] == [left]

    def test_what_a_macro_says_was_not_begun_by_anybody(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        path = f"/api/conversations/{chat.id}"
        for is_note in (True, False):
            cast.agent.put(f"{path}/draft", json={"text": "By the way", "is_note": is_note})
        steps = [{"do": "reply", "text": "It is on its way."}, {"do": "note", "text": "Sent."}]
        macro = cast.admin.post("/api/macros", {"name": "On its way", "steps": steps}).json
        assert cast.agent.post(f"{path}/macros/{macro['id']}").json["done"] == ["reply", "note"]
        assert len(cast.agent.get(path).json["drafts"]) == 2


class TestOne:
    def test_a_conversation_tells_how_many_there_were_before(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        chat.tell(email="vera@example.com")
        chat.id = ""
        chat.say("Something else")
        chat.tell(email="vera@example.com")
        begin(cast.owner)
        shown = cast.agent.get(f"/api/conversations/{chat.id}").json
        assert shown["earlier"] == 1
        [other] = shown["others"]
        assert (other["preview"], other["status"]) == ("Do you deliver to Malta?", "open")

    def test_what_is_known_of_the_person_stands_beside_it(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        path = f"/api/conversations/{chat.id}"
        assert cast.agent.get(path).json["attributes"] == {}
        chat.tell(email="vera@example.com", phone="+44 20 7946 0018", fields={"Order": "5498"})
        shown = cast.agent.get(path).json
        assert (shown["phone"], shown["attributes"]) == ("+44 20 7946 0018", {"Order": "5498"})

    def test_the_first_reply_of_a_person_is_remembered(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        path = f"/api/conversations/{chat.id}/messages"
        first = cast.agent.post(path, written()).json["conversation"]["first_reply_at"]
        assert first
        assert cast.agent.post(path, written()).json["conversation"]["first_reply_at"] == first

    def test_the_last_word_closes_with_it(self, cast: Cast) -> None:
        chat = begin(cast.owner)
        body = written("Glad to help", close=True)
        path = f"/api/conversations/{chat.id}/messages"
        said = cast.agent.post(path, body).json
        assert said["event"]["text"] == "Glad to help"
        assert said["conversation"]["status"] == "closed"
        kinds = [line["kind"] for line in log(cast.agent, chat)]
        assert kinds == ["message", "joined", "message", "closed"]
        assert cast.agent.post(path, body).json["event"]["seq"] == said["event"]["seq"]
        assert len(log(cast.agent, chat)) == 4


def test_the_demo_shows_what_replies_and_views_are_for(config: Testing, adapters: Adapters) -> None:
    config.demo = True
    app = create_app(config, adapters)
    with app.app_context():
        assert demo.seed()
        hint = demo.sign_in_hint() or {}
    agent = Person(app, hint["agent"])
    assert agent.sign_in(hint["password"]).status_code == 200
    replies = agent.get("/api/canned-replies").json["items"]
    assert [reply["shortcut"] for reply in replies] == ["bye", "hello", "order", "return"]
    shared = agent.get("/api/inbox/views").json["items"]
    assert [view["name"] for view in shared] == ["Urgent, nobody on it", "Waiting for a person"]
    assert set(agent.get("/api/inbox/counts").json["views"].values()) == {0}
    assert [macro["name"] for macro in agent.get("/api/macros").json["items"]] == ["Take a return"]
