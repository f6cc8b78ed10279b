"""How a visitor sounds: each message is read once, and kept with the conversation's standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import JSON, Table, bindparam, case, or_, update

from app.extensions import db
from app.models import AuthorKind, Conversation, Event, EventKind
from app.services.log import event_log, telling
from app.services.log.event_log import Logged
from app.services.log.telling import Hint
from app.services.moods import sentiment
from app.services.moods.sentiment import Reading, Standing
from app.services.search.question_vectors import question_vector
from app.services.states import State

_events = cast(Table, Event.__table__)
_conversations = cast(Table, Conversation.__table__)
PUT = (
    update(_events)
    .where(_events.c.id == bindparam("message"))
    .values(reading=bindparam("heard", type_=JSON))
)


# The team may overrule a mood while the message that it came from is still being answered.
_overruled = _conversations.c.mood_overruled_at
IS_AS_IT_WAS = _overruled.is_not_distinct_from(bindparam("heard_under", type_=_overruled.type))


def _heard(column: Any, stays: Any) -> Any:
    """What somebody of the team has set or overruled since stays."""
    return case((stays, column), else_=bindparam(f"heard_{column.name}", type_=column.type))


_is_set = or_(_conversations.c.priority_is_set, ~IS_AS_IT_WAS)
MOOD = _heard(_conversations.c.mood, ~IS_AS_IT_WAS)
PRIORITY = _heard(_conversations.c.priority, _is_set)
PRIORITY_REASONS = _heard(_conversations.c.priority_reasons, _is_set)


@dataclass(frozen=True)
class Heard:
    """The newest message's reading, and how the conversation stands with it.

    `under` is when the mood had been overruled, if it had, by the time of the reading.
    """

    reading: Reading
    standing: Standing
    under: datetime | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """What the conversation's row is told."""
        return {
            "mood": MOOD,
            "priority": PRIORITY,
            "priority_reasons": PRIORITY_REASONS,
        }

    @property
    def given(self) -> dict[str, Any]:
        """The values that those changes name."""
        return {
            "heard_under": self.under,
            "heard_mood": self.standing.mood,
            "heard_priority": self.standing.priority,
            "heard_priority_reasons": list(self.standing.reasons),
        }


def hear(text: str, lines: Sequence[Logged], overruled_at: datetime | None = None) -> Heard:
    """Read the newest message in the light of those before. No database, no commit.

    What came before somebody of the team overruled the mood counts as calm.
    """
    before = [each for each in lines if _is_visitors(each) and each.reading is not None]
    earlier = [each.text for each in lines if _is_visitors(each)][:-1]
    reading = sentiment.read(text, earlier, question_vector(text))
    readings = [_counted(each, overruled_at) for each in before]
    return Heard(reading, sentiment.assess([*readings, reading]), overruled_at)


def put(message_id: UUID, heard: Heard) -> None:
    """Write the reading down with its message, inside the caller's transaction."""
    db.session.execute(PUT, {"message": message_id, "heard": heard.reading.to_json()})


def keep(message_id: UUID, conversation_id: UUID, heard: Heard) -> State | None:
    """The same on its own, where no answer follows that it could be committed with."""
    put(message_id, heard)
    state = event_log.change(conversation_id, heard.changes, given=heard.given)
    if state is not None:
        telling.after_commit(
            state, Hint.READING, message_id=message_id, reading=heard.reading.to_json()
        )
    db.session.commit()
    return state


def _counted(line: Logged, overruled_at: datetime | None) -> Reading:
    reading = Reading.from_json(line.reading or {})
    return reading.calmed if overruled_at and line.created_at <= overruled_at else reading


def _is_visitors(line: Logged) -> bool:
    return line.kind is EventKind.MESSAGE and line.author is AuthorKind.VISITOR
