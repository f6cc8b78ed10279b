"""Macros: steps in their order, up to the first that fails, and never a stranger's."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.cast import Cast, Person
from tests.chats import begin


def add(person: Person, *steps: dict[str, Any], name: str = "Refund") -> Any:
    return person.post("/api/macros", {"name": name, "steps": list(steps)})


def run(person: Person, conversation_id: str, macro: Any) -> dict[str, Any]:
    answer = person.post(f"/api/conversations/{conversation_id}/macros/{macro.json['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_every_kind_of_step_is_done_in_order(cast: Cast) -> None:
    chat = begin(cast.owner)
    cast.agent.patch(f"/api/conversations/{chat.id}", {"tags": ["new"]})
    macro = add(
        cast.agent,
        {"do": "reply", "text": "Dear {{contact.first_name|customer}}, it is on its way."},
        {"do": "note", "text": "Refunded by {{agent.name}}"},
        {"do": "assign", "assignee_id": cast.admin.id},
        {"do": "tag", "tags": ["refund"]},
        {"do": "untag", "tags": ["new"]},
        {"do": "priority", "priority": "low"},
        {"do": "hand_back"},
        {"do": "snooze", "minutes": 60},
        {"do": "close"},
    )
    assert macro.status_code == 201, macro.text
    ran = run(cast.agent, chat.id, macro)
    assert ran["failed"] is None
    assert len(ran["done"]) == 9
    shown = ran["conversation"]
    assert (shown["status"], shown["tags"]) == ("closed", ["refund"])
    log = cast.agent.get(f"/api/conversations/{chat.id}/messages").json["items"]
    texts = [line["text"] for line in log]
    assert "Dear customer, it is on its way." in texts
    assert "Refunded by Aisha" in texts
    assert "Aisha assigned this to Adam." in texts


def test_run_again_for_want_of_an_answer_it_says_nothing_twice(cast: Cast) -> None:
    chat = begin(cast.owner)
    steps = [{"do": "reply", "text": "It is on its way."}, {"do": "note", "text": "Sent."}]
    macro = add(cast.agent, *steps, {"do": "close"})
    path = f"/api/conversations/{chat.id}/macros/{macro.json['id']}"
    for attempt in ("first-attempt", "first-attempt"):
        ran = cast.agent.post(f"{path}?client_id={attempt}")
        assert ran.json["done"] == ["reply", "note", "close"]
    log = cast.agent.get(f"/api/conversations/{chat.id}/messages").json["items"]
    kinds = [line["kind"] for line in log]
    assert kinds == ["message", "joined", "message", "note", "closed"]
    assert cast.agent.post(f"{path}?client_id=no").status_code == 422


def test_it_stops_at_the_first_that_fails_and_says_which(cast: Cast) -> None:
    chat = begin(cast.owner)
    macro = add(
        cast.agent,
        {"do": "tag", "tags": ["done"]},
        {"do": "close"},
        {"do": "reply", "text": "Too late"},
        {"do": "priority", "priority": "urgent"},
    )
    ran = run(cast.agent, chat.id, macro)
    assert ran["done"] == ["tag", "close"]
    assert (ran["failed"]["step"], "closed" in ran["failed"]["message"]) == (3, True)
    assert ran["conversation"]["priority"] == "low"
    assert ran["conversation"]["tags"] == ["done"]


def test_whoever_runs_it_can_be_meant(cast: Cast) -> None:
    macro = add(cast.agent, {"do": "assign", "assignee_id": "me"})
    ran = run(cast.admin, begin(cast.owner).id, macro)
    assert ran["conversation"]["person"]["id"] == cast.admin.id


@pytest.mark.parametrize(
    "step",
    [
        {"do": "explode"},
        {"do": "reply"},
        {"do": "reply", "text": " "},
        {"do": "reply", "text": "Hi {{contact.secret}}"},
        {"do": "tag", "tags": []},
        {"do": "snooze", "minutes": 0},
        {"do": "close", "text": "Bye"},
        {"do": "priority", "priority": "highest"},
        {"text": "Hi"},
    ],
)
def test_a_step_that_makes_no_sense_is_refused(cast: Cast, step: dict[str, Any]) -> None:
    assert add(cast.agent, step).status_code == 422


def test_there_is_at_least_one_step_and_at_most_twenty(cast: Cast) -> None:
    assert add(cast.agent).status_code == 422
    assert add(cast.agent, *[{"do": "close"}] * 21).status_code == 422


def test_T2_nobody_of_another_organization_is_assigned_by_a_macro(cast: Cast) -> None:
    for someone in (cast.stranger.id, str(uuid4())):
        answer = add(cast.agent, {"do": "assign", "assignee_id": someone})
        assert answer.status_code == 404
    assert cast.agent.get("/api/macros").json["items"] == []


def test_T2_a_macro_runs_in_its_own_organization_only(cast: Cast) -> None:
    macro = add(cast.agent, {"do": "close"}).json["id"]
    own, foreign = begin(cast.owner), begin(cast.stranger)
    assert cast.agent.post(f"/api/conversations/{foreign.id}/macros/{macro}").status_code == 404
    assert cast.stranger.post(f"/api/conversations/{foreign.id}/macros/{macro}").status_code == 404
    assert cast.agent.post(f"/api/conversations/{own.id}/macros/{uuid4()}").status_code == 404


def test_whoever_has_left_stops_the_macro(cast: Cast) -> None:
    macro = add(cast.agent, {"do": "assign", "assignee_id": cast.admin.id})
    cast.owner.patch(f"/api/users/{cast.admin.id}", {"active": False})
    ran = run(cast.agent, begin(cast.owner).id, macro)
    assert (ran["done"], ran["failed"]["step"]) == ([], 1)


def test_it_can_be_changed_and_removed(cast: Cast) -> None:
    macro = add(cast.owner, {"do": "close"})
    assert add(cast.agent, {"do": "close"}).status_code == 409
    path = f"/api/macros/{macro.json['id']}"
    changed = cast.agent.patch(path, {"steps": [{"do": "tag", "tags": ["x"]}]}).json
    assert [step["do"] for step in changed["steps"]] == ["tag"]
    assert changed["name"] == "Refund"
    assert cast.agent.delete(path).status_code == 204
    assert cast.agent.get("/api/macros").json["items"] == []
