"""Opening hours and targets in words, for whoever reads later what somebody has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Schedule = Mapping[str, Any]


def changes_of(before: Schedule, after: Schedule) -> dict[str, list[Any]]:
    """Each part that is different now, as it was and as it is."""
    return {
        name: [_said(name, before[name]), _said(name, after[name])]
        for name in after
        if before[name] != after[name]
    }


def target_changes_of(before: Schedule, after: Schedule) -> dict[str, list[Any]]:
    """The same of what is promised to visitors."""
    return {
        name: [before[name], after[name]]
        if isinstance(after[name], bool)
        else [_target(before[name]), _target(after[name])]
        for name in after
        if before[name] != after[name]
    }


def _target(minutes: Mapping[str, int | None]) -> str:
    said = [
        f"{name.replace('_', ' ')} in {_duration(value)}"
        for name, value in minutes.items()
        if value is not None
    ]
    return "; ".join(said) or "nothing is promised"


def _duration(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest))


def _said(name: str, value: Any) -> Any:
    words: dict[str, Callable[[Any], str]] = {
        "week": _week,
        "holidays": _holidays,
        "offline": _offline,
    }
    return words[name](value) if name in words else value


def _week(week: Mapping[str, Any]) -> str:
    open_days = [f"{day.capitalize()} {_spans(spans)}" for day, spans in week.items() if spans]
    return "; ".join(open_days) or "closed on every day"


def _holidays(holidays: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(
        f"{each['date']} {each['name']}".rstrip() + f" {_spans(each['spans'])}" for each in holidays
    )


def _offline(offline: Mapping[str, Any]) -> str:
    who = "the assistant answers" if offline["assistant"] else "each message becomes a ticket"
    return f"{who}, “{offline['message']}”" if offline["message"] else who


def _spans(spans: Sequence[Mapping[str, str]]) -> str:
    return ", ".join(f"{each['start']}–{each['end']}" for each in spans) or "closed"
