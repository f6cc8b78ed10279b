"""Promise 1 over the real wire: whatever a model does, the visitor is told something, and soon."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from app import create_app
from app.adapters.chat_model import ChatModel
from app.adapters.model_wire import Patience
from app.extensions import db
from config import Testing
from tests.cast import Cast, assemble
from tests.fakes import fakes
from tests.open_house import Frame, House, opened
from tests.rooms import TEA, Room, teach, widget_key
from tests.stubs.chat_behaviours import (
    BROKEN,
    CUT,
    DOWN,
    DRIP,
    EMPTY,
    FAILS_MIDWAY,
    RUBBISH,
    STALL,
    STALL_MIDWAY,
    UNAUTHORIZED,
    Behaviour,
    slow_down,
)
from tests.stubs.openai_chat import OpenAIChatStub

QUESTION = "When is tea served?"
HURRIED = Patience(connect=0.5, first_token=0.3, between_tokens=0.3, whole=2.0)
# A stall, perhaps a second try with its pause, on each of two rungs, and the work around them.
MOST_SECONDS = 4.0
TROUBLES = {
    "stalls": STALL,
    "is for ever busy": DRIP,
    "stalls midway": STALL_MIDWAY,
    "answers 401": UNAUTHORIZED,
    "answers 429": slow_down(None),
    "answers 500": BROKEN,
    "answers 503 with a page": DOWN,
    "cuts the line midway": CUT,
    "fails midway": FAILS_MIDWAY,
    "sends rubbish": RUBBISH,
    "says nothing at all": EMPTY,
}


@pytest.fixture(scope="module")
def furnished(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Cast]]:
    """One house for all of them: what is said depends on no database, and furnishing takes long."""
    folder = tmp_path_factory.mktemp("ladder")
    shutil.copy(migrated_sqlite, folder)
    app = create_app(Testing(data_dir=folder), adapters := fakes())
    cast = assemble(app, adapters)
    teach(cast.owner, "Tea and coffee", TEA)
    with opened(app) as house:
        yield house, cast
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def stub() -> Iterator[OpenAIChatStub]:
    with OpenAIChatStub() as stub:
        yield stub


@pytest.fixture
def room(furnished: tuple[House, Cast], stub: OpenAIChatStub) -> Room:
    """Two models behind one endpoint: "first", and "second" for when that one fails."""
    house, cast = furnished
    # Fuses are kept for the process: a key of its own gives each test a whole one.
    key = uuid4().hex
    house.app.extensions["adapters"].language_models = tuple(
        ChatModel(key, stub.base_url, name, patience=HURRIED, through="lean")
        for name in ("first", "second")
    )
    guest = house.guest(widget_key(cast.owner))
    guest.connect()
    return Room(house, cast, guest)


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_model_that_fails_is_stood_in_for(
    room: Room, stub: OpenAIChatStub, trouble: Behaviour
) -> None:
    stub.by_model = {"first": trouble}
    answer, seconds = _asked(room)
    assert (answer["outcome"], answer["degraded"]) == ("answered", "fallback")
    assert answer["text"] == TEA
    inside = room.log()[-1]["inside"]
    assert inside["model"] == "second"
    assert len(inside["failures"]) == 1
    assert seconds < MOST_SECONDS

    stub.otherwise = trouble
    stub.by_model = {}
    answer, seconds = _asked(room)
    assert (answer["outcome"], answer["degraded"]) == ("answered", "quoted")
    assert "only quote" in answer["text"]
    assert "four in the afternoon" in answer["text"]
    assert [each["title"] for each in answer["citations"]] == ["Tea and coffee"]
    assert len(room.log()[-1]["inside"]["failures"]) == 2
    assert seconds < MOST_SECONDS


def test_what_broke_off_midway_is_taken_back_before_the_second_model_speaks(
    room: Room, stub: OpenAIChatStub
) -> None:
    """The line is cut after a whole sentence has been read; it is not read twice."""
    stub.by_model = {"first": Behaviour("cut", text=f"{TEA} [1] " * 2, after=14)}
    answer, _ = _asked(room)
    deltas = [frame for frame in room.guest.frames if frame["type"] == "delta"]
    last_restart = max(place for place, delta in enumerate(deltas) if delta["index"] == -1)
    shown = "".join(delta["lead"] + delta["text"] for delta in deltas[last_restart + 1 :])
    assert shown == answer["text"] == TEA


def test_a_model_known_to_be_down_is_not_waited_for_again(room: Room, stub: OpenAIChatStub) -> None:
    stub.by_model = {"first": STALL}
    for _ in range(5):
        _asked(room)
    asked = len(stub.asked)
    answer, seconds = _asked(room)
    assert answer["degraded"] == "fallback"
    assert [one["model"] for one in stub.asked[asked:]] == ["second"]
    assert seconds < HURRIED.first_token


def _asked(room: Room) -> tuple[Frame, float]:
    """What comes of the question, and after how long."""
    began = time.monotonic()
    answer = room.ask(QUESTION)
    return answer, time.monotonic() - began
