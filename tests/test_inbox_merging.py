"""Merging: one conversation goes on in another, for the team and for the visitor."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

from tests.cast import Cast, Person
from tests.chats import Chat, begin


def merge(person: Person, source: Chat, into: str, **more: Any) -> Any:
    return person.post(f"/api/conversations/{source.id}/merge", {"into": into} | more)


def log(person: Person, chat_id: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.get(f"/api/conversations/{chat_id}/messages").json["items"]
    return items


def again(chat: Chat, text: str = "Another question") -> Chat:
    """The same visitor begins anew."""
    second = Chat(chat.app, chat.organization_id, chat.token)
    second.say(text)
    return second


def test_what_was_said_can_be_read_from_where_it_goes_on(cast: Cast) -> None:
    target = begin(cast.owner)
    source = again(target)
    cast.agent.patch(f"/api/conversations/{source.id}", {"tags": ["vip"]})
    shown = merge(cast.agent, source, target.id)
    assert shown.status_code == 200, shown.text
    assert (shown.json["id"], shown.json["tags"]) == (target.id, ["vip"])
    whole = cast.agent.get(f"/api/conversations/{target.id}").json
    assert whole["merged_from"] == [{"id": source.id, "number": 2}]
    last = log(cast.agent, target.id)[-1]
    assert last["text"] == "Aisha merged conversation 2 into this: 1 message."
    assert last["inside"]["changed"]["merge"]["number"] == 2
    old = cast.agent.get(f"/api/conversations/{source.id}").json
    assert (old["status"], old["merged_into_id"]) == ("closed", target.id)
    closed = log(cast.agent, source.id)[-1]
    assert (closed["kind"], closed["merged_into"]) == ("closed", 1)


def test_the_visitor_who_writes_on_writes_to_where_it_goes_on(cast: Cast) -> None:
    target = begin(cast.owner)
    source = again(target)
    merge(cast.agent, source, target.id)
    was = source.id
    source.say("And one more thing")
    assert source.id == target.id
    assert log(cast.agent, target.id)[-1]["text"] == "And one more thing"
    assert cast.agent.get(f"/api/conversations/{was}").json["status"] == "closed"


def test_where_it_is_anothers_to_read_the_old_one_is_taken_up_again(cast: Cast) -> None:
    target, source = begin(cast.owner), begin(cast.owner)
    refused = merge(cast.agent, source, target.id)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "another_person")
    assert merge(cast.agent, source, target.id, force=True).status_code == 200
    was = source.id
    source.say("Are you there?")
    assert source.id == was
    shown = cast.agent.get(f"/api/conversations/{was}").json
    assert (shown["status"], shown["merged_into_id"]) == ("open", None)
    assert "Are you there?" not in [line["text"] for line in log(cast.agent, target.id)]


def test_a_chain_of_merges_ends_at_its_last(cast: Cast) -> None:
    third = begin(cast.owner)
    second, first = again(third), again(third)
    merge(cast.agent, first, second.id)
    merge(cast.agent, second, third.id)
    first.say("Hello again")
    assert first.id == third.id


def test_the_open_ticket_goes_along_or_gives_way(cast: Cast) -> None:
    target = begin(cast.owner)
    source, other = again(target), again(target)
    for chat in (source, other):
        body = {"subject": "Late", "conversation_id": chat.id}
        assert cast.agent.post("/api/tickets", body).status_code == 201
    merge(cast.agent, source, target.id)
    whole = cast.agent.get(f"/api/conversations/{target.id}").json
    assert whole["ticket"]["number"] == 1
    assert "and ticket 1" in log(cast.agent, target.id)[-1]["text"]
    merge(cast.agent, other, target.id)
    stands = {
        each["number"]: each["status"] for each in cast.agent.get("/api/tickets").json["items"]
    }
    assert stands == {1: "open", 2: "solved"}


def test_what_cannot_be_merged_is_refused_in_words(cast: Cast) -> None:
    target = begin(cast.owner)
    source, closed = again(target), again(target)
    cast.agent.post(f"/api/conversations/{closed.id}/close")

    def code(chat: Chat, into: str) -> str:
        answer = merge(cast.agent, chat, into)
        assert answer.status_code == 409
        return str(answer.json["error"]["code"])

    assert code(source, source.id) == "itself"
    assert code(source, closed.id) == "closed"
    merge(cast.agent, source, target.id)
    assert code(source, target.id) == "merged"
    assert code(target, source.id) == "merged"


def test_T2_nothing_is_merged_across_organizations(cast: Cast) -> None:
    own, foreign = begin(cast.owner), begin(cast.stranger)
    for into in (foreign.id, str(uuid4())):
        answer = merge(cast.agent, own, into, force=True)
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")
    assert merge(cast.stranger, own, foreign.id, force=True).status_code == 404
    assert len(log(cast.agent, own.id)) == 1
    assert len(log(cast.stranger, foreign.id)) == 1


def test_taking_it_up_again_by_hand_ends_the_merge(cast: Cast) -> None:
    target = begin(cast.owner)
    source = again(target)
    merge(cast.agent, source, target.id)
    shown = cast.agent.post(f"/api/conversations/{source.id}/reopen").json
    assert (shown["status"], shown["merged_into_id"]) == ("open", None)
    assert cast.agent.get(f"/api/conversations/{target.id}").json["merged_from"] == []


def test_nothing_is_said_where_it_does_not_go_on_any_more(cast: Cast) -> None:
    """Somebody replies and somebody else merges at the same moment."""
    target = begin(cast.owner)
    for _ in range(4):
        source, starts = again(target), threading.Barrier(2)
        outcome: list[int] = []

        def speak(chat: Chat, starts: threading.Barrier, outcome: list[int]) -> None:
            body = {"text": "Let me look", "client_id": uuid4().hex}
            starts.wait()
            path = f"/api/conversations/{chat.id}/messages"
            outcome.append(cast.agent.post(path, body).status_code)

        speaking = threading.Thread(target=speak, args=[source, starts, outcome])
        speaking.start()
        starts.wait()
        assert merge(cast.admin, source, target.id).status_code == 200
        speaking.join(20)
        kinds = [line["kind"] for line in log(cast.admin, source.id)]
        assert kinds[-1] == "closed", kinds
        assert outcome == [201 if kinds.count("message") == 2 else 409]
