"""An organization's own key for the language model: used, sealed, never shown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from app.adapters import Adapters
from app.adapters.language_model import ModelFailed
from app.extensions import db
from tests.cast import Cast
from tests.fakes import ScriptedModel
from tests.open_house import opened
from tests.rooms import TEA, Room, teach, widget_key

PATH = "/api/organization/model"
KEY = "sk-of-the-organization"


@pytest.fixture
def room(app: Flask, cast: Cast) -> Iterator[Room]:
    with opened(app) as house:
        teach(cast.owner, "House rules", TEA)
        guest = house.guest(widget_key(cast.owner))
        guest.connect()
        yield Room(house, cast, guest)


def model_of_answer(room: Room) -> str:
    room.ask("When is tea served?")
    said = [line for line in room.log() if line["author"]["kind"] == "assistant"]
    return str(said[-1]["inside"]["model"])


def test_answers_are_written_with_the_organizations_own_key(room: Room) -> None:
    room.script(ScriptedModel(name="the house's"))
    assert model_of_answer(room) == "the house's"
    given = {"name": "small-talker", "key": KEY}
    assert room.cast.owner.put(PATH, json=given).json == {"key_set": True, "name": "small-talker"}
    assert model_of_answer(room) == f"small-talker by {KEY}"
    renamed = room.cast.owner.put(PATH, json={"name": "other"})
    assert renamed.json == {"key_set": True, "name": "other"}
    assert model_of_answer(room) == f"other by {KEY}"
    room.cast.owner.delete(PATH)
    assert model_of_answer(room) == "the house's"


def test_when_the_own_key_fails_nobody_else_pays(room: Room, adapters: Adapters) -> None:
    house = ScriptedModel(name="the house's")
    room.script(house)
    refused = ModelFailed("The key was refused.", "auth", permanent=True)
    adapters.open_language_model = lambda _key, name: ScriptedModel(refused, name=name)
    room.cast.owner.put(PATH, json={"name": "small-talker", "key": KEY})
    answer = room.ask("When is tea served?")
    assert answer["degraded"] == "quoted"
    assert not house.asked


def test_trying_says_whether_it_works(cast: Cast, adapters: Adapters) -> None:
    assert cast.owner.post(f"{PATH}/trial").status_code == 422
    cast.owner.put(PATH, json={"name": "small-talker", "key": KEY})
    assert cast.owner.post(f"{PATH}/trial").json["works"]
    refused = ModelFailed("The key was refused.", "auth", permanent=True)
    adapters.open_language_model = lambda _key, name: ScriptedModel(refused, name=name)
    tried = cast.owner.post(f"{PATH}/trial").json
    assert (tried["works"], tried["message"]) == (False, "The key was refused.")


def test_O7_the_key_is_sealed_and_never_shown(app: Flask, cast: Cast) -> None:
    cast.owner.put(PATH, json={"name": "small-talker", "key": KEY})
    with app.app_context():
        kept = db.session.scalars(text("SELECT model_key FROM organizations")).all()
    assert all(KEY not in (each or "") for each in kept)
    pages = [
        cast.owner.get(path).get_data(as_text=True)
        for path in (PATH, "/api/organization", "/api/admin/audit", "/dashboard/settings/assistant")
    ]
    assert all(KEY not in page for page in pages)


def test_a_first_name_needs_a_key(cast: Cast) -> None:
    refused = cast.owner.put(PATH, json={"name": "small-talker"})
    assert refused.status_code == 422
    assert "key" in refused.json["error"]["fields"]
