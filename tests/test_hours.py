"""Opening hours: checked against somebody who looks at the clock every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.hours.hours import (
    Hours,
    Span,
    add_open_time,
    is_open,
    next_closing,
    next_opening,
    open_time_between,
)

MINUTE = timedelta(minutes=1)
NINE_TO_FIVE = (Span(9 * 60, 17 * 60),)
WORKDAYS = (NINE_TO_FIVE,) * 5 + ((), ())
# Around these moments the clocks change: forwards, back, by half an hour, by a whole day, never.
CHANGES = {
    "Europe/Lisbon": ["2026-03-29T01:00", "2026-10-25T01:00"],
    "America/St_Johns": ["2026-03-08T05:30", "2026-11-01T04:30"],
    "Australia/Lord_Howe": ["2026-04-04T15:00", "2026-10-03T15:30"],
    "Pacific/Apia": ["2011-12-30T10:00", "2012-04-01T00:00"],
    "Africa/Cairo": ["2026-04-23T22:00", "2026-10-29T21:00"],
    "Asia/Kathmandu": ["2026-06-01T00:00"],
}


@st.composite
def some_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Some hours of a day, apart from each other; the last may go past midnight."""
    marks = sorted(draw(st.lists(st.integers(0, 1439), max_size=6, unique=True)))
    spans = [Span(*pair) for pair in zip(marks[::2], marks[1::2], strict=False)]
    if len(marks) % 2:
        spans.append(Span(marks[-1], marks[-1] + draw(st.integers(1, 1440))))
    return tuple(spans)


@st.composite
def some_hours(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Hours in a zone, and a moment shortly before its clocks change."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = datetime.fromisoformat(draw(st.sampled_from(CHANGES[zone]))).replace(tzinfo=UTC)
    at = change - MINUTE * draw(st.integers(0, 2_000))
    week = tuple(draw(some_spans()) for _ in range(7))
    days = draw(st.dictionaries(st.integers(-2, 3), some_spans(), max_size=2))
    holidays = {change.date() + timedelta(days=day): spans for day, spans in days.items()}
    return Hours(ZoneInfo(zone), week, holidays), at


def is_open_by_the_clock(hours: Hours, at: datetime) -> bool:
    """Written another way on purpose: which minute of the day is it, and whose is that?"""
    wall = at.astimezone(hours.zone)
    minute, today = wall.hour * 60 + wall.minute, wall.date()
    yesterday = today - timedelta(days=1)
    return any(span.start <= minute < span.end for span in hours.spans_of(today)) or any(
        span.start <= minute + 1440 < span.end for span in hours.spans_of(yesterday)
    )


class TestAgainstTheClock:
    @given(some_hours(), st.integers(0, 3_000))
    def test_it_is_open_when_the_clock_says_so(
        self, made: tuple[Hours, datetime], minutes: int
    ) -> None:
        hours, at = made
        at += MINUTE * minutes
        assert is_open(hours, at) == is_open_by_the_clock(hours, at)

    @given(some_hours(), st.integers(1, 4_000))
    @settings(deadline=None, max_examples=60)
    def test_open_time_is_what_the_minutes_add_up_to(
        self, made: tuple[Hours, datetime], minutes: int
    ) -> None:
        hours, at = made
        counted = sum(is_open_by_the_clock(hours, at + MINUTE * each) for each in range(minutes))
        assert open_time_between(hours, at, at + MINUTE * minutes) == MINUTE * counted

    @given(some_hours(), st.integers(1, 1_500))
    @settings(deadline=None, max_examples=60)
    def test_a_deadline_is_where_counting_ends(
        self, made: tuple[Hours, datetime], minutes: int
    ) -> None:
        hours, at = made
        left, moment = minutes, at
        while left and moment < at + timedelta(days=6):
            left -= is_open_by_the_clock(hours, moment)
            moment += MINUTE
        found = add_open_time(hours, at, minutes)
        if left:
            assert found is None or found > moment
        else:
            assert found == moment

    @given(some_hours())
    @settings(deadline=None, max_examples=60)
    def test_the_next_opening_is_the_next_open_minute(self, made: tuple[Hours, datetime]) -> None:
        hours, at = made
        minutes = (at + MINUTE * each for each in range(6 * 1440))
        first = next((each for each in minutes if is_open_by_the_clock(hours, each)), None)
        found = next_opening(hours, at)
        if first is None:
            assert found is None or found >= at + timedelta(days=6)
        else:
            assert found == first

    @given(some_hours())
    @settings(deadline=None, max_examples=60)
    def test_the_next_closing_is_the_next_closed_minute(self, made: tuple[Hours, datetime]) -> None:
        hours, at = made
        if not is_open_by_the_clock(hours, at):
            assert next_closing(hours, at) is None
            return
        minutes = (at + MINUTE * each for each in range(6 * 1440))
        first = next((each for each in minutes if not is_open_by_the_clock(hours, each)), None)
        found = next_closing(hours, at)
        assert found == first or (
            first is None and (found is None or found > at + 5 * 1440 * MINUTE)
        )

    @given(some_hours(), st.integers(0, 600), st.integers(0, 600))
    @settings(deadline=None, max_examples=60)
    def test_one_deadline_after_another_is_both_at_once(
        self, made: tuple[Hours, datetime], one: int, other: int
    ) -> None:
        hours, at = made
        first = add_open_time(hours, at, one)
        if first is not None and (one or is_open(hours, at)):
            assert add_open_time(hours, first, other) == (
                add_open_time(hours, at, one + other) if other else first
            )


class TestExamples:
    def test_without_hours_it_is_always_open(self) -> None:
        at = moment("2026-12-25T03:00")
        assert is_open(Hours(), at)
        assert next_opening(Hours(), at) == at
        assert add_open_time(Hours(), at, 90) == at + MINUTE * 90
        assert next_closing(Hours(), at) is None

    def test_without_any_span_it_never_opens(self) -> None:
        never = Hours(week=((),) * 7)
        at = moment("2026-12-25T03:00")
        assert not is_open(never, at)
        assert next_opening(never, at) is None
        assert add_open_time(never, at, 1) is None

    def test_a_weekend_does_not_count(self) -> None:
        lisbon = Hours(ZoneInfo("Europe/Lisbon"), WORKDAYS)
        friday = moment("2026-11-20T16:30")
        assert add_open_time(lisbon, friday, 60) == moment("2026-11-23T09:30")
        assert next_opening(lisbon, moment("2026-11-21T12:00")) == moment("2026-11-23T09:00")

    def test_a_holiday_is_closed_and_one_with_hours_is_not(self) -> None:
        holidays = {date(2026, 12, 24): (Span(600, 720),), date(2026, 12, 25): ()}
        lisbon = Hours(ZoneInfo("Europe/Lisbon"), WORKDAYS, holidays)
        assert add_open_time(lisbon, moment("2026-12-24T09:00"), 180) == moment("2026-12-28T10:00")

    def test_an_hour_that_the_clocks_repeat_is_open_twice(self) -> None:
        night = Hours(ZoneInfo("Europe/Lisbon"), ((),) * 6 + ((Span(60, 120),),))
        saturday = moment("2026-10-24T12:00")
        assert open_time_between(night, saturday, saturday + timedelta(days=1)) == MINUTE * 120

    def test_an_hour_that_the_clocks_skip_is_never_open(self) -> None:
        night = Hours(ZoneInfo("Europe/Lisbon"), ((),) * 6 + ((Span(60, 120),),))
        saturday = moment("2026-03-28T12:00")
        assert open_time_between(night, saturday, saturday + timedelta(days=1)) == MINUTE * 0

    def test_a_day_that_a_country_skipped_was_never_open(self) -> None:
        apia = Hours(ZoneInfo("Pacific/Apia"), ((), (), (), (), NINE_TO_FIVE, (), ()))
        before = moment("2011-12-29T12:00")
        assert next_opening(apia, before) == datetime(
            2012, 1, 6, 9, tzinfo=ZoneInfo("Pacific/Apia")
        )

    @pytest.mark.parametrize("minutes", [0, -5])
    def test_no_time_at_all_has_passed_at_once(self, minutes: int) -> None:
        at = moment("2026-11-21T12:00")
        assert add_open_time(Hours(week=WORKDAYS), at, minutes) == at


def moment(said: str) -> datetime:
    """Lisbon is at UTC in winter, which is when these are."""
    return datetime.fromisoformat(said).replace(tzinfo=UTC)
