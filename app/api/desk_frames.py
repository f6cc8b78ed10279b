"""Conversations and events as the team reads them: the visitor's frames and what is inside."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from app.api import frames
from app.services.inbox.desk import Case, WholeCase
from app.services.inbox.message_search import Found
from app.services.log.event_log import Logged
from app.services.log.threads import Thread
from app.services.states import pictures_of


def case_frame(case: Case) -> dict[str, Any]:
    """A conversation as it lies on the desk."""
    return asdict(case.state) | {
        "unread": case.unread,
        "waiting_for_person": case.state.waits_for_person,
        "contact": case.contact,
        "person": case.person,
    }


def whole_case_frame(whole: WholeCase) -> dict[str, Any]:
    kept, contact = whole.conversation, whole.case.contact
    return case_frame(whole.case) | {
        "page_url": kept.page_url,
        "page_title": kept.page_title,
        "rating_comment": kept.rating_comment,
        "closed_at": kept.closed_at,
        "visitor": whole.visitor,
        "blocked": bool(whole.visitor and whole.visitor.blocked),
        "drafts": whole.drafts,
        "earlier": whole.earlier,
        "others": whole.others,
        "phone": contact.phone if contact else "",
        "attributes": contact.attributes if contact else {},
        "merged_from": whole.merged_from,
        "moods": [
            {"seq": line.seq, "at": line.created_at, "reading": line.reading}
            for line in whole.moods
        ],
        "ticket": whole.ticket,
    }


def event_page_frame(thread: Thread, assistant: str) -> dict[str, Any]:
    pictures = pictures_of(
        line.author_id for line in thread.lines if line.author == "person" and line.author_id
    )
    return {
        "items": [event_frame(line, assistant, pictures) for line in thread.lines],
        "more": thread.more,
        "last_seq": thread.state.last_seq if thread.state else 0,
    }


def event_frame(line: Logged, assistant: str, pictures: dict[UUID, str | None]) -> dict[str, Any]:
    """One line of the log, notes too, with everything that only the team may know of it."""
    frame = frames.event_frame(line, assistant, pictures, files="/api/attachments")
    frame["author"]["id"] = line.author_id
    return dict(line.body) | frame | {"inside": line.inside, "reading": line.reading}


def found_frame(found: Found, case: Case) -> dict[str, Any]:
    return {
        "conversation": case_frame(case),
        "match": found.match,
        "seq": found.line.seq if found.line else None,
        "message_id": found.line.id if found.line else None,
        "snippet": found.snippet,
        "is_close": found.is_close,
    }
