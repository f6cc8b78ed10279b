"""Listening to what happens to conversations, within one process."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

from app.adapters.event_bus import MemoryBus
from app.json_text import json_text
from app.services.log.audience import ProcessAudience
from app.services.log.telling import TOPIC


def test_one_listener_that_fails_does_not_make_the_others_deaf() -> None:
    bus = MemoryBus()
    audience = ProcessAudience(bus)
    conversation = uuid4()
    heard: list[Any] = []
    told = threading.Event()

    def fail(_: Any) -> None:
        raise RuntimeError("This listener has gone.")

    def hear(hint: Any) -> None:
        heard.append(hint)
        told.set()

    audience.join(conversation, fail)
    audience.join(conversation, hear)
    nobody = str(uuid4())
    hint = {"conversation_id": str(conversation), "visitor_id": nobody, "organization_id": nobody}
    bus.publish(TOPIC, json_text(hint))
    assert told.wait(2)
    assert heard == [hint]


def test_what_comes_together_is_settled_together() -> None:
    bus = MemoryBus()
    audience = ProcessAudience(bus)
    conversation = uuid4()
    order: list[str] = []
    first_is_heard, go_on, settled = threading.Event(), threading.Event(), threading.Event()

    def hear(hint: Any) -> None:
        order.append(hint["word"])
        first_is_heard.set()
        go_on.wait(2)

    def settle() -> None:
        order.append("settled")
        settled.set()

    audience.join(conversation, hear, settle)
    nobody = str(uuid4())
    of = {"conversation_id": str(conversation), "visitor_id": nobody, "organization_id": nobody}
    bus.publish(TOPIC, json_text({"word": "one"} | of))
    assert first_is_heard.wait(2)
    bus.publish(TOPIC, json_text({"word": "two"} | of))
    bus.publish(TOPIC, json_text({"word": "three"} | of))
    go_on.set()
    assert settled.wait(2)
    assert order == ["one", "two", "three", "settled"]
