"""How workers wake each other; test_under_gevent.py runs all of this once more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest

from app.adapters.event_bus import BACKLOG, GAP, EventBus, MemoryBus
from app.adapters.redis_bus import RedisBus
from tests import services

LONG = 10.0


@pytest.fixture(params=["memory", "redis"])
def bus(request: pytest.FixtureRequest) -> Iterator[EventBus]:
    if request.param == "memory":
        yield MemoryBus()
        return
    redis = RedisBus(services.require_redis(), f"test {uuid4()}")
    yield redis
    redis.close()


def test_a_listener_hears_what_is_published_from_then_on(bus: EventBus) -> None:
    bus.publish("conversation", "before")
    with bus.listen("conversation") as listener:
        bus.publish("conversation", "first")
        bus.publish("conversation", "second")
        assert [listener.wait(LONG), listener.wait(LONG)] == ["first", "second"]


def test_every_listener_hears_it_once(bus: EventBus) -> None:
    with bus.listen("conversation") as one, bus.listen("conversation") as other:
        bus.publish("conversation", "hint")
        assert one.wait(LONG) == other.wait(LONG) == "hint"
        assert one.wait(0.1) is other.wait(0.02) is None


def test_other_topics_are_not_heard(bus: EventBus) -> None:
    with bus.listen("conversation") as listener:
        bus.publish("another", "hint")
        assert listener.wait(0.02) is None


def test_whatever_is_said_arrives_as_it_was(bus: EventBus) -> None:
    said = '{"text": "Grüße 🍵\\n\\u0000", "number": 1}'
    with bus.listen("a topic\nwith: anything") as listener:
        bus.publish("a topic\nwith: anything", said)
        assert listener.wait(LONG) == said


def test_nobody_has_to_listen(bus: EventBus) -> None:
    bus.publish("conversation", "hint")


def test_waiting_ends_when_the_time_is_over(bus: EventBus) -> None:
    with bus.listen("conversation") as listener:
        began = time.monotonic()
        assert listener.wait(0.1) is None
        assert 0.05 < time.monotonic() - began < LONG


def test_who_waits_is_woken_by_another_thread(bus: EventBus) -> None:
    with bus.listen("conversation") as listener:
        threading.Timer(0.05, bus.publish, ("conversation", "hint")).start()
        assert listener.wait(LONG) == "hint"


def test_who_has_left_is_told_nothing(bus: EventBus) -> None:
    with bus.listen("conversation") as listener:
        pass
    bus.publish("conversation", "hint")
    assert listener.wait(0.02) is None


def test_who_leaves_by_an_error_has_left_too(bus: EventBus) -> None:
    with pytest.raises(RuntimeError), bus.listen("conversation") as listener:
        raise RuntimeError("the socket has gone")
    bus.publish("conversation", "hint")
    assert listener.wait(0.02) is None


def test_a_listener_that_never_listens_holds_nobody_up(bus: EventBus) -> None:
    with bus.listen("conversation") as slow, bus.listen("conversation") as other:
        for number in range(BACKLOG + 100):
            bus.publish("conversation", str(number))
            assert other.wait(LONG) == str(number)
        # It has fallen behind, but it is woken and told so, and reads the log from where it was.
        assert slow.wait(LONG) == GAP
        assert slow.wait(LONG) == str(BACKLOG + 1)


def test_it_says_how_it_is(bus: EventBus) -> None:
    assert bus.check()


def test_topics_that_nobody_listens_to_take_no_room() -> None:
    bus = MemoryBus()
    for number in range(10):
        with bus.listen(f"conversation {number}"):
            bus.publish(f"conversation {number}", "hint")
    assert not bus._listeners
