"""The room in which the agents of one organization sit, as far as this process knows them.

It hears everything that is told about the organization once, asks the database once, and
tells all its screens. What it hears is dealt with in order, on a thread that exists as long as
there is something to do; the thread that listens to the bus waits for nothing.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import asdict
from typing import Any
from uuid import UUID

import structlog
from flask import Flask

from app.api import desk_frames
from app.api.inbox_feed import Frame, InboxFeed
from app.api.schemas.common import shown
from app.api.schemas.conversations import ConversationShown, EventShown
from app.services.answering.assistants import profile_of
from app.services.inbox import desk
from app.services.log.event_log import Logged, line_from_json
from app.services.log.telling import Hint
from app.services.people.organizations import get_organization
from app.services.states import State, pictures_of, state_from_json
from app.services.team import screens

log = structlog.get_logger(__name__)
LONGEST_BRIEF = 160
Told = dict[str, Any] | None


class InboxRoom:
    """The screens of one organization, and the answers that are being made for its visitors."""

    def __init__(self, app: Flask, organization_id: UUID) -> None:
        self.feeds: list[InboxFeed] = []
        self._app = app
        self._organization_id = organization_id
        self._waiting: deque[Told] = deque()
        self._is_working = False
        self._lock = threading.Lock()
        self._live: dict[UUID, Frame] = {}
        # Who was last said to look at which conversation.
        self._seen: dict[str, list[str]] = {}

    def hear(self, hint: Told) -> None:
        """Called on the thread that listens to the bus."""
        with self._lock:
            self._waiting.append(hint)
            if self._is_working:
                return
            self._is_working = True
        threading.Thread(target=self._work, name="inbox-room", daemon=True).start()

    def live_of(self, state: State) -> Frame | None:
        """The answer that is being made there, as far as it has been released.

        A sentence may be told a moment after somebody has taken over: it is void.
        """
        live = self._live.get(state.id)
        return None if live is None or live["epoch"] < state.epoch else live

    def look_around(self) -> None:
        """Say who has gone without a word: with a process that died, nobody else tells of it."""
        viewers = screens.all_viewers(self._organization_id)
        there = {str(key): [str(each) for each in ids] for key, ids in viewers.items()}
        before = self._seen.copy()
        for conversation_id in before.keys() | there.keys():
            now_there = there.get(conversation_id, [])
            if before.get(conversation_id, []) != now_there:
                frame = {"conversation_id": conversation_id, "viewers": now_there}
                self._tell({"type": "viewers"} | frame)
        self._seen = there

    def _work(self) -> None:
        while True:
            with self._lock:
                hints = list(self._waiting)
                self._waiting.clear()
                if not hints:
                    self._is_working = False
                    return
            try:
                with self._app.app_context():
                    self._deal_with(hints)
            except Exception:
                log.exception("inbox_not_told")
                self._tell({"type": "resync"})

    def _deal_with(self, hints: list[Told]) -> None:
        changed: dict[UUID, tuple[State, Logged | None]] = {}
        for hint in hints:
            if hint is None:
                self._live.clear()
                self._tell({"type": "resync"})
                continue
            if "state" in hint:
                state = state_from_json(hint["state"])
                line = line_from_json(hint["line"]) if hint["hint"] == Hint.EVENT else None
                _, before = changed.get(state.id, (None, None))
                changed[state.id] = (state, line or before)
                if line is not None:
                    self._live.pop(state.id, None)
                    self._pass_on(line)
            self._tell_around(hint)
        if changed:
            self._tell_changed(changed)

    def _pass_on(self, line: Logged) -> None:
        """To the screens on which its conversation is open."""
        shape = event_shape(self._organization_id)
        for feed in list(self.feeds):
            feed.hear(line, shape)

    def _tell_changed(self, changed: dict[UUID, tuple[State, Logged | None]]) -> None:
        states = [state for state, _ in changed.values() if state.last_seq]
        for case in desk.cases_of(states):
            frame: Frame = {
                "type": "changed",
                "conversation": shown(ConversationShown, desk_frames.case_frame(case)),
            }
            if line := changed[case.state.id][1]:
                frame["event"] = _brief(line)
            self._tell(frame)
        self._tell({"type": "counts"})

    def _tell_around(self, hint: dict[str, Any]) -> None:
        """What needs no look into the database."""
        kind = Hint(hint["hint"])
        if kind is Hint.NOTIFY:
            # A ticket need not be about a conversation.
            self._notify(hint)
            return
        if hint["conversation_id"] is None:
            self._tell_of_the_team(kind, hint)
            return
        conversation_id = UUID(hint["conversation_id"])
        if kind in {Hint.DELTA, Hint.WITHHELD}:
            self._keep_live(conversation_id, kind, hint[kind.value])
        elif kind is Hint.GONE:
            self._live.pop(conversation_id, None)
            self._tell({"type": "gone", "conversation_id": hint["conversation_id"]})
        elif kind is Hint.VIEWERS:
            self._seen[hint["conversation_id"]] = hint["viewers"]
            self._tell(_about(hint, "viewers", "viewers"))
            return
        if frame := _around(kind, hint):
            for feed in list(self.feeds):
                if hint.get("user_id") != str(feed.user_id):
                    feed.hear_around(conversation_id, frame)

    def _tell_of_the_team(self, kind: Hint, hint: dict[str, Any]) -> None:
        if kind is Hint.PERSON:
            self._tell({"type": "person"} | hint["person"])
        elif kind is Hint.VIEWS:
            self._tell({"type": "views_changed"})

    def _notify(self, hint: dict[str, Any]) -> None:
        frame = {"type": "notify", "kind": hint["kind"]} | {
            key: hint.get(key) for key in ("conversation_id", "number", "title", "text", "seq")
        }
        for feed in list(self.feeds):
            if str(feed.user_id) in hint["user_ids"]:
                feed.send(frame)

    def _keep_live(self, conversation_id: UUID, kind: Hint, said: dict[str, Any]) -> None:
        """For whoever opens it in the middle: what was said so far, and what was kept back."""
        live = self._live.get(conversation_id)
        made_in = {name: said[name] for name in ("answer_id", "attempt", "epoch")}
        if live is None or any(live[name] != said[name] for name in made_in):
            live = self._live[conversation_id] = made_in | {"sentences": [], "withheld": []}
        if kind is Hint.WITHHELD:
            live["withheld"].append(said)
        elif said["index"] < 0:
            live["sentences"] = []
        else:
            live["sentences"].append(said)

    def _tell(self, frame: Frame) -> None:
        for feed in list(self.feeds):
            feed.send(frame)


def event_shape(organization_id: UUID) -> Any:
    """How a line of the log is shown to this team; the answer is a whole frame."""
    assistant = profile_of(get_organization(organization_id)).name

    def shape(line: Logged) -> Frame:
        return {
            "type": "event",
            "conversation_id": str(line.conversation_id),
            "event": _shown_event(line, assistant),
        }

    return shape


def _shown_event(line: Logged, assistant: str) -> Frame:
    """One line with everything that the team may know of it."""
    is_person = line.author == "person" and line.author_id is not None
    pictures = pictures_of([line.author_id] if is_person and line.author_id else [])
    return shown(EventShown, desk_frames.event_frame(line, assistant, pictures))


def _around(kind: Hint, hint: dict[str, Any]) -> Frame | None:
    if kind is Hint.DELTA:
        return _about(hint, "delta") | dict(hint["delta"])
    if kind is Hint.WITHHELD:
        return _about(hint, "withheld") | dict(hint["withheld"])
    if kind in {Hint.TYPING, Hint.NOTING}:
        frame = _about(hint, "typing", "who", "user_id", "name", "typing", "phase")
        return frame | {"note": kind is Hint.NOTING}
    if kind is Hint.READ:
        return _about(hint, "read", "who", "seq")
    if kind in {Hint.READING, Hint.FEEDBACK}:
        return _about(hint, "updated", "message_id", "reading", "value", "reason", "who")
    return None


def _about(hint: dict[str, Any], kind: str, *names: str) -> Frame:
    frame: Frame = {"type": kind, "conversation_id": hint["conversation_id"]}
    return frame | {name: hint[name] for name in names if name in hint}


def _brief(line: Logged) -> Frame:
    told = {key: asdict(line)[key] for key in ("seq", "kind", "author_name")}
    return told | {"author_kind": line.author, "text": line.text[:LONGEST_BRIEF]}
