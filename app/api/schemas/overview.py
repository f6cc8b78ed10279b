"""Shapes of the overview."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.api.schemas.common import Shown
from app.api.schemas.conversations import ConversationShown
from app.api.schemas.inbox_frames import ColleagueShown as Person


class WaitingShown(Shown):
    for_person: int
    unassigned: int
    overdue: int = Field(description="Whose deadline is over")
    longest_since: datetime | None
    first: list[ConversationShown] = Field(description="Those who have waited longest")


class ColleagueAtWork(Shown):
    user: Person
    is_here: bool = Field(description="The inbox is open on a screen")
    open_conversations: int


class TodayShown(Shown):
    conversations: int
    answered: int
    handed_over: int
    closed: int
    thumbs_up: int
    thumbs_down: int


class UnansweredShown(Shown):
    question: str
    conversation_id: UUID
    at: datetime


class TroubleShown(Shown):
    kind: str = Field(
        description="late, poor_rating, model_failed, false_alarm, document_failed or mail_failed"
    )
    count: int


class OverviewShown(Shown):
    waiting: WaitingShown
    colleagues: list[ColleagueAtWork]
    today: TodayShown
    unanswered: list[UnansweredShown]
    troubles: list[TroubleShown]
