"""What somebody of the team is told of: on the screen, or by mail when no screen of theirs is open.

Everybody decides for themselves, event by event, and names hours in which nothing rings; what is
mailed in these hours leaves at their end. Whether it rings or shows on the desktop is up to each
browser, since each of them asks for leave by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import Organization, OutboxMessage, Speaker, User, now
from app.services.hours.schedules import zone_of
from app.services.log import telling
from app.services.log.telling import Hint
from app.services.mail import mail
from app.services.mail.letters import compose
from app.services.states import State
from app.services.team import screens

MOST_TOLD = 50
MAILED_AGAIN_AFTER = timedelta(minutes=10)
# Mails are found by this; the kind stands in it, so that one does not hide another.
TEMPLATE = "notice"


class Happening(StrEnum):
    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    ESCALATED = "escalated"
    MESSAGE = "message"
    DEADLINE = "deadline"


# New messages come by the dozen: they are shown, and not mailed unless somebody wants that.
MAILED = tuple(each for each in Happening if each is not Happening.MESSAGE)


@dataclass(frozen=True)
class Wishes:
    """Of one person. Hours without an end, or that begin where they end, are none."""

    screen: tuple[Happening, ...] = tuple(Happening)
    mail: tuple[Happening, ...] = MAILED
    quiet_from: time | None = None
    quiet_until: time | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "screen": list(self.screen),
            "mail": list(self.mail),
            "quiet_from": _written(self.quiet_from),
            "quiet_until": _written(self.quiet_until),
        }


@dataclass(frozen=True)
class Notice:
    """One thing to tell. `facts` is what a mail of its own wording needs."""

    event: Happening
    organization_id: UUID
    title: str
    text: str = ""
    state: State | None = None
    number: int | None = None
    seq: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def wishes_of(user: User) -> Wishes:
    """Read leniently: what makes no sense is what it would be by itself."""
    said = user.notifications or {}
    usual = Wishes()
    return Wishes(
        _events(said.get("screen"), usual.screen),
        _events(said.get("mail"), usual.mail),
        _read(said.get("quiet_from")),
        _read(said.get("quiet_until")),
    )


def set_wishes(user: User, changes: dict[str, Any]) -> None:
    """Inside the caller's transaction; what is left out stays as it is."""
    user.notifications = wishes_of(user).to_json() | changes


def notify(notice: Notice, user_ids: Iterable[UUID | None]) -> None:
    """Tell these people, inside the transaction of what there is to tell."""
    people = _people(notice.organization_id, user_ids)
    if not people:
        return
    organization = db.session.get_one(Organization, notice.organization_id)
    local = now().astimezone(zone_of(organization))
    wishes = {person: wishes_of(person) for person in people}
    _show(
        notice,
        [
            person.id
            for person, wish in wishes.items()
            if notice.event in wish.screen and _quiet_until(wish, local) is None
        ],
    )
    here = screens.who_is_here([person.id for person in people])
    for person, wish in wishes.items():
        if notice.event in wish.mail and person.id not in here:
            _mail(notice, organization, person, _quiet_until(wish, local))


def tell_of_message(state: State, text: str, seq: int) -> None:
    """A visitor has written to a person; inside the transaction of the message."""
    if state.speaker is Speaker.PERSON:
        title = f"New message in conversation {state.number}"
        about = Notice(Happening.MESSAGE, state.organization_id, title, text, state, seq=seq)
        notify(about, [state.person_id])


def everybody(organization_id: UUID) -> list[UUID]:
    """All who could take care of something."""
    query = select(User.id).where(User.organization_id == organization_id, User.active)
    return list(db.session.scalars(query.order_by(User.id).limit(MOST_TOLD)))


def concerned(organization_id: UUID, user_id: UUID | None) -> list[UUID]:
    """Whoever takes care of it; everybody where that is nobody, or somebody who is suspended."""
    can_see = select(User.id).where(User.id == user_id, User.active)
    if user_id is not None and db.session.scalar(can_see) is not None:
        return [user_id]
    return everybody(organization_id)


def _people(organization_id: UUID, user_ids: Iterable[UUID | None]) -> list[User]:
    wanted = {each for each in user_ids if each is not None}
    query = select(User).where(
        User.id.in_(wanted), User.organization_id == organization_id, User.active
    )
    return list(db.session.scalars(query.order_by(User.id)).unique()) if wanted else []


def _show(notice: Notice, user_ids: list[UUID]) -> None:
    if not user_ids:
        return
    facts = {
        "kind": notice.event,
        "user_ids": [str(each) for each in user_ids],
        "number": notice.state.number if notice.state else notice.number,
        "title": notice.title,
        "text": notice.text[:160],
        "seq": notice.seq,
    }
    if notice.state is None:
        telling.at_once(notice.organization_id, None, None, Hint.NOTIFY, **facts)
    else:
        telling.after_commit(notice.state, Hint.NOTIFY, **facts)


def _mail(
    notice: Notice, organization: Organization, person: User, quiet_until: datetime | None
) -> None:
    """Never what a visitor wrote: that stands in the dashboard, behind a sign-in."""
    base = f"{current_app.config['FRONTDESK'].public_url}/dashboard"
    facts = {
        "organization": organization.name,
        "title": notice.title,
        "url": f"{base}/inbox/{notice.state.id}" if notice.state else f"{base}/tickets",
        "settings": f"{base}/settings/profile#notifications",
        **notice.facts,
    }
    template = "escalation" if notice.event is Happening.ESCALATED else TEMPLATE
    if _was_mailed(organization.id, person, template, facts):
        return
    message = mail.post(template, person.email, facts, organization_id=organization.id)
    if quiet_until is not None:
        message.due_at = quiet_until


def _was_mailed(organization_id: UUID, person: User, template: str, facts: dict[str, Any]) -> bool:
    """The same words about the same conversation, a moment ago. Ids follow time."""
    since = now() - MAILED_AGAIN_AFTER
    first = UUID(int=int(since.timestamp() * 1000) << 80)
    query = select(OutboxMessage.id).where(
        OutboxMessage.organization_id == organization_id,
        OutboxMessage.id > first,
        OutboxMessage.recipient == person.email,
        OutboxMessage.template == template,
        OutboxMessage.subject == compose(template, facts).subject,
    )
    return db.session.scalar(query.limit(1)) is not None


def _quiet_until(wishes: Wishes, local: datetime) -> datetime | None:
    """The end of the quiet hours that it is in, if it is in any."""
    begin, end = wishes.quiet_from, wishes.quiet_until
    if begin is None or end is None or begin == end:
        return None
    at = local.time().replace(tzinfo=None)
    is_quiet = begin <= at < end if begin < end else at >= begin or at < end
    if not is_quiet:
        return None
    until = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return until if until > local else until + timedelta(days=1)


def _events(said: Any, usual: tuple[Happening, ...]) -> tuple[Happening, ...]:
    if not isinstance(said, list):
        return usual
    return tuple(each for each in Happening if each.value in said)


def _read(said: Any) -> time | None:
    try:
        return time.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None


def _written(moment: time | None) -> str | None:
    return moment.strftime("%H:%M") if moment else None
