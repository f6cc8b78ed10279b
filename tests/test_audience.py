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
