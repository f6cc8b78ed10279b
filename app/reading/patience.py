"""A limit on the time of one step, so that one bad page does not cost a whole document."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from app.reading.refusals import PageTooSlow


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise PageTooSlow inside the step after this much work. Only a main thread can be told."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise PageTooSlow
