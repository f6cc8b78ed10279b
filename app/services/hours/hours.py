"""Opening hours: when an organization's people can be expected to be there.

A span of hours belongs to the day on which it begins and may end on the next one. What counts is
the clock on the wall in the organization's zone: an hour that the clocks skip is never open, one
that they repeat is open twice. Nothing in here reads a database or knows what time it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTES_A_DAY = 24 * 60
# Whoever does not open within this time does not open.
HORIZON = timedelta(days=5 * 366)
SOON = timedelta(days=14)
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, order=True)
class Span:
    """From one minute of the day to another; beyond 24:00 it goes on into the next day."""

    start: int
    end: int

    def on(self, day: date) -> tuple[datetime, datetime]:
        """As the clock on the wall says it, without a zone."""
        midnight = datetime.combine(day, time())
        return midnight + timedelta(minutes=self.start), midnight + timedelta(minutes=self.end)


@dataclass(frozen=True)
class Hours:
    """The week from Monday on, and the days that are different. Without a week: always open."""

    zone: ZoneInfo = UTC_ZONE
    week: tuple[tuple[Span, ...], ...] | None = None
    holidays: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def spans_of(self, day: date) -> tuple[Span, ...]:
        if day in self.holidays or self.week is None:
            return self.holidays.get(day, ())
        return self.week[day.weekday()]

    @property
    def is_never_open(self) -> bool:
        return self.week is not None and not any(self.week) and not any(self.holidays.values())


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether the clock on the wall stands within one of the spans."""
    if hours.week is None:
        return True
    wall = at.astimezone(hours.zone).replace(tzinfo=None, fold=0)
    return any(
        begin <= wall < end
        for day in (wall.date() - DAY, wall.date())
        for begin, end in (span.on(day) for span in hours.spans_of(day))
    )


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """When it is open again: this very moment if it is; nothing if it will not be."""
    return next((begin for begin, _ in open_times(hours, at)), None)


def next_closing(hours: Hours, at: datetime) -> datetime | None:
    """Until when it is open; nothing where it is closed, or does not close in the next weeks."""
    until = at.astimezone(UTC)
    for begin, end in open_times(hours, at):
        if begin > until:
            break
        until = end
        if until > at + SOON:
            return None
    return until if until > at else None


def add_open_time(hours: Hours, at: datetime, minutes: float) -> datetime | None:
    """The moment by which that much open time has passed; nothing if it never will have."""
    left = timedelta(minutes=minutes)
    if left <= timedelta(0):
        return at
    for begin, end in open_times(hours, at):
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return None


def open_time_between(hours: Hours, begin: datetime, end: datetime) -> timedelta:
    """How much of this time it was open."""
    passed = timedelta(0)
    for opened, closed in open_times(hours, begin):
        if opened >= end:
            break
        passed += min(closed, end) - opened
    return passed


def open_times(hours: Hours, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The times at which it is open from now on, in order; one may go on where another ended."""
    at = at.astimezone(UTC)
    if hours.week is None:
        yield at, at + HORIZON
        return
    if hours.is_never_open:
        return
    for since, until, offset in _stretches(hours.zone, at):
        end_before = since
        for begin, end in _spans_between(hours, since, until, offset):
            # What a night leaves over may reach into the hours of the next day.
            if end > end_before:
                yield max(begin, end_before), end
                end_before = end


def _spans_between(
    hours: Hours, since: datetime, until: datetime, offset: timedelta
) -> list[tuple[datetime, datetime]]:
    """What of the spans falls into this time, in which the clocks do not change."""
    first, last = (since + offset).date() - DAY, (until + offset).date()
    days = [first + DAY * number for number in range((last - first).days + 1)]
    found = []
    for day in days:
        for span in hours.spans_of(day):
            begin, end = (wall.replace(tzinfo=UTC) - offset for wall in span.on(day))
            if begin < until and end > since:
                found.append((max(begin, since), min(end, until)))
    return sorted(found)


def _stretches(zone: ZoneInfo, at: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """A day at a time, or less where the clocks change: the offset holds for the whole of it."""
    since, horizon = at, at + HORIZON
    while since < horizon:
        offset = _offset(zone, since)
        until = since + DAY
        if _offset(zone, until) != offset:
            until = _change_between(zone, since, until)
        yield since, until, offset
        since = until


def _change_between(zone: ZoneInfo, since: datetime, until: datetime) -> datetime:
    """The first moment of another offset; zones change theirs at whole seconds."""
    offset = _offset(zone, since)
    early, late = int(since.timestamp()), int(until.timestamp())
    while late - early > 1:
        middle = (early + late) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == offset:
            early = middle
        else:
            late = middle
    return datetime.fromtimestamp(late, UTC)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
