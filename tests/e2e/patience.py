"""Waiting for what will be true soon. No test sleeps for a fixed time and hopes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
SECONDS = 20.0
PAUSE = 0.02


def wait_for(look: Callable[[], T], what: str, seconds: float = SECONDS) -> T:
    """The first answer of `look` that is true, or a failure that names what did not happen."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"Within {seconds:g} seconds there was no {what}.")
        time.sleep(PAUSE)
    return found
