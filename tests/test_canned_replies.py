"""Canned replies: found by what is typed, filled in for whom they are for, refused when wrong."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.cast import Cast, Person
from tests.chats import begin


def add(person: Person, text: str = "Thank you!", shortcut: str = "thanks", **more: Any) -> Any:
    return person.post("/api/canned-replies", {"shortcut": shortcut, "text": text} | more)


def filled(cast: Cast, text: str, **known: Any) -> str:
    chat = begin(cast.owner)
    if known:
        chat.tell(**known)
    reply = add(cast.agent, text, uuid4().hex).json["id"]
    answer = cast.agent.post(f"/api/canned-replies/{reply}/fill", {"conversation_id": chat.id})
    assert answer.status_code == 200, answer.text
    return str(answer.json["text"])


EVERYTHING = (
    "Hello {{contact.first_name|there}}, this is {{agent.first_name}} ({{ agent.name }}) of "
    "{{organization.name}}. {{contact.name|Somebody}} <{{contact.email|no address}}>, "
    "number {{conversation.number}}."
)


def test_variables_stand_for_whom_it_is_about(cast: Cast) -> None:
    text = filled(cast, EVERYTHING, name="Vera Maria Lind", email="vera@example.com")
    assert text == (
        "Hello Vera, this is Aisha (Aisha) of Harbour Books. "
        "Vera Maria Lind <vera@example.com>, number 1."
    )


def test_without_a_name_the_fallback_stands(cast: Cast) -> None:
    assert filled(cast, EVERYTHING) == (
        "Hello there, this is Aisha (Aisha) of Harbour Books. Somebody <no address>, number 1."
    )


def test_L4_a_name_is_never_taken_for_a_variable(cast: Cast) -> None:
    text = filled(cast, "Hi {{contact.name}}", name="{{contact.email}}", email="v@example.com")
    assert text == "Hi {{contact.email}}"


@pytest.mark.parametrize(
    "text",
    ["{{contact.password}}", "{{ agent }}", "Hi {{contact.name", "Hi contact.name}}", "{{}}",
     "{{contact.name|{{agent.name}}}}"],
)  # fmt: skip
def test_what_is_no_variable_is_refused_when_it_is_saved(cast: Cast, text: str) -> None:
    answer = add(cast.agent, text)
    assert answer.status_code == 422
    assert "text" in answer.json["error"]["fields"]
    reply = add(cast.agent).json["id"]
    changed = cast.agent.patch(f"/api/canned-replies/{reply}", {"text": text})
    assert changed.status_code == 422


def test_they_are_found_by_what_is_typed(cast: Cast) -> None:
    add(cast.agent, "We are sorry.", "/Sorry", title="An apology")
    add(cast.agent, "Thanks, and sorry for the wait.", "thanks")
    add(cast.agent, "Goodbye", "bye")

    def found(asked: str) -> list[str]:
        items = cast.admin.get("/api/canned-replies", query_string={"q": asked}).json["items"]
        return [item["shortcut"] for item in items]

    assert found("") == ["bye", "sorry", "thanks"]
    assert found("/sor") == ["sorry", "thanks"]
    assert found("apology") == ["sorry"]
    assert found("%") == []
    assert cast.stranger.get("/api/canned-replies").json["items"] == []


def test_a_shortcut_is_there_once_in_each_organization(cast: Cast) -> None:
    assert add(cast.agent).status_code == 201
    again = add(cast.admin, shortcut="THANKS")
    assert (again.status_code, again.json["error"]["code"]) == (409, "shortcut_taken")
    assert add(cast.stranger).status_code == 201
    other = add(cast.agent, shortcut="bye").json["id"]
    taken = cast.agent.patch(f"/api/canned-replies/{other}", {"shortcut": "thanks"})
    assert taken.status_code == 409


@pytest.mark.parametrize("shortcut", ["", "two words", "/", "x" * 41, "späße"])
def test_what_cannot_be_typed_in_one_go_is_no_shortcut(cast: Cast, shortcut: str) -> None:
    assert add(cast.agent, shortcut=shortcut).status_code == 422


def test_T2_it_is_filled_in_for_ones_own_conversations_only(cast: Cast) -> None:
    own = add(cast.agent, "{{contact.email}}").json["id"]
    foreign = begin(cast.stranger)
    for conversation_id in (foreign.id, str(uuid4())):
        body = {"conversation_id": conversation_id}
        assert cast.agent.post(f"/api/canned-replies/{own}/fill", body).status_code == 404


def test_it_can_be_changed_and_removed_by_any_agent(cast: Cast) -> None:
    reply = add(cast.owner).json["id"]
    changed = cast.agent.patch(f"/api/canned-replies/{reply}", {"title": "Thanking"})
    assert (changed.json["title"], changed.json["text"]) == ("Thanking", "Thank you!")
    assert cast.agent.delete(f"/api/canned-replies/{reply}").status_code == 204
    assert cast.agent.get("/api/canned-replies").json["items"] == []
