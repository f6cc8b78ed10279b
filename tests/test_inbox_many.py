"""Many conversations at once: what can be done is done, and what cannot is told."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.cast import Cast, Person
from tests.chats import begin


def change(person: Person, ids: list[str], **changes: Any) -> Any:
    return person.post("/api/conversations/bulk", {"ids": ids, "change": changes})


def test_all_of_it_is_done_to_each(cast: Cast) -> None:
    chats = [begin(cast.owner) for _ in range(3)]
    ids = [chat.id for chat in chats]
    cast.agent.patch(f"/api/conversations/{ids[0]}", {"tags": ["old", "kept"]})
    said = change(
        cast.agent,
        [*ids, ids[0]],
        assignee_id=cast.admin.id,
        priority="high",
        add_tags=["New"],
        remove_tags=["old"],
        status="closed",
    ).json
    assert [each["id"] for each in said["done"]] == ids
    assert said["failed"] == []
    assert [each["tags"] for each in said["done"]] == [["kept", "new"], ["new"], ["new"]]
    for each in said["done"]:
        assert (each["status"], each["priority"]) == ("closed", "high")
        assert each["person"]["id"] == cast.admin.id
    again = change(cast.agent, ids, status="open", assignee_id=None).json["done"]
    assert {(each["status"], each["person"]) for each in again} == {("open", None)}


def test_what_lies_in_the_list_says_whether_its_priority_was_set(cast: Cast) -> None:
    chat = begin(cast.owner)

    def listed() -> bool:
        return bool(cast.agent.get("/api/conversations").json["items"][0]["priority_is_set"])

    assert listed() is False
    change(cast.agent, [chat.id], priority="high")
    assert listed() is True
    change(cast.agent, [chat.id], priority=None)
    assert listed() is False


def test_T2_what_is_anothers_or_fails_is_told_and_stops_nothing(cast: Cast) -> None:
    chat, closed, foreign = begin(cast.owner), begin(cast.owner), begin(cast.stranger)
    cast.agent.post(f"/api/conversations/{closed.id}/close")
    unknown = str(uuid4())
    until = "2027-03-01T09:00:00Z"
    said = change(cast.agent, [foreign.id, unknown, closed.id, chat.id], snoozed_until=until).json
    assert [each["id"] for each in said["done"]] == [chat.id]
    failed = {each["id"]: each["message"] for each in said["failed"]}
    assert set(failed) == {foreign.id, unknown, closed.id}
    assert failed[foreign.id] == failed[unknown]
    untouched = cast.stranger.get(f"/api/conversations/{foreign.id}").json
    assert untouched["snoozed_until"] is None


def test_T2_a_stranger_is_assigned_nothing(cast: Cast) -> None:
    said = change(cast.agent, [begin(cast.owner).id], assignee_id=cast.stranger.id).json
    assert (said["done"], len(said["failed"])) == ([], 1)


@pytest.mark.parametrize(
    "body",
    [
        {"ids": [], "change": {}},
        {"ids": ["x"], "change": {}},
        {"ids": [str(uuid4()) for _ in range(101)], "change": {}},
        {"ids": [str(uuid4())], "change": {"colour": "red"}},
        {"ids": [str(uuid4())], "change": {"status": "snoozed"}},
        {"ids": [str(uuid4())]},
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, body: Any) -> None:
    assert cast.agent.post("/api/conversations/bulk", body).status_code == 422
