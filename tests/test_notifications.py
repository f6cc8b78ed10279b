"""What somebody of the team is told of, as they wish it, and never in a storm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.adapters.mailer import Letter
from app.extensions import db
from app.models import OutboxMessage, now
from app.services.actors import Actor, Role
from app.services.team import screens
from tests.cast import Cast, Person
from tests.chats import Chat, begin

SECRET = "Wombat-9913"


@pytest.fixture
def chat(cast: Cast) -> Chat:
    return begin(cast.owner, SECRET)


def assign(cast: Cast, chat: Chat, person: Person) -> None:
    path = f"/api/conversations/{chat.id}"
    assert cast.owner.patch(path, {"assignee_id": person.id}).status_code == 200


def mention(cast: Cast, chat: Chat, person: Person) -> None:
    body = {"text": f"Look: {SECRET}", "client_id": uuid4().hex, "mentions": [person.id]}
    made = cast.owner.post(f"/api/conversations/{chat.id}/notes", body)
    assert made.status_code == 201, made.get_json()


def wish(person: Person, **wishes: Any) -> None:
    answer = person.patch(f"/api/users/{person.id}", {"notifications": wishes})
    assert answer.status_code == 200, answer.get_json()


def letters(cast: Cast, person: Person) -> list[Letter]:
    return [each for each in cast.mailbox.letters(person.email) if "onversation" in each.subject]


def sit_down(app: Flask, person: Person) -> None:
    """The inbox is open on a screen of theirs."""
    with app.app_context():
        actor = Actor(UUID(person.organization_id), UUID(person.id), Role.AGENT, person.name)
        screens.show(actor, uuid4(), None)


def test_whoever_is_given_a_conversation_gets_mail_without_the_visitors_words(
    cast: Cast, chat: Chat
) -> None:
    assign(cast, chat, cast.agent)
    [letter] = letters(cast, cast.agent)
    assert letter.subject == "Conversation 1 was assigned to you"
    assert f"/dashboard/inbox/{chat.id}" in letter.text
    assert SECRET not in letter.text + letter.html
    assert letters(cast, cast.admin) == []


def test_whoever_takes_it_need_not_be_told(cast: Cast, chat: Chat) -> None:
    assign(cast, chat, cast.owner)
    assert letters(cast, cast.owner) == []


def test_whoever_is_given_a_ticket_is_told(cast: Cast) -> None:
    given = {"subject": f"About {SECRET}", "assignee_id": cast.agent.id}
    ticket = cast.owner.post("/api/tickets", given).json
    path = f"/api/tickets/{ticket['id']}"
    for person in (cast.admin, cast.owner):
        assert cast.owner.patch(path, {"assignee_id": person.id}).status_code == 200
    for person, count in ((cast.agent, 1), (cast.admin, 1), (cast.owner, 0)):
        mails = cast.mailbox.letters(person.email)
        told = [each for each in mails if each.subject.startswith("Ticket 1 was assigned to you")]
        assert len(told) == count
        assert all(SECRET not in each.text for each in told)


def test_a_mention_is_mailed_to_the_one_who_was_meant(cast: Cast, chat: Chat) -> None:
    mention(cast, chat, cast.agent)
    [letter] = letters(cast, cast.agent)
    assert letter.subject == "Olivia mentioned you in conversation 1"
    assert SECRET not in letter.text


def test_the_same_thing_is_mailed_once_in_ten_minutes(cast: Cast, chat: Chat, app: Flask) -> None:
    for _ in range(3):
        mention(cast, chat, cast.agent)
    assert len(letters(cast, cast.agent)) == 1
    mention(cast, begin(cast.owner), cast.agent)
    assert len(letters(cast, cast.agent)) == 2


def test_no_mail_goes_to_whoever_looks_at_the_inbox(cast: Cast, chat: Chat, app: Flask) -> None:
    sit_down(app, cast.agent)
    mention(cast, chat, cast.agent)
    assert letters(cast, cast.agent) == []


def test_everybody_chooses_what_is_mailed(cast: Cast, chat: Chat) -> None:
    wish(cast.agent, mail=["assigned", "message"])
    mention(cast, chat, cast.agent)
    assert letters(cast, cast.agent) == []
    cast.agent.post(f"/api/conversations/{chat.id}/takeover")
    chat.say("Are you there?")
    assert [each.subject for each in letters(cast, cast.agent)] == ["New message in conversation 1"]


def test_in_quiet_hours_mail_waits_for_their_end(cast: Cast, chat: Chat, app: Flask) -> None:
    moment = now()
    hours = [(moment + timedelta(hours=at)).strftime("%H:%M") for at in (-1, 2)]
    wish(cast.agent, quiet_from=hours[0], quiet_until=hours[1])
    mention(cast, chat, cast.agent)
    assert letters(cast, cast.agent) == []
    with app.app_context():
        [message] = db.session.query(OutboxMessage).filter_by(template="notice").all()
        assert timedelta(minutes=118) < message.due_at - moment < timedelta(minutes=121)
    wish(cast.agent, quiet_from=None)
    mention(cast, begin(cast.owner), cast.agent)
    assert len(letters(cast, cast.agent)) == 1


def test_who_has_the_word_is_called_alone_for_as_long_as_they_are_there(
    cast: Cast, chat: Chat
) -> None:
    for where in (chat, begin(cast.owner)):
        assert cast.agent.post(f"/api/conversations/{where.id}/takeover").status_code == 200
        where.ask_for_person()
        cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]
        called = cast.mailbox.letters(cast.admin.email, "needs a person")
        assert len(called) == (0 if where is chat else 1)
        cast.agent.patch(f"/api/users/{cast.agent.id}", {"availability": "away"})
    assert len(cast.mailbox.letters(cast.agent.email, "needs a person")) == 2


def test_an_escalation_is_mailed_to_those_who_want_it(cast: Cast, chat: Chat) -> None:
    wish(cast.admin, mail=[])
    chat.say("I want to talk to a human being, now!")
    cast.mailbox.adapters.job_queue.run_all()  # type: ignore[attr-defined]
    assert len(cast.mailbox.letters(cast.agent.email, "needs a person")) == 1
    assert cast.mailbox.letters(cast.admin.email, "needs a person") == []


class TestWishes:
    def test_there_are_sensible_ones_from_the_start(self, cast: Cast) -> None:
        wishes = cast.agent.get(f"/api/users/{cast.agent.id}").json["notifications"]
        assert "message" in wishes["screen"]
        assert wishes["mail"] == ["assigned", "mentioned", "escalated", "deadline"]
        assert wishes["quiet_from"] is None

    def test_T5_they_are_ones_own(self, cast: Cast) -> None:
        path = f"/api/users/{cast.agent.id}"
        assert cast.owner.get(path).json["notifications"] is None
        assert cast.owner.patch(path, {"notifications": {"mail": []}}).status_code == 403

    @pytest.mark.parametrize(
        "wishes", [{"mail": ["x"]}, {"quiet_from": "25:00"}, {"quiet_from": "7"}, {"x": 1}]
    )
    def test_what_makes_no_sense_is_refused(self, cast: Cast, wishes: dict[str, Any]) -> None:
        answer = cast.agent.patch(f"/api/users/{cast.agent.id}", {"notifications": wishes})
        assert answer.status_code == 422

    def test_the_profile_shows_them(self, cast: Cast) -> None:
        wish(cast.agent, mail=["deadline"], quiet_from="22:00", quiet_until="07:00")
        page = cast.agent.get("/dashboard/settings/profile").text
        assert page.count(" data-list checked") == 6
        assert 'value="22:00"' in page


def test_the_screen_is_told_with_what_to_show(cast: Cast, chat: Chat, app: Flask) -> None:
    with app.extensions["adapters"].event_bus.listen("conversations") as heard:
        mention(cast, chat, cast.agent)
        told = []
        while (written := heard.wait(0.2)) is not None:
            told.append(written)
    [hint] = [each for each in told if '"hint":"notify"' in each]
    assert cast.agent.id in hint
    assert '"kind":"mentioned"' in hint
    assert chat.id in hint
