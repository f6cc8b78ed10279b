"""Shapes of conversations, as the team sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.api.schemas.common import Fact, Given, Line, Listed, Shown
from app.api.schemas.frames import ClientId, Seq
from app.api.schemas.inbox import DraftShown, FailedShown, TagName
from app.services.inbox.desk import ConversationStatus, Deadline, Priority, Speaker
from app.services.inbox.lists import Pile, Sort
from app.services.inbox.message_search import Match

Cursor = Annotated[str | None, Field(max_length=300, description="`next_cursor` of the last page")]
Limit = Annotated[int, Field(ge=1, le=200)]
Asked = Annotated[Line, Field(max_length=200)]


class ContactNamed(Shown):
    id: UUID
    name: str
    email: str | None


class PersonNamed(Shown):
    id: UUID
    name: str
    picture_url: str | None


class ConversationShown(Shown):
    id: UUID
    number: int
    status: ConversationStatus
    speaker: Speaker
    epoch: int
    last_seq: int
    preview: str
    unread: int = Field(description="Events that nobody of the team has seen")
    priority: Priority
    priority_reasons: list[str]
    mood: float = Field(description="From -1 (angry) to 1 (happy)")
    escalated_at: datetime | None = Field(description="Since when a person is wanted")
    waiting_since: datetime | None = Field(description="Since when the visitor waits")
    waiting_for_person: bool
    rating: int | None
    visitor_read_seq: int
    team_read_seq: int
    locale: str
    created_at: datetime
    last_event_at: datetime
    snoozed_until: datetime | None = Field(description="Out of the way until then")
    tags: list[str]
    first_reply_at: datetime | None = Field(description="When a person first answered")
    due_at: datetime | None = Field(description="By when a person should answer")
    due_kind: Deadline | None
    breached_at: datetime | None
    merged_into_id: UUID | None = Field(description="Where it goes on")
    mood_overruled_at: datetime | None = Field(
        description="Since when it counts as a false alarm that the visitor was angry"
    )
    priority_is_set: bool = Field(description="Somebody of the team has set the priority")
    contact: ContactNamed | None
    person: PersonNamed | None = Field(description="Who takes care of it")


class ConversationPage(Listed[ConversationShown]):
    pass


class VisitorSeen(Shown):
    id: UUID
    identified: bool = Field(description="Whether the host site has vouched for who it is")
    blocked: bool
    locale: str
    page_url: str
    page_title: str
    last_seen_at: datetime


class MoodShown(Shown):
    seq: int
    at: datetime
    reading: dict[str, Any] = Field(description="Label, score, and what it was read from")


class TicketNamed(Shown):
    id: UUID
    number: int
    subject: str
    status: str
    priority: Priority


class NumberNamed(Shown):
    id: UUID
    number: int


class OtherShown(NumberNamed):
    status: ConversationStatus
    preview: str
    last_event_at: datetime


class WholeConversationShown(ConversationShown):
    page_url: str = Field(description="Where it began")
    page_title: str
    rating_comment: str
    closed_at: datetime | None
    visitor: VisitorSeen | None
    moods: list[MoodShown]
    ticket: TicketNamed | None = Field(description="The one that is open")
    drafts: list[DraftShown] = Field(
        description="What one has begun to write, a reply and a note at most; that on top first"
    )
    earlier: int = Field(description="How many other conversations this person has had")
    others: list[OtherShown] = Field(description="The newest of them")
    phone: str
    attributes: dict[str, Fact] = Field(description="What else is known of the contact")
    blocked: bool
    merged_from: list[NumberNamed] = Field(description="Those that go on in this one")


class Narrowed(Given):
    """What narrows a list, whether it is sorted or searched."""

    status: Pile | None = Field(None, description="`open` is without what is snoozed")
    speaker: Speaker | None = None
    assignee: Literal["me", "none"] | UUID | None = Field(
        None, description="`me`, `none` or the id of a colleague"
    )
    escalated: bool | None = Field(None, description="Whether a person is wanted")
    waiting: bool | None = Field(None, description="Whether the visitor waits for an answer")
    priority: Priority | None = None
    contact_id: UUID | None = None
    tag: TagName | None = None
    mentioned: bool | None = Field(None, description="Where one was called in a note")
    cursor: Cursor = None
    limit: Limit = 50


class ConversationQuery(Narrowed):
    q: Asked = Field("", description="Words, a name, an address or a number")
    sort: Sort = Sort.NEWEST


class AuthorShown(Shown):
    kind: str
    id: UUID | None
    name: str
    picture_url: str | None


class EventShown(Shown):
    """Beside these the facts of its kind stand here as in the visitor's frames."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    seq: int
    kind: str
    author: AuthorShown
    created_at: datetime
    text: str
    client_id: str | None = None
    reading: dict[str, Any] | None = Field(None, description="How the visitor sounded")
    feedback: str | None = None
    inside: dict[str, Any] = Field(description="For the team alone")


class EventPage(Shown):
    items: list[EventShown]
    more: bool = Field(description="Whether there is more in the direction that was asked for")
    last_seq: int


class EventQuery(Given):
    after_seq: Seq | None = None
    before_seq: Seq | None = None
    around_seq: Seq | None = Field(None, description="As many lines before this number as after it")
    limit: Limit = 100


class TextWritten(Given):
    """Without a file there has to be a text."""

    text: str = Field("", max_length=8_000)
    client_id: ClientId = Field(
        description="Of your own making; the same one sent again adds nothing"
    )
    attachments: list[UUID] = Field(
        default_factory=list, max_length=5, description="What `POST /attachments` has given ids to"
    )
    keep_draft: bool = Field(
        False, description="What is begun is not this any more, but what is to be said next"
    )


class ReplyWritten(TextWritten):
    close: bool = Field(False, description="Close the conversation with it")
    earlier: list[TextWritten] = Field(
        default_factory=list,
        max_length=20,
        description="What was written before it and may not have arrived: it goes first",
    )


class NoteWritten(TextWritten):
    mentions: list[UUID] = Field(
        default_factory=list, max_length=20, description="Colleagues who should look at it"
    )


class Written(Shown):
    event: EventShown
    conversation: ConversationShown


class ConversationChange(Given):
    """What is left out stays as it is."""

    priority: Priority | None = Field(None, description="null: let the assistant decide again")
    assignee_id: UUID | None = Field(None, description="null: nobody in particular")
    tags: list[TagName] | None = Field(None, max_length=20, description="All of them; null: none")
    add_tags: list[TagName] = Field(
        default_factory=list, max_length=20, description="What others have put on it stays"
    )
    remove_tags: list[TagName] = Field(default_factory=list, max_length=20)
    snoozed_until: datetime | None = Field(None, description="null ends the snooze")


class BulkDone(Shown):
    done: list[ConversationShown]
    failed: list[FailedShown]


class ReadGiven(Given):
    seq: Seq


class TypingGiven(Given):
    typing: bool = True


class TranscriptQuery(Given):
    notes: bool = Field(False, description="With the team's private notes")


class SearchQuery(Narrowed):
    q: Line = Field(min_length=1, max_length=200)


class PieceShown(Shown):
    text: str
    is_marked: bool


class FoundShown(Shown):
    conversation: ConversationShown
    match: Match = Field(description="By what it was found")
    seq: int | None = Field(description="Of the newest message that fits")
    message_id: UUID | None
    snippet: list[PieceShown]
    is_close: bool = Field(description="Found by words that are almost the same")


class FoundPage(Listed[FoundShown]):
    pass


class FeedbackGiven(Given):
    value: Literal["up", "down"] | None = Field(description="null takes it back")
    reason: Literal["wrong", "incomplete", "not_what_i_asked", "tone", "other"] | None = None
    comment: str = Field("", max_length=1_000)


class OpinionShown(Shown):
    value: str
    reason: str
    comment: str
    by: str = ""
    at: datetime | None = None


class FeedbackShown(Shown):
    message_id: UUID
    visitor: OpinionShown | None
    team: OpinionShown | None
