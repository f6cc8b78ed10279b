"""The time that an answer takes: what is measured of it, and when it pauses."""

from __future__ import annotations

import time
from dataclasses import dataclass

from app.adapters.precedence import give_way

# What is released within so many seconds leaves together.
TOGETHER = 0.02


@dataclass
class Clock:
    """What is measured of an answer, and when the lease was last renewed."""

    began: float
    renewed: float
    first_sentence: float | None = None
    paused: float = 0.0

    def milliseconds(self, moment: float | None = None) -> int | None:
        return None if moment is None else round((moment - self.began) * 1000)


def pause(clock: Clock) -> None:
    """What was told leaves now: where threads are greenlets, not before this one pauses."""
    moment = time.perf_counter()
    if clock.first_sentence is None:
        clock.first_sentence = moment
        time.sleep(0)
        # Who has this sentence to read can wait for the next ones while others have none.
        give_way()
    elif moment - clock.paused > TOGETHER:
        time.sleep(0)
    else:
        return
    clock.paused = time.perf_counter()
