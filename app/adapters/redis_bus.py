"""The event bus between processes: Redis pub/sub, and the process's own bus while Redis is away.

What is published is heard in the same process at once, whether Redis is there or not; Redis takes
it to the others. All topics share one channel, so that a process needs one connection to listen,
however many listen in it, and one to send. Both live on threads of their own: nobody ever waits.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog

from app.adapters.event_bus import GAP, Hints, MemoryBus
from app.errors import ProviderError

if TYPE_CHECKING:
    from redis import Redis

log = structlog.get_logger(__name__)
CHANNEL = "frontdesk"
PATIENCE_SECONDS = 1.0
# After so long a silence the other side is asked whether it is still there.
SILENCE_SECONDS = 2.0
FIRST_WAIT_SECONDS = 0.1
LONGEST_WAIT_SECONDS = 5.0
MOST_AT_ONCE = 100
FOREVER = 3_600.0


class RedisBus:
    """After every loss, of a connection here or of hints elsewhere, those who listen get GAP."""

    def __init__(self, url: str, channel: str = CHANNEL) -> None:
        self._url = url
        self._channel = channel
        # By this a process knows its own words, which it has heard already.
        self._name = uuid4().hex
        self._here = MemoryBus()
        self._outbox = Hints()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        # Listeners that were there before the connection was: they missed something.
        self._settled: set[Hints] = set()
        self._is_linked = False
        self._was_tried = threading.Event()
        self._closed = threading.Event()
        # An address that is none is found out at the start.
        self._client().close()

    def publish(self, topic: str, hint: str) -> None:
        self._here.publish(topic, hint)
        self._start("bus-speaker", self._speak)
        self._outbox.offer(json.dumps([self._name, topic, hint]))

    @contextmanager
    def listen(self, topic: str) -> Iterator[Hints]:
        with self._here.listen(topic) as hints:
            self._start("bus-listener", self._hear)
            # From its return on nothing is missed; while Redis is away that holds for this process.
            self._was_tried.wait(2 * PATIENCE_SECONDS)
            with self._lock:
                self._settled.add(hints)
            try:
                yield hints
            finally:
                with self._lock:
                    self._settled.discard(hints)

    def check(self) -> str:
        from redis import RedisError

        try:
            with closing(self._client()) as client:
                client.ping()
        except (RedisError, OSError) as error:
            raise ProviderError(f"Redis does not answer: {error}") from error
        return "Redis answers"

    def close(self) -> None:
        """Let the threads end; for tests, since a process simply ends."""
        self._closed.set()
        self._outbox.skip()
        for thread in self._threads:
            thread.join(2 * SILENCE_SECONDS)

    def _start(self, name: str, work: Any) -> None:
        if any(each.name == name for each in self._threads):
            return
        with self._lock:
            if all(each.name != name for each in self._threads):
                thread = threading.Thread(target=work, name=name, daemon=True)
                thread.start()
                self._threads.append(thread)

    def _client(self) -> Redis:
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # A lost connection must be noticed, not mended in secret: what it carried is lost.
        client: Redis = Redis.from_url(
            self._url,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
        )
        return client

    def _hear(self) -> None:
        """On its thread: be connected, and if not, become so again."""
        from redis import RedisError

        tries = 0
        while not self._closed.is_set():
            try:
                with self._link() as link:
                    self._note_link()
                    tries = 0
                    self._pass_on(link)
            except (RedisError, OSError) as error:
                if self._is_linked or not self._was_tried.is_set():
                    log.warning("event_bus_lost", reason=str(error))
            self._is_linked = False
            self._was_tried.set()
            self._closed.wait(_wait_after(tries))
            tries += 1

    @contextmanager
    def _link(self) -> Iterator[Any]:
        """A connection that is subscribed."""
        with closing(self._client()) as client:
            link: Any = client.connection_pool.make_connection()
            try:
                link.connect()
                link.send_command("SUBSCRIBE", self._channel)
                link.read_response()
                yield link
            finally:
                link.disconnect()

    def _note_link(self) -> None:
        with self._lock:
            self._is_linked = True
            for hints in self._settled:
                hints.skip()
        if self._was_tried.is_set():
            log.info("event_bus_back")
        self._was_tried.set()

    def _pass_on(self, link: Any) -> None:
        asked = False
        while not self._closed.is_set():
            if link.can_read(SILENCE_SECONDS):
                kind, *_, said = link.read_response()
                asked = False
                if kind == b"message":
                    self._tell_here(said.decode())
            elif asked:
                raise TimeoutError("Redis has fallen silent.")
            else:
                link.send_command("PING")
                asked = True

    def _tell_here(self, said: str) -> None:
        name, topic, hint = json.loads(said)
        if name == self._name:
            return
        if hint == GAP:
            self._here.skip()
        else:
            self._here.publish(topic, hint)

    def _speak(self) -> None:
        """On its thread: pass on what was published."""
        speaker = _Speaker(self._client(), self._channel, json.dumps([self._name, "", GAP]))
        while not self._closed.is_set():
            first = self._outbox.wait(speaker.wait_seconds)
            batch = [] if first is None else [first]
            while len(batch) < MOST_AT_ONCE and (more := self._outbox.wait(0)) is not None:
                batch.append(more)
            speaker.say(batch)


class _Speaker:
    """Sends, and while that fails does not try too often. What was lost is followed by a GAP."""

    def __init__(self, client: Redis, channel: str, gap: str) -> None:
        self._client = client
        self._channel = channel
        self._gap = gap
        self._has_lost = False
        self._tries = 0
        self._next_try = 0.0

    @property
    def wait_seconds(self) -> float:
        """How long it can wait for something to say."""
        return max(self._next_try - time.monotonic(), 0.01) if self._has_lost else FOREVER

    def say(self, batch: list[str]) -> None:
        from redis import RedisError

        # There is a GAP in the batch if more was published than could be sent.
        self._has_lost = self._has_lost or GAP in batch
        if time.monotonic() < self._next_try:
            self._has_lost = True
            return
        try:
            pipeline = self._client.pipeline(transaction=False)
            for each in [self._gap, *batch] if self._has_lost else batch:
                if each != GAP:
                    pipeline.publish(self._channel, each)
            pipeline.execute()
        except (RedisError, OSError):
            self._has_lost = True
            self._next_try = time.monotonic() + _wait_after(self._tries)
            self._tries += 1
        else:
            self._has_lost, self._tries, self._next_try = False, 0, 0.0


def _wait_after(tries: int) -> float:
    """Doubled each time, and never the same for two processes."""
    most = min(FIRST_WAIT_SECONDS * 2.0 ** min(tries, 10), LONGEST_WAIT_SECONDS)
    return most * random.uniform(0.5, 1.0)  # noqa: S311
