"""How the stub of a language model may behave: well, or in each of the ways that real ones fail."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Behaviour:
    """How one request is answered. `after` counts the tokens that come before it goes wrong."""

    name: str = "answer"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    tokens: int | None = None
    delay_ms: float = 0.0
    first_delay_ms: float = 0.0
    after: int = 5
    finish: str = "stop"
    usage: bool = True


ANSWER = Behaviour()
OBEY = Behaviour("obey")
STALL = Behaviour("stall")
STALL_AFTER_HEADERS = Behaviour("stall_after_headers")
DRIP = Behaviour("drip")
STALL_MIDWAY = Behaviour("stall_midway")
CUT = Behaviour("cut")
CUT_POLITELY = Behaviour("cut_politely")
LOOP = Behaviour("loop")
EMPTY = Behaviour(text="")
RUBBISH = Behaviour("rubbish")
BAD_EVENTS = Behaviour("bad_events")
HTML_PAGE = Behaviour("html")
DOWN = Behaviour("html", status=503)
BROKEN = Behaviour("error", status=500)
UNAUTHORIZED = Behaviour("error", status=401)
NO_SUCH_MODEL = Behaviour("error", status=404)
FAILS_MIDWAY = Behaviour("error_midway")


def slow_down(seconds: float | None) -> Behaviour:
    """429, with the seconds to wait if there are any."""
    headers = {} if seconds is None else {"Retry-After": f"{seconds:g}"}
    return Behaviour("error", status=429, headers=headers)
