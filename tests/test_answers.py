"""Answers: every sentence has a source, one speaker at a time, and never silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.adapters.language_model import ModelFailed
from app.extensions import db
from app.jobs import sweep
from app.models import Turn, now
from tests.cast import Cast
from tests.fakes import ScriptedModel
from tests.open_house import opened
from tests.rooms import CATS, TEA, Room, interrupted, teach, widget_key, working

TRUE = "Tea is served at four in the afternoon [1]."
FALSE = "Tea is served at six in the afternoon [1]."
PIECES = ["Tea is ", "served at four ", "in the afternoon [1]. ", "Coffee is served ", "at nine."]


@pytest.fixture
def room(app: Flask, cast: Cast) -> Iterator[Room]:
    teach(cast.owner, "Tea and coffee", TEA)
    teach(cast.owner, "Animals", CATS)
    with opened(app) as house:
        guest = house.guest(widget_key(cast.owner))
        guest.connect()
        yield Room(house, cast, guest)


def failing(kind: str, after: tuple[str, ...] = ()) -> Any:
    """A model that fails like this, perhaps after it has said something."""

    def answer(_messages: Any) -> Iterator[str]:
        yield from after
        raise ModelFailed("It fails.", kind, before_first_token=not after)  # type: ignore[arg-type]

    return answer


def test_without_a_model_the_documents_are_quoted_and_cited(room: Room) -> None:
    answer = room.ask("When is tea served?")
    assert answer["outcome"] == "answered"
    assert "four in the afternoon" in answer["text"]
    assert [each["title"] for each in answer["citations"]] == ["Tea and coffee"]
    assert all(each["citations"] for each in answer["sentences"])
    assert answer["degraded"] is None


def test_sentences_come_one_by_one_before_the_whole(room: Room) -> None:
    room.script(ScriptedModel(TRUE + " Coffee is served at nine in the morning [1]."))
    answer = room.ask("When is tea served, and when coffee?")
    deltas = [frame for frame in room.guest.frames if frame["type"] == "delta"]
    assert [delta["index"] for delta in deltas] == [0, 1]
    assert "".join(delta["lead"] + delta["text"] for delta in deltas) == answer["text"]
    assert {delta["answer_id"] for delta in deltas} == {answer["answer_id"]}


def test_a_sentence_that_the_documents_do_not_say_is_withheld(room: Room) -> None:
    room.script(ScriptedModel(f"{TRUE} {FALSE}"))
    answer = room.ask("When is tea served?")
    assert answer["text"] == "Tea is served at four in the afternoon."
    inside = room.log()[-1]["inside"]
    assert [each["text"] for each in inside["withheld"]] == [FALSE.replace(" [1]", "")]
    assert "six" not in str(room.guest.frames)


@pytest.mark.parametrize(("opinion", "degraded"), [("YES", None), ("NO", "quoted")])
def test_a_second_opinion_is_asked_where_the_organization_wants_it(
    room: Room, opinion: str, degraded: str | None
) -> None:
    changed = room.cast.owner.patch("/api/organization/assistant", {"second_opinion": True})
    assert changed.json["second_opinion"] is True
    room.script(ScriptedModel(TRUE, opinion))
    assert room.ask("When is tea served?")["degraded"] == degraded


def test_where_nothing_of_an_answer_is_true_the_documents_are_quoted(room: Room) -> None:
    room.script(ScriptedModel(FALSE))
    answer = room.ask("When is tea served?")
    assert (answer["outcome"], answer["degraded"]) == ("answered", "quoted")
    assert "only quote" in answer["text"]
    assert "four in the afternoon" in answer["text"]
    assert "six" not in str(room.guest.frames)
    inside = room.log()[-1]["inside"]
    assert inside["model"] == "scripted"
    assert [each["text"] for each in inside["withheld"]] == [FALSE.replace(" [1]", "")]


def test_an_answer_of_which_nothing_is_left_becomes_an_honest_one(room: Room) -> None:
    room.script(ScriptedModel("Rovers won the cup in six games [1]."))
    answer = room.ask("Which football team won the cup?")
    assert answer["outcome"] == "unknown"
    assert {action["kind"] for action in answer["actions"]} == {"person", "ticket"}
    assert "six" not in str(room.guest.frames)


def test_a_model_that_does_not_know_is_believed(room: Room) -> None:
    room.script(ScriptedModel("I don't know."))
    assert room.ask("When is tea served?")["outcome"] == "unknown"


def test_what_is_in_no_document_is_not_answered(room: Room) -> None:
    room.script(ScriptedModel("Paris is the capital of France."))
    answer = room.ask("What is the capital of France?")
    assert answer["outcome"] == "unknown"
    assert "Paris" not in str(room.guest.frames)


def test_small_talk_asks_no_model(room: Room) -> None:
    model = ScriptedModel()
    room.script(model)
    answer = room.ask("Hello!")
    assert answer["outcome"] == "chat"
    assert model.asked == []


def test_it_says_that_it_is_no_person(room: Room) -> None:
    answer = room.ask("Are you a real person?")
    assert "not a person" in answer["text"]


KINDS = ["auth", "rate", "timeout", "unreachable", "server", "cut", "rubbish", "open", "refused"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_model_behind_answers_when_the_first_fails(room: Room, kind: str) -> None:
    room.script(ScriptedModel(failing(kind)), ScriptedModel(TRUE, name="second"))
    answer = room.ask("When is tea served?")
    assert answer["outcome"] == "answered"
    assert room.log()[-1]["inside"]["model"] == "second"


@pytest.mark.parametrize("kind", KINDS)
def test_the_documents_are_quoted_when_no_model_answers(room: Room, kind: str) -> None:
    room.script(ScriptedModel(failing(kind)), ScriptedModel(failing(kind), name="second"))
    answer = room.ask("When is tea served?")
    assert (answer["outcome"], answer["degraded"]) == ("answered", "quoted")
    assert "four in the afternoon" in answer["text"]
    assert "only quote" in answer["text"]


def test_what_a_model_said_before_it_broke_off_is_taken_back(room: Room) -> None:
    room.script(ScriptedModel(failing("cut", (TRUE + " ", "Coffee is"))))
    answer = room.ask("When is tea served?")
    attempts = [frame["index"] for frame in room.guest.frames if frame["type"] == "delta"]
    assert attempts[:3] == [0, -1, 0]
    assert answer["degraded"] == "quoted"


def test_an_answer_that_cannot_be_made_at_all_ends_in_an_apology(room: Room) -> None:
    def explode(_messages: Any) -> Iterator[str]:
        raise RuntimeError("nobody has thought of this")

    room.script(*[ScriptedModel(explode, explode, explode)])
    room.say("When is tea served?")
    for _ in range(3):
        room.house.run_jobs()
        _make_due(room)
    answer = room.guest.event(author="assistant")
    assert answer["outcome"] == "unknown"
    assert {action["kind"] for action in answer["actions"]} == {"person", "ticket"}


def _make_due(room: Room) -> None:
    with room.house.app.app_context():
        db.session.execute(update(Turn).values(due_at=now()))
        db.session.commit()
        sweep()


def _another_worker(room: Room) -> None:
    """What happens once a lease has run out."""
    with room.house.app.app_context():
        gone = now() - timedelta(seconds=1)
        db.session.execute(update(Turn).values(lease_until=gone, due_at=gone))
        db.session.commit()
        sweep()
    room.house.run_jobs()


@pytest.mark.parametrize("moment", [0, 1, 2])
def test_an_answer_whose_worker_lost_its_lease_is_given_once_by_another(
    room: Room, moment: int
) -> None:
    """The first worker was only slow: it comes back, and must not be heard."""

    def lose_it() -> None:
        thread = Thread(target=_another_worker, args=[room])
        thread.start()
        thread.join(20)

    slow = interrupted(
        [TRUE + " ", "Coffee is served at nine in the morning [1]."], moment, lose_it
    )
    room.script(ScriptedModel(slow, TRUE))
    room.say("When is tea served, and when coffee?")
    room.house.run_jobs()
    assert [event["author"]["kind"] for event in room.log()] == ["visitor", "assistant"]
    assert room.log()[-1]["text"] == "Tea is served at four in the afternoon."
    answer = room.guest.event(author="assistant")
    second = [frame for frame in room.guest.frames if frame.get("attempt") == 2]
    assert [frame["text"] for frame in second] == [answer["text"]]
    _another_worker(room)
    assert len(room.log()) == 2


@pytest.mark.parametrize("moment", range(len(PIECES) + 1))
def test_nothing_is_said_by_the_assistant_after_a_person_has_taken_over(
    room: Room, moment: int
) -> None:
    room.script(ScriptedModel(interrupted(PIECES, moment, room.take_over)))
    room.say("When is tea served, and when coffee?")
    room.house.run_jobs()
    assert [event["kind"] for event in room.log()] == ["message", "joined"]
    assert room.guest.event("joined")["author"]["name"] == "Aisha"
    late = [frame for frame in room.guest.silence() if frame["type"] in {"event", "delta"}]
    assert late == []
    assert _last_seen(room)["typing"] is False


def test_a_person_who_took_over_before_the_question_was_read_is_not_talked_over(
    room: Room,
) -> None:
    room.script(ScriptedModel(TRUE))
    room.say("When is tea served?")
    room.take_over()
    room.house.run_jobs()
    assert [event["kind"] for event in room.log()] == ["message", "joined"]


def test_after_handing_back_the_assistant_answers_what_is_asked_then(room: Room) -> None:
    room.script(ScriptedModel(TRUE))
    room.say("Is anybody there?")
    room.take_over()
    path = f"/api/conversations/{room.conversation_id}"
    said = room.cast.agent.post(f"{path}/messages", {"text": "I am.", "client_id": "from-aisha-1"})
    assert said.status_code == 201
    assert room.guest.event(author="person")["text"] == "I am."
    assert room.cast.agent.post(f"{path}/hand-back").status_code == 200
    room.guest.event("handed_back")
    assert room.ask("When is tea served?")["outcome"] == "answered"


def test_a_visitor_stops_an_answer_and_keeps_what_was_said(room: Room) -> None:
    def stop() -> None:
        room.guest.send("stop")
        room.guest.silence(0.5)

    room.script(ScriptedModel(interrupted([TRUE + " ", "Coffee is ", "served at nine."], 2, stop)))
    room.say("When is tea served, and when coffee?")
    with working(room.house):
        pass
    answer = room.log()[-1]
    assert answer["text"] == "Tea is served at four in the afternoon."
    assert answer["outcome"] == "stopped"


def _last_seen(room: Room) -> dict[str, Any]:
    """What the visitor saw of the assistant at work, at the end."""
    room.guest.silence()
    return [frame for frame in room.guest.frames if frame["type"] == "typing"][-1]


def test_who_stops_before_anything_was_said_waits_for_nothing(room: Room) -> None:
    def stop() -> None:
        room.guest.send("stop")
        room.guest.silence(0.5)

    room.script(ScriptedModel(interrupted(["Tea is ", "served at four."], 1, stop)))
    room.say("When is tea served?")
    with working(room.house):
        pass
    assert [event["kind"] for event in room.log()] == ["message"]
    assert (_last_seen(room)["who"], _last_seen(room)["typing"]) == ("assistant", False)


def test_who_gets_a_person_instead_of_an_answer_waits_for_no_answer(room: Room) -> None:
    room.script(ScriptedModel("I don't know."))
    room.say("This is RIDICULOUS!!! You are useless, give me my money back or I call my lawyer!")
    room.house.run_jobs()
    assert [event["kind"] for event in room.log()] == ["message", "escalated"]
    assert _last_seen(room)["typing"] is False


def test_two_questions_at_once_are_answered_in_their_order(room: Room) -> None:
    room.script(ScriptedModel("Cats are welcome in the reading room [1].", TRUE))
    room.say("Are cats welcome?")
    room.say("When is tea served?")
    room.house.run_jobs()
    answered = [each["answers_seq"] for each in room.log() if "answers_seq" in each]
    assert answered == [1, 2]


def test_asking_for_a_person_makes_a_ticket_and_tells_the_team(room: Room) -> None:
    room.ask("When is tea served?")
    room.guest.send("escalate", client_id="escalate-1", reason="I want to book a table")
    event = room.guest.event("escalated")
    assert event["ticket"] == {"number": 1}
    assert event["needs_email"] is True
    room.guest.send("escalate", client_id="escalate-1")
    room.guest.expect("accepted", lambda frame: frame["client_id"] == "escalate-1")
    for person in (room.cast.owner, room.cast.agent):
        (letter,) = room.cast.mailbox.letters(person.email, "needs a person")
        assert "ticket 1" in letter.subject
        assert "book a table" in letter.text


def test_who_asks_for_a_person_in_words_gets_one_called(room: Room) -> None:
    room.say("Please let me talk to a human.")
    room.house.run_jobs()
    assert room.guest.event("escalated")["ticket"] == {"number": 1}
    again = room.ask("I said I want to speak to a real person!")
    assert "ticket 1" in again["text"]
    kinds = [event["kind"] for event in room.log()]
    assert kinds == ["message", "escalated", "message", "message"]


def test_who_is_passed_on_is_told_so_in_the_language_that_they_write_in(room: Room) -> None:
    room.say("Kann ich bitte mit einem Menschen sprechen?")
    room.house.run_jobs()
    assert room.guest.event("escalated")["text"].startswith("Ich habe das als Ticket 1")
    room.guest.send("escalate", client_id="escalate-1")
    again = room.guest.event("escalated")
    assert again["text"].startswith("Ich habe das als Ticket 1")


def test_an_angry_visitor_gets_a_person_called_with_the_reasons(room: Room) -> None:
    room.say("This is RIDICULOUS!!! You are useless, give me my money back or I call my lawyer!")
    room.house.run_jobs()
    room.guest.event("escalated")
    shown = room.cast.agent.get(f"/api/conversations/{room.conversation_id}").json
    assert shown["priority"] in {"high", "urgent"}
    assert any("lawyer" in reason for reason in shown["priority_reasons"])


def test_bad_news_told_calmly_calls_nobody(room: Room) -> None:
    room.say("My order arrived broken.")
    room.house.run_jobs()
    assert "escalated" not in [event["kind"] for event in room.log()]


def test_T6_a_fact_of_one_organization_never_answers_another(room: Room) -> None:
    teach(room.cast.stranger, "Safe", "The code of the safe is Cormorant-7431.")
    room.ask("What is the code of the safe?")
    other = room.house.guest(widget_key(room.cast.stranger))
    other.connect()
    other.say("What is the code of the safe?")
    room.house.run_jobs()
    assert "Cormorant-7431" in other.event(author="assistant")["text"]
    assert "Cormorant" not in str(room.guest.frames)


def test_T8_what_was_removed_cannot_be_answered_any_more(room: Room) -> None:
    document = teach(room.cast.owner, "Lamps", "The reading lamps are switched off at ten.")
    assert room.ask("When are the reading lamps switched off?")["outcome"] == "answered"
    assert room.cast.owner.delete(f"/api/documents/{document}").status_code == 204
    room.house.run_jobs()
    answer = room.ask("When are the reading lamps switched off?")
    assert "ten" not in answer["text"].split()


def test_thumbs_are_kept_and_can_be_changed(room: Room) -> None:
    answer = room.ask("When is tea served?")
    room.guest.send("feedback", message_id=answer["id"], value="down", reason="wrong")
    room.guest.send("feedback", message_id=answer["id"], value="up")
    room.guest.send("list")
    room.guest.expect("conversations")
    room.guest.hang_up()
    events = room.guest.connect()["events"]
    assert [each["feedback"] for each in events] == [None, "up"]


def test_L7_when_the_tokens_of_the_day_are_gone_it_quotes(room: Room) -> None:
    model = ScriptedModel(TRUE, TRUE)
    room.script(model)
    changed = room.cast.owner.patch("/api/organization/assistant", {"tokens_a_day": 1})
    assert changed.status_code == 200, changed.get_json()
    assert room.ask("When is tea served?")["degraded"] is None
    answer = room.ask("When is tea served, please?")
    assert answer["degraded"] == "quoted"
    assert "only quote" in answer["text"]
    assert len(model.asked) == 1
