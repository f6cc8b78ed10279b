"""Several processes on one bus, and a Redis that goes away; test_under_gevent.py runs it too."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from app.adapters.event_bus import BACKLOG, GAP
from app.adapters.redis_bus import SILENCE_SECONDS, RedisBus
from app.errors import ProviderError
from tests import services
from tests.stubs.wire import Wire

LONG = 10.0
SOON = 0.05
Make = Callable[..., RedisBus]


@pytest.fixture
def wire() -> Iterator[Wire]:
    parts = urlsplit(services.require_redis())
    with Wire(parts.hostname or "127.0.0.1", parts.port or 6379) as wire:
        yield wire


@pytest.fixture
def make() -> Iterator[Make]:
    """Each bus stands for a process; `wire` is what lies between it and Redis."""
    made: list[RedisBus] = []
    channel = f"test {uuid4()}"

    def make(wire: Wire | None = None) -> RedisBus:
        url = f"redis://127.0.0.1:{wire.port}/0" if wire else services.require_redis()
        made.append(RedisBus(url, channel))
        return made[-1]

    yield make
    for bus in made:
        bus.close()


def test_another_process_hears_it_once_and_in_order(make: Make) -> None:
    one, other = make(), make()
    with one.listen("topic") as here, other.listen("topic") as there:
        for number in range(300):
            one.publish("topic", str(number))
        expected = [str(number) for number in range(300)]
        assert [there.wait(LONG) for _ in expected] == expected
        assert [here.wait(LONG) for _ in expected] == expected
        assert here.wait(0.1) is there.wait(SOON) is None


def test_many_listeners_need_one_connection(make: Make, wire: Wire) -> None:
    bus = make(wire)
    with bus.listen("a"), bus.listen("b"), bus.listen("a") as listener:
        bus.publish("a", "hint")
        assert listener.wait(LONG) == "hint"
        wait_until(lambda: len(wire._pairs) == 2)
        time.sleep(0.1)
        # One to listen, one to send.
        assert len(wire._pairs) == 2


def test_after_a_loss_everybody_is_told_to_read_the_log(make: Make, wire: Wire) -> None:
    behind, other = make(wire), make()
    with behind.listen("topic") as listener, behind.listen("quiet") as quiet:
        wire.cut()
        other.publish("topic", "lost")
        assert listener.wait(0.2) is None
        wire.mend()
        assert listener.wait(LONG) == quiet.wait(LONG) == GAP
        other.publish("topic", "heard")
        assert listener.wait(LONG) == "heard"


def test_a_connection_that_only_falls_silent_is_noticed(make: Make, wire: Wire) -> None:
    behind, other = make(wire), make()
    with behind.listen("topic") as listener:
        wire.fall_silent()
        other.publish("topic", "lost")
        time.sleep(2 * SILENCE_SECONDS + 0.5)
        wire.mend()
        heard = {listener.wait(LONG), listener.wait(SOON)}
        assert GAP in heard


def test_while_redis_is_away_a_process_goes_on_and_nobody_waits(make: Make, wire: Wire) -> None:
    bus = make(wire)
    for trouble in (wire.cut, wire.fall_silent):
        with bus.listen("topic") as listener:
            trouble()
            for number in range(20):
                began = time.monotonic()
                bus.publish("topic", str(number))
                assert time.monotonic() - began < SOON
                assert listener.wait(SOON) == str(number)
        wire.mend()


def test_what_others_could_not_be_told_they_read_in_the_log(make: Make, wire: Wire) -> None:
    speaker, other = make(wire), make()
    with other.listen("topic") as listener:
        speaker.publish("topic", "heard")
        assert listener.wait(LONG) == "heard"
        wire.cut()
        speaker.publish("topic", "lost")
        assert listener.wait(0.2) is None
        wire.mend()
        # Without anything else being published: nobody might ever say something again.
        assert listener.wait(LONG) == GAP
        assert listener.wait(0.2) is None


def test_a_process_that_starts_without_redis_catches_up(make: Make, wire: Wire) -> None:
    wire.cut()
    late, other = make(wire), make()
    with late.listen("topic") as listener:
        late.publish("topic", "own")
        assert listener.wait(SOON) == "own"
        wire.mend()
        assert listener.wait(LONG) == GAP
        other.publish("topic", "heard")
        # The words of before may come late: whoever hears them looks once more, for nothing.
        assert "heard" in {listener.wait(LONG), listener.wait(SOON)}


def test_more_than_can_be_sent_becomes_one_gap(make: Make, wire: Wire) -> None:
    wire.cut()
    speaker, other = make(wire), make()
    with other.listen("topic") as listener:
        for number in range(3 * BACKLOG):
            speaker.publish("topic", str(number))
        wire.mend()
        assert listener.wait(LONG) == GAP


def test_threads_may_all_publish_at_once(make: Make) -> None:
    one, other = make(), make()
    with other.listen("topic") as listener:
        threads = [
            threading.Thread(target=lambda: [one.publish("topic", "x") for _ in range(50)])
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        assert [listener.wait(LONG) for _ in range(400)] == ["x"] * 400
        for thread in threads:
            thread.join()


def test_a_redis_that_is_away_is_said_to_be(make: Make, wire: Wire) -> None:
    bus = make(wire)
    assert bus.check() == "Redis answers"
    wire.cut()
    with pytest.raises(ProviderError, match="Redis does not answer"):
        bus.check()


def test_what_is_said_of_it_names_no_password() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"redis://user:hunter2@127.0.0.1:{closed.getsockname()[1]}/0"
    with pytest.raises(ProviderError) as caught:
        RedisBus(url).check()
    assert "hunter2" not in str(caught.value)


def test_an_address_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="scheme"):
        RedisBus("127.0.0.1:6379")


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
