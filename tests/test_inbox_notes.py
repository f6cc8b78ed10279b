"""Notes: colleagues who are called, and that nobody else is."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.cast import Cast, Person
from tests.chats import Chat, begin


def note(person: Person, chat: Chat, text: str = "Please look", **more: Any) -> Any:
    body = {"text": text, "client_id": uuid4().hex} | more
    return person.post(f"/api/conversations/{chat.id}/notes", body)


def mentioned(person: Person) -> list[str]:
    found = person.get("/api/conversations?mentioned=true").json["items"]
    return [item["id"] for item in found]


def unread(person: Person) -> int:
    return int(person.get("/api/inbox/counts").json["mentions"])


def test_whoever_is_called_finds_it_until_it_is_read(cast: Cast) -> None:
    chat, _other = begin(cast.owner), begin(cast.owner)
    noted = note(cast.agent, chat, mentions=[cast.admin.id, cast.admin.id]).json
    assert noted["event"]["inside"]["mentions"] == [{"id": cast.admin.id, "name": "Adam"}]
    assert mentioned(cast.admin) == [chat.id]
    assert mentioned(cast.agent) == []
    assert unread(cast.admin) == 1
    path = f"/api/conversations/{chat.id}/read"
    cast.owner.post(path, {"seq": 2})
    cast.admin.post(path, {"seq": 1})
    assert unread(cast.admin) == 1
    cast.admin.post(path, {"seq": 2})
    assert unread(cast.admin) == 0
    assert mentioned(cast.admin) == [chat.id]


def test_sending_it_again_calls_nobody_again(cast: Cast) -> None:
    chat = begin(cast.owner)
    body = {"text": "Look", "client_id": uuid4().hex, "mentions": [cast.admin.id]}
    path = f"/api/conversations/{chat.id}/notes"
    first, second = cast.agent.post(path, body), cast.agent.post(path, body)
    assert first.json["event"]["seq"] == second.json["event"]["seq"]
    assert unread(cast.admin) == 1


def test_T2_only_ones_own_people_can_be_called(cast: Cast) -> None:
    chat = begin(cast.owner)
    foreign = note(cast.agent, chat, mentions=[cast.stranger.id])
    unknown = note(cast.agent, chat, mentions=[str(uuid4())])
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.json["error"]["message"] == unknown.json["error"]["message"]
    assert mentioned(cast.stranger) == []
    assert len(cast.agent.get(f"/api/conversations/{chat.id}/messages").json["items"]) == 1


def test_whoever_is_suspended_cannot_be_called(cast: Cast) -> None:
    cast.owner.patch(f"/api/users/{cast.admin.id}", {"active": False})
    refused = note(cast.agent, begin(cast.owner), mentions=[cast.admin.id])
    assert refused.status_code == 404
    assert refused.json["error"]["message"] == "Adam is suspended, and cannot be called."


def test_a_note_makes_nothing_unread_for_whoever_has_read_all(cast: Cast) -> None:
    chat = begin(cast.owner)
    cast.agent.post(f"/api/conversations/{chat.id}/read", {"seq": 1})
    assert note(cast.agent, chat).json["conversation"]["unread"] == 0
    assert note(cast.agent, begin(cast.owner)).json["conversation"]["unread"] == 2
