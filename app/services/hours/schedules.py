"""What an organization has decided about its opening hours: kept, checked, and read leniently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.errors import Invalid
from app.extensions import db
from app.models import Organization
from app.services import audit
from app.services.actors import Actor
from app.services.hours import spoken
from app.services.hours.hours import MINUTES_A_DAY, UTC_ZONE, Hours, Span
from app.services.people import organizations

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_MESSAGE = 500
BACKWARDS = "{day}: {end} is not after {start}. Does it end on the next day?"
TOO_LONG = "{day}: from {start} to {end} on the next day is longer than a day."
OVERLAP = "{day}: {one} and {other} overlap. Please make one span of them, or leave a gap."
INTO_NEXT = "{day}: {one} reaches into {next_day}, where {other} begins before it ends."
TWICE = "{day} is in the list twice. Please keep one of the two."


@dataclass(frozen=True)
class Offline:
    """What happens outside of the hours."""

    assistant: bool = True
    message: str = ""


def hours_of(organization: Organization) -> Hours:
    """What cannot be read is left out: a setting that makes no sense must not stop an answer."""
    said = _said(organization)
    if said.get("always_open", True) is not False:
        return Hours(zone_of(organization))
    week = said.get("week")
    week = week if isinstance(week, dict) else {}
    return Hours(
        zone_of(organization),
        tuple(_read_spans(week.get(day)) for day in DAYS),
        {day: _read_spans(each.get("spans")) for day, each in _holidays_of(said)},
    )


def offline_of(organization: Organization) -> Offline:
    said: Any = _said(organization).get("offline")
    said = said if isinstance(said, dict) else {}
    message = str(said.get("message") or "")[:LONGEST_MESSAGE]
    return Offline(assistant=said.get("assistant") is not False, message=message)


def zone_of(organization: Organization) -> ZoneInfo:
    try:
        return ZoneInfo(organization.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC_ZONE


def schedule_of(organization: Organization) -> dict[str, Any]:
    """All of it, as it is shown and as it can be sent back."""
    said = _said(organization)
    kept = said.get("week")
    week = kept if isinstance(kept, dict) else {}
    offline = offline_of(organization)
    return {
        "time_zone": organization.time_zone,
        "always_open": said.get("always_open", True) is not False,
        "week": {day: _written(_read_spans(week.get(day))) for day in DAYS},
        "holidays": [
            {
                "date": day.isoformat(),
                "name": str(each.get("name") or "")[:80],
                "spans": _written(_read_spans(each.get("spans"))),
            }
            for day, each in _holidays_of(said)
        ],
        "offline": {"assistant": offline.assistant, "message": offline.message},
    }


def set_schedule(actor: Actor, given: dict[str, Any]) -> Organization:
    """Replace all of it. Deadlines that stand already stay where they are."""
    wanted = _checked(given)
    zone = organizations.known_zone(given["time_zone"])
    organizations.lock(actor.organization_id)
    organization = db.session.get_one(Organization, actor.organization_id, populate_existing=True)
    before = schedule_of(organization)
    organization.settings = organization.settings | {"hours": wanted}
    organization.time_zone = zone
    after = schedule_of(organization)
    changes = spoken.changes_of(before, after)
    if not changes:
        db.session.rollback()
        return organizations.get_organization(actor.organization_id)
    audit.record(
        actor,
        "organization.hours_changed",
        f"{actor.name} changed the opening hours",
        changes=changes,
    )
    db.session.commit()
    return organization


def _said(organization: Organization) -> dict[str, Any]:
    said: Any = organization.settings.get("hours")
    return said if isinstance(said, dict) else {}


def _holidays_of(said: Mapping[str, Any]) -> list[tuple[date, dict[str, Any]]]:
    kept = said.get("holidays")
    found = {}
    for each in kept if isinstance(kept, list) else []:
        try:
            found[date.fromisoformat(each["date"])] = each
        except (TypeError, ValueError, KeyError):
            continue
    return sorted(found.items())


def _read_spans(said: Any) -> tuple[Span, ...]:
    found = []
    for each in said if isinstance(said, list) else []:
        try:
            span = _span(each)
        except (TypeError, ValueError, KeyError, AttributeError):
            continue
        if span.start < span.end <= span.start + MINUTES_A_DAY:
            found.append(span)
    return tuple(sorted(found))


def _span(said: Mapping[str, Any]) -> Span:
    """Midnight as an end is that of the same day."""
    start, end = _minute(said["start"]), _minute(said["end"])
    if said.get("next_day"):
        return Span(start, end % MINUTES_A_DAY + MINUTES_A_DAY)
    return Span(start, end or MINUTES_A_DAY)


def _minute(said: str) -> int:
    hour, _, minute = said.partition(":")
    return int(hour) * 60 + int(minute)


def _written(spans: Sequence[Span]) -> list[dict[str, Any]]:
    return [
        {
            "start": _clock(span.start),
            "end": _clock(span.end),
            "next_day": span.end > MINUTES_A_DAY,
        }
        for span in spans
    ]


def _clock(minute: int) -> str:
    """The end of a day is 00:00 to the fields of a browser too."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    """Every mistake at its place, so that all of them can be mended at once."""
    problems: dict[str, str] = {}
    week = [
        _checked_day(name.capitalize(), f"week.{name}", given["week"][name], problems)
        for name in DAYS
    ]
    _check_nights(week, problems)
    seen: set[str] = set()
    holidays = []
    for place, each in enumerate(given["holidays"]):
        day, where = each["date"].isoformat(), f"holidays.{place}"
        if day in seen:
            problems.setdefault(where, TWICE.format(day=day))
        seen.add(day)
        spans = _checked_day(day, where, each["spans"], problems)
        holidays.append({"date": day, "name": each["name"], "spans": _written(spans)})
    if problems:
        raise Invalid(next(iter(problems.values())), fields=problems)
    return {
        "always_open": given["always_open"],
        "week": {name: _written(spans) for name, spans in zip(DAYS, week, strict=True)},
        "holidays": sorted(holidays, key=lambda each: each["date"]),
        "offline": given["offline"],
    }


def _checked_day(
    day: str, where: str, given: Sequence[dict[str, Any]], problems: dict[str, str]
) -> list[Span]:
    spans = []
    for each in given:
        span = _span(each)
        spans.append(span)
        if span.end <= span.start:
            problems.setdefault(where, BACKWARDS.format(day=day, **each))
        elif span.end > span.start + MINUTES_A_DAY:
            problems.setdefault(where, TOO_LONG.format(day=day, **each))
    spans.sort()
    for one, other in pairwise(spans):
        if other.start < one.end:
            overlap = OVERLAP.format(day=day, one=_said_span(one), other=_said_span(other))
            problems.setdefault(where, overlap)
    return spans


def _check_nights(week: Sequence[Sequence[Span]], problems: dict[str, str]) -> None:
    """What goes on past midnight must not run into what begins then."""
    for number, spans in enumerate(week):
        following = (number + 1) % 7
        if not spans or not week[following]:
            continue
        last, first = spans[-1], week[following][0]
        if last.end - MINUTES_A_DAY > first.start:
            names = {"day": DAYS[number].capitalize(), "next_day": DAYS[following].capitalize()}
            said = INTO_NEXT.format(one=_said_span(last), other=_said_span(first), **names)
            problems.setdefault(f"week.{DAYS[number]}", said)


def _said_span(span: Span) -> str:
    return f"{_clock(span.start)}–{_clock(span.end)}"
