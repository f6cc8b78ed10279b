"""Assignment: in turn among those who are there and have room, and on to others when they leave."""

from __future__ import annotations

import threading
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from app import jobs
from app.adapters.identity import Identity, SignInAttempt
from app.extensions import db
from app.models import Conversation, User, now
from app.services.conversation import escalation
from app.services.log import visitors
from app.services.team import assigning
from tests.cast import Cast, Person
from tests.chats import Chat, begin


class Vouching:
    """Stands in for Google, and vouches for one address."""

    def __init__(self, email: str) -> None:
        self.email = email

    def begin(self, redirect_uri: str) -> tuple[str, SignInAttempt]:
        return redirect_uri, SignInAttempt("state", "nonce", "verifier")

    def finish(self, attempt: SignInAttempt, redirect_uri: str, code: str) -> Identity:
        return Identity("a-subject", self.email, email_verified=True, name="Olivia")


@pytest.fixture
def in_turn(cast: Cast) -> Cast:
    """Everybody but Aisha and Adam is away; conversations are given out."""
    cast.owner.patch(f"/api/users/{cast.owner.id}", {"availability": "away"})
    switched = cast.owner.put("/api/organization/assignment", json={"automatic": True})
    assert switched.json == {"automatic": True}
    for person in (cast.agent, cast.admin):
        person.get("/api/auth/me")
    return cast


def wants_a_person(chat: Chat) -> None:
    with chat.app.app_context():
        guest = visitors.find(chat.organization_id, chat.token)
        assert guest is not None
        escalation.ask_for_person(guest, UUID(chat.id), f"wants-{chat.id}")


def called(person: Person) -> Chat:
    chat = begin(person)
    wants_a_person(chat)
    return chat


def owner_of(person: Person, chat: Chat) -> str | None:
    found = person.get(f"/api/conversations/{chat.id}").json["person"]
    return str(found["name"]) if found else None


def log(person: Person, chat: Chat) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = person.get(f"/api/conversations/{chat.id}/messages").json["items"]
    return items


def sweep(app: Flask) -> None:
    with app.app_context():
        jobs.sweep()


def was_last_here(app: Flask, person: Person, minutes: int) -> None:
    with app.app_context():
        db.session.execute(
            update(User)
            .where(User.id == UUID(person.id))
            .values(last_seen_at=now() - timedelta(minutes=minutes))
        )
        db.session.commit()


def test_by_itself_nothing_is_given_out(cast: Cast) -> None:
    assert cast.agent.get("/api/organization/assignment").json == {"automatic": False}
    assert owner_of(cast.agent, called(cast.owner)) is None


def test_they_are_given_out_in_turn(in_turn: Cast) -> None:
    chats = [called(in_turn.owner) for _ in range(4)]
    names = [owner_of(in_turn.agent, chat) for chat in chats]
    assert set(names[:2]) == {"Adam", "Aisha"}
    assert names[2:] == names[:2]
    last = log(in_turn.agent, chats[0])[-1]
    assert last["text"] == f"Assigned to {names[0]}, whose turn it was."
    assert last["inside"]["changed"]["automatic"] is True
    ticket = in_turn.agent.get("/api/tickets").json["items"][-1]
    assert ticket["assignee_id"] in {in_turn.agent.id, in_turn.admin.id}


def test_nobody_gets_more_than_they_have_room_for(in_turn: Cast, app: Flask) -> None:
    in_turn.agent.patch(f"/api/users/{in_turn.agent.id}", {"capacity": 1})
    in_turn.owner.patch(f"/api/users/{in_turn.admin.id}", {"capacity": 0})
    first, second = called(in_turn.owner), called(in_turn.owner)
    assert owner_of(in_turn.agent, first) == "Aisha"
    assert owner_of(in_turn.agent, second) is None
    in_turn.agent.post(f"/api/conversations/{first.id}/close")
    sweep(app)
    assert owner_of(in_turn.agent, second) == "Aisha"


def test_whoever_was_not_seen_lately_is_passed_over(in_turn: Cast, app: Flask) -> None:
    was_last_here(app, in_turn.agent, 6)
    names = {owner_of(in_turn.admin, called(in_turn.owner)) for _ in range(2)}
    assert names == {"Adam"}


def test_who_comes_back_gets_what_has_been_waiting(in_turn: Cast, app: Flask) -> None:
    for person in (in_turn.agent, in_turn.admin):
        person.patch(f"/api/users/{person.id}", {"availability": "away"})
    chat = called(in_turn.owner)
    sweep(app)
    assert owner_of(in_turn.agent, chat) is None
    in_turn.agent.patch(f"/api/users/{in_turn.agent.id}", {"availability": "online"})
    sweep(app)
    assert owner_of(in_turn.agent, chat) == "Aisha"
    before = len(log(in_turn.agent, chat))
    sweep(app)
    assert len(log(in_turn.agent, chat)) == before


def test_what_waits_for_somebody_who_has_vanished_goes_to_the_next(
    in_turn: Cast, app: Flask
) -> None:
    in_turn.owner.patch(f"/api/users/{in_turn.admin.id}", {"capacity": 0})
    waiting, talking = called(in_turn.owner), called(in_turn.owner)
    in_turn.agent.post(f"/api/conversations/{talking.id}/takeover")
    in_turn.owner.patch(f"/api/users/{in_turn.admin.id}", {"capacity": 5})
    was_last_here(app, in_turn.agent, minutes=4)
    sweep(app)
    assert owner_of(in_turn.owner, waiting) == "Aisha"
    was_last_here(app, in_turn.agent, minutes=6)
    sweep(app)
    assert owner_of(in_turn.owner, waiting) == "Adam"
    assert owner_of(in_turn.owner, talking) == "Aisha"


def test_nobodys_pile_keeps_another_organization_waiting(in_turn: Cast, app: Flask) -> None:
    for person in (in_turn.agent, in_turn.admin):
        person.patch(f"/api/users/{person.id}", {"availability": "away"})
    pile = [called(in_turn.stranger) for _ in range(2)]
    chat = called(in_turn.owner)
    in_turn.agent.patch(f"/api/users/{in_turn.agent.id}", {"availability": "online"})
    with app.app_context():
        # As many as are looked at in one go wait where nothing is given out by itself.
        kept = db.session.get_one(Conversation, UUID(pile[0].id))
        number = count(1_000)
        same = {"organization_id": kept.organization_id, "escalated_at": kept.escalated_at}
        rows = [Conversation(number=next(number), **same) for _ in range(assigning.MOST_DEALT)]
        db.session.add_all(rows)
        db.session.commit()
    sweep(app)
    assert owner_of(in_turn.agent, chat) == "Aisha"


def test_two_at_once_do_not_overfill(in_turn: Cast, app: Flask) -> None:
    in_turn.owner.patch(f"/api/users/{in_turn.admin.id}", {"capacity": 0})
    in_turn.agent.patch(f"/api/users/{in_turn.agent.id}", {"capacity": 2})
    chats = [begin(in_turn.owner) for _ in range(6)]
    threads = [threading.Thread(target=wants_a_person, args=[chat]) for chat in chats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    names = [owner_of(in_turn.owner, chat) for chat in chats]
    assert (names.count("Aisha"), names.count(None)) == (2, 4)


def test_who_goes_away_leaves_what_waits_to_the_next(in_turn: Cast) -> None:
    in_turn.owner.patch(f"/api/users/{in_turn.admin.id}", {"capacity": 0})
    waiting, talking = called(in_turn.owner), called(in_turn.owner)
    in_turn.agent.post(f"/api/conversations/{talking.id}/takeover")
    in_turn.owner.patch(f"/api/users/{in_turn.admin.id}", {"capacity": 5})
    in_turn.agent.patch(f"/api/users/{in_turn.agent.id}", {"availability": "away"})
    assert owner_of(in_turn.admin, waiting) == "Adam"
    assert owner_of(in_turn.admin, talking) == "Aisha"
    assert log(in_turn.admin, talking)[-1]["text"] == "Aisha is away now."
    in_turn.admin.patch(f"/api/users/{in_turn.admin.id}", {"availability": "away"})
    assert owner_of(in_turn.admin, waiting) is None
    found = in_turn.admin.get("/api/conversations?escalated=true&assignee=none").json["items"]
    assert [item["id"] for item in found] == [waiting.id]


def test_who_is_suspended_leaves_everything(in_turn: Cast) -> None:
    in_turn.owner.patch(f"/api/users/{in_turn.admin.id}", {"capacity": 0})
    talking = called(in_turn.owner)
    in_turn.agent.post(f"/api/conversations/{talking.id}/takeover")
    in_turn.owner.patch(f"/api/users/{in_turn.agent.id}", {"active": False})
    shown = in_turn.owner.get(f"/api/conversations/{talking.id}").json
    assert (shown["person"], shown["speaker"]) == (None, "person")
    assert shown["escalated_at"]


def test_who_is_suspended_when_they_have_gone_home_leaves_everything_too(in_turn: Cast) -> None:
    in_turn.owner.patch(f"/api/users/{in_turn.admin.id}", {"capacity": 0})
    talking = called(in_turn.owner)
    in_turn.agent.post(f"/api/conversations/{talking.id}/takeover")
    in_turn.agent.patch(f"/api/users/{in_turn.agent.id}", {"availability": "away"})
    assert owner_of(in_turn.owner, talking) == "Aisha"
    in_turn.owner.patch(f"/api/users/{in_turn.agent.id}", {"active": False})
    shown = in_turn.owner.get(f"/api/conversations/{talking.id}").json
    assert shown["person"] is None
    assert shown["escalated_at"]


def test_A6_who_is_shut_out_by_the_proven_owner_leaves_everything_too(
    in_turn: Cast, app: Flask
) -> None:
    in_turn.owner.patch(f"/api/users/{in_turn.admin.id}", {"capacity": 0})
    talking = called(in_turn.owner)
    in_turn.agent.post(f"/api/conversations/{talking.id}/takeover")
    key = in_turn.admin.api_key("team:read")
    app.extensions["adapters"].google = Vouching(in_turn.owner.email)
    with app.app_context():
        unproven = update(User).where(User.email == in_turn.owner.email)
        db.session.execute(unproven.values(email_verified_at=None))
        db.session.commit()
    browser = app.test_client()
    browser.get("/api/auth/google")
    browser.get("/api/auth/google/callback?code=good&state=state")

    shown = browser.get(f"/api/conversations/{talking.id}").json
    assert shown["person"] is None
    assert shown["escalated_at"]
    assert in_turn.agent.get("/api/auth/me").status_code == 401
    assert app.test_client().get("/api/team", headers=key).status_code == 401
    people = browser.get("/api/team").json["items"]
    assert {each["availability"] for each in people if not each["active"]} == {"away"}


def test_what_the_assistant_deals_with_stays_with_whom_it_was_given_to(in_turn: Cast) -> None:
    chat = begin(in_turn.owner)
    in_turn.owner.patch(f"/api/conversations/{chat.id}", {"assignee_id": in_turn.agent.id})
    in_turn.agent.patch(f"/api/users/{in_turn.agent.id}", {"availability": "away"})
    assert owner_of(in_turn.owner, chat) == "Aisha"
    wants_a_person(chat)
    assert owner_of(in_turn.owner, chat) == "Adam"


def test_T5_only_an_admin_switches_it(cast: Cast) -> None:
    answer = cast.agent.put("/api/organization/assignment", json={"automatic": True})
    assert answer.status_code == 403


@pytest.mark.parametrize("capacity", [-1, 101, "many"])
def test_a_capacity_is_a_number_up_to_a_hundred(cast: Cast, capacity: Any) -> None:
    path = f"/api/users/{cast.agent.id}"
    assert cast.agent.patch(path, {"capacity": capacity}).status_code == 422
    assert cast.agent.get(path).json["capacity"] == 8


def test_T5_an_agent_sets_only_their_own_capacity(cast: Cast) -> None:
    assert cast.agent.patch(f"/api/users/{cast.agent.id}", {"capacity": 3}).json["capacity"] == 3
    assert cast.agent.patch(f"/api/users/{cast.admin.id}", {"capacity": 3}).status_code == 403
