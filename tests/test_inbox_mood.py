"""Overruling the mood: what was no anger does not weigh, and is counted as a false alarm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask

from app.models import now
from app.services.inbox import overruling
from tests.cast import Cast, Person
from tests.chats import begin
from tests.fakes import ScriptedModel
from tests.open_house import opened
from tests.rooms import TEA, Room, interrupted, teach, widget_key

FURY = "This is OUTRAGEOUS!!! You idiots are useless, I hate this damn shop!"


def angry(cast: Cast, app: Flask) -> str:
    """Somebody whom the assistant has heard; the id of the conversation."""
    chat = begin(cast.owner, FURY)
    app.extensions["adapters"].job_queue.run_all()
    return chat.id


def shown(person: Person, conversation_id: str) -> dict[str, Any]:
    found: dict[str, Any] = person.get(f"/api/conversations/{conversation_id}").json
    return found


def test_the_priority_is_what_it_would_be_without_the_anger_and_back(
    cast: Cast, app: Flask
) -> None:
    conversation_id = angry(cast, app)
    before = shown(cast.agent, conversation_id)
    assert before["priority"] == "high"
    assert before["mood"] < 0
    path = f"/api/conversations/{conversation_id}/overrule-mood"
    for _ in range(2):
        after = cast.agent.post(path).json
    assert (after["priority"], after["mood"], after["priority_reasons"]) == ("low", 0.0, [])
    assert after["mood_overruled_at"]
    log = cast.agent.get(f"/api/conversations/{conversation_id}/messages").json["items"]
    assert [line["text"] for line in log].count("Aisha says that this visitor is not angry.") == 1
    [called] = [line for line in log if line["kind"] == "escalated"]
    assert called["inside"]["reasons"]
    assert shown(cast.agent, conversation_id)["moods"][0]["reading"]["label"] == "negative"
    back = cast.agent.delete(path).json
    assert (back["priority"], back["mood"]) == ("high", before["mood"])
    assert back["mood_overruled_at"] is None


def test_it_is_overruled_while_the_message_is_being_answered(cast: Cast, app: Flask) -> None:
    teach(cast.owner, "House rules", TEA)
    with opened(app) as house:
        guest = house.guest(widget_key(cast.owner))
        guest.connect()
        room = Room(house, cast, guest)

        def overrule() -> None:
            path = f"/api/conversations/{room.conversation_id}/overrule-mood"
            assert cast.agent.post(path).json["mood"] == 0.0

        pieces = ["Tea is served at four ", "in the afternoon [1]."]
        room.script(ScriptedModel(interrupted(pieces, 1, overrule)))
        room.ask(f"{FURY} When is tea served?")
        after = shown(cast.agent, room.conversation_id)
    assert after["mood_overruled_at"]
    assert (after["mood"], after["priority_reasons"]) == (0.0, [])


def test_what_a_person_has_set_stays(cast: Cast, app: Flask) -> None:
    conversation_id = angry(cast, app)
    cast.agent.patch(f"/api/conversations/{conversation_id}", {"priority": "urgent"})
    after = cast.agent.post(f"/api/conversations/{conversation_id}/overrule-mood").json
    assert after["priority"] == "urgent"


def test_left_to_the_assistant_again_it_is_what_was_read(cast: Cast, app: Flask) -> None:
    conversation_id = angry(cast, app)
    before = shown(cast.agent, conversation_id)
    path = f"/api/conversations/{conversation_id}"
    cast.agent.patch(path, {"priority": "low"})
    back = cast.agent.patch(path, {"priority": None}).json
    assert (back["priority"], back["priority_reasons"]) == ("high", before["priority_reasons"])
    cast.agent.post(f"{path}/overrule-mood")
    cast.agent.patch(path, {"priority": "urgent"})
    assert cast.agent.patch(path, {"priority": None}).json["priority"] == "low"


def test_what_is_written_later_is_read_anew(cast: Cast, app: Flask) -> None:
    with opened(app) as house:
        guest = house.guest(widget_key(cast.owner))
        guest.connect()
        conversation_id = str(guest.say(FURY)["conversation_id"])
        house.run_jobs()
        cast.agent.post(f"/api/conversations/{conversation_id}/overrule-mood")
        guest.say("Fine, thank you. What does delivery to Malta cost?")
        house.run_jobs()
        assert shown(cast.agent, conversation_id)["priority"] == "low"
        guest.say(FURY)
        house.run_jobs()
        assert shown(cast.agent, conversation_id)["priority"] == "high"


def test_false_alarms_are_counted_for_each_organization(cast: Cast, app: Flask) -> None:
    for _ in range(2):
        cast.agent.post(f"/api/conversations/{angry(cast, app)}/overrule-mood")
    since, until = now() - timedelta(hours=1), now() + timedelta(hours=1)
    with app.app_context():
        own, other = (UUID(each.organization_id) for each in (cast.owner, cast.stranger))
        assert overruling.count_false_alarms(own, since, until) == 2
        assert overruling.count_false_alarms(own, since - timedelta(days=1), since) == 0
        assert overruling.count_false_alarms(other, since, until) == 0
