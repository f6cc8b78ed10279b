"""Conversations, for the team: reading, answering, taking over, closing, finding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from app.api import desk_frames
from app.api.access import signed_in
from app.api.downloads import PLAIN_TEXT, as_text
from app.api.schemas.common import ById, shown
from app.api.schemas.conversations import (
    ConversationChange,
    ConversationPage,
    ConversationQuery,
    ConversationShown,
    EventPage,
    EventQuery,
    FeedbackGiven,
    FeedbackShown,
    FoundPage,
    Narrowed,
    NoteWritten,
    ReadGiven,
    ReplyWritten,
    SearchQuery,
    TextWritten,
    TranscriptQuery,
    TypingGiven,
    WholeConversationShown,
    Written,
)
from app.edge.asking import principal
from app.services.actors import Actor
from app.services.answering.assistants import profile_of
from app.services.conversation import feedback, speaking
from app.services.exporting import exports
from app.services.inbox import desk, handling, replying
from app.services.inbox.lists import Filters
from app.services.inbox.replying import Reply
from app.services.log.event_log import Logged
from app.services.people.api_keys import Scope
from app.services.states import State, pictures_of
from app.services.team import screens

api = APIBlueprint(
    "conversations", __name__, url_prefix="/api", abp_tags=[Tag(name="Conversations")]
)
READ, WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE


@api.get("/conversations", responses={200: ConversationPage})
@signed_in(scope=READ)
def list_conversations(query: ConversationQuery) -> dict[str, Any]:
    """The organization's conversations, filtered and sorted."""
    cases, cursor = desk.list_cases(
        principal().organization.id, filters_of(query), query.sort, query.cursor, query.limit
    )
    items = [desk_frames.case_frame(each) for each in cases]
    return shown(ConversationPage, {"items": items, "next_cursor": cursor})


@api.get("/conversations/search", responses={200: FoundPage})
@signed_in(scope=READ)
def search(query: SearchQuery) -> dict[str, Any]:
    """Find conversations by what was said, by name or address, or by number.

    Where next to nothing is found, what is almost the same is found too, and says so.
    """
    found, cursor = desk.search(
        principal().organization.id, filters_of(query), query.q, query.cursor, query.limit
    )
    cases = desk.cases_of([each.state for each in found])
    items = [desk_frames.found_frame(*pair) for pair in zip(found, cases, strict=True)]
    return shown(FoundPage, {"items": items, "next_cursor": cursor})


@api.get("/conversations/<uuid:id>", responses={200: WholeConversationShown})
@signed_in(scope=READ)
def get_conversation(path: ById) -> dict[str, Any]:
    """One conversation with its visitor, its moods and its open ticket."""
    whole = desk.get_whole_case(principal().organization.id, path.id, principal().user.id)
    return shown(WholeConversationShown, desk_frames.whole_case_frame(whole))


@api.patch("/conversations/<uuid:id>", responses={200: ConversationShown})
@signed_in(scope=WRITE)
def change_conversation(path: ById, body: ConversationChange) -> dict[str, Any]:
    """Set its priority, who takes care of it, its tags, or until when it is snoozed."""
    changes = body.model_dump(exclude_unset=True)
    if "tags" in changes:
        changes["tags"] = changes["tags"] or []
    return _stood(handling.change(principal().actor(), path.id, changes))


@api.get("/conversations/<uuid:id>/messages", responses={200: EventPage})
@signed_in(scope=READ)
def list_messages(path: ById, query: EventQuery) -> dict[str, Any]:
    """Messages, notes and other events, oldest first; without a number the newest ones."""
    thread = desk.lines_of(
        principal().organization.id,
        path.id,
        after_seq=query.after_seq,
        before_seq=query.before_seq,
        around_seq=query.around_seq,
        limit=query.limit,
    )
    return shown(EventPage, desk_frames.event_page_frame(thread, _assistant()))


@api.post("/conversations/<uuid:id>/messages", responses={201: Written, 409: None})
@signed_in(scope=WRITE)
def reply(path: ById, body: ReplyWritten) -> tuple[dict[str, Any], int]:
    """Answer the visitor. Whoever answers has the word; the assistant is silent from then on."""
    earlier = [_reply(each) for each in body.earlier]
    said = replying.reply_in_turn(_speaker(), path.id, earlier, _reply(body), and_close=body.close)
    return _written(*said), 201


@api.post("/conversations/<uuid:id>/notes", responses={201: Written, 409: None})
@signed_in(scope=WRITE)
def add_note(path: ById, body: NoteWritten) -> tuple[dict[str, Any], int]:
    """Note something for the team. The visitor never sees it."""
    noted = speaking.note(
        _speaker(),
        path.id,
        body.text,
        body.client_id,
        called=body.mentions,
        attached=body.attachments,
        keep_draft=body.keep_draft,
    )
    return _written(*noted), 201


@api.post("/conversations/<uuid:id>/takeover", responses={200: ConversationShown})
@signed_in(scope=WRITE)
def take_over(path: ById) -> dict[str, Any]:
    """Take the word. What the assistant was saying is not said any more."""
    return _stood(speaking.take_over(_speaker(), path.id))


@api.post("/conversations/<uuid:id>/hand-back", responses={200: ConversationShown})
@signed_in(scope=WRITE)
def hand_back(path: ById) -> dict[str, Any]:
    """Give the word back to the assistant."""
    return _stood(speaking.hand_back(_speaker(), path.id))


@api.post("/conversations/<uuid:id>/close", responses={200: ConversationShown})
@signed_in(scope=WRITE)
def close(path: ById) -> dict[str, Any]:
    """Close it. The visitor opens it again by writing."""
    return _stood(speaking.close(_speaker(), path.id))


@api.post("/conversations/<uuid:id>/reopen", responses={200: ConversationShown})
@signed_in(scope=WRITE)
def reopen(path: ById) -> dict[str, Any]:
    """Open a closed one again."""
    return _stood(speaking.reopen(_speaker(), path.id))


@api.post("/conversations/<uuid:id>/read", responses={204: None})
@signed_in(scope=WRITE)
def note_read(path: ById, body: ReadGiven) -> tuple[str, int]:
    """Say how far the team has read; the visitor sees it."""
    desk.note_read(principal().actor(), path.id, body.seq)
    return "", 204


@api.post("/conversations/<uuid:id>/typing", responses={204: None})
@signed_in(scope=WRITE)
def tell_typing(path: ById, body: TypingGiven) -> tuple[str, int]:
    """Show the visitor that somebody is writing."""
    screens.tell_typing(_speaker(), path.id, typing=body.typing, note=False)
    return "", 204


@api.get("/conversations/<uuid:id>/transcript", responses={200: PLAIN_TEXT})
@signed_in(scope=READ)
def get_transcript(path: ById, query: TranscriptQuery) -> Response:
    """The conversation as plain text, to be saved."""
    state, text = exports.as_text(principal().organization.id, path.id, notes=query.notes)
    return as_text(text, f"conversation-{state.number}.txt")


@api.get("/messages/<uuid:id>/feedback", responses={200: FeedbackShown})
@signed_in(scope=READ)
def get_feedback(path: ById) -> dict[str, Any]:
    """What the visitor thinks of a message, and what the team thinks of it."""
    return shown(FeedbackShown, feedback.on_message(principal().organization.id, path.id))


@api.post("/messages/<uuid:id>/feedback", responses={200: FeedbackShown, 409: None})
@signed_in(scope=WRITE)
def give_feedback(path: ById, body: FeedbackGiven) -> dict[str, Any]:
    """Judge an answer of the assistant's. What the visitor has said of it stays."""
    given = feedback.give_as_team(
        principal().actor(), path.id, body.value, body.reason or "", body.comment
    )
    return shown(FeedbackShown, given)


def filters_of(query: Narrowed) -> Filters:
    """What a list or an export is narrowed by."""
    return Filters(
        status=query.status,
        speaker=query.speaker,
        assignee=principal().user.id if query.assignee == "me" else query.assignee,
        escalated=query.escalated,
        waiting=query.waiting,
        priority=query.priority,
        contact_id=query.contact_id,
        tag=query.tag.lower() if query.tag else None,
        mentioned=principal().user.id if query.mentioned else None,
        asked=query.q if isinstance(query, ConversationQuery) else "",
    )


def _reply(written: TextWritten) -> Reply:
    return Reply(written.text, written.client_id, written.attachments, written.keep_draft)


def _speaker() -> Actor:
    """Visitors see the name: that of the person, also where a program speaks with their key."""
    return replace(principal().actor(), name=principal().user.name)


def _assistant() -> str:
    return profile_of(principal().organization).name


def _written(state: State, line: Logged) -> dict[str, Any]:
    pictures = pictures_of([line.author_id] if line.author_id else [])
    said = {
        "event": desk_frames.event_frame(line, _assistant(), pictures),
        "conversation": desk_frames.case_frame(desk.cases_of([state])[0]),
    }
    return shown(Written, said)


def _stood(state: State) -> dict[str, Any]:
    return shown(ConversationShown, desk_frames.case_frame(desk.cases_of([state])[0]))
