"""Shapes of opening hours and of reply targets."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from app.api.schemas.common import Given, Line, Shown
from app.services.hours.deadlines import MOST_MINUTES
from app.services.hours.schedules import LONGEST_MESSAGE

CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
NOT_A_TIME = "Please give a time of the day such as 09:30."
NOT_A_DAY = "Please give a day of the calendar such as 2026-12-25."


def _clock(said: str) -> str:
    if not CLOCK.fullmatch(said):
        raise ValueError(NOT_A_TIME)
    return said


def _day(said: Any) -> date:
    """Pydantic itself takes numbers for days too."""
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError) as error:
        raise ValueError(NOT_A_DAY) from error


Clock = Annotated[str, Field(max_length=5, examples=["09:30"]), AfterValidator(_clock)]
Day = Annotated[date, BeforeValidator(_day)]
Flag = Annotated[bool, Field(strict=True)]
Minutes = Annotated[int, Field(ge=1, le=MOST_MINUTES, strict=True)]


class SpanGiven(Given):
    start: Clock
    end: Clock = Field(description="00:00 is the end of the day")
    next_day: Flag = Field(False, description="It ends on the day after")


Spans = Annotated[list[SpanGiven], Field(max_length=6)]


class WeekGiven(Given):
    """Several spans a day; a day without any is closed."""

    monday: Spans = Field([])
    tuesday: Spans = Field([])
    wednesday: Spans = Field([])
    thursday: Spans = Field([])
    friday: Spans = Field([])
    saturday: Spans = Field([])
    sunday: Spans = Field([])


class HolidayGiven(Given):
    date: Day
    name: Line = Field("", max_length=80)
    spans: Spans = Field([], description="Left out: closed all day")


class OfflineGiven(Given):
    assistant: Flag = Field(
        True, description="Whether the assistant answers outside of the hours too"
    )
    message: str = Field(
        "", max_length=LONGEST_MESSAGE, description="Added to what visitors are told then"
    )


class HoursGiven(Given):
    time_zone: Line = Field(max_length=64)
    always_open: Flag = False
    week: WeekGiven = WeekGiven()
    holidays: list[HolidayGiven] = Field([], max_length=200)
    offline: OfflineGiven = OfflineGiven()


class HoursNow(Shown):
    open: bool
    closes_at: datetime | None = Field(description="null: closed, or not within two weeks")
    reopens_at: datetime | None = Field(description="null: open, or never")


class HoursShown(Shown):
    time_zone: str
    always_open: bool
    week: WeekGiven
    holidays: list[HolidayGiven]
    offline: OfflineGiven
    now: HoursNow


class TargetGiven(Given):
    """Minutes of open time; null: none."""

    first_reply: Minutes | None
    next_reply: Minutes | None
    resolution: Minutes | None


class TargetsGiven(Given):
    on: Flag = True
    urgent: TargetGiven
    high: TargetGiven
    medium: TargetGiven
    low: TargetGiven


class TargetsShown(Shown):
    on: bool
    urgent: TargetGiven
    high: TargetGiven
    medium: TargetGiven
    low: TargetGiven
