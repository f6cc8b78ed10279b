"""All rooms of this process, and the watch over who may still be in them."""

from __future__ import annotations

import threading
import time
from uuid import UUID

import structlog
from flask import Flask

from app.api.inbox_feed import InboxFeed
from app.api.inbox_room import InboxRoom
from app.edge.open_lines import end
from app.errors import NotFound
from app.services.log.audience import ProcessAudience
from app.services.people import sessions
from app.services.team import screens

log = structlog.get_logger(__name__)
CHECKED_EVERY = 3.0
SIGNED_OUT, NO_ACCESS = 4401, 4403


class InboxHall:
    """A room is there for as long as somebody is in it."""

    def __init__(self, app: Flask, audience: ProcessAudience) -> None:
        self._app = app
        self._audience = audience
        self._rooms: dict[UUID, InboxRoom] = {}
        self._lock = threading.Lock()
        self._watch: threading.Thread | None = None

    def enter(self, feed: InboxFeed) -> InboxRoom:
        organization_id = feed.actor.organization_id
        with self._lock:
            room = self._rooms.get(organization_id)
            if room is None:
                room = self._rooms[organization_id] = InboxRoom(self._app, organization_id)
                # Whoever comes in next finds a room that hears already.
                self._audience.join(organization_id, room.hear)
            room.feeds.append(feed)
            if self._watch is None:
                self._watch = threading.Thread(target=self._watch_over, name="inbox", daemon=True)
                self._watch.start()
        return room

    def leave(self, feed: InboxFeed) -> None:
        """Its screen goes with it, unless the same one is there by another socket."""
        organization_id = feed.actor.organization_id
        with self._lock:
            room = self._rooms.get(organization_id)
            if room is None or feed not in room.feeds:
                return
            room.feeds.remove(feed)
            left = list(room.feeds)
            if not left:
                del self._rooms[organization_id]
        if not left:
            self._audience.leave(organization_id, room.hear)
        with self._app.app_context():
            same = [each for each in left if each.screen_id == feed.screen_id]
            if same:
                _show_again(same[-1])
            else:
                screens.close(feed.actor, feed.screen_id)

    def renew(self) -> None:
        """The open screens are still open."""
        rooms, feeds = self._inside()
        if not feeds:
            return
        known = screens.renew({feed.screen_id for feed in feeds}, {feed.user_id for feed in feeds})
        for feed in feeds:
            if feed.screen_id not in known:
                _show_again(feed)
        for room in rooms:
            room.look_around()

    def _inside(self) -> tuple[list[InboxRoom], list[InboxFeed]]:
        with self._lock:
            rooms = list(self._rooms.values())
            return rooms, [feed for room in rooms for feed in room.feeds]

    def _watch_over(self) -> None:
        """Access that has ended ends every socket within seconds, whichever way it ended (A7)."""
        renewed = 0.0
        while self._is_wanted():
            try:
                with self._app.app_context():
                    if time.monotonic() - renewed > screens.RENEWED_EVERY.total_seconds():
                        self.renew()
                        renewed = time.monotonic()
                    self._check(self._inside()[1])
            except Exception:
                log.exception("inbox_watch_failed")

    def _is_wanted(self) -> bool:
        """After a while: whether anybody is still here. Whoever comes next begins anew."""
        time.sleep(CHECKED_EVERY)
        with self._lock:
            if not self._rooms:
                self._watch = None
            return self._watch is not None

    def _check(self, feeds: list[InboxFeed]) -> None:
        roles = sessions.roles_of({feed.session_id for feed in feeds}) if feeds else {}
        for feed in feeds:
            show_out(feed, roles.get(feed.session_id))


def _show_again(feed: InboxFeed) -> None:
    """A socket that was cut off, in whatever process, has taken its screen along when it ended."""
    try:
        screens.show(feed.actor, feed.screen_id, feed.conversation_id)
    except NotFound:
        # What it shows has been erased, and it has been told so.
        return


def show_out(feed: InboxFeed, role: object) -> None:
    """End a socket whose session opens nothing any more, or opens something else."""
    if role is None:
        end(feed.line, "signed_out", code=SIGNED_OUT)
    elif role is not feed.actor.role:
        end(feed.line, "role_changed", 500, code=NO_ACCESS)


def install_inbox(app: Flask) -> None:
    app.extensions["inbox_hall"] = InboxHall(app, app.extensions["audience"])
