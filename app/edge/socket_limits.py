"""How much a socket, a visitor, an address and an organization may send (W6)."""

from __future__ import annotations

import time

import structlog
from flask import current_app
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.errors import TooMany
from app.extensions import limiter

log = structlog.get_logger(__name__)
FRAMES_AT_ONCE, FRAMES_A_SECOND = 60.0, 10.0
MESSAGES: dict[str, RateLimitItem] = {
    "visitor": parse("20/minute"),
    "address": parse("120/minute"),
    "organization": parse("6000/minute"),
}
MAIL = {
    "visitor": parse("5/hour"),
    "address": parse("20/hour"),
    "mailbox": parse("5/hour"),
    "organization": parse("500/hour"),
}
UPLOADS = {"visitor": parse("30/hour"), "address": parse("120/hour")}
SOCKETS_PER_ADDRESS = parse("120/minute")
SLOWLY = "You are sending very fast. Please wait a moment."
BUSY = "Too many messages at once. Please wait a moment and try again."
# While Redis is away every process counts for itself: less exact, and still a limit.
_alone = FixedWindowRateLimiter(MemoryStorage())


class Allowance:
    """Frames of one socket: some at once, then so many a second."""

    def __init__(self) -> None:
        self._left = FRAMES_AT_ONCE
        self._at = time.monotonic()

    def take(self) -> None:
        moment = time.monotonic()
        self._left = min(FRAMES_AT_ONCE, self._left + (moment - self._at) * FRAMES_A_SECOND)
        self._at = moment
        if self._left < 1:
            raise TooMany(SLOWLY)
        self._left -= 1


def check_message(visitor: str, address: str, organization: str) -> None:
    """Count a message for everybody it belongs to."""
    who = {"visitor": visitor, "address": address, "organization": organization}
    for kind, limit in MESSAGES.items():
        _hit(limit, kind, who[kind])


def check_mail(visitor: str, address: str, mailbox: str, organization: str) -> None:
    """Count a mail that a visitor asks for: nobody is to flood strangers through us.

    To be somebody new costs nothing, so it is counted where it comes from and where it goes too.
    """
    who = {"visitor": visitor, "address": address, "mailbox": mailbox, "organization": organization}
    for kind, limit in MAIL.items():
        _hit(limit, f"mail_{kind}", who[kind])


def check_upload(visitor: str, address: str) -> None:
    """Count a file for the visitor and for the address."""
    _hit(UPLOADS["visitor"], "upload", visitor)
    _hit(UPLOADS["address"], "upload_address", address)


def check_connection(address: str) -> None:
    """Count a new socket of this address."""
    _hit(SOCKETS_PER_ADDRESS, "sockets", address)


def _hit(limit: RateLimitItem, kind: str, who: str) -> None:
    if not current_app.config["FRONTDESK"].rate_limits_enabled or not who:
        return
    try:
        within = limiter.limiter.hit(limit, "chat", kind, who)
    except Exception as error:  # noqa: BLE001
        # Whatever is wrong with the store of limits, visitors are not to feel it.
        log.warning("limits_alone", reason=type(error).__name__)
        within = _alone.hit(limit, "chat", kind, who)
    if not within:
        raise TooMany(BUSY)
