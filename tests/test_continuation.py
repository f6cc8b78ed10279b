"""The conversation goes on by mail: what the letter says, and what its link opens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.adapters.mailer import Letter
from app.extensions import db
from app.jobs import sweep
from app.models import Contact, Conversation, now
from app.services.conversation import reply_links
from tests.cast import Cast
from tests.open_house import Guest, House, opened
from tests.rooms import widget_key

LINK = re.compile(r"/chat/([\w-]+)#continue=(\S+)")
VERA = "vera@example.com"


@pytest.fixture
def house(app: Flask) -> Iterator[House]:
    with opened(app) as house:
        yield house


@pytest.fixture
def guest(house: House, cast: Cast) -> Guest:
    """Somebody who has written, said where to reach them, and left."""
    guest = house.guest(widget_key(cast.owner))
    guest.connect(locale="de-AT")
    guest.say("Wo ist mein Paket?")
    guest.send("contact", email=VERA, name="Vera")
    guest.send("ping")
    guest.expect("pong")
    return guest


def conversation_of(guest: Guest) -> str:
    accepted = [frame for frame in guest.frames if frame["type"] == "accepted"]
    return str(accepted[0]["conversation_id"])


def answer(cast: Cast, conversation_id: str, text: str = "On its way.") -> None:
    body = {"text": text, "client_id": uuid4().hex}
    made = cast.agent.post(f"/api/conversations/{conversation_id}/messages", body)
    assert made.status_code == 201, made.get_json()


def two_minutes_later(cast: Cast) -> list[Letter]:
    with cast.owner.app.app_context():
        past = update(Conversation).where(Conversation.mail_due_at.is_not(None))
        db.session.execute(past.values(mail_due_at=now() - timedelta(seconds=1)))
        db.session.commit()
        sweep()
    return [each for each in cast.mailbox.letters(VERA) if "#continue=" in each.text]


def link(letter: Letter) -> str:
    found = LINK.search(letter.text)
    assert found is not None
    return found.group(2)


def newcomer(house: House, cast: Cast, token: str, **hello: Any) -> tuple[Guest, dict[str, Any]]:
    other = house.guest(widget_key(cast.owner))
    return other, other.connect(**{"continue": token}, **hello)


def test_what_was_not_read_is_mailed_once_in_the_visitors_language(
    cast: Cast, guest: Guest
) -> None:
    guest.hang_up()
    conversation = conversation_of(guest)
    answer(cast, conversation, "It **left** us today.")
    assert [each for each in cast.mailbox.letters(VERA) if "#continue=" in each.text] == []
    answer(cast, conversation, "You get it <b>tomorrow</b>.")
    [letter] = two_minutes_later(cast)
    assert "hat Ihnen geantwortet" in letter.subject
    assert "> It left us today." in letter.text
    assert "> You get it <b>tomorrow</b>." in letter.text
    assert "<b>tomorrow" not in letter.html
    assert 'lang="de"' in letter.html
    assert len(two_minutes_later(cast)) == 1
    answer(cast, conversation, "Any news?")
    assert [
        ("Any news?" in each.text, "left" in each.text) for each in two_minutes_later(cast)
    ] == [
        (False, True),
        (True, False),
    ]


def test_what_was_read_is_not_mailed(cast: Cast, guest: Guest) -> None:
    answer(cast, conversation_of(guest))
    event = guest.event(author="person")
    guest.send("read", seq=event["seq"])
    guest.send("ping")
    guest.expect("pong")
    assert two_minutes_later(cast) == []


def test_what_was_said_before_a_merge_is_mailed_all_the_same(
    cast: Cast, house: House, guest: Guest
) -> None:
    target = conversation_of(guest)
    guest.send("open", conversation_id=None)
    source = guest.say("Noch etwas", conversation_id=None)["conversation_id"]
    assert source != target
    guest.hang_up()
    answer(cast, source, "It is blue.")
    merged = cast.agent.post(f"/api/conversations/{source}/merge", {"into": target})
    assert merged.status_code == 200, merged.text
    [letter] = two_minutes_later(cast)
    assert "> It is blue." in letter.text
    again, welcome = newcomer(house, cast, link(letter))
    assert welcome["conversation"]["id"] == source
    # The link proves the mailbox for what it names, and for no other conversation.
    assert again.say("Blue is fine.", conversation_id=source)["conversation_id"] == source


def test_without_an_address_nothing_is_mailed(cast: Cast, house: House) -> None:
    stranger = house.guest(widget_key(cast.owner))
    stranger.connect()
    answer(cast, stranger.say("Hello")["conversation_id"])
    assert two_minutes_later(cast) == []


def test_the_link_opens_the_thread_in_any_browser(cast: Cast, house: House, guest: Guest) -> None:
    conversation = conversation_of(guest)
    guest.hang_up()
    answer(cast, conversation)
    token = link(two_minutes_later(cast)[-1])
    other, welcome = newcomer(house, cast, token)
    assert welcome["conversation"]["id"] == conversation
    assert welcome["visitor"]["identified"]
    assert [each["text"] for each in welcome["events"] if each["kind"] == "message"][-1] == (
        "On its way."
    )
    # Used links keep working, and a closed conversation opens again when the visitor writes.
    assert cast.agent.post(f"/api/conversations/{conversation}/close").status_code == 200
    again, welcome = newcomer(house, cast, token)
    assert welcome["conversation"]["status"] == "closed"
    again.say("Thank you!", conversation_id=conversation)
    shown = cast.agent.get(f"/api/conversations/{conversation}").json
    assert (shown["status"], shown["preview"]) == ("open", "Thank you!")
    other.event(author="visitor")


def test_the_link_opens_no_other_conversation_of_that_address(
    cast: Cast, house: House, guest: Guest
) -> None:
    other = house.guest(widget_key(cast.owner))
    other.connect()
    other.say("A secret of somebody who typed the same address")
    other.send("contact", email=VERA)
    other.send("ping")
    other.expect("pong")
    guest.hang_up()
    answer(cast, conversation_of(guest))
    reader, welcome = newcomer(house, cast, link(two_minutes_later(cast)[-1]))
    assert welcome["conversations_count"] == 1
    reader.send("open", conversation_id=conversation_of(other))
    assert reader.expect("error")["code"] == "not_found"


def test_the_token_of_the_browser_is_a_new_one(cast: Cast, house: House, guest: Guest) -> None:
    """Somebody may have put a token of their own into this browser before."""
    guest.hang_up()
    answer(cast, conversation_of(guest))
    token = link(two_minutes_later(cast)[-1])
    attacker = house.guest(widget_key(cast.owner))
    attacker.connect()
    planted = attacker.token
    _, welcome = newcomer(house, cast, token, visitor_token=planted)
    assert welcome["visitor_token"] != planted
    attacker.token = planted
    assert not attacker.connect()["visitor"]["identified"]


def test_T7_a_link_is_good_for_its_mailbox_its_organization_and_its_time(
    cast: Cast, house: House, guest: Guest, app: Flask
) -> None:
    guest.hang_up()
    answer(cast, conversation_of(guest))
    token = link(two_minutes_later(cast)[-1])
    stranger = house.guest(widget_key(cast.stranger))
    assert stranger.connect(**{"continue": token})["conversation"] is None
    assert stranger.frames[-2]["code"] == "stale_link"
    for bad in (token[:-2], "x", token.replace(".", "")):
        assert newcomer(house, cast, bad)[1]["conversation"] is None
    contact = cast.owner.get("/api/contacts").json["items"][0]["id"]
    cast.owner.patch(f"/api/contacts/{contact}", {"email": "elsewhere@example.com"})
    assert newcomer(house, cast, token)[1]["conversation"] is None
    cast.owner.patch(f"/api/contacts/{contact}", {"email": VERA})
    assert newcomer(house, cast, token)[1]["conversation"] is not None
    with app.app_context():
        row = db.session.get_one(Contact, UUID(contact))
        late = reply_links.issue(UUID(conversation_of(guest)), row, timedelta(seconds=-1))
    assert newcomer(house, cast, late)[1]["conversation"] is None


def test_the_link_lets_nobody_back_in_who_was_blocked(
    cast: Cast, house: House, guest: Guest
) -> None:
    guest.hang_up()
    conversation = conversation_of(guest)
    answer(cast, conversation)
    token = link(two_minutes_later(cast)[-1])
    cast.agent.post(f"/api/conversations/{conversation}/block")
    other = house.guest(widget_key(cast.owner)).dial()
    other.send("hello", **{"continue": token})
    assert other.expect("error")["code"] == "blocked"


def test_an_address_that_was_typed_is_not_bent_to_another_mailbox(
    cast: Cast, house: House, guest: Guest, app: Flask
) -> None:
    other = house.guest(widget_key(cast.owner))
    other.connect()
    other.say("Hello")
    for email in (VERA, "mallory@example.com"):
        other.send("contact", email=email)
    other.send("ping")
    other.expect("pong")
    with app.app_context():
        emails = set(db.session.scalars(select(Contact.email)))
    assert emails == {VERA, "mallory@example.com"}


def test_T8_the_letters_go_with_the_contact(cast: Cast, guest: Guest) -> None:
    guest.hang_up()
    answer(cast, conversation_of(guest))
    two_minutes_later(cast)
    contact = cast.owner.get("/api/contacts").json["items"][0]["id"]
    assert VERA in cast.owner.get("/api/admin/mail").text
    assert cast.owner.delete(f"/api/contacts/{contact}").status_code == 204
    assert VERA not in cast.owner.get("/api/admin/mail").text


def test_T8_the_letters_go_with_the_visitor(cast: Cast, guest: Guest) -> None:
    answer(cast, conversation_of(guest))
    two_minutes_later(cast)
    assert VERA in cast.owner.get("/api/admin/mail").text
    guest.send("erase")
    assert guest.expect("goodbye")["reason"] == "erased"
    assert VERA not in cast.owner.get("/api/admin/mail").text
